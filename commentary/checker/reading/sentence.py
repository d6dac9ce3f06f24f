"""A sentence with all that it mentions, broken into clauses that each say one thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TypeVar

from indicators.calculations.row import Row

from ..words import plain
from .motion import Multiple, Signed, read_comparatives, read_extremes, read_motions, read_multiples
from .numbers import Amount, read_amounts
from .periods import Period, read_periods
from .references import Reference, read_references
from .tokens import Mention, Token, word_at

Kind = TypeVar("Kind", bound=Mention)

_BREAKS = frozenset(",;:()–—")
# "with a rise in referrals" opens a clause; "children with a plan" does not.
_REACH_OF_WITH = 3
_BEFORE_MOTION = plain.FUNCTION | plain.ADVERBS
_ON_TIME = [["on", "time"], ["in", "time"]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """The tokens of a sentence of `text`, and its mentions in their order."""

    text: str
    tokens: tuple[Token, ...]
    periods: tuple[Period, ...]
    amounts: tuple[Amount, ...]
    motions: tuple[Signed, ...]
    comparatives: tuple[Signed, ...]
    extremes: tuple[Signed, ...]
    multiples: tuple[Multiple, ...]
    references: tuple[Reference, ...]

    @property
    def claims(self) -> Iterable[Mention]:
        """Mentions that say something, and do not only say when or beside what."""
        return chain(self.amounts, self.motions, self.comparatives, self.extremes, self.multiples)

    @property
    def mentions(self) -> Iterable[Mention]:
        return chain(self.claims, self.periods, self.references)

    def within(self, mentions: Iterable[Kind], clause: Mention) -> list[Kind]:
        """Those of the mentions that lie in the clause."""
        return [mention for mention in mentions if clause.covers(mention.first) and clause.covers(mention.last)]

    def words(self, first: int, last: int) -> list[str]:
        """The words from one place to another, both included."""
        return [token.word for token in self.tokens[first : last + 1]]


def read_sentence(text: str, tokens: tuple[Token, ...], row: Row, region: str) -> Sentence:
    """What a sentence of the text mentions, seen from the row's month."""
    periods = read_periods(tokens, row)
    references = read_references(tokens, region)
    multiples = read_multiples(tokens)
    motions = [one for one in read_motions(tokens, row.measure.polarity) if not _overlaps(one, [*periods, *references])]
    taken = _places([*periods, *references, *multiples, *motions])
    return Sentence(
        text=text,
        tokens=tokens,
        periods=tuple(periods),
        amounts=tuple(read_amounts(tokens, taken)),
        motions=tuple(motions),
        comparatives=tuple(read_comparatives(tokens, taken)),
        extremes=tuple(one for one in read_extremes(tokens, row.measure.polarity) if one.first not in taken),
        multiples=tuple(multiples),
        references=tuple(references),
    )


def _places(mentions: Iterable[Mention]) -> frozenset[int]:
    return frozenset(place for one in mentions for place in range(one.first, one.last + 1))


def _overlaps(mention: Mention, others: Iterable[Mention]) -> bool:
    return not _places([mention]).isdisjoint(_places(others))


def split(sentence: Sentence) -> list[Mention]:
    """The clauses: stretches of tokens that hold at most one statement each, where marks and joining words show it.

    A stretch without any claim or noun of its own, as "year on year" or "However", goes with its neighbour.
    """
    edges = [0, *(place for place in range(1, len(sentence.tokens)) if _breaks(sentence, place)), len(sentence.tokens)]
    pieces = [Mention(first, behind - 1) for first, behind in pairwise(edges)]
    joined: list[Mention] = []
    for piece in pieces:
        if joined and (_is_bare(sentence, joined[-1]) or _is_bare(sentence, piece)):
            joined[-1] = Mention(joined[-1].first, piece.last)
        else:
            joined.append(piece)
    return joined


def _breaks(sentence: Sentence, place: int) -> bool:
    """Whether a new clause begins at the place."""
    inside = any(one.first < place <= one.last for one in sentence.mentions)
    if inside or _is_between(sentence, place):
        return False
    word = word_at(sentence.tokens, place)
    if word in _BREAKS:
        return True
    if word == "that":
        return word_at(sentence.tokens, place - 1) in plain.REPORTING
    if word in {"with", "following"}:
        return _opens_with_motion(sentence, place)
    return word in plain.CONNECTORS


def _is_between(sentence: Sentence, place: int) -> bool:
    """Whether it is the "and" of "between 485 and 512"."""
    words = sentence.words(max(0, place - 4), place - 1)
    return word_at(sentence.tokens, place) == "and" and "between" in words


def _opens_with_motion(sentence: Sentence, place: int) -> bool:
    opens = any(
        place < motion.first <= place + _REACH_OF_WITH
        and _BEFORE_MOTION.issuperset(sentence.words(place + 1, motion.first - 1))
        for motion in sentence.motions
    )
    return opens or word_at(sentence.tokens, place - 1) in {"line", "along", "together"}


def _is_bare(sentence: Sentence, piece: Mention) -> bool:
    return not sentence.within(sentence.claims, piece) and not content(sentence, piece)


def content(sentence: Sentence, piece: Mention) -> list[str]:
    """The words of a stretch that name something: no mention, and none that any sentence could have."""
    taken = _places(sentence.mentions)
    return [
        token.word
        for place, token in enumerate(sentence.tokens[piece.first : piece.last + 1], piece.first)
        if place not in taken and token.is_word and token.word not in plain.SAY_NOTHING
    ] + ["timely" for place in range(piece.first, piece.last) if sentence.words(place, place + 1) in _ON_TIME]
