"""What disclosure control is given of a document and of those published before it: which cell each figure is, what
stood beside it that the document lacks, and how each of those before was released itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from indicators.calculations.disclosure import (
    LARGEST_SMALL,
    Bounds,
    Cell,
    Edition,
    Quantity,
    Relations,
    Release,
    Variable,
    bounds_of_rounded,
    tells_of_few,
)
from indicators.calculations.exact import Exact
from indicators.calculations.figures import Figure
from indicators.calculations.vocabulary import Blank
from scorecard.indicator_page import IndicatorPage
from scorecard.report import BoardReport

from .texts import Place


@dataclass(frozen=True, slots=True)
class Document:
    """A report with its indicators' pages by key, those without a line of their own among them."""

    report: BoardReport
    pages: Mapping[int, IndicatorPage]


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """A document that the public has; `full` is what stands behind it, None where that is the same or isn't kept.

    Counts from 1 to `hides_up_to` were small then; 0 stands for as many as now. `stored` are figures as they were then
    of lines that it lacks and others have, as far as that is known. `scorecard` is the number of its own;
    `rounds_counts` says that its counts are rounded.
    """

    public: Document
    full: Document | None = None
    hides_up_to: int = 0
    stored: Mapping[Place, Quantity] = field(default_factory=dict)
    scorecard: int = 0
    rounds_counts: bool = False

    def is_public_beside(self, later: PublicDocument) -> bool:
        """Whether the public could still read it when a later one of the same scorecard was published."""
        is_alike = (self.full is None, self.rounds_counts) == (later.full is None, later.rounds_counts)
        return is_alike and self.hides_up_to >= later.hides_up_to


def figures_of(document: Document) -> dict[Place, Figure]:
    """Every figure that the document shows."""
    found: dict[Place, Figure] = {}
    for page in document.pages.values():
        found.update(((page.key, point.month), point.figure) for point in page.points)
    for row in document.report.rows:
        found.update(((row.indicator, month), figure) for month, figure in row.earlier)
        found.update(((row.indicator, month), figure) for month, figure in zip(row.months, row.figures, strict=True))
    return found


def quantity_of(figure: Figure) -> Quantity | None:
    """A figure as disclosure control takes it; None for a blank."""
    return None if figure.value is None else Quantity(figure.value, figure.numerator, figure.denominator)


def release_of(
    document: Document,
    relations: Relations,
    published: Sequence[PublicDocument],
    stored: Mapping[Place, Quantity] | None = None,
    numbered: Mapping[Cell, Quantity] | None = None,
    largest_small: int = LARGEST_SMALL[0],
    largest_elsewhere: frozenset[int] = frozenset(),
    *,
    rounds: bool = False,
) -> Release:
    """Gives each different figure of a month a cell of its own, so that revised figures are told from those before.

    `stored` are figures of lines that the document lacks, as they are now; `numbered` the cells of another release
    beside more editions, which keep their versions. With `rounds` each published figure stands for the one behind it.
    """
    own = {place: one for place, figure in figures_of(document).items() if (one := quantity_of(figure)) is not None}
    maker = _Releases(relations, CellBook(relations, own, numbered or {}), largest_small, largest_elsewhere)
    current = _Edition(
        PublicDocument(document, stored=stored or {}), frozenset(figures_of(document)), maker.cells.of(own)
    )
    before = [maker.edition(one, own, rounds=rounds) for one in published]
    return maker.release(current, before, maker.earlier(before))


class CellBook:
    """The cells of a release: version 0 is what the document has, and each other figure of a month has its own.

    `numbered` are cells that keep their versions, whether this release has them or not.
    """

    def __init__(self, relations: Relations, own: Mapping[Place, Quantity], numbered: Mapping[Cell, Quantity]) -> None:
        self.relations = relations
        self.quantities = {Cell(*place): one for place, one in own.items() if place[0] in relations.natures}
        cells = {**numbered, **self.quantities}
        self.numbers = {(cell.key, cell.month, quantity): cell for cell, quantity in cells.items()}
        self.versions = Counter({(cell.key, cell.month): cell.version for cell in sorted(self.numbers.values())})

    def of(self, figures: Mapping[Place, Quantity]) -> dict[Place, Cell]:
        """The cells of an edition's figures."""
        found: dict[Place, Cell] = {}
        for (key, month), quantity in figures.items():
            if key not in self.relations.natures:
                continue
            if (key, month, quantity) not in self.numbers:
                self.versions[key, month] += 1
                self.numbers[key, month, quantity] = Cell(key, month, self.versions[key, month])
            cell = found[key, month] = self.numbers[key, month, quantity]
            self.quantities[cell] = quantity
        return found

    def beside(
        self,
        edition: Mapping[Place, Cell],
        lines: Collection[int],
        stored: Mapping[Place, Quantity],
        months: Collection[date],
    ) -> dict[Place, Cell]:
        """What was stored beside an edition of lines that it lacks, and sums of these: readers know of such figures."""
        if not lines:
            return {}
        found = {place: self.quantities[cell] for place, cell in edition.items()}
        found.update((place, one) for place, one in stored.items() if place[0] in lines and place[1] in months)

        def figure(key: int, month: date) -> Quantity | None:
            derivation = self.relations.derivations.get(key)
            if (key, month) not in found and derivation and not derivation.is_ratio:
                parts = [part for one in derivation.numerators if (part := figure(one, month))]
                if len(parts) == len(derivation.numerators):
                    factor = self.relations.natures[key].factor
                    found[key, month] = Quantity(factor * sum(part.value for part in parts))
            return found.get((key, month))

        made = {(key, month): figure(key, month) for key in sorted(lines) for month in sorted(months)}
        return self.of({place: quantity for place, quantity in made.items() if quantity})


