"""A frozen report is the report: all that was in it, and everything drawn from it."""

import json
from datetime import date

import pytest
from django.template.loader import render_to_string

from scorecard.demonstration import SLUG
from scorecard.files.formats import FORMATS
from scorecard.indicator_page import Span, read_pages
from scorecard.indicator_page.chart import datasets, extras
from scorecard.indicator_page.present import PageContext, to_csv
from scorecard.models import PublishedDocument, Scorecard
from scorecard.publication.codec import DocumentError
from scorecard.publication.document import FrozenReport, Pages, checksum_of, write_document
from scorecard.publication.format import FORMAT
from scorecard.report import assemble_report
from tests.demonstration import while_loaded

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]
MONTH = date(2021, 1, 1)


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """The report of the demonstration and its pages, and the document that was made when it was loaded."""

    def read():
        scorecard = Scorecard.objects.get(slug=SLUG)
        report = assemble_report(scorecard, MONTH)
        months = scorecard.editions.published().values_list("month", flat=True)
        pages = Pages.of(read_pages(scorecard, report, readable=list(months), with_names=True))
        return report, pages, PublishedDocument.objects.get(publication__edition__month=MONTH)

    return while_loaded(django_db_blocker, read)


@pytest.fixture(scope="module")
def thawed(demonstration):
    report, pages, _ = demonstration
    return FrozenReport(write_document(report, pages))


def test_report_is_the_same(demonstration, thawed):
    report, *_ = demonstration

    assert len([*report.rows]) == 64
    assert thawed.report == report


def test_every_page_is_the_same(demonstration, thawed):
    _, pages, _ = demonstration

    assert len(pages.usual) >= 64
    assert thawed.pages == pages


def test_document_is_written_the_same_every_time(demonstration, thawed):
    assert write_document(thawed.report, thawed.pages) == thawed.text


# A PDF takes seconds, and reads the same report as the others.
@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "pdf"])
def test_every_file_of_the_report_is_the_same(demonstration, thawed, kind):
    report, *_ = demonstration

    assert FORMATS[kind].make(thawed.report) == FORMATS[kind].make(report)


def test_everything_drawn_from_a_page_is_the_same(demonstration, thawed):
    _, pages, _ = demonstration

    for page in pages.usual:
        frozen, points = thawed.page(page.key), page.shown(Span.TWO_YEARS)
        assert frozen.shown(Span.TWO_YEARS) == points
        assert (datasets(frozen, points), extras(frozen, points)) == (datasets(page, points), extras(page, points))
        assert to_csv(frozen, points) == to_csv(page, points)
        assert html_of(frozen) == html_of(page)


def html_of(page):
    return render_to_string("scorecard/indicator.html", {"page": PageContext(page, SLUG, Span.TWO_YEARS, "25")})


def test_page_of_all_months_is_another_only_where_there_are_more(thawed):
    longer = {page.key for page in thawed.pages.long}

    for page in thawed.pages.usual:
        assert (thawed.page(page.key, Span.ALL) != page) == (page.key in longer)


def test_indicator_that_is_not_in_it_has_no_page(thawed):
    assert thawed.page(10**9) is None


def test_stored_document_has_its_checksum(demonstration):
    *_, stored = demonstration

    assert checksum_of(stored.body) == stored.checksum
    assert FrozenReport(stored.body).report.month == MONTH


def test_older_document_without_newer_fields_can_be_read(thawed):
    plain = json.loads(thawed.text)
    for newer in ("revised", "council_code", "region_code"):
        del plain["report"][newer]

    report = FrozenReport(json.dumps(plain)).report

    assert (report.revised, report.council_code, report.region_code) == ((), "", "")
    assert report.sections == thawed.report.sections


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 99}', '{"format": 1}', "null"])
def test_what_is_no_document_is_refused(text):
    with pytest.raises(DocumentError):
        FrozenReport(text)


@pytest.mark.parametrize("part", ["report", "pages"])
def test_part_that_is_missing_is_told(part):
    with pytest.raises(DocumentError, match=f"lacks its {part}"):
        getattr(FrozenReport(f'{{"format": {FORMAT}}}'), part)
