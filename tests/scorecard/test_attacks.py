"""What somebody tries who means harm: one test for each way, over every address that the resolver knows."""

import random
import re
from urllib.parse import quote, urlencode, urljoin, urlsplit

import pytest
from django.apps import apps
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from indicators.models import User
from scorecard.models import Edition, Scorecard
from tests.databases import database_with
from tests.factories import DECEMBER, JANUARY, make_indicator, make_person, make_scorecard, publish
from tests.scorecard import access
from tests.scorecard.cast import make_cast, send_everything, signed_in, stored, take_to
from tests.scorecard.fuzz import MARKUP, addresses, names_in_the_source, routes
from tests.scorecard.test_access import request_for, rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]
# Addresses that take a POST without the token of a form, each with the reason.
WITHOUT_TOKEN: dict[str, str] = {}
EVIL = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "http:///evil.example/",
    "https:evil.example",
    "/\\evil.example/",
    "\\\\evil.example/",
    "\t//evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    "//testserver@evil.example/",
    "https://testserver.evil.example/",
    "http://testserver:80@evil.example/",
    "//evil%2eexample/",
    "javascript:alert(1)",
    "data:text/html,hello",
    "%2f%2fevil.example/",
)
NEXT_LIKE = ("next", "redirect_to", "redirect", "return_to", "url", "continue", "back", "r", "to", "process", "state")


def make_attacked():
    """The cast with its month, a second scorecard that visitors can't read, and somebody who can sign in."""
    make_cast()
    send_everything()
    make_person("person", name="Petra Person", email="person@example.org")
    secret = make_scorecard(make_indicator("S1"), slug="secret")
    publish(secret, DECEMBER)


attacked = database_with(make_attacked)


def plain_addresses():
    """Each address once, with what is there in every part of it."""
    for route in sorted(set(routes())):
        yield route, addresses(random.Random(1), route, oddness=0)  # noqa: S311 - nothing secret


def undone(ask, *arguments, **named):
    with transaction.atomic():
        response = ask(*arguments, **named)
        transaction.set_rollback(True)
    return response


# Requests that another site makes


