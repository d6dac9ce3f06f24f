"""What a line gives reason to ask before it is sent: its figures, what hangs together with them, and its words.

A warning stops nobody: the reporter says why it is right all the same. Pure, like the calculations.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import NamedTuple

from commentary.checker import check as check_words
from indicators.calculations.cautions import UNUSUAL, Caution, same, unusual
from indicators.calculations.change import breaks_between
from indicators.calculations.consistency import (
    CheckKind,
    CheckResult,
    CheckRole,
    compare_limit,
    compare_parts,
    compare_stock,
)
from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.formatting import format_change, format_number
from indicators.calculations.months import add_months
from indicators.calculations.noteworthy import calls_for_words, has_too_few, new_gap
from indicators.calculations.row import PeerGroup, Row
from indicators.calculations.signal import Usual
from indicators.calculations.vocabulary import Movement, Rating, Unit

NO_COMMENTARY, OVER_100 = "no-commentary", "over-100"
# How the codes of what is asked about words begin.
WORDS = "words-"
ASK_ABOUT_WORDS = "Correct the commentary, or say why it is right:"
ASK_FOR_COMMENTARY = "Write a commentary, or say why none is needed:"
# Whether a figure is right, and why, is one question: a commentary answers both.
ASK_FOR_BOTH = "Correct it; or if it is right, write a commentary that says why, or say why none is needed:"
# What a commentary answers.
ANSWERED_BY_COMMENTARY = (NO_COMMENTARY, UNUSUAL)
FEWEST_MORE = 5
MOST_CHECK_DECIMALS = 1


class CheckPart(NamedTuple):
    """Another indicator in a check, with its key, its figure in the month, and who reports it ("" for nobody)."""

    role: CheckRole
    reference: str
    value: Exact | None
    key: int
    reporter: str


class LineCheck(NamedTuple):
    """A check between indicators, with the month's figures filled in.

    `before` is the figure of the period before, which `period_before` names, as “Last month”.
    """

    code: str
    kind: CheckKind
    reference: str
    value: Exact | None
    before: Exact | None
    parts: tuple[CheckPart, ...]
    total: Exact | None
    tolerance: Exact
    note: str
    period_before: str = "Last month"

    def is_other(self, part: CheckPart) -> bool:
        """Whether a part is another indicator; with a fixed total the one checked is usually a part itself."""
        return part.reference != self.reference


def cautions_for(
    row: Row,
    checks: Sequence[LineCheck],
    *,
    text: str,
    last_text: str = "",
    groups: Sequence[PeerGroup] = (),
    from_change: Exact,
    may_exceed_100: bool,
    is_derived: bool,
    sources: frozenset[int] = frozenset(),
    usual: Usual | None = None,
    is_told_at_count: bool = False,
    slip: Caution | None = None,
) -> list[Caution]:
    """Every warning about the figure of the row's last month and about its commentary, in the order to read them.

    A blank has none but those of its checks and its words. `text` is the month's commentary, `last_text` that of the
    month before. `from_change` is the relative change (0.2 is 20%) from which a line of too few figures for a signal
    must say something about itself. `groups` are those that a commentary may compare with, `sources` the indicators
    that the line is worked out from. `usual` are the limits by which its signal judges the month's figure; one beyond
    them is asked about as long as no commentary says why. `is_told_at_count` says that the line is a share or rate of a
    count that is asked about the same thing: then it is asked there. `slip` is what looks like one of typing: it is
    asked whatever the commentary says, and in place of whether the figure is unusual.
    """
    figure, before = row.figures[-1], row.figure(_month_before(row))
    asked_of = None if slip else usual
    unexplained = None if text.strip() else _unexplained(row, asked_of, from_change, is_told_at_count=is_told_at_count)
    own = [
        slip,
        _over_100(row, sources) if is_derived and not may_exceed_100 else None,
        unexplained if unexplained and unexplained.code == UNUSUAL else None,
        None
        if is_derived
        else same(figure, before, row.measure.periods.of(_month_before(row)).phrase, row.measure.unit),
        unexplained if unexplained and unexplained.code != UNUSUAL else None,
    ]
    # A stock that is counted otherwise than last month's need not follow from it.
    fitting = [check for check in checks if check.kind is not CheckKind.STOCK or not _is_counted_anew(row)]
    of_figures = [caution for caution in (*own, *map(_caution_of, fitting)) if caution]
    return [*of_figures, *(_about_words(row, text, last_text, groups) if text.strip() else ())]


def _over_100(row: Row, sources: frozenset[int]) -> Caution | None:
    value, _, _, numerator, denominator, _ = row.figures[-1]
    if row.measure.unit is not Unit.PERCENTAGE or value is None or value <= 100:
        return None
    guarded = "More than 100%. The part is above the whole."
    if numerator is None or denominator is None:
        return Caution(OVER_100, guarded, str(value))
    message = (
        f"More than 100%: {format_number(numerator)} of {format_number(denominator)}. The part is above the whole."
    )
    return Caution(OVER_100, message, str(value), quotes=sources, guarded=guarded)


def _unexplained(row: Row, usual: Usual | None, from_change: Exact, *, is_told_at_count: bool) -> Caution | None:
    """The one question about a figure that no commentary explains: that it is unusual, or what else readers ask."""
    if is_told_at_count and row.rating is not Rating.RED and not new_gap(row):
        return None
    odd = unusual(row.figures[-1].value, usual, row.measure.texts_apart, row.text_at(-1))
    if odd is None or is_told_at_count:
        return _without_commentary(row, from_change)
    return odd._replace(message=f"{odd.message} Readers will ask why.", ask=ASK_FOR_BOTH)


def _without_commentary(row: Row, from_change: Exact) -> Caution | None:
    """What a line without commentary should have written about: only the figure of this month asks for any.

    That is a signal, a target missed, or a new gap. A move that chance explains asks for nothing, however large; where
    there are too few figures to tell, one from `from_change` on asks.
    """
    value, change = row.figures[-1].value, row.change_month
    if row.current_month != row.months[-1] or value is None:
        return None
    if because := calls_for_words(row):
        message = f"{because}, and without commentary: readers will ask why."
        return Caution(NO_COMMENTARY, message, str(value), ASK_FOR_COMMENTARY)
    if not has_too_few(row):
        return None
    before = _previous(row)
    moved = None if before is None else magnitude(value - before)
    if moved is None or change.movement in (None, Movement.LEVEL):
        return None
    # Where figures can be negative, compared with the one that is further from 0.
    furthest = max(magnitude(value), magnitude(before or 0))
    size = Fraction(moved) / furthest if row.measure.allows_negative and furthest else change.relative
    if size is None or magnitude(size) < from_change:
        return None
    # A count must have moved by more than a few; of other units every large change is worth a word.
    if row.measure.unit is Unit.COUNT and moved < FEWEST_MORE:
        return None
    breaks = row.breaks_since(row.previous_month)
    if breaks:
        message = (
            f"Counted differently since {breaks[-1].month:%B %Y}, so the change since "
            f"{row.measure.periods.of(_month_before(row)).said} says little: readers will ask why."
        )
        return Caution(NO_COMMENTARY, message, str(value), ASK_FOR_COMMENTARY)
    way = "rose" if change.movement is Movement.UP else "fell"
    if change.relative is None:
        by = row.measure.difference_text(value, before or 0)
    else:
        by = format_change(magnitude(change.relative))
    message = f"The figure {way} by {by} since {row.measure.periods.of(_month_before(row)).said}, without commentary."
    return Caution(NO_COMMENTARY, message, str(value), ASK_FOR_COMMENTARY)


def _is_counted_anew(row: Row) -> bool:
    """Whether the last month is counted otherwise than the month, quarter, term … before it."""
    return bool(breaks_between(row.breaks, _month_before(row), row.months[-1]))


def _previous(row: Row) -> Exact | None:
    """The figure before that of the last month: of the month, quarter, term … before it."""
    return row.value(_month_before(row))


def _month_before(row: Row) -> date:
    return row.measure.periods.previous(row.months[-1])


def _about_words(row: Row, text: str, last_text: str, groups: Sequence[PeerGroup]) -> list[Caution]:
    """Where the commentary says what its row contradicts; asked about as long as phrase and fact stay the same."""
    others = {add_months(row.months[-1], -1): last_text} if last_text else {}
    cautions = []
    for found in check_words(text, row, others, groups=groups):
        # Named within its line by its phrase: two findings of one kind are two questions.
        code = f"{WORDS}{found.kind}-{sha256(found.phrase.encode()).hexdigest()[:8]}"
        cautions.append(Caution(code, found.message, f"{found.phrase}: {found.fact}", ASK_ABOUT_WORDS))
    return cautions


# Checks between indicators: figures that belong together and don't fit


def _caution_of(check: LineCheck) -> Caution | None:
    """The warning of a check; None when the figures fit, or one of them is missing."""
    terms = [(part.role, part.value) for part in check.parts]
    if not terms:
        # The indicators it was made with have all been deleted since.
        comparison = None
    elif check.kind is CheckKind.PARTS:
        whole = check.value if check.total is None else check.total
        comparison = compare_parts(whole, terms, check.tolerance)
    elif check.kind is CheckKind.STOCK:
        comparison = compare_stock(check.value, check.before, terms, check.tolerance)
    else:
        comparison = compare_limit(check.value, terms, check.tolerance)
    if comparison is None or comparison.fits:
        return None
    full, guarded = (" ".join(filter(None, (words, check.note))) for words in _in_words(check, comparison))
    parts = " ".join(f"{part.reference}={part.value}" for part in check.parts)
    about = f"{comparison.found} {comparison.expected} {parts}"
    quotes = frozenset(part.key for part in check.parts if check.is_other(part))
    return Caution(check.code, full, about, quotes=quotes, guarded=guarded)


def _in_words(check: LineCheck, comparison: CheckResult) -> tuple[str, str]:
    """In full, and for those who may not read the others' figures.

    To them not even the direction of a sum is told: less than 1 is none.
    """
    reference, value = check.reference, _short(check.value or 0)
    found, expected = _short(comparison.found), _short(comparison.expected)
    if check.kind is CheckKind.STOCK:
        full, guarded = (_flows(check, in_full=in_full) for in_full in (True, False))
        return f"{full} gives {expected}, but {reference} is {found}.", f"{guarded} doesn’t give {reference} ({value})."
    role = CheckRole.PART if check.kind is CheckKind.PARTS else CheckRole.LIMIT
    full, guarded = (_sum_of(check, role, in_full=in_full) for in_full in (True, False))
    if check.kind is CheckKind.LIMIT:
        return f"{reference} is {found}, more than {full}.", f"{reference} is {value}, more than {guarded}."
    if check.total is None:
        whole = f"{reference} ({value})"
        return f"{full} add up to {found}, but {reference} is {expected}.", f"{guarded} don’t add up to {whole}."
    return f"{full} add up to {found}, but {expected} was expected.", f"{guarded} don’t add up to {expected}."


def _flows(check: LineCheck, *, in_full: bool) -> str:
    inflow, outflow = (_sum_of(check, role, in_full=in_full) for role in (CheckRole.INFLOW, CheckRole.OUTFLOW))
    before = f"{check.period_before}’s {_short(check.before or 0)}"
    return f"{before}, plus {inflow or 'nothing'}, less {outflow or 'nothing'}"


def _sum_of(check: LineCheck, role: CheckRole, *, in_full: bool) -> str:
    """Those of the parts that have the role, each with its figure or with whom to ask for it."""
    named = []
    for part in check.parts:
        if part.role is role:
            ask = f"ask {part.reporter}" if part.reporter else "which nobody reports"
            told = _short(part.value or 0) if in_full or not check.is_other(part) else ask
            named.append(f"{part.reference} ({told})")
    return " + ".join(named)


def _short(value: Exact) -> str:
    """A number as a sentence shows it: whole where it is, else with one decimal."""
    return format_number(value, 0 if value == int(value) else MOST_CHECK_DECIMALS)
