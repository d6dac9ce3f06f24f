"""A document that this version can't read: pages say so plainly and offer the files, and nothing answers 500."""

import pytest
from django.core.management import CommandError, call_command

from indicators.models import Indicator
from scorecard.files.formats import FORMATS
from scorecard.models import Audience, PublishedDocument, PublishedFile
from scorecard.publication import reading
from scorecard.publication.files import file_of
from scorecard.publication.reading import publications_for
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_edition,
    make_indicator,
    make_officer,
    make_scorecard,
    make_value,
    publish,
)
from tests.scorecard.publication.test_verify_editions import tamper
from tests.scorecard.returns.returning import page_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SCORECARD = "/scorecards/panel/"
SAID = "The report for January 2021 can’t be shown as a page just now"


@pytest.fixture(autouse=True)
def january():
    """January's report, whose document is of a later version, with CSV and workbook made; December's is as usual."""
    indicator = make_indicator("A1")
    make_value(indicator, DECEMBER, 10)
    make_value(indicator, JANUARY, 12)
    scorecard = make_scorecard(indicator, is_public=True)
    publish(scorecard, DECEMBER, JANUARY)
    published = publications_for(scorecard, Audience.PANEL)[0]
    for suffix in ("csv", "xlsx"):
        file_of(published, FORMATS[suffix])
    tamper(PublishedDocument.objects.filter(pk=published.document), body='{"format": 99}')
    reading._kept.clear()
    return scorecard


def links_in(response):
    return [
        link.partition('"')[0]
        for link in page_of(response).split('href="')[1:]
        if link.startswith(f"{SCORECARD}2021-01/report.")
    ]


@pytest.mark.parametrize(
    "address",
    [
        "2021-01/",
        "2021-01/?order=look",
        "2021-01/publications/1/",
        "2021-01/indicators/{key}/",
        "2021-01/indicators/{key}/?months=all",
        "2021-01/indicators/{key}/chart.json",
        "2021-01/indicators/{key}/figures.csv",
        "2021-01/report.json",
        "2021-01/report.pdf",
    ],
)
def test_reader_is_told_and_offered_the_files_there_are(client, address):
    answer = client.get(SCORECARD + address.format(key=Indicator.objects.get().pk))

    assert answer.status_code == 503
    assert SAID in words_of(page_of(answer))
    assert links_in(answer) == [f"{SCORECARD}2021-01/report.xlsx", f"{SCORECARD}2021-01/report.csv"]
    assert not answer.has_header("ETag")


def test_files_are_handed_out_without_reading_the_document(client):
    for suffix in ("csv", "xlsx"):
        answer = client.get(f"{SCORECARD}2021-01/report.{suffix}")
        assert answer.status_code == 200
        assert answer.content == bytes(PublishedFile.objects.get(suffix=suffix).content)


def test_reader_is_told_where_there_is_no_file(client):
    PublishedFile.objects.all().delete()
    answer = client.get(f"{SCORECARD}2021-01/")
    assert (answer.status_code, links_in(answer)) == (503, [])
    assert "No file of it was made yet" in page_of(answer)


def test_comparison_names_the_report_that_can_not_be_opened(client):
    answer = client.get(f"{SCORECARD}compare/?earlier=2020-12&later=2021-01")
    assert answer.status_code == 503
    said = words_of(page_of(answer))
    assert "The report for January 2021 can’t be opened just now" in said
    assert "The report for December 2020 can’t" not in said
    assert f'href="{SCORECARD}2021-01/publications/1/"' in page_of(answer)


def test_archive_and_other_reports_are_as_usual(client):
    for address in ("archive/", "2020-12/", "2020-12/report.json"):
        assert client.get(SCORECARD + address).status_code == 200


def test_officer_is_told_why_nothing_can_be_published(client, january):
    make_edition(january, JANUARY.replace(month=2), state="in_review")
    client.force_login(make_officer())
    for address in ("2021-01/revise/", "2021-02/publish/"):
        answer = client.get(f"/collection/panel/{address}")
        assert answer.status_code == 503
        assert "can’t be published just now" in words_of(page_of(answer))


def test_month_in_progress_is_read_as_usual(client, january):
    make_value(Indicator.objects.get(), JANUARY.replace(month=2), 13)
    make_edition(january, JANUARY.replace(month=2))
    client.force_login(make_officer())
    assert client.get(f"{SCORECARD}2021-02/").status_code == 200


def test_command_exports_what_was_made_and_explains_the_rest(tmp_path):
    call_command("export_report", "panel", "2021-01", format="csv", output=str(tmp_path / "report.csv"))
    assert (tmp_path / "report.csv").read_bytes() == bytes(PublishedFile.objects.get(suffix="csv").content)
    with pytest.raises(CommandError, match="no format that this version reads"):
        call_command("export_report", "panel", "2021-01", format="json")
