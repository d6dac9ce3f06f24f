"""What the import of monthly values asks because of published reports, and of lines on their way to the panel."""

from datetime import date

import pytest
from django.utils import timezone

from commentary.models import SignOff
from commentary.sign_off import signature
from indicators.models import MonthlyValue
from scorecard.models import Edition
from scorecard.publication.asking import ask_about_changes
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_derived,
    make_edition,
    make_indicator,
    make_scorecard,
    make_sign_off,
    make_value,
    publish,
)
from tests.indicators.importing import asked, confirm, preview

pytestmark = pytest.mark.django_db
FEBRUARY = date(2021, 2, 1)


@pytest.fixture
def contacts():
    return make_indicator("M1")


def look(client, *rows):
    """The preview's questions, and what it says about published figures and sign-offs."""
    response = preview(client, MonthlyValue, "reference,month,figure\n" + "\n".join(rows) + "\n")
    codes = {code: rows for code, rows in asked(response).items() if code in ("published", "signed")}
    questions = response.context["questions"].questions
    return codes, [caution.message for one in questions if one.code in codes for _, caution in one.found]


@pytest.mark.parametrize(
    ("stored", "row", "message"),
    [
        ({"figure": 5}, "M1,2021-01,6", "Publishing 6 will be called: “Corrected”."),
        ({"figure": 5, "stage": "provisional"}, "M1,2021-01,6", "will be called: “Scheduled: it was provisional or"),
        (
            {"blank": "awaited"},
            "M1,2021-01,6",
            "Published as tbc in “Panel scorecard”, January 2021. Publishing 6 will",
        ),
        ({"blank": "awaited"}, "M1,2021-01,6", "“Added: there was no figure before”."),
    ],
)
def test_a_month_that_is_published_is_asked_about(admin_client, contacts, stored, row, message):
    make_value(contacts, JANUARY, **stored)
    publish(make_scorecard(contacts))

    codes, told = look(admin_client, row)

    assert codes == {"published": [2]}
    assert message in told[0]


def test_earlier_months_of_a_published_report_are_asked_about(admin_client, contacts):
    make_value(contacts, JANUARY, 5)
    make_value(contacts, date(2019, 3, 1), 7)
    publish(make_scorecard(contacts))

    assert look(admin_client, "M1,2019-03,8", "M1,2021-02,6") == (
        {"published": [2]},
        ["Published as 7 in “Panel scorecard”, January 2021. Publishing 8 will be called: “Corrected”."],
    )


def test_what_was_published_counts_not_what_is_stored_now(admin_client, contacts):
    value = make_value(contacts, JANUARY, 5)
    publish(make_scorecard(contacts))
    value.figure = 9
    value.save()

    assert look(admin_client, "M1,2021-01,5") == ({}, [])
    assert look(admin_client, "M1,2021-01,6")[1][0].startswith("Published as 5 in")


def test_the_latest_publication_counts(admin_client, contacts):
    make_value(contacts, DECEMBER, 4)
    scorecard = make_scorecard(contacts)
    publish(scorecard, DECEMBER)
    make_value(contacts, JANUARY, 5)
    publish(scorecard, JANUARY)

    assert look(admin_client, "M1,2020-12,6")[1][0].startswith("Published as 4 in “Panel scorecard”, January 2021.")


def test_a_published_line_that_is_worked_out_from_it_is_asked_about(admin_client, contacts):
    total = make_derived("D1", [contacts, make_indicator("M2")])
    for term in total.terms.all():
        make_value(term.source, JANUARY, 5)
    publish(make_scorecard(total))

    codes, told = look(admin_client, "M1,2021-01,6")

    assert codes == {"published": [2]}
    assert told[0].endswith("Publishing 6 will be called: “Corrected”. D1 will change with it.")


def test_what_is_on_no_report_is_not_asked_about(admin_client, contacts):
    make_value(contacts, JANUARY, 5)
    publish(make_scorecard(make_indicator("M2")))

    assert look(admin_client, "M1,2021-01,6") == ({}, [])


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("approved", "It is signed off by somebody: a new figure goes to its owner again."),
        ("sent", "It was sent for sign-off by somebody, with the figure that was there before."),
    ],
)
def test_a_sign_off_that_falls_away_is_asked_about(admin_client, contacts, step, message):
    value = make_value(contacts, JANUARY, 5)
    make_edition(make_scorecard(contacts))
    make_sign_off(contacts, step, figure=signature(value.as_figure()))

    assert look(admin_client, "M1,2021-01,6", "M1,2020-12,7") == ({"signed": [2]}, [message])


