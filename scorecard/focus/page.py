"""What the pages of the overview and of the panel's questions show, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Any, NamedTuple

from django.urls import reverse

from commentary.focus import Progress, QuestionStanding
from commentary.models import AreaOfFocus, AreaOfFocusQuerySet, FocusUpdate
from indicators.calculations.months import month_text
from indicators.models import Indicator, User, seen
from scorecard.editing.forms import EditForm, version_text
from scorecard.editing.history import NOTHING, Event, changes_in, event_of, records_in
from scorecard.models import Edition, EditionState, Scorecard
from scorecard.report.assemble import assemble_report, final_day_of
from scorecard.report.what_to_look_at import LookItem, Reason, what_to_look_at
from scorecard.rules import may

from .forms import AnswerForm, AssignForm, CloseForm, QuestionsForm, SummaryForm, UpdateForm
from .words import Tell, Words

ANSWER, UPDATE, ASSIGN, CLOSE, REOPEN = "answer", "update", "assign", "close", "reopen"
NOBODY = "nobody"


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

    @cached_property
    def to_look_at(self) -> list[Concern]:
        """What is out of the ordinary in the month, as its report has it now, the most pressing first."""
        if not self.has_report:
            return []
        report = assemble_report(self.edition.scorecard, self.edition.month)
        return [Concern(item) for item in what_to_look_at(report)]

    @property
    def concerns(self) -> list[Concern]:
        return [one for one in self.to_look_at if one.item.first in PRESSING]

    @property
    def others(self) -> list[Concern]:
        return [one for one in self.to_look_at if one.item.first not in (*PRESSING, Reason.OVERDUE)]

    @property
    def overdue(self) -> list[LookItem]:
        """The lines whose figures are not in yet, also those beside a line that is a concern."""
        return [line for one in self.to_look_at for line in one.item.lines if Reason.OVERDUE in line.reasons]

    @property
    def has_one_area(self) -> bool:
        return len(self.areas) < 2

    @property
    def order(self) -> str:
        return order_of(self.areas)

    @property
    def final_day(self) -> date:
        return final_day_of(self.edition, self.edition.month)

    @cached_property
    def areas(self) -> list[AreaOfFocus]:
        """What the report shows, each with the updates that it will have; three queries."""
        areas = list(shown_in(self.edition).select_related("owner").prefetch_related("updates", "indicators"))
        for area in areas:
            area.told = [update for update in area.updates.all() if update.date <= self.final_day]  # type: ignore[attr-defined]
            area.saw = version_text(seen(area))  # type: ignore[attr-defined]
            area.is_closed = bool(area.closed_on)  # type: ignore[attr-defined]
        return areas


# What a summary should not pass over; figures that are not in, improvements and what nobody judges come after them.
PRESSING = (Reason.CONCERN, Reason.MOVED_WORSE, Reason.OFF_TARGET, Reason.GAP)


class Concern(NamedTuple):
    """A line to look at while the overview is written, with the sentence that can go into it."""

    item: LookItem

    @property
    def sentence(self) -> str:
        return f"{self.item.row.measure.title}: {self.item.sentence}"


def order_of(areas: Iterable[AreaOfFocus]) -> str:
    """Tells one order of areas of focus from another."""
    return sha256(repr([(area.pk, area.position) for area in areas]).encode()).hexdigest()[:16]


def shown_in(edition: Edition) -> AreaOfFocusQuerySet:
    """The areas of focus and questions that stand in an edition's report."""
    return edition.scorecard.areas_of_focus.open_in(edition.month, final_day_of(edition, edition.month))


def suggested_day(edition: Edition, today: date) -> date:
    """When an area that is added to an edition was opened: today, if the edition then shows it."""
    return min(today, final_day_of(edition, edition.month))


