"""The usual shape of the year: how each of its months stands to the twelve around it, left out what is judged by it.

The classical ratio to a moving average. docs/methods.md says how it was tried, and how often it errs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

YEARS_NEEDED = 3
# A ratio of a single other year would say as much of that year as of the season.
FEWEST_OTHERS = 2
# A centred average may lack a sixth of its year: two months of twelve.
MOST_MISSING = 6
# Factors are whole numbers of parts of this: cut off after 18 decimals.
ONE = 10**18

NO_SHAPE = "so it is judged without the shape of the year."
TOO_SHORT = f"It is called seasonal, but there are fewer than three years of figures for that, {NO_SHAPE}"
NEGATIVE = f"It is called seasonal, but a figure below 0 has no ratio to the figures around it, {NO_SHAPE}"
ALL_ZERO = f"It is called seasonal, but nearly all of its figures are 0, {NO_SHAPE}"
WITH_SMALL_NUMBERS = (
    "It is called seasonal, but in numbers as small as these chance outweighs the season, so it is judged without the "
    "shape of the year."
)
YEARLY = "It is called seasonal, but has one figure a year."
USUALLY_NONE = "At this time of the year there usually are none, so no chart can tell what would be unusual."


class Shape(NamedTuple):
    """What each figure is divided by to take the season out, in parts of `ONE`.

    None where too few other years tell, or where there usually are none. Without factors `because` says why, as a
    sentence for people.
    """

    factors: Sequence[int | None]
    because: str = ""

    @property
    def is_known(self) -> bool:
        return not self.because


def shape_of_the_year(
    values: Sequence[int | None],
    bounds: Sequence[tuple[int, int]],
    season: tuple[int, int],
    judged: Sequence[int | None] | None = None,
) -> Shape:
    """For each of the values the mean ratio of the same month of all other years to the twelve months around it.

    `season` is the calendar month of the first value and how many values make a year: 12, or 4 for quarters, 3 for
    terms, 2 for half-years. `bounds` are the stretches that are counted alike; no average reaches over their ends. Of
    the first and last half-year of each the nearest average is taken. Blanks (None) are left out; an average needs
    five sixths of its figures, a factor two other years. The values are whole numbers, all multiplied by the same.
    `judged` are the figures that factors are for, where these are more than the values that the factors rest on.

    Raises ValueError for a month that is none, or a year of fewer than two or more than twelve values.
    """
    month, per_year = season
    if not 1 <= month <= 12 or not 2 <= per_year <= 12:
        raise ValueError("A season is the calendar month of the first value, and 2 to 12 values to the year.")
    known = [value for value in values if value is not None]
    nothing: Sequence[int | None] = [None] * len(values)
    if any(value < 0 for value in known):
        return Shape(nothing, NEGATIVE)
    if len(known) < YEARS_NEEDED * per_year:
        return Shape(nothing, TOO_SHORT)
    ratios: list[int | None] = [None] * len(values)
    for start, end in bounds:
        ratios[start:end] = _ratios(values[start:end], per_year)
    factors: list[int | None] = []
    for place in range(len(values)):
        same = range(place % per_year, len(ratios), per_year)
        others = [ratio for one in same if one != place and (ratio := ratios[one]) is not None]
        factors.append(sum(others) // len(others) if len(others) >= FEWEST_OTHERS else None)
    latest = max(place for place, value in enumerate(judged or values) if value is not None)
    if factors[latest] is None:
        return Shape(nothing, TOO_SHORT if any(known) else ALL_ZERO)
    return Shape([factor or None for factor in factors])


def _ratios(values: Sequence[int | None], per_year: int) -> list[int | None]:
    """Each value to the average of the year around it; None for a blank, and where there is no such average."""
    half = per_year // 2
    # Of an even number of periods the two at the ends, which are the same time of the year, count half each.
    weights = [2] * per_year if per_year % 2 else [1] + [2] * (per_year - 1) + [1]
    # The sum of the year around each place, and how much weight its figures have.
    sums: dict[int, tuple[int, int]] = {}
    for centre in range(half, len(values) - half):
        pairs = zip(weights, values[centre - half : centre + half + 1], strict=True)
        around = [(weight, value) for weight, value in pairs if value is not None]
        weight = sum([weight for weight, _ in around])
        total = sum([weight * value for weight, value in around])
        if total > 0 and MOST_MISSING * (2 * per_year - weight) <= 2 * per_year:
            sums[centre] = total, weight
    if not sums:
        return [None] * len(values)
    first, final = min(sums), max(sums)
    found: list[int | None] = []
    for place, value in enumerate(values):
        nearest = min(max(place, first), final)
        # No further than half a year from its average: a long blank between would tell of another time.
        total, weight = sums.get(nearest, (0, 0)) if abs(nearest - place) <= half else (0, 0)
        found.append(value * weight * ONE // total if total and value is not None else None)
    return found
