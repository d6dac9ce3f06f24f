"""Mean and maximum over a window of months."""

from fractions import Fraction

import pytest

from indicators.calculations.averages import Summary, summarise


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([1, 2, 6], Summary(3, 6, 3, 3), id="whole"),
        pytest.param([1, 2], Summary(Fraction(3, 2), 2, 2, 2), id="a half"),
        pytest.param([Fraction(1, 3), Fraction(1, 2)], Summary(Fraction(5, 12), Fraction(1, 2), 2, 2), id="fractions"),
        pytest.param([None, 4, None], Summary(4, 4, 1, 3), id="blanks are left out"),
        pytest.param([0, 4], Summary(2, 4, 2, 2), id="zero is a figure"),
        pytest.param([0, 0], Summary(0, 0, 2, 2), id="only zeros"),
        pytest.param([None, None], Summary(None, None, 0, 2), id="only blanks"),
        pytest.param([], Summary(None, None, 0, 0), id="no months"),
    ],
)
def test_summary_of(values, expected):
    assert summarise(values) == expected


def test_summary_of_percentages_is_the_mean_of_the_months_not_pooled():
    monthly = [Fraction(100 * part, whole) for part, whole in ((1, 2), (9, 90))]
    assert summarise(monthly).mean == 30
