"""A line that is put on a scorecard whose reports so far lacked it: nobody has read its earlier figures yet."""

import re
from datetime import date

import pytest
from django.utils import timezone

from indicators.calculations.months import add_months
from indicators.models.cross_check import CrossCheck, CrossCheckTerm
from scorecard.models import Line
from scorecard.publication.publish import draft_edition, freeze_published
from tests.factories import DECEMBER, JANUARY, make_edition, make_indicator, make_scorecard, make_values, publish

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
APRIL, JUNE, OCTOBER, NOVEMBER = (date(2020, month, 1) for month in (4, 6, 10, 11))
N1_SINCE_APRIL = (17, 18, 3, 19, 18, 19, 22, 21, 20, 24)


def make_line(reference, figures, first=OCTOBER, **fields):
    indicator = make_indicator(reference, **fields)
    make_values(indicator, {add_months(first, place): figure for place, figure in enumerate(figures)})
    return indicator


def declare(whole, kind, *parts, **fields):
    check = CrossCheck.objects.create(indicator=whole, kind=kind, **fields)
    for indicator in parts:
        CrossCheckTerm.objects.create(check_of=check, indicator=indicator, role="part")


def add_later(added, *lines):
    """Reports up to December without a line; January's is in review with it."""
    scorecard = make_scorecard(*lines, is_public=True, suppresses_small_counts=True)
    publish(scorecard, NOVEMBER, DECEMBER)
    Line.objects.create(section=scorecard.sections.get(), indicator=added, position=9)
    return make_edition(scorecard, JANUARY, state="in_review")


def hidden_in(edition):
    """What January's report hides, and what the officer is told nothing can protect."""
    plan = draft_edition(edition).plan
    return tuple({(cell.reference, cell.place[1]) for cell in cells} for cells in (plan.cells, plan.exposed))


def test_small_count_of_its_history_is_hidden_with_all_that_is_worked_out_from_it(client):
    """3 in June: neither that nor a total so far, an average or a change that tells it is read anywhere."""
    added = make_line("N1", N1_SINCE_APRIL, APRIL, accumulation="per_period")
    edition = add_later(added, make_line("A1", (50, 51, 52, 53)))
    assert hidden_in(edition) == ({("N1", JUNE)}, set())
    edition.state = "published"
    edition.save()
    freeze_published(edition.scorecard, timezone.now())

    assert client.get(f"/scorecards/panel/2020-12/indicators/{added.pk}/").status_code == 404
    report = client.get("/scorecards/panel/2021-01/report.json").json()
    [row] = [row for section in report["sections"] for row in section["rows"] if row["ref"] == "N1"]
    # All other months of its history are in the first report that has it, though no report was of them.
    texts = {add_months(APRIL, place): str(figure) for place, figure in enumerate(N1_SINCE_APRIL)}
    shown = {month: row["months"][f"{month:%Y-%m}"]["text"] for month in texts}
    assert shown == texts | {JUNE: "[c]"}
    assert (row["year_to_date"]["text"], row["average_12m"]["text"]) == ("[c]", "[c]")
    files = ["report.csv", f"indicators/{added.pk}/", f"indicators/{added.pk}/figures.csv"]
    for text in (client.get(f"/scorecards/panel/2021-01/{file}").content.decode() for file in files):
        # 17 + 18 + 3, and so on up to January.
        assert not re.search(r"(?<![\d.])(?:38|57|75|94|116|137|157|181|18\.1)(?![\d.])", text)


def test_small_count_that_published_lines_tell_is_told_to_the_officer():
    """A1 and T1 of December are public: 43 - 40 can't be protected any more."""
    added, part, whole = (
        make_line(*line) for line in (("N1", (30, 31, 3, 32)), ("A1", (40, 41, 40, 42)), ("T1", (70, 72, 43, 74)))
    )
    declare(whole, "parts", part, added)
    assert hidden_in(add_later(added, part, whole)) == ({("N1", DECEMBER)}, {("N1", DECEMBER)})


def test_earlier_figure_that_would_tell_what_was_hidden_is_hidden():
    """December's A1 was hidden and T1 is public: 43 less N1's 40 would be A1."""
    added, part, whole = (
        make_line(*line) for line in (("N1", (30, 31, 40, 32)), ("A1", (40, 41, 3, 42)), ("T1", (70, 72, 43, 74)))
    )
    declare(whole, "parts", part, added)
    assert hidden_in(add_later(added, part, whole)) == ({("N1", DECEMBER), ("A1", DECEMBER)}, set())


@pytest.mark.parametrize("stored_since", [APRIL, OCTOBER], ids=["the whole year", "a part of the year"])
def test_small_count_between_two_published_totals_of_the_year_is_told_to_the_officer(stored_since):
    """66 up to November and 70 up to December are 4 in December, whatever of the year was stored of the line."""
    whole_year = (7, 8, 9, 7, 6, 8, 9, 12, 4, 14)
    added = make_line("N1", whole_year[-4:] if stored_since == OCTOBER else whole_year, stored_since)
    total = make_line("Y1", (54, 66, 70, 84))
    declare(total, "months", added)
    assert hidden_in(add_later(added, total)) == ({("N1", DECEMBER)}, {("N1", DECEMBER)})


def test_rolling_totals_that_were_published_hide_a_small_month_of_an_added_line_among_others():
    """Of twelve months: 103 up to December after 110 are a year's difference of 7, so last year's is hidden as well."""
    last_year, this_year = (11,) * 12, (7, 8, 9, 7, 6, 8, 9, 12, 4, 14)
    added = make_line("N1", last_year + this_year, add_months(APRIL, -12))
    total = make_line("R1", (109, 110, 103, 106))
    declare(total, "months", added, months=12)
    hidden, exposed = hidden_in(add_later(added, total))
    assert {("N1", DECEMBER), ("N1", add_months(DECEMBER, -12))} <= hidden
    assert not exposed


@pytest.mark.parametrize("is_stored_before", [True, False], ids=["stored then", "stored later"])
def test_totals_are_reckoned_with_as_the_added_line_was_when_they_were_published(is_stored_before):
    """66 and 70 were published while September was 8, or was stored so afterwards. It is 10 since then, and all totals
    are 2 more: 66 and 70 tell December all the same.
    """
    whole_year = {add_months(APRIL, place): figure for place, figure in enumerate((7, 8, 9, 7, 6, 8, 9, 12, 4, 14))}
    added, total = make_indicator("N1"), make_line("Y1", (54, 66, 70, 84))
    declare(total, "months", added)
    if is_stored_before:
        make_values(added, whole_year)
    edition = add_later(added, total)
    if not is_stored_before:
        make_values(added, whole_year)
    revise(added, date(2020, 9, 1), 10)
    for month, figure in zip((OCTOBER, NOVEMBER, DECEMBER, JANUARY), (56, 68, 72, 86), strict=True):
        revise(total, month, figure)
    hidden, exposed = hidden_in(edition)
    assert ("N1", DECEMBER) in hidden & exposed


def revise(indicator, month, figure):
    value = indicator.values.get(month=month)
    value.figure = figure
    value.save()
