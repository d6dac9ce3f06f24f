"""What the report's objects say of themselves; no database."""

from fractions import Fraction

import pytest

from indicators.calculations.change import NO_CHANGE_KNOWN
from indicators.calculations.measure import Measure
from indicators.calculations.row import ComparatorCell
from indicators.calculations.vocabulary import Frequency, OnBasis, Polarity, Scope, Unit
from tests.scorecard.report.rows import ENGLAND


def comparator(**fields):
    plain = {
        "group": ENGLAND,
        "value": 5,
        "blank": None,
        "year": 2019,
        "source": "",
        "basis": "",
        "on_basis": OnBasis.YES,
        "note": "",
        "is_stale": False,
        "comparison": NO_CHANGE_KNOWN,
    }
    return ComparatorCell(**{**plain, **fields})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, (), id="all is well"),
        pytest.param({"on_basis": OnBasis.NO}, ("not on this row’s basis",), id="another basis"),
        pytest.param({"is_stale": True}, ("out of date (2019-20)",), id="out of date"),
        pytest.param({"year": None}, ("year not stated",), id="year not known"),
        pytest.param({"year": None, "on_basis": OnBasis.NO}, ("not on this row’s basis", "year not stated"), id="two"),
        pytest.param({"value": None, "on_basis": OnBasis.NO}, (), id="there is nothing to warn of"),
    ],
)
def test_comparator_warns(fields, expected):
    assert comparator(**fields).warnings == expected


@pytest.mark.parametrize(("year", "expected"), [(2019, "2019-20"), (None, "year not stated")])
def test_comparator_names_its_year(year, expected):
    assert comparator(year=year).year_text == expected


@pytest.mark.parametrize(("value", "expected"), [(Fraction(27100, 1464), "18.5%"), (None, "n/a"), (0, "0.0%")])
def test_measure_displays_a_value_in_its_unit(value, expected):
    words = dict.fromkeys(("reference", "title", "definition", "outcome", "owner", "reporter", "note"), "")
    measure = Measure(
        **words,
        unit=Unit.PERCENTAGE,
        decimal_places=1,
        polarity=Polarity.HIGH,
        frequency=Frequency.MONTHLY,
        scope=Scope.LOCAL,
    )
    assert measure.text(value) == expected
