"""Reads an edition's sheet, or only what hangs together with some of its lines, and works it out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from functools import cache, cached_property, partial
from itertools import groupby
from typing import Any

from django.db.models import BigIntegerField, DateField, Exists, FilteredRelation, OuterRef, Q, Subquery

from commentary.models import Commentary, SignOff, WarningReason
from commentary.sign_off import LatestStep, Step, signature, standing
from commentary.warnings import CheckPart, LineCheck, cautions_for
from indicators.calculations.cautions import PUBLISHED, SIGNED, Caution, slip_of_typing
from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.exact import exact
from indicators.calculations.figures import Figure
from indicators.calculations.months import add_months
from indicators.calculations.plain_text import plain_text
from indicators.calculations.row import Row
from indicators.calculations.series import StoredValue, without_record
from indicators.calculations.signal import Usual
from indicators.calculations.vocabulary import Kind, Stage, Unit
from indicators.models import CrossCheckTerm, Indicator, MonthlyValue, Role
from indicators.one_moment import one_moment
from indicators.prepared import Given, OneOf, Prepared
from scorecard.models import Edition, Line, Publication, Tombstone
from scorecard.models.withholding import text_checksum
from scorecard.report.assemble import Rows
from scorecard.report.one_fact import change_beside, unjudged
from scorecard.report.reading import LineRecord, Reading, indicators_on, line_of, month_of, read, read_derivations

from .history import Hands, figure_hands, text_hands
from .sheet import HeldWhole, LineWarning, Sheet, SheetLine

# In how many of the latest months a denominator must have been the figure of another line, to be taken from it.
MONTHS_FOR_A_WHOLE, FEWEST_FOR_A_WHOLE = 6, 3
# What a check looks at; never empty, and the check itself can be asked of each.
CheckTerms = tuple[CrossCheckTerm, ...]


def assemble_sheet(edition: Edition, keys: Collection[int] | None = None) -> Sheet:
    """The edition's sheet as things are stored at one moment, or the part of it that `read_sheet` reads."""
    return read_sheet(edition, keys).sheet()


def read_sheet(edition: Edition, keys: Collection[int] | None = None) -> StoredSheet:
    """What is stored for an edition's lines: for all, or for those of `keys` and what is worked out from them.

    With them is read whatever they are worked out from or checked with. A fixed number of queries. Expects the
    edition's scorecard to be loaded.
    """
    scorecard, month = edition.scorecard, edition.month
    # A figure and the version of it that its reader has seen must never be from two moments.
    with one_moment():
        derivations = read_derivations()
        if keys is None:
            wanted = indicators_on(scorecard, month)
        else:
            # What stands in an address may be larger than any key, and the database can't be asked for that.
            wanted = derivations.following(key for key in keys if key <= BigIntegerField.MAX_BIGINT)
        # Each check as what it looks at; one without anything to look at checks nothing.
        checks: dict[int, list[CheckTerms]] = defaultdict(list)
        for _, terms_of in groupby(_CHECKS.rows(keys=wanted), key=lambda term: term.check_of_id):
            one = tuple(terms_of)
            checks[one[0].check_of.indicator_id].append(one)
        beside = {term.indicator_id for of_line in checks.values() for terms in of_line for term in terms}
        lines = _LINES.rows(
            keys=derivations.behind(wanted | beside), scorecard=scorecard.pk, month=month, before=add_months(month, -1)
        )
        indicators = {line.indicator_id: line.indicator for line in lines}
        # An indicator that stands in two sections is entered once.
        records: dict[int, LineRecord] = {}
        for line in lines:
            records.setdefault(line.indicator_id, line_of(line.indicator, (line.section_id, line.section.title)))
        texts: dict[int, dict[date, str]] = defaultdict(dict)
        # What was taken back of the last report isn't read here either, until it is corrected.
        is_withheld = any(line.some_withheld for line in lines[:1])
        withheld = Tombstone.objects.sentences() if is_withheld else {}
        for name, left_out in (("commentary", {}), ("last_commentary", withheld)):
            for key, commentary in _stored_beside(lines, name).items():
                text = commentary.text
                texts[key][commentary.month] = left_out.get(text_checksum(text), text) if left_out else text
        reasons = _REASONS.rows(keys=indicators, month=month)
        elsewhere = {line.indicator_id: line.published_at for line in lines if line.published_at}
        stored = read(scorecard, month, list(records.values()), derivations, commentary=texts, with_links=False)
        return StoredSheet(
            edition=edition,
            keys=[key for key in records if key in wanted],
            sections={key: record.section[1] for key, record in records.items()},
            indicators=indicators,
            values=_stored_beside(lines, "value"),
            entered=frozenset(value[0] for value in stored.values if month_of(value) == month),
            commentaries=_stored_beside(lines, "commentary"),
            sign_offs=_stored_beside(lines, "sign_off"),
            reasons={(reason.indicator_id, reason.warning): reason for reason in reasons},
            checks=checks,
            stored=stored,
            published=_figures_at(elsewhere, indicators, month) if elsewhere else {},
        )


