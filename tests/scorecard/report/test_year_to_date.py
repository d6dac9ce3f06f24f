"""What adds up over the year, and targets that are worked out, from the tables to every output."""

import json
from datetime import date
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from commentary.facts import fact_sentences
from indicators.calculations.months import add_months, financial_year, months_ending
from indicators.calculations.rating import Aim
from indicators.calculations.vocabulary import Assessment, Blank, Rating
from indicators.models import Comparator, MonthlyValue, Rebase, Target
from scorecard.disclosure.mask import mask_report
from scorecard.disclosure.plan import Mask
from scorecard.display import cells
from scorecard.files.csv_and_json import to_csv, to_json
from scorecard.indicator_page import assemble_page
from scorecard.indicator_page.facts import Span
from scorecard.indicator_page.present import PageContext
from scorecard.models import Scorecard
from scorecard.publication.format import ROW
from scorecard.report import assemble_report
from scorecard.report.what_to_look_at import what_to_look_at
from tests.factories import DECEMBER, JANUARY, make_derived, make_indicator, make_scorecard, make_value, make_values

pytestmark = pytest.mark.django_db

MONTHS = months_ending(JANUARY, 36)


def adding(reference="A1", **fields):
    return make_indicator(reference, **{"polarity": "high", "accumulation": "per_period", **fields})


def report_of(*indicators, month=JANUARY):
    Scorecard.objects.all().delete()
    return assemble_report(make_scorecard(*indicators), month)


def row_of(*indicators, month=JANUARY):
    return next(report_of(*indicators, month=month).rows)


def running(figures, starts=4):
    """The totals so far of figures by month, as somebody adds them up on paper."""
    totals, total, year = {}, 0, None
    for month in sorted(figures):
        total = total + figures[month] if financial_year(month, starts) == year else figures[month]
        totals[month], year = total, financial_year(month, starts)
    return totals


def test_two_a_month_are_on_course_for_24_a_year_and_nothing_says_that_they_will_miss_it():
    indicator = adding()
    make_values(indicator, dict.fromkeys(MONTHS, 2))
    Target.objects.create(indicator=indicator, year=2020, value=24, shape="even")
    report = report_of(indicator)
    row = next(report.rows)
    assert (row.rating, row.signal.assurance, row.judged_figure.value) == (Rating.GREEN, None, 20)
    assert row.target.meaning.aim == Aim(20, None)
    assert row.totals.to_date.value == row.totals.last_year.value == 20
    assert row.totals.whole_last_year.value == 24
    assert row.target_text(row.target) == "24 for the year"
    said = "20 or more (the even share of 10 of 12 months of the year)"
    assert row.aim_text == said
    assert f"On target, which is {said}, with 20 so far in 2020-21." in fact_sentences(row)
    assert not [line for item in what_to_look_at(report) for line in item.lines]
    assert "will keep" not in str(cells.rating_cell(row)).lower()
    line = to_csv(report).splitlines()
    assert "year_to_date,year_to_date_last_year,target_means" in line[0]
    found = json.loads(to_json(report))["sections"][0]["rows"][0]
    assert found["year_to_date"]["value"] == found["year_to_date"]["last_year"]["value"] == "20"
    assert found["targets"]["2020-21"]["means"]["low"] == "20"
    assert ROW.read(json.loads(json.dumps(ROW.write(row)))) == row


def test_year_that_falls_behind_is_off_target_and_says_by_how_much():
    indicator = adding()
    make_values(indicator, dict.fromkeys(MONTHS, 2) | {JANUARY: 1})
    Target.objects.create(indicator=indicator, year=2020, value=30, shape="even", tolerance=2)
    report = report_of(indicator)
    row = next(report.rows)
    assert (row.rating, row.judged_text) == (Rating.RED, "19 so far in 2020-21")
    reasons = [text for item in what_to_look_at(report) for line in item.lines for text in line.reasons.values()]
    assert reasons == [
        "19 so far in 2020-21 misses the target so far, 25 or more (the even share of 10 of 12 months of the year),"
        " by more than its tolerance."
    ]


@pytest.mark.parametrize(("starts", "frequency", "step"), [(4, "monthly", 1), (9, "monthly", 1), (4, "quarterly", 3)])
def test_totals_entered_give_the_same_report_as_figures(starts, frequency, step):
    figures = {
        month: 10 + place % 7 for place, month in enumerate(months_ending(DECEMBER, 72)) if month.month % step == 0
    }
    kinds = {"year_starts": starts, "frequency": frequency}
    reports = []
    for accumulation, entered in (("per_period", figures), ("to_date", running(figures, starts))):
        MonthlyValue.objects.all().delete()
        indicator = adding(accumulation, accumulation=accumulation, **kinds)
        since = date(2015, starts, 1)
        make_values(indicator, {month: value for month, value in entered.items() if month >= add_months(since, 12)})
        Target.objects.create(indicator=indicator, year=2020, value=150, shape="even")
        row = row_of(indicator, month=DECEMBER)
        assert row.totals.to_date.value is not None
        reports.append(row._replace(indicator=0, measure=None))
    assert reports[0] == reports[1]


