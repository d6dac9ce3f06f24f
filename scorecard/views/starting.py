"""Pages for performance officers: where to begin, and moving everything from one installation to another."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.moments import today_in_britain
from scorecard.access import signed_in
from scorecard.display.forms import GovukFormMixin
from scorecard.rules import require
from scorecard.starting.checklist import checklist, is_first_edition_out
from scorecard.starting.contents import MoveError
from scorecard.starting.exporting import export
from scorecard.starting.importing import import_everything, is_empty
from scorecard.starting.reading import MEGABYTE, MOST_SENT, MovedFile

from .form_pages import FORM_METHODS, form_page


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
    """Export everything, or bring everything over into an empty installation."""
    person = signed_in(request)
    require(person, "move_everything")
    form = MoveForm(request.POST, request.FILES) if request.method == "POST" else MoveForm()
    if form.is_bound and form.is_valid():
        try:
            outcome = import_everything(MovedFile(form.cleaned_data["file"]), by=person)
        except MoveError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, f"Brought over from {outcome.source}: {outcome.words}.")
            for problem in outcome.problems:
                messages.warning(request, problem)
            return redirect("setup")
    return form_page(request, "starting/move.html", form, title="Move everything", is_empty=is_empty())


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
