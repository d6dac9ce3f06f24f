"""What there is to ask about figures before they count, wherever they come from: a return, a spreadsheet, a form.

Nothing here refuses anything: whoever enters the figure says that it is right all the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from statistics import median_high
from typing import NamedTuple

from .exact import Exact, magnitude
from .figures import NO_RECORD, Figure
from .formatting import format_number, format_value, texts_apart
from .months import add_months, months_between
from .periods import Periods
from .series import own_places
from .signal import Baseline, Usual, first_judged, season_of, usual_of
from .totals import per_period
from .units import OF_CASES, UnitKind, kind_of, unit_name
from .vocabulary import Blank, Unit

UNUSUAL, SAME = "unusual", "same"
SCALE, FRACTION, PART, SWAPPED, ZERO, SIGN = "scale", "fraction", "part", "swapped", "zero", "sign"
FUTURE, INACTIVE, OFF_PERIOD = "future", "inactive", "off-period"
FALLING = "falling"
OVERWRITTEN, PUBLISHED, SIGNED, BASIS = "overwritten", "published", "signed", "basis"
DAY, PEOPLE, BELONG, REACHES = "day", "people", "belong", "reaches"
# What is asked, where many figures are asked about at once.
HEADINGS = {
    SCALE: "Many times more or less than the months around it",
    FRACTION: "Percentages that look like fractions of 1",
    PART: "Parts of what is counted whole",
    SWAPPED: "A part above its whole",
    ZERO: "None, or not known yet?",
    SIGN: "The other side of 0",
    FALLING: "Totals so far that fall",
    UNUSUAL: "Outside what is usual",
    BELONG: "Figures that belong together and don’t fit",
    SAME: "The same figure again",
    FUTURE: "Months that are not over",
    INACTIVE: "Outside the months in which it is reported",
    OFF_PERIOD: "Months in which no figure is due",
    OVERWRITTEN: "Somebody else entered these",
    PUBLISHED: "Already published",
    SIGNED: "Already sent or signed off",
    REACHES: "In what is published or signed off",
    DAY: "Dates in the middle of a month",
    PEOPLE: "Nobody, or nobody who can see to it",
    BASIS: "Comparators far from the council’s own figures",
}
# Below it a figure often repeats itself, and a change of one child is a change of many per cent.
SMALL = 10
# From so many equal figures in a row it looks as if one had been filled down.
MANY_ALIKE = 4
# A figure is compared with so many on either side, none of them further away than a year; of half-years and years as
# far as so many lie apart.
NEIGHBOURS, FURTHEST = 3, 12
FEWEST_NEIGHBOURS = 2
# Half-way to ten on a scale of ratios would be 3.2; a slip of the decimal point is rarely as small as five.
SLIP = 5
# It lies as many times outside of what its neighbours have.
OUTSIDE = 3


class Caution(NamedTuple):
    """A warning: its code, a sentence, and what it rests on. The same one, whoever reads it.

    A reason that was given holds as long as `about` stays the same. `ask` says what to do. `quotes` are the other
    indicators whose figures stand in `message`; `guarded` says it without those figures, and without a sum or a
    difference that they could be worked out from. Where `needs_reason` is not set it is enough to confirm it.
    """

    code: str
    message: str
    about: str
    ask: str = "Correct it, or say why it is right:"
    quotes: frozenset[int] = frozenset()
    guarded: str = ""
    needs_reason: bool = True

    def told(self, may_see: Callable[[int], bool]) -> str:
        """The sentence for somebody; `may_see` says whether they may read the figure of an indicator."""
        return self.message if all(may_see(indicator) for indicator in self.quotes) else self.guarded


class EntryTerms(NamedTuple):
    """What an indicator takes, and when; the first and final month are None where there is no such limit.

    Where it `is_to_date`, what is entered is the year's total so far. `rebases` and `baselines` are those of its chart,
    and `is_seasonal` is whether that is judged against the shape of the year.
    """

    reference: str
    unit: Unit
    decimal_places: int
    periods: Periods
    allows_over_100: bool
    active_from: date | None
    active_to: date | None
    allows_negative: bool = False
    is_to_date: bool = False
    rate_base: int | None = None
    is_seasonal: bool = False
    rebases: Sequence[date] = ()
    baselines: Sequence[Baseline] = ()

    def text(self, value: Exact) -> str:
        """A value as the indicator displays it; one below 1 with up to two decimals more, to tell 0.19 from 0."""
        for places in range(self.decimal_places, self.decimal_places + 3):
            if magnitude(value) >= 1 or (value * 10**places).denominator == 1:
                break
        return format_value(value, self.unit, places)

    @property
    def furthest(self) -> int:
        """How many months away a figure may be and still be a neighbour."""
        return max(FURTHEST, NEIGHBOURS * FURTHEST // self.periods.in_a_year)

    def since(self, month: date) -> date:
        """The first month of which anything is asked for a figure of the month: of a neighbour, or of its chart."""
        judged = first_judged(month, self.periods, self.baselines, is_seasonal=self.is_seasonal)
        return min(add_months(month, -self.furthest), judged)

    def usual(self, figures: Mapping[date, Figure], month: date) -> Usual | None:
        """What is usual for the figure of the month by the chart that its report draws; None where none can tell."""
        first = first_judged(month, self.periods, self.baselines, is_seasonal=self.is_seasonal)
        months = [add_months(first, count) for count in range(months_between(first, month) + 1)]
        judged = [months[place] for place in own_places(months, self.periods, len(months) - 1)]
        found = usual_of(
            [figures.get(one, NO_RECORD) for one in judged],
            judged,
            unit=self.unit,
            rebases=[one for one in self.rebases if one <= month],
            is_signed=self.allows_negative,
            season=season_of(self.periods, judged, is_seasonal=self.is_seasonal),
            baselines=[one for one in self.baselines if one.month <= month],
            periods=self.periods,
        )
        return found and found.within(self.floor, self.ceiling)

    def texts_apart(self, one: Exact | None, other: Exact | None) -> tuple[str, str]:
        """Both as the indicator displays them; with more decimals where they would look the same and yet differ."""
        return texts_apart(one, other, self.unit, self.decimal_places)

    @property
    def ceiling(self) -> int | None:
        return 100 if self.unit is Unit.PERCENTAGE and not self.allows_over_100 else None

    @property
    def floor(self) -> int | None:
        """What no figure is below; None where they can be negative."""
        return None if self.allows_negative else 0


def is_counted_whole(name: str, unit: Unit, decimal_places: int) -> bool:
    """Whether a figure, numerator or denominator counts whole things, such as children."""
    if kind_of(unit) not in OF_CASES:
        # Pounds have pence, and two half posts are one.
        return False
    return not decimal_places and (name != "figure" or unit is Unit.COUNT)


def unusual(
    value: Exact | None,
    usual: Usual | None,
    apart: Callable[[Exact | None, Exact | None], tuple[str, str]],
    shown: str = "",
) -> Caution | None:
    """Whether a figure lies beyond what its signal calls usual; within that nothing is asked.

    `apart` displays two values so that they look different, where they are. `shown` is how the figure stands in its
    line, where that isn't just what `apart` makes of it.
    """
    if value is None or usual is None or not usual.side:
        return None
    text, end = apart(value, usual.high if usual.side > 0 else usual.low)
    # With fewer decimals it would look like the end that it lies beyond.
    if shown != end and len(shown) > len(text):
        text = shown
    side = "above" if usual.side > 0 else "below"
    return Caution(UNUSUAL, f"{text} is {side} what is usual: {usual.text(value, apart)}.", str(value))


def same(figure: Figure, before: Figure | None, period_before: str, unit: Unit) -> Caution | None:
    """Whether a figure is that of the period before, which `period_before` names as "in December 2020".

    A share is the same where both of its numbers are: 2 of 2 isn't copied from 1 of 1. Small numbers repeat themselves
    anyway, and so do all and none.
    """
    value = figure.value
    if value is None or before is None or not is_same(figure, before):
        return None
    if magnitude(value if figure.denominator is None else figure.denominator) < SMALL:
        return None
    if unit is Unit.PERCENTAGE and value in (0, 100):
        return None
    return Caution(SAME, f"The same figure as {period_before}. Was it copied?", str(value))


def slip_of_typing(terms: EntryTerms, figures: Mapping[date, Figure], month: date) -> Caution | None:
    """Whether the figure of a month, or its denominator, is about ten times or a tenth of those around it.

    Or a part is above its whole for the first time. No commentary explains that, for it may be about the figure that
    was meant. `figures` are all of a year around the month, of each period alone.
    """
    figure, due = (
        figures[month],
        [(one, known) for one, known in sorted(figures.items()) if terms.periods.is_due_in(one)],
    )
    if figure.value is None:
        return None
    values = [(one, known.value) for one, known in due if known.value is not None]
    wholes = [(one, known.denominator) for one, known in due if known.denominator is not None]
    slip = _slip(terms, figure.value, _neighbours(terms, values, month))
    slip = slip or _slip_of_whole(terms, figure, _neighbours(terms, wholes, month))
    had_more = any(_is_more(known) for one, known in due if one != month)
    return slip or (None if had_more or kind_of(terms.unit) not in OF_CASES else _swapped(figure))


def is_same(one: Figure, other: Figure) -> bool:
    """Whether two figures are the same also in the numbers behind them, as far as both have any."""
    if one.value != other.value:
        return False
    pairs = [(figure.numerator, figure.denominator) for figure in (one, other)]
    return (None, None) in pairs or pairs[0] == pairs[1]


# Figures of any months, as a spreadsheet has them


class Entry(NamedTuple):
    """A month's new figure, and what was stored for the month before; None where there was nothing."""

    figure: Figure
    stored: Figure | None


