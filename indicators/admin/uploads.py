"""A spreadsheet between its preview and its confirmation: kept in a temporary file, named only to who sent it."""

from __future__ import annotations

import contextlib
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from import_export.forms import ExportForm

from indicators.resources.formats import MOST_BYTES, TOO_BIG

SALT = "indicators.import"
# By this the files that nobody confirmed are found again, and no others.
PREFIX = "scorecard-import-"
VALID_FOR = 2 * 60 * 60
GONE = "The preview is no longer valid: choose the file once more."


class UploadForm(forms.Form):
    """The file. What kind it is shows in its content."""

    import_file = forms.FileField(label="File", help_text="An Excel file (.xlsx) or a CSV file, up to 5 MB.")

    def clean_import_file(self) -> Any:
        # Before anybody reads all of it into memory.
        if self.cleaned_data["import_file"].size > MOST_BYTES:
            raise forms.ValidationError(TOO_BIG)
        return self.cleaned_data["import_file"]


class FormatForm(ExportForm):
    """Excel or CSV."""


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
    _remove_expired()
    with tempfile.NamedTemporaryFile(prefix=PREFIX, delete=False) as file:
        file.write(data)
    return Path(file.name).name


def fetch(stored: str) -> bytes:
    """Raises OSError when it isn't there any more."""
    return _path(stored).read_bytes()


def remove(stored: str) -> None:
    """Raises OSError when it isn't there any more."""
    _path(stored).unlink()


def _path(stored: str) -> Path:
    return Path(tempfile.gettempdir()) / stored


def _remove_expired() -> None:
    """Files of previews that can't be confirmed any more."""
    oldest = time.time() - VALID_FOR
    for path in _path("").glob(f"{PREFIX}*"):
        # Another process may be quicker, or own the file.
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()
