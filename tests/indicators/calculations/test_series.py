"""Where in a series the report looks; no database."""

import pytest

from indicators.calculations.figures import Figure
from indicators.calculations.series import NOT_DUE, current_place, value_before
from indicators.calculations.vocabulary import Blank, Frequency

SERIES = (Figure(1), Figure(None, Blank.AWAITED), Figure(3), NOT_DUE, Figure(None, Blank.NOT_DUE))


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        pytest.param(2, 1, id="within the series"),
        pytest.param(1, None, id="a blank"),
        pytest.param(3, None, id="before the series begins, not counted from its end"),
    ],
)
def test_value_before_the_third_month(months, expected):
    assert value_before(SERIES, 2, months) == expected


@pytest.mark.parametrize(
    ("series", "frequency", "expected"),
    [
        pytest.param(SERIES, Frequency.MONTHLY, 4, id="monthly: the last month, blank or not"),
        pytest.param(SERIES, Frequency.QUARTERLY, 2, id="quarterly: the latest that was due"),
        pytest.param((*SERIES, NOT_DUE), Frequency.QUARTERLY, 5, id="quarterly: no further back than the quarter"),
        pytest.param(SERIES[:2], Frequency.QUARTERLY, 1, id="quarterly: awaited is due"),
    ],
)
def test_current_place(series, frequency, expected):
    assert current_place(series, frequency) == expected
