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


def test_a_month_has_the_columns_that_it_needs_and_all_others_by_a_link_that_keeps_what_is_asked_for(client, scorecard):
    publish(scorecard, JANUARY)
    month = client.get(PAGE, {"words": "a1"}).content.decode()
    assert 'class="board board-month"' in month
    assert 'href="?words=a1&amp;columns=all#lines">Show all columns' in month

    everything = client.get(PAGE, {"words": "a1", "columns": "all"}).content.decode()
    assert 'class="board"' in everything
    assert 'href="?words=a1#lines">Show only the month’s' in everything
    # Another choice of lines keeps the columns.
    assert '<input type="hidden" name="columns" value="all"' in everything

    assert 'class="board board-month"' in client.get(PAGE, {"columns": "some"}).content.decode()


def test_all_columns_of_a_published_report_are_drawn_once_too(client, scorecard, monkeypatch):
    draw, drawn = page._draw, []
    monkeypatch.setattr(page, "_draw", lambda *args: drawn.append(args) or draw(*args))
    publish(scorecard, JANUARY)
    for _ in range(2):
        client.get(PAGE, {"columns": "all"})
    assert len(drawn) == 1
