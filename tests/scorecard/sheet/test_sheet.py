"""An edition's sheet: what it reads, in how many queries, and what it makes of it."""

from datetime import date

import pytest

from commentary.models import SignOff, WarningReason
from commentary.sign_off import Standing
from indicators.calculations.months import months_ending
from indicators.models import CrossCheck, CrossCheckTerm, MonthlyValue, Target
from scorecard import demonstration
from scorecard.models import Edition, Line, Scorecard, Section
from scorecard.returns.entries import EntryAmount
from scorecard.sheet.assemble import assemble_sheet, read_sheet
from tests.demonstration import while_loaded
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_dated_edition,
    make_derived,
    make_indicator,
    make_scorecard,
    make_value,
    make_values,
)
from tests.scorecard.returns.returning import (
    NOW,
    line_of,
    lines_of,
    make_collection,
    make_reported,
    person,
    queries_for,
    say,
)

pytestmark = pytest.mark.django_db
YEAR = months_ending(DECEMBER, 12)
STEADY = dict(zip(YEAR, [98, 102] * 6, strict=True))


def codes(line):
    return [warning.caution.code for warning in line.warnings]


def add_check(indicator, kind, **others):
    """A check of the indicator with others, as `add_check(a, "parts", part=[b, c])`."""
    check = CrossCheck.objects.create(indicator=indicator, kind=kind)
    for role, members in others.items():
        for member in members:
            CrossCheckTerm.objects.create(check_of=check, indicator=member, role=role)
    return check


