"""What can be imported and exported, and how a spreadsheet's cells become figures."""

from .formats import CSVFormat, SpreadsheetError, XLSXFormat, read_spreadsheet
from .indicators import IndicatorResource
from .values import MonthlyValueResource
from .yearly import ComparatorResource, PopulationResource, TargetResource

__all__ = [
    "CSVFormat",
    "ComparatorResource",
    "IndicatorResource",
    "MonthlyValueResource",
    "PopulationResource",
    "SpreadsheetError",
    "TargetResource",
    "XLSXFormat",
    "read_spreadsheet",
]
