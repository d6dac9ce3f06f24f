"""The demonstration's scorecard with its lines, commentary and overview."""

import json
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from commentary.focus import RaisedBy
from commentary.models import AreaOfFocus, Commentary, FocusUpdate, Overview
from indicators.calculations.months import add_months, parse_month
from indicators.calculations.row import MONTHS_SHOWN
from indicators.models import Indicator, User
from scorecard.models import Edition, EditionState, Line, Scorecard, Section

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


def add_scorecard(today: date) -> Scorecard:
    """The demonstration's scorecard, with its edition, overview and areas of focus, and what the panel asked since."""
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
    overview = json.loads(text)
    _add_edition(scorecard, overview)
    _add_questions(scorecard, overview, today)
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


def _add_questions(scorecard: Scorecard, overview: dict[str, Any], today: date) -> None:
    """What the panel asked about the report, some days ago: so it stands in the month that is open."""
    indicators, people = by(Indicator, "reference"), by(User, "username")
    for position, asked in enumerate(overview["questions"], start=len(overview["areas_of_focus"]) + 1):
        question = AreaOfFocus.objects.create(
            kind=asked["kind"],
            title=asked["title"],
            detail=asked["detail"],
            response=asked["response"],
            raised_by=RaisedBy.PANEL,
            asked_by=people[asked["asked_by"]],
            asked_in=parse_month(overview["month"]),
            owner=people[asked["owner"]],
            due_on=today + timedelta(days=asked["due_in_days"]),
            position=position,
            opened_on=today - timedelta(days=asked["days_ago"]),
        )
        question.indicators.set([indicators[reference] for reference in asked["indicators"]])
        scorecard.areas_of_focus.add(question)
        for update in asked["updates"]:
            day = today - timedelta(days=update["days_ago"])
            FocusUpdate.objects.create(area=question, date=day, text=update["text"])


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
