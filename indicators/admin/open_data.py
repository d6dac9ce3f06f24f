"""The page on which an officer imports comparators from open data: choose the files, see what would change, save.

The files lie in the database between preview and saving, packed into one. Also those in which something is wrong are
kept, so that only the file that was corrected has to be chosen again.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from indicators.actions import IMPORTS_OPEN_DATA, save_open_data
from indicators.calculations.formatting import counted
from indicators.calculations.months import parse_financial_year
from indicators.models import PendingUpload
from indicators.models.audited import REFUSED
from indicators.moments import today_in_britain
from indicators.open_data import ComparatorMapping, OpenDataError, load_mapping
from indicators.open_data_plan import OpenDataPlan, due_in_words, plan_import

from .base import signed_in
from .spreadsheets import BUSY, CANCELLED, CHANGED_SINCE, GONE

KIND = "indicators.OpenData"
MOST_FILES = 20
MOST_BYTES = 30 * 1024 * 1024
MAPPING = ".toml"
# What a mapping may name, and the names of files be made of: nothing that leads out of a folder.
_PLAIN_NAME = re.compile(r"[^/\\\x00-\x1f]{1,150}\Z")


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; those that are empty are told."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        single = super().clean
        if not data:
            return []
        return [single(one, initial) for one in (data if isinstance(data, (list, tuple)) else [data])]


class FilesForm(forms.Form):
    """The files of an import; their names tell which is which."""

    chosen = FilesField(
        label="Files",
        required=False,
        help_text="Choose all at once: the mapping (.toml), the figures, the data dictionary and the list of "
        f"neighbours (.csv). Together up to {MOST_BYTES // 1024 // 1024} MB; .csv.gz may be used.",
    )
    years = forms.CharField(
        label="Years",
        required=False,
        max_length=200,
        help_text="Only for other years than the mapping’s, such as 2019-20, 2020-21.",
    )

    def __init__(self, kept: Mapping[str, bytes], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept

    def clean_chosen(self) -> dict[str, bytes]:
        """All files by name: those that were kept, and those chosen now, in place of one of the same name."""
        chosen: list[UploadedFile] = self.cleaned_data["chosen"]
        names = [file.name or "" for file in chosen]
        for name in names:
            if not _PLAIN_NAME.match(name):
                raise forms.ValidationError(f"“{name[:60]}” is too long a name for a file: give it a shorter one.")
            if names.count(name) > 1:
                raise forms.ValidationError(f"Two of the files are called {name}: choose one of them.")
        others = sum(len(content) for name, content in self.kept.items() if name not in names)
        # Checked before the whole of it is read into memory.
        if others + sum(file.size or 0 for file in chosen) > MOST_BYTES:
            raise forms.ValidationError(
                f"The files are larger than {MOST_BYTES // 1024 // 1024} MB together. Leave out measures that the "
                "mapping doesn’t name, or compress the files to .csv.gz."
            )
        files = {**self.kept, **{name: file.read() for name, file in zip(names, chosen, strict=True)}}
        if not files:
            raise forms.ValidationError("Choose the files first.")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"These are more than {MOST_FILES} files: choose only those that are needed.")
        return files

    def clean_years(self) -> str:
        text: str = self.cleaned_data["years"]
        for year in _years_in(text):
            try:
                parse_financial_year(year)
            except ValueError as error:
                raise forms.ValidationError(str(error)) from error
        return ", ".join(_years_in(text))


class AnswersForm(forms.Form):
    """What must be said before it is saved, where there is something to ask."""

    replace = forms.BooleanField(
        label="Yes, replace what people entered",
        error_messages={"required": "Tick this if it is meant. To keep a figure, leave its group out of the mapping."},
    )
    all_the_same = forms.BooleanField(
        label="Yes, save these all the same",
        error_messages={"required": "Tick this if they are right; else put them on the row’s basis in the mapping."},
    )

    reason = forms.CharField(
        label="Why they are right",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        error_messages={"required": "Say why these are right. It is kept in the history."},
    )

    def __init__(self, plan: OpenDataPlan, data: Any = None) -> None:
        super().__init__(data)
        for name, asked in (("replace", plan.replaced), ("all_the_same", plan.questions), ("reason", plan.asked)):
            if not asked:
                del self.fields[name]


@dataclass(frozen=True)
class Batch:
    """The files of an import and the years that were asked for, as they are kept."""

    files: Mapping[str, bytes]
    years: str

    def packed(self) -> bytes:
        """All in one, the same bytes for the same files."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.comment = self.years.encode()
            for name in sorted(self.files):
                archive.writestr(zipfile.ZipInfo(name), self.files[name], zipfile.ZIP_DEFLATED)
        return buffer.getvalue()

    @classmethod
    def unpacked(cls, content: bytes) -> Batch:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return cls({name: archive.read(name) for name in archive.namelist()}, archive.comment.decode())

    @property
    def names(self) -> str:
        """The files in words, cut to what is kept of them."""
        return ", ".join(sorted(self.files))[:255]

    def plan(self) -> tuple[OpenDataPlan, list[str]]:
        """What saving would do, and the files that the mapping doesn't name. Raises OpenDataError."""
        with tempfile.TemporaryDirectory() as folder:
            try:
                return self._plan_in(Path(folder))
            except OpenDataError as error:
                # Where the files lay is nobody's business.
                raise OpenDataError(*(text.replace(f"{folder}/", "") for text in error.problems)) from error

    def _plan_in(self, folder: Path) -> tuple[OpenDataPlan, list[str]]:
        mappings = [name for name in self.files if name.lower().endswith(MAPPING)]
        if len(mappings) != 1:
            found = f"These are {len(mappings)}: {', '.join(sorted(mappings))}." if mappings else "There is none."
            raise OpenDataError(f"One of the files must be the mapping, whose name ends in {MAPPING}. {found}")
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        mapping = load_mapping(folder / mappings[0])
        named = _named_in(mapping)
        there = {name.removesuffix(".gz") for name in self.files}
        unused = sorted(name for name in self.files if name.removesuffix(".gz") not in {*named, *mappings})
        missing = [name for name in named if name not in there]
        if missing:
            also = f" Not named by it: {', '.join(unused)}." if unused else ""
            raise OpenDataError(
                *(f"{mappings[0]} names the file {name}, which isn’t among those chosen.{also}" for name in missing)
            )
        return plan_import(mapping, folder, [parse_financial_year(year) for year in _years_in(self.years)]), unused


