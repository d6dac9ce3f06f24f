"""Officers set up targets of every kind and what adds up: in the administration, in a return, and by spreadsheet."""

from decimal import Decimal

import pytest

from indicators.actions import copy_targets_forward
from indicators.models import Indicator, MonthlyValue, Target, User
from scorecard.returns.forms import LineForm
from scorecard.sheet.assemble import assemble_sheet
from tests.factories import DECEMBER, JANUARY, make_edition, make_indicator, make_scorecard, make_value
from tests.indicators.admin_pages import address, filled_in
from tests.indicators.importing import asked, import_file, preview, problems

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
HEADER = "reference,year,value,upper,sense,shape,steps,rests_on,comparator,is_strict\n"


def test_every_kind_of_target_is_imported_exported_and_read_back(admin_client):
    for reference in ("A1", "A2", "A3", "A4"):
        make_indicator(reference, polarity="high", accumulation="per_period", unit="count")
    import_file(
        admin_client,
        Target,
        HEADER
        + "A1,2020-21,10,14,between,,,,,\nA2,2020-21,24,,at least,typed,6; 12; 18; 24,,,\n"
        + "A3,2020-21,,,,,,last_year,,yes\nA4,2020-21,,,,,,A comparator,england,no\n",
    )
    found = Target.objects.order_by("indicator__reference").values_list(
        "value", "upper", "sense", "shape", "steps", "rests_on", "group", "is_strict", "is_tbc"
    )
    assert list(found) == [
        (10, 14, "between", "every_period", "", "figure", None, False, False),
        (24, None, "at_least", "typed", "6; 12; 18; 24", "figure", None, False, False),
        (None, None, "direction", "every_period", "", "last_year", None, True, False),
        (None, None, "direction", "every_period", "", "comparator", "england", False, False),
    ]
    response = admin_client.post(address(Target, "export"), {"format": "0", "targetresource_id": "on"})
    if response.status_code == 200 and response.content[:2] != b"PK" and b"<html" not in response.content:
        assert not preview(admin_client, Target, response.content).context.get("problems")


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("A1,2020-21,10,,between,,,,,", None, "Between two figures"),
        ("A1,2020-21,14,10,between,,,,,", None, "the lower first"),
        ("A1,2020-21,5,,at_most,,,,,", "sense", "contradicts the indicator’s direction"),
        ("A1,2020-21,5,,,even,,,,", "shape", "don't add up"),
        ("A1,2020-21,24,,,typed,,,,", None, "Steps belong to"),
        ("A1,2020-21,24,,,typed,1;2,,,", "steps", "There are 2 steps"),
        ("A1,2020-21,,,,,,comparator,,", None, "Choose the comparator"),
        ("A1,2020-21,5,,,,,last_year,,", None, "say what it rests on"),
        ("A1,2020-21,,,,,,nobody,,", "rests_on", "is not known"),
        ("A1,2020-21,,,,,,,,", "value", "The target is empty"),
    ],
)
def test_what_is_wrong_with_a_target_of_any_kind_is_named(admin_client, row, column, message):
    make_indicator("A1", polarity="high")
    [(number, named, text)] = problems(admin_client, Target, f"{HEADER}{row}\n")
    assert (number, message in text) == (2, True)
    assert column is None or named == column


def test_targets_keep_what_they_ask_when_copied_to_the_next_year(admin_user):
    indicator = make_indicator("A1", polarity="low", accumulation="per_period")
    kinds = {"sense": "between", "upper": 14, "shape": "typed", "steps": "2 to 3; 4 to 6; 6 to 9; 10 to 14"}
    Target.objects.create(indicator=indicator, year=2020, value=10, tolerance=1, **kinds)
    [new] = copy_targets_forward(year=2020, by=User.objects.get(pk=admin_user.pk))
    assert new.as_terms() == Target.objects.get(year=2020).as_terms()


def test_officer_sets_a_range_and_is_told_what_does_not_fit(admin_client):
    indicator = make_indicator("A1", polarity="high")
    page = address(Target, "add")
    said = {"indicator": indicator.pk, "year": "2020-21", "value": "10", "sense": "at_most"}
    response = admin_client.post(page, filled_in(admin_client, page, **said))
    assert "contradicts the indicator’s direction" in response.content.decode()
    said |= {"sense": "between", "upper": "14"}
    assert admin_client.post(page, filled_in(admin_client, page, **said)).status_code == 302
    assert "10 to 14" in admin_client.get(address(Target, "changelist")).content.decode()
    page = address(Target, "change", Target.objects.get().pk)
    admin_client.post(page, filled_in(admin_client, page, upper="15"))
    assert Target.objects.get().upper == 15
    assert Target.history.count() == 2


def test_officer_is_told_what_does_not_add_up(admin_client):
    indicator = make_indicator("A1", unit="percentage")
    page = address(Indicator, "change", indicator.pk)
    response = admin_client.post(page, filled_in(admin_client, page, accumulation="per_period"))
    assert "don&#x27;t add up over a year" in response.content.decode()


def line_of(indicator):
    scorecard = make_scorecard(indicator)
    [line] = assemble_sheet(make_edition(scorecard, JANUARY)).lines
    return line


@pytest.mark.parametrize(
    ("accumulation", "label"),
    [
        ("no", "How many in January 2021?"),
        ("per_period", "How many in January 2021 alone?"),
        ("to_date", "How many in 2020-21 so far, up to the end of January 2021?"),
    ],
)
def test_question_says_which_of_the_two_is_asked(accumulation, label):
    line = line_of(make_indicator("A1", accumulation=accumulation))
    assert LineForm(None, line).fields["figure"].label == label


def test_total_that_falls_is_refused_where_no_figure_can_be_negative():
    for allows_negative, errors in ((False, 1), (True, 0)):
        indicator = make_indicator(f"A{errors}", accumulation="to_date", allows_negative=allows_negative)
        make_value(indicator, DECEMBER, 9)
        line = line_of(indicator)
        start = f"line-{indicator.pk}-"
        form = LineForm({f"{start}figure": "7", f"{start}stage": "final"}, line)
        found = [str(error) for error in form.errors.get("figure", ())]
        assert len(found) == errors
        assert not found or "By the end of December 2020 there were 9 already" in found[0]
        line.edition.scorecard.delete()


def test_import_asks_about_a_total_that_falls_and_not_about_one_that_grows(admin_client):
    indicator = make_indicator("A1", accumulation="to_date", active_from=None)
    for month, total in enumerate((10, 21, 30, 40, 52), start=4):
        make_value(indicator, JANUARY.replace(year=2020, month=month), total)
    grows = preview(admin_client, MonthlyValue, "reference,month,figure\nA1,2020-09,63\n")
    assert asked(grows) == {}
    falls = preview(admin_client, MonthlyValue, "reference,month,figure\nA1,2020-09,11\n")
    assert "falling" in asked(falls)
    assert Decimal(52) == MonthlyValue.objects.order_by("month").last().figure
