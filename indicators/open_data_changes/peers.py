"""Other authorities' figures as the open data have them, beside those that are stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from indicators.calculations.exact import rounded
from indicators.calculations.vocabulary import Blank
from indicators.models import Indicator, PeerFigure
from indicators.open_data import AuthorityFigure, Findings

from .comparators import STORED_DECIMALS
from .reasons import reason_of

PEER_FIELDS = ("name", "value", "blank", "is_own", "is_neighbour", "is_in_region")

Stored = dict[tuple[int, int], dict[str, PeerFigure]]


def changed_peers(findings: Sequence[Findings], indicators: Mapping[str, Indicator]) -> list[PeerFigure]:
    """The rows that are new or differ, with their new contents.

    An authority that its file doesn't have any more keeps its row, as not applicable: it isn't ranked then.
    """
    told = [found for found in findings if found.authorities]
    stored = _stored(told, indicators)
    changed = []
    for found in told:
        indicator = indicators[found.reference]
        rows = stored.get((indicator.pk, found.year), {})
        for row in (*_differing(found, indicator, rows), *_gone(found, rows)):
            row._change_reason = reason_of(found.file, found.year)  # type: ignore[attr-defined]
            changed.append(row)
    return changed


def _stored(findings: Sequence[Findings], indicators: Mapping[str, Indicator]) -> Stored:
    rows = PeerFigure.objects.filter(
        indicator__in=[indicators[found.reference] for found in findings], year__in={found.year for found in findings}
    )
    stored: Stored = {}
    for row in rows:
        stored.setdefault((row.indicator_id, row.year), {})[row.authority] = row
    return stored


def _differing(found: Findings, indicator: Indicator, rows: Mapping[str, PeerFigure]) -> Iterator[PeerFigure]:
    for figure in found.authorities:
        row = rows.get(figure.code) or PeerFigure(indicator=indicator, year=figure.year, authority=figure.code)
        if _fill_in(row, _contents(figure)) or row.pk is None:
            yield row


def _gone(found: Findings, rows: Mapping[str, PeerFigure]) -> Iterator[PeerFigure]:
    there = {figure.code for figure in found.authorities}
    nothing = {"value": None, "blank": Blank.NOT_APPLICABLE, "is_own": False}
    for code in sorted(rows.keys() - there):
        if _fill_in(rows[code], nothing):
            yield rows[code]


def _contents(figure: AuthorityFigure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "value": None if figure.value is None else rounded(figure.value, STORED_DECIMALS),
        "blank": figure.blank or "",
        "is_own": figure.is_own,
        "is_neighbour": figure.is_neighbour,
        "is_in_region": figure.is_in_region,
    }


def _fill_in(row: PeerFigure, new: Mapping[str, Any]) -> bool:
    """Put the new contents into the row; whether any of them differ from the old ones."""
    differs = any(getattr(row, field) != content for field, content in new.items())
    for field, content in new.items():
        setattr(row, field, content)
    return differs
