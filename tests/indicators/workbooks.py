"""Workbooks in tests, element by element: as Excel, other programs and ill-meaning people write them."""

import io
import zipfile

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADINGS = "<row r='1'>" + "".join(
    f"<c r='{column}1' t='inlineStr'><is><t>{name}</t></is></c>"
    for column, name in zip("ABCD", ("reference", "month", "figure", "note"), strict=True)
) + "</row>"  # fmt: skip


def text(place, content):
    return f"<c r='{place}' t='inlineStr'><is><t>{content}</t></is></c>"


def row(number, figure="<v>5</v>", *, month="2021-01", attributes="", figure_attributes="", note=""):
    """A row of monthly values; `figure` is what stands in the cell's element."""
    cells = text(f"A{number}", "M1") + text(f"B{number}", month)
    cells += f"<c r='C{number}' {figure_attributes}>{figure}</c>" + note
    return f"<row r='{number}' {attributes}>{cells}</row>"


def sheet(*rows, before="", after=""):
    return f"<worksheet {NS}>{before}<sheetData>{HEADINGS}{''.join(rows)}</sheetData>{after}</worksheet>"


def workbook(*sheets, styles="", strings="", properties="", views="", names=(), states=(), parts=(), strict=False):
    """An .xlsx file with these worksheets. `styles` and `strings` are the elements inside their parts."""
    office = "http://purl.oclc.org/ooxml/officeDocument/relationships" if strict else OFFICE
    listed = "".join(
        f"<sheet name='{names[place] if names else f'Sheet{place + 1}'}' sheetId='{place + 1}' r:id='r{place}' "
        f"{f'state={states[place]!r}' if states and states[place] else ''}/>"
        for place in range(len(sheets))
    )
    files = {
        "_rels/.rels": f"<Relationships><Relationship Id='r' Type='{office}/officeDocument' Target='xl/workbook.xml'/>"
        "</Relationships>",
        "xl/workbook.xml": f"<workbook {NS} xmlns:r='{office}'>{properties}{views}<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        + "".join(
            f"<Relationship Id='r{place}' Type='{office}/worksheet' Target='worksheets/sheet{place}.xml'/>"
            for place in range(len(sheets))
        )
        + f"<Relationship Id='s' Type='{office}/styles' Target='styles.xml'/>"
        f"<Relationship Id='t' Type='{office}/sharedStrings' Target='/xl/sharedStrings.xml'/></Relationships>",
        "xl/styles.xml": f"<styleSheet {NS}>{styles}</styleSheet>",
        "xl/sharedStrings.xml": f"<sst {NS}>{strings}</sst>",
        **{f"xl/worksheets/sheet{place}.xml": content for place, content in enumerate(sheets)},
        **dict(parts),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
