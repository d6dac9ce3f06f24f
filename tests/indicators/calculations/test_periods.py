"""When figures are due, which period they are of, and what it is called. All expected values by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.months import add_months
from indicators.calculations.periods import Periods, due_months_problem, read_due_months
from indicators.calculations.vocabulary import Frequency

MONTHLY, QUARTERLY, TERMLY, HALF_YEARLY, YEARLY = Frequency


def month(text):
    return date.fromisoformat(f"{text}-01")


# Of the figure that is current in January 2021: the month it is kept in, its first and final month, the year it
# counts to, its names, and the months of the one before it and of the next.
AT_JANUARY_2021 = {
    Periods(): ("2021-01", "2021-01", "2021-01", 2020, "January 2021", "Jan 2021", "in January 2021"),
    Periods(QUARTERLY): (
        *("2020-12", "2020-10", "2020-12", 2020, "Quarter 3 of 2020-21", "Q3 2020-21", "in quarter 3 of 2020-21"),
    ),
    Periods(QUARTERLY, 1): (
        *("2020-12", "2020-10", "2020-12", 2020, "Quarter 4 of 2020", "Q4 2020", "in quarter 4 of 2020"),
    ),
    Periods(QUARTERLY, 9): (
        *("2020-11", "2020-09", "2020-11", 2020, "Quarter 1 of the academic year 2020-21", "Q1 2020-21 academic"),
        "in quarter 1 of the academic year 2020-21",
    ),
    # A month late: April to June is known in August.
    Periods(QUARTERLY, 4, (8, 11, 2, 5)): (
        *("2020-11", "2020-07", "2020-09", 2020, "Quarter 2 of 2020-21", "Q2 2020-21", "in quarter 2 of 2020-21"),
    ),
    Periods(TERMLY, 9): (
        *("2020-12", "2020-09", "2020-12", 2020, "Autumn term 2020", "Autumn 2020", "in the autumn term 2020"),
    ),
    # The autumn term is known in January: the month is that of a report, the name that of the term.
    Periods(TERMLY, 9, (1, 5, 9)): (
        *("2021-01", "2020-09", "2020-12", 2020, "Autumn term 2020", "Autumn 2020", "in the autumn term 2020"),
    ),
    Periods(HALF_YEARLY): (
        *("2020-09", "2020-04", "2020-09", 2020, "April to September 2020", "Apr to Sep 2020"),
        "in the half-year from April to September 2020",
    ),
    Periods(HALF_YEARLY, 10): (
        *("2020-09", "2020-04", "2020-09", 2019, "April to September 2020", "Apr to Sep 2020"),
        "in the half-year from April to September 2020",
    ),
    Periods(HALF_YEARLY, 4, (10, 4)): (
        *("2020-10", "2020-04", "2020-09", 2020, "April to September 2020", "Apr to Sep 2020"),
        "in the half-year from April to September 2020",
    ),
    Periods(YEARLY): ("2020-03", "2019-04", "2020-03", 2019, "2019-20", "2019-20", "in 2019-20"),
    Periods(YEARLY, 4, (11,)): ("2020-11", "2019-04", "2020-03", 2019, "2019-20", "2019-20", "in 2019-20"),
    Periods(YEARLY, 1): ("2020-12", "2020-01", "2020-12", 2020, "2020", "2020", "in 2020"),
    Periods(YEARLY, 9): (
        *("2020-08", "2019-09", "2020-08", 2019, "Academic year 2019-20", "2019-20 academic"),
        "in the academic year 2019-20",
    ),
    # Known when schools close, before August is over.
    Periods(YEARLY, 9, (7,)): (
        *("2020-07", "2019-09", "2020-08", 2019, "Academic year 2019-20", "2019-20 academic"),
        "in the academic year 2019-20",
    ),
    Periods(YEARLY, 7): (
        *("2020-06", "2019-07", "2020-06", 2019, "Year from July 2019", "2019-20 from July"),
        "in the year from July 2019",
    ),
}


@pytest.mark.parametrize(("periods", "expected"), AT_JANUARY_2021.items())
def test_the_period_that_a_january_report_shows(periods, expected):
    due, first, final, *words = expected
    found = periods.of(periods.due(month("2021-01")))
    assert (found.due, found.first, found.final) == (month(due), month(first), month(final))
    assert [found.year, found.name, found.short, found.phrase] == words


@pytest.mark.parametrize(
    ("periods", "at", "previous", "following", "in_year"),
    [
        (Periods(), "2021-01", "2020-12", "2021-02", 10),
        (Periods(QUARTERLY), "2020-12", "2020-09", "2021-03", 3),
        (Periods(QUARTERLY, 4, (8, 11, 2, 5)), "2020-05", "2020-02", "2020-08", 4),
        # The gaps between terms are not alike.
        (Periods(TERMLY, 9), "2020-12", "2020-07", "2021-04", 1),
        (Periods(TERMLY, 9), "2021-04", "2020-12", "2021-07", 2),
        (Periods(TERMLY, 9), "2021-07", "2021-04", "2021-12", 3),
        # In a financial year the summer comes first; spring began before the turn of the year.
        (Periods(TERMLY), "2021-04", "2020-12", "2021-07", 3),
        (Periods(TERMLY), "2021-07", "2021-04", "2021-12", 1),
        (Periods(HALF_YEARLY), "2020-09", "2020-03", "2021-03", 1),
        (Periods(YEARLY, 4, (11,)), "2020-11", "2019-11", "2021-11", 1),
        # Where none is due, the latest and the next that are.
        (Periods(QUARTERLY), "2021-02", "2020-12", "2021-03", 3),
        (Periods(YEARLY), "2021-02", "2020-03", "2021-03", 0),
    ],
)
def test_neighbours_and_place_in_the_year(periods, at, previous, following, in_year):
    at = month(at)
    assert (periods.previous(at), periods.following(at)) == (month(previous), month(following))
    assert periods.place_in_year(at) == in_year


def test_a_month_in_which_no_figure_is_due_is_called_by_its_own_name():
    assert Periods(QUARTERLY).of(month("2021-02")).name == "February 2021"


def test_the_figures_of_a_year():
    found = {
        periods: [f"{due:%Y-%m}" for due in periods.due_in_year(2020)]
        for periods in (Periods(QUARTERLY), Periods(TERMLY, 9), Periods(TERMLY), Periods(YEARLY, 4, (11,)))
    }
    assert list(found.values()) == [
        ["2020-06", "2020-09", "2020-12", "2021-03"],
        ["2020-12", "2021-04", "2021-07"],
        ["2020-07", "2020-12", "2021-04"],
        ["2021-11"],
    ]
    assert [len(Periods(one).due_in_year(2020)) for one in Frequency] == [12, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("12, 4, 7", (12, 4, 7)),
        ("12;4;7", (12, 4, 7)),
        ("Dec, April and JULY", (12, 4, 7)),
        (" 11 ", (11,)),
        ("sept/mar", (9, 3)),
    ],
)
def test_due_months_as_officers_type_them(text, expected):
    assert read_due_months(text) == expected


@pytest.mark.parametrize("text", ["13", "0", "Autumn", "12, x", "1e1", "²", "-3", "123456789012345678901234567890"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match="is not a month: write the numbers of months, as 12, 4, 7, or their names"):
        read_due_months(text)


@pytest.mark.parametrize(
    ("frequency", "starts", "numbers", "said"),
    [
        (MONTHLY, 4, (3,), "A monthly figure is due every month: leave the months empty."),
        (YEARLY, 4, (13,), "13 is not the number of a month: write 1 to 12, or names as December, April, July."),
        (QUARTERLY, 4, (3, 6, 9, 3), "March is there twice."),
        (TERMLY, 9, (12, 4), "Every school term needs 3 months, one for each term; there are 2."),
        (YEARLY, 4, (3, 9), "Yearly needs 1 month, one for each year; there are 2."),
        (
            *(QUARTERLY, 4, (3, 4, 9, 12)),
            "March and April would each have the figure of January to March: a figure is of the latest quarter that "
            "ended by the month it is due in.",
        ),
        (TERMLY, 9, (1, 5, 9), ""),
        (QUARTERLY, 4, (4, 7, 10, 1), ""),
        (HALF_YEARLY, 1, (8, 2), ""),
        (YEARLY, 9, (11,), ""),
        (YEARLY, 4, (), ""),
    ],
)
def test_due_months_fit_frequency_and_year(frequency, starts, numbers, said):
    assert due_months_problem(frequency, starts, numbers) == said


def test_a_year_has_the_name_that_its_first_month_gives_it():
    assert [Periods(YEARLY, starts).year_text(2020) for starts in (4, 1, 9, 7)] == [
        "2020-21",
        "2020",
        "academic year 2020-21",
        "year from July 2020",
    ]


@st.composite
def any_periods(draw):
    """Any frequency and first month, due at the end of each period or some months later, all as many."""
    frequency, starts = draw(st.sampled_from(Frequency)), draw(st.integers(1, 12))
    own = Periods(frequency, starts)
    lag = 0 if own.is_monthly else draw(st.integers(0, 2))
    late = tuple((number + lag - 1) % 12 + 1 for number in own.due_numbers) if lag else ()
    return own if due_months_problem(frequency, starts, late) else Periods(frequency, starts, late)


months = st.dates(date(1995, 1, 1), date(2150, 1, 1)).map(lambda day: day.replace(day=1))


@given(any_periods(), months)
def test_the_next_of_the_previous_is_the_same(periods, at):
    due = periods.due(at)
    assert periods.is_due_in(due)
    assert periods.following(periods.previous(due)) == periods.previous(periods.following(due)) == due
    assert periods.previous(due, periods.in_a_year) == periods.year_before(due) == add_months(due, -12)


@given(any_periods(), months)
def test_each_month_lies_in_exactly_one_period(periods, at):
    found = periods.around(at)
    assert at in found.months
    assert periods.is_due_in(found.due)
    assert periods.of(found.due) == found
    before, after = periods.of(periods.previous(found.due)), periods.of(periods.following(found.due))
    assert add_months(before.final, 1) == found.first
    assert add_months(found.final, 1) == after.first


@given(any_periods(), months)
def test_each_figure_counts_to_exactly_one_year(periods, at):
    due = periods.due(at)
    year = periods.year(due)
    assert periods.due_in_year(year)[periods.place_in_year(due) - 1] == due
    assert due not in {*periods.due_in_year(year - 1), *periods.due_in_year(year + 1)}
    assert len(periods.due_in_year(year)) == periods.in_a_year
    assert periods.ending(due, 3)[-1] == due
