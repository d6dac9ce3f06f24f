"""The plan for a public edition: which cells and texts of a report and its pages are suppressed, told in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from indicators.calculations.disclosure import (
    LARGEST_SMALL,
    Plan,
    Quantity,
    Relations,
    Release,
    RoundedPlan,
    Why,
    plan_cells,
    plan_rounding,
    tells_of_few,
)
from indicators.calculations.totals import had_together
from indicators.calculations.units import UnitKind
from indicators.calculations.vocabulary import Blank, Unit
from scorecard.indicator_page import IndicatorPage
from scorecard.report import BoardReport

from .releases import Document, PublicDocument, figures_of, quantity_of, release_of
from .texts import WITHHELD, WITHHELD_BESIDE_ROUNDED, DoubtfulText, Place, doubtful_texts
from .wording import is_small_number_in


class PlannedCell(NamedTuple):
    """An indicator's month: suppressed for a reason, or, without one, a small count that can't be protected any more.

    `protects` names what it would give away. Counts from 1 to `largest_small` are small.
    """

    place: Place
    reference: str
    why: Why | None = None
    protects: str = ""
    largest_small: int = LARGEST_SMALL[0]

    @property
    def words(self) -> str:
        name = f"{self.reference}, {self.place[1]:%B %Y}"
        if self.why is None:
            return f"{name}: can’t be protected, because what is public already leaves one or two numbers for it."
        for_what = f" ({self.protects})" if self.protects else ""
        return f"{name}: suppressed because {self.why.because(self.largest_small)}{for_what}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """What masking takes out of a report and its pages; `because` stands where a signal rests on a hidden figure.

    `wordings` are what stands in the place of texts, `tombstones` the notes of hidden figures. What revisions tell of
    numbers up to `largest_small` is hidden too.
    """

    hidden: frozenset[Place]
    wordings: Mapping[tuple[object, ...], str] = field(default_factory=dict)
    unsafe_revisions: frozenset[Place]
    tombstones: Mapping[Place, str] = field(default_factory=dict)
    because: str = "Figures that it rests on are suppressed, because they are confidential."
    largest_small: int = LARGEST_SMALL[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosurePlan(Mask):
    """What the officer is shown before publishing, and what masking follows.

    `unchecked` are references of percentages, rates and averages that were entered without numerator and denominator;
    sums of money are of no person. `texts` are those that a person has to clear, `wordings` by their places what the
    public reads of them; what stands there otherwise is the text itself.
    """

    cells: tuple[PlannedCell, ...]
    texts: tuple[DoubtfulText, ...]
    exposed: tuple[PlannedCell, ...]
    unchecked: tuple[str, ...]
    is_rounded: bool = False

    @property
    def counts(self) -> Counter[str]:
        """How many cells are suppressed as small ones and for their sake; how many texts are in doubt, and withheld."""
        found = Counter("primary" if cell.why and cell.why.is_primary else "secondary" for cell in self.cells)
        found["texts"], found["withheld"] = len(self.texts), len(self.withheld)
        return found

    @property
    def withheld(self) -> frozenset[tuple[object, ...]]:
        """The places where the public reads that a text is withheld."""
        return frozenset(
            place for place, wording in self.wordings.items() if wording in (WITHHELD, WITHHELD_BESIDE_ROUNDED)
        )


def plan_disclosure(
    report: BoardReport,
    pages: Mapping[int, IndicatorPage],
    relations: Relations,
    published: Sequence[PublicDocument] = (),
    cleared: Mapping[str, str | None] | None = None,
    largest_small: int = LARGEST_SMALL[0],
    largest_elsewhere: frozenset[int] = frozenset(),
    sentences: Collection[str] = (),
    ever_published: Sequence[PublicDocument] = (),
    stored: Mapping[Place, Quantity] | None = None,
    numbers_from: int = 0,
) -> DisclosurePlan:
    """What of the report and its pages is suppressed for the public, where counts from 1 to `largest_small` are small.

    `pages` show all months kept (`Span.ALL`); `published` are the documents of every public scorecard, and
    `largest_elsewhere` what any of these took for the largest small count. `cleared` are the texts that a person
    cleared, by `DoubtfulText.key`, with their public version where they were reworded; all others in doubt are
    withheld, but for the `sentences` in the place of what was taken back. `ever_published` are the published ones and
    those that the public could read once; none where these are the same. `stored` are figures as they are now of lines
    that the report lacks and published ones have. `numbers_from` is the scorecard's.
    """
    document = Document(report, pages)
    sizes = largest_small, largest_elsewhere
    remembered = release_of(document, relations, ever_published, stored, None, *sizes)
    release = release_of(document, relations, published, stored, remembered.quantities, *sizes)
    plan = plan_cells(release, remembered if ever_published else None)
    before = frozenset((cell.key, cell.month) for cell in release.suppressed)
    references = _references(document, *(one.public for one in published))
    return _as_planned(document, relations, release, plan, references, before, cleared or {}, sentences, numbers_from)


def exposed_places(
    document: Document,
    relations: Relations,
    published: Sequence[PublicDocument],
    largest_small: int,
    largest_elsewhere: frozenset[int],
) -> frozenset[Place]:
    """What of a document can't be protected any more, beside all that is `published`."""
    release = release_of(document, relations, published, None, None, largest_small, largest_elsewhere)
    return frozenset((cell.key, cell.month) for cell in plan_cells(release).exposed)


