"""Which numbers of a sentence are figures, and which are sizes of a change or of a difference."""

from __future__ import annotations

from indicators.calculations.vocabulary import Unit

from ..words import numbers, plain
from ..words.table import word_set
from .numbers import Amount, AmountUnit
from .sentence import Sentence
from .tokens import Mention

# As in: an increase of a further 9, by about 3%.
_BEFORE_SIZE = numbers.ABOUT | word_set(
    "by of a an another further some only just net well more less than over under at least most"
)
_REACH_OF_SIZE = 4
_AFTER_SIZE = plain.ADVERBS | {"a", "an"}
_REACH_BACK = 2
_TO_REFERENCE = plain.FUNCTION | plain.ADVERBS | plain.JOINING | {"(", ":"}
_REACH_OF_REFERENCE = 8


def size_of(sentence: Sentence, word: Mention) -> Amount | None:
    """The number that says how much something moved or differs: behind the word or in front of it."""
    return _size_behind(sentence, word) or _size_in_front(sentence, word)


def _size_behind(sentence: Sentence, word: Mention) -> Amount | None:
    for amount in sentence.amounts:
        between = sentence.words(word.last + 1, amount.first - 1)
        if amount.first > word.last and len(between) <= _REACH_OF_SIZE and _BEFORE_SIZE.issuperset(between):
            return amount
    return None


def _size_in_front(sentence: Sentence, word: Mention) -> Amount | None:
    for amount in reversed(sentence.amounts):
        between = sentence.words(amount.last + 1, word.first - 1)
        if amount.last < word.first and len(between) <= _REACH_BACK and _AFTER_SIZE.issuperset(between):
            return amount
    return None


def sizes(sentence: Sentence) -> list[Amount]:
    """Every number that is the size of a change or difference."""
    said = [size_of(sentence, word) for word in (*sentence.motions, *sentence.comparatives)]
    points = [amount for amount in sentence.amounts if amount.unit is AmountUnit.POINTS]
    return [amount for amount in said if amount is not None] + points


def levels(sentence: Sentence, unit: Unit) -> list[Amount]:
    """The numbers that could be figures of a row in this unit, and not those of an average or of other councils."""
    others = sizes(sentence)
    return [
        amount
        for amount in sentence.amounts
        if amount.unit is unit_said(unit) and amount not in others and not _belongs_to_reference(sentence, amount)
    ]


def unit_said(unit: Unit) -> AmountUnit:
    """How a text gives figures of a row in this unit: a percentage with its sign, others as plain numbers."""
    return AmountUnit.PERCENT if unit is Unit.PERCENTAGE else AmountUnit.NUMBER


def _belongs_to_reference(sentence: Sentence, amount: Amount) -> bool:
    """Whether it follows a reference: "an average of 15", "England (353)"."""
    for reference in sentence.references:
        between = sentence.words(reference.last + 1, amount.first - 1)
        if reference.last < amount.first and len(between) <= _REACH_OF_REFERENCE and _TO_REFERENCE.issuperset(between):
            return True
    return False
