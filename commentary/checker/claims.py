"""From clauses to statements: which number, time and reference belongs to which word that claims something."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import pairwise

from indicators.calculations.months import add_months
from indicators.calculations.units import UnitKind
from indicators.calculations.vocabulary import Unit

from . import statements, words
from .clauses import About, Clause, Subject
from .items import Head, Reference, Run
from .numbers import Amount, AmountUnit, Bound
from .pairing import PART_OF_MONTH
from .periods import Period, Window, months_from, years
from .statements import Against, Facts, Span, is_figure
from .text import Mention, stem, stems
from .words import Beside, Role

# A number further than so many times from every figure of the row is about something else, without and with a month.
FURTHEST_TIMES, FURTHEST_DATED = 2, 5
_JOINS = {"(", ")", ",", *words.word_list("and or both the as well our in")}
_SETS_BESIDE = frozenset(("on", "against", "compared", "than", "from"))
_NOT_ALWAYS = words.word_set("only average had having once first")
_OF_FIGURE = words.word_set("rate score figure level percentage proportion share")
_WHOLE = words.word_set("these those them which whom the our")
_OPPOSITES = {Bound.AT_LEAST: Bound.AT_MOST, Bound.AT_MOST: Bound.AT_LEAST}

# The words that say something, and what in the row contradicts it.
Said = tuple[Sequence[Mention | None], Against]
# Times as months, in every reading, with the words that say so.
Times = tuple[tuple[Period, ...], tuple[Window, ...]]
# From which month to which.
When = tuple[tuple[Period, ...], tuple[Span, ...]]


class ClauseReader:
    """Reads what one clause states as a fact about the row, and holds it against the row."""

    def __init__(self, clause: Clause, facts: Facts, subject: Subject) -> None:
        self.clause, self.sentence, self.subject = clause, clause.sentence, subject
        self.facts, self.row, self.now = facts, facts.row, facts.now
        within = clause.sentence.within
        self.heads, self.periods, self.amounts = within(Head, clause), within(Period, clause), within(Amount, clause)
        self.references, self.runs = within(Reference, clause), within(Run, clause)
        self.said = self.sentence.words(clause.first, clause.last)
        self.loose = dict(self.sentence.loose(clause))
        self.role = clause.sentence.role
        # As in "every month but September".
        bars = {self.sentence.word(one.first - 1) for one in self.periods} & {"but", "bar"}
        self.has_exception = bool(bars) or not {"except", "apart", "exception"}.isdisjoint(self.said)
        self.is_share = self.row.measure.unit is Unit.PERCENTAGE
        self.levels = [one for one in self.sentence.levels if clause.covers(one.first)]
        others = [one for one in self.periods if one.month != self.now]
        self.other_months = [one for one in others if not (one.windows or one.is_stretch)]
        # Nothing in front of the first claim is of the row, though something is named there.
        claims = [one.first for one in (*self.heads, *self.amounts)]
        front = Mention(clause.first, min(claims, default=clause.last) - 1)
        self.is_strange = subject.is_strange_to(self.sentence, front)

    def read(self) -> Iterator[Said]:
        """Everything that the clause states."""
        supposed = [word for word in self.loose.values() if word in words.SUPPOSED]
        if self.clause.about is About.OTHER or any(stem(word) not in self.subject.core for word in supposed):
            return
        yield from self._quoted()
        if not (self.is_strange or self.has_exception):
            yield from self._always()
            yield from self._first()
        yield from self._figures()
        for head in self.heads:
            yield from self._of(head)

    # Figures

    def _figures(self) -> Iterator[Said]:
        """Numbers that are the figure of their month, the current one, or what it is said to have moved from."""
        # "Of these 12 were boys", "40 of those"
        ends = [one.last for one in self.amounts if one.whole is None]
        parts = [self.sentence.words(end + 1, end + 2) for end in ends]
        parts_off = not self.is_share and any(two[:1] == ["of"] and two[-1] in _WHOLE for two in parts)
        if parts_off or "of" in {self.sentence.word(0), self.said[0]}:
            return
        naming = self.subject.naming(self.sentence, self.clause)
        for amount in self.levels:
            # A share of what the row names is its figure, whatever else is said.
            is_share_of = self.is_share and self.sentence.word(amount.last + 1) == "of" and self.subject.knows(naming)
            if self.clause.is_denied(amount.first) or not (self.clause.about is About.ROW or (naming and is_share_of)):
                continue
            total = next((one for one in self.periods if one.is_total), None)
            if total or "total" in self.sentence.words(amount.first - 4, amount.first - 1):
                yield (amount, total), statements.total(self.facts, amount)
                continue
            before, role = self.sentence.word(amount.first - 1), self.role(amount)
            if period := self.sentence.months.get(id(amount)):
                if period.month and self.facts.is_near(amount, FURTHEST_DATED):
                    yield (amount, period), statements.level(self.facts, amount, (period.month,), period)
            elif before == "from" or (before == "of" and role == "from"):
                # "From a peak of 96%" can be any month's, "from 140" that of the time said, or of those before.
                said = [one.month for one in self.periods if one.month and one.month != self.now]
                named = [one.month for one in self.sentence.periods if one.month]
                earlier = tuple(said[:1]) or (self.row.previous_month, self.row.year_before, *named)
                earlier = earlier if before == "from" else self.row.months
                if amount.high is None and self.facts.known(earlier):
                    yield (amount,), statements.level(self.facts, amount, earlier)
            elif role not in words.AGAINST and self._is_current(amount) and self._is_stated(amount):
                yield (amount,), statements.level(self.facts, amount, (self.now,))

    def _is_current(self, amount: Amount) -> bool:
        """Whether nothing gives the number another time, or makes it something else."""
        if (amount.high and self.sentence.word(amount.first - 1) != "between") or not PART_OF_MONTH.isdisjoint(
            self.loose.values()
        ):
            return False
        if any(self.role(one) not in words.AGAINST for one in self.other_months) or self.references:
            return False
        names = bool(self.periods) or bool(self.subject.naming(self.sentence, self.clause))
        extremes = [head for head in self.heads if head.role is Role.EXTREME and head.first < amount.first]
        return (
            self.facts.is_near(amount, FURTHEST_TIMES)
            and not extremes
            and (names or not self.clause.has_time_elsewhere(self.subject, self.now))
        )

    def _is_stated(self, amount: Amount) -> bool:
        """Whether the clause only says that the figure is the number: "is 86%", "rose to 512", "512 contacts"."""
        if not self.subject.knows(word for at, word in self.loose.items() if at > amount.last):
            return False
        front = self.sentence.words(self.clause.first, amount.first - 1)
        if amount.high is not None:
            return True
        if self.row.measure.kind_of_unit is UnitKind.MONEY and self.clause.about is About.ROW:
            # "Tenants owe £1.5m"
            return amount.bound is Bound.EXACT and not self.heads and front[-1:] not in (["by"], ["of"], ["to"])
        if front[-1:] == [":"] or (front[-1:] == ["of"] and front[-2] in _OF_FIGURE):
            # As in "Contacts: 1,646", "a rate of 18".
            return amount.bound is Bound.EXACT and self.clause.about is About.ROW
        if front == [",", "to"]:
            # "Rose for a second month, to 18"
            return amount.bound is Bound.EXACT
        if front in ([], ["and"]):
            return amount.bound is not Bound.ABOUT and self.subject.about(self.sentence, self.clause) is About.ROW
        moves = [head.last for head in self.heads if head.role is Role.MOVE and head.last < amount.first]
        if front[-1] == "to":
            return any(amount.first - 4 <= last for last in moves) or "from" in front[-5:]
        if amount.first - 1 in moves:
            # "Fell below 39,000"
            return amount.bound in _OPPOSITES
        # "After three months at 277" it is over.
        is_over = front[-1] == "at" and not words.MEASURED_IN.isdisjoint(front[-2:-1])
        return (front[-1] in words.GIVING and not is_over) or front[-2:] == ["now", "and"]

    def _quoted(self) -> Iterator[Said]:
        """What others, the average or the target are said to have."""
        for reference, amount in [one for one in self.sentence.quoted if self.clause.covers(one[0].first)]:
            if amount.unit is not self.sentence.unit or self.clause.is_denied(reference.first):
                continue
            # An average can be that of another time.
            months = any(len(one.windows) == 1 and len(one.windows[0]) < 12 for one in self.periods)
            times = [one for one in self.sentence.periods if one not in self.sentence.months.values()]
            spans = [one for one in times if one.month != self.now and self.role(one) in {"from", "between"}]
            if reference.beside is not Beside.AVERAGE or not (months or spans or self.other_months):
                yield (reference, amount), statements.quoted(self.facts, reference, amount)

    # Several months

    def _stretch(self, periods: Sequence[Period], since: Collection[str] = ("since",)) -> Times:
        """The first stretch of months among the times: as said, since a month, which can be left out, or up to one."""
        for period in periods:
            if period.windows:
                return (period,), period.windows
            role, begun = self.role(period), months_from(period.month, self.row) if period.month else ()
            if begun and role in since:
                return (period,), (months_from(add_months(begun[0], 1), self.row), begun)
            ends = [one for one in periods if one.first > period.first and one.month in begun[1:]]
            if ends and role in {"between", "from"}:
                return (period, ends[0]), (begun[: begun.index(ends[0].month) + 1],)
        return (), ()

    def _always(self) -> Iterator[Said]:
        """ "above 90% throughout", "never fell below 80%", "between 77 and 82 since April", "at 99% for two months"."""
        unclear = any(one.month is None and not one.windows for one in self.periods)
        # "After staying above"
        is_over = any(word == "after" and behind.endswith("ing") for word, behind in pairwise(self.said))
        is_over = is_over or not (_NOT_ALWAYS.isdisjoint(self.said) or "not" in self.said)
        if unclear or is_over:
            return
        said, windows = self._stretch(self.periods)
        throughout = [run for run in self.runs if run.count is None]
        if not windows and throughout and "shown" not in self.said:
            windows = years(self.row) if "year" in self.said else (self.row.months[-6:], *years(self.row))
        counted = next((run for run in self.runs if run.count), None)
        for amount in self.levels:
            denied = self.clause.is_denied(amount.first + 1)
            meant = replace(amount, bound=_OPPOSITES.get(amount.bound, amount.bound)) if denied else amount
            keeps = throughout or denied or not words.KEEPING.isdisjoint(self.said)
            holds = partial(statements.holds, self.facts, meant)
            if counted and counted.count and not self.heads and not self.references:
                window = self.facts.steps_back(counted.count - 1)
                yield (amount, counted), statements.in_all(self.facts, [window], holds)
            elif (amount.high is not None and not denied) or (amount.bound in _OPPOSITES and keeps):
                yield (amount, *throughout, *said), statements.in_all(self.facts, windows, holds)

    def _first(self) -> Iterator[Said]:
        """ "the first rise since November", "for the first time since August below 300", "our first since May"."""
        at = next((place for place, word in self.loose.items() if word == "first"), self.clause.last)
        behind = [one for one in self.periods if one.first > at]
        said, windows = self._stretch(behind)
        since = next((one.month for one in said if not one.windows), None)
        is_ever = not behind and self.sentence.word(at + 1) == "time"
        windows = (self.row.months,) if is_ever else windows
        if not windows or not (since or "time" in self.said):
            return
        move = next((head for head in self.heads if head.role is Role.MOVE and head.sign and not head.times), None)
        bound = next((amount for amount in self.levels if amount.bound in _OPPOSITES), None)
        if bound:
            # What is just at the bound may be meant or not.
            apart = bound.step * (1 if bound.bound is Bound.AT_LEAST else -1)
            against = partial(statements.holds, self.facts, replace(bound, value=bound.value + apart, step=0))
        elif move and not is_ever:
            against = partial(statements.stepped, self.facts, move)
        elif self.row.measure.unit is Unit.COUNT and self.sentence.word(at + 1) == "since":
            # That there are any.
            any_at_all = Amount(at, at, 1, AmountUnit.NUMBER, Bound.AT_LEAST, 0)
            against = partial(statements.holds, self.facts, any_at_all)
        else:
            return
        between = tuple(month for month in windows[0] if month < self.now)
        yield (Mention(at, at), *said), statements.first(self.facts, since, between, against)

    def _repeated(self, head: Head) -> Iterator[Said]:
        """ "for the third month in a row", "every month since August"."""
        run = self.runs[0]
        if self._is_ambiguous(head) or self.sentence.word(run.first - 1) == "on":
            # "An increase on each of the last three months" is one step.
            return
        said, windows = self._stretch(self.periods)
        if run.count:
            # "Unchanged for the third month" can be three figures or four.
            counts = (run.count,) if head.sign else (run.count, run.count - 1)
            said, windows = (), tuple(self.facts.steps_back(one)[1:] for one in counts)
        yield (head, run, *said), statements.in_all(self.facts, windows, partial(statements.stepped, self.facts, head))

    # Words that move, compare or rank

    def _of(self, head: Head) -> Iterator[Said]:
        """The statements that one word makes with what belongs to it."""
        denied, references = self.clause.is_denied(head.first), self._references(head)
        ranked = self._rank(head, denied=denied)
        if ranked is not None:
            said, windows = ranked
            months = self._months_meant(said) if head.role is Role.EXTREME else (self.now,)
            if windows and months and not self.is_strange:
                yield (head, *said), statements.extreme(self.facts, head.sign, months, windows)
        elif denied and id(head) in self.sentence.sizes:
            return
        elif references:
            if not self.is_strange:
                yield from self._compared(head, references, denied=denied)
        elif head.role is not Role.MEET:
            yield from self._changed(head, denied=denied)
            says = not (self.is_strange or denied or head.times or self.has_exception or "or" in self.said)
            if self.runs and head.role is Role.MOVE and says:
                yield from self._repeated(head)

    def _rank(self, head: Head, *, denied: bool) -> Times | None:
        """The times that the word ranks the figure in: "the highest since May", "lower than ever"; none where the text
        does not say, None where it ranks nothing.
        """
        if head.role is Role.THAN and "never" in self.said:
            return (), (self.row.months,)
        than_any = {"any", "ever"} & {*self.sentence.words(head.last, self.clause.last)}
        if head.role is not Role.EXTREME and not (head.role is Role.THAN and than_any):
            return None
        if self.sentence.word(head.first - 1) == "record":
            return (), (self.row.months,)
        behind = [one for one in self.periods if one.first > head.last]
        in_front = [one for one in reversed(self.periods) if one.windows and one not in behind]
        is_last = self.sentence.words(head.first, head.last)[:1] == ["last"]
        since = words.AGAINST | {"in", ""} if is_last else ("since",)
        return ((), ()) if denied and head.role is Role.EXTREME else self._stretch([*behind, *in_front], since)

    def _months_meant(self, window: Sequence[Mention]) -> tuple[date, ...]:
        """The months of which it can be said: those named up to there, and the current one.

        None where the clause gives a figure that is none of theirs, because then it speaks of something else.
        """
        named = [
            one.month
            for one in reversed(self.sentence.periods)
            if one.month and one.is_named and not one.windows and one.last <= self.clause.last and one not in window
        ]
        known = self.facts.known([*dict.fromkeys([*named, self.now])])
        undated = [one for one in self.levels if id(one) not in self.sentence.months]
        fits = all(any(is_figure(one, value, self.row) for _, value in known) for one in undated)
        return tuple(month for month, _ in known) if fits else ()

    # Comparisons

    def _references(self, head: Head) -> tuple[Reference, ...]:
        """What the word compares with: right behind it, "than" included, and what "and" adds to it; or in front."""
        if self.sentence.word(head.last) == "target":
            return (Reference(head.first, head.last, Beside.TARGET),)
        behind = [one for one in self.references if one.first > head.last]
        if not behind:
            # "The target was met", "Compared with England we have more"
            met = head.role is Role.MEET or self.sentence.word(head.first) in {"beaten", "exceeded"}
            beside = head.role is Role.THAN and "than" not in self.said
            against = [one for one in self.references if beside and self.role(one) in {"compared", "against"}]
            return (*against, *(one for one in self.references if one.beside is Beside.TARGET and met))
        between = self.sentence.words(head.last + 1, behind[0].first - 1)
        others = any(head.last < one.first < behind[0].first for one in self.heads)
        # "Above all but the region"
        others = others or not {"but", "bar", "except"}.isdisjoint(between)
        if others or between[:1] in (["in"], ["for"], ["across"]) or "trend" in self.said:
            return ()
        if head.role is Role.MOVE and not head.times and self.role(behind[0]) not in _SETS_BESIDE:
            return ()
        # With those that "and" adds, their figures between or not.
        found, figures = behind[:1], {at for _, one in self.sentence.quoted for at in range(one.first, one.last + 1)}
        for later in behind[1:]:
            places = range(found[-1].last + 1, later.first)
            if not _JOINS.issuperset(self.sentence.word(at) for at in places if at not in figures):
                break
            found.append(later)
        return tuple(found)

    def _compared(self, head: Head, references: Sequence[Reference], *, denied: bool) -> Iterator[Said]:
        in_front = [one for one in self.references if one.last < head.first and one not in references]
        before = [one for one in self.sentence.references if one.last < self.clause.first]
        times = [one for one in self.sentence.periods if one.first < self.clause.last and not one.windows]
        # What follows the average can be said of it, or of another time.
        quoted = [one for one, _ in self.sentence.quoted]
        averages = [one for one in before if one.beside is Beside.AVERAGE]
        elsewhere = any(one in quoted for one in averages) or (averages and any(one.month != self.now for one in times))
        size = self.sentence.sizes.get(id(head))
        if elsewhere or any(one.beside is not Beside.AVERAGE for one in in_front):
            return
        if any(self.role(one) not in {"since", "than"} for one in self.other_months):
            return
        over_time = [one for one in self.periods if one.windows and one.first < head.first]
        of_average = bool(in_front) or any(self.sentence.word(one.first - 1) in {"over", ""} for one in over_time)
        for one in references:
            if head.role is not Role.MEET:
                against = statements.compared(self.facts, head, one, size, is_denied=denied, of_average=of_average)
                yield (head, one, size), against
            elif one.beside is Beside.TARGET:
                yield (head, one), statements.met(self.facts, head, one, is_denied=denied)

    # Movements

    def _changed(self, head: Head, *, denied: bool) -> Iterator[Said]:
        """That the figure moved; of a comparative only where it is set against a time, or stands for a movement."""
        if self.clause.about is not About.ROW or self._is_ambiguous(head) or "first" in self.said:
            return
        if self.subject.is_left_by(head, self.clause):
            return
        if not (head.role is Role.MOVE or self._is_set_against_time(head) or self._stands_for_move(head)):
            return
        # "By five in each of the last two months" is not what it changed by.
        is_each = any(run.count is None for run in self.runs)
        when, size = self._when(head), None if is_each else self.sentence.sizes.get(id(head))
        # "Has not fallen below 1,400" is no movement.
        bounds = [one for one in self.levels if one.first == head.last + 1 and one.bound is not Bound.EXACT]
        if when is None or (denied and (head.times or bounds)):
            return
        said, spans = when
        for one in (self.sentence.also.get(id(size)), size) if id(size) in self.sentence.also else (size,):
            yield (head, one, *said), statements.changed(self.facts, head, spans, one, is_denied=denied)

    def _is_ambiguous(self, head: Head) -> bool:
        """Whether the clause says several things at once: "up or level", "rose and fell"."""
        signs = {one.sign for one in (head, *self.heads) if one.role is Role.MOVE}
        return (head.role is Role.MOVE and len(signs) > 1) or any(one.last < head.first for one in self.references)

    def _is_set_against_time(self, head: Head) -> bool:
        """Whether it is followed by a time, "than" included: "fewer than in December", "above September's 123"."""
        behind = [one for one in self.periods if one.first > head.last]
        if not behind or self.sentence.word(head.first) in words.NEED_REFERENCE:
            return False
        end = behind[-1 if head.role is Role.THAN else 0]
        between = [self.sentence.word(at) for at in range(head.last + 1, end.first) if at not in self.sentence.taken]
        if head.role is Role.THAN and head.sign:
            if "than" not in between:
                return False
            between = between[between.index("than") + 1 :]
        return self.role(end) != "since" and self.subject.knows(between)

    def _stands_for_move(self, head: Head) -> bool:
        """ "was slightly lower in January", or "Fewer contacts came in" at the beginning."""
        if head.role is not Role.THAN or "than" in self.said:
            return False
        word = self.sentence.word(head.first)
        rest = [word for at, word in self.loose.items() if at > head.last and word[0].isalnum()]
        front = [word for at, word in self.loose.items() if at < head.first and word not in words.ADVERBS]
        if word not in {"more", "fewer", "less"}:
            return front[-1:] != [] and front[-1] in words.LINKING and words.FUNCTION.issuperset(rest)
        opens = self.subject.knows(front) and id(head) not in self.sentence.sizes
        return opens and not self.subject.core.isdisjoint(stems(rest[:3]))

    def _when(self, head: Head) -> When | None:
        """From which month to which, in every reading; with the periods that say so. None where that is not clear."""
        ranks = any(one.role is Role.EXTREME for one in self.heads)
        periods = [one for one in self.periods if not (one.windows and ranks)]
        earlier = [one for one in periods if self._is_earlier(one, head)]
        later = [one for one in periods if one not in earlier]
        front = {*self.sentence.words(self.clause.first, later[0].first)} if later else set()
        if not earlier and len(later) == 2 and {"from", "between"} & front:
            earlier, later = later[:1], later[1:]
        if len(earlier) > 1 or len(later) > 1 or any(one.month is None for one in periods):
            return None
        if not periods:
            # Against the month before or the year before.
            unsaid = (self.row.previous_month, self.now), (self.row.year_before, self.now)
            return None if self.clause.has_time_elsewhere(self.subject, self.now) else ((), unsaid)
        end, own = (later[0].month or self.now) if later else self.now, self.row.measure.periods
        begin = (earlier[0].month or self.now) if earlier else own.previous(end)
        was = head.role is Role.THAN and "than" not in self.said and {"was", "were"} & {*self.said}
        if was and not earlier and end < self.now:
            # "In January 2020 it was far higher": from now to then.
            return tuple(periods), ((self.now, end),)
        if begin >= end or (end != self.now and not later[0].is_named):
            return None
        if not head.sign and earlier and len(earlier[0].windows) == 1:
            # "Unchanged for four months" can be four figures or five.
            return tuple(periods), ((begin, end), (own.following(begin), end))
        return tuple(periods), ((begin, end),)

    def _is_earlier(self, period: Period, head: Head) -> bool:
        """Whether the figure is set against that time."""
        if period.is_stretch or period.windows or self.role(period) in words.AGAINST:
            return True
        if head.role is Role.THAN:
            return "than" in self.sentence.words(head.last + 1, period.first - 1)
        return head.role is Role.STAND and period.first > head.last and self.role(period) in {"", "in"}
