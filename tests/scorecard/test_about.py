"""Pages about the site, linked from everywhere: the council's own details or that they are missing; the policies."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from scorecard.models import CouncilDetails
from tests.factories import DECEMBER, JANUARY, make_edition, make_officer, make_scorecard, make_user, publish
from tests.indicators.admin_pages import filled_in
from tests.scorecard.returns.returning import page_of, words_of

pytestmark = pytest.mark.django_db
PAGES = ["/accessibility/", "/privacy/", "/cookies/", "/contact/", "/release-practice/", "/revisions-policy/"]
PAGES += ["/confidentiality/"]
ALL = [*PAGES, "/accessibility/criteria/"]
TODAY = timezone.localdate()
FULL = {
    "council": "Exampleshire <County> Council",
    "email": "figures@example.gov.uk",
    "phone": "023 8083 3000 ext 12",
    "address": "Civic Centre\nExampletown",
    "answers_within": 5,
    "data_protection_officer": "Head of Information Governance",
    "data_protection_email": "dpo@example.gov.uk",
    "keeps_accounts": "six years",
    "more_on_privacy": "We also …",
    "not_accessible": "The map of 2019.",
    "statement_prepared_on": date(2026, 1, 5),
    "statement_reviewed_on": date(2026, 2, 5),
    "early_access": "Chief executive, to prepare the meeting",
}


def told(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return words_of(page_of(response))


# Links


@pytest.fixture
def report():
    scorecard = make_scorecard(is_public=True)
    publish(scorecard, DECEMBER)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "address",
    [*ALL, "/sign-in/", "/", "/nothing/", "/scorecards/panel/2020-12/", "/scorecards/panel/archive/", "/signed-out/"],
)
def test_every_page_links_to_them_in_the_same_order(client, report, address):
    html = page_of(client.get(address, follow=True)).rpartition("<footer")[2]
    places = [html.index(f'<a href="{page}">') for page in (*PAGES[:5], "/revisions-policy/", "/confidentiality/")]
    assert places == sorted(places)


@pytest.mark.sqlite
def test_error_pages_and_the_administration_link_to_them(client):
    for template in ("500.html", "403.html", "404.html", "403_csrf.html"):
        assert 'href="/contact/"' in render_to_string(template)
    client.force_login(make_officer(is_staff=True))
    assert 'href="/accessibility/"' in client.get("/admin/").text
    assert 'href="/accessibility/"' in Client().get("/sign-in/").text


# What the council has filled in, and what it has not


@pytest.mark.sqlite
def test_nothing_is_made_up_where_nothing_is_filled_in(client):
    assert "The council has not filled in how it is reached yet." in told(client, "/contact/")
    privacy = told(client, "/privacy/")
    for what in ("its name", "who its data protection officer is", "how long accounts and the history are kept"):
        assert f"The council has not filled in {what} yet." in privacy
    assert "not filled in when this statement was prepared" in told(client, "/accessibility/")
    assert "The council has not listed anybody here." in told(client, "/release-practice/")


@pytest.mark.sqlite
def test_pages_have_the_councils_own_details(client):
    CouncilDetails.objects.create(**FULL)
    for address in ("/contact/", "/privacy/", "/accessibility/"):
        page = told(client, address)
        assert "not filled in" not in page
        assert "Exampleshire &lt;County&gt; Council" in page_of(client.get(address))
        assert "figures@example.gov.uk" in page
        assert "within 5 working days" in page
    assert "prepared on 5 January 2026" in told(client, "/accessibility/")
    assert "last reviewed on 5 February 2026" in told(client, "/accessibility/")
    assert "The map of 2019." in told(client, "/accessibility/")
    assert "Chief executive, to prepare the meeting" in told(client, "/release-practice/")
    assert "Accounts and the history: six years." in told(client, "/privacy/")


def test_officers_see_what_is_open_and_fill_it_in(client):
    officer = make_officer(is_staff=True)
    client.force_login(officer)
    work = page_of(client.get("/your-work/"))
    assert "Not filled in yet" in work
    assert 'href="/setup/council/"' in work
    add = "/admin/scorecard/councildetails/add/"
    typed = filled_in(client, add, council="Exampleshire", email="figures@example.gov.uk")
    assert client.post(add, typed).status_code == 302
    details = CouncilDetails.present()
    entry = details.history.get()
    assert (details.pk, entry.history_user, entry.council) == (1, officer, "Exampleshire")
    work = page_of(client.get("/your-work/"))
    assert "data protection officer" in work
    change = "/admin/scorecard/councildetails/1/change/"
    typed = filled_in(client, change) | {name: str(value) for name, value in FULL.items()}
    assert client.post(change, typed).status_code == 302
    assert "Not filled in yet" not in page_of(client.get("/your-work/"))
    # There is one row, which stays.
    assert client.get(add).status_code == 403
    assert client.post("/admin/scorecard/councildetails/1/delete/", {"post": "yes"}).status_code == 403


def test_others_are_not_bothered(client):
    client.force_login(make_user("lead"))
    assert "Not filled in yet" not in page_of(client.get("/your-work/"))


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("phone", "ask Jane"),
        ("phone", "<b>1</b>"),
        ("data_protection_email", "a@"),
        ("answers_within", -1),
        ("statement_prepared_on", TODAY + timedelta(days=1)),
        ("statement_reviewed_on", date(2025, 12, 31)),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(client, field, value):
    details = CouncilDetails.objects.create(**FULL)
    setattr(details, field, value)
    with pytest.raises(ValidationError) as refused:
        details.full_clean()
    assert set(refused.value.message_dict) <= {field, "__all__"}
    client.force_login(make_officer(is_staff=True))
    page = "/admin/scorecard/councildetails/1/change/"
    assert client.post(page, filled_in(client, page, **{field: str(value)})).status_code == 200


def test_there_is_never_a_second_row():
    CouncilDetails.objects.create(council="One")
    with pytest.raises(IntegrityError), transaction.atomic():
        CouncilDetails.objects.create(council="Two")
    with pytest.raises(IntegrityError), transaction.atomic():
        CouncilDetails.objects.bulk_create([CouncilDetails(id=2)])


# Policies


def test_code_of_practice_is_cited_in_its_edition(client):
    for address in ("/revisions-policy/", "/release-practice/", "/confidentiality/"):
        assert "edition 3.0" in told(client, address)
    html = page_of(client.get("/revisions-policy/"))
    assert 'href="/release-practice/"' in html
    assert 'href="/confidentiality/"' in html
    assert ".md" not in html


def test_meetings_to_come_are_announced_to_whom_may_read_the_scorecard(client):
    meets = {"meeting_date": TODAY + timedelta(days=30)}
    make_edition(make_scorecard(is_public=True, title="Public one"), JANUARY, **meets)
    make_edition(make_scorecard(slug="hidden", title="Private one"), JANUARY, **meets)
    past = {name: TODAY - timedelta(days=1) for name in ("opens_on", "due_on", "meeting_date")}
    make_edition(make_scorecard(slug="past", is_public=True, title="Past one"), JANUARY, **past)
    shown = told(client, "/release-practice/")
    assert f"Public one, January 2021: before the meeting on {meets['meeting_date']:%A %-d %B %Y}" in shown
    assert "Private one" not in shown
    assert "Past one" not in shown
    client.force_login(make_officer())
    assert "Private one" in told(client, "/release-practice/")


@pytest.mark.sqlite
def test_statement_has_what_the_regulations_ask_for(client):
    page = told(client, "/accessibility/")
    for words in (
        "This accessibility statement applies to",
        "is committed to making its website accessible, in accordance with the Public Sector Bodies (Websites and "
        "Mobile Applications) (No. 2) Accessibility Regulations 2018",
        "Compliance status",
        "partially compliant with the Web Content Accessibility Guidelines version 2.2 AA standard",
        "Non-accessible content",
        "Preparation of this accessibility statement",
        "Feedback and contact information",
        "Enforcement procedure",
        "Equality and Human Rights Commission",
        "Of the 55 criteria",
    ):
        assert words in page


def test_search_engines_are_told_what_to_leave_alone(client):
    told = client.get("/robots.txt")
    assert told["Content-Type"].startswith("text/plain")
    # As Lighthouse reads it: a group of agents, then rules with addresses or patterns.
    agents, *rules = told.text.splitlines()
    assert agents == "User-agent: *"
    assert all(rule.startswith(("Disallow: /", "Allow: /")) for rule in rules)
    closed = [rule.removeprefix("Disallow: ") for rule in rules]
    for address in ("/admin/", "/sign-in/", "/collection/panel/2021-01/public/", "/returns/x/2021-01/", "/your-work/"):
        assert any(address.startswith(one) for one in closed), address
    for address in ("/", "/scorecards/panel/2021-01/", "/accessibility/", "/static/app.css"):
        assert not any(address.startswith(one) for one in closed), address


def test_icon_is_where_browsers_look_for_it(client):
    icon = client.get("/favicon.ico")
    assert (icon.status_code, icon["Content-Type"]) == (200, "image/svg+xml")
    assert b"<svg" in icon.content


def test_page_says_what_it_is_about(client):
    assert re.search(r'<meta name="description" content="[^"]{50,}">', client.get("/accessibility/").text)
