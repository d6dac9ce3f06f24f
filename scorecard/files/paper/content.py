"""What the PDF says, as plain data for its templates: lines with their cells, links between parts, areas of focus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from indicators.calculations.row import Row
from scorecard.council.look import OWN_LOOK, Look
from scorecard.display.columns import Column, has_long_figures, page_columns
from scorecard.display.drawings import KEY_ICONS, look_icon
from scorecard.display.notes import all_notes
from scorecard.display.tiles import change_tiles, change_title, rating_tiles
from scorecard.report.board import BoardReport, Focus, ReportSection, line_anchor
from scorecard.report.what_to_look_at import Tally, notices, what_to_look_at


class BoardCell(NamedTuple):
    """A cell of the board; `kind` is its column's CSS class."""

    kind: str
    drawn: SafeString | str


class PaperLine(NamedTuple):
    """A line of the board. `anchor` is the name in the document by which links find it."""

    anchor: str
    row: Row
    cells: tuple[BoardCell, ...]
    notes: tuple[str, ...]

    @property
    def explained_at(self) -> str:
        """The anchor of what is counted in it."""
        return f"about-{self.anchor}"

    @property
    def title(self) -> str:
        return f"{self.row.measure.reference} {self.row.measure.title}"


class PaperSection(NamedTuple):
    """Lines under a heading."""

    anchor: str
    title: str
    lines: tuple[PaperLine, ...]

    @property
    def has_long_figures(self) -> bool:
        """Whether the columns of its months have to be wider than usual."""
        return has_long_figures(line.row for line in self.lines)


class FocusLink(NamedTuple):
    """A reference that an area of focus names; `anchor` is empty when the report has no such line."""

    text: str
    anchor: str


class PaperFocus(NamedTuple):
    """An area of focus with links to its lines."""

    focus: Focus
    links: tuple[FocusLink, ...]


# A page has room for the columns of as many comparator groups without making others narrower.
USUAL_GROUPS = 3


def content_of(report: BoardReport, look: Look = OWN_LOOK) -> dict[str, Any]:
    """Everything that the templates show, in the council's look."""
    # People are named in the row of words, where there is room for their titles.
    page = page_columns(report)
    columns = [column for column in page.shown if column.kind != "col-person"]
    sections = [_section(section, columns) for section in report.sections if section.rows]
    items = what_to_look_at(report)
    return {
        "report": report,
        "logo": look.logo,
        "columns": [(column.kind, column.page) for column in columns],
        "is_crowded": len(report.groups) > USUAL_GROUPS,
        "sections": sections,
        "look": [(item, look_icon(item), item.explanation(look.said)) for item in items],
        "tally": Tally.of(report, items),
        "tallies": [
            (change_title(report), change_tiles(report)),
            ("Against target", rating_tiles(report)),
        ],
        "notices": [*notices(report), *filter(None, [page.left_out_text])],
        "areas_of_focus": _areas_of_focus(report.areas_of_focus, _anchors(sections)),
        "key_icons": KEY_ICONS,
    }


def targets_of(content: Mapping[str, Any]) -> dict[str, str]:
    """What each place that links lead to is about, in words."""
    named = {}
    for line in _lines(content["sections"]):
        named[line.anchor] = f"To the figures of {line.title}"
        named[line.explained_at] = f"To what is counted in {line.title}"
    return named


def _section(section: ReportSection, columns: Iterable[Column]) -> PaperSection:
    lines = tuple(
        PaperLine(
            line_anchor(section.anchor, row),
            row,
            tuple(BoardCell(column.kind, column.draw(row)) for column in columns),
            tuple(all_notes(row)),
        )
        for row in section.rows
    )
    return PaperSection(section.anchor, section.title, lines)


def _lines(sections: Iterable[PaperSection]) -> Iterable[PaperLine]:
    return (line for section in sections for line in section.lines)


def _anchors(sections: Iterable[PaperSection]) -> dict[str, str]:
    """Where each reference stands; the first place of several."""
    found: dict[str, str] = {}
    for line in _lines(sections):
        found.setdefault(line.row.measure.reference, line.anchor)
    return found


def _areas_of_focus(areas: Iterable[Focus], anchors: Mapping[str, str]) -> list[PaperFocus]:
    return [
        PaperFocus(focus, tuple(FocusLink(reference, anchors.get(reference, "")) for reference in focus.references))
        for focus in areas
    ]