class _Edition(NamedTuple):
    """A document's places, its cells by them, those that it hides, and what it tells as far as it rounds."""

    document: PublicDocument
    places: frozenset[Place]
    cells: Edition
    hidden: frozenset[Cell] = frozenset()
    bounds: Bounds = {}


class _Releases:
    """Releases of a document and of those before it, whose figures have the same cells."""

    def __init__(
        self, relations: Relations, cells: CellBook, largest_small: int, largest_elsewhere: frozenset[int]
    ) -> None:
        self.relations, self.cells = relations, cells
        self.largest_small, self.largest_elsewhere = largest_small, largest_elsewhere

    def edition(self, one: PublicDocument, own: Mapping[Place, Quantity], *, rounds: bool) -> _Edition:
        """A published document. What a hidden figure was, where that isn't known any more, counts as unchanged."""
        public, full = figures_of(one.public), figures_of(one.full) if one.full else {}
        read: dict[Place, Quantity] = {}
        for place, figure in public.items():
            is_hidden = figure.blank is Blank.SUPPRESSED
            # What is rounded stands for the figure behind it.
            behind = full.get(place, figure) if is_hidden or rounds or one.rounds_counts else figure
            if quantity := quantity_of(behind) or (own.get(place) if is_hidden else None):
                read[place] = quantity
        cells = self.cells.of(read)
        hidden = {place for place in cells if public[place].blank is Blank.SUPPRESSED}
        bounds: dict[Variable, tuple[Exact | None, Exact | None]] = {}
        if one.rounds_counts:
            for place, cell in cells.items():
                if (shown := quantity_of(public[place])) is not None:
                    bounds |= bounds_of_rounded(self.relations, cell, read[place], shown)
                elif read[place].denominator is None:
                    bounds[cell, "value"] = (0, None)
            # Rounding hides all that hangs together: of that, and of what it shows, only few are to be protected.
            hidden = {place for place in cells if self._tells_of_few(place[0], full.get(place, public[place]))}
        return _Edition(one, frozenset(public), cells, frozenset(cells[place] for place in hidden), bounds)

    def _tells_of_few(self, key: int, figure: Figure) -> bool:
        return tells_of_few(figure, self.relations.natures[key].unit, self.largest_small)

    def release(self, one: _Edition, before: Sequence[_Edition], earlier: Iterable[Release]) -> Release:
        """One document beside those before it."""
        places = one.places.union(*(other.places for other in before))
        lines, months = {key for key, _ in places}, {month for _, month in places}

        def beside(edition: _Edition) -> dict[Place, Cell]:
            lacks = lines - {key for key, _ in edition.places}
            return self.cells.beside(edition.cells, lacks, edition.document.stored, months)

        editions: list[Edition] = [one.cells]
        for other in before:
            # What it lacks of its months may also have been as it is now, whatever was stored.
            latest = max((month for _, month in other.places), default=date.min)
            same = {place: cell for place, cell in one.cells.items() if place[1] <= latest}
            editions += [{**same, **beside(other), **other.cells}, {**same, **other.cells}]
        if unseen := beside(one):
            editions.append({**unseen, **one.cells})
        shown, public, hidden = frozenset(one.cells.values()), set[Cell](), set[Cell]()
        above_0 = set(shown)
        bounds: dict[Variable, tuple[Exact | None, Exact | None]] = {}
        for other in before:
            hidden |= other.hidden
            bounds = {**other.bounds, **bounds}
            if not other.document.rounds_counts:
                public |= {*other.cells.values()} - other.hidden
                above_0 |= other.hidden
        for (cell, part), (low, high) in bounds.items():
            if low == 0 and part == "value" and cell in above_0:
                bounds[cell, part] = (1, high)
        return Release(
            self.relations,
            {cell: self.cells.quantities[cell] for edition in editions for cell in edition.values()},
            editions,
            shown,
            frozenset(public),
            frozenset(hidden),
            largest_small=one.document.hides_up_to or self.largest_small,
            largest_elsewhere=self.largest_elsewhere,
            bounds=bounds,
            earlier=tuple(earlier),
        )

    def earlier(self, before: Sequence[_Edition]) -> tuple[Release, ...]:
        """Those that hid counts, in their order, as they were released themselves: each beside those before it."""
        found: list[tuple[_Edition, Release]] = []
        latest: dict[int, PublicDocument] = {}
        for place, one in enumerate(before):
            latest[one.document.scorecard] = one.document
            if one.document.full is None or one.document.rounds_counts:
                # By no rules, or by others: it looked the same in any world.
                continue
            release = self.release(one, before[:place], (other for _, other in found))
            now = [each for each in before[:place] if each.document.is_public_beside(latest[each.document.scorecard])]
            if len(now) < place:
                kept = (other for edition, other in found if any(edition is each for each in now))
                release = replace(release, first=self.release(one, now, kept))
            found.append((one, release))
        return tuple(release for _, release in found)
