"""Reads an edition's sheet: the report on its month, what is stored for each line, and the checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from commentary.models import Commentary, SignOff, WarningReason
from commentary.sign_off import LatestStep, Step, standing
from commentary.warnings import Caution, CheckPart, LineCheck, cautions_for
from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.exact import exact
from indicators.calculations.months import add_months
from indicators.calculations.series import StoredValue
from indicators.calculations.vocabulary import Kind
from indicators.models import CrossCheck, CrossCheckTerm, DerivationTerm, Indicator, MonthlyValue, with_sources
from indicators.one_moment import one_moment
from scorecard.models import Edition
from scorecard.report import Row, assemble_report

from .sheet import Explained, Sheet, SheetLine


class _Stored(NamedTuple):
    """What is stored for an edition's month, by indicator."""

    indicators: Mapping[int, Indicator]
    values: Mapping[int, MonthlyValue]
    commentaries: Mapping[int, Commentary]
    last_commentaries: Mapping[int, str]
    sign_offs: Mapping[int, SignOff]
    reasons: Mapping[tuple[int, str], WarningReason]
    checks: Mapping[int, Sequence[CrossCheck]]
    feeds: Mapping[int, tuple[str, ...]]
    sources: Mapping[int, Sequence[int]]
    incomplete: Collection[int]


def assemble_sheet(
    edition: Edition, *, supposing: Sequence[StoredValue] = (), supposed_texts: Mapping[int, str] | None = None
) -> Sheet:
    """The edition's sheet, as things are stored at one moment.

    `supposing` are monthly values, `supposed_texts` commentary by indicator, to reckon with as if they were
    stored: what somebody is typing. Expects the edition's scorecard to be loaded.
    """
    # A figure and the version of it that its reader has seen must never be from two moments.
    with one_moment():
        report = assemble_report(edition.scorecard, edition.month, supposing=supposing)
        rows = [(section.title, row) for section in report.sections for row in section.rows]
        stored = _read(edition, [row.indicator for _, row in rows])
    by_key = {row.indicator: row for _, row in rows}
    texts = {key: commentary.text for key, commentary in stored.commentaries.items()} | dict(supposed_texts or {})
    seen: set[int] = set()
    lines = []
    for section, row in rows:
        # An indicator that stands in two sections is entered once.
        if row.indicator not in seen:
            seen.add(row.indicator)
            lines.append(_line(edition, section, row, stored, by_key, texts.get(row.indicator, "")))
    return Sheet(edition, tuple(lines))


def _read(edition: Edition, keys: Sequence[int]) -> _Stored:
    month = edition.month
    of_month = {"indicator__in": keys, "month": month}
    indicators = Indicator.objects.filter(pk__in=keys).select_related("owner", "reporter")
    by_key = {indicator.pk: indicator for indicator in indicators}
    sources = DerivationTerm.objects.sources()
    values = _by_indicator(MonthlyValue.objects.filter(indicator__in=with_sources(keys, sources), month=month))
    last = Commentary.objects.filter(indicator__in=keys, month=add_months(month, -1))
    sign_offs = SignOff.objects.filter(**of_month).select_related("sent_by", "decided_by")
    checks: dict[int, list[CrossCheck]] = defaultdict(list)
    for check in CrossCheck.objects.filter(indicator__in=keys, is_active=True).prefetch_related("terms__indicator"):
        checks[check.indicator_id].append(check)
    return _Stored(
        indicators=by_key,
        values=values,
        commentaries=_by_indicator(Commentary.objects.filter(**of_month)),
        last_commentaries=dict(last.values_list("indicator_id", "text")),
        sign_offs=_by_indicator(sign_offs),
        reasons={(reason.indicator_id, reason.warning): reason for reason in WarningReason.objects.filter(**of_month)},
        checks=checks,
        feeds=_feeds(by_key, sources),
        sources=sources,
        incomplete=_incomplete(keys, values, sources),
    )


def _by_indicator(rows: Iterable[Any]) -> dict[int, Any]:
    return {row.indicator_id: row for row in rows}