def ask_about(
    terms: EntryTerms, figures: Mapping[date, Figure], entries: Mapping[date, Entry], this_month: date
) -> dict[date, list[Caution]]:
    """What there is to ask about an indicator's new figures, by month; each in the order to read it.

    `figures` are all that there would be a year around them, the new ones included.
    """
    falling: dict[date, Caution] = {}
    if terms.is_to_date:
        falling = _falling(terms, figures, entries)
        figures, entries = _each_alone(terms, figures, entries)
    latest = max(entries)
    due = {month: figure.value for month, figure in figures.items() if terms.periods.is_due_in(month)}
    known = [(month, value) for month, value in sorted(due.items()) if value is not None]
    wholes = [(month, figure.denominator) for month, figure in sorted(figures.items()) if month in due]
    known_wholes = [(month, whole) for month, whole in wholes if whole is not None]
    alike = _filled_down(terms, {month: figures[month] for month in due}, entries)
    # Somebody's first column of percentages has no neighbours that could tell that all of them are fractions of 1.
    old = [figure for month, figure in figures.items() if month not in entries]
    old += [entry.stored for entry in entries.values() if entry.stored]
    had_small = any(figure.value is not None and 0 < magnitude(figure.value) <= 1 for figure in old)
    had_more = any(_is_more(figure) for figure in old)
    found = {}
    for month, (figure, stored) in entries.items():
        asked: list[Caution | None] = [falling.get(month)]
        before = terms.periods.previous(month)
        if figure.value is None and figure.denominator == 0:
            around = _neighbours(terms, known_wholes, month)
            asked.append(
                _zero(format_number, figure, stored, figures.get(before), around, terms.periods.of(before).said)
            )
            asked += _time(terms, month, this_month)
        elif figure.value is not None:
            around = _neighbours(terms, known, month)
            slip = _slip(terms, figure.value, around) or (None if had_small else _fraction(terms, figure.value))
            slip = slip or _slip_of_whole(terms, figure, _neighbours(terms, known_wholes, month))
            zero = _zero(terms.text, figure, stored, figures.get(before), around, terms.periods.of(before).said)
            asked += [
                slip,
                zero,
                None if slip else _sign(terms, figure.value, around),
                *_parts(terms, figure),
                None if had_more or kind_of(terms.unit) not in OF_CASES else _swapped(figure),
                alike.get(month),
            ]
            if month == latest and not slip and not zero:
                asked.append(_as_of_a_return(terms, month, figure, figures, entries))
            asked += _time(terms, month, this_month)
        if told := list(dict.fromkeys(caution for caution in asked if caution)):
            found[month] = told
    return found


