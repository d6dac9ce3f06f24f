"""Statistical process control: whether a figure is more than usual variation.

`analyse` is the XmR chart of NHS England's Making Data Count. `choose_chart` says where another one is sounder or none
is sound, and `draw_chart` draws the one it chose.
"""

from .analysis import analyse, rebase_places
from .choice import ChartChoice, choose_chart, draw_chart
from .result import SpcGroup, SpcPoint, SpcResult
from .small_numbers import count_chart, gap_chart, share_chart
from .words import Assurance, Chart, Improvement, PointType, SpecialCause, Variation

__all__ = [
    "Assurance",
    "Chart",
    "ChartChoice",
    "Improvement",
    "PointType",
    "SpcGroup",
    "SpcPoint",
    "SpcResult",
    "SpecialCause",
    "Variation",
    "analyse",
    "choose_chart",
    "count_chart",
    "draw_chart",
    "gap_chart",
    "rebase_places",
    "share_chart",
]