def round_document(
    exact: Document,
    relations: Relations,
    published: Sequence[PublicDocument] = (),
    hiding: Sequence[Document] = (),
    largest_small: int = LARGEST_SMALL[0],
) -> RoundedPlan:
    """What the public reads of a document whose counts are rounded, by cells.

    `published` are documents that were rounded, with the exact ones behind them, `hiding` public ones that hid small
    counts: what these hid stays hidden, and what they showed counts as known.
    """
    release = release_of(exact, relations, published, rounds=True)
    hidden: set[Place] = set()
    shown: dict[Place, set[Quantity | None]] = {}
    for document in hiding:
        for place, figure in figures_of(document).items():
            if figure.blank is Blank.SUPPRESSED:
                hidden.add(place)
            else:
                shown.setdefault(place, set()).add(quantity_of(figure))
    exactly = {
        cell for cell, quantity in release.quantities.items() if quantity in shown.get((cell.key, cell.month), ())
    }
    stays_hidden = {cell for cell in release.shown if (cell.key, cell.month) in hidden} - exactly
    return plan_rounding(
        replace(release, largest_small=largest_small, suppressed=release.suppressed | stays_hidden),
        frozenset(exactly),
    )


def plan_rounded(
    document: Document,
    relations: Relations,
    found: RoundedPlan,
    cleared: Mapping[str, str | None] | None = None,
    largest_small: int = LARGEST_SMALL[0],
    sentences: Collection[str] = (),
    numbers_from: int = 0,
) -> DisclosurePlan:
    """The plan of a document that was worked out from rounded counts: its texts, and what is hidden on top."""
    release = Release(relations, {}, [], frozenset(), largest_small=largest_small)
    small = frozenset((cell.key, cell.month) for cell in found.small)
    plan = Plan(dict(found.hidden), {}, list(found.exposed))
    references, cleared = _references(document), cleared or {}
    made = _as_planned(document, relations, release, plan, references, small, cleared, sentences, numbers_from)
    return replace(
        made,
        is_rounded=True,
        because="Figures that it rests on are hidden beside rounded counts.",
        wordings={
            place: WITHHELD_BESIDE_ROUNDED if wording == WITHHELD else wording
            for place, wording in made.wordings.items()
        },
    )


