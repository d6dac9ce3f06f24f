"""How a report is put together: what it reads, chooses and leaves out."""

import json
from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commentary.focus import FocusKind
from commentary.models import AreaOfFocus, Commentary, FocusUpdate, Overview
from indicators.calculations.months import months_ending
from indicators.models import (
    Comparator,
    DerivationTerm,
    Indicator,
    MonthlyValue,
    Population,
    PopulationGroup,
    Rebase,
    Target,
)
from scorecard.files.csv_and_json import to_json
from scorecard.models import Line, Section
from scorecard.report import assemble_report
from scorecard.report.board import Focus
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_derived,
    make_edition,
    make_indicator,
    make_question,
    make_scorecard,
    make_user,
    make_value,
    make_values,
)

pytestmark = pytest.mark.django_db

QUARTERS = (date(2020, 9, 1), DECEMBER)


def only_row(*indicators, month=JANUARY):
    """The row of the first of the indicators."""
    return next(assemble_report(make_scorecard(*indicators), month).rows)


def board(count, months):
    """A scorecard with so many lines and all that hangs on them; half are derived from lines that are not on it."""
    scorecard = make_scorecard()
    section = scorecard.sections.get()
    group = PopulationGroup.objects.create(name="0 to 17")
    Population.objects.create(group=group, year=2020, people=50_000)
    sources = bulk(Indicator(reference=f"S{n}", title="Source") for n in range(count))
    lines = [Indicator(reference=f"A{n}", title="Entered") for n in range(count // 2)]
    lines += [derived(f"D{n}", None if n % 2 else group) for n in range(count - count // 2)]
    bulk(lines)
    bulk(Line(section=section, indicator=line, position=n) for n, line in enumerate(lines))
    bulk(term(line, sources[n]) for n, line in enumerate(lines) if line.kind == "derived")
    add_facts([*sources, *lines], lines, months)
    return scorecard


def derived(reference, group):
    return Indicator(reference=reference, title="Derived", kind="derived", population=group)


def term(line, source):
    return DerivationTerm(indicator=line, source=source)


def bulk(rows):
    rows = list(rows)
    return type(rows[0]).objects.bulk_create(rows)


def add_facts(indicators, lines, months):
    entered = [one for one in indicators if one.kind != "derived"]
    bulk(
        MonthlyValue(indicator=one, month=month, figure=5)
        for one in entered
        for month in months_ending(JANUARY, months)
    )
    bulk(Comparator(indicator=one, group=group, year=2019, value=5) for one in lines for group in ("england", "region"))
    bulk(Rebase(indicator=one, month=DECEMBER, reason="A new team.") for one in lines)
    bulk(Target(indicator=one, year=year, value=5) for one in lines for year in (2019, 2020))
    bulk(Commentary(indicator=one, month=JANUARY, text="Steady.") for one in lines)


def count_queries(lines, months=2):
    """How many queries the report of so many lines takes, with figures of so many months."""
    with transaction.atomic():
        scorecard = board(lines, months)
        with CaptureQueriesContext(connection) as queries:
            rows = list(assemble_report(scorecard, JANUARY).rows)
        transaction.set_rollback(True)
    assert len(rows) == lines
    assert all(row.commentary and row.current_figure.value and row.rating == "not_judged" for row in rows)
    return len(queries)


def test_queries_are_as_many_for_200_lines_as_for_2():
    assert count_queries(200) == count_queries(2)


def test_queries_are_as_many_whatever_months_are_stored():
    assert count_queries(2, months=60) == count_queries(2) <= 15


# Changes and windows


def test_months_before_the_first_record_are_blank():
    indicator = make_indicator()
    make_value(indicator, JANUARY, 5)
    row = only_row(indicator)
    assert (row.month_texts, row.change_month_text, row.summary.months) == (("[x]",) * 5 + ("5",), "n/a", 1)


def test_average_covers_twelve_months_and_change_on_last_year_the_thirteenth():
    indicator = make_indicator()
    make_values(indicator, {date(2020, 1, 1): 1000, date(2020, 2, 1): 20, JANUARY: 10})
    row = only_row(indicator)
    assert (row.average_text, row.maximum_text, row.change_year_text) == ("15", "20", "-99%")


def test_figures_after_the_month_are_left_out():
    indicator = make_indicator()
    make_values(indicator, {JANUARY: 10, date(2021, 2, 1): 99})
    assert only_row(indicator).maximum_text == "10"


def test_zero_is_a_figure():
    indicator = make_indicator()
    make_values(indicator, {DECEMBER: 4, JANUARY: 0})
    row = only_row(indicator)
    assert (row.month_texts[-1], row.change_month_text, row.average_text) == ("0", "-100%", "2")


def test_estimated_months_are_counted_within_the_window():
    indicator = make_indicator()
    for month in (date(2020, 1, 1), DECEMBER, JANUARY):
        make_value(indicator, month, 5, stage="estimated")
    assert only_row(indicator).estimated_months == 2


# Quarterly


def test_quarterly_compares_with_the_quarter_before():
    indicator = make_indicator(frequency="quarterly")
    make_values(indicator, dict(zip(QUARTERS, (40, 50), strict=True)))
    row = only_row(indicator)
    assert (row.current_month, row.change_month_text, row.month_texts[-1]) == (DECEMBER, "25%", "not due")


def test_quarterly_compares_with_the_year_before_its_own_quarter():
    indicator = make_indicator(frequency="quarterly")
    make_values(indicator, {date(2019, 12, 1): 40, DECEMBER: 50})
    assert only_row(indicator).change_year_text == "25%"


def test_quarterly_month_that_is_entered_as_not_due_is_passed_over():
    indicator = make_indicator(frequency="quarterly")
    make_values(indicator, dict(zip(QUARTERS, (40, 50), strict=True)))
    make_value(indicator, JANUARY, blank="not_due")
    assert only_row(indicator).change_month_text == "25%"


def test_quarterly_that_is_derived_compares_with_the_quarter_before():
    source = make_indicator("S", frequency="quarterly")
    make_values(source, dict(zip(QUARTERS, (40, 50), strict=True)))
    row = only_row(make_derived("D", [source], frequency="quarterly"))
    assert (row.current_month, row.change_month_text) == (DECEMBER, "25%")


def test_quarterly_that_is_awaited_has_no_change():
    indicator = make_indicator(frequency="quarterly")
    make_values(indicator, dict(zip(QUARTERS, (40, 50), strict=True)))
    make_value(indicator, JANUARY, blank="awaited")
    assert only_row(indicator).change_month_text == "n/a"


def test_quarterly_is_rated_by_the_target_of_its_own_year():
    indicator = make_indicator(frequency="quarterly", polarity="high")
    make_value(indicator, date(2021, 3, 1), 50)
    Target.objects.create(indicator=indicator, year=2020, value=40)
    Target.objects.create(indicator=indicator, year=2021, value=60)
    row = only_row(indicator, month=date(2021, 5, 1))
    assert (row.rated_year, row.rating) == (2020, "green")


# Signals


def usual_then(latest, months):
    """Figures of 10 and 12 in turn, usual between some 5 and 17, and then the latest."""
    return dict(zip(months, (*(10 + place % 2 * 2 for place in range(len(months) - 1)), latest), strict=True))


def test_signal_covers_25_months():
    indicator = make_indicator(polarity="low")
    make_value(indicator, date(2018, 12, 1), 5000)
    make_values(indicator, usual_then(30, months_ending(JANUARY, 25)))
    row = only_row(indicator)
    assert (row.signal.variation, row.signal.trial, len(row.figures)) == ("concern_high", False, 13)


def test_signal_takes_the_first_of_its_25_months():
    indicator = make_indicator(polarity="low")
    make_values(indicator, dict.fromkeys(months_ending(JANUARY, 24), 10))
    assert only_row(indicator).signal.chart == "none"
    make_value(indicator, date(2019, 1, 1), 40)
    # It differs from all others, which leave no range for what is usual.
    assert "Nearly all figures are the same" in only_row_of(indicator).signal.because


def only_row_of(indicator):
    return next(assemble_report(indicator.lines.get().section.scorecard, JANUARY).rows)


def test_signal_of_a_quarterly_indicator_takes_its_quarters_only():
    indicator = make_indicator(polarity="high", frequency="quarterly")
    make_values(indicator, usual_then(30, months_ending(DECEMBER, 25)[::3]))
    make_value(indicator, date(2020, 11, 1), 500)
    # Before the thirteen quarters that are examined.
    make_value(indicator, date(2017, 9, 1), 500)
    row = only_row(indicator)
    assert (row.current_month, row.signal.variation, row.signal.trial) == (DECEMBER, "improvement_high", True)


def test_signal_counts_estimated_figures():
    indicator = make_indicator(polarity="low")
    for month, figure in usual_then(30, months_ending(JANUARY, 13)).items():
        make_value(indicator, month, figure, stage="estimated")
    assert (only_row(indicator).signal.variation, only_row_of(indicator).signal.trial) == ("concern_high", False)


def test_signal_of_a_derived_indicator():
    part, whole = make_indicator("M2"), make_indicator("M1")
    make_values(part, usual_then(30, months_ending(JANUARY, 25)))
    make_values(whole, dict.fromkeys(months_ending(JANUARY, 25), 100))
    row = only_row(make_derived("M3", [part], [whole], unit="percentage", polarity="low"))
    assert (row.signal.variation, row.signal.chart) == ("concern_high", "xmr")


def test_signal_begins_afresh_with_a_rebase_of_its_own_indicator():
    months = months_ending(JANUARY, 25)
    indicator = make_indicator(polarity="low")
    make_values(
        indicator, {month: 10 + place % 2 * 2 + (20 if place > 11 else 0) for place, month in enumerate(months)}
    )
    Rebase.objects.create(indicator=make_indicator("B"), month=months[12], reason="Another one’s.")
    assert only_row(indicator).signal.variation == "concern_high"
    Rebase.objects.create(indicator=indicator, month=months[12], reason="A new team.")
    assert only_row_of(indicator).signal.variation == "common_cause"


def test_rebase_after_the_month_does_not_count():
    indicator = make_indicator(polarity="low")
    make_values(indicator, usual_then(30, months_ending(JANUARY, 25)))
    Rebase.objects.create(indicator=indicator, month=date(2021, 2, 1), reason="Later.")
    assert only_row(indicator).signal.variation == "concern_high"


def test_signal_is_assured_by_the_target_of_its_year():
    indicator = make_indicator(polarity="low")
    make_values(indicator, usual_then(12, months_ending(JANUARY, 25)))
    Target.objects.create(indicator=indicator, year=2019, value=50)
    Target.objects.create(indicator=indicator, year=2020, value=2)
    assert only_row(indicator).signal.assurance == "fail"


def test_small_counts_have_no_signal_and_say_why():
    indicator = make_indicator(polarity="low")
    make_values(indicator, dict(zip(months_ending(JANUARY, 8), (0, 2, 0, 0, 3, 0, 1, 4), strict=True)))
    signal = only_row(indicator).signal
    assert (signal.variation, signal.because[:40]) == (None, "More than a quarter of the figures are 0")


# Derived


def test_derived_from_a_source_that_is_not_on_the_scorecard():
    part, whole = make_indicator("M2"), make_indicator("M1")
    make_value(part, JANUARY, 271)
    make_value(whole, JANUARY, 1464)
    row = only_row(make_derived("M3", [part], [whole], unit="percentage"))
    assert row.month_texts[-1] == "19%"


def test_derived_from_derived():
    source = make_indicator("S")
    make_value(source, JANUARY, 8)
    middle = make_derived("M", [source, make_derived("T", [source])])
    assert only_row(make_derived("D", [middle])).month_texts[-1] == "16"


def test_derived_is_as_firm_as_its_parts():
    part, whole = make_indicator("M2"), make_indicator("M1")
    make_value(part, JANUARY, 1)
    make_value(whole, JANUARY, 2, stage="provisional")
    assert only_row(make_derived("M3", [part], [whole])).current_figure.stage == "provisional"


def test_rate_takes_the_population_of_the_financial_year():
    group = PopulationGroup.objects.create(name="0 to 17")
    Population.objects.create(group=group, year=2019, people=50_000)
    Population.objects.create(group=group, year=2020, people=100_000)
    source = make_indicator("S")
    make_values(source, {date(2020, 3, 1): 100, date(2020, 4, 1): 100})
    rate = make_derived("R", [source], population=group, unit="rate_10000")
    assert only_row(rate, month=date(2020, 4, 1)).month_texts[-2:] == ("20", "10")


@pytest.mark.parametrize(("year", "expected"), [(2018, "20"), (2021, "[x]")], ids=["before", "only later"])
def test_rate_without_a_population_of_its_year(year, expected):
    group = PopulationGroup.objects.create(name="0 to 17")
    Population.objects.create(group=group, year=year, people=50_000)
    source = make_indicator("S")
    make_value(source, JANUARY, 100)
    assert only_row(make_derived("R", [source], population=group, unit="rate_10000")).month_texts[-1] == expected


# Comparators and targets


def test_comparator_is_that_of_the_latest_year_up_to_the_reports():
    indicator = make_indicator(scope="national")
    for year, value in ((None, 1), (2018, 2), (2020, 3), (2021, 4)):
        Comparator.objects.create(indicator=indicator, group="england", year=year, value=value)
    row = only_row(indicator)
    assert [row.comparator_text(cell) for cell in row.comparators] == ["", "3", ""]


def test_comparator_without_a_year_is_shown_where_there_is_no_other():
    indicator = make_indicator(scope="national")
    Comparator.objects.create(indicator=indicator, group="england", value=1)
    cell = only_row(indicator).comparators[1]
    assert (cell.value, cell.warnings) == (1, ("basis not known", "year not stated"))


def test_comparators_of_a_local_indicator_are_local():
    row = only_row(make_indicator())
    assert [row.comparator_text(cell) for cell in row.comparators] == ["Local"] * 3


def test_comparator_that_is_blank_shows_why():
    indicator = make_indicator(scope="national")
    Comparator.objects.create(indicator=indicator, group="region", year=2019, blank="not_available")
    row = only_row(indicator)
    assert (row.comparator_text(row.comparators[2]), row.comparators[2].warnings) == ("[x]", ())


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        pytest.param([], (2018, 2019, 2020), id="none: this year and the two before"),
        pytest.param([2019], (2017, 2018, 2019), id="one: filled up before it"),
        pytest.param([2015, 2017, 2018, 2019], (2017, 2018, 2019), id="many: the latest three"),
        pytest.param([2020, 2021], (2018, 2019, 2020), id="next year's is not shown yet"),
    ],
)
def test_target_years(years, expected):
    indicator = make_indicator()
    for year in years:
        Target.objects.create(indicator=indicator, year=year, value=5)
    assert assemble_report(make_scorecard(indicator), JANUARY).target_years == expected


def test_target_that_is_to_be_confirmed_is_said():
    indicator = make_indicator(polarity="low")
    make_value(indicator, JANUARY, 5)
    Target.objects.create(indicator=indicator, year=2020, is_tbc=True)
    row = only_row(indicator)
    assert ([row.target_text(cell) for cell in row.targets], row.rating) == (["", "", "TBC"], "target_tbc")


def test_target_of_an_earlier_year_does_not_rate():
    indicator = make_indicator(polarity="low")
    make_value(indicator, JANUARY, 5)
    Target.objects.create(indicator=indicator, year=2019, value=9)
    row = only_row(indicator)
    assert (row.rating, row.warnings) == ("no_target", ("No target for 2020-21. The latest is 9 for 2019-20.",))


# Lines, words and people


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, 1, id="always"),
        pytest.param({"active_to": DECEMBER}, 0, id="ended"),
        pytest.param({"active_from": date(2021, 2, 1)}, 0, id="not begun"),
        pytest.param({"active_from": JANUARY, "active_to": JANUARY}, 1, id="in this month only"),
    ],
)
def test_lines_are_those_of_active_indicators(fields, expected):
    report = assemble_report(make_scorecard(make_indicator(**fields)), JANUARY)
    assert len(list(report.rows)) == expected


