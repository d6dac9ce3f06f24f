"""The parts of a workbook's archive, taken out and parsed within limits of time and memory.

What a part claims of its size is not believed: what comes out is counted.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

# A table of 3,000 rows and 30 columns has 180,000 elements and unpacks to 10 MB. So much is read in three seconds.
MOST_UNPACKED_BYTES = 60 * 1024 * 1024
MOST_ELEMENTS = 1_000_000
# Tags in tags: a worksheet has six or so, rich texts a few more.
MOST_DEPTH = 64
# Without a tag or a text that ends, so that no single one is scanned over and over.
MOST_BYTES_WITHOUT_END = 1024 * 1024
CHUNK = 64 * 1024
# Excel's own limit for the text of a cell.
LONGEST_TEXT = 32_767
MOST_COLUMNS = 100
# So many are planned and shown within seconds on a busy machine, and a preview of more would be read by nobody.
MOST_ROWS = 3_000
# With titles, headings that come again, and what will be refused anyway.
MOST_SHEET_ROWS = MOST_ROWS + 1_000
# Of a workbook that is read whole.
MOST_SHEETS = 60
# Other sheets that are looked into, to say that they were not read.
MOST_OTHER_SHEETS = 20
DAMAGED = "The Excel file is damaged and can't be read. Open it in Excel, let Excel repair it, and save it again."
TOO_LARGE = (
    "The Excel file is far larger inside than a table of figures. Copy the table alone into a new workbook, "
    "values and formats only, or save it as CSV."
)
TOO_MANY_ROWS = f"The file has more than {MOST_ROWS:,} rows: split it into several, or delete what is below the table."
NO_WORKBOOK = "This is an archive without an Excel workbook in it. Unpack it, and choose the Excel or CSV file itself."
WORD = "This is a Word document: copy its table into an Excel workbook, and choose that."
SAVE_AS = "choose File, Save as, and “Excel Workbook (*.xlsx)”"
# Other files that are archives too, by what only they contain.
OTHER_ARCHIVES = {
    "xl/workbook.bin": f"This is a binary Excel workbook (.xlsb): in Excel, {SAVE_AS}.",
    "content.xml": "This is an OpenDocument file (.ods): in LibreOffice, choose File, Save as, and “Excel (.xlsx)”.",
    "word/document.xml": WORD,
    "ppt/presentation.xml": "This is a presentation: copy its table into an Excel workbook, and choose that.",
    "index/document.iwa": "This is a Numbers spreadsheet: in Numbers, choose File, Export to, and Excel.",
    "index.zip": "This is a Numbers spreadsheet: in Numbers, choose File, Export to, and Excel.",
}
PROBLEMS = (
    zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError, EOFError, OSError, LookupError, ValueError,
    ArithmeticError, RuntimeError,
)  # fmt: skip


class SpreadsheetError(ValueError):
    """The file as a whole can't be read; the message is for the person who chose it."""


class Parts:
    """The parts of the archive, as long as what comes out of them stays within the limits."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = {info.filename.lower().replace("\\", "/").lstrip("/"): info for info in archive.infolist()}
        self.bytes_left = MOST_UNPACKED_BYTES
        self.elements_left = MOST_ELEMENTS

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.names

    def spend(self, elements: int = 0, unpacked: int = 0) -> None:
        self.elements_left -= elements
        self.bytes_left -= unpacked
        if self.elements_left < 0 or self.bytes_left < 0:
            raise SpreadsheetError(TOO_LARGE)

    def elements(self, name: str) -> Iterator[tuple[bool, str, Any]]:
        """Each start of an element with its attributes (True), and each end with its own text (False), in order.

        Names come without their namespace. A document type, with which entities come, is refused.
        """
        info = self.names[name.lower()]
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SpreadsheetError(DAMAGED)
        found: list[tuple[bool, str, Any]] = []
        texts: list[str] = []
        depth = since_end = 0

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > MOST_DEPTH:
                raise SpreadsheetError(DAMAGED)
            texts.clear()
            found.append((True, tag.rpartition(":")[2], attributes))

        def end(tag: str) -> None:
            nonlocal depth
            depth -= 1
            found.append((False, tag.rpartition(":")[2], "".join(texts)))
            texts.clear()

        def refuse(*_: Any) -> None:
            raise SpreadsheetError(DAMAGED)

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = texts.append
        parser.StartDoctypeDeclHandler = refuse
        with self.archive.open(info) as part:
            while chunk := part.read(CHUNK):
                parser.Parse(chunk)
                since_end = 0 if found else since_end + len(chunk)
                if since_end > MOST_BYTES_WITHOUT_END:
                    raise SpreadsheetError(TOO_LARGE)
                self.spend(len(found) // 2, len(chunk))
                yield from found
                found.clear()
            parser.Parse(b"", True)  # noqa: FBT003
        yield from found
