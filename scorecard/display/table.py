"""The report's sections as tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import django_tables2 as tables
from django.urls import reverse
from django.utils.safestring import SafeString

from indicators.calculations.formatting import counted
from indicators.calculations.months import month_text
from indicators.calculations.row import Row
from scorecard.report.board import BoardReport, line_anchor
from scorecard.report.filters import Wanted, looked_for, ordered_lines, searchable_text, text_of
from scorecard.report.finding import Search
from scorecard.report.what_to_look_at import LookItem, Reason

from .columns import BESIDE, Column, PageColumns, has_long_figures
from .markup import Markup, escape, lines_of
from .notes import all_notes

# Roles are repeated because on a phone the style sheet lays rows out as cards. Each line is a tbody of two rows: its
# cells, and the words on it.
LINE = Markup("""
    <tbody role="rowgroup" class="line" id="{}" {}>
      <tr role="row">
        <th scope="rowgroup" role="rowheader" rowspan="2" class="indicator">
          <span class="reference">{}</span>
          <span class="title"><a class="govuk-link" href="{}">{}</a></span>
          <span class="outcome">{}</span>
        </th>
        {}
      </tr>
      <tr role="row" class="words">
        <td role="cell" colspan="{}">
<div class="words-inner">
  {}
  {}
</div>
</td>
        {}
      </tr>
    </tbody>
  """)
# What the page's script filters by; the last is whether the line is hidden.
FILTERED_BY = Markup(
    'data-words="{}" data-owner="{}" data-section="{}" data-rating="{}" data-assessment="{}" data-signal="{}" '
    'data-look="{}"{}'
)
CELL = Markup('<td role="cell" class="{}" data-label="{}">')
# Comparators stand beside the words too, and the words end below the columns that are always there.
CELL_BESIDE = Markup('<td role="cell" rowspan="2" class="{}" data-label="{}">')
BEYOND = Markup('<td class="beyond" aria-hidden="true" colspan="{}"></td>')
COMMENTARY = Markup('<p><b>Commentary.</b> <span class="commentary">{}</span></p>')
NO_COMMENTARY = SafeString('<p class="muted">No commentary for this month.</p>')
EXPLANATION = Markup("""
    <details>
      <summary>{}<span class="govuk-visually-hidden"> for {}</span></summary>
      {}
      {}
    </details>
  """)
DEFINITION, LIST, ITEM = Markup('<p class="definition">{}</p>'), Markup("<ul>{}</ul>"), Markup("<li>{}</li>")
NOTHING = SafeString("")


class ReportColumn(tables.Column):  # type: ignore[misc]  # ships no types
    """A column of the report's list, for its heading; SectionTable draws the cells itself."""

    def __init__(self, column: Column) -> None:
        super().__init__(verbose_name=column.page, accessor="measure", orderable=False, empty_values=())
        self.column = column

    def render(self, record: Row) -> str:
        return self.column.draw(record)


class SectionTable(tables.Table):  # type: ignore[misc]  # ships no types
    """Lines under a heading, with the columns of the report's month. `anchor` is the heading's name in the page.

    `lines` are pairs of a section's anchor and a row. The library draws the headings; `body` draws the lines,
    because handing each cell to the library would take most of the page's time.
    """

    class Meta:
        template_name = "components/report_table.html"
        orderable = False

    def __init__(
        self,
        anchor: str,
        title: str,
        lines: Sequence[tuple[str, Row]],
        report: BoardReport,
        page_columns: PageColumns,
        looks: Mapping[int, Collection[Reason]],
        wanted: Wanted,
        search: Search | None = None,
    ) -> None:
        self.anchor, self.title, self.report = anchor, title, report
        self.page_columns, self.cell_columns = page_columns, page_columns.on_screen
        # Of the whole report, so that months stand below one another in all of its tables.
        self.has_long_figures = has_long_figures(report.rows)
        columns = [(column.key, ReportColumn(column)) for column in self.cell_columns]
        super().__init__([row for _, row in lines], extra_columns=columns, empty_text="No lines.")
        everything = not wanted
        self._places = [
            (section, row, reasons, everything or wanted.includes(row, section, reasons, search))
            for section, row in lines
            for reasons in (looks.get(row.indicator, ()),)
        ]

    @property
    def shown(self) -> int:
        """How many of its lines are among what is asked for."""
        return sum(is_shown for _, _, _, is_shown in self._places)

    @property
    def body(self) -> SafeString:
        """The lines as HTML."""
        return SafeString("".join(self._lines()))

    def _lines(self) -> Iterator[SafeString]:
        # A line's address ends in its own number instead of the 0.
        address = reverse("indicator", args=[self.report.slug, month_text(self.report.month), 0]).removesuffix("0/")
        columns = [
            ((CELL_BESIDE if column is BESIDE else CELL)(column.kind, column.page), column.cell or column.draw)
            for column in self.cell_columns
        ]
        on_demand = len(self.page_columns.shown) - self.page_columns.of_month
        beyond = BEYOND(on_demand) if on_demand else NOTHING
        for section, row, reasons, is_shown in self._places:
            measure = row.measure
            drawn: list[str] = []
            for start, draw in columns:
                html = draw(row)
                drawn += (start, html if type(html) is SafeString else escape(html), "</td>")
            filtered_by = FILTERED_BY(
                searchable_text(row),
                measure.owner,
                section,
                row.rating,
                row.change_month.assessment,
                row.signal.kind,
                " ".join(looked_for(row, reasons)),
                NOTHING if is_shown else " hidden",
            )
            yield LINE(
                line_anchor(section, row),
                filtered_by,
                measure.reference,
                f"{address}{row.indicator}/",
                measure.title,
                measure.outcome,
                SafeString("".join(drawn)),
                self.page_columns.of_month,
                COMMENTARY(lines_of(row.commentary)) if row.commentary else NO_COMMENTARY,
                _explanation(row),
                beyond,
            )


def _explanation(row: Row) -> SafeString:
    """What is counted, and every note on the line, to be unfolded; nothing where there is neither."""
    definition, notes = row.measure.definition, all_notes(row)
    if not definition and not notes:
        return NOTHING
    count = f", and {counted(len(notes), 'note')}" if notes else ""
    return EXPLANATION(
        f"What is counted{count}",
        row.measure.reference,
        DEFINITION(definition) if definition else NOTHING,
        LIST(SafeString("".join(map(ITEM, notes)))) if notes else NOTHING,
    )


def report_tables(
    report: BoardReport, columns: PageColumns, items: Sequence[LookItem], wanted: Wanted, *, looks_first: bool
) -> list[SectionTable]:
    """A table a section; or, with what to look at first, one for all."""
    looks = {line.row.indicator: line.reasons for item in items for line in item.lines}
    texts = [text_of(row) for row in report.rows] if wanted.words.strip() else []
    search = Search(wanted.words, report.short_forms, texts)
    if looks_first:
        lines = ordered_lines(report, items)
        return [SectionTable("in-order", "What to look at first", lines, report, columns, looks, wanted, search)]
    return [
        SectionTable(
            anchor, section.title, [(anchor, row) for row in section.rows], report, columns, looks, wanted, search
        )
        for section in report.sections
        for anchor in (section.anchor,)
    ]
