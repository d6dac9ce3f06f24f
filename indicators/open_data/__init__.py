"""Comparators from national open data: a mapping, the files it names, and the arithmetic between them.

No database and no Django: what is stored is compared and saved elsewhere (indicators/open_data_changes/).
"""

from .findings import AuthorityFigure, Findings, WorkedOut
from .mapping import Mapping
from .mapping_file import load_mapping
from .problems import OpenDataError
from .reading import read_findings

__all__ = [
    "AuthorityFigure",
    "Findings",
    "Mapping",
    "OpenDataError",
    "WorkedOut",
    "load_mapping",
    "read_findings",
]
