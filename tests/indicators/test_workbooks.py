"""Workbooks as different programs write them are read alike; damaged ones are refused in words, soon."""

import io
import re
import tracemalloc
import zipfile

import pytest

from indicators.resources import MonthlyValueResource, SpreadsheetError, archive, read_spreadsheet
from tests.indicators.workbooks import HEADINGS, NS, row, sheet, text, workbook


def table_of(content):
    return MonthlyValueResource.read(content)


def figures(content):
    """The column of figures as the cells show them."""
    return [None if cell is None else str(cell) for cell in table_of(content)["figure"]]


def doubts(content):
    return [getattr(cell, "doubt", "") for cell in table_of(content)["figure"]]


def refusal(content):
    with pytest.raises(SpreadsheetError) as error:
        table_of(content)
    return str(error.value)


@pytest.mark.parametrize(
    ("cell", "attributes", "shown"),
    [
        ("<v>5</v>", "", "5"),
        ("<v>5.0</v>", "", "5"),
        ("<v>0.30000000000000004</v>", "", "0.3"),
        ("<v>1e3</v>", "", "1000"),
        ("<v>1E-3</v>", "", "0.001"),
        ("<v>0</v>", "t='s'", "rich text"),
        ("<v>1</v>", "t='s'", "Tokyo"),
        ("<v>1</v>", "t='b'", "True"),
        ("<v>#DIV/0!</v>", "t='e'", "#DIV/0!"),
        ("<f>1/0</f><v>#DIV/0!</v>", "t='e'", "#DIV/0!"),
        ("<f>1+1</f><v>2</v>", "", "2"),
        ("<f>1+1</f><v>x</v>", "t='str'", "x"),
        ("<v>0.19</v>", "s='1'", "19%"),
        ("<v>2026-01-21T00:00:00</v>", "t='d' s='2'", "21-Jan"),
        ("<v>46043</v>", "s='2'", "21-Jan"),
        ("<v>46043</v>", "s='3'", "21/01/2026"),
        ("<v>5</v>", "s='99'", "5"),
        ("<is><r><rPr><b/></rPr><t>a</t></r><r><t xml:space='preserve'> b</t></r></is>", "t='inlineStr'", "a b"),
        ("<is><t>a_x000D_b_x005F_c</t></is>", "t='inlineStr'", "a\rb_c"),
    ],
)
def test_a_cell_is_read_as_it_is_written(cell, attributes, shown):
    content = workbook(
        sheet(row(2, cell, figure_attributes=attributes), row(3)),
        styles="<numFmts><numFmt numFmtId='164' formatCode='0%'/></numFmts><cellStyleXfs><xf/></cellStyleXfs>"
        "<cellXfs><xf/><xf numFmtId='164'/><xf numFmtId='16'/><xf numFmtId='14'/></cellXfs>",
        strings="<si><r><t>rich</t></r><r><t> text</t></r></si><si><t>Tokyo</t><rPh sb='0' eb='2'><t>x</t></rPh></si>",
    )

    assert figures(content) == [shown, "5"]


@pytest.mark.parametrize(
    ("cell", "attributes"),
    [("", ""), ("<v/>", ""), ("<v></v>", "t='n'"), ('<f>IF(1,"")</f><v></v>', "t='str'"), ("<v></v>", "t='str'")],
)
def test_a_cell_that_shows_nothing_is_empty(cell, attributes):
    assert figures(workbook(sheet(row(2, cell, figure_attributes=attributes)))) in (["None"], [None], [""])


@pytest.mark.parametrize("cell", ["<f>1+1</f>", "<f>1+1</f><v/>", "<f t='shared' si='0'/>"])
def test_a_formula_without_a_result_is_asked_about(cell):
    [doubt] = doubts(workbook(sheet(row(2, cell))))

    assert "a formula without a stored result" in doubt


def test_zeros_that_the_sheet_hides_are_asked_about():
    views = "<sheetViews><sheetView showZeros='0' workbookViewId='0'/></sheetViews>"

    found = doubts(workbook(sheet(row(2, "<v>0</v>"), row(3), before=views)))

    assert "this sheet doesn’t show zeros" in found[0]
    assert found[1] == ""