def test_ended_indicator_still_feeds_a_derived_one():
    source = make_indicator("S", active_to=DECEMBER)
    make_value(source, JANUARY, 8)
    scorecard = make_scorecard(source, make_derived("D", [source]))
    [row] = assemble_report(scorecard, JANUARY).rows
    assert row.month_texts[-1] == "8"


def test_lines_and_sections_stand_in_their_order():
    scorecard = make_scorecard(make_indicator("A"), make_indicator("B"))
    Line.objects.filter(indicator__reference="A").update(position=9)
    first = Section.objects.create(scorecard=scorecard, title="First", position=0)
    scorecard.sections.exclude(pk=first.pk).update(position=1)
    Line.objects.create(section=first, indicator=make_indicator("C"))
    report = assemble_report(scorecard, JANUARY)
    assert [(section.title, [row.measure.reference for row in section.rows]) for section in report.sections] == [
        ("First", ["C"]),
        ("Front door", ["B", "A"]),
    ]


def test_other_scorecards_do_not_show():
    indicator = make_indicator()
    make_scorecard(make_indicator("B"), slug="other")
    [row] = assemble_report(make_scorecard(indicator), JANUARY).rows
    assert row.measure.reference == "A1"


def test_indicator_in_two_sections_is_shown_in_both():
    indicator = make_indicator()
    make_value(indicator, JANUARY, 5)
    scorecard = make_scorecard(indicator)
    Line.objects.create(section=Section.objects.create(scorecard=scorecard, title="Again"), indicator=indicator)
    assert [row.month_texts[-1] for row in assemble_report(scorecard, JANUARY).rows] == ["5", "5"]


