"""How far a line has come on its way to being signed off, from what is stored of it.

Pure: says it in one word, changes nothing. Figure and text are written down exactly with each step, to tell later
whether they are still those that were signed off.
"""

from __future__ import annotations

from typing import NamedTuple

from indicators.calculations.figures import Figure
from indicators.calculations.plain_text import plain_text
from indicators.calculations.vocabulary import LabelledEnum


class Step(LabelledEnum):
    """The latest step that somebody took with a line."""

    DRAFT = "draft", "Taken back"
    SENT = "sent", "Sent for sign-off"
    SENT_BACK = "sent_back", "Sent back"
    APPROVED = "approved", "Signed off"


class Standing(LabelledEnum):
    """How far a line has come, in the order of the work."""

    NOT_DUE = "not_due", "Not due this month"
    TO_DO = "to_do", "Not started"
    DRAFT = "draft", "Draft"
    SENT_BACK = "sent_back", "Sent back"
    SENT = "sent", "Sent for sign-off"
    CHANGED = "changed", "Changed after sign-off"
    APPROVED = "approved", "Signed off"

    @property
    def is_with_reporter(self) -> bool:
        """Whether the next step is the reporter's."""
        return self in (Standing.TO_DO, Standing.DRAFT, Standing.SENT_BACK)

    @property
    def is_with_owner(self) -> bool:
        """Whether the next step is the owner's."""
        return self in (Standing.SENT, Standing.CHANGED)


class LatestStep(NamedTuple):
    """What a sign-off keeps: the latest step, and the figure (its `signature`) and text that it was taken on."""

    step: Step
    figure: str
    text: str

    def is_about(self, figure: Figure, text: str) -> bool:
        """Whether figure and text are still those that the step was taken on."""
        # In one form, also what was kept before texts were stored in it.
        return plain_text(self.figure) == signature(figure) and plain_text(self.text) == plain_text(text)


def standing(latest: LatestStep | None, figure: Figure, text: str, *, is_started: bool, is_due: bool) -> Standing:
    """How far a line has come.

    `figure` and `text` are what is stored now. A line that was signed off with another figure or
    text waits for its owner again, whoever changed it and wherever. `is_started` says whether
    anything was entered, `is_due` whether a figure is expected in the month at all.
    """
    step = latest.step if latest else Step.DRAFT
    if step is Step.SENT_BACK:
        return Standing.SENT_BACK
    if step is Step.SENT:
        return Standing.SENT
    if latest and step is Step.APPROVED:
        return Standing.APPROVED if latest.is_about(figure, text) else Standing.CHANGED
    if is_started:
        return Standing.DRAFT
    return Standing.TO_DO if is_due else Standing.NOT_DUE


def signature(figure: Figure) -> str:
    """Everything that a reader sees of a figure: 1464, 4/31, awaited; then a stage that is not final, and its note.

    Numerator and denominator count, not only their quotient: 1/2 is another entry than 2/4.
    """
    if figure.numerator is not None:
        value = f"{figure.numerator}/{figure.denominator}"
    else:
        value = str(figure.value) if figure.blank is None else str(figure.blank)
    return " ".join(filter(None, (value, figure.stage.shorthand, plain_text(figure.note))))
