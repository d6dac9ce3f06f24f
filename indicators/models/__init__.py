"""One file a model, its QuerySet above it."""

from .audited import Audited, ChangedMeanwhileError, Versioned
from .comparator import Comparator
from .derivation import DerivationTerm, Role, with_sources
from .indicator import Indicator
from .monthly_value import MonthlyValue
from .population import Population, PopulationGroup
from .rebase import Rebase
from .target import Target
from .user import Deputy, User

__all__ = [
    "Audited",
    "ChangedMeanwhileError",
    "Comparator",
    "Deputy",
    "DerivationTerm",
    "Indicator",
    "MonthlyValue",
    "Population",
    "PopulationGroup",
    "Rebase",
    "Role",
    "Target",
    "User",
    "Versioned",
    "with_sources",
]
