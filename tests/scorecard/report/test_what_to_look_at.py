"""What to look at: which lines, in what order, and why in a sentence. No database."""

from datetime import date
from fractions import Fraction

import pytest

from indicators.calculations.figures import Figure
from indicators.calculations.spc import Chart, SpecialCause, Variation
from indicators.calculations.vocabulary import (
    Blank,
    Frequency,
    OnBasis,
    Polarity,
    Rating,
    Stage,
    Unit,
)
from scorecard.report.what_to_look_at import Reason, reasons_of, what_to_look_at
from tests.scorecard.report.rows import REGION, make_comparator, make_report, make_row, make_signal, make_target

ABOVE, BELOW = SpecialCause.ABOVE_LIMIT, SpecialCause.BELOW_LIMIT
CONCERN = make_signal(Variation.CONCERN_HIGH, ABOVE)
IMPROVEMENT = make_signal(Variation.IMPROVEMENT_LOW, BELOW)
NOT_JUDGED = make_signal(Variation.NEUTRAL_HIGH, ABOVE)
AWAITED = Figure(None, Blank.AWAITED)


def reasons(row, month=date(2021, 1, 1)):
    return reasons_of(row, make_report([row], month=month))


def gap(ours, before, theirs=100, *, polarity=Polarity.LOW, unit=Unit.RATE_10000, **fields):
    """A line with England as its comparator, now and a year before."""
    cell = make_comparator(ours, theirs, polarity=polarity, **fields)
    return make_row(figure=ours, polarity=polarity, unit=unit, year_before_value=before, comparators=(None, cell, None))


def red(figure, target, tolerance=0, **fields):
    return make_row(figure=figure, rating=Rating.RED, target=make_target(target, tolerance), **fields)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(make_row(), {}, id="nothing"),
        pytest.param(
            make_row(figure=90, signal=CONCERN),
            {Reason.CONCERN: "90 in January 2021 is above the limits of usual variation; lower is better."},
            id="concern",
        ),
        pytest.param(
            make_row(figure=9, signal=IMPROVEMENT),
            {Reason.IMPROVEMENT: "9 in January 2021 is below the limits of usual variation; lower is better."},
            id="improvement",
        ),
        pytest.param(
            make_row(figure=90, signal=NOT_JUDGED, polarity=Polarity.NEUTRAL),
            {Reason.UNUSUAL: "90 in January 2021 is above the limits of usual variation."},
            id="not judged",
        ),
        pytest.param(
            make_row(figure=90, signal=CONCERN._replace(trial=True, cause=SpecialCause.RUN_ABOVE)),
            {
                Reason.CONCERN: "90 in January 2021 is one of at least 7 figures in a row above the average; "
                "lower is better. It rests on fewer than 13 figures."
            },
            id="a run, on trial",
        ),
        pytest.param(
            make_row(figure=0, signal=make_signal(Variation.IMPROVEMENT_HIGH, ABOVE, chart=Chart.G)),
            {Reason.IMPROVEMENT: "There have been more months than usual without a case; lower is better."},
            id="months between cases",
        ),
        pytest.param(
            red(55, 40),
            {Reason.OFF_TARGET: "55 in January 2021 misses the target of 40 for 2020-21."},
            id="off target",
        ),
        pytest.param(
            red(55, 40, 5),
            {Reason.OFF_TARGET: "55 in January 2021 misses the target of 40 for 2020-21 by more than its tolerance."},
            id="off target beyond tolerance",
        ),
        pytest.param(
            red(Fraction("93.6"), 94, unit=Unit.PERCENTAGE, polarity=Polarity.HIGH),
            {Reason.OFF_TARGET: "93.6% in January 2021 misses the target of 94% for 2020-21."},
            id="off target by less than is printed",
        ),
        pytest.param(
            make_row(figure=45, rating=Rating.AMBER, target=make_target(40, 5)), {}, id="within tolerance is no reason"
        ),
        pytest.param(
            make_row(figure=90, signal=CONCERN, rating=Rating.RED, target=make_target(40)),
            {
                Reason.CONCERN: "90 in January 2021 is above the limits of usual variation; lower is better.",
                Reason.OFF_TARGET: "90 in January 2021 misses the target of 40 for 2020-21.",
            },
            id="two, the more pressing first",
        ),
    ],
)
def test_reasons_of_a_row(row, expected):
    found = reasons(row)
    assert found == expected
    assert list(found) == list(expected)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(gap(126, 110), True, id="over 25% worse, and 10% a year before"),
        pytest.param(gap(125, 110), False, id="25% is not over it"),
        pytest.param(gap(126, 111), False, id="worse by more than 10% a year before"),
        pytest.param(gap(126, 60), True, id="better a year before"),
        pytest.param(gap(60, 100), False, id="better now"),
        pytest.param(gap(74, 90, polarity=Polarity.HIGH), True, id="lower where high is good"),
        pytest.param(gap(75, 90, polarity=Polarity.HIGH), False, id="a quarter lower is not over it"),
        pytest.param(gap(126, 100, polarity=Polarity.NEUTRAL), False, id="neither way is better"),
        pytest.param(gap(126, 100, on_basis=OnBasis.UNKNOWN), False, id="basis not known"),
        pytest.param(gap(126, 100, on_basis=OnBasis.NO), False, id="another basis"),
        pytest.param(gap(126, 100, is_stale=True), False, id="out of date"),
        pytest.param(gap(126, None), False, id="no figure a year before"),
        pytest.param(gap(5, 0, theirs=0), False, id="nothing to be worse than"),
        pytest.param(gap(126, 100, theirs=None), False, id="no comparator"),
        pytest.param(gap(8, 4, theirs=4, unit=Unit.COUNT), False, id="a count that is 4 off"),
        pytest.param(gap(9, 4, theirs=4, unit=Unit.COUNT), True, id="a count that is 5 off"),
    ],
)
def test_gap_is_new(row, expected):
    assert (Reason.GAP in reasons(row)) is expected