def test_the_sign_off_of_a_line_that_is_worked_out_from_it_is_asked_about(admin_client, contacts):
    total = make_derived("D1", [contacts])
    make_value(contacts, JANUARY, 5)
    make_edition(make_scorecard(total))
    make_sign_off(total, "approved", figure="5")

    told = look(admin_client, "M1,2021-01,6")[1]

    assert told == ["D1, which is worked out from it, is signed off by somebody: a new figure goes to its owner again."]


@pytest.mark.parametrize("step", ["draft", "sent_back"])
def test_a_line_that_is_with_its_reporter_is_not_asked_about(admin_client, contacts, step):
    make_value(contacts, JANUARY, 5)
    make_edition(make_scorecard(contacts))
    make_sign_off(contacts, step, figure="5")

    assert look(admin_client, "M1,2021-01,6") == ({}, [])


def test_a_sign_off_of_a_month_that_is_over_is_not_asked_about(admin_client, contacts):
    make_value(contacts, JANUARY, 5)
    make_sign_off(contacts, "approved", figure="5")
    publish(make_scorecard(contacts))

    assert set(look(admin_client, "M1,2021-01,6")[0]) == {"published"}
    assert SignOff.objects.get().step == "approved"


def test_the_answer_is_in_the_history(admin_client, contacts):
    make_value(contacts, JANUARY, 5)
    publish(make_scorecard(contacts))
    shown = preview(admin_client, MonthlyValue, "reference,month,figure\nM1,2021-01,6\n")

    confirm(admin_client, MonthlyValue, shown)

    assert "will be called: “Corrected”. Reason: It is right." in MonthlyValue.history.first().history_change_reason


def test_a_month_that_is_published_after_the_preview_is_asked_about_first(admin_client, contacts):
    make_value(contacts, JANUARY, 5)
    scorecard = make_scorecard(contacts)
    shown = preview(admin_client, MonthlyValue, "reference,month,figure\nM1,2021-01,6\n")
    publish(scorecard)

    again = confirm(admin_client, MonthlyValue, shown)

    assert asked(again) == {"published": [2]}
    assert contacts.values.get().figure == 5


def test_asking_about_many_changes_takes_a_fixed_number_of_queries(django_assert_num_queries):
    indicators = [make_indicator(f"M{number}") for number in range(20)]
    for indicator in indicators:
        make_value(indicator, JANUARY, 5)
        make_value(indicator, FEBRUARY, 5)
        make_sign_off(indicator, "approved", FEBRUARY, figure="5")
    scorecard = make_scorecard(*indicators)
    publish(scorecard)
    Edition.objects.create(
        scorecard=scorecard, month=FEBRUARY, opens_on=timezone.localdate(), due_on=timezone.localdate()
    )
    changes = [
        (None, MonthlyValue(indicator=one, month=month, figure=6))
        for one in indicators
        for month in (JANUARY, FEBRUARY)
    ]

    for some, codes in ((changes[:2], 2), (changes, 40)):
        with django_assert_num_queries(6):
            assert len(list(ask_about_changes(some))) == codes


# Deleting


def test_a_figure_that_was_published_is_deleted_for_a_reason_only(admin_client, contacts):
    value = make_value(contacts, JANUARY, 5)
    publish(make_scorecard(contacts))
    page = f"/admin/indicators/monthlyvalue/{value.pk}/delete/"
    assert "Published as 5 in" in admin_client.get(page).content.decode()
    given = {"post": "yes", "read_version": str(value.version)}

    refused = admin_client.post(page, given | {"answer": " "}, follow=True)
    many = {"action": "delete_selected", "_selected_action": [value.pk], "post": "yes"}
    at_once = admin_client.post("/admin/indicators/monthlyvalue/", many, follow=True)

    assert "Say why it is to be deleted." in refused.content.decode()
    assert "Delete it on its own page, and say why." in at_once.content.decode()
    assert contacts.values.exists()
    admin_client.post(page, given | {"answer": "Another council’s."})
    assert not contacts.values.exists()
    assert MonthlyValue.history.first().history_change_reason.endswith("Reason: Another council’s.")


def test_a_figure_that_is_on_no_report_is_deleted_as_it_is(admin_client, contacts):
    one, other = make_value(contacts, JANUARY, 5), make_value(contacts, DECEMBER, 5)
    page = f"/admin/indicators/monthlyvalue/{one.pk}/delete/"
    assert "Why it is to be deleted" not in admin_client.get(page).content.decode()
    admin_client.post(page, {"post": "yes", "read_version": str(one.version)})
    many = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    admin_client.post("/admin/indicators/monthlyvalue/", many)
    assert not contacts.values.exists()
