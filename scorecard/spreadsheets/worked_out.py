"""What a sheet works out from its figures, worked out again: changes, averages, extremes and statuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from indicators.calculations.formatting import counted

from .figures import Blank, said
from .findings import SheetFinding, finding, like
from .measures import Entry, Measure
from .periods import SheetPeriod, period_in
from .tables import Run
from .words import ColumnRole

_YEAR_BEFORE = re.compile(r"\b(?:year|annual|yoy|12 months|last yr|prev yr|py)\b", re.IGNORECASE)
_WINDOW = re.compile(
    r"\b(?P<count>\d+)\s*[- ]?\s*(?P<of>m(?:onths?|nths?|ths?)?|q(?:uarters?|trs?)?|years?)\b", re.IGNORECASE
)
_TO_DATE = re.compile(r"\bto date\b|\bever\b|\brecord\b", re.IGNORECASE)
_LENGTHS = {"m": 1, "q": 3, "y": 12}


class Exactly(NamedTuple):
    """A figure between the two bounds that its rounding leaves; both are the same where it is exact."""

    low: Fraction
    high: Fraction

    @property
    def middle(self) -> Fraction:
        return (self.low + self.high) / 2


class Worked:
    """The figures of all measures, as exactly as the sheet has them, and what is asked of them."""

    def __init__(self, measures: Sequence[Measure], notes: str) -> None:
        self.measures, self.notes = measures, notes
        # Figures that follow exactly from other rows, where a row itself is rounded.
        self.exact: dict[tuple[int, SheetPeriod], Fraction] = {}

    def figure(self, measure: Measure, period: SheetPeriod) -> Exactly | None:
        """The figure of a period within its rounding; None where there is none."""
        if (value := self.exact.get((id(measure), period))) is not None:
            return Exactly(value, value)
        entry = measure.values.get(period)
        if entry is None or entry.value is None:
            return None
        top, bottom = measure.numerators.get(period), measure.denominators.get(period)
        if top and bottom and top.value is not None and bottom.value:
            factor = factor_of(measure)
            parted = top.value / bottom.value * factor
            if entry.figure.could_be(parted):
                return Exactly(parted, parted)
        half = entry.figure.half_unit
        return Exactly(entry.value - half, entry.value + half)

    def now(self, measure: Measure, entry: Entry) -> SheetPeriod | None:
        """The period that something printed beside a row is about: its own, or the latest that the sheet has."""
        if entry.period:
            return entry.period if entry.period in measure.values else None
        latest = [
            max((period for period, value in other.values.items() if value.text), default=None)
            for other in self.measures
            if other.sheet is measure.sheet and other.values and max(other.values).length == max(measure.values).length
        ]
        return max((period for period in latest if period), default=None)


def factor_of(measure: Measure) -> int:
    """What a quotient is multiplied by in the unit: 100 for per cent, 10,000 for a rate per 10,000."""
    if measure.is_percentage:
        return 100
    return int(re.sub(r"\D", "", measure.unit)) if measure.unit.startswith("per ") else 1


def check_printed(worked: Worked) -> Iterator[SheetFinding]:
    """Everything that was worked out beside the figures and can't be right."""
    yield from _changes(worked)
    yield from _arrows(worked)
    for measure in worked.measures:
        for entry in measure.printed:
            if entry.role is ColumnRole.AVERAGE:
                yield from _average(worked, measure, entry)
            elif entry.role is ColumnRole.PREVIOUS:
                yield from _previous(measure, entry)
            elif entry.role in (ColumnRole.MAXIMUM, ColumnRole.MINIMUM, ColumnRole.BEST):
                yield from _extreme(worked, measure, entry)


# Changes


Work = Callable[[Fraction, Fraction], Fraction | None]


def _relative(now: Fraction, before: Fraction) -> Fraction | None:
    return (now - before) / abs(before) * 100 if before else None


def _difference(now: Fraction, before: Fraction) -> Fraction | None:
    return now - before


def _upside_down(now: Fraction, before: Fraction) -> Fraction | None:
    return _relative(before, now)


def _turned(now: Fraction, before: Fraction) -> Fraction | None:
    return before - now


