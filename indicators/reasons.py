"""Which changes of what is stored ask for a reason before they are saved, and how the history keeps it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .calculations.cautions import Caution

# A row as it is stored and as it would be; None for one that is new, and for one that would be deleted.
RowChange = tuple[Any, Any]
# What others have to ask about changes of targets, comparators and populations: each gives the places of those that it
# asks about. Reports that are published stand in their way, of which this app knows nothing.
ASKED_OF_ROWS: list[Callable[[Sequence[RowChange]], Iterable[tuple[int, Caution]]]] = []


def asked_of(changes: Sequence[RowChange]) -> Mapping[int, list[Caution]]:
    """What there is to ask about changes that are not saved yet, by the place of each; nothing where it is empty."""
    found: dict[int, list[Caution]] = defaultdict(list)
    for ask in ASKED_OF_ROWS if changes else ():
        for place, caution in ask(changes):
            found[place].append(caution)
    return dict(found)


def in_history(cautions: Iterable[Caution], reason: str) -> list[str]:
    """What was asked and what was said to it, a sentence each. Without a reason it was confirmed."""
    said = f"Reason: {reason}" if reason else "Confirmed."
    return [f"Asked: {caution.message} {said}" for caution in cautions]
