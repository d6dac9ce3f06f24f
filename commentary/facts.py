"""Fact sentences: what a month's figures say by themselves, written from the row. Pure, like the calculations.

First come figure, changes, average, variation and extremes; then comparators; then the target. The wording of single
figures and periods further down is also the checker's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from indicators.calculations.change import Break, change
from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.formatting import format_change, format_number
from indicators.calculations.months import months_between
from indicators.calculations.row import Row
from indicators.calculations.signal import Signal
from indicators.calculations.spc import Chart, Variation
from indicators.calculations.units import per_text
from indicators.calculations.vocabulary import (
    Blank,
    Frequency,
    Movement,
    Polarity,
    Rating,
    Stage,
    Unit,
)

# Below this a percentage says more than the numbers do, so the numbers are given.
SMALL_COUNT = 20
PERIODS_LOOKED_BACK = {
    Frequency.MONTHLY: 6,
    Frequency.QUARTERLY: 4,
    Frequency.TERMLY: 3,
    Frequency.HALF_YEARLY: 4,
    Frequency.YEARLY: 5,
}
NUMBERS = {3: "three", 4: "four", 5: "five", 6: "six"}

# A bare month name further back than this could be taken for the same month of another year.
MONTHS_NAMED_WITHOUT_YEAR = 11

_BLANK_WORDS = {
    Blank.NOT_DUE: "not yet due",
    Blank.AWAITED: "awaited",
    Blank.NOT_APPLICABLE: "not applicable, because there was nothing to measure",
    Blank.NOT_AVAILABLE: "not available",
    Blank.SUPPRESSED: "suppressed, because it is confidential",
}
_SIDES = {Movement.UP: "above", Movement.LEVEL: "level with", Movement.DOWN: "below"}


def fact_sentences(row: Row) -> tuple[str, ...]:
    """What the figures say about the row's month, each a full sentence; always at least one."""
    now, when = row.current_figure, period(row, row.current_month)
    if now.value is None:
        sentences = [f"No figure for {when}: {_BLANK_WORDS[now.blank or Blank.NOT_AVAILABLE]}."]
        known = [(month, value) for month in _months_before(row) if (value := row.value(month)) is not None]
        if known:
            month, value = known[-1]
            sentences.append(f"The latest is {said_value(row, value)} in {period(row, month)}.")
        return tuple(sentences)
    value = now.value
    figure = said_current(row)
    firmness = "" if now.stage is Stage.FINAL else f" ({now.stage.label.lower()})"
    opening = f"{figure[0].upper()}{figure[1:]} in {when}{firmness}, {_changes(row, value)}"
    clauses = [opening, _average(row, value), _variation(row.signal), _extreme(row, value)]
    main = "; ".join(filter(None, clauses)) + "."
    return tuple(filter(None, (main, _comparators(row, value), _target(row))))


def _months_before(row: Row) -> list[date]:
    """The months before that of the row's figure, as far as it has figures of them."""
    return [*(one.month for one in row.earlier), *row.months[: row.current]]


def _changes(row: Row, value: Exact) -> str:
    """How the figure stands against last month's and last year's; not where it is counted otherwise than these."""
    compared: list[str] = []
    apart: list[str] = []
    breaks: tuple[Break, ...] = ()
    times = {row.year_before: ("a year before", "")} | {row.previous_month: (period(row, row.previous_month), "in ")}
    for month, (name, within) in sorted(times.items(), reverse=True):
        before = row.value(month)
        if before is None:
            continue
        if since := row.breaks_since(month):
            apart.append(name)
            breaks = breaks or since
        else:
            compared.append(_change(row, value, before, name, within=within))
    found = [" and ".join(compared)] if compared else []
    if breaks:
        found.append(f"counted differently since {breaks[-1].month:%B %Y}, so not compared with {' or '.join(apart)}")
    if found:
        return "; ".join(found)
    if any(row.value(month) is not None for month in _months_before(row)):
        earlier = " or ".join([period(row, row.previous_month), *["a year before"][: len(times) - 1]])
        return f"with no figure for {earlier} to compare it with"
    return "the first figure, so there is nothing to compare it with"


