"""One council's figures, laid out in the ways in which councils lay them out: what a reader must find in each."""

import csv
import io
import zipfile
from xml.sax.saxutils import escape

from openpyxl import Workbook

MONTHS = ("2025-04", "2025-05", "2025-06", "2025-07", "2025-08", "2025-09")
NAMES = ("Apr", "May", "Jun", "Jul", "Aug", "Sep")
FULL = ("April", "May", "June", "July", "August", "September")
# Reference, title, section, unit, the figures of April to September, target.
MEASURES = (
    ("HW1", "Potholes repaired within 5 days (%)", "Highways", "percentage", (91.2, 93.4, 88.0, 95.1, 96.3, 94.7), 95),
    ("HW2", "Street lights out at month end", "Highways", "count", (112, 97, 105, 121, 99, 87), 100),
    ("WA1", "Missed bins", "Waste", "count", (233, 226, 301, 307, 291, 254), 250),
    ("WA2", "Waste recycled (%)", "Waste", "percentage", (44.1, 45.2, 46.8, 45.9, 44.7, 43.2), 48),
    ("CS1", "Average wait to answer a call (seconds)", "Customers", "seconds", (188, 211, 151, 216, 206, 219), 180),
)


def expected():
    return {
        ref: {month: str(value) for month, value in zip(MONTHS, values, strict=True)}
        for ref, _, _, _, values, _ in MEASURES
    }


