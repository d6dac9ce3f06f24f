"""What a target means for one period's figure: worked out exactly, with what it rests on in words."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .exact import Exact
from .formatting import counted
from .periods import Periods
from .rating import Aim, TargetTerms
from .totals import Adding
from .vocabulary import Polarity, RestsOn, Shape

QUARTERS = 4


class Meaning(NamedTuple):
    """Where the figure should lie, `because` of what, in words; `aim` is None where that can't be told, and why."""

    aim: Aim | None
    because: str


class Basis(NamedTuple):
    """A figure that a target rests on: what it is called, as "England, 2019-20", and why it is None where it is."""

    value: Exact | None
    name: str
    missing: str = ""


def steps_problem(steps: int, in_a_year: int) -> str:
    """What is wrong with the number of steps of a year; empty where there is one a period or one a quarter."""
    if steps == in_a_year or (steps == QUARTERS and in_a_year % QUARTERS == 0):
        return ""
    wanted = f"{in_a_year}" if in_a_year in (QUARTERS, 1, 2, 3) else f"{in_a_year}, or {QUARTERS} for quarters"
    return (
        f"There {'is' if steps == 1 else 'are'} {counted(steps, 'step')}, and a year of this indicator needs {wanted}."
    )


def step_at(steps: tuple[Exact, ...], place: int, in_a_year: int, *, adds_up: bool) -> Exact:
    """Where the year should stand after its period number `place` (from 1).

    With one step a quarter, what adds up grows by equal parts within it; anything else should be at the quarter's step.
    """
    if len(steps) == in_a_year:
        return steps[place - 1]
    length = in_a_year // len(steps)
    quarter, over = divmod(place - 1, length)
    if not adds_up:
        return steps[quarter]
    before = steps[quarter - 1] if quarter else 0
    return before + Fraction((steps[quarter] - before) * (over + 1), length)


def meaning_of(
    terms: TargetTerms,
    polarity: Polarity,
    periods: Periods,
    month: date,
    *,
    adding: Adding | None = None,
    basis: Basis | None = None,
) -> Meaning | None:
    """What the target means for the period whose figure is due in the month; None where it says that by itself.

    `adding` is how the indicator's figures add up, None where they don't; `basis` is what a relative target rests on.
    """
    if terms.is_tbc or terms.is_fixed:
        return None
    if terms.rests_on is not RestsOn.FIGURE:
        basis = basis or Basis(None, "", "what it rests on is not kept")
        aim = None if basis.value is None else terms.aim(polarity, basis.value)
        return Meaning(aim, basis.name if aim else f"target not known: {basis.missing}")
    value, upper = terms.value, terms.upper
    if value is None:
        return None
    place, in_a_year = periods.place_in_year(month), periods.in_a_year
    # In a sentence behind the figure that follows.
    part = f"{place} of {in_a_year} {periods.nouns} of the year"
    if terms.shape is Shape.TYPED:
        low = step_at(terms.steps, place, in_a_year, adds_up=adding is not None)
        high = step_at(terms.upper_steps, place, in_a_year, adds_up=adding is not None) if terms.upper_steps else None
        return Meaning(terms.aim(polarity, low, high), f"the step for {part}")
    if adding is None or not adding.grows:
        return Meaning(terms.aim(polarity, value, upper), "for the year so far" if adding else "")
    share: Exact | None = Fraction(place, in_a_year)
    part = f"the even share of {part}"
    if terms.shape is Shape.LAST_YEAR:
        share, part = adding.share_of_last_year(month), "in last year’s shape"
    if share is None:
        return Meaning(None, "target not known: last year’s figures are not all there, or add up to none")
    return Meaning(terms.aim(polarity, value * share, None if upper is None else upper * share), part)