class QuestionStatus(NamedTuple):
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
class QuestionsPage:
    """The questions of a scorecard that were asked for, the oldest first. They come with the titles to be told."""

    scorecard: Scorecard
    questions: list[AreaOfFocus]
    form: QuestionsForm
    today: date
    reader: User

    @cached_property
    def shown(self) -> list[QuestionStatus]:
        return [
            QuestionStatus(question, question.standing(self.today))
            for question in self.questions
            if self.form.wants(question)
        ]

    @cached_property
    def open(self) -> list[QuestionStanding]:
        return [question.standing(self.today) for question in self.questions if question.closed_on is None]

    @property
    def late_count(self) -> int:
        return sum(standing.days_late > 0 for standing in self.open)

    @property
    def unassigned_count(self) -> int:
        return sum(standing.progress is Progress.UNASSIGNED for standing in self.open)

    @property
    def may_raise(self) -> bool:
        return may(self.reader, "raise_question")


def questions_on(scorecard: Scorecard) -> list[AreaOfFocus]:
    """All questions of a scorecard with their owners and indicators, the oldest first; two queries."""
    return list(scorecard.areas_of_focus.questions().select_related("owner").prefetch_related("indicators"))


class QuestionPage:
    """What the page shows to a reader on a day; `action` is what was done there, with what was typed, and `asked` the
    address's query.
    """

    def __init__(
        self,
        scorecard: Scorecard,
        question: AreaOfFocus,
        reader: User,
        today: date,
        *,
        data: Any = None,
        action: str = "",
        asked: Any = (),
    ) -> None:
        self.scorecard = scorecard
        self.question = question
        self.action = action
        self.may_answer = may(reader, "answer_question", question)
        self.may_manage = may(reader, "manage_questions")
        self.shown = QuestionStatus(question, question.standing(today))
        self.words = Words(reader, [(scorecard, question)])
        self.tell = self.words.of(question)
        self.title, self.detail, self.response = map(self.tell, (question.title, question.detail, question.response))
        # The forms that the reader may send, of which one was.
        sent = {action: data}
        self.forms: dict[str, EditForm] = {}
        if self.may_answer:
            self.forms[ANSWER] = AnswerForm(sent.get(ANSWER), question, auto_id="answer_%s")
            self.forms[UPDATE] = UpdateForm(sent.get(UPDATE), None, initial={"date": today}, auto_id="update_%s")
        if self.may_manage:
            suggested = self.indicators[0].owner if self.indicators else None
            self.forms[ASSIGN] = AssignForm(sent.get(ASSIGN), question, suggested, asked=asked, auto_id="assign_%s")
            self.forms[CLOSE] = CloseForm(sent.get(CLOSE), question, initial={"closed_on": today}, auto_id="close_%s")
            self.forms[REOPEN] = EditForm(sent.get(REOPEN), question, auto_id="reopen_%s")

    @property
    def sent(self) -> EditForm | None:
        """The form that was sent and not accepted."""
        form = self.forms.get(self.action)
        return form if form is not None and form.is_bound else None

    @property
    def is_open(self) -> bool:
        return self.question.closed_on is None

    @cached_property
    def indicators(self) -> list[Indicator]:
        found = list(self.question.indicators.select_related("owner"))
        for indicator in found:
            indicator.told = self.words.name_of(indicator)  # type: ignore[attr-defined]
        return found

    @cached_property
    def updates(self) -> list[FocusUpdate]:
        found = list(self.question.updates.all())
        for update in found:
            update.told = self.tell(update.text)  # type: ignore[attr-defined]
        return found

    @cached_property
    def events(self) -> list[Event]:
        """Everything that happened to the question and its updates, newest first; in three queries."""
        records = records_in(AreaOfFocus.history.filter(id=self.question.pk))
        updates = records_in(FocusUpdate.history.filter(area_id=self.question.pk))
        told = {_dated(record): _dated(record, self.tell) for record in updates}
        said = (
            event._replace(before=told.get(event.before, event.before), after=told.get(event.after, event.after))
            for event in changes_in(updates, "Update", _dated, at_first="")
        )
        return sorted([*_changes(records, self.tell), *said], key=lambda event: event.at, reverse=True)

    @property
    def saw(self) -> str:
        return version_text(seen(self.question))

    @cached_property
    def open_edition(self) -> str:
        """The month whose overview an officer can change the question's words in; empty without an edition."""
        editions = self.scorecard.editions.exclude(state=EditionState.PUBLISHED).filter(
            month__gt=self.question.asked_in
        )
        month = editions.order_by("month").values_list("month", flat=True).first()
        return f"{month:%Y-%m}" if month else ""


