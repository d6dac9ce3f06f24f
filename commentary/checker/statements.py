"""What a text can say of a row, each held against the facts of the row in every way that it can be meant.

Each kind of statement tells what contradicts it: a kind of finding and the fact, or None where one reading holds, or
where nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from commentary.facts import displayed, said_percent, said_points, said_value, same_on_display
from indicators.calculations.averages import summarise
from indicators.calculations.change import LEVEL_BELOW_ONE_IN, change
from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.formatting import format_number
from indicators.calculations.months import add_months, financial_year_text
from indicators.calculations.row import Row
from indicators.calculations.vocabulary import Blank, ComparatorGroup, OnBasis, Polarity, Unit

from .findings import FindingKind
from .items import Amount, AmountUnit, Bound, Reference
from .periods import Window, years
from .text import Mention
from .words import Beside

Against = tuple[FindingKind, str] | None
# What "about" allows, and "nearly" and "just over" on their side; what "much the same" and "level with" allow.
ROUGHLY, NEARLY, MUCH_THE_SAME, THE_SAME = Fraction(1, 10), Fraction(15, 100), Fraction(1, 5), Fraction(1, 10)
# By so much a multiple may miss: 1.75 to 2.5 times are called "double".
MULTIPLE_DOWN, MULTIPLE_UP = Fraction(7, 8), Fraction(5, 4)
# Up to so many "one in ten" is a way to speak.
FEW = 12
# A comparator whose basis isn't known is only taken for one when it is not further than so many times away.
FURTHEST_UNKNOWN = 3
_NAMES = {
    Beside.STATISTICAL_NEIGHBOURS: "statistical neighbours",
    Beside.ENGLAND: "England",
    Beside.REGION: "the region",
    Beside.AVERAGE: "the 12-month average",
    Beside.MAXIMUM: "the 12-month maximum",
    Beside.TARGET: "the target",
}


@dataclass(frozen=True, slots=True)
class Other:
    """A figure of the row that its own can be set beside, with its name. `is_close` where its basis is not known."""

    name: str
    value: Exact
    caveat: str = ""


class Facts:
    """The table of facts of a row that statements are held against."""

    def __init__(self, row: Row) -> None:
        self.row, self.now = row, row.current_month

    def value(self, month: date) -> Exact | None:
        return self.row.value(month)

    def known(self, months: Sequence[date]) -> list[tuple[date, Exact]]:
        """The months that have figures, with them, in their order."""
        return [(month, value) for month in months if (value := self.row.value(month)) is not None]

    def steps_back(self, count: int) -> list[date]:
        """The current month or quarter and as many before it, oldest first."""
        step = self.row.measure.frequency.months
        return [add_months(self.now, -step * back) for back in range(count, -1, -1)]

    def others(self, reference: Reference) -> list[Other]:
        """Every figure that a reference can stand for; none where the row has none that can be compared."""
        name = _NAMES.get(reference.beside, "")
        if reference.beside is Beside.AVERAGE:
            return [] if self.row.summary.mean is None else [Other(name, self.row.summary.mean)]
        if reference.beside is Beside.MAXIMUM:
            return [] if self.row.summary.maximum is None else [Other(name, self.row.summary.maximum)]
        if reference.beside is Beside.TARGET:
            return self._targets(reference.year)
        groups = set(ComparatorGroup)
        if reference.beside is not Beside.COMPARATORS:
            groups = {ComparatorGroup(reference.beside.value)}
        own = self.row.current_figure.value
        found = []
        for one in self.row.comparators:
            if one is None or one.group not in groups or one.value is None or one.on_basis is OnBasis.NO:
                continue
            unknown = one.on_basis is OnBasis.UNKNOWN
            if not unknown or (own and one.value and 1 <= FURTHEST_UNKNOWN * min(own / one.value, one.value / own)):
                found.append(Other(_NAMES[Beside(one.group.value)], one.value, ", basis not stated" if unknown else ""))
        return found

    def _targets(self, year: int | None) -> list[Other]:
        """The year's target; without a year the one that the row is rated by, else all that it has."""
        named = [
            Other(f"the target for {financial_year_text(cell.year)}", cell.terms.value)
            for cell in (*self.row.targets, self.row.target)
            if cell is not None and cell.terms.value is not None and year in {None, cell.year}
        ]
        if year is None and self.row.target is not None:
            goal = self.row.target.terms.value
            return [] if goal is None else [Other(_NAMES[Beside.TARGET], goal)]
        return named

    def printed(self, reference: Reference) -> list[Exact]:
        """The figures that a text can quote of a reference, whatever their basis."""
        if reference.beside is Beside.AVERAGE:
            means = [
                self.row.summary.mean,
                *(summarise([v for _, v in self.known(one)]).mean for one in years(self.row)),
            ]
            return [one for one in means if one is not None]
        found = [one.value for one in self.others(reference)]
        groups = [one for one in self.row.comparators if one is not None and one.group.value == reference.beside.value]
        return found or [one.value for one in groups if one.value is not None]


