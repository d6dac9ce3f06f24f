"""What there is to ask about a line before it is sent: its figures, what hangs together with them, and its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import NamedTuple

from commentary.checker import Finding, check
from commentary.warnings import Caution, CheckedLine, LineCheck, Part, cautions_for
from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.exact import exact
from indicators.calculations.months import add_months
from indicators.calculations.vocabulary import Kind, Rating
from indicators.models import CrossCheckTerm, Indicator
from scorecard.models import Edition
from scorecard.report import Row
from scorecard.report.facts import line_facts

# What a check looks at; never empty, and the check itself can be asked of each.
CheckTerms = tuple[CrossCheckTerm, ...]
ASK_ABOUT_WORDS = "Correct the commentary, or say why it is right:"


class Subject(NamedTuple):
    """A line of an edition as it stands, or as somebody is typing it, with last month's commentary.

    `sources` are the indicators that it is worked out from.
    """

    edition: Edition
    row: Row
    indicator: Indicator
    text: str
    last_text: str
    sources: frozenset[int] = frozenset()


def cautions_about(subject: Subject, checks: Iterable[CheckTerms], rows: Mapping[int, Row]) -> list[Caution]:
    """Every warning about the line; `rows` are the other lines that its checks look at, by indicator."""
    from_change = Fraction(subject.edition.scorecard.commentary_from_change, 100)
    filled_in = [_filled_in(one, subject.row, rows) for one in checks]
    return [*cautions_for(_checked(subject), filled_in, from_change), *_about_words(subject)]


def _about_words(subject: Subject) -> list[Caution]:
    """Where the commentary says what its row contradicts; asked about as long as phrase and fact stay the same."""
    if not subject.text.strip():
        return []
    scorecard, month = subject.edition.scorecard, subject.edition.month
    others = {add_months(month, -1): subject.last_text} if subject.last_text else {}
    found = check(subject.text, line_facts(subject.row, region=scorecard.region), others)
    return [Caution(_code(one), one.message, f"{one.phrase}: {one.fact}", ASK_ABOUT_WORDS) for one in found]


def _code(finding: Finding) -> str:
    """Names a finding within its line: two findings of one kind are two questions."""
    return f"words-{finding.kind}-{sha256(finding.phrase.encode()).hexdigest()[:8]}"


def _checked(subject: Subject) -> CheckedLine:
    edition, row = subject.edition, subject.row
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
        may_exceed_100=subject.indicator.allows_over_100,
        is_derived=subject.indicator.kind == Kind.DERIVED,
        has_commentary=bool(subject.text.strip()),
        period=_named(edition.month),
        previous_period=_named(add_months(edition.month, -step)),
        show=measure.text,
        sources=subject.sources,
    )


def _filled_in(terms: CheckTerms, row: Row, rows: Mapping[int, Row]) -> LineCheck:
    check = terms[0].check_of
    step = row.measure.frequency.months
    return LineCheck(
        code=f"check-{check.pk}",
        kind=CheckKind(check.kind),
        reference=row.measure.reference,
        value=row.figures[-1].value,
        before=row.figures[-1 - step].value,
        parts=tuple(_part(term, rows.get(term.indicator_id)) for term in terms),
        total=None if check.total is None else exact(check.total),
        tolerance=exact(check.tolerance),
        note=check.note,
        period_before="Last quarter" if step > 1 else "Last month",
    )


def _part(term: CrossCheckTerm, row: Row | None) -> Part:
    """Another line with its figure of the month; a check with one that is not on the scorecard can't be made."""
    value, reporter = (row.figures[-1].value, row.measure.reporter) if row else (None, "")
    return Part(CheckRole(term.role), term.indicator.reference, value, term.indicator_id, reporter)


def _named(month: date) -> str:
    return f"{month:%B %Y}"
