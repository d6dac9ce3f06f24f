"""What an area of focus is, and how a question of the panel stands on a day. Pure: the day is passed in."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from indicators.calculations.vocabulary import LabelledEnum


class FocusKind(LabelledEnum):
    """What is watched until it is closed: the service's concern, or what the panel asked or recommended."""

    AREA = "area", "Area of focus"
    QUESTION = "question", "Question"
    RECOMMENDATION = "recommendation", "Recommendation"


class RaisedBy(LabelledEnum):
    """Who asked for an area of focus."""

    SERVICE = "service", "The service"
    PANEL = "panel", "The panel"


class Progress(LabelledEnum):
    """How far a question has come."""

    UNASSIGNED = "unassigned", "Nobody asked yet"
    WAITING = "waiting", "Waiting for an answer"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Closed"


class QuestionStanding(NamedTuple):
    """How a question stands on a day: how far, for how many days it was open, and how late the answer is."""

    progress: Progress
    days_open: int
    days_late: int


def standing_on(
    day: date, *, opened_on: date, closed_on: date | None, due_on: date | None, is_assigned: bool, is_answered: bool
) -> QuestionStanding:
    """How a question stands on the day. `days_late` is 0 once it is answered or closed, and without a due date."""
    if closed_on is not None:
        progress = Progress.CLOSED
    elif is_answered:
        progress = Progress.ANSWERED
    else:
        progress = Progress.WAITING if is_assigned else Progress.UNASSIGNED
    is_late = progress in (Progress.UNASSIGNED, Progress.WAITING) and due_on is not None and due_on < day
    return QuestionStanding(
        progress,
        days_open=max(((closed_on or day) - opened_on).days, 0),
        days_late=(day - due_on).days if is_late and due_on else 0,
    )
