"""What an import of open data would change: its findings beside what is stored.

Only reads. `indicators.actions.save_open_data` saves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from indicators.models import Indicator, PeerFigure
from indicators.open_data import Findings

from .comparators import COMPARATOR_FIELDS, ComparatorChange, changed_comparators
from .indicators import indicators_of
from .peers import PEER_FIELDS, changed_peers

__all__ = ["COMPARATOR_FIELDS", "PEER_FIELDS", "Changes", "ComparatorChange", "compare_with_stored", "indicators_of"]


class Changes(NamedTuple):
    """Everything that saving would do. The rows carry their new contents and the version that was read."""

    comparators: tuple[ComparatorChange, ...]
    unchanged: int
    peers: tuple[PeerFigure, ...]

    @property
    def is_empty(self) -> bool:
        return not self.comparators and not self.peers


def compare_with_stored(findings: Sequence[Findings], indicators: Mapping[str, Indicator]) -> Changes:
    """What saving the findings would change; the same number of queries however many there are."""
    made = [comparator for found in findings for comparator in found.comparators]
    changed = [change for change in changed_comparators(made, indicators) if change.fields]
    return Changes(tuple(changed), len(made) - len(changed), tuple(changed_peers(findings, indicators)))