def _bytes(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _book(*sheets):
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


def months_across_in_two_rows():
    """Bare months below a merged year, and sections in rows of their own."""
    rows = [
        ["Performance report"],
        [],
        ["Ref", "Indicator", "2025/26", *[None] * 5, "Target"],
        [None, None, *FULL, None],
    ]
    section = ""
    for ref, title, of, _, values, target in MEASURES:
        if of != section:
            rows.append([of])
            section = of
        rows.append([ref, title, *values, target])
    book = _book(("Report", rows))
    book["Report"].merge_cells("C3:H3")
    return _bytes(book)


def months_across_with_totals_between():
    """Three rows of headings, a column for each quarter's total, and rows of totals."""
    rows = [
        ["KPI", None, "2025/26"],
        [None, None, "Quarter 1", None, None, None, "Quarter 2"],
        ["Ref", "Description", *NAMES[:3], "Total", *NAMES[3:], "Total"],
    ]
    for ref, title, _, _, values, _ in MEASURES:
        rows.append([ref, title, *values[:3], sum(values[:3]), *values[3:], sum(values[3:])])
    rows.append([None, "Total", *[1000] * 8])
    book = _book(("KPIs", rows))
    for merged in ("C1:J1", "C2:F2", "G2:J2"):
        book["KPIs"].merge_cells(merged)
    return _bytes(book)


def months_down():
    """A row a month, a column a measure, with references and sections above, and a row of targets."""
    rows = [
        ["Month", *[of for _, _, of, _, _, _ in MEASURES]],
        [None, *[ref for ref, *_ in MEASURES]],
        [None, *[title for _, title, *_ in MEASURES]],
    ]
    for place, name in enumerate(FULL):
        rows.append([f"{name} 2025", *[values[place] for _, _, _, _, values, _ in MEASURES]])
    rows.append(["Average", *[sum(values) / 6 for _, _, _, _, values, _ in MEASURES]])
    rows.append(["Target", *[target for *_, target in MEASURES]])
    return _bytes(_book(("Data", rows)))


def sheet_a_month():
    """A sheet for each month, whose name is the only place where the month stands."""
    return _bytes(
        _book(
            *(
                (
                    f"{name} 25",
                    [
                        ["Monthly performance"],
                        ["Ref", "Measure", "Theme", "Actual", "Target", "RAG", "Comments"],
                        *(
                            [ref, title, of, values[place], target, None, None]
                            for ref, title, of, _, values, target in MEASURES
                        ),
                    ],
                )
                for place, name in enumerate(NAMES)
            )
        )
    )


def three_columns_a_month():
    """Actual, target and RAG below each month."""
    top, low = ["Ref", "Performance measure"], [None, None]
    for name in NAMES:
        top += [f"{name}-25", None, None]
        low += ["Actual", "Target", "RAG"]
    rows = [top, low]
    for ref, title, _, _, values, target in MEASURES:
        row = [ref, title]
        for value in values:
            row += [value, target, "G"]
        rows.append(row)
    book = _book(("Scorecard", rows))
    for place in range(6):
        book["Scorecard"].merge_cells(start_row=1, end_row=1, start_column=3 + 3 * place, end_column=5 + 3 * place)
    return _bytes(book)


def cards():
    """A card for each measure: labels with what they say beside them, then a small table."""
    rows = [["Performance cards"], []]
    for ref, title, of, unit, values, target in MEASURES:
        rows += [
            ["Ref:", ref, None, "Theme:", of],
            ["Measure:", title],
            ["Unit:", unit, None, "Target:", target],
            ["Month", *[f"{name}-25" for name in NAMES]],
            ["Actual", *values],
            ["Comments:", "Nothing to report"],
            [],
        ]
    return _bytes(_book(("Cards", rows)))


def snapshots():
    """Records with a period each: the latest figure, and the one before it."""
    rows = [["ID", "Indicator", "Directorate", "Period", "Latest value", "Previous value", "Target"]]
    for ref, title, of, _, values, target in MEASURES:
        rows.append([ref, title, of, "Sep-25", values[5], values[4], target])
    return _bytes(_book(("Snapshot", rows)))


def records(delimiter=",", encoding="utf-8-sig", *, apart=False):
    """A record a measure and month, as a system exports it; `apart` has year and month in columns of their own."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    period = ["Year", "Month"] if apart else ["Period"]
    writer.writerow(["Measure ID", "Measure name", "Service area", *period, "Actual", "Target"])
    for place, name in enumerate(FULL):
        for ref, title, of, _, values, target in MEASURES:
            when = ["2025/26", name] if apart else [f"{name} 2025"]
            writer.writerow([ref, title, of, *when, values[place], target])
    return out.getvalue().encode(encoding)


def opendocument():
    """Months across, as LibreOffice saves it."""

    def cell(value):
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
        held = f'office:value-type="float" office:value="{value}"'
        return f"<table:table-cell {held}><text:p>{value}</text:p></table:table-cell>"

    rows = [["Ref", "Indicator", "Theme", *[f"{name} 2025" for name in NAMES], "Target 2025/26"]]
    rows += [[ref, title, of, *values, target] for ref, title, of, _, values, target in MEASURES]
    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    content = (
        '<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body>'
        f'<office:spreadsheet><table:table table:name="Sheet1">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return out.getvalue()


def parts_in_rows():
    """Numerator and denominator in rows of their own below the share, and England as a row."""
    rows = [["Ref", "Indicator", *[f"{name} 25" for name in NAMES]]]
    for ref, title, _, _, values, _ in MEASURES:
        rows.append([ref, title, *values])
        if "%" in title:
            rows.append([None, "Numerator", *[round(value * 10) for value in values]])
            rows.append([None, "Denominator", *[1000] * 6])
        rows.append([None, "England", *[50] * 6])
    return _bytes(_book(("Indicators", rows)))


# Layouts with planted errors: the file, and the cells of what is wrong.


def lagging_sheets():
    """A sheet a month with last month's figure beside; August's title is July's, one target and one title differ."""
    sheets, head = [], ["Ref", "Indicator", "Good to be", "This month", "Last month", "% change", "Target"]
    for place, name in enumerate(NAMES):
        rows = [[f"Monthly performance: {FULL[place - (place == 4)]} 2025"], [], head]
        for ref, title, _, _, values, target in MEASURES:
            before = values[place - 1] if place else "n/a"
            change = f"{(values[place] / before - 1) * 100:.1f}%" if place else "n/a"
            rows.append([ref, title, "Low", values[place], before, change, target])
        sheets.append((f"{name} 25", rows))
    sheets[5][1][4][4] += 50
    sheets[3][1][5][6] = 200
    sheets[2][1][5][1] = "Bins missed"
    return _bytes(_book(*sheets)), {"Aug 25!A1", "Sep 25!E5", "Jul 25!G6", "Jun 25!B6"}


def labelled_months_down():
    """Months down below rows that their first cell names; an average without its last month, a maximum typed over."""
    rows = [["Measure ref", *[ref for ref, *_ in MEASURES]], ["Measure", *[title for _, title, *_ in MEASURES]]]
    rows += [["Good is", *["High", "Low", "Low", "High", "Low"]], ["Target 2025/26", *[one[-1] for one in MEASURES]]]
    rows += [[f"{name} 2025", *[one[4][place] for one in MEASURES]] for place, name in enumerate(FULL)]
    rows.append(["6-month average", *[sum(one[4]) / 6 for one in MEASURES]])
    rows.append(["6-month max", *[max(one[4]) for one in MEASURES]])
    rows[-2][3] = sum(MEASURES[2][4][:5]) / 5
    rows[-1][2] = 130
    return _bytes(_book(("Data", rows))), {"Data!D11", "Data!C12"}


def services_with_totals():
    """Spending by service, whose name is the only title; totals of quarters and sections, one without its May."""
    rows = [
        ["Revenue budget"], ["All figures £000"], [None, None, "2025/26"],
        [None, None, "Quarter 1", None, None, None, "Quarter 2"],
        ["Ref", "Service", *NAMES[:3], "Q1 total", *NAMES[3:], "Q2 total"], ["PLACE"],
    ]  # fmt: skip
    for ref, title, _, _, values, _ in MEASURES:
        rows.append([ref, title, *values[:3], sum(values[:3]), *values[3:], sum(values[3:])])
    rows.append([None, "Total Place", *[sum(row[place] for row in rows[6:]) for place in range(2, 10)]])
    rows[7][5] -= 97
    book = _book(("Budget", rows))
    for merged in ("C3:J3", "C4:F4", "G4:J4"):
        book["Budget"].merge_cells(merged)
    return _bytes(book), {"Budget!F8"}


def positions():
    """Snapshots that name the period before in a column of its own; one change upside down, one arrow turned."""
    head = ["Ref", "Measure", "Good is", "Frequency", "Latest period", "Latest", "Previous period", "Previous"]
    rows = [[*head, "% change", "Direction of travel"]]
    for ref, title, _, _, values, _ in MEASURES:
        change = f"{(values[5] / values[4] - 1) * 100:.1f}%"
        arrow = "▲" if values[5] > values[4] else "▼"
        rows.append([ref, title, "High", "Monthly", "Sep-25", values[5], "Aug-25", values[4], change, arrow])
    rows[2][8] = f"{(99 / 87 - 1) * 100:.1f}%"
    rows[5][9] = "▼"
    return _bytes(_book(("Latest", rows))), {"Latest!I3", "Latest!J6"}


WITH_ERRORS = (lagging_sheets, labelled_months_down, services_with_totals, positions)


ALL = {
    "months across below a merged year": months_across_in_two_rows,
    "three rows of headings with totals between": months_across_with_totals_between,
    "months down": months_down,
    "a sheet a month": sheet_a_month,
    "three columns a month": three_columns_a_month,
    "cards": cards,
    "records": records,
    "records with tabs in UTF-16": lambda: records("\t", "utf-16"),
    "records with year and month apart": lambda: records(";", "cp1252", apart=True),
    "OpenDocument": opendocument,
    "parts and comparators in rows": parts_in_rows,
}