def _each_alone(
    terms: EntryTerms, figures: Mapping[date, Figure], entries: Mapping[date, Entry]
) -> tuple[dict[date, Figure], dict[date, Entry]]:
    """What each period had by itself, of figures and entries that are totals so far."""
    first, last = min(figures), max(figures)
    months = [add_months(first, count) for count in range(months_between(first, last) + 1)]
    entered = [figures.get(month, NO_RECORD) for month in months]
    own = dict(zip(months, per_period(entered, months, terms.periods, terms.unit.factor(terms.rate_base)), strict=True))
    # An entry keeps what was stored for it: whether that was awaited is asked, not how much it was.
    alone = {
        month: Entry(own[month], entry.stored and entry.stored._replace(value=None)) for month, entry in entries.items()
    }
    return {month: own[month] for month in figures}, alone


def _falling(terms: EntryTerms, figures: Mapping[date, Figure], entries: Mapping[date, Entry]) -> dict[date, Caution]:
    """Totals so far that are lower than the one before them in their year: a correction, or a period's own figure."""
    found = {}
    for month in entries:
        before = terms.periods.previous(month)
        ours, theirs = _counted(figures.get(month)), _counted(figures.get(before))
        if ours is None or theirs is None or ours >= theirs or terms.periods.year(before) != terms.periods.year(month):
            continue
        message = (
            f"The total so far, {format_number(ours)}, is less than the {format_number(theirs)} that there were by "
            f"{terms.periods.of(before).said}. Is it a correction, or the figure of one {terms.periods.noun}?"
        )
        found[month] = Caution(FALLING, message, f"{ours} {theirs}")
    return found


