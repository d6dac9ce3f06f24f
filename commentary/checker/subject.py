"""Whether a stretch of a sentence speaks of the row: its words against those of title and definition."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from indicators.calculations.row import Row
from indicators.calculations.vocabulary import Unit

from . import words
from .items import Head, Sentence
from .numbers import Amount, AmountUnit
from .text import Mention, stem, stems
from .words import Role

# What follows only says what is counted in or left out, not what the indicator is called.
_NOT_THE_NAME = re.compile(r"\b(?:excluding|including|includes|excludes)\b.*", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_DAYS = re.compile(r"\d+(?=[\s\d-]*(?:working\s+)?days?\b)")
_ON_TIME = [["on", "time"], ["in", "time"]]
_SAY_PERCENTAGE = words.SHARES | words.RATES | words.NEUTRAL
_VERBS = words.JOINING | words.GIVING


class About(Enum):
    """Whom a clause speaks of."""

    ROW = "the row, and nothing else"
    LIKELY = "the row, with words that it doesn't know"
    OTHER = "something else"
    NOBODY = "nothing that it names"


@dataclass(frozen=True, slots=True)
class Subject:
    """The words of an indicator, as stems: `core` those it is called by, `known` all of its title and definition."""

    core: frozenset[str]
    known: frozenset[str]
    qualifiers: frozenset[str]
    days: frozenset[str]
    unit: Unit

    def about(self, sentence: Sentence, piece: Mention, *, strangers: int = 0) -> About:
        """Whom the stretch speaks of.

        The row only when every word that names something, but for `strangers`, is known from title or definition,
        and one of them is in the name. A count is not a percentage: "the share of" speaks of another row where the row
        counts.
        """
        if not self._fits_unit(frozenset(word for _, word in sentence.loose(piece))):
            return About.OTHER
        naming = self.naming(sentence, piece)
        if not naming:
            return About.NOBODY
        named = stems(naming)
        if named.isdisjoint(self.known):
            return About.OTHER
        if sum(not self.knows([word]) for word in naming) > strangers or named.isdisjoint(self.core):
            return About.LIKELY
        said = sentence.words(piece.first, piece.last)
        if self.unit is not Unit.PERCENTAGE and self.qualifiers and self.qualifiers.isdisjoint(stems(said)):
            return About.LIKELY
        if self.days and self.days.isdisjoint(said):
            return About.LIKELY
        has_levels = any(one.unit is AmountUnit.PERCENT for one in sentence.within(Amount, piece))
        if self.unit is Unit.PERCENTAGE and not has_levels and _SAY_PERCENTAGE.isdisjoint(said):
            return About.LIKELY
        return About.ROW

    def moved(self, sentence: Sentence, piece: Mention) -> About:
        """Whom a stretch says a movement of: what stands in front of its verb, if that is the row and no part of it."""
        loose = sentence.loose(piece)
        moves = [one.last for one in sentence.within(Head, piece) if one.role is Role.MOVE]
        heads = [one.first for one in sentence.within(Head, piece) if one.role in {Role.MOVE, Role.STAND}]
        verbs = [at for at, word in loose if word in _VERBS or self._is_verb(word)]
        noun = next((at for at in verbs if moves and at > moves[0]), None)
        if noun is not None and not self.naming(sentence, Mention(piece.first, noun - 1)):
            # "The 33% drop reflects …": whose drop it is was said before.
            return self.about(sentence, Mention(piece.first, noun - 1))
        named = [at for at in (*heads, *verbs) if self.naming(sentence, Mention(piece.first, at - 1))]
        end = min(named, default=piece.last)
        front = self.about(sentence, Mention(piece.first, end - 1)) if piece.first < end < piece.last else None
        if front is not About.ROW or self._is_parted(sentence, Mention(end, piece.last)):
            return self.about(sentence, piece)
        return About.ROW

    def _is_parted(self, sentence: Sentence, piece: Mention, parting: frozenset[str] = words.PARTING) -> bool:
        """Whether it goes on about a part: "rose among teenagers", "fell in the north"."""
        loose = [word for _, word in sentence.loose(piece)]
        return any(word in parting and not self.knows(loose[at + 1 : at + 4]) for at, word in enumerate(loose))

    def begins(self, sentence: Sentence, piece: Mention) -> bool:
        """Whether a text can begin so about its row: with one unknown word at most, and no part set apart."""
        supposed = not words.SUPPOSED.isdisjoint(sentence.words(piece.first, piece.last))
        is_parted = self._is_parted(sentence, piece, words.PARTING | words.BEFORE_PART)
        return self.about(sentence, piece, strangers=1) is About.ROW and not (supposed or is_parted)

    def naming(self, sentence: Sentence, piece: Mention) -> list[str]:
        """The words that name something: in no item, and none that any sentence could have."""
        loose = [(at, word) for at, word in sentence.loose(piece) if sentence.tokens[at].is_word]
        named = [word for _, word in loose if not self._says_nothing(word)]
        on_time = any(sentence.words(place, place + 1) in _ON_TIME for place in range(piece.first, piece.last))
        return [*named, "timely"] if on_time else named

    def knows(self, named: Iterable[str]) -> bool:
        """Whether each of the words that names something is known."""
        return all(self._says_nothing(word) or stems([word]) & self.known for word in named if word[0].isalpha())

    def _says_nothing(self, word: str) -> bool:
        silent = word in words.SAY_NOTHING or stem(word) in words.COMPANIONS or word.endswith("n't")
        return silent or self._is_verb(word)

    def _is_verb(self, word: str) -> bool:
        """Whether it is a verb that any measure can have: "handled", "running"."""
        if not word.endswith(("ed", "ing", "ly")) or word in words.NOUNS or stem(word) in self.known | words.QUALIFIERS:
            return False
        return len(word) > 4

    def _fits_unit(self, said: frozenset[str]) -> bool:
        counts, shares, rates = (not said.isdisjoint(one) for one in (words.COUNTS, words.SHARES, words.RATES))
        if self.unit is Unit.COUNT:
            return counts or not (shares or rates)
        if self.unit is Unit.PERCENTAGE:
            return shares or rates or not counts
        return rates or not (counts or shares)


def subject_of(row: Row) -> Subject:
    """The words that the row's title and definition are made of."""
    return _subject(row.measure.title.lower(), row.measure.definition.lower(), row.measure.unit)


@lru_cache(maxsize=1024)
def _subject(title: str, definition: str, unit: Unit) -> Subject:
    name = _NOT_THE_NAME.sub("", _IN_BRACKETS.sub(" ", title))
    in_brackets = [_NOT_THE_NAME.sub("", inside) for inside in _IN_BRACKETS.findall(title)]
    core, known = (
        stems(word for word in _WORDS.findall(text) if word not in words.SAY_NOTHING)
        for text in (" ".join([name, *in_brackets]), f"{title} {definition}")
    )
    qualifiers = core & words.QUALIFIERS
    if "new" in qualifiers and core & words.EVENTS:
        qualifiers -= {"new"}
    return Subject(core, core | known, qualifiers, frozenset(_DAYS.findall(name)), unit)
