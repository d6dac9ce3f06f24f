"""Targets and comparators of a file: what each of their cells becomes, or what has to be asked about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from indicators.calculations.vocabulary import Accumulation, OnBasis, Polarity, RestsOn, Sense, Shape
from scorecard.spreadsheets.figures import Blank as Written
from scorecard.spreadsheets.figures import read_text, said
from scorecard.spreadsheets.measures import Entry, boundaries
from scorecard.spreadsheets.periods import SheetPeriod
from scorecard.spreadsheets.statuses import TOLERANCE
from scorecard.spreadsheets.words import peer_in

from .rows import IndicatorRow
from .understood import Understood

LEFT_OUT, TBC, LAST_YEAR = "left_out", "tbc", "last_year"
# How a target may be held, in words.
HELD = {
    Sense.DIRECTION.value: "as its direction asks",
    Sense.AT_LEAST.value: "at least",
    Sense.AT_MOST.value: "at most",
    Sense.BETWEEN.value: "between two figures",
    Sense.EXACTLY.value: "exactly",
    LAST_YEAR: "better than last year",
    TBC: "to be confirmed",
    LEFT_OUT: "left out",
}
# What each group is called in sheets, by its code where one is there from the start.
_USUAL_NAMES = {
    "statistical_neighbours": r"(?:sns?|stat(?:istical|\.)? neighbours?|nearest neighbours?|nns?|cipfa.*)\b",
    "england": r"(?:england|eng|national|nat\.?)\b",
    "region": r"(?:region(?:al)?|(?:south|north) (?:east|west)|.*midlands|east of england|yorkshire.*|london)\b",
}


@dataclass
class TargetFound:
    """The target of a year: its cells, how it is held, and what to ask where only a person can say."""

    key: str
    row: IndicatorRow
    year: int
    entries: list[Entry]
    held: str = ""
    value: Fraction | None = None
    upper: Fraction | None = None
    tolerance: Fraction = Fraction(0)
    for_year: bool = False
    question: str = ""
    is_said: bool = False

    @property
    def text(self) -> str:
        """What stands there."""
        return " / ".join(dict.fromkeys(entry.text for entry in self.entries))

    def terms(self) -> dict[str, Any]:
        """The target's fields, but for indicator and year."""
        found: dict[str, Any] = {"sense": Sense.DIRECTION, "tolerance": self.tolerance}
        if self.held == TBC:
            return found | {"is_tbc": True, "tolerance": Fraction(0)}
        if self.held == LAST_YEAR:
            return found | {"rests_on": RestsOn.LAST_YEAR, "is_strict": True, "tolerance": Fraction(0)}
        found |= {"sense": Sense(self.held or Sense.DIRECTION), "value": self.value}
        if self.held == Sense.BETWEEN:
            found["upper"] = self.upper
        if self.for_year:
            found["shape"] = Shape.EVEN
        return found


@dataclass
class PeerFound:
    """Whom the sheet compares with, and what becomes of it: the code of a group that is there, or a new one's name."""

    name: str
    code: str = ""
    new_name: str = ""
    on_basis: str = OnBasis.UNKNOWN
    year: int | None = None
    is_left_out: bool = False
    has_years: bool = True
    entries: list[Entry] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.name.lower()


def targets_of(row: IndicatorRow, understood: Understood, year: int) -> list[TargetFound]:
    """The row's targets by year; `year` is that of those whose heading names none."""
    by_year: dict[int, list[Entry]] = {}
    for entry in row.measure.targets:
        by_year.setdefault(_year(entry.period) if entry.period else year, []).append(entry)
    said = understood.said("targets")
    found = []
    for of, entries in sorted(by_year.items()):
        one = TargetFound(f"{row.key}|{of}", row, of, entries)
        _hold(one, understood)
        if told := said.get(one.key):
            _say(one, told)
        found.append(one)
    return found


def _year(period: SheetPeriod) -> int:
    return int(period.year[:4])


def _hold(one: TargetFound, understood: Understood) -> None:
    row = one.row
    polarity, adds_up = row.fields["polarity"], row.fields["accumulation"] != Accumulation.NO
    one.for_year = adds_up
    values = list(dict.fromkeys(entry.value for entry in one.entries if entry.value is not None))
    bounds = boundaries(row.measure) if len(one.entries) == 2 else None
    if bounds and bounds[0] != bounds[1]:
        one.value = bounds[1]
        one.tolerance = abs(bounds[1] - bounds[0])
        one.held = Sense.DIRECTION
    elif len(values) == 1 and all(entry.value is not None for entry in one.entries):
        one.value, one.held = values[0], Sense.DIRECTION
        one.tolerance = _usual_tolerance(understood, values[0])
    elif values:
        one.value, one.held = one.entries[-1].value, Sense.DIRECTION
        one.question = f"{row.reference} has several targets in one year ({one.text}): which is the year’s?"
    else:
        _hold_words(one, polarity)
    corrected = next((value for entry in one.entries if (value := understood.correction(row.read, entry))), None)
    one.value = one.value if corrected is None else corrected
    if row.measure.is_cumulative and not adds_up and one.held and not one.question:
        one.question = (
            f"{row.reference} counts up within the year, so its target of {one.text} is the year’s: is it to be held "
            "against every period, or left out?"
        )


