"""Statistical process control: whether a figure is more than usual variation.

`analyse` is the XmR chart of NHS England's Making Data Count. `choose_chart` says where another one is sounder or none
is sound, and `draw_chart` draws the one it chose.
"""

from .choice import FEWEST_FIGURES, ChartChoice, choose_chart, draw_chart, examine
from .result import (
    POINT_TYPES,
    Assurance,
    Chart,
    Improvement,
    PointType,
    SpcPoint,
    SpcResult,
    SpecialCause,
    Variation,
)
from .small_numbers import count_chart, gap_chart, share_chart
from .xmr import FEWEST_TO_FIX, analyse, rebase_places

__all__ = [
    "FEWEST_FIGURES",
    "FEWEST_TO_FIX",
    "POINT_TYPES",
    "Assurance",
    "Chart",
    "ChartChoice",
    "Improvement",
    "PointType",
    "SpcPoint",
    "SpcResult",
    "SpecialCause",
    "Variation",
    "analyse",
    "choose_chart",
    "count_chart",
    "draw_chart",
    "examine",
    "gap_chart",
    "rebase_places",
    "share_chart",
]
