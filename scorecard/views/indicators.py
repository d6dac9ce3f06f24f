"""An indicator's page, the data of its chart, and its figures as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from chartjs.views.lines import BaseLineChartView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.calculations.months import add_months
from indicators.calculations.row import MONTHS_SHOWN
from indicators.models import User
from scorecard.files.csv_and_json import for_excel
from scorecard.focus.page import ask_links
from scorecard.indicator_page import IndicatorPage, Point, Span, assemble_page
from scorecard.indicator_page.chart import Mark, datasets, extras
from scorecard.indicator_page.facts import DEFAULT_SPAN
from scorecard.indicator_page.present import PageContext, to_csv
from scorecard.publication.codec import DocumentError
from scorecard.publication.publish import without_names
from scorecard.publication.reading import Published, document_of, documents_of
from scorecard.publication.serving import as_published
from scorecard.report.page import ReportRequest

from .reports import find_preview, find_report, officer_links, unreadable, within_preview


@require_safe
def indicator(request: HttpRequest, slug: str, month_text: str, key: int, *, is_preview: bool = False) -> HttpResponse:
    """Everything about one indicator up to a month."""
    found = _find(request, slug, month_text, key, is_preview=is_preview)
    if isinstance(found, HttpResponse):
        return found
    page, asked = found
    months, report = request.GET.get("months", DEFAULT_SPAN.value), asked.report
    before = _reports_before(page, asked)
    context = {
        "page": PageContext(page, slug, _span(request), months, report, _pages_before(page, before)),
        "ask": None if is_preview else ask_links(request.user, slug, page.month, key),
        "officer_links": [] if is_preview else officer_links(request.user, asked.published, key),
        "restricted": asked.published and asked.published.is_for_panel_only,
        "short_forms": report.short_forms,
        "asked": asked,
    }
    response = render(request, "scorecard/indicator.html", context)
    return within_preview(response, asked) if is_preview else as_published(response, asked.published, request)


def _reports_before(page: IndicatorPage, asked: ReportRequest) -> list[Published]:
    """What was published of the months before that the report prints, as far as its reader may read it."""
    months = [add_months(page.month, -back) for back in range(MONTHS_SHOWN - 1, 0, -1)]
    return [one for month in months if (one := asked.readable.find(month)) is not None]


def _pages_before(page: IndicatorPage, published: Sequence[Published]) -> dict[date, IndicatorPage]:
    """The indicator's page as these reports have it, by month."""
    read = {}
    for month, document in documents_of(published).items():
        try:
            found = document.page(page.key, DEFAULT_SPAN)
        except DocumentError:
            continue
        if found is not None:
            read[month] = found.as_judged
    return read


@require_safe
def figures(request: HttpRequest, slug: str, month_text: str, key: int, *, is_preview: bool = False) -> HttpResponse:
    """The figures of the page as CSV."""
    found = _find(request, slug, month_text, key, is_preview=is_preview)
    if isinstance(found, HttpResponse):
        return found
    page, asked = found
    content = for_excel(to_csv(page, page.shown(_span(request))))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{asked.file_name}-indicator-{key}.csv"'
    response.is_for_panel_only = bool(asked.published and asked.published.is_for_panel_only)  # type: ignore[attr-defined]
    return as_published(response, asked.published, request)


class ChartData(BaseLineChartView):
    """The chart's lines as JSON, for Chart.js. The views of django-chartjs know the format, this one what is in it."""

    http_method_names = ["get", "head", "options"]
    page: IndicatorPage
    points: Sequence[Point]
    marks: Sequence[Mark]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        place = kwargs["slug"], kwargs["month_text"], kwargs["key"]
        found = _find(request, *place, is_preview=kwargs.get("is_preview", False))
        if isinstance(found, HttpResponse):
            return found
        self.page, asked = found
        shown = PageContext(self.page, place[0], _span(request), "", asked.report)
        self.points, self.marks = shown.points, shown.marks
        self.lines = datasets(self.page, self.points)
        return as_published(super().dispatch(request, *args, **kwargs), asked.published, request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data()
        context.pop("view")  # the view itself, which is no JSON
        return {**context, **extras(self.page, self.points, self.marks)}

    def get_labels(self) -> list[str]:
        return [self.page.name_of(point, short=True) for point in self.points]

    def get_providers(self) -> list[str]:
        return [line.label for line in self.lines]

    def get_data(self) -> list[list[float | None]]:
        return [line.data for line in self.lines]

    def get_dataset_options(self, index: int, color: tuple[int, ...]) -> dict[str, Any]:
        return self.lines[index].options


def _span(request: HttpRequest) -> Span:
    return Span.of(request.GET.get("months", "")) or DEFAULT_SPAN


def _find(
    request: HttpRequest, slug: str, month_text: str, key: int, *, is_preview: bool
) -> tuple[IndicatorPage, ReportRequest] | HttpResponse:
    """The page as it was frozen with the report, or as the data stand now; or the answer that says why there is none.

    In a preview it is what the public would read. Raises Http404 for an unknown scorecard.
    """
    asked = find_preview(request, slug, month_text) if is_preview else find_report(request, slug, month_text)
    if isinstance(asked, HttpResponse):
        return asked
    scorecard, month, span = asked.scorecard, asked.month, _span(request)
    with_formers = request.GET.get("with") == "before"
    # Who revised what is for signed-in people.
    with_names = isinstance(request.user, User)
    try:
        document = asked.draft or (document_of(asked.published) if asked.published else None)
        if document is None:
            months = asked.readable.months
            page = assemble_page(
                scorecard,
                month,
                key,
                readable=months,
                with_names=with_names,
                span=span,
                with_formers=with_formers,
            )
        else:
            page = document.page(key, span)
            if page is not None and with_formers:
                page = page.with_formers(document.page(link.key, span) for link in page.formers)
            if page is not None and not with_names:
                page = without_names(page)
    except DocumentError as error:
        return unreadable(request, asked, error)
    if page is None:
        context = {"scorecard": scorecard, "month": month}
        return render(request, "scorecard/indicator_not_found.html", context, status=404)
    return page.as_judged, asked
