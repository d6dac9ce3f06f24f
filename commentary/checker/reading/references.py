"""Reading what a figure is set beside: statistical neighbours, England, the region, the average, the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..words.references import REFERENCES, Beside
from .tokens import Mention, Token, phrases, word_at


@dataclass(frozen=True, slots=True)
class Reference(Mention):
    """Something that the row can be compared with."""

    beside: Beside


def read_references(tokens: Sequence[Token], region: str) -> list[Reference]:
    """What a sentence compares with. An average of other councils means those councils: "the SN average"."""
    table = dict(REFERENCES)
    if region:
        table[region.lower()] = Beside.REGION
        table[f"{region.lower()} region"] = Beside.REGION
    found = [Reference(mention.first, mention.last, beside) for mention, beside in phrases(tokens, table)]
    return [one for one in found if not (one.beside is Beside.AVERAGE and _is_of_others(tokens, one, found))]


def _is_of_others(tokens: Sequence[Token], average: Reference, found: Sequence[Reference]) -> bool:
    """Whether the average is that of another reference right before or behind it."""
    others = {place for one in found if one is not average for place in range(one.first, one.last + 1)}
    if average.first - 1 in others:
        return True
    if word_at(tokens, average.last + 1) not in {"of", "for", "in", "across", "among"}:
        return False
    return not others.isdisjoint({average.last + 2, average.last + 3, average.last + 4})
