"""Every page of the admin: opens for who may, is refused to others, and survives odd addresses."""

from datetime import UTC, date, datetime

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commentary.models import AreaOfFocus, Commentary, FocusUpdate, Overview, SignOff, WarningReason
from indicators.models import (
    Comparator,
    ComparatorGroup,
    CrossCheck,
    CrossCheckTerm,
    Deputy,
    DerivationTerm,
    FixedBaseline,
    Indicator,
    MonthlyValue,
    NationalComparator,
    PeerFigure,
    Population,
    PopulationGroup,
    Rebase,
    Succession,
    Target,
    User,
)
from scorecard.models import (
    CouncilDetails,
    Edition,
    GlossaryEntry,
    Line,
    Publication,
    PublicText,
    Reminder,
    Scorecard,
    Section,
)
from tests.factories import (
    make_dated_edition,
    make_derived,
    make_indicator,
    make_scorecard,
    make_sign_off,
    make_user,
    make_value,
)
from tests.indicators.admin_pages import address

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MODELS = [
    User, Deputy, Indicator, DerivationTerm, MonthlyValue, Target, Comparator, ComparatorGroup,
    NationalComparator, PeerFigure, Rebase, FixedBaseline, Succession,
    PopulationGroup, Population, CrossCheck, CrossCheckTerm, Commentary, Overview, AreaOfFocus, FocusUpdate, SignOff,
    WarningReason, Scorecard, Section, Line, Edition, Publication, Reminder,
]  # fmt: skip
# What the scorecard notes down by itself, and what is opened or given on pages of its own.
RECORDS = (SignOff, Publication, Reminder)
NOT_ADDED_HERE = {*RECORDS, WarningReason, Edition, NationalComparator, PeerFigure}
NOT_DELETED_HERE = {*RECORDS, User}
BY_NAME = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


def make_one_of_each(number=1):
    """A row of every model. Returns nothing; each test looks up the row it needs."""
    person = make_user(f"person{number}", name=f"Person {number}")
    Deputy.objects.create(person=person, deputy=make_user(f"deputy{number}"), starts_on=date(2021, 1, 1))
    indicator = make_indicator(f"A{number}", owner=person, reporter=person)
    derived = make_derived(f"D{number}", [indicator])
    make_value(indicator, figure=5)
    Target.objects.create(indicator=indicator, year=2020, value=10)
    Comparator.objects.create(indicator=indicator, group="england", year=2019, value=7)
    NationalComparator.objects.create(
        indicator=indicator, group="england", year=2019, value=7, source="DfE", basis="As published", on_basis="yes"
    )
    PeerFigure.objects.create(indicator=indicator, year=2019, authority="851", name="Portsmouth", value=7)
    Rebase.objects.create(indicator=indicator, month=date(2021, 1, 1), reason="New system.")
    FixedBaseline.objects.create(indicator=indicator, month=date(2020, 1, 1), periods=12, reason="Before the move.")
    Succession.objects.create(indicator=indicator, former=derived, month=date(2021, 1, 1))
    group = PopulationGroup.objects.create(name=f"Children {number}")
    Population.objects.create(group=group, year=2019, people=51_000)
    Commentary.objects.create(indicator=indicator, month=date(2021, 1, 1), text="Fewer.")
    overview = Overview.objects.create(title=f"January {number}", summary="Quiet.")
    area = AreaOfFocus.objects.create(title=f"Area {number}", opened_on=date(2021, 1, 1))
    FocusUpdate.objects.create(area=area, date=date(2021, 1, 2), text="Begun.")
    scorecard = make_scorecard(indicator, slug=f"card{number}", title=f"Card {number}")
    edition = make_dated_edition(scorecard, overview=overview)
    published = make_dated_edition(make_scorecard(slug=f"other{number}"), date(2021, 2, 1), state="published")
    Publication.objects.create(
        edition=published, number=1, published_by=person, published_at=datetime(2021, 2, 11, 9, tzinfo=UTC),
        checksum="0" * 64,
    )  # fmt: skip
    check = CrossCheck.objects.create(indicator=derived, kind="limit")
    CrossCheckTerm.objects.create(check_of=check, indicator=indicator, role="limit")
    make_sign_off(indicator, "sent_back")
    WarningReason.objects.create(
        indicator=indicator, month=date(2021, 1, 1), warning="unusual", about="5", reason="Counted twice."
    )
    Reminder.objects.create(
        edition=edition, person=person, lines_of=person, kind="opened", occasion="once", lines=1,
        address="person@example.gov.uk", sent_at=datetime(2021, 2, 1, 9, tzinfo=UTC),
    )  # fmt: skip


