"""The small line of a row: its drawing and its words."""

import re
from datetime import date

import pytest

from indicators.calculations.months import months_ending
from scorecard.display.drawings import HEIGHT, MARGIN, WIDTH, sparkline, trend_in_words
from scorecard.report import assemble_report
from tests.factories import JANUARY, make_indicator, make_scorecard, make_value

pytestmark = pytest.mark.django_db

MONTHS = months_ending(JANUARY, 13)


def row_with(figures):
    """A row whose months, counted from January 2020, have these figures."""
    indicator = make_indicator(unit="percentage")
    for place, figure in figures.items():
        make_value(indicator, MONTHS[place], figure)
    [row] = assemble_report(make_scorecard(indicator), JANUARY).rows
    return row


def lines_of(row):
    return [points.split() for points in re.findall(r'<polyline points="([^"]*)"', sparkline(row))]


def test_line_runs_from_the_first_month_to_the_latest():
    [line] = lines_of(row_with(dict.fromkeys(range(13), 5) | {12: 50}))
    assert len(line) == 13
    assert line[0].startswith(f"{MARGIN}.0,")
    assert line[-1] == f"{WIDTH - MARGIN}.0,{MARGIN}.0"


def test_lowest_lies_at_the_bottom_and_highest_on_top():
    [line] = lines_of(row_with({10: 1, 11: 9, 12: 5}))
    assert [float(point.split(",")[1]) for point in line] == [HEIGHT - MARGIN, MARGIN, HEIGHT / 2]


def test_blank_leaves_a_gap():
    assert [len(line) for line in lines_of(row_with({8: 5, 9: 6, 11: 7, 12: 8}))] == [2, 2]


def test_zero_is_drawn():
    assert [len(line) for line in lines_of(row_with({10: 5, 11: 0, 12: 5}))] == [3]


def test_figures_that_never_change_are_drawn_in_the_middle():
    [line] = lines_of(row_with({11: 5, 12: 5}))
    assert [point.split(",")[1] for point in line] == [f"{HEIGHT / 2}"] * 2


def test_lone_figures_are_dots():
    row = row_with({2: 10, 5: 20, 8: 30, 11: 40})
    assert lines_of(row) == []
    # One for each, and the larger one that marks the latest.
    assert sparkline(row).count("<circle") == 5


def test_latest_figure_has_a_dot():
    assert f'<circle cx="{WIDTH - MARGIN}.0" cy="{MARGIN}.0" r="2.6"/>' in sparkline(row_with({11: 1, 12: 2}))


def test_row_without_figures_says_so():
    row = row_with({})
    assert ("No figures" in sparkline(row), trend_in_words(row)) == (True, "No figures.")
    assert "<svg" not in sparkline(row)


def test_trend_in_words_names_ends_and_extremes():
    assert trend_in_words(row_with({0: 5, 3: 90, 6: 1, 12: 8})) == (
        "From 5% in January 2020 to 8% in January 2021; lowest 1% in July 2020, highest 90% in April 2020."
    )


def test_drawing_has_its_trend_as_its_name():
    row = row_with({11: 1, 12: 2})
    assert f'role="img" aria-label="{trend_in_words(row)}"' in sparkline(row)


def test_drawing_covers_thirteen_months():
    row = row_with({0: 1, 12: 2})
    assert (row.months[0], row.months[-1]) == (date(2020, 1, 1), JANUARY)
