"""Pages for performance officers: where to begin, and moving everything from one installation to another."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.models import Indicator, PendingUpload
from indicators.moments import today_in_britain
from scorecard.access import signed_in
from scorecard.display.forms import GovukFormMixin
from scorecard.rules import require
from scorecard.starting.checklist import checklist, is_first_edition_out
from scorecard.starting.clashes import Arriving, Choices
from scorecard.starting.contents import MoveError
from scorecard.starting.exporting import export
from scorecard.starting.importing import is_empty
from scorecard.starting.merging import CHANGED_MEANWHILE, bring_over
from scorecard.starting.reading import MEGABYTE, MOST_SENT, MovedFile

from .form_pages import FORM_METHODS, form_page

# What a file that waits for its confirmation is kept under.
WAITING = "everything"
MOST_ASKED = 1000


@login_required
@require_safe
def setup(request: HttpRequest) -> HttpResponse:
    """The way from nothing to the first published edition."""
    require(signed_in(request), "set_up")
    context = {
        "checklist": checklist(today_in_britain()),
        "is_out": is_first_edition_out(),
    }
    return render(request, "starting/setup.html", context)


class MoveForm(GovukFormMixin, forms.Form):
    """The file of another installation."""

    file = forms.FileField(
        label="File from the other installation",
        help_text=f"What “Export everything” wrote there, up to {MOST_SENT // MEGABYTE} MB.",
        error_messages={"required": "Choose the file.", "empty": "The file is empty."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_SENT:
            raise forms.ValidationError(
                f"The file is larger than {MOST_SENT // MEGABYTE} MB. Whoever runs the server brings it over with "
                "manage.py import_everything."
            )
        return file


@login_required
@require_http_methods(FORM_METHODS)
def move(request: HttpRequest) -> HttpResponse:
    """Export everything, or choose the file of another installation to look at before anything is brought over."""
    person = signed_in(request)
    require(person, "move_everything")
    form = MoveForm(request.POST, request.FILES) if request.method == "POST" else MoveForm()
    if form.is_bound and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            MovedFile(sent).all_rows()
        except MoveError as error:
            form.add_error("file", str(error))
        else:
            sent.seek(0)
            PendingUpload.objects.keep(
                person=person, model=WAITING, file_name=sent.name[:255], content=sent.read(), digest=""
            )
            return redirect("moving_preview")
    return form_page(request, "starting/move.html", form, title="Move everything", is_empty=is_empty())


class ArrivalForm(GovukFormMixin, forms.Form):
    """What an officer decides about a file: names that are taken here, and who keeps the role that they have there."""

    shown = forms.CharField(widget=forms.HiddenInput)
    letters_before = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, arriving: Arriving, data: Any = None) -> None:
        super().__init__(
            data,
            initial={
                "shown": arriving.fingerprint,
                "letters": arriving.letters,
                "letters_before": arriving.letters,
                "roles": list(arriving.choices.roles),
            },
            label_suffix="",
            auto_id="id_%s",
        )
        self.arriving = arriving
        # More than these are told apart by the letters alone.
        self.asked = arriving.taken[:MOST_ASKED]
        if arriving.taken:
            self.fields["letters"] = forms.CharField(
                label="Letters that tell the other council’s names",
                max_length=8,
                help_text="They stand behind each new name below. Change them here first, then look again.",
                widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
            )
        for place, one in enumerate(self.asked):
            self.fields[f"name-{place}"] = forms.CharField(
                label=f"New {one.what} for {one.name}",
                initial=one.chosen,
                help_text=f"Here {one.name} is “{one.holder}”.",
            )
        if arriving.newcomers:
            self.fields["roles"] = forms.MultipleChoiceField(
                label="Who gets the role here that they have there",
                help_text="All others come with their lines and what they did, and without the role. A role here "
                "reaches every scorecard, and the small counts that are hidden from the public.",
                choices=[(one.username, f"{one.name}: {', '.join(one.roles)}") for one in arriving.newcomers],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields of names, by what they are names of."""
        found: dict[str, list[Any]] = {}
        for place, one in enumerate(self.asked):
            found.setdefault(one.what, []).append(self[f"name-{place}"])
        return list(found.items())

    def choices(self) -> Choices:
        """What was decided, as far as it was sent in order."""
        names = {
            one.place: self.cleaned_data[f"name-{place}"]
            for place, one in enumerate(self.asked)
            if f"name-{place}" in self.cleaned_data
        }
        return Choices(self.arriving.letters, names, self.cleaned_data.get("roles", ()))

    def tell_problems(self, arriving: Arriving) -> None:
        """Say beside each name what is wrong with it."""
        for place, one in enumerate(arriving.taken[:MOST_ASKED]):
            if one.problem and f"name-{place}" not in self.errors:
                self.add_error(f"name-{place}", one.problem)