def queries_of_lists(client):
    """How many queries the list of each model takes."""
    counts = {}
    for model in MODELS:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(model, "changelist")).status_code == 200
        counts[model.__name__] = len(captured)
    return counts


@pytest.fixture
def staff_client():
    client = Client()
    client.force_login(make_user("staff", is_staff=True))
    return client


@BY_NAME
def test_pages_open_for_a_superuser(admin_client, model):
    make_one_of_each()
    pk = model.objects.latest("pk").pk
    for page in [
        address(model, "changelist"),
        address(model, "change", pk),
        address(model, "history", pk),
        address(model, "simple_history", pk, model.history.filter(id=pk).first().pk),
    ]:
        assert admin_client.get(page).status_code == 200, page
    for page, refused in ((address(model, "add"), NOT_ADDED_HERE), (address(model, "delete", pk), NOT_DELETED_HERE)):
        assert admin_client.get(page).status_code == (403 if model in refused else 200), page


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_what_the_scorecard_notes_down_is_changed_by_nobody(admin_client, model):
    make_one_of_each()
    row = model.objects.get()

    for page in ("change", "delete"):
        assert admin_client.post(address(model, page, row.pk), {"post": "yes"}).status_code == 403, page
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    admin_client.post(address(model, "changelist"), chosen)

    assert model.objects.get().version == row.version


@BY_NAME
@pytest.mark.parametrize("page", ["changelist", "add"])
def test_pages_send_a_visitor_to_sign_in(client, model, page):
    response = client.get(address(model, page))

    assert response.status_code == 302
    assert "/login/" in response["Location"]


@pytest.mark.sqlite
@BY_NAME
def test_pages_are_refused_to_staff_without_permission(staff_client, model):
    make_one_of_each()
    pk = model.objects.latest("pk").pk
    for page in ["changelist", "add"]:
        assert staff_client.get(address(model, page)).status_code == 403, page
    for page in ["change", "history", "delete"]:
        assert staff_client.get(address(model, page, pk)).status_code == 403, page


@pytest.mark.sqlite
@BY_NAME
def test_a_viewer_sees_but_cannot_change(model):
    make_one_of_each()
    viewer = make_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename=f"view_{model._meta.model_name}"))
    client = Client()
    client.force_login(viewer)
    page = address(model, "change", model.objects.earliest("pk").pk)

    assert client.get(page).status_code == 200
    assert client.post(page, {}).status_code == 403


@pytest.mark.sqlite
def test_a_list_takes_as_many_queries_for_40_rows_as_for_2(admin_client):
    make_one_of_each(1)
    make_one_of_each(2)
    few = queries_of_lists(admin_client)
    for number in range(3, 41):
        make_one_of_each(number)

    assert queries_of_lists(admin_client) == few


@BY_NAME
def test_odd_addresses_are_no_errors(admin_client, model):
    make_one_of_each()
    pages = [address(model, "changelist") + query for query in ("?q=%00", "?id__exact=x", "?p=x", "?p=999999", "?x=1")]
    pages += [address(model, "changelist") + f"?id__exact={10**30}", address(model, "changelist") + "?%00=%00"]
    pages += [address(model, "changelist") + "?in=%FF&for=x&section=x&o=999&q=" + "x" * 500]
    own = ("change", "history") if model in NOT_DELETED_HERE else ("change", "history", "delete")
    pages += [address(model, page, wrong) for page in own for wrong in ("x", 10**30, 999)]
    for page in pages:
        assert admin_client.get(page).status_code in (200, 302, 404), page


@pytest.mark.parametrize(
    "model", [model for model in MODELS if model not in NOT_ADDED_HERE], ids=lambda model: model.__name__
)
def test_odd_proposals_for_a_new_row_are_no_errors(admin_client, model):
    make_one_of_each()
    pages = [address(model, "add") + "?indicator=x&month=x&owner=-1&groups=x,y&indicators=x&areas_of_focus=1,x"]
    pages += [address(model, "add") + f"?indicator={10**30}&person=x&scorecard=x&section=x&group=x"]
    for page in pages:
        assert admin_client.get(page).status_code in (200, 302, 404), page


@pytest.mark.parametrize("model", [*MODELS, Group], ids=lambda model: model.__name__)
@pytest.mark.parametrize("chosen", ["²", "9" * 25, "0" * 5000, "\x00"])
def test_ticking_a_row_that_cannot_be_is_no_error(admin_client, model, chosen):
    page = address(model, "changelist")

    response = admin_client.post(page, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})

    # The lists of people and groups have no such action, nor those of what is deleted by nobody.
    assert response.status_code in (200, 302)


