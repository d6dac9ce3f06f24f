"""An officer's pages through Django's client: editions, opening, the collection, moving on, handing over."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from indicators.models import Deputy
from scorecard.models import Edition, EditionState, Reminder
from tests.factories import JANUARY, make_scorecard, make_user
from tests.scorecard.returns.returning import (
    approve,
    enter,
    make_collection,
    make_reported,
    officer,
    page_of,
    person,
    queries_for,
    words_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
COLLECTION = "/collection/panel/2021-01/"
OPEN = "/editions/panel/open/"
HAND_OVER = f"{COLLECTION}hand-over/lead/"
PAGES = ["/editions/", OPEN, COLLECTION, f"{COLLECTION}move/in_review/", HAND_OVER]
SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture
def edition():
    return make_collection(make_reported("A1"), make_reported("B1", reporter=person("other")))


@pytest.fixture
def at_work(client, edition):
    """An officer's browser."""
    client.force_login(officer())
    return client


def told(response):
    return words_of(page_of(response))


def beside(response, name):
    """What is said beside a field."""
    found = re.search(rf'<div id="id_{name}_error">(.*?)</div>', page_of(response), re.DOTALL)
    return words_of(found[1]).removeprefix("Error: ")


def dates(**changes):
    return {"month": "2021-02", "opens_on": "2021-03-01", "due_on": "2021-03-11", "meeting_date": "", **changes}


# Every page


@pytest.mark.parametrize("page", PAGES)
def test_page_works_for_an_officer(at_work, page):
    assert at_work.get(page).status_code == 200


@pytest.mark.sqlite
@pytest.mark.parametrize("page", PAGES)
def test_page_works_for_a_superuser(client, edition, page):
    client.force_login(make_user("root", is_superuser=True))
    assert client.get(page).status_code == 200


@pytest.mark.sqlite
@pytest.mark.parametrize("page", [*PAGES, f"{COLLECTION}remind/lead/"])
@pytest.mark.parametrize("username", ["lead", "head", "stranger"])
def test_page_is_refused_to_everybody_else(client, edition, page, username):
    client.force_login(person(username))
    # To who has no part in it the scorecard is missing.
    refused = 404 if username == "stranger" and page != "/editions/" else 403
    if "remind" not in page:
        assert client.get(page).status_code == refused
    if page not in ("/editions/", COLLECTION):
        data = {**dates(), "version": "1", "deputy": person("other").pk}
        assert client.post(page, data).status_code == refused
    assert (Edition.objects.get().state, Deputy.objects.count()) == ("collecting", 0)


@pytest.mark.parametrize("page", PAGES)
def test_visitors_are_sent_to_sign_in_and_back(client, edition, page):
    assert client.get(page).url == f"/sign-in/?next={page}"


@pytest.mark.parametrize(
    "page",
    [
        "/editions/nope/open/",
        "/collection/panel/2020-12/",
        "/collection/nope/2021-01/",
        f"{COLLECTION}move/nowhere/",
        f"{COLLECTION}hand-over/nobody/",
        f"{COLLECTION}hand-over/stranger/",
    ],
)
def test_what_is_not_there_is_not_found(at_work, page):
    person("stranger")
    assert at_work.get(page).status_code == 404


# Editions


def test_editions_are_listed_with_the_way_to_open_the_next(at_work, edition):
    html = page_of(at_work.get("/editions/"))
    assert f'href="{COLLECTION}"' in html
    assert f'href="{OPEN}"' in html
    assert "January 2021 Collecting" in words_of(html)


def test_editions_have_the_scorecards_in_the_councils_order(at_work, edition):
    for title, position in (("Zeal", 1), ("Adults", None), ("Housing", 2)):
        make_scorecard(slug=title.lower(), title=title, position=position)
    html = page_of(at_work.get("/editions/"))
    assert re.findall(r'<h2 class="govuk-heading-m">(.*?)</h2>', html) == [
        "Zeal",
        "Housing",
        "Adults",
        "Panel scorecard",
    ]


def test_editions_say_what_to_do_without_any_scorecard(client, db):
    client.force_login(officer())
    assert "There is no scorecard yet." in told(client.get("/editions/"))


def test_opening_suggests_the_next_month(at_work, edition):
    html = page_of(at_work.get(OPEN))
    assert 'value="2021-02"' in html
    for name in ("opens_on", "due_on"):
        field = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)[0]
        assert re.search(r'value="\d{4}-\d\d-\d\d"', field)


def test_opening_makes_an_edition_and_leads_to_its_collection(at_work, edition):
    response = at_work.post(OPEN, dates(meeting_date="25/03/2021"), follow=True)
    assert response.redirect_chain == [("/collection/panel/2021-02/", 302)]
    assert "February 2021 is open for collection." in told(response)
    made = Edition.objects.get(month=date(2021, 2, 1))
    assert (made.opens_on, made.due_on, made.meeting_date) == (
        date(2021, 3, 1),
        date(2021, 3, 11),
        date(2021, 3, 25),
    )
    assert made.history.get().history_user.username == "officer"


