"""Relations between indicators that nobody declared, but which hold in every month that is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import chain, combinations, product

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.periods import Periods
from indicators.calculations.vocabulary import Unit

from .audit import reduced
from .relations import Quantity, Relation, Relations, span

# What holds by chance: docs/methods.md.
FEWEST_MONTHS = 4
FEWEST_TOTALS = 3
FEWEST_NOT_0 = 2
MOST_SHARES = 6
SPANS = (None, 3, 12)
PART, LESS = CheckRole.PART, CheckRole.OUTFLOW

Place = tuple[int, date]
Series = Mapping[date, Exact]
Values = tuple[Exact, ...]
Terms = list[tuple[CheckRole, int]]
Pairs = Mapping[Values, Sequence[tuple[int, int]]]


def find_relations(figures: Mapping[Place, Quantity], relations: Relations) -> list[Relation]:
    """What holds in every month that has all the figures, and doesn't follow from what is declared or found before.

    Sums and differences of up to four counts of a month; a count that is another one's total of the year so far, of
    three or of twelve months; a stock that follows from its flows; shares that are a whole together. At least four
    months must bear it out, with three different totals, and no part may be 0 in nearly all of them.
    """
    counts: dict[int, dict[date, Exact]] = defaultdict(dict)
    shares: dict[int, dict[date, Quantity]] = defaultdict(dict)
    for (key, month), quantity in sorted(figures.items()):
        nature = relations.natures.get(key)
        if nature is not None and nature.unit is Unit.COUNT:
            counts[key][month] = quantity.value
        elif nature is not None and nature.unit is Unit.PERCENTAGE:
            shares[key][month] = quantity
    known = _Known(relations)
    by_periods: dict[Periods, dict[int, Series]] = defaultdict(dict)
    for key, series in counts.items():
        by_periods[relations.natures[key].periods._replace(year_starts=1)][key] = series
    found = []
    for lines in by_periods.values():
        found += [one for one in _sums(lines) if known.is_news(one)]
        found += [one for one in _stocks(lines, relations) if known.is_news(one)]
    found += [one for one in _totals(counts, relations) if known.is_news(one)]
    found += [one for one in _wholes(shares) if known.is_news(one)]
    return found


class _Known:
    """What is declared already, and what follows from it."""

    def __init__(self, relations: Relations) -> None:
        self.pivots: list[tuple[int, dict[int, Fraction]]] = []
        self.seen = {_signature(check) for check in relations.checks}
        for key, derivation in relations.derivations.items():
            if not derivation.is_ratio:
                self._add({key: -1, **dict.fromkeys(derivation.numerators, 1)})
        for check in relations.checks:
            if check.is_of_one_month and check.total is None and not check.tolerance:
                self._add(_row(check))

    def is_news(self, relation: Relation) -> bool:
        """Whether it is neither declared nor follows from the sums known so far; then it is known from now on."""
        if _signature(relation) in self.seen:
            return False
        self.seen.add(_signature(relation))
        if relation.is_of_one_month and relation.total is None:
            return self._add(_row(relation))
        return True

    def _add(self, row: Mapping[int, int]) -> bool:
        left = reduced({key: Fraction(factor) for key, factor in row.items()}, self.pivots)
        if left:
            self.pivots.append((min(left), left))
        return bool(left)


def _row(relation: Relation) -> dict[int, int]:
    return {relation.key: -1, **{key: 1 if role is PART else -1 for role, key in relation.terms}}


def _signature(relation: Relation) -> tuple[object, ...]:
    """The same for relations that say the same, however their terms are ordered."""
    if relation.total is not None:
        return relation.kind, relation.total, frozenset(key for _, key in relation.terms)
    months = 1 if relation.is_of_one_month else relation.months
    kind = CheckKind.MONTHS if relation.kind is CheckKind.PARTS else relation.kind
    return kind, months, relation.key, frozenset(relation.terms)


def _late(lines: Mapping[int, Series]) -> tuple[list[date], dict[int, Values]]:
    """The latest months, and the figures in them of the lines that have all: what to look for first."""
    months = sorted({month for series in lines.values() for month in series})[-FEWEST_TOTALS:]
    return months, {
        key: tuple(series[month] for month in months) for key, series in sorted(lines.items()) if _has(series, months)
    }


def _sums(lines: Mapping[int, Series]) -> Iterator[Relation]:
    """One line equal to another, to a sum or difference of two others, or of three."""
    _, late = _late(lines)
    pairs: dict[Values, list[tuple[int, int]]] = defaultdict(list)
    for one, other in combinations(late, 2):
        pairs[tuple(map(sum, zip(late[one], late[other], strict=True)))].append((one, other))
    for total, terms in chain(_simple(late, pairs), _with_third(late, pairs), _with_less(pairs)):
        if len({total, *(key for _, key in terms)}) == len(terms) + 1:
            yield from _where_it_holds(total, terms, lines)


def _simple(late: Mapping[int, Values], pairs: Pairs) -> Iterator[tuple[int, Terms]]:
    for total, other in combinations(late, 2):
        if late[total] == late[other]:
            yield total, [(PART, other)]
    for total, values in late.items():
        for pair in pairs.get(values, ()):
            yield total, [(PART, key) for key in pair]


def _with_third(late: Mapping[int, Values], pairs: Pairs) -> Iterator[tuple[int, Terms]]:
    for (total, values), (third, others) in product(late.items(), repeat=2):
        for pair in pairs.get(tuple(value - other for value, other in zip(values, others, strict=True)), ()):
            if third > pair[1]:
                yield total, [(PART, key) for key in (*pair, third)]


def _with_less(pairs: Pairs) -> Iterator[tuple[int, Terms]]:
    for equal in pairs.values():
        for (one, less), other in combinations(equal, 2):
            yield one, [*((PART, key) for key in other), (LESS, less)]


def _stocks(lines: Mapping[int, Series], relations: Relations) -> Iterator[Relation]:
    """A line that is what it was a period before, and what another adds, less what a third takes from it."""
    months, late = _late(lines)
    flows: dict[Values, list[tuple[int, int]]] = defaultdict(list)
    for into, out in combinations(late, 2):
        gone = tuple(a - b for a, b in zip(late[into], late[out], strict=True))
        flows[gone].append((into, out))
        flows[tuple(-value for value in gone)].append((out, into))
    for key in sorted(late):
        previous = relations.natures[key].periods.previous
        befores = [previous(month) for month in months]
        if not _has(lines[key], befores):
            continue
        moved = tuple(lines[key][month] - lines[key][before] for month, before in zip(months, befores, strict=True))
        for into, out in flows.get(moved, ()):
            if key in (into, out):
                continue
            rows = [
                (series[month] - series[previous(month)], lines[into][month], lines[out][month])
                for series in (lines[key],)
                for month in series
                if previous(month) in series and month in lines[into] and month in lines[out]
            ]
            if all(change == came - went for change, came, went in rows) and _bears_out(rows):
                yield Relation(key, CheckKind.STOCK, ((CheckRole.INFLOW, into), (CheckRole.OUTFLOW, out)))


def _totals(counts: Mapping[int, Series], relations: Relations) -> Iterator[Relation]:
    """A line that is another one's total of the year so far, or of some months."""
    for total, part in ((total, part) for total in counts for part in counts if total != part):
        for months in SPANS:
            rows = []
            for month, value in counts[total].items():
                # What is due at other times than every month has figures in some of them only.
                among = span(relations.natures[total].periods, month, months)
                due = [one for one in among if relations.natures[part].periods.is_due_in(one)]
                if _has(counts[part], due):
                    if value != sum(counts[part][one] for one in due):
                        break
                    rows.append((value, counts[part].get(month, value)))
            else:
                # In the first month of a year they are the same.
                if _bears_out(rows) and any(value != own for value, own in rows):
                    yield Relation(total, CheckKind.MONTHS, ((PART, part),), months=months)


