"""What a return asks of figures that belong together, an import and the page of a value ask too."""

import pytest

from indicators.models import CrossCheck, CrossCheckTerm, MonthlyValue
from scorecard.sheet.asking import ask_what_belongs_together
from tests.factories import DECEMBER, JANUARY, make_derived, make_indicator, make_value
from tests.indicators.admin_pages import address, filled_in
from tests.indicators.importing import asked, confirm, preview
from tests.scorecard.returns.returning import make_collection, make_reported

pytestmark = pytest.mark.django_db
FILE = "reference,month,figure\n"


@pytest.fixture
def pair():
    """A part that is never more than its whole, both in the month that is collected."""
    part, whole = make_reported("P1"), make_reported("W1")
    check = CrossCheck.objects.create(indicator=part, kind="limit")
    CrossCheckTerm.objects.create(check_of=check, indicator=whole, role="limit")
    for indicator, figure in ((part, 4), (whole, 8)):
        make_value(indicator, JANUARY, figure)
    make_collection(part, whole)
    return part, whole


def told(client, *rows):
    shown = preview(client, MonthlyValue, FILE + "\n".join(rows) + "\n")
    questions = [one for one in shown.context["questions"].questions if one.code == "belong"]
    return asked(shown).get("belong"), [caution.message for one in questions for _, caution in one.found]


@pytest.mark.parametrize(
    ("rows", "places", "messages"),
    [
        (["P1,2021-01,9"], [2], ["P1, January 2021: P1 is 9, more than W1 (8)."]),
        # The check stands at the other line, and one file has both.
        (["W1,2021-01,3"], [2], ["P1, January 2021: P1 is 4, more than W1 (3)."]),
        (["W1,2021-01,9", "P1,2021-01,10"], [2], ["P1, January 2021: P1 is 10, more than W1 (9)."]),
        (["P1,2021-01,8"], None, []),
        (["P1,2021-01,10", "W1,2021-01,10"], None, []),
        # Nobody collects that month.
        (["P1,2020-12,9"], None, []),
    ],
)
def test_an_import_asks_what_a_return_would(admin_client, pair, rows, places, messages):
    assert told(admin_client, *rows) == (places, messages)


def test_the_page_of_a_value_asks_and_keeps_the_answer(admin_client, pair):
    value = MonthlyValue.objects.get(indicator=pair[0])
    page = address(MonthlyValue, "change", value.pk)
    shown = admin_client.post(page, filled_in(admin_client, page, figure="9"))
    assert "more than W1 (8)" in shown.content.decode()
    fields = {bound.html_name: bound.value() or "" for bound in shown.context["adminform"].form}
    admin_client.post(page, fields | {"answer": "Some are counted twice."})
    assert value.history.first().history_change_reason.endswith("Reason: Some are counted twice.")


def test_the_answer_is_asked_for_before_anything_is_saved(admin_client, pair):
    shown = preview(admin_client, MonthlyValue, f"{FILE}P1,2021-01,9\n")
    confirm(admin_client, MonthlyValue, shown, belong="")
    assert pair[0].values.get().figure == 4


def test_what_did_not_fit_before_is_not_asked_again(pair):
    value = MonthlyValue.objects.get(indicator=pair[0])
    value.figure = 9
    value.save()
    value.note = "Counted twice."
    assert list(ask_what_belongs_together([(None, value)])) == []


def test_a_share_that_is_worked_out_above_all_is_asked_about(admin_client):
    top, bottom = make_reported("T1"), make_reported("B1")
    share = make_derived("S1", [top], [bottom], unit="percentage", allows_over_100=False)
    make_value(top, JANUARY, 4)
    make_value(bottom, JANUARY, 8)
    make_collection(top, bottom, share)
    [message] = told(admin_client, "T1,2021-01,9")[1]
    assert message.startswith("S1, January 2021: More than 100%: 9 of 8.")


def test_number_of_queries_does_not_grow_with_changes(pair, django_assert_max_num_queries):
    others = [make_indicator(f"O{number}") for number in range(40)]
    changes = [(None, MonthlyValue(indicator=one, month=JANUARY, figure=9)) for one in (*pair, *others)]
    changes += [(None, MonthlyValue(indicator=one, month=DECEMBER, figure=9)) for one in others]
    for some in (changes[:2], changes):
        with django_assert_max_num_queries(20):
            list(ask_what_belongs_together(some))