def _references(*documents: Document) -> dict[int, str]:
    references: dict[int, str] = {}
    for known in documents:
        for row in known.report.rows:
            references.setdefault(row.indicator, row.measure.reference)
        for page in known.pages.values():
            references.setdefault(page.key, page.measure.reference)
    return references


def _as_planned(
    document: Document,
    relations: Relations,
    release: Release,
    plan: Plan,
    references: Mapping[int, str],
    before: frozenset[Place],
    cleared: Mapping[str, str | None],
    sentences: Collection[str],
    numbers_from: int,
) -> DisclosurePlan:
    """A plan of cells in words, with the texts that stand near what it hides, or near what was hidden `before`."""
    report, pages, largest_small = document.report, document.pages, release.largest_small
    together = _few_together(document, largest_small)
    hidden = frozenset((cell.key, cell.month) for cell in plan.hidden) | together
    texts = doubtful_texts(report, pages, hidden, _ties(report, relations), before, sentences, numbers_from)
    cells = []
    for cell, why in sorted(plan.hidden.items()):
        other = plan.protects.get(cell)
        protects = f"{references[other.key]}, {other.month:%B %Y}" if other else ""
        cells.append(PlannedCell((cell.key, cell.month), references[cell.key], why, protects, largest_small))
    cells += [
        PlannedCell(place, references[place[0]], Why.SMALL_TOGETHER, "", largest_small) for place in sorted(together)
    ]
    unchecked = [
        row.measure.reference
        for row in report.rows
        if row.measure.unit is not Unit.COUNT
        and row.measure.kind_of_unit is not UnitKind.MONEY
        and any(figure.value is not None and figure.denominator is None for figure in row.figures)
    ]
    return DisclosurePlan(
        cells=tuple(cells),
        texts=texts,
        exposed=tuple(PlannedCell((cell.key, cell.month), references[cell.key]) for cell in plan.exposed),
        unchecked=tuple(unchecked),
        hidden=hidden,
        wordings={text.place: _public_wording(text, cleared) for text in texts},
        unsafe_revisions=_tied(hidden | before, relations),
        largest_small=largest_small,
    )


def _few_together(document: Document, largest_small: int) -> frozenset[Place]:
    """The months without a figure of their own of which a note, or a year's total so far, tells that few cases came in
    several together.
    """
    units = {page.key: page.measure.unit for page in document.pages.values()}
    units |= {row.indicator: row.measure.unit for row in document.report.rows}
    by_notes = {
        place
        for place, figure in figures_of(document).items()
        if (had := had_together(figure)) is not None and tells_of_few(had, units[place[0]], largest_small)
    }
    by_totals = {
        (page.key, point.month)
        for page in document.pages.values()
        for point in page.points
        if point.figure.value is None
        and page.measure.unit is Unit.COUNT
        and is_small_number_in(point.total, largest_small)
    }
    return frozenset(by_notes | by_totals)


def _public_wording(text: DoubtfulText, cleared: Mapping[str, str | None]) -> str:
    return (cleared[text.key] or text.text.text) if text.key in cleared else WITHHELD


def _tied(hidden: frozenset[Place], relations: Relations) -> frozenset[Place]:
    """The months whose revisions could tell of a suppressed figure: its own, and those of what it is tied to."""
    keys = _ties(None, relations)
    return frozenset((other, month) for key, month in hidden for other in keys.get(key, {key}))


def _ties(report: BoardReport | None, relations: Relations) -> dict[int, set[int]]:
    """What each indicator hangs together with, itself included: by derivations and checks, and by the report's
    successions, where the one's words can be about the other.
    """
    groups = [{key, *derivation.sources} for key, derivation in relations.derivations.items()]
    groups += [{check.key, *(key for _, key in check.terms)} for check in relations.checks]
    groups += [{row.indicator, link.key} for row in report.rows for link in row.series_links] if report else []
    keys: dict[int, set[int]] = {}
    for group in groups:
        for key in group:
            keys.setdefault(key, {key}).update(group)
    return keys
