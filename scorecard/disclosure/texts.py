"""The texts of a report and its pages: which of them the public may read only when a person has cleared them.

What was recognised in a text orders and marks it for that person. It clears none beside a hidden figure but those that
only repeat what their public row prints.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from itertools import chain
from typing import NamedTuple

from commentary.checker.words import word_set
from indicators.calculations.measure import Measure
from indicators.calculations.row import ComparatorCell
from indicators.calculations.series import with_sources
from indicators.calculations.units import per_text
from indicators.calculations.vocabulary import Blank
from scorecard.indicator_page import IndicatorPage
from scorecard.report import BoardReport
from scorecard.report.finding import ALIKE, forms_of

from .wording import (
    Mark,
    PrintedLine,
    Risk,
    counted_in,
    marks_of,
    number_text,
    repeats,
    risk_of,
    says_how_many,
    sentences_of,
)

WITHHELD = "This text is withheld in the public report, because it could reveal a suppressed figure [c]."
WITHHELD_BESIDE_ROUNDED = (
    "This text is withheld in the public report, because it could tell more of a small count than its rounding does."
)
SUPPRESSED_TEXT = Blank.SUPPRESSED.shorthand
LONG_WORD = 5
FEW_TITLES = 2
# These say nothing of which line is meant.
_COMMON = re.compile(
    r"\b(?:numbers?|percentage|periods?|months?|child|children|which|where|whose|their|there|these|those|after|before"
    r"|during|under|within|based|other|about|became|become|resulting|recorded|services?|received|completed|subject"
    r"|previously|excluding|excludes|including|includes)\b",
    re.IGNORECASE,
)
# Texts of no line: what stands in them can be about any.
OVERVIEW = ("summary", "focus", "update")
# What is measured and where from: asked about only where there is a number that may be one of cases.
NAMING = ("title", "definition", "outcome", "section", "source")

_SUFFIX = re.compile(r"\s*\((?:val|%)\)$|\s*%$")
# What a title names without counting it: “(excludes transfer-ins)”, “by MASH”.
_EXCLUDED = re.compile(r"\((?i:exclud)[^)]*\)|,?\s(?i:excluding)\s[^)]*")
_SHORT_FORM = re.compile(r"(?<![\w(])\w*[A-Z]\w*[A-Z]\w*(?![\w)])")
# A word of a title that many have, or that is short; and those that never say what was counted.
_SHARED = re.compile(r"\w*[A-Z]\w*[A-Z]\w*|[^\W\d_]{4,}")
_COUNTS_NOTHING = word_set(
    "rate time times timely timeliness timescale timescales working held seen open current activity known point count "
    "range percentage with from that have been were than less more most over into such also each this previous end "
    "start total first early late last authority any all not number entered entering left leaving came young people "
    "person youngster aged authorised leaver leavers looked front door multi agency agencies need needs"
)

Place = tuple[int, date]


class Text(NamedTuple):
    """A text of a report or its pages: the lines that it is about, its place for masking, where it stands, and itself.

    `month` is the one it was written for; None for what every edition shows anew.
    """

    about: frozenset[int]
    place: tuple[object, ...]
    where: str
    text: str
    month: date | None = None

    def subject(self, numbers_from: int = 0) -> str:
        """What it is, in words that stay the same from edition to edition, and where numbers became higher by so much.

        Areas of focus have no other name than what is said; what a line's comparators have in common is said once.
        """
        kind, *rest = (one - numbers_from if type(one) is int and one in self.about else one for one in self.place)
        if self.is_of_overview:
            return str(kind)
        if kind in ("note", "national") and self.month is None:
            return f"note {rest[0]}"
        return " ".join(map(str, (kind, *rest)))

    @property
    def is_of_overview(self) -> bool:
        """Whether it stands in the overview: what stands there can be about any line."""
        return self.place[0] in OVERVIEW


class DoubtfulText(NamedTuple):
    """A text that the public reads only when a person has cleared it, and the hidden cells it stands near.

    `key` tells this very text beside these very cells: that they are hidden, and not what they hide, for otherwise a
    text that vanished would tell that a hidden figure had changed.
    """

    text: Text
    key: str
    near: tuple[Place, ...]
    marks: tuple[Mark, ...]

    @property
    def place(self) -> tuple[object, ...]:
        return self.text.place

    @property
    def risk(self) -> Risk:
        """What was recognised in it."""
        return risk_of(self.marks)


def doubtful_texts(
    report: BoardReport,
    pages: Mapping[int, IndicatorPage],
    hidden: frozenset[Place],
    ties: Mapping[int, set[int]],
    before: frozenset[Place] = frozenset(),
    sentences: Collection[str] = (),
    numbers_from: int = 0,
) -> tuple[DoubtfulText, ...]:
    """The texts that don't pass by themselves, each once. `ties` are the lines that each line can be worked out with.

    All of a line with a hidden figure, of those tied to it, and of the overview; of other lines those that name such a
    line. Of what is measured and where from (`NAMING`) those with a number that may be one of cases. Of none of them
    those that only repeat what the public row of their line prints, and none of the `sentences` that stand in the place
    of what was taken back: everybody reads these in a list of their own. `before` are cells that an earlier one hid:
    a text can tell what stood there. Where the scorecard was brought over from another installation, its indicators'
    numbers were lower by `numbers_from` there, and by those a text is told.
    """
    ever = hidden | before
    if not ever:
        return ()
    names = _names(report, pages, {key for key, _ in ever})
    cells: dict[int, list[Place]] = defaultdict(list)
    for cell in sorted(ever):
        cells[cell[0]].append(cell)
    lines = PrintedLines(report, pages, hidden)
    found: dict[tuple[object, ...], DoubtfulText] = {}
    for text in texts_of(report, pages):
        if not text.text.strip() or text.text in sentences or text.place in found:
            continue
        if text.place[0] in NAMING and not says_how_many(text.text):
            continue
        named = names.in_text(text.text, anywhere=text.is_of_overview)
        beside = set(chain(named, *(ties.get(one, {one}) for one in text.about)))
        near = sorted(cell for key in beside for cell in cells.get(key, ()))
        if text.is_of_overview and not text.about:
            near = sorted(ever)
        if not near and not text.is_of_overview:
            continue
        printed = [lines.beside(key, text.month or report.month) for key in sorted(text.about)]
        if any(repeats(text.text, line) for line in printed):
            continue
        if text.month is not None:
            near = [cell for cell in near if cell[1] <= text.month]
        numbers = {number_text(shown) for line in printed for shown in line.printed.values()}
        key = key_of(text.subject(numbers_from), text.text, ((one - numbers_from, month) for one, month in near))
        found[text.place] = DoubtfulText(text, key, tuple(near), tuple(marks_of(text.text, numbers)))
    return tuple(found.values())


def key_of(subject: str, text: str, near: Iterable[Place]) -> str:
    """Tells a text beside hidden cells from any other, and from itself beside other cells."""
    written = [subject, text, *(f"{key} {month.isoformat()}" for key, month in near)]
    return sha256("\0".join(written).encode()).hexdigest()


class PrintedLines:
    """What the public row of each line prints, made when asked for."""

    def __init__(self, report: BoardReport, pages: Mapping[int, IndicatorPage], hidden: frozenset[Place]) -> None:
        self.rows, self.pages, self.hidden = report.by_indicator, pages, hidden
        self.lines: dict[int, PrintedLine] = {}

    def beside(self, key: int, month: date) -> PrintedLine:
        """The row as it is read beside a text about the month."""
        if key not in self.lines:
            self.lines[key] = self._line(key, month)
        line, row = self.lines[key], self.rows.get(key)
        if row is None or row.current_month != month or month not in line.printed:
            return line._replace(month=month)
        from_months = {row.previous_month: row.change_month_text, row.year_before: row.change_year_text}
        changes = {before: text for before, text in from_months.items() if before in line.printed}
        return line._replace(month=month, changes=changes)

    def _line(self, key: int, month: date) -> PrintedLine:
        row, page = self.rows.get(key), self.pages.get(key)
        shown = dict(zip(row.months, row.figures, strict=True)) if row else {}
        shown |= {point.month: point.figure for point in page.points} if page else {}
        measure = row.measure if row else page.measure if page else None
        if measure is None:
            return PrintedLine(month, "", {})
        printed = {
            when: measure.figure_text(figure)
            for when, figure in shown.items()
            if figure.value is not None and (key, when) not in self.hidden
        }
        # The words of a title that may be withheld are no public ones.
        title = "" if says_how_many(measure.title) else measure.title
        return PrintedLine(month, title, printed, per_text(measure.unit, measure.rate_base).strip())


def texts_of(report: BoardReport, pages: Mapping[int, IndicatorPage]) -> Iterator[Text]:
    """Every text of the report and of the pages that masking has a place for; some places come twice."""
    for section in report.sections:
        lines = frozenset(row.indicator for row in section.rows)
        yield Text(lines, ("section", section.title), f"Title of the section “{section.title}”", section.title)
    yield from _texts_of_report(report)
    yield from _texts_of_pages(report, pages)


def _texts_of_report(report: BoardReport) -> Iterator[Text]:
    nobody: frozenset[int] = frozenset()
    yield Text(nobody, ("summary",), "Overall summary", report.summary)
    by_reference = {row.measure.reference: row.indicator for row in report.rows}
    sources = _sources(report)
    for number, focus in enumerate(report.areas_of_focus):
        about = frozenset(by_reference[reference] for reference in focus.references if reference in by_reference)
        named = f"{focus.kind.label} “{focus.title}”"
        yield Text(about, ("focus", number, "title"), f"{focus.kind.label} {number + 1}, title", focus.title)
        yield Text(about, ("focus", number, "detail"), f"{named}, question", focus.detail)
        yield Text(about, ("focus", number, "response"), f"{named}, response", focus.response)
        for place, update in enumerate(focus.updates):
            yield Text(about, ("update", number, place), f"{named}, update of {update.date:%-d %B %Y}", update.text)
    for row in report.rows:
        yield from _naming(row.indicator, row.measure)
        key, reference, month, about = row.indicator, row.measure.reference, report.month, frozenset({row.indicator})
        where = f"Commentary of {reference}, {month:%B %Y}"
        yield Text(about, ("commentary", key, month), where, row.commentary, month)
        yield Text(about, ("note", key), f"Note of {reference}", row.measure.note)
        yield Text(about, ("season", key), f"Why {reference} is seasonal", row.measure.seasonal_reason)
        for link in row.series_links:
            both = about | {link.key}
            yield Text(both, ("succession", key, link.key), f"Note of {reference}: {link.how}", link.note)
        if row.signal.baseline:
            reason = row.signal.baseline.reason
            yield Text(about, ("fixed", key), f"Reason for the baseline of {reference}", reason)
        for when, figure in zip(row.months, row.figures, strict=True):
            yield Text(about, ("note", key, when), f"Note of {reference}, {when:%B %Y}", figure.note, when)
        for cell in filter(None, row.comparators):
            yield Text(about, ("note", key, cell.group.code), f"Note of {reference}, {cell.group.name}", cell.note)
            yield _source_of(key, reference, cell)
        for target in filter(None, (*row.targets, row.latest_target, row.target)):
            yield Text(about, ("note", key, target.year), f"Note of {reference}, target {target.year}", target.note)
        for one in row.breaks:
            where = f"Reason to count {reference} otherwise from {one.month:%B %Y} on"
            parts = frozenset(with_sources([key], sources))
            yield Text(parts, ("break", key, one.month), where, one.reason)


def _naming(key: int, measure: Measure) -> Iterator[Text]:
    for what in ("title", "definition", "outcome"):
        yield Text(frozenset({key}), (what, key), f"{what.capitalize()} of {measure.reference}", getattr(measure, what))


def _source_of(key: int, reference: str, cell: ComparatorCell) -> Text:
    where = f"Source of {cell.group.name} beside {reference}"
    return Text(frozenset({key}), ("source", key, cell.source), where, cell.source)


def _sources(report: BoardReport) -> dict[int, tuple[int, ...]]:
    """What each indicator is worked out from: a reason to count it otherwise may be that of a part."""
    return {one.indicator: (*one.numerators, *one.denominators) for one in report.derivations}


def _texts_of_pages(report: BoardReport, pages: Mapping[int, IndicatorPage]) -> Iterator[Text]:
    sources = _sources(report)
    for page in pages.values():
        about, reference = frozenset({page.key}), page.measure.reference
        yield from _naming(page.key, page.measure)
        yield Text(about, ("note", page.key), f"Note of {reference}", page.measure.note)
        yield Text(about, ("season", page.key), f"Why {reference} is seasonal", page.measure.seasonal_reason)
        for link in page.series_links:
            both = about | {link.key}
            yield Text(both, ("succession", page.key, link.key), f"Note of {reference}: {link.how}", link.note)
        for point in page.points:
            month, when = point.month, f"{reference}, {point.month:%B %Y}"
            yield Text(about, ("commentary", page.key, month), f"Commentary of {when}", point.commentary, month)
            yield Text(about, ("note", page.key, month), f"Note of {when}", point.figure.note, month)
            yield Text(about, ("baseline", page.key, month), f"Reason for the baseline of {when}", point.baseline)
            parts = frozenset(with_sources([page.key], sources))
            yield Text(parts, ("rebase", page.key, month), f"Reason to work out afresh of {when}", point.rebase)
        for target in page.targets:
            yield Text(
                about, ("note", page.key, target.year), f"Note of {reference}, target {target.year}", target.note
            )
        for cell in page.national:
            where = f"Note of {reference}, {cell.group.name} by national statistics"
            yield Text(about, ("national", page.key, cell.group.code), where, cell.note)
            yield _source_of(page.key, reference, cell)


class _Names(NamedTuple):
    """What texts call the lines with hidden figures, as patterns: references, titles, and their telling words."""

    any_of_them: re.Pattern[str]
    each: tuple[tuple[re.Pattern[str], frozenset[int]], ...]
    where_counted: tuple[tuple[re.Pattern[str], set[int]], ...]

    def in_text(self, text: str, *, anywhere: bool) -> frozenset[int]:
        """The lines that are named, anywhere or with something risky in the same sentence or one beside it.

        Words that many titles have name a line only beside a number: “One ICPC was late”.
        """
        found: set[int] = set()
        if self.where_counted:
            for counted in counted_in(text):
                found.update(*(keys for name, keys in self.where_counted if name.search(counted)))
        if not self.each or not self.any_of_them.search(text):
            return frozenset(found)
        sentences = sentences_of(text)
        for place, sentence in enumerate(sentences):
            named = [keys for name, keys in self.each if name.search(sentence)]
            near = " ".join(self.any_of_them.sub(" ", one) for one in sentences[max(place - 1, 0) : place + 2])
            if named and (anywhere or marks_of(near)):
                found.update(*named)
        return frozenset(found)


def _names(report: BoardReport, pages: Mapping[int, IndicatorPage], keys: set[int]) -> _Names:
    measures = {row.indicator: row.measure for row in report.rows}
    measures |= {page.key: page.measure for page in pages.values() if page.key not in measures}
    alike = [*ALIKE, *([one.short_form, one.meaning] for one in report.short_forms)]
    terms = {key: _terms(measure.title, alike) for key, measure in measures.items()}
    # A count and its share are one subject.
    subjects = {key: _SUFFIX.sub("", measure.reference) for key, measure in measures.items()}
    having: dict[str, set[int]] = defaultdict(set)
    for key, found in terms.items():
        for term in found:
            having[term].add(key)
    called: dict[str, set[int]] = defaultdict(set)
    for key in sorted(keys & measures.keys()):
        called[rf"(?<!\w){re.escape(subjects[key])}(?!\w)"].add(key)
        called[rf"(?<!\w){re.escape(measures[key].title)}"].add(key)
        for term in terms[key]:
            if having[term] <= keys or len({subjects[one] for one in having[term]}) <= FEW_TITLES:
                called[term].add(key)
    where_counted: dict[str, set[int]] = defaultdict(set)
    for key in keys & measures.keys():
        for term in _shared_terms(measures[key].title, alike) - called.keys():
            where_counted[term].add(key)
    longest_first = sorted(called, key=lambda name: (-len(name), name))
    return _Names(
        re.compile("|".join(longest_first), re.IGNORECASE),
        tuple((re.compile(name, re.IGNORECASE), frozenset(called[name])) for name in longest_first),
        tuple((re.compile(name, re.IGNORECASE), where_counted[name]) for name in sorted(where_counted)),
    )


def _terms(title: str, alike: Iterable[Sequence[str]]) -> set[str]:
    """What a title may be called by, as patterns: its longer words in any form, and what means the same as some of it.

    A short form is what is counted where it stands in brackets, “(UASC)”; elsewhere it says who or where, as “by MASH”.
    """
    title = _COMMON.sub(" ", _SHORT_FORM.sub(" ", _EXCLUDED.sub(" ", title)))
    words = re.findall(rf"[^\W\d_]{{{LONG_WORD},}}|(?<=\()\w*[A-Z]\w*[A-Z]\w*(?=\))", title)
    for group in alike:
        if any(re.search(forms_of(member), title, re.IGNORECASE) for member in group):
            words += group
    return {forms_of(word) for word in words}


def _shared_terms(title: str, alike: Iterable[Sequence[str]]) -> set[str]:
    """What may be counted of a title, as patterns: each of its words and of what means the same, in any form."""
    title = _EXCLUDED.sub(" ", title)
    groups = (group for group in alike if any(re.search(forms_of(one), title, re.IGNORECASE) for one in group))
    same = [*chain(*groups)]
    words = _SHARED.findall(_COMMON.sub(" ", " ".join((title, *same))))
    # What is several words together, as “looked after”, says what is counted though its parts don't.
    names = (one for one in (*words, *same) if not _COUNTS_NOTHING.issuperset(one.lower().split()))
    return {forms_of(name) for name in names if not _COMMON.fullmatch(name)}
