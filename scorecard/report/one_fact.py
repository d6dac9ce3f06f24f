"""Which lines say one fact: a count and what is worked out from it, known by definitions and figures, not by names.

A line is worked out from others by its derivation; or its numerators and denominators were entered with it, and another
line has the same figures month by month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

from indicators.calculations.change import Change
from indicators.calculations.exact import Exact
from indicators.calculations.figures import Figure
from indicators.calculations.row import Row
from indicators.calculations.series import with_sources
from indicators.calculations.signal import Signal
from indicators.calculations.spc import Variation
from indicators.calculations.vocabulary import Assessment, Blank, Movement, Polarity, Unit

from .board import Derivation

# What was entered with a line is another line's figure when it is the same in so many months, of so many values.
FEWEST_ALIKE = 6
FEWEST_VALUES = 3


class Kinship:
    """How lines hang together. `rows` has a row of each line; indicators behind them have none."""

    def __init__(self, rows: Mapping[int, Row], derivations: Iterable[Derivation]) -> None:
        self.rows = rows
        self.derived = {one.indicator: one for one in derivations}

    @cached_property
    def tops(self) -> Mapping[int, frozenset[int]]:
        """What is counted in each line: its numerators."""
        known = {key: frozenset(one.numerators) for key, one in self.derived.items()}
        return {**self._entered("numerator"), **known}

    @cached_property
    def bottoms(self) -> Mapping[int, frozenset[int]]:
        """What each line is a share of: its denominators."""
        known = {key: frozenset(one.denominators) for key, one in self.derived.items()}
        return {**self._entered("denominator"), **known}

    @cached_property
    def shares(self) -> Mapping[int, Sequence[int]]:
        """By count, the lines that are shares or rates of it alone, however long the chain."""
        found: dict[int, list[int]] = defaultdict(list)
        for key, row in self.rows.items():
            if row.measure.unit is not Unit.COUNT:
                for count in self.bases(key):
                    found[count].append(key)
        return found

    def bases(self, key: int) -> list[int]:
        """What a line counts and nothing beside it: its one numerator, the one numerator of that, and so on."""
        found: list[int] = []
        # Figures that happen to be the same could lead back to where they started.
        while len(self.tops.get(key, ())) == 1 and not self.tops[key].issubset(found):
            (key,) = self.tops[key]
            found.append(key)
        return found

    def counted(self, key: int) -> set[int]:
        """All that is counted in a line: its numerators, theirs, and so on."""
        return with_sources(self.tops.get(key, ()), self.tops)

    def behind(self, key: int) -> set[int]:
        """All that a line is worked out from: its numerators and denominators, theirs, and so on."""
        return with_sources([key], self._parts) - {key}

    @cached_property
    def _parts(self) -> Mapping[int, frozenset[int]]:
        return {
            key: self.tops.get(key, frozenset()) | self.bottoms.get(key, frozenset())
            for key in {*self.tops, *self.bottoms}
        }

    def facts(self, ways: Mapping[int, bool | None], late: Collection[int]) -> list[list[int]]:
        """The lines that are out of the ordinary, together where they say one fact; each in the given order.

        `ways` has for each whether its figure is unusually high or low, or None; `late` are those whose figure is
        awaited. One fact are

        - a count and a share or rate of it alone, also two of those that go the same way;
        - one of several parts and the whole, if they go the same way;
        - what a line is a share of and the line, if they go opposite ways and nothing that is counted in it is unusual;
        - a count that only follows what it is a share of, and that, if they go the same way;
        - a late figure and what waits for it.
        """
        fact_of, places = {key: key for key in ways}, {key: place for place, key in enumerate(ways)}

        def root(key: int) -> int:
            while fact_of[key] != key:
                key = fact_of[key]
            return key

        by_base: dict[int, list[int]] = defaultdict(list)
        for key, way in ways.items():
            behind, counted, bases = self.behind(key), self.counted(key), self.bases(key)
            follows = self.rows[key].signal.only_follows
            shared = self.behind(follows) - self.counted(follows) if follows is not None else set()
            alike = [other for base in bases[-1:] for other in by_base[base]]
            for other in [one for one in (*behind, *shared, *alike) if one in ways and one != key]:
                goes_along = None not in (way, ways[other]) and way is ways[other]
                goes_against = None not in (way, ways[other]) and way is not ways[other]
                if other in counted:
                    is_one = other in bases or goes_along
                elif other in behind:
                    is_one = goes_against and not any(ways.get(one) is not None for one in counted)
                else:
                    is_one = goes_along
                if is_one or (key in late and other in late):
                    # The earlier one of the order stays the root.
                    first, second = sorted((root(key), root(other)), key=places.__getitem__)
                    fact_of[second] = first
            for base in bases[-1:]:
                by_base[base].append(key)
        found: dict[int, list[int]] = defaultdict(list)
        for key in ways:
            found[root(key)].append(key)
        return list(found.values())

    def _entered(self, part: str) -> dict[int, frozenset[int]]:
        """By line that was entered with its parts, the one count that has the same figures as this part of it.

        Where any figure is suppressed, in the months that can be read of both: nothing may depend on the others.
        """
        counts = {key: row.figures for key, row in self.rows.items() if row.measure.unit is Unit.COUNT}
        by_figures: dict[tuple[Exact | None, ...], set[int]] = defaultdict(set)
        for key, figures in counts.items():
            by_figures[tuple([figure.value for figure in figures])].add(key)
        masked = {key for key, row in self.rows.items() if any(one.blank is Blank.SUPPRESSED for one in row.figures)}
        found = {}
        for key, row in self.rows.items():
            if key in self.derived or row.measure.unit is Unit.COUNT:
                continue
            entered = tuple([getattr(figure, part) for figure in row.figures])
            same = set() if key in masked else by_figures.get(entered, set()) - masked
            same = same if tells_enough(entered) else set()
            doubtful = counts if key in masked else counts.keys() & masked
            same = same | {one for one in doubtful if _are_alike(row.figures, entered, counts[one])}
            # Two counts that are always the same can't be told apart.
            if len(same) == 1:
                found[key] = frozenset(same)
        return found


def _are_alike(figures: Sequence[Figure], entered: Sequence[Exact | None], counts: Sequence[Figure]) -> bool:
    """Whether what was entered is the count in every month in which neither is suppressed, and there are enough."""
    pairs = [
        (number, count.value)
        for figure, number, count in zip(figures, entered, counts, strict=True)
        if Blank.SUPPRESSED not in (figure.blank, count.blank)
    ]
    return all(number == value for number, value in pairs) and tells_enough(number for number, _ in pairs)


def tells_enough(numbers: Iterable[Exact | None]) -> bool:
    """Whether so many figures are known, of so many values, that another line with the same ones is no chance."""
    known = [number for number in numbers if number is not None]
    return len(known) >= FEWEST_ALIKE and len(set(known)) >= FEWEST_VALUES


def judge_followers(rows: Mapping[int, Row], kinship: Kinship) -> dict[int, Row]:
    """The rows; of counts that only follow what they are a share of, with a signal and changes that aren't judged.

    A count's signal is neither better nor worse where what was counted is a share or rate on another line, and no such
    line moved out of the ordinary the same way. Where none of them could be examined, the count's stays as it is; where
    that is hidden, nothing may depend on it, and the count isn't judged. A change is judged likewise, by the changes of
    these lines since the same month.
    """
    judged = dict(rows)
    if not any(map(is_judged_count, rows.values())):
        return judged
    for key, shares in kinship.shares.items():
        row = rows.get(key)
        if row is None or not is_judged_count(row):
            continue
        beside = [rows[one] for one in shares if rows[one].current_month == row.current_month]
        if is_judged(row.signal):
            row = _followed(row, beside)
        only_follows = row.signal.only_follows is not None
        judged[key] = row._replace(
            change_month=change_beside(
                row.change_month, [one.change_month for one in beside], only_follows=only_follows
            ),
            change_year=change_beside(row.change_year, [one.change_year for one in beside], only_follows=only_follows),
        )
    return judged


def _followed(row: Row, beside: Sequence[Row]) -> Row:
    """A count with a signal that isn't judged, if it only follows what the lines beside it are shares of."""
    examined = [one for one in beside if one.signal.latest is not None]
    deciding = examined or [one for one in beside if one.signal.suppressed]
    agrees = any(one.signal.is_high is row.signal.is_high for one in examined)
    if not deciding or agrees or row.signal.latest is None:
        return row
    return row._replace(signal=unjudged(row.signal)._replace(only_follows=deciding[0].indicator))


