"""Reading Excel workbooks (.xlsx and .xlsm), whoever made them.

Only the parts that hold the table are opened; all others, pictures, links and macros among them, are left alone.
"""

from __future__ import annotations

import io
import math
import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from openpyxl.formula.translate import Translator
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH
from openpyxl.utils.escape import unescape

from .archive import (
    DAMAGED,
    LONGEST_TEXT,
    MOST_COLUMNS,
    MOST_OTHER_SHEETS,
    MOST_SHEET_ROWS,
    MOST_SHEETS,
    NO_WORKBOOK,
    OTHER_ARCHIVES,
    PROBLEMS,
    TOO_LARGE,
    TOO_MANY_ROWS,
    Parts,
    SpreadsheetError,
)
from .cells import Cell
from .number_formats import GENERAL, show

Result = TypeVar("Result")
HIDDEN_ZERO = (
    "It holds 0, but this sheet doesn’t show zeros: choose “Show a zero in cells that have zero value” in Excel’s "
    "advanced options, or clear the cell."
)
# Excel shows these as the settings of the computer want it: in Britain the day comes first.
FORMATS = {**BUILTIN_FORMATS, 14: "dd/mm/yyyy", 22: "dd/mm/yyyy hh:mm"}
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})\Z")


@dataclass
class Grid:
    """What a file has in its cells, row by row as the file numbers them, and what a reader doesn't see of it."""

    rows: list[tuple[int, list[Any]]] = field(default_factory=list)
    is_workbook: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    notices: list[str] = field(default_factory=list)
    # What cells show otherwise than it was read.
    remarks: list[str] = field(default_factory=list)
    name: str = ""
    is_hidden: bool = False
    # Only of `read_sheets`: the formulas by row and column, and merged ranges as top, left, bottom and right.
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)

    def column(self, index: int) -> str:
        """What people call the column: C in a workbook, 3 in a text file."""
        return get_column_letter(index + 1) if self.is_workbook else str(index + 1)


def read_workbook(data: bytes) -> Grid:
    """The sheet that was open when the file was saved. Raises SpreadsheetError."""
    return _opened(data, lambda workbook: workbook.read())


def read_sheets(data: bytes) -> list[Grid]:
    """All sheets in their order, with formulas and merged ranges; hidden ones too. Raises SpreadsheetError."""
    return _opened(data, lambda workbook: workbook.read_all())


def _opened(data: bytes, read: Callable[[_Workbook], Result]) -> Result:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = Parts(archive)
            for name, told in OTHER_ARCHIVES.items():
                if name in parts:
                    raise SpreadsheetError(told)
            return read(_Workbook(parts))
    except SpreadsheetError:
        raise
    except PROBLEMS as error:
        raise SpreadsheetError(DAMAGED) from error