def _change(row: Row, value: Exact, earlier: Exact, when: str, within: str = "") -> str:
    """How the figure stands against an earlier one.

    Percentages in percentage points, lengths of time and scores by how much more or less they are, and so whatever can
    be negative; counts, rates and money in per cent, but in numbers where a count was small; from or to 0 only as up or
    down.
    """
    found = change(value, earlier, Polarity.NEUTRAL, is_signed=row.measure.allows_negative)
    was = f"{said_value(row, earlier)} {within}{when}"
    if found.movement is Movement.LEVEL:
        level = same_on_display(row, value, earlier)
        return f"level with {when}" if level else f"little changed from {was}"
    up = found.movement is Movement.UP
    if row.measure.tells_differences:
        return f"{'up' if up else 'down'} {row.measure.difference_text(value, earlier)} from {was}"
    if found.relative is None or not value:
        return f"{'up' if up else 'down'} from {was}"
    if row.measure.unit is Unit.COUNT:
        apart = bare_value(row, magnitude(displayed(row, value) - displayed(row, earlier)))
        size = apart if earlier < SMALL_COUNT else said_percent(found.relative)
        return f"{size} {'more' if up else 'fewer'} than {within}{when}"
    return f"{said_percent(found.relative)} {'higher' if up else 'lower'} than {within}{when}"


def _average(row: Row, value: Exact) -> str:
    """How the figure stands against its 12-month average; nothing where that rests on it alone, or is of figures
    that are counted in two ways.
    """
    mean, months = row.summary.mean, row.summary.months
    if mean is None or months < 2 or row.summary_breaks:
        return ""
    own = row.measure.periods
    rests_on = f" ({months} of {own.in_a_year} {own.nouns})" if months < own.in_a_year else ""
    return f"{_beside_average(row, value, mean)}{rests_on}"


def _beside_average(row: Row, value: Exact, mean: Exact) -> str:
    found = change(value, mean, Polarity.NEUTRAL, is_signed=row.measure.allows_negative)
    if same_on_display(row, value, mean):
        return f"{'level with' if found.movement is Movement.LEVEL else 'close to'} the 12-month average"
    of_mean = f"the 12-month average of {bare_value(row, mean)}"
    if found.movement is None or found.movement is Movement.LEVEL:
        return f"close to {of_mean}"
    side = _SIDES[found.movement]
    if row.measure.tells_differences:
        return f"{row.measure.difference_text(value, mean)} {side} {of_mean}"
    if found.relative is None:
        return f"close to {of_mean}"
    if row.measure.unit is Unit.COUNT and mean < SMALL_COUNT:
        return f"{side} {of_mean}"
    return f"{said_percent(found.relative)} {side} the 12-month average"


def _variation(signal: Signal) -> str:
    """What the signal says; nothing where there is none, or where its limits still move.

    A chart of the gaps between rare cases says nothing of how high the figure is.
    """
    if signal.move:
        return f"far {'higher' if signal.move.variation.is_high else 'lower'} than before, though no chart can judge it"
    if signal.variation is None or signal.trial or signal.chart is Chart.G:
        return ""
    season = " for the time of the year" if signal.is_seasonal else ""
    if signal.variation is Variation.COMMON_CAUSE:
        return f"within usual variation{season}"
    return f"{'higher' if signal.variation.is_high else 'lower'} than usual variation{season} explains"


