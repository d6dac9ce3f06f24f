"""What to look at before publishing: what an edition still lacks, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from indicators.calculations.months import financial_year_text
from indicators.calculations.vocabulary import Blank, Polarity, Rating, Scope
from scorecard.disclosure import DisclosurePlan
from scorecard.report import BoardReport, Row
from scorecard.report.board import Revised
from scorecard.sheet.sheet import Sheet, SheetLine


class Item(NamedTuple):
    """Something a check has found: the line's reference, empty where it is about the whole report, and what is so."""

    reference: str
    words: str


class Check(NamedTuple):
    """A thing to look at, with what was found; `fine` says so when nothing was."""

    title: str
    fine: str
    found: tuple[Item, ...]


def checks_of(sheet: Sheet, report: BoardReport, revised: Iterable[Revised] = ()) -> list[Check]:
    """Every check of an edition that is about to be published."""
    lines = [line for line in sheet.lines if line.is_expected]
    return [
        Check("Figures", "All figures that are due are there.", tuple(_each(lines, _missing))),
        Check("Sign-off", "All lines are signed off.", tuple(_each(lines, _unapproved))),
        Check("Warnings", "All warnings are explained.", tuple(_warnings(lines))),
        Check("Commentary", "Every line has commentary.", tuple(_each(lines, _without_words))),
        Check("Targets", "Every line that is judged has a target.", tuple(_rows(report, _target))),
        Check("Comparators", "All comparators are there, in date and on basis.", tuple(_comparators(report))),
        Check("Overview", "Summary and areas of focus are written.", tuple(_overview(sheet, report))),
        Check("Revised figures", "No figure differs from what was published.", tuple(map(_revised, revised))),
    ]


def disclosure_checks(plan: DisclosurePlan, unreadable: Iterable[date]) -> list[Check]:
    """What the public will not see. `unreadable` are months that were published before anything was hidden."""
    counts = plan.counts
    return [
        Check(
            f"Hidden figures: {counts['primary']} small, {counts['secondary']} that would give them away",
            "No figure has to be hidden.",
            tuple(Item("", cell.words) for cell in plan.cells),
        ),
        Check("Withheld texts", "No text has to be withheld.", tuple(Item("", text.words) for text in plan.texts)),
        Check(
            "Small counts that can’t be protected",
            "All are protected.",
            tuple(Item("", cell.words) for cell in plan.exposed),
        ),
        Check(
            "Percentages entered without their numbers",
            "None: all could be checked.",
            tuple(Item(reference, "can’t be checked for small numbers") for reference in plan.unchecked),
        ),
        Check(
            "Earlier reports",
            "The public can read all of them.",
            tuple(
                Item(
                    "",
                    f"{month:%B %Y} was published before small counts were hidden: revise it",
                )
                for month in unreadable
            ),
        ),
    ]


def _each(lines: Iterable[SheetLine], tell: Callable[[SheetLine], str]) -> Iterator[Item]:
    for line in lines:
        words = tell(line)
        if words:
            yield Item(line.indicator.reference, words)


def _missing(line: SheetLine) -> str:
    blank = line.figure.blank
    if blank in (None, Blank.NOT_APPLICABLE, Blank.SUPPRESSED) or (blank is Blank.NOT_DUE and not line.is_due):
        return ""
    return "nothing was entered" if line.is_incomplete else blank.label.lower()


def _unapproved(line: SheetLine) -> str:
    return "" if line.standing == "approved" else line.standing.label.lower()


def _warnings(lines: Iterable[SheetLine]) -> Iterator[Item]:
    for line in lines:
        for caution in line.open_warnings:
            yield Item(line.indicator.reference, caution.message)


def _without_words(line: SheetLine) -> str:
    return "" if line.text.strip() else "no commentary"


def _rows(report: BoardReport, tell: Callable[[Row], str]) -> Iterator[Item]:
    for row in report.by_indicator.values():
        words = tell(row)
        if words:
            yield Item(row.measure.reference, words)


def _target(row: Row) -> str:
    if row.measure.polarity is Polarity.NEUTRAL:
        return ""
    year = financial_year_text(row.rated_year)
    if row.rating is Rating.TARGET_TBC:
        return f"the target for {year} is to be confirmed"
    if row.rating is not Rating.NO_TARGET:
        return ""
    if row.latest_target is None:
        return f"no target for {year}"
    return f"no target for {year}; the latest is of {financial_year_text(row.latest_target.year)}"


def _comparators(report: BoardReport) -> Iterator[Item]:
    for row in report.by_indicator.values():
        if row.measure.scope is Scope.LOCAL:
            continue
        cells = [cell for cell in row.comparators if cell is not None]
        if not cells:
            yield Item(row.measure.reference, "no comparator, and not marked as local")
        for cell in cells:
            if cell.warnings:
                yield Item(row.measure.reference, f"{cell.group.label}: {', '.join(cell.warnings)}")


def _overview(sheet: Sheet, report: BoardReport) -> Iterator[Item]:
    if not report.summary.strip():
        yield Item("", "There is no overall summary.")
    if not report.areas_of_focus:
        yield Item("", "There is no area of focus.")
    if sheet.edition.meeting_date is None:
        yield Item("", "The date of the meeting is not set.")


def _revised(change: Revised) -> Item:
    kind = change.kind.label[0].lower() + change.kind.label[1:]
    return Item(change.reference, f"{change.what}: {change.before} was published, now {change.after} ({kind})")
