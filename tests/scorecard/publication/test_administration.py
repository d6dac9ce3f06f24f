"""Whatever the administration can do, what was published is read as before, and nothing else in its place.

Every model of the administration is gone through: each field of a row's page and inlines, deleting a few rows and all,
going back in the history. So a model that is new is tried without being named here.
"""

import re
from datetime import date, timedelta

import pytest
from django import forms
from django.contrib import admin
from django.core.cache import cache
from django.test import Client

from commentary.models import AreaOfFocus, FocusUpdate, Overview
from indicators.models import (
    Comparator,
    Deputy,
    Indicator,
    Population,
    PopulationGroup,
    Rebase,
    Succession,
    Target,
    User,
)
from scorecard.models import CouncilDetails, GlossaryEntry, Scorecard
from scorecard.publication import reading
from scorecard.publication.verifying import find_problems
from tests.databases import database_with
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_derived,
    make_edition,
    make_indicator,
    make_officer,
    make_person,
    make_scorecard,
    make_user,
    make_value,
    publish,
)
from tests.indicators.admin_pages import address

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.sqlite]
FEBRUARY = date(2021, 2, 1)
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
# What is the same to the byte. What is drawn of the present (names of scorecards, the archive) is asked for an answer.
FROZEN = [
    f"/scorecards/panel/{month}/{place}"
    for month, place in (
        *(("2020-12", place) for place in ("", "report.json", "indicators/{key}/chart.json")),
        *(("2021-01", place) for place in ("", "report.csv", "report.json", "report.tidy.zip", "publications/1/")),
        *(("2021-01", f"indicators/{place}") for place in ("{key}/", "{key}/figures.csv?months=all", "{rate}/")),
    )
]
PRESENT = [
    *("/", "/scorecards/panel/", "/scorecards/panel/archive/", "/scorecards/panel/compare/"),
    *("/scorecards/panel/compare/?a=2020-12.1&b=2021-01.1", "/scorecards/panel/withheld/"),
    "/scorecards/panel/questions/",
]
OFFICERS = [
    "/editions/",
    "/scorecards/panel/public/",
    *(f"/collection/panel/2021-01/{place}" for place in ("", "revise/", "overview/", "public-texts/", "public/")),
    *(f"/{place}/panel/2021-01/" for place in ("returns", "sign-off")),
    "/collection/panel/2021-02/",
    "/scorecards/private/2021-01/",
]


def make_council():
    """A public scorecard that hides small counts and a private one, both published, with a row of whatever there is."""
    make_officer("priya", is_staff=True)
    make_user("root", is_superuser=True, is_staff=True)
    panel = make_person("member")
    panel.groups.add(*panel.groups.model.objects.filter(name="Panel members"))
    owner, reporter = make_user("owner", name="Head of care"), make_user("reporter", name="Team lead")
    counted = make_indicator("A1", owner=owner, reporter=reporter, polarity="low", scope="national", definition="All.")
    for month, figure in ((date(2020, 11, 1), 11), (DECEMBER, 3), (JANUARY, 20), (FEBRUARY, 4)):
        make_value(counted, month, figure)
    former = make_indicator("A0")
    Succession.objects.create(indicator=counted, former=former, month=DECEMBER)
    group = PopulationGroup.objects.create(name="Children")
    Population.objects.create(group=group, year=2020, people=5000)
    rate = make_derived("A2", [counted], unit="rate_10000", population=group)
    secret = make_indicator("S1", title="Told to nobody")
    make_value(secret, JANUARY, 7777)
    shown = {"is_public": True, "council": "Hill Council", "panel": "Families Panel"}
    board = make_scorecard(counted, rate, suppresses_small_counts=True, **shown)
    Target.objects.create(indicator=counted, year=2020, value=15)
    Comparator.objects.create(indicator=counted, group_id="england", year=2019, value=12, on_basis="yes")
    Rebase.objects.create(indicator=counted, month=DECEMBER, reason="A new system.")
    area = AreaOfFocus.objects.create(title="Caseloads", opened_on=JANUARY, response="More staff.", owner=owner)
    area.indicators.add(counted)
    FocusUpdate.objects.create(area=area, date=JANUARY, text="Recruiting.")
    board.areas_of_focus.add(area)
    GlossaryEntry.objects.get_or_create(short_form="MASH", defaults={"meaning": "Hub."})
    Deputy.objects.create(person=owner, deputy=reporter, starts_on=JANUARY, ends_on=FEBRUARY)
    CouncilDetails.objects.get_or_create(defaults={"council": "Hill Council"})
    publish(board, DECEMBER)
    overview = Overview.objects.create(title="January", summary="All well.")
    publish(board, JANUARY, overview=overview, meeting_date=date(2021, 2, 11))
    make_edition(board, FEBRUARY)
    private = make_scorecard(secret, slug="private", title="Private scorecard", suppresses_small_counts=True)
    publish(private, JANUARY)
    make_edition(private, DECEMBER)


council = database_with(make_council)


@pytest.fixture(autouse=True)
def in_the_council(council, db):
    """Each test undoes what it changes."""


def readers():
    """Everybody who reads it, each from a server that has kept nothing."""
    reading._kept.clear()
    cache.clear()
    clients = {"the public": Client()}
    for name in ("member", "priya"):
        clients[name] = Client()
        clients[name].force_login(User.objects.get(username=name))
    return clients


@pytest.fixture(scope="module")
def addresses(council):
    keys = {name: Indicator.objects.get(reference=ref).pk for name, ref in (("key", "A1"), ("rate", "A2"))}
    return [place.format(**keys) for place in FROZEN]


