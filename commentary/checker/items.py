"""Reading what a sentence mentions: numbers, times, what figures are set beside, and words that move or compare."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

from text_to_num import text2num

from indicators.calculations.exact import Exact
from indicators.calculations.row import Row
from indicators.calculations.vocabulary import Polarity, Unit

from . import words
from .periods import SAME_TIME, TIMES, FinancialYear, Period, read_period, read_windows, year_at
from .text import Mention, Phrases, Token, phrases, stem, word_at
from .words import Beside, Role, Sign

Kind = TypeVar("Kind", bound=Mention)
LONGEST_AGE = 25
# More digits than any figure has.
LONGEST_NUMBER = 15
REACH_OF_NOT_QUITE = 3


class AmountUnit(Enum):
    """What a number in a text counts."""

    NUMBER = "number"
    PERCENT = "per cent"
    POINTS = "percentage points"


class Bound(Enum):
    """How a number is meant."""

    EXACT = "exact"
    ABOUT = "about"
    NEARLY = "nearly"
    JUST_OVER = "just over"
    AT_LEAST = "at least"
    AT_MOST = "at most"


@dataclass(frozen=True, slots=True)
class Amount(Mention):
    """A number that could be about the row.

    `step` is one in its last digit: 1 for 36, 1/10 for 36.0. `high` ends a range, `whole` is what it is a part of.
    """

    value: Exact
    unit: AmountUnit
    bound: Bound
    step: Exact
    high: Exact | None = None
    whole: Exact | None = None
    is_relative: bool = False


@dataclass(frozen=True, slots=True)
class Reference(Mention):
    """Something that the row can be compared with; a target perhaps of a year of its own."""

    beside: Beside
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Head(Mention):
    """A word that claims something: 1 up or higher, -1 down or lower, 0 the same.

    `is_rough` weakens the same to much the same; `times` is how many times the other figure is meant. `either_way` is
    an extreme that can be the highest or the lowest, as "best" where nobody says which is good.
    """

    role: Role
    sign: int
    is_rough: bool = False
    times: Fraction | None = None
    bound: Bound = Bound.EXACT
    either_way: bool = False


@dataclass(frozen=True, slots=True)
class Run(Mention):
    """That something holds month after month: for so many of them, or for all (None)."""

    count: int | None


_BOUNDS: Phrases[Bound] = Phrases(
    dict.fromkeys(words.ABOUT, Bound.ABOUT)
    | dict.fromkeys(words.AT_LEAST, Bound.AT_LEAST)
    | dict.fromkeys(words.AT_MOST, Bound.AT_MOST)
    | dict.fromkeys(words.NEARLY, Bound.NEARLY)
    | dict.fromkeys(words.JUST_OVER, Bound.JUST_OVER)
)
_AFTERWARDS = Phrases(dict.fromkeys(words.OR_MORE, Bound.AT_LEAST) | dict.fromkeys(words.OR_LESS, Bound.AT_MOST))
_REFERENCES = Phrases(words.REFERENCES)
_SENSES = Phrases(words.SENSES)
_UP_AND_DOWN = {"up": 1, "down": -1}
_OPENERS = frozenset().union(
    words.MONTHS, words.NUMBER_WORDS, _UP_AND_DOWN, {"a", "an", "half", "single", "none", "no", "the", "quarter", "qtr"},
    *(table.openers for table in (_BOUNDS, _REFERENCES, _SENSES, TIMES, SAME_TIME)),
)
_NTH = "|".join(words.ORDINALS)
_COUNTED = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_ROW = "(?: (?:in a row|running|in succession|on the trot))"
_RUNS = re.compile(
    rf"(?:(?P<nth>{_NTH}) (?:(?:consecutive|successive|straight)(?: monthly| quarterly)?(?: months?| quarters?)?"
    rf"|(?:months?|quarters?|periods?|time){_ROW})"
    rf"|(?P<count>\d\d?|{_COUNTED}) (?:(?:consecutive|successive|straight)(?: monthly| quarterly)?(?: months?| quarters?)?"
    rf"|(?:months?|quarters?|periods?|times){_ROW})"
    rf"|for (?:a|the) (?P<again>{_NTH}) (?:(?:consecutive|successive|straight) )?(?:month|quarter|time)(?:{_ROW})?"
    r"|(?P<all>(?:in )?(?:every|each)(?: and every)?(?: single)? (?:month|quarter)|throughout|month on month"
    r"|month - on - month|month-on-month|(?:in )?(?:every one|each|all) of(?= the| these)|all year|consistently))\b"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """The tokens of a sentence of `text`, and what it mentions, in order."""

    text: str
    tokens: tuple[Token, ...]
    items: tuple[Mention, ...]
    taken: frozenset[int]

    def words(self, first: int, last: int) -> list[str]:
        """The words from one place to another, both included."""
        return [token.word for token in self.tokens[max(first, 0) : last + 1]]

    def within(self, kind: type[Kind], piece: Mention) -> list[Kind]:
        """The items of a kind that lie in the stretch."""
        return [one for one in self.items if isinstance(one, kind) and piece.covers(one.first) and one.last <= piece.last]

    def loose(self, piece: Mention) -> list[tuple[int, str]]:
        """The words of the stretch that belong to no item, with their places."""
        return [(at, self.tokens[at].word) for at in range(piece.first, piece.last + 1) if at not in self.taken]


def read_sentence(text: str, tokens: tuple[Token, ...], row: Row, names: Iterable[str], region: str) -> Sentence:
    """What a sentence of the text mentions, seen from the row's month; `names` are words for what the row counts."""
    reader = _Reader(tokens, row, frozenset(names), region)
    items = tuple(reader.read())
    return Sentence(text, tokens, items, frozenset(at for one in items for at in range(one.first, one.last + 1)))


