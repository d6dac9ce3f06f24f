"""Open data against the rules that the Department for Education publishes for its data files."""

import csv
import dataclasses
import io
import re
import zipfile
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.change import Break
from indicators.calculations.figures import Figure
from indicators.calculations.vocabulary import Blank, Stage, Unit
from scorecard.files.open_data import COUNTED_OTHERWISE, NO_BREAK, to_tidy
from tests.demonstration import report_of

pytestmark = pytest.mark.sqlite
# The columns that a row of an authority must have, and what .meta.csv must be made of.
REQUIRED = {
    *("time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code"),
    *("region_name", "new_la_code", "la_name", "old_la_code"),
}
META = "col_name,col_type,label,indicator_grouping,indicator_unit,indicator_dp,filter_hint,filter_grouping_column"
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
NUMBER = re.compile(r"-?\d+(\.\d+)?")
SYMBOLS = {"c", "x", "z", "low", "u"}


@pytest.fixture(scope="module")
def report(django_db_setup, django_db_blocker):
    return report_of("2021-01", django_db_blocker)


def files_of(report):
    with zipfile.ZipFile(io.BytesIO(to_tidy(report))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def read(report):
    """The rows of the data and of what describes them."""
    data, meta = files_of(report).values()
    return [list(csv.DictReader(io.StringIO(text))) for text in (data, meta)]


def with_first_row(report, **changed):
    section = report.sections[0]
    row = section.rows[0]
    measure = row.measure._replace(**changed.pop("measure", {}))
    section = dataclasses.replace(section, rows=(row._replace(measure=measure, **changed),))
    return dataclasses.replace(report, sections=(section,))


def with_figure(report, figure, **measure):
    return with_first_row(report, figures=(*report.sections[0].rows[0].figures[:-1], figure), measure=measure)


def latest_of(report):
    return read(report)[0][-1]


def test_files_are_named_alike(report):
    assert list(files_of(report)) == [f"{report.slug}.csv", f"{report.slug}.meta.csv"]
    assert re.fullmatch(r"[a-z0-9_-]{1,50}", report.slug)


def test_headers_are_snake_case_and_unique(report):
    header = files_of(report)[f"{report.slug}.csv"].splitlines()[0].split(",")
    assert len(set(header)) == len(header)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,34}", name) for name in header)
    assert set(header) >= REQUIRED


def test_meta_has_the_columns_of_the_standard(report):
    assert files_of(report)[f"{report.slug}.meta.csv"].splitlines()[0] == META


def test_meta_describes_every_filter_and_indicator_once(report):
    data, meta = read(report)
    groups = {entry["filter_grouping_column"] for entry in meta} - {""}
    named = [entry["col_name"] for entry in meta]
    assert sorted([*named, *groups]) == sorted(set(data[0]) - REQUIRED)
    assert {entry["col_type"] for entry in meta} == {"Filter", "Indicator"}
    assert all(entry["label"] for entry in meta)
    assert {entry["indicator_unit"] for entry in meta} <= {"", "%", "£", "£m", "pp"}


def test_every_indicator_has_a_row_for_each_of_thirteen_months(report):
    data, _ = read(report)
    indicators = {row.indicator for row in report.rows}
    assert len(data) == 13 * len(indicators)


def test_filters_time_and_place_tell_rows_apart(report):
    data, meta = read(report)
    filters = [entry["col_name"] for entry in meta if entry["col_type"] == "Filter" and entry["col_name"] != "status"]
    keys = [tuple(row[name] for name in ("time_period", "time_identifier", *filters)) for row in data]
    assert len(set(keys)) == len(keys)


def test_month_is_a_year_of_four_digits_and_a_name(report):
    data, _ = read(report)
    assert {row["time_identifier"] for row in data} == set(MONTHS)
    assert {row["time_period"] for row in data} == {"2020", "2021"}


def test_place_is_whole(report):
    data, _ = read(report)
    places = {tuple(row[name] for name in sorted(REQUIRED)) for row in data if row["time_identifier"] == "May"}
    expected = {
        "country_code": "E92000001",
        "country_name": "England",
        "geographic_level": "Local authority",
        "la_name": "Southampton City Council",
        "new_la_code": "E06000045",
        "old_la_code": "x",
        "region_code": "E12000008",
        "region_name": "South East",
        "time_identifier": "May",
        "time_period": "2020",
    }
    assert places == {tuple(expected.values())}


