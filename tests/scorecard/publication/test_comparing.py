"""Two reports compared: what turned, moved and was revised, worked out by hand."""

from datetime import date

import pytest

from commentary.models import Commentary
from indicators.calculations.months import months_ending
from indicators.calculations.signal import SignalKind
from indicators.models import Rebase, Target
from scorecard.models import Line, Scorecard
from scorecard.publication.comparing import Turn, compare_reports
from scorecard.report import assemble_report
from tests.factories import DECEMBER, JANUARY, make_derived, make_indicator, make_scorecard, make_value, make_values

pytestmark = pytest.mark.django_db
NOVEMBER = date(2020, 11, 1)


def compared(*months):
    earlier, later = (assemble_report(Scorecard.objects.get(), month) for month in months or (DECEMBER, JANUARY))
    return compare_reports(earlier, later)


def make_line(figures, reference="A1", target=None, **fields):
    indicator = make_indicator(reference, **{"polarity": "low", **fields})
    make_values(indicator, figures)
    if target is not None:
        Target.objects.create(indicator=indicator, year=2020, value=target, tolerance=2)
    return indicator


@pytest.mark.parametrize(
    ("before", "after", "turns"),
    [
        (10, 20, ("Turned red", "Worse")),
        (20, 10, ("Turned green", "Better")),
        (10, 12, ("Turned amber", "Worse")),
        (20, 22, ("Worse",)),
        (20, 20, ("No real change",)),
        (1000, 1004, ("No real change",)),
        (20, None, ("Figure missing", "No longer rated")),
        (None, 20, ("Turned red", "New figure")),
        (0, 5, ("Worse",)),
    ],
)
def test_line_turns(before, after, turns):
    make_scorecard(make_line({DECEMBER: before, JANUARY: after} if before and after else {}, target=10))
    indicator = Scorecard.objects.get().sections.get().lines.get().indicator
    if not (before and after):
        for month, figure in ((DECEMBER, before), (JANUARY, after)):
            if figure is not None:
                make_value(indicator, month, figure)
    [line] = [*compared().changed, *compared().same]
    assert tuple(turn.label for turn in line.turns) == turns


def test_change_is_from_the_earlier_report_to_the_later():
    make_scorecard(make_line({NOVEMBER: 10, DECEMBER: 40, JANUARY: 15}))
    [line] = compared(NOVEMBER, JANUARY).changed
    assert (line.change.relative, line.change.assessment) == (0.5, "worse")


def test_neutral_line_moves_and_is_not_judged():
    make_scorecard(make_line({DECEMBER: 10, JANUARY: 15}, polarity="neutral"))
    assert compared().changed[0].turns == (Turn.MOVED,)


def test_lines_in_one_report_only_are_told():
    scorecard = make_scorecard(make_line({DECEMBER: 1, JANUARY: 1}, "A1"), make_line({DECEMBER: 1, JANUARY: 1}, "B1"))
    before = assemble_report(scorecard, DECEMBER)
    Line.objects.get(indicator__reference="A1").delete()
    Line.objects.create(section=scorecard.sections.get(), indicator=make_line({JANUARY: 1}, "C1"), position=9)
    found = compare_reports(before, assemble_report(scorecard, JANUARY))
    assert {line.row.measure.reference: line.first.label for line in found.changed} == {
        "A1": "No longer in the report",
        "C1": "New in the report",
    }


def test_most_pressing_lines_come_first():
    make_scorecard(
        make_line({DECEMBER: 20, JANUARY: 10}, "BETTER"),
        make_line({DECEMBER: 10, JANUARY: 11}, "WORSE"),
        make_line({DECEMBER: 10, JANUARY: 20}, "RED", target=10),
        make_line({DECEMBER: 5, JANUARY: 5}, "SAME"),
    )
    found = compared()
    assert [line.row.measure.reference for line in found.changed] == ["RED", "WORSE", "BETTER"]
    assert (found.counts[Turn.RED], found.counts[Turn.WORSE], len(found.same)) == (1, 2, 1)


def test_figures_of_months_in_both_are_revised():
    indicator = make_line({NOVEMBER: 10, DECEMBER: 12, JANUARY: 12})
    scorecard = make_scorecard(indicator)
    before = assemble_report(scorecard, DECEMBER)
    value = indicator.values.get(month=NOVEMBER)
    value.figure = 11
    value.save()
    [revised] = compare_reports(before, assemble_report(scorecard, JANUARY)).revised
    assert (revised.what, revised.before, revised.after, revised.kind) == ("November 2020", "10", "11", "correction")


