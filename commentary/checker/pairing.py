"""Which numbers of a sentence belong to what: to a word as its size, to a reference, or to a month."""

from __future__ import annotations

from indicators.calculations.row import Row
from indicators.calculations.vocabulary import Unit

from . import words
from .items import Amount, AmountUnit, Head, Reference, Sentence
from .periods import Period
from .subject import Subject
from .text import Mention, word_at
from .words import Beside, Role

# As in: an increase of a further 9, by about 3%.
_BEFORE_SIZE = words.word_set(
    "by of a an another further some only just net well more less at least most the relative and"
)
_AFTER_SIZE = words.ADVERBS | words.word_set("a an or so the above below of children")
_LINKING = words.FUNCTION | words.ADVERBS | words.JOINING | words.NEUTRAL | words.COUNTS | words.SHARES | words.RATES
_PEAKS = words.word_set("of record peak high low figure level total number rate maximum minimum best and")
_PLACES = {Beside.ENGLAND, Beside.REGION}
# "60 in the first half of January" is not January's figure.
_PART_OF_MONTH = words.word_set("half week weekend weeks part start beginning middle fortnight first second")
_TO_REFERENCE = (
    words.FUNCTION
    | words.JOINING
    | words.COUNTS
    | words.RATES
    | frozenset("( : figure figures level average currently now at month months year past 12 twelve".split())
)
_NO_REFERENCE = words.word_set("and but than from while so our by with put puts takes brings leaves to")
_JOINS = words.word_set("and or , both the as well our ( ) in")
_REACH_OF_SIZE, _REACH_BACK, _REACH_OF_REFERENCE, _REACH_OF_MONTH = 4, 2, 6, 12
BEFORE_MONTH = words.word_set("in for during at of on as by")
_NEEDS_NO_PREPOSITION = frozenset(("this", "currently", "now"))
_NOT_BEFORE_PERIOD = frozenset(
    (
        "in",
        "at",
        "for",
        "the",
        "that",
        "of",
        "during",
        "with",
        "this",
        "its",
        "figure",
        "both",
        "level",
        "number",
        "seen",
        "our",
        "recorded",
        "point",
        "any",
        "month",
        "a",
        "time",
        "last",
        "high",
        "low",
        "peak",
    )
)