def _figures_at(moments: Mapping[int, datetime], indicators: Mapping[int, Indicator], month: date) -> dict[int, Figure]:
    """The month's figure of each indicator as it was stored at a moment of its own, as far as there was one."""
    found = {}
    entries = MonthlyValue.history.filter(
        indicator_id__in=moments, month=month, history_date__lte=max(moments.values())
    )
    for entry in entries.order_by("history_date", "history_id"):
        if entry.history_date <= moments[entry.indicator_id]:
            value = entry.instance
            value.indicator = indicators[entry.indicator_id]
            found[entry.indicator_id] = value.as_figure()
    return found


_MONTH: Any = Given("month", DateField())
# When another scorecard's report of the month, or of a later one, with the line's indicator was published last.
_PUBLISHED_ELSEWHERE: Any = Publication.objects.filter(
    edition__scorecard__sections__lines__indicator=OuterRef("indicator"), edition__month__gte=_MONTH
).exclude(edition__scorecard=OuterRef("section__scorecard"))


def _of_month(rows: str, month: Any = _MONTH) -> FilteredRelation:
    """The one row that a line's indicator has for the month, of those that it has for all months."""
    return FilteredRelation(f"indicator__{rows}", condition=Q(**{f"indicator__{rows}__month": month}))


def _entered_alike() -> Q:
    """The counts that were, a month before, the numerator of a line, and the lines of which a count was: one may be the
    share of the other, with both its numbers entered.
    """
    before = MonthlyValue.objects.filter(month=Given("before", DateField()))
    own = before.filter(OneOf("indicator"))
    counts = Q(indicator__kind=Kind.FIGURE, indicator__unit=Unit.COUNT)
    numerators = own.filter(numerator__isnull=False).values("numerator")
    return Q(indicator__in=before.filter(counts, figure__in=numerators).values("indicator")) | Q(
        indicator__in=before.filter(numerator__in=own.filter(counts).values("figure")).values("indicator")
    )


_BESIDE: Sequence[str] = ("value", "commentary", "last_commentary", "sign_off__sent_by", "sign_off__decided_by")
_LINES = Prepared(
    lambda: (
        Line.objects.filter(
            Q(OneOf("indicator")) | _entered_alike(),
            section__scorecard=Given("scorecard", BigIntegerField()),
            indicator__in=Indicator.objects.active_in(_MONTH).values("pk"),
        )
        .annotate(
            value=_of_month("values"),
            commentary=_of_month("commentaries"),
            last_commentary=_of_month("commentaries", Given("before", DateField())),
            sign_off=_of_month("sign_offs"),
            some_withheld=Exists(Tombstone.objects.everywhere().order_by()),
            published_at=Subquery(_PUBLISHED_ELSEWHERE.order_by("-published_at").values("published_at")[:1]),
        )
        .select_related("section", "indicator__owner", "indicator__reporter")
        .select_related(*_BESIDE)
        .order_by("section__position", "section", "position", "pk")
    )
)


def _stored_beside(lines: Iterable[Line], name: str) -> dict[int, Any]:
    """What was read along with lines under a name, by indicator; Django leaves the name out where there is no row."""
    return {line.indicator_id: getattr(line, name) for line in lines if hasattr(line, name)}


_REASONS = Prepared(lambda: WarningReason.objects.filter(OneOf("indicator"), month=_MONTH).order_by())
_CHECKS = Prepared(
    lambda: (
        CrossCheckTerm.objects.filter(OneOf("check_of__indicator"), check_of__is_active=True)
        .exclude(check_of__kind=CheckKind.MONTHS)
        .select_related("check_of", "indicator")
        .order_by("check_of", "pk")
    )
)


