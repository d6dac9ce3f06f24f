"""Statistical disclosure control: which cells of a scorecard to suppress, so that no small count is given away.

Exact numbers and plain data; nothing here knows of reports, pages or texts.
"""

from .constraints import Bounds, Edition, Variable
from .plan import Plan, plan_cells
from .relations import (
    LARGEST_SMALL,
    Cell,
    Derivation,
    Nature,
    Quantity,
    Relation,
    Relations,
    Why,
    is_small,
    tells_of_few,
)
from .release import Release
from .rounding import BASE, RoundedPlan, bounds_of_rounded, plan_rounding, rounded_figure, to_nearest
from .search import find_relations

__all__ = [
    "BASE",
    "LARGEST_SMALL",
    "Bounds",
    "Cell",
    "Derivation",
    "Edition",
    "Nature",
    "Plan",
    "Quantity",
    "Relation",
    "Relations",
    "Release",
    "RoundedPlan",
    "Variable",
    "Why",
    "bounds_of_rounded",
    "find_relations",
    "is_small",
    "plan_cells",
    "plan_rounding",
    "rounded_figure",
    "tells_of_few",
    "to_nearest",
]
