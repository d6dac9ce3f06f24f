"""Forms for performance officers: an edition's dates, a deputy, which lines to show."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from commentary.sign_off import Standing
from indicators.calculations.months import month_text
from indicators.models import User
from indicators.models.fields import MonthFormField
from indicators.people import reports_of
from scorecard.council.look import said_later
from scorecard.display.forms import NOT_ON_THE_LIST, DayField, DueField, GovukFormMixin, offer_people
from scorecard.editing.forms import RefusableForm
from scorecard.sheet.sheet import Sheet, SheetLine

from .editions import Dates


class OpenEditionForm(RefusableForm):
    """The next month's edition, with suggested dates."""

    month = MonthFormField(label="Month", help_text="As 2021-02 or Feb 2021.")
    opens_on = DueField(label="Opening date", help_text="Reporters can enter from this day.")
    due_on = DueField(label="Due date", help_text="Lines sent after this day are late.")
    meeting_date = DueField(label=said_later("Meeting of the panel"), required=False, help_text="If it is known.")

    def __init__(self, data: Any, month: date, dates: Dates) -> None:
        """The month and dates stand in the fields at first."""
        super().__init__(data, initial={"month": month_text(month), **dates._asdict()})

    @property
    def dates(self) -> Dates:
        data = self.cleaned_data
        return Dates(data["opens_on"], data["due_on"], data["meeting_date"])


class HandOverForm(RefusableForm):
    """Who stands in for a person, and until when; or takes over for good."""

    FIELDS = {"ends_on": "until"}

    deputy = forms.ModelChoiceField(queryset=User.objects.none(), label="Who", empty_label="Choose somebody")
    for_good = forms.BooleanField(
        label="For good",
        required=False,
        help_text=said_later("They become reporter and owner in all places, and answer the panel’s questions."),
    )
    until = DayField(label="Until", required=False, help_text="The last day. Leave empty for “until further notice”.")

    def __init__(self, data: Any, person: User, *, asked: Any) -> None:
        super().__init__(data, initial={"for_good": not person.is_active})
        offer_people(self.fields["deputy"], reports_of(person), asked, but=person.pk)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("for_good") and data.get("until"):
            self.add_error("until", "Leave this empty, or untick “For good”.")
        return data


class LinesForm(GovukFormMixin, forms.Form):
    """Which lines of a collection to show. Every value can stand in a link."""

    section = forms.ChoiceField(label="Section", required=False, error_messages=NOT_ON_THE_LIST)
    owner = forms.ChoiceField(label="Owner", required=False, error_messages=NOT_ON_THE_LIST)
    reporter = forms.ChoiceField(label="Reporter", required=False, error_messages=NOT_ON_THE_LIST)
    standing = forms.ChoiceField(
        label="Progress", required=False, choices=[("", "Any"), *Standing.choices()], error_messages=NOT_ON_THE_LIST
    )
    late = forms.ChoiceField(
        label="Punctuality",
        required=False,
        choices=[("", "Any"), ("yes", "Late only")],
        error_messages=NOT_ON_THE_LIST,
    )

    def __init__(self, data: Any, sheet: Sheet) -> None:
        super().__init__(data, auto_id="lines_%s")
        self._offer("section", "All sections", {line.section: line.section for line in sheet.lines})
        for role in ("owner", "reporter"):
            people = (getattr(line.indicator, role) for line in sheet.lines)
            self._offer(role, f"All {role}s", {person.username: str(person) for person in people if person})

    def _offer(self, name: str, everything: str, choices: dict[str, str]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", everything), *choices.items()]

    def wants(self, line: SheetLine, today: date) -> bool:
        """Whether a line is among those asked for; what isn't valid asks for nothing, and is said beside its field."""
        self.is_valid()
        data, indicator = self.cleaned_data, line.indicator
        return (
            data.get("section", "") in ("", line.section)
            and data.get("owner", "") in ("", indicator.owner.username if indicator.owner else None)
            and data.get("reporter", "") in ("", indicator.reporter.username if indicator.reporter else None)
            and data.get("standing", "") in ("", line.standing)
            and (not data.get("late") or line.is_late(today))
        )
