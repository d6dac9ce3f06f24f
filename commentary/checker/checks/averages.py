"""Averages and ranges: "an average of 20" where the year's is 15, "between 470 and 512" where the lowest was 485."""

from __future__ import annotations

from collections.abc import Iterator

from commentary.facts import said_value
from indicators.calculations.averages import summarise
from indicators.calculations.exact import Exact
from indicators.calculations.row import Row

from ..findings import Finding, FindingKind
from ..reading.agreement import is_figure
from ..reading.clauses import Clause
from ..reading.numbers import Amount
from ..reading.sizes import sizes, unit_said
from ..words.references import BEFORE_AVERAGE, RANGES, SAY_YEAR, Beside
from .saying import finding
from .years import twelve_months, values_in, years

_REACH = 8


def check_averages(clauses: list[Clause], row: Row) -> Iterator[Finding]:
    """Averages, and lowest and highest figures, that are not those of the year in any meaning of it."""
    for clause in clauses:
        if clause.claims_on_row and not clause.names_other_month(row.current_month):
            yield from _check_average(clause, row)
            yield from _check_range(clause, row)


def _check_average(clause: Clause, row: Row) -> Iterator[Finding]:
    mean = row.summary.mean
    for reference in clause.own(clause.sentence.references):
        amount = next((one for one in _figures(clause, row) if one.first > reference.last), None)
        if reference.beside is not Beside.AVERAGE or amount is None or mean is None:
            continue
        between = clause.sentence.words(reference.last + 1, amount.first - 1)
        is_said = len(between) <= _REACH and BEFORE_AVERAGE.issuperset(between)
        if is_said and not any(is_figure(amount, one, row) for one in _means(row)):
            fact = f"the 12-month average is {said_value(row, mean)}"
            yield finding(FindingKind.FIGURE, clause.sentence, [reference, amount], fact)


def _means(row: Row) -> list[Exact]:
    """The mean as the report has it, and those of other meanings of the year."""
    means = [row.summary.mean, *(summarise(values_in(window, row)).mean for window in years(row))]
    return [one for one in means if one is not None]


def _check_range(clause: Clause, row: Row) -> Iterator[Finding]:
    figures = _figures(clause, row)
    if len(figures) != 2 or RANGES.isdisjoint(clause.words) or SAY_YEAR.isdisjoint(clause.words):
        return
    low, high = figures
    if clause.sentence.words(low.last + 1, high.first - 1) not in (["and"], ["to"]):
        return
    windows = [known for window in years(row) if (known := values_in(window, row))]
    spans = [(min(known), max(known)) for known in windows]
    if spans and not any(is_figure(low, least, row) and is_figure(high, most, row) for least, most in spans):
        known = values_in(twelve_months(row), row) or windows[0]
        fact = f"{said_value(row, min(known))} to {said_value(row, max(known))} in the last 12 months"
        yield finding(FindingKind.FIGURE, clause.sentence, figures, fact)


def _figures(clause: Clause, row: Row) -> list[Amount]:
    unit, others = unit_said(row.measure.unit), sizes(clause.sentence)
    return [one for one in clause.own(clause.sentence.amounts) if one.unit is unit and one not in others]
