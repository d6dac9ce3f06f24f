"""A copy of a spreadsheet as an Excel workbook, with a comment at every cell that can't be right."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from indicators.calculations.formatting import neutralise
from indicators.resources.archive import PROBLEMS

from .audit import Audit
from .findings import SheetFinding

_FILL = PatternFill("solid", fgColor="FFE699")
_LIST = "What was found"


def marked_copy(data: bytes, audit: Audit) -> bytes:
    """The workbook itself with comments, coloured cells and a sheet that lists them; other files as a new workbook."""
    try:
        book = load_workbook(io.BytesIO(data)) if b"xl/workbook.xml" in data else _as_workbook(audit)
    except (*PROBLEMS, TypeError, AttributeError, SyntaxError):
        # What is damaged beyond its cells and texts, openpyxl does not open.
        book = _as_workbook(audit)
    names = {sheet.name: _title(book, number, sheet.name) for number, sheet in enumerate(audit.sheets)}
    found: dict[tuple[str, int, int], list[SheetFinding]] = {}
    for one in audit.findings:
        if one.row:
            found.setdefault((names.get(one.sheet, one.sheet), one.row, one.column + 1), []).append(one)
    for (name, row, column), there in found.items():
        cell = book[name].cell(row, column)
        if isinstance(cell, MergedCell):
            continue
        text = "\n\n".join(f"{one.kind}\n{one.why}" for one in there)
        cell.comment = Comment(ILLEGAL_CHARACTERS_RE.sub("", text)[:2000], "Audit", width=320, height=160)
        cell.fill = _FILL
    _list(book, audit)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _title(book: Any, number: int, name: str) -> str:
    return name if name in book.sheetnames else book.sheetnames[min(number, len(book.sheetnames) - 1)]


def _as_workbook(audit: Audit) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in audit.sheets:
        made = book.create_sheet((sheet.name or "Sheet1").translate(dict.fromkeys(map(ord, "[]:*?/\\"), "-"))[:31])
        for cell in sheet.cells.values():
            value = ILLEGAL_CHARACTERS_RE.sub("", cell.shown)
            made.cell(cell.row, cell.column + 1, neutralise(value))
    return book


def _list(book: Any, audit: Audit) -> None:
    sheet = book.create_sheet(_LIST)
    sheet.append(["Cell", "Measure", "What is wrong", "Printed", "Would be right", "Why"])
    for one in audit.findings:
        sheet.append(
            [
                neutralise(ILLEGAL_CHARACTERS_RE.sub("", text))
                for text in (one.place, one.measure, one.kind, one.printed, one.right, one.why)
            ]
        )
    for question in audit.questions:
        sheet.append(["", "", "To be asked", "", "", neutralise(ILLEGAL_CHARACTERS_RE.sub("", question))])
    for column, width in zip("ABCDEF", (22, 16, 30, 18, 18, 100), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
