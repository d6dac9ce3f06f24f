"""The arithmetic of the scorecard a second time: slow, obvious, and without a line of the product's code.

Written from the description of how figures are worked out (docs/methods.md), to check the report against. A month is a
whole number, year * 12 + month - 1, so that the month before is one less.
"""

from dataclasses import dataclass, field, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

SHORTHAND = {
    "awaited": "tbc",
    "not_due": "not due",
    "not_available": "[x]",
    "not_applicable": "[z]",
    "suppressed": "[c]",
}
# When parts are blank for different reasons, the first of these is given.
REASONS = ["suppressed", "awaited", "not_due", "not_available", "not_applicable"]
# From the firmest to the least firm.
STAGES = ["final", "revised", "provisional", "estimated"]
FACTORS = {"count": 1, "percentage": 100, "rate_1000": 1000, "rate_10000": 10_000, "rate_100000": 100_000}


@dataclass
class Entry:
    """What was typed in for one month: a figure, two parts, or a blank."""

    figure: Decimal | None = None
    parts: tuple[Decimal, Decimal] | None = None
    blank: str = ""
    stage: str = "final"


@dataclass
class Other:
    """A comparator."""

    value: Decimal | None
    year: int | None = None
    on_basis: str = "unknown"


@dataclass
class Measure:
    """An indicator with all that is stored of it; derived when it has tops."""

    reference: str
    unit: str = "count"
    decimals: int = 0
    polarity: str = "neutral"
    quarterly: bool = False
    entries: dict[int, Entry] = field(default_factory=dict)
    tops: list[str] = field(default_factory=list)
    bottoms: list[str] = field(default_factory=list)
    on_population: bool = False
    targets: dict[int, tuple[Decimal | None, Decimal]] = field(default_factory=dict)
    others: dict[str, Other] = field(default_factory=dict)


@dataclass
class Sheet:
    """A small scorecard, reported for one month."""

    month: int
    measures: dict[str, Measure]
    population: dict[int, int] = field(default_factory=dict)


@dataclass
class Cell:
    """One month's figure or blank."""

    value: Fraction | None
    blank: str
    stage: str = "final"


# Figures


def cell(sheet: Sheet, reference: str, month: int) -> Cell:
    measure = sheet.measures[reference]
    if measure.tops:
        return derived_cell(sheet, measure, month)
    if month not in measure.entries:
        return Cell(None, "not_available" if is_due(measure, month) else "not_due")
    entry = measure.entries[month]
    if entry.blank:
        return Cell(None, entry.blank, entry.stage)
    if entry.figure is not None:
        return Cell(Fraction(entry.figure), "", entry.stage)
    top, bottom = entry.parts
    if bottom == 0:
        return Cell(None, "not_applicable", entry.stage)
    return Cell(Fraction(top) / Fraction(bottom) * FACTORS[measure.unit], "", entry.stage)


def is_due(measure: Measure, month: int) -> bool:
    """Whether the measure has a figure of the month: a quarterly one in the last month of each quarter."""
    return not measure.quarterly or month % 3 == 2


def derived_cell(sheet: Sheet, measure: Measure, month: int) -> Cell:
    if not is_due(measure, month):
        return Cell(None, "not_due")
    tops = [cell(sheet, reference, month) for reference in measure.tops]
    bottoms = [cell(sheet, reference, month) for reference in measure.bottoms]
    if measure.on_population:
        bottoms.append(population_cell(sheet, month))
    for reason in REASONS:
        for part in tops + bottoms:
            if part.blank == reason:
                return Cell(None, reason)
    stage = STAGES[max(STAGES.index(part.stage) for part in tops + bottoms)]
    top = Fraction(0)
    for part in tops:
        top += part.value
    if not bottoms:
        return Cell(top * FACTORS[measure.unit], "", stage)
    bottom = Fraction(0)
    for part in bottoms:
        bottom += part.value
    if bottom == 0:
        return Cell(None, "not_applicable", stage)
    return Cell(top / bottom * FACTORS[measure.unit], "", stage)


def population_cell(sheet: Sheet, month: int) -> Cell:
    """The estimate of the month's financial year, or the latest one before it."""
    year = financial_year(month)
    while year >= 1900:
        if year in sheet.population:
            return Cell(Fraction(sheet.population[year]), "")
        year -= 1
    return Cell(None, "not_available")


def financial_year(month: int) -> int:
    year, number = month // 12, month % 12 + 1
    return year - 1 if number in {1, 2, 3} else year


def current_month(sheet: Sheet, measure: Measure) -> int:
    """The month that is judged; for a quarterly measure that of the latest quarter's figure."""
    if measure.quarterly:
        for month in range(sheet.month, sheet.month - sheet.month % 3 - 2, -1):
            if cell(sheet, measure.reference, month).blank != "not_due":
                return month
    return sheet.month


# Display


def rounded(value: Fraction, decimals: int) -> Decimal:
    """To so many decimals, half away from zero."""
    # The exact quotient cut off after 120 digits: whatever is cut off cannot move it to the other side of a half.
    exact = Context(prec=120, rounding=ROUND_DOWN).divide(Decimal(value.numerator), Decimal(value.denominator))
    step = Decimal("1" if decimals == 0 else "0." + "0" * (decimals - 1) + "1")
    return exact.quantize(step, rounding=ROUND_HALF_UP, context=Context(prec=120))