def full_collection(count):
    """Lines with all that can hang on them; every other one is worked out from the one before."""
    lines = []
    for number in range(count // 2):
        entered = make_reported(f"A{number}")
        lines += [entered, make_derived(f"D{number}", [entered], owner=person("head"), reporter=person("lead"))]
        make_values(entered, {DECEMBER: 50, JANUARY: 90})
        add_check(entered, "limit", limit=[lines[-1]])
        add_check(entered, "parts", part=[lines[-1]])
        for line in lines[-2:]:
            say(line, "Quiet.", DECEMBER)
            say(line, "Busy.")
            SignOff.objects.create(
                indicator=line, month=JANUARY, step="sent", sent_at=NOW, first_sent_at=NOW, sent_by=person("lead")
            )
            WarningReason.objects.create(
                indicator=line, month=JANUARY, warning="unusual", about="90", reason="A family moved."
            )
    return make_collection(*lines)


def test_queries_are_as_many_for_40_lines_as_for_2():
    def read(edition):
        for line in assemble_sheet(edition).lines:
            assert (line.standing, line.text, line.last_commentary) == (Standing.SENT, "Busy.", "Quiet.")
            assert str(line.sign_off.sent_by) == "Lead"

    assert queries_for(40, full_collection, read) == queries_for(2, full_collection, read)


# Lines


def test_lines_stand_in_the_order_of_the_scorecard_with_their_section():
    scorecard = make_scorecard(make_indicator("B1"), make_indicator("A1"))
    later = Section.objects.create(scorecard=scorecard, title="Children in care", position=1)
    Line.objects.create(section=later, indicator=make_indicator("C1"))
    sheet = assemble_sheet(Edition(scorecard=scorecard, month=JANUARY))
    assert [(line.section, line.indicator.reference) for line in sheet.lines] == [
        ("Front door", "B1"),
        ("Front door", "A1"),
        ("Children in care", "C1"),
    ]


def test_indicator_in_two_sections_is_one_line_in_the_first():
    indicator = make_indicator("A1")
    scorecard = make_scorecard(make_indicator("B1"), indicator)
    later = Section.objects.create(scorecard=scorecard, title="Children in care", position=1)
    Line.objects.create(section=later, indicator=indicator)
    sheet = assemble_sheet(Edition(scorecard=scorecard, month=JANUARY))
    assert [(line.section, line.indicator.reference) for line in sheet.lines] == [
        ("Front door", "B1"),
        ("Front door", "A1"),
    ]


def test_indicator_that_is_not_reported_in_the_month_is_no_line():
    ended = make_indicator("A1", active_to=DECEMBER)
    assert list(lines_of(make_collection(ended, make_indicator("B1")))) == ["B1"]


def test_scorecard_without_lines_has_an_empty_sheet():
    assert assemble_sheet(make_collection()).lines == ()


def test_line_shows_the_three_months_before_and_the_month_a_year_before():
    indicator = make_reported()
    make_values(indicator, {date(2020, 1, 1): 1420, date(2020, 11, 1): 1500, DECEMBER: 1507, JANUARY: 1464})
    line = line_of(make_collection(indicator))
    assert line.figures_before == [
        ("Jan 2020", "1,420"),
        ("Oct 2020", "[x]"),
        ("Nov 2020", "1,500"),
        ("Dec 2020", "1,507"),
    ]
    assert line.figure_text == "1,464"


@pytest.mark.parametrize(
    ("month", "standing"),
    [
        (date(2020, 12, 1), Standing.TO_DO),
        (date(2021, 1, 1), Standing.NOT_DUE),
        (date(2021, 2, 1), Standing.NOT_DUE),
        (date(2021, 3, 1), Standing.TO_DO),
    ],
    ids=str,
)
def test_quarterly_line_is_due_where_a_quarter_ends(month, standing):
    line = line_of(make_collection(make_indicator("A1", frequency="quarterly"), month=month))
    assert line.standing is standing
    assert line.is_expected is (standing is Standing.TO_DO)


def test_quarterly_line_that_was_entered_early_is_expected():
    indicator = make_indicator("A1", frequency="quarterly")
    make_value(indicator, JANUARY, 5)
    assert line_of(make_collection(indicator)).standing is Standing.DRAFT


# What feeds what


def test_line_tells_what_is_worked_out_from_it_at_any_remove():
    entered, other = make_indicator("A1"), make_indicator("B1")
    share = make_derived("D1", [entered], [other])
    total = make_derived("D2", [share])
    make_derived("D3", [entered])
    sheet = assemble_sheet(make_collection(entered, other, share, total))
    feeds = {line.indicator.reference: sorted(line.feeds) for line in sheet.lines}
    assert feeds == {"A1": ["D1", "D2"], "B1": ["D1", "D2"], "D1": ["D2"], "D2": []}
    assert [line.indicator.reference for line in sheet.fed_by("A1")] == ["D1", "D2"]
    assert list(sheet.fed_by("nothing")) == []


# Supposing


def test_a_supposed_figure_is_reckoned_with_and_not_stored():
    entered = make_reported("A1")
    edition = make_collection(entered, make_derived("D1", [entered]))
    make_values(entered, {DECEMBER: 100, JANUARY: 5})
    typed = read_sheet(edition).sheet(amounts={entered.pk: EntryAmount(figure=150)})
    lines = {line.indicator.reference: line for line in typed.lines}
    assert (lines["A1"].figure_text, lines["D1"].figure_text) == ("150", "150")
    assert lines["A1"].row.change_month_text == "50%"
    assert MonthlyValue.objects.get(month=JANUARY).figure == 5


def test_a_supposed_blank_takes_the_place_of_a_figure():
    indicator = make_reported()
    edition = make_collection(indicator)
    make_value(indicator, JANUARY, 5)
    [line] = read_sheet(edition).sheet(amounts={indicator.pk: EntryAmount(blank="awaited")}).lines
    assert line.figure_text == "tbc"


@pytest.mark.parametrize(("frequency", "expected"), [("monthly", "[x]"), ("quarterly", "not due")])
def test_a_figure_supposed_away_leaves_what_an_empty_month_shows(frequency, expected):
    indicator = make_reported(frequency=frequency)
    edition = make_collection(indicator)
    assert line_of(edition).figure_text == expected
    make_value(indicator, JANUARY, 5)
    [line] = read_sheet(edition).sheet(amounts={indicator.pk: EntryAmount()}).lines
    assert line.figure_text == expected


def test_a_supposed_text_answers_the_warning_that_asked_for_it():
    indicator = make_reported()
    edition = make_collection(indicator)
    make_values(indicator, {DECEMBER: 100, JANUARY: 150})
    line = line_of(edition)
    assert codes(line) == ["no-commentary"]
    assert codes(read_sheet(edition).sheet(texts={line.key: "A family moved."}).lines[0]) == []
    assert codes(read_sheet(edition).sheet(texts={line.key: " \n"}).lines[0]) == ["no-commentary"]


# Warnings and their reasons


def test_scorecard_says_from_which_change_commentary_is_asked_for():
    indicator = make_reported()
    edition = make_collection(indicator)
    make_values(indicator, {DECEMBER: 100, JANUARY: 129})
    assert codes(line_of(edition)) == ["no-commentary"]
    edition.scorecard.commentary_from_change = 30
    assert codes(line_of(edition)) == []


def test_a_reason_lets_its_warning_pass_as_long_as_the_figure_stays():
    indicator = make_reported()
    edition = make_collection(indicator)
    make_values(indicator, STEADY)
    value = make_value(indicator, JANUARY, 150)
    WarningReason.objects.create(
        indicator=indicator, month=JANUARY, warning="unusual", about="150", reason="Checked with the school."
    )
    [warning] = line_of(edition).warnings
    assert (warning.reason, warning.earlier_reason) == ("Checked with the school.", "")
    assert line_of(edition).open_warnings == []

    value.figure = 151
    value.save()
    line = line_of(edition)
    [warning] = line.warnings
    assert (warning.reason, warning.earlier_reason) == ("", "Checked with the school.")
    assert [caution.code for caution in line.open_warnings] == ["unusual"]


@pytest.mark.parametrize("fields", [{"month": DECEMBER}, {"warning": "same"}, {"indicator": None}], ids=str)
def test_a_reason_is_for_one_line_month_and_warning(fields):
    indicator = make_reported()
    edition = make_collection(indicator)
    make_values(indicator, STEADY | {JANUARY: 150})
    given = {"indicator": indicator, "month": JANUARY, "warning": "unusual", "about": "150", "reason": "Checked."}
    if "indicator" in fields:
        fields = {"indicator": make_indicator("B1")}
    WarningReason.objects.create(**{**given, **fields})
    assert [caution.code for caution in line_of(edition).open_warnings] == ["unusual"]


def test_a_check_compares_with_the_months_figures_and_last_months_stock():
    stock, arrivals, leavers = make_reported("LAC1"), make_reported("LAC2"), make_reported("LAC3")
    check = add_check(stock, "stock", inflow=[arrivals], outflow=[leavers])
    edition = make_collection(stock, arrivals, leavers)
    make_values(stock, {DECEMBER: 512, JANUARY: 493})
    make_values(arrivals, {DECEMBER: 999, JANUARY: 9})
    make_value(leavers, JANUARY, 24)
    [warning] = line_of(edition, "LAC1").warnings
    assert warning.caution.code == f"check-{check.pk}"
    assert warning.caution.message == ("Last month’s 512, plus LAC2 (9), less LAC3 (24) gives 497, but LAC1 is 493.")


def test_a_check_of_a_quarterly_stock_looks_one_quarter_back():
    stock, arrivals = (make_reported(reference, frequency="quarterly") for reference in ("LAC1", "LAC2"))
    add_check(stock, "stock", inflow=[arrivals])
    edition = make_collection(stock, arrivals, month=DECEMBER)
    make_values(stock, {date(2020, 9, 1): 512, DECEMBER: 530})
    make_value(arrivals, DECEMBER, 9)
    [warning] = line_of(edition, "LAC1").warnings
    assert warning.caution.message == ("Last quarter’s 512, plus LAC2 (9), less nothing gives 521, but LAC1 is 530.")


def test_a_check_is_kept_to_its_tolerance_exactly():
    whole, part = make_reported("W1"), make_reported("P1")
    check = add_check(whole, "parts", part=[part])
    edition = make_collection(whole, part)
    make_value(whole, JANUARY, 100)
    make_value(part, JANUARY, "99.5")
    assert len(line_of(edition, "W1").warnings) == 1
    check.tolerance = "0.5"
    check.save()
    assert line_of(edition, "W1").warnings == ()


def test_a_check_that_is_out_of_use_asks_nothing():
    whole, part = make_reported("W1"), make_reported("P1")
    check = add_check(whole, "parts", part=[part])
    check.is_active = False
    check.save()
    make_value(whole, JANUARY, 100)
    make_value(part, JANUARY, 50)
    assert line_of(make_collection(whole, part), "W1").warnings == ()


def test_a_check_with_an_indicator_of_another_scorecard_is_not_made():
    whole, part = make_reported("W1"), make_reported("P1")
    add_check(whole, "parts", part=[part])
    make_value(whole, JANUARY, 100)
    make_value(part, JANUARY, 50)
    assert line_of(make_collection(whole), "W1").warnings == ()


def test_a_quarterly_line_is_only_asked_about_its_own_month():
    indicator = make_reported(frequency="quarterly", polarity="low")
    Target.objects.create(indicator=indicator, year=2020, value=1)
    make_values(indicator, {date(2020, 9, 1): 50, DECEMBER: 90})
    scorecard = make_scorecard(indicator)
    assert codes(line_of(Edition(scorecard=scorecard, month=DECEMBER))) == ["no-commentary"]
    assert codes(line_of(Edition(scorecard=scorecard, month=JANUARY))) == []


def test_a_quarterly_line_is_compared_with_the_quarter_before():
    indicator = make_reported(frequency="quarterly")
    make_values(indicator, {date(2020, 9, 1): 50, DECEMBER: 50})
    [warning] = line_of(make_collection(indicator, month=DECEMBER)).warnings
    assert warning.caution.message == "The same figure as in quarter 2 of 2020-21. Was it copied?"


# How far a line has come


def test_fingerprint_tells_another_figure_note_or_text():
    indicator = make_reported()
    edition = make_collection(indicator)
    value = make_value(indicator, JANUARY, 5)
    seen = [line_of(edition).fingerprint]
    for field, content in (("figure", 6), ("stage", "revised"), ("note", "Recounted.")):
        setattr(value, field, content)
        value.save()
        seen.append(line_of(edition).fingerprint)
    say(indicator, "Fewer.")
    seen.append(line_of(edition).fingerprint)
    assert len(set(seen)) == len(seen)
    assert line_of(edition).fingerprint == seen[-1]


def test_fingerprint_of_a_worked_out_line_tells_another_source():
    source = make_indicator("A1")
    edition = make_collection(make_derived("D1", [source]))
    value = make_value(source, JANUARY, 5)
    before = line_of(edition, "D1").fingerprint
    value.figure = 6
    value.save()
    assert line_of(edition, "D1").fingerprint != before


# The demonstration


def test_demonstration_warns_of_children_in_care_in_august_2020_only(django_db_setup, django_db_blocker):
    """docs/demonstration-data.md: shares add up, and stock and flow are off by more than 3 in that month alone."""

    def read():
        scorecard = Scorecard.objects.get(slug=demonstration.SLUG)
        return {
            (line.indicator.reference, f"{month:%Y-%m}")
            for month in months_ending(JANUARY, 12)
            for line in assemble_sheet(Edition(scorecard=scorecard, month=month)).lines
            if any(code.startswith("check-") for code in codes(line))
        }

    assert while_loaded(django_db_blocker, read) == {("LAC1", "2020-08")}


def test_change_of_a_count_that_is_a_share_elsewhere_is_not_judged_in_a_return():
    """Whether it is better its share says, which waits for what others enter."""
    count, other, whole = (make_indicator(name, polarity="high") for name in ("A1", "A2", "A3"))
    share = make_derived("A1 (%)", [count], [whole], polarity="high", unit="percentage")
    for indicator in (count, other):
        make_values(indicator, {DECEMBER: 480, JANUARY: 489})
    make_scorecard(count, other, share)
    sheet = assemble_sheet(make_dated_edition(Scorecard.objects.get()))
    assert [sheet.find(one.pk).row.change_month.assessment for one in (count, other)] == ["not_judged", "better"]