def test_totals_of_parts_give_the_same_report_as_parts():
    reports = []
    for accumulation in ("per_period", "to_date"):
        indicator = adding(accumulation, accumulation=accumulation, unit="percentage", kind="ratio")
        top = bottom = 0
        for place, month in enumerate(months_ending(JANUARY, 58)):
            if accumulation == "per_period" or month.month == 4:
                top = bottom = 0
            top, bottom = top + 5 + place % 3, bottom + 10
            make_value(indicator, month, numerator=top, denominator=bottom)
        Target.objects.create(indicator=indicator, year=2020, value=61, shape="even")
        reports.append(row_of(indicator)._replace(indicator=0, measure=None))
    assert reports[0] == reports[1]
    # 5, 6 and 7 of 10 in turn: 60 of 100 so far, held to the year's 61% and not to ten twelfths of it.
    assert reports[0].totals.to_date.denominator == 100
    assert reports[0].target.meaning.aim == Aim(61, None)


def test_total_of_a_derived_share_is_that_of_its_parts():
    top, bottom = make_indicator("T1"), make_indicator("B1")
    share = make_derived("D1", [top], [bottom], unit="percentage", accumulation="per_period", polarity="high")
    for month in MONTHS:
        make_value(top, month, 1 + month.month % 2)
        make_value(bottom, month, 4)
    row = row_of(share)
    # April to January: five even months with 1 of 4, five odd ones with 2 of 4.
    assert row.totals.to_date.value == Fraction(100 * 15, 40)


def test_derived_figure_takes_what_a_total_says_of_the_period():
    total = adding("T1", accumulation="to_date")
    make_values(total, running(dict.fromkeys(months_ending(JANUARY, 58), 3)))
    assert row_of(make_derived("D1", [total])).current_figure.value == 3


def test_total_after_a_blank_is_rated_although_its_month_has_no_figure():
    indicator = adding(accumulation="to_date")
    entered = running(dict.fromkeys(months_ending(JANUARY, 58), 2))
    make_values(indicator, {month: value for month, value in entered.items() if month != DECEMBER})
    make_value(indicator, DECEMBER, blank="awaited")
    Target.objects.create(indicator=indicator, year=2020, value=24, shape="even")
    row = row_of(indicator)
    assert (row.current_figure.blank, row.rating) == (Blank.NOT_AVAILABLE, Rating.GREEN)
    assert row.current_figure.note == "4 for December 2020 and January 2021 together."


def relative(indicator, **fields):
    return Target.objects.create(indicator=indicator, year=2020, value=None, **fields)


def test_better_than_last_year_is_shown_as_the_figure_it_means():
    indicator = make_indicator(polarity="low")
    make_values(indicator, dict.fromkeys(MONTHS, 50) | {date(2020, 1, 1): 47, JANUARY: 47})
    relative(indicator, rests_on="last_year", is_strict=True)
    row = row_of(indicator)
    said = "less than 47 (last year’s figure, January 2020)"
    assert (row.rating, row.target_text(row.target), row.signal.assurance) == (Rating.RED, said, None)
    Rebase.objects.create(indicator=indicator, month=date(2020, 6, 1), reason="New system.")
    row = row_of(indicator)
    assert row.rating is Rating.TARGET_UNKNOWN
    assert "was counted otherwise" in row.target.meaning.because
    assert any("was counted otherwise" in sentence for sentence in fact_sentences(row))


@pytest.mark.parametrize(
    ("comparator", "rating", "said"),
    [
        ({"value": 31, "on_basis": "yes"}, Rating.GREEN, "31 or more (England, 2019-20)"),
        ({"value": 33, "on_basis": "yes"}, Rating.RED, "33 or more (England, 2019-20)"),
        ({"value": 33, "on_basis": "unknown"}, Rating.TARGET_UNKNOWN, "as good as England, not known"),
        (
            {"value": None, "blank": "not_available", "on_basis": "yes"},
            Rating.TARGET_UNKNOWN,
            "as good as England, not known",
        ),
        (None, Rating.TARGET_UNKNOWN, "as good as England, not known"),
    ],
)
def test_at_or_better_than_england_is_the_figure_of_england(comparator, rating, said):
    indicator = make_indicator(polarity="high")
    make_values(indicator, dict.fromkeys(MONTHS, 32))
    if comparator:
        Comparator.objects.create(indicator=indicator, group="england", year=2019, **comparator)
    relative(indicator, rests_on="comparator", group="england")
    row = row_of(indicator)
    assert (row.rating, row.target_text(row.target)) == (rating, said)


def test_total_better_than_last_years_at_the_same_time():
    indicator = adding()
    make_values(
        indicator,
        {month: 2 if month.year > 2020 or (month.month > 3 and month.year == 2020) else 1 for month in MONTHS},
    )
    relative(indicator, rests_on="last_year", is_strict=True, shape="last_year")
    row = row_of(indicator)
    assert (row.rating, row.judged_figure.value, row.target.meaning.aim.low) == (Rating.GREEN, 20, 10)