def test_codes_that_are_not_known_are_x(report):
    row = latest_of(dataclasses.replace(report, council_code="", region_code="", region=""))
    names = ("new_la_code", "region_code", "region_name")
    assert [row[name] for name in names] == ["x", "x", "Not available"]


def test_no_filter_is_blank_and_every_indicator_is_a_number_or_a_symbol(report):
    data, meta = read(report)
    for entry in meta:
        cells = {row[entry["col_name"]] for row in data}
        if entry["col_type"] == "Filter":
            assert all(cell and cell == cell.strip() for cell in cells)
        else:
            assert all(cell in SYMBOLS or NUMBER.fullmatch(cell) for cell in cells)


def test_figures_are_exact(report):
    figure = Figure(Fraction(1, 8), None, Stage.PROVISIONAL, 1, 800)
    row = latest_of(with_figure(report, figure, unit=Unit.PERCENTAGE))
    assert (row["figure_percent"], row["numerator"], row["denominator"]) == ("0.125", "1", "800")
    assert row["status"] == "Provisional"


@pytest.mark.parametrize(
    ("figure", "cell"),
    [
        pytest.param(Figure(None, Blank.SUPPRESSED), "c", id="suppressed"),
        pytest.param(Figure(None, Blank.NOT_APPLICABLE), "z", id="not applicable"),
        pytest.param(Figure(None, Blank.NOT_DUE), "z", id="not due"),
        pytest.param(Figure(None, Blank.NOT_AVAILABLE), "x", id="not available"),
        pytest.param(Figure(None, Blank.AWAITED), "x", id="awaited"),
        pytest.param(Figure(0), "0", id="none"),
        pytest.param(Figure(1464), "1464", id="thousands"),
        pytest.param(Figure(-20), "-20", id="negative"),
        pytest.param(Figure(Fraction(1, 10**8)), "low", id="nearly none"),
    ],
)
def test_cell_of_a_figure(figure, cell, report):
    assert latest_of(with_figure(report, figure, unit=Unit.COUNT))["figure_count"] == cell


def test_parts_of_a_suppressed_figure_are_suppressed(report):
    figures = (Figure(50, None, Stage.FINAL, 3, 6), Figure(None, Blank.SUPPRESSED, Stage.FINAL, 2, 6))
    months = report.months[-2:]
    row = latest_of(with_first_row(report, figures=figures, months=months, measure={"unit": Unit.PERCENTAGE}))
    assert (row["figure_percent"], row["numerator"], row["denominator"]) == ("c", "c", "c")


def test_indicator_of_two_sections_stands_once(report):
    once = with_first_row(report)
    twice = dataclasses.replace(once, sections=once.sections * 2)
    assert read(twice) == read(once)


def test_same_report_gives_the_same_bytes(report):
    assert to_tidy(report) == to_tidy(report)


def test_text_is_never_a_formula(report):
    @given(text=st.text(min_size=1))
    def check(text):
        changed = with_first_row(report, measure={"title": text, "reference": text})
        for row in read(dataclasses.replace(changed, council=text))[0]:
            for name in ("indicator", "reference", "la_name"):
                assert not row[name].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))

    check()


def test_numbers_stay_numbers(report):
    @given(value=st.fractions(min_value=-(10**6), max_value=10**6))
    def check(value):
        cell = latest_of(with_figure(report, Figure(value), unit=Unit.COUNT))["figure_count"]
        if cell == "low":
            assert 0 < abs(value) < Fraction(1, 10**6)
        else:
            assert abs(Fraction(cell) - value) <= Fraction(1, 2 * 10**6)

    check()


def test_change_of_counting_is_a_filter_where_there_is_one(report):
    counted = [Break(date(2020, 11, 1), "A new system.")]
    data, meta = read(with_first_row(report, breaks=tuple(counted)))
    marked = [row["time_identifier"] for row in data if row["series_break"].startswith("Counted differently")]
    assert (marked, {row["series_break"] for row in data}) == (["November"], {NO_BREAK, COUNTED_OTHERWISE})
    assert [entry["label"] for entry in meta if entry["col_name"] == "series_break"] == ["Break in the series"]
    assert "series_break" not in read(report)[0][0]
