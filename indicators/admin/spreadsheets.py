"""Import with a preview, and export, for a model that has a spreadsheet resource."""

from __future__ import annotations

import contextlib
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from import_export.admin import ImportExportMixin
from import_export.results import Result

from indicators.resources import CSVFormat, SpreadsheetError, XLSXFormat, read_spreadsheet
from indicators.resources.base import SpreadsheetResource, digest_of

from . import uploads
from .base import signed_in
from .uploads import FormatForm, Preview, UploadForm

CHANGED_SINCE = (
    "Nothing was imported: somebody changed these rows after you saw the preview. "
    "This is the preview as things are now; confirm it again if it is what you want."
)


class SpreadsheetAdmin(ImportExportMixin):
    """Adds “Import” and “Export” to a list. Importing needs the permissions to add and to change."""

    formats = [XLSXFormat, CSVFormat]
    export_form_class = FormatForm

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
            resource, result = self._import(request, data, upload.name, dry_run=True)
        except SpreadsheetError as error:
            form.add_error("import_file", str(error))
            return self._import_page(request, form=form)
        return self._preview_page(request, resource, result, upload.name, data)

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Import what was previewed, if it would still change exactly that."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        import_page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import")
        try:
            preview = Preview.opened(request.POST.get("preview", ""), signed_in(request), self.opts.label)
            data = uploads.fetch(preview.stored)
        except (signing.BadSignature, OSError):
            messages.error(request, uploads.GONE)
            return HttpResponseRedirect(import_page)
        with transaction.atomic():
            resource, result = self._import(request, data, preview.file_name, dry_run=False)
            is_as_shown = not resource.problems(result) and digest_of(result) == preview.digest
            transaction.set_rollback(not is_as_shown)
        with contextlib.suppress(OSError):
            uploads.remove(preview.stored)
        if not is_as_shown:
            messages.error(request, CHANGED_SINCE)
            return self._preview_page(request, resource, result, preview.file_name, data)
        messages.success(request, _told(result))
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def _import(
        self, request: HttpRequest, data: bytes, file_name: str, *, dry_run: bool
    ) -> tuple[SpreadsheetResource, Result]:
        table = read_spreadsheet(data)
        resource = self.resource_classes[0](lock=not dry_run)
        problems = resource.heading_problems(table.headers)
        if problems:
            raise SpreadsheetError(" ".join(problems))
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
            shown = Preview(uploads.store(data), file_name, digest_of(result))
            preview = shown.signed_for(signed_in(request), self.opts.label)
        return self._import_page(
            request,
            form=UploadForm(),
            file_name=file_name,
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


def _told(result: Result) -> str:
    totals = result.totals
    return f"Imported: {totals['new']} new, {totals['update']} changed, {totals['skip']} as they were."
