"""Reading what a clause sets a figure beside: above or below statistical neighbours, England, average, target."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, takewhile

from ..words import motion as words
from ..words.references import BETWEEN, OVER_TWELVE_MONTHS, Beside
from .clauses import Clause
from .motion import Signed
from .numbers import Amount
from .references import Reference
from .sizes import size_of
from .tokens import phrases

_JOINS = frozenset(("and", "or", ",", "both", "the", "as", "well", "our"))


@dataclass(frozen=True, slots=True)
class ComparisonClaim:
    """That the figure, or its 12-month average, stands above (1) or below (-1) each of the references."""

    word: Signed
    references: tuple[Reference, ...]
    size: Amount | None
    is_of_average: bool


def read_comparisons(clause: Clause) -> list[ComparisonClaim]:
    """The comparisons of a clause, each word with what it compares with."""
    sentence = clause.sentence
    judged = [one for one in sentence.motions if sentence.words(one.first, one.last)[0] in words.JUDGING]
    found = []
    for word in clause.own([*sentence.comparatives, *judged]):
        references = _references(clause, word)
        if references:
            claim = ComparisonClaim(word, references, size_of(sentence, word), _is_of_average(clause, word))
            found.append(claim)
    return found


def _references(clause: Clause, word: Signed) -> tuple[Reference, ...]:
    """What stands right behind the word, "than" included, and what "and" adds to it."""
    sentence = clause.sentence
    behind = [one for one in clause.own(sentence.references) if one.first > word.last]
    if not behind:
        return ()
    between = sentence.words(word.last + 1, behind[0].first - 1)
    if sentence.words(word.first, word.last)[0] not in words.STANDS_ALONE:
        if "than" not in between:
            return ()
        between = between[between.index("than") :]
    if not BETWEEN.issuperset(between):
        return ()
    pairs = pairwise(behind)
    joined = takewhile(lambda pair: _JOINS.issuperset(sentence.words(pair[0].last + 1, pair[1].first - 1)), pairs)
    return (behind[0], *(later for _, later in joined))


def _is_of_average(clause: Clause, word: Signed) -> bool:
    """Whether it is the average that is compared: "the 12-month average is above", "over 12 months … above"."""
    sentence = clause.sentence
    averages = [one.last for one in sentence.references if one.beside is Beside.AVERAGE]
    stretches = [one.last for one, _ in phrases(sentence.tokens, dict.fromkeys(OVER_TWELVE_MONTHS, True))]
    return any(place < word.first for place in (*averages, *stretches))