def test_dates_are_counted_from_1904_where_the_workbook_says_so():
    content = workbook(
        sheet(row(2, "<v>44581</v>", figure_attributes="s='1'")),
        styles="<cellXfs><xf/><xf numFmtId='14'/></cellXfs>",
        properties="<workbookPr date1904='1'/>",
    )

    assert figures(content) == ["21/01/2026"]


def test_rows_and_cells_without_addresses_are_counted():
    content = workbook(sheet().replace("</sheetData>", "<row><c/><c/><c><v>7</v></c></row></sheetData>"))

    table = table_of(content)
    assert (str(table["figure"][0]), table.row_numbers) == ("7", [2])


def test_a_strict_workbook_and_one_with_prefixes_are_read():
    prefixed = re.sub(r"<(/?)(\w)", r"<\1x:\2", sheet(row(2))).replace("xmlns=", "xmlns:x=")

    assert figures(workbook(sheet(row(2)), strict=True)) == ["5"]
    assert figures(workbook(prefixed)) == ["5"]


def test_a_wrong_size_on_the_sheet_is_not_believed():
    assert figures(workbook(sheet(row(2), row(3), before="<dimension ref='A1'/>"))) == ["5", "5"]


def test_parts_that_are_not_needed_are_left_alone():
    parts = {
        "docProps/core.xml": "<broken",
        "xl/externalLinks/externalLink1.xml": "<broken",
        "xl/vbaProject.bin": "\x00",
    }

    assert figures(workbook(sheet(row(2)), parts=parts)) == ["5"]


def test_the_sheet_that_was_open_is_read_and_others_are_named():
    other = f"<worksheet {NS}><sheetData>{row(1)}</sheetData></worksheet>"
    empty = f"<worksheet {NS}><sheetData><row r='1'><c r='A1' s='3'/></row></sheetData></worksheet>"
    content = workbook(
        other, sheet(row(2)), empty, other, names=["Notes", "Data", "Sheet3", "Old"], states=["", "", "", "hidden"],
        views="<bookViews><workbookView activeTab='1'/></bookViews>",
    )  # fmt: skip

    assert table_of(content).notices == [
        "The sheet “Data” was read, because it was open when the file was saved. Not read: “Notes”, “Old” (hidden)."
    ]


def test_a_table_on_another_sheet_is_pointed_to():
    notes = f"<worksheet {NS}><sheetData><row r='1'>{text('A1', 'Contents')}</row></sheetData></worksheet>"

    message = refusal(workbook(notes, sheet(row(2)), names=["Contents", "Data"]))

    assert "it has “contents”." in message
    assert "The sheet “Contents” was read, because it was open when the file was saved. Not read: “Data”." in message


def test_hidden_rows_and_columns_are_read_and_pointed_out():
    hidden = "hidden='1'"
    content = workbook(
        sheet(
            row(2), row(3, attributes=hidden), row(4, attributes=hidden), row(5),
            row(6, attributes="ht='0' customHeight='1'"), "<row r='9' hidden='1'/>",
            before="<cols><col min='3' max='3' hidden='1'/><col min='9' max='16384' hidden='1'/></cols>",
        )
    )  # fmt: skip

    table = table_of(content)
    assert len(table) == 5
    assert table.notices == [
        "Rows 3 to 4 and 6 are hidden in the sheet, by a filter or by hand, and read like all others. If that is "
        "not what you want, delete what is hidden and choose the file again.",
        "Column C is hidden in the sheet, and read like all others.",
    ]


def test_a_filtered_row_is_pointed_out():
    filtered = "<autoFilter ref='A1:C3'><filterColumn colId='0'><filters/></filterColumn></autoFilter>"

    [notice] = table_of(workbook(sheet(row(2), row(3, attributes="hidden='true'"), after=filtered))).notices

    assert notice.startswith("Row 3 is hidden in the sheet, by a filter or by hand, and read like all others.")


