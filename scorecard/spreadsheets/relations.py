"""What the figures of a sheet must have to do with each other: parts and wholes, flows and totals, years and scales."""

from __future__ import annotations

import ast
import operator
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from statistics import median

from openpyxl.utils import column_index_from_string, get_column_letter

from indicators.calculations.formatting import counted

from .figures import read_figure, said
from .findings import SheetFinding, finding, like
from .measures import Entry, Measure, is_summed
from .periods import SheetPeriod, period_in
from .tables import Run, Table
from .words import ColumnRole, peer_in
from .worked_out import Worked, factor_of


def check_relations(worked: Worked) -> Iterator[SheetFinding]:
    """Figures that don't follow from others as all the rest do."""
    for measure in worked.measures:
        yield from _parts(measure)
        yield from _formulas(measure)
        yield from _scale(measure)
        yield from _falls(measure)
        yield from _years(measure)
        yield from _records(measure)
    yield from _totals(worked)
    yield from _stocks(worked.measures)


# A figure and its two parts


def _parts(measure: Measure) -> Iterator[SheetFinding]:
    factor = factor_of(measure)
    for period, entry in measure.values.items():
        top, bottom = measure.numerators.get(period), measure.denominators.get(period)
        if not (top and bottom) or top.value is None or not bottom.value or entry.value is None:
            continue
        right = top.value / bottom.value * factor
        if entry.figure.could_be(right):
            continue
        written = f"{top.text} of {bottom.text}"
        if top.value and entry.figure.could_be(bottom.value / top.value * factor):
            why = f"{entry.text} is {bottom.text} of {top.text}: numerator and denominator are changed over"
            yield finding(measure, top, "numerator and denominator changed over", bottom.text, why)
            yield finding(measure, bottom, "numerator and denominator changed over", top.text, why)
        else:
            yield finding(
                measure, entry, "figure doesn’t follow from its parts", like(right, entry),
                f"{written} is {like(right, entry)}; the sheet has {entry.text}",
            )  # fmt: skip


# A row of formulas


_REFERENCE = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d+)")
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def _relative_form(formula: str, row: int, column: int) -> str:
    """The formula with its references counted from its own cell, so that one copied along a row reads the same."""
    return _REFERENCE.sub(
        lambda found: (
            f"R{'' if found[3] else 'C'}[{int(found[4]) - (0 if found[3] else row)}]"
            f"{'A' if found[1] else ''}[{column_index_from_string(found[2]) - 1 - (0 if found[1] else column)}]"
        ),
        formula.replace(" ", ""),
    )


def _formulas(measure: Measure) -> Iterator[SheetFinding]:
    """Cells of a row of formulas that has another formula, or a figure typed over it, and shows something else."""
    cells = {period: entry for period, entry in measure.values.items() if entry.cell and entry.value is not None}
    forms = {
        period: _relative_form(entry.cell.formula, entry.cell.row, entry.cell.column)
        for period, entry in cells.items()
        if entry.cell and entry.cell.formula
    }
    if len(forms) < 3:
        return
    usual, count = Counter(forms.values()).most_common(1)[0]
    if count * 3 < len(cells) * 2:
        return
    sample = next(cells[period] for period, form in forms.items() if form == usual)
    for period, entry in cells.items():
        if forms.get(period) == usual or entry.cell is None or sample.cell is None:
            continue
        shifted = _shifted(
            sample.cell.formula, entry.cell.row - sample.cell.row, entry.cell.column - sample.cell.column
        )
        right = evaluate(shifted, measure, percent=measure.is_percentage)
        if right is None or entry.figure.could_be(right):
            continue
        own, other = (_constants(one) for one in (entry.cell.formula, sample.cell.formula))
        differs = (
            f", with {' and '.join(own)} where all others have {' and '.join(other)}" if own and own != other else ""
        )
        what = (
            "worked out in another way than the rest of its row"
            if entry.cell.formula
            else "typed over the formula of its row"
        )
        yield finding(
            measure, entry, "figure " + ("with another formula" if entry.cell.formula else "typed over its formula"),
            like(right, entry), f"{period.words} is {what}{differs}: it would be {like(right, entry)}",
        )  # fmt: skip