def _wholes(shares: Mapping[int, Mapping[date, Quantity]]) -> Iterator[Relation]:
    """Percentages that are 100% together, in cases where these are known and otherwise within rounding."""
    about = {key: {month: int(share.value) for month, share in line.items()} for key, line in shares.items()}
    for count in range(2, MOST_SHARES + 1):
        for keys in combinations(sorted(shares), count):
            if _is_far_from_whole([about[key] for key in keys]):
                continue
            first, *others = (shares[key] for key in keys)
            months = [month for month in first if all(month in other for other in others)]
            rows = [[shares[key][month] for key in keys] for month in months]
            if rows and all(_is_whole(row) for row in rows):
                values = [(100, *(share.value for share in row)) for row in rows]
                if _bears_out(values, totals=1) and len(set(values)) >= FEWEST_TOTALS:
                    tolerance = max(_rounding(row) for row in rows)
                    terms = tuple((PART, key) for key in keys)
                    yield Relation(keys[0], CheckKind.PARTS, terms, tolerance, 100)


def _is_far_from_whole(lines: Sequence[Mapping[date, int]]) -> bool:
    """Whether in some month they are by far not 100% together, as nearly all are: quick to see, before more is asked.

    Far is more than the decimals left out here, and rounding before a share was entered, can explain.
    """
    first, *others = lines
    for month, value in first.items():
        rest = [other[month] for other in others if month in other]
        if len(rest) == len(others) and abs(value + sum(rest) - 100) > 2 * len(lines):
            return True
    return False


def _is_whole(row: Sequence[Quantity]) -> bool:
    wholes = {share.denominator for share in row}
    if len(wholes) == 1 and None not in wholes:
        return sum(share.numerator or 0 for share in row) == row[0].denominator
    return magnitude(sum(share.value for share in row) - 100) <= _rounding(row)


def _rounding(row: Sequence[Quantity]) -> Exact:
    """By how much percentages that were rounded before they were entered can be off together; 0 where none were."""
    if all(share.denominator is not None for share in row):
        return 0
    step = 1 if all(share.value.denominator == 1 for share in row) else Fraction(1, 10)
    return Fraction(step * len(row), 2)


def _where_it_holds(
    total: int, terms: Sequence[tuple[CheckRole, int]], lines: Mapping[int, Series]
) -> Iterator[Relation]:
    """The relation, if it holds in every month."""
    series = [lines[key] for _, key in terms]
    rows = []
    for month, value in lines[total].items():
        if all(month in one for one in series):
            parts = [one[month] for one in series]
            if value != sum(part if role is PART else -part for part, (role, _) in zip(parts, terms, strict=True)):
                return
            rows.append((value, *parts))
    if _bears_out(rows):
        is_sum = all(role is PART for role, _ in terms)
        kind, months = (CheckKind.PARTS, None) if is_sum else (CheckKind.MONTHS, 1)
        yield Relation(total, kind, tuple(terms), months=months)


def _bears_out(rows: Sequence[Sequence[Exact]], totals: int = FEWEST_TOTALS) -> bool:
    """Whether so many months, of which each has the total and its parts, can hardly be chance."""
    return (
        len(rows) >= FEWEST_MONTHS
        and len({row[0] for row in rows}) >= totals
        and all(sum(1 for value in part if value) >= FEWEST_NOT_0 for part in zip(*rows, strict=True))
    )


def _has(series: Series, months: Iterable[date]) -> bool:
    return all(month in series for month in months)
