"""A text as clauses, each knowing whether it speaks of the row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from indicators.calculations.exact import magnitude
from indicators.calculations.row import PeerGroup, Row
from indicators.calculations.vocabulary import Unit

from . import words
from .items import Head, Reference, Run, Sentence
from .numbers import Amount
from .pairing import Pairing
from .periods import Period
from .statements import is_figure
from .subject import About, Subject
from .text import Mention, Token
from .words import Beside

_BREAKS = frozenset(",;:()–—")
# "with a rise in referrals" opens a clause; "children with a plan" does not.
_REACH_OF_WITH = 3
# So small a number can be right by chance.
SMALLEST_TELLING, SMALLEST_TELLING_COUNT = 10, 20


@dataclass(frozen=True, slots=True)
class Clause(Mention):
    """A stretch of a sentence that holds one statement at most."""

    sentence: Sentence
    pairing: Pairing
    about: About
    moved: About


def read_clauses(
    read: Sequence[tuple[Token, ...]], row: Row, subject: Subject, groups: tuple[PeerGroup, ...]
) -> list[Clause]:
    """The clauses of a text in their order; questions have none.

    A clause that names nothing goes on about what the clause before spoke of; the first one speaks of the row.
    """
    found: list[Clause] = []
    about = moved = About.ROW
    for tokens in read:
        if tokens[-1].text == "?":
            continue
        sentence = Sentence(tokens, row, subject.core, groups)
        pairing = Pairing(sentence, row, subject)
        for piece in _split_up(sentence, subject):
            own, mover = subject.about(sentence, piece), subject.moved(sentence, piece)
            if own is About.NOBODY and About.OTHER in {about, moved} and _is_resumed(sentence, piece, found):
                own = mover = About.ROW
            if own in {About.LIKELY, About.OTHER} and _states_figure(pairing, piece, row):
                own = mover = About.ROW
            goes_on = own is About.NOBODY and bool(found) and found[-1].sentence is sentence
            if goes_on and found[-1].about is About.LIKELY and _states_figure(pairing, piece, row):
                # As in "Recycling slipped, to 37.9%".
                about = moved = About.ROW
                found[-1] = replace(found[-1], about=about, moved=moved)
            if not found and mover is About.LIKELY and subject.begins(sentence, piece):
                mover = About.ROW
            about = about if own is About.NOBODY else own
            moved = moved if mover is About.NOBODY else mover
            found.append(Clause(piece.first, piece.last, sentence, pairing, about, moved))
    return found


def _is_resumed(sentence: Sentence, piece: Mention, before: Sequence[Clause]) -> bool:
    """Whether it speaks of the row again: "we are above England", or "the number" after nothing that has figures."""
    said = sentence.words(piece.first, piece.last)
    others = [one for one in sentence.within(Reference, piece) if one.beside not in {Beside.AVERAGE, Beside.MAXIMUM}]
    if others and {"we", "us", "our"} & set(said):
        return True
    return not words.MEASURES.isdisjoint(said) and not (before and claims(before[-1].sentence, before[-1]))


def _states_figure(pairing: Pairing, piece: Mention, row: Row) -> bool:
    """Whether it gives a figure of the row, with its month or alone as the current one: then it speaks of the row."""
    months = {id(amount): period.month for amount, period in pairing.dated}
    levels = [one for one in pairing.levels if piece.covers(one.first)]
    figures = [one for one in levels if id(one) in months or pairing.sentence.word(one.first - 1) != "from"]
    # As digits: 4.5 weeks tell as much as 45.
    smallest = SMALLEST_TELLING if row.measure.unit is Unit.PERCENTAGE else SMALLEST_TELLING_COUNT
    for one in figures:
        month = months.get(id(one), row.current_month if len(levels) == 1 else None)
        value = row.value(month) if month else None
        is_telling = magnitude(one.value) / one.step >= (SMALLEST_TELLING if id(one) in months else smallest)
        if value is not None and is_telling and is_figure(one, value, row):
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
    if word == "that":
        return sentence.word(place - 1) in words.REPORTING
    if word == "after" and sentence.word(place - 1) == "looked":
        return False
    if word in {"with", "following"}:
        behind = sentence.within(Head, Mention(place + 1, place + _REACH_OF_WITH))
        plain = words.FUNCTION | words.ADVERBS
        opens = any(plain.issuperset(sentence.words(place + 1, one.first - 1)) for one in behind)
        return opens or sentence.word(place - 1) in {"along", "together"}
    if word in {"even", "after", "before", "until"}:
        next_one = next((one for one in sentence.items if one.first == place + 1), None)
        says = bool(claims(sentence, Mention(place, len(sentence.tokens))))
        return says and not isinstance(next_one, Period | Run | Reference)
    return word in words.CONNECTORS
