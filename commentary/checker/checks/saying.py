"""How the checks say what the row has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from commentary.facts.line import LineFacts
from commentary.facts.wording import said_percent, said_points, said_value
from indicators.calculations.change import change
from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.formatting import format_number
from indicators.calculations.vocabulary import Blank, Polarity, Unit

from ..findings import Finding, Kind
from ..reading.sentence import Sentence
from ..reading.tokens import Mention


def finding(kind: Kind, sentence: Sentence, mentions: Sequence[Mention], fact: str) -> Finding:
    """A finding on the text from the first of the mentions to the end of the last."""
    start = sentence.tokens[min(one.first for one in mentions)].start
    end = sentence.tokens[max(one.last for one in mentions)].end
    return Finding(kind, sentence.text[start:end], fact, start, end)


def said_month(line: LineFacts, month: date) -> str:
    """ "36% in January 2021", or "no figure for January 2021 (awaited (tbc))"."""
    figure = line.figure(month)
    if figure.value is None:
        blank = figure.blank or Blank.NOT_AVAILABLE
        return f"no figure for {month:%B %Y} ({blank.label[0].lower()}{blank.label[1:]})"
    return f"{said_value(line, figure.value)} in {month:%B %Y}"


def said_change(line: LineFacts, earlier: date, later: date) -> str:
    """ "2,247 in December 2020 and 2,193 in January 2021, which is 54 fewer (2%)"."""
    both = f"{said_month(line, earlier)} and {said_month(line, later)}"
    before, after = line.value(earlier), line.value(later)
    if before is None or after is None:
        return both
    return f"{both}, which is {_apart(line, before, after, 'more', 'fewer')}"


def said_beside(line: LineFacts, own: Exact, other: Exact) -> str:
    """How a figure stands beside another one: "7 lower (22%)"."""
    return _apart(line, other, own, "higher", "lower")


def _apart(line: LineFacts, before: Exact, after: Exact, more: str, fewer: str) -> str:
    if before == after:
        return "the same"
    is_more = after > before
    relative = change(after, before, Polarity.NEUTRAL).relative
    per_cent = "" if relative is None else said_percent(relative)
    if line.unit is Unit.PERCENTAGE:
        size = said_points(line, before, after)
        return f"{size} {'higher' if is_more else 'lower'}{_bracketed(per_cent)}"
    if line.unit is Unit.COUNT:
        size = format_number(magnitude(after - before), line.decimal_places)
        return f"{size} {more if is_more else fewer}{_bracketed(per_cent)}"
    return f"{per_cent} {'higher' if is_more else 'lower'}".lstrip()


def _bracketed(text: str) -> str:
    return f" ({text})" if text else ""
