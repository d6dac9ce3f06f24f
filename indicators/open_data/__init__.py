"""Comparators from national open data: a mapping, the files it names, and the arithmetic between them.

No database and no Django: what is stored is compared and saved elsewhere (indicators/open_data_changes.py).
"""

from .comparators import AuthorityFigure, ComparatorFigure, Findings, read_findings
from .files import OpenDataError
from .mapping import ComparatorMapping, load_mapping

__all__ = [
    "AuthorityFigure",
    "ComparatorFigure",
    "ComparatorMapping",
    "Findings",
    "OpenDataError",
    "load_mapping",
    "read_findings",
]
