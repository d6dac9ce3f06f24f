"""How the checks say what the row has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from commentary.facts import said_percent, said_points, said_value
from indicators.calculations.change import change
from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.formatting import format_number
from indicators.calculations.row import Row
from indicators.calculations.vocabulary import Blank, Polarity, Unit

from ..findings import Finding, FindingKind
from ..reading.sentence import Sentence
from ..reading.tokens import Mention


def finding(kind: FindingKind, sentence: Sentence, mentions: Sequence[Mention], fact: str) -> Finding:
    """A finding on the text from the first of the mentions to the end of the last."""
    start = sentence.tokens[min(one.first for one in mentions)].start
    end = sentence.tokens[max(one.last for one in mentions)].end
    return Finding(kind, sentence.text[start:end], fact, start, end)


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
    if row.measure.unit is Unit.PERCENTAGE:
        size = said_points(row, before, after)
        return f"{size} {'higher' if is_more else 'lower'}{_bracketed(per_cent)}"
    if row.measure.unit is Unit.COUNT:
        size = format_number(magnitude(after - before), row.measure.decimal_places)
        return f"{size} {more if is_more else fewer}{_bracketed(per_cent)}"
    return f"{per_cent} {'higher' if is_more else 'lower'}".lstrip()


def _bracketed(text: str) -> str:
    return f" ({text})" if text else ""
