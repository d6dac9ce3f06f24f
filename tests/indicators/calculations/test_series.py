"""Where in a series the report looks; no database."""

from datetime import date

import pytest

from indicators.calculations.figures import Figure
from indicators.calculations.months import months_ending
from indicators.calculations.periods import Periods
from indicators.calculations.series import NOT_DUE, current_place, own_places, value_in
from indicators.calculations.vocabulary import Blank, Frequency

SERIES = (Figure(1), Figure(None, Blank.AWAITED), Figure(3), NOT_DUE, Figure(None, Blank.NOT_DUE))
QUARTERLY, YEARLY = Periods(Frequency.QUARTERLY), Periods(Frequency.YEARLY)


def months_to(year, month, count=5):
    return months_ending(date(year, month, 1), count)


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        pytest.param(date(2020, 10, 1), 1, id="within the series"),
        pytest.param(date(2020, 11, 1), None, id="a blank"),
        pytest.param(date(2020, 9, 1), None, id="before the series begins, not counted from its end"),
        pytest.param(date(2021, 3, 1), None, id="after it ends"),
    ],
)
def test_value_in_a_month(month, expected):
    assert value_in(SERIES, months_to(2021, 2), month) == expected


@pytest.mark.parametrize(
    ("series", "months", "periods", "expected"),
    [
        pytest.param(SERIES, months_to(2021, 2), Periods(), 4, id="monthly: the last month, blank or not"),
        pytest.param(SERIES, months_to(2021, 2), QUARTERLY, 2, id="quarterly: the latest that was due"),
        pytest.param(SERIES, months_to(2021, 3), QUARTERLY, 4, id="quarterly: no further back than the quarter"),
        pytest.param(SERIES[:2], months_to(2020, 12, 2), QUARTERLY, 1, id="quarterly: awaited is due"),
        pytest.param(SERIES[:3], months_to(2021, 1, 3), QUARTERLY, 2, id="quarterly: what was entered since"),
        pytest.param((NOT_DUE,) * 5, months_to(2020, 7), YEARLY, 4, id="yearly: the last month, if March has none"),
        pytest.param((*SERIES[:3], *[NOT_DUE] * 11), months_to(2021, 2, 14), YEARLY, 2, id="yearly: eleven months ago"),
    ],
)
def test_current_place(series, months, periods, expected):
    assert current_place(series, months, periods) == expected


def test_places_of_its_own_figures_are_the_due_months_and_the_current_one():
    months = months_to(2021, 1, 7)
    assert own_places(months, QUARTERLY, 5) == [2, 5]
    assert own_places(months, QUARTERLY, 6) == [2, 5, 6]
    assert own_places(months, Periods(), 5) == [0, 1, 2, 3, 4, 5]
