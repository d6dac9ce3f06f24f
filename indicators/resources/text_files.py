"""Reading CSV files as spreadsheets save them; and saying what a file is that is neither CSV nor a workbook."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections import Counter
from collections.abc import Collection

from indicators.calculations.formatting import counted

from .archive import MOST_COLUMNS, MOST_SHEET_ROWS, SAVE_AS, TOO_MANY_ROWS, WORD, SpreadsheetError
from .cells import heading
from .workbooks import Grid

# What an import takes; the reading of whole workbooks takes more.
TAKEN = "an Excel file (.xlsx) or a CSV file"
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
# By which separators a line is taken apart, the likeliest first where several are as frequent.
_DELIMITERS = ",;\t|"
# Rows above the names of the columns: a title, a date, who made it.
MOST_ABOVE = 20
_NAMED_DELIMITER = re.compile(r'"?sep=(.)"?\s*\Z', re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+", re.ASCII)
_WEB_PAGE = (
    "This is a web page that was named like a spreadsheet, as some systems export them: open it in Excel, and "
    f"{SAVE_AS}."
)
PICTURE = "This is a picture: choose {taken}."
# What other files begin with, after spaces, in lower case.
_STARTS = {
    b"%pdf": "This is a PDF: copy its table into an Excel workbook, and choose that.",
    b"{\\rtf": "This is a text document (RTF): copy its table into an Excel workbook, and choose that.",
    b"<!doctype html": _WEB_PAGE,
    b"<html": _WEB_PAGE,
    b"<table": _WEB_PAGE,
    b"<head": _WEB_PAGE,
    b"<meta": _WEB_PAGE,
    b"mime-version": _WEB_PAGE,
    b"<?xml": f"This is an XML file, perhaps of Excel 2003 or LibreOffice: open it there, and {SAVE_AS}.",
    b"[{": "This is a JSON file: choose {taken}.",
    b"{": "This is a JSON file: choose {taken}.",
    b"id;pwxl": f"This is a SYLK file (.slk): open it in Excel, and {SAVE_AS}.",
    b"id;pcalc": f"This is a SYLK file (.slk): open it in LibreOffice, and {SAVE_AS}.",
    b"table\r\n0,1": f"This is a DIF file (.dif): open it in Excel, and {SAVE_AS}.",
    b"table\n0,1": f"This is a DIF file (.dif): open it in Excel, and {SAVE_AS}.",
    b"\x1f\x8b": "This file is compressed (.gz): unpack it, and choose the file inside.",
    b"\x89png": PICTURE,
    b"\xff\xd8\xff": PICTURE,
    b"gif8": PICTURE,
    b"ii*\x00": PICTURE,
    b"mm\x00*": PICTURE,
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refuse_other_files(data: bytes, taken: str = TAKEN) -> None:
    """Raises SpreadsheetError for what is known to be something else, and says what to do; `taken` is what is read."""
    if data.startswith(_OLD_OFFICE[:4]):
        if _wide("EncryptedPackage") in data:
            raise SpreadsheetError(
                "This file has a password: open it in Excel, choose File, Info, Protect Workbook and Encrypt with "
                "Password, empty the password, and save it."
            )
        if _wide("WordDocument") in data:
            raise SpreadsheetError(WORD)
        raise SpreadsheetError(f"This is an old Excel file (.xls): open it in Excel, and {SAVE_AS}.")
    start = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    told = next((told for known, told in _STARTS.items() if start.startswith(known)), None)
    if told:
        raise SpreadsheetError(told.format(taken=taken))


def read_csv(data: bytes, known: Collection[str], taken: str = TAKEN) -> Grid:
    """The rows of a CSV file, whatever its encoding and separator. Raises SpreadsheetError.

    `known` are names of columns, by which the separator is found; `taken` is what could be sent instead.
    """
    text = _decode(data, taken)
    delimiter, first_row = _delimiter(text, known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    grid = Grid()
    grouped, number = "", 0
    try:
        for number, row in enumerate(reader, 1):
            if number > first_row and any(row):
                grid.rows.append((number, _bounded(row, number)))
                if len(grid.rows) > MOST_SHEET_ROWS:
                    raise SpreadsheetError(TOO_MANY_ROWS)
                grouped = grouped or next((cell for cell in row if _GROUPED.fullmatch(cell.strip())), "")
    except csv.Error as error:
        raise SpreadsheetError(
            f"The CSV file can't be read from row {number + 1} on: a cell there has no end. A quotation mark may be "
            "opened and never closed."
        ) from error
    last = grid.rows[-1] if grid.rows else (0, [])
    if text.count('"') % 2 and any("\n" in cell for cell in last[1]):
        raise SpreadsheetError(f"A quotation mark is opened in row {last[0]} and never closed: close it, or delete it.")
    if delimiter == ";" and grouped:
        grid.notices.append(
            f"The file has semicolons between its columns, as where people write decimal commas. “{grouped}” and the "
            "like were read with commas for thousands, as in Britain."
        )
    return grid


def _bounded(row: list[str], number: int) -> list[str]:
    """The row without empty cells at its end."""
    while row and not row[-1]:
        row.pop()
    if len(row) > MOST_COLUMNS:
        raise SpreadsheetError(
            f"Row {number} has {counted(len(row), 'cell')}. A table has at most {MOST_COLUMNS} columns: delete what "
            "else is there."
        )
    return row


def _decode(data: bytes, taken: str) -> str:
    encodings = ["utf-8-sig", "cp1252", "latin-1"]
    sample = data[:2000]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif sample.count(0) > len(sample) // 4:
        # Every other byte of plain English is 0.
        encodings = ["utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"]
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            if not _CONTROL.search(text):
                return text
    raise SpreadsheetError(f"This is neither {' nor '.join(taken.rsplit(' or ', 1))}.")


def _delimiter(text: str, known: Collection[str]) -> tuple[str, int]:
    """What separates the columns, and how many rows only say so."""
    lines = [line for line in text[:100_000].splitlines()[:50] if line.strip()]
    if not lines:
        return ",", 0
    named = _NAMED_DELIMITER.match(lines[0].rstrip(",;\t "))
    if named or lines[0].lower().startswith("sep=\t"):
        return (named[1] if named else "\t"), 1

    def names(mark: str) -> int:
        return max(sum(heading(cell.strip('" ')) in known for cell in line.split(mark)) for line in lines[:MOST_ABOVE])

    def evenness(mark: str) -> tuple[int, int]:
        """How many lines have as many of the mark as most that have any, and how many that is."""
        counts = Counter(line.count(mark) for line in lines if mark in line)
        return max(((lines, count) for count, lines in counts.items()), default=(0, 0))

    # A title may stand above the names of the columns. Without known names, the table's evenness tells.
    return max(_DELIMITERS, key=lambda mark: (names(mark), evenness(mark))), 0


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")
