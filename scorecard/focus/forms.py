"""Forms for the overview: its summary, areas of focus and their updates."""

from __future__ import annotations

from typing import Any

from django import forms

from commentary.focus import FocusKind, RaisedBy
from commentary.models import AreaOfFocus, FocusUpdate, Overview
from indicators.models import Indicator
from scorecard.collection.forms import DayField
from scorecard.display.forms import NOT_ON_THE_LIST
from scorecard.editing.forms import EditForm, ProseField
from scorecard.models import Scorecard

LONGEST_TITLE = 200
MOST_AREAS = 999


class SummaryForm(EditForm):
    """The overall summary of an edition."""

    summary = ProseField(
        label="Overall summary",
        rows=14,
        help_text="A blank line begins a new paragraph.",
        error_messages={"required": "Write the summary."},
    )

    def __init__(self, data: Any, overview: Overview | None) -> None:
        super().__init__(data, overview)


class AreaForm(EditForm):
    """An area of focus as it stands in the report; of a question its words, answer and indicators too."""

    title = forms.CharField(
        label="Title", max_length=LONGEST_TITLE, error_messages={"required": "Say in a title what it is about."}
    )
    detail = ProseField(label="More about the question", rows=3, required=False)
    response = ProseField(label="Response", rows=6, required=False, help_text="What the service does about it.")
    raised_by = forms.ChoiceField(
        label="Raised by", choices=RaisedBy.choices, widget=forms.RadioSelect, error_messages=NOT_ON_THE_LIST
    )
    opened_on = DayField(
        label="Opened on",
        help_text="It stands in the reports whose meeting is on this day or later.",
        error_messages={"required": "Enter the day it was opened."},
    )
    closed_on = DayField(
        label="Closed on", required=False, help_text="Empty while it is open. The report of the month still shows it."
    )
    position = forms.IntegerField(
        label="Order",
        min_value=0,
        max_value=MOST_AREAS,
        help_text="The report shows the lowest number first.",
        error_messages={"required": "Enter a number.", "invalid": "Enter a whole number."},
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )
    indicators = forms.TypedMultipleChoiceField(
        label="Indicators it is about",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns govuk-checkboxes--small"}),
        error_messages={"invalid_choice": NOT_ON_THE_LIST["invalid_choice"]},
    )

    def __init__(self, data: Any, area: AreaOfFocus | None, scorecard: Scorecard, **kwargs: Any) -> None:
        super().__init__(data, area, **kwargs)
        self.fields["indicators"].choices = _indicator_choices(scorecard, area)  # type: ignore[attr-defined]
        if area is not None and area.is_question:
            del self.fields["raised_by"]
            self.fields["title"].label = FocusKind(area.kind).label
            self.fields["response"].label, self.fields["response"].help_text = "Answer", ""
            self.fields["opened_on"].label, self.fields["opened_on"].help_text = "Raised on", ""
        else:
            del self.fields["detail"]

    def clean_indicators(self) -> frozenset[int]:
        return frozenset(self.cleaned_data["indicators"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opened, closed = data.get("opened_on"), data.get("closed_on")
        if opened and closed and closed < opened:
            self.add_error("closed_on", "It can’t be closed before it was opened.")
        return data


class UpdateForm(EditForm):
    """What has happened since, on a day."""

    date = DayField(label="Day of the update", error_messages={"required": "Enter the day of the update."})
    text = ProseField(label="Update", rows=4, error_messages={"required": "Write what has happened since."})

    def __init__(self, data: Any, update: FocusUpdate | None, **kwargs: Any) -> None:
        super().__init__(data, update, **kwargs)


def indicators_of(scorecard: Scorecard) -> list[Indicator]:
    """The indicators of the scorecard's lines in their order, each once."""
    lines = Indicator.objects.filter(lines__section__scorecard=scorecard)
    ordered = lines.order_by("lines__section__position", "lines__section", "lines__position", "lines__pk")
    return list({indicator.pk: indicator for indicator in ordered}.values())


def _indicator_choices(scorecard: Scorecard, area: AreaOfFocus | None) -> list[tuple[int, str]]:
    """The scorecard's indicators, and those that are linked already though they are no longer its lines."""
    offered = {indicator.pk: indicator for indicator in indicators_of(scorecard)}
    linked = area.indicators.all() if area is not None else ()
    return [(key, str(one)) for key, one in ({one.pk: one for one in linked} | offered).items()]
