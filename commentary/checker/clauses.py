"""A text as clauses, each knowing whether it speaks of the row: its words against those of title and definition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from indicators.calculations.exact import magnitude
from indicators.calculations.row import PeerGroup, Row
from indicators.calculations.vocabulary import Unit

from . import words
from .items import Head, Reference, Sentence
from .numbers import Amount, AmountUnit
from .pairing import PairedSentence
from .statements import is_figure
from .text import Mention, Token, stem, stems
from .words import Beside

# What follows only says what is counted in or left out, not what the indicator is called.
_NOT_THE_NAME = re.compile(r"\b(?:excluding|including|includes|excludes)\b.*", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_DAYS = re.compile(r"\d+(?=[\s\d-]*(?:working\s+)?days?\b)")
_ON_TIME = [["on", "time"], ["in", "time"]]
_SAY_PERCENTAGE = words.SHARES | words.RATES | words.NEUTRAL
_BREAKS = frozenset(",;:()–—")
# So small a number can be right by chance.
SMALLEST_TELLING, SMALLEST_TELLING_COUNT = 10, 20


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

    def about(self, sentence: Sentence, piece: Mention) -> About:
        """Whom the stretch speaks of.

        The row only when every word that names something is known from title or definition,
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
        if not self.knows(naming) or named.isdisjoint(self.core):
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

    def naming(self, sentence: Sentence, piece: Mention) -> list[str]:
        """The words that name something: in no item, and none that any sentence could have."""
        loose = [(at, word) for at, word in sentence.loose(piece) if sentence.tokens[at].is_word]
        named = [word for _, word in loose if not self._says_nothing(word)]
        on_time = any(sentence.words(place, place + 1) in _ON_TIME for place in range(piece.first, piece.last))
        return [*named, "timely"] if on_time else named

    def knows(self, named: Iterable[str]) -> bool:
        """Whether each of the words that names something is known."""
        return all(self._says_nothing(word) or stems([word]) & self.known for word in named if word[0].isalpha())

    def is_strange_to(self, sentence: Sentence, piece: Mention) -> bool:
        """Whether the stretch names something, and nothing that is known."""
        naming = self.naming(sentence, piece)
        return bool(naming) and not any(self.knows([word]) for word in naming)

    def is_left_by(self, head: Head, clause: Clause) -> bool:
        """Whether what follows names something else that moved, or did not: "no change in approach", "at the top"."""
        sentence, behind = clause.sentence, Mention(head.last + 2, min(head.last + 4, clause.last))
        joint = sentence.word(head.last + 1)
        if not head.sign and joint == "at":
            return not sentence.within(Amount, behind)
        # "No change to report" is about what there is to say.
        is_report = not head.sign and joint == "to" and sentence.word(head.last + 2) == "report"
        return is_report or (joint in {"in", "to", "of"} and self.is_strange_to(sentence, behind))

    def _says_nothing(self, word: str) -> bool:
        """Whether any sentence could have it, as verbs that any measure can have: "handled", "running"."""
        if word in words.SAY_NOTHING or stem(word) in words.COMPANIONS or word.endswith("n't"):
            return True
        is_noun = word in words.NOUNS or stem(word) in self.known | words.QUALIFIERS
        return len(word) > 4 and word.endswith(("ed", "ing", "ly")) and not is_noun

    def _fits_unit(self, said: frozenset[str]) -> bool:
        counts, shares, rates = (not said.isdisjoint(one) for one in (words.COUNTS, words.SHARES, words.RATES))
        fits = {Unit.COUNT: counts or not (shares or rates), Unit.PERCENTAGE: shares or rates or not counts}
        return fits.get(self.unit, rates or not (counts or shares))


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


@dataclass(frozen=True, slots=True)
class Clause(Mention):
    """A stretch of a sentence that holds one statement at most."""

    sentence: PairedSentence
    about: About

    def is_denied(self, place: int) -> bool:
        """Whether a word that denies stands in front."""
        ahead = [word for at, word in self.sentence.loose(self) if at < place]
        return any(word in words.NEGATIONS or word.endswith("n't") for word in ahead)

    def has_time_elsewhere(self, subject: Subject, now: date) -> bool:
        """Whether a time of another clause can be meant: "fell to 164 (204 in October)", nothing else named between."""
        others = [one for one in self.sentence.periods if one.month != now]
        behind = self.last + 1
        if subject.naming(self.sentence, self) and self.about is About.ROW:
            return self.sentence.word(behind) == "(" and any(one.first > behind for one in others)
        in_front = [Mention(one.last + 1, self.first - 1) for one in others if one.last < self.first]
        gaps = [*in_front, *(Mention(behind, one.first - 1) for one in others if one.last >= self.first)]
        return any(not subject.naming(self.sentence, gap) for gap in gaps)


