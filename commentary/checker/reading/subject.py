"""Whether a clause speaks of the row: its words against those of the indicator's title and definition."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from indicators.calculations.row import Row
from indicators.calculations.vocabulary import Unit

from ..words import field, plain
from .sentence import Sentence, content
from .sizes import levels
from .tokens import Mention

# What follows only says what is counted in or left out, not what the indicator is called.
_NOT_THE_NAME = re.compile(r"\b(?:excluding|including|includes|excludes)\b.*", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_SUFFIXES = ("ations", "ation", "ments", "ment", "ions", "ion", "ings", "ing", "ies", "ied", "ed", "es", "s", "e", "y")
_SHORTEST_STEM = 4


class About(Enum):
    """Whom a clause speaks of."""

    ROW = "the row"
    OTHER = "something else"
    NOBODY = "nothing that it names"


def stem(word: str) -> str:
    """The word without its endings, so that "enquiries" and "enquiry" are one."""
    word = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    if word in field.IRREGULAR:
        return field.IRREGULAR[word]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            return word.removesuffix(suffix)
    return word


def stems(words: Iterable[str]) -> frozenset[str]:
    """The stems of words, abbreviations written out, without those that name nothing."""
    written_out = (part for word in words for part in field.ABBREVIATIONS.get(word.removesuffix("'s"), word).split())
    found = {stem(word) for word in written_out}
    for group in field.SYNONYMS:
        if found & group:
            found |= group
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Subject:
    """The words of an indicator: `core` those it is called by, `known` all of its title and definition."""

    core: frozenset[str]
    known: frozenset[str]
    qualifiers: frozenset[str]
    days: frozenset[str]
    unit: Unit

    def about(self, sentence: Sentence, piece: Mention) -> About:
        """Whom the stretch speaks of.

        The row only when every word that names something is known from title or definition, and one of them is in
        the name. A count is not a percentage: "the share of" speaks of another row where the row counts.
        """
        words = _outside_numbers(sentence, piece)
        if not self._fits_unit(words):
            return About.OTHER
        named = stems(content(sentence, piece))
        if not named:
            return About.NOBODY
        if not named <= self.known or named.isdisjoint(self.core):
            return About.OTHER
        if self.unit is not Unit.PERCENTAGE and self.qualifiers and named.isdisjoint(self.qualifiers):
            return About.OTHER
        if self.days and self.days.isdisjoint(sentence.words(piece.first, piece.last)):
            return About.OTHER
        if self.unit is Unit.PERCENTAGE and words.isdisjoint(_SAY_PERCENTAGE):
            return About.ROW if sentence.within(levels(sentence, self.unit), piece) else About.OTHER
        return About.ROW

    def knows(self, words: Iterable[str]) -> bool:
        """Whether each of the words that names something is known."""
        return stems(word for word in words if word not in plain.SAY_NOTHING) <= self.known

    def names(self, words: Iterable[str]) -> bool:
        """Whether one of the words is in the indicator's name."""
        return not stems(words).isdisjoint(self.core)

    def _fits_unit(self, words: frozenset[str]) -> bool:
        counts = not words.isdisjoint(plain.COUNT_WORDS)
        shares = not words.isdisjoint(plain.SHARE_WORDS)
        rates = not words.isdisjoint(plain.RATE_WORDS)
        if self.unit is Unit.COUNT:
            return counts or not (shares or rates)
        if self.unit is Unit.PERCENTAGE:
            return shares or rates or not counts
        return rates or not (counts or shares)


def _outside_numbers(sentence: Sentence, piece: Mention) -> frozenset[str]:
    """The words of the stretch; the per cent of "3%" says nothing about what is measured."""
    taken = {place for one in sentence.amounts for place in range(one.first, one.last + 1)}
    return frozenset(sentence.tokens[place].word for place in range(piece.first, piece.last + 1) if place not in taken)


_SAY_PERCENTAGE = plain.SHARE_WORDS | plain.RATE_WORDS | plain.NEUTRAL_NOUNS
_DAYS = re.compile(r"\d+(?=[\s\d-]*(?:working\s+)?days?\b)")


def subject_of(row: Row) -> Subject:
    """The words that the row's title and definition are made of."""
    title = row.measure.title.lower()
    short_names = [inside for inside in _IN_BRACKETS.findall(title) if " " not in inside.strip()]
    name = _NOT_THE_NAME.sub("", _IN_BRACKETS.sub(" ", title))
    core = stems(_naming([*_words(name), *(word for short in short_names for word in _words(short))]))
    known = core | stems(_naming(_words(f"{title} {row.measure.definition.lower()}")))
    qualifiers = core & field.QUALIFIERS
    if "new" in qualifiers and core & field.EVENTS:
        qualifiers -= {"new"}
    return Subject(core, known, qualifiers, frozenset(_DAYS.findall(name)), row.measure.unit)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text)


def _naming(words: Iterable[str]) -> list[str]:
    return [word for word in words if word not in plain.SAY_NOTHING]
