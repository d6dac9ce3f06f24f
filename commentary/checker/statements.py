"""What a text can say of a row, each held against the facts of the row in every way that it can be meant.

Each function tells what contradicts one kind of statement: a kind of finding and the fact, or None where one reading
holds or nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple, TypeVar

from commentary.facts import displayed, said_value, same_on_display
from indicators.calculations.averages import summarise
from indicators.calculations.change import LEVEL_BELOW_ONE_IN
from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.rating import Aim
from indicators.calculations.row import Row
from indicators.calculations.vocabulary import Blank, OnBasis, Polarity, Unit

from .findings import FindingKind, said_apart, said_change, said_month
from .items import Head, Reference
from .numbers import Amount, AmountUnit, Bound
from .periods import Period, Window, years
from .words import Beside

Against = tuple[FindingKind, str] | None
Span = tuple[date, date]
Reading = TypeVar("Reading")
# What "about" allows, and "nearly" and "just over" on their side; what "much the same" and "level with" allow.
ROUGHLY, NEARLY, MUCH_THE_SAME, THE_SAME = Fraction(1, 10), Fraction(15, 100), Fraction(1, 5), Fraction(1, 10)
# By so much a multiple may miss: 1.75 to 2.5 times are called "double", 0.4 to 0.6 "half".
MULTIPLE, PART = (Fraction(7, 8), Fraction(5, 4)), (Fraction(4, 5), Fraction(6, 5))
# Up to so many "one in ten" is a way to speak; a comparator of unknown basis must not be more than so many times away.
FEW, FURTHEST_UNKNOWN = 12, 3
_NAMES = {
    Beside.AVERAGE: "the 12-month average",
    Beside.MAXIMUM: "the 12-month maximum",
}


class Other(NamedTuple):
    """A figure of the row that its own can be set beside, with its name, and what must be known of it."""

    name: str
    value: Exact
    caveat: str = ""


class Facts:
    """The table of facts of a row that statements are held against."""

    def __init__(self, row: Row) -> None:
        self.row, self.now = row, row.current_month

    def known(self, months: Sequence[date]) -> list[tuple[date, Exact]]:
        """The months that have figures, with them, in their order."""
        return [(month, value) for month in months if (value := self.row.value(month)) is not None]

    def is_near(self, amount: Amount, times: int) -> bool:
        """Whether the number is not so many times away from every figure of the row."""
        known, size = [magnitude(value) for _, value in self.known(self.row.months)], magnitude(amount.value)
        if not size or (amount.whole is not None and self.row.measure.unit is Unit.PERCENTAGE):
            return True
        return bool(known) and min(known) <= size * times and size <= max(known) * times

    def steps_back(self, count: int) -> Window:
        """The current month, quarter, term … and as many before it, oldest first."""
        periods = self.row.measure.periods
        return tuple(periods.previous(self.now, back) for back in range(count, -1, -1))

    def totals(self) -> list[Exact]:
        """The running totals of this year and the last, as far as they are known."""
        found = self.row.totals
        cells = (found.to_date, found.before, found.last_year, found.whole_last_year) if found else ()
        return [one.value for one in cells if one.value is not None]

    def others(self, reference: Reference, *, quoted: bool = False) -> list[Other]:
        """Every figure that a reference can stand for; none where the row has none that can be compared.

        Comparators not on the row's basis are never compared, those of an unknown basis only where they could be on it;
        quoted can be whatever is printed.
        """
        beside, own, summary = reference.beside, self.row.current_figure.value, self.row.summary
        if beside is Beside.TARGET:
            return self._targets(reference.year)
        if beside is not Beside.GROUP:
            windows = [self.known(window) for window in years(self.row)] if quoted else []
            means = [summary.mean, *(summarise([value for _, value in known]).mean for known in windows)]
            values = [summary.maximum] if beside is Beside.MAXIMUM else means
            return [Other(_NAMES[beside], value) for value in values if value is not None]
        found = []
        for one in self.row.comparators:
            if one is None or one.value is None or reference.group not in {"", one.group.code, one.group.kind.value}:
                continue
            could_be = own and max(own, one.value) <= FURTHEST_UNKNOWN * min(own, one.value)
            is_known = one.on_basis is OnBasis.YES
            if quoted or is_known or (could_be and one.on_basis is not OnBasis.NO):
                found.append(Other(one.group.said, one.value, "" if is_known else ", basis not stated"))
        return found

    def aims(self, year: int | None) -> list[tuple[str, Aim]]:
        """What the row is to reach, by name: the target it is rated by, that of the year, or else all that it has."""
        rated, measure = self.row.target, self.row.measure
        if year is None and rated is not None:
            aims = [("the target", rated.aim(measure.polarity))]
        else:
            cells = [one for one in (*self.row.targets, rated) if one and year in {None, one.year}]
            named = [(f"the target for {measure.year_text(one.year)}", one) for one in cells]
            aims = [(name, one.terms.fixed_aim(measure.polarity)) for name, one in named]
        return [(name, aim) for name, aim in aims if aim]

    def _targets(self, year: int | None) -> list[Other]:
        """What a text can mean by a target: its figure or, of a range, the end that the row's figure lies beyond.

        Within a range it is neither above nor below, so a text that says so isn't held against either end. Where the
        year's total is beside the target, the text may mean the period's figure.
        """
        value, found = self.row.current_figure.value, []
        for name, aim in self.aims(year) if not self.row.is_judged_to_date else ():
            low, high = aim.ends[0], aim.ends[-1]
            if len(aim.ends) == 1:
                found.append(Other(name, low))
            elif value is not None and aim.distance(value):
                is_above = value > high
                end = f"the {'upper' if is_above else 'lower'} end of {name}"
                found.append(Other(end, high if is_above else low))
        return found


# How exact a number must be


def is_figure(amount: Amount, value: Exact, row: Row) -> bool:
    """Whether the number is this figure: rounded as the text or as the report rounds it, or within its bound."""
    shown = displayed(row, value)
    if amount.whole is not None:
        return _is_part(amount, value, row)
    if amount.high is not None:
        return min(shown, value) <= amount.high and max(shown, value) >= amount.value
    if row.measure.allows_negative and value < 0 <= amount.value:
        # "£12k under budget" says the sign in words.
        shown, value = -shown, -value
    if amount.bound is Bound.EXACT:
        return amount.value == shown or magnitude(amount.value - value) * 2 <= amount.step
    as_rounded = replace(amount, step=Fraction(amount.step) / 2)
    return is_within(as_rounded, value) or is_within(as_rounded, shown)


def _is_part(amount: Amount, value: Exact, row: Row) -> bool:
    """Whether "42 of the 56" fits: of a count one of the two is it, of a percentage their quotient."""
    whole = amount.whole or 1
    if row.measure.unit is not Unit.PERCENTAGE:
        return value in {amount.value, whole}
    # "Four out of five" is a way to speak, 42 of the 56 a count.
    allowed = Fraction(50, whole) if whole <= FEW else Fraction(1)
    return magnitude(Fraction(100 * amount.value) / whole - value) < allowed


def is_within(amount: Amount, size: Exact) -> bool:
    """Whether a size is within what the number allows; a bound's last digit counts as rounded."""
    value, room = amount.value, max(magnitude(amount.value) * ROUGHLY, amount.step)
    slack = amount.step if amount.step <= 1 else 0
    low, high = {
        Bound.AT_LEAST: (value - slack, size),
        Bound.AT_MOST: (size, value + slack),
        Bound.NEARLY: (value * (1 - NEARLY), value),
        Bound.JUST_OVER: (value, value * (1 + NEARLY)),
    }.get(amount.bound, (value - room, value + room))
    if value < 0 and amount.bound not in {Bound.AT_LEAST, Bound.AT_MOST}:
        low, high = sorted((low, high))
    return low <= size <= high


