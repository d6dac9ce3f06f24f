"""Which month a figure is said to be of, and which months others are set against."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..words import periods, plain
from ..words.references import Beside
from ..words.table import word_set
from .numbers import Amount
from .periods import Period
from .sentence import Sentence
from .sizes import levels
from .subject import Subject
from .tokens import Mention, word_at

_REACH = 12
_BEFORE_MONTH = word_set("in for during at of on as by")
_NEEDS_NO_PREPOSITION = frozenset(("this", "currently", "now"))
_BEFORE_BASELINE = word_set(
    "in the that at of for during with this its level figure number recorded seen reported per % percent cent"
)
# "May 19, which had 40%", "December (8%)": the number is the month's, whatever the month is compared with.
_EXPLAINING = [[",", "which"], ["which"], ["("], [":"]]
_LINKING = plain.FUNCTION | plain.ADVERBS | plain.JOINING | plain.NEUTRAL_NOUNS | plain.COUNT_WORDS | plain.SHARE_WORDS


def dated(sentence: Sentence, subject: Subject) -> list[tuple[Amount, Period]]:
    """Each figure that stands beside a month, with that month: "84% in January", "December's 11"."""
    found = []
    for amount in levels(sentence, subject.unit):
        period = _period_behind(sentence, amount, subject) or _period_in_front(sentence, amount, subject)
        if period is not None:
            found.append((amount, period))
    return found


def is_baseline(sentence: Sentence, period: Period) -> bool:
    """Whether a figure is set against the period: "than in December", "since September", "from 8% in December"."""
    place = period.first - 1
    while place >= 0 and (word_at(sentence.tokens, place) in _BEFORE_BASELINE or _is_in_number(sentence, place)):
        place -= 1
    word = word_at(sentence.tokens, place)
    if word == "to":
        return word_at(sentence.tokens, place - 1) in {"compared", "comparison", "relative"}
    return word in periods.BASELINE_WORDS


def _is_in_number(sentence: Sentence, place: int) -> bool:
    """Whether it belongs to a number with its bound: "over 5", "more than 5"."""
    if sentence.tokens[place].is_number:
        return True
    ahead = next(
        (at for at in (place + 1, place + 2) if at < len(sentence.tokens) and sentence.tokens[at].is_number), None
    )
    bound = sentence.words(place, ahead - 1) if ahead is not None else []
    return bound in (["over"], ["under"], ["than"], ["more", "than"], ["less", "than"], ["fewer", "than"])


def _period_behind(sentence: Sentence, amount: Amount, subject: Subject) -> Period | None:
    """ "84% of single assessments in January": nothing but known words up to the month, and "in" before it."""
    period = next((one for one in sentence.periods if one.first > amount.last), None)
    if period is None or period.is_stretch or period.first - amount.last > _REACH:
        return None
    between = sentence.words(amount.last + 1, period.first - 1)
    if _is_interrupted(sentence, amount.last + 1, period.first - 1) or not _is_plain(between):
        return None
    if _sets_against(between) or not subject.knows(_alphabetic(between)):
        return None
    needs_none = word_at(sentence.tokens, period.first) in _NEEDS_NO_PREPOSITION
    return period if needs_none or (between[-1:] and between[-1] in _BEFORE_MONTH) else None


def _period_in_front(sentence: Sentence, amount: Amount, subject: Subject) -> Period | None:
    """ "January saw 84%", "December's 11", "In December it rose to 1,787"."""
    period = next((one for one in reversed(sentence.periods) if one.last < amount.first), None)
    if period is None or period.is_stretch or amount.first - period.last > _REACH:
        return None
    if any(one.beside is Beside.AVERAGE and one.last < period.first for one in sentence.references):
        return None
    rises = _rises_to(sentence, amount)
    stretch = range(period.last + 1, amount.first)
    between = [word_at(sentence.tokens, at) for at in stretch if not any(one.covers(at) for one in rises)]
    opener = next((one for one in _EXPLAINING if between[: len(one)] == one), [])
    if between[:1] == [","] and _opens(sentence, period):
        opener = [","]
    if not opener and is_baseline(sentence, period):
        return None
    if _is_interrupted(sentence, period.last + 1, amount.first - 1, but=rises):
        return None
    rest = between[len(opener) :]
    if not _is_plain(rest):
        return None
    return period if subject.knows(word for word in _alphabetic(rest) if word not in _LINKING) else None


def _opens(sentence: Sentence, period: Period) -> bool:
    """Whether a clause begins with it: "In January, 94% …"."""
    before = sentence.words(max(0, period.first - 2), period.first - 1)
    return before[-1:] != [] and before[-1] in _BEFORE_MONTH and (len(before) == 1 or not before[0][0].isalnum())


def _rises_to(sentence: Sentence, amount: Amount) -> Sequence[Mention]:
    """The movement right before "to" and the number: "rose to 508"."""
    if word_at(sentence.tokens, amount.first - 1) != "to":
        return ()
    return [motion for motion in sentence.motions if amount.first - 3 <= motion.last <= amount.first - 2]


def _is_interrupted(sentence: Sentence, first: int, last: int, but: Sequence[Mention] = ()) -> bool:
    """Whether anything else is mentioned from one place to another."""
    stretch = Mention(first, last)
    return any(stretch.covers(one.first) and one not in but for one in sentence.mentions)


def _sets_against(words: Sequence[str]) -> bool:
    """Whether what follows is what something is set against; "looked after" is none."""
    return any(word in periods.BASELINE_WORDS and before != "looked" for before, word in pairwise(["", *words]))


def _is_plain(words: Sequence[str]) -> bool:
    """Whether there are only words and numbers, and no word that opens a new clause."""
    return all(word[0].isalnum() for word in words) and plain.CONNECTORS.isdisjoint(words)


def _alphabetic(words: Sequence[str]) -> list[str]:
    return [word for word in words if word[0].isalpha()]
