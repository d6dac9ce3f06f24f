"""What to look at before publishing: what an edition still lacks, line by line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from enum import Enum, auto
from typing import NamedTuple

from django.urls import reverse
from django.utils.text import Truncator

from commentary.sign_off import Standing
from commentary.warnings import ANSWERED_BY_COMMENTARY
from indicators.calculations.change import is_stale
from indicators.calculations.disclosure import Why
from indicators.calculations.formatting import counted
from indicators.calculations.months import financial_year, financial_year_text, month_text
from indicators.calculations.vocabulary import Blank, Polarity, Rating, Scope
from indicators.models import NationalComparator
from scorecard.disclosure import DisclosurePlan
from scorecard.disclosure.plan import PlannedCell
from scorecard.disclosure.wording import Risk
from scorecard.display.fonts import PaperUnavailableError, warnings_of
from scorecard.models import EditionState
from scorecard.report import BoardReport, Row
from scorecard.report.board import Revised
from scorecard.sheet.sheet import Sheet, SheetLine

from .comparing import COMMENTARY, report_words, row_words

TEXTS = "Texts near hidden figures"
MOST_QUOTED = 300


class Place(Enum):
    """Where what a check finds is put right: on the page of a line, or on one of the whole edition."""

    NOWHERE = auto()
    LINE = auto()
    SIGN_OFF = auto()
    TARGETS = auto()
    COMPARATORS = auto()
    OVERVIEW = auto()


class FoundLine(NamedTuple):
    """What was found, at a line or, without a reference, in the whole report; `address` is where it is put right."""

    reference: str
    title: str
    words: str
    address: str


class Check(NamedTuple):
    """A thing to look at, with what was found; `fine` says so when nothing was.

    Of each thing found the line's reference, empty where it is about the whole report, and what is so. `same` is what
    was so in the report before already, `unasked` what is so and nobody has to look at.
    """

    title: str
    fine: str
    found: Sequence[tuple[str, str]]
    place: Place = Place.NOWHERE
    same: Sequence[tuple[str, str]] = ()
    unasked: Sequence[tuple[str, str]] = ()
    # The lines by their references, and where something is put right.
    sheet: Sheet | None = None

    def beside(self, before: Collection[tuple[str, str]]) -> Check:
        """With what was found in the report before already apart from what is new."""
        known = set(before)
        new = [one for one in self.found if one not in known]
        return self._replace(found=new, same=[one for one in self.found if one in known])

    @property
    def lines(self) -> list[FoundLine]:
        return [self._placed(*one) for one in self.found]

    @property
    def same_lines(self) -> list[FoundLine]:
        return [self._placed(*one) for one in self.same]

    @property
    def unasked_lines(self) -> list[FoundLine]:
        return [self._placed(*one) for one in self.unasked]

    def _placed(self, reference: str, words: str) -> FoundLine:
        lines = self.sheet.lines if self.sheet else ()
        line = next((line for line in lines if line.indicator.reference == reference), None)
        title = line.indicator.title if line else ""
        return FoundLine(reference, title, words, self._address(line) if self.sheet else "")

    def _address(self, line: SheetLine | None) -> str:
        edition = self.sheet.edition if self.sheet else None
        if edition is None:
            return ""
        place = [edition.scorecard.slug, month_text(edition.month)]
        if line is None:
            return reverse("overview", args=place) if self.place is Place.OVERVIEW else ""
        if self.place in (Place.TARGETS, Place.COMPARATORS):
            model = "target" if self.place is Place.TARGETS else "comparator"
            listed = reverse(f"admin:indicators_{model}_changelist")
            return f"{listed}?indicator__id__exact={line.key}"
        if self.place is Place.SIGN_OFF and (line.standing.is_with_owner or line.is_signed_off_by_who_entered_it):
            return f"{reverse('sign_off', args=place)}#line-{line.key}"
        if self.place in (Place.SIGN_OFF, Place.LINE):
            if edition.state == EditionState.PUBLISHED:
                return reverse("correct_line", args=[*place, line.key])
            whose = {"for": line.indicator.reporter.username} if line.indicator.reporter else None
            return f"{reverse('return', args=place, query=whose)}#line-{line.key}"
        return ""


def checks_of(
    sheet: Sheet,
    report: BoardReport,
    revised: Iterable[Revised] = (),
    *,
    only: Collection[int] | None = None,
    before: BoardReport | None = None,
) -> list[Check]:
    """Every check of an edition that is about to be published; of a revision, of the lines that it changes: `only`.

    `before` is the report before: what its targets and comparators lacked already is told apart. What a revision
    changes is `revised`: where a figure of its month has changed, and its commentary has not, that is quoted until the
    line is signed off, because no checker understands all that words can say.
    """
    revised = list(revised)
    wanted = report.by_indicator.keys() if only is None else set(only)
    lines = [
        (line.indicator.reference, line) for line in sheet.lines if line.key in wanted and (only or line.is_expected)
    ]
    rows = [(row.measure.reference, row) for key, row in report.by_indicator.items() if key in wanted]
    stays = {change.indicator for change in revised if only and change.what == f"{sheet.edition.month:%B %Y}"}
    stays -= {change.indicator for change in revised if change.what == COMMENTARY}
    signing = [(reference, words) for reference, line in lines if (words := _signing(line, stays))]
    # What a commentary would answer is told once, where commentary is.
    open_warnings = [(reference, caution) for reference, line in lines for caution in line.open_warnings]
    warnings = [(one, caution.message) for one, caution in open_warnings if caution.code not in ANSWERED_BY_COMMENTARY]
    asked = [(one, caution.message) for one, caution in open_warnings if caution.code in ANSWERED_BY_COMMENTARY]
    wordless = [(one, "no commentary") for one, line in lines if not (line.text.strip() or line.lacks_commentary)]
    shown = {reference for reference, _ in rows}
    comparators = [*_of_comparators(rows), *(one for one in _national_out_of_date(report) if one[0] in shown)]
    rows_before = [(row.measure.reference, row) for row in before.rows] if before else []
    comparators_before = [*_of_comparators(rows_before), *(_national_out_of_date(before) if before else ())]
    # A revision says what the report said of the month.
    overview = [("", words) for words in _overview(sheet, report)] if only is None else []
    differing = [(change.reference, _difference(change)) for change in revised if only is None]
    checks = [
        Check("Figures", "All figures that are due are there.", [*_missing(lines)], Place.LINE),
        Check("Sign-off", "All lines are signed off.", signing, Place.SIGN_OFF),
        Check("Warnings", "All warnings are explained.", warnings, Place.LINE),
        Check("Commentary", "It is written wherever readers will ask.", asked, Place.LINE, unasked=wordless),
        Check("Targets", "Every line that is judged has a target.", _of_targets(rows), Place.TARGETS).beside(
            _of_targets(rows_before)
        ),
        Check("Comparators", "All comparators are there, in date and on basis.", comparators, Place.COMPARATORS).beside(
            comparators_before
        ),
        Check("Overview", "Summary and areas of focus are written.", overview, Place.OVERVIEW),
        printing_check(report),
        Check("Revised figures", "No figure differs from what was published.", differing),
    ]
    return [check._replace(sheet=sheet) for check in checks]


def _of_targets(rows: Iterable[tuple[str, Row]]) -> list[tuple[str, str]]:
    return [(reference, words) for reference, row in rows if (words := _target(row))]


def _of_comparators(rows: Iterable[tuple[str, Row]]) -> list[tuple[str, str]]:
    return [(reference, words) for reference, row in rows for words in _comparators(row)]


def printing_check(report: BoardReport) -> Check:
    """What the PDF would have empty boxes for."""
    return Check("Printing", "Every character can be printed.", [*_printing(report)], Place.LINE)


def disclosure_checks(plan: DisclosurePlan, unreadable: Iterable[date], kept: Collection[str] = ()) -> list[Check]:
    """What the public will not see of a report. `unreadable` are months that were published before anything was hidden;
    `kept` the keys of texts that an officer decided to keep withheld.
    """
    counts = plan.counts
    return [
        Check(
            f"Hidden figures: {counts['primary']} small, {counts['secondary']} that would give them away",
            "No figure has to be hidden.",
            [*_hidden_by_line(plan)],
        ),
        Check(TEXTS, "None waits for a decision: what the public reads of them was decided.", [*_waiting(plan, kept)]),
        Check(
            "Small counts that can’t be protected", "All are protected.", [("", cell.words) for cell in plan.exposed]
        ),
        Check(
            "Percentages, rates and averages entered without their numbers",
            "None: all could be checked.",
            [(reference, "can’t be checked for small numbers") for reference in plan.unchecked],
        ),
        Check(
            "Earlier reports",
            "The public can read all of them.",
            [("", f"{month:%B %Y} was published before small counts were hidden: revise it") for month in unreadable],
        ),
    ]


def _hidden_by_line(plan: DisclosurePlan) -> Iterator[tuple[str, str]]:
    """Of each line how many months are hidden and why, and which these are."""
    lines: dict[str, list[PlannedCell]] = {}
    for cell in plan.cells:
        lines.setdefault(cell.reference, []).append(cell)
    for reference, cells in lines.items():
        reasons: dict[Why, list[str]] = {}
        for cell in cells:
            if cell.why is not None:
                for_what = f" for {cell.protects}" if cell.protects else ""
                reasons.setdefault(cell.why, []).append(f"{cell.place[1]:%b %Y}{for_what}")
        yield (
            reference,
            "; ".join(
                f"{counted(len(months), 'month')} ({', '.join(months)}): {why.because(plan.largest_small)}"
                for why, months in reasons.items()
            ),
        )


def _waiting(plan: DisclosurePlan, kept: Collection[str]) -> Iterator[tuple[str, str]]:
    """How many texts wait for a decision, by what was recognised in them, the riskiest first."""
    waiting = {text.key: text.risk for text in plan.texts if text.place in plan.withheld and text.key not in kept}
    for risk in Risk:
        if of_it := [one for one in waiting.values() if one is risk]:
            words = risk.label[0].lower() + risk.label[1:]
            yield "", f"{counted(len(of_it), 'text')} withheld until you decide: {words}"


def _missing(lines: Iterable[tuple[str, SheetLine]]) -> Iterator[tuple[str, str]]:
    for reference, line in lines:
        blank = line.figure.blank
        if blank in (None, Blank.NOT_APPLICABLE, Blank.SUPPRESSED) or (blank is Blank.NOT_DUE and not line.is_due):
            continue
        yield reference, "nothing was entered" if line.is_incomplete else blank.label.lower()


def _signing(line: SheetLine, stays: Collection[int | None]) -> str:
    if line.is_signed_off_by_who_entered_it:
        return "signed off by who entered it"
    if line.standing is Standing.APPROVED:
        return ""
    quoted = Truncator(" ".join(line.text.split())).chars(MOST_QUOTED)
    still = f". Its commentary stays: “{quoted}”" if quoted and line.key in stays else ""
    return line.standing.label.lower() + still


def _target(row: Row) -> str:
    if row.measure.polarity is Polarity.NEUTRAL:
        return ""
    year = row.measure.year_text(row.rated_year)
    if row.rating is Rating.TARGET_TBC:
        return f"the target for {year} is to be confirmed"
    if row.rating is Rating.TARGET_UNKNOWN and row.target is not None and row.target.meaning is not None:
        return f"{year}: {row.target.meaning.because}"
    if row.rating is not Rating.NO_TARGET:
        return ""
    if row.latest_target is None:
        return f"no target for {year}"
    return f"no target for {year}; the latest is of {row.measure.year_text(row.latest_target.year)}"


def _comparators(row: Row) -> Iterator[str]:
    # A report that shows no groups has nothing to miss.
    if row.measure.scope is Scope.LOCAL or not row.comparators:
        return
    cells = [cell for cell in row.comparators if cell is not None]
    if not cells:
        yield "no comparator, and not marked as local"
    for cell in cells:
        if cell.warnings:
            yield f"{cell.group.name}: {', '.join(cell.warnings)}"


def _national_out_of_date(report: BoardReport) -> Iterator[tuple[str, str]]:
    """The latest national comparators beside the report's own, as far as they are out of date. One query."""
    stored = NationalComparator.objects.filter(
        indicator__in=report.by_indicator, year__lte=financial_year(report.month)
    ).order_by("year")
    latest = {(one.indicator_id, one.group_id): one for one in stored.select_related("group")}
    for (key, _), one in sorted(latest.items()):
        if is_stale(one.year, report.month):
            due = f"; next figures due {one.next_update:%B %Y}" if one.next_update else ""
            yield (
                report.by_indicator[key].measure.reference,
                f"{one.group.name}, beside the report’s: out of date ({financial_year_text(one.year)}{due})",
            )