def _changes(records: Sequence[Any], tell: Tell) -> Iterator[Event]:
    """Raised, then what was changed from one entry of the history to the next; words as their reader may read them."""
    owners = User.objects.in_bulk({record.owner_id for record in records if record.owner_id})
    yield from (
        event_of(record, f"{record.get_kind_display()} raised", after=tell(record.title)) for record in records[:1]
    )
    for before, record in pairwise(records):
        for what, said, says in (
            ("Words", before.title, record.title),
            ("More about it", before.detail, record.detail),
            ("Answer", before.response, record.response),
        ):
            if said != says:
                yield event_of(record, what, tell(said) or NOTHING, tell(says) or NOTHING)
        for what, old, new in (
            ("Who answers", *(str(owners.get(one.owner_id, NOBODY)) for one in (before, record))),
            ("Answer due", _day(before.due_on), _day(record.due_on)),
        ):
            if old != new:
                yield event_of(record, what, old or NOTHING, new or NOTHING)
        if record.closed_on != before.closed_on:
            is_closed = record.closed_on is not None
            yield event_of(record, "Closed" if is_closed else "Opened again", after=_day(record.closed_on))


def _dated(update: Any, tell: Tell = str) -> str:
    """An entry of an update's history: its day, and what it says."""
    return f"{_day(update.date)}: {tell(update.text)}"


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""


@dataclass(frozen=True, slots=True)
class QuestionTask:
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


def question_tasks(person: User, today: date) -> list[QuestionTask]:
    """What the panel asked that waits for a person: for the answer of the owner, and for officers to name one."""
    waiting = AreaOfFocus.objects.questions().unanswered().prefetch_related("scorecards")
    # An area of focus can stand on several scorecards; who answers needs one page.
    tasks = [
        QuestionTask(scorecard, today, question)
        for question in waiting.filter(owner__in=person.acts_for)
        for scorecard in list(question.scorecards.all())[:1]
    ]
    if may(person, "manage_questions"):
        counts: dict[Scorecard, int] = {}
        for question in waiting.filter(owner__isnull=True):
            for scorecard in question.scorecards.all():
                counts[scorecard] = counts.get(scorecard, 0) + 1
        tasks += [QuestionTask(scorecard, today, unassigned=count) for scorecard, count in counts.items()]
    return tasks


def raised_by(person: User, today: date) -> list[tuple[Scorecard, QuestionStatus]]:
    """What somebody asked for the panel and is still open, the oldest first, each with a scorecard it is asked on."""
    asked = AreaOfFocus.objects.questions().is_open().filter(asked_by=person).select_related("owner")
    return [
        (scorecard, QuestionStatus(question, question.standing(today)))
        for question in asked.prefetch_related("scorecards").order_by("opened_on", "pk")
        for scorecard in list(question.scorecards.all())[:1]
    ]


def ask_links(reader: Any, slug: str, month: date, indicator: int | None = None) -> dict[str, str]:
    """From a report or an indicator's page to what the panel asks, for those who raise questions; for others nothing.

    `what` says which page it is; `raise_at` is empty while the month isn't published, and `list_at` for a whole report,
    whose list the navigation leads to.
    """
    if not may(reader, "raise_question"):
        return {}
    about = {} if indicator is None else {"indicator": indicator}
    is_published = Edition.objects.published().filter(scorecard__slug=slug, month=month).exists()
    at = {"month": month_text(month), **about}
    return {
        "what": "report" if indicator is None else "indicator",
        "raise_at": reverse("new_question", args=[slug], query=at) if is_published else "",
        "list_at": reverse("questions", args=[slug], query={**about, "show": "all"}) if about else "",
    }
