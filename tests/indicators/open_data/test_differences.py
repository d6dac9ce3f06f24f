"""Comparators of a report beside those of a source: what an officer is told, and why. Worked out by hand."""

from fractions import Fraction

import pytest

from indicators.calculations.vocabulary import GroupKind, Unit
from indicators.open_data.differences import Pair, differences

ENGLAND, REGION, NEIGHBOURS = GroupKind.ENGLAND, GroupKind.REGION, GroupKind.STATISTICAL_NEIGHBOURS


def pair(printed, found, *, reference="A1", group=ENGLAND, unit=Unit.COUNT, year=True, authorities=152):
    return Pair(reference, group, Fraction(printed), Fraction(found), unit, 0, year, authorities)


def told(*pairs):
    return [(one.text.removeprefix("A1, England: "), one.is_far) for one in differences(pairs)]


@pytest.mark.parametrize(
    ("printed", "found", "options"),
    [
        (353, "352.51", {}),
        (0, "0.4", {}),
        ("22.6", "22.6", {}),
        ("352.510965", "352.5109649", {}),
        # Of another year it may well be another figure, if it isn't of another size.
        (353, 381, {"year": False}),
    ],
)
def test_rounding_is_not_told(printed, found, options):
    assert told(pair(printed, found, **options)) == []


NO_FACTOR = "no factor such as 12 months explains it, so it counts something else"
PERCENTAGE = {"unit": Unit.PERCENTAGE}


@pytest.mark.parametrize(
    ("printed", "found", "options", "both", "why"),
    [
        (4236, 353, {}, "4,236, the source gives 353, 12.0", "4,236 is what 353 × 12 months gives"),
        (1, 13, PERCENTAGE, "1%, the source gives 13%, 13.0", "1% is what 13% / 12 months gives"),
        (53656, 353, {}, "53,656, the source gives 353, 152.0", "53,656 is what 353 × 152 authorities gives"),
        (
            642980, "352.51", {}, "642,980, the source gives 353, 1,824.0",
            "642,980 is what 353 × 152 authorities and 12 months gives",
        ),
        (5, 500, {}, "5, the source gives 500, 100.0", "5 is what 500 / 100 gives"),
        (84, 16, PERCENTAGE, "84%, the source gives 16%, 5.3", "84% is what 100% - 16% gives"),
        (327, 1521, {}, "327, the source gives 1,521, 4.7", NO_FACTOR),
        (7, 21, {"year": False, "authorities": None}, "7, the source gives 21, 3.0", NO_FACTOR),
    ],
    ids=["12", "1/12", "authorities", "both", "100", "the others", "none", "another year"],
)  # fmt: skip
def test_figure_off_the_basis_is_told_with_what_explains_it(printed, found, options, both, why):
    assert told(pair(printed, found, **options)) == [(f"the report has {both} times apart: {why}.", True)]


def test_zero_is_no_times_of_anything():
    assert told(pair(0, 40)) == [(f"the report has 0, the source gives 40: {NO_FACTOR}.", True)]


@pytest.mark.parametrize(("printed", "found"), [(368, 381), (496, 615), (94, 85)])
def test_other_differences_are_told_without_a_guess(printed, found):
    assert told(pair(printed, found)) == [(f"the report has {printed}, the source gives {found}.", False)]


def test_another_measure_explains_where_it_does_so_in_two_groups():
    theirs = [pair(value, value, reference="B1", group=group) for group, value in ((ENGLAND, 527), (REGION, 550))]
    ours = [pair(44, 17), pair(46, 19, group=REGION), pair(47, 18, group=NEIGHBOURS)]
    assert [one.text.partition("apart: ")[2] for one in differences([*ours, *theirs])] == [
        "44 is what B1’s 527 / 12 months gives.",
        "46 is what B1’s 550 / 12 months gives.",
        f"{NO_FACTOR}.",
    ]
    # In one group alone it may be chance.
    assert told(ours[0], theirs[0])[0][0].endswith(f"{NO_FACTOR}.")


def test_the_most_different_come_first():
    assert [is_far for _, is_far in told(pair(368, 381), pair(1, 13), pair(94, 85))] == [True, False, False]