def test_gap_names_figures_comparator_and_year():
    assert reasons(gap(150, 100))[Reason.GAP] == (
        "150 in January 2021 is 50% higher than England (100, 2019-20); a year before it was better or within 10%."
    )


def test_gap_names_the_region_as_the_report_does():
    row = gap(150, 100, group=REGION)
    assert "higher than the South East region (100" in reasons(row)[Reason.GAP]


@pytest.mark.parametrize(
    ("blank", "frequency", "month", "expected"),
    [
        ("awaited", "monthly", 1, "Still awaited: the figure for January 2021."),
        ("not_available", "monthly", 1, "Not available or not recorded: the figure for January 2021."),
        ("suppressed", "monthly", 1, None),
        ("not_applicable", "monthly", 1, None),
        ("not_due", "quarterly", 1, None),
        ("awaited", "quarterly", 1, None),
        ("awaited", "quarterly", 3, "Still awaited: the figure for quarter 4 of 2020-21."),
        ("not_due", "quarterly", 3, "Not recorded: the figure for quarter 4 of 2020-21."),
    ],
)
def test_figure_is_overdue(blank, frequency, month, expected):
    month = date(2021, month, 1)
    row = make_row(figure=Figure(None, Blank(blank), Stage.FINAL), month=month, frequency=Frequency(frequency))
    assert reasons(row, month).get(Reason.OVERDUE) == expected


def test_lines_stand_by_their_first_reason_and_then_as_in_the_scorecard():
    first = [make_row("Better", signal=IMPROVEMENT), make_row("Late", AWAITED), make_row("Usual"), red(55, 40)]
    second = [make_row("Worse 1", signal=CONCERN), gap(126, 100), make_row("Worse 2", signal=CONCERN)]
    second[1] = second[1]._replace(indicator=77)
    found = what_to_look_at(make_report(first, second))
    assert [(item.section, item.row.measure.reference, item.first) for item in found] == [
        ("section-1", "Worse 1", "concern"),
        ("section-1", "Worse 2", "concern"),
        ("section-0", "A1", "off_target"),
        ("section-1", "A1", "gap"),
        ("section-0", "Late", "overdue"),
        ("section-0", "Better", "improvement"),
    ]


def test_item_tells_what_else_there_is():
    [item] = what_to_look_at(make_report([red(90, 40, signal=CONCERN)]))
    assert (item.first, item.others) == (Reason.CONCERN, "off target")
    assert item.sentence.startswith("90 in January 2021 is above")


def test_line_in_two_sections_is_found_once_in_the_first():
    row = make_row(signal=CONCERN)
    assert [item.section for item in what_to_look_at(make_report([row], [row]))] == ["section-0"]


def test_nothing_to_look_at():
    assert what_to_look_at(make_report([make_row()], [])) == []
