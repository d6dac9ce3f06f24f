"""The report of January 2021 against the scorecard that was published, cell by cell.

tests/data/published_2021-01.csv holds the published table as it was printed. What may differ stands in REVIEWED, cell
by cell, with the reason; an entry that no longer differs fails as well.
"""

import csv
import io
from pathlib import Path

import pytest

from scorecard.files.csv_and_json import to_csv
from tests.demonstration import report_of

PUBLISHED = Path(__file__).parent.parent / "data" / "published_2021-01.csv"
MONTHS = ("2020-08", "2020-09", "2020-10", "2020-11", "2020-12", "2021-01")
# What the published columns are called in ours.
COLUMNS = {
    **{month: month for month in MONTHS},
    "dot_arrow": "desired_direction",
    "pct_change_prev_month": "change_month",
    "pct_change_prev_year": "change_year",
    "avg_12m": "average_12m",
    "max_12m": "maximum_12m",
    "comparator_sn": "sn",
    "comparator_eng": "england",
    "comparator_se": "region",
    "target_2017-18": "target_2017-18",
    "target_2018-19": "target_2018-19",
    "target_2019-20": "target_2019-20",
}
# Cells that say the same in other words.
SAME = {
    "92.0%": "92%",
    "93.0%": "93%",
    "50 (column illegible: a single figure, 50, stands among comparators and targets)": "50",
}
A_BLANK = ("[x]", "[z]")

ROUNDED = "printed from the rounded figures; ours is worked on the exact ones"
WRONG_SIGN = "112 to 117 is a rise"
COMPUTABLE = "printed as n/a though both figures are printed"
REVISED = "338 is among the printed months, so the printed 339 was revised"
NOT_FILLED_IN = "printed as 0, but nobody had filled in these months"
NOTHING_TO_COMPARE = "printed for 0 against 0; there is nothing to compare"
FIVE_FOR_SIX = "quarterly, five values for six months: which month is blank cannot be told"

REVIEWED = {
    ("M6-QL", "change_month"): ("-68%", ROUNDED),
    ("M6-QL", "change_year"): ("-29%", ROUNDED),
    ("CP1-NI", "change_month"): ("-39%", ROUNDED),
    ("CP1-NI", "change_year"): ("-2%", ROUNDED),
    ("CP6B-NI", "change_month"): ("0%", ROUNDED),
    ("CP6B-NI", "change_year"): ("-15%", ROUNDED),
    ("EH1a", "change_month"): ("4%", WRONG_SIGN),
    ("EH1c", "change_month"): ("1%", COMPUTABLE),
    ("EH1b", "change_month"): ("-5%", COMPUTABLE),
    ("EH14b", "change_month"): ("3%", COMPUTABLE),
    ("CIN5", "change_month"): ("-2%", COMPUTABLE),
    ("EH1b", "maximum_12m"): ("338", REVISED),
    **{
        (reference, month): ("tbc", NOT_FILLED_IN)
        for reference in ("LSCB17a", "YO2")
        for month in ("2020-11", "2020-12", "2021-01")
    },
    **{
        (reference, column): ("n/a", NOT_FILLED_IN)
        for reference in ("LSCB17a", "YO2")
        for column in ("average_12m", "maximum_12m")
    },
    ("YO2", "change_month"): ("n/a", NOTHING_TO_COMPARE),
    **{(reference, "2021-01"): ("[x]", FIVE_FOR_SIX) for reference in ("FM011", "FM012")},
}


def read_published():
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return {record["ref"]: record for record in csv.DictReader(file)}


def normalised(cell):
    """As displayed, without thousands separators and without capitals in tbc."""
    return SAME.get(cell, cell.lower() if cell.lower() == "tbc" else cell.replace(",", ""))


def says_the_same(printed, ours):
    return normalised(printed) == normalised(ours) or (printed == "-" and ours in A_BLANK)


def differences(printed, ours):
    return {
        (ours["ref"], column): ours[column]
        for name, column in COLUMNS.items()
        if not says_the_same(printed[name], ours[column])
    }


PRINTED = read_published()


@pytest.fixture(scope="module")
def report(django_db_setup, django_db_blocker):
    return report_of("2021-01", django_db_blocker)


@pytest.fixture(scope="module")
def exported(report):
    return {record["ref"]: record for record in csv.DictReader(io.StringIO(to_csv(report)))}


def test_published_table_is_whole():
    assert len(PRINTED) == 64


@pytest.mark.parametrize("reference", PRINTED)
def test_row_is_as_published(reference, exported):
    expected = {cell: ours for cell, (ours, _) in REVIEWED.items() if cell[0] == reference}
    assert differences(PRINTED[reference], exported[reference]) == expected


def test_rows_stand_in_the_published_order(report):
    ours = [(section.title, row.measure.reference) for section in report.sections for row in section.rows]
    assert ours == [(record["section"], reference) for reference, record in PRINTED.items()]


def test_titles_are_as_published(report):
    ours = {row.measure.reference: row.measure.title for row in report.rows}
    assert ours == {reference: record["indicator"] for reference, record in PRINTED.items()}


def test_units_are_as_published(report):
    ours = {row.measure.reference: row.measure.unit.replace("rate_", "rate_per_") for row in report.rows}
    assert ours == {reference: record["unit"] for reference, record in PRINTED.items()}


def test_columns_are_those_of_the_published_table(exported):
    columns = list(exported["M1"])
    named = {"ref", "title", "owner", "reporter", "rag", "commentary", "signal", "assurance"}
    named |= {"what_to_look_at", "warnings", "breaks", "period", "figure"}
    assert [column for column in columns if column not in named] == list(COLUMNS.values())


def test_reviewed_cells_are_cells_of_the_table():
    assert {reference for reference, _ in REVIEWED} <= set(PRINTED)
    assert {column for _, column in REVIEWED} <= set(COLUMNS.values())


# Three reviewed changes on last year cannot be met by any whole numbers of January 2020, which the sheet does not show.


def whole_numbers_that_print(change, later):
    """The earlier figures from which `later` is printed as that change, in whole per cent."""
    return {earlier for earlier in range(1, 2000) if rounded_per_cent(later - earlier, earlier) == change}


def rounded_per_cent(part, whole):
    sign = -1 if part < 0 else 1
    return sign * ((200 * abs(part) + whole) // (2 * whole))


def test_m6_ql_change_on_last_year_cannot_be_as_printed():
    referrals = whole_numbers_that_print(-33, 271)
    again = whole_numbers_that_print(-53, 8)
    found = {rounded_per_cent(8 * m2 - 271 * val, 271 * val) for m2 in referrals for val in again}
    assert found == {-29, -30}


@pytest.fixture(scope="module")
def populations():
    """2019's population for each 100,000 of 2020, as M2 (-33%) and M2-NI (-34%) leave it."""
    return {
        share
        for m2 in whole_numbers_that_print(-33, 271)
        for share in range(95_000, 105_000)
        if rounded_per_cent(271 * share - m2 * 100_000, m2 * 100_000) == -34
    }


@pytest.mark.parametrize(
    ("later", "printed_count", "printed_rate"),
    [pytest.param(91, -2, 0, id="CP1-NI"), pytest.param(400, -15, -14, id="CP6B-NI")],
)
def test_rate_change_on_last_year_cannot_be_as_printed(later, printed_count, printed_rate, populations):
    for earlier in whole_numbers_that_print(printed_count, later):
        base = earlier * 100_000
        assert printed_rate not in {rounded_per_cent(later * share - base, base) for share in populations}
