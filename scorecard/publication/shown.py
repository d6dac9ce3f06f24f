"""Small counts that a publication, or another setting of a scorecard, lets people read who could not before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

from indicators.calculations.disclosure import tells_of_few
from indicators.calculations.figures import Figure
from indicators.calculations.row import Measure
from indicators.calculations.vocabulary import Blank
from scorecard.disclosure import Document
from scorecard.disclosure.plan import Place, figures_of
from scorecard.models import Audience, PublishedDocument, Scorecard

from .document import FrozenReport
from .reading import documents_for

SAY_WHY = "Say why people may read these counts."


class Standing(NamedTuple):
    """What a report of a scorecard has of small counts: those that stand in it, and the months that it hides."""

    scorecard: int
    title: str
    month: date
    few: Mapping[Place, tuple[Measure, Figure]]
    hidden: frozenset[Place]


class ShownCount(NamedTuple):
    """A small count that people could read: an indicator's month, in the reports on these months.

    `elsewhere` says what another public scorecard does with the same month, where that is the contrary.
    """

    place: Place
    measure: Measure
    text: str
    reports: tuple[date, ...]
    elsewhere: str = ""

    @property
    def words(self) -> str:
        """The month, the count, where it stands, and what contradicts it."""
        first, last = f"{self.reports[0]:%B %Y}", f"{self.reports[-1]:%B %Y}"
        many = f"{len(self.reports)} reports, {first} to {last}"
        where = f"the report on {first}" if len(self.reports) == 1 else many
        return f"{self.place[1]:%B %Y}: {self.text}, in {where}" + (f"; {self.elsewhere}" if self.elsewhere else "")


@dataclass(frozen=True)
class Shown:
    """What somebody has to decide: counts that the public could read, or the panel, where they could not before.

    `contrary` are counts that would be hidden while another public scorecard shows them.
    """

    to_public: tuple[ShownCount, ...] = ()
    to_panel: tuple[ShownCount, ...] = ()
    contrary: tuple[ShownCount, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.to_public or self.to_panel or self.contrary)

    @property
    def number(self) -> int:
        """How many counts people could read who could not before."""
        return len({count.place for count in (*self.to_public, *self.to_panel)})

    @property
    def lists(self) -> list[tuple[str, list[tuple[str, str, list[ShownCount]]]]]:
        """Each list that isn't empty under its heading, its counts by indicator: reference and title before them."""
        named = [
            (self.to_public, "the public could read"),
            (self.to_panel, "the panel could read"),
            (self.contrary, "would be hidden here, while another public scorecard shows them"),
        ]
        return [
            (f"{len(counts)} small count{'' if len(counts) == 1 else 's'} that {what}", _by_indicator(counts))
            for counts, what in named
            if counts
        ]

    @property
    def fingerprint(self) -> str:
        """Tells whether it is still what somebody was shown."""
        said = [
            (count.measure.reference, count.words) for _, groups in self.lists for *_, many in groups for count in many
        ]
        return sha256(str(said).encode()).hexdigest()[:16]


def _by_indicator(counts: Sequence[ShownCount]) -> list[tuple[str, str, list[ShownCount]]]:
    ordered = sorted(counts, key=lambda one: (one.measure.reference, one.place))
    return [
        (reference, found[0].measure.title, found)
        for reference, of_one in groupby(ordered, key=lambda one: one.measure.reference)
        if (found := list(of_one))
    ]


def standing_in(scorecard: Scorecard, month: date, report: FrozenReport) -> Standing:
    """What a report has of small counts."""
    document = Document(report.report, report.pages.longest)
    measures = {page.key: page.measure for page in document.pages.values()}
    measures |= {row.indicator: row.measure for row in document.report.rows}
    figures = figures_of(document)
    return Standing(
        scorecard.pk,
        scorecard.title,
        month,
        {
            place: (measures[place[0]], figure)
            for place, figure in figures.items()
            if tells_of_few(figure, measures[place[0]].unit)
        },
        frozenset(place for place, figure in figures.items() if figure.blank is Blank.SUPPRESSED),
    )


def _standings(scorecard: Scorecard, documents: Iterable[PublishedDocument]) -> Iterator[Standing]:
    for one in documents:
        yield standing_in(scorecard, one.publication.edition.month, FrozenReport(one.body))


def read_by_public() -> list[Standing]:
    """Whatever the public can read of any scorecard."""
    found: list[Standing] = []
    for scorecard in Scorecard.objects.filter(is_public=True).order_by("pk"):
        audience = Audience.PUBLIC if scorecard.has_public_edition else Audience.PANEL
        documents = documents_for(scorecard, audience).select_related("publication__edition").order_by("publication")
        found += _standings(scorecard, documents.iterator(10))
    return found


