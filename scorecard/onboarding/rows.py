"""What each measure of a file becomes: its indicator as guessed from cells and formulas, or as its officer says."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from openpyxl.utils import column_index_from_string

from indicators.calculations.vocabulary import Accumulation, Frequency, Kind, Polarity, Unit
from indicators.models.indicator import UNITS_THAT_ADD_UP
from scorecard.spreadsheets.figures import Blank as Written
from scorecard.spreadsheets.measures import Entry, Measure, is_summed
from scorecard.spreadsheets.tables import Run

from .understood import MeasureRead, Understood

MOST_DECIMALS = 4
_UNITS = {
    "percentage": Unit.PERCENTAGE, "per 1,000": Unit.RATE_1000, "per 10,000": Unit.RATE_10000,
    "per 100,000": Unit.RATE_100000, "£": Unit.MONEY, "£000": Unit.MONEY_THOUSAND, "£m": Unit.MONEY_MILLION,
    "hours": Unit.HOURS, "days": Unit.DAYS, "weeks": Unit.WEEKS, "months": Unit.MONTHS,
    "seconds": Unit.SCORE, "minutes": Unit.SCORE, "kg": Unit.SCORE,
}  # fmt: skip
_POLARITIES = {"high": Polarity.HIGH, "low": Polarity.LOW, "range": Polarity.TARGET}
_FREQUENCIES = {
    "quarterly": Frequency.QUARTERLY, "annual": Frequency.YEARLY, "half-yearly": Frequency.HALF_YEARLY,
    "termly": Frequency.TERMLY,
}  # fmt: skip
TAKEN_NEW, TAKEN_NOT, TAKEN_THERE = "new", "no", "there"
# The fields of an indicator that an officer may change, as the grid has them.
FIELDS = (
    "taken", "reference", "title", "section", "unit", "rate_base", "decimal_places", "polarity", "frequency",
    "accumulation", "kind", "owner", "reporter", "definition",
)  # fmt: skip


class Parts(NamedTuple):
    """What a row is worked out from by its formulas: keys of measures, or how many people a rate is worked on."""

    numerators: tuple[str, ...] = ()
    denominators: tuple[str, ...] = ()
    people: int = 0

    def __bool__(self) -> bool:
        return bool(self.numerators)


@dataclass
class IndicatorRow:
    """A measure with all that its indicator will have. `asked` are the fields that only a person can say."""

    read: MeasureRead
    fields: dict[str, Any]
    parts: Parts = field(default_factory=Parts)
    asked: set[str] = field(default_factory=set)
    # The same before anybody answered.
    asked_first: frozenset[str] = frozenset()
    # The program's own guess, beside which only what differs is kept.
    guessed: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.read.key

    @property
    def measure(self) -> Measure:
        return self.read.measure

    @property
    def is_taken(self) -> bool:
        return bool(self.fields["taken"] != TAKEN_NOT)

    @property
    def reference(self) -> str:
        return str(self.fields["reference"])


def indicator_rows(understood: Understood) -> list[IndicatorRow]:
    """A row for each measure, in their order, with what was decided on it."""
    rows = [_guessed(one) for one in understood.measures]
    _number(rows)
    by_cell = {(id(row.measure.sheet), row.measure.row): row for row in rows if row.measure.run is Run.ACROSS}
    for row in rows:
        row.parts = _parts(row, by_cell, {one.key: one for one in rows})
        if row.parts:
            row.fields["kind"] = Kind.DERIVED
        row.guessed = dict(row.fields)
        said = understood.said("indicators").get(row.key, {})
        row.fields |= {name: value for name, value in said.items() if name in row.fields}
        row.asked_first = frozenset(row.asked)
        row.asked -= set(said)
    return rows


def _guessed(one: MeasureRead) -> IndicatorRow:
    measure = one.measure
    base = re.fullmatch(r"per ([\d,]+)", measure.unit)
    unit = _UNITS.get(measure.unit, Unit.RATE if base else Unit.COUNT)
    length = Counter(period.length for period in measure.values).most_common(1)
    frequency = _FREQUENCIES.get(measure.frequency)
    if frequency is None:
        lengths = {3: Frequency.QUARTERLY, 12: Frequency.YEARLY}
        frequency = lengths.get(length[0][0], Frequency.MONTHLY) if length else Frequency.YEARLY
    has_parts = bool(measure.numerators and measure.denominators) and all(
        period in measure.numerators and period in measure.denominators
        for period, entry in measure.values.items()
        if entry.value is not None
    )
    accumulation = Accumulation.NO
    if frequency is not Frequency.YEARLY and (unit in UNITS_THAT_ADD_UP or has_parts):
        if measure.is_cumulative:
            accumulation = Accumulation.TO_DATE
        elif is_summed(measure):
            accumulation = Accumulation.PER_PERIOD
    asked = set()
    if not measure.polarity or measure.polarity_is_likely:
        asked.add("polarity")
    if measure.is_cumulative and accumulation is not Accumulation.NO:
        asked.add("accumulation")
    fields = {
        "taken": TAKEN_NEW,
        "reference": measure.reference[:30],
        "title": measure.title[:300] or measure.reference,
        "section": (measure.section or "Indicators")[:200],
        "unit": unit,
        "rate_base": int(base[1].replace(",", "")) if base and unit is Unit.RATE else None,
        "decimal_places": _decimals(measure),
        "polarity": _POLARITIES.get(measure.polarity, ""),
        "frequency": frequency,
        "accumulation": accumulation,
        "kind": Kind.RATIO if has_parts else Kind.FIGURE,
        "owner": measure.owner,
        "reporter": measure.reporter,
        "definition": measure.definition,
    }
    return IndicatorRow(one, fields, asked=asked)


def _decimals(measure: Measure) -> int:
    """As many decimals as most of its cells show."""
    shown = Counter(_shown_decimals(entry) for entry in measure.values.values() if entry.value is not None)
    return min(shown.most_common(1)[0][0], MOST_DECIMALS) if shown else 0


def _shown_decimals(entry: Entry) -> int:
    found = re.search(r"\d\.(\d+)", entry.text)
    return len(found[1]) if found else 0


def _number(rows: Sequence[IndicatorRow]) -> None:
    """Makes up the references that are missing, from the letters of the section and a number."""
    taken = {row.reference.lower() for row in rows if row.reference}
    letters: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for row in rows:
        section = row.fields["section"]
        if row.reference:
            continue
        if section not in letters:
            words = re.findall(
                r"[A-Za-z]+|\d+", re.sub(r"\b(?:a|an|the|and|of|that|for)\b", " ", section, flags=re.IGNORECASE)
            )
            made = "".join(word if word.isdigit() else word[0].upper() for word in words)[:4] or "I"
            while made in letters.values() or made[-1:].isdigit():
                made += "X"
            letters[section] = made
        while (name := f"{letters[section]}{(number := counts[section] + 1)}").lower() in taken or number < 1:
            counts[section] += 1
        counts[section] += 1
        taken.add(name.lower())
        row.fields["reference"] = name


# Formulas


class _Product(NamedTuple):
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    times: Fraction = Fraction(1)


_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
_SUM = re.compile(r"SUM\(([A-Z]{1,3})(\d{1,6}):([A-Z]{1,3})(\d{1,6})\)")
_GUARD = re.compile(r"(?:IFERROR|ROUND)\((?P<inner>.+),[^,()]*\)\Z")
_MOST_SUMMED = 20
_LONGEST_FORMULA = 400
_FEWEST_PEOPLE, _MOST_PEOPLE = 50, 10**9


def _parts(
    row: IndicatorRow, by_cell: Mapping[tuple[int, int], IndicatorRow], by_key: Mapping[str, IndicatorRow]
) -> Parts:
    """What most of the row's cells are worked out from; nothing where that doesn't give what they show."""
    found: Counter[Parts] = Counter()
    for entry in row.measure.values.values():
        if entry.cell and entry.cell.formula and (one := _parts_of(row, entry, by_cell)):
            found[one] += 1
    if not found:
        return Parts()
    parts, count = found.most_common(1)[0]
    if count * 3 < len(row.measure.values) * 2 or row.key in (*parts.numerators, *parts.denominators):
        return Parts()
    factor = Unit(row.fields["unit"]).factor(row.fields["rate_base"])
    sources = [[by_key[key].measure for key in side] for side in (parts.numerators, parts.denominators)]
    checked = fits = 0
    for period, entry in row.measure.values.items():
        sides = [[one.figure(period) for one in side] for side in sources]
        if entry.value is None or any(value is None for side in sides for value in side):
            continue
        above, below = (sum((value for value in side if value is not None), Fraction(0)) for side in sides)
        below = Fraction(parts.people) if parts.people else below if parts.denominators else Fraction(factor)
        checked += 1
        fits += bool(below) and entry.figure.could_be(above / below * factor, abs(entry.value) / 10**6)
    return parts if checked and fits * 3 >= checked * 2 else Parts()


def _parts_of(row: IndicatorRow, entry: Entry, by_cell: Mapping[tuple[int, int], IndicatorRow]) -> Parts | None:
    column = entry.cell.column if entry.cell else 0
    formula = (entry.cell.formula if entry.cell else "").replace(" ", "").replace("$", "").lstrip("=").upper()
    if len(formula) > _LONGEST_FORMULA:
        return None
    while found := _GUARD.match(formula):
        formula = found["inner"]
    try:
        product = _product(ast.parse(_SUM.sub(_spelt, formula), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError, OverflowError):
        return None
    places = [[_CELL.fullmatch(name) for name in side] for side in (product.above, product.below)]
    sources = [
        [
            by_cell.get((id(row.measure.sheet), int(place[2])))
            if place and column_index_from_string(place[1]) - 1 == column
            else None
            for place in side
        ]
        for side in places
    ]
    sides = [tuple(one.key for one in side if one) for side in sources]
    is_whole = all(len(keys) == len(side) for keys, side in zip(sides, sources, strict=True))
    if not is_whole or not sides[0] or len(set(sides[0])) < len(sides[0]) or not product.times:
        return None
    unit = Unit(row.fields["unit"])
    factor = unit.factor(row.fields["rate_base"])
    if sides[1]:
        return Parts(sides[0], sides[1]) if product.times in (1, factor) else None
    if product.times == 1:
        return Parts(sides[0]) if len(sides[0]) > 1 else None
    base = factor if unit is not Unit.PERCENTAGE or product.times > 1 else 1
    people = round(base / product.times)
    return Parts(sides[0], (), people) if factor > 1 and _FEWEST_PEOPLE <= people < _MOST_PEOPLE else None


def _spelt(found: re.Match[str]) -> str:
    """A short sum down a column as its cells."""
    first, last = int(found[2]), int(found[4])
    if found[1] != found[3] or not 0 < last - first < _MOST_SUMMED:
        raise ValueError(found[0])
    return f"({'+'.join(f'{found[1]}{row}' for row in range(first, last + 1))})"


def _product(node: ast.expr) -> _Product:
    """Sums of cells multiplied and divided with numbers and each other. Raises ValueError for anything else."""
    if isinstance(node, ast.Name):
        return _Product((node.id,))
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return _Product(times=Fraction(str(node.value)))
    if isinstance(node, ast.BinOp):
        one, other = _product(node.left), _product(node.right)
        is_plain = not one.below and not other.below and one.times == other.times == 1
        if isinstance(node.op, ast.Add) and one.above and other.above and is_plain:
            return _Product(one.above + other.above)
        if isinstance(node.op, ast.Div):
            other = _Product(other.below, other.above, 1 / other.times)
        is_other = not isinstance(node.op, ast.Div | ast.Mult)
        if is_other or (one.above and other.above) or (one.below and other.below):
            raise ValueError("neither a sum nor one quotient")
        return _Product(one.above or other.above, one.below or other.below, one.times * other.times)
    raise ValueError("no arithmetic")


def has_entries(row: IndicatorRow) -> bool:
    """Whether it has any figure, or a reason why there is none."""
    return any(entry.figure.blank is not Written.EMPTY for entry in row.measure.values.values())
