"""Markup in every text that the models take is text on every page: nothing of it runs in a real Chromium."""

import random
import re

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.utils import timezone

from indicators.models import User
from scorecard.models import Edition
from scorecard.publication.publish import freeze_published
from tests.databases import database_with
from tests.factories import JANUARY
from tests.scorecard.cast import make_cast, send_everything
from tests.scorecard.fuzz import OURS, addresses, routes

from . import returns

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = '</textarea></title></script><img src=x onerror="window.ran=1"><svg onload="window.ran=1">{{7*7}}'
SHORT = "<img src=x onerror=ran=1>"
# What nobody types: keys that addresses and other tables are made of.
KEYS = ("SlugField", "URLField")
# With a script that draws something out of what is stored.
OPENED = (
    "/scorecards/panel/2021-01/",
    "/scorecards/panel/2021-01/indicators/{a1}/",
    "/scorecards/panel/compare/?earlier=2020-12&later=2021-01",
    "/returns/panel/2021-02/",
    "/sign-off/panel/2021-02/",
    "/collection/panel/2021-02/",
    "/collection/panel/2021-02/overview/",
    "/collection/panel/2021-02/public-texts/",
    "/scorecards/panel/questions/",
    "/admin/indicators/indicator/{a1}/change/",
    "/admin/indicators/monthlyvalue/",
    "/contact/",
)
# What a parser makes of a page, without running it: elements that would have done something.
FOUND = """(pages) => pages.flatMap(([address, html]) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const odd = [...page.querySelectorAll("*")].filter((one) =>
        [...one.attributes].some(({name, value}) => /^on/.test(name) || /^\\s*javascript:/i.test(value))
        || one.getAttribute("src") === "x"
        || (one.localName === "script" && !one.src && one.type !== "application/json"));
    return odd.map((one) => `${address}: ${one.outerHTML.slice(0, 200)}`);
})"""


def plant():
    """Markup in every text of every row, as far as the model and the database take it; published, and collected on."""
    edition = make_cast()
    send_everything()
    for model in apps.get_models():
        if model._meta.app_label in OURS:
            for row in model._base_manager.all():
                _plant_in(row)
    edition = Edition.objects.get(pk=edition.pk)
    edition.state = "published"
    edition.save()
    freeze_published(edition.scorecard, timezone.now())
    today = timezone.localdate()
    Edition.objects.create(scorecard=edition.scorecard, month=JANUARY.replace(month=2), opens_on=today, due_on=today)


def _plant_in(row):
    for field in row._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        if (
            not is_text
            or field.get_internal_type() in KEYS
            or field.attname in ("password", "username", "history_type")
        ):
            continue
        for markup in (LONG, SHORT):
            try:
                text = f"{markup}{row.pk}"
                with transaction.atomic():
                    field.clean(text, row)
                    row._meta.model._base_manager.filter(pk=row.pk).update(**{field.attname: text})
            except (ValidationError, IntegrityError):
                continue
            break


def _is_typed(field):
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
    return is_text and field.get_internal_type() not in KEYS and field.attname not in ("password", "username")


def _planted():
    """The columns that have it."""
    return [
        (model._meta.label, field.attname)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if _is_typed(field) and model._base_manager.filter(**{f"{field.attname}__contains": "ran=1"}).exists()
    ]


transactional_db = database_with(plant)


def test_no_markup_that_is_stored_runs(page, live_server, complaints):
    officer = Client()
    officer.force_login(User.objects.get(username="officer"))
    read = {}
    for route in sorted(set(routes())):
        # Forms for something new show nothing that is stored.
        if re.search("logout|sign-out|admin/.*(add|import|export)/$", route):
            continue
        address = addresses(random.Random(1), route, oddness=0).replace("2020-12", "2021-01")  # noqa: S311
        response = officer.get(address)
        if response.status_code == 200 and "html" in response["Content-Type"]:
            read[address] = response.content.decode()
    # Where no policy keeps a parser from anything.
    page.goto("about:blank")
    assert page.evaluate(FOUND, [["itself", LONG]]) != []
    assert page.evaluate(FOUND, list(read.items())) == []
    shown = sum("&lt;img src=x" in html for html in read.values())

    page.context.add_cookies([returns.cookie_of("officer", live_server.url)])
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    a1 = apps.get_model("indicators.Indicator").objects.get(pk=1).pk
    for address in OPENED:
        page.goto(address.format(a1=a1))
        assert page.evaluate("[window.ran, document.querySelectorAll('img[src=x]').length]") == [None, 0], address
    assert [url for url in asked if url.endswith("/x")] == []
    assert complaints == []
    # It was there to be run.
    assert len(_planted()) > 60
    assert shown > 40
