"""Every report that was published, by meeting, and any two of them compared."""

from __future__ import annotations

import logging
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from indicators.calculations.formatting import noun_of
from indicators.calculations.vocabulary import Movement
from indicators.moments import day_of
from scorecard.access import readable
from scorecard.display import cells
from scorecard.display.tiles import Tile
from scorecard.files.formats import FORMATS
from scorecard.publication.codec import DocumentError
from scorecard.publication.comparing import ComparedLine, Comparison, Turn, compare_reports
from scorecard.publication.forms import CompareForm, name_of
from scorecard.publication.reading import Published, audience_of, document_of, taken_down
from scorecard.rules import may

from .reports import find_scorecard

logger = logging.getLogger(__name__)
TILES = (Turn.RED, Turn.GREEN, Turn.CONCERN, Turn.IMPROVEMENT, Turn.WORSE, Turn.BETTER)
# Lines come and go seldom: they have a tile only when some did.
SELDOM = {Turn.ADDED: "added", Turn.GONE: "removed"}
LOOKS = {Turn.RED: "rating-red", Turn.GREEN: "rating-green", Turn.WORSE: "mark-worse", Turn.BETTER: "mark-better"}


@dataclass(frozen=True)
class LineShown:
    """A compared line as the page shows it; what a report without the line says is empty."""

    line: ComparedLine

    @cached_property
    def figures(self) -> list[SafeString | str]:
        rows = (self.line.before, self.line.after)
        found = [cells.month_cell(row, row.current) if row else cells.NOTHING for row in rows]
        before, after = rows
        if before is None or after is None or self.line.change.movement in (None, Movement.LEVEL):
            return found
        # Two figures that print alike, and of which one is said to be more.
        exact = cells.told_apart(after, before.current_figure.value, after.current_figure.value)
        return (
            [cells.TOGETHER(cell, cells.SMALL(text)) for cell, text in zip(found, exact, strict=True)]
            if exact
            else found
        )

    @cached_property
    def moved(self) -> SafeString | str:
        return cells.moved_cell(self.line.change, self.line.breaks, self.line.difference)

    @cached_property
    def signals(self) -> list[str]:
        return [row.signal.in_full if row else "" for row in (self.line.before, self.line.after)]

    @cached_property
    def ratings(self) -> list[str]:
        return [row.rating.label if row else "" for row in (self.line.before, self.line.after)]


@require_safe
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """The published reports by meeting, the latest first, with their revisions and files."""
    scorecard = find_scorecard(request, slug)
    if scorecard is None:
        return redirect_to_login(request.get_full_path())
    publications = readable(scorecard, request.user).publications
    revised = taken_down(scorecard, audience_of(scorecard, request.user))
    editions = [list(of_month) for _, of_month in groupby(publications, key=lambda one: one.month)]

    def discussed_on(of_month: list[Published]) -> tuple[date, date]:
        # Where no meeting is set, the month's last day, before which none can have it.
        month = of_month[0].month
        return of_month[0].meeting_date or month.replace(day=monthrange(month.year, month.month)[1]), month

    editions.sort(key=discussed_on, reverse=True)
    form = CompareForm(request.GET, publications)
    context = {
        "scorecard": scorecard,
        "editions": editions,
        "form": form,
        "formats": FORMATS.values(),
        "taken_down": revised,
        "takes_back": may(request.user, "withhold"),
    }
    return render(request, "scorecard/archive.html", context)


@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Two published reports side by side."""
    scorecard = find_scorecard(request, slug)
    if scorecard is None:
        return redirect_to_login(request.get_full_path())
    publications = readable(scorecard, request.user).publications
    form = CompareForm(request.GET, publications)
    has_reports = bool(form.publications)
    chosen = form.chosen() if has_reports else None
    context: dict[str, Any] = {"scorecard": scorecard, "form": form, "has_reports": has_reports}
    status = 422 if has_reports and chosen is None else 200
    if chosen is not None:
        try:
            earlier, later = (document_of(one) for one in chosen)
            compared = compare_reports(earlier.report, later.report, lambda: (earlier.pages, later.pages))
        except DocumentError:
            logger.exception("%s and %s can't be compared.", *chosen)
            context["unreadable"] = [one for one in dict.fromkeys(chosen) if not _is_readable(one)]
            status = 503
        else:
            wanted = [form.publications[form.cleaned_data[name]].checksum for name in form.fields]
            context |= {
                "names": [name_of(one) for one in chosen],
                "restricted": any(one.is_for_panel_only for one in chosen),
                "heads": _heads(*chosen),
                "is_same": chosen[0] == chosen[1],
                "compared": compared,
                "short_forms": {*earlier.report.short_forms, *later.report.short_forms},
                "tiles": _tiles(compared),
                "lines": [LineShown(line) for line in compared.changed],
                "noise": [LineShown(line) for line in compared.noise],
                "turned_round": [one.checksum for one in chosen] != wanted,
            }
    return render(request, "scorecard/compare.html", context, status=status)


def _is_readable(published: Published) -> bool:
    try:
        return bool(document_of(published).report)
    except DocumentError:
        return False


def _heads(earlier: Published, later: Published) -> tuple[str, str]:
    """What to head their columns with."""
    if earlier.month != later.month:
        return f"{earlier.month:%b %Y}", f"{later.month:%b %Y}"
    days = day_of(earlier.published_at), day_of(later.published_at)
    if days[0] != days[1]:
        return f"{days[0]:%-d %b %Y}", f"{days[1]:%-d %b %Y}"
    return f"Publication {earlier.number}", f"Publication {later.number}"


def _tiles(compared: Comparison) -> list[Tile]:
    counts = compared.counts
    tiles = [Tile(counts[turn], turn.label.lower(), LOOKS.get(turn, "")) for turn in TILES]
    revised = sum(one.figures for one in compared.revised)
    tiles.append(Tile(revised, f"{noun_of(revised, 'figure')} revised"))
    return [
        *tiles,
        *(Tile(counts[turn], f"{noun_of(counts[turn], 'line')} {did}") for turn, did in SELDOM.items() if counts[turn]),
    ]
