"""Models that belong together share a file; each QuerySet stands above its model."""

from .audited import Audited, ChangedMeanwhileError, Seen, Versioned, delete_all, save_all, seen, was_last_saved_by
from .comparator import Comparator, PeerFigure
from .comparator_group import ComparatorGroup
from .cross_check import CrossCheck, CrossCheckTerm
from .derivation import DerivationTerm, Role
from .folding import FoldedLookup
from .indicator import Indicator, Population, PopulationGroup
from .monthly_value import FixedBaseline, MonthlyValue, Rebase
from .national import NationalComparator
from .security_event import SecurityEvent, SecurityEventKind
from .succession import Succession
from .target import TARGET_NUMBERS, TARGET_WORDS, Target, read_steps, target_terms
from .upload import PendingUpload
from .user import Deputy, User, name_in_reports

__all__ = [
    "TARGET_NUMBERS",
    "TARGET_WORDS",
    "Audited",
    "ChangedMeanwhileError",
    "Comparator",
    "ComparatorGroup",
    "CrossCheck",
    "CrossCheckTerm",
    "Deputy",
    "DerivationTerm",
    "FixedBaseline",
    "FoldedLookup",
    "Indicator",
    "MonthlyValue",
    "NationalComparator",
    "PeerFigure",
    "PendingUpload",
    "Population",
    "PopulationGroup",
    "Rebase",
    "Role",
    "SecurityEvent",
    "SecurityEventKind",
    "Seen",
    "Succession",
    "Target",
    "User",
    "Versioned",
    "delete_all",
    "name_in_reports",
    "read_steps",
    "save_all",
    "seen",
    "target_terms",
    "was_last_saved_by",
]