@pytest.mark.parametrize("model", [*MODELS, Group], ids=lambda model: model.__name__)
def test_a_list_of_ids_that_cannot_be_is_no_error(admin_client, model):
    page = address(model, "changelist")

    response = admin_client.get(f"{page}?id__in={'9' * 25}")

    # PostgreSQL finds no such row; SQLite can't even look for it, and the whole list is shown.
    found_none = response.status_code == 200 and response.context["cl"].result_count == 0
    assert found_none or response["Location"] == f"{page}?e=1"
    assert admin_client.get(f"{page}?e=1").status_code == 200


@pytest.mark.parametrize("model", [MonthlyValue, Commentary])
@pytest.mark.parametrize("year", ["0", "9" * 25, "10000"])
def test_a_year_that_cannot_be_is_no_error(admin_client, model, year):
    make_one_of_each()

    for page in [address(model, "changelist"), *([address(model, "export")] if model is MonthlyValue else [])]:
        assert admin_client.get(f"{page}?month__year={year}").status_code in (200, 302), page


def test_every_model_is_in_the_admin():
    ours = {"indicators", "commentary", "scorecard"}
    registered = {model for model in admin.site._registry if model._meta.app_label in ours}

    # The council’s one row, the glossary and what was decided on texts have tests of their own: test_about.py,
    # test_short_forms.py, test_public_texts.py.
    assert registered == {*MODELS, CouncilDetails, GlossaryEntry, PublicText}


def test_the_pages_carry_the_products_name(admin_client):
    page = admin_client.get(reverse("admin:index")).content.decode()

    assert "Council performance scorecard" in page
    assert "Django administration" not in page


def test_searching_for_an_odd_text_finds_nothing(admin_client):
    response = admin_client.get(
        reverse("admin:autocomplete"),
        {"term": "\x00x", "app_label": "indicators", "model_name": "monthlyvalue", "field_name": "indicator"},
    )

    assert response.json()["results"] == []


def test_a_section_page_takes_as_many_queries_for_many_lines(admin_client, django_assert_max_num_queries):
    few = make_scorecard(*[make_indicator(f"A{number}") for number in range(2)], slug="few").sections.get()
    many = make_scorecard(*[make_indicator(f"B{number}") for number in range(40)], slug="many").sections.get()
    with django_assert_max_num_queries(60) as for_few:
        admin_client.get(address(Section, "change", few.pk))
    with django_assert_max_num_queries(len(for_few)):
        admin_client.get(address(Section, "change", many.pk))


@pytest.mark.sqlite
def test_an_indicator_page_takes_as_many_queries_for_many_targets(admin_client, django_assert_max_num_queries):
    few, many = make_indicator("A1"), make_indicator("A2")
    for indicator, years in ((few, 2), (many, 40)):
        for year in range(2000, 2000 + years):
            Target.objects.create(indicator=indicator, year=year, value=1)
            Comparator.objects.create(indicator=indicator, group="england", year=year, value=1)
            Rebase.objects.create(indicator=indicator, month=date(year, 1, 1), reason="New system.")
    with django_assert_max_num_queries(60) as for_few:
        admin_client.get(address(Indicator, "change", few.pk))
    with django_assert_max_num_queries(len(for_few)):
        admin_client.get(address(Indicator, "change", many.pk))


@pytest.mark.parametrize(
    ("model", "query"),
    [(Indicator, "section"), (Line, "section")],
    ids=["indicators", "lines"],
)
def test_a_list_can_be_narrowed_to_a_section(admin_client, model, query):
    make_one_of_each(1)
    make_one_of_each(2)
    section = Section.objects.first()

    response = admin_client.get(address(model, "changelist"), {query: section.pk})

    assert response.context["cl"].result_count == 1


@pytest.mark.parametrize(
    "model", [MonthlyValue, Rebase, Commentary, SignOff, WarningReason, Edition], ids=lambda model: model.__name__
)
def test_a_list_can_be_narrowed_to_a_month(admin_client, model):
    make_one_of_each()

    for month, count in {"2021-01": 1, "2020-12": 0}.items():
        response = admin_client.get(address(model, "changelist"), {"in": month})
        assert response.context["cl"].result_count == count


@pytest.mark.sqlite
def test_a_month_is_shown_in_words(admin_client):
    make_one_of_each()

    assert "January 2021" in admin_client.get(address(MonthlyValue, "changelist")).content.decode()
