"""Statistical disclosure control: which cells of a scorecard to suppress, so that no small count is given away.

Exact numbers and plain data; nothing here knows of reports, pages or texts.
"""

from .cells import Cell, Quantity, Why, is_small
from .plan import Plan, Problem, plan_cells
from .relations import Check, Derivation, Nature, Relations

__all__ = [
    "Cell",
    "Check",
    "Derivation",
    "Nature",
    "Plan",
    "Problem",
    "Quantity",
    "Relations",
    "Why",
    "is_small",
    "plan_cells",
]
