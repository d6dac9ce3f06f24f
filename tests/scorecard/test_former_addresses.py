"""A scorecard that was renamed is found under every slug it ever had, by those who may find it."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from indicators.models import Indicator
from scorecard.management.arguments import scorecard_called
from scorecard.models import Scorecard, Slug
from tests.factories import DECEMBER, JANUARY, make_edition, make_officer, make_scorecard, make_user, publish
from tests.scorecard.cast import make_cast, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def rename(scorecard, *slugs):
    for slug in slugs:
        scorecard.refresh_from_db()
        scorecard.slug = slug
        scorecard.save()


@pytest.fixture
def cast():
    edition = make_cast()
    rename(edition.scorecard, "board", "children")
    return edition


# Addresses


ADDRESSES = [
    "/scorecards/{}/",
    "/scorecards/{}/?month=2020-12",
    "/scorecards/{}/2020-12/",
    "/scorecards/{}/2020-12/?words=a+b&section=front%20door",
    "/scorecards/{}/2020-12/report.csv",
    "/scorecards/{}/2020-12/publications/1/report.json",
    "/scorecards/{}/archive/",
    "/scorecards/{}/compare/?earlier=1&later=2",
    "/scorecards/{}/questions/",
    "/scorecards/{}/2020-12/indicators/{key}/",
    "/scorecards/{}/2020-12/indicators/{key}/chart.json",
    "/returns/{}/2021-01/",
    "/returns/{}/2021-01/lines/{key}/history/",
    "/sign-off/{}/2021-01/",
    "/editions/{}/open/",
    "/collection/{}/2021-01/",
    "/collection/{}/2021-01/hand-over/reporter/",
    "/collection/{}/2021-01/overview/",
]


def test_every_page_leads_on_with_its_query(cast):
    key, officer = Indicator.objects.get(reference="A1").pk, signed_in("officer")
    for former in ("panel", "board"):
        for address in ADDRESSES:
            response = officer.get(address.format(former, key=key))
            told = (response.status_code, response.get("Location"))
            assert told == (301, address.format("children", key=key))


def test_what_was_sent_is_sent_again(cast):
    response = signed_in("officer").post("/collection/panel/2021-01/move/in_review/?a=1", {"version": 1})
    assert (response.status_code, response["Location"]) == (308, "/collection/children/2021-01/move/in_review/?a=1")
    line = signed_in("reporter").post(f"/returns/panel/2021-01/lines/{Indicator.objects.first().pk}/", {})
    assert line.status_code == 308


def test_a_month_that_never_was_stays_missing(cast):
    officer = signed_in("officer")
    assert officer.get("/scorecards/children/1999-01/").status_code == 404
    assert officer.get("/scorecards/panel/1999-01/", follow=True).status_code == 404
    assert officer.get("/scorecards/nothing/2020-12/").status_code == 404


def test_no_circle_when_the_first_slug_comes_back(cast):
    rename(cast.scorecard, "panel")
    officer = signed_in("officer")
    assert officer.get("/scorecards/panel/2020-12/").status_code == 200
    for former in ("board", "children"):
        response = officer.get(f"/scorecards/{former}/2020-12/")
        assert response["Location"] == "/scorecards/panel/2020-12/"
        # A browser that keeps the answer would go from one to the other for ever.
        assert "no-store" in response["Cache-Control"]
    assert list(Slug.objects.order_by("pk").values_list("slug", flat=True)) == ["panel", "board", "children"]


def test_work_that_links_to_it_has_the_present_slug(cast):
    assert "/returns/children/2021-01/" in signed_in("reporter").get("/your-work/").text


def test_commands_know_the_former_slugs_too(cast):
    assert scorecard_called("panel") == scorecard_called("children") == cast.scorecard


# Who is led on


def told(response):
    """The page, without what differs each time."""
    return re.sub(r'value="\w{64}"', "", response.text)


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        (None, "/scorecards/panel/2020-12/", 302),
        ("reporter", "/scorecards/panel/2020-12/", 301),
        ("panel_member", "/scorecards/panel/2020-12/", 301),
        ("stranger", "/scorecards/panel/2020-12/", 404),
        ("stranger", "/scorecards/panel/questions/", 404),
        ("asked", "/scorecards/panel/questions/", 301),
        ("stranger", "/returns/panel/2021-01/", 404),
        ("reporter", "/returns/panel/2021-01/", 301),
        ("stranger", "/collection/panel/2021-01/", 404),
    ],
)
def test_a_private_scorecard_is_as_missing_as_one_that_never_was(cast, who, address, status):
    make_user("stranger")
    asked = make_user("asked")
    question = cast.scorecard.areas_of_focus.get(kind="question")
    question.owner = asked
    question.save()
    client = signed_in(who) if who else Client()
    response = client.get(address)
    assert response.status_code == status
    if status != 301:
        never = client.get(address.replace("panel", "never"))
        assert (never.status_code, told(never)) == (status, told(response).replace("/panel/", "/never/"))


def test_visitors_of_a_public_scorecard_are_led_on_and_kept_pages_are_not_served(settings):
    settings.DEBUG = False
    scorecard = make_scorecard(is_public=True)
    publish(scorecard, DECEMBER)
    visitor = Client()
    assert visitor.get("/scorecards/panel/2020-12/").status_code == 200
    rename(scorecard, "children")
    response = visitor.get("/scorecards/panel/2020-12/")
    assert (response.status_code, response["Location"]) == (301, "/scorecards/children/2020-12/")
    assert visitor.get("/scorecards/panel/2020-12/", follow=True).status_code == 200


def test_one_query_is_all_that_a_page_which_is_missing_costs(cast, django_assert_max_num_queries):
    client = Client()
    with django_assert_max_num_queries(5):
        assert client.get("/scorecards/never/2020-12/").status_code == 302


# A slug belongs to one scorecard for good


def test_another_scorecard_cannot_take_a_slug_that_was_used(cast):
    other = make_scorecard(slug="other")
    for slug in ("panel", "board", "children"):
        other.slug = slug
        with pytest.raises(ValidationError) as refused:
            other.full_clean()
        assert "slug" in refused.value.message_dict
        with pytest.raises(IntegrityError), transaction.atomic():
            other.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_scorecard(slug="board")


def test_admin_says_so_beside_the_field(cast):
    officer = make_officer("boss", is_staff=True)
    client = Client()
    client.force_login(officer)
    typed = {"title": "Another", "slug": "board", "council": "C", "panel": "P", "region": "R"}
    typed |= {"commentary_from_change": "20", "sections-TOTAL_FORMS": "0", "sections-INITIAL_FORMS": "0"}
    page = client.post("/admin/scorecard/scorecard/add/", typed)
    assert page.status_code == 200
    assert "links to it still lead there" in str(page.context["adminform"].form.errors["slug"])
    assert client.post("/admin/scorecard/scorecard/add/", typed | {"slug": "quite-new"}).status_code == 302


def test_history_tells_who_renamed_it(cast):
    slugs = Scorecard.history.filter(id=cast.scorecard.pk).order_by("history_id").values_list("slug", flat=True)
    assert list(dict.fromkeys(slugs)) == ["panel", "board", "children"]


def test_scorecard_without_reports_can_be_deleted_with_its_slugs():
    scorecard = make_scorecard()
    make_edition(scorecard, JANUARY)
    rename(scorecard, "gone")
    scorecard.delete()
    assert not Slug.objects.exists()
