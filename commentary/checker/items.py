"""Reading what a sentence mentions: times, what figures are set beside, numbers, and words that move or compare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

from indicators.calculations.exact import Exact
from indicators.calculations.row import PeerGroup, Row
from indicators.calculations.units import UNITS, UnitKind
from indicators.calculations.vocabulary import GroupKind, Polarity, Unit

from . import numbers, words
from .numbers import DIGITS, IN_WORDS, Amount, AmountUnit, Bound, either
from .periods import FinancialYear, Period, read_period, read_windows
from .text import Line, Mention, Phrases, Token, sentences, stem
from .words import Beside, Role, Sense, Sign

Kind = TypeVar("Kind", bound=Mention)
LONGEST_AGE = 25
AGES = frozenset((5, 10, 11, 13, 16, 18, 21, 25))


@dataclass(frozen=True, slots=True)
class Reference(Mention):
    """Something that the row can be compared with: a group by its key, empty for any; a target perhaps of a year."""

    beside: Beside
    group: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Head(Mention):
    """A word that claims something: 1 up or higher, -1 down or lower, 0 the same.

    `is_rough` weakens the same to much the same; `times` is how many times the other figure is meant.
    """

    role: Role
    sign: int
    is_rough: bool = False
    times: Fraction | None = None
    bound: Bound = Bound.EXACT


@dataclass(frozen=True, slots=True)
class Run(Mention):
    """That something holds month after month: for so many of them, or for all (None)."""

    count: int | None


_NTH = "|".join(words.ORDINALS)
_ROW = "(?: (?:in a row|running|in succession|on the trot))"
_STRAIGHT = "(?:consecutive|successive|straight)(?: monthly| quarterly)?(?: months?| quarters?)?"
_SPELL = f"(?:{_STRAIGHT}|(?:months?|quarters?|periods?|times?){_ROW})"
_RUNS = re.compile(
    rf"(?<!\S)(?:(?P<nth>{_NTH}) {_SPELL}|(?P<count>{numbers.COUNTED}) {_SPELL}"
    rf"|for (?:a|the) (?P<again>{_NTH}) (?:(?:consecutive|successive|straight) )?(?:month|quarter|time)(?:{_ROW})?"
    r"|(?:in )?(?:every|each)(?: and every)?(?: single)? (?:month|quarter)|throughout|month on month|month - on - month"
    r"|month-on-month|(?:in )?(?:every one|each|all) of(?= the| these)|all year|consistently)(?!\S)"
)
_TIMES = re.compile(
    rf"(?<!\S)(?:(?P<bound>{either(words.BOUNDS)}) )?(?:(?P<verb>{either(words.TIMES_SAID)})|twice|double"
    rf"|(?P<count>{DIGITS}|{IN_WORDS}) times|(?P<fold>{numbers.WORD})fold|(?P<part>{numbers.PART})(?= [a-z]))(?!\S)"
)
# 11-25, 3/5, 9/2/21, Covid-19
_JOINTS = frozenset("-–/")
# "from 12 to 14" and "by 9 to 508" give two figures; "11 to 25 days" is a range.
_NO_RANGE = frozenset(("from", "between", "by", "of"))
_BEFORE_OTHER = words.word_set(
    "every one all each three of the that those our its what it they was were had been stood in level their as many at "
    "both - day days week weeks month hour hours"
)
_NOT_PART = words.word_set(
    "month time year years quarter term day as consecutive successive - ago earlier before later"
)
# In front of "12 days" where these are the figure, and not a limit or a time that has passed.
_GIVES_TIME = words.GIVING | words.word_set("of by from to averaged averaging average takes up down")
_AFTER_ONE = words.word_set("more fewer less below above lower higher percentage point out")
_SENSES = Phrases(words.SENSES)
_UP_AND_DOWN = {"up": 1, "down": -1}


@lru_cache(maxsize=64)
def references(groups: tuple[PeerGroup, ...]) -> Phrases[tuple[Beside, str]]:
    """What a text can call the things that a figure is set beside: the groups' names, and short names that are no words
    as others. Of names in one another the longest is meant.
    """
    found = dict(words.GROUP_NAMES)
    for group in groups:
        is_other = group.kind is GroupKind.OTHER
        said = [group.name, group.said, *([f"{group.name} region"] if group.kind is GroupKind.REGION else [])]
        said += [group.short_name] if is_other and group.short_name[1:] != group.short_name[1:].lower() else []
        read = (" ".join(token.word for tokens in sentences(one) for token in tokens) for one in said)
        key = group.code if is_other else group.kind.value
        found |= {one.removeprefix("the "): key for one in read if one}
    named = {phrase: (Beside.GROUP, key) for phrase, key in found.items()}
    return Phrases(named | {phrase: (beside, "") for phrase, beside in words.REFERENCES.items()})


class Sentence(Line):
    """A sentence and what it mentions, in order, seen from the row's month; `names` are stems of what the row counts.

    Times and references are read first, then numbers, then words that claim.
    """

    def __init__(
        self, tokens: tuple[Token, ...], row: Row, groups: tuple[PeerGroup, ...], names: frozenset[str]
    ) -> None:
        super().__init__(tokens)
        self.row, self.names, self._groups = row, names, references(groups)
        self.items: list[Mention] = []
        self.taken: set[int] = set()
        self._add(self._runs())
        self._add(self._named({one.first: one for one in read_windows(self, row)}))
        self.items = [*self._with_years()]
        self._add(self._multiples())
        self._add(self._amounts())
        self._add(Period(at, at, None) for at, token in enumerate(tokens) if token.word in {"quarter", "quarters"})
        self._add(self._heads())
        self.items.sort(key=lambda one: one.first)
        everywhere = Mention(0, len(tokens))
        self.amounts, self.periods = self.within(Amount, everywhere), self.within(Period, everywhere)
        self.heads, self.references = self.within(Head, everywhere), self.within(Reference, everywhere)

    def within(self, kind: type[Kind], piece: Mention) -> list[Kind]:
        """The items of a kind that lie in the stretch."""
        inside = [one for one in self.items if piece.first <= one.first and one.last <= piece.last]
        return [one for one in inside if isinstance(one, kind)]

    def loose(self, piece: Mention) -> list[tuple[int, str]]:
        """The words of the stretch that belong to no item, with their places."""
        return [(at, self.tokens[at].word) for at in range(piece.first, piece.last + 1) if at not in self.taken]

    def _add(self, items: Iterable[Mention]) -> None:
        """Keep those that lie in no other item."""
        for one in items:
            places = range(one.first, one.last + 1)
            if self.taken.isdisjoint(places):
                self.items.append(one)
                self.taken.update(places)

    # Times and references

    def _runs(self) -> Iterator[Run]:
        for match in _RUNS.finditer(self.line):
            nth, count = match["nth"] or match["again"], match["count"]
            times = words.ORDINALS[nth] if nth else numbers.number(count) if count else None
            yield Run(*self.span(match), None if times is None else int(times))

    def _named(self, windows: dict[int, Period]) -> Iterator[Mention]:
        for place in range(len(self.tokens)):
            reference = self._groups.at(self.tokens, place)
            said = Reference(place, reference[0], *reference[1]) if reference else None
            if found := said or read_period(self, place, self.row) or windows.get(place):
                yield found

    def _with_years(self) -> Iterator[Mention]:
        """References with the year in front of or behind them; the average of others is those others' figure."""
        references = [one for one in self.items if isinstance(one, Reference)]
        years = [one for one in self.items if isinstance(one, FinancialYear)]
        others = {at for one in references for at in (one.first, one.last)}
        for one in self.items:
            if isinstance(one, Reference) and one.beside is Beside.AVERAGE:
                if self.word(one.first - 1) == "on" and any(map(self._is_number, (one.first - 3, one.first - 2))):
                    # "Took 12 days on average" compares with nothing.
                    continue
                joined = self.word(one.last + 1) in {"of", "for", "in", "across", "among"}
                # Behind "neighbours'" stands its apostrophe.
                before = one.first - 1 - (self.word(one.first - 1) == "'")
                if not others.isdisjoint({before, *range(one.last + 2, one.last + 2 + 3 * joined)}):
                    continue
            near = [year.year for year in years if abs(year.first - one.first) <= 4]
            if isinstance(one, Reference) and one.beside is Beside.TARGET and near:
                yield replace(one, year=near[0])
            else:
                yield one

    # Numbers

    def _leads_to_other(self, place: int, *, months: bool = True) -> bool:
        """Whether another figure follows at once: "the average", "England's", "December's", "what it was in"."""
        others = {one.first for one in self.items if isinstance(one, Reference)}
        others |= {one.first for one in self.items if months and isinstance(one, Period) and one.month}
        while place not in others and (self.word(place) in _BEFORE_OTHER or self.word(place)[:1].isdigit()):
            place += 1
        return place in others

    def _multiples(self) -> Iterator[Head]:
        """ "twice", "three times", "fivefold", and "half" before what it is half of."""
        for match in _TIMES.finditer(self.line):
            first, last = self.span(match)
            # "A quarter in November" is a level, "a quarter of November's" a multiple.
            leads = self.word(last + 1) != "in" and self._leads_to_other(last + 1)
            if match["fold"] is None and not leads and (match["verb"] is None or self.word(last - 1) == "to"):
                continue
            if match["verb"]:
                times = Fraction(*words.TIMES_SAID[match["verb"]])
            elif match["part"]:
                times = numbers.fraction(match["part"]) / 100
            else:
                count = match["count"] or match["fold"]
                times = Fraction(numbers.number(count) or 0) if count else Fraction(2)
            if times:
                bound = Bound[words.BOUNDS[match["bound"]]] if match["bound"] else Bound.EXACT
                if match["verb"] and times < 1 and bound is Bound.AT_LEAST:
                    # "More than halved" is less than half.
                    bound = Bound.AT_MOST
                role = Role.STAND if leads and not match["fold"] else Role.MOVE
                yield Head(first, last, role, 1 if times > 1 else -1, times=times, bound=bound)

    def _amounts(self) -> Iterator[Amount]:
        """The numbers that could be figures or changes of the row."""
        at = 0
        while match := numbers.AMOUNTS.search(self.line, at):
            amount, at = self._amount(match), match.end()
            if amount is not None:
                at = self.starts[amount.last] + len(self.tokens[amount.last].word)
                yield amount

    def _amount(self, match: re.Match[str]) -> Amount | None:
        measure, (first, last) = self.row.measure, self.span(match)
        is_money = measure.kind_of_unit is UnitKind.MONEY
        amount = numbers.read_amount(match, UNITS[measure.unit].size if is_money else None)
        at = self.starts.index(match.start("part" if match["part"] else "money" if match["money"] else "number"))
        if amount is None or not self.taken.isdisjoint(range(at, last + 1)):
            return None
        amount = replace(amount, first=first, last=last)
        if match["money"]:
            is_range = self.word(last + 1) in {"to", "or", *_JOINTS} and self.word(first - 1) not in _NO_RANGE
            return None if is_range or self.word(first - 1) in {"between", "or", *_JOINTS} else amount
        if not self._is_counted(match["number"], at) or self._is_left_alone(match, at, last, amount.value):
            return None
        if (amount.value < 0 and not measure.allows_negative) or not self._is_of_kind(match, at, last):
            return None
        if amount.unit is AmountUnit.POINTS and measure.kind_of_unit is UnitKind.SCORE:
            amount = replace(amount, unit=AmountUnit.NUMBER)
        return self._extended(replace(amount, is_relative="relative" in self.words(at - 5, at - 1)), match.end())

    def _is_of_kind(self, match: re.Match[str], at: int, last: int) -> bool:
        """Whether a plain number can be the row's: beside money and lengths of time most numbers count something else.

        A length of time is, where it stands in the row's unit behind a word that gives a figure, as "took 12 days".
        """
        kind = self.row.measure.kind_of_unit
        if match["unit"] or match["part"] or kind not in {UnitKind.MONEY, UnitKind.TIME}:
            return True
        behind = self.word(last + 1)
        is_long = not match["number"].isalnum()
        if kind is UnitKind.TIME and is_long and (behind in words.FUNCTION or not behind.isalnum()):
            # "From 4.3 in quarter 1"
            return True
        is_own = behind in UNITS[self.row.measure.unit].behind and not (match["bound"] or match["behind"])
        return is_own and (self.word(at - 1) in _GIVES_TIME or is_long)

    def _is_counted(self, said: str | None, at: int) -> bool:
        """Whether a word for a number counts: "one", "a" and "no" only before what the row counts, or as a size."""
        names, behind = self._names(at), self.word(at + 1)
        if said == "no":
            return names and not _SENSES.at(self.tokens, at)
        if said and said != "a dozen" and (said == "a" or said.startswith("a ")):
            return self._names(at + 1) or self.word(at + 2) in {"point", "percentage"} or "single" not in said
        if said in {"single", "one"}:
            sized = said == "one" and behind in _AFTER_ONE
            parted = behind == "in" and self._is_number(at + 2)
            return sized or parted or behind in words.POINTS or (names and stem(said) not in self.names)
        return True

    def _is_number(self, place: int) -> bool:
        word = self.word(place)
        return word.lstrip("-£")[:1].isdigit() or (bool(word) and words.NUMBER_WORDS.issuperset(word.split("-")))

    def _names(self, place: int) -> bool:
        """Whether what the row counts follows, with nothing but an adjective between."""
        ahead = self.words(place + 1, place + 3)
        return words.FUNCTION.isdisjoint(ahead[:1]) and any(stem(word) in self.names for word in ahead)

    def _is_left_alone(self, match: re.Match[str], at: int, last: int, value: Exact) -> bool:
        """Whether it is an age, a length of time, a date, a fraction, a code, a price or a base."""
        before, behind = self.word(at - 1), self.word(last + 1)
        if match["part"]:
            return behind in _NOT_PART or (match["part"] == "half" and before in {"first", "second"})
        touches = at > 0 and self.tokens[at - 1].end == self.tokens[at].start
        if before in _JOINTS and (touches or self.tokens[at - 2].is_number):
            return True
        if behind in _JOINTS and last + 2 < len(self.tokens):
            return True
        if match["unit"]:
            return False
        label = self.word(at - 2) if before == "." else before
        is_own_time = behind in UNITS[self.row.measure.unit].behind and self.word(at - 3) != "between"
        if (
            (label in words.LABELS and at - 1 not in self.taken)
            or (behind in words.MEASURED_IN and not is_own_time)
            or re.fullmatch(r"20\d\d", match["number"])
        ):
            return True
        # "9 of 12 months"
        if behind == "of" and self._is_number(last + 2) and self.word(last + 3) in {*words.MEASURED_IN, "quarters"}:
            return True
        # "one or two", "11 to 25"
        for joint, other, front in ((behind, last + 2, at - 1), (before, at - 2, at - 3)):
            joins = joint == "or" or (joint == "to" and self.word(front) not in _NO_RANGE)
            if joins and self._is_number(other) and other not in self.taken:
                return True
        if value > LONGEST_AGE:
            return False
        # "Under 18", "16 and over", "the age of 21"
        stated = self.word(at - 2) in words.GIVING | {"to", "at", "just", "well"}
        is_limit = before in {"over", "under"} and value in AGES and not stated
        behind_it = self.words(last + 1, last + 2)
        is_span = behind_it[:1] in (["and"], ["or"]) and behind_it[-1] in words.AND_OVER
        return is_limit or is_span or self.words(at - 2, at - 1) == ["age", "of"]

    def _extended(self, amount: Amount, end: int) -> Amount:
        """With what makes it a range, "between 10 and 15", or a part, "42 of the 56", "one in five"."""
        front = self.line[: self.starts[amount.first]]
        high = numbers.HIGH.match(self.line, end) if numbers.OPENS_RANGE.search(front) else None
        if high and (value := numbers.number(high["high"])) and value >= amount.value:
            unit = AmountUnit.PERCENT if high["unit"] else amount.unit
            return replace(amount, last=self.place_before(high.end()), high=value, unit=unit)
        part = numbers.OF_WHOLE.match(self.line, end) if amount.unit is AmountUnit.NUMBER else None
        whole = numbers.number(part["whole"]) if part else None
        if not part or not whole or whole < amount.value or re.fullmatch(r"20\d\d", part["whole"]):
            return amount
        unit = AmountUnit.PERCENT if self.row.measure.unit is Unit.PERCENTAGE else AmountUnit.NUMBER
        bound = Bound.ABOUT if part["rate"] else Bound.EXACT
        return replace(amount, last=self.place_before(part.end()), unit=unit, whole=whole, bound=bound)

    # Words that claim

    def _heads(self) -> Iterator[Head]:
        for place, token in enumerate(self.tokens):
            found = _SENSES.at(self.tokens, place)
            if token.word in _UP_AND_DOWN and (found is None or found[0] == place):
                if self._moves(place):
                    yield Head(place, place, Role.MOVE, _UP_AND_DOWN[token.word])
            elif found and place not in self.taken:
                head = self._head(place, *found)
                if head:
                    yield head

    def _head(self, place: int, last: int, sense: Sense) -> Head | None:
        word, before = self.word(place), self.word(place - 1)
        sign = _sign(sense.sign, self.row.measure.polarity)
        is_infinitive = word in words.BASE_FORMS and before == "to" and not self.word(place - 2).startswith("continu")
        is_none = is_infinitive and sense.role in {Role.MOVE, Role.STAND}
        if sign is None or is_none or (sense.role is Role.EXTREME and not self._is_extreme(place, last)):
            return None
        if word in words.NEED_REFERENCE and not self._leads_to_other(place + 1, months=False):
            return None
        if word in {"longer", "shorter"} and (before == "no" or self.row.measure.kind_of_unit is not UnitKind.TIME):
            return None
        softened = sense.sign is Sign.STEADY or (sign == 0 and before in words.SOFTENING)
        return Head(place, last, sense.role, sign, softened)

    def _moves(self, place: int) -> bool:
        """Whether "up" or "down" is about a figure: "up 3%", "down from 8%"; not "set up", "up to"."""
        before, behind = self.word(place - 1), self.word(place + 1)
        if before in words.PHRASAL:
            return False
        if behind == "to":
            return place == 0 and self.word(place + 2)[:1].isdigit()
        return behind in words.AFTER_UP_AND_DOWN or self._is_number(place + 1)

    def _is_extreme(self, place: int, last: int) -> bool:
        before = self.words(place - 3, place - 1)
        if self.word(place) in words.NEED_WINDOW and place == last:
            windows = [
                one
                for one in self.items
                if isinstance(one, Period | Run) and place in {one.last + 1, one.first - 1, one.first - 2}
            ]
            return bool(windows) or before[-1:] == ["record"]
        return words.NOT_QUITE.isdisjoint(before)


def _sign(sign: Sign, polarity: Polarity) -> int | None:
    """1 up or higher, -1 down or lower, 0 the same; None where that depends on what is wanted, and nobody says."""
    good = {Polarity.HIGH: 1, Polarity.LOW: -1}.get(polarity)
    better, worse = (good, -good) if good else (None, None)
    # Of a figure that should be low "ahead" can mean higher or better.
    ahead, behind = (None, None) if good == -1 else (1, -1)
    points = {Sign.UP: 1, Sign.DOWN: -1, Sign.BETTER: better, Sign.WORSE: worse, Sign.AHEAD: ahead, Sign.BEHIND: behind}
    return points.get(sign, 0)
