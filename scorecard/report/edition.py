"""What a report tells beside its lines: its overview and meeting, areas of focus and the panel's questions."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from commentary.focus import FocusKind
from commentary.models import AreaOfFocus, FocusUpdate
from indicators.calculations.months import add_months
from indicators.models import Indicator
from scorecard.models import Edition, Scorecard

from .board import Focus, FocusNote


def edition_of(scorecard: Scorecard, month: date) -> Edition | None:
    """The edition of the month with its overview; None where none has been opened."""
    return scorecard.editions.filter(month=month).select_related("overview").first()


def final_day_of(edition: Edition | None, month: date) -> date:
    """The day up to which a month's report tells of areas of focus: its meeting's, or else the month's last."""
    meeting_date = edition.meeting_date if edition else None
    return meeting_date or add_months(month, 1) - timedelta(days=1)


def focus_of(scorecard: Scorecard, first_day: date, final_day: date) -> tuple[Focus, ...]:
    """The areas of focus and questions that the month's report shows, with updates up to its final day."""
    areas = list(scorecard.areas_of_focus.open_in(first_day, final_day).select_related("owner"))
    updates: dict[int, list[FocusNote]] = defaultdict(list)
    for update in FocusUpdate.objects.filter(area__in=areas, date__lte=final_day):
        updates[update.area_id].append(FocusNote(update.date, update.text))
    references: dict[int, list[str]] = defaultdict(list)
    for area, reference in (
        Indicator.objects.filter(areas_of_focus__in=areas)
        .order_by("reference")
        .values_list("areas_of_focus", "reference")
    ):
        references[area].append(reference)
    return tuple(_focus(area, final_day, updates[area.pk], references[area.pk]) for area in areas)


def _focus(area: AreaOfFocus, final_day: date, updates: list[FocusNote], references: list[str]) -> Focus:
    return Focus(
        title=area.title,
        response=area.response,
        raised_by=area.get_raised_by_display(),
        updates=tuple(updates),
        references=tuple(references),
        kind=FocusKind(area.kind),
        detail=area.detail,
        owner=area.owner.name_in_reports if area.owner else "",
        due_on=area.due_on,
        opened_on=area.opened_on,
        asked_in=area.asked_in,
        closed_on=area.closed_on if area.closed_on and area.closed_on <= final_day else None,
    )
