"""Both workbooks of the demonstration, read by another program's reader, against the scorecard that was published."""

import io
import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from python_calamine import CalamineWorkbook

from scorecard.files.data_workbook import to_data_xlsx
from scorecard.files.workbook import to_xlsx
from tests.demonstration import report_of
from tests.scorecard.test_golden import COLUMNS, MONTHS, PRINTED, REVIEWED, says_the_same

pytestmark = pytest.mark.sqlite
# What the published columns are called in the workbooks.
HEADINGS = {
    **{month: month for month in MONTHS},
    "change_month": "Change from last month",
    "change_year": "Change from last year",
    "average_12m": "Average 12 months",
    "maximum_12m": "Maximum 12 months",
    "sn": "Statistical neighbours",
    "england": "England",
    "region": "South East (region)",
    **{f"target_{year}": f"Target {year}" for year in ("2017-18", "2018-19", "2019-20")},
}
CHANGES = ("change_month", "change_year")


def sheet(data, name, header):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python()
    return [dict(zip(rows[header], row, strict=True)) for row in rows[header + 1 :]]


@pytest.fixture(scope="module")
def report(django_db_setup, django_db_blocker):
    return report_of("2021-01", django_db_blocker)


@pytest.fixture(scope="module")
def working(report):
    return {row["Ref"]: row for row in sheet(to_xlsx(report), "Scorecard", 3)}


@pytest.fixture(scope="module")
def accessible(report):
    """The table of indicators, with the months of the other table beside it."""
    data = to_data_xlsx(report)
    found = {row["Ref"]: row for row in sheet(data, "Indicators", 2)}
    named = {f"{month:%B %Y}": f"{month:%Y-%m}" for month in report.months}
    for row in sheet(data, "Monthly figures", 2):
        found[row["Ref"]][named[row["Month"]]] = row["Figure"]
    return found


def as_printed(cell, like, column, unit):
    """A cell as the published sheet writes it, with as many decimals as are printed there."""
    if not isinstance(cell, float):
        return {"[tbc]": "tbc", "[n/a]": "n/a", "[none]": "", "[local]": "Local"}.get(cell, cell)
    is_percentage = unit == "percentage" or column in CHANGES
    decimals = re.search(r"\.(\d+)", like)
    exact = Decimal(repr(cell)) * (100 if is_percentage else 1)
    # A double is off in its last digits: what lies between two is made whole before it is rounded.
    exact = exact.quantize(Decimal("1e-9")).normalize()
    rounded = exact.quantize(Decimal(1).scaleb(-len(decimals[1]) if decimals else 0), ROUND_HALF_UP)
    text = f"{rounded + 0:f}"
    if exact and not rounded:
        text = "[low]" if column not in CHANGES else "0"
    return f"{text}%" if is_percentage and text != "[low]" else text


@pytest.mark.parametrize("book", ["working", "accessible"])
@pytest.mark.parametrize("reference", PRINTED)
def test_figures_are_those_published(book, reference, request):
    row, printed = request.getfixturevalue(book)[reference], PRINTED[reference]
    for name, column in COLUMNS.items():
        if column in HEADINGS:
            expected, _ = REVIEWED.get((reference, column), (printed[name], ""))
            ours = as_printed(row[HEADINGS[column]], expected, column, printed["unit"])
            assert says_the_same(expected, ours), (column, expected, ours)


@pytest.mark.parametrize("book", ["working", "accessible"])
def test_figures_are_numbers(book, request):
    rows = request.getfixturevalue(book)
    for reference, printed in PRINTED.items():
        for month in MONTHS:
            if re.fullmatch(r"[\d,.]+%?", printed[month]) and (reference, month) not in REVIEWED:
                assert isinstance(rows[reference][month], float)
