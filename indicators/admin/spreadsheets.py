"""Import with a preview, and export, for a model that has a spreadsheet resource.

Between its preview and its confirmation a file is kept in a temporary folder; only who sent it is told its name.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tablib
from django import forms
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm
from import_export.results import Result

from indicators.resources import CSVFormat, SpreadsheetError, XLSXFormat
from indicators.resources.base import SpreadsheetResource, digest_of
from indicators.resources.formats import MOST_BYTES, TOO_BIG

from .base import signed_in

SALT = "indicators.import"
# Marks our own files, so that those that nobody confirmed can be removed.
PREFIX = "scorecard-import-"
VALID_FOR = 2 * 60 * 60
GONE = "The preview is no longer valid: choose the file once more."
CHANGED_SINCE = (
    "Nothing was imported: somebody changed these rows after you saw the preview. "
    "Here is the preview of the file as things are now; confirm it if it is what you want."
)


class UploadForm(forms.Form):
    """The file; its content shows which kind it is."""

    import_file = forms.FileField(label="File", help_text="An Excel file (.xlsx) or a CSV file, up to 5 MB.")

    def clean_import_file(self) -> Any:
        # Checked before the whole of it is read into memory.
        if self.cleaned_data["import_file"].size > MOST_BYTES:
            raise forms.ValidationError(TOO_BIG)
        return self.cleaned_data["import_file"]


@dataclass(frozen=True)
class Preview:
    """What a person was shown: where the file is kept, what it was called, and a fingerprint of its changes."""

    stored: str
    file_name: str
    digest: str

    def signed_for(self, user: AbstractBaseUser, model: str) -> str:
        parts = [user.pk, model, self.stored, self.file_name, self.digest]
        return signing.dumps(parts, salt=SALT, compress=True)

    @classmethod
    def opened(cls, text: str, user: AbstractBaseUser, model: str) -> Preview:
        """The preview that was signed. Raises signing.BadSignature where it is too old, or somebody else's."""
        signer, signed_model, stored, file_name, digest = signing.loads(text, salt=SALT, max_age=VALID_FOR)
        if (signer, signed_model) != (user.pk, model):
            raise signing.BadSignature(GONE)
        return cls(stored, file_name, digest)


def store(data: bytes) -> str:
    """Keep the file until it is confirmed; returns the name to find it by. Those kept for too long are removed."""
    oldest = time.time() - VALID_FOR
    for path in _path("").glob(f"{PREFIX}*"):
        # A preview that can't be confirmed any more. Another process may be quicker, or own the file.
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()
    with tempfile.NamedTemporaryFile(prefix=PREFIX, delete=False) as file:
        file.write(data)
    return Path(file.name).name


def fetch(stored: str) -> bytes:
    """The file's content. Raises OSError when it is no longer there."""
    return _path(stored).read_bytes()


def remove(stored: str) -> None:
    """Delete the file. Raises OSError when it is no longer there."""
    _path(stored).unlink()


def _path(stored: str) -> Path:
    return Path(tempfile.gettempdir()) / stored


class SpreadsheetAdmin(ImportExportMixin):
    """Adds “Import” and “Export” to a list. Importing needs the permissions to add and to change."""

    formats = [XLSXFormat, CSVFormat]
    export_form_class = ExportForm

    # Import

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Choose a file; then see what it would change, or what is wrong in it."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if not (form.is_bound and form.is_valid()):
            return self._import_page(request, form=form)
        upload = form.cleaned_data["import_file"]
        try:
            data = upload.read()
            table = self.resource_classes[0].read(data)
        except SpreadsheetError as error:
            form.add_error("import_file", str(error))
            return self._import_page(request, form=form)
        resource, result = self._import(request, table, upload.name, dry_run=True)
        return self._preview_page(request, resource, result, upload.name, data)

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Import what was previewed, if it would still change exactly that."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        import_page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import")
        try:
            preview = Preview.opened(request.POST.get("preview", ""), signed_in(request), self.opts.label)
            data = fetch(preview.stored)
        except (signing.BadSignature, OSError):
            messages.error(request, GONE)
            return HttpResponseRedirect(import_page)
        # Before anything is locked: a file can take a while to read.
        table = self.resource_classes[0].read(data)
        with transaction.atomic():
            resource, result = self._import(request, table, preview.file_name, dry_run=False)
            is_as_shown = not resource.problems(result) and digest_of(result) == preview.digest
            transaction.set_rollback(not is_as_shown)
        with contextlib.suppress(OSError):
            remove(preview.stored)
        if not is_as_shown:
            messages.error(request, CHANGED_SINCE)
            return self._preview_page(request, resource, result, preview.file_name, data)
        totals = result.totals
        messages.success(
            request, f"Imported: {totals['new']} new, {totals['update']} changed, {totals['skip']} as they were."
        )
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def _import(
        self, request: HttpRequest, table: tablib.Dataset, file_name: str, *, dry_run: bool
    ) -> tuple[SpreadsheetResource, Result]:
        resource = self.resource_classes[0](lock=not dry_run)
        resource.notices = table.notices
        result = resource.import_data(
            table,
            dry_run=dry_run,
            use_transactions=True,
            rollback_on_validation_errors=True,
            user=request.user,
            file_name=file_name,
        )
        return resource, result

    def _preview_page(
        self, request: HttpRequest, resource: SpreadsheetResource, result: Result, file_name: str, data: bytes
    ) -> HttpResponse:
        problems = resource.problems(result)
        changed = [] if problems else [row for row in result.rows if not row.is_skip()]
        preview = ""
        if changed:
            shown = Preview(store(data), file_name, digest_of(result))
            preview = shown.signed_for(signed_in(request), self.opts.label)
        return self._import_page(
            request,
            form=UploadForm(),
            file_name=file_name,
            notices=resource.notices,
            problems=problems,
            changed=changed,
            unchanged=len(result.rows) - len(changed),
            preview=preview,
        )

    def _import_page(self, request: HttpRequest, **context: Any) -> HttpResponse:
        resource = self.resource_classes[0]
        context = {
            **self.admin_site.each_context(request),
            "title": f"Import {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "columns": resource.columns(),
            "required": resource.required,
            "media": self.media,
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/spreadsheet_import.html", context)

    # Export

    def get_valid_export_item_pks(self, request: HttpRequest) -> list[int]:
        return []

    def init_request_context_data(self, request: HttpRequest, form: Any) -> dict[str, Any]:
        return {**super().init_request_context_data(request, form), "title": f"Export {self.opts.verbose_name_plural}"}

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: Any) -> str:
        name = str(self.opts.verbose_name_plural).replace(" ", "-")
        return f"{name}-{timezone.localdate():%Y-%m-%d}.{file_format.get_extension()}"