def is_difference(size: Amount, before: Exact, after: Exact, row: Row) -> bool:
    """Whether the number is the difference between two figures, in any way that it can be meant.

    A plain number is the difference of counts or rates. Per cent is the relative change, rounded up or down; of
    percentages it can also be points, exact or between the figures as displayed. What can't be compared agrees: points
    of anything else, a plain number beside percentages, a relative change from 0.
    """
    apart = [after - before, displayed(row, after) - displayed(row, before)]
    if size.unit is AmountUnit.NUMBER:
        if row.measure.unit is Unit.PERCENTAGE:
            return True
        if row.measure.unit is Unit.COUNT and size.bound is Bound.EXACT:
            return size.value in {magnitude(one) for one in apart}
        return any(_is_rounded(size, one) for one in apart)
    relative = [Fraction(after - before) / before * 100] if before and not row.measure.allows_negative else []
    if row.measure.unit is Unit.PERCENTAGE and not size.is_relative:
        meant = apart if size.unit is AmountUnit.POINTS else [*apart, *relative]
        return any(_is_rounded(size, one) for one in meant)
    return size.unit is AmountUnit.POINTS or not relative or _is_rounded(size, relative[0])


def _is_rounded(amount: Amount, exact_size: Exact) -> bool:
    """Whether the number is this size, rounded up or down to its last digit."""
    size = magnitude(exact_size)
    if amount.bound is not Bound.EXACT:
        return is_within(amount, size)
    return magnitude(amount.value - size) < amount.step