def test_range_is_drawn_compared_and_judged_from_both_sides():
    indicator = make_indicator(polarity="low", unit="days")
    make_values(indicator, {month: 12 + place % 2 for place, month in enumerate(MONTHS)})
    Target.objects.create(indicator=indicator, year=2020, sense="between", value=5, upper=20)
    scorecard = make_scorecard(indicator)
    row = next(assemble_report(scorecard, JANUARY).rows)
    assert (row.rating, row.signal.assurance.value, row.target_text(row.target)) == (
        Rating.GREEN,
        "pass",
        "5 to 20 days",
    )
    assert row.change_month.assessment is Assessment.NO_CHANGE
    page = assemble_page(scorecard, JANUARY, indicator.pk, readable=(), with_names=False)
    assert (page.points[-1].target, page.points[-1].target_upper) == (5, 20)
    assert page.signal.verdict.assurance is row.signal.assurance


def test_page_has_the_running_total_of_each_month():
    indicator = adding()
    make_values(indicator, dict.fromkeys(MONTHS, 2))
    page = assemble_page(make_scorecard(indicator), JANUARY, indicator.pk, readable=(), with_names=False)
    context = PageContext(page, "panel", Span.TWO_YEARS, "25")
    assert context.first_readout.endswith("The year so far: 20.")
    assert context.has_totals
    assert [point.total for point in page.points[-11:]] == ["24", *(str(2 * count) for count in range(1, 11))]


def test_hidden_count_is_not_told_by_a_total_nor_by_what_a_target_means():
    indicator = adding(polarity="low")
    make_values(indicator, dict.fromkeys(MONTHS, 9))
    Target.objects.create(indicator=indicator, year=2020, value=120, shape="last_year")
    report = report_of(indicator)
    for hidden, to_date, last_year in ((date(2020, 6, 1), None, 90), (date(2019, 6, 1), 90, None)):
        plan = Mask(hidden=frozenset({(indicator.pk, hidden)}), unsafe_revisions=frozenset())
        row = next(mask_report(report, plan).rows)
        assert (row.totals.to_date.value, row.totals.last_year.value) == (to_date, last_year)
        assert row.rating is Rating.SUPPRESSED
        assert (row.target.meaning.aim is None) == (last_year is None)


@pytest.mark.parametrize(
    ("indicator", "target", "field"),
    [
        ({"polarity": "high"}, {"value": 5, "sense": "at_most"}, "sense"),
        ({"polarity": "low"}, {"value": 5, "sense": "at_least"}, "sense"),
        ({"polarity": "target"}, {"value": 5, "sense": "at_least"}, "sense"),
        ({"polarity": "target"}, {"rests_on": "last_year"}, "rests_on"),
        ({"polarity": "high"}, {"value": 5, "shape": "even"}, "shape"),
        ({"polarity": "high"}, {"value": 5, "shape": "last_year"}, "shape"),
        ({"polarity": "high"}, {"value": -5}, "value"),
    ],
)
def test_target_that_does_not_fit_its_indicator_is_refused_by_form_and_database(indicator, target, field):
    wrong = Target(indicator=make_indicator(**indicator), year=2020, **target)
    with pytest.raises(ValidationError) as error:
        wrong.clean()
    assert field in error.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong.save()


@pytest.mark.parametrize(
    ("change", "target"),
    [
        ({"polarity": "low"}, {"value": 5, "sense": "at_least"}),
        ({"accumulation": "no"}, {"value": 5, "shape": "even"}),
        ({"allows_negative": False}, {"value": -5}),
    ],
)
def test_indicator_is_not_changed_against_its_targets(change, target):
    indicator = adding(allows_negative=True)
    Target.objects.create(indicator=indicator, year=2020, **target)
    for name, value in change.items():
        setattr(indicator, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        indicator.save()


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("1; 2; 3", "There are 3 steps"),
        ("1; 2; 3; 5", "the target itself"),
        ("1; 2; x; 24", "is not a step"),
        ("1 to 2; 3; 4; 24", "Either every step"),
        ("1 to 2; 3 to 4; 5 to 6; 24 to 30", "ranges"),
        (";".join("1" * 13), "at most 12"),
    ],
)
def test_steps_that_do_not_fit_are_refused_in_words(steps, told):
    with pytest.raises(ValidationError) as error:
        Target(indicator=adding(), year=2020, value=24, shape="typed", steps=steps).clean()
    assert told in error.value.message_dict["steps"][0]


def test_queries_do_not_grow_with_lines_that_add_up():
    counts = []
    for count in (1, 6):
        lines = [adding(f"N{count}{place}", accumulation="to_date") for place in range(count)]
        for line in lines:
            make_values(line, running(dict.fromkeys(months_ending(JANUARY, 10), 2)))
            Target.objects.create(indicator=line, year=2020, value=24, shape="last_year")
        scorecard = make_scorecard(*lines, slug=f"of-{count}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assemble_report(scorecard, JANUARY)
        counts.append(len(queries))
    assert counts[0] == counts[1]
