"""Where an authority stands among others: its rank, of how many, and whether it shares it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from .exact import Exact
from .rating import Aim, range_for
from .vocabulary import ComparatorGroup, Polarity


class Position(NamedTuple):
    """Rank 1 is the best figure; where no end is best (`best_first` is False), the highest.

    `of` counts the authorities that have a figure, this one included; `shared_with` how many others have the same one,
    and `missing` how many others have none.
    """

    rank: int
    of: int
    shared_with: int
    missing: int
    best_first: bool

    def __str__(self) -> str:
        joint = "joint " if self.shared_with else ""
        left_out = f"; {self.missing} without a figure left out" if self.missing else ""
        order = "best" if self.best_first else "highest"
        ending = "th" if self.rank % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(self.rank % 10, "th")
        return f"{joint}{self.rank}{ending} of {self.of}, {order} first{left_out}"


class Peer(NamedTuple):
    """An authority's figure for a year in the indicator's unit, None without one, and which groups it belongs to."""

    value: Exact | None
    is_own: bool = False
    is_neighbour: bool = False
    is_in_region: bool = False


def rank(
    own: Exact | None, others: Sequence[Exact | None], polarity: Polarity, target: Exact | Aim | None = None
) -> Position | None:
    """The standing of `own` among `others`; None when it is missing, or when no other has a figure.

    High is good puts the highest first, low is good the lowest, close to target the nearest to `target`. A neutral
    indicator, and close to target without a target, is only put into order, highest first. Equal figures share the
    better rank, and the next rank is left free (1, 2, 2, 4).
    """
    known = [value for value in others if value is not None]
    if own is None or not known:
        return None
    key, best_first = _order(polarity, target)
    mine = key(own)
    keys = [key(value) for value in known]
    return Position(
        rank=1 + sum(other < mine for other in keys),
        of=1 + len(keys),
        shared_with=keys.count(mine),
        missing=len(others) - len(known),
        best_first=best_first,
    )


def standings(
    peers: Iterable[Peer], polarity: Polarity, target: Exact | Aim | None = None
) -> dict[ComparatorGroup, Position | None]:
    """Where the own authority stands among its statistical neighbours, in its region and in England."""
    everybody = list(peers)
    own = next((peer.value for peer in everybody if peer.is_own), None)
    others = [peer for peer in everybody if not peer.is_own]
    members: dict[ComparatorGroup, list[Exact | None]] = {
        ComparatorGroup.STATISTICAL_NEIGHBOURS: [peer.value for peer in others if peer.is_neighbour],
        ComparatorGroup.REGION: [peer.value for peer in others if peer.is_in_region],
        ComparatorGroup.ENGLAND: [peer.value for peer in others],
    }
    return {group: rank(own, values, polarity, target) for group, values in members.items()}


def _order(polarity: Polarity, target: Exact | Aim | None) -> tuple[Callable[[Exact], Exact], bool]:
    """What to sort by, smallest first, and whether the first is the best."""
    wanted = range_for(polarity, target)
    if wanted is not None:
        return wanted.distance, True
    if polarity is Polarity.LOW:
        return lambda value: value, True
    return lambda value: -value, polarity is Polarity.HIGH
