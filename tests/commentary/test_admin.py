"""Commentary and areas of focus in the admin."""

from datetime import date

import pytest

from commentary.models import AreaOfFocus, Commentary, FocusUpdate, Overview, SignOff, WarningReason
from indicators.models import Indicator
from tests.factories import JANUARY, make_edition, make_indicator, make_scorecard, make_sign_off, make_user
from tests.indicators.admin_pages import address, filled_in

pytestmark = pytest.mark.django_db


def test_a_second_commentary_for_a_month_is_explained(admin_client):
    indicator = make_indicator("A1")
    Commentary.objects.create(indicator=indicator, month=JANUARY, text="Fewer.")
    page = address(Commentary, "add")

    response = admin_client.post(
        page, filled_in(admin_client, page, indicator=indicator.pk, month="2021-01", text="More.")
    )

    assert "There is already a commentary for this month." in response.content.decode()
    assert Commentary.objects.get().text == "Fewer."


def test_an_update_is_added_at_its_area(admin_client, admin_user):
    area = AreaOfFocus.objects.create(title="Waiting times", opened_on=JANUARY)
    page = address(AreaOfFocus, "change", area.pk)

    admin_client.post(
        page, filled_in(admin_client, page, **{"updates-0-date": "2021-02-01", "updates-0-text": "Two posts filled."})
    )

    update = FocusUpdate.objects.get()
    assert (update.area, update.date) == (area, date(2021, 2, 1))
    assert update.history.get().history_user == admin_user


def test_closing_before_opening_is_explained(admin_client):
    area = AreaOfFocus.objects.create(title="Waiting times", opened_on=JANUARY)
    page = address(AreaOfFocus, "change", area.pk)

    response = admin_client.post(page, filled_in(admin_client, page, closed_on="2020-12-31"))

    assert "be closed before it was opened." in response.content.decode()


def test_a_search_finds_words_of_the_commentary(admin_client):
    Commentary.objects.create(indicator=make_indicator("A1"), month=JANUARY, text="Schools were closed.")

    for words, count in {"schools": 1, "roads": 0}.items():
        response = admin_client.get(address(Commentary, "changelist"), {"q": words})
        assert response.context["cl"].result_count == count


def test_an_overview_of_an_edition_cannot_be_deleted(admin_client):
    overview = Overview.objects.create(title="January 2021", summary="Fewer.")
    edition = make_edition(make_scorecard(), overview=overview)

    typed = {"post": "yes", "read_version": overview.version}
    response = admin_client.post(address(Overview, "delete", overview.pk), typed)
    chosen = {"action": "delete_selected", "_selected_action": [overview.pk], "post": "yes"}
    admin_client.post(address(Overview, "changelist"), chosen)

    assert str(edition) in response.content.decode()
    edition.refresh_from_db()
    assert edition.overview == overview


def test_a_reason_is_put_right_and_what_it_was_about_is_not(admin_client, admin_user):
    reason = WarningReason.objects.create(
        indicator=make_indicator("A1"), month=JANUARY, warning="unusual", about="40", reason="Ann B. was counted twice."
    )
    page = address(WarningReason, "change", reason.pk)

    admin_client.post(page, filled_in(admin_client, page, reason="A child was counted twice.", about="41"))

    reason.refresh_from_db()
    assert (reason.reason, reason.about) == ("A child was counted twice.", "40")
    assert reason.history.first().history_user == admin_user


def test_sign_offs_are_found_by_who_sent_and_what_the_note_says(admin_client):
    sent = make_sign_off(make_indicator("A1"), "sent", sent_by=make_user("lead", name="MASH lead"))
    back = make_sign_off(make_indicator("A2"), "sent_back", note="Count the siblings too.")

    for words, found in {"mash": sent, "siblings": back}.items():
        response = admin_client.get(address(SignOff, "changelist"), {"q": words})
        assert list(response.context["cl"].result_list) == [found]


def test_an_indicator_with_a_sign_off_is_not_deleted(admin_client):
    indicator = make_indicator("A1")
    make_sign_off(indicator, "approved")
    page = address(Indicator, "delete", indicator.pk)

    assert "sign-off" in admin_client.get(page).content.decode()
    assert admin_client.post(page, {"post": "yes", "read_version": indicator.version}).status_code == 403
