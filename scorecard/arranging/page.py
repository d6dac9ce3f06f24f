"""The page on which a scorecard is arranged: its sections and lines, what can be added, and what a change means now."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.http import QueryDict

from commentary.models import Commentary
from indicators.calculations.plain_text import plain_line
from indicators.models import Indicator, MonthlyValue
from indicators.moments import today_in_britain
from indicators.people import who_can_take
from scorecard.display.forms import others_than
from scorecard.models import DraftState, Edition, EditionState, Line, Scorecard, Section, SpreadsheetDraft
from scorecard.publication.shown import few_in_lines

from .arrangement import ArrangingError
from .saving import Stored

MOST_OFFERED = 40
LONGEST_SEARCH = 200


class SectionShown(NamedTuple):
    """A section with its lines, and what stands in its fields."""

    section: Section
    lines: list[LineShown]
    title: str
    title_error: str
    lines_error: str


class LineShown(NamedTuple):
    """A line, whether it is ticked, and what an officer should know of it."""

    line: Line
    is_ticked: bool
    doubts: list[str]


class ArrangingPage:
    """What the page shows. `typed` is what was sent, where a step was refused: none of it is lost."""

    def __init__(
        self,
        scorecard: Scorecard,
        stored: Stored,
        *,
        find: str,
        typed: QueryDict | None = None,
        error: ArrangingError | None = None,
        undo: str = "",
        offers_anybody: bool = False,
    ) -> None:
        self.scorecard, self.stored, self.undo, self.error = scorecard, stored, undo, error
        self.find = plain_line(find)[:LONGEST_SEARCH]
        self.typed: Any = typed or {}
        self.ticked, self.chosen = (set(typed.getlist(name) if typed else ()) for name in ("line", "indicator"))
        offered = who_can_take(() if offers_anybody else [scorecard.pk])
        self.people = [(one, str(one.pk)) for one in offered]
        self.has_others = not offers_anybody and others_than(offered)
        self.chosen_people = [(role, self.typed.get(role, "")) for role in ("owner", "reporter")]
        self.editions = editions_in_progress(scorecard)
        self.is_begun = scorecard.editions.exists()
        # What it began with, a spreadsheet or a template, which can be undone until much more has been done.
        self.begun_with = None if self.is_begun else _begun_with(scorecard)
        found = _offered(scorecard, self.find)
        # One more than is shown tells that there are more.
        self.offered = [(one, str(one.pk) in self.chosen) for one in found[: MOST_OFFERED + 1]]
        self.has_more = len(self.offered) > MOST_OFFERED
        self.offered = self.offered[:MOST_OFFERED]

    @property
    def fingerprint(self) -> str:
        return self.stored.fingerprint

    @property
    def sections(self) -> list[SectionShown]:
        today = today_in_britain()
        shown = []
        for section in self.stored.sections:
            lines = [
                LineShown(line, str(line.pk) in self.ticked, _doubts(line.indicator, today))
                for line in self.stored.lines
                if line.section_id == section.pk
            ]
            title, goes_to = f"title-{section.pk}", f"goes_to-{section.pk}"
            errors = self.error_at.get(title, ""), self.error_at.get(goes_to, "")
            shown.append(SectionShown(section, lines, str(self.typed.get(title, section.title)), *errors))
        return shown

    @property
    def new_section(self) -> str:
        return str(self.typed.get("new_section", ""))

    @property
    def error_at(self) -> dict[str, str]:
        """The message, by the field that it stands beside; "" where it is about the page."""
        return {self.error.field: str(self.error)} if self.error else {}

    @property
    def error_id(self) -> str:
        """Where the field with the error is on the page."""
        field = self.error.field if self.error else ""
        return "ticked" if field == "line" else field


def _begun_with(scorecard: Scorecard) -> SpreadsheetDraft | None:
    return scorecard.spreadsheets.filter(state=DraftState.CREATED).only("file_name", "state").first()


def editions_in_progress(scorecard: Scorecard) -> list[Edition]:
    """What a change holds for at once: all that is not published, the earliest first."""
    return list(scorecard.editions.exclude(state=EditionState.PUBLISHED).order_by("month"))


def _offered(scorecard: Scorecard, find: str) -> QuerySet[Indicator]:
    """Indicators that are no lines of the scorecard, and have every word that was searched for."""
    found = Indicator.objects.exclude(pk__in=Line.objects.filter(section__scorecard=scorecard).values("indicator"))
    for word in find.split():
        found = found.filter(Q(reference__folded=word) | Q(title__folded=word))
    return found.order_by("reference")


def _doubts(indicator: Indicator, today: Any) -> list[str]:
    doubts = [
        f"no {role}" if person is None else f"{role} {person} can’t sign in"
        for role, person in (("owner", indicator.owner), ("reporter", indicator.reporter))
        if person is None or not person.is_active
    ]
    if indicator.active_to and indicator.active_to < today:
        doubts.append(f"reported until {indicator.active_to:%B %Y}")
    return doubts


def told_of_gone(scorecard: Scorecard, indicators: Collection[int]) -> list[str]:
    """What there is already, in months that are not published, of indicators that are no longer lines: sentences."""
    months = [edition.month for edition in editions_in_progress(scorecard)]
    of_them: dict[str, Any] = {"indicator__in": indicators, "month__in": months}
    left = set(MonthlyValue.objects.filter(**of_them).values_list("indicator__reference", "month"))
    left |= set(Commentary.objects.filter(**of_them).values_list("indicator__reference", "month"))
    return [
        f"{', '.join(sorted(reference for reference, of in left if of == month))}: what was entered for {month:%B %Y} "
        "is kept, but it is no longer part of that report."
        for month in months
        if any(of == month for _, of in left)
    ]


def told_of_added(scorecard: Scorecard, indicators: Collection[int]) -> list[str]:
    """What new lines bring with them: who has to enter them now, and which small counts they show; sentences."""
    due = [edition for edition in editions_in_progress(scorecard) if edition.state == EditionState.COLLECTING]
    months = ", ".join(f"{edition.month:%B %Y}" for edition in due)
    asked = [f"Asked for at once: {months}."] if months else []
    return [*asked, *few_in_lines(scorecard, indicators)]