def is_multiple(times: Fraction, bound: Bound, before: Exact, after: Exact) -> bool:
    """Whether the later figure is so many times the earlier one, in round words."""
    if before <= 0 or after < 0:
        return True
    ratio = Fraction(after) / before / times
    low, high = MULTIPLE if times >= 1 else PART
    limits: dict[Bound, tuple[Exact, Exact]] = {Bound.AT_LEAST: (1, ratio), Bound.AT_MOST: (ratio, 1)}
    if times >= 1:
        limits |= {Bound.JUST_OVER: (1, high), Bound.NEARLY: (Fraction(4, 5), 1)}
    least, most = limits.get(bound, (low, high))
    return least <= ratio <= most


# The statements


def refuted(readings: Iterable[Reading], holds: Callable[[Reading], bool]) -> Reading | None:
    """The first of the readings, if there is one and none of them holds."""
    several = [*readings]
    return None if not several or any(map(holds, several)) else several[0]


def level(facts: Facts, amount: Amount, months: Sequence[date], when: Period | None = None) -> Against:
    """That the figure of one of the months is the number. With a year a month to come can't be known."""
    row = facts.row
    if months[0] > row.months[-1]:
        has_year = when is not None and when.has_full_year
        return (FindingKind.MONTH, f"the row ends with {row.months[-1]:%B %Y}") if has_year else None
    wrong = refuted(
        [one for one in months if one in row.months or row.value(one) is not None],
        lambda month: not _is_other(amount, month, row),
    )
    is_total = amount.bound is Bound.EXACT and any(is_figure(amount, value, row) for value in facts.totals())
    if wrong is None or is_total:
        return None
    # Often the figure is right and the month is wrong.
    others = [month for month, value in facts.known(row.months) if is_figure(amount, value, row)]
    of_another = f"; {said_month(row, others[-1])}" if others and when else ""
    return FindingKind.FIGURE, f"{said_month(row, wrong)}{of_another}"


def _is_other(amount: Amount, month: date, row: Row) -> bool:
    """Whether the row has another figure for the month, or says that there is none yet, or none to publish."""
    figure = row.figure(month)
    if figure.value is None:
        return figure.blank is not Blank.NOT_AVAILABLE
    if amount.whole is not None and row.measure.unit is Unit.PERCENTAGE and amount.value == figure.numerator:
        return False
    return not is_figure(amount, figure.value, row)