def test_people_are_named_or_called_by_their_job_but_never_by_their_login():
    owner, reporter = make_user("o", name="Head of quality"), make_user("jane.smith77", name="", job_title="MASH lead")
    measure = only_row(make_indicator(owner=owner, reporter=reporter)).measure
    assert (measure.owner, measure.reporter) == ("Head of quality", "MASH lead")


def test_person_without_name_and_job_stays_unnamed():
    indicator = make_indicator(owner=make_user("jane.smith77", name="", job_title=""))
    assert only_row(indicator).measure.owner == ""


def test_comparator_of_a_year_without_a_figure_gives_way_to_an_earlier_one():
    indicator = make_indicator(scope="national")
    Comparator.objects.create(indicator=indicator, group="england", year=2018, value=4)
    Comparator.objects.create(indicator=indicator, group="england", year=2019, blank="not_available")
    cell = only_row(indicator).comparators[1]
    assert (cell.value, cell.year) == (4, 2018)


def test_area_of_focus_of_the_first_of_next_month_is_not_shown_yet():
    scorecard = make_scorecard(make_indicator())
    scorecard.areas_of_focus.add(AreaOfFocus.objects.create(title="Next", opened_on=date(2021, 2, 1)))
    assert assemble_report(scorecard, JANUARY).areas_of_focus == ()


