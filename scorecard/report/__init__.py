"""The board report: one object that the page, the CSV, the JSON and later outputs all read."""

from .assemble import assemble_report
from .board import BoardReport
from .row import Row

__all__ = ["BoardReport", "Row", "assemble_report"]
