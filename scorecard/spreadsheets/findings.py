"""What an audit says of a spreadsheet: cells that can't be right, and questions that only a person can answer."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from .figures import said
from .measures import Entry, Measure


class SheetFinding(NamedTuple):
    """A cell that can't be right: what is printed, what would be right as far as that can be told, and why."""

    place: str
    measure: str
    kind: str
    printed: str
    right: str
    why: str
    row: int = 0
    column: int = 0
    sheet: str = ""


def finding(measure: Measure, entry: Entry, kind: str, right: str, why: str) -> SheetFinding:
    """A finding about a cell of a measure."""
    row, column = (entry.cell.row, entry.cell.column) if entry.cell else (measure.row, 0)
    return SheetFinding(
        entry.place, measure.name, kind, entry.text or "nothing", right, why, row, column, measure.sheet.name
    )


def like(value: Fraction, entry: Entry, sign: str = "") -> str:
    """A figure in the format in which another is printed: as many decimals, and its sign."""
    half = entry.figure.shown_half_unit or entry.figure.half_unit
    places = len(str(half.denominator // 2)) - 1 if half and half.denominator > 2 else 0
    behind = sign or ("%" if entry.figure.has_sign else " pp" if entry.figure.is_points else "")
    return f"{said(value, places)}{behind}"