def test_quarterly_changes_tell_which_months_they_compare():
    indicator = make_indicator(frequency="quarterly")
    make_values(indicator, {date(2020, 9, 1): 10, DECEMBER: 12})
    row = only_row(indicator)
    assert (row.current_month, row.previous_month, row.year_before) == (DECEMBER, date(2020, 9, 1), date(2019, 12, 1))


def test_commentary_is_that_of_the_month():
    indicator = make_indicator()
    Commentary.objects.create(indicator=indicator, month=DECEMBER, text="Then")
    Commentary.objects.create(indicator=indicator, month=JANUARY, text="Now")
    assert only_row(indicator).commentary == "Now"


def test_summary_and_meeting_are_those_of_the_edition():
    scorecard = make_scorecard(make_indicator())
    overview = Overview.objects.create(title="January 2021", summary="Steady.")
    make_edition(scorecard, opens_on=JANUARY, due_on=JANUARY, meeting_date=date(2021, 2, 11), overview=overview)
    report = assemble_report(scorecard, JANUARY)
    assert (report.summary, report.meeting_date) == ("Steady.", date(2021, 2, 11))
    assert assemble_report(scorecard, DECEMBER).summary == ""


@pytest.mark.parametrize(
    ("opened", "closed", "expected"),
    [
        pytest.param(date(2020, 5, 1), None, 1, id="open for long"),
        pytest.param(date(2020, 5, 1), date(2020, 12, 31), 0, id="closed before the month"),
        pytest.param(date(2020, 5, 1), date(2021, 1, 1), 1, id="closed within the month"),
        pytest.param(date(2021, 2, 11), None, 1, id="opened at the meeting"),
        pytest.param(date(2021, 2, 12), None, 0, id="opened after the meeting"),
    ],
)
def test_areas_of_focus_are_those_open_in_the_month(opened, closed, expected):
    scorecard = make_scorecard()
    make_edition(scorecard, opens_on=JANUARY, due_on=JANUARY, meeting_date=date(2021, 2, 11))
    scorecard.areas_of_focus.add(AreaOfFocus.objects.create(title="Caseloads", opened_on=opened, closed_on=closed))
    assert len(assemble_report(scorecard, JANUARY).areas_of_focus) == expected


