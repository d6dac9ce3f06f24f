"""Whatever happens to a file on its way: it is read, or refused in words, and never with an error of the program."""

import contextlib
import random
from decimal import Decimal

import pytest

from indicators.resources import MonthlyValueResource, SpreadsheetError
from indicators.resources.cells import Cell
from tests.indicators.workbooks import row, sheet, workbook

STYLES = (
    "<numFmts><numFmt numFmtId='164' formatCode='0.0&quot;%&quot;;[Red](#,##0,);;@'/></numFmts>"
    "<cellXfs><xf/><xf numFmtId='164'/><xf numFmtId='16'/></cellXfs>"
)
SHEET = sheet(
    row(2, figure_attributes="s='1'"),
    row(3, "<v>46043</v>", figure_attributes="s='2'"),
    row(4, "<f>1+1</f><v>2</v>", attributes="hidden='1'"),
    before="<cols><col min='2' max='3' hidden='1'/></cols>",
    after="<mergeCells><mergeCell ref='A2:A3'/></mergeCells>",
)
CSV = 'sep=;\r\nreference;month;figure;note\r\nM1;Jan-21;1,343;"Löwe; 5"\r\nM1;31/12/2020;19,5;\r\n'


# How many of the 150 files can be read at least. In an archive checksums tell of every change.
KINDS = {"csv": 20, "archive": 0, "sheet": 5, "styles": 10}


def mutated(chance: random.Random, data: bytes, most: int = 1) -> bytes:
    """The bytes with some left out, doubled or replaced, in a few places."""
    for _ in range(chance.randint(1, most)):
        start = chance.randrange(len(data) + 1)
        piece = data[start : start + chance.randint(1, 30)]
        end = start + len(piece)
        others = [b"", piece * 2, chance.randbytes(3), b"\x00", b"9" * 400, b"<a>", b'"', b"-1e99", b"%;["]
        data = data[:start] + chance.choice(others) + data[end:]
    return data


def content(chance: random.Random, kind: str) -> bytes:
    if kind == "csv":
        return mutated(chance, CSV.encode(chance.choice(["utf-8", "utf-16", "cp1252", "utf-8-sig"])), 4)
    if kind == "archive":
        return mutated(chance, workbook(SHEET, styles=STYLES), 4)
    if kind == "styles":
        return workbook(SHEET, styles=mutated(chance, STYLES.encode()).decode(errors="replace"))
    return workbook(mutated(chance, SHEET.encode()), styles=STYLES)


def read(data: bytes) -> list[tuple[str, object]] | None:
    """The cells with the names of their columns; None where the file is refused, in words."""
    try:
        table = MonthlyValueResource.read(data)
    except SpreadsheetError:
        return None
    return [(name, cell) for name in table.headers for cell in table[name]]


def understood(name: str, cell: object) -> object:
    """What a column makes of a cell; None where it refuses it in words."""
    with contextlib.suppress(ValueError):
        return MonthlyValueResource.fields[name].read(cell)
    return None


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutated_file_is_read_or_refused_in_words(kind):
    # The same files in every run.
    files = [read(content(random.Random(f"{kind} {seed}"), kind)) for seed in range(150)]  # noqa: S311

    found = [cells for cells in files if cells]
    assert len(found) >= KINDS[kind]
    for name, cell in (pair for cells in found for pair in cells):
        assert cell is None or isinstance(cell, str | bool | Cell)
        value = None if name == "reference" else understood(name, cell)
        assert not isinstance(value, Decimal) or abs(value) < 10**12
