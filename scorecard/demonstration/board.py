"""The demonstration's scorecard with its lines, commentary and overview."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from commentary.focus import RaisedBy
from commentary.models import AreaOfFocus, Commentary, FocusUpdate, Overview
from indicators.calculations.months import add_months, parse_month
from indicators.calculations.vocabulary import GroupKind
from indicators.models import ComparatorGroup, Indicator, User
from indicators.working_days import working_day_from, working_day_until
from scorecard.models import (
    Edition,
    EditionState,
    Line,
    PublicationKind,
    PublicText,
    Scorecard,
    Section,
    TextDecision,
)
from scorecard.models.scorecard import GROUP_FIELDS
from scorecard.publication.publish import draft_edition, freeze, plan_edition
from scorecard.roles import PERFORMANCE_OFFICERS

from .facts import REASON, Fixtures, add, by

DAYS_TO_ENTER, DAYS_TO_MEETING = 9, 23
THURSDAY = 3
# Texts of the overview and of its areas of focus, by the beginning of their place.
OVERVIEW = ("summary", "focus", "update")
MORNING = time(9, 30)


def add_commentary(files: Fixtures) -> int:
    indicators = by(Indicator, "reference")
    return add(
        [
            Commentary(
                indicator=indicators[record["reference"]],
                month=parse_month(record["month"]),
                text=record["text"],
            )
            for record in files.records("commentary.csv")
        ]
    )


def add_scorecard(files: Fixtures, today: date) -> Scorecard:
    """The demonstration's scorecard, with its edition, overview and areas of focus, and what the panel asked since."""
    details = files.contents("scorecard.json")
    if Scorecard.objects.filter(position=details["position"]).exists():
        details["position"] = None
    groups = dict(zip(GROUP_FIELDS, details.pop("groups"), strict=False))
    _name_region(details["region"])
    overview = files.contents("overview.json")
    month = parse_month(overview["month"])
    if details.get("shown_because"):
        meeting = date.fromisoformat(overview["meeting_date"])
        details["shown_by"] = User.objects.filter(groups__name=PERFORMANCE_OFFICERS).order_by("pk").first()
        details["shown_at"] = _in_the_morning(_a_week_before(meeting))
    scorecard = Scorecard.objects.create(slug=files.slug, **details, **groups)
    Edition.objects.create(
        scorecard=scorecard,
        month=month,
        state=EditionState.PUBLISHED,
        meeting_date=date.fromisoformat(overview["meeting_date"]),
        overview=Overview.objects.create(title=f"{month:%B %Y}", summary=overview["summary"]),
    )
    for focus in overview["areas_of_focus"]:
        updates = [(date.fromisoformat(update["date"]), update["text"]) for update in focus["updates"]]
        _add_focus(scorecard, focus, updates, opened_on=date.fromisoformat(focus["opened"]))
    people = by(User, "username")
    # What the panel asked about the report, some days ago: so it stands in the month that is open.
    for asked in overview["questions"]:
        updates = [(_ago(today, update["days_ago"]), update["text"]) for update in asked["updates"]]
        _add_focus(
            scorecard,
            asked,
            updates,
            kind=asked["kind"],
            detail=asked["detail"],
            raised_by=RaisedBy.PANEL,
            asked_by=people[asked["asked_by"]],
            asked_in=month,
            owner=people[asked["owner"]],
            due_on=_ahead(today, asked["due_in_days"]),
            opened_on=_ago(today, asked["days_ago"]),
        )
    return scorecard


def _name_region(name: str) -> None:
    """The group of the region's authorities gets the region's name, where nobody has given it one."""
    for group in ComparatorGroup.objects.filter(kind=GroupKind.REGION, name="Region"):
        group.name, group.in_sentence = name, f"the {name} region"
        group._change_reason = REASON  # type: ignore[attr-defined]
        group.save()