def _extreme(row: Row, value: Exact) -> str:
    """The highest of the last six months, four quarters …, or that the current figure is highest or lowest."""
    periods, count = row.measure.periods, PERIODS_LOOKED_BACK[row.measure.frequency]
    before = [periods.previous(row.current_month, back) for back in range(count - 1, 0, -1)]
    known = [(month, earlier) for month in before if (earlier := row.value(month)) is not None]
    if len(known) < 2 or row.breaks_since(known[0][0]):
        return ""
    span = f"of the last {NUMBERS[count]} {periods.nouns}"
    texts = {row.measure.text(earlier) for _, earlier in known}
    if row.measure.text(value) not in texts:
        # Little changed from one of them, it is no news that it is a trifle beyond it.
        ends = max(earlier for _, earlier in known), min(earlier for _, earlier in known)
        is_level = [change(value, end, Polarity.NEUTRAL).movement is Movement.LEVEL for end in ends]
        if value > ends[0] and not is_level[0]:
            return f"the highest {span}"
        if value < ends[1] and not is_level[1]:
            return f"the lowest {span}"
    top = max(earlier for _, earlier in known)
    if same_on_display(row, top, value):
        return ""
    months = [month for month, earlier in known if same_on_display(row, earlier, top)]
    named = listed([period(row, month) for month in months])
    return f"highest {span} was {said_value(row, top)} in {named}"


def _comparators(row: Row, value: Exact) -> str:
    """On which side of each comparator the figure is; those that can't be compared are left out.

    A text that stays says of which year one is that is out of date, or that its year isn't known.
    """
    sides: dict[str, list[str]] = {}
    for one in row.comparators:
        if one is not None and one.value is not None and one.comparison.movement is not None:
            movement = one.comparison.movement
            is_level = same_on_display(row, value, one.value)
            side = _SIDES[movement] if is_level == (movement is Movement.LEVEL) else "close to"
            beware = f", {one.year_text}" if one.is_stale or one.year is None else ""
            sides.setdefault(side, []).append(f"{one.group.said} ({bare_value(row, one.value)}{beware})")
    parts = [f"{side} {listed(names)}" for side, names in sides.items()]
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _target(row: Row) -> str:
    aim = row.aim_text
    if not aim and row.rating is Rating.TARGET_UNKNOWN and row.target and row.target.meaning:
        return f"{row.target.meaning.because.capitalize()}."
    if not aim:
        return ""
    if row.is_judged_to_date:
        aim = f"{aim}, with {row.judged_text}"
    if row.rating is Rating.GREEN:
        return f"On target, which is {aim}."
    if row.rating is Rating.AMBER:
        return f"Misses the target of {aim}, but within tolerance."
    return f"Misses the target of {aim}." if row.rating is Rating.RED else ""


# Wording


def said_value(row: Row, value: Exact) -> str:
    """A value in a sentence: "1,464", "none" for a count of 0, "36%", "53 per 10,000", "less than 0.5%"."""
    return row.measure.said(value)


def said_current(row: Row) -> str:
    """The row's own figure in a sentence, with the decimals that show why it is rated as it is."""
    value = row.current_figure.value
    if not value:
        return said_value(row, value or 0)
    measure = row.measure
    return measure.worded(row.current_text, value) + per_text(measure.unit, measure.rate_base)


def bare_value(row: Row, value: Exact) -> str:
    """A value as the report displays it, but with words where the report has [low] or [high]."""
    return row.measure.worded(row.measure.text(value), value)


def displayed(row: Row, value: Exact) -> Fraction:
    """The value rounded as it is displayed, in its unit."""
    return Fraction(format_number(value, row.measure.decimal_places).replace(",", ""))


def same_on_display(row: Row, one: Exact, other: Exact) -> bool:
    """Whether a reader of the report sees no difference."""
    return row.measure.text(one) == row.measure.text(other)


def said_percent(relative: Exact) -> str:
    """The size of a relative change: "3%"."""
    return format_change(magnitude(relative))


def period(row: Row, month: date) -> str:
    """A period's name: "January", "quarter 3 (October to December)", with its year if it needs one; "2019-20"."""
    periods, is_far = row.measure.periods, months_between(month, row.months[-1]) > MONTHS_NAMED_WITHOUT_YEAR
    found = periods.of(month)
    if found.first == found.final:
        return f"{month:%B}{f' {month.year}' if is_far else ''}"
    if row.measure.frequency is not Frequency.QUARTERLY:
        return found.said
    months = found.months_text if is_far else f"{found.first:%B} to {found.final:%B}"
    return f"quarter {periods.place_in_year(month)} ({months})"


def listed(items: Sequence[str]) -> str:
    """The items with commas and a last "and"."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
