"""One file a model, its QuerySet above it."""

from .audited import Audited, ChangedMeanwhileError, Seen, Versioned, save_all, seen
from .comparator import Comparator
from .cross_check import CrossCheck, CrossCheckTerm
from .derivation import DerivationTerm, Role, with_sources
from .indicator import Indicator
from .monthly_value import MonthlyValue
from .peer_figure import PeerFigure
from .population import Population, PopulationGroup
from .rebase import Rebase
from .target import Target
from .user import Deputy, User

__all__ = [
    "Audited",
    "ChangedMeanwhileError",
    "Comparator",
    "CrossCheck",
    "CrossCheckTerm",
    "Deputy",
    "DerivationTerm",
    "Indicator",
    "MonthlyValue",
    "PeerFigure",
    "Population",
    "PopulationGroup",
    "Rebase",
    "Role",
    "Seen",
    "Target",
    "User",
    "Versioned",
    "save_all",
    "seen",
    "with_sources",
]