def test_month_that_opens_later_is_not_called_open(at_work, edition):
    """As on a Saturday, when the next working day is suggested."""
    later = dates(opens_on="2090-03-01", due_on="2090-03-10")
    words = told(at_work.post(OPEN, later, follow=True))
    assert "February 2021 opens for collection on Wednesday 1 March 2090." in words
    assert "is open for collection" not in words


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"month": "soon"}, "month", "is not a month"),
        ({"month": ""}, "month", "required"),
        ({"opens_on": "soon"}, "opens_on", "Enter a valid date."),
        ({"opens_on": ""}, "opens_on", "required"),
        ({"due_on": ""}, "due_on", "required"),
        ({"due_on": "2021-02-30"}, "due_on", "Enter a valid date."),
        ({"meeting_date": "x\x00"}, "meeting_date", "Enter a valid date."),
        ({"due_on": "2021-02-28"}, "due_on", "The due date can't be before the opening date."),
        ({"meeting_date": "2021-03-10"}, "meeting_date", "The meeting can't be before the due date."),
    ],
    ids=str,
)
def test_bad_date_is_explained_beside_its_field_and_the_others_kept(at_work, edition, changes, field, message):
    response = at_work.post(OPEN, dates(**changes))
    assert response.status_code == 422
    assert message in beside(response, field)
    kept = [text for name, text in dates(**changes).items() if name != field and text]
    assert all(f'value="{text}"' in page_of(response) for text in kept)
    assert Edition.objects.count() == 1


def test_second_edition_for_a_month_is_explained_beside_dates_out_of_order(at_work, edition):
    response = at_work.post(OPEN, dates(month="2021-01", due_on="2021-02-28"))
    assert response.status_code == 422
    assert "There is already an edition for this month." in told(response)
    assert "The due date can't be before the opening date." in beside(response, "due_on")
    assert Edition.objects.count() == 1


def test_opening_after_a_mistyped_year_is_no_error(at_work, edition):
    at_work.post(OPEN, dates(due_on="9999-12-31"))
    assert at_work.get(OPEN).status_code == 200


# The collection


def test_collection_counts_lines(at_work, edition):
    enter(edition, send=True, A1={"figure": "5"})
    words = told(at_work.get(COLLECTION))
    assert "1 of 2 lines sent" in words
    assert "1 waiting for sign-off" in words


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["A1", "B1"]),
        ("?reporter=other", ["B1"]),
        ("?standing=draft", []),
        ("?owner=head&section=Front+door", ["A1", "B1"]),
    ],
)
def test_lines_are_found(at_work, edition, query, expected):
    html = page_of(at_work.get(COLLECTION + query))
    assert re.findall(r'<th scope="row"><span class="reference">([^<]*)<', html) == expected
    assert f"Showing {len(expected)} of 2 lines" in words_of(html)


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["section", "owner", "reporter", "standing", "late"])
@pytest.mark.parametrize("value", ["nobody", SCRIPT])
def test_filter_that_is_not_on_the_list_is_explained_and_escaped(at_work, edition, name, value):
    html = page_of(at_work.get(COLLECTION, {name: value}))
    assert "is not on the list: choose one that is." in words_of(html)
    assert "<script>alert" not in html


def test_whatever_people_write_is_escaped(client, edition):
    for username in ("lead", "other", "head", "officer"):
        somebody = person(username)
        somebody.name = f"{SCRIPT}{username}"
        somebody.save()
    scorecard = edition.scorecard
    for thing, name in (
        (scorecard, "title"),
        (scorecard, "council"),
        (scorecard.sections.get(), "title"),
        (edition.scorecard.sections.get().lines.first().indicator, "title"),
    ):
        setattr(thing, name, SCRIPT)
        thing.save()
    client.force_login(officer())
    for page in PAGES:
        html = page_of(client.get(page))
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


# Moving on


def test_moving_says_what_is_not_finished(at_work, edition):
    enter(edition, send=True, A1={"figure": "5"})
    approve(edition, "A1")
    assert "1 line not signed off: B1." in told(at_work.get(f"{COLLECTION}move/in_review/"))


def test_moving_asks_first_and_then_moves(at_work, edition):
    page = f"{COLLECTION}move/in_review/"
    version = re.search(r'name="version" value="(\d+)"', page_of(at_work.get(page)))[1]
    assert Edition.objects.get().state == EditionState.COLLECTING
    response = at_work.post(page, {"version": version}, follow=True)
    assert response.redirect_chain == [(COLLECTION, 302)]
    assert "January 2021: in review." in told(response)
    assert Edition.objects.get().history.first().history_user.username == "officer"


@pytest.mark.parametrize("version", ["0", "2", "", "x", "9" * 40, "-1"])
def test_moving_what_somebody_changed_meanwhile_is_explained(at_work, edition, version):
    response = at_work.post(f"{COLLECTION}move/in_review/", {"version": version}, follow=True)
    assert "Somebody else has changed this edition in the meantime, so nothing was done. Please look again." in told(
        response
    )
    assert Edition.objects.get().state == EditionState.COLLECTING


