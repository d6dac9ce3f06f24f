"""Reading which way a text says that figures went, stand or stood: up, down, higher, lower, highest, lowest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.calculations.vocabulary import Polarity

from ..words import motion as words
from ..words.motion import Motion
from .tokens import Mention, Token, phrases, word_at

# How far in front of an extreme what takes it back can stand: "close to the highest".
REACH_OF_NOT_QUITE = 3
_SIGNS = {Motion.UP: 1, Motion.DOWN: -1, Motion.SAME: 0}


@dataclass(frozen=True, slots=True)
class Signed(Mention):
    """A word or phrase with its sign: 1 up or higher, -1 down or lower, 0 the same."""

    sign: int


@dataclass(frozen=True, slots=True)
class Multiple(Mention):
    """How many times the earlier figure the later one is said to be: at least, at most."""

    at_least: tuple[int, int] | None
    at_most: tuple[int, int] | None


def read_motions(tokens: Sequence[Token], polarity: Polarity) -> list[Signed]:
    """Words that say by themselves that a figure moved; better and worse only where the polarity is known."""
    found = []
    for mention, motion in phrases(tokens, words.MOTIONS):
        known = _sign(motion, polarity)
        if known is not None and not _is_infinitive(tokens, mention):
            found.append(Signed(mention.first, mention.last, known))
    for mention, sign in phrases(tokens, words.UP_AND_DOWN):
        if _moves(tokens, mention.first):
            found.append(Signed(mention.first, mention.last, sign))
    return sorted(found, key=lambda signed: signed.first)


def _sign(motion: Motion, polarity: Polarity) -> int | None:
    if motion in _SIGNS:
        return _SIGNS[motion]
    good = {Polarity.HIGH: 1, Polarity.LOW: -1}.get(polarity)
    if good is None:
        return None
    return good if motion is Motion.BETTER else -good


def _is_infinitive(tokens: Sequence[Token], mention: Mention) -> bool:
    """Whether it is only what something is to do: "to fall", but not "continues to fall"."""
    if word_at(tokens, mention.first) not in words.BASE_FORMS or word_at(tokens, mention.first - 1) != "to":
        return False
    return not word_at(tokens, mention.first - 2).startswith("continu")


def _moves(tokens: Sequence[Token], place: int) -> bool:
    """Whether "up" or "down" is about a figure: "up 3%", "down from 8%"; not "set up", "up to"."""
    behind = word_at(tokens, place + 1)
    if word_at(tokens, place - 1) in words.PHRASAL:
        return False
    return behind in words.AFTER_UP_AND_DOWN or behind[:1].isdigit()


def read_comparatives(tokens: Sequence[Token], taken: frozenset[int]) -> list[Signed]:
    """More, fewer, above and the like; without "more than 20%", which bounds a number."""
    found = []
    for mention, sign in phrases(tokens, words.COMPARATIVES):
        place = mention.first
        bounds = word_at(tokens, place + 1) == "than" and word_at(tokens, place + 2)[:1].isdigit()
        if place not in taken and not bounds:
            found.append(Signed(place, place, sign))
    return found


def read_extremes(tokens: Sequence[Token], polarity: Polarity) -> list[Signed]:
    """Highest, lowest and the like, where nothing in front takes them back."""
    found = []
    for mention, motion in phrases(tokens, words.EXTREMES):
        sign = _sign(motion, polarity)
        before = {word_at(tokens, mention.first - back) for back in range(1, REACH_OF_NOT_QUITE + 1)}
        if sign and before.isdisjoint(words.NOT_QUITE):
            found.append(Signed(mention.first, mention.last, sign))
    return found


def read_multiples(tokens: Sequence[Token]) -> list[Multiple]:
    """Doubled, halved and the like."""
    return [Multiple(mention.first, mention.last, *bounds) for mention, bounds in phrases(tokens, words.MULTIPLES)]
