"""The main part of the report page: what it shows around its tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from django.core.cache import cache
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from indicators.calculations.months import month_text
from scorecard.access import Readable
from scorecard.council.look import look
from scorecard.display.columns import page_columns
from scorecard.display.drawings import KEY_ICONS, look_icon
from scorecard.display.table import report_tables
from scorecard.display.tiles import change_tiles, change_title, rating_tiles
from scorecard.files.formats import FORMATS
from scorecard.models import Scorecard
from scorecard.publication.document import FrozenReport
from scorecard.publication.reading import Published, document_of

from . import BoardReport, assemble_report
from .filters import ALL_COLUMNS, FilterForm, MonthForm
from .what_to_look_at import Tally, notices, what_to_look_at

MOST_SHOWN = 12
KEPT_FOR_SECONDS = 60 * 60
KEPT_QUERIES = ("", f"columns={ALL_COLUMNS}")


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """A report that somebody asks for and may read. `published` is None for a month read as the data stand now.

    `draft` is what the public would read of it, where that is asked for.
    """

    scorecard: Scorecard
    month: date
    readable: Readable
    published: Published | None
    draft: FrozenReport | None = None

    @property
    def report(self) -> BoardReport:
        """As it was frozen, or as it would be now."""
        if self.draft is not None:
            return self.draft.report
        return document_of(self.published).report if self.published else assemble_report(self.scorecard, self.month)

    @property
    def hides_up_to(self) -> int:
        """Counts from 1 to this one are hidden in it; 0 where none are."""
        if self.published is not None:
            return self.published.hides_up_to
        is_public_draft = self.draft is not None and self.scorecard.suppresses_small_counts
        return self.scorecard.largest_small_count if is_public_draft else 0

    @property
    def heading(self) -> BoardReport | Scorecard:
        """What has the title and the council's name: the report as it was frozen, or the scorecard."""
        return document_of(self.published).report if self.published else self.scorecard

    @property
    def file_name(self) -> str:
        """What a file of it is called, without its ending."""
        parts = [self.scorecard.slug, month_text(self.month)]
        if self.draft is not None:
            parts.append("public")
        if self.published is None:
            parts.append("draft")
        elif self.published.revision:
            parts.append(f"revision-{self.published.revision}")
        if self.published and self.published.is_for_panel_only:
            parts.append("panel")
        return "-".join(parts)

    @property
    def files(self) -> str:
        """The address of its downloads, up to the format."""
        place = [self.scorecard.slug, month_text(self.month)]
        if self.published and self.published.is_outdated:
            return reverse("publication_file", args=[*place, self.published.number, "x"]).removesuffix("x")
        return reverse("download", args=[*place, "x"]).removesuffix("x")

    @property
    def publications(self) -> list[Published]:
        """Every publication of the month, the latest first."""
        return [one for one in self.readable.publications if one.month == self.month]

    @property
    def version(self) -> str | None:
        """Differs whenever the published page would: by what was frozen, and by what else there is to read.

        None for a month that isn't published: its page follows the data.
        """
        if self.published is None:
            return None
        there_is = [
            *self.readable.months,
            *((one.month, one.number, one.withheld) for one in self.readable.publications),
        ]
        return sha256(f"{self.published.checksum}{there_is}".encode()).hexdigest()


def report_main(asked: ReportRequest, query: QueryDict) -> SafeString:
    """The main part of the report's page as HTML.

    A published report's never changes, so what was drawn for its plain address, with a month's columns or all, is kept
    in this process. A month in progress is drawn each time, and so is what a filter asks for.
    """
    wanted = query.urlencode()
    if wanted not in KEPT_QUERIES or asked.version is None:
        return _draw(asked, query)
    key = f"report:{asked.scorecard.slug}:{month_text(asked.month)}:{asked.version}:{look().version}:{wanted}"
    drawn: SafeString | None = cache.get(key)
    if drawn is None:
        drawn = _draw(asked, query)
        cache.set(key, drawn, KEPT_FOR_SECONDS)
    return drawn


def _draw(asked: ReportRequest, query: QueryDict) -> SafeString:
    # Links go to where the scorecard is now, should its address be another than when it was frozen.
    report = replace(asked.report, hides_up_to=asked.hides_up_to, slug=asked.scorecard.slug)
    form, months = FilterForm(query, report), asked.readable.months
    wanted = form.wanted()
    place = months.index(report.month)
    items = what_to_look_at(report)
    columns = page_columns(report)._replace(are_all_on_screen=form.shows_all_columns())
    tables = report_tables(report, columns, items, wanted, looks_first=form.looks_first())
    context = {
        "published": asked.published,
        "publications": asked.publications,
        "month_text": month_text(asked.month),
        "files": asked.files,
        "report": report,
        # What isn't published has files for officers, with all its figures: none of the preview.
        "formats": [] if asked.draft else FORMATS.values(),
        "form": form,
        "month_form": MonthForm(months, report.month),
        "tables": tables,
        "shown": sum(table.shown for table in tables),
        "total": sum(1 for _ in report.rows),
        "is_filtered": bool(wanted),
        "all_columns": columns.are_all_on_screen,
        "other_columns": form.other_columns(),
        "look": [(item, look_icon(item)) for item in items[:MOST_SHOWN]],
        "more": max(len(items) - MOST_SHOWN, 0),
        "tally": Tally.of(report, items),
        "key_icons": KEY_ICONS,
        "change_title": change_title(report),
        "change_tiles": change_tiles(report),
        "rating_tiles": rating_tiles(report),
        "notices": [*notices(report), *filter(None, [columns.left_out_text])],
        "earlier_month": months[place + 1] if place + 1 < len(months) else None,
        "later_month": months[place - 1] if place else None,
    }
    return render_to_string("scorecard/report_main.html", context)
