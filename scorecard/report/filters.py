"""Which lines of a report a reader has asked to see, and the forms to ask with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms

from indicators.calculations.folding import folded
from indicators.calculations.months import month_text
from indicators.calculations.row import Row
from indicators.calculations.signal import SignalKind
from indicators.calculations.vocabulary import Assessment, Rating
from scorecard.display.forms import NOT_ON_THE_LIST, GovukFormMixin

from .board import BoardReport
from .finding import LineText, Search
from .what_to_look_at import LookItem, Reason

ANYTHING, NOTHING_UNUSUAL, NOT_EXAMINED = "any", "nothing", "not_examined"
LOOK_FIRST = "look"
# All columns of the sheet, instead of those that a month needs.
ALL_COLUMNS = "all"
LOOK_CHOICES = [
    (ANYTHING, "Anything to look at"),
    *Reason.choices(),
    (NOTHING_UNUSUAL, "Nothing unusual"),
    (NOT_EXAMINED, "Could not be examined"),
]
# Of the form's fields those that say how lines are shown, and not which.
BESIDE_LINES = ("order", "columns")
ORDER_CHOICES = [("", "As in the scorecard"), (LOOK_FIRST, "What to look at first")]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader is looking for, as the form's values. An empty string is no restriction."""

    words: str = ""
    section: str = ""
    owner: str = ""
    rating: str = ""
    assessment: str = ""
    signal: str = ""
    look: str = ""

    def __bool__(self) -> bool:
        return self != Wanted()

    def includes(self, row: Row, section: str, reasons: Collection[Reason] = (), search: Search | None = None) -> bool:
        """Whether a row in the section (its anchor), to look at for these reasons, is among what is asked for.

        For many rows the search is made once, with the report's short forms; without, it knows none.
        """
        return (
            self.section in ("", section)
            and self.owner in ("", row.measure.owner)
            and self.rating in ("", row.rating)
            and self.assessment in ("", row.change_month.assessment)
            and self.signal in ("", row.signal.kind)
            and self.look in ("", *looked_for(row, reasons))
            and (not self.words.strip() or (search or Search(self.words)).finds(text_of(row)))
        )


def looked_for(row: Row, reasons: Collection[Reason]) -> list[str]:
    """What a reader can ask for to find a line with these reasons to look at it."""
    if reasons:
        return [ANYTHING, *reasons]
    return [NOT_EXAMINED if row.signal.variation is None else NOTHING_UNUSUAL]


def ordered_lines(report: BoardReport, items: Collection[LookItem]) -> list[tuple[str, Row]]:
    """All lines, each with its section's anchor: those to look at first, in their order, then the others."""
    found = [line.row.indicator for item in items for line in item.lines]
    ranks = {indicator: rank for rank, indicator in enumerate(found)}
    lines = [(section.anchor, row) for section in report.sections for row in section.rows]
    return sorted(lines, key=lambda line: ranks.get(line[1].indicator, len(ranks)))


def searchable_text(row: Row) -> str:
    """The names that find-as-you-type looks through, as people type them: in lower case, without accents."""
    measure = row.measure
    return folded(f"{measure.reference} {measure.title} {measure.owner} {measure.reporter}")


def text_of(row: Row) -> LineText:
    """All that words are looked for in."""
    return LineText(searchable_text(row), f"{row.measure.outcome} {row.commentary} {row.measure.definition}")


def owners(report: BoardReport) -> list[str]:
    """The owners of the report's lines, in alphabetical order."""
    return sorted({row.measure.owner for row in report.rows if row.measure.owner})


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
    # Chosen by links beside the table; here it goes along with what else is asked for.
    columns = forms.ChoiceField(required=False, choices=[("", ""), (ALL_COLUMNS, "")], widget=forms.HiddenInput)

    def __init__(self, data: Any, report: BoardReport) -> None:
        super().__init__(data, auto_id="filter_%s")
        sections = [(section.anchor, section.title) for section in report.sections]
        self.fields["section"].choices = [("", "All sections"), *sections]  # type: ignore[attr-defined]
        self.fields["owner"].choices = [("", "All owners"), *((name, name) for name in owners(report))]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What the reader asks for. Invalid values are left out; their fields say so."""
        return Wanted(**{name: asked for name, asked in self._asked().items() if name not in BESIDE_LINES})

    def looks_first(self) -> bool:
        """Whether lines to look at come first, instead of the scorecard's order."""
        return self._asked().get("order") == LOOK_FIRST

    def shows_all_columns(self) -> bool:
        """Whether all columns of the sheet are shown, instead of those that a month needs."""
        return self._asked().get("columns") == ALL_COLUMNS

    def other_columns(self) -> str:
        """The query by which the same lines come with all columns, or again with those of the month."""
        query = {name: value for name, value in self._asked().items() if value and name != "columns"}
        return urlencode(query if self.shows_all_columns() else query | {"columns": ALL_COLUMNS})

    def _asked(self) -> dict[str, str]:
        self.is_valid()
        return self.cleaned_data


class MonthForm(GovukFormMixin, forms.Form):
    """Another month of the same report."""

    month = forms.ChoiceField(label="Month")

    def __init__(self, months: list[date], chosen: date) -> None:
        super().__init__(initial={"month": month_text(chosen)}, auto_id="choose_%s")
        self.fields["month"].choices = [(month_text(month), f"{month:%B %Y}") for month in months]  # type: ignore[attr-defined]
