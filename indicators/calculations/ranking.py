"""Where an authority stands among others: its rank and quarter, of how many, and whether it shares them.

Ranks and quarters are those of the Department for Education's Local Authority Interactive Tool, so that a council finds
the same there. docs/methods.md says how ties, boundaries and missing figures are treated.
"""

from __future__ import annotations

import statistics
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from .exact import Exact, exact
from .formatting import counted
from .rating import Aim, range_for
from .vocabulary import GroupKind, LabelledEnum, Polarity


class Order(LabelledEnum):
    """Which figure comes first in a ranking; the label is how its ranks are said."""

    LOWEST = "lowest", "lowest"
    HIGHEST = "highest", "highest"
    NEAREST = "nearest", "nearest to the target"

    @property
    def last(self) -> str:
        """How the last rank is said."""
        return _LAST[self]


_LAST = {Order.LOWEST: "highest", Order.HIGHEST: "lowest", Order.NEAREST: "furthest from the target"}


BANDS = "ABCD"


class Position(NamedTuple):
    """Rank 1 is the best figure; where no end is best (`best_first` is False), the highest.

    `of` counts the authorities that have a figure, this one included; `shared_with` how many others have the same one,
    and `missing` how many others have none. `quarter` is 1 for the quarter of authorities that come first, and 4 for
    the last; None where it was not kept.
    """

    rank: int
    of: int
    shared_with: int
    missing: int
    best_first: bool
    order: Order
    quarter: int | None

    @property
    def band(self) -> str:
        """The quartile band, A (best) to D; empty where no end is best, or it was not kept."""
        return BANDS[self.quarter - 1] if self.best_first and self.quarter else ""

    @property
    def quarter_text(self) -> str:
        """“in the best quarter”. More authorities with one figure than make a quarter are in none, so they are told."""
        if self.quarter is None:
            return ""
        if 4 * (self.shared_with + 1) > self.of and self.shared_with:
            return f"with the same figure as {counted(self.shared_with, 'other')}"
        first, last = ("best", "worst") if self.best_first else ("highest", "lowest")
        names = (first, f"second {first}", f"second {last}", last)
        return f"in the {names[self.quarter - 1]} quarter"

    def __str__(self) -> str:
        joint = "joint " if self.shared_with else ""
        left_out = f"; {self.missing} without a figure left out" if self.missing else ""
        ending = "th" if self.rank % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(self.rank % 10, "th")
        place = f"{self.rank}{ending} {self.order.label}"
        if self.rank == 1:
            place = self.order.label
        elif self.rank + self.shared_with == self.of:
            place = self.order.last
        where = f", {self.quarter_text}" if self.quarter_text else ""
        return f"{joint}{place} of {self.of}{where}{left_out}"


class Peer(NamedTuple):
    """An authority's figure for a year in the indicator's unit, None without one, and which groups it belongs to."""

    value: Exact | None
    is_own: bool = False
    is_neighbour: bool = False
    is_in_region: bool = False


class Comparison(NamedTuple):
    """An authority's own figure, the average of its neighbours', and where it stands in each group.

    `mean` and `median` are of those `known` neighbours that have a figure; None when there are none.
    """

    own: Exact | None
    mean: Exact | None
    median: Exact | None
    known: int
    positions: dict[GroupKind, Position | None]


