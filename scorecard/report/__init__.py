"""The board report: one object that the page, the CSV, the JSON and later outputs all read."""

from indicators.calculations.row import Row

from .assemble import assemble_report
from .board import BoardReport

__all__ = ["BoardReport", "Row", "assemble_report"]
