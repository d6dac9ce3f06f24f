"""Which numbers of a sentence belong to what: to a word as its size, to a reference, or to a month."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

from indicators.calculations.row import PeerGroup, Row
from indicators.calculations.vocabulary import Unit

from . import words
from .items import Head, Reference, Sentence
from .numbers import Amount, AmountUnit
from .periods import Period
from .text import Mention, Token
from .words import Beside, Role

# As in: an increase of a further 9, by about 3%.
_BEFORE_SIZE = words.word_set(
    "by of a an another further some only just net well more less at least most the relative and"
)
_AFTER_SIZE = words.ADVERBS | words.word_set("a an or so the above below of children")
_LINKING = words.FUNCTION | words.ADVERBS | words.JOINING | words.NEUTRAL | words.COUNTS | words.SHARES | words.RATES
_PEAKS = words.word_set("of record peak high low figure level total number rate maximum minimum best and")
# "60 in the first half of January" is not January's figure.
PART_OF_MONTH = words.word_set("half week weekend weeks part start beginning middle fortnight first second")
_TO_REFERENCE = words.FUNCTION | words.JOINING | words.COUNTS | words.RATES
_TO_REFERENCE |= {
    "(",
    "'",
    *words.word_list(": figure figures level average currently now month months year past 12 twelve"),
}
_NO_REFERENCE = words.word_set("and but than from while so our by with put puts takes brings leaves to")
_ITS_OWN = {Beside.TARGET, Beside.AVERAGE}
_OPENINGS = ([",", "which"], [",", "when"], ["which"], ["when"], ["("])
BEFORE_MONTH = words.word_set("in for during at of on as by")
_NOT_BEFORE_PERIOD = words.word_set(
    "in at for the that of during with this its their what it they was were had been figure both level number seen our "
    "recorded point any month a time last high low peak"
)
_REACH_OF_SIZE, _REACH_BACK, _REACH_OF_REFERENCE, _REACH_OF_MONTH = 4, 2, 6, 12


class PairedSentence(Sentence):
    """A sentence in which each number belongs to a word as its size, to a reference, to a month, or to nothing."""

    def __init__(
        self,
        tokens: tuple[Token, ...],
        row: Row,
        groups: tuple[PeerGroup, ...],
        names: frozenset[str],
        knows: Callable[[Iterable[str]], bool],
    ) -> None:
        super().__init__(tokens, row, groups, names)
        self.knows = knows
        self.unit = AmountUnit.PERCENT if row.measure.unit is Unit.PERCENTAGE else AmountUnit.NUMBER
        self._given: dict[int, Amount] = {}
        self.sizes = {id(head): size for head in self.heads if (size := self._size(head))}
        self.also = {id(one): again for one in self.sizes.values() if (again := self._again(one))}
        taken = [*self.sizes.values(), *self.also.values()]
        self.quoted = [(one, amount) for one in self.references if (amount := self._quoted(one, taken))]
        taken += [amount for _, amount in self.quoted]
        self.levels = [one for one in self.amounts if one.unit is self.unit and one not in taken]
        behind = [(one, month) for one in self.levels if (month := self._month_behind(one))]
        self._given = {id(month): one for one, month in behind}
        free = [one for one in self.levels if one not in self._given.values()]
        in_front = [(one, month) for one in free if (month := self._month_in_front(one))]
        found = [*behind, *(pair for pair in in_front if id(pair[1]) not in self._given)]
        self.months = {id(one): month for one, month in found}

    # Sizes

    def _size(self, head: Head) -> Amount | None:
        """The number that says how much something moved or differs."""
        if head.sign == 0 or head.role is Role.EXTREME or head.times:
            return None
        behind = next((one for one in self.amounts if one.first > head.last), None)
        between = self.words(head.last + 1, behind.first - 1) if behind else []
        near = len(between) <= _REACH_OF_SIZE and _BEFORE_SIZE.issuperset(between)
        if behind and near and head.role is not Role.STAND:
            # "Fell below 80%" gives a level.
            level = not between and self.word(behind.first) in {"below", "under", "above", "beneath"}
            return behind if behind.high is None and behind.whole is None and not level else None
        in_front = next((one for one in reversed(self.amounts) if one.last < head.first), None)
        between = self.words(in_front.last + 1, head.first - 1) if in_front else []
        if in_front is None or len(between) > _REACH_BACK or not _AFTER_SIZE.issuperset(between):
            return None
        before = self.word(in_front.first - 1)
        stated = before in {"at", "to"} or (before in words.GIVING and head.role is Role.MOVE)
        return None if stated and in_front.unit is not AmountUnit.POINTS else in_front

    def _again(self, size: Amount) -> Amount | None:
        """The same size in another unit: "by 64, or 5%", "54 fewer (2%)"."""
        behind = next((one for one in self.amounts if one.first > size.last), None)
        between = self.words(size.last + 1, behind.first - 1) if behind else []
        plain = [word for word in between if word not in {",", "just", "about", "over", "under", "some"}]
        return behind if behind and behind.unit is not size.unit and plain in (["or"], ["("]) else None

    # What references are said to have

    def _quoted(self, reference: Reference, taken: list[Amount]) -> Amount | None:
        """The figure that is given for a reference: "England (353)", "the 90% target", "77 nationally"."""
        for amount in self.amounts:
            if amount in taken or amount.unit is AmountUnit.POINTS:
                continue
            if amount.last < reference.first:
                between = self.words(amount.last + 1, reference.first - 1)
                place = self.word(reference.first).endswith("ally") or between in (["for"], ["in"])
                is_place = place and reference.beside is Beside.GROUP
                if (between in ([], ["for"], ["in"]) and is_place) or (not between and reference.beside in _ITS_OWN):
                    return amount
                continue
            between = self.words(reference.last + 1, amount.first - 1)
            fits = _TO_REFERENCE.issuperset(between) and _NO_REFERENCE.isdisjoint(between)
            return amount if fits and len(between) <= _REACH_OF_REFERENCE else None
        return None

    # The months of figures

    def _month_behind(self, amount: Amount) -> Period | None:
        """The month that follows a number as the time of the figure: "84% of assessments in January"."""
        period = next((one for one in self.periods if one.first > amount.last), None)
        if period is None or period.is_stretch or period.windows or period.first - amount.last > _REACH_OF_MONTH:
            return None
        between = self.words(amount.last + 1, period.first - 1)
        against = any(word in words.AGAINST and before != "looked" for before, word in pairwise(["", *between]))
        if against or not PART_OF_MONTH.isdisjoint(between) or not self._is_plain(amount.last + 1, period.first - 1):
            return None
        needs_none = not (between or period.is_named)
        needs_none = needs_none or self.word(period.first) in {"this", "currently", "now"}
        return period if needs_none or not BEFORE_MONTH.isdisjoint(between[-2:]) else None

    def _month_in_front(self, amount: Amount) -> Period | None:
        """The month in front of a number: "December's 11", "January saw 84%", "in December it rose to 1,787"."""
        period = next((one for one in reversed(self.periods) if one.last < amount.first), None)
        if period is None or period.is_stretch or period.windows or amount.first - period.last > _REACH_OF_MONTH:
            return None
        if any(one.beside is Beside.AVERAGE and one.last < period.first for one in self.references):
            return None
        between = self.words(period.last + 1, amount.first - 1)
        opening = next((one for one in _OPENINGS if between[: len(one)] == one), [])
        is_owner = self.tokens[period.last].is_genitive or between[-1:] == ["of"]
        owns = is_owner and _PEAKS.issuperset(between)
        if self.role(period) in words.AGAINST and not opening and not owns:
            return None
        if not opening and between[:1] in ([","], [":"]):
            # As in "In January, 94%".
            if period.first > 1:
                return None
            opening = between[:1]
        begin = period.last + 1 + len(opening)
        return period if self._is_plain(begin, amount.first - 1, but=between[-1:] == ["to"]) else None

    def _is_plain(self, first: int, last: int, *, but: bool = False) -> bool:
        """Whether there are only words of the row, and none that opens a new clause; `but` allows for a movement."""
        inside = [one for one in self.items if first <= one.first <= last]
        if any(not (but and isinstance(one, Head)) for one in inside):
            return False
        between = [word for _, word in self.loose(Mention(first, last))]
        plain = all(word[0].isalnum() for word in between) and words.CONNECTORS.isdisjoint(between)
        return plain and self.knows(word for word in between if word not in _LINKING)

    def role(self, period: Mention) -> str:
        """The word that says how a time or number is meant: "from", "than", "since", "in"; empty for none."""
        # As the number in front is meant: "from 93% in July".
        place = self._given.get(id(period), period).first - 1
        while place >= 0:
            word = self.word(place)
            if any(one.covers(place) and one.role is Role.STAND for one in self.heads):
                return "than"
            is_number = word[:1].isdigit() or any(one.covers(place) for one in self.amounts)
            if word not in _NOT_BEFORE_PERIOD and not is_number:
                break
            place -= 1
        word = self.word(place)
        if word in {"to", "with"}:
            return "compared" if self.word(place - 1) in {"compared", "comparison", "relative"} else word
        if word in words.AGAINST or word in {"between", "until", "by", "and"}:
            return word
        near = self.word(period.first - 1)
        return near if near in BEFORE_MONTH else ""
