"""A spreadsheet between its preview and its confirmation: kept in a temporary file, named only to who sent it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.forms.renderers import DjangoTemplates
from import_export.forms import ExportForm
from import_export.tmp_storages import TempFolderStorage

SALT = "indicators.import"
VALID_FOR = 2 * 60 * 60
GONE = "The preview is no longer valid: choose the file once more."


class UploadForm(forms.Form):
    """The file. What kind it is shows in its content."""

    default_renderer = DjangoTemplates
    import_file = forms.FileField(label="File", help_text="An Excel file (.xlsx) or a CSV file, up to 5 MB.")


class FormatForm(ExportForm):
    """Excel or CSV."""

    default_renderer = DjangoTemplates


@dataclass(frozen=True)
class Preview:
    """What was shown: which file, by which name, and a fingerprint of its changes."""

    stored: str
    file_name: str
    digest: str

    def signed_for(self, user: AbstractBaseUser, model: str) -> str:
        parts = [user.pk, model, self.stored, self.file_name, self.digest]
        return signing.dumps(parts, salt=SALT, compress=True)

    @classmethod
    def opened(cls, text: str, user: AbstractBaseUser, model: str) -> Preview:
        """Raises signing.BadSignature for one that is too old, or somebody else's."""
        signer, signed_model, stored, file_name, digest = signing.loads(text, salt=SALT, max_age=VALID_FOR)
        if (signer, signed_model) != (user.pk, model):
            raise signing.BadSignature(GONE)
        return cls(stored, file_name, digest)


def store(data: bytes) -> str:
    """Keep the file until it is confirmed; returns the name to find it by."""
    storage = TempFolderStorage(read_mode="rb")
    storage.save(data)
    return Path(storage.name).name


def fetch(stored: str) -> bytes:
    """Raises OSError when it isn't there any more."""
    return TempFolderStorage(name=stored, read_mode="rb").read()


def remove(stored: str) -> None:
    """Raises OSError when it isn't there any more."""
    TempFolderStorage(name=stored).remove()