def _feeds(indicators: Mapping[int, Indicator], sources: Mapping[int, list[int]]) -> dict[int, tuple[str, ...]]:
    """For each indicator, the references of the lines that are worked out from it, at any remove."""
    fed: dict[int, list[str]] = defaultdict(list)
    for key, indicator in indicators.items():
        for source in with_sources([key], sources) - {key}:
            fed[source].append(indicator.reference)
    return {source: tuple(references) for source, references in fed.items()}


def _incomplete(keys: Iterable[int], entered: Collection[int], sources: Mapping[int, list[int]]) -> set[int]:
    """Indicators for which, or for one of whose sources, nothing has been entered."""
    return {
        key for key in keys if any(one not in entered and one not in sources for one in with_sources([key], sources))
    }


def _line(edition: Edition, section: str, row: Row, stored: _Stored, rows: Mapping[int, Row], text: str) -> SheetLine:
    key = row.indicator
    indicator = stored.indicators[key]
    sign_off = stored.sign_offs.get(key)
    signed = LatestStep(Step(sign_off.step), sign_off.figure, sign_off.text) if sign_off else None
    is_started = key in stored.values or key in stored.commentaries
    is_due = row.measure.frequency.is_due_in(edition.month)
    return SheetLine(
        edition=edition,
        section=section,
        row=row,
        indicator=indicator,
        value=stored.values.get(key),
        commentary=stored.commentaries.get(key),
        last_commentary=stored.last_commentaries.get(key, ""),
        sign_off=sign_off,
        standing=standing(signed, row.figures[-1], text, is_started=is_started, is_due=is_due),
        is_due=is_due,
        ask=partial(_ask, edition, row, stored, rows, text),
        feeds=stored.feeds.get(key, ()),
        is_incomplete=key in stored.incomplete,
    )


def _ask(edition: Edition, row: Row, stored: _Stored, rows: Mapping[int, Row], text: str) -> tuple[Explained, ...]:
    """The line's warnings, each with the reason that was given for it."""
    key, scorecard = row.indicator, edition.scorecard
    indicator = stored.indicators[key]
    cautions = cautions_for(
        row,
        [_line_check(check, row, rows) for check in stored.checks.get(key, ())],
        text=text,
        last_text=stored.last_commentaries.get(key, ""),
        region=scorecard.region,
        from_change=Fraction(scorecard.commentary_from_change, 100),
        may_exceed_100=indicator.allows_over_100,
        is_derived=indicator.kind == Kind.DERIVED,
        sources=frozenset(stored.sources.get(key, ())),
    )
    return tuple(_explained(caution, stored.reasons.get((key, caution.code))) for caution in cautions)


def _explained(caution: Caution, given: WarningReason | None) -> Explained:
    if given is None:
        return Explained(caution)
    if given.about == caution.about:
        return Explained(caution, reason=given.reason)
    return Explained(caution, earlier_reason=given.reason)


def _line_check(check: CrossCheck, row: Row, rows: Mapping[int, Row]) -> LineCheck:
    """The check with the figures of the month."""
    step = row.measure.frequency.months
    return LineCheck(
        code=f"check-{check.pk}",
        kind=CheckKind(check.kind),
        reference=row.measure.reference,
        value=row.figures[-1].value,
        before=row.figures[-1 - step].value,
        parts=tuple(_check_part(term, rows.get(term.indicator_id)) for term in check.terms.all()),
        total=None if check.total is None else exact(check.total),
        tolerance=exact(check.tolerance),
        note=check.note,
        period_before="Last quarter" if step > 1 else "Last month",
    )


def _check_part(term: CrossCheckTerm, row: Row | None) -> CheckPart:
    """Another line with its figure of the month; a check with one that is not on the scorecard can't be made."""
    value, reporter = (row.figures[-1].value, row.measure.reporter) if row else (None, "")
    return CheckPart(CheckRole(term.role), term.indicator.reference, value, term.indicator_id, reporter)
