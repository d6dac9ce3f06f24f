"""Fact sentences: figure, changes, average, variation and extremes; then comparators; then the target."""

from __future__ import annotations

from datetime import date

from indicators.calculations.change import change
from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.months import add_months
from indicators.calculations.vocabulary import Blank, ComparatorGroup, Movement, Polarity, Rating, Stage, Unit

from .line import LineFacts
from .wording import (
    bare_value,
    displayed,
    listed,
    period,
    said_percent,
    said_points,
    said_value,
    same_on_display,
)

# Below this a percentage says more than the numbers do, so the numbers are given.
SMALL_COUNT = 20
PERIODS_LOOKED_BACK = {1: 6, 3: 4}
NUMBERS = {4: "four", 6: "six"}

_BLANK_WORDS = {
    Blank.NOT_DUE: "not yet due",
    Blank.AWAITED: "awaited",
    Blank.NOT_APPLICABLE: "not applicable, because there was nothing to measure",
    Blank.NOT_AVAILABLE: "not available",
    Blank.SUPPRESSED: "suppressed, because it is confidential",
}
_SIDES = {Movement.UP: "above", Movement.LEVEL: "level with", Movement.DOWN: "below"}


def fact_sentences(line: LineFacts) -> tuple[str, ...]:
    """What the figures say about the line's month, each a full sentence; always at least one."""
    value = line.current_figure.value
    if value is None:
        return tuple(filter(None, (_no_figure(line), _latest(line))))
    return tuple(filter(None, (_main(line, value), _comparators(line), _target(line))))


def _no_figure(line: LineFacts) -> str:
    blank = line.current_figure.blank or Blank.NOT_AVAILABLE
    return f"No figure for {period(line, line.month)}: {_BLANK_WORDS[blank]}."


def _latest(line: LineFacts) -> str:
    known = [month for month in line.months[: line.current] if line.value(month) is not None]
    if not known:
        return ""
    value = line.value(known[-1])
    return "" if value is None else f"The latest is {said_value(line, value)} in {period(line, known[-1])}."


def _main(line: LineFacts, value: Exact) -> str:
    stage = line.current_figure.stage
    firmness = "" if stage is Stage.FINAL else f" ({stage.label.lower()})"
    figure = said_value(line, value)
    opening = f"{figure[0].upper()}{figure[1:]} in {period(line, line.month)}{firmness}"
    changes = _changes(line, value)
    more = [_average(line, value), line.variation.label if line.variation else "", _extreme(line, value)]
    return "; ".join(filter(None, [f"{opening}, {changes}", *more])) + "."


def _changes(line: LineFacts, value: Exact) -> str:
    before = line.value(line.previous_month)
    year_before = line.value(line.year_before)
    found = []
    if before is not None:
        found.append(_change(line, value, before, period(line, line.previous_month), within="in "))
    if year_before is not None:
        found.append(_change(line, value, year_before, "a year before"))
    if found:
        return " and ".join(found)
    if any(line.value(month) is not None for month in line.months[: line.current]):
        return f"with no figure for {period(line, line.previous_month)} or a year before to compare it with"
    return "the first figure, so there is nothing to compare it with"


def _change(line: LineFacts, value: Exact, earlier: Exact, when: str, within: str = "") -> str:
    """How the figure stands against an earlier one.

    Percentages in percentage points; counts and rates in per cent, but in numbers where a count was small; from or to
    0 only as up or down.
    """
    found = change(value, earlier, Polarity.NEUTRAL)
    was = f"{said_value(line, earlier)} {within}{when}"
    if found.movement is Movement.LEVEL:
        level = same_on_display(line, value, earlier)
        return f"level with {when}" if level else f"little changed from {was}"
    up = found.movement is Movement.UP
    if line.unit is Unit.PERCENTAGE:
        return f"{'up' if up else 'down'} {said_points(line, value, earlier)} from {was}"
    if found.relative is None or not value:
        return f"{'up' if up else 'down'} from {was}"
    if line.unit is Unit.COUNT:
        size = _number_apart(line, value, earlier) if earlier < SMALL_COUNT else said_percent(found.relative)
        return f"{size} {'more' if up else 'fewer'} than {within}{when}"
    return f"{said_percent(found.relative)} {'higher' if up else 'lower'} than {within}{when}"