@dataclass(frozen=True)
class StoredSheet:
    """What is stored for lines of an edition, by indicator.

    `keys` are the lines that were asked for; the others are what these are worked out from or checked with. `entered`
    has what has a value for the month, also where it is on no line.
    """

    edition: Edition
    keys: Sequence[int]
    sections: Mapping[int, str]
    indicators: Mapping[int, Indicator]
    values: Mapping[int, MonthlyValue]
    entered: frozenset[int]
    commentaries: Mapping[int, Commentary]
    sign_offs: Mapping[int, SignOff]
    reasons: Mapping[tuple[int, str], WarningReason]
    checks: Mapping[int, Sequence[CheckTerms]]
    stored: Reading
    # What another scorecard's report already has of the month, as far as any has.
    published: Mapping[int, Figure] = field(default_factory=dict)

    def sheet(self, *, amounts: Mapping[int, Any] | None = None, texts: Mapping[int, str] | None = None) -> Sheet:
        """The sheet that follows from it.

        `amounts` (as `EntryAmount`) and commentary `texts`, by indicator, count as if they were stored: what somebody
        is typing.
        """
        month = self.edition.month
        rows = Rows(self.stored, [_supposed(self.indicators[key], month, one) for key, one in (amounts or {}).items()])
        said = {key: commentary.text for key, commentary in self.commentaries.items()} | dict(texts or {})
        # For each line, the references of the lines that are worked out from it, at any remove.
        feeds: dict[int, list[str]] = defaultdict(list)
        for key, indicator in sorted(self.indicators.items(), key=lambda one: one[1].reference):
            for source in self.stored.derivations.behind([key]) - {key}:
                feeds[source].append(indicator.reference)
        month = self.edition.month
        behind = self.stored.derivations.behind(self.keys)
        hands = cache(lambda: (figure_hands(behind, month), text_hands(self.keys, month)))
        lines = {key: self._line(key, rows, said.get(key, ""), tuple(feeds[key]), hands) for key in rows}
        own = {key: lines.pop(key) for key in self.keys}
        return Sheet(self.edition, tuple(own.values()), beside=tuple(lines.values()))

    def _line(
        self, key: int, rows: Rows, text: str, feeds: tuple[str, ...], hands: Callable[[], tuple[Hands, Hands]]
    ) -> SheetLine:
        edition, indicator, sign_off = self.edition, self.indicators[key], self.sign_offs.get(key)
        signed = LatestStep(Step(sign_off.step), sign_off.figure, sign_off.text) if sign_off else None
        is_started = key in self.values or key in self.commentaries
        is_due = indicator.periods.is_due_in(edition.month)
        derivations = self.stored.derivations
        return SheetLine(
            edition=edition,
            section=self.sections[key],
            work_out=partial(self._row, rows, key),
            indicator=indicator,
            value=self.values.get(key),
            commentary=self.commentaries.get(key),
            last_commentary=self._last_text(key),
            sign_off=sign_off,
            standing=standing(signed, rows.figure(key), text, is_started=is_started, is_due=is_due),
            is_due=is_due,
            ask=partial(self._warnings, key, rows, text),
            tell_who_entered=lambda: self._who_entered(key, *hands()),
            find_whole=partial(self._whole_of, key),
            find_usual=partial(self._usual, key, rows),
            find_count=partial(self._told_at, key, rows),
            feeds=feeds,
            is_incomplete=any(
                one not in self.entered and one not in derivations.parts for one in derivations.behind([key])
            ),
        )

    def _row(self, rows: Rows, key: int) -> Row:
        """The line's row; of a count that is a share or rate elsewhere with changes that aren't judged.

        What that share is, other lines decide, which may not have been entered yet.
        """
        row = rows[key]
        is_share_elsewhere = key in self.stored.derivations.lone_numerators or key in rows.counts_entered_elsewhere
        if not is_share_elsewhere or row.measure.unit is not Unit.COUNT:
            return row
        return row._replace(
            signal=unjudged(row.signal),
            change_month=change_beside(row.change_month, (), only_follows=True),
            change_year=change_beside(row.change_year, (), only_follows=True),
        )

    def _usual(self, key: int, rows: Rows) -> Usual | None:
        """The limits by which the line's signal judges its figure, as far as there can be figures."""
        found, terms = rows.usual(key), self.indicators[key].entry_terms()
        return found and found.within(terms.floor, terms.ceiling)

    def _slip(self, key: int, rows: Rows) -> Caution | None:
        """What looks like a slip of typing in the month's figure, beside all that the report reads of the year."""
        months, series = rows.book.months, rows.book.series(key)
        return slip_of_typing(
            self.indicators[key].entry_terms(), dict(zip(months, series, strict=True)), self.edition.month
        )

    def _told_at(self, key: int, rows: Rows) -> str:
        """The reference of the count on this scorecard that a line is a share or rate of alone, if both are unusual the
        same way in the month; else empty.
        """
        count = self._count_of(key, rows)
        own = None if count == key or count not in self.sections else self._usual(key, rows)
        if own is None or not own.side or rows.figure(key).value is None or rows.figure(count).value is None:
            return ""
        of_count = self._usual(count, rows)
        return self.indicators[count].reference if of_count and of_count.side == own.side else ""

    def _count_of(self, key: int, rows: Rows) -> int:
        """What a line is a share or rate of alone, at the end of the chain; itself where of nothing that is known.

        Of two numbers that were entered the count that has been the same as the numerator month by month.
        """
        count = key
        while (
            len(tops := [one for one, role in self.stored.derivations.parts.get(count, ()) if role == Role.NUMERATOR])
            == 1
        ):
            (count,) = tops
        return rows.entered_counts.get(count, count)

    def _whole_of(self, key: int) -> HeldWhole | None:
        """The line whose figure is another one's denominator, as far as the months before tell.

        Only among the lines of the same reporter, who may see both; told by the latest months that have a denominator.
        """
        own = self.indicators[key]
        if own.kind != Kind.RATIO:
            return None
        wholes = sorted(month for month in self._entered_before.get(key, {}))[-MONTHS_FOR_A_WHOLE:]
        of_own = {month: self._entered_before[key][month] for month in wholes}
        if len(of_own) < FEWEST_FOR_A_WHOLE or len(set(of_own.values())) == 1:
            return None
        found = [
            other
            for other, indicator in self.indicators.items()
            if indicator.kind == Kind.FIGURE and indicator.reporter_id == own.reporter_id
            if all(self._entered_before.get(other, {}).get(month) == whole for month, whole in of_own.items())
        ]
        if len(found) != 1:
            return None
        value = self.values.get(found[0])
        return HeldWhole(found[0], self.indicators[found[0]].reference, value.figure if value else None)

    @cached_property
    def _entered_before(self) -> Mapping[int, Mapping[date, Any]]:
        """Of the months before, by indicator, the figures that were entered, and of pairs the denominators."""
        found: dict[int, dict[date, Any]] = defaultdict(dict)
        for value in self.stored.values:
            month, figure, _, denominator = month_of(value), *value[2:5]
            whole = figure if denominator is None else denominator
            if month < self.edition.month and whole is not None:
                found[value[0]][month] = whole
        return found

    def _last_text(self, key: int) -> str:
        return self.stored.commentary.get(key, {}).get(add_months(self.edition.month, -1), "")

    def _who_entered(self, key: int, figures: Hands, texts: Hands) -> dict[int, tuple[str, ...]]:
        """What each person entered of the line, in words, its own figure first."""
        found: dict[int, list[str]] = defaultdict(list)
        for source in sorted(self.stored.derivations.behind([key]), key=lambda source: (source != key, source)):
            if source == key:
                words = "its figure"
            elif source in self.indicators:
                words = f"the figure of {self.indicators[source].reference}"
            else:
                words = "a figure that it is worked out from"
            for person in figures.get(source, ()):
                found[person].append(words)
        for person in texts.get(key, ()):
            found[person].append("its commentary")
        return {person: tuple(dict.fromkeys(words)) for person, words in found.items()}

    def _warnings(self, key: int, rows: Rows, text: str) -> tuple[LineWarning, ...]:
        """The line's warnings, each with the reason that was given for it."""
        scorecard, indicator = self.edition.scorecard, self.indicators[key]
        cautions = cautions_for(
            self._row(rows, key),
            [_line_check(terms, rows[key], rows) for terms in self.checks.get(key, ())],
            text=text,
            last_text=self._last_text(key),
            groups=tuple(self.stored.all_groups.values()),
            from_change=Fraction(scorecard.commentary_from_change, 100),
            may_exceed_100=indicator.allows_over_100,
            is_derived=indicator.kind == Kind.DERIVED,
            sources=frozenset(self.stored.derivations.sources.get(key, ())),
            usual=self._usual(key, rows),
            is_told_at_count=bool(self._told_at(key, rows)),
            slip=None if indicator.kind == Kind.DERIVED else self._slip(key, rows),
        )
        found = []
        for caution in (*self._settled(key, rows), *cautions):
            given = self.reasons.get((key, caution.code))
            reason = given.reason if given else ""
            holds = given is not None and plain_text(given.about) == plain_text(caution.about)
            found.append(LineWarning(caution, reason if holds else "", "" if holds else reason, given))
        return tuple(found)

    def _settled(self, key: int, rows: Rows) -> Iterator[Caution]:
        """That the figure entered is another than was signed off, or published by another scorecard."""
        if self.indicators[key].kind == Kind.DERIVED:
            return
        figure, sign_off, value = rows.figure(key), self.sign_offs.get(key), self.values.get(key)
        if sign_off and sign_off.decided_by and sign_off.decided_at and sign_off.sent_at:
            # A line that is changed after its sign-off is taken back, and keeps what was signed off.
            was_signed = sign_off.step == Step.DRAFT and sign_off.decided_at >= sign_off.sent_at
            is_typed = sign_off.step == Step.APPROVED and value is not None and value.as_figure() != figure
            if (was_signed or is_typed) and _number(sign_off.figure) != _number(signature(figure)):
                message = f"{sign_off.decided_by} signed off another figure. Why does it change?"
                yield Caution(SIGNED, message, signature(figure))
        published = self.published.get(key)
        if published is not None and _number(signature(published)) != _number(signature(figure)):
            said = rows[key].measure.figure_text(published)
            message = f"Another scorecard’s report has published it as {said}. Why does it change?"
            yield Caution(PUBLISHED, message, signature(figure))

    def with_saved(
        self,
        *,
        values: Mapping[int, MonthlyValue | None] | None = None,
        commentaries: Mapping[int, Commentary | None] | None = None,
        sign_offs: Mapping[int, SignOff] | None = None,
        reasons: Mapping[tuple[int, str], WarningReason] | None = None,
    ) -> StoredSheet:
        """The same after rows of its month were saved, or deleted where None stands, without reading it all again."""
        values, commentaries, month = values or {}, commentaries or {}, self.edition.month
        texts = {key: dict(by_month) for key, by_month in self.stored.commentary.items()}
        for key, commentary in commentaries.items():
            texts.setdefault(key, {})[month] = commentary.text if commentary else ""
        figures = [_supposed(self.indicators[key], month, value) for key, value in values.items()]
        return replace(
            self,
            values=_put_over(self.values, values),
            entered=(self.entered - values.keys()) | {key for key, value in values.items() if value},
            commentaries=_put_over(self.commentaries, commentaries),
            sign_offs={**self.sign_offs, **(sign_offs or {})},
            reasons={**self.reasons, **(reasons or {})},
            stored=replace(self.stored, values=[*self.stored.values, *figures], commentary=texts),
        )


