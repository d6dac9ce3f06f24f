"""Texts that could name a suppressed number: found conservatively, rather one too many than one too few."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from commentary.checker.words import NUMBER_WORDS, word_set
from indicators.calculations.series import with_sources
from indicators.calculations.vocabulary import Blank
from scorecard.indicator_page import IndicatorPage
from scorecard.report import BoardReport

WITHHELD = "This text is withheld in the public report, because it could reveal a suppressed figure [c]."

# With a capital in any case: in “3 may return” the number counts.
_MONTHS = (
    "(?-i:January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)"
)
# Dates, years and ages say nothing of a figure.
_HARMLESS = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTHS}\b(?:\s+\d{{4}})?"
    rf"|\b{_MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?,\s*\d{{4}}\b"
    r"|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{4}-\d{2}(?:-\d{2})?\b"
    r"|\b(?:19|20)\d{2}(?:[/–-]\d{2,4})?\b(?![.,%]\d|%)"
    r"|\bage[ds]?\s+\d{1,2}(?:\s*(?:to|and|–|-)\s*\d{1,2})?\+?"
    r"|\b\d{1,2}(?:\s*(?:to|–|-)\s*\d{1,2})?[ -]year[ -]olds?\b",
    re.IGNORECASE,
)
_TOO_FEW = re.compile(r"\btoo few\b", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\w-])(?:[£+-]|x(?=\d))?\d[\d,.]*%?\w*")
_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Number words, rough and relative ones, and those that set a figure equal to another.
_TELLING = frozenset(NUMBER_WORDS) | word_set(
    "couple pair few handful several single singleton sole lone only once twice thrice double doubled doubling twofold "
    "treble trebled triple tripled threefold half halved halving both dozen twin twins triplet triplets "
    "another none nobody zero first second third fourth fifth sixth thirds unchanged same equal equals equalled "
    "quadruple quadrupled trio quartet identical matched matches level static"
)
_SUFFIX = re.compile(r"\s*\((?:val|%)\)$|\s*%$")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
LONG_WORD = 5
FEW_TITLES = 2


class Withheld(NamedTuple):
    """A text left out of the public edition: its place for masking, where it stands, and what in it could tell."""

    place: tuple[object, ...]
    where: str
    phrase: str
    text: str

    @property
    def words(self) -> str:
        return f"{self.where}: withheld because of “{self.phrase}”, which could tell of a suppressed figure."


def telling_phrase(text: str) -> str:
    """The first number in a text, in figures or words, that is no date, year, age or reference; empty without one."""
    rest = _TOO_FEW.sub(" ", _HARMLESS.sub(" ", text))
    found = [(match.start(), match[0]) for match in _DIGITS.finditer(rest)]
    for match in _WORDS.finditer(rest):
        word = match[0].lower()
        if word in _TELLING or any(part.removesuffix("fold") in NUMBER_WORDS for part in word.split("-")):
            found.append((match.start(), match[0]))
    return min(found)[1] if found else ""


def withheld_texts(
    report: BoardReport, pages: Mapping[int, IndicatorPage], hidden: frozenset[tuple[int, date]]
) -> tuple[Withheld, ...]:
    """The texts of the report and its pages to withhold, each once."""
    keys = {key for key, _ in hidden}
    subjects = _subjects(report, pages, keys)
    found: dict[tuple[object, ...], Withheld] = {}
    for owner, place, where, text in (*_texts_of_report(report), *_texts_of_pages(report, pages)):
        phrase = telling_phrase(text) if keys & owner else _names_subject(text, subjects)
        if phrase and place not in found:
            found[place] = Withheld(place, where, phrase, text)
    return tuple(found.values())


Text = tuple[set[int], tuple[object, ...], str, str]


def _texts_of_report(report: BoardReport) -> Iterator[Text]:
    """Whom each text is about, its place, where it stands, and itself."""
    yield set(), ("summary",), "Overall summary", report.summary
    by_reference = {row.measure.reference: row.indicator for row in report.rows}
    sources = _sources(report)
    for number, focus in enumerate(report.areas_of_focus):
        about = {by_reference[reference] for reference in focus.references if reference in by_reference}
        yield about, ("focus", number, "title"), f"Area of focus {number + 1}, title", focus.title
        yield about, ("focus", number, "detail"), f"Area of focus “{focus.title}”, question", focus.detail
        yield about, ("focus", number, "response"), f"Area of focus “{focus.title}”, response", focus.response
        for place, update in enumerate(focus.updates):
            yield (
                about,
                ("update", number, place),
                f"Area of focus “{focus.title}”, update of {update.date:%-d %B %Y}",
                update.text,
            )
    for row in report.rows:
        key, reference, month = row.indicator, row.measure.reference, report.month
        yield {key}, ("commentary", key, month), f"Commentary of {reference}, {month:%B %Y}", row.commentary
        yield {key}, ("note", key), f"Note of {reference}", row.measure.note
        yield {key}, ("season", key), f"Why {reference} is seasonal", row.measure.seasonal_reason
        for link in row.series_links:
            yield {key, link.key}, ("succession", key, link.key), f"Note of {reference}: {link.how}", link.note
        if row.signal.baseline:
            yield {key}, ("fixed", key), f"Reason for the baseline of {reference}", row.signal.baseline.reason
        for when, figure in zip(row.months, row.figures, strict=True):
            yield {key}, ("note", key, when), f"Note of {reference}, {when:%B %Y}", figure.note
        for cell in filter(None, row.comparators):
            yield {key}, ("note", key, cell.group), f"Note of {reference}, {cell.group.label}", cell.note
        for target in filter(None, (*row.targets, row.latest_target, row.target)):
            yield {key}, ("note", key, target.year), f"Note of {reference}, target {target.year}", target.note
        for one in row.breaks:
            where = f"Reason to count {reference} otherwise from {one.month:%B %Y} on"
            yield with_sources([key], sources), ("break", key, one.month), where, one.reason


def _sources(report: BoardReport) -> dict[int, tuple[int, ...]]:
    """What each indicator is worked out from: a reason to count it otherwise may be that of a part."""
    return {one.indicator: (*one.numerators, *one.denominators) for one in report.derivations}


def _texts_of_pages(report: BoardReport, pages: Mapping[int, IndicatorPage]) -> Iterator[Text]:
    sources = _sources(report)
    for page in pages.values():
        key, reference = {page.key}, page.measure.reference
        yield key, ("note", page.key), f"Note of {reference}", page.measure.note
        yield key, ("season", page.key), f"Why {reference} is seasonal", page.measure.seasonal_reason
        for link in page.series_links:
            about = {page.key, link.key}
            yield about, ("succession", page.key, link.key), f"Note of {reference}: {link.how}", link.note
        for point in page.points:
            when = f"{reference}, {point.month:%B %Y}"
            yield key, ("commentary", page.key, point.month), f"Commentary of {when}", point.commentary
            yield key, ("note", page.key, point.month), f"Note of {when}", point.figure.note
            yield key, ("baseline", page.key, point.month), f"Reason for the baseline of {when}", point.baseline
            about = with_sources(key, sources)
            yield about, ("rebase", page.key, point.month), f"Reason to work out afresh of {when}", point.rebase
        for target in page.targets:
            yield key, ("note", page.key, target.year), f"Note of {reference}, target {target.year}", target.note


def _subjects(report: BoardReport, pages: Mapping[int, IndicatorPage], keys: set[int]) -> re.Pattern[str] | None:
    """What a text calls the indicators with suppressed cells: references, titles, and words that few titles have."""
    measures = {row.indicator: row.measure for row in report.rows}
    measures |= {page.key: page.measure for page in pages.values() if page.key not in measures}
    words = {key: _distinctive(measure.title) for key, measure in measures.items()}
    common = Counter(word for found in words.values() for word in found)
    names: set[str] = set()
    for key in sorted(keys & measures.keys()):
        names |= {_SUFFIX.sub("", measures[key].reference), measures[key].title}
        names |= {word for word in words[key] if common[word] <= FEW_TITLES}
    if not names:
        return None
    alternatives = "|".join(sorted(map(re.escape, names), key=lambda name: (-len(name), name)))
    return re.compile(rf"(?<!\w)(?:{alternatives})", re.IGNORECASE)


def _distinctive(title: str) -> set[str]:
    """The longer words of a title, without the s of a plural."""
    words = re.findall(rf"[^\W\d_]{{{LONG_WORD},}}", title.lower())
    return {word.removesuffix("s") for word in words} - {"number", "percentage", "period", "month", "children"}


def _names_subject(text: str, subjects: re.Pattern[str] | None) -> str:
    """A number in the same sentence, or the one before or behind, as an indicator that has suppressed cells."""
    if subjects is None:
        return ""
    sentences = _SENTENCE.split(text)
    for place, sentence in enumerate(sentences):
        if subjects.search(sentence):
            near = " ".join(subjects.sub(" ", one) for one in sentences[max(place - 1, 0) : place + 2])
            if phrase := telling_phrase(near):
                return phrase
    return ""


def is_small_number_in(text: str, largest_small: int) -> bool:
    """Whether a revised amount such as “3” or “17 of 20” tells of 1 to `largest_small` cases."""
    numbers = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)]
    gaps = [abs(later - earlier) for earlier, later in pairwise(numbers)]
    return any(1 <= number <= largest_small for number in [*numbers, *gaps])


SUPPRESSED_TEXT = Blank.SUPPRESSED.shorthand