def quoted(facts: Facts, reference: Reference, amount: Amount) -> Against:
    """That what the figure is set beside is the number; a number that is the row's own figure is no quotation."""
    own, row = facts.row.current_figure.value, facts.row
    is_group = reference.beside is Beside.GROUP
    # "Average: 12.3 days" is the figure of an indicator that is an average itself.
    can_be_own = is_group or (reference.beside is Beside.AVERAGE and "average" in row.measure.title.lower())
    wrong = refuted(facts.others(reference, quoted=True), lambda other: is_figure(amount, other.value, row))
    if wrong is None or (can_be_own and own is not None and is_figure(amount, own, row)):
        return None
    verb = "is" if not is_group else "have" if wrong.name.endswith("s") else "has"
    return FindingKind.FIGURE, f"{wrong.name} {verb} {said_value(row, wrong.value)}"


def changed(
    facts: Facts, head: Head, spans: Sequence[Span], size: Amount | None = None, *, is_denied: bool = False
) -> Against:
    """That the figure moved one way, or not, from one month to another, perhaps by so much or to so many times.

    `spans` are the readings, the likeliest first; the others only count where the first has figures.
    """
    row = facts.row
    if spans[0][1] > row.months[-1]:
        return FindingKind.MONTH, f"the row ends with {row.months[-1]:%B %Y}"
    known = [span for span in spans if None not in {row.value(span[0]), row.value(span[1])}]
    if not known or known[0] != spans[0]:
        return None

    def kind_of(span: Span) -> FindingKind | None:
        before, after = (row.value(month) or 0 for month in span)
        if is_denied:
            same = same_on_display(row, before, after)
            return FindingKind.DIRECTION if not same and _goes(head, before, after, row) else None
        if head.times is not None:
            return None if is_multiple(head.times, head.bound, before, after) else FindingKind.CHANGE
        if not _goes(head, before, after, row):
            return FindingKind.DIRECTION
        return None if size is None or is_difference(size, before, after, row) else FindingKind.CHANGE

    wrong = refuted(known, lambda span: kind_of(span) is None)
    kind = kind_of(wrong) if wrong else None
    return (kind, said_change(row, *wrong)) if wrong and kind else None


def _goes(head: Head, before: Exact, after: Exact, row: Row) -> bool:
    """Whether it went that way; "the same" also where it is level, or looks so."""
    if head.sign and before < 0 and after < 0:
        # "The underspend grew": by how far they are below 0.
        return before != after
    if head.sign:
        return (after - before) * head.sign > 0
    size = magnitude(before)
    allowed = size * MUCH_THE_SAME if head.is_rough else Fraction(size, LEVEL_BELOW_ONE_IN)
    return magnitude(after - before) < allowed or same_on_display(row, before, after)


def total(facts: Facts, amount: Amount) -> Against:
    """That the year's total so far is the number, which can also be the figure itself, or last year's total."""
    row, totals = facts.row, facts.totals()
    own = row.totals.to_date.value if row.totals else None
    if own is None or not own <= magnitude(amount.value) * 2 <= own * 4:
        return None
    is_one = any(is_figure(amount, value, row) for value in (*totals, row.current_figure.value or 0))
    return None if is_one else (FindingKind.FIGURE, f"{said_value(row, own)} so far")


def met(facts: Facts, head: Head, reference: Reference, *, is_denied: bool) -> Against:
    """That the target is met (1) or missed (-1): the row's own whatever it asks, or that of a year named.

    A figure next to the target's edge can be called either.
    """
    row, value = facts.row, facts.row.judged_figure.value

    def holds(aim: Aim) -> bool:
        own = value or 0
        away = min(magnitude(own - end) for end in aim.ends)
        is_met = not aim.distance(own)
        level = away * LEVEL_BELOW_ONE_IN < magnitude(own) and not is_met
        return level or is_met is ((head.sign > 0) is not is_denied)

    is_judged = value is not None and row.measure.polarity is not Polarity.NEUTRAL
    wrong = refuted([aim for _, aim in facts.aims(reference.year)] if is_judged else [], holds)
    if wrong is None:
        return None
    own = row.judged_text if row.is_judged_to_date else said_month(row, facts.now)
    return FindingKind.COMPARISON, f"{own}, beside the target of {row.measure.aim_text(wrong)}"


# What holds in several months


