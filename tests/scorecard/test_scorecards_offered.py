"""Several scorecards: which comes first, and the ways between them in the header."""

import re
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from scorecard.models import Scorecard
from scorecard.roles import PANEL_MEMBERS
from tests.factories import JANUARY, make_indicator, make_officer, make_scorecard, make_user, make_value, publish

pytestmark = [pytest.mark.django_db]
order = import_module("scorecard.migrations.0007_order")
PAGE = "/scorecards/panel/2021-01/"


@pytest.fixture
def four():
    """The panel's, published for January 2021, second; schools first; two without a number, one of which is private."""
    indicator = make_indicator(reporter=make_user("reporter"))
    make_value(indicator, JANUARY, 20)
    panel = make_scorecard(indicator, title="Panel scorecard", is_public=True, position=2)
    publish(panel)
    make_scorecard(slug="zoo", title="A zoo", is_public=True)
    make_scorecard(make_indicator("B", owner=make_user("keeper")), slug="secret", title="Secret one", is_public=False)
    make_scorecard(slug="schools", title="Schools scorecard", is_public=True, position=1)
    return indicator


def offered(response):
    """The slugs in the header, with a star at the one that the page is of."""
    nav = re.search(r'<nav aria-label="Scorecards".*?</nav>', response.content.decode(), re.DOTALL)
    links = re.findall(r'href="/scorecards/(\w+)/"( aria-current)?', nav[0]) if nav else []
    return " ".join(slug + "*" * bool(current) for slug, current in links)


def somebody(name):
    if name == "member":
        make_user("member").groups.add(Group.objects.get(name=PANEL_MEMBERS))
    return make_officer() if name == "officer" else type(make_user("any")).objects.get(username=name)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (None, "schools panel* zoo"),
        ("reporter", "schools panel* zoo"),
        ("keeper", "schools panel* zoo secret"),
        ("member", "schools panel* zoo secret"),
        ("officer", "schools panel* zoo secret"),
    ],
)
def test_pages_offer_what_their_reader_may_read_in_order(client, four, name, expected):
    if name:
        client.force_login(somebody(name))
    pages = [PAGE, f"{PAGE}indicators/{four.pk}/", "/scorecards/panel/archive/", "/scorecards/panel/2019-01/"]
    pages += [f"{PAGE}indicators/0/", "/scorecards/panel/compare/"]
    assert {page: offered(client.get(page)) for page in pages} == dict.fromkeys(pages, expected)


def test_pages_of_the_questions_offer_them_too(client, four):
    client.force_login(make_officer())
    pages = ["/scorecards/panel/questions/", "/scorecards/panel/questions/new/"]
    assert {offered(client.get(page)) for page in pages} == {"schools panel* zoo secret"}


def test_a_scorecard_without_reports_leads_on(client, four):
    response = client.get("/", follow=True)
    assert response.request["PATH_INFO"] == "/scorecards/schools/"
    assert offered(response) == "schools* panel zoo"


def test_whoever_may_not_read_the_first_gets_the_next(client, four):
    first = Scorecard.objects.get(slug="schools")
    first.is_public = False
    first.save()
    assert client.get("/").url == "/scorecards/panel/"
    client.force_login(make_officer())
    assert client.get("/").url == "/scorecards/schools/"


def test_the_only_scorecard_offers_no_other(client, four):
    Scorecard.objects.exclude(slug="panel").delete()
    assert 'aria-label="Scorecards"' not in client.get(PAGE).content.decode()


def test_a_title_is_shown_as_it_was_typed(client, four):
    Scorecard.objects.filter(slug="zoo").update(title="A <b>zoo</b> & more")
    assert "A &lt;b&gt;zoo&lt;/b&gt; &amp; more</a>" in client.get(PAGE).content.decode()


# Kept pages


def change_scorecard(found, **fields):
    scorecard = Scorecard.objects.get(slug=found)
    for name, value in fields.items():
        setattr(scorecard, name, value)
    scorecard.save()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda: change_scorecard("zoo", position=3, is_public=False), "schools panel*", id="made private"),
        pytest.param(lambda: change_scorecard("secret", is_public=True), "schools panel* zoo secret", id="made public"),
        pytest.param(lambda: change_scorecard("zoo", slug="park"), "schools panel* park", id="another address"),
        pytest.param(lambda: change_scorecard("schools", position=3), "panel* schools zoo", id="another order"),
        pytest.param(lambda: make_scorecard(slug="new", is_public=True), "schools panel* zoo new", id="added"),
        pytest.param(lambda: Scorecard.objects.get(slug="schools").delete(), "panel* zoo", id="deleted"),
        pytest.param(
            lambda: (change_scorecard("zoo", is_public=False), change_scorecard("secret", is_public=True)),
            "schools panel* secret",
            id="one for another",
        ),
    ],
)
def test_kept_page_is_drawn_anew_when_another_scorecard_changes(client, settings, four, change, expected):
    settings.PUBLISHED_PAGES_HOLD_SECONDS = 0
    before = client.get(PAGE)
    assert client.get(PAGE, headers={"if-none-match": before["ETag"]}).status_code == 304

    change()

    after = client.get(PAGE, headers={"if-none-match": before["ETag"]})
    assert (after.status_code, offered(after)) == (200, expected)


# Order


def test_two_scorecards_cannot_have_one_place():
    make_scorecard(slug="one", position=1)
    with pytest.raises(ValidationError) as refused:
        Scorecard(slug="other", title="B", council="C", panel="D", position=1).full_clean()
    assert refused.value.message_dict == {"position": ["Another scorecard has this place."]}
    with pytest.raises(IntegrityError), transaction.atomic():
        make_scorecard(slug="other", position=1)


def test_the_first_place_is_number_1():
    for place in (0, 1000):
        with pytest.raises(ValidationError, match="than or equal to"):
            Scorecard(slug="other", title="B", council="C", panel="D", position=place).full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            make_scorecard(slug="other", position=place)


@pytest.mark.sqlite
@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "first", "1e9", "99999", "½", "1"])
def test_a_place_that_is_none_is_refused_beside_the_field(client, four, typed):
    officer = make_officer(is_staff=True, is_superuser=True)
    client.force_login(officer)
    panel = Scorecard.objects.get(slug="panel")
    address = reverse("admin:scorecard_scorecard_change", args=[panel.pk])
    form = client.get(address).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    inline = {"sections-TOTAL_FORMS": 0, "sections-INITIAL_FORMS": 0}
    response = client.post(address, {**sent, **inline, "areas_of_focus": [], "position": typed})
    assert response.status_code == 200
    assert "position" in response.context["adminform"].form.errors
    panel.refresh_from_db()
    assert panel.position == 2


@pytest.mark.parametrize(("slugs", "expected"), [(["only"], [1]), (["one", "other"], [None, None]), ([], [])])
def test_migration_puts_the_only_scorecard_first(slugs, expected):
    made = [make_scorecard(slug=slug) for slug in slugs]
    order.put_the_only_one_first(apps, SimpleNamespace(connection=connection))
    assert [Scorecard.objects.get(pk=one.pk).position for one in made] == expected
    assert [one.history.get().position for one in made] == expected