def _overview(sheet: Sheet, report: BoardReport) -> Iterator[str]:
    if not report.summary.strip():
        yield "There is no overall summary."
    if not report.areas_of_focus:
        yield "There is no area of focus."
    if sheet.edition.meeting_date is None:
        yield "The date of the meeting is not set."


def _printing(report: BoardReport) -> Iterator[tuple[str, str]]:
    """Which characters the PDF would have empty boxes for, and where; or that this can't be told here."""
    try:
        found = [
            *(("", what, told) for what, told in warnings_of(report_words(report).items())),
            *(
                (row.measure.reference, what, told)
                for row in report.by_indicator.values()
                for what, told in warnings_of((row_words(row) | _notes_beside(row)).items())
            ),
        ]
    except PaperUnavailableError:
        yield "", "not checked: this machine can’t make PDFs. Whoever runs the website can install what is missing."
        return
    for reference, what, told in found:
        yield reference, f"{what}: {told}"


def _notes_beside(row: Row) -> dict[str, str]:
    """The notes on a line's comparators and targets, by what they are on."""
    comparators = {f"Note on {cell.group.name}": cell.note for cell in row.comparators if cell}
    return comparators | {f"Note on target {row.measure.year_text(one.year)}": one.note for one in row.targets if one}


def _difference(change: Revised) -> str:
    kind = change.kind.label[0].lower() + change.kind.label[1:]
    if change.is_of_population:
        return f"{change.title}. {change.what} ({kind})"
    return f"{change.what}: {change.before} was published, now {change.after} ({kind})"
