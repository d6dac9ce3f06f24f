"""The archive and the comparison of reports through Django's client."""

import re
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.utils import timezone

from indicators.models import MonthlyValue
from scorecard.files.formats import FORMATS
from scorecard.models import Edition, Line, PublicationKind, Scorecard
from scorecard.publication.publish import draft_edition, freeze
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_edition,
    make_indicator,
    make_officer,
    make_person,
    make_scorecard,
    make_value,
    make_values,
    publish,
)
from tests.scorecard.returns.returning import page_of, queries_for, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ARCHIVE = "/scorecards/panel/archive/"
COMPARE = "/scorecards/panel/compare/"
SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture
def panel(db):
    """A public scorecard whose December and January are published."""
    indicator = make_indicator("A1", polarity="low")
    make_values(indicator, {DECEMBER: 10, JANUARY: 20})
    scorecard = make_scorecard(indicator, is_public=True)
    publish(scorecard, DECEMBER, JANUARY)
    return scorecard


def revise(month, reason="Counted twice.", now=None):
    value = MonthlyValue.objects.get(month=month)
    value.figure += 1
    value.save()
    draft = draft_edition(Edition.objects.get(month=month))
    freeze(draft, kind=PublicationKind.CORRECTION, reason=reason, by=None, now=now or timezone.now())


def told(response):
    return words_of(page_of(response))


def test_archive_lists_reports_by_meeting(client, panel):
    edition = Edition.objects.get(month=JANUARY)
    edition.meeting_date = "2021-02-11"
    edition.save()
    page = told(client.get(ARCHIVE))
    assert page.index("11 February 2021 January 2021") < page.index("No date December 2020")


def test_report_without_a_meeting_stands_by_the_end_of_its_month(client, panel):
    edition = Edition.objects.get(month=DECEMBER)
    edition.meeting_date = "2021-01-14"
    edition.save()
    page = told(client.get(ARCHIVE))
    assert page.index("No date January 2021") < page.index("14 January 2021 December 2020")


def test_archive_links_to_every_file_of_a_report(client, panel):
    html = page_of(client.get(ARCHIVE))
    for suffix in FORMATS:
        assert f'href="/scorecards/panel/2020-12/report.{suffix}"' in html


def test_archive_has_every_revision_with_its_reason(client, panel):
    revise(DECEMBER)
    html = page_of(client.get(ARCHIVE))
    assert "correction of an error: Counted twice." in words_of(html)
    assert 'href="/scorecards/panel/2020-12/publications/1/"' in html
    assert f'href="{COMPARE}?earlier=2020-12.1&amp;later=2020-12"' in html


def test_archive_reads_no_document(client, panel, django_assert_max_num_queries):
    with django_assert_max_num_queries(4) as queries:
        client.get(ARCHIVE)
    assert not any('"body"' in query["sql"] for query in queries)


def test_archive_asks_the_same_number_of_queries_for_more_reports(client):
    def prepare(count):
        scorecard = make_scorecard(slug=f"of-{count}", is_public=True)
        publish(scorecard, *(JANUARY.replace(month=month) for month in range(1, count + 1)))
        return f"/scorecards/of-{count}/archive/"

    assert queries_for(1, prepare, client.get) == queries_for(12, prepare, client.get)


def test_comparison_asks_the_same_number_of_queries_for_more_lines(client):
    def prepare(count):
        indicators = [make_indicator(f"Q{count}{place}") for place in range(count)]
        publish(make_scorecard(*indicators, slug=f"of-{count}", is_public=True), DECEMBER, JANUARY)
        return f"/scorecards/of-{count}/compare/"

    assert queries_for(2, prepare, client.get) == queries_for(40, prepare, client.get)


def test_lines_that_came_and_went_are_counted(client, panel):
    assert "removed" not in told(client.get(COMPARE))
    line = Line.objects.get()
    Line.objects.create(section=line.section, indicator=make_indicator("B1"))
    line.delete()
    publish(panel, JANUARY.replace(month=2))
    assert "1 line added 1 line removed" in told(client.get(COMPARE))


def test_unpublished_month_is_in_neither(client, panel):
    make_edition(panel, JANUARY.replace(month=2))
    make_value(MonthlyValue.objects.first().indicator, JANUARY.replace(month=2), 5)
    client.force_login(make_officer())
    assert "February 2021" not in told(client.get(ARCHIVE))
    assert client.get(COMPARE, {"later": "2021-02"}).status_code == 422


def test_comparison_shows_the_two_latest_reports(client, panel):
    page = told(client.get(COMPARE))
    assert "From December 2020 to January 2021." in page
    assert "Worse A1 Title of A1 10 20 ↑ 100% ✖ Up: worse" in page


def test_revision_is_compared_with_what_it_revised(client, panel):
    revise(DECEMBER)
    page = told(client.get(COMPARE, {"earlier": "2020-12.1", "later": "2020-12"}))
    assert "December 2020 10 11 Corrected" in page


def test_later_report_chosen_first_is_put_in_order(client, panel):
    page = told(client.get(COMPARE, {"earlier": "2021-01", "later": "2020-12"}))
    assert "You chose the later report first." in page
    assert "From December 2020 to January 2021." in page