def compare_authority(
    rows: Iterable[tuple[str, object, Exact | Decimal | float | None]],
    *,
    authority: str,
    year: object,
    neighbours: Collection[str],
    polarity: Polarity,
    region: Collection[str] = (),
    target: Exact | Aim | None = None,
) -> Comparison:
    """One authority in one year of a measure: the neighbours' mean and median, and its rank and quarter among them, in
    its region and in England.

    `rows` are (authority, year, figure) of single authorities, without regions and England; None or not-a-number is no
    figure. Neighbours and the region's authorities may be listed with the authority itself, which is no neighbour of
    its own, or without. All is exact; a float counts as the decimal number that it prints as. No position where the
    authority has no figure, or no other in the group has one.
    """
    own: Exact | None = None
    near: list[Exact | None] = []
    around: list[Exact | None] = []
    everywhere: list[Exact | None] = []
    for code, when, figure in rows:
        if when != year:
            continue
        value: Exact | None
        if figure is None or isinstance(figure, (int, Fraction)):
            value = figure
        else:
            # Not-a-number is the only one that differs from itself.
            value = exact(figure) if figure == figure else None
        if code == authority:
            own = value
            continue
        everywhere.append(value)
        if code in neighbours:
            near.append(value)
        if code in region:
            around.append(value)
    known = [value for value in near if value is not None]
    members = {
        GroupKind.STATISTICAL_NEIGHBOURS: near,
        GroupKind.REGION: around,
        GroupKind.ENGLAND: everywhere,
    }
    return Comparison(
        own=own,
        mean=Fraction(sum(known), len(known)) if known else None,
        median=statistics.median(map(Fraction, known)) if known else None,
        known=len(known),
        positions={group: rank(own, others, polarity, target) for group, others in members.items()},
    )


def rank(
    own: Exact | None, others: Sequence[Exact | None], polarity: Polarity, target: Exact | Aim | None = None
) -> Position | None:
    """The standing of `own` among `others`; None when it is missing, or when no other has a figure.

    High is good puts the highest first, low is good the lowest, close to target the nearest to `target`. A neutral
    indicator, and close to target without a target, is only put into order, highest first. Equal figures share the
    better rank, and the next rank is left free (1, 2, 2, 4).

    The quarter goes by the quartiles of all figures, the own one included, with linear interpolation between the two
    figures on either side. A figure on a quartile belongs to the lower of the two quarters.
    """
    known = [value for value in others if value is not None]
    if own is None or not known:
        return None
    wanted = range_for(polarity, target)
    if wanted is not None:
        own, known = wanted.distance(own), [wanted.distance(value) for value in known]
        order = Order.NEAREST
    else:
        order = Order.LOWEST if polarity is Polarity.LOW else Order.HIGHEST
    # As whole numbers of one common part, which are compared many times faster than fractions.
    parts = lcm(*{value.denominator for value in (own, *known)})
    mine, *figures = (value.numerator * (parts // value.denominator) for value in (own, *known))
    below = sum(figure < mine for figure in figures)
    shared = figures.count(mine)
    quarter = _quarter(mine, figures)
    return Position(
        rank=1 + (len(figures) - below - shared if order is Order.HIGHEST else below),
        of=1 + len(figures),
        shared_with=shared,
        missing=len(others) - len(known),
        best_first=order is not Order.HIGHEST or polarity is Polarity.HIGH,
        order=order,
        quarter=5 - quarter if order is Order.HIGHEST else quarter,
    )


def _quarter(mine: int, figures: list[int]) -> int:
    """The quarter from the lowest: 1 to 4. Four times each number, so that the quartiles are whole as well."""
    ordered = sorted([mine, *figures])
    last = len(ordered) - 1
    for quarter in (1, 2, 3):
        place, part = divmod(quarter * last, 4)
        following = ordered[min(place + 1, last)]
        if 4 * mine <= 4 * ordered[place] + part * (following - ordered[place]):
            return quarter
    return 4


def standings(
    peers: Iterable[Peer], polarity: Polarity, target: Exact | Aim | None = None
) -> dict[GroupKind, Position | None]:
    """Where the own authority stands among its statistical neighbours, in its region and in England."""
    everybody = list(peers)
    own = next((peer.value for peer in everybody if peer.is_own), None)
    others = [peer for peer in everybody if not peer.is_own]
    members: dict[GroupKind, list[Exact | None]] = {
        GroupKind.STATISTICAL_NEIGHBOURS: [peer.value for peer in others if peer.is_neighbour],
        GroupKind.REGION: [peer.value for peer in others if peer.is_in_region],
        GroupKind.ENGLAND: [peer.value for peer in others],
    }
    return {group: rank(own, values, polarity, target) for group, values in members.items()}
