"""Checks between indicators in the admin: a check and what it looks at are made and refused on one page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import CrossCheck, CrossCheckTerm
from tests.factories import make_indicator, make_officer
from tests.indicators.admin_pages import address, filled_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def make_check(*parts, kind="parts", role="part", **fields):
    check = CrossCheck.objects.create(indicator=make_indicator("WHOLE"), kind=kind, **fields)
    for part in parts:
        CrossCheckTerm.objects.create(check_of=check, indicator=part, role=role)
    return check


def terms(*rows):
    """Rows of the page, as role and indicator."""
    typed = {"terms-TOTAL_FORMS": str(len(rows))}
    for number, (role, indicator) in enumerate(rows):
        typed |= {f"terms-{number}-role": role, f"terms-{number}-indicator": str(indicator.pk)}
    return typed


def add(client, indicator, kind, *rows, **changes):
    page = address(CrossCheck, "add")
    return client.post(page, filled_in(client, page, indicator=indicator.pk, kind=kind, **terms(*rows), **changes))


@pytest.mark.parametrize(
    ("kind", "roles"),
    [("parts", ["part", "part"]), ("stock", ["inflow", "outflow"]), ("stock", ["outflow"]), ("limit", ["limit"])],
)
def test_an_officer_makes_a_check_with_its_indicators(kind, roles):
    client, officer = Client(), make_officer(is_staff=True)
    client.force_login(officer)
    others = [make_indicator(f"A{number}") for number in range(len(roles))]

    response = add(client, make_indicator("W"), kind, *zip(roles, others, strict=True), tolerance="2")

    assert response.status_code == 302
    check = CrossCheck.objects.get()
    assert [(term.role, term.indicator) for term in check.terms.all()] == list(zip(roles, others, strict=True))
    assert check.history.get().history_user == officer


@pytest.mark.parametrize(
    ("kind", "role", "message"),
    [
        ("parts", "limit", "it can only be “A part of the whole”."),
        ("stock", "part", "it can only be “Comes in” or “Goes out”."),
        ("limit", "inflow", "it can only be “The limit”."),
    ],
)
def test_a_role_of_another_kind_is_explained_before_the_check_is_saved(admin_client, kind, role, message):
    response = add(admin_client, make_indicator("W"), kind, (role, make_indicator("A1")))

    assert message in response.content.decode()
    assert not CrossCheck.objects.exists()


def test_another_kind_needs_other_roles(admin_client):
    check = make_check(make_indicator("A1"))
    page = address(CrossCheck, "change", check.pk)

    response = admin_client.post(page, filled_in(admin_client, page, kind="limit"))
    assert "it can only be “The limit”." in response.content.decode()
    typed = filled_in(admin_client, page, kind="limit", **{"terms-0-role": "limit"})
    assert admin_client.post(page, typed).status_code == 302

    check.refresh_from_db()
    assert (check.kind, check.terms.get().role) == ("limit", "limit")


def test_a_check_with_nothing_is_explained(admin_client):
    response = add(admin_client, make_indicator("W"), "parts")

    assert "Choose at least one indicator to check it with." in response.content.decode()


def test_the_only_indicator_of_a_check_is_not_taken_away(admin_client):
    check = make_check(make_indicator("A1"))
    page = address(CrossCheck, "change", check.pk)

    response = admin_client.post(page, filled_in(admin_client, page, **{"terms-0-DELETE": "on"}))

    assert "Choose at least one indicator to check it with." in response.content.decode()
    assert check.terms.count() == 1


@pytest.mark.parametrize(("kind", "role"), [("parts", "part"), ("stock", "inflow"), ("limit", "limit")])
def test_a_check_of_an_indicator_with_itself_is_explained(admin_client, kind, role):
    indicator = make_indicator("W")

    response = add(admin_client, indicator, kind, (role, indicator))

    assert "An indicator can only be checked with others." in response.content.decode()


def test_shares_of_a_fixed_total_stand_at_the_first_of_them(admin_client):
    first, second = make_indicator("A1"), make_indicator("A2")

    assert add(admin_client, first, "parts", ("part", first), ("part", second), total="100").status_code == 302

    assert CrossCheck.objects.get().total == 100


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("kind", "role", "changes", "message"),
    [
        ("limit", "limit", {"total": "100"}, "Only parts can have a fixed total."),
        ("limit", "limit", {"tolerance": "-1"}, "A tolerance can&#x27;t be negative."),
        ("limit", "limit", {"tolerance": "few"}, "Enter a number."),
        ("", "limit", {}, "This field is required."),
        ("other", "limit", {}, "Select a valid choice."),
        ("limit", "other", {}, "Select a valid choice."),
        ("limit", "", {}, "This field is required."),
    ],
)
def test_what_a_check_cannot_be_is_explained(admin_client, kind, role, changes, message):
    response = add(admin_client, make_indicator("W"), kind, (role, make_indicator("A1")), **changes)

    assert response.status_code == 200
    assert message in response.content.decode()
    assert not CrossCheck.objects.exists()


@pytest.mark.sqlite
@pytest.mark.parametrize("indicator", ["", "x", "-1", str(10**30), "999"])
def test_a_check_of_nothing_is_explained(admin_client, indicator):
    page = address(CrossCheck, "add")
    typed = filled_in(admin_client, page, indicator=indicator, kind="limit", **terms(("limit", make_indicator("A1"))))

    response = admin_client.post(page, typed)

    assert response.context["adminform"].form.errors["indicator"]


def test_the_same_indicator_twice_is_explained(admin_client):
    part = make_indicator("A1")

    response = add(admin_client, make_indicator("W"), "parts", ("part", part), ("part", part))

    assert "Please correct the duplicate data" in response.content.decode()


def test_an_empty_page_of_what_is_checked_is_explained(admin_client):
    page = address(CrossCheckTerm, "add")

    response = admin_client.post(page, filled_in(admin_client, page))

    assert set(response.context["adminform"].form.errors) == {"check_of", "role", "indicator"}


def test_an_untouched_page_writes_nothing(admin_client):
    check = make_check(make_indicator("A1"), tolerance="0.5")
    page = address(CrossCheck, "change", check.pk)

    assert admin_client.post(page, filled_in(admin_client, page)).status_code == 302

    assert (check.history.count(), CrossCheckTerm.history.count()) == (1, 1)


def test_the_page_takes_as_many_queries_for_40_indicators_as_for_2(admin_client):
    counts = []
    for size in (2, 40):
        parts = [make_indicator(f"{size}-{number}") for number in range(size)]
        check = CrossCheck.objects.create(indicator=make_indicator(f"W{size}"), kind="parts")
        for part in parts:
            CrossCheckTerm.objects.create(check_of=check, indicator=part, role="part")
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(address(CrossCheck, "change", check.pk))
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_a_search_finds_a_check_by_what_it_is_made_with(admin_client):
    make_check(make_indicator("A1"), make_indicator("A12"))

    for words, count in {"WHOLE": 1, "A1": 1, "B1": 0}.items():
        response = admin_client.get(address(CrossCheck, "changelist"), {"q": words})
        assert response.context["cl"].result_count == count, words
