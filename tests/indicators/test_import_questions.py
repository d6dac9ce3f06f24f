"""What the preview of monthly values asks, and what becomes of the answers."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from indicators.calculations.months import add_months
from indicators.models import Indicator, MonthlyValue, PendingUpload
from tests.factories import make_derived, make_indicator, make_officer, make_user, make_value, make_values
from tests.indicators.importing import asked, confirm, excel, import_file, preview, problems

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
JANUARY, DECEMBER = date(2021, 1, 1), date(2020, 12, 1)
HEADING = "reference,month,figure,numerator,denominator,blank\n"


@pytest.fixture
def share():
    """A percentage of some 19% in each month of 2020."""
    indicator = make_indicator("S1", unit="percentage")
    make_values(indicator, {date(2020, month, 1): 18 + month % 3 for month in range(1, 13)})
    return indicator


@pytest.fixture
def contacts():
    indicator = make_indicator("M1")
    make_values(indicator, {date(2020, month, 1): 40 + month % 5 for month in range(1, 13)})
    return indicator


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        ("S1,2021-01,0.19,,,", "scale", "For 19% write 19, not a fraction."),
        ("S1,2021-01,0.19%,,,", "scale", "0.19% is about a hundredth of"),
        ("M1,2021-01,420,,,", "scale", "about ten times"),
        ("M1,2021-01,4200,,,", "scale", "about a hundred times"),
        ("M1,2021-01,4,,,", "scale", "about a tenth of"),
        ("M1,2021-01,41.5,,,", "part", "41.5 is not a whole number"),
        ("M1,2021-01,70,,,", "unusual", "above what is usual"),
        ("M1,2021-01,42,,,", "same", "The same figure as in December 2020"),
        ("M1,2021-01,0,,,", "zero", "0 says that there were none"),
        ("A1,2021-01,0,,,", "zero", "until now the figure was awaited"),
        ("R1,2021-01,,500,31,", "swapped", "500 of 31"),
        ("P1,2021-01,5,,,", "inactive", "P1 is reported from April 2021"),
        ("Q1,2021-01,5,,,", "off-period", "and not in January"),
    ],
)
def test_what_looks_wrong_in_a_row_is_asked_about(admin_client, share, contacts, row, code, words):
    make_value(make_indicator("A1"), JANUARY, blank="awaited")
    make_indicator("R1", unit="rate_10000", kind="ratio")
    make_indicator("P1", active_from=date(2021, 4, 1))
    make_indicator("Q1", frequency="quarterly")
    before = MonthlyValue.objects.count()

    shown = preview(admin_client, MonthlyValue, f"{HEADING}{row}\n")

    assert asked(shown) == {code: [2]}
    assert words in shown.content.decode()
    refused = confirm(admin_client, MonthlyValue, shown, **{code: ""})
    assert MonthlyValue.objects.count() == before
    assert not MonthlyValue.history.filter(history_change_reason__contains="Import").exists()
    assert refused.context["questions"].errors.keys() == {code}
    # What was shown can still be confirmed.
    confirm(admin_client, MonthlyValue, refused)
    assert MonthlyValue.history.filter(history_change_reason__contains=words).exists()


@pytest.mark.sqlite
@pytest.mark.parametrize("ahead", [0, 1, 12])
def test_a_month_that_is_not_over_is_asked_about(admin_client, contacts, ahead):
    month = add_months(timezone.localdate().replace(day=1), ahead)

    assert asked(preview(admin_client, MonthlyValue, f"{HEADING}M1,{month:%Y-%m},41,,,\n")) == {"future": [2]}


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("S1,2021-01,119,,,", "figure", "can't be above 100"),
        ("S1,2021-01,-1,,,", "figure", "can't be negative"),
        ("D1,2021-01,5,,,", "", "is worked out from other indicators"),
        ("R1,2021-01,,31,4,", "numerator", "can't be above 100"),
        ("R1,2021-01,,1,0,", "", "With a denominator of 0 the numerator is 0 too."),
        ("R1,2021-01,,1,-2,", "", "can't be negative"),
        ("S1,2021-01,5,,,awaited", "", "exactly one of the three"),
    ],
)
def test_what_a_return_refuses_is_refused(admin_client, share, row, column, words):
    make_derived("D1", [share])
    make_indicator("R1", unit="percentage", kind="ratio")

    found = problems(admin_client, MonthlyValue, f"{HEADING}{row}\n")

    assert [text for number, named, text in found if (number, named) == (2, column) and words in text]
    assert not PendingUpload.objects.exists()


def test_answers_are_kept_in_the_history(admin_client, admin_user, share):
    shown = preview(admin_client, MonthlyValue, f"{HEADING}S1,2021-01,0.19,,,\n")

    confirm(admin_client, MonthlyValue, shown, scale="A new way of counting.")

    entry = MonthlyValue.history.get(month=JANUARY)
    assert entry.history_user == admin_user
    assert entry.history_change_reason.startswith("Import of figures.csv\nAsked: 0.19% is about a hundredth")
    assert entry.history_change_reason.endswith("Reason: A new way of counting.")
    assert share.values.get(month=JANUARY).figure == Decimal("0.19")


def test_a_reason_is_not_needed_where_a_tick_will_do(admin_client):
    make_indicator("P1", active_from=date(2021, 4, 1))
    shown = preview(admin_client, MonthlyValue, f"{HEADING}P1,2021-01,5,,,\n")

    confirm(admin_client, MonthlyValue, shown, inactive="on")

    assert "no report shows this. Confirmed." in MonthlyValue.history.get().history_change_reason


def test_what_somebody_else_has_entered_is_pointed_out(admin_client, admin_user, contacts):
    value = contacts.values.get(month=DECEMBER)
    value._history_user = make_user("mash.lead", name="MASH lead")
    value.figure = 44
    value.save()

    shown = preview(admin_client, MonthlyValue, f"{HEADING}M1,2020-12,43,,,\nM1,2020-11,43,,,\n")

    assert asked(shown) == {"overwritten": [2]}
    assert "44 was entered by MASH lead on " in shown.content.decode()


def test_what_another_import_brought_is_not(admin_client, contacts):
    officer = Client()
    officer.force_login(make_officer(is_staff=True))
    import_file(officer, MonthlyValue, f"{HEADING}M1,2021-01,43,,,\n")

    assert asked(preview(admin_client, MonthlyValue, f"{HEADING}M1,2021-01,44,,,\n")) == {}


def test_what_stays_the_same_is_not_asked_about(admin_client, share):
    make_value(share, JANUARY, Decimal("0.19"))

    shown = preview(admin_client, MonthlyValue, f"{HEADING}S1,2021-01,0.19,,,\nS1,2021-02,18,,,\n")

    assert asked(shown) == {}


def test_a_note_or_a_stage_is_no_new_figure(admin_client, share):
    make_value(share, JANUARY, Decimal("0.19"))

    shown = preview(admin_client, MonthlyValue, "reference,month,figure,stage,note\nS1,2021-01,0.19,revised,Late\n")

    assert asked(shown) == {}
    assert len(shown.context["changed"]) == 1


def test_a_question_that_came_up_meanwhile_is_asked_first(admin_client, share):
    shown = preview(admin_client, MonthlyValue, f"{HEADING}S1,2021-01,20,,,\n")
    assert asked(shown) == {}
    share.active_to = DECEMBER
    share.save()

    again = confirm(admin_client, MonthlyValue, shown)

    assert asked(again) == {"inactive": [2]}
    assert not share.values.filter(month=JANUARY).exists()


@pytest.mark.parametrize("answer", ["x" * 1001, "nul \x00", " "])
def test_an_answer_that_is_none_is_named(admin_client, share, answer):
    shown = preview(admin_client, MonthlyValue, f"{HEADING}S1,2021-01,0.19,,,\n")

    again = confirm(admin_client, MonthlyValue, shown, scale=answer)

    assert again.context["questions"].errors.keys() == {"scale"}
    assert not share.values.filter(month=JANUARY).exists()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("day", "number_format", "is_asked"),
    [
        (date(2021, 1, 21), "mmm-yy", True),
        (date(2021, 1, 2), "mmmm yyyy", True),
        (date(2021, 1, 30), "yyyy-mm", True),
        (date(2021, 1, 1), "mmm-yy", False),
        (date(2021, 1, 31), "mmm-yy", False),
        (date(2020, 2, 29), "mm/yy", False),
    ],
)
def test_a_day_that_a_month_hides_is_asked_about(admin_client, day, number_format, is_asked):
    """“Jan-21” typed on 21 January into a cell that shows months is the 21st of this January."""
    make_indicator("M1")
    content = excel(("reference", "month", "figure"), ("M1", day, 5), formats=[("B2", number_format)])

    shown = preview(admin_client, MonthlyValue, content, "figures.xlsx")

    assert asked(shown) == ({"day": [2]} if is_asked else {})
    words = f"If January 20{day.day:02} is meant, write 20{day.day:02}-01."
    assert (words in shown.content.decode()) == is_asked
    confirm(admin_client, MonthlyValue, shown)
    assert MonthlyValue.objects.get().month == day.replace(day=1)


def test_people_who_can_not_see_to_an_indicator_are_asked_about(admin_client):
    make_user("gone", name="Gone Away", is_active=False, email="gone@example.org")
    make_user("silent", name="No Mail")
    make_user("there", email="there@example.org")
    make_indicator("A1", owner=make_user("left", is_active=False), reporter=make_user("r", email="r@example.org"))
    make_indicator("A2", owner=make_user("o", email="o@example.org"))
    rows = "A1,New note,left,gone\nA2,New note,silent,there\nA3,Note,,there\n"
    make_indicator("A3", owner=make_user("p", email="p@example.org"))

    shown = preview(admin_client, Indicator, f"reference,note,owner,reporter\n{rows}")

    # A1's owner had left before, and the file doesn't change that.
    [question] = shown.context["questions"].questions
    assert [(row.number, caution.message) for row, caution in question.found] == [
        (2, "Gone Away can’t sign in any more. Is that meant?"),
        (3, "No Mail has no e-mail address, so no reminder gets there."),
        (4, "Owner: nobody. Is that meant?"),
    ]
    confirm(admin_client, Indicator, shown, people="")
    assert not Indicator.objects.exclude(note="").exists()
    confirm(admin_client, Indicator, shown)
    assert "can’t sign in" in Indicator.objects.get(reference="A1").history.first().history_change_reason


@pytest.mark.sqlite
@pytest.mark.parametrize("character", ["\ue000", "\ufffd", "\uf8ff"])
def test_what_can_not_be_printed_is_said_of_texts_that_change(admin_client, character):
    indicator = make_indicator("M1")
    make_value(indicator, DECEMBER, 5, note=f"{character} kept")
    rows = f"M1,2020-12,6,{character} kept\nM1,2021-01,7,{character} new\n"

    shown = preview(admin_client, MonthlyValue, f"reference,month,figure,note\n{rows}")

    [notice] = shown.context["notices"]
    assert notice.startswith("Row 3, note: ")
    assert f"U+{ord(character):04X}" in notice


def test_row_prepared_for_a_month_to_come_is_left_out_and_named(admin_client):
    """As where `=IF(…, "", …)` shows nothing yet: neither is the file refused, nor a stored figure lost."""
    indicator = make_indicator("A1")
    make_values(indicator, {date(2021, 2, 1): 7})
    response = preview(
        admin_client, MonthlyValue, "reference,month,figure,note\nA1,2021-01,5,\nA1,2021-02,,\nA1,2021-03, ,\n"
    )
    assert "Left out, because they have no figure and no reason why: row 3 to 4." in response.content.decode()
    confirm(admin_client, MonthlyValue, response)
    assert sorted(indicator.values.values_list("month", "figure")) == [(date(2021, 1, 1), 5), (date(2021, 2, 1), 7)]


def test_row_with_a_note_but_no_figure_is_refused_beside_it(admin_client):
    make_indicator("A1")
    response = preview(admin_client, MonthlyValue, "reference,month,figure,note\nA1,2021-01,,Late\n")
    assert "exactly one of the three" in response.content.decode()