class Pairing:
    """Which numbers of a sentence belong to what: to a word as its size, to a reference, or to a month."""

    def __init__(self, sentence: Sentence, row: Row, subject: Subject) -> None:
        self.sentence, self.subject = sentence, subject
        self.unit = AmountUnit.PERCENT if row.measure.unit is Unit.PERCENTAGE else AmountUnit.NUMBER
        everywhere = Mention(0, len(sentence.tokens))
        self.amounts = sentence.within(Amount, everywhere)
        self.periods = sentence.within(Period, everywhere)
        self.heads = sentence.within(Head, everywhere)
        self.references = sentence.within(Reference, everywhere)
        self.sizes = {id(head): size for head in self.heads if (size := self._size(head))}
        taken = [*self.sizes.values()]
        self.also = {id(one): again for one in taken if (again := self._again(one))}
        taken += self.also.values()
        self.quoted = [pair for one in self.references if (pair := self._quoted(one, taken))]
        taken += [amount for _, amount in self.quoted]
        self._months_given: dict[int, Amount] = {}
        self.levels = [one for one in self.amounts if one.unit is self.unit and one not in taken]
        behind = [(one, month) for one in self.levels if (month := self._month_behind(one))]
        given = [month for _, month in behind]
        self._months_given.update({id(month): amount for amount, month in behind})
        dated = [amount for amount, _ in behind]
        in_front = [(one, month) for one in self.levels if one not in dated and (month := self._month_in_front(one))]
        self.dated = [*behind, *(pair for pair in in_front if pair[1] not in given)]

    # Sizes

    def _size(self, head: Head) -> Amount | None:
        """The number that says how much something moved or differs."""
        if head.sign == 0 or head.role is Role.EXTREME or head.times:
            return None
        behind = self._size_behind(head) if head.role is not Role.STAND else self._size_by(head)
        return behind or self._size_in_front(head)

    def _size_behind(self, head: Head) -> Amount | None:
        for amount in self.amounts:
            between = self.sentence.words(head.last + 1, amount.first - 1)
            if amount.first > head.last and len(between) <= _REACH_OF_SIZE and _BEFORE_SIZE.issuperset(between):
                return amount if amount.high is None and amount.whole is None else None
        return self._size_by(head) if head.role is Role.THAN else None

    def _size_by(self, head: Head) -> Amount | None:
        """ "exceeds England by 7", with nothing but the reference between."""
        for amount in self.amounts:
            between = self.sentence.words(head.last + 1, amount.first - 1)
            if amount.first > head.last and between[-1:] == ["by"] and len(between) <= _REACH_OF_MONTH:
                others = [one for one in self.heads if head.last < one.first < amount.first]
                return None if others or "and" in between else amount
        return None

    def _size_in_front(self, head: Head) -> Amount | None:
        for amount in reversed(self.amounts):
            between = self.sentence.words(amount.last + 1, head.first - 1)
            if amount.last < head.first and len(between) <= _REACH_BACK and _AFTER_SIZE.issuperset(between):
                before = word_at(self.sentence.tokens, amount.first - 1)
                stated = before in {"at", "to"} or (before in words.GIVING and head.role is Role.MOVE)
                return None if stated and amount.unit is not AmountUnit.POINTS else amount
        return None

    def _again(self, size: Amount) -> Amount | None:
        """The same size in another unit: "by 64, or 5%", "54 fewer (2%)"."""
        behind = next((one for one in self.amounts if one.first > size.last), None)
        between = self.sentence.words(size.last + 1, behind.first - 1) if behind else []
        plain = [word for word in between if word not in {",", "just", "about", "over", "under", "some"}]
        return behind if behind and behind.unit is not size.unit and plain in (["or"], ["("]) else None

    # What references are said to have

    def _quoted(self, reference: Reference, taken: list[Amount]) -> tuple[Reference, Amount] | None:
        free = [one for one in self.amounts if one not in taken and one.unit is not AmountUnit.POINTS]
        for amount in free:
            between = self.sentence.words(reference.last + 1, amount.first - 1)
            in_front = self.sentence.words(amount.last + 1, reference.first - 1)
            names_place = self.sentence.tokens[reference.first].word.endswith("ally") or in_front in (["for"], ["in"])
            if amount.last < reference.first and (not in_front or in_front in (["for"], ["in"])):
                if (reference.beside in {Beside.TARGET, Beside.AVERAGE} and not in_front) or (
                    names_place and reference.beside in _PLACES
                ):
                    return reference, amount
            if amount.first <= reference.last or len(between) > _REACH_OF_REFERENCE:
                continue
            if not _TO_REFERENCE.issuperset(between) or not _NO_REFERENCE.isdisjoint(between):
                return None
            return None if self._is_listed(reference, amount) else (reference, amount)
        return None

    def _is_listed(self, reference: Reference, amount: Amount) -> bool:
        """Whether several numbers follow several references: "neighbours and England (353 and 365)"."""
        behind = word_at(self.sentence.tokens, amount.last + 1)
        more = any(one.first == amount.last + 2 for one in self.amounts) and behind in {"and", ",", "/"}
        earlier = [
            one
            for one in self.references
            if one.last < reference.first
            and not any(one.last < other.first < reference.first for other in self.amounts)
        ]
        return more and bool(earlier)

    # The months of figures

    def _month_behind(self, amount: Amount) -> Period | None:
        period = next((one for one in self.periods if one.first > amount.last), None)
        if period is None or period.is_stretch or period.windows or period.first - amount.last > _REACH_OF_MONTH:
            return None
        between = self.sentence.words(amount.last + 1, period.first - 1)
        if self._is_interrupted(amount.last + 1, period.first - 1) or not self._is_plain(between):
            return None
        if not _PART_OF_MONTH.isdisjoint(between):
            return None
        if any(
            word in words.AGAINST and before != "looked" for before, word in zip(["", *between], between, strict=False)
        ):
            return None
        needs_none = word_at(self.sentence.tokens, period.first) in _NEEDS_NO_PREPOSITION
        needs_none = needs_none or (not between and not period.is_named and period.month is not None)
        return period if needs_none or (between and bool(BEFORE_MONTH & {*between[-1:], *between[-2:-1]})) else None

    def _month_in_front(self, amount: Amount) -> Period | None:
        period = next((one for one in reversed(self.periods) if one.last < amount.first), None)
        if period is None or period.is_stretch or period.windows or amount.first - period.last > _REACH_OF_MONTH:
            return None
        if any(one.beside is Beside.AVERAGE and one.last < period.first for one in self.references):
            return None
        between = self.sentence.words(period.last + 1, amount.first - 1)
        explains = (
            between[:2] == [",", "which"] or between[:2] == [",", "when"] or between[:1] in (["which"], ["("], ["when"])
        )
        owns = self.sentence.tokens[period.last].is_genitive and _PEAKS.issuperset(between)
        against = self.role(period) in words.AGAINST
        opens = between[:1] in ([","], [":"]) and period.first <= 1
        if against and not explains and not owns:
            return None
        if between and between[0] in {",", ":"} and not opens and not explains:
            return None
        moves = [one for one in self.heads if period.last < one.first and one.last < amount.first]
        if self._is_interrupted(period.last + 1, amount.first - 1, but=moves if self._leads_to(between) else []):
            return None
        in_moves = {at for one in moves for at in range(one.first, one.last + 1)}
        rest = [word_at(self.sentence.tokens, at) for at in range(period.last + 1, amount.first) if at not in in_moves]
        rest = [word for word in rest if word not in {",", ":", "(", "which", "when"}]
        return period if self._is_plain(rest) else None

    @staticmethod
    def _leads_to(between: list[str]) -> bool:
        return between[-1:] == ["to"]

    def role(self, period: Mention) -> str:
        """The word that says how a time or number is meant: "from", "than", "since", "in"; empty for none.

        A time is meant as the number in front is: "from 93% in July".
        """
        place = self._months_given.get(id(period), period).first - 1
        while place >= 0 and (self.sentence.tokens[place].word in _NOT_BEFORE_PERIOD or self._in_amount(place)):
            if any(one.covers(place) and (one.role is Role.STAND or one.times) for one in self.heads):
                return "than"
            place -= 1
        word = word_at(self.sentence.tokens, place)
        if any(one.covers(place) and (one.role is Role.STAND or one.times) for one in self.heads):
            return "than"
        if word in {"to", "with"}:
            before = word_at(self.sentence.tokens, place - 1)
            return "compared" if before in {"compared", "comparison", "relative"} else word
        if word in words.AGAINST or word in {"between", "until", "by", "and"}:
            return word
        near = word_at(self.sentence.tokens, period.first - 1)
        return near if near in BEFORE_MONTH else ""

    def _in_amount(self, place: int) -> bool:
        return any(one.covers(place) for one in self.amounts)

    def _is_interrupted(self, first: int, last: int, but: list[Head] | None = None) -> bool:
        """Whether anything else is mentioned from one place to another."""
        inside = [one for one in self.sentence.items if first <= one.first <= last]
        return any(one not in (but or ()) for one in inside)

    def _is_plain(self, between: list[str]) -> bool:
        """Whether there are only words of the row, and none that opens a new clause."""
        rest = [word for word in between if word not in _LINKING]
        return (
            all(word[0].isalnum() for word in between)
            and words.CONNECTORS.isdisjoint(between)
            and self.subject.knows(word for word in rest if word[0].isalpha())
        )
