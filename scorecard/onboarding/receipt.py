"""The receipt of an import as a workbook: what became of each cell. Text in it is never a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from scorecard.files.workbook import FONT, fitted
from scorecard.models import SpreadsheetDraft

HEADINGS = (("Cell", 18), ("What stands in it", 40), ("What became of it", 70))
MOST_ROWS = 1_048_576
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def receipt_workbook(draft: SpreadsheetDraft) -> bytes:
    """The workbook of a draft that was created: a summary, and a row for each cell."""
    out, receipt = io.BytesIO(), draft.receipt or {}
    book = Workbook(out, OPTIONS)
    plain, bold = book.add_format(FONT | {"text_wrap": True}), book.add_format(FONT | {"bold": True})
    summary = book.add_worksheet("Summary")
    summary.set_column(0, 1, 44)
    told = [("File", draft.file_name), ("What has become of it", draft.get_state_display())]
    told += [(str(words).capitalize(), f"{number:,}") for words, number in receipt.get("counts", [])]
    for at, row in enumerate(told):
        _write(summary, at, row, plain)
    cells = book.add_worksheet("Cells")
    for place, (_, width) in enumerate(HEADINGS):
        cells.set_column(place, place, width)
    _write(cells, 0, [heading for heading, _ in HEADINGS], bold)
    cells.freeze_panes(1, 0)
    rows = receipt.get("cells", [])[: MOST_ROWS - 1]
    for at, row in enumerate(rows, start=1):
        _write(cells, at, row, plain)
    cells.autofilter(0, 0, max(len(rows), 1), len(HEADINGS) - 1)
    book.close()
    return out.getvalue()


def _write(sheet: Worksheet, at: int, texts: Sequence[Any], style: Any) -> None:
    for place, text in enumerate(texts):
        sheet.write_string(at, place, fitted(str(text)), style)