def _add_focus(scorecard: Scorecard, record: dict[str, Any], updates: list[tuple[date, str]], **contents: Any) -> None:
    """An area of focus, or a question of the panel, below those that are there."""
    area = AreaOfFocus.objects.create(
        title=record["title"],
        response=record["response"],
        position=scorecard.areas_of_focus.count() + 1,
        **contents,
    )
    area.indicators.set(Indicator.objects.filter(reference__in=record["indicators"]))
    scorecard.areas_of_focus.add(area)
    for day, text in updates:
        FocusUpdate.objects.create(area=area, date=day, text=text)


def add_editions(files: Fixtures, scorecard: Scorecard, today: date) -> int:
    """The editions beside the one with the overview: the months before it as published, the next one open."""
    published = scorecard.editions.get()
    count = files.contents("overview.json")["months_before"]
    before = [add_months(published.month, -back) for back in range(count, 0, -1)]
    for month in before:
        Edition.objects.create(scorecard=scorecard, month=month, state=EditionState.PUBLISHED)
    Edition.objects.create(
        scorecard=scorecard,
        month=add_months(published.month, 1),
        state=EditionState.COLLECTING,
        opens_on=_ago(today, 0),
        due_on=_ahead(today, DAYS_TO_ENTER),
        meeting_date=_ahead(today, DAYS_TO_MEETING),
    )
    return len(before) + 2


def publish_editions(scorecard: Scorecard) -> int:
    """Freeze the editions that are published, as of the day on which the panel would have got its papers.

    That is a week before the meeting, at half past nine; where no meeting is known, the first Thursday of the month
    after, as it comes out for the meeting that is known.
    """
    published = scorecard.editions.filter(state=EditionState.PUBLISHED).order_by("month")
    for edition in published.select_related("scorecard", "overview"):
        at = _in_the_morning(_papers_on(edition))
        if scorecard.suppresses_small_counts and edition.overview:
            _clear_overview(edition, at)
        freeze(draft_edition(edition), kind=PublicationKind.ORIGINAL, reason="", by=None, now=at)
    return len(published)


def _clear_overview(edition: Edition, at: datetime) -> None:
    """Let the public read the overview, as an officer who looked at it would; what was said of lines stays withheld."""
    officer = User.objects.filter(groups__name=PERFORMANCE_OFFICERS).order_by("pk").first()
    if officer is None:
        return
    _, _, plan = plan_edition(edition)
    doubtful = {one.key: one for one in plan.texts if one.text.place[0] in OVERVIEW} if plan else {}
    add(
        [
            PublicText(
                scorecard=edition.scorecard,
                key=key,
                where=one.text.where,
                month=edition.month,
                text=one.text.text,
                decision=TextDecision.CLEARED,
                decided_by=officer,
                decided_at=at,
            )
            for key, one in doubtful.items()
        ]
    )


def _papers_on(edition: Edition) -> date:
    if edition.meeting_date:
        return _a_week_before(edition.meeting_date)
    first = add_months(edition.month, 1)
    return working_day_from(first + timedelta(days=(THURSDAY - first.weekday()) % 7))


def _a_week_before(meeting: date) -> date:
    return working_day_until(meeting - timedelta(weeks=1))


def _in_the_morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, tzinfo=timezone.get_default_timezone())


def _ago(today: date, days: int) -> date:
    return working_day_until(today - timedelta(days=days))


def _ahead(today: date, days: int) -> date:
    return working_day_from(today + timedelta(days=days))


def add_lines(files: Fixtures, scorecard: Scorecard) -> int:
    indicators = by(Indicator, "reference")
    sections = {
        record["section"]: Section.objects.create(
            scorecard=scorecard, title=record["section"], position=int(record["position"])
        )
        for record in files.records("sections.csv")
    }
    return add(
        [
            Line(
                section=sections[record["section"]],
                indicator=indicators[record["reference"]],
                position=int(record["position"]),
            )
            for record in files.records("indicators.csv")
        ]
    )
