"""Which cell each figure of a document is for disclosure control, and what stood beside it that the document lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date

from indicators.calculations.disclosure import Cell, Quantity, Relations

from .texts import Place


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