def _number_apart(line: LineFacts, one: Exact, other: Exact) -> str:
    return bare_value(line, magnitude(displayed(line, one) - displayed(line, other)))


def _average(line: LineFacts, value: Exact) -> str:
    """How the figure stands against its 12-month average; nothing where that rests on it alone."""
    mean, months = line.summary.mean, line.summary.months
    if mean is None or months < 2:
        return ""
    periods = line.summary.window // line.frequency.months
    name = "quarters" if line.is_quarterly else "months"
    rests_on = f" ({months} of {periods} {name})" if months < periods else ""
    return f"{_beside_average(line, value, mean)}{rests_on}"


def _beside_average(line: LineFacts, value: Exact, mean: Exact) -> str:
    found = change(value, mean, Polarity.NEUTRAL)
    if same_on_display(line, value, mean):
        return f"{'level with' if found.movement is Movement.LEVEL else 'close to'} the 12-month average"
    of_mean = f"the 12-month average of {bare_value(line, mean)}"
    if found.movement is None or found.movement is Movement.LEVEL or found.relative is None:
        return f"close to {of_mean}"
    side = _SIDES[found.movement]
    if line.unit is Unit.PERCENTAGE:
        return f"{said_points(line, value, mean)} {side} {of_mean}"
    if line.unit is Unit.COUNT and mean < SMALL_COUNT:
        return f"{side} {of_mean}"
    return f"{said_percent(found.relative)} {side} the 12-month average"


def _extreme(line: LineFacts, value: Exact) -> str:
    """The highest of the last six months or four quarters, or that the current figure is highest or lowest."""
    step = line.frequency.months
    count = PERIODS_LOOKED_BACK[step]
    known = _known_before(line, count)
    if len(known) < 2:
        return ""
    span = f"of the last {NUMBERS[count]} {'quarters' if line.is_quarterly else 'months'}"
    texts = {line.text(earlier) for _, earlier in known}
    if line.text(value) not in texts:
        if value > max(earlier for _, earlier in known):
            return f"the highest {span}"
        if value < min(earlier for _, earlier in known):
            return f"the lowest {span}"
    top = max(earlier for _, earlier in known)
    if same_on_display(line, top, value):
        return ""
    months = [month for month, earlier in known if same_on_display(line, earlier, top)]
    named = listed([period(line, month) for month in months])
    return f"highest {span} was {said_value(line, top)} in {named}"


def _known_before(line: LineFacts, count: int) -> list[tuple[date, Exact]]:
    """The figures there are of so many months or quarters up to the current one, without it; oldest first."""
    months = [add_months(line.month, -line.frequency.months * back) for back in range(count - 1, 0, -1)]
    return [(month, value) for month in months if (value := line.value(month)) is not None]


def _comparators(line: LineFacts) -> str:
    """On which side of each comparator the figure is; those that can't be compared are left out."""
    sides: dict[str, list[str]] = {}
    for one in line.comparators:
        movement = one.comparison.movement
        if one.value is not None and movement is not None:
            name = _group_name(line, one.group)
            side = _side(line, movement, one.value)
            sides.setdefault(side, []).append(f"{name} ({bare_value(line, one.value)})")
    parts = [f"{side} {listed(names)}" for side, names in sides.items()]
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _side(line: LineFacts, movement: Movement, other: Exact) -> str:
    value = line.current_figure.value
    same = value is not None and same_on_display(line, value, other)
    return _SIDES[movement] if same == (movement is Movement.LEVEL) else "close to"


def _group_name(line: LineFacts, group: ComparatorGroup) -> str:
    if group is ComparatorGroup.REGION:
        return f"the {line.region} region" if line.region else "the region"
    return "England" if group is ComparatorGroup.ENGLAND else "statistical neighbours"


def _target(line: LineFacts) -> str:
    if line.target is None or line.target.value is None:
        return ""
    goal = bare_value(line, line.target.value)
    if line.rating is Rating.GREEN:
        return f"On target, which is {_aim(line, goal)}."
    if line.rating is Rating.AMBER:
        return f"Misses the target of {_aim(line, goal)}, but within tolerance."
    return f"Misses the target of {_aim(line, goal)}." if line.rating is Rating.RED else ""


def _aim(line: LineFacts, goal: str) -> str:
    return goal + {Polarity.HIGH: " or more", Polarity.LOW: " or less"}.get(line.polarity, "")
