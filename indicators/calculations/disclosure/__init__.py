"""Statistical disclosure control: which cells of a scorecard to suppress, so that no small count is given away.

Exact numbers and plain data; nothing here knows of reports, pages or texts.
"""

from .plan import Plan, Release, plan_cells
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

__all__ = [
    "LARGEST_SMALL",
    "Cell",
    "Derivation",
    "Nature",
    "Plan",
    "Quantity",
    "Relation",
    "Relations",
    "Release",
    "Why",
    "is_small",
    "plan_cells",
    "tells_of_few",
]