@pytest.mark.parametrize("method", ["get", "post"])
def test_moving_to_where_it_cannot_go_is_explained(at_work, edition, method):
    response = getattr(at_work, method)(f"{COLLECTION}move/published/", {"version": "1"}, follow=True)
    assert "is collecting: only an edition in review can be published." in told(response)
    assert Edition.objects.get().state == EditionState.COLLECTING


def test_opening_again_without_dates_is_explained(at_work, edition):
    edition.state, edition.opens_on, edition.due_on = EditionState.IN_REVIEW, None, None
    edition.save()
    response = at_work.post(f"{COLLECTION}move/collecting/", {"version": "2"}, follow=True)
    assert "An edition that is collected needs an opening date and a due date." in told(response)
    assert Edition.objects.get().state == EditionState.IN_REVIEW


# Handing over


def test_handing_over_lets_the_deputy_enter(at_work, edition):
    until = timezone.localdate() + timedelta(days=7)
    response = at_work.post(HAND_OVER, {"deputy": person("dana").pk, "until": until.isoformat()}, follow=True)
    assert "Dana now stands in for Lead." in told(response)
    at_work.force_login(person("dana"))
    assert at_work.get("/returns/panel/2021-01/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"deputy": ""}, "deputy"),
        ({"deputy": "x"}, "deputy"),
        ({"deputy": "9" * 30}, "deputy"),
        ({"deputy": "lead"}, "deputy"),
        ({"deputy": "gone"}, "deputy"),
        ({"until": "soon"}, "until"),
    ],
    ids=str,
)
def test_handing_over_to_nobody_or_at_no_time_is_explained(at_work, edition, typed, field):
    make_user("gone", is_active=False)
    people = {name: person(name).pk for name in ("lead", "gone", "dana")}
    data = {"deputy": "dana", "until": "", **typed}
    data["deputy"] = people.get(data["deputy"], data["deputy"])
    response = at_work.post(HAND_OVER, data)
    assert response.status_code == 422
    assert beside(response, field)
    assert not Deputy.objects.exists()


def test_handing_over_until_a_day_that_has_passed_is_explained(at_work, edition):
    response = at_work.post(HAND_OVER, {"deputy": person("dana").pk, "until": "2021-01-01"})
    assert response.status_code == 422
    assert "The last day can't be before the first." in told(response)


# Queries


@pytest.mark.parametrize("page", [COLLECTION, f"{COLLECTION}move/in_review/"])
def test_queries_are_as_many_for_40_lines_as_for_2(client, page):
    def prepare(count):
        references = [f"A{number}" for number in range(count)]
        edition = make_collection(*(make_reported(reference) for reference in references))
        enter(edition, send=True, **{reference: {"figure": "5"} for reference in references})
        client.force_login(officer())

    def ask(_):
        assert client.get(page).status_code == 200

    assert queries_for(40, prepare, ask) == queries_for(2, prepare, ask)


@pytest.mark.sqlite
def test_queries_of_editions_do_not_grow_with_scorecards(client):
    def prepare(count):
        for number in range(count):
            make_collection_of(number)
        client.force_login(officer())

    def make_collection_of(number):
        scorecard = make_scorecard(slug=f"panel{number}")
        Edition.objects.create(scorecard=scorecard, month=JANUARY, opens_on=JANUARY, due_on=JANUARY)

    def ask(_):
        assert client.get("/editions/").status_code == 200

    assert queries_for(40, prepare, ask) == queries_for(2, prepare, ask)


# Late ones, and who stands in for them


def test_all_late_ones_are_reminded_with_one_button_and_not_twice_within_a_day(at_work, edition, mailoutbox):
    for name in ("lead", "other"):
        who = person(name)
        who.email = f"{name}@example.org"
        who.save()
    Deputy.objects.create(person=person("lead"), deputy=person("dana"), starts_on=JANUARY)
    edition.opens_on, edition.due_on = date(2021, 2, 1), date(2021, 2, 11)
    edition.save()
    page = told(at_work.get(COLLECTION))
    assert "Remind all 2 who are late" in page
    assert "Lead Dana stands in" in page
    at_work.post(f"{COLLECTION}remind/lead/")
    answer = told(at_work.post(f"{COLLECTION}remind/", follow=True))
    assert "Reminded Other: 1 line is due." in answer
    assert "Lead was reminded less than a day ago." in answer
    assert "Remind all 2 who are late, again" in answer
    assert [mail.to for mail in mailoutbox] == [["lead@example.org"], ["other@example.org"]]
    assert Reminder.history.filter(history_user=officer()).count() == 2


def test_board_of_a_published_month_is_clean(at_work, edition):
    edition.state = EditionState.PUBLISHED
    edition.save()
    page = told(at_work.get(COLLECTION))
    assert "This month is done" in page
    for noise in ("Late", "To send", "unexplained", "Not started", "By reporter"):
        assert noise not in page
    for link in ("Revise this report", "Correct a figure"):
        assert link in page
