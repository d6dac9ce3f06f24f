"""Reads an edition's sheet: the report on its month, what is stored for each line, and the checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from commentary.models import Commentary, SignOff, WarningReason
from commentary.standing import Signed, Step, standing
from commentary.warnings import Caution, CheckedLine, LineCheck, Part, cautions_for
from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.exact import Exact, exact
from indicators.calculations.months import add_months
from indicators.calculations.vocabulary import Kind, Rating
from indicators.models import CrossCheck, DerivationTerm, Indicator, MonthlyValue, with_sources
from scorecard.models import Edition
from scorecard.report import Row, assemble_report
from scorecard.report.series import StoredValue

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
    incomplete: Collection[int]


def assemble_sheet(
    edition: Edition, *, supposing: Sequence[StoredValue] = (), supposed_texts: Mapping[int, str] | None = None
) -> Sheet:
    """The edition's sheet, as things are stored now.

    `supposing` are monthly values, `supposed_texts` commentary by indicator, to reckon with as if they were
    stored: what somebody is typing. Expects the edition's scorecard to be loaded.
    """
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
    signed = Signed(Step(sign_off.step), sign_off.figure, sign_off.text) if sign_off else None
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
        warnings=tuple(
            _explained(caution, stored.reasons.get((key, caution.code)))
            for caution in cautions_for(
                _checked(edition, row, indicator, text),
                [_filled_in(check, row, rows) for check in stored.checks.get(key, ())],
                Fraction(edition.scorecard.commentary_from_change, 100),
            )
        ),
        feeds=stored.feeds.get(key, ()),
        is_incomplete=key in stored.incomplete,
    )


def _explained(caution: Caution, given: Any) -> Explained:
    if given is None:
        return Explained(caution)
    if given.about == caution.about:
        return Explained(caution, reason=given.reason)
    return Explained(caution, earlier_reason=given.reason)


def _checked(edition: Edition, row: Row, indicator: Indicator, text: str) -> CheckedLine:
    measure = row.measure
    step = measure.frequency.months
    # A quarterly row is about its latest quarter; warnings only ask about the figure of this month.
    is_current = row.current_month == edition.month
    return CheckedLine(
        figure=row.figures[-1],
        previous=row.figures[-1 - step].value,
        earlier=[figure.value for figure in row.figures[:-1]],
        change=row.change_month if is_current else row.change_month._replace(relative=None),
        rating=row.rating if is_current else Rating.NO_FIGURE,
        unit=measure.unit,
        may_exceed_100=indicator.allows_over_100,
        is_derived=indicator.kind == Kind.DERIVED,
        has_commentary=bool(text.strip()),
        period=_named(edition.month),
        previous_period=_named(add_months(edition.month, -step)),
        show=measure.text,
    )


def _filled_in(check: CrossCheck, row: Row, rows: Mapping[int, Row]) -> LineCheck:
    return LineCheck(
        code=f"check-{check.pk}",
        kind=CheckKind(check.kind),
        reference=row.measure.reference,
        value=row.figures[-1].value,
        before=row.figures[-2].value,
        parts=tuple(
            Part(CheckRole(term.role), term.indicator.reference, _value(rows.get(term.indicator_id)))
            for term in check.terms.all()
        ),
        total=None if check.total is None else exact(check.total),
        tolerance=exact(check.tolerance),
        note=check.note,
    )


def _value(row: Row | None) -> Exact | None:
    """The month's figure of another line; a check with one that is not on the scorecard can't be made."""
    return row.figures[-1].value if row else None


def _named(month: date) -> str:
    return f"{month:%B %Y}"
