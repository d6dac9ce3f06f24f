"""Names are found however they are typed."""

from urllib.parse import quote

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from indicators.calculations.folding import folded
from indicators.models import Deputy, User
from tests.factories import JANUARY, make_indicator, make_officer, make_user

pytestmark = pytest.mark.each_case


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Siobhán O’Brien", "siobhan o'brien"),
        ("O\u00b4Brien", "O`Brien"),
        ("Siân", "Sia\u0302n"),
        ("Anne–Marie Smith", "anne-marie  smith"),
        ("Zoë\u00a0Müller", " zoe muller "),
        ("Łukasz Søren", "lukasz soren"),
        ("Weiß", "WEISS"),
        ("Nic\u200bola", "Nicola"),
        ("İpek", "ipek"),
    ],
)
def test_names_that_differ_in_spelling_only_are_the_same(stored, typed):
    assert folded(stored) == folded(typed)


@pytest.mark.parametrize(("one", "other"), [("Ann", "Anne"), ("O'Brien", "OBrien"), ("Jo Ann", "Joann")])
def test_different_names_stay_different(one, other):
    assert folded(one) != folded(other)


# Looking for people and titles

SIOBHAN, MULLER, LUKASZ = "Siân O’Brien", "Zoë Müller–Smith", "ŁUKASZ SØRENSEN"
ODD = "Weiß\u00a0İpek  Nic\u200bola Æsa ÞÓR ǅ"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("O'Brien", [SIOBHAN]),
        ("o’brien", [SIOBHAN]),
        ("o`brien", [SIOBHAN]),
        ("Sian", [SIOBHAN]),
        ("SIÂN", [SIOBHAN]),
        ("Sia\u0302n", [SIOBHAN]),
        ("sian o'brien", [SIOBHAN]),
        ("muller-smith", [MULLER]),
        ("Zoe", [MULLER]),
        ("lukasz", [LUKASZ]),
        ("sorensen", [LUKASZ]),
        ("WEISS ipek nicola aesa thor", [ODD]),
        ("100%", []),
        ("_", []),
        ("\\", []),
        ("OBrien", []),
    ],
)
def test_people_are_found_as_their_names_are_typed(typed, found):
    for number, name in enumerate((SIOBHAN, MULLER, LUKASZ, ODD, "Plain Name")):
        make_user(f"person{number}", name=name)
    # As it was stored before texts were brought into one form.
    User.objects.filter(username="person3").update(name=ODD)
    assert list(User.objects.filter(name__folded=typed).values_list("name", flat=True)) == found


@pytest.mark.django_db
def test_wildcards_are_letters_like_any_other():
    make_user("percent", name="100% sure")
    make_user("under", name="a_b")
    make_user("other", name="acb 100 sure")
    for typed, found in (("100%", ["percent"]), ("a_b", ["under"]), ("0% S", ["percent"])):
        assert list(User.objects.filter(name__folded=typed).values_list("username", flat=True)) == [*found]


LISTS = [
    "/admin/indicators/user/?q={}",
    "/admin/indicators/indicator/?q={}",
    "/admin/indicators/deputy/?q={}",
    "/admin/autocomplete/?app_label=indicators&model_name=indicator&field_name=owner&term={}",
    "/admin/scorecard/reminder/?q={}",
    "/admin/commentary/signoff/?q={}",
    "/admin/axes/accessattempt/?q={}",
    "/admin/scorecard/publication/?q={}",
]


@pytest.mark.django_db
def test_admin_finds_them_everywhere(officer_client):
    for address in LISTS:
        for typed in ("O'Brien", "o’brien", "Sian", "brien sian"):
            page = officer_client.get(address.format(quote(typed)))
            assert page.status_code == 200
            if "autocomplete" in address:
                assert [one["text"] for one in page.json()["results"]] == [SIOBHAN]
            elif "/indicators/" in address:
                assert page.context["cl"].result_count == 1
        for odd in ("'", "\x00", "“", "O'", "'a b'", "\\", "%"):
            assert officer_client.get(address.format(quote(odd)), follow=True).status_code == 200


@pytest.mark.django_db
def test_two_names_with_an_apostrophe_are_two_words(officer_client):
    make_user("two", name="D’Arcy O’Neill")
    page = officer_client.get("/admin/indicators/user/", {"q": "O'Neill D'Arcy"})
    assert "D’Arcy O’Neill" in page.text


@pytest.mark.django_db
def test_titles_are_found_too(officer_client):
    make_indicator("CH1", title="Children’s homes, Café")
    page = officer_client.get("/admin/indicators/indicator/", {"q": "children's cafe"})
    assert "CH1" in page.text


@pytest.fixture
def officer_client():
    person = make_user("sian", name=SIOBHAN)
    officer = make_officer(is_staff=True)
    make_indicator("A1", owner=person)
    Deputy.objects.create(person=person, deputy=officer, starts_on=JANUARY)
    client = Client()
    client.force_login(officer)
    return client


@pytest.mark.django_db
def test_every_list_that_can_be_searched_takes_an_apostrophe(admin_client):
    lists = [model for model, page in admin.site._registry.items() if page.search_fields]
    assert len(lists) > 15
    for model in lists:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert admin_client.get(address, {"q": "O'Brien Café 1%"}).status_code == 200, address
