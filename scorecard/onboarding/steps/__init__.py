"""The steps between a spreadsheet and its preview, each a form whose questions stand beside the cells concerned."""

from .beside import AuditForm, ComparatorsForm
from .fields import Cell, StepForm
from .rows import IndicatorsForm, PeopleForm
from .sheet import ColumnsForm, SheetForm, TextsForm, UploadForm, role_words

__all__ = ["STEPS", "Cell", "SheetForm", "StepForm", "UploadForm", "role_words"]

STEPS: dict[str, tuple[str, type[StepForm]]] = {
    "sheet": ("The sheet", SheetForm),
    "columns": ("What each column is", ColumnsForm),
    "texts": ("What is no number", TextsForm),
    "indicators": ("Indicators", IndicatorsForm),
    "people": ("People", PeopleForm),
    "comparators": ("Comparators and targets", ComparatorsForm),
    "audit": ("What can’t be right", AuditForm),
}
