"""A question's own page: what it shows, and the forms of those who may do something about it."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from commentary.models import AreaOfFocus, FocusUpdate
from indicators.models import Indicator, User, seen
from scorecard.editing.forms import EditForm
from scorecard.models import EditionState, Scorecard
from scorecard.rules import may
from scorecard.sheet.history import Event

from .forms import UpdateForm
from .history import events_of
from .page import ShownQuestion, mark_of
from .question_forms import AnswerForm, AssignForm, CloseForm

ANSWER, UPDATE, ASSIGN, CLOSE, REOPEN = "answer", "update", "assign", "close", "reopen"


class QuestionPage:
    """What the page shows to a reader on a day; `action` is what was done there, with what was typed."""

    def __init__(
        self,
        scorecard: Scorecard,
        question: AreaOfFocus,
        reader: User,
        today: date,
        *,
        data: Any = None,
        action: str = "",
    ) -> None:
        self.scorecard = scorecard
        self.question = question
        self.action = action
        self.may_answer = may(reader, "answer_question", question)
        self.may_manage = may(reader, "manage_questions")
        self.shown = ShownQuestion(question, question.standing(today))
        self.forms = self._forms(data, today)

    def _forms(self, data: Any, today: date) -> dict[str, EditForm]:
        """The forms that the reader may send, of which one was."""
        question, sent = self.question, {self.action: data}
        found: dict[str, EditForm] = {}
        if self.may_answer:
            found[ANSWER] = AnswerForm(sent.get(ANSWER), question, auto_id="answer_%s")
            found[UPDATE] = UpdateForm(sent.get(UPDATE), None, initial={"date": today}, auto_id="update_%s")
        if self.may_manage:
            suggested = self.indicators[0].owner if self.indicators else None
            found[ASSIGN] = AssignForm(sent.get(ASSIGN), question, suggested, auto_id="assign_%s")
            found[CLOSE] = CloseForm(sent.get(CLOSE), question, initial={"closed_on": today}, auto_id="close_%s")
            found[REOPEN] = EditForm(sent.get(REOPEN), question, auto_id="reopen_%s")
        return found

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
        return list(self.question.indicators.select_related("owner"))

    @cached_property
    def updates(self) -> list[FocusUpdate]:
        return list(self.question.updates.all())

    @cached_property
    def events(self) -> list[Event]:
        return events_of(self.question)

    @property
    def saw(self) -> str:
        return mark_of(seen(self.question))

    @cached_property
    def open_edition(self) -> str:
        """The month whose overview an officer can change the question's words in; empty without an edition."""
        editions = self.scorecard.editions.exclude(state=EditionState.PUBLISHED).filter(
            month__gt=self.question.asked_in
        )
        month = editions.order_by("month").values_list("month", flat=True).first()
        return f"{month:%Y-%m}" if month else ""
