"""An import of open data before it is saved: everything an officer is shown, for the command and the page alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from indicators.bases import questions_about
from indicators.calculations.cautions import Caution
from indicators.calculations.ranking import Position, standings
from indicators.calculations.vocabulary import Blank, GroupKind, Polarity, Unit
from indicators.models import Comparator, Indicator
from indicators.open_data import ComparatorMapping, Findings, read_findings
from indicators.open_data.differences import Difference
from indicators.open_data_changes import (
    NATIONAL_FIELDS,
    PEER_FIELDS,
    ComparatorChange,
    OpenDataChanges,
    compare_with_stored,
    indicators_of,
    told_differences,
)


class CouncilPlace(NamedTuple):
    """Where the council stands with an indicator in a group."""

    reference: str
    year: int
    group: GroupKind
    position: Position
    is_count: bool

    @property
    def text(self) -> str:
        """Numbers, unlike percentages and rates, say mostly how big an authority is."""
        return f"{self.position}{'; numbers are not adjusted for size' if self.is_count else ''}"


class OpenDataPlan(NamedTuple):
    """What would be saved, and what there is to say of it. `authorities` are the figures of others in the files."""

    changes: OpenDataChanges
    differences: Sequence[Difference]
    remarks: Sequence[str]
    questions: Sequence[str]
    places: Sequence[CouncilPlace]
    authorities: int
    # What asks for a reason, as some reports are published with it.
    asked: Sequence[tuple[ComparatorChange, Caution]] = ()

    @property
    def replaced(self) -> list[ComparatorChange]:
        """Those that take the place of what a person entered."""
        return [change for change in self.changes.comparators if change.by_hand]

    @property
    def new_comparators(self) -> int:
        return sum(change.is_new for change in self.changes.comparators)

    @property
    def new_peers(self) -> int:
        return sum(row.pk is None for row in self.changes.peers)

    @property
    def digest(self) -> str:
        """A fingerprint of all that would be written, and of what is asked."""
        rows = [(change.row, ("group_id", *NATIONAL_FIELDS)) for change in self.changes.comparators]
        peers = [(row, ("authority", *PEER_FIELDS)) for row in self.changes.peers]
        told = [
            [row._meta.label, row.pk, row.version, row.indicator_id, row.year, *(getattr(row, name) for name in names)]
            for row, names in (*rows, *peers)
        ]
        by_hand = [change.by_hand for change in self.changes.comparators]
        asked = [caution[:3] for _, caution in self.asked]
        return sha256(json.dumps([told, by_hand, [*self.questions], asked], default=str).encode()).hexdigest()


def plan_import(mapping: ComparatorMapping, folder: Path, years: Sequence[int] = ()) -> OpenDataPlan:
    """Read the files and compare them with what is stored. Raises OpenDataError with everything that is wrong."""
    indicators = indicators_of(mapping)
    findings = [
        found.in_years_from(indicators[found.reference].year_starts)
        for found in read_findings(mapping, folder, years or mapping.years)
    ]
    changes = compare_with_stored(findings, indicators)
    printed = [change.row for change in changes.comparators if isinstance(change.row, Comparator)]
    return OpenDataPlan(
        changes=changes,
        differences=told_differences(findings, indicators, mapping),
        remarks=[remark for found in findings for remark in found.remarks],
        questions=[question for question in questions_about(printed) if question],
        places=[place for found in findings for place in _places(found, indicators)],
        authorities=sum(len(found.authorities) for found in findings),
        asked=changes.asked,
    )


def _places(found: Findings, indicators: Mapping[str, Indicator]) -> list[CouncilPlace]:
    indicator = indicators[found.reference]
    peers = [figure.as_peer() for figure in found.authorities if figure.blank is not Blank.NOT_APPLICABLE]
    return [
        CouncilPlace(found.reference, found.year, GroupKind(group), position, indicator.unit == Unit.COUNT)
        for group, position in standings(peers, Polarity(indicator.polarity)).items()
        if position is not None
    ]


def due_in_words(day: date | None, today: date) -> str:
    """When the next figures are due; that they may be out where the day has passed. Empty where nobody says."""
    if day is None:
        return ""
    return f"due {day:%B %Y}" if day > today else f"were due {day:%B %Y}: look for them"
