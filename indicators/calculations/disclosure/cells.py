"""What can be suppressed: an indicator's month, its figure, and why it is suppressed."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from indicators.calculations.exact import Exact
from indicators.calculations.vocabulary import LabelledEnum

# Counts from 1 to this one are suppressed; as many values must stay possible for each. Sources: docs/methods.md.
LARGEST_SMALL = 5
FEWEST_POSSIBLE = 3
SMALL = range(1, LARGEST_SMALL + 1)


class Cell(NamedTuple):
    """An indicator's month. Version 0 is its figure now, others are different ones that it had in earlier editions."""

    key: int
    month: date
    version: int = 0


class Quantity(NamedTuple):
    """A cell's figure in its unit, with numerator and denominator where it came from them."""

    value: Exact
    numerator: Exact | None = None
    denominator: Exact | None = None


class Why(LabelledEnum):
    """Why a cell is suppressed; the label ends a sentence."""

    SMALL_COUNT = "small_count", "it is a count of 1 to 5"
    SMALL_NUMERATOR = "small_numerator", "it is a share or rate of 1 to 5 cases"
    SMALL_COMPLEMENT = "small_complement", "all but 1 to 5 cases are in the share"
    RESTS_ON = "rests_on", "it is worked out from a suppressed figure"
    PROTECTS = "protects", "a suppressed figure could be worked out from it"
    EARLIER = "earlier", "the same figure is suppressed in another public edition"

    @property
    def is_primary(self) -> bool:
        """Whether the cell itself tells of few people, rather than giving another one away."""
        return self in (Why.SMALL_COUNT, Why.SMALL_NUMERATOR, Why.SMALL_COMPLEMENT)


def is_small(number: Exact) -> bool:
    """Whether it is a count of so few that they could be recognised. 0 is nobody."""
    return 0 < number <= LARGEST_SMALL
