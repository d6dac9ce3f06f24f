"""A text as clauses, each knowing whether it speaks of the row and whether it claims anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from indicators.calculations.row import Row
from indicators.calculations.vocabulary import Unit

from ..words import plain
from .agreement import is_figure
from .dates import dated
from .sentence import Sentence, read_sentence, split
from .sizes import levels
from .subject import About, Subject, subject_of
from .tokens import Mention, sentences

MentionKind = TypeVar("MentionKind", bound=Mention)

# So small a number can be right by chance.
SMALLEST_TELLING = 10
SMALLEST_TELLING_COUNT = 20


@dataclass(frozen=True, slots=True)
class Clause(Mention):
    """A stretch of a sentence that holds one statement at most."""

    sentence: Sentence
    is_of_row: bool
    is_claim: bool

    @property
    def claims_on_row(self) -> bool:
        """Whether it says how things are with the row."""
        return self.is_of_row and self.is_claim

    @property
    def words(self) -> list[str]:
        return self.sentence.words(self.first, self.last)

    def own(self, mentions: Iterable[MentionKind]) -> list[MentionKind]:
        """Those of the sentence's mentions that are in this clause."""
        return self.sentence.within(mentions, self)

    def names_other_month(self, month: date) -> bool:
        """Whether it is about another month than this one; a stretch up to this month is not another one."""
        return any(period.month != month and not period.is_stretch for period in self.own(self.sentence.periods))


def read_clauses(text: str, row: Row, region: str) -> tuple[Subject, list[Clause]]:
    """The clauses of a text in their order, and the words of the row that they were held against.

    A clause that names nothing goes on about what the clause before spoke of; the first one speaks of the row.
    """
    subject = subject_of(row)
    found: list[Clause] = []
    about = About.ROW
    for tokens in sentences(text):
        sentence = read_sentence(text, tokens, row, region)
        for piece in split(sentence):
            own = _about(sentence, piece, subject, row)
            if own is About.NOBODY and about is not About.ROW and _names_measure(sentence, piece, found):
                own = About.ROW
            about = about if own is About.NOBODY else own
            found.append(Clause(piece.first, piece.last, sentence, about is About.ROW, _is_claim(sentence, piece)))
    return subject, found


def _about(sentence: Sentence, piece: Mention, subject: Subject, row: Row) -> About:
    own = subject.about(sentence, piece)
    return About.ROW if _states_figure(sentence, piece, subject, row) else own


def _states_figure(sentence: Sentence, piece: Mention, subject: Subject, row: Row) -> bool:
    """Whether it gives a figure of the row, with its month or alone as the current one: then it speaks of the row."""
    current = row.current_figure.value
    figures = sentence.within(levels(sentence, row.measure.unit), piece)
    if len(figures) == 1 and current is not None:
        smallest = SMALLEST_TELLING if row.measure.unit is Unit.PERCENTAGE else SMALLEST_TELLING_COUNT
        if figures[0].value >= smallest and is_figure(figures[0], current, row):
            return True
    for amount, period in dated(sentence, subject):
        if piece.covers(amount.first) and period.month is not None and amount.value >= SMALLEST_TELLING:
            value = row.value(period.month)
            if value is not None and is_figure(amount, value, row):
                return True
    return False


def _names_measure(sentence: Sentence, piece: Mention, before: list[Clause]) -> bool:
    """Whether it says "the number" or the like, and nothing before it gave figures or movements of something else."""
    if plain.MEASURES.isdisjoint(sentence.words(piece.first, piece.last)):
        return False
    return not before or not before[-1].own(before[-1].sentence.claims)


def _is_claim(sentence: Sentence, piece: Mention) -> bool:
    """Whether it says how things are, and not how they are not or might be."""
    inside = {place for one in sentence.mentions for place in range(one.first, one.last + 1)}
    words = {word for place, word in _places(sentence, piece) if place not in inside}
    return words.isdisjoint(plain.NEGATIONS | plain.SUPPOSED)


def _places(sentence: Sentence, piece: Mention) -> Iterator[tuple[int, str]]:
    return ((place, sentence.tokens[place].word) for place in range(piece.first, piece.last + 1))
