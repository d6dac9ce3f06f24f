"""Which pages are drawn anew: months in progress follow the data, published reports are kept."""

import pytest
from django.core.cache import cache

from commentary.models import Commentary
from scorecard.report import page
from tests.factories import JANUARY, make_indicator, make_officer, make_scorecard, make_value, publish

pytestmark = pytest.mark.django_db
PAGE = "/scorecards/panel/2021-01/"


@pytest.fixture(autouse=True)
def kept_pages(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def scorecard(client):
    indicator = make_indicator("A1")
    make_value(indicator, JANUARY, 10)
    Commentary.objects.create(indicator=indicator, month=JANUARY, text="It rose.")
    client.force_login(make_officer())
    return make_scorecard(indicator)


@pytest.mark.usefixtures("scorecard")
def test_month_in_progress_follows_every_write(client):
    assert "It rose." in client.get(PAGE).content.decode()

    # Leaves no history.
    Commentary.objects.update(text="It fell.")

    assert "It fell." in client.get(PAGE).content.decode()


def test_published_report_is_drawn_once_until_there_is_more_to_read(client, scorecard, monkeypatch):
    draw, drawn = page._draw, []
    monkeypatch.setattr(page, "_draw", lambda *args: drawn.append(args) or draw(*args))
    publish(scorecard, JANUARY)

    first, again = client.get(PAGE), client.get(PAGE)
    assert (len(drawn), first.status_code, again.status_code) == (1, 200, 200)

    assert client.get(PAGE, {"words": "nothing like it"}).status_code == 200
    assert len(drawn) == 2

    publish(scorecard, JANUARY.replace(month=2))
    assert "February 2021" in client.get(PAGE).content.decode()
    assert len(drawn) == 3
