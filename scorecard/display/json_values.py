"""What JSON has of a line beside plain texts: exact numbers with the texts they are displayed as."""

from __future__ import annotations

from datetime import date
from typing import Any

from indicators.calculations.change import Change
from indicators.calculations.exact import Exact
from indicators.calculations.months import month_text
from indicators.calculations.noteworthy import once
from indicators.calculations.row import ComparatorCell, Row, SeriesLink, TargetCell
from indicators.calculations.spc import SpecialCause
from indicators.calculations.vocabulary import Blank


def assurance_text(row: Row) -> str:
    """Whether the target will be met, in words; empty where nothing can be said."""
    signal = row.signal
    if signal.suppressed:
        return Blank.SUPPRESSED.shorthand
    return once(signal.assurance, row.rating) or (signal.assurance.label if signal.assurance else "")


def exact_text(value: Exact | None) -> str | None:
    """The number as a fraction or whole number."""
    return None if value is None else str(value)


def number_json(value: Exact | None, text: str) -> dict[str, Any]:
    """`value` is exact, `text` as displayed."""
    return {"value": exact_text(value), "text": text}


def period_json(row: Row) -> dict[str, Any]:
    """The period that the row's figure is of: its name, its first and final month, and that in which it was due."""
    first, final, due = (month_text(month) for month in (row.period.first, row.period.final, row.current_month))
    return {"name": row.period.name, "first": first, "final": final, "due": due}


def months_json(row: Row) -> dict[str, Any]:
    return {
        month_text(month): number_json(figure.value, row.text_at(place))
        | {
            "numerator": exact_text(figure.numerator),
            "denominator": exact_text(figure.denominator),
            "blank": figure.blank,
            "stage": None if figure.blank else figure.stage,
            "note": figure.note,
            "first_after_break": bool(row.breaks_at(place)),
        }
        for place, (month, figure) in enumerate(zip(row.months, row.figures, strict=True))
    }


def change_json(row: Row, change: Change, text: str, since: date, difference: Exact | None) -> dict[str, Any]:
    """`value` is relative; None where figures can be negative, which have the `difference` in their unit instead."""
    apart = {} if difference is None else {"difference": exact_text(difference)}
    return (
        number_json(change.relative, text)
        | apart
        | {
            "from": month_text(since),
            "to": month_text(row.current_month),
            "movement": change.movement,
            "assessment": change.assessment,
            "across_break": change.movement is not None and bool(row.breaks_since(since)),
        }
    )


def comparator_json(row: Row, cell: ComparatorCell) -> dict[str, Any]:
    return number_json(cell.value, row.comparator_text(cell)) | {
        "year": None if cell.year is None else cell.year_text,
        "source": cell.source,
        "basis": cell.basis_words,
        "published": {
            "figures": cell.published.parts,
            "period": cell.published.period,
            "rule": cell.published.rule,
        }
        if cell.published.parts
        else None,
        "on_basis": cell.on_basis,
        "warnings": list(cell.warnings),
        "note": cell.note,
    }


def totals_json(row: Row) -> dict[str, Any] | None:
    """This year's and last year's total so far, and all of last year's; null where a line doesn't add up."""
    if row.totals is None:
        return None
    return number_json(row.totals.to_date.value, row.total_text(row.totals.to_date)) | {
        name: number_json(figure.value, row.total_text(figure))
        for name, figure in (("last_year", row.totals.last_year), ("whole_last_year", row.totals.whole_last_year))
    }


def series_link_json(link: SeriesLink) -> dict[str, Any]:
    """Another indicator that the row's came after, or that came after it."""
    return {
        "ref": link.reference,
        "title": link.title,
        "from": month_text(link.month),
        "kind": link.kind,
        "is_former": link.is_former,
        "text": link.words,
    }


def target_json(row: Row, cell: TargetCell) -> dict[str, Any]:
    terms = cell.terms
    kind: dict[str, Any] = {}
    if not row.measure.is_plain_target(terms):
        kind = {
            "sense": terms.sense,
            "upper": exact_text(terms.upper),
            "for": terms.shape,
            "steps": [exact_text(step) for step in terms.steps],
            "upper_steps": [exact_text(step) for step in terms.upper_steps],
            "rests_on": terms.rests_on,
            "comparator": terms.group,
            "better_than": terms.is_strict,
        }
    if cell.meaning is not None:
        aim = cell.meaning.aim
        kind["means"] = {
            "low": exact_text(aim.low) if aim else None,
            "high": exact_text(aim.high) if aim else None,
            "because": cell.meaning.because,
        }
    return (
        number_json(terms.value, row.target_text(cell))
        | kind
        | {
            "tolerance": exact_text(cell.terms.tolerance),
            "note": cell.note,
        }
    )


def signal_json(row: Row) -> dict[str, Any]:
    signal = row.signal
    return {
        "variation": signal.variation,
        "text": signal.words,
        "rule": None if signal.cause is SpecialCause.NONE else signal.cause,
        "assurance": signal.assurance,
        "assurance_text": assurance_text(row),
        "trial": signal.trial,
        "limits": signal.has_limits,
        "chart": signal.chart,
        "because": signal.because,
        "move": signal.move.variation if signal.move else None,
        "judged": signal.only_follows is None,
        "seasonal": signal.is_seasonal,
        "not_seasonal_because": signal.not_seasonal,
        "baseline": None
        if signal.baseline is None
        else {
            "from": month_text(signal.baseline.month),
            "periods": signal.baseline.periods,
            "reason": signal.baseline.reason,
        },
    }