# How exact a number must be


def is_figure(amount: Amount, value: Exact, row: Row) -> bool:
    """Whether the number is this figure: rounded as the text or as the report rounds it, or within its bound."""
    shown = displayed(row, value)
    if amount.whole is not None:
        return _is_part(amount, value, row)
    if amount.high is not None:
        return min(shown, value) <= amount.high and max(shown, value) >= amount.value
    if amount.bound is Bound.EXACT:
        return amount.value == shown or magnitude(amount.value - value) * 2 <= amount.step
    return is_within(amount, value) or is_within(amount, shown)


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
    low = high = None
    if amount.bound is Bound.AT_LEAST:
        low = amount.value - _slack(amount)
    elif amount.bound is Bound.AT_MOST:
        high = amount.value + _slack(amount)
    elif amount.bound is Bound.NEARLY:
        low, high = amount.value * (1 - NEARLY), amount.value
    elif amount.bound is Bound.JUST_OVER:
        low, high = amount.value, amount.value * (1 + NEARLY)
    else:
        room = max(amount.value * ROUGHLY, amount.step)
        low, high = amount.value - room, amount.value + room
    return (low is None or size >= low) and (high is None or size <= high)


def _slack(amount: Amount) -> Exact:
    return amount.step if amount.step <= 1 else 0


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
    relative = [Fraction(after - before) / before * 100] if before else []
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
    if not before:
        return True
    is_times = Fraction(after) / before / times
    if bound is Bound.AT_LEAST:
        return is_times >= 1 if times >= 1 else is_times <= 1
    if bound is Bound.AT_MOST:
        return is_times <= 1
    if bound is Bound.NEARLY:
        return 1 - NEARLY <= is_times <= 1
    if bound is Bound.JUST_OVER:
        return 1 <= is_times <= MULTIPLE_UP
    return (
        MULTIPLE_DOWN <= is_times <= MULTIPLE_UP
        if times >= 1
        else 1 - NEARLY - ROUGHLY / 2 <= is_times <= 1 + NEARLY + ROUGHLY / 2
    )


# The statements


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that a text says, with the words that say it. `is_strict` asks for a clause about the row alone."""

    mentions: tuple[Mention, ...]

    def against(self, facts: Facts) -> Against:
        """What contradicts it."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Level(Statement):
    """That the figure of one of the months is the number."""

    amount: Amount
    months: tuple[date, ...]
    has_full_year: bool = False

    def against(self, facts: Facts) -> Against:
        row = facts.row
        if any(month > row.months[-1] for month in self.months):
            return (FindingKind.MONTH, _ends(row)) if self.has_full_year else None
        months = [month for month in self.months if month in row.months]
        if not months or not all(self._is_wrong(month, row) for month in months):
            return None
        said = said_month(row, months[0])
        # Often the figure is right and the month is wrong.
        agreeing = [other for other, value in facts.known(row.months) if is_figure(self.amount, value, row)]
        is_named = facts.now not in self.months and agreeing
        of_another = f"; {said_month(row, agreeing[-1])}" if is_named or (agreeing and self.has_period) else ""
        return FindingKind.FIGURE, f"{said}{of_another}"

    @property
    def has_period(self) -> bool:
        return len(self.mentions) > 1

    def _is_wrong(self, month: date, row: Row) -> bool:
        """Whether the row has another figure for the month, or says that there is none yet, or none to publish."""
        figure = row.figure(month)
        if figure.value is None:
            return figure.blank is not Blank.NOT_AVAILABLE
        if self.amount.whole is not None and figure.numerator is not None and row.measure.unit is Unit.PERCENTAGE:
            return self.amount.value != figure.numerator and not is_figure(self.amount, figure.value, row)
        return not is_figure(self.amount, figure.value, row)