def read(addresses):
    """What each reads, without what pages say of the present: a token, and the scorecard's name in addresses, in names
    of files and in the header.
    """
    found = {}
    for who, client in readers().items():
        for place in addresses if who != "priya" else []:
            response = client.get(place, follow=True)
            assert response.status_code == 200, (who, place)
            found[who, place] = TOKEN.sub(b"", response.content)
            found[who, place] = found[who, place].replace(b"panelx", b"panel").replace(b"scorecardx", b"scorecard")
    return found


@pytest.fixture(scope="module")
def before(council, addresses):
    return read(addresses)


def answers():
    """No page fails, and none tells the public of the private scorecard."""
    for who, client in readers().items():
        for place in PRESENT + (OFFICERS if who == "priya" else []):
            response = client.get(place, follow=True)
            assert response.status_code in (200, 403, 404), (who, place, response.status_code)
            if who == "the public":
                assert b"Told to nobody" not in response.content
                assert b"7777" not in response.content
    assert Client().get("/scorecards/private/2021-01/").status_code in (302, 404)


def other(field, value):
    """Another value that the field might take; None for what stays."""
    if isinstance(field.widget, forms.HiddenInput) or isinstance(field, forms.models.InlineForeignKeyField):
        return None
    if isinstance(field, forms.ModelMultipleChoiceField):
        return []
    if isinstance(field, forms.ModelChoiceField):
        found = next((row for row in field.queryset if str(field.prepare_value(row)) != value), None)
        return "" if found is None else str(field.prepare_value(found))
    if isinstance(field, forms.BooleanField):
        return "" if value else "on"
    if isinstance(field, forms.ChoiceField):
        return next((str(key) for key, _ in field.choices if key and str(key) != value), None)
    if isinstance(field, (forms.DateField,)) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return (date.fromisoformat(value) + timedelta(days=1)).isoformat()
    if re.fullmatch(r"\d{4}-\d\d(-01)?", value):
        return "2021-03"
    if re.fullmatch(r"\d+", value):
        return str(int(value) + 1)
    return f"{value}x"


def bound_forms(response):
    yield response.context["adminform"].form
    for inline in response.context["inline_admin_formsets"]:
        yield inline.formset.management_form
        yield from inline.formset.forms


def fields_of(response):
    for form in bound_forms(response):
        for bound in form:
            value = bound.field.prepare_value(bound.value()) if bound.value() is not None else ""
            texts = [str(one) for one in value] if isinstance(value, list) else str(value)
            yield bound.html_name, (bound.field, "" if value is False else texts)


def rows_of(model):
    """The keys of some rows; of people those whose accounts nobody reads with here."""
    rows = model._base_manager.filter(username="owner") if model is User else model._base_manager.all()
    return list(rows.order_by("pk").values_list("pk", flat=True)[:2])


def change_each_field(client, model):
    """Post each field of a row's page with another value; how many were saved. Rows of inlines have pages too."""
    saved = 0
    for key in rows_of(model)[:1]:
        page = address(model, "change", key)
        response = client.get(page)
        if "adminform" not in (response.context or {}):
            continue
        fields = dict(fields_of(response))
        for name in list(fields):
            if name not in fields or "-" in name or (to := other(*fields[name])) is None:
                continue
            data = {one: value for one, (_, value) in fields.items() if value not in ("", None)} | {name: to}
            posted = client.post(page, data)
            assert posted.status_code in (200, 302, 403), (page, name)
            if posted.status_code == 302:
                saved += 1
                fields = dict(fields_of(client.get(page)))
    return saved


def delete_each_and_all(client, model):
    """Ask for a row's deletion and delete it, then for that of all; how many are gone."""
    before = model._base_manager.count()
    for key in rows_of(model):
        row, page = model._base_manager.filter(pk=key).first(), address(model, "delete", key)
        assert client.get(page).status_code in (200, 302, 403), page
        posted = client.post(page, {"post": "yes", "read_version": getattr(row, "version", "")})
        assert posted.status_code in (200, 302, 403), page
    keys = [str(key) for key in model._base_manager.values_list("pk", flat=True)]
    chosen = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    assert client.post(address(model, "changelist"), chosen).status_code in (200, 302, 403), model
    return before - model._base_manager.count()


def go_back(client, model):
    """Post an earlier version of a row as the history shows it, which nobody can."""
    for key in rows_of(model)[:1] if hasattr(model, "history") else []:
        for version in model.history.filter(**{model._meta.pk.name: key}).values_list("history_id", flat=True)[:1]:
            page = address(model, "simple_history", key, version)
            assert client.post(page, {}).status_code == 403
    return 0


ACTS = {"changed": change_each_field, "deleted": delete_each_and_all, "gone back": go_back}
MODELS = [model for model in admin.site._registry if model._meta.app_label in ("scorecard", "commentary", "indicators")]


# Officers may do all that superusers may to these; each act is tried as one of them.
@pytest.mark.parametrize(("who", "act"), [("priya", "changed"), ("root", "deleted"), ("root", "gone back")])
def test_what_was_published_stays(who, act, before, addresses):
    client = Client()
    client.force_login(User.objects.get(username=who))

    done = {model.__name__: ACTS[act](client, model) for model in MODELS}

    kept = {name: done[name] for name in ("Edition", "Publication", "PublicText", "User")}
    if act == "deleted":
        assert not any(kept.values()), kept
    if act == "changed":
        assert min(done["Scorecard"], done["Indicator"]) > 5
        assert Scorecard.objects.filter(slug="panelx", title="Panel scorecardx").exists()
    after = read(addresses)
    assert [place for place in before if before[place] != after[place]] == []
    answers()
    assert list(find_problems(Scorecard.objects.all())) == []