def shown_by_publishing(scorecard: Scorecard, month: date, texts: Mapping[Audience, str]) -> Shown:
    """What publishing documents lets the public read that it can read nowhere yet, or hides although another shows it.

    What was hidden here before while another showed it was decided then.
    """
    if not scorecard.is_public:
        return Shown()
    public = read_by_public()
    ours = standing_in(scorecard, month, FrozenReport(texts.get(Audience.PUBLIC, texts[Audience.PANEL])))
    whole = standing_in(scorecard, month, FrozenReport(texts[Audience.PANEL]))
    hidden_before = {place for one in public if one.scorecard == scorecard.pk for place in one.hidden}
    return Shown(
        to_public=_shown(scorecard, [ours], public),
        contrary=_contrary(scorecard, [whole], public, only=ours.hidden - hidden_before),
    )


def shown_by_settings(scorecard: Scorecard, new: Scorecard) -> Shown:
    """What the settings of `new`, an unsaved copy, let people read of all that is published of the scorecard."""
    whole = [*_standings(scorecard, _published(scorecard))]
    public = read_by_public()
    to_public: tuple[ShownCount, ...] = ()
    contrary: tuple[ShownCount, ...] = ()
    if new.is_public:
        if new.suppresses_small_counts:
            # Those that stand in the public's documents all the same: nothing could protect them.
            ours = [*_standings(new, documents_for(new, Audience.PUBLIC).select_related("publication__edition"))]
        else:
            ours = whole
        to_public = _shown(scorecard, ours, public)
        is_hiding_newly = not (scorecard.is_public and scorecard.suppresses_small_counts)
        if new.suppresses_small_counts and is_hiding_newly:
            contrary = _contrary(scorecard, whole, public)
    panel_reads, panel_read = (
        not one.suppresses_small_counts or one.panel_reads_unsuppressed for one in (new, scorecard)
    )
    told = {count.place for count in to_public}
    # Whom the public can read nothing from reads it as one of the panel.
    to_panel = _shown(scorecard, whole, public) if panel_reads and not panel_read else ()
    return Shown(to_public, tuple(count for count in to_panel if count.place not in told), contrary)


def with_settings(scorecard: Scorecard, settings: Mapping[str, object]) -> Scorecard:
    """A copy of the scorecard with other settings, to be asked about and not saved."""
    new = copy(scorecard)
    for name, value in settings.items():
        setattr(new, name, value)
    return new


def _published(scorecard: Scorecard) -> Iterable[PublishedDocument]:
    documents = documents_for(scorecard, Audience.PANEL).select_related("publication__edition")
    return documents.order_by("publication").iterator(10)


def _shown(scorecard: Scorecard, ours: Iterable[Standing], public: Iterable[Standing]) -> tuple[ShownCount, ...]:
    """The counts of our reports whose figure the public can read nowhere yet."""
    known: set[tuple[Place, object]] = set()
    hidden: dict[Place, str] = {}
    for one in public:
        known.update((place, figure.value) for place, (_, figure) in one.few.items())
        if one.scorecard != scorecard.pk:
            hidden |= dict.fromkeys(one.hidden, f"“{one.title}” hides it")
    return _listed(ours, lambda place, figure: (place, figure.value) not in known, hidden)


def _contrary(
    scorecard: Scorecard,
    ours: Iterable[Standing],
    public: Iterable[Standing],
    only: Collection[Place] | None = None,
) -> tuple[ShownCount, ...]:
    """The counts of our reports that another public scorecard shows."""
    shown = {place: f"“{one.title}” shows it" for one in public if one.scorecard != scorecard.pk for place in one.few}
    return _listed(ours, lambda place, _: place in shown and (only is None or place in only), shown)


def _listed(
    ours: Iterable[Standing], is_meant: Callable[[Place, Figure], bool], elsewhere: Mapping[Place, str]
) -> tuple[ShownCount, ...]:
    found: dict[tuple[Place, str], ShownCount] = {}
    for one in ours:
        for place, (measure, figure) in one.few.items():
            if not is_meant(place, figure):
                continue
            text = measure.figure_text(figure)
            before = found.get((place, text))
            reports = sorted({*(before.reports if before else ()), one.month})
            found[place, text] = ShownCount(place, measure, text, tuple(reports), elsewhere.get(place, ""))
    return tuple(found.values())