@dataclass(frozen=True, slots=True)
class Quoted(Statement):
    """That what the figure is set beside is the number."""

    reference: Reference
    amount: Amount

    def against(self, facts: Facts) -> Against:
        values = facts.printed(self.reference)
        own = facts.row.current_figure.value
        if not values or any(is_figure(self.amount, one, facts.row) for one in values):
            return None
        if self.reference.beside is not Beside.AVERAGE and own is not None and is_figure(self.amount, own, facts.row):
            return None
        name = _NAMES.get(self.reference.beside, "the comparators")
        verb = "have" if name.endswith("s") else "has"
        if self.reference.beside in {Beside.AVERAGE, Beside.MAXIMUM, Beside.TARGET}:
            verb = "is"
        return FindingKind.FIGURE, f"{name} {verb} {said_value(facts.row, values[0])}"


@dataclass(frozen=True, slots=True)
class Change(Statement):
    """That the figure moved one way, or not, from one month to another, perhaps by so much or to so many times.

    `spans` are the readings, the likeliest first; the second ones only where the first has figures.
    """

    sign: int
    spans: tuple[tuple[date, date], ...]
    size: Amount | None = None
    times: Fraction | None = None
    bound: Bound = Bound.EXACT
    is_rough: bool = False
    is_denied: bool = False
    far_month: bool = False

    def against(self, facts: Facts) -> Against:
        row = facts.row
        if self.far_month:
            return FindingKind.MONTH, _ends(row)
        known = [span for span in self.spans if row.value(span[0]) is not None and row.value(span[1]) is not None]
        if not known or known[0] != self.spans[0]:
            return None
        kinds = [self._kind(row.value(before) or 0, row.value(after) or 0, row) for before, after in known]
        if kinds[0] is None or not all(kinds):
            return None
        return kinds[0], said_change(row, *known[0])

    def _kind(self, before: Exact, after: Exact, row: Row) -> FindingKind | None:
        if self.is_denied:
            went = after != before if self.sign == 0 else (after - before) * self.sign > 0
            return FindingKind.DIRECTION if went and not same_on_display(row, before, after) else None
        if self.times is not None:
            return None if is_multiple(self.times, self.bound, before, after) else FindingKind.CHANGE
        if not self._went(before, after, row):
            return FindingKind.DIRECTION
        return None if self.size is None or is_difference(self.size, before, after, row) else FindingKind.CHANGE

    def _went(self, before: Exact, after: Exact, row: Row) -> bool:
        """Whether it went that way; "the same" also where it is level, or looks so."""
        if self.sign:
            return (after - before) * self.sign > 0
        allowed = before * MUCH_THE_SAME if self.is_rough else Fraction(before, LEVEL_BELOW_ONE_IN)
        return magnitude(after - before) < allowed or same_on_display(row, before, after)