def _counted(figure: Figure | None) -> Exact | None:
    """What adds up of a figure: its numerator, where it has one."""
    return None if figure is None else figure.value if figure.numerator is None else figure.numerator


def _as_of_a_return(
    terms: EntryTerms,
    month: date,
    figure: Figure,
    figures: Mapping[date, Figure],
    entries: Mapping[date, Entry],
) -> Caution | None:
    """What a return asks about its month. Of figures that all come at once none was there to be copied or unusual."""
    earlier = [one for one, known in figures.items() if one < month and known.value is not None]
    if figure.value is not None and any(one not in entries for one in earlier):
        odd = unusual(figure.value, terms.usual(figures, month), terms.texts_apart)
        if odd:
            return odd
    before = terms.periods.previous(month)
    if before in entries:
        return None
    return same(figure, figures.get(before), terms.periods.of(before).phrase, terms.unit)


def _neighbours(terms: EntryTerms, known: Sequence[tuple[date, Exact]], month: date) -> list[Exact]:
    """The nearest of the known figures before and after a month; `known` has them by month, oldest first."""
    place = bisect_left(known, month, key=itemgetter(0))
    after = place + 1 if place < len(known) and known[place][0] == month else place
    sides = (*known[max(place - NEIGHBOURS, 0) : place], *known[after : after + NEIGHBOURS])
    return [value for other, value in sides if abs(months_between(other, month)) <= terms.furthest]