def test_merged_cells_are_asked_about_row_by_row():
    merged = "<mergeCells><mergeCell ref='C2:C3'/><mergeCell ref='A8:XFD1048576'/></mergeCells>"

    found = doubts(workbook(sheet(row(2), row(3, ""), row(4), after=merged)))

    assert found == ["", "It is one of the merged cells C2:C3: unmerge them, and fill in each row.", ""]


def test_figures_that_are_shown_shortened_are_told_and_counted():
    rows = [row(number, "<v>1234567</v>", figure_attributes="s='1'") for number in range(2, 15)]
    styles = "<numFmts><numFmt numFmtId='164' formatCode='0,'/></numFmts><cellXfs><xf/><xf numFmtId='164'/></cellXfs>"

    notices = table_of(workbook(sheet(*rows), styles=styles)).notices

    assert notices[0] == "C2 shows “1235” and was read as 1,234,567."
    assert notices[10:] == ["3 more cells show something else than was read."]


def test_something_beside_the_table_is_named():
    assert "Column F has no name in row 1, but something stands in it in row 2" in refusal(
        workbook(sheet(row(2, note=text("F2", "x"))))
    )
    assert "something in XFD1048576, far to the right" in refusal(
        workbook(sheet(row(2), f"<row r='1048576'>{text('XFD1048576', 'x')}</row>"))
    )


def without_central_directory(content):
    return content[: content.rindex(b"PK\x01\x02")]


def with_wrong_names_in_the_directory(content):
    start = content.index(b"PK\x01\x02")
    return content[:start] + content[start:].replace(b"sheet0.xml", b"sheet9.xml")


def with_wrong_offsets_in_the_directory(content):
    start = content.index(b"PK\x01\x02") + 42
    return content[:start] + b"\xff\xff\xff\x7f" + content[start + 4 :]


def with_a_lie_about_sizes(content):
    start = content.rindex(b"PK\x01\x02", 0, content.index(b"xl/worksheets/sheet0.xml", content.index(b"PK\x01\x02")))
    return content[: start + 24] + b"\x05\x00\x00\x00" + content[start + 28 :]


def with_a_password(content):
    start = content.index(b"PK\x01\x02")
    return content[: start + 8] + b"\x01" + content[start + 9 :]


@pytest.mark.parametrize(
    "damage",
    [
        without_central_directory, with_wrong_names_in_the_directory, with_wrong_offsets_in_the_directory,
        with_a_lie_about_sizes, with_a_password, lambda content: content[: len(content) // 2],
        lambda content: content[:4],
    ],
)  # fmt: skip
def test_a_damaged_archive_is_refused(damage):
    assert "The Excel file is damaged and can't be read. Open it in Excel" in refusal(damage(workbook(sheet(row(2)))))


ENTITIES = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"


@pytest.mark.parametrize(
    "content",
    [
        sheet(row(2)).replace("</row>", "", 1),
        sheet(row(2, "<v>five</v>")),
        sheet(row(2, "<v>1e999</v>")),
        sheet(row(2, "<v>9</v>", figure_attributes="t='s'")),
        sheet(row(2, "<v>x</v>", figure_attributes="t='d'")),
        sheet(row(2, figure_attributes="s='x'")),
        sheet(row(2)).replace("r='2'", "r='two'"),
        sheet(row(2), after="<mergeCells><mergeCell/></mergeCells>"),
        sheet(row(2), before="<cols><col hidden='1'/></cols>"),
        sheet(row(2, "<v>-1</v>", figure_attributes="t='s'")),
        ENTITIES + sheet(row(2)),
        "<!DOCTYPE x SYSTEM 'file:///etc/passwd'>" + sheet(row(2)),
        "<a>" * 3000 + "</a>" * 3000,
        "<a>" * 9000,
        "\x00",
        "",
    ],
    ids=range(16),
)
def test_a_damaged_sheet_is_refused(content):
    assert "The Excel file is damaged" in refusal(workbook(content))


def test_odd_addresses_do_no_harm():
    content = workbook(
        sheet(
            row(2), "<row r='-5'/>", before="<cols><col min='-999999999999' max='99999999999' hidden='1'/></cols>",
            after="<mergeCell ref='C2:A1'/><mergeCell ref='x'/><mergeCell ref='A1'/>",
        ),
        views="<bookViews><workbookView activeTab='-7'/></bookViews>",
    )  # fmt: skip

    assert figures(content) == ["5"]


@pytest.mark.parametrize("rows", [3001, 5000])
def test_too_many_rows_are_refused(rows):
    assert "more than 3,000 rows" in refusal(workbook(sheet(*(row(number) for number in range(2, rows + 2)))))


@pytest.mark.parametrize(
    ("missing", "message"),
    [("xl/workbook.xml", "without an Excel workbook"), ("xl/worksheets/sheet0.xml", "is damaged")],
)
def test_missing_parts_are_refused(missing, message):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(sheet(row(2))))) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            if info.filename != missing:
                new.writestr(info.filename, old.read(info))

    assert message in refusal(out.getvalue())