def _constants(formula: str) -> list[str]:
    return [f"{float(one):,.10g}" for one in re.findall(r"(?<![A-Z$\d.])\d+(?:\.\d+)?(?![\d.]*[A-Z(])", formula)]


def _shifted(formula: str, down: int, right: int) -> str:
    return _REFERENCE.sub(
        lambda found: (
            f"{found[1]}{found[2] if found[1] else get_column_letter(column_index_from_string(found[2]) + right)}"
            f"{found[3]}{found[4] if found[3] else int(found[4]) + down}"
        ),
        formula,
    )


def evaluate(formula: str, measure: Measure, *, percent: bool) -> Fraction | None:
    """The result of plain arithmetic on cells of the measure's sheet; None for anything else. Per cent as 0 to 100."""
    names: dict[str, Fraction] = {}
    for found in _REFERENCE.finditer(formula):
        cell = measure.sheet.at(int(found[4]), column_index_from_string(found[2]) - 1)
        figure = read_figure(cell)
        if figure.value is None:
            return None
        names[f"{found[2]}{found[4]}"] = figure.value / 100 if figure.has_sign else figure.value
    try:
        tree = ast.parse(formula.replace("$", "").replace("^", "**"), mode="eval")
        result = _worked(tree.body, names)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError, RecursionError, MemoryError):
        return None
    return result * 100 if percent else result


def _worked(node: ast.expr, names: dict[str, Fraction]) -> Fraction:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS and not isinstance(node.op, ast.Pow):
        return Fraction(_OPERATORS[type(node.op)](_worked(node.left, names), _worked(node.right, names)))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_worked(node.operand, names)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return Fraction(str(node.value))
    if isinstance(node, ast.Name) and node.id in names:
        return names[node.id]
    raise ValueError(ast.dump(node))


# A figure on another scale than its neighbours


def _scale(measure: Measure) -> Iterator[SheetFinding]:
    values = [entry for entry in measure.values.values() if entry.value]
    outturns = [entry for entry in measure.outturns.values() if entry.value]
    groups = [
        (values, values),
        (outturns, outturns if measure.is_cumulative or is_summed(measure) else outturns + values),
    ]
    peers = [entry for entry in measure.comparators if entry.value]
    groups.append((peers, peers + outturns + values))
    for entries, around in groups:
        for entry in entries:
            others = [abs(one.value) for one in around if one is not entry and one.value]
            if len(others) < 2 or entry.value is None:
                continue
            middle = Fraction(median(others))
            for factor in (100, 1000) if measure.is_percentage is False else (100,):
                scaled = abs(entry.value) / factor
                is_like = middle / 2 <= scaled <= middle * 2
                if is_like and (not measure.is_percentage or (abs(entry.value) > 100 and max(others) <= 120)):
                    if not measure.is_percentage and not all(middle / 3 <= one <= middle * 3 for one in others):
                        continue
                    told = like(entry.value / factor, entry)
                    yield finding(
                        measure, entry, "figure on another scale", told,
                        f"{entry.text} is {factor} times what stands around it: {told} is meant",
                    )  # fmt: skip


# Totals to date, years, stocks and flows


def _falls(measure: Measure) -> Iterator[SheetFinding]:
    if not measure.is_cumulative:
        return
    periods = [period for period in measure.periods if measure.figure(period) is not None and period.length < 12]
    for place, period in enumerate(periods[1:], 1):
        before, after = periods[place - 1], periods[place + 1] if place + 1 < len(periods) else None
        now, earlier = measure.figure(period), measure.figure(before)
        if now is None or earlier is None or period.year != before.year or now >= earlier:
            continue
        later = measure.figure(after) if after and after.year == period.year else None
        # Where the next figure goes on from the one before, this one is wrong, else the one before.
        entry = measure.values[period] if later is None or later >= earlier else measure.values[before]
        yield finding(
            measure, entry, "total to date falls", "",
            f"A total to date can’t fall within a year: {said(earlier)} in {before.words}, then {said(now)}",
        )  # fmt: skip