@dataclass(frozen=True, slots=True)
class Comparison(Statement):
    """That the figure, or the 12-month average, stands above (1) or below (-1) each of the references, or with them."""

    sign: int
    references: tuple[Reference, ...]
    size: Amount | None = None
    times: Fraction | None = None
    bound: Bound = Bound.EXACT
    is_rough: bool = False
    is_denied: bool = False
    of_average: bool = False
    months: tuple[date, ...] = ()

    def against(self, facts: Facts) -> Against:
        row = facts.row
        own = row.summary.mean if self.of_average else row.current_figure.value
        if own is None:
            return None
        found = []
        for reference in self.references:
            others = facts.others(reference)
            if others and all(self._is_wrong(own, other.value, row) for other in others):
                found += [self._said(own, other, row) for other in others]
        return (FindingKind.COMPARISON, "; ".join(found)) if found else None

    def _is_wrong(self, own: Exact, other: Exact, row: Row) -> bool:
        """Whether the figure stands on the other side, or not as far away; what is level contradicts nothing."""
        apart = own - other
        if not self.sign:
            allowed = other * (MUCH_THE_SAME if self.is_rough else THE_SAME)
            return not self.is_denied and magnitude(apart) > allowed and not same_on_display(row, own, other)
        if self.times is not None:
            return not self.is_denied and not is_multiple(self.times, self.bound, other, own)
        if magnitude(apart) * LEVEL_BELOW_ONE_IN < other or not apart:
            return False
        if self.is_denied:
            return apart * self.sign > 0
        return apart * self.sign < 0 or (self.size is not None and not is_difference(self.size, other, own, row))

    def _said(self, own: Exact, other: Other, row: Row) -> str:
        figure = said_month(row, row.current_month)
        if self.of_average:
            figure = f"the 12-month average is {said_value(row, own)}"
        if other.caveat:
            return f"{figure}, beside {other.name} ({said_value(row, other.value)}{other.caveat})"
        return f"{figure}, which is {said_beside(row, own, other.value)} than {other.name} ({said_value(row, other.value)})"


@dataclass(frozen=True, slots=True)
class Extreme(Statement):
    """That one of the months is the highest (1) or lowest (-1) of one of the windows, or one of the two."""

    signs: tuple[int, ...]
    months: tuple[date, ...]
    windows: tuple[Window, ...]

    def against(self, facts: Facts) -> Against:
        months = [month for month, _ in facts.known(self.months)]
        beaten = [
            self._beaten(sign, month, window, facts)
            for window in self.windows
            for month in months
            for sign in self.signs
        ]
        if not beaten or not all(beaten) or beaten[0] is None:
            return None
        return FindingKind.EXTREME, f"{said_month(facts.row, beaten[0])}, {said_month(facts.row, months[0])}"

    def _beaten(self, sign: int, month: date, window: Window, facts: Facts) -> date | None:
        """The month of the window that is furthest beyond this one."""
        own = facts.value(month)
        row = facts.row
        beyond = [
            (value * sign, other)
            for other, value in facts.known(window)
            if own is not None and (value - own) * sign > 0 and not same_on_display(row, value, own)
        ]
        return max(beyond)[1] if beyond else None


@dataclass(frozen=True, slots=True)
class Always(Statement):
    """That all figures of one of the windows are within the number's bound or range."""

    amount: Amount
    windows: tuple[Window, ...]

    def against(self, facts: Facts) -> Against:
        broken = []
        for window in self.windows:
            outside = [month for month, value in facts.known(window) if not is_figure(self.amount, value, facts.row)]
            if not outside:
                return None
            broken.append(outside[-1])
        return (FindingKind.FIGURE, said_month(facts.row, broken[0])) if broken else None


@dataclass(frozen=True, slots=True)
class Span(Statement):
    """That the lowest and highest figures of the year are the ends of a range."""

    amount: Amount
    windows: tuple[Window, ...]

    def against(self, facts: Facts) -> Against:
        spans = [[value for _, value in facts.known(window)] for window in self.windows]
        spans = [values for values in spans if values]
        low, high = replace(self.amount, high=None), replace(self.amount, value=self.amount.high or 0, high=None)
        row = facts.row
        if not spans or any(is_figure(low, min(one), row) and is_figure(high, max(one), row) for one in spans):
            return None
        least, most = min(spans[0]), max(spans[0])
        return FindingKind.FIGURE, f"{said_value(row, least)} to {said_value(row, most)} in the last 12 months"


