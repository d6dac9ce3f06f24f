"""Pages through Django's client: the same ladder for each of them, then what each says. Looks are for tests/browser."""

import csv
import json
import re
from datetime import date
from html import unescape
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.text import slugify

from commentary.models import AreaOfFocus, Commentary, Overview
from indicators.calculations.months import months_ending
from indicators.models import Comparator, Target, User
from scorecard import demonstration
from scorecard.demonstration.facts import FOLDER as FIXTURES
from scorecard.models import EditionState, Line, Scorecard, Section
from scorecard.roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS
from tests.databases import database_with
from tests.demonstration import while_loaded
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_edition,
    make_indicator,
    make_scorecard,
    make_user,
    make_value,
    make_values,
    publish,
)
from tests.scorecard.returns.returning import without_terms

# Who is let in, what is drawn and what odd addresses get: the same on both databases.
pytestmark = pytest.mark.sqlite
PAGE = "/scorecards/panel/2021-01/"
READ_PAGES = ["/", "/sign-in/", "/scorecards/panel/", PAGE, f"{PAGE}report.csv", f"{PAGE}report.json"]
OF_A_SCORECARD = [page for page in READ_PAGES if page.startswith("/scorecards/")]
SCRIPT = '"><script>alert(1)</script>'
ODD_MONTHS = {
    "13th month": "2021-13",
    "month 0 of year 0": "0000-01",
    "a letter": "x",
    "a whole date": "2021-01-01",
    "other digits": "\uff12\uff10\uff12\uff11-01",
    "one digit": "2021-1",
    "line end": "2021-01\n",
    "NUL": "2021-01\x00",
    "very long": "2" * 5000,
    "dots": "..%2f..",
    "no figures": "2019-06",
}


def lines_of(response):
    """The references on the page, each with whether it is shown."""
    found = re.findall(
        r'<tbody[^>]*class="line"([^>]*)>.*?class="reference">([^<]*)<', response.content.decode(), re.DOTALL
    )
    return {unescape(reference): not attributes.endswith(" hidden") for attributes, reference in found}


def shown(response):
    return [reference for reference, is_shown in lines_of(response).items() if is_shown]


def in_group(name):
    user = make_user(slugify(name))
    user.groups.add(Group.objects.get(name=name))
    return user