def _slip(terms: EntryTerms, value: Exact, around: Sequence[Exact]) -> Caution | None:
    """A figure that is about ten, a hundred or a thousand times its neighbours, or as small a part of them."""
    usual = median_high(map(magnitude, around)) if len(around) >= FEWEST_NEIGHBOURS else 0
    if not value or not usual or (min(around) < 0 < max(around)):
        # Of figures on both sides of 0 none is so many times another.
        return None
    low, high = sorted(map(magnitude, (min(around), max(around))))
    size = magnitude(value)
    is_high = size > usual
    times = Fraction(size) / usual if is_high else Fraction(usual) / size
    is_outside = size > high * OUTSIDE if is_high else size * OUTSIDE < low
    if times < SLIP or not is_outside or (terms.unit is Unit.COUNT and max(size, usual) < SMALL):
        return None
    how = "ten" if times < 32 else "a hundred" if times < 320 else "a thousand or more"
    part = {"ten": "a tenth", "a hundred": "a hundredth"}.get(how, "a thousandth or less")
    relation = f"about {how} times" if is_high else f"about {part} of"
    message = (
        f"{terms.text(value)} is {relation} what the months around it have: {terms.text(min(around))} to "
        f"{terms.text(max(around))}."
    )
    if is_high and how.startswith("a thousand") and kind_of(terms.unit) is UnitKind.MONEY and terms.unit != Unit.MONEY:
        message += f" The figures of {terms.reference} are in {unit_name(terms.unit)}."
    if terms.unit is Unit.PERCENTAGE and size <= 1:
        message += f" For {terms.text(value * 100)} write {format_number(value * 100)}, not a fraction."
    return Caution(SCALE, message, str(value))


def _sign(terms: EntryTerms, value: Exact, around: Sequence[Exact]) -> Caution | None:
    """A figure on the other side of 0 than all around it, and about as far from it: a minus too many or too few."""
    if len(around) < FEWEST_NEIGHBOURS or not value or not all(one * value < 0 for one in around):
        return None
    sizes = sorted(map(magnitude, around))
    if not sizes[0] <= 2 * magnitude(value) or not magnitude(value) <= 2 * sizes[-1]:
        return None
    span = f"{terms.text(min(around))} to {terms.text(max(around))}"
    side, minus = ("above", "missing") if value > 0 else ("below", "right")
    return Caution(
        SIGN,
        f"{terms.text(value)} is {side} 0, and the months around it have {span}. Is the minus sign {minus}?",
        str(value),
    )


def _slip_of_whole(terms: EntryTerms, figure: Figure, around: Sequence[Exact]) -> Caution | None:
    """A slip of both numbers, which leaves their share as it was: 1,470 of 1,800 for 147 of 180."""
    counts = terms._replace(unit=Unit.COUNT, decimal_places=0)
    found = None if figure.denominator is None else _slip(counts, figure.denominator, around)
    return found and found._replace(message=f"The denominator: {found.message}", about=f"of {found.about}")


def _fraction(terms: EntryTerms, value: Exact) -> Caution | None:
    """A percentage that looks like a fraction of 1, where none was as small before."""
    if terms.unit is not Unit.PERCENTAGE or not 0 < magnitude(value) <= 1:
        return None
    return Caution(
        FRACTION,
        f"{terms.text(value)} is 1% or less, which {terms.reference} has not had before. "
        f"If {terms.text(value * 100)} is meant, write {format_number(value * 100)}.",
        str(value),
    )


