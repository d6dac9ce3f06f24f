"""Models that belong together share a file; each QuerySet stands above its model."""

from .council_details import CouncilDetails, Logo, SmallCounts
from .edition import Edition, EditionState, Reminder, ReminderKind, Visit
from .glossary import GlossaryEntry
from .public_text import PublicText, TextDecision
from .publication import Audience, FrozenError, Publication, PublicationKind, PublishedDocument, PublishedFile
from .reset_request import ResetRequest
from .scorecard import Line, PeopleNamed, Scorecard, Section, Slug
from .spreadsheet_draft import DRAFT_FORMAT, DraftState, SpreadsheetDraft
from .withholding import Erasure, Tombstone, WithheldKind, Withholding

__all__ = [
    "DRAFT_FORMAT",
    "Audience",
    "CouncilDetails",
    "DraftState",
    "Edition",
    "EditionState",
    "Erasure",
    "FrozenError",
    "GlossaryEntry",
    "Line",
    "Logo",
    "PeopleNamed",
    "PublicText",
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
    "SmallCounts",
    "SpreadsheetDraft",
    "TextDecision",
    "Tombstone",
    "Visit",
    "WithheldKind",
    "Withholding",
]
