"""Import with a preview, and export, for a model that has a spreadsheet resource.

Between its preview and its confirmation a file lies in the database, so that any server process can confirm it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm

from indicators.calculations.formatting import counted
from indicators.models import PendingUpload, SecurityEventKind
from indicators.models.audited import REFUSED
from indicators.moments import today_in_britain
from indicators.resources import CSVFormat, SpreadsheetError, XLSXFormat
from indicators.resources.base import ImportPlan, Question
from indicators.resources.formats import MOST_BYTES, MOST_NAMED, TOO_BIG
from indicators.security_log import record

from .base import AuditedAdmin, signed_in

GONE = "The preview is no longer valid: choose the file once more."
CANCELLED = "Nothing was imported."
CHANGED_SINCE = (
    "Nothing was imported: somebody changed these rows after you saw the preview. "
    "Here is the preview of the file as things are now; confirm it if it is what you want."
)
BUSY = "Nothing was imported: others are saving a lot at the moment. Wait a minute, then confirm it again."


class UploadForm(forms.Form):
    """The file; its content shows which kind it is."""

    import_file = forms.FileField(label="File", help_text="An Excel file (.xlsx) or a CSV file, up to 5 MB.")

    def clean_import_file(self) -> Any:
        # Checked before the whole of it is read into memory.
        if self.cleaned_data["import_file"].size > MOST_BYTES:
            raise forms.ValidationError(TOO_BIG)
        return self.cleaned_data["import_file"]


class QuestionForm(forms.Form):
    """What must be said before a file is imported: for each kind of question a reason, or that it is meant."""

    def __init__(self, questions: list[Question], data: Any = None) -> None:
        super().__init__(data, prefix="question")
        self.questions = questions
        for question in questions:
            field: forms.Field
            if question.needs_reason:
                field = forms.CharField(
                    label="Why they are right",
                    max_length=1000,
                    widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
                    error_messages={"required": "Say why these are right, or correct them in the file."},
                )
            else:
                field = forms.BooleanField(
                    label="Yes, import these all the same",
                    error_messages={"required": "Tick this if they are meant, or take them out of the file."},
                )
            self.fields[question.code] = field

    @property
    def parts(self) -> list[tuple[Question, forms.BoundField]]:
        """Each question with its field."""
        return [(question, self[question.code]) for question in self.questions]

    @property
    def reasons(self) -> dict[str, str]:
        """The reasons that were given, by the code of the question."""
        return {code: given for code, given in self.cleaned_data.items() if isinstance(given, str)}


def _said_of_texts(plan: ImportPlan) -> list[str]:
    """What there is to say of texts that the file would change, as when they are typed into a form."""
    texts = []
    for row in plan.changed:
        old = set() if row.stored is None else set(row.stored.named_texts())
        new = (text for text in row.instance.named_texts() if text not in old)
        texts += [(f"Row {row.number}, {name.lower()}", text) for name, text in new]
    told = [words for say in AuditedAdmin.has_to_say_of_texts for words in say(texts)]
    more = len(told) - MOST_NAMED
    return told[:MOST_NAMED] + [f"And so in {counted(more, 'more text')}."] * (more > 0)


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
        content = upload.read()
        try:
            plan = self._plan(request, content)
        except SpreadsheetError as error:
            form.add_error("import_file", str(error))
            return self._import_page(request, form=form)
        return self._preview_page(request, plan, upload.name, content)

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Import what was previewed, if it would still change exactly that and all is answered; or let it be."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        person = signed_in(request)
        upload = PendingUpload.objects.find(request.POST.get("preview", ""), person=person, model=self.opts.label)
        if upload is None:
            return self._import_again(request, GONE)
        if "cancel" in request.POST:
            upload.take()
            return self._import_again(request, CANCELLED)
        content = bytes(upload.content)
        # Read and compared before anybody has to wait; what is written goes by the versions that were read.
        try:
            plan = self._plan(request, content)
        except SpreadsheetError:
            # It was read for the preview, by a program that has been replaced since.
            return self._import_again(request, GONE)
        if plan.problems or plan.digest != upload.digest:
            messages.error(request, CHANGED_SINCE)
            return self._preview_page(request, plan, upload.file_name, content)
        form = QuestionForm(plan.questions, request.POST)
        if not form.is_valid():
            return self._import_page(request, **self._shown(plan, upload, form))
        try:
            with transaction.atomic():
                if not upload.take():
                    return self._import_again(request, GONE)
                plan.save(by=person, file_name=upload.file_name, reasons=form.reasons)
                detail = f"{counted(len(plan.changed), 'row')} from {upload.file_name}"
                about = str(self.opts.verbose_name_plural)
                record(SecurityEventKind.IMPORTED, about=about, detail=detail, request=request)
        except REFUSED:
            return self._told_what_changed(request, upload, content)
        except OperationalError:
            messages.error(request, BUSY)
            return self._preview_page(request, self._plan(request, content), upload.file_name, content)
        self.tell_of_import(request, plan)
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def tell_of_import(self, request: HttpRequest, plan: ImportPlan) -> None:
        """Say what was imported, and what there is to do next."""
        new = sum(row.is_new for row in plan.changed)
        told = f"Imported: {new} new, {len(plan.changed) - new} changed, {plan.unchanged} as they were."
        messages.success(request, told)

    def _plan(self, request: HttpRequest, content: bytes) -> ImportPlan:
        table = self.resource_classes[0].read(content)
        return self.resource_classes[0]().plan(table, by=signed_in(request), today=today_in_britain())

    def _told_what_changed(self, request: HttpRequest, upload: PendingUpload, content: bytes) -> HttpResponse:
        """The page after the database refused to write: as things are now, or with the row that it does not take."""
        plan = self._plan(request, content)
        if not plan.problems and plan.digest == upload.digest:
            plan.problems.append(plan.refused_row(by=signed_in(request)))
        messages.error(request, CHANGED_SINCE)
        return self._preview_page(request, plan, upload.file_name, content)

    def _import_again(self, request: HttpRequest, message: str) -> HttpResponse:
        messages.error(request, message)
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import"))

    def _preview_page(self, request: HttpRequest, plan: ImportPlan, file_name: str, content: bytes) -> HttpResponse:
        person, model = signed_in(request), self.opts.label
        if plan.problems or not plan.changed:
            # What was kept before this file is not wanted any more.
            PendingUpload.objects.filter(person=person, model=model).delete()
            shown = {"file_name": file_name, "notices": plan.notices, "problems": plan.problems}
            return self._import_page(
                request, form=UploadForm(), unchanged=plan.unchanged, changed=[], preview="", **shown
            )
        upload = PendingUpload.objects.keep(
            person=person, model=model, file_name=file_name, content=content, digest=plan.digest
        )
        return self._import_page(request, **self._shown(plan, upload, QuestionForm(plan.questions)))

    def _shown(self, plan: ImportPlan, upload: PendingUpload, questions: QuestionForm) -> dict[str, Any]:
        return {
            "form": UploadForm(),
            "file_name": upload.file_name,
            "notices": [*plan.notices, *_said_of_texts(plan)],
            "problems": [],
            "changed": list(plan.changes()),
            "unchanged": plan.unchanged,
            "preview": upload.token,
            "questions": questions,
        }

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

    def export_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Choose a format; the whole list where an address asks for something impossible, as the list itself does."""
        try:
            return super().export_action(request, *args, **kwargs)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)

    def get_valid_export_item_pks(self, request: HttpRequest) -> list[int]:
        return []

    def init_request_context_data(self, request: HttpRequest, form: Any) -> dict[str, Any]:
        return {**super().init_request_context_data(request, form), "title": f"Export {self.opts.verbose_name_plural}"}

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: Any) -> str:
        name = str(self.opts.verbose_name_plural).replace(" ", "-")
        return f"{name}-{today_in_britain():%Y-%m-%d}.{file_format.get_extension()}"
