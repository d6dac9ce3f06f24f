"""The demonstration's scorecard with its lines, commentary and overview."""

import json
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from commentary.models import AreaOfFocus, Commentary, FocusUpdate, Overview
from indicators.calculations.months import add_months, parse_month
from indicators.models import Indicator
from scorecard.models import Edition, EditionState, Line, Scorecard, Section
from scorecard.report.row import MONTHS_SHOWN

from .records import FOLDER, add, by, records

SLUG = "children-and-families"
DAYS_TO_ENTER, DAYS_TO_MEETING = 9, 23


def add_commentary() -> int:
    indicators = by(Indicator, "reference")
    return add(
        [
            Commentary(
                indicator=indicators[record["reference"]],
                month=parse_month(record["month"]),
                text=record["text"],
            )
            for record in records("commentary.csv")
        ]
    )


def add_scorecard() -> Scorecard:
    """The demonstration's scorecard, with its edition, overview and areas of focus."""
    scorecard = Scorecard.objects.create(
        slug=SLUG,
        title="Children and Families scorecard",
        council="Southampton City Council",
        panel="Children and Families Scrutiny Panel",
        region="South East",
        council_code="E06000045",
        region_code="E12000008",
        is_public=True,
    )
    text = (settings.BASE_DIR / FOLDER / "overview.json").read_text(encoding="utf-8")
    _add_edition(scorecard, json.loads(text))
    return scorecard


def _add_edition(scorecard: Scorecard, overview: dict[str, Any]) -> None:
    month = parse_month(overview["month"])
    Edition.objects.create(
        scorecard=scorecard,
        month=month,
        state=EditionState.PUBLISHED,
        meeting_date=date.fromisoformat(overview["meeting_date"]),
        overview=Overview.objects.create(title=f"{month:%B %Y}", summary=overview["summary"]),
    )
    indicators = by(Indicator, "reference")
    for position, focus in enumerate(overview["areas_of_focus"], start=1):
        area = AreaOfFocus.objects.create(
            title=focus["title"],
            response=focus["response"],
            position=position,
            opened_on=date.fromisoformat(focus["opened"]),
        )
        area.indicators.set([indicators[reference] for reference in focus["indicators"]])
        scorecard.areas_of_focus.add(area)
        for update in focus["updates"]:
            FocusUpdate.objects.create(area=area, date=date.fromisoformat(update["date"]), text=update["text"])


def add_editions(scorecard: Scorecard, today: date) -> int:
    """The editions beside the one with the overview: the five months before it as published, the next one open."""
    published = scorecard.editions.get()
    before = [add_months(published.month, -back) for back in range(MONTHS_SHOWN - 1, 0, -1)]
    for month in before:
        Edition.objects.create(scorecard=scorecard, month=month, state=EditionState.PUBLISHED)
    Edition.objects.create(
        scorecard=scorecard,
        month=add_months(published.month, 1),
        state=EditionState.COLLECTING,
        opens_on=today,
        due_on=today + timedelta(days=DAYS_TO_ENTER),
        meeting_date=today + timedelta(days=DAYS_TO_MEETING),
    )
    return len(before) + 2


def add_lines(scorecard: Scorecard) -> int:
    indicators = by(Indicator, "reference")
    sections = {
        record["section"]: Section.objects.create(
            scorecard=scorecard, title=record["section"], position=int(record["position"])
        )
        for record in records("sections.csv")
    }
    return add(
        [
            Line(
                section=sections[record["section"]],
                indicator=indicators[record["reference"]],
                position=int(record["position"]),
            )
            for record in records("indicators.csv")
        ]
    )