def test_area_of_focus_has_its_updates_up_to_the_meeting():
    scorecard = make_scorecard()
    make_edition(scorecard, opens_on=JANUARY, due_on=JANUARY, meeting_date=date(2021, 2, 11))
    area = AreaOfFocus.objects.create(title="Caseloads", opened_on=JANUARY)
    area.indicators.set([make_indicator("B"), make_indicator("A")])
    scorecard.areas_of_focus.add(area)
    for day in (11, 12):
        FocusUpdate.objects.create(area=area, date=date(2021, 2, day), text=str(day))
    [focus] = assemble_report(scorecard, JANUARY).areas_of_focus
    assert ([update.text for update in focus.updates], focus.references) == (["11"], ("A", "B"))


@pytest.mark.parametrize(("year", "expected"), [(2019, False), (2020, True)])
def test_target_of_an_indicator_that_is_never_judged_is_a_target_too(year, expected):
    indicator = make_indicator(polarity="neutral")
    Target.objects.create(indicator=indicator, year=year, value=5)
    assert assemble_report(make_scorecard(indicator), JANUARY).has_target_this_year is expected


def test_question_of_the_panel_stands_in_the_reports_after_the_one_it_is_about():
    scorecard = make_scorecard(make_indicator())
    owner = make_user("head", name="", job_title="Head of Care")
    known = {"asked_in": DECEMBER, "opened_on": date(2021, 1, 20), "due_on": date(2021, 2, 1), "detail": "In detail."}
    make_question(scorecard, "Why?", kind="recommendation", owner=owner, **known)
    [focus] = assemble_report(scorecard, JANUARY).areas_of_focus
    assert focus == Focus(
        title="Why?",
        response="",
        raised_by="The panel",
        updates=(),
        references=(),
        kind=FocusKind.RECOMMENDATION,
        owner="Head of Care",
        **known,
    )
    assert assemble_report(scorecard, DECEMBER).areas_of_focus == ()


def test_json_has_everything_that_is_shown_of_a_question_and_not_who_asked():
    scorecard = make_scorecard()
    asker = make_user("member", name="Mo Member")
    make_question(scorecard, "Why?", asked_by=asker, response="Because.", closed_on=date(2021, 1, 30))
    text = to_json(assemble_report(scorecard, JANUARY))
    assert json.loads(text)["areas_of_focus"] == [
        {
            "kind": "question",
            "title": "Why?",
            "detail": "",
            "response": "Because.",
            "raised_by": "The panel",
            "asked_in": "2020-12",
            "owner": "",
            "due_on": None,
            "opened_on": "2021-01-01",
            "closed_on": "2021-01-30",
            "updates": [],
            "references": [],
        }
    ]
    assert "Mo Member" not in text
