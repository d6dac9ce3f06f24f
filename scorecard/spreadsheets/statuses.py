"""Statuses of a spreadsheet held against its figures, targets and boundaries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from .figures import read_text, said
from .findings import SheetFinding, finding
from .measures import Entry, Measure, boundaries, is_summed
from .periods import SheetPeriod
from .words import ColumnRole, status_in
from .worked_out import Worked


class Held(NamedTuple):
    """A status with how far its figure is beyond its target, in the direction that isn't wanted, in per cent of it."""

    measure: Measure
    entry: Entry
    status: str
    short: Fraction
    by_points: Fraction
    target: str
    period: SheetPeriod


TOLERANCE = re.compile(
    r"within (?P<size>\d+(?:\.\d+)?)\s*(?P<what>%|per cent|percentage points?|points?|pp)", re.IGNORECASE
)


def check_statuses(worked: Worked) -> Iterator[SheetFinding]:
    """Statuses that don't follow from figure, target and direction.

    How far beyond its target a figure may be and still be near it, the notes say, or most of the rows.
    """
    held: list[Held] = []
    for measure in worked.measures:
        for entry in measure.printed:
            if entry.role is not ColumnRole.STATUS or not (status := status_in(entry.text)):
                continue
            now = worked.now(measure, entry)
            value = measure.figure(now) if now else None
            if now is None or value is None:
                continue
            if bounds := boundaries(measure):
                yield from _between(worked, measure, entry, status, value, bounds)
            elif one := _held(worked, measure, entry, status, value, now):
                held.append(one)
    yield from _against_targets(worked, held)


def _between(
    worked: Worked, measure: Measure, entry: Entry, status: str, value: Fraction, bounds: tuple[Fraction, Fraction]
) -> Iterator[SheetFinding]:
    if measure.is_cumulative or is_summed(measure):
        return
    worse, better = bounds
    if better < worse:
        value, worse, better = -value, -worse, -better
    right = "good" if value >= better else "near" if value >= worse else "bad"
    if right != status:
        told = _status_word(worked, right)
        yield finding(
            measure, entry, "status against the target", told,
            f"{said(abs(value))} is {_where(right)} {said(bounds[0])} and {said(bounds[1])}: {told}, not {entry.text}",
        )  # fmt: skip


def _where(right: str) -> str:
    return {"good": "at or beyond the better of", "near": "between", "bad": "beyond the worse of"}[right]


def _status_word(worked: Worked, status: str) -> str:
    """The word that the sheet itself uses for a status most."""
    used = Counter(
        entry.text
        for measure in worked.measures
        for entry in measure.printed
        if entry.role is ColumnRole.STATUS and status_in(entry.text) == status
    )
    return used.most_common(1)[0][0] if used else status


_AIM = re.compile(
    r"(?:[<>≤≥]=?|at least|at most|under|over|above|below|no more than|minimum|maximum)?\s*(?P<size>[£\d.,]+\s*%?)"
    r"(?:\s*(?:-|\u2013|to)\s*(?P<to>[\d.,]+\s*%?))?\Z",
    re.IGNORECASE,
)
_BETTER_THAN_LAST_YEAR = re.compile(
    r"\b(?:better|improve\w*|higher|lower|fewer|more|less|reduc\w+) (?:than|on|from) (?:the )?(?:last|previous) year\b",
    re.IGNORECASE,
)


def target_entry(measure: Measure, period: SheetPeriod) -> Entry | None:
    """The target for a period: its own, or that of its year; None where the sheet has none for it."""
    own = [entry for entry in measure.targets if entry.period == period]
    of_year = [
        entry
        for entry in measure.targets
        if entry.period and entry.period.year == period.year and entry.period.length == 12
    ]
    timeless = [entry for entry in measure.targets if entry.period is None]
    return next(iter(own or of_year or timeless), None)