def _usual_tolerance(understood: Understood, value: Fraction) -> Fraction:
    """How far a figure may miss the target and be amber, as the sheet's notes say."""
    found = TOLERANCE.search(understood.audit.notes)
    if found is None:
        return Fraction(0)
    size = Fraction(found["size"])
    return abs(value) * size / 100 if found["what"] in ("%", "per cent") else size


_AIM = re.compile(
    r"(?P<word>[<>≤≥]=?|at least|at most|under|over|above|below|no more than|minimum|maximum)?\s*"
    r"(?P<size>[£\d.,]+\s*%?)(?:\s*(?:-|–|to)\s*(?P<to>[\d.,]+\s*%?))?(?P<rest>.*)\Z",
    re.IGNORECASE,
)
_LEAST = (">", "≥", ">=", "≥=", "at least", "over", "above", "minimum")
_MOST = ("<", "≤", "<=", "≤=", "at most", "under", "below", "no more than", "maximum")


def _hold_words(one: TargetFound, polarity: str) -> None:
    """How a target in words is probably held; asked in any case, but where it only says that it is not known yet."""
    words = " ".join(dict.fromkeys(entry.text for entry in one.entries))
    if all(entry.figure.blank is Written.NOT_YET for entry in one.entries):
        one.held = TBC
        return
    if all(entry.figure.blank is Written.NOT_APPLICABLE for entry in one.entries):
        one.held = LEFT_OUT
        return
    one.question = f"{one.row.reference}: how is the target “{words}” to be held?"
    aim = _AIM.match(words)
    value = read_text(aim["size"]).value if aim else None
    if aim and value is not None:
        one.value = value
        upper = read_text(aim["to"]).value if aim["to"] else None
        word = (aim["word"] or "").lower()
        if upper is not None and upper > value:
            one.held, one.upper = Sense.BETWEEN, upper
        elif word in _LEAST or (not word and polarity == Polarity.HIGH):
            one.held = Sense.AT_LEAST
        elif word in _MOST or (not word and polarity == Polarity.LOW):
            one.held = Sense.AT_MOST
    elif re.search(r"\blast year\b|\bprevious year\b", words, re.IGNORECASE):
        one.held = LAST_YEAR


def _say(one: TargetFound, told: Mapping[str, str]) -> None:
    one.is_said = True
    one.held = told.get("held", one.held)
    for name in ("value", "upper", "tolerance"):
        if told.get(name):
            setattr(one, name, Fraction(told[name]))
    if "for_year" in told:
        one.for_year = bool(told["for_year"])


def peers_of(rows: list[IndicatorRow], understood: Understood, codes: Mapping[str, str]) -> dict[str, PeerFound]:
    """Whom the sheet compares with, by name; `codes` are those of the groups that are there, by their lower names."""
    found: dict[str, PeerFound] = {}
    said = understood.said("peers")
    for row in rows:
        for entry in row.measure.comparators:
            name = peer_of(entry)
            if name.lower() not in found:
                found[name.lower()] = _peer(name, codes, said.get(name.lower(), {}))
            peer = found[name.lower()]
            if entry.text:
                peer.entries.append(entry)
                peer.has_years = peer.has_years and entry.period is not None
    return {key: one for key, one in found.items() if one.entries}


def peer_of(entry: Entry) -> str:
    """Whom the entry is of."""
    return peer_in(entry.heading) or entry.heading or "Comparator"


def _peer(name: str, codes: Mapping[str, str], told: Mapping[str, Any]) -> PeerFound:
    one = PeerFound(name)
    usual = next((code for code, shape in _USUAL_NAMES.items() if re.match(shape, name, re.IGNORECASE)), "")
    one.code = codes.get(name.lower()) or (usual if usual in codes.values() else "")
    one.new_name = "" if one.code else name
    if told:
        one.is_left_out = told.get("group") == LEFT_OUT
        one.code = "" if one.is_left_out else told.get("group", one.code)
        one.new_name = told.get("name", "") if not one.code else ""
        one.on_basis = told.get("on_basis", one.on_basis)
        one.year = told.get("year")
    return one


def basis_questions(row: IndicatorRow) -> Iterator[tuple[Entry, str]]:
    """Comparators of a row that can't be on its basis: another sign, or far from all of its figures."""
    values = [abs(entry.value) for entry in row.measure.values.values() if entry.value]
    for entry in row.measure.comparators:
        if not entry.value or not values:
            continue
        if entry.figure.has_sign and not row.measure.is_percentage:
            yield entry, f"{entry.text} is a percentage, and the figures are none"
        elif not min(values) / 5 <= abs(entry.value) <= max(values) * 5:
            yield entry, f"{entry.text} is far from all its figures ({said(min(values))} to {said(max(values))})"