@login_required
@require_http_methods(FORM_METHODS)
def move_preview(request: HttpRequest) -> HttpResponse:
    """What a file would do here, line by line, with what is to be decided; nothing is written until it is confirmed."""
    person = signed_in(request)
    require(person, "move_everything")
    waiting = PendingUpload.objects.filter(person=person, model=WAITING, expires_at__gt=timezone.now()).first()
    if waiting is None or not waiting.is_intact:
        messages.warning(
            request, "No file of yours is waiting: it was brought over, or it is too old. Choose it again."
        )
        return redirect("moving")
    if "cancel" in request.POST:
        waiting.take()
        return redirect("moving")
    try:
        file = MovedFile(io.BytesIO(bytes(waiting.content)))
        arriving = Arriving(file, _looked_at(request, file) if "look" in request.POST else Choices(_letters(request)))
        form = ArrivalForm(arriving, request.POST if "bring" in request.POST else None)
        if form.is_bound and form.is_valid():
            arriving = Arriving(file, form.choices())
            form.tell_problems(arriving)
            if not form.errors and form.cleaned_data["shown"] != arriving.fingerprint:
                form.add_error(None, CHANGED_MEANWHILE)
        if form.is_bound and not form.errors and not arriving.refusals:
            return _brought_over(request, waiting, file, form.choices())
        problems = (
            []
            if form.errors or arriving.problems
            else bring_over(file, arriving.choices, by=person, is_trial=True).problems
        )
    except MoveError as error:
        messages.warning(request, str(error))
        return redirect("moving")
    return form_page(
        request,
        "starting/preview.html",
        form,
        title=f"Bring over from {arriving.source}",
        arriving=arriving,
        waiting=waiting,
        problems=problems,
        raised=arriving.fit.raised.get(Indicator) if arriving.is_merge else 0,
    )


def _letters(request: HttpRequest, name: str = "letters") -> str:
    letters = request.POST.get(name, "").strip()[:8]
    return letters if letters.isalnum() else ""


def _looked_at(request: HttpRequest, file: MovedFile) -> Choices:
    """Other letters, with the names that were typed over what the former ones suggested, and the roles as ticked."""
    before = Arriving(file, Choices(_letters(request, "letters_before")))
    sent = ((one, request.POST.get(f"name-{place}", "")) for place, one in enumerate(before.taken[:MOST_ASKED]))
    names = {one.place: name for one, name in sent if name.strip() and name != one.chosen}
    return Choices(_letters(request), names, request.POST.getlist("roles"))


def _brought_over(request: HttpRequest, waiting: PendingUpload, file: MovedFile, choices: Choices) -> HttpResponse:
    with transaction.atomic():
        if not waiting.take():
            raise MoveError("Somebody was quicker: this file was brought over already.")
        outcome = bring_over(file, choices, by=signed_in(request), shown=request.POST["shown"])
    messages.success(request, f"Brought over from {outcome.source}: {outcome.words}.")
    for problem in outcome.problems:
        messages.warning(request, problem)
    return redirect("setup")


@login_required
@require_POST
def move_out(request: HttpRequest) -> HttpResponse:
    """Everything as one file."""
    require(signed_in(request), "move_everything")
    file = io.BytesIO()
    export(file)
    response = HttpResponse(file.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="scorecard-everything-{today_in_britain()}.zip"'
    return response