@lru_cache(maxsize=64)
def _region(name: str) -> Phrases[bool]:
    return phrases([name.lower(), f"{name.lower()} region"])


class _Reader:
    """Reads one sentence, item by item."""

    def __init__(self, tokens: tuple[Token, ...], row: Row, names: frozenset[str], region: str) -> None:
        self.tokens, self.row, self.names = tokens, row, names
        self.region = _region(region) if region else None
        line = " ".join(token.word for token in tokens)
        starts, at = [], 0
        for token in tokens:
            starts.append(at)
            at += len(token.word) + 1
        self.patterns: dict[int, Mention] = {one.first: one for one in read_windows(line, starts, row)}
        for match in _RUNS.finditer(line):
            if match.start() in starts:
                run = _run(match, starts.index(match.start()), sum(start < match.end() for start in starts) - 1)
                self.patterns[run.first] = run

    def read(self) -> list[Mention]:
        """All items in their order, none inside another."""
        found: list[Mention] = []
        place = 0
        while place < len(self.tokens):
            item = self._item(place) if self._opens(place) else None
            if item is not None:
                found.append(item)
                place = item.last
            place += 1
        return self._with_years(found)

    def _opens(self, place: int) -> bool:
        """Whether anything at all can begin at the place; nothing can at most words."""
        word = self.tokens[place].word
        return (
            word in _OPENERS
            or place in self.patterns
            or word[0].isdecimal()
            or (word[0] == "q" and len(word) == 2)
            or word.endswith("fold")
            or (self.region is not None and word in self.region.openers)
            or ("-" in word and self._is_in_words(place))
        )

    def _item(self, place: int) -> Mention | None:
        run = self.patterns.get(place)
        if isinstance(run, Run):
            return run
        return (
            self._reference(place)
            or read_period(self.tokens, place, self.row)
            or run
            or self._times(place)
            or self._bounded(place)
            or self._amount(place)
            or self._head(place)
        )

    def _reference(self, place: int) -> Reference | None:
        named = self.region.at(self.tokens, place) if self.region else None
        if named:
            return Reference(place, named[0], Beside.REGION)
        found = _REFERENCES.at(self.tokens, place)
        if found is None:
            return None
        return Reference(place, found[0], found[1])

    def _with_years(self, items: list[Mention]) -> list[Mention]:
        """References with the year in front of or behind them; averages of others as those others."""
        found: list[Mention] = []
        for at, one in enumerate(items):
            if isinstance(one, Reference) and one.beside is Beside.TARGET:
                near = [other for other in items[max(at - 1, 0) : at + 2] if isinstance(other, FinancialYear)]
                near = [other for other in near if abs(other.first - one.first) <= 4]
                one = replace(one, year=near[0].year) if near else one
            if isinstance(one, Reference) and one.beside is Beside.AVERAGE and self._is_of_others(one, items):
                continue
            found.append(one)
        return found

    def _is_of_others(self, average: Reference, items: list[Mention]) -> bool:
        """Whether the average is that of another reference right before or behind it: "the England average"."""
        others = {at for one in items if isinstance(one, Reference) for at in (one.first, one.last) if one is not average}
        if average.first - 1 in others:
            return True
        if word_at(self.tokens, average.last + 1) not in {"of", "for", "in", "across", "among"}:
            return False
        return not others.isdisjoint(range(average.last + 2, average.last + 5))

    # Numbers

    def _bounded(self, place: int) -> Mention | None:
        """A number or multiple with what makes it rough or a bound: "just over 30", "more than doubled"."""
        bound = _BOUNDS.at(self.tokens, place)
        if bound is None:
            return None
        at = bound[0] + 1
        at += word_at(self.tokens, at) in {"our", "its"}
        if at >= len(self.tokens):
            return None
        amount = self._amount(at)
        if amount is not None and not self._is_age(place, amount):
            return replace(amount, first=place, bound=bound[1])
        head = self._times(at) or self._head(at)
        if head is not None and head.times is not None:
            return replace(head, first=place, bound=bound[1])
        nested = self._bounded(at) if bound[1] is not Bound.ABOUT else None
        return replace(nested, first=place) if nested else None

    def _amount(self, place: int) -> Amount | None:
        """The number at the place, with its unit, unless it can't be a figure of the row."""
        value, last, step = self._number(place)
        if value is None:
            return None
        unit, end = self._unit(last)
        if unit is AmountUnit.NUMBER and self._is_left_alone(place, last):
            return None
        if unit is not AmountUnit.NUMBER and self._is_joined(place, end):
            return None
        is_part = word_at(self.tokens, last).rstrip("s") in words.FRACTIONS
        amount = Amount(place, end, value, unit, Bound.ABOUT if is_part else Bound.EXACT, step)
        amount = replace(amount, is_relative="relative" in self.words(place - 5, place - 1))
        for read in (self._range, self._part):
            found = read(amount)
            if found:
                return found
        behind = _AFTERWARDS.at(self.tokens, end + 1) if end + 1 < len(self.tokens) else None
        return replace(amount, last=behind[0], bound=behind[1]) if behind else amount

    def words(self, first: int, last: int) -> list[str]:
        return [token.word for token in self.tokens[max(first, 0) : last + 1]]

    def _number(self, place: int) -> tuple[Exact | None, int, Exact]:
        """The number at the place, its last token, and one in its last digit."""
        token = self.tokens[place]
        if token.is_number:
            digits = token.text.replace(",", "")
            if not digits.isascii() or len(digits) > LONGEST_NUMBER:
                return None, place, 1
            return Fraction(digits), place, Fraction(1, 10 ** len(digits.partition(".")[2]))
        behind = word_at(self.tokens, place + 1)
        if token.word in {"a", "an", "one", "two", "three", "four", "half"} and (part := self._fraction(place)):
            return part
        if token.word in {"a", "single"}:
            at = place + 1 + (behind == "further" or behind == "single")
            if word_at(self.tokens, at) in words.POINTS or word_at(self.tokens, at) == "percentage":
                return 1, at - 1, 1
            if word_at(self.tokens, at) == "dozen":
                return 12, at, 1
            is_one = token.word == "single" and stem("single") not in self.names and self._names(place)
            return (1, place, 1) if is_one else (None, place, 1)
        if token.word == "none" or (token.word == "no" and self._names(place)):
            return 0, place, 1
        return self._number_in_words(place)

    def _number_in_words(self, place: int) -> tuple[Exact | None, int, Exact]:
        """ "twenty-one", "three hundred and five"; "one" only as a number of what the row counts, or of a change."""
        last = place - 1
        while last + 1 < len(self.tokens):
            word = word_at(self.tokens, last + 1)
            joins = word == "and" and word_at(self.tokens, last) in {"hundred", "thousand"} and self._is_in_words(last + 2)
            if not joins and not self._is_in_words(last + 1):
                break
            last += 1
        if last < place:
            return None, place, 1
        said = " ".join(self.words(place, last))
        if said == "one" and not self._counts_one(place):
            return None, place, 1
        try:
            return text2num(said, "en"), last, 1
        except ValueError:
            return None, place, 1

    def _is_in_words(self, place: int) -> bool:
        word = word_at(self.tokens, place)
        return bool(word) and words.NUMBER_WORDS.issuperset(word.split("-"))

    def _counts_one(self, place: int) -> bool:
        behind = word_at(self.tokens, place + 1)
        if behind in {"more", "fewer", "less", "below", "above", "lower", "higher", "in", "percentage", "point", "out"}:
            return behind != "in" or self._is_in_words(place + 2)
        return self._names(place)

    def _names(self, place: int) -> bool:
        """Whether what the row counts follows, with nothing but an adjective between."""
        ahead = self.words(place + 1, place + 3)
        return words.FUNCTION.isdisjoint(ahead[:1]) and any(stem(word) in self.names for word in ahead)

    def _fraction(self, place: int) -> tuple[Exact, int, Exact] | None:
        """ "a third", "two thirds", "half": as a percentage with some room around it."""
        word, at = word_at(self.tokens, place), place + 1
        if word == "half":
            value, at = Fraction(50), place
        else:
            part = word_at(self.tokens, at)
            share = words.FRACTIONS.get(part.removesuffix("s"))
            if share is None or (part.endswith("s") and word in {"a", "an", "one"}):
                return None
            count = {"two": 2, "three": 3, "four": 4}.get(word, 1)
            value = Fraction(count * share) if part[:5] != "third" else Fraction(100 * count, 3)
        behind = word_at(self.tokens, at + 1)
        if behind in {"month", "time", "year", "years", "quarter", "term", "day", "as", "consecutive", "successive", "-"}:
            return None
        if behind in {"ago", "earlier", "before", "later"} or (word == "half" and self.words(place - 1, place - 1) in (["first"], ["second"])):
            return None
        return value, at, value * ROUGH_FRACTION

    def _times(self, place: int) -> Head | None:
        """ "twice", "three times", "fivefold", and "half" before what it is half of."""
        word, behind = word_at(self.tokens, place), word_at(self.tokens, place + 1)
        if word in {"twice", "double"} and self._leads_to_other(place + 1):
            return Head(place, place, Role.MOVE, 1, times=Fraction(2))
        if word.endswith("fold") and words.NUMBER_WORDS.issuperset([word.removesuffix("fold")]):
            return Head(place, place, Role.MOVE, 1, times=Fraction(text2num(word.removesuffix("fold"), "en")))
        value, last, _ = self._number(place) if behind else (None, place, 1)
        if value and word_at(self.tokens, last + 1) == "times" and self._leads_to_other(last + 2):
            return Head(place, last + 1, Role.MOVE, 1, times=Fraction(value))
        part = self._fraction(place) if word in {"half", "a", "one", "two", "three"} else None
        if part and word_at(self.tokens, part[1] + 1) in {"of", "the", "what", "that", "our", "its"} | words.REFERENCES.keys():
            if self._leads_to_other(part[1] + 1):
                return Head(place, part[1], Role.MOVE, -1, times=Fraction(part[0]) / 100)
        return None

    def _leads_to_other(self, place: int) -> bool:
        """Whether another figure follows at once: "the average", "England's", "December's", "what it was in"."""
        skipped = {"of", "the", "that", "those", "our", "its", "what", "it", "was", "in", "level", "their", "as", "many", "at", "both"}
        while place < len(self.tokens) and self.tokens[place].word in skipped:
            place += 1
        if place >= len(self.tokens):
            return False
        period = read_period(self.tokens, place, self.row)
        return self._reference(place) is not None or (isinstance(period, Period) and period.month is not None)

    def _unit(self, place: int) -> tuple[AmountUnit, int]:
        """The unit of the number that ends at the place, and the last token that belongs to it."""
        if place >= 1 and word_at(self.tokens, place).rstrip("s") in words.FRACTIONS.keys() | {"half"}:
            return AmountUnit.PERCENT, place
        last = place
        if word_at(self.tokens, place + 1) in words.PERCENT:
            last = place + 1
        elif self.words(place + 1, place + 2) == ["per", "cent"]:
            last = place + 2
        elif word_at(self.tokens, place + 1) in {"percentage", "%age", "full"} and word_at(self.tokens, place + 2) in words.POINTS:
            return AmountUnit.POINTS, place + 2
        if word_at(self.tokens, last + 1) in words.POINTS:
            return AmountUnit.POINTS, last + 1
        if word_at(self.tokens, place) == "half" and place == last:
            return AmountUnit.PERCENT, place
        return (AmountUnit.PERCENT if last > place else AmountUnit.NUMBER), last

    def _is_left_alone(self, place: int, last: int) -> bool:
        """Ages, lengths of time, dates, codes, prices and bases."""
        before, behind = word_at(self.tokens, place - 1), word_at(self.tokens, last + 1)
        if before == ".":
            before = word_at(self.tokens, place - 2)
        if before in words.LABELS or behind in words.MEASURED_IN or year_at(self.tokens, place):
            return True
        if behind == "times" or (before == "between" and self.words(last + 1, last + 1) == ["and"] and self._days_follow(last + 2)):
            return True
        if behind in {"or"} and self._is_in_words(last + 2):
            return True
        return self._is_joined(place, last) or self._is_age(place, Amount(place, last, self._number(place)[0] or 0, AmountUnit.NUMBER, Bound.EXACT, 1))

    def _days_follow(self, place: int) -> bool:
        return word_at(self.tokens, place + 1) in words.MEASURED_IN

    def _is_joined(self, place: int, last: int) -> bool:
        """Whether it is part of a fraction, a date or a code, or of lengths of time: 11-25, 3/5, 9/2/21, Covid-19."""
        before, behind = word_at(self.tokens, place - 1), word_at(self.tokens, last + 1)
        if behind in {"-", "–", "/"} and last + 2 < len(self.tokens):
            return True
        touches = place > 0 and self.tokens[place - 1].end == self.tokens[place].start
        return before in {"-", "–", "/"} and (touches or self.tokens[place - 2].is_number)

    def _is_age(self, place: int, amount: Amount) -> bool:
        """Whether it is said as an age: "under 18", "over 16", "16 and over", "the age of 21"."""
        if amount.value > LONGEST_AGE or amount.unit is not AmountUnit.NUMBER:
            return False
        if word_at(self.tokens, place) in {"over", "under"} and place < amount.first and amount.value in {5, 10, 11, 13, 16, 18, 21, 25}:
            return word_at(self.tokens, place - 1) not in words.GIVING | {"to", "at", "just", "well"}
        before, behind = word_at(self.tokens, place - 1), word_at(self.tokens, amount.last + 1)
        if before == "of" and word_at(self.tokens, place - 2) == "age":
            return True
        return behind in {"and", "or"} and word_at(self.tokens, amount.last + 2) in words.AND_OVER

    def _range(self, amount: Amount) -> Amount | None:
        """ "between 10 and 15", "ranged from 485 to 512"; "from 10 to 15" alone is a movement."""
        before = self.words(amount.first - 6, amount.first - 1)
        joint = word_at(self.tokens, amount.last + 1)
        if joint not in {"and", "to", "-", "–"} or amount.last + 2 >= len(self.tokens):
            return None
        is_range = before[-1:] == ["between"] or any(word.startswith("rang") or word in {"varied", "fluctuated"} for word in before)
        if not is_range or (joint == "to" and before[-1:] not in (["from"], ["of"]) and "rang" not in "".join(before)):
            return None
        high, last, _ = self._number(amount.last + 2)
        if high is None or high < amount.value or word_at(self.tokens, last + 1) in words.MEASURED_IN:
            return None
        unit, end = self._unit(last)
        return replace(amount, first=amount.first, last=end, high=high, unit=unit)

    def _part(self, amount: Amount) -> Amount | None:
        """ "42 of the 56", "nine out of ten", "one in five"."""
        at = amount.last + 1
        if amount.unit is not AmountUnit.NUMBER or word_at(self.tokens, at) not in {"of", "out", "in"}:
            return None
        is_rough = word_at(self.tokens, at) == "in"
        at += 1
        while word_at(self.tokens, at) in {"of", "the", "our", "these", "those", "all", "every"} and not is_rough:
            at += 1
        whole, last, _ = self._number(at) if at < len(self.tokens) else (None, at, 1)
        if not whole or whole < amount.value or self._unit(last)[0] is not AmountUnit.NUMBER or year_at(self.tokens, at):
            return None
        if word_at(self.tokens, last + 1) in words.MEASURED_IN:
            return None
        unit = AmountUnit.PERCENT if self.row.measure.unit is Unit.PERCENTAGE else AmountUnit.NUMBER
        return replace(amount, last=last, unit=unit, whole=whole, bound=Bound.ABOUT if is_rough else Bound.EXACT)

    # Words that claim

    def _head(self, place: int) -> Head | None:
        found = _SENSES.at(self.tokens, place)
        word = self.tokens[place].word
        if word in _UP_AND_DOWN and (found is None or found[0] == place):
            return Head(place, place, Role.MOVE, _UP_AND_DOWN[word]) if self._moves(place) else None
        if found is None:
            return None
        last, sense = found
        sign = _sign(sense.sign, self.row.measure.polarity)
        either_way = sign is None and sense.role is Role.EXTREME
        sign = 1 if either_way else sign
        if sign is None or (sense.role in {Role.MOVE, Role.STAND} and self._is_infinitive(place)):
            return None
        if sense.role is Role.EXTREME and not self._is_extreme(place, last):
            return None
        if word in {"over", "past", "beyond"} and not self._leads_to_other(place + 1):
            return None
        if sense.role is Role.MOVE and word == "spike" and word_at(self.tokens, place - 1) in words.MONTHS:
            return None
        times = Fraction(*sense.times) if sense.times else None
        softened = sign == 0 and word_at(self.tokens, place - 1) in words.SOFTENING
        return Head(place, last, sense.role, sign, softened or sense.sign is Sign.STEADY, times, either_way=either_way)

    def _moves(self, place: int) -> bool:
        """Whether "up" or "down" is about a figure: "up 3%", "down from 8%"; not "set up", "up to"."""
        behind = word_at(self.tokens, place + 1)
        if word_at(self.tokens, place - 1) in words.PHRASAL or (behind == "to" and place > 0 and not self.tokens[place - 1].is_word):
            return False
        if behind == "to":
            return word_at(self.tokens, place + 2)[:1].isdigit() and place == 0
        return behind in words.AFTER_UP_AND_DOWN or behind[:1].isdigit() or self._is_in_words(place + 1)

    def _is_infinitive(self, place: int) -> bool:
        """Whether it is only what something is to do: "to fall", but not "continues to fall"."""
        if self.tokens[place].word not in words.BASE_FORMS or word_at(self.tokens, place - 1) != "to":
            return False
        return not word_at(self.tokens, place - 2).startswith("continu")

    def _is_extreme(self, place: int, last: int) -> bool:
        before = self.words(place - REACH_OF_NOT_QUITE, place - 1)
        if self.tokens[place].word in words.NEED_WINDOW and place == last:
            window = any(place - 1 == one.last for one in self.patterns.values()) or before[-1:] == ["record"]
            return window or before[-3:] == ["high", "of", "the"]
        return words.NOT_QUITE.isdisjoint(before)


ROUGH_FRACTION = Fraction(12, 100)


def _run(match: re.Match[str], first: int, last: int) -> Run:
    said = match.groupdict()
    nth = said["nth"] or said["again"]
    if nth:
        return Run(first, last, words.ORDINALS[nth])
    count = said["count"]
    if count is None:
        return Run(first, last, None)
    return Run(first, last, int(count) if count.isdecimal() else text2num(count, "en"))


def _sign(sign: Sign, polarity: Polarity) -> int | None:
    """1 up or higher, -1 down or lower, 0 the same; None where that depends on what is wanted, and nobody says."""
    if sign in _SIGNS:
        return _SIGNS[sign]
    good = {Polarity.HIGH: 1, Polarity.LOW: -1}.get(polarity)
    if sign in {Sign.AHEAD, Sign.BEHIND}:
        # Of a figure that should be low "ahead" can mean higher or better.
        return None if good == -1 else _SIDES[sign]
    if good is None:
        return None
    return good if sign is Sign.BETTER else -good


_SIGNS = {Sign.UP: 1, Sign.DOWN: -1, Sign.SAME: 0, Sign.STEADY: 0}
_SIDES = {Sign.AHEAD: 1, Sign.BEHIND: -1}