def _zero(
    show: Callable[[Exact], str],
    figure: Figure,
    stored: Figure | None,
    before: Figure | None,
    around: Sequence[Exact],
    period_before: str,
) -> Caution | None:
    """A 0, or 0 of 0, that may stand for a figure that isn't there: 0 says that there were none."""
    if figure.value != 0 and (figure.value is not None or figure.denominator != 0):
        return None
    none = "0" if figure.value == 0 else "0 of 0"
    if stored is not None and stored.blank is Blank.AWAITED:
        return Caution(ZERO, f"{none} says that there were none; until now the figure was awaited.", none)
    if before is not None and before.blank is Blank.AWAITED:
        message = (
            f"{none} says that there were none; the figure of {period_before} is awaited. Is this one awaited too?"
        )
        return Caution(ZERO, message, none)
    if len(around) >= FEWEST_NEIGHBOURS and (min(around) * 2 >= SMALL or max(around) * 2 <= -SMALL):
        span = f"{show(min(around))} to {show(max(around))}"
        return Caution(ZERO, f"{none} says that there were none; the months around it have {span}.", none)
    return None


def _parts(terms: EntryTerms, figure: Figure) -> Iterable[Caution]:
    """Parts of a child."""
    numbers = {"numerator": figure.numerator, "denominator": figure.denominator}
    if figure.numerator is None:
        numbers = {"figure": figure.value}
    for name, value in numbers.items():
        is_whole = is_counted_whole(name, terms.unit, terms.decimal_places)
        if is_whole and value is not None and value.denominator != 1:
            shown = format_number(value, 6).rstrip("0")
            yield Caution(PART, f"{shown} is not a whole number, and a {name} of {terms.reference} counts.", shown)


def _is_more(figure: Figure) -> bool:
    return figure.numerator is not None and figure.denominator is not None and figure.numerator > figure.denominator


def _swapped(figure: Figure) -> Caution | None:
    """A part above its whole, where that is not refused and was not so before."""
    if not _is_more(figure) or figure.numerator is None or figure.denominator is None:
        return None
    shown = f"{format_number(figure.numerator)} of {format_number(figure.denominator)}"
    return Caution(SWAPPED, f"{shown}: the part is above the whole. Were the two columns mixed up?", shown)


def _filled_down(terms: EntryTerms, due: Mapping[date, Figure], entries: Mapping[date, Entry]) -> dict[date, Caution]:
    """For a run of many equal figures, asked once: at the latest of those that are new."""
    found = {}
    for (value, _, whole), run in groupby(sorted(due), key=lambda month: _numbers(due[month])):
        months = list(run)
        new = [month for month in months if month in entries]
        # All, or none, for months on end is what a good service has.
        if (
            not new
            or value is None
            or magnitude(value if whole is None else whole) < SMALL
            or value == 100 == terms.ceiling
            or len(months) < MANY_ALIKE
        ):
            continue
        message = (
            f"{terms.text(value)} in {len(months)} figures in a row, {months[0]:%B %Y} to {months[-1]:%B %Y}. "
            "Was it filled down?"
        )
        found[new[-1]] = Caution(SAME, message, f"{value} {len(months)}")
    return found


def _numbers(figure: Figure) -> tuple[Exact | None, Exact | None, Exact | None]:
    return figure.value, figure.numerator, figure.denominator


def _time(terms: EntryTerms, month: date, this_month: date) -> Iterable[Caution]:
    def asked(code: str, message: str) -> Caution:
        return Caution(code, message, f"{month:%Y-%m}", needs_reason=False)

    if month > this_month:
        yield asked(FUTURE, f"{month:%B %Y} lies in the future.")
    elif month == this_month:
        yield asked(FUTURE, f"{month:%B %Y} is not over yet.")
    if terms.active_from and month < terms.active_from:
        yield asked(INACTIVE, f"{terms.reference} is reported from {terms.active_from:%B %Y}: no report shows this.")
    if terms.active_to and month > terms.active_to:
        yield asked(INACTIVE, f"{terms.reference} was reported until {terms.active_to:%B %Y}: no report shows this.")
    if not terms.periods.is_due_in(month):
        yield asked(OFF_PERIOD, f"{terms.reference} {terms.periods.due_text}, and not in {month:%B}.")