def in_all(facts: Facts, windows: Sequence[Window], against: Callable[[date], Against]) -> Against:
    """That something holds in all the months of one of the windows that have figures."""
    known = [[month for month, _ in facts.known(window)] for window in windows]
    found = [next(filter(None, map(against, reversed(window))), None) for window in known]
    return found[0] if found and all(found) else None


def first(facts: Facts, since: date | None, between: Window, against: Callable[[date], Against]) -> Against:
    """That something holds for the first time since a month: in it or the one before, and in none of those between."""
    begun = facts.known([since, facts.row.measure.periods.previous(since)] if since else [])
    earlier = [month for month, _ in facts.known(between) if against(month) is None]
    if not earlier and begun and all(against(month) for month, _ in begun):
        earlier = [begun[0][0]]
    return (FindingKind.EXTREME, said_month(facts.row, earlier[-1])) if earlier else None


def holds(facts: Facts, amount: Amount, month: date) -> Against:
    """That the month's figure is within the number's bound or range."""
    return level(facts, amount, (month,))


def stepped(facts: Facts, head: Head, month: date) -> Against:
    """That the figure moved that way up to the month, from the one before."""
    return changed(facts, head, [(facts.row.measure.periods.previous(month), month)])


# What the figure is beside others


def compared(
    facts: Facts, head: Head, reference: Reference, size: Amount | None, *, is_denied: bool, of_average: bool
) -> Against:
    """That the figure, or the 12-month average, stands above or below the reference or with it; level goes with all."""
    row = facts.row
    own = row.summary.mean if of_average else row.current_figure.value
    if own is None:
        return None

    def holds(other: Other) -> bool:
        apart = own - other.value
        if not head.sign:
            allowed = magnitude(other.value) * (MUCH_THE_SAME if head.is_rough else THE_SAME)
            return is_denied or magnitude(apart) <= allowed or same_on_display(row, own, other.value)
        if head.times is not None:
            return is_denied or is_multiple(head.times, head.bound, other.value, own)
        if not apart or magnitude(apart) * LEVEL_BELOW_ONE_IN < magnitude(other.value) or max(own, other.value) < 0:
            return True
        if is_denied:
            return apart * head.sign < 0
        return apart * head.sign > 0 and (size is None or is_difference(size, other.value, own, row))

    others = facts.others(reference)
    if refuted(others, holds) is None:
        return None
    figure = f"the 12-month average is {said_value(row, own)}" if of_average else said_month(row, facts.now)
    return FindingKind.COMPARISON, "; ".join(_said_comparison(row, figure, own, other) for other in others)


def _said_comparison(row: Row, figure: str, own: Exact, other: Other) -> str:
    """A gap is only put into words where the other figure is known to be on the row's basis."""
    if other.caveat:
        return f"{figure}, beside {other.name} ({said_value(row, other.value)}{other.caveat})"
    apart = said_apart(row, other.value, own, "higher", "lower")
    return f"{figure}, which is {apart} than {other.name} ({said_value(row, other.value)})"


def extreme(facts: Facts, sign: int, months: Sequence[date], windows: Sequence[Window]) -> Against:
    """That one of the months is the highest (1) or lowest (-1) of one of the windows."""
    row = facts.row
    if row.measure.allows_negative and any(value < 0 for _, value in facts.known(row.months)):
        # "The highest underspend" is the lowest figure.
        return None

    def furthest(reading: tuple[date, Window]) -> date | None:
        month, window = reading
        own = row.value(month) or 0
        beyond = [(value * sign, one) for one, value in facts.known(window) if (value - own) * sign > 0]
        beyond = [one for one in beyond if not same_on_display(row, one[0] * sign, own)]
        return max(beyond)[1] if beyond else None

    known = [month for month, _ in facts.known(months)]
    readings = [(month, window) for window in windows for month in known]
    wrong = refuted(readings, lambda reading: furthest(reading) is None)
    other = furthest(wrong) if wrong else None
    return (FindingKind.EXTREME, f"{said_month(row, other)}, {said_month(row, known[0])}") if other else None