def read_clauses(
    read: Sequence[tuple[Token, ...]], row: Row, subject: Subject, groups: tuple[PeerGroup, ...]
) -> list[Clause]:
    """The clauses of a text in their order; questions have none.

    A clause that names nothing goes on about what the clause before spoke of; the first one speaks of the row.
    """
    found: list[Clause] = []
    about = About.ROW
    for tokens in read:
        if tokens[-1].text == "?":
            continue
        sentence = PairedSentence(tokens, row, groups, subject.core, subject.knows)
        for piece in _split_up(sentence, subject):
            own, states = subject.about(sentence, piece), _states_figure(sentence, piece, row)
            is_resumed = own is About.NOBODY and about is About.OTHER and _is_resumed(sentence, piece, found)
            if is_resumed or (states and own is not About.NOBODY):
                own = About.ROW
            elif states and found and found[-1].about is About.LIKELY and found[-1].sentence is sentence:
                # As in "Recycling slipped, to 37.9%".
                about, found[-1] = About.ROW, replace(found[-1], about=About.ROW)
            about = about if own is About.NOBODY else own
            found.append(Clause(piece.first, piece.last, sentence, about))
    return found


def _is_resumed(sentence: Sentence, piece: Mention, before: Sequence[Clause]) -> bool:
    """Whether it speaks of the row again: "we are above England", or "the number" after nothing that has figures."""
    said = sentence.words(piece.first, piece.last)
    others = [one for one in sentence.within(Reference, piece) if one.beside not in {Beside.AVERAGE, Beside.MAXIMUM}]
    is_ours = bool(others) and not {"we", "us", "our"}.isdisjoint(said)
    is_number = not words.MEASURES.isdisjoint(said) and not (before and claims(before[-1].sentence, before[-1]))
    return is_ours or is_number


def _states_figure(sentence: PairedSentence, piece: Mention, row: Row) -> bool:
    """Whether it gives a figure of the row, with its month or alone as the current one: then it speaks of the row."""
    levels = [one for one in sentence.levels if piece.covers(one.first)]
    for one in levels:
        before, given = sentence.word(one.first - 1), sentence.months.get(id(one))
        # Of "to 37.9% from 41.1%" the first is the figure.
        is_current = before != "from" and (len(levels) == 1 or before == "to")
        month = given.month if given else row.current_month if is_current else None
        value = row.value(month) if month else None
        # As digits: 4.5 weeks tell as much as 45.
        smallest = SMALLEST_TELLING if given or row.measure.unit is Unit.PERCENTAGE else SMALLEST_TELLING_COUNT
        if value is not None and magnitude(one.value) / one.step >= smallest and is_figure(one, value, row):
            return True
    return False


def claims(sentence: Sentence, piece: Mention) -> list[Mention]:
    """What says something in the stretch, and does not only say when or beside what."""
    return [*sentence.within(Amount, piece), *sentence.within(Head, piece)]


def _split_up(sentence: Sentence, subject: Subject) -> list[Mention]:
    """The clauses: stretches that hold at most one statement each, where marks and joining words show it.

    A stretch without any claim or noun of its own, as "year on year" or "However", goes with its neighbour.
    """
    inside = {at for one in sentence.items for at in range(one.first + 1, one.last + 1)}
    edges = [at for at in range(1, len(sentence.tokens)) if at not in inside and _breaks(sentence, at)]
    pieces = [Mention(first, behind - 1) for first, behind in pairwise([0, *edges, len(sentence.tokens)])]
    joined: list[Mention] = []
    for piece in pieces:
        is_bare = [not claims(sentence, one) and not subject.naming(sentence, one) for one in (*joined[-1:], piece)]
        if joined and any(is_bare):
            joined[-1] = Mention(joined[-1].first, piece.last)
        else:
            joined.append(piece)
    return joined


def _breaks(sentence: Sentence, place: int) -> bool:
    """Whether a new clause begins at the place."""
    word = sentence.word(place)
    if word in _BREAKS:
        # "Contacts: 1,646" is one.
        follows = [one for one in sentence.items if place < one.first <= place + 2]
        is_label = [type(one) for one in follows] == [Amount]
        return word != ":" or not is_label
    if word == "and" and "between" in sentence.words(place - 4, place - 1):
        return False
    # "So far this year" is one time.
    return word in words.CONNECTORS and not any(one.first == place for one in sentence.periods)