class PrintedChange(NamedTuple):
    """A change as it is printed, of a measure between two periods."""

    worked: Worked
    measure: Measure
    entry: Entry
    now: SheetPeriod
    base: SheetPeriod

    def between(self, work: Work, base: SheetPeriod | None = None) -> Exactly | None:
        """The change between the two figures, or from another base, each anywhere within its rounding."""
        current, before = (self.worked.figure(self.measure, period) for period in (self.now, base or self.base))
        if current is None or before is None:
            return None
        results = [work(one, other) for one, other in product(set(current), set(before))]
        known = [result for result in results if result is not None]
        return Exactly(min(known), max(known)) if known and len(known) == len(results) else None

    def could_be(self, work: Work, base: SheetPeriod | None = None) -> bool:
        """Whether the printed change may be that one."""
        found, figure = self.between(work, base), self.entry.figure
        shown = figure.value if figure.shown is None else figure.shown
        if found is None or shown is None:
            return False
        half = figure.shown_half_unit + abs(found.middle) / 10**9
        return found.low - half <= shown <= found.high + half

    @property
    def is_of_the_other_record(self) -> bool:
        """Whether it is worked out from another record of the same period, where there are two."""
        before = self.worked.figure(self.measure, self.base)
        return before is not None and any(
            self.entry.figure.could_be(found)
            for other in self.measure.repeated
            if other.value is not None and other.cell and self.entry.cell and other.cell.row == self.entry.cell.row
            for work in (_relative, _difference)
            if (found := work(other.value, before.middle)) is not None
        )

    def explained(self, *, is_relative: bool) -> tuple[str, str]:
        """How a wrong change was probably worked out: its kind, and the end of a sentence."""
        if self.could_be(_upside_down if is_relative else _turned):
            return "change: upside down", ": the formula is upside down"
        if is_relative and self.could_be(_difference):
            return "change: percentage points printed as %", ", which is the difference in percentage points"
        if not is_relative and self.could_be(_relative):
            return "change: % printed as percentage points", ", which is the change in per cent"
        others = [period for period in reversed(self.measure.periods) if period not in (self.base, self.now)]
        work = _relative if is_relative else _difference
        for one in others:
            if self.could_be(work, one):
                return "change: from another period", f", which is the change from {one.words}"
        for one in others:
            if self.could_be(_upside_down, one):
                return "change: from another period", f", which is the change from {one.words}, upside down"
        return "change: doesn’t follow from the figures", ""


def _words(entry: Entry) -> str:
    return entry.heading.replace("_", " ")