def words_of(html):
    """The text of a page, without its markup and with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", without_terms(html))).split())


def text_of(response):
    return words_of(response.content.decode())


def below_the_header(response):
    """Without the navigation, which stands on every page."""
    return response.content.decode().partition("<main")[2]


def make_draft():
    """A public scorecard, nothing of it published, whose four lines differ in everything that can be asked for."""
    ann, ben = make_user("ann", name="Ann Owner"), make_user("ben", name="Ben Owner")
    waits = make_indicator("W1", title="Waiting times", owner=ann, polarity="low")
    visits = make_indicator("V1", title="Visits in time", owner=ben, polarity="high")
    places = make_indicator("P1", title="Places found", owner=ben, polarity="high")
    calls = make_indicator("C1", title="Calls received", polarity="neutral")
    for indicator, before, now in ((waits, 10, 20), (visits, 80, 90), (places, 50, 50), (calls, 7, 8)):
        make_values(indicator, {DECEMBER: before, JANUARY: now})
    for indicator, goal, tolerance in ((waits, 5, 1), (visits, 85, 0), (places, 52, 3)):
        Target.objects.create(indicator=indicator, year=2020, value=goal, tolerance=tolerance)
    scorecard = make_scorecard(waits, visits, places, council="Hill Council", panel="Families Panel", is_public=True)
    Line.objects.create(
        section=Section.objects.create(scorecard=scorecard, title="Contact", position=1), indicator=calls
    )
    return scorecard


def make_panel():
    """The same, published for December and January."""
    publish(make_draft(), DECEMBER, JANUARY)


# A copy for each test, which is quicker than to publish: tests of other things find nothing of it.
made_draft = database_with(make_draft, scope="class")
made_panel = database_with(make_panel, scope="class")


@pytest.fixture
def draft(made_draft, db):
    return Scorecard.objects.get()


@pytest.fixture
def panel(made_panel, db):
    return Scorecard.objects.get()


@pytest.fixture
def private(panel):
    panel.is_public = False
    panel.save()
    return panel


# Every page


@pytest.mark.parametrize("page", [*OF_A_SCORECARD, "/"])
@pytest.mark.usefixtures("panel")
def test_page_works_without_signing_in_if_public(client, page):
    assert client.get(page, follow=True).status_code == 200


@pytest.mark.parametrize("page", OF_A_SCORECARD)
@pytest.mark.usefixtures("private")
def test_page_sends_visitor_to_sign_in_and_back_if_not_public(client, page):
    response = client.get(page + "?words=W1")

    assert response.status_code == 302
    assert response.url == f"/sign-in/?next={quote(page)}%3Fwords%3DW1"


@pytest.mark.parametrize("page", OF_A_SCORECARD)
@pytest.mark.usefixtures("private")
def test_page_works_for_panel_member_if_not_public(client, page):
    client.force_login(in_group(PANEL_MEMBERS))

    assert client.get(page, follow=True).status_code == 200


@pytest.mark.parametrize("page", OF_A_SCORECARD)
@pytest.mark.usefixtures("private")
def test_page_works_for_those_who_own_a_line_if_not_public(client, page):
    client.force_login(User.objects.get(username="ann"))

    assert client.get(page, follow=True).status_code == 200


@pytest.mark.parametrize("page", OF_A_SCORECARD)
@pytest.mark.usefixtures("private")
def test_page_is_not_found_for_anybody_else_if_not_public(client, page):
    client.force_login(make_user("stranger"))

    assert client.get(page).status_code == 404


@pytest.mark.parametrize("state", [EditionState.COLLECTING, EditionState.IN_REVIEW])
@pytest.mark.parametrize("page", [PAGE, f"{PAGE}report.csv", "/scorecards/panel/?month=2021-01"])
def test_unpublished_month_is_found_by_officers_only(client, draft, page, state):
    publish(draft, DECEMBER)
    make_edition(draft, state=state)

    assert client.get(page).status_code == 404
    for reader in (in_group(PANEL_MEMBERS), User.objects.get(username="ann")):
        client.force_login(reader)
        assert client.get(page, follow=True).status_code == 404
    client.force_login(in_group(PERFORMANCE_OFFICERS))
    assert client.get(page, follow=True).status_code == 200


@pytest.mark.parametrize("page", [page.replace("panel", "unknown") for page in OF_A_SCORECARD])
def test_page_of_unknown_scorecard_is_not_found(client, db, page):
    assert client.get(page).url.startswith("/sign-in/?next=/scorecards/unknown/")
    client.force_login(make_user("reader"))

    response = client.get(page)

    assert response.status_code == 404
    assert "Page not found" in text_of(response)


@pytest.mark.parametrize("page", READ_PAGES)
@pytest.mark.usefixtures("panel")
def test_page_answers_head_as_get(client, page):
    head, get = client.head(page), client.get(page)

    assert (head.status_code, head.get("Location")) == (get.status_code, get.get("Location"))
    assert head.content == b""


@pytest.mark.parametrize("page", READ_PAGES)
@pytest.mark.usefixtures("panel")
def test_page_survives_post(client, page):
    assert client.post(page, {"words": "W1"}).status_code < 500


@pytest.mark.parametrize("address", ["/nope/", "/scorecards/", "/scorecards/a b/", f"{PAGE}x/y", "/%00", "/%ff"])
@pytest.mark.usefixtures("panel")
def test_unknown_address_is_not_found(client, address):
    response = client.get(address)

    assert response.status_code == 404
    assert "Page not found" in text_of(response)


# Home


def test_home_invites_visitor_to_sign_in_without_public_scorecards(client, db):
    make_scorecard(is_public=False, title="Secret scorecard")

    response = client.get("/")

    assert "Nothing is published for everybody here yet. Sign in if you have an account." in text_of(response)
    assert "Secret" not in text_of(response)


def test_home_says_what_to_do_without_any_scorecard(client, db):
    client.force_login(make_user())

    assert "There is no report for you to read yet." in text_of(client.get("/"))


@pytest.mark.usefixtures("panel")
def test_home_leads_to_the_only_scorecard(client):
    assert client.get("/").url == "/scorecards/panel/"


@pytest.mark.usefixtures("panel")
def test_home_lists_scorecards_that_the_reader_may_see(client):
    make_scorecard(slug="schools", title="Schools scorecard", is_public=True)
    make_scorecard(slug="secret", title="Secret scorecard", is_public=False)

    def listed():
        return re.findall(r'href="/scorecards/(\w+)/"', below_the_header(client.get("/")))

    assert listed() == ["panel", "schools"]
    client.force_login(make_user("stranger"))
    assert listed() == ["panel", "schools"]
    client.force_login(in_group(PANEL_MEMBERS))
    assert listed() == ["panel", "schools", "secret"]


# Months


@pytest.mark.usefixtures("panel")
def test_scorecard_leads_to_its_latest_month(client):
    assert client.get("/scorecards/panel/").url == PAGE


@pytest.mark.usefixtures("panel")
def test_month_can_be_chosen_without_javascript(client):
    form = re.search(r'<form method="get" action="([^"]*)">.*?</form>', client.get(PAGE).content.decode(), re.DOTALL)
    assert re.findall(r'<option value="([^"]*)"', form[0]) == ["2021-01", "2020-12"]

    response = client.get(form[1], {"month": "2020-12"})

    assert response.url == "/scorecards/panel/2020-12/"
    assert client.get(response.url).status_code == 200


@pytest.mark.usefixtures("panel")
def test_report_leads_to_the_months_beside_it(client):
    def linked(month):
        html = client.get(f"/scorecards/panel/{month}/").content.decode()
        return re.findall(r'href="/scorecards/panel/(\d[^"/]+)/">', html)

    assert linked("2021-01") == ["2020-12"]
    assert linked("2020-12") == ["2021-01"]


@pytest.mark.parametrize("month", ODD_MONTHS.values(), ids=ODD_MONTHS)
@pytest.mark.parametrize("address", ["{}/", "{}/report.csv", "?month={}"])
@pytest.mark.usefixtures("panel")
def test_unknown_month_is_not_found_and_others_are_offered(client, month, address):
    response = client.get("/scorecards/panel/" + address.format(quote(month)))

    assert response.status_code == 404
    assert "There is no report for" in text_of(response)
    assert re.findall(r'href="(/scorecards/panel/[^"]+)"', below_the_header(response)) == [
        "/scorecards/panel/2021-01/",
        "/scorecards/panel/2020-12/",
        "/scorecards/panel/archive/",
    ]


@pytest.mark.usefixtures("panel")
def test_month_without_a_report_is_called_by_its_name(client):
    assert "There is no report for June 2019" in text_of(client.get("/scorecards/panel/2019-06/"))
    assert "There is no report for “2019-13”" in text_of(client.get("/scorecards/panel/2019-13/"))


@pytest.mark.usefixtures("panel")
def test_unknown_month_is_escaped(client):
    response = client.get("/scorecards/panel/", {"month": SCRIPT})

    assert response.status_code == 404
    assert "<script>alert" not in response.content.decode()
    assert SCRIPT in text_of(response).replace("alert(1) </", "alert(1)</")


def test_scorecard_without_published_edition_says_so(client, db):
    make_scorecard(is_public=True)

    assert "No report has been published yet" in text_of(client.get("/scorecards/panel/"))
    assert client.get(PAGE).status_code == 404
    assert "The Panel scorecard has no report yet." in text_of(client.get(PAGE))


def test_officer_is_not_shown_a_month_with_only_blanks(client, db):
    indicator = make_indicator()
    make_value(indicator, blank="awaited")
    make_scorecard(indicator, is_public=True)
    client.force_login(in_group(PERFORMANCE_OFFICERS))

    assert "No report has been published yet" in text_of(client.get("/scorecards/panel/"))
    assert client.get(PAGE).status_code == 404


def test_report_works_when_no_line_is_reported_for_its_month(client, db):
    indicator = make_indicator(active_from=date(2021, 2, 1))
    make_value(indicator, figure=1)
    publish(make_scorecard(indicator, is_public=True))

    response = client.get(PAGE)

    assert response.status_code == 200
    assert "This scorecard has no lines yet." in text_of(response)


# Finding lines


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["W1", "V1", "P1", "C1"]),
        ("words=V1", ["V1"]),
        ("words=TIME", ["W1", "V1"]),
        ("words=visits+time", ["V1"]),
        ("words=ben+owner", ["V1", "P1"]),
        ("owner=Ann+Owner", ["W1"]),
        ("rating=red", ["W1"]),
        ("rating=amber", ["P1"]),
        ("rating=green", ["V1"]),
        ("rating=not_judged", ["C1"]),
        ("assessment=worse", ["W1"]),
        ("assessment=better", ["V1"]),
        ("assessment=no_change", ["P1"]),
        ("assessment=not_judged", ["C1"]),
        ("owner=Ben+Owner&assessment=better", ["V1"]),
        ("owner=Ann+Owner&assessment=better", []),
        ("words=nothing+like+it", []),
        ("signal=usual", []),
        ("signal=none", ["W1", "V1", "P1", "C1"]),
        ("signal=concern", []),
        ("look=any", ["W1"]),
        ("look=off_target", ["W1"]),
        ("look=nothing", []),
        ("look=not_examined", ["V1", "P1", "C1"]),
        ("look=off_target&owner=Ben+Owner", []),
        ("order=look", ["W1", "V1", "P1", "C1"]),
    ],
)
@pytest.mark.usefixtures("panel")
def test_filter_hides_the_other_lines_and_counts(client, query, expected):
    response = client.get(f"{PAGE}?{query}")

    assert shown(response) == expected
    assert len(lines_of(response)) == 4
    assert f"Showing {len(expected)} of 4 indicators" in text_of(response)


def test_filter_by_section_hides_the_other_sections(client, panel):
    anchor = f"contact-{panel.sections.get(title='Contact').pk}"

    response = client.get(PAGE, {"section": anchor})

    assert shown(response) == ["C1"]
    assert re.findall(r'<div class="section"( hidden)?>', response.content.decode()) == [" hidden", ""]


@pytest.mark.parametrize(("query", "is_hidden"), [("rating=amber", True), ("rating=no_target", False)])
@pytest.mark.usefixtures("panel")
def test_filter_that_finds_nothing_says_so(client, query, is_hidden):
    html = client.get(f"{PAGE}?{query}").content.decode()

    assert bool(re.search(r'id="none-found" hidden>', html)) is is_hidden


@pytest.mark.usefixtures("panel")
def test_tiles_lead_to_the_lines_they_count(client):
    tiles = re.findall(
        r'<a class="tile[^"]*" href="([^"]*)#lines"><strong>(\d+)</strong>', client.get(PAGE).content.decode()
    )

    assert len(tiles) == 8
    assert [len(shown(client.get(PAGE + unescape(query)))) for query, _ in tiles] == [int(count) for _, count in tiles]


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ({"section": "nope"}, "section", "“nope” is not on the list"),
        ({"owner": "Nobody"}, "owner", "“Nobody” is not on the list"),
        ({"rating": "purple"}, "rating", "“purple” is not on the list"),
        ({"assessment": "2"}, "assessment", "“2” is not on the list"),
        ({"signal": "3"}, "signal", "“3” is not on the list"),
        ({"look": "4"}, "look", "“4” is not on the list"),
        ({"order": "5"}, "order", "“5” is not on the list"),
        ({"words": "a" * 101}, "words", "at most 100 characters (it has 101)"),
        ({"words": "\x00" * 200}, "words", "Null characters are not allowed"),
    ],
    ids=lambda value: str(value)[:20],
)
@pytest.mark.usefixtures("panel")
def test_invalid_filter_is_explained_beside_its_field_and_left_out(client, query, field, message):
    response = client.get(PAGE, query)
    html = response.content.decode()
    explanation = re.search(rf'<div id="filter_{field}_error">(.*?)</div>', html, re.DOTALL)

    assert response.status_code == 200
    assert shown(response) == ["W1", "V1", "P1", "C1"]
    assert message in words_of(explanation[1])
    assert f'aria-describedby="filter_{field}_error"' in html


@pytest.mark.usefixtures("panel")
def test_invalid_filter_does_not_hinder_the_valid_one(client):
    assert shown(client.get(PAGE, {"rating": "purple", "owner": "Ann Owner"})) == ["W1"]


@pytest.mark.parametrize("field", ["words", "section", "owner", "rating", "assessment", "signal", "look", "order"])
@pytest.mark.usefixtures("panel")
def test_filter_is_escaped(client, field):
    html = client.get(PAGE, {field: SCRIPT}).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


# What to look at


def looked_at(response):
    """The lines to look at: each with its kind, its reference, its sentence and where its link leads."""
    items = re.findall(r'<li class="look-\w+">(.*?)</li>', response.content.decode(), re.DOTALL)
    return [(words_of(item), re.search(r'href="([^"]*)"', item)[1]) for item in items]


def make_unusual(reference, latest=30, **fields):
    """An indicator that moved between 10 and 12 for a year, and then to the latest figure."""
    indicator = make_indicator(reference, **{"polarity": "low", **fields})
    make_values(indicator, {month: 10 + month.month % 2 * 2 for month in months_ending(DECEMBER, 12)})
    make_value(indicator, JANUARY, latest)
    return indicator


@pytest.mark.usefixtures("panel")
def test_report_begins_with_what_to_look_at(client):
    response = client.get(PAGE)
    html = response.content.decode()
    [(item, link)] = looked_at(response)

    assert item == (
        "■ Off target W1 Waiting times "
        "20 in January 2021 misses the target of 5 for 2020-21 by more than its tolerance. "
        "The service gives no explanation."
    )
    assert html.count(f'id="{link.removeprefix("#")}"') == 1
    assert html.index('id="look"') < html.index('id="glance"')
    text = text_of(response).split("At a glance")[0]
    assert "3 indicators could not be examined (no latest figure, or too few figures or cases) ." in text
    assert "Nothing unusual" not in text


@pytest.mark.usefixtures("panel")
def test_link_to_a_line_that_may_be_hidden_brings_all_back(client):
    [(_, link)] = looked_at(client.get(PAGE, {"owner": "Ben Owner"}))

    assert link.startswith("?#")


def test_nothing_to_look_at_is_said(client, db):
    publish(make_scorecard(make_unusual("A", 11), make_unusual("B", 11), is_public=True))

    assert "Nothing unusual in any of the 2 indicators." in text_of(client.get(PAGE))


def test_most_pressing_are_shown_and_the_rest_counted(client, db):
    publish(make_scorecard(*(make_unusual(f"A{number}") for number in range(15)), is_public=True))

    response = client.get(PAGE)
    rest = re.search(r'href="([^"]*)#lines">3 more to look at', response.content.decode())

    assert len(looked_at(response)) == 12
    assert len(shown(client.get(PAGE + unescape(rest[1])))) == 15
    assert "Nothing unusual" not in text_of(response).split("At a glance")[0]


def test_lines_to_look_at_can_come_first(client, db):
    better, worse = make_unusual("Better", 1), make_unusual("Worse")
    publish(make_scorecard(make_unusual("Usual", 11), better, worse, is_public=True))

    assert list(lines_of(client.get(PAGE))) == ["Usual", "Better", "Worse"]
    assert list(lines_of(client.get(PAGE, {"order": "look"}))) == ["Worse", "Better", "Usual"]


def test_section_can_be_chosen_when_lines_to_look_at_come_first(client, panel):
    anchor = f"contact-{panel.sections.get(title='Contact').pk}"

    assert shown(client.get(PAGE, {"order": "look", "section": anchor})) == ["C1"]


def test_signal_is_on_page_and_downloads(client, db):
    publish(make_scorecard(make_unusual("A"), is_public=True))

    table = list(csv.DictReader(client.get(f"{PAGE}report.csv").content.decode("utf-8-sig").splitlines()))
    data = client.get(f"{PAGE}report.json").json()

    assert "<span>Concern: higher than usual</span>" in client.get(PAGE).content.decode()
    assert list(table[0])[-5:] == ["signal", "assurance", "what_to_look_at", "warnings", "breaks"]
    assert (table[0]["signal"], table[0]["assurance"]) == ("Concern: higher than usual", "")
    assert data["sections"][0]["rows"][0]["signal"]["variation"] == "concern_high"
    assert data["what_to_look_at"] == [
        {
            "ref": "A",
            "reasons": [
                {
                    "reason": "concern",
                    "text": "30 in January 2021, up from 12 a year before: higher than chance alone explains; lower "
                    "is better.",
                }
            ],
            "with": [],
            "explanation": "The service gives no explanation.",
            "areas_of_focus": [],
        }
    ]


# What the report says


def test_report_opens_with_its_council_panel_meeting_and_overview(client, draft):
    area = AreaOfFocus.objects.create(title="Long waits", response="More staff", opened_on=JANUARY, raised_by="panel")
    area.updates.create(date=date(2021, 2, 3), text="Two people have started.")
    draft.areas_of_focus.add(area)
    overview = Overview.objects.create(title="January", summary="A good month.\n\nWith one worry.")
    publish(draft, JANUARY, overview=overview, meeting_date=date(2021, 2, 11))

    response = client.get(PAGE)
    text = text_of(response)

    for expected in (
        "Hill Council",
        "Families Panel Panel scorecard, January 2021",
        "For the meeting of 11 February 2021. Figures to the end of January 2021.",
        "Overview A good month. With one worry. What to look at",
        "Long waits What is being done : Long waits Response. More staff Update, 3 February 2021. "
        "Two people have started.",
    ):
        assert expected in text
    assert "<p>A good month.</p>" in response.content.decode()


@pytest.mark.usefixtures("panel")
def test_report_says_rating_and_change_in_words(client):
    text = text_of(client.get(PAGE))

    few = "Could not be examined There are fewer than 6 figures in the months looked at."
    assert f"▼ Lower is better ↑ 100% ✖ Up: worse n/a {few} ■ Red Off target" in text
    assert f"▲ Higher is better ↑ 13% ✔ Up: better n/a {few} ● Green On target" in text
    assert "▲ Higher is better → 0% = Level: no real change n/a Could not be examined All figures are the same" in text
    assert "so none can be unusual yet. ▲ Amber Within tolerance" in text
    assert f"Neutral ↑ 14% Up n/a {few} Not judged" in text


def test_report_warns_of_targets_that_have_lapsed(client, draft):
    Target.objects.all().delete()
    Target.objects.create(indicator=draft.sections.first().lines.first().indicator, year=2018, value=9)
    publish(draft)

    text = text_of(client.get(PAGE))

    assert "No target Target 2018-19: 9 No target for 2020-21. The latest is 9 for 2018-19." in text
    assert "No indicator has a target for 2020-21, the year of this report, so none is rated" in text


def test_report_warns_of_comparators_out_of_date_or_on_another_basis(client, draft):
    indicator = draft.sections.first().lines.first().indicator
    Comparator.objects.create(indicator=indicator, group="england", year=2016, value=30, on_basis="yes")
    Comparator.objects.create(indicator=indicator, group="region", year=2019, value=25, on_basis="no")
    Comparator.objects.create(indicator=indicator, group="statistical_neighbours", value=15, on_basis="yes")
    publish(draft)

    text = text_of(client.get(PAGE))

    assert "30 2016-17 we are lower: better out of date (2016-17)" in text
    assert "25 2019-20 not on this row’s basis" in text
    assert "15 we are higher: worse year not stated" in text
    assert "1 indicator has comparators that ended more than two years before this report." in text
    assert "1 indicator has comparators that are not measured as the council measures itself" in text


def test_report_explains_marks_and_blanks(client, db):
    indicator = make_indicator(scope="local")
    make_value(indicator, figure=1)
    make_value(indicator, DECEMBER, 2, stage="provisional")
    make_value(indicator, date(2020, 11, 1), blank="awaited")
    publish(make_scorecard(indicator, is_public=True))

    html = without_terms(client.get(PAGE).content.decode())

    assert '2 <abbr class="stage" title="Provisional">[p]</abbr>' in html
    assert 'title="Awaited (tbc)">tbc</abbr>' in html
    assert 'title="Not available">[x]</abbr>' in html
    assert "Local" in words_of(html)


@pytest.mark.usefixtures("panel")
def test_trend_is_said_in_words(client):
    labels = re.findall(r'<svg class="spark"[^>]* role="img" aria-label="([^"]*)"', client.get(PAGE).content.decode())

    assert len(labels) == 4
    assert labels[0] == (
        "From 10 in December 2020 to 20 in January 2021; lowest 10 in December 2020, highest 20 in January 2021."
    )


def test_whatever_people_write_is_escaped(client, db):
    person = make_user(name=SCRIPT)
    texts = dict.fromkeys(("title", "definition", "outcome", "note"), SCRIPT)
    indicator = make_indicator("<script>alert(1)", owner=person, reporter=person, **texts)
    make_value(indicator, figure=1, note=SCRIPT)
    Commentary.objects.create(indicator=indicator, month=JANUARY, text=SCRIPT)
    Target.objects.create(indicator=indicator, year=2020, value=1, note=SCRIPT)
    Comparator.objects.create(indicator=indicator, group="england", value=1, note=SCRIPT)
    scorecard = make_scorecard(indicator, is_public=True, **dict.fromkeys(("title", "council", "panel"), SCRIPT))
    Section.objects.update(title=SCRIPT)
    overview = Overview.objects.create(title=SCRIPT, summary=SCRIPT)
    area = AreaOfFocus.objects.create(title=SCRIPT, response=SCRIPT, opened_on=JANUARY)
    area.indicators.add(indicator)
    area.updates.create(date=JANUARY, text=SCRIPT)
    scorecard.areas_of_focus.add(area)
    publish(scorecard, overview=overview)
    make_scorecard(slug="other", is_public=True, title=SCRIPT)
    client.force_login(person)

    assert client.get(PAGE).status_code == 200
    for page in (PAGE, "/", "/scorecards/other/", "/scorecards/panel/2019-01/"):
        html = client.get(page).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize("query", ["", "?words=A1"])
def test_number_of_queries_does_not_grow_with_lines(client, db, query):
    def queries_with(count, slug):
        indicators = [
            make_indicator(f"{slug}{number}", owner=make_user(f"{slug}{number}"), polarity="low")
            for number in range(count)
        ]
        for indicator in indicators:
            make_values(indicator, {DECEMBER: 2, JANUARY: 1})
            Commentary.objects.create(indicator=indicator, month=JANUARY, text="Fewer.")
            Target.objects.create(indicator=indicator, year=2020, value=1)
            Comparator.objects.create(indicator=indicator, group="england", value=1)
        publish(make_scorecard(*indicators, slug=slug, is_public=True))
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/scorecards/{slug}/2021-01/{query}")
        assert len(lines_of(response)) == count
        return len(queries)

    assert queries_with(2, "few") == queries_with(40, "many")


# The demonstration


@pytest.fixture(scope="module")
def demonstration_page(django_db_setup, django_db_blocker):
    """The page of the demonstration as a visitor gets it."""
    page = while_loaded(django_db_blocker, lambda: Client().get(f"/scorecards/{demonstration.SLUG}/2021-01/"))
    return page.content.decode()


def test_demonstration_shows_every_indicator_once(demonstration_page):
    with (settings.BASE_DIR / FIXTURES / demonstration.CHILDREN.folder / "indicators.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        expected = [row["reference"] for row in csv.DictReader(file)]

    assert len(expected) == 64
    assert [unescape(found) for found in re.findall(r'class="reference">([^<]*)<', demonstration_page)] == expected


def test_demonstration_shows_its_columns(demonstration_page):
    head = re.search(r"<thead.*?</thead>", demonstration_page, re.DOTALL)[0]

    assert [words_of(cell) for cell in re.findall(r"<th .*?</th>", head, re.DOTALL)] == [
        "Indicator",
        *("Aug 2020", "Sep 2020", "Oct 2020", "Nov 2020", "Dec 2020", "Jan 2021"),
        "13-month trend",
        "Desired direction",
        *("Change from Dec 2020", "Change from Jan 2020"),
        *("Signal", "Against target"),
        *("12-month average", "12-month maximum"),
        # On a screen, in place of those to the right of it, which are on paper and a link away.
        "Compared with",
        *("Statistical neighbours", "England", "South East"),
        *("Target 2017-18", "Target 2018-19", "Target 2019-20"),
        *("Owner", "Reporter"),
    ]


def test_demonstration_shows_its_overview_and_areas_of_focus(demonstration_page):
    text = words_of(demonstration_page)
    overview = json.loads(
        (settings.BASE_DIR / FIXTURES / demonstration.CHILDREN.folder / "overview.json").read_text(encoding="utf-8")
    )

    assert "Southampton City Council" in text
    assert "Children and Families Scrutiny Panel Children and Families scorecard, January 2021" in text
    assert "For the meeting of 11 February 2021." in text
    assert overview["summary"] in text
    for area in overview["areas_of_focus"]:
        assert f"{area['title']} Response. {area['response']}" in text
        for update in area["updates"]:
            assert f"Update, 3 February 2021. {update['text']}" in text


def test_demonstration_shows_its_sections_commentary_and_warnings(demonstration_page):
    text = words_of(demonstration_page)
    with (settings.BASE_DIR / FIXTURES / demonstration.CHILDREN.folder / "commentary.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        commentary = [row["text"] for row in csv.DictReader(file) if row["month"] == "2021-01"]
    with (settings.BASE_DIR / FIXTURES / demonstration.CHILDREN.folder / "sections.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        sections = [row["section"] for row in csv.DictReader(file)]

    for section in sections:
        assert re.search(rf'<h3 [^>]*id="[^"]+">{re.escape(section)}</h3>', demonstration_page)
    for said in commentary:
        assert f"Commentary. {' '.join(said.split())}" in text
    assert "No target for 2020-21. The latest is 420 for 2019-20." in text
    assert "3 indicators have comparators that are not measured as the council measures itself" in text
    assert "not on this row’s basis" in text
    assert "year not stated" in text


# Downloads


@pytest.mark.parametrize(
    ("file_format", "content_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
@pytest.mark.usefixtures("panel")
def test_download_is_a_named_file_of_its_type(client, file_format, content_type):
    response = client.get(f"{PAGE}report.{file_format}")

    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="panel-2021-01.{file_format}"'


@pytest.mark.usefixtures("panel")
def test_downloads_hold_the_lines_of_the_page(client):
    content = client.get(f"{PAGE}report.csv").content.decode("utf-8-sig")
    in_csv = [row["ref"] for row in csv.DictReader(content.splitlines())]
    sections = client.get(f"{PAGE}report.json").json()["sections"]

    assert in_csv == ["W1", "V1", "P1", "C1"]
    assert [row["ref"] for section in sections for row in section["rows"]] == in_csv


@pytest.mark.usefixtures("panel")
def test_report_links_to_its_downloads(client):
    html = client.get(PAGE).content.decode()

    assert f'href="{PAGE}report.csv"' in html
    assert f'href="{PAGE}report.json"' in html
    assert f'href="{PAGE}report.xlsx"' in html


@pytest.mark.parametrize("name", ["report.xml", "report.CSV", "report.", "report.csv/", "report.__class__"])
@pytest.mark.usefixtures("panel")
def test_download_in_unknown_format_is_not_found(client, name):
    assert client.get(PAGE + name).status_code == 404


# Signing in


def sign_in(client, **fields):
    return client.post("/sign-in/", {"username": "reader", "password": "right", **fields})


@pytest.fixture
def reader(db):
    user = make_user("reader", name="Rita Reader")
    user.set_password("right")
    user.save()
    return user


@pytest.mark.usefixtures("private", "reader")
def test_signing_in_leads_back_to_the_page_asked_for(client):
    address = client.get(PAGE).url
    hidden = re.search(r'name="next" value="([^"]*)"', client.get(address).content.decode())

    response = sign_in(client, next=hidden[1])

    assert response.url == PAGE
    assert "Rita Reader" in text_of(client.get(PAGE))


@pytest.mark.parametrize("fields", [{"password": "wrong"}, {"username": "nobody"}, {"username": "\x00"}])
@pytest.mark.usefixtures("reader")
def test_wrong_password_or_name_is_explained_without_telling_which(client, fields):
    response = sign_in(client, **fields)

    assert response.status_code == 200
    assert "There is a problem" in text_of(response)
    assert "<title>Error: Sign in</title>" in response.content.decode()
    assert not response.wsgi_request.user.is_authenticated
    if "\x00" not in fields.values():
        assert "Please enter a correct username and password." in text_of(response)


def test_empty_sign_in_is_explained_beside_each_field(client, db):
    html = sign_in(client, username="", password="").content.decode()

    for field in ("username", "password"):
        assert f'<a href="#id_{field}">Enter your {field}.</a>' in html
        assert re.search(rf'<div id="id_{field}_error">.*?Enter your {field}.</p>', html, re.DOTALL)


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"],
)
@pytest.mark.usefixtures("reader")
def test_signing_in_never_leads_to_another_site(client, address):
    assert sign_in(client, next=address).url == "/start/"


@pytest.mark.usefixtures("reader")
def test_sign_in_needs_the_token_of_its_form():
    assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


@pytest.mark.usefixtures("panel")
def test_signing_out_is_a_form_and_signs_out(client, reader):
    client.force_login(reader)
    assert '<form method="post" action="/sign-out/">' in client.get(PAGE).content.decode()

    client.post("/sign-out/")

    assert "Rita Reader" not in text_of(client.get(PAGE))


@pytest.mark.parametrize(("is_staff", "offered"), [(True, True), (False, False)])
@pytest.mark.usefixtures("panel")
def test_only_staff_are_offered_the_admin(client, is_staff, offered):
    client.force_login(make_user(is_staff=is_staff))

    assert ("Manage" in text_of(client.get(PAGE))) is offered