def test_report_compared_with_itself_has_no_changes():
    make_scorecard(make_line({DECEMBER: 10, JANUARY: 20}, target=10))
    found = compared(JANUARY, JANUARY)
    assert (found.changed, found.revised, len(found.same)) == ((), (), 1)


def test_line_that_is_counted_otherwise_is_not_compared():
    indicator = make_line({NOVEMBER: 7, DECEMBER: 8, JANUARY: 9})
    scorecard = make_scorecard(indicator)
    before = assemble_report(scorecard, DECEMBER)
    indicator.unit = "rate_10000"
    indicator.save()
    value = indicator.values.get(month=NOVEMBER)
    value.figure = 6
    value.save()
    found = compare_reports(before, assemble_report(scorecard, JANUARY))
    assert (found.changed[0].turns, found.changed[0].change.relative, found.revised) == ((Turn.OTHER_UNIT,), None, ())


def test_line_whose_target_has_lapsed_is_no_longer_rated():
    indicator = make_line({DECEMBER: 10, JANUARY: 10}, target=5)
    scorecard = make_scorecard(indicator)
    before = assemble_report(scorecard, DECEMBER)
    Target.objects.all().delete()
    assert compare_reports(before, assemble_report(scorecard, JANUARY)).changed[0].turns == (Turn.UNRATED,)


def test_figure_that_is_confidential_now_is_called_so():
    indicator = make_line({DECEMBER: 10})
    make_value(indicator, JANUARY, blank="suppressed")
    make_scorecard(indicator)
    assert compared().changed[0].turns == (Turn.HIDDEN,)


def test_new_commentary_of_the_same_month_is_told():
    indicator = make_line({DECEMBER: 10, JANUARY: 10})
    scorecard = make_scorecard(indicator)
    before = assemble_report(scorecard, JANUARY)
    Commentary.objects.create(indicator=indicator, month=JANUARY, text="Put otherwise.")
    assert compare_reports(before, assemble_report(scorecard, JANUARY)).changed[0].turns == (Turn.WORDS,)


def test_large_move_that_no_chart_can_judge_is_told_as_a_signal_is():
    make_scorecard(make_line(dict.fromkeys(months_ending(DECEMBER, 12), 0) | {JANUARY: 40}))
    assert [turn.label for turn in compared().changed[0].turns] == ["New concern", "Worse"]


@pytest.mark.parametrize(("latest", "turns"), [(10, (Turn.MOVED,)), (8, (Turn.BETTER,))], ids=["up", "down"])
def test_nothing_is_worse_beside_an_improvement_that_lasts(latest, turns):
    """Seven and eight months below the mean, where lower is better."""
    figures = [50] * 5 + [10] * 6 + [9, latest]
    make_scorecard(make_line(dict(zip(months_ending(JANUARY, 13), figures, strict=True))))
    [line] = compared().changed
    assert (line.before.signal.told, line.after.signal.told) == (SignalKind.IMPROVEMENT, SignalKind.IMPROVEMENT)
    assert line.turns == turns


def test_line_that_can_be_examined_no_more_is_not_called_usual_again():
    numbers = (10, 12, 11, 10, 12, 11, 12, 10, 11, 12, 10, 60)
    indicator = make_line(dict(zip(months_ending(DECEMBER, 12), numbers, strict=True)) | {JANUARY: 11})
    Rebase.objects.create(indicator=indicator, month=JANUARY, reason="Counted anew.")
    make_scorecard(indicator)
    december = assemble_report(Scorecard.objects.get(), DECEMBER)
    found = compare_reports(december, assemble_report(Scorecard.objects.get(), JANUARY))
    assert "Could not be examined any more" in [turn.label for turn in found.changed[0].turns]


@pytest.mark.parametrize(
    ("whole", "turns"),
    [
        pytest.param((500, 550), ("Moved, not judged",), id="the share fell"),
        pytest.param((500, 510), ("Moved, not judged",), id="the share is the same"),
        pytest.param((500, 500), ("Better",), id="the share rose too"),
        pytest.param((500, None), ("Better",), id="the share is not known"),
    ],
)
def test_count_that_only_follows_is_neither_better_nor_worse_between_two_reports(whole, turns):
    count = make_line({DECEMBER: 480, JANUARY: 489}, "A1", polarity="high")
    of = make_line({DECEMBER: whole[0], **({JANUARY: whole[1]} if whole[1] else {})}, "A2", polarity="neutral")
    share = make_derived("A1 (%)", [count], [of], polarity="high", unit="percentage")
    make_scorecard(count, of, share)
    comparison = compared()
    [line] = [one for one in (*comparison.changed, *comparison.same) if one.row.measure.reference == "A1"]
    assert tuple(turn.label for turn in line.turns) == turns