def _years_in(text: str) -> list[str]:
    return [year for year in re.split(r"[,;\s]+", text) if year]


def _named_in(mapping: ComparatorMapping) -> list[str]:
    """The files that a mapping names, without “.gz”; each once."""
    names = [mapping.neighbours.file]
    for entry in mapping.entries:
        names += [entry.source.file, entry.source.dictionary]
    return list(dict.fromkeys(name.removesuffix(".gz") for name in names if name))


def open_data_view(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Choose files and see what they would change, or what is wrong with them; then save it or let it be."""
    person = signed_in(request)
    if not person.has_perms(IMPORTS_OPEN_DATA):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, model_admin, form=FilesForm({}))
    upload = PendingUpload.objects.find(request.POST.get("preview", ""), person=person, model=KIND)
    if "save" in request.POST or "cancel" in request.POST:
        if upload is None:
            return _again(request, GONE)
        if "cancel" in request.POST:
            upload.take()
            return _again(request, CANCELLED)
        return _save(request, model_admin, upload)
    kept = Batch.unpacked(bytes(upload.content)).files if upload is not None else {}
    form = FilesForm(kept, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, model_admin, form=form, upload=upload, kept=sorted(kept))
    return _preview(request, model_admin, Batch(form.cleaned_data["chosen"], form.cleaned_data["years"]))


def _preview(request: HttpRequest, model_admin: Any, batch: Batch) -> HttpResponse:
    problems: Sequence[str] = ()
    plan: OpenDataPlan | None = None
    unused: list[str] = []
    try:
        plan, unused = batch.plan()
    except OpenDataError as error:
        problems = error.problems
    upload = PendingUpload.objects.keep(
        person=signed_in(request),
        model=KIND,
        file_name=batch.names,
        content=batch.packed(),
        digest=plan.digest if plan else "",
    )
    form = FilesForm(batch.files, initial={"years": batch.years})
    shown = {"form": form, "upload": upload, "kept": sorted(batch.files), "problems": problems, "unused": unused}
    return _page(request, model_admin, plan=plan, answers=AnswersForm(plan) if plan else None, **shown)


def _save(request: HttpRequest, model_admin: Any, upload: PendingUpload) -> HttpResponse:
    """Save what was previewed, if it would still change exactly that and all is answered."""
    batch = Batch.unpacked(bytes(upload.content))
    try:
        plan, unused = batch.plan()
    except OpenDataError:
        messages.error(request, CHANGED_SINCE)
        return _preview(request, model_admin, batch)
    if plan.digest != upload.digest:
        messages.error(request, CHANGED_SINCE)
        return _preview(request, model_admin, batch)
    answers = AnswersForm(plan, request.POST)
    if not answers.is_valid():
        form = FilesForm(batch.files, initial={"years": batch.years})
        return _page(
            request,
            model_admin,
            form=form,
            upload=upload,
            kept=sorted(batch.files),
            plan=plan,
            answers=answers,
            unused=unused,
        )
    # Before they are saved, since then none of them is new.
    new, new_peers = plan.new_comparators, plan.new_peers
    try:
        with transaction.atomic():
            if not upload.take():
                return _again(request, GONE)
            reason = answers.cleaned_data.get("reason", "")
            save_open_data(changes=plan.changes, reason=reason, by=signed_in(request))
    except REFUSED:
        messages.error(request, CHANGED_SINCE)
        return _preview(request, model_admin, batch)
    except OperationalError:
        messages.error(request, BUSY)
        return _preview(request, model_admin, batch)
    comparators, peers = plan.changes.comparators, plan.changes.peers
    messages.success(
        request,
        f"Imported: {counted(new, 'comparator')} new, {len(comparators) - new} changed, "
        f"{plan.changes.unchanged} as they were; "
        f"figures of other authorities: {new_peers} new, {len(peers) - new_peers} changed.",
    )
    return HttpResponseRedirect(reverse("admin:indicators_comparator_changelist"))


def _again(request: HttpRequest, message: str) -> HttpResponse:
    messages.error(request, message)
    return HttpResponseRedirect(reverse("admin:indicators_comparator_open_data"))


def _page(request: HttpRequest, model_admin: Any, *, plan: OpenDataPlan | None = None, **context: Any) -> HttpResponse:
    today = today_in_britain()
    changed = [] if plan is None else plan.changes.comparators
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Import comparators from open data",
        "opts": model_admin.opts,
        "media": model_admin.media,
        "plan": plan,
        "changed": [(change, due_in_words(change.row.next_update, today)) for change in changed],
        "far": [] if plan is None else [one.text for one in plan.differences if one.is_far],
        "near": [] if plan is None else [one.text for one in plan.differences if not one.is_far],
        **context,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/open_data_import.html", context)