def test_same_report_twice_is_told(client, panel):
    page = told(client.get(COMPARE, {"earlier": "2021-01", "later": "2021-01"}))
    assert "This is the same report twice." in page
    assert "No line has changed." in page


@pytest.mark.sqlite
@pytest.mark.parametrize("typed", ["x", "2021-13", "2019-01", "2020-12.2", "2020-12.x", "9" * 300, SCRIPT, "a\x00b"])
@pytest.mark.parametrize("name", ["earlier", "later"])
def test_bad_choice_is_explained_beside_its_field(client, panel, name, typed):
    response = client.get(COMPARE, {name: typed})
    assert response.status_code == 422
    html = page_of(response)
    assert re.search(rf'id="compare_{name}_error"', html)
    assert "<script>alert" not in html


def test_scorecard_without_reports_says_so(client, panel):
    make_scorecard(slug="new", is_public=True)
    for address in ("/scorecards/new/archive/", "/scorecards/new/compare/"):
        response = client.get(address)
        assert response.status_code == 200
        assert "No report has been published yet." in told(response)


def test_only_report_is_compared_with_itself(client):
    publish(make_scorecard(slug="panel", is_public=True))
    assert "This is the same report twice." in told(client.get(COMPARE))


@pytest.mark.parametrize("address", [ARCHIVE, COMPARE])
def test_visitors_of_a_closed_scorecard_sign_in_first(client, panel, address):
    Scorecard.objects.update(is_public=False)
    assert client.get(address).url == f"/sign-in/?next={address}"


@pytest.mark.parametrize("address", ["/scorecards/nope/archive/", "/scorecards/nope/compare/"])
def test_unknown_scorecard_is_not_found(client, address):
    # Like a private one: visitors sign in first.
    assert client.get(address).url == f"/sign-in/?next={address}"
    client.force_login(make_person())
    assert client.get(address).status_code == 404


# On which day something was published


@pytest.mark.parametrize("zone", ["Europe/London", "UTC"])
def test_revision_after_midnight_in_summer_stands_under_one_day_everywhere(client, zone):
    indicator = make_indicator("A1")
    make_values(indicator, {DECEMBER: 10, JANUARY: 20})
    scorecard = make_scorecard(indicator, is_public=True)
    for month in (DECEMBER, JANUARY):
        edition = make_edition(scorecard, month, state="published")
        before_midnight = datetime(2021, 7, 1, 22, 30, tzinfo=UTC)
        freeze(draft_edition(edition), kind=PublicationKind.ORIGINAL, reason="", by=None, now=before_midnight)
    revise(JANUARY, now=datetime(2021, 7, 1, 23, 30, tzinfo=UTC))

    with timezone.override(zone):
        report = told(client.get("/scorecards/panel/2021-01/"))
        archive = told(client.get(ARCHIVE))
        compared = told(client.get(f"{COMPARE}?earlier=2021-01.1&later=2021-01"))
        data = client.get("/scorecards/panel/2021-01/report.json").json()

    assert "Revised on 2 July 2021 (" in report
    assert "2 July 2021 , correction of an error: Counted twice. 1 July 2021 , first publication" in archive
    assert "January 2021, revision of 2 July 2021 January 2021, first publication (outdated)" in archive
    assert "to January 2021, revision of 2 July 2021." in compared
    assert "What Line 1 Jul 2021 2 Jul 2021" in compared
    assert data["published"].startswith("Revised on 2 July 2021")


# What is hidden


def hidden_panel(hidden):
    """A public scorecard that hides small counts, of which `hidden` are A1's in both months."""
    small, others = make_indicator("A1", polarity="low"), [make_indicator(name) for name in ("B1", "C1")]
    make_values(small, dict(zip((DECEMBER, JANUARY), hidden, strict=True)))
    for place, other in enumerate(others):
        make_values(other, {DECEMBER: 30 + place, JANUARY: 40 + place})
    council = {"council": "Hill Council", "panel": "Panel", "title": "Scorecard"}
    scorecard = make_scorecard(small, *others, is_public=True, suppresses_small_counts=True, **council)
    publish(scorecard, DECEMBER, JANUARY)


@pytest.mark.sqlite
@pytest.mark.parametrize("asked", ["earlier=2020-12&later=2021-01", "earlier=2021-01&later=2021-01", ""])
@pytest.mark.parametrize(
    ("one", "other"), [((12, 3), (12, 5)), ((12, 1), (12, 4)), ((2, 3), (5, 1)), ((3, 12), (1, 12))]
)
def test_comparison_for_the_public_is_the_same_whatever_is_hidden(client, asked, one, other):
    """To the byte: not its order, its tiles, its words or its length tell of a suppressed figure."""
    pages = []
    for hidden in (one, other):
        with transaction.atomic():
            hidden_panel(hidden)
            pages.append(client.get(f"{COMPARE}?{asked}").content)
            transaction.set_rollback(True)
    assert pages[0] == pages[1]
    assert (b"[c]" in pages[0]) is (12 in one and asked != "earlier=2021-01&later=2021-01")