def _attribute(attributes: dict[str, str], name: str) -> str:
    """An attribute whose namespace may have any prefix."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def _is_on(attributes: dict[str, str], name: str) -> bool:
    return attributes.get(name) in ("1", "true")


class _Workbook:
    """What the sheets have in common: texts, number formats, and how dates are counted."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        # The names of the sheets with their parts, and whether they are hidden.
        self.sheets: list[tuple[str, str, bool]] = []
        self.active = 0
        self.epoch = WINDOWS_EPOCH
        self.main = next(iter(self._related("", "/officeDocument").values()), "xl/workbook.xml")
        if self.main not in parts:
            raise SpreadsheetError(NO_WORKBOOK)
        self._read_main()

    def _read_shared(self) -> None:
        if not self.sheets:
            raise SpreadsheetError("The Excel file has no sheet with cells: copy the table into a worksheet.")
        self.formats = self._formats()
        self.texts = self._texts()

    def read_all(self) -> list[Grid]:
        self._read_shared()
        if len(self.sheets) > MOST_SHEETS:
            raise SpreadsheetError(f"The file has more than {MOST_SHEETS} sheets: split it into several.")
        found = []
        for name, part, is_hidden in self.sheets:
            grid = _Sheet(self, part, keeps_formulas=True).read()
            grid.name, grid.is_hidden = name, is_hidden
            found.append(grid)
        return found

    def read(self) -> Grid:
        self._read_shared()
        chosen = self.sheets[self.active if self.active < len(self.sheets) else 0]
        grid = _Sheet(self, chosen[1]).read()
        others = [f"“{name}”{' (hidden)' * hidden}" for name, part, hidden in self._others(chosen) if self._has(part)]
        if others:
            grid.notices.append(
                f"The sheet “{chosen[0]}” was read, because it was open when the file was saved. "
                f"Not read: {', '.join(others)}."
            )
        return grid

    def _others(self, chosen: tuple[str, str, bool]) -> list[tuple[str, str, bool]]:
        return [sheet for sheet in self.sheets if sheet is not chosen][:MOST_OTHER_SHEETS]

    def _has(self, part: str) -> bool:
        """Whether anything stands in a sheet's cells."""
        try:
            return any(not starts and tag in ("v", "t") and text for starts, tag, text in self.parts.elements(part))
        except (SpreadsheetError, *PROBLEMS):
            # It won't be read, and what is wrong with it is nobody's business here.
            return True

    def _related(self, part: str, kind: str) -> dict[str, str]:
        """The parts that a part points to, by their ids."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        found = {}
        for starts, tag, attributes in self.parts.elements(rels) if rels in self.parts else ():
            if starts and tag == "Relationship" and attributes.get("Type", "").endswith(kind):
                target = posixpath.normpath(posixpath.join(folder, attributes["Target"]))
                found[attributes["Id"]] = target.lstrip("/")
        return found

    def _read_main(self) -> None:
        worksheets = self._related(self.main, "/worksheet")
        active = 0
        listed: list[tuple[str, str, bool]] = []
        for starts, tag, attributes in self.parts.elements(self.main):
            if not starts:
                continue
            if tag == "workbookPr" and _is_on(attributes, "date1904"):
                self.epoch = MAC_EPOCH
            elif tag == "workbookView" and not listed:
                active = int(attributes.get("activeTab", 0))
            elif tag == "sheet" and attributes.get("name") is not None:
                listed.append(
                    (attributes["name"], _attribute(attributes, "id"), attributes.get("state", "visible") != "visible")
                )
        # A sheet may also be a chart, which has no cells.
        kept = [entry for entry in listed if entry[1] in worksheets]
        self.sheets = [(name, worksheets[key], is_hidden) for name, key, is_hidden in kept]
        if 0 <= active < len(listed) and listed[active] in kept:
            self.active = kept.index(listed[active])

    def _formats(self) -> list[str]:
        """The number format of each style."""
        named: dict[int, str] = {}
        found: list[str] = []
        part = next(iter(self._related(self.main, "/styles").values()), "")
        is_inside = False
        for starts, tag, attributes in self.parts.elements(part) if part in self.parts else ():
            if tag == "cellXfs":
                is_inside = starts
                if not starts:
                    break
            elif starts and tag == "numFmt":
                named[int(attributes["numFmtId"])] = attributes.get("formatCode", GENERAL)
            elif starts and tag == "xf" and is_inside:
                number = int(attributes.get("numFmtId", 0))
                found.append(named.get(number) or FORMATS.get(number, GENERAL))
        return found

    def text(self, number: int) -> str:
        """The text that a cell points to. Raises IndexError where there is none."""
        if number < 0:
            raise IndexError(number)
        return self.texts[number]

    def _texts(self) -> list[str]:
        """The texts that cells point to; the parts of a rich text together, without readings of Japanese words."""
        found: list[str] = []
        part = next(iter(self._related(self.main, "/sharedStrings").values()), "")
        pieces: list[str] = []
        in_reading = False
        for starts, tag, text in self.parts.elements(part) if part in self.parts else ():
            if tag == "rPh":
                in_reading = starts
            elif starts and tag == "si":
                pieces = []
            elif not starts and tag == "t" and not in_reading:
                pieces.append(text)
            elif not starts and tag == "si":
                found.append(_cell_text("".join(pieces)))
        return found


def _cell_text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise SpreadsheetError(TOO_LARGE)
    # A workbook writes characters as _x0007_ that a text in XML can't have; databases can't keep all of them either.
    return _NO_TEXT.sub("", unescape(text)) if "_x" in text else text


class _Sheet:
    """One worksheet, read from its first element to its last."""

    def __init__(self, workbook: _Workbook, part: str, *, keeps_formulas: bool = False) -> None:
        self.workbook, self.part, self.keeps_formulas = workbook, part, keeps_formulas
        # Formulas that several cells share: each with the cell that it is written for.
        self.shared: dict[str, tuple[str, str]] = {}
        self.formula: dict[str, str] = {}
        self.grid = Grid(is_workbook=True)
        self.rows: dict[int, dict[int, Any]] = {}
        self.row = self.column = 0
        self.cell: dict[str, str] = {}
        self.value: str | None = None
        self.pieces: list[str] = []
        self.has_formula = self.in_reading = self.hides_zeros = False

    def read(self) -> Grid:
        for starts, tag, value in self.workbook.parts.elements(self.part):
            if starts:
                self._start(tag, value)
            else:
                self._end(tag, value)
        for number in sorted(self.rows):
            cells = self.rows[number]
            if cells:
                self.grid.rows.append((number, [cells.get(column) for column in range(max(cells) + 1)]))
        return self.grid

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = -1
            if _is_on(attributes, "hidden") or (_is_on(attributes, "customHeight") and attributes.get("ht") == "0"):
                self.grid.hidden_rows.add(self.row)
        elif tag == "c":
            self.cell, self.value, self.pieces, self.has_formula = attributes, None, [], False
            place = _PLACE.match(attributes.get("r", ""))
            self.column = column_index_from_string(place[1]) - 1 if place else self.column + 1
            self.row = int(place[2]) if place else self.row
        elif tag == "f":
            self.has_formula, self.formula = True, attributes
        elif tag == "sheetView":
            self.hides_zeros = attributes.get("showZeros") in ("0", "false")
        elif tag == "rPh":
            self.in_reading = True
        elif tag == "col" and (_is_on(attributes, "hidden") or attributes.get("width") == "0"):
            first, last = max(int(attributes["min"]), 1), min(int(attributes["max"]), MOST_COLUMNS)
            self.grid.hidden_columns.update(range(first - 1, last))
        elif tag == "mergeCell":
            self._merge(attributes["ref"])

    def _end(self, tag: str, text: str) -> None:
        if tag == "v":
            self.value = text
        elif tag == "f":
            if self.keeps_formulas:
                self._keep_formula(text)
        elif tag == "t" and not self.in_reading:
            self.pieces.append(text)
        elif tag == "rPh":
            self.in_reading = False
        elif tag == "c":
            found = self._content()
            if found not in (None, ""):
                self._keep(found)

    def _keep_formula(self, text: str) -> None:
        key = self.formula.get("si", "") if self.formula.get("t") == "shared" else ""
        if text and key:
            self.shared[key] = (text, self._place())
        elif key in self.shared:
            written, place = self.shared[key]
            text = Translator(f"={written}", origin=place).translate_formula(self._place())[1:]
        if text:
            self.grid.formulas[self.row, self.column] = text

    def _keep(self, found: Any) -> None:
        if self.column >= MOST_COLUMNS:
            raise SpreadsheetError(
                f"The sheet has something in {self._place()}, far to the right of the table: delete it."
            )
        cells = self.rows.setdefault(self.row, {})
        if len(self.rows) > MOST_SHEET_ROWS:
            raise SpreadsheetError(TOO_MANY_ROWS)
        cells[self.column] = found
        if isinstance(found, Cell) and found.remark:
            self.grid.remarks.append(f"{self._place()} {found.remark}.")

    def _place(self) -> str:
        return f"{get_column_letter(self.column + 1)}{self.row}"

    def _content(self) -> Any:
        """What the cell shows. A formula counts as the result that is stored with it."""
        kind, value = self.cell.get("t", "n"), self.value
        if kind == "inlineStr":
            return self._shown(_cell_text("".join(self.pieces)))
        if self.has_formula and not value and kind != "str":
            told = "It has a formula without a stored result: open the file in Excel and save it, or write the figure."
            return Cell(None, "", doubt=told)
        if value is None or (value == "" and kind != "str"):
            return None
        if kind == "b":
            return value.strip() in ("1", "true")
        if kind == "e":
            return value
        if kind == "s":
            return self._shown(self.workbook.text(int(value)))
        if kind == "str":
            return self._shown(_cell_text(value))
        if kind == "d":
            return self._shown(datetime.fromisoformat(value.removesuffix("Z")))
        return self._number(float(value))

    def _number(self, number: float) -> Any:
        if not math.isfinite(number):
            raise SpreadsheetError(DAMAGED)
        if number == 0 and self.hides_zeros:
            return Cell(Decimal(0), "", doubt=HIDDEN_ZERO)
        # Excel itself shows 15 digits: 19.3 is stored as 19.300000000000001.
        return self._shown(Decimal(f"{number:.15g}"))

    def _shown(self, value: Decimal | datetime | str) -> Any:
        style, formats = int(self.cell.get("s", 0)), self.workbook.formats
        number_format = formats[style] if 0 <= style < len(formats) else GENERAL
        return show(value, number_format, self.workbook.epoch)

    def _merge(self, ref: str) -> None:
        """Each cell of a merged range shows the first one's content, and holds nothing."""
        corners = [_PLACE.match(corner) for corner in ref.split(":")]
        if len(corners) != 2 or not (corners[0] and corners[1]):
            return
        (left, top), (right, bottom) = ((column_index_from_string(one[1]) - 1, int(one[2])) for one in corners if one)
        if bottom < top or right < left or self.rows.get(top, {}).get(left) in (None, ""):
            return
        if self.keeps_formulas:
            self.grid.merges.append((top, left, bottom, right))
            return
        told = f"It is one of the merged cells {ref}: unmerge them, and fill in each row."
        last = min(right, MOST_COLUMNS - 1)
        self.workbook.parts.spend(elements=min(bottom - top, len(self.rows)) * (last - left + 1))
        is_low = bottom - top < len(self.rows)
        for row in range(top + 1, bottom + 1) if is_low else [row for row in self.rows if top < row <= bottom]:
            if row in self.rows:
                for column in range(left, last + 1):
                    self.rows[row].setdefault(column, Cell(None, "", doubt=told))
