"""Days on which nobody works in England, against the government's own list of bank holidays."""

from datetime import date

import pytest

from indicators.working_days import question_about, why_off, working_day_from, working_day_until

# https://www.gov.uk/bank-holidays, England and Wales.
BANK_HOLIDAYS = {
    2021: ["01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28"],
    2022: ["01-03", "04-15", "04-18", "05-02", "06-02", "06-03", "08-29", "09-19", "12-26", "12-27"],
    2023: ["01-02", "04-07", "04-10", "05-01", "05-08", "05-29", "08-28", "12-25", "12-26"],
    2026: ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"],
    2027: ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"],
}


@pytest.mark.parametrize("year", BANK_HOLIDAYS)
def test_off_are_weekends_and_bank_holidays(year):
    days = [date.fromordinal(day) for day in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())]
    weekdays_off = [f"{day:%m-%d}" for day in days if day.weekday() < 5 and why_off(day)]
    assert weekdays_off == BANK_HOLIDAYS[year]
    assert all(why_off(day) for day in days if day.weekday() >= 5)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2021, 2, 6), "a Saturday"),
        (date(2021, 2, 7), "a Sunday"),
        (date(2021, 4, 2), "a bank holiday (Good Friday)"),
        (date(2021, 12, 25), "a bank holiday (Christmas Day)"),
        (date(2021, 12, 27), "a bank holiday (Christmas Day, substitute day)"),
        (date(2026, 3, 17), ""),  # St Patrick's Day is one in Northern Ireland
        (date(2026, 1, 2), ""),  # and 2 January in Scotland
        (date(2021, 2, 8), ""),
    ],
    ids=str,
)
def test_reason_is_said(day, words):
    assert why_off(day) == words


def test_question_names_the_next_working_day():
    told = "2 April 2021 is a bank holiday (Good Friday). Is that meant? The next working day is Tuesday 6 April 2021."
    assert question_about(date(2021, 4, 2)) == told
    assert question_about(date(2021, 4, 1)) == question_about(None) == ""


def test_calendar_has_ends():
    assert working_day_from(date(9999, 12, 31)) == date(9999, 12, 31)
    assert working_day_from(date(9999, 12, 25)) >= date(9999, 12, 25)
    assert working_day_until(date(2021, 4, 5)) == date(2021, 4, 1)
    assert working_day_from(date(1, 1, 1)) >= date(1, 1, 1)


def test_dates_stay_in_order():
    days = [date.fromordinal(day) for day in range(date(2021, 3, 20).toordinal(), date(2021, 4, 20).toordinal())]
    moved = [working_day_from(day) for day in days]
    assert moved == sorted(moved)
