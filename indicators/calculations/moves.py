"""A latest figure that is far from all before it, found without a chart: for series that no chart can judge.

It has to be far by three measures at once, so that few are found by chance. The rule, with how often chance alone meets
it: docs/methods.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from .exact import Exact, magnitude
from .figures import Figure
from .spc import Improvement, Variation
from .units import OF_CASES, kind_of
from .vocabulary import Unit

# The figure is at least twice the highest before it, or at most half the lowest.
TIMES = 2
# So many cases more or fewer than those before let expect.
FEWEST_CASES = 5
# A percentage is also so many percentage points from the nearest before it.
FEWEST_POINTS = 5
# Chance alone would bring as much or more less often than this.
CHANCE = Fraction(1, 1000)
# Of more cases than these each counts as a part of one: what is twice or half as many is beyond chance anyway.
MOST_CASES = 500
# Without the numbers behind the figures: at least so many figures before it, and so far from the nearest of them.
FEWEST_BEFORE = 3
FAR_APART: dict[Unit, Exact] = {
    Unit.COUNT: FEWEST_CASES,
    # As many percentage points.
    Unit.PERCENTAGE: 40,
    # What five cases are among 10,000 people.
    Unit.RATE_1000: Fraction(1, 2),
    Unit.RATE_10000: 5,
    Unit.RATE_100000: 50,
    # How much of these is much depends on what is measured: that it has doubled or halved, and lies so many times as
    # far apart as those before, has to do.
    **dict.fromkeys((Unit.RATE, Unit.MONEY, Unit.MONEY_THOUSAND, Unit.MONEY_MILLION), 0),
    **dict.fromkeys((Unit.HOURS, Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.SCORE), 0),
}
# And by so many times as much as those before lie apart.
TIMES_APART = 3

_VARIATIONS = {
    Improvement.INCREASE: (Variation.CONCERN_LOW, Variation.IMPROVEMENT_HIGH),
    Improvement.DECREASE: (Variation.IMPROVEMENT_LOW, Variation.CONCERN_HIGH),
    Improvement.NEUTRAL: (Variation.NEUTRAL_LOW, Variation.NEUTRAL_HIGH),
}


_JUDGED = {"improvement": ": better", "concern": ": worse"}


class Move(NamedTuple):
    """A latest figure far from those before it, where no chart can judge it.

    `variation` says which way it moved and what that means; it is never common cause. `figures` is how many figures
    were before it, which lay from `lowest` to `highest`, in the indicator's unit. `by_chance` is whether its parts are
    known, so that chance alone was reckoned with; otherwise the distance alone was looked at.
    """

    variation: Variation
    figures: int
    lowest: Exact
    highest: Exact
    by_chance: bool

    @property
    def words(self) -> str:
        """The move in a few words, as "far higher than before (worse)"."""
        kind = self.variation.value.partition("_")[0]
        return f"far {'higher' if self.variation.is_high else 'lower'} than before{_JUDGED.get(kind, '')}"

    def beside_those_before(self, text: Callable[[Exact], str], period: str) -> str:
        """Where the figure lies, as "far above the 12 months before it, which had 0 to 3"; `text` displays a value."""
        side = "above" if self.variation.is_high else "below"
        lowest, highest = text(self.lowest), text(self.highest)
        if self.figures == 1:
            return f"far {side} the only {period} with a figure before it, which had {lowest}"
        had = f"all had {lowest}" if lowest == highest else f"had {lowest} to {highest}"
        return f"far {side} the {self.figures} {period}s with a figure before it, which {had}"


def large_move(
    figures: Sequence[Figure], unit: Unit, improvement: Improvement, *, is_signed: bool = False
) -> Move | None:
    """The move to the latest of the figures, in order, from those before it; None where it isn't large.

    A blank is left out; where the latest figure is blank, or the only one, there is no move. Of a
    rate or percentage the numerators and denominators are used where all figures have them. Where figures can be
    negative (`is_signed`) there is no twice or half: the figure is as far from those before as they are from 0.
    """
    known = [figure for figure in figures if figure.value is not None]
    if len(known) < 2 or figures[-1].value is None:
        return None
    values = [figure.value for figure in known if figure.value is not None]
    latest, lowest, highest = values[-1], min(values[:-1]), max(values[:-1])
    if lowest <= latest <= highest:
        return None
    if not (_is_far_from_signed(latest, lowest, highest) if is_signed else _is_far(latest, lowest, highest, unit)):
        return None
    parts = None if is_signed else _parts(known, unit)
    is_large = _is_beyond_chance(parts, unit) if parts else _is_apart(values, lowest, highest, unit)
    if not is_large:
        return None
    return Move(_VARIATIONS[improvement][latest > highest], len(known) - 1, lowest, highest, parts is not None)


def _is_far(latest: Exact, lowest: Exact, highest: Exact, unit: Unit) -> bool:
    """Whether the figure, or of a percentage what it lacks to 100, has at least doubled or halved."""

    def has_doubled(one: Exact, low: Exact, high: Exact) -> bool:
        return one >= TIMES * high or TIMES * one <= low

    if unit is Unit.PERCENTAGE:
        if lowest - FEWEST_POINTS < latest < highest + FEWEST_POINTS:
            return False
        if max(latest, highest) <= 100 and has_doubled(100 - latest, 100 - highest, 100 - lowest):
            return True
    return has_doubled(latest, lowest, highest)


def _is_far_from_signed(latest: Exact, lowest: Exact, highest: Exact) -> bool:
    """Whether the figure is as far from the nearest before it as any of those before is from 0."""
    distance = latest - highest if latest > highest else lowest - latest
    return distance >= max(magnitude(lowest), magnitude(highest))


def _parts(known: Sequence[Figure], unit: Unit) -> list[tuple[int, int]] | None:
    """Of each figure how many cases there were, and among how many; None where that isn't known of all, and where
    the numerators add up money, time or scores.
    """
    if kind_of(unit) not in OF_CASES:
        return None
    if unit is Unit.COUNT:
        return _whole_parts([(figure.value, 1) for figure in known])
    return _whole_parts([(figure.numerator, figure.denominator) for figure in known])


def _whole_parts(parts: Sequence[tuple[Exact | None, Exact | None]]) -> list[tuple[int, int]] | None:
    found = []
    for top, bottom in parts:
        if top is None or top.denominator != 1 or top < 0 or not bottom or bottom.denominator != 1:
            return None
        found.append((top.numerator, bottom.numerator))
    return found


def _is_beyond_chance(parts: Sequence[tuple[int, int]], unit: Unit) -> bool:
    """Whether the cases are far from what the pooled ones before let expect, by number and by chance."""
    latest, of = parts[-1]
    total, total_of = map(sum, zip(*parts, strict=True))
    # In parts of one over what was before.
    distance = latest * (total_of - of) - (total - latest) * of
    if abs(distance) < FEWEST_CASES * (total_of - of):
        return False
    is_share = unit is Unit.PERCENTAGE and all(top <= bottom for top, bottom in parts)
    return (share_tail if is_share else count_tail)(latest, of, total, total_of, is_high=distance > 0) < CHANCE


def count_tail(cases: int, of: int, total: int, total_of: int, *, is_high: bool) -> Fraction:
    """How likely at least (or at most) so many of all cases fall to `of`, each by a chance of `of` / `total_of`.

    That is what counts of independent cases do whose mean doesn't change, given their total: a
    binomial distribution. Source: Przyborowski and Wilenski, Biometrika 31 (1940).
    """
    cases, total = _thinned(total, cases, total)
    rest = total_of - of
    numbers = range(cases, total + 1) if is_high else range(cases + 1)
    ways = sum(math.comb(total, number) * of**number * rest ** (total - number) for number in numbers)
    return Fraction(ways, total_of**total)


def share_tail(cases: int, of: int, total: int, total_of: int, *, is_high: bool) -> Fraction:
    """How likely at least (or at most) so many of all cases are among these `of`, drawn whatever they are.

    Fisher's exact test, one-sided: a hypergeometric distribution.
    """
    if 2 * total > total_of:
        # The same said of those that are no cases, which are fewer.
        cases, total, is_high = of - cases, total_of - total, not is_high
    cases, of, total, total_of = _thinned(total, cases, of, total, total_of)
    rest = total_of - of
    numbers = range(cases, min(of, total) + 1) if is_high else range(max(0, total - rest), cases + 1)
    ways = sum(math.comb(of, number) * math.comb(rest, total - number) for number in numbers)
    return Fraction(ways, math.comb(total_of, total))


def _thinned(cases: int, *numbers: int) -> tuple[int, ...]:
    """The numbers as if each of very many cases stood for several: that says less, and can be worked out."""
    times = -(-cases // MOST_CASES)
    return tuple(number // times for number in numbers) if times > 1 else numbers


def _is_apart(values: Sequence[Exact], lowest: Exact, highest: Exact, unit: Unit) -> bool:
    """Whether the latest is far from the nearest figure before it, also compared with how far those lie apart."""
    latest = values[-1]
    distance = latest - highest if latest > highest else lowest - latest
    is_enough = len(values) > FEWEST_BEFORE
    return is_enough and distance >= FAR_APART[unit] and distance >= TIMES_APART * (highest - lowest)
