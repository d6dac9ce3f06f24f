"""The XmR chart a second time: slow, obvious, and without a line of the product's code.

Written from the description of the rules (docs/methods.md). Each rule looks at every window that a point lies in.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass
class Group:
    """Figures between two rebases, with mean and the two distances from it; None where there is none."""

    values: list[Fraction | None]
    mean: Fraction | None
    limit: Fraction | None
    near: Fraction | None
    figures: int


def split(values, rebase_at):
    groups, current = [], []
    for place, value in enumerate(values):
        if place > 0 and place in rebase_at:
            groups.append(current)
            current = []
        current.append(value)
    if current:
        groups.append(current)
    return groups


def average(numbers):
    return sum(numbers, Fraction(0)) / len(numbers) if numbers else None


def make_group(values, fix_after, screen):
    base = values if fix_after is None else values[:fix_after]
    known = [value for value in base if value is not None]
    pairs = [(base[place - 1], base[place]) for place in range(1, len(base))]
    ranges = [abs(after - before) for before, after in pairs if before is not None and after is not None]
    if screen and ranges:
        bound = Fraction("3.267") * average(ranges)
        ranges = [moved for moved in ranges if moved < bound]
    moving = average(ranges)
    if moving is None:
        return Group(values, average(known), None, None, len(known))
    limit = Fraction("2.66") * moving
    return Group(values, average(known), limit, limit * 2 / 3, len(known))


def is_beyond(group, value):
    return group.limit is not None and value is not None and abs(value - group.mean) > group.limit


def is_near(group, value):
    if group.limit is None or value is None or is_beyond(group, value):
        return False
    return abs(value - group.mean) > group.near


def side(group, value):
    if value is None or group.mean is None or value == group.mean:
        return 0
    return 1 if value > group.mean else -1


def windows(group, place, length):
    """Every stretch of so many points that the place lies in, as lists of places."""
    for start in range(place - length + 1, place + 1):
        if start >= 0 and start + length <= len(group.values):
            yield list(range(start, start + length))


def direction(group, one, other):
    before, after = group.values[one], group.values[other]
    if before is None or after is None or before == after:
        return 0
    return 1 if after > before else -1


def is_in_trend(group, place):
    for window in windows(group, place, 7):
        steps = {direction(group, one, one + 1) for one in window[:-1]}
        if steps in ({1}, {-1}):
            return True
    return False


def is_two_in_three(group, place):
    if not is_near(group, group.values[place]):
        return False
    for window in windows(group, place, 3):
        sides = {side(group, group.values[other]) for other in window}
        near = [other for other in window if is_near(group, group.values[other])]
        if sides in ({1}, {-1}) and len(near) >= 2:
            return True
    return False


def is_in_run(group, place):
    for window in windows(group, place, 7):
        if {side(group, group.values[other]) for other in window} in ({1}, {-1}):
            return True
    return False


def cause(group, place):
    value = group.values[place]
    high = side(group, value) == 1
    if is_beyond(group, value):
        return "above_limit" if high else "below_limit"
    if is_in_trend(group, place):
        if place + 1 < len(group.values) and is_in_trend(group, place + 1):
            step = direction(group, place, place + 1)
        else:
            step = direction(group, place - 1, place)
        return "rising" if step == 1 else "falling"
    if is_two_in_three(group, place):
        return "near_upper" if high else "near_lower"
    if is_in_run(group, place):
        return "run_above" if high else "run_below"
    return "none"


HIGH = {"above_limit", "rising", "near_upper", "run_above"}


def meaning(found, improvement):
    if found == "none":
        return "common_cause"
    if improvement == "neutral":
        return "neutral_high" if found in HIGH else "neutral_low"
    better = HIGH if improvement == "increase" else {"below_limit", "falling", "near_lower", "run_below"}
    return "improvement" if found in better else "concern"


def chart(values, improvement, target=None, rebase_at=(), fix_after=None, screen=True):
    """Points as (value, mean, lower, upper, near lower, near upper, cause, type), and what the latest says."""
    exact = [None if value is None else Fraction(value) for value in values]
    groups = [make_group(part, fix_after, screen) for part in split(exact, rebase_at)]
    points = []
    for group in groups:
        for place, value in enumerate(group.values):
            found = cause(group, place)
            points.append((value, *lines(group), found, meaning(found, improvement)))
    kind = points[-1][-1] if points else "common_cause"
    if kind in ("improvement", "concern"):
        kind += "_high" if points[-1][-2] in HIGH else "_low"
    return {
        "points": points,
        "variation": kind,
        "assurance": assurance(groups, improvement, target),
        "trial": not groups or groups[-1].figures < 13,
    }


def lines(group):
    if group.limit is None:
        return (group.mean, None, None, None, None)
    mean, limit, near = group.mean, group.limit, group.near
    return (mean, mean - limit, mean + limit, mean - near, mean + near)


def assurance(groups, improvement, target):
    if target is None or improvement == "neutral":
        return None
    if groups and groups[-1].limit is not None and abs(target - groups[-1].mean) > groups[-1].limit:
        is_high_target = target > groups[-1].mean
        return "fail" if is_high_target == (improvement == "increase") else "pass"
    return "inconsistent"
