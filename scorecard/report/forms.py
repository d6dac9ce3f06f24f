"""Forms of the report's page."""

from typing import Any

from django import forms

from indicators.calculations.months import month_text
from indicators.calculations.signal import SignalKind
from indicators.calculations.vocabulary import Assessment, Rating
from scorecard.display.forms import NOT_ON_THE_LIST, GovukFormMixin

from .board import BoardReport
from .filters import LOOK_CHOICES, LOOK_FIRST, ORDER_CHOICES, Wanted, owners


class FilterForm(GovukFormMixin, forms.Form):
    """Which lines to show. The form uses GET, so it works without JavaScript and any choice can be linked to."""

    words = forms.CharField(
        label="Find", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    section = forms.ChoiceField(label="Section", required=False, error_messages=NOT_ON_THE_LIST)
    owner = forms.ChoiceField(label="Owner", required=False, error_messages=NOT_ON_THE_LIST)
    rating = forms.ChoiceField(
        label="Against target",
        required=False,
        choices=[("", "Any"), *Rating.choices()],
        error_messages=NOT_ON_THE_LIST,
    )
    assessment = forms.ChoiceField(
        label="Since last month",
        required=False,
        choices=[("", "Any"), *Assessment.choices()],
        error_messages=NOT_ON_THE_LIST,
    )
    signal = forms.ChoiceField(
        label="Signal",
        required=False,
        choices=[("", "Any"), *SignalKind.choices()],
        error_messages=NOT_ON_THE_LIST,
    )
    look = forms.ChoiceField(
        label="What to look at",
        required=False,
        choices=[("", "All"), *LOOK_CHOICES],
        error_messages=NOT_ON_THE_LIST,
    )
    order = forms.ChoiceField(label="Order", required=False, choices=ORDER_CHOICES, error_messages=NOT_ON_THE_LIST)

    def __init__(self, data: Any, report: BoardReport) -> None:
        super().__init__(data, auto_id="filter_%s")
        sections = [(section.anchor, section.title) for section in report.sections]
        self.fields["section"].choices = [("", "All sections"), *sections]  # type: ignore[attr-defined]
        self.fields["owner"].choices = [("", "All owners"), *((name, name) for name in owners(report))]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What the reader asks for. Invalid values are left out; their fields say so."""
        return Wanted(**{name: asked for name, asked in self._asked().items() if name != "order"})

    def looks_first(self) -> bool:
        """Whether lines to look at come first, instead of the scorecard's order."""
        return self._asked().get("order") == LOOK_FIRST

    def _asked(self) -> dict[str, str]:
        self.is_valid()
        return self.cleaned_data


class MonthForm(GovukFormMixin, forms.Form):
    """Another month of the same report."""

    month = forms.ChoiceField(label="Month")

    def __init__(self, months: list[Any], chosen: Any) -> None:
        super().__init__(initial={"month": month_text(chosen)}, auto_id="choose_%s")
        self.fields["month"].choices = [(month_text(month), f"{month:%B %Y}") for month in months]  # type: ignore[attr-defined]