def change_beside(own: Change, of_shares: Iterable[Change], *, only_follows: bool) -> Change:
    """A count's change beside those of the shares or rates of it: not judged unless one of them goes the same way.

    Where none of theirs can be worked out it stays as it is; where they are hidden, or the count is known to follow
    only, it isn't judged.
    """
    if own.assessment not in _JUDGED_CHANGES:
        return own
    of_shares = list(of_shares)
    known = [one.movement for one in of_shares if one.movement is not None]
    agrees = own.movement in known
    can_tell = bool(known) or any(one.suppressed for one in of_shares)
    return own._replace(assessment=Assessment.NOT_JUDGED) if only_follows or (can_tell and not agrees) else own


_JUDGED_CHANGES = (Assessment.BETTER, Assessment.WORSE)


def is_judged_count(row: Row) -> bool:
    """Whether it is a count of which anything is better or worse: its signal, or a change."""
    changes = row.change_month.assessment, row.change_year.assessment
    return row.measure.unit is Unit.COUNT and (is_judged(row.signal) or any(one in _JUDGED_CHANGES for one in changes))


def is_judged(signal: Signal) -> bool:
    """Whether it says better or worse, by a chart or without one."""
    return signal.latest in _BETTER_OR_WORSE


def judged_alone(row: Row) -> Row:
    """The row with signal and changes judged by its own polarity alone, whatever other lines say."""
    if row.measure.unit is not Unit.COUNT:
        return row
    row = row._replace(
        change_month=_change_alone(row, row.change_month, row.previous_month),
        change_year=_change_alone(row, row.change_year, row.year_before),
    )
    signal = row.signal
    if signal.only_follows is None or signal.latest is None:
        return row
    is_better = signal.is_high is (row.measure.polarity is Polarity.HIGH)
    side = "high" if signal.latest.is_high else "low"
    said = Variation(f"{'improvement' if is_better else 'concern'}_{side}")
    return row._replace(signal=_saying(signal, said)._replace(only_follows=None))


def _change_alone(row: Row, change: Change, since: date) -> Change:
    way = _BETTER_WAY.get(row.measure.polarity)
    if way is None or change.movement in (None, Movement.LEVEL) or row.breaks_since(since):
        return change
    return change._replace(assessment=Assessment.BETTER if change.movement is way else Assessment.WORSE)


_BETTER_WAY = {Polarity.HIGH: Movement.UP, Polarity.LOW: Movement.DOWN}
_BETTER_OR_WORSE = [variation for variation in Variation if variation.value.startswith(("improvement", "concern"))]


def unjudged(signal: Signal) -> Signal:
    """The signal without better or worse."""
    return _saying(signal, signal.latest.unjudged) if signal.latest else signal


def _saying(signal: Signal, variation: Variation) -> Signal:
    if signal.move:
        return signal._replace(move=signal.move._replace(variation=variation))
    return signal._replace(variation=variation)