def _printed_change(worked: Worked, measure: Measure, entry: Entry) -> PrintedChange | None:
    """The change with the two periods that its heading names; None where the sheet has no such period."""
    now = worked.now(measure, entry)
    if now is None:
        return None
    if named := period_in(_words(entry)):
        base = SheetPeriod(named.month, now.length)
    else:
        base = now.before(12 // now.length) if _YEAR_BEFORE.search(_words(entry)) else now.before()
    return PrintedChange(worked, measure, entry, now, base)


def _changes(worked: Worked) -> Iterator[SheetFinding]:
    """Changes that don't follow from the two figures. How a column counts is what most of its rows do."""
    columns: dict[str, list[PrintedChange]] = {}
    for measure in worked.measures:
        for entry in measure.printed:
            if entry.role is ColumnRole.CHANGE and (one := _printed_change(worked, measure, entry)):
                columns.setdefault(entry.heading, []).append(one)
    says_relative = re.search(r"change is relative|relative, (?:and )?not", worked.notes, re.IGNORECASE)
    for heading, changes in columns.items():
        of_shares = [one for one in changes if one.measure.is_percentage]
        relative, points = (sum(one.could_be(work) for one in of_shares) for work in (_relative, _difference))
        says_per_cent = bool(re.search("%|pct|per cent", heading))
        for one in changes:
            figure = one.entry.figure
            is_relative = not figure.is_points and (figure.has_sign or figure.value is None or says_per_cent)
            if one.measure.is_percentage and not says_relative and relative < points:
                is_relative = False
            yield from _change(one, is_relative=is_relative)


def _change(one: PrintedChange, *, is_relative: bool) -> Iterator[SheetFinding]:
    worked, measure, entry, now, base = one
    work = _relative if is_relative else _difference
    right, before, current = one.between(work), worked.figure(measure, base), worked.figure(measure, now)
    has_number = entry.value is not None
    unreported = [period for period in (now, base) if is_unreported(measure, period)]
    if unreported and has_number:
        named = " and ".join(period.words for period in unreported)
        why = f"Nothing was reported for {named}, so there is no change"
        yield finding(measure, entry, "change from a figure that nobody reported", "n/a", why)
    elif before is None or current is None:
        return
    elif right is None:
        if has_number and before == Exactly(Fraction(0), Fraction(0)):
            why = f"{base.words} was 0, so there is no change in per cent; the sheet has {entry.text}"
            yield finding(measure, entry, "change from nothing", "n/a", why)
    elif not has_number:
        told = f"{said(right.middle, 0)}%" if is_relative else said(right.middle)
        if entry.figure.blank in (Blank.NOT_APPLICABLE, Blank.ERROR, Blank.UNCLEAR) and measure.run is not Run.LONG:
            why = f"{_moved(one, before, current)}: both figures are there"
            yield finding(measure, entry, "change: left out though it can be worked out", told, why)
    elif not one.could_be(work) and not one.is_of_the_other_record:
        told = like(right.middle, entry)
        kind, why = one.explained(is_relative=is_relative)
        told_why = f"{_moved(one, before, current)}, {told}; the sheet has {entry.text}{why}"
        yield finding(measure, entry, kind, told, told_why)


def _moved(one: PrintedChange, before: Exactly, current: Exactly) -> str:
    return (
        f"{one.measure.name} went from {said(before.middle)} in {one.base.words} to {said(current.middle)} in "
        f"{one.now.words}"
    )


def is_unreported(measure: Measure, period: SheetPeriod) -> bool:
    """Whether a 0 of that period stands for a figure that nobody reported."""
    entry = measure.values.get(period)
    return entry is not None and entry.figure.blank is Blank.NOT_REPORTED_ZERO


def _previous(measure: Measure, entry: Entry) -> Iterator[SheetFinding]:
    """A figure of the period before that is another than its own sheet or record has."""
    first = measure.values.get(entry.period) if entry.period else None
    if first is None or entry.period is None or first.value is None or entry.value is None:
        return
    if not entry.figure.could_be(first.value, first.figure.half_unit):
        why = f"{entry.period.words} is {first.text} where it was reported; here it is {entry.text}"
        yield finding(measure, entry, "earlier figure differs", first.text, why)


_ARROWS = {"▲": 1, "↑": 1, "⬆": 1, "▼": -1, "↓": -1, "⬇": -1}


def _arrows(worked: Worked) -> Iterator[SheetFinding]:
    """Arrows against their figures. Whether they show the figure or how well it does, most of a column tell."""
    columns: dict[str, list[tuple[PrintedChange, int, int]]] = {}
    for measure in worked.measures:
        for entry in measure.printed:
            shown = _ARROWS.get(entry.text.strip(" \ufe0f")) if entry.role is ColumnRole.ARROW else None
            one = _printed_change(worked, measure, entry) if shown else None
            moved = one.between(_difference) if one else None
            if one and moved and shown and moved.low * moved.high > 0:
                columns.setdefault(entry.heading, []).append((one, shown, 1 if moved.low > 0 else -1))
    for rows in columns.values():
        for is_of_figure in (True, False):
            wrong = [
                one for one, shown, moved in rows
                if shown != (-moved if not is_of_figure and one.measure.polarity == "low" else moved)
            ]  # fmt: skip
            if len(rows) > 3 and len(wrong) * 4 <= len(rows):
                for one in wrong:
                    before, now = (worked.figure(one.measure, period) for period in (one.base, one.now))
                    if before and now:
                        told = _moved(one, before, now)
                        yield finding(one.measure, one.entry, "arrow against the figures", "the other way", told)
                break


# Averages and extremes


def _window(measure: Measure, entry: Entry, now: SheetPeriod) -> list[SheetPeriod] | None:
    """The periods that a summary is of; None where some of them aren't in the sheet."""
    found = _WINDOW.search(_words(entry))
    if found is None:
        return [period for period in measure.periods if period <= now] if not _TO_DATE.search(_words(entry)) else None
    count = int(found["count"]) * _LENGTHS[found["of"][0].lower()] // now.length
    if not count:
        return None
    periods = [now.before(steps) for steps in reversed(range(count))]
    return periods if periods[0] >= min(measure.values) else None


def _rounding(measure: Measure, periods: Sequence[SheetPeriod]) -> Fraction:
    """By how much the coarsest of the figures may be rounded."""
    return max((measure.values[one].figure.half_unit for one in periods if one in measure.values), default=Fraction(0))


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _average(worked: Worked, measure: Measure, entry: Entry) -> Iterator[SheetFinding]:
    now = worked.now(measure, entry)
    periods = _window(measure, entry, now) if now else None
    values = measure.known(periods or ())
    if now is None or not periods or not values or entry.value is None:
        return
    # What is marked in its cell, as provisional or with a unit, is left out by Excel's own average.
    kept = [measure.values[period] for period in periods if period in measure.values]
    plain = [one.value for one in kept if one.value is not None and one.cell and one.cell.is_number]
    half = _rounding(measure, periods)
    if any(entry.figure.could_be(_mean(some), half) for some in (values, plain) if some):
        return
    told = like(_mean(values), entry)
    zeros = [period for period in periods if is_unreported(measure, period)]
    if zeros and entry.figure.could_be(_mean([*values, *[Fraction(0)] * len(zeros)]), half):
        why = f", which counts {' and '.join(one.words for one in zeros)} as 0 though nothing was reported"
    else:
        why = _other_window(measure, entry, [one for one in measure.periods if one <= now], len(periods))
    yield finding(
        measure, entry, "average of other periods" if why else "average doesn’t follow from the figures", told,
        f"The average of the {counted(len(values), 'figure')} from {periods[0].words} to {periods[-1].words} is "
        f"{told}; "
        f"the sheet has {entry.text}{why}",
    )  # fmt: skip


def _other_window(measure: Measure, entry: Entry, periods: Sequence[SheetPeriod], length: int) -> str:
    """Of which other periods up to the latest or the one before it the average is, as the end of a sentence."""
    name = {1: "month", 3: "quarter", 12: "year"}[periods[-1].length]
    for count in sorted(range(1, len(periods) + 1), key=lambda count: abs(count - length)):
        for stop in (len(periods), len(periods) - 1):
            some = measure.known(periods[max(stop - count, 0) : stop])
            if some and count != length and entry.figure.could_be(_mean(some), _rounding(measure, periods)):
                until = f" to {periods[stop - 1].words}" if stop < len(periods) else ""
                return f", the average of {counted(count, name)}{until}"
    return ""


def _extreme(worked: Worked, measure: Measure, entry: Entry) -> Iterator[SheetFinding]:
    now = worked.now(measure, entry)
    if now is None or entry.value is None:
        return
    window = _window(measure, entry, now)
    periods = window or [period for period in measure.periods if period <= now]
    values, half = measure.known(periods), _rounding(measure, periods)
    # Where the sheet doesn't say which figures are good, the best may be either.
    by_role = {ColumnRole.MAXIMUM: (max,), ColumnRole.MINIMUM: (min,)}
    by_polarity = {"high": (max,), "low": (min,)}
    ways = by_role.get(entry.role or ColumnRole.BEST) or by_polarity.get(measure.polarity, (max, min))
    if not values or any(entry.figure.could_be(way(values), half) for way in ways):
        return
    is_high, right = ways[0] is max, ways[0](values)
    told, where = like(right, entry), next(period for period in periods if measure.figure(period) == right)
    is_beyond = entry.value > right if is_high else entry.value < right
    if window is None and is_beyond:
        # Before the periods that the sheet shows there may be such a figure.
        return
    name = "best" if entry.role is ColumnRole.BEST else "highest" if is_high else "lowest"
    kind = f"{name} figure not updated"
    why = f"{entry.text} is not the {name}: {where.words} has {told}"
    if name == "best" and len(values) > 1 and entry.figure.could_be(min(values) if is_high else max(values), half):
        kind = "best is the worst"
        why = f"{'High' if is_high else 'Low'} is good: {entry.text} is the worst, {told} in {where.words} the best"
    elif is_beyond:
        kind = f"{name} figure typed over"
        why = f"{entry.text} is beyond every figure of the row: the {name} is {told}, in {where.words}"
    yield finding(measure, entry, kind, told, why)
