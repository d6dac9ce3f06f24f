"""One file a model, its QuerySet above it."""

from .edition import Edition, EditionState, Visit
from .publication import Audience, FrozenError, Publication, PublicationKind, PublishedDocument, PublishedFile
from .reminder import Reminder, ReminderKind
from .reset_request import ResetRequest
from .scorecard import Line, Scorecard, Section

__all__ = [
    "Audience",
    "Edition",
    "EditionState",
    "FrozenError",
    "Line",
    "Publication",
    "PublicationKind",
    "PublishedDocument",
    "PublishedFile",
    "Reminder",
    "ReminderKind",
    "ResetRequest",
    "Scorecard",
    "Section",
    "Visit",
]