def _line_check(terms: CheckTerms, row: Row, rows: Mapping[int, Row]) -> LineCheck:
    """The check with the figures of the month."""
    check = terms[0].check_of
    periods, parts = row.measure.periods, []
    for term in terms:
        # A check with a line that is not on the scorecard can't be made.
        other = rows.get(term.indicator_id)
        value, reporter = (other.figures[-1].value, other.measure.reporter) if other else (None, "")
        parts.append(CheckPart(CheckRole(term.role), term.indicator.reference, value, term.indicator_id, reporter))
    return LineCheck(
        code=f"check-{check.pk}",
        kind=CheckKind(check.kind),
        reference=row.measure.reference,
        value=row.figures[-1].value,
        before=row.value(periods.previous(row.months[-1])),
        parts=tuple(parts),
        total=None if check.total is None else exact(check.total),
        tolerance=exact(check.tolerance),
        note=check.note,
        period_before=f"Last {periods.noun}",
    )


def _number(said: str) -> str:
    """A signature without stage and note."""
    return said.partition(" ")[0]


def _put_over(stored: Mapping[int, Any], saved: Mapping[int, Any]) -> dict[int, Any]:
    return {key: row for key, row in {**stored, **saved}.items() if row is not None}


def _supposed(indicator: Indicator, month: date, amount: Any) -> StoredValue:
    """What was entered or saved for a month as the report reads it; None or an empty amount where there is nothing."""
    if amount is None or (amount.figure is None and amount.numerator is None and not amount.blank):
        blank = without_record(indicator.periods, month).blank
        return indicator.pk, month, None, None, None, str(blank), Stage.FINAL.value, ""
    numbers = amount.figure, amount.numerator, amount.denominator
    return indicator.pk, month, *numbers, amount.blank, amount.stage, amount.note