def _years(measure: Measure) -> Iterator[SheetFinding]:
    """Whole years that are not the sum of their periods, or not the last total to date."""
    if not measure.values:
        return
    for period, outturn in measure.outturns.items():
        own = {
            one: value
            for one in measure.periods
            if one.year == period.year and (value := measure.figure(one)) is not None
        }
        figures = list(own.values())
        if outturn.value is None or len(figures) != period.length // max(measure.values).length:
            continue
        if measure.is_cumulative:
            right, how = figures[-1], f"the total to date of {max(own).words}"
        elif is_summed(measure):
            right, how = sum(figures, Fraction(0)), f"the sum of its {counted(len(figures), 'period')}"
        else:
            continue
        if outturn.figure.could_be(right):
            continue
        left_out = [one for one, figure in own.items() if outturn.figure.could_be(right - figure)]
        why = f", which leaves {left_out[0].words} out" if left_out and not measure.is_cumulative else ""
        yield finding(
            measure, outturn, "year doesn’t add up", like(right, outturn),
            f"{period.words} would be {like(right, outturn)}, {how}; the sheet has {outturn.text}{why}",
        )  # fmt: skip


def _totals(worked: Worked) -> Iterator[SheetFinding]:
    """Totals of a quarter or of the year so far that don't add up, where most of their column do."""
    columns: dict[str, list[tuple[Measure, Entry, list[SheetPeriod]]]] = {}
    for measure in worked.measures:
        for entry in measure.printed:
            if entry.role is ColumnRole.TOTAL and entry.value is not None and (now := worked.now(measure, entry)):
                named = period_in(entry.heading)
                is_of_several = named is not None and named.length > now.length
                last, months = (named.month, named.length) if named and is_of_several else (now.month, 12)
                periods = [SheetPeriod(last, now.length).before(steps) for steps in range(months // now.length)]
                year = [one for one in periods if is_of_several or one.year == now.year]
                if len(measure.known(year)) == len(year) > 1:
                    columns.setdefault(entry.heading, []).append((measure, entry, year))
    for rows in columns.values():
        sums = [sum(measure.known(periods), Fraction(0)) for measure, _, periods in rows]
        wrong = [
            (row, right) for row, right in zip(rows, sums, strict=True)
            if not row[1].figure.could_be(right, _half_units(row[0], row[2]))
        ]  # fmt: skip
        for (measure, entry, periods), right in wrong if len(rows) > 3 and len(wrong) * 3 <= len(rows) else ():
            left_out = next((one for one in periods if entry.figure.could_be(right - (measure.figure(one) or 0))), None)
            yield finding(
                measure, entry, "total doesn’t add up", like(right, entry),
                f"{periods[-1].words} to {periods[0].words} add up to {like(right, entry)}; the sheet has {entry.text}"
                + (f", which leaves {left_out.words} out" if left_out else ""),
            )  # fmt: skip


def _half_units(measure: Measure, periods: Sequence[SheetPeriod]) -> Fraction:
    """By how much the sum of the figures may be rounded."""
    return sum((measure.values[one].figure.half_unit for one in periods), Fraction(0))


_STOCK = re.compile(
    r"\b(?:at (?:the )?(?:\w+ )?end|at month|snapshot|as at|open|current(?:ly)?|caseload|in care|"
    r"looked after|subject to|on roll|total number)\b",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\b(?:start(?:ing|ed|s)?|new|open(?:ed|ing)|admi(?:tted|ssions)|began|begin|joined|joiners|received|enter(?:ed|ing)|becoming|became)\b",
    re.IGNORECASE,
)
_OUT = re.compile(
    r"\b(?:ceas(?:ed|ing)|end(?:ed|ing)|clos(?:ed|ing|ures)|left|leavers|leaving|discharg(?:ed|es)|exit(?:ed|s)?|completed)\b",
    re.IGNORECASE,
)


def _stocks(measures: Sequence[Measure]) -> Iterator[SheetFinding]:
    """Stocks that don't go on from the one before with what came in and went out, where nearly all others do."""
    for stock in measures:
        if stock.is_percentage or not _STOCK.search(stock.title):
            continue
        near = [one for one in measures if one is not stock and one.section == stock.section and not one.is_percentage]
        for inflow in (one for one in near if _IN.search(one.title)):
            for outflow in (one for one in near if one is not inflow and _OUT.search(one.title)):
                left = _left_over(stock, inflow, outflow)
                exact = sum(not one for one in left.values())
                if len(left) < 5 or exact * 3 < len(left) * 2:
                    continue
                yield from _breaks(stock, inflow, outflow, left)


def _left_over(stock: Measure, inflow: Measure, outflow: Measure) -> dict[SheetPeriod, Fraction]:
    """By how much each figure differs from the one before with its flows."""
    found = {}
    for period in stock.periods:
        parts = [stock.figure(period), stock.figure(period.before()), inflow.figure(period), outflow.figure(period)]
        known = [part for part in parts if part is not None]
        if len(known) == len(parts):
            found[period] = known[0] - known[1] - known[2] + known[3]
    return found


def _breaks(
    stock: Measure, inflow: Measure, outflow: Measure, left: dict[SheetPeriod, Fraction]
) -> Iterator[SheetFinding]:
    told: set[SheetPeriod] = set()
    for period, over in left.items():
        if not over or period in told:
            continue
        after = SheetPeriod(*next(((one.month, one.length) for one in left if one.before() == period), period))
        if left.get(after) == -over:
            told.add(after)
        entry = stock.values[period]
        value = entry.value or Fraction(0)
        yield finding(
            stock, entry, "total does not roll forward", like(value - over, entry),
            f"{said(value - over)} would follow from {period.before().words} with {inflow.name} added and "
            f"{outflow.name} taken off; the sheet has {entry.text}",
        )  # fmt: skip


# Rows that follow from others without a formula


def _stem(measure: Measure) -> str:
    return re.sub(r"(?:[-\s]*(?:\((?:val|%|no|n|num|rate)\)|ni|ql|pi|%|rate))+\Z", "", measure.reference.lower()).strip(
        " -"
    )


def note_exact_figures(worked: Worked) -> None:
    """Notes what rounded rows are exactly: shares of two other rows, and rates whose population is the same each month.

    Nothing is found wrong here, but changes may be, once they are worked out from these.
    """
    by_stem: dict[str, list[Measure]] = {}
    for measure in worked.measures:
        if measure.reference:
            by_stem.setdefault(_stem(measure), []).append(measure)
    for measure in worked.measures:
        family = [one for one in by_stem.get(_stem(measure), []) if one is not measure and not one.is_percentage]
        if not measure.reference or measure.run is not Run.ACROSS:
            continue
        if measure.is_percentage:
            _note_share(worked, measure, family)
        elif measure.unit.startswith("per "):
            _note_rate(worked, measure, family)


def _note_share(worked: Worked, measure: Measure, family: Sequence[Measure]) -> None:
    for top in family:
        for bottom in worked.measures:
            if bottom in (top, measure) or bottom.is_percentage:
                continue
            shares = {
                period: above / below * 100
                for period in measure.periods
                if (above := top.figure(period)) is not None
                and (below := bottom.figure(period))
                and measure.figure(period) is not None
            }
            if len(shares) >= 4 and all(measure.values[one].figure.could_be(share) for one, share in shares.items()):
                worked.exact.update({(id(measure), period): share for period, share in shares.items()})
                return


def _note_rate(worked: Worked, measure: Measure, family: Sequence[Measure]) -> None:
    for count in family:
        factors = [
            (
                Fraction(entry.value - entry.figure.half_unit) / number,
                Fraction(entry.value + entry.figure.half_unit) / number,
            )
            for period, entry in measure.values.items()
            if entry.value is not None and (number := count.figure(period))
        ]
        if len(factors) < 4:
            continue
        low, high = max(one for one, _ in factors), min(one for _, one in factors)
        # Also where single rates don't follow: the population stays within a year, and the rate moves as the count.
        if low <= high * Fraction(5, 4):
            factor = (low + high) / 2
            worked.exact.update(
                {
                    (id(measure), period): number * factor
                    for period in measure.periods
                    if (number := count.figure(period)) is not None
                }
            )
            return


# Records of a long table, and what stands above tables


def _records(measure: Measure) -> Iterator[SheetFinding]:
    """Titles spelt another way than in most records of the measure, and periods that have two records."""
    spelt = Counter(entry.text for entry in measure.titles)
    usual, count = spelt.most_common(1)[0] if spelt else ("", 0)
    for entry in measure.titles:
        if measure.reference and entry.text != usual and spelt[entry.text] < count:
            why = f"All other records of {measure.name} say “{usual}”"
            yield finding(measure, entry, "title spelt another way", usual, why)
    for again in measure.repeated:
        first = measure.values.get(again.period) if again.period else None
        if first and again.period:
            both = f"{first.text or 'nothing'} and {again.text or 'nothing'}"
            why = f"{measure.name} has {again.period.words} twice: {both}"
            yield finding(measure, again, "the same period twice", "one of the two", why)
    yield from _targets(measure)


def _targets(measure: Measure) -> Iterator[SheetFinding]:
    """Targets that differ within a year from all others of the measure."""
    by_year: dict[str, list[Entry]] = {}
    for target in measure.targets:
        if target.period and target.value is not None:
            by_year.setdefault(target.period.year, []).append(target)
    for year, targets in by_year.items():
        used = Counter(entry.value for entry in targets)
        usual = used.most_common(1)[0][0]
        sample = next(entry for entry in targets if entry.value == usual)
        is_told = len(used) == 2 and (len(targets) > 2 or measure.run is Run.LONG)
        for entry in targets if is_told else ():
            if entry.value != usual and used[entry.value] == 1:
                why = f"The target of {year} is {sample.text} elsewhere; here it is {entry.text}"
                yield finding(measure, entry, "target differs between periods", sample.text, why)


def check_target_years(tables: Sequence[Table]) -> Iterator[SheetFinding]:
    """Tables whose targets all are of years before that of their latest figures."""
    for table in tables:
        targets = [column for column in table.of(ColumnRole.TARGET) if column.period and column.period.length == 12]
        figures = [column.period for column in table.of(ColumnRole.FIGURES) if column.period]
        if not targets or not figures:
            continue
        latest, last = max(figures), max(targets, key=lambda column: column.period or latest)
        if last.period and last.period.month < latest.month and last.period.year != latest.year:
            row = table.heading_rows[-1]
            heading = " ".join(last.heading.split())
            place = (
                f"record {row}, column {heading}" if table.sheet.is_text_file else table.sheet.place(row, last.index)
            )
            yield SheetFinding(
                place, "", "targets of earlier years", heading, f"a target for {latest.year}",
                f"The targets stop at {last.period.words}, and the figures are of {latest.words}",
                row, last.index, table.sheet.name,
            )  # fmt: skip


def check_titles(tables: Sequence[Table]) -> Iterator[SheetFinding]:
    """Sheets whose title names another period than their name, or than the titles of all other sheets."""
    named = []
    for table in tables:
        for cell in table.above:
            period = period_in(cell.text)
            if period and len(cell.text) < 60 and not peer_in(cell.text):
                named.append((table, cell, period))
                break
    if len(named) < 3:
        return
    usual, count = Counter(period for _, _, period in named).most_common(1)[0]
    own = [table.period for table, _, _ in named if table.run is Run.SNAPSHOT and table.period]
    if (
        len(own) == len(named)
        and sum(one == period for one, (_, _, period) in zip(own, named, strict=True)) * 3 >= len(named) * 2
    ):
        wrong = [
            (table, cell, one, f"The sheet is called {table.sheet.name}")
            for one, (table, cell, period) in zip(own, named, strict=True)
            if one != period
        ]
    elif count * 3 >= len(named) * 2 and len({table.sheet.name for table, _, _ in named}) == len(named):
        wrong = [
            (table, cell, usual, f"All other sheets say {usual.words}")
            for table, cell, period in named
            if period != usual
        ]
    else:
        wrong = []
    for table, cell, right, why in wrong:
        yield SheetFinding(
            table.sheet.place(cell.row, cell.column), "", "title of another period", cell.text,
            right.words, why, cell.row, cell.column, table.sheet.name,
        )  # fmt: skip
