"""Lines of every frequency in a monthly report: which figure is shown, what it is compared with, and what it is called.

All expected values by hand; the report is on January 2021 unless said otherwise.
"""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commentary.facts import fact_sentences
from indicators.calculations.months import add_months
from indicators.models import Target
from scorecard.disclosure.mask import HIDDEN, mask_report
from scorecard.disclosure.plan import Mask
from scorecard.display import cells
from scorecard.display.drawings import trend_in_words
from scorecard.files.csv_and_json import to_json
from scorecard.indicator_page import Span, assemble_page
from scorecard.indicator_page.present import to_csv
from scorecard.report import assemble_report
from scorecard.returns.forms import LineForm
from scorecard.sheet.components import facts_of
from tests.factories import JANUARY, make_derived, make_indicator, make_scorecard, make_values
from tests.scorecard.files.test_open_data import read
from tests.scorecard.returns.returning import line_of, make_collection, make_reported

pytestmark = pytest.mark.django_db


def month(text):
    return date.fromisoformat(f"{text}-01")


def figures(**by_month):
    return {month(f"{name[1:5]}-{name[5:]}"): value for name, value in by_month.items()}


# What is kept of an indicator, and of its line: the period of its figure, the figure, the changes on the period before
# and on the year before, average and number of figures of the twelve months, and the first sentence.
LINES = {
    "quarters of a calendar year": (
        {"frequency": "quarterly", "year_starts": 1},
        figures(m201912=40, m202003=45, m202006=50, m202009=40, m202012=50),
        ("Quarter 4 of 2020", "50", "25%", "25%", "46", 4),
        # (45 + 50 + 40 + 50) / 4 is 46.25.
        "50 in quarter 4 (October to December), 25% more than in quarter 3 (July to September) and 25% more than a "
        "year before; 8% above the 12-month average.",
    ),
    "quarters that come out two months late": (
        {"frequency": "quarterly", "due_months": "8,11,2,5"},
        figures(m201911=40, m202008=30, m202011=60),
        ("Quarter 2 of 2020-21", "60", "100%", "50%", "45", 2),
        "60 in quarter 2 (July to September), 100% more than in quarter 1 (April to June) and 50% more than a year "
        "before; 33% above the 12-month average (2 of 4 quarters).",
    ),
    "terms": (
        {"frequency": "termly", "year_starts": 9},
        figures(m201912=24, m202004=25, m202007=20, m202012=30),
        ("Autumn term 2020", "30", "50%", "25%", "25", 3),
        "30 in the autumn term 2020, 50% more than in the summer term 2020 and 25% more than a year before; "
        "20% above the 12-month average; the highest of the last three terms.",
    ),
    "half-years": (
        {"frequency": "half_yearly"},
        figures(m201903=80, m201909=88, m202003=100, m202009=110),
        ("April to September 2020", "110", "10%", "25%", "105", 2),
        "110 in the half-year from April to September 2020, 10% more than in the half-year from October 2019 to March "
        "2020 and 25% more than a year before; 5% above the 12-month average; the highest of the last four half-years.",
    ),
    "years": (
        {"frequency": "yearly"},
        figures(m201603=40, m201703=44, m201803=50, m201903=40, m202003=48),
        ("2019-20", "48", "20%", "20%", "48", 1),
        "48 in 2019-20, 20% more than in 2018-19; highest of the last five years was 50 in 2017-18.",
    ),
    "years that come out in November": (
        {"frequency": "yearly", "due_months": "11"},
        figures(m201911=40, m202011=50),
        ("2019-20", "50", "25%", "25%", "50", 1),
        "50 in 2019-20, 25% more than in 2018-19.",
    ),
    "academic years": (
        {"frequency": "yearly", "year_starts": 9, "due_months": "10"},
        figures(m201910=50, m202010=40),
        ("Academic year 2019-20", "40", "-20%", "-20%", "40", 1),
        "40 in the academic year 2019-20, 20% fewer than in the academic year 2018-19.",
    ),
    "calendar years": (
        {"frequency": "yearly", "year_starts": 1},
        figures(m201912=50, m202012=60),
        ("2020", "60", "20%", "20%", "60", 1),
        "60 in 2020, 20% more than in 2019.",
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_line_has_its_own_period_and_is_compared_with_its_own_earlier_ones(name):
    fields, stored, shown, sentence = LINES[name]
    indicator = make_indicator(**fields)
    make_values(indicator, stored)
    [row] = assemble_report(make_scorecard(indicator), JANUARY).rows
    assert (
        row.period.name,
        row.current_text,
        row.change_month_text,
        row.change_year_text,
        row.average_text,
        row.summary.months,
    ) == shown
    assert fact_sentences(row)[0] == sentence


def yearly_line(**fields):
    """A percentage of the year to March, 40% to 48%, with the report on January 2021."""
    indicator = make_indicator(**{"frequency": "yearly", "unit": "percentage", "polarity": "high", **fields})
    make_values(indicator, figures(m201603=40, m201703=44, m201803=50, m201903=40, m202003=48))
    return indicator


def test_a_phones_card_has_the_figure_of_the_last_quarter_that_was_due():
    """Where there is room it has a column of its own, so that the cell says only that nothing was due."""
    quarterly = make_indicator(frequency="quarterly")
    make_values(quarterly, figures(m202009=400, m202012=500))
    [row] = assemble_report(make_scorecard(quarterly), JANUARY).rows
    assert cells.month_cell(row, -1).endswith('<span class="small of-card">Q3 2020-21: <b>500</b></span>')
    assert "of-card" not in cells.month_cell(row, -2)


def test_a_years_figure_never_looks_like_the_months():
    report = assemble_report(make_scorecard(yearly_line()), JANUARY)
    [row] = report.rows
    assert row.month_texts == ("not due",) * 6
    assert '<span class="small">2019-20: <b>48%</b></span>' in cells.month_cell(row, -1)
    assert "48%" not in cells.month_cell(row, -2)
    assert cells.summary_cell(row, row.average_text).endswith('<span class="small">one figure, 2019-20</span>')
    assert "2019-20 against 2018-19" in cells.change_cell(row, row.change_month, "20%", row.previous_month)
    assert trend_in_words(row) == (
        "From 40% in 2015-16 to 48% in 2019-20; lowest 40% in 2015-16, highest 50% in 2017-18."
    )


def test_a_figure_that_is_missing_is_missing_until_the_next_is_due():
    indicator = make_indicator(frequency="termly")
    make_values(indicator, figures(m202007=20))
    [row] = assemble_report(make_scorecard(indicator), JANUARY).rows
    assert (row.period.name, row.current_text) == ("Autumn term 2020", "[x]")
    assert fact_sentences(row)[:2] == (
        "No figure for the autumn term 2020: not available.",
        "The latest is 20 in the summer term 2020.",
    )


def test_files_have_the_period():
    report = assemble_report(make_scorecard(yearly_line()), JANUARY)
    line = json.loads(to_json(report))["sections"][0]["rows"][0]
    assert line["period"] == {"name": "2019-20", "first": "2019-04", "final": "2020-03", "due": "2020-03"}
    assert line["figure"]["text"] == "48%"


def test_page_has_a_point_a_year_and_says_what_the_report_says():
    indicator = yearly_line()
    scorecard = make_scorecard(indicator)
    page = assemble_page(scorecard, JANUARY, indicator.pk, readable=(), with_names=False)
    assert [(page.name_of(point), point.text) for point in page.points] == [
        ("2015-16", "40%"),
        ("2016-17", "44%"),
        ("2017-18", "50%"),
        ("2018-19", "40%"),
        ("2019-20", "48%"),
    ]
    assert to_csv(page, page.points).splitlines()[-1].startswith("2020-03,48%,48,")
    assert [span.label(page.measure.periods) for span in Span] == ["5 years", "13 years", "All years"]


@pytest.mark.parametrize("frequency", ["quarterly", "termly", "half_yearly", "yearly"])
def test_thirteen_figures_are_examined_by_report_and_page_alike(frequency):
    """Twelve that go up and down a little, then one far above; before them one that would widen the limits."""
    indicator = make_indicator(frequency=frequency, polarity="low")
    periods = indicator.periods
    months = periods.ending(JANUARY, 14)
    make_values(indicator, dict(zip(months, [900, *[100, 102] * 6, 160], strict=True)))
    scorecard = make_scorecard(indicator)
    [row] = assemble_report(scorecard, JANUARY).rows
    page = assemble_page(scorecard, JANUARY, indicator.pk, readable=(), with_names=False)
    assert (row.signal.variation, row.signal.trial, row.signal.figures) == ("concern_high", False, 13)
    assert (page.signal.verdict.variation, page.signal.verdict.trial) == ("concern_high", False)
    assert [point.month for point in page.points] == [*months[1:]]
    assert row.examined_since == months[1]


def test_few_figures_are_not_examined_and_that_is_said():
    [row] = assemble_report(make_scorecard(yearly_line()), JANUARY).rows
    assert (row.signal.variation, row.signal.words) == (None, "Could not be examined")
    assert row.signal.because


def test_derived_line_has_figures_where_its_own_are_due():
    """A yearly share of two monthly counts is that of the months in which it is due."""
    top, bottom = make_indicator("T"), make_indicator("B")
    months = [add_months(JANUARY, -back) for back in range(24)]
    make_values(top, dict.fromkeys(months, 1))
    make_values(bottom, dict.fromkeys(months, 4))
    share = make_derived("S", [top], [bottom], unit="percentage", frequency="yearly")
    [row] = assemble_report(make_scorecard(share), JANUARY).rows
    assert (row.period.name, row.current_text, row.summary.months) == ("2019-20", "25%", 1)


@pytest.mark.parametrize(
    ("fields", "stored", "rated", "shown"),
    [
        pytest.param({"year_starts": 1}, figures(m202101=50), 2021, ["2019", "2020", "2021"], id="calendar"),
        pytest.param(
            {"year_starts": 9},
            figures(m202101=50),
            2020,
            ["2018-19 academic", "2019-20 academic", "2020-21 academic"],
            id="academic",
        ),
        pytest.param({"frequency": "yearly"}, figures(m202003=50), 2019, ["", "", ""], id="the year before"),
    ],
)
def test_line_is_rated_by_the_target_of_its_own_year(fields, stored, rated, shown):
    indicator = make_indicator(polarity="high", **fields)
    make_values(indicator, stored)
    for year in range(2018, 2023):
        Target.objects.create(indicator=indicator, year=year, value=year - 1980)
    [row] = assemble_report(make_scorecard(indicator), JANUARY).rows
    assert (row.rated_year, row.target.terms.value) == (rated, rated - 1980)
    assert [row.own_year_of(cell) for cell in row.targets] == shown


def test_monthly_scorecard_is_read_no_further_than_before_and_no_line_adds_a_query():
    monthly, yearly = make_indicator("M"), yearly_line(reference="Y")
    make_values(monthly, {add_months(JANUARY, -back): 5 for back in range(40)})

    def queries(*lines, slug):
        scorecard = make_scorecard(*lines, slug=slug)
        with CaptureQueriesContext(connection) as captured:
            assemble_report(scorecard, JANUARY)
        return [query["sql"] for query in captured]

    alone = queries(monthly, slug="alone")
    beside = queries(monthly, yearly, slug="beside")
    more = queries(monthly, yearly, make_indicator("Z", frequency="termly"), slug="more")
    assert "2019-01-01" in " ".join(alone)
    assert len(beside) == len(more) == len(alone) + 1


def test_hidden_earlier_figure_is_no_longer_told(django_assert_num_queries):

    indicator = yearly_line(unit="count")
    report = assemble_report(make_scorecard(indicator), JANUARY)
    hidden = frozenset({(indicator.pk, month("2018-03"))})
    plan = Mask(hidden=hidden, unsafe_revisions=frozenset())
    [row] = mask_report(report, plan).rows
    assert row.figure(month("2018-03")) == HIDDEN
    assert row.signal.suppressed
    assert row.change_month.relative is not None


@pytest.mark.parametrize(
    ("fields", "at", "question", "not_due"),
    [
        ({"frequency": "termly"}, "2020-12", "How many in the autumn term 2020?", ""),
        (
            {"frequency": "termly"},
            "2021-01",
            "How many in January 2021?",
            "No figure is due in January 2021. The next is that of the spring term 2021, in April 2021.",
        ),
        ({"frequency": "yearly", "due_months": "11"}, "2020-11", "How many in 2019-20?", ""),
        ({"frequency": "half_yearly"}, "2020-09", "How many in the half-year from April to September 2020?", ""),
        ({}, "2021-01", "How many in January 2021?", ""),
    ],
)
def test_return_asks_for_a_period_by_its_name(fields, at, question, not_due):
    indicator = make_reported("A1", **fields)
    line = line_of(make_collection(indicator, month=month(at)))
    assert LineForm(None, line).fields["figure"].label == question
    assert (line.not_due_text, line.is_due) == (not_due, not not_due)


def test_return_shows_its_own_earlier_periods():
    indicator = make_reported("A1", frequency="termly")
    make_values(indicator, figures(m201912=24, m202004=25, m202007=20))
    line = line_of(make_collection(indicator, month=month("2020-12")))
    assert line.figures_before == [
        ("Autumn 2019", "24"),
        ("Spring 2020", "25"),
        ("Summer 2020", "20"),
    ]
    assert [fact.label for fact in facts_of(line)][:2] == ["Since last term", "Since last year"]


def test_open_data_name_the_period_where_a_line_is_not_monthly():
    monthly, yearly = make_indicator("M"), yearly_line(reference="Y")
    make_values(monthly, {JANUARY: 5})
    with_years = read(assemble_report(make_scorecard(monthly, yearly), JANUARY))[0]
    assert {(row["time_identifier"], row["period"]) for row in with_years if row["reference"] == "Y"} >= {
        ("March", "2019-20"),
        ("January", "January 2021"),
    }
    assert "period" not in read(assemble_report(make_scorecard(monthly, slug="monthly"), JANUARY))[0][0]
