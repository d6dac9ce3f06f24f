"""From clauses to statements: which number, time and reference belongs to which word that claims something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import chain

from indicators.calculations.months import add_months
from indicators.calculations.row import Row
from indicators.calculations.vocabulary import Unit

from . import words
from .clauses import About, Clause, Subject
from .items import Amount, AmountUnit, Bound, Head, Reference, Run
from .pairing import BEFORE_MONTH
from .periods import Period, Window, months_from, years
from .statements import (
    Always,
    Beyond,
    Change,
    Comparison,
    Extreme,
    Facts,
    First,
    Level,
    Quoted,
    Repeated,
    Span,
    Statement,
    is_figure,
)
from .text import Mention, stems, word_at
from .wording import NOT_ALONE
from .words import Beside, Role

_JOINS = frozenset("and or , both the as well our ( ) in".split())
# A number without a month that is further than this many times from every figure of the row is about something else.
FURTHEST_TIMES, FURTHEST_DATED = 2, 5


def read_claims(clauses: list[Clause], row: Row, subject: Subject) -> Iterator[tuple[Clause, Statement]]:
    """Every statement with the clause that makes it; clauses about something else make none."""
    for clause in clauses:
        for statement in ClauseReader(clause, row, subject).read():
            yield clause, statement


class ClauseReader:
    """Reads the statements of one clause."""

    def __init__(self, clause: Clause, row: Row, subject: Subject) -> None:
        self.clause, self.pairing, self.row, self.subject = clause, clause.pairing, row, subject
        self.sentence = clause.sentence
        self.tokens = clause.sentence.tokens
        self.heads = clause.own(Head)
        self.periods = clause.own(Period)
        self.references = clause.own(Reference)
        self.runs = clause.own(Run)
        self.said = self.sentence.words(clause.first, clause.last)
        self.loose = dict(self.sentence.loose(clause))

    def read(self) -> list[Statement]:
        """Everything that the clause states as a fact about the row."""
        if not words.SUPPOSED.isdisjoint(self.loose.values()) or {self.clause.about, self.clause.moved} == {
            About.OTHER
        }:
            return []
        if any(NOT_ALONE.at(self.tokens, at) for at in range(self.clause.first, self.clause.last)):
            # "The drop indicated above" is another row's.
            return []
        found: list[Statement] = [*self._always(), *self._quoted(), *self._levels(), *self._firsts()]
        for head in self.heads:
            found += self._of(head)
        return found

    # Figures

    def _own(self, mention: Mention) -> bool:
        return self.clause.covers(mention.first)

    def _levels(self) -> Iterator[Statement]:
        """Numbers that are said to be a figure of the row."""
        dated = [pair for pair in self.pairing.dated if self._own(pair[0])]
        if self._parts_off():
            return
        for amount, period in dated:
            if period.month and not self._is_negated(amount.first):
                if self._is_about(amount) and self._is_near(amount, FURTHEST_DATED):
                    yield Level((amount, period), amount, (period.month,), period.has_full_year)
        taken = {id(amount) for amount, _ in dated}
        for amount in self.pairing.levels:
            if self._own(amount) and id(amount) not in taken and not self._is_negated(amount.first):
                yield from self._undated(amount)

    def _is_about(self, amount: Amount) -> bool:
        if self.clause.about is About.ROW:
            return True
        if self.clause.moved is About.ROW and word_at(self.tokens, amount.first - 1) in {"to", "from"}:
            return True
        if self.row.measure.unit is Unit.PERCENTAGE and word_at(self.tokens, amount.last + 1) == "of":
            naming = self.subject.naming(self.sentence, self.clause)
            return bool(naming) and self.subject.knows(naming)
        return False

    def _parts_off(self) -> bool:
        """Whether it speaks of a part: "of these 12 were boys", "40 of those"."""
        said = self.sentence.words(0, self.clause.last)
        for at in (0, self.clause.first):
            if word_at(self.tokens, at) == "of" and at < self.clause.last:
                return True
        return any(
            word_at(self.tokens, amount.last + 1) == "of"
            and word_at(self.tokens, amount.last + 2) in {"these", "those", "them", "which", "whom", "the", "our"}
            and self.row.measure.unit is not Unit.PERCENTAGE
            for amount in self.clause.own(Amount)
            if amount.whole is None
        ) or said[:1] == ["including"]

    def _undated(self, amount: Amount) -> Iterator[Statement]:
        """Numbers without a month: the current figure, or what it is said to have moved from."""
        if not self._is_about(amount) or (
            amount.high is not None and word_at(self.tokens, amount.first - 1) != "between"
        ):
            return
        role = self.pairing.role(amount)
        before = word_at(self.tokens, amount.first - 1)
        if before == "from" or (role == "from" and before == "of"):
            # "From a peak of 96%" can be any month's.
            months = self._earlier_months() if before == "from" else self.row.months
            if months and any(self.row.value(month) is not None for month in months):
                yield Level((amount,), amount, months)
            return
        blocking = [
            one
            for one in self.periods
            if one.month != self.row.current_month
            and self.pairing.role(one) not in words.AGAINST
            and not one.is_stretch
            and not one.windows
        ]
        if not self.periods and not self.subject.naming(self.sentence, self.clause) and self._could_be_of_another():
            return
        if blocking or role in {"than", "against", "compared", "since"} or not self._is_near(amount, FURTHEST_TIMES):
            return
        extremes = [head for head in self.heads if head.role is Role.EXTREME and head.first < amount.first]
        if not self.references and not extremes and self._is_stated(amount):
            yield Level((amount,), amount, (self.row.current_month,))

    def _earlier_months(self) -> tuple[date, ...]:
        """What "from 140" can mean: the month that the clause sets against, else the month or the year before."""
        said = [one.month for one in self.periods if one.month and one.month != self.row.current_month]
        if said:
            return tuple(said[:1])
        named = [one.month for one in self.pairing.periods if one.month]
        return tuple(dict.fromkeys((self.row.previous_month, self.row.year_before, *named)))

    def _is_near(self, amount: Amount, times: int) -> bool:
        known = [figure.value for figure in self.row.figures if figure.value is not None]
        if amount.whole is not None and self.row.measure.unit is Unit.PERCENTAGE:
            return True
        return bool(known) and min(known) <= (amount.value or 1) * times and amount.value <= max(known) * times

    def _is_stated(self, amount: Amount) -> bool:
        """Whether the clause says no more than that the figure is the number: "is 86%", "rose to 512", "512 contacts"."""
        behind = [word for at, word in self.loose.items() if at > amount.last and word[0].isalpha()]
        if not self.subject.knows(behind):
            return False
        front = self.sentence.words(self.clause.first, amount.first - 1)
        while front and front[-1] in words.ADVERBS | {"a", "the", "some"} - {"now"}:
            front.pop()
        if not front or front == ["and"]:
            named = self.subject.about(self.sentence, self.clause) is About.ROW
            return named and amount.bound in {Bound.EXACT, Bound.AT_LEAST, Bound.NEARLY, Bound.JUST_OVER, Bound.AT_MOST}
        if front[-1] == "at":
            return True
        if front[-1] == "to":
            moved = any(amount.first - 4 <= head.last < amount.first for head in self.heads)
            return moved or "from" in front[-5:] or "stepped" in front
        return front[-1] in words.GIVING or (front[-1] == "and" and front[-2:-1] == ["now"])

    def _is_negated(self, place: int) -> bool:
        """Whether a word that denies stands in front, in the clause."""
        ahead = [word for at, word in self.loose.items() if at < place]
        return any(word in words.NEGATIONS or word.endswith("n't") for word in ahead)

    def _quoted(self) -> Iterator[Statement]:
        for reference, amount in self.pairing.quoted:
            if reference.beside is Beside.AVERAGE and (self._has_other_time() or self._windows_of_months()):
                continue
            if self._own(reference) and not self._is_negated(reference.first):
                unit = AmountUnit.PERCENT if self.row.measure.unit is Unit.PERCENTAGE else AmountUnit.NUMBER
                if amount.unit is unit:
                    yield Quoted((reference, amount), reference, amount)

    # Bounds over several months

    def _windows(self) -> tuple[tuple[Mention, ...], tuple[Window, ...]]:
        """The stretch of months that the clause speaks of, in its readings, with the words that say so."""
        for period in self.periods:
            if period.windows:
                return (period,), period.windows
        months = [one for one in self.periods if one.month]
        if len(months) == 2 and months[0].month and months[1].month:
            if {"between", "from"} & {self.pairing.role(months[0])} and months[0].month < months[1].month:
                window = tuple(m for m in months_from(months[0].month, self.row) if m <= months[1].month)
                return tuple(months), (window,)
        for period in months:
            if period.month and self.pairing.role(period) == "since":
                return (period,), (
                    months_from(period.month, self.row),
                    months_from(add_months(period.month, 1), self.row),
                )
        return (), ()

    def _always(self) -> Iterator[Statement]:
        """ "above 90% throughout", "never fell below 80%", "between 77 and 82 since April"."""
        if (
            "only" in self.said
            or "once" in self.said
            or "average" in self.said
            or self.clause.about is About.LIKELY
            and self._is_strange()
        ):
            return
        said, windows = self._windows()
        if any(one.month is None and not one.windows for one in self.periods):
            return
        throughout = [run for run in self.runs if run.count is None]
        if not windows and throughout and "shown" not in self.said:
            windows = ((self.row.months[-6:]), *years(self.row))
        counted = next((run for run in self.runs if run.count), None)
        for amount in self.pairing.levels:
            if self._own(amount) and counted and counted.count and not self.heads and not self.references:
                yield Always((amount, counted), amount, (tuple(Facts(self.row).steps_back(counted.count - 1)),))
            if not self._own(amount) or not windows:
                continue
            denied = self._is_negated(amount.first + 1)
            if amount.high is not None and not denied:
                if any(word.startswith(("rang", "vari", "fluct")) for word in self.said) and not throughout:
                    yield Span((amount,), amount, windows)
                else:
                    yield Always((amount, *said), amount, windows)
            elif amount.bound in {Bound.AT_LEAST, Bound.AT_MOST} and (throughout or denied or self._is_kept()):
                if denied:
                    flipped = Bound.AT_MOST if amount.bound is Bound.AT_LEAST else Bound.AT_LEAST
                    amount_meant = replace(amount, bound=flipped)
                else:
                    amount_meant = amount
                yield Always((amount, *throughout, *said), amount_meant, windows)

    def _is_kept(self) -> bool:
        return not words.word_set("stayed remained held kept stay remain been exceeded").isdisjoint(self.said)

    def _is_strange(self) -> bool:
        """Whether nothing in front of the first claim is of the row, though something is named there."""
        first = min((one.first for one in chain(self.heads, self.clause.own(Amount))), default=self.clause.last)
        front = Mention(self.clause.first, first - 1)
        naming = self.subject.naming(self.sentence, front)
        return bool(naming) and not any(self.subject.knows([word]) for word in naming)

    # First time since

    def _firsts(self) -> Iterator[Statement]:
        at = next((place for place, word in self.loose.items() if word == "first"), None)
        if at is None or self._is_strange():
            return
        since = next(
            (one for one in self.periods if one.first > at and self.pairing.role(one) == "since" and one.month), None
        )
        window = next((one for one in self.periods if one.windows and one.first > at), None)
        if since and since.month:
            between = tuple(m for m in months_from(add_months(since.month, 1), self.row) if m < self.row.current_month)
        elif window and "time" in self.said:
            between, since = tuple(m for m in window.windows[0] if m < self.row.current_month), window
        else:
            return
        holds = self._what_holds(at)
        if holds and since:
            yield First((Mention(at, at), since), between, holds)

    def _what_holds(self, at: int) -> Callable[[Facts, date], bool] | None:
        """What is said to hold for the first time: a movement, a bound, or that there is any."""
        moves = [head for head in self.heads if head.role is Role.MOVE and head.sign and not head.times]
        bounded = [
            one for one in self.pairing.levels if self._own(one) and one.bound in {Bound.AT_LEAST, Bound.AT_MOST}
        ]
        if bounded:
            amount = bounded[0]
            return lambda facts, month: (
                (value := facts.value(month)) is not None and is_figure(amount, value, facts.row)
            )
        if moves:
            sign, step = moves[0].sign, self.row.measure.frequency.months
            return lambda facts, month: _went(facts, add_months(month, -step), month, sign)
        if self.row.measure.unit is Unit.COUNT and word_at(self.tokens, at + 1) == "since":
            return lambda facts, month: bool(facts.value(month))
        return None

    # Words that move, compare or rank

    def _of(self, head: Head) -> list[Statement]:
        """The statements that one word makes with what belongs to it."""
        if head.role is Role.EXTREME:
            return [] if self._is_strange() or self._is_negated(head.first) else [*self._extreme(head)]
        references = self._references(head)
        if references:
            return [] if self._is_strange() else [*self._comparison(head, references)]
        since_any = self._than_any(head)
        if since_any:
            return [since_any]
        if (
            self._is_negated(head.first)
            and (this := {"low": -1, "high": 1}.keys() & {*self.said})
            and {"this", "so"} & {*self.said}
        ):
            # "Has not been this low since May."
            said, windows = self._extreme_windows(head)
            return (
                [Extreme((head, *said), (-1 if "low" in this else 1,), (self.row.current_month,), windows)]
                if windows
                else []
            )
        if "never" in self.said and head.role is Role.THAN and "than" not in self.said and not self._is_strange():
            return [Extreme((head,), (head.sign,), (self.row.current_month,), (self.row.months,))]
        return [*self._change(head), *self._repeated(head)]

    def _extreme(self, head: Head) -> Iterator[Statement]:
        said, windows = self._extreme_windows(head)
        months = self._months_meant(said)
        if windows and months:
            yield Extreme((head, *said), (1, -1) if head.either_way else (head.sign,), months, windows)

    def _extreme_windows(self, head: Head) -> tuple[tuple[Mention, ...], tuple[Window, ...]]:
        """The times that the text can mean, as months, with the words that say it; none where it does not say."""
        if word_at(self.tokens, head.first - 1) == "record":
            return (), (self.row.months,)
        behind = [one for one in self.periods if one.first > head.last]
        for period in [*behind, *reversed([one for one in self.periods if one.last < head.first])]:
            if period.windows:
                return (period,), period.windows
            last = word_at(self.tokens, head.first) == "last" or word_at(self.tokens, head.first - 1) == "last"
            role = self.pairing.role(period)
            if period.month and period.first > head.last and (role == "since" or last):
                return (period,), (months_from(add_months(period.month, 1), self.row),)
        return (), ()

    def _months_meant(self, window: tuple[Mention, ...]) -> tuple[date, ...]:
        """The months of which it can be said: those named up to there, and the current one.

        None where the clause gives a figure that is none of theirs, because then it speaks of something else.
        """
        named = [
            period.month
            for period in self.pairing.periods
            if period.is_named
            and period.month
            and not period.windows
            and period.last <= self.clause.last
            and period not in window
        ]
        months = [m for m in dict.fromkeys([*reversed(named), self.row.current_month]) if self.row.value(m) is not None]
        values = [value for month in months if (value := self.row.value(month)) is not None]
        dated = [amount for amount, _ in self.pairing.dated]
        figures = [one for one in self.pairing.levels if self._own(one) and one not in dated]
        known = all(any(is_figure(amount, value, self.row) for value in values) for amount in figures)
        return tuple(months) if known else ()

    def _than_any(self, head: Head) -> Statement | None:
        """ "fewer than in any month since April": the lowest since then."""
        behind = self.sentence.words(head.last + 1, self.clause.last)
        if head.role is not Role.THAN or "than" not in behind or not {"any", "ever"} & set(behind):
            return None
        said, windows = self._extreme_windows(head)
        return Extreme((head, *said), (head.sign,), (self.row.current_month,), windows) if windows else None

    def _references(self, head: Head) -> tuple[Reference, ...]:
        """What the word compares with: right behind it, "than" included, and what "and" adds to it; or in front."""
        behind = [one for one in self.references if one.first > head.last]
        if self.sentence.words(head.last, head.last) == ["target"]:
            return (Reference(head.first, head.last, Beside.TARGET),)
        if not behind:
            met = word_at(self.tokens, head.first) in {"met", "missed", "hit", "achieved", "beaten", "exceeded"}
            beside = head.role is Role.THAN and "than" not in self.said
            return tuple(
                one
                for one in self.references
                if (one.beside is Beside.TARGET and met)
                or (beside and self.pairing.role(one) in {"compared", "against"})
            )
        if any(head.last < one.first < behind[0].first for one in self.heads):
            return ()
        between = self.sentence.words(head.last + 1, behind[0].first - 1)
        if head.role is Role.THAN:
            if "than" not in between and head.sign:
                return ()
            between = between[between.index("than") :] if "than" in between else between
        elif head.role is Role.MOVE and not head.times:
            if not {"on", "against", "compared", "to", "than", "from"} & set(between):
                return ()
        if any(word in {"in", "for", "across"} for word in between[:1]) or "trend" in self.said:
            return ()
        found = [behind[0]]
        for later in behind[1:]:
            between = self.sentence.words(found[-1].last + 1, later.first - 1)
            amounts = [one for _, one in self.pairing.quoted]
            inside = {at for one in amounts for at in range(one.first, one.last + 1)}
            plain = [word_at(self.tokens, at) for at in range(found[-1].last + 1, later.first) if at not in inside]
            if not _JOINS.issuperset(plain) and not _JOINS.issuperset(between):
                break
            found.append(later)
        return tuple(found)

    def _comparison(self, head: Head, references: tuple[Reference, ...]) -> Iterator[Statement]:
        in_front = [one for one in self.references if one.last < head.first]
        of_average = any(one.beside is Beside.AVERAGE for one in in_front) or any(
            period.windows and period.first < head.first and word_at(self.tokens, period.first - 1) in {"over", ""}
            for period in self.periods
        )
        if (
            any(one.beside is not Beside.AVERAGE and one not in references for one in in_front)
            or self._is_of_other_month()
        ):
            return
        size = self.pairing.sizes.get(id(head))
        denied = self._is_negated(head.first)
        if denied and size:
            return
        said = (head, *references, *([size] if size else []))
        yield Comparison(said, head.sign, references, size, head.times, head.bound, head.is_rough, denied, of_average)
        for run in self.runs:
            if run.count and head.sign and not denied:
                months = tuple(Facts(self.row).steps_back(run.count - 1)[:-1])
                yield Beyond((*said, run), head.sign, references, months)

    def _windows_of_months(self) -> bool:
        """Whether the clause has a stretch of less than a year: an average is then that stretch's."""
        return any(len(one.windows) == 1 and len(one.windows[0]) < 12 for one in self.periods)

    def _has_other_time(self) -> bool:
        """Whether the sentence speaks of another time than the month or the year: then an average is of that time."""
        return any(
            one.month != self.row.current_month and not one.windows and one.first < self.clause.last
            for one in self.pairing.periods
        )

    def _is_of_other_month(self) -> bool:
        """Whether what is compared is a figure of another time."""
        earlier = [
            one for one in self.pairing.references if one.beside is Beside.AVERAGE and one.last < self.clause.first
        ]
        if earlier and self._has_other_time():
            return True
        return any(
            period.month != self.row.current_month
            and not period.is_stretch
            and not period.windows
            and self.pairing.role(period) not in {"since", "than"}
            for period in self.periods
        )

    # Movements

    def _change(self, head: Head) -> Iterator[Statement]:
        """That the figure moved; of a comparative only where it is set against a time, or stands for a movement."""
        if self.clause.moved is not About.ROW or self._is_ambiguous(head) or "first" in self.said:
            return
        stood = self._past_stood(head)
        if (
            not stood
            and head.role is not Role.MOVE
            and not self._is_set_against_time(head)
            and not self._stands_for_move(head)
        ):
            return
        when = stood or self._when(head)
        if when is None:
            return
        spans, said = when
        size = self.pairing.sizes.get(id(head))
        denied = self._is_negated(head.first)
        if denied and (size or head.times):
            return
        if size and size.unit is AmountUnit.NUMBER and self.row.measure.unit not in {Unit.COUNT, Unit.PERCENTAGE}:
            # Beside a rate a plain number can be that of the people.
            size = size if not words.RATES.isdisjoint(self.said) else None
        again = self.pairing.also.get(id(size))
        if again and not (denied or stood):
            yield Change((head, again, *said), head.sign, spans, again)
        far = any(one.month and one.has_full_year and one.month > self.row.months[-1] for one in said)
        yield Change(
            (head, *([size] if size else []), *said),
            -head.sign if stood else head.sign,
            spans,
            size,
            head.times,
            head.bound,
            head.is_rough,
            denied,
            far,
        )

    def _is_ambiguous(self, head: Head) -> bool:
        """Whether the clause says several things at once: "up or level", "rose and fell"."""
        others = [
            one for one in self.heads if one is not head and one.role is not Role.EXTREME and one.sign != head.sign
        ]
        moved = [one for one in others if one.role is Role.MOVE and head.role is Role.MOVE]
        in_front = [one for one in self.references if one.last < head.first]
        return bool(moved) or bool(in_front)

    def _is_set_against_time(self, head: Head) -> bool:
        """Whether it is followed by a time, "than" included: "fewer than in December", "above September's 123"."""
        period = next((one for one in self.periods if one.first > head.last), None)
        if period is None or word_at(self.tokens, head.first) in {"over", "past", "beyond"}:
            return False
        between = self.sentence.words(head.last + 1, period.first - 1)
        if head.role is Role.THAN:
            if "than" not in between and head.sign:
                return False
            between = between[between.index("than") + 1 :] if "than" in between else between
            if "as" in between:
                return False
        inside = {at for one in self.sentence.items for at in range(one.first, one.last + 1) if one is not period}
        loose = [
            word_at(self.tokens, at) for at in range(period.first - len(between), period.first) if at not in inside
        ]
        return self.subject.knows(loose)

    def _stands_for_move(self, head: Head) -> bool:
        """ "was slightly lower in January", or "Fewer contacts came in" at the beginning."""
        word = word_at(self.tokens, head.first)
        if head.role is not Role.THAN or "than" in self.said:
            return False
        rest = [word for at, word in self.loose.items() if at > head.last and word[0].isalnum()]
        front = [word for at, word in self.loose.items() if at < head.first and word not in words.ADVERBS]
        if word in {"higher", "lower", "better", "worse"}:
            return bool(front) and front[-1] in words.LINKING and words.FUNCTION.issuperset(rest)
        opens = self.subject.knows(word for word in front if word[0].isalpha()) and not self.pairing.sizes.get(id(head))
        return word in {"more", "fewer", "less"} and opens and not self.subject.core.isdisjoint(stems(rest[:3]))

    def _when(self, head: Head) -> tuple[tuple[tuple[date, date], ...], tuple[Period, ...]] | None:
        """From which month to which, in every reading; with the periods that say so. None where that is not clear."""
        periods = [one for one in self.periods if not (one.windows and self._has_extreme())]
        now = self.row.current_month
        earlier = [one for one in periods if self._is_earlier(one, head)]
        later = [one for one in periods if one not in earlier]
        if (
            not earlier
            and len(later) == 2
            and {"from", "between"} & set(self.sentence.words(self.clause.first, later[0].first))
        ):
            earlier, later = later[:1], later[1:]
        if len(earlier) > 1 or len(later) > 1 or any(one.month is None for one in periods):
            return None
        since = self._since_then() if not periods else None
        if since and since.month and since.month < now:
            return ((since.month, now),), (since,)
        if not periods and self._could_be_of_another():
            return None
        end = later[0].month if later else now
        if end is None or (later and end != now and not later[0].is_named):
            return None
        begin = earlier[0].month if earlier else add_months(end, -self.row.measure.frequency.months)
        if begin is None or begin >= end:
            return None
        spans = ((begin, end),) if periods else ((begin, end), (self.row.year_before, end))
        if not head.sign and earlier and earlier[0].windows and len(earlier[0].windows) == 1:
            # "Unchanged for four months" can be four figures or five.
            spans = (*spans, (add_months(begin, self.row.measure.frequency.months), end))
        return spans, tuple(periods)

    def _since_then(self) -> Period | None:
        """The month of the clause before that "have since fallen" counts from."""
        if "since" not in self.loose.values():
            return None
        earlier = [one for one in self.pairing.periods if one.last < self.clause.first and one.month]
        return earlier[-1] if earlier else None

    def _past_stood(self, head: Head) -> tuple[tuple[tuple[date, date], ...], tuple[Period, ...]] | None:
        """ "In January 2020 it was far higher": the earlier figure is what stands higher or lower."""
        months = [
            one for one in self.periods if one.month and one.month < self.row.current_month and not one.is_stretch
        ]
        if head.role is not Role.THAN or len(self.periods) != 1 or len(months) != 1 or "than" in self.said:
            return None
        period = months[0]
        was = {"was", "were", "stood"} & {*self.sentence.words(head.first - 7, head.first - 1)}
        if (
            not was
            or self.pairing.role(period) not in BEFORE_MONTH | {""}
            or word_at(self.tokens, head.first) in {"up", "down"}
        ):
            return None
        return (((period.month or self.row.current_month, self.row.current_month),), (period,))

    def _is_earlier(self, period: Period, head: Head) -> bool:
        """Whether the figure is set against that time."""
        if period.is_stretch or period.windows or self.pairing.role(period) in words.AGAINST:
            return True
        if head.role is Role.THAN and "than" in self.sentence.words(head.last + 1, period.first - 1):
            return True
        is_other = bool(head.times) or head.role is Role.STAND
        return is_other and period.first > head.last and self.pairing.role(period) in {"", "in"}

    def _has_extreme(self) -> bool:
        return any(head.role is Role.EXTREME for head in self.heads)

    def _could_be_of_another(self) -> bool:
        """Whether a time of another clause can be meant: "fell to 164 (204 in October)", nothing else named between."""
        if (
            self.subject.naming(self.sentence, self.clause)
            and self.clause.moved is About.ROW
            and self.tokens[self.clause.last].text != "("
        ):
            return self._is_explained()
        for period in self.pairing.periods:
            if period.month == self.row.current_month:
                continue
            between = Mention(self.clause.last + 1, period.first - 1)
            if period.last < self.clause.first:
                between = Mention(period.last + 1, self.clause.first - 1)
            if not self.subject.naming(self.sentence, between):
                return True
        return False

    def _is_explained(self) -> bool:
        """Whether brackets with another month follow."""
        behind = self.clause.last + 1
        inside = [one for one in self.pairing.periods if one.first > behind and one.month != self.row.current_month]
        return word_at(self.tokens, behind) == "(" and bool(inside)

    def _repeated(self, head: Head) -> Iterator[Statement]:
        """ "for the third month in a row", "every month since August"."""
        if (
            not self.runs
            or head.role is not Role.MOVE
            or head.times
            or self._is_negated(head.first)
            or "or" in self.said
        ):
            return
        if self._is_strange() or len({one.sign for one in self.heads if one.role is Role.MOVE}) > 1:
            return
        run = self.runs[0]
        facts = Facts(self.row)
        if run.count:
            # "Unchanged for the third month" can be three figures or four.
            counts = (run.count,) if head.sign else (run.count, run.count - 1)
            yield Repeated((head, run), head.sign, tuple(tuple(facts.steps_back(one)) for one in counts), head.is_rough)
            return
        since = next(
            (one for one in self.periods if one.month and (self.pairing.role(one) == "since" or one.windows)), None
        )
        if since and since.month:
            months = months_from(since.month, self.row)
            step = self.row.measure.frequency.months
            months = tuple(month for month in months if (month.month - self.row.current_month.month) % step == 0)
            yield Repeated((head, run, since), head.sign, (months, months[1:]), head.is_rough)


def _went(facts: Facts, before: date, after: date, sign: int) -> bool:
    earlier, later = facts.value(before), facts.value(after)
    return earlier is not None and later is not None and (later - earlier) * sign > 0
