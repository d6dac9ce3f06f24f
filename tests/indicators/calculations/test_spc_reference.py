"""The XmR chart equals that of the NHS reference implementation, series by series."""

import json
import math
from pathlib import Path

import pytest

from indicators.calculations.exact import exact
from indicators.calculations.spc import analyse

REFERENCE = json.loads((Path(__file__).parents[2] / "data" / "spc_reference.json").read_text(encoding="utf-8"))[
    "series"
]
CAUSES = {
    "Common Cause": "none",
    "Above UCL": "above_limit",
    "Below LCL": "below_limit",
    "7 Point Trend (Increasing)": "rising",
    "7 Point Trend (Decreasing)": "falling",
    "2 in 3 Above CL": "near_upper",
    "2 in 3 Below CL": "near_lower",
    "7 Points Above CL": "run_above",
    "7 Points Below CL": "run_below",
}
LINES = {
    "mean": "mean",
    "lower_limit": "lpl",
    "upper_limit": "upl",
    "near_lower": "near_lpl",
    "near_upper": "near_upl",
}
EACH_SERIES = pytest.mark.parametrize("series", REFERENCE, ids=[series["id"] for series in REFERENCE])


def chart(series):
    return analyse(
        [None if value is None else exact(value) for value in series["values"]],
        improvement=series["improvement"],
        target=None if series["target"] is None else exact(series["target"]),
        rebase_at=series["rebase_at"],
        fix_after=series["fix_after"],
        screen=series["screen"],
    )


def line_at(series, name, place):
    """The reference's mean or limit at a point: that of the latest group which begins no later."""
    return [group[name] for group in series["limits"] if group["from"] <= place][-1]


def is_same(found, expected):
    if found is None or expected is None:
        return found is expected
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12)


def test_every_series_of_the_reference_is_here():
    assert len({series["id"] for series in REFERENCE}) == 48


@EACH_SERIES
def test_mean_and_limits_are_those_of_the_reference(series):
    wrong = [
        (place, ours, getattr(point, ours))
        for place, point in enumerate(chart(series).points)
        for ours, theirs in LINES.items()
        if not is_same(getattr(point, ours), line_at(series, theirs, place))
    ]
    assert wrong == []


@EACH_SERIES
def test_special_causes_are_those_of_the_reference(series):
    found = [point.special_cause for point in chart(series).points]
    assert found == [CAUSES[name] for name in series["special_cause_type"]]


@EACH_SERIES
def test_point_types_are_those_of_the_reference(series):
    found = [point.point_type for point in chart(series).points]
    assert found == [name.removeprefix("special_cause_") for name in series["point_type"]]


@EACH_SERIES
def test_icons_are_those_of_the_reference(series):
    found = chart(series)
    assert (found.variation, found.assurance) == (series["variation_icon"], series["assurance_icon"])


@EACH_SERIES
def test_no_limits_exactly_where_the_reference_has_none(series):
    assert chart(series).has_limits == (series["limits"][-1]["upl"] is not None)