def _held(
    worked: Worked, measure: Measure, entry: Entry, status: str, value: Fraction, now: SheetPeriod
) -> Held | None:
    target = target_entry(measure, now)
    if target is None:
        return None
    wants_low, text = measure.polarity == "low", target.text
    ranged = _AIM.match(text)
    if ranged and ranged["to"]:
        return _in_range(measure, entry, status, value, target, now)
    if not measure.polarity:
        return None
    if _BETTER_THAN_LAST_YEAR.search(text):
        goal = measure.figure(now.before(12 // now.length))
        if goal is None or goal == value:
            return None
    else:
        aim = _AIM.match(text)
        if aim is None:
            return None
        goal = read_text(aim["size"]).value if target.value is None else target.value
        if is_summed(measure) and target.period and target.period.length == 12:
            # The target is the year's, and the figure that of a part of it.
            return None
    if goal is None:
        return None
    is_profile = len({one.text for one in measure.targets}) > 2
    short = value - goal if wants_low else goal - value
    if measure.is_cumulative and not is_profile and short > 0:
        # The target is the year's, and the year isn't over.
        return None
    relative = short / abs(goal) * 100 if goal else (Fraction(0) if short <= 0 else Fraction(1000))
    return Held(measure, entry, status, relative, short, text, now)


def _in_range(
    measure: Measure, entry: Entry, status: str, value: Fraction, target: Entry, now: SheetPeriod
) -> Held | None:
    aim = _AIM.match(target.text)
    low, high = (read_text(aim[name]).value for name in ("size", "to")) if aim else (None, None)
    if low is None or high is None:
        return None
    short = max(low - value, value - high)
    middle = abs(low + high) / 2 or Fraction(1)
    return Held(measure, entry, status, short / middle * 100, short, target.text, now)


def _against_targets(worked: Worked, held: Sequence[Held]) -> Iterator[SheetFinding]:
    tolerance = _tolerance(worked.notes, held)
    for one in held:
        slack = _slack(one)
        right = ""
        if one.short <= 0:
            right = "good"
        elif tolerance is None:
            right = one.status if one.status != "good" else "near"
        else:
            size, by_points = tolerance
            right = "near" if (one.by_points if by_points else one.short) <= size else "bad"
        if right == one.status or _is_close(one, tolerance, slack):
            continue
        told = _status_word(worked, right)
        kept = (
            f" and the tolerance of {said(tolerance[0])}{' points' if tolerance[1] else '%'}"
            if tolerance and right != "good"
            else ""
        )
        value = one.measure.figure(one.period) or Fraction(0)
        yield finding(
            one.measure, one.entry, "status against the target", told,
            f"{said(value)} in {one.period.words} against {one.target}{kept} is {told}, not {one.entry.text}",
        )  # fmt: skip


def _slack(one: Held) -> Fraction:
    """By how far the figure itself may be off, as it is rounded."""
    return one.measure.values[one.period].figure.half_unit


def _is_close(one: Held, tolerance: tuple[Fraction, bool] | None, slack: Fraction) -> bool:
    """Whether rounding alone may explain the status."""
    goal = abs(one.by_points / one.short * 100) if one.short else Fraction(1)
    edges = [Fraction(0)]
    if tolerance:
        edges.append(tolerance[0] if tolerance[1] else tolerance[0] * goal / 100)
    return slack > 0 and any(abs(one.by_points - edge) < slack for edge in edges)


def _tolerance(notes: str, held: Sequence[Held]) -> tuple[Fraction, bool] | None:
    """How far beyond its target a figure may be and be near it, and whether in points; None where nothing tells."""
    if said_so := TOLERANCE.search(notes):
        return Fraction(said_so["size"]), "oint" in said_so["what"] or said_so["what"] == "pp"
    beyond = [one for one in held if one.short > 0 and one.status != "good"]
    if len(beyond) < 4 or len({one.status for one in beyond}) < 2:
        return None
    best = (-1, Fraction(0), False)
    for by_points in (False, True):
        sizes = [(one.by_points if by_points else one.short, one.status == "near") for one in beyond]
        for edge in (*(Fraction(number) for number in (1, 2, 3, 5, 10, 15, 20)), *sorted(size for size, _ in sizes)):
            agreed = sum((size <= edge) == is_near for size, is_near in sizes)
            if agreed > best[0]:
                best = (agreed, edge, by_points)
    return (best[1], best[2]) if best[0] * 4 >= len(beyond) * 3 else None
