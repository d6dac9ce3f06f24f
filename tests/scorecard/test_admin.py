"""Scorecards, sections and editions in the admin."""

import pytest

from scorecard.models import Edition, Line, Scorecard, Section
from tests.factories import make_edition, make_indicator, make_scorecard
from tests.indicators.admin_pages import address, filled_in

pytestmark = pytest.mark.django_db


def test_a_section_is_added_at_its_scorecard(admin_client, admin_user):
    scorecard = make_scorecard(council="Council", panel="Panel")
    page = address(Scorecard, "change", scorecard.pk)

    admin_client.post(page, filled_in(admin_client, page, **{"sections-1-title": "Children in care"}))

    section = Section.objects.get(title="Children in care")
    assert section.scorecard == scorecard
    assert section.history.get().history_user == admin_user


def test_a_scorecards_page_leads_to_its_sections_lines(admin_client):
    scorecard = make_scorecard()

    page = admin_client.get(address(Scorecard, "change", scorecard.pk)).content.decode()

    assert address(Section, "change", scorecard.sections.get().pk) in page


def test_a_line_that_is_there_already_is_explained(admin_client):
    indicator = make_indicator("A1")
    section = make_scorecard(indicator).sections.get()
    page = address(Line, "add")

    response = admin_client.post(page, filled_in(admin_client, page, section=section.pk, indicator=indicator.pk))

    assert "The section already has this indicator." in response.content.decode()
    assert Line.objects.count() == 1


def test_a_second_edition_for_a_month_is_explained(admin_client):
    scorecard = make_scorecard()
    make_edition(scorecard)
    page = address(Edition, "add")

    response = admin_client.post(page, filled_in(admin_client, page, scorecard=scorecard.pk, month="January"))
    assert "is not a month" in response.content.decode()
    response = admin_client.post(page, filled_in(admin_client, page, scorecard=scorecard.pk, month="2021-01"))
    assert "There is already an edition for this month." in response.content.decode()
    assert Edition.objects.count() == 1
