"""Who is offered as owner, reporter, deputy and to answer: those who can have a part in it, on every page."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from indicators.models import Deputy, User
from scorecard.roles import PANEL_MEMBERS
from tests.factories import JANUARY, make_question
from tests.scorecard.returns.returning import make_collection, make_reported, officer, page_of, person, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.sqlite]
OFFERED = {"lead", "head", "officer", "new", "both", "dana"}


@pytest.fixture
def edition():
    """A councillor, one who also reports, one who stands in, somebody new, and somebody who has left."""
    panel = Group.objects.get(name=PANEL_MEMBERS)
    for name in ("councillor", "both", "dana"):
        person(name).groups.add(panel)
    person("new")
    left = person("gone")
    left.is_active = False
    left.save()
    Deputy.objects.create(person=person("lead"), deputy=person("dana"), starts_on=JANUARY)
    return make_collection(make_reported("A1"), make_reported("B1", reporter=person("both")))


@pytest.fixture
def at_work(client, edition):
    user = officer()
    user.is_staff = user.is_superuser = True
    user.save()
    client.force_login(user)
    return client


def test_only_people_with_a_part_in_it_are_offered(at_work, edition):
    asked, lead = make_question(edition.scorecard, asked_by=person("councillor")), person("lead")
    pages = {
        "/collection/panel/2021-01/hand-over/lead/": ["deputy"],
        "/scorecards/panel/edit/": ["owner", "reporter"],
        "/scorecards/panel/edit/new-indicator/": ["owner", "reporter"],
        f"/scorecards/panel/questions/{asked.pk}/": ["owner"],
        f"/people/{lead.pk}/": ["deputy"],
        f"/people/{lead.pk}/leave/": ["all"],
        reverse("admin:indicators_user_change", args=[lead.pk]): ["successor"],
    }
    people = {str(one.pk): one.username for one in User.objects.all()}
    for address, fields in pages.items():
        html = page_of(at_work.get(address))
        for field in fields:
            select = re.search(rf'<select[^>]* name="{field}".*?</select>', html, re.DOTALL)[0]
            # Nobody takes over from themselves.
            offered = {people[key] for key in re.findall(r'value="(\d+)"', select)} | {"lead"}
            assert offered == OFFERED, (address, field)
    for model, field in (("indicator", "owner"), ("deputy", "deputy"), ("indicator", "reporter")):
        about = {"app_label": "indicators", "model_name": model, "field_name": field}
        found = at_work.get(reverse("admin:autocomplete"), about).json()["results"]
        assert {people[one["id"]] for one in found} == OFFERED, field


def test_who_is_not_offered_is_refused(at_work, edition):
    sent = {"deputy": person("councillor").pk}
    assert at_work.post("/collection/panel/2021-01/hand-over/lead/", sent).status_code == 422
    assert Deputy.objects.count() == 1


def test_new_indicator_says_that_it_is_on_no_scorecard_and_offers_sections(at_work):
    address = reverse("admin:indicators_indicator_add")
    html = page_of(at_work.get(address))
    sent = dict.fromkeys(re.findall(r'name="([^"]+-(?:TOTAL|INITIAL)_FORMS)"', html), "0")
    sent |= {"reference": "N1", "title": "New", "unit": "count", "decimal_places": "0", "polarity": "low"}
    sent |= {"kind": "figure", "frequency": "monthly", "year_starts": "4", "scope": "local", "accumulation": "no"}
    answer = page_of(at_work.post(address, sent, follow=True))
    assert "N1 is on no scorecard, so nobody is asked for it and no reader sees it." in words_of(answer)
    assert 'href="/scorecards/panel/edit/?find=N1#find"' in answer