@dataclass(frozen=True, slots=True)
class Repeated(Statement):
    """That the figure moved the same way at each step of one of the sequences of months."""

    sign: int
    sequences: tuple[tuple[date, ...], ...]
    is_rough: bool = False

    def against(self, facts: Facts) -> Against:
        broken = [self._broken(sequence, facts) for sequence in self.sequences]
        if not broken or not all(broken) or broken[0] is None:
            return None
        return FindingKind.DIRECTION, said_change(facts.row, *broken[0])

    def _broken(self, months: tuple[date, ...], facts: Facts) -> tuple[date, date] | None:
        """The latest step that went otherwise."""
        row = facts.row
        for before, after in reversed([*pairwise(months)]):
            earlier, later = row.value(before), row.value(after)
            if earlier is None or later is None:
                continue
            moved = later - earlier
            level = magnitude(moved) <= earlier * (MUCH_THE_SAME if self.is_rough else 0)
            if moved * self.sign <= 0 if self.sign else not (level or same_on_display(row, earlier, later)):
                return before, after
        return None


@dataclass(frozen=True, slots=True)
class Beyond(Statement):
    """That the figure of each of the months stands on one side of a reference."""

    sign: int
    references: tuple[Reference, ...]
    months: tuple[date, ...]

    def against(self, facts: Facts) -> Against:
        for reference in self.references:
            others = facts.others(reference)
            for month, value in reversed(facts.known(self.months)):
                if others and all((value - other.value) * self.sign < -other.value * ROUGHLY / 2 for other in others):
                    said = f"{said_month(facts.row, month)}, beside {others[0].name} ({said_value(facts.row, others[0].value)})"
                    return FindingKind.COMPARISON, said
        return None


@dataclass(frozen=True, slots=True)
class First(Statement):
    """That something holds for the first time since a month: in none of the months between."""

    between: Window
    holds: Callable[[Facts, date], bool]

    def against(self, facts: Facts) -> Against:
        earlier = [month for month in self.between if self.holds(facts, month)]
        return (FindingKind.EXTREME, said_month(facts.row, earlier[-1])) if earlier else None


# How they say what the row has


def _ends(row: Row) -> str:
    return f"the row ends with {row.months[-1]:%B %Y}"


def said_month(row: Row, month: date) -> str:
    """ "36% in January 2021", or "no figure for January 2021 (awaited (tbc))"."""
    figure = row.figure(month)
    if figure.value is None:
        blank = figure.blank or Blank.NOT_AVAILABLE
        return f"no figure for {month:%B %Y} ({blank.label[0].lower()}{blank.label[1:]})"
    return f"{said_value(row, figure.value)} in {month:%B %Y}"


def said_change(row: Row, earlier: date, later: date) -> str:
    """ "2,247 in December 2020 and 2,193 in January 2021, which is 54 fewer (2%)"."""
    both = f"{said_month(row, earlier)} and {said_month(row, later)}"
    before, after = row.value(earlier), row.value(later)
    if before is None or after is None:
        return both
    return f"{both}, which is {_apart(row, before, after, 'more', 'fewer')}"


def said_beside(row: Row, own: Exact, other: Exact) -> str:
    """How a figure stands beside another one: "7 lower (22%)"."""
    return _apart(row, other, own, "higher", "lower")


def _apart(row: Row, before: Exact, after: Exact, more: str, fewer: str) -> str:
    if before == after:
        return "the same"
    is_more = after > before
    relative = change(after, before, Polarity.NEUTRAL).relative
    per_cent = "" if relative is None else said_percent(relative)
    bracketed = f" ({per_cent})" if per_cent else ""
    if row.measure.unit is Unit.PERCENTAGE:
        return f"{said_points(row, before, after)} {'higher' if is_more else 'lower'}{bracketed}"
    if row.measure.unit is Unit.COUNT:
        return f"{format_number(magnitude(after - before), row.measure.decimal_places)} {more if is_more else fewer}{bracketed}"
    return f"{per_cent} {'higher' if is_more else 'lower'}".lstrip()
