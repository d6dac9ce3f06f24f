"""What the pages of the overview and of the panel's questions show, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.urls import reverse

from commentary.focus import Progress, QuestionStanding
from commentary.models import AreaOfFocus
from indicators.calculations.months import month_text
from indicators.models import Seen, User, seen
from scorecard.models import Edition, EditionState, Scorecard
from scorecard.report.queries import final_day_of
from scorecard.rules import may

from .forms import SummaryForm
from .question_forms import QuestionsForm


class ShownQuestion(NamedTuple):
    """A question with how it stands today."""

    question: AreaOfFocus
    standing: QuestionStanding

    @property
    def progress(self) -> Progress:
        return self.standing.progress

    @property
    def mark(self) -> str:
        """The look of its progress, as a line's on its way to sign-off."""
        return {
            Progress.UNASSIGNED: "changed",
            Progress.WAITING: "sent",
            Progress.ANSWERED: "approved",
            Progress.CLOSED: "draft",
        }[self.progress]


@dataclass
class OverviewPage:
    """The overall summary and the areas of focus, as the edition's report will have them."""

    edition: Edition
    form: SummaryForm

    @property
    def is_published(self) -> bool:
        return self.edition.state == EditionState.PUBLISHED

    @cached_property
    def has_report(self) -> bool:
        """Whether the month has figures, and so a report to look at."""
        return self.edition.scorecard.has_figures_for(self.edition.month)

    @cached_property
    def before(self) -> Edition | None:
        """The latest earlier edition that has a summary."""
        earlier = Edition.objects.filter(
            scorecard=self.edition.scorecard, month__lt=self.edition.month, overview__isnull=False
        )
        return earlier.select_related("overview").order_by("-month").first()

    @property
    def final_day(self) -> date:
        return final_day_of(self.edition, self.edition.month)

    @cached_property
    def areas(self) -> list[AreaOfFocus]:
        """What the report shows, each with the updates that it will have."""
        areas = shown_in(self.edition)
        for area in areas:
            area.told = [update for update in area.updates.all() if update.date <= self.final_day]  # type: ignore[attr-defined]
            area.saw = mark_of(seen(area))  # type: ignore[attr-defined]
            area.is_closed = bool(area.closed_on)  # type: ignore[attr-defined]
        return areas


def shown_in(edition: Edition) -> list[AreaOfFocus]:
    """The areas of focus and questions that stand in an edition's report; three queries."""
    areas = edition.scorecard.areas_of_focus.open_in(edition.month, final_day_of(edition, edition.month))
    return list(areas.select_related("owner").prefetch_related("updates", "indicators"))


def mark_of(version: Seen) -> str:
    """Which version of a row a button stands beside, as forms send it."""
    return f"{version.key or ''}.{version.version}"


@dataclass
class QuestionsPage:
    """The questions of a scorecard that were asked for, the oldest first."""

    scorecard: Scorecard
    questions: list[AreaOfFocus]
    form: QuestionsForm
    today: date
    reader: User

    @cached_property
    def shown(self) -> list[ShownQuestion]:
        return [
            ShownQuestion(question, question.standing(self.today))
            for question in self.questions
            if self.form.wants(question)
        ]

    @cached_property
    def _open(self) -> list[QuestionStanding]:
        return [question.standing(self.today) for question in self.questions if question.closed_on is None]

    @property
    def open_count(self) -> int:
        return len(self._open)

    @property
    def late_count(self) -> int:
        return sum(standing.days_late > 0 for standing in self._open)

    @property
    def unassigned_count(self) -> int:
        return sum(standing.progress is Progress.UNASSIGNED for standing in self._open)

    @property
    def may_raise(self) -> bool:
        return may(self.reader, "raise_question")


def questions_on(scorecard: Scorecard) -> list[AreaOfFocus]:
    """All questions of a scorecard with their owners and indicators, the oldest first; two queries."""
    return list(scorecard.areas_of_focus.questions().select_related("owner").prefetch_related("indicators"))


@dataclass(frozen=True, slots=True)
class AskedOf:
    """A question that waits for somebody's answer, or how many wait for somebody to be asked."""

    scorecard: Scorecard
    today: date
    question: AreaOfFocus | None = None
    unassigned: int = 0

    @property
    def address(self) -> str:
        if self.question is None:
            return f"{reverse('questions', args=[self.scorecard.slug])}?owner=nobody"
        return reverse("question", args=[self.scorecard.slug, self.question.pk])

    @property
    def days_late(self) -> int:
        return self.question.standing(self.today).days_late if self.question else 0


def asked_of(person: User, today: date) -> list[AskedOf]:
    """What the panel asked that waits for a person: for the answer of the owner, and for officers to name one."""
    waiting = AreaOfFocus.objects.questions().unanswered().prefetch_related("scorecards")
    found = [
        AskedOf(scorecard, today, question)
        for question in waiting.filter(owner__in=person.acts_for)
        for scorecard in _first(question.scorecards.all())
    ]
    if may(person, "manage_questions"):
        found += _unassigned(waiting.filter(owner__isnull=True), today)
    return found


def _unassigned(questions: Iterable[AreaOfFocus], today: date) -> list[AskedOf]:
    counts: dict[Scorecard, int] = {}
    for question in questions:
        for scorecard in question.scorecards.all():
            counts[scorecard] = counts.get(scorecard, 0) + 1
    return [AskedOf(scorecard, today, unassigned=count) for scorecard, count in counts.items()]


def _first(scorecards: Iterable[Scorecard]) -> list[Scorecard]:
    """An area of focus can stand on several scorecards; who answers needs one page."""
    return list(scorecards)[:1]


def suggested_day(edition: Edition, today: date) -> date:
    """When an area that is added to an edition was opened: today, if the edition then shows it."""
    return min(today, final_day_of(edition, edition.month))


def is_shown(area: AreaOfFocus, edition: Edition) -> bool:
    """Whether an edition's report shows the area."""
    final_day = final_day_of(edition, edition.month)
    return edition.scorecard.areas_of_focus.open_in(edition.month, final_day).filter(pk=area.pk).exists()


class AskLinks(NamedTuple):
    """From a report or an indicator's page to what the panel asks; `raise_at` is empty while it isn't published."""

    what: str
    raise_at: str
    list_at: str


def ask_links(reader: Any, slug: str, month: date, indicator: int | None = None) -> AskLinks | None:
    """The links for those who raise questions; nobody else gets any."""
    if not may(reader, "raise_question"):
        return None
    about = {} if indicator is None else {"indicator": indicator}
    is_published = Edition.objects.published().filter(scorecard__slug=slug, month=month).exists()
    at = {"month": month_text(month), **about}
    return AskLinks(
        "report" if indicator is None else "indicator",
        reverse("new_question", args=[slug], query=at) if is_published else "",
        reverse("questions", args=[slug], query={**about, "show": "all"} if about else None),
    )
