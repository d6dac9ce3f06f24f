"""What a spreadsheet or a template becomes: rows that are not stored yet, each with the cells that it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from commentary.models import Commentary
from indicators.models import (
    Audited,
    Comparator,
    ComparatorGroup,
    CrossCheck,
    CrossCheckTerm,
    DerivationTerm,
    Indicator,
    MonthlyValue,
    Population,
    PopulationGroup,
    Target,
    User,
    Versioned,
)
from scorecard.models import Line, Scorecard, Section


class Origin(NamedTuple):
    """A cell of the spreadsheet: where people find it, Scorecard!K14 or a record of a text file, and what it shows."""

    place: str
    text: str


@dataclass
class ScorecardPlan:
    """All that Create saves, in the order in which it has to be saved.

    Rows point at each other as stored ones would (a value at its indicator, an indicator at its owner), before any of
    them has a key. Those with a key are there already: they are only pointed at, and an indicator with a key gets
    figures. Figures are in the indicator's unit, 19 for 19%; months are those in which a figure is due.
    """

    scorecard: Scorecard
    # The month that the sheet reports on: the latest with figures, unless the officer said otherwise.
    month: date
    people: list[User] = field(default_factory=list)
    groups: list[ComparatorGroup] = field(default_factory=list)
    population_groups: list[PopulationGroup] = field(default_factory=list)
    populations: list[Population] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    terms: list[DerivationTerm] = field(default_factory=list)
    checks: list[CrossCheck] = field(default_factory=list)
    check_terms: list[CrossCheckTerm] = field(default_factory=list)
    values: list[MonthlyValue] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    comparators: list[Comparator] = field(default_factory=list)
    commentaries: list[Commentary] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    # Of each row, by identity, the cells that it comes from; and the cells that become nothing, each with the reason.
    origins: dict[int, tuple[Origin, ...]] = field(default_factory=dict)
    left_out: list[tuple[Origin, str]] = field(default_factory=list)
    # What still keeps it from being created, a sentence each, with the step in which it is put right.
    open_points: list[tuple[str, str]] = field(default_factory=list)

    def of(self, row: Versioned) -> tuple[Origin, ...]:
        """The cells that a row comes from; none for what was typed or chosen."""
        return self.origins.get(id(row), ())

    def batches(self) -> Iterator[list[Audited]]:
        """The rows to be saved, kind by kind, each after all that it points at; but for people and scorecard."""
        for rows in (
            self.groups, self.population_groups, self.populations, self.indicators, self.terms, self.checks,
            self.check_terms, self.values, self.targets, self.comparators, self.commentaries, self.sections, self.lines,
        ):  # fmt: skip
            yield [row for row in rows if row.pk is None]
