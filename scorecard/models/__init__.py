"""Models that belong together share a file; each QuerySet stands above its model."""

from .council_details import CouncilDetails
from .edition import Edition, EditionState, Reminder, ReminderKind, Visit
from .glossary import GlossaryEntry
from .publication import Audience, FrozenError, Publication, PublicationKind, PublishedDocument, PublishedFile
from .reset_request import ResetRequest
from .scorecard import Line, PeopleNamed, Scorecard, Section, Slug

__all__ = [
    "Audience",
    "CouncilDetails",
    "Edition",
    "EditionState",
    "FrozenError",
    "GlossaryEntry",
    "Line",
    "PeopleNamed",
    "Publication",
    "PublicationKind",
    "PublishedDocument",
    "PublishedFile",
    "Reminder",
    "ReminderKind",
    "ResetRequest",
    "Scorecard",
    "Section",
    "Slug",
    "Visit",
]