def test_nothing_is_taken_without_the_token_of_its_form(attacked):
    client, before, taken = Client(enforce_csrf_checks=True), stored(), {}
    client.force_login(User.objects.get(username="officer"))
    for number, (route, address) in enumerate(plain_addresses()):
        for method in ("POST", ("PUT", "PATCH", "DELETE")[number % 3]):
            response = undone(client.generic, method, address, b"{}", "application/json")
            if response.status_code != 403 and route not in WITHOUT_TOKEN:
                taken[method, address] = response.status_code
    assert taken == {}
    assert stored() == before


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_no_form_of_another_site_is_taken_even_with_a_token(attacked, origin):
    client = Client(enforce_csrf_checks=True)
    page = client.get("/sign-in/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    fields = {"username": "person", "password": "right", "csrfmiddlewaretoken": token}
    assert client.post("/sign-in/", fields, HTTP_ORIGIN=origin).status_code == 403
    # A token that belongs to another visitor's cookie.
    assert Client(enforce_csrf_checks=True).post("/sign-in/", fields).status_code == 403
    assert client.post("/sign-in/", fields).status_code == 302


# Ways to another site


def leads_outside(response):
    """Whether a browser would go to another site: it takes \\ for /, and leaves out tabs and ends of lines."""
    where = re.sub(r"[\t\r\n]", "", response.get("Location", "")).strip().replace("\\", "/")
    there = urlsplit(urljoin("http://testserver/", where))
    return there.netloc.rpartition("@")[2] != "testserver" or there.scheme not in ("http", "https")


def test_no_parameter_leads_to_another_site(attacked):
    found, people = [], [signed_in(role) for role in ("visitor", "officer")]
    for number, (_, address) in enumerate(plain_addresses()):
        is_about_signing_in = re.search("sign|log|password|account", address)
        for evil in EVIL if is_about_signing_in else (EVIL[number % len(EVIL)],):
            asked = f"{address}?{urlencode(dict.fromkeys(NEXT_LIKE, evil))}"
            found += [asked for client in people if leads_outside(undone(client.get, asked))]
    assert found == []


@pytest.mark.parametrize("address", ["/sign-in/", "/admin/login/"])
def test_signing_in_and_out_leads_to_no_other_site(attacked, address):
    User.objects.filter(username="person").update(is_staff=True)
    for evil in EVIL:
        for data, query in (({"next": evil}, ""), ({}, f"?next={quote(evil)}"), ({"next": [evil, "/"]}, "")):
            client = Client()
            signed = client.post(address + query, {"username": "person", "password": "right", **data})
            assert (signed.status_code, leads_outside(signed)) == (302, False), evil
            for out in ("/sign-out/", "/admin/logout/"):
                assert not leads_outside(client.post(out + query, data)), evil


def test_no_path_leads_to_another_site(attacked):
    paths = (
        "//evil.example/",
        "//evil.example/%2e%2e",
        "/\\evil.example/x",
        "//evil.example/scorecards/panel",
        "///a/b",
    )
    for path in paths:
        for client in (Client(), signed_in("officer")):
            for method in ("GET", "HEAD"):
                assert not leads_outside(client.generic(method, path)), path
    for header in ("X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded", "X-Host"):
        page = Client().get("/sign-in/", headers={header: "evil.example"}).content.decode()
        assert "evil.example" not in page


# Sessions


def test_session_of_before_is_none_of_whoever_signs_in(attacked):
    planted, client = "planted0planted0planted0planted0", Client()
    client.cookies["sessionid"] = planted
    client.get("/sign-in/")
    token = client.cookies["csrftoken"].value
    client.post("/sign-in/", {"username": "person", "password": "right"})
    first = client.cookies["sessionid"].value
    assert first not in ("", planted)
    assert client.cookies["csrftoken"].value != token
    # Neither the planted one nor, after signing out, the real one opens anything.
    for key in (planted, first):
        other = Client()
        if key == first:
            client.post("/sign-out/")
        other.cookies["sessionid"] = key
        assert other.get("/your-work/").status_code == 302


def test_new_password_ends_every_other_session(attacked):
    here, there = Client(), Client()
    for client in (here, there):
        client.post("/sign-in/", {"username": "person", "password": "right"})
        assert client.get("/your-work/").status_code == 200
    before = here.cookies["sessionid"].value
    new = "three random words make one"
    changed = {"old_password": "right", "new_password1": new, "new_password2": new}
    if here.post("/password-change/", changed).status_code == 302:
        assert here.cookies["sessionid"].value != before
    assert there.get("/your-work/").status_code == 302


# Telling what is there


def alike(response, typed):
    """An answer without what was typed into it, and without what is different on every page."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return response.status_code, response.get("Location", ""), text.replace(f'value="{typed}"', "")


def test_nobody_is_told_which_accounts_there_are(attacked):
    User.objects.create(username="gone", is_active=False, email="gone@example.org")
    for password in ("wrong", "", "x" * 5000):
        answers = {
            str(alike(Client().post("/sign-in/", {"username": name, "password": password}), name))
            for name in ("person", "nobody", "gone", "officer")
        }
        assert len(answers) == 1
    emails = ("person@example.org", "nobody@example.org", "gone@example.org")
    answers = {str(alike(Client().post("/password-reset/", {"email": email}, follow=True), email)) for email in emails}
    assert len(answers) == 1
    # A link with a made-up token is the same for who is there and for who isn't.
    keys = [urlsafe_base64_encode(force_bytes(key)) for key in (User.objects.get(username="person").pk, 10**6)]
    answers = {str(alike(Client().get(f"/password-reset/{key}/abc-0123456789/", follow=True), key)) for key in keys}
    assert len(answers) == 1


def test_link_for_a_new_password_works_once_and_for_one_person(attacked):
    person, other = User.objects.get(username="person"), User.objects.get(username="owner")
    token = default_token_generator.make_token(person)
    for whose in (person, other):
        key = urlsafe_base64_encode(force_bytes(whose.pk))
        response = Client().get(f"/password-reset/{key}/{token}/")
        assert (response.status_code == 302) == (whose == person)
    person.set_password("something else entirely now")
    person.save()
    key = urlsafe_base64_encode(force_bytes(person.pk))
    assert Client().get(f"/password-reset/{key}/{token}/").status_code == 200


# Fields that are no part of a form

# Fields that any view reads by name are not extra.
OFFERED = set(names_in_the_source())


NO_PASSWORD = re.compile(r"(?<=')!\w{40}(?=')")


def every_row():
    """All rows of all models, but for times and what is worked out from them."""
    kinds, left_out = ("DateTimeField", "BinaryField"), ("checksum", "fingerprint", "session_key", "request_id")
    found = {}
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if field.get_internal_type() not in kinds]
        names = [field.attname for field in fields if field.name not in left_out]
        if model._meta.label not in ("sessions.Session", "axes.AccessAttempt"):
            # Whoever has no password has another of none each time.
            rows = (NO_PASSWORD.sub("!", str(row)) for row in model._base_manager.values_list(*names))
            found[model._meta.label] = sorted(rows)
    return found


def extra(data):
    """Every field of every model, bare and with the prefixes that the form has, which it doesn't offer itself."""
    names = {field.attname for model in apps.get_models() for field in model._meta.concrete_fields}
    names |= {field.name for model in apps.get_models() for field in model._meta.get_fields()}
    prefixes = {"", *(found[0] for name in data if (found := re.match(r"line-\d+-", name)))}
    return {f"{prefix}{name}": "1" for prefix in prefixes for name in names - OFFERED}


DOERS = {
    "raise": "panel_member",
    **dict.fromkeys(("save_return", "send_return", "save_line", "preview_line"), "reporter"),
    **dict.fromkeys(("sign_off", "send_back"), "owner"),
}
ANSWERS = ("answer", "update_answer", "put_right")
NOT_POSTED = ("start", "read_report")


@pytest.mark.parametrize(
    ("deed", "state"),
    [
        pytest.param(deed, state, id=f"{deed} {state}")
        for deed, state, *cells in rows_of(access.DEEDS)
        if deed not in NOT_POSTED and any(cell.endswith("+") for cell in cells) and state in ("collecting", "in_review")
    ],
)
def test_only_the_fields_of_a_form_are_saved(attacked, deed, state):
    edition = Edition.objects.get(month=JANUARY, scorecard__slug="panel")
    take_to(edition, state)
    method, address, data = request_for(deed, edition)
    role = DOERS.get(deed, "officer")
    page = signed_in(role).get(address).content.decode()
    own = set(re.findall(r"\bname=\"([^\"]+)\"", page))
    saved = []
    for more in ({}, {name: value for name, value in extra(data).items() if name not in own}):
        with transaction.atomic():
            signed_in(role).post(address, {**more, **data})
            saved.append(every_row())
            transaction.set_rollback(True)
    assert method == "POST"
    plain, attacked_ = saved
    assert {name: rows for name, rows in attacked_.items() if rows != plain[name]} == {}


def test_nobody_gives_themselves_or_others_rights(attacked):
    """An officer's page of a person with every field of a person that it doesn't have; and forms of one's own."""
    officer, person = signed_in("officer"), User.objects.get(username="person")
    for address in (f"/admin/indicators/user/{person.pk}/change/", "/admin/indicators/user/add/"):
        page = officer.get(address).content.decode()
        own = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
        offered = set(re.findall(r'name="([^"]+)"', page))
        assert not {"is_superuser", "user_permissions"} & offered
        officer.post(address, {**dict.fromkeys(extra({}).keys() - offered, "1"), **own, "username": "person2"})
    client = Client()
    client.post("/sign-in/", {**extra({}), "username": "person", "password": "right"})
    new = "three random words make one"
    change = {"old_password": "right", "new_password1": new, "new_password2": new}
    client.post("/password-change/", {**extra({}), **change})

    assert not User.objects.filter(is_superuser=True).exists()
    assert not User.objects.filter(user_permissions__isnull=False).exists()
    assert set(User.objects.filter(is_staff=True).values_list("username", flat=True)) <= {"officer", "person2"}


# What is kept for everybody


def test_pages_of_visitors_and_of_people_are_never_mixed(attacked, settings):
    settings.PUBLISHED_PAGES_HOLD_SECONDS = 60
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    Scorecard.objects.filter(slug="panel").update(is_public=True)
    people, wrong, kept = {name: signed_in(name) for name in ("officer", "visitor", "panel_member")}, {}, 0
    for _, address in plain_addresses():
        if re.search("logout|sign-out", address):
            continue
        is_for_visitors = undone(people["visitor"].get, address).status_code == 200
        # Drawn for one, then asked for by another, in turns.
        for name in ("officer", "visitor", "panel_member", "visitor") if is_for_visitors else ("officer",):
            response = undone(people[name].get, address)
            problem = mixed_up(name, response)
            if problem:
                wrong[address, name] = problem
            if name == "visitor" and "ETag" in response and b"<main" in response.content:
                kept += 1
                # What a visitor was given is not what a person is told to have already.
                tag = {"if-none-match": response["ETag"]}
                if undone(people["officer"].get, address, headers=tag).status_code == 304:
                    wrong[address, "officer"] = "has a visitor's page already"
    assert wrong == {}
    assert kept >= 4


def mixed_up(name, response):
    """What is wrong with an answer's name or with who may keep it."""
    told, text = response.get("Cache-Control", ""), b"" if response.streaming else response.content
    header = text.decode(errors="replace").partition("<main")[0] if b"<main" in text else ""
    others = {"officer": "The officer", "panel_member": "The panel_member"}
    others.pop(name, None)
    if any(other in header for other in others.values()):
        return "has somebody else's name"
    if name != "visitor" and ("public" in told or "private" not in told):
        return f"may be kept: {told}"
    if name == "visitor" and "public" in told and "Cookie" not in response.get("Vary", ""):
        return f"varies with {response.get('Vary')}"
    return ""


def test_headers_of_a_request_change_no_page_that_is_kept(attacked, settings):
    settings.PUBLISHED_PAGES_HOLD_SECONDS = 60
    Scorecard.objects.filter(slug="panel").update(is_public=True)
    address = "/scorecards/panel/2020-12/"
    names = ("X-Forwarded-Host", "X-Original-URL", "Forwarded", "Referer", "User-Agent", "Accept-Language")
    poison = dict.fromkeys(names, f'evil.example/"{MARKUP}')
    poison |= {"Script-Name": "/evil", "X-Forwarded-Prefix": "/evil", "X-Forwarded-Proto": "javascript"}
    poisoned = Client().get(address, headers=poison)
    client = Client()
    client.cookies["csrftoken"] = client.cookies["other"] = "evil.example"
    assert client.get(address).content == poisoned.content == Client().get(address).content
    assert b"evil" not in poisoned.content
