"""What can be imported and exported, and how a spreadsheet's cells become figures."""

from .archive import SpreadsheetError
from .figures import (
    ComparatorResource,
    MonthlyValueResource,
    PopulationResource,
    TargetResource,
    cautions_about,
    cautions_about_deleting,
)
from .formats import CSVFormat, XLSXFormat, read_spreadsheet
from .indicators import IndicatorResource, SuccessionResource

__all__ = [
    "CSVFormat",
    "ComparatorResource",
    "IndicatorResource",
    "MonthlyValueResource",
    "PopulationResource",
    "SpreadsheetError",
    "SuccessionResource",
    "TargetResource",
    "XLSXFormat",
    "cautions_about",
    "cautions_about_deleting",
    "read_spreadsheet",
]
