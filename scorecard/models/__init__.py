"""One file a model, its QuerySet above it."""

from .edition import Edition, EditionState, Visit
from .reminder import Reminder, ReminderKind
from .reset_request import ResetRequest
from .scorecard import Line, Scorecard, Section

__all__ = [
    "Edition",
    "EditionState",
    "Line",
    "Reminder",
    "ReminderKind",
    "ResetRequest",
    "Scorecard",
    "Section",
    "Visit",
]