ATTRIBUTES = "".join(f" a{number}='x'" for number in range(50))
# So that the tests are quick, the limits are a fiftieth of the real ones.
MOST_ELEMENTS, MOST_BYTES = archive.MOST_ELEMENTS // 50, archive.MOST_UNPACKED_BYTES // 50
BOMBS = {
    "styles": lambda: workbook(sheet(row(2)), styles=f"<cellXfs>{'<xf/>' * 50_000}</cellXfs>"),
    "texts": lambda: workbook(sheet(row(2)), strings="<si><t>x</t></si>" * (MOST_ELEMENTS // 2 + 1)),
    "a long text": lambda: workbook(sheet(row(2)), strings=f"<si><t>{'x' * 50_000}</t></si>"),
    "a longer text": lambda: workbook(sheet(row(2)), strings=f"<si><t>{'x' * 5_000_000}</t></si>"),
    "a long attribute": lambda: workbook(sheet(row(2), before=f"<dimension ref='{'A' * 5_000_000}'/>")),
    "cells": lambda: workbook(sheet(f"<row r='2'>{'<c/>' * (MOST_ELEMENTS + 1)}</row>")),
    "rows": lambda: workbook(sheet("<row/>" * (MOST_ELEMENTS + 1))),
    "bytes": lambda: workbook(sheet(row(2), before=f"<x{ATTRIBUTES}/>" * (MOST_BYTES // 350))),
    "a comment": lambda: workbook(sheet(row(2), before=f"<!--{'x' * 5_000_000}-->")),
    "cells merged far down": lambda: workbook(
        sheet(*(row(number) for number in range(2, 50)), after="<mergeCell ref='A49:A1048576'/>" * 500)
    ),
    "merged cells": lambda: workbook(
        sheet(*(row(number) for number in range(2, 50)), after="<mergeCell ref='A1:XFD1048576'/>" * 6)
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_workbook_made_to_exhaust_is_refused_in_little_memory(bomb, monkeypatch):
    monkeypatch.setattr(archive, "MOST_ELEMENTS", MOST_ELEMENTS)
    monkeypatch.setattr(archive, "MOST_UNPACKED_BYTES", MOST_BYTES)
    content = BOMBS[bomb]()
    tracemalloc.start()
    try:
        message = refusal(content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert "far larger inside than a table of figures" in message
    assert peak < 8 * 1024 * 1024


@pytest.mark.slow
def test_millions_of_styles_are_refused():
    content = workbook(sheet(row(2)), styles=f"<cellXfs>{'<xf/>' * 2_500_000}</cellXfs>")

    assert len(content) < 114_000
    assert "far larger inside than a table of figures" in refusal(content)


def test_thousands_of_sheets_are_not_looked_into():
    content = workbook(sheet(row(2)), *[sheet() for _ in range(2000)])

    [notice] = table_of(content).notices

    assert notice.endswith("“Sheet21”.")


def test_a_heading_row_alone_and_an_empty_sheet_are_explained():
    assert refusal(workbook(sheet())) == "The file has no rows below the names of its columns."
    assert "The file is empty" in refusal(workbook(sheet().replace(HEADINGS, "")))
    assert "no sheet with cells" in refusal(workbook())


def test_any_file_can_be_read_without_naming_its_columns():
    assert read_spreadsheet(workbook(sheet(row(2)))).headers == ["reference", "month", "figure", "note"]
