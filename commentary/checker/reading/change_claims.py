"""Reading what a clause claims about a change: which way, from when to when, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from indicators.calculations.months import add_months
from indicators.calculations.row import Row

from ..words import motion as words
from ..words import plain
from .clauses import Clause
from .dates import is_baseline
from .motion import Multiple, Signed
from .numbers import Amount
from .periods import Period
from .sentence import content
from .sizes import size_of
from .subject import Subject
from .tokens import Mention, word_at

_REACH_OF_AMOUNT_WORD = 3


@dataclass(frozen=True, slots=True)
class ChangeClaim:
    """That a figure moved from `earlier` to `later`, or is so many times the earlier one.

    `sign` is that of the movement, 0 for none. Without `says_when` the text gave no period at all.
    """

    mentions: tuple[Mention, ...]
    sign: int
    size: Amount | None
    multiple: Multiple | None
    earlier: date
    later: date
    says_when: bool


def read_change(clause: Clause, row: Row, subject: Subject) -> ChangeClaim | None:
    """What the clause claims; None when it claims no change, several, or one whose time is not clear."""
    sentence = clause.sentence
    multiples = clause.own(sentence.multiples)
    stated = [*_motions(clause), *_comparatives(clause, subject)]
    flipped = _past_stood_higher(clause, row)
    if flipped is not None:
        return flipped
    if len({one.sign for one in stated}) != 1 and not (multiples and not stated):
        return None
    when = _when(clause, row)
    if when is None:
        return None
    earlier, later, periods = when
    size = next((found for one in stated if (found := size_of(sentence, one))), None)
    said: list[Mention] = [*multiples, *stated, *([size] if size else []), *periods]
    return ChangeClaim(
        mentions=tuple(said),
        sign=stated[0].sign if stated else 0,
        size=size,
        multiple=multiples[0] if multiples else None,
        earlier=earlier,
        later=later,
        says_when=bool(periods),
    )


def _motions(clause: Clause) -> list[Signed]:
    """Movements, but not those of an average or of others, nor comparisons with them ("better than England")."""
    others = [one.first for one in clause.own(clause.sentence.references)]
    return [
        motion
        for motion in clause.own(clause.sentence.motions)
        if not any(at < motion.first or _compares(clause, motion) for at in others)
    ]


def _compares(clause: Clause, motion: Signed) -> bool:
    return not words.COMPARING.isdisjoint(clause.sentence.words(motion.first, motion.last))


def _comparatives(clause: Clause, subject: Subject) -> list[Signed]:
    """Comparatives set against a period, or opening the clause: "fewer than in December", "Fewer contacts came in"."""
    sentence = clause.sentence
    return [
        one
        for one in clause.own(sentence.comparatives)
        if _against_period(clause, one) or _opens(clause, one, subject) or _is_predicate(clause, one)
    ]


def _against_period(clause: Clause, comparative: Signed) -> bool:
    tokens = clause.sentence.tokens
    place = comparative.first
    if tokens[place].word not in words.STANDS_ALONE:
        thans = [at for at in range(place, clause.last + 1) if tokens[at].word == "than"]
        if not thans:
            return False
        place = thans[0]
    for period in clause.own(clause.sentence.periods):
        between = clause.sentence.words(place + 1, period.first - 1)
        if period.first > place:
            return all(word in plain.SAY_NOTHING or not word[0].isalpha() for word in between)
    return False


def _opens(clause: Clause, comparative: Signed, subject: Subject) -> bool:
    """Whether it is an amount of what the row counts, as in "Fewer contacts came in"; not "Three more came in"."""
    sentence = clause.sentence
    if sentence.tokens[comparative.first].word not in words.AMOUNT_WORDS or size_of(sentence, comparative):
        return False
    if "than" in sentence.words(comparative.first, clause.last) or clause.own(sentence.references):
        return False
    behind = sentence.words(comparative.last + 1, comparative.last + _REACH_OF_AMOUNT_WORD)
    front = sentence.words(clause.first, comparative.first - 1)
    return subject.knows(word for word in front if word[0].isalpha()) and bool(behind) and subject.names(behind)


def _is_predicate(clause: Clause, comparative: Signed) -> bool:
    """Whether it ends a statement by itself: "was slightly lower in January"; not "lower than …"."""
    sentence = clause.sentence
    if word_at(sentence.tokens, comparative.first) not in words.ADJECTIVES:
        return False
    front = [word for word in sentence.words(clause.first, comparative.first - 1) if word not in plain.ADVERBS]
    if not front or front[-1] not in words.LINKING:
        return False
    in_periods = {place for one in sentence.periods for place in range(one.first, one.last + 1)}
    rest = [word_at(sentence.tokens, at) for at in range(comparative.last + 1, clause.last + 1) if at not in in_periods]
    return all(word in plain.FUNCTION - {"than"} for word in rest if word[0].isalnum())


def _past_stood_higher(clause: Clause, row: Row) -> ChangeClaim | None:
    """ "In January 2020 it was far higher": the earlier figure is what stands higher or lower."""
    sentence = clause.sentence
    periods = clause.own(sentence.periods)
    comparatives = clause.own(sentence.comparatives)
    if len(periods) != 1 or len(comparatives) != 1 or clause.own(sentence.references):
        return None
    period, comparative = periods[0], comparatives[0]
    word = word_at(sentence.tokens, comparative.first)
    behind = word_at(sentence.tokens, comparative.last + 1)
    past = (
        period.month is not None
        and period.month < row.current_month
        and word_at(sentence.tokens, period.first - 1) == "in"
    )
    if not past or word not in words.ADJECTIVES or behind == "than" or period.first > comparative.first:
        return None
    if period.month is None or size_of(sentence, comparative):
        return None
    return ChangeClaim(
        (period, comparative), -comparative.sign, None, None, period.month, row.current_month, says_when=True
    )


def _when(clause: Clause, row: Row) -> tuple[date, date, list[Period]] | None:
    """From which month to which; with the periods that say so. None where that is not clear."""
    sentence = clause.sentence
    periods = clause.own(sentence.periods)
    earlier = [one for one in periods if one.is_stretch or is_baseline(sentence, one)]
    later = [one for one in periods if one not in earlier]
    if not earlier and len(later) == 2 and {"from", "between"} & set(sentence.words(clause.first, later[0].first)):
        earlier, later = later[:1], later[1:]
    if len(earlier) > 1 or len(later) > 1 or any(one.month is None for one in periods):
        return None
    if not periods and any(
        one.month != row.current_month and _could_be_its_time(clause, one) for one in sentence.periods
    ):
        return None
    end = later[0].month if later else row.current_month
    if end is None or (later and end != row.current_month and not later[0].is_named):
        return None
    begin = earlier[0].month if earlier else add_months(end, -row.measure.frequency.months)
    return None if begin is None or begin >= end else (begin, end, periods)


def _could_be_its_time(clause: Clause, period: Period) -> bool:
    """Whether a period of another clause can be meant: "fell to 164 (204 in October)", nothing else named between."""
    between = Mention(clause.last + 1, period.first - 1)
    if period.last < clause.first:
        between = Mention(period.last + 1, clause.first - 1)
    return not content(clause.sentence, between)
