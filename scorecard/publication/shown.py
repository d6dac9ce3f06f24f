"""Small counts that a publication, or another setting of a scorecard, lets people read who could not before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from textwrap import shorten
from typing import NamedTuple

from django.db.models import Max, QuerySet
from django.utils import timezone

from indicators.calculations.disclosure import tells_of_few
from indicators.calculations.figures import Figure
from indicators.calculations.formatting import counted
from indicators.calculations.measure import Measure
from indicators.calculations.vocabulary import Blank
from indicators.models import Indicator, MonthlyValue
from scorecard.council.look import said
from scorecard.disclosure import Document
from scorecard.disclosure.releases import figures_of
from scorecard.disclosure.texts import Place
from scorecard.models import Audience, Edition, PublishedDocument, Scorecard
from scorecard.report.reading import line_of, read, read_derivations

from .document import FrozenReport
from .given_away import figures_given_away, for_audit, others_that_hide, texts_in, texts_withheld
from .reading import documents_for, read_frozen, to_hide_counts, to_revise

SAY_WHY = "Say why people may read these counts."
TEXT_SHOWN = 120


class Standing(NamedTuple):
    """What stands in a report of a scorecard: every figure, and the months that it hides."""

    scorecard: int
    title: str
    month: date
    measures: Mapping[int, Measure]
    figures: Mapping[Place, Figure]
    # Every count in it is rounded, so that none stands in it as it is.
    is_rounded: bool = False
    # Every text in it, with where it stands.
    texts: Mapping[str, str] = {}

    @property
    def hidden(self) -> frozenset[Place]:
        return frozenset(place for place, figure in self.figures.items() if figure.blank is Blank.SUPPRESSED)

    def few(self, largest_small: int) -> Iterator[Place]:
        """The months whose figure tells of so few people."""
        if self.is_rounded:
            return
        for place, figure in self.figures.items():
            if tells_of_few(figure, self.measures[place[0]].unit, largest_small):
                yield place


class ShownCount(NamedTuple):
    """A small count that people could read: an indicator's month, in the reports on these months.

    Without reports it could be worked out. `elsewhere` says what another public scorecard does with the same month,
    where that is the contrary.
    """

    place: Place
    measure: Measure
    text: str
    reports: tuple[date, ...]
    elsewhere: str = ""

    @property
    def words(self) -> str:
        """The month, the count, where it stands, and what contradicts it."""
        if not self.reports:
            return f"{self.place[1]:%B %Y}: {self.text}; {self.elsewhere}"
        first, last = f"{self.reports[0]:%B %Y}", f"{self.reports[-1]:%B %Y}"
        many = f"{counted(len(self.reports), 'report')}, {first} to {last}"
        where = f"the report on {first}" if len(self.reports) == 1 else many
        return f"{self.place[1]:%B %Y}: {self.text}, in {where}" + (f"; {self.elsewhere}" if self.elsewhere else "")


class ShownText(NamedTuple):
    """A text that the public could read, and whose public reports withhold it."""

    where: str
    text: str
    title: str

    @property
    def words(self) -> str:
        """Where it stands, and how it begins."""
        return f"{self.where}: “{shorten(self.text, TEXT_SHOWN, placeholder=' …')}”"


Listed = tuple[str, list[tuple[str, str, Sequence[ShownCount | ShownText]]]]


@dataclass(frozen=True)
class Shown:
    """What somebody has to decide: counts that the public could read, or the panel, where they could not before.

    `to_work_out` are counts that another public scorecard hides, and that could be worked out with what is shown here;
    `texts` those that a public report withholds. `contrary` are counts that would be hidden while another public
    scorecard shows them.
    """

    to_public: tuple[ShownCount, ...] = ()
    to_panel: tuple[ShownCount, ...] = ()
    contrary: tuple[ShownCount, ...] = ()
    to_work_out: tuple[ShownCount, ...] = ()
    texts: tuple[ShownText, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.to_public or self.to_panel or self.contrary or self.to_work_out or self.texts)

    @property
    def number(self) -> int:
        """How many counts people could read, or work out, who could not before."""
        return len({count.place for count in (*self.to_public, *self.to_panel, *self.to_work_out)})

    @property
    def lists(self) -> list[Listed]:
        """Each list that isn't empty under its heading: counts by indicator, with reference and title before them;
        texts by the scorecard that withholds them.
        """
        named = [
            (self.to_public, "small count", "the public could read"),
            (self.to_work_out, "hidden figure", "the public could work out with this report and others"),
            (self.to_panel, "small count", said("the panel could read")),
            (self.contrary, "small count", "would be hidden here, while another public scorecard shows them"),
        ]
        found: list[Listed] = [
            (f"{counted(len(counts), noun)} that {what}", _by_indicator(counts))
            for counts, noun, what in named
            if counts
        ]
        if self.texts:
            by_title = groupby(sorted(self.texts, key=lambda one: one.title), key=lambda one: one.title)
            many = counted(len(self.texts), "text")
            heading = f"{many} that the public could read, withheld beside hidden figures so far"
            found.append((heading, [("", f"Withheld by “{title}”", [*texts]) for title, texts in by_title]))
        return found

    @property
    def fingerprint(self) -> str:
        """Tells whether it is still what somebody was shown."""
        said = [(*named, one.words) for _, groups in self.lists for *named, many in groups for one in many]
        return sha256(str(said).encode()).hexdigest()[:16]


def _by_indicator(counts: Sequence[ShownCount]) -> list[tuple[str, str, Sequence[ShownCount | ShownText]]]:
    ordered = sorted(counts, key=lambda one: (one.measure.reference, one.place))
    return [
        (reference, found[0].measure.title, found)
        for reference, of_one in groupby(ordered, key=lambda one: one.measure.reference)
        if (found := list(of_one))
    ]


def standing_in(scorecard: Scorecard, month: date, report: FrozenReport) -> Standing:
    """What stands in a report."""
    document = Document(report.report, report.pages.longest)
    measures = {page.key: page.measure for page in document.pages.values()}
    measures |= {row.indicator: row.measure for row in document.report.rows}
    is_rounded = bool(document.report.rounded_to)
    texts = texts_in(document)
    return Standing(scorecard.pk, scorecard.title, month, measures, figures_of(document), is_rounded, texts)


def _standings(scorecard: Scorecard, documents: QuerySet[PublishedDocument]) -> Iterator[Standing]:
    for one, frozen in read_frozen(documents.select_related("publication__edition").order_by("publication")):
        if not frozen.is_withheld:
            yield standing_in(scorecard, one.publication.edition.month, frozen)


def read_by_public() -> list[Standing]:
    """Whatever the public can read of any scorecard."""
    found: list[Standing] = []
    for scorecard in Scorecard.objects.filter(is_public=True).order_by("pk"):
        audience = Audience.PUBLIC if scorecard.has_public_edition else Audience.PANEL
        found += _standings(scorecard, documents_for(scorecard, audience))
    return found


def shown_by_publishing(scorecard: Scorecard, month: date, texts: Mapping[Audience, str]) -> Shown:
    """What publishing documents lets the public read that it can read nowhere yet, or hides although another shows it.

    What was hidden here before while another showed it was decided then.
    """
    if not scorecard.is_public:
        return Shown()
    beside = Beside(scorecard, read_by_public())
    ours, whole = (
        standing_in(scorecard, month, FrozenReport(texts.get(audience, texts[Audience.PANEL])))
        for audience in (Audience.PUBLIC, Audience.PANEL)
    )
    newly_hidden = (frozenset(whole.few(scorecard.largest_small_count)) if ours.is_rounded else ours.hidden) - (
        beside.hidden_here
    )
    hides = scorecard.suppresses_small_counts
    found = Shown(
        to_public=beside.newly_shown([ours], scorecard.largest_small_count, openly=not hides),
        contrary=_listed([whole], lambda one: newly_hidden & beside.shown.keys(), beside.shown),
    )
    document = for_audit(FrozenReport(texts[Audience.PANEL]))
    return found if hides else _with_given_away(found, scorecard, beside, [ours], [(document, timezone.now())])


def _with_given_away(
    found: Shown,
    scorecard: Scorecard,
    beside: Beside,
    ours: Iterable[Standing],
    documents: Iterable[tuple[Document, datetime]],
    own: Iterable[Scorecard] = (),
) -> Shown:
    """Also with what reports that hide nothing give away of other public ones, by figures and by texts.

    `own` is the scorecard itself where it hid counts so far.
    """
    told = {count.place for count in found.to_public}
    to_work_out = tuple(
        ShownCount(place, measure, measure.figure_text(figure), (), f"“{title}” hides it")
        for title, place, measure, figure in figures_given_away(scorecard, documents)
        if place not in told
    )
    withheld = texts_withheld([*own, *others_that_hide(scorecard)])
    texts = {
        text: ShownText(where, text, withheld[text])
        for one in ours
        for text, where in one.texts.items()
        if text in withheld and text not in beside.texts
    }
    return replace(found, to_work_out=to_work_out, texts=tuple(texts.values()))


def shown_by_settings(scorecard: Scorecard, new: Scorecard) -> Shown:
    """What the settings of `new`, an unsaved copy, let people read of all that is published of the scorecard."""
    whole = [*_standings(scorecard, documents_for(scorecard, Audience.PANEL))]
    beside = Beside(scorecard, read_by_public())
    largest = new.largest_small_count
    to_public: tuple[ShownCount, ...] = ()
    contrary: tuple[ShownCount, ...] = ()
    is_open = new.is_public and not new.suppresses_small_counts
    if is_open:
        to_public = beside.newly_shown(whole, max(largest, scorecard.largest_small_count), openly=True)
    elif new.is_public:
        # Small counts stand in the public's documents all the same where nothing could protect them.
        to_public = beside.newly_shown(_standings(new, documents_for(new, Audience.PUBLIC)), largest)
        if scorecard.suppresses_small_counts and largest < scorecard.largest_small_count:
            to_public += beside.newly_shown(whole, scorecard.largest_small_count, but_not=largest)
        if scorecard.rounds_counts and not new.rounds_counts:
            # Beside what was rounded, that a count is hidden can leave only two values of it.
            to_public += beside.newly_shown(whole, largest)
        if not (scorecard.is_public and scorecard.suppresses_small_counts):
            contrary = _listed(whole, lambda one: beside.shown.keys() & set(one.few(largest)), beside.shown)
    panel_reads, panel_read = (
        not one.suppresses_small_counts or one.panel_reads_unsuppressed for one in (new, scorecard)
    )
    to_panel: tuple[ShownCount, ...] = ()
    if panel_reads and not panel_read:
        to_panel = beside.newly_shown(whole, scorecard.largest_small_count)
    told = {count.place for count in to_public}
    found = Shown(to_public, tuple(count for count in to_panel if count.place not in told), contrary)
    if not is_open:
        return found
    read = read_frozen(documents_for(scorecard, Audience.PANEL).select_related("publication"))
    documents = ((for_audit(frozen), one.publication.published_at) for one, frozen in read if not frozen.is_withheld)
    return _with_given_away(found, scorecard, beside, whole, documents, own=[scorecard])


def waiting_editions(scorecard: Scorecard) -> list[tuple[Edition, tuple[int, int] | None]]:
    """The editions to revise, with how many small counts are to be hidden in each, and of how many indicators.

    None where it is names only that the public reads too many of.
    """
    counted = set(to_hide_counts(scorecard).values_list("month", flat=True))
    latest = to_revise(scorecard).values("latest")  # type: ignore[misc]
    found: dict[date, tuple[int, int]] = {}
    for one in _standings(scorecard, documents_for(scorecard, Audience.PANEL).filter(publication__in=latest)):
        places = set(one.few(scorecard.largest_small_count))
        found[one.month] = len(places), len({key for key, _ in places})
    return [
        (edition, found.get(edition.month, (0, 0)) if edition.month in counted else None)
        for edition in to_revise(scorecard)
    ]


def few_in_lines(scorecard: Scorecard, keys: Iterable[int]) -> list[str]:
    """What is said of indicators that were put on a scorecard whose public reports hide nothing: those with counts
    that are small there, entered or worked out, a sentence each.
    """
    if not scorecard.is_public or scorecard.suppresses_small_counts:
        return []
    indicators = Indicator.objects.filter(pk__in=set(keys)).select_related("owner", "reporter")
    lines = [line_of(indicator) for indicator in indicators]
    latest = MonthlyValue.objects.aggregate(latest=Max("month"))["latest"]
    if not lines or latest is None:
        return []
    stored = read(scorecard, latest, lines, read_derivations(), of_all_months=True)
    book = stored.series_book()
    said = []
    for line in lines:
        figures = zip(stored.months, book.series(line.indicator), strict=True)
        few = [month for month, one in figures if tells_of_few(one, line.measure.unit, scorecard.largest_small_count)]
        if few:
            which = (
                f"for {few[0]:%B %Y}"
                if len(few) == 1
                else f"for {counted(len(few), 'month')}, the latest {few[-1]:%B %Y}"
            )
            said.append(
                f"“{line.measure.reference} {line.measure.title}” has small counts {which}. The {scorecard} hides none "
                "from the public: its next reports show them to everybody."
            )
    return said


def with_settings(scorecard: Scorecard, settings: Mapping[str, object]) -> Scorecard:
    """A copy of the scorecard with other settings, to be asked about and not saved."""
    new = copy(scorecard)
    for name, value in settings.items():
        setattr(new, name, value)
    return new


class Beside:
    """What the public can read already, seen from one scorecard: here, and in the others."""

    def __init__(self, scorecard: Scorecard, public: Iterable[Standing]) -> None:
        self.known: set[tuple[Place, object]] = set()
        self.hidden_here: set[Place] = set()
        # By another scorecard, and what is said of it.
        self.hidden: dict[Place, str] = {}
        self.shown: dict[Place, str] = {}
        self.rounded: dict[Place, str] = {}
        self.texts: set[str] = set()
        for one in public:
            self.texts.update(one.texts)
            if one.is_rounded:
                rounds = (place for place, figure in one.figures.items() if figure.value is not None)
                if one.scorecard == scorecard.pk:
                    self.hidden_here.update(one.figures)
                else:
                    self.rounded |= dict.fromkeys(rounds, f"“{one.title}” shows it rounded")
                if not scorecard.rounds_counts:
                    self.shown |= self.rounded
                continue
            self.known.update((place, figure.value) for place, figure in one.figures.items())
            if one.scorecard == scorecard.pk:
                self.hidden_here |= one.hidden
                continue
            self.hidden |= dict.fromkeys(one.hidden, f"“{one.title}” hides it")
            shown = (place for place, figure in one.figures.items() if figure.value is not None)
            self.shown |= dict.fromkeys(shown, f"“{one.title}” shows it")

    def newly_shown(
        self, ours: Iterable[Standing], largest_small: int, *, but_not: int = 0, openly: bool = False
    ) -> tuple[ShownCount, ...]:
        """What our reports have of few people, or of what another scorecard hides, and the public can read nowhere.

        Where they hide nothing, `openly`, what another one rounds as well: one exact count undoes the rounding of more.
        """
        elsewhere = self.rounded | self.hidden if openly else self.hidden

        def meant(one: Standing) -> set[Place]:
            found = (set(one.few(largest_small)) - set(one.few(but_not))) | (elsewhere.keys() & one.figures.keys())
            return {place for place in found if (place, one.figures[place].value) not in self.known}

        return _listed(ours, meant, elsewhere)


def _listed(
    ours: Iterable[Standing], meant: Callable[[Standing], Iterable[Place]], elsewhere: Mapping[Place, str]
) -> tuple[ShownCount, ...]:
    found: dict[tuple[Place, str], ShownCount] = {}
    for one in ours:
        for place in sorted(meant(one)):
            measure, figure = one.measures[place[0]], one.figures[place]
            if figure.value is None:
                continue
            text = measure.figure_text(figure)
            before = found.get((place, text))
            reports = sorted({*(before.reports if before else ()), one.month})
            found[place, text] = ShownCount(place, measure, text, tuple(reports), elsewhere.get(place, ""))
    return tuple(found.values())