def plain(value: Fraction, decimals: int) -> str:
    number = rounded(value, decimals)
    digits = str(abs(number))
    whole, _, rest = digits.partition(".")
    groups = []
    while len(whole) > 3:
        groups.insert(0, whole[-3:])
        whole = whole[:-3]
    groups.insert(0, whole)
    text = ",".join(groups)
    if rest:
        text = text + "." + rest
    return "-" + text if number < 0 else text


def shown(measure: Measure, value: Fraction | None) -> str:
    if value is None:
        return "n/a"
    if value != 0 and rounded(value, measure.decimals) == 0:
        return "[low]"
    text = plain(value, measure.decimals)
    if measure.unit != "percentage":
        return text
    if value < 100 and rounded(value, measure.decimals) == 100:
        return "[high]"
    return text + "%"


def shown_cell(measure: Measure, found: Cell, month: int) -> str:
    """With one decimal more, and one more, until what is printed has the rating of the figure itself."""
    if found.blank:
        return SHORTHAND[found.blank]
    year, decimals = financial_year(month), measure.decimals
    while decimals < 12:
        if rating(measure, Fraction(rounded(found.value, decimals)), year) == rating(measure, found.value, year):
            break
        decimals += 1
    return shown(replace(measure, decimals=decimals), found.value)


# Changes and judgements


def change_text(later: Fraction | None, earlier: Fraction | None) -> str:
    if later is None or earlier is None or earlier == 0:
        return "n/a"
    return plain((later / earlier - 1) * 100, 0) + "%"


def movement(later: Fraction | None, earlier: Fraction | None) -> str | None:
    if later is None or earlier is None:
        return None
    if later == earlier or change_text(later, earlier) == "0%":
        return "level"
    return "up" if later > earlier else "down"


def assessment(measure: Measure, later: Fraction | None, earlier: Fraction | None, target: Fraction | None) -> str:
    moved = movement(later, earlier)
    if moved is None or measure.polarity == "neutral":
        return "not_judged"
    if measure.polarity == "target" and target is None:
        return "not_judged"
    if moved == "level":
        return "no_change"
    if measure.polarity == "target":
        now, before = abs(later - target), abs(earlier - target)
        if now == before:
            return "no_change"
        return "better" if now < before else "worse"
    wanted = {"high": "up", "low": "down"}[measure.polarity]
    return "better" if moved == wanted else "worse"


def rating(measure: Measure, value: Fraction | None, year: int) -> str:
    if measure.polarity == "neutral":
        return "not_judged"
    if year not in measure.targets:
        return "no_target"
    wanted, tolerance = measure.targets[year]
    if wanted is None:
        return "target_tbc"
    if value is None:
        return "no_figure"
    goal, slack = Fraction(wanted), Fraction(tolerance)
    if measure.polarity == "high":
        green, amber = value >= goal, value >= goal - slack
    elif measure.polarity == "low":
        green, amber = value <= goal, value <= goal + slack
    else:
        green, amber = value == goal, goal - slack <= value <= goal + slack
    if green:
        return "green"
    return "amber" if amber else "red"


def is_stale(other: Other, month: int) -> bool:
    """Whether the comparator's year ended, in March, more than two years before the month."""
    if other.year is None:
        return False
    march = (other.year + 1) * 12 + 2
    return month - march > 24


# The report


def row(sheet: Sheet, reference: str) -> dict[str, object]:
    """What the report has to say of one measure, as words and texts."""
    measure = sheet.measures[reference]
    current = current_month(sheet, measure)
    value = cell(sheet, reference, current).value
    step = 3 if measure.quarterly else 1
    # From a month in which none is due, the latest that was is the one before it.
    step = step if is_due(measure, current) else current % 3 + 1
    before = cell(sheet, reference, current - step).value
    year_before = cell(sheet, reference, current - 12).value
    year = financial_year(current)
    target = measure.targets.get(year, (None, None))[0]
    goal = None if target is None else Fraction(target)
    twelve = [cell(sheet, reference, month) for month in range(sheet.month - 11, sheet.month + 1)]
    figures = [one.value for one in twelve if one.value is not None]
    return {
        "months": [shown_cell(measure, twelve[back], sheet.month + 1 + back) for back in range(-6, 0)],
        "stages": [None if one.blank else one.stage for one in twelve[-6:]],
        "exact": [one.value for one in twelve],
        "change_month": change_text(value, before),
        "movement_month": movement(value, before),
        "assessment_month": assessment(measure, value, before, goal),
        "change_year": change_text(value, year_before),
        "movement_year": movement(value, year_before),
        "assessment_year": assessment(measure, value, year_before, goal),
        "average": shown(measure, sum(figures, Fraction(0)) / len(figures) if figures else None),
        "maximum": shown(measure, max(figures) if figures else None),
        "months_known": len(figures),
        "rated_year": year,
        "rating": rating(measure, value, year),
        "comparisons": {
            group: comparison(measure, value, other, goal, sheet.month) for group, other in measure.others.items()
        },
    }


def comparison(
    measure: Measure, value: Fraction | None, other: Other, goal: Fraction | None, month: int
) -> tuple[str, str | None, str, bool]:
    theirs = None if other.value is None else Fraction(other.value)
    if other.on_basis != "yes":
        return ("n/a", None, "not_judged", is_stale(other, month))
    return (
        change_text(value, theirs),
        movement(value, theirs),
        assessment(measure, value, theirs, goal),
        is_stale(other, month),
    )
