"""What to look at: which lines, in what order, and why in a sentence. No database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from commentary.focus import FocusKind
from indicators.calculations.change import Break
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
from scorecard.disclosure.texts import WITHHELD, WITHHELD_BESIDE_ROUNDED
from scorecard.models.withholding import tombstone_text
from scorecard.report.board import Focus
from scorecard.report.what_to_look_at import Reason, reasons_of, what_to_look_at
from tests.scorecard.report.rows import REGION, make_comparator, make_report, make_row, make_signal, make_target

ABOVE, BELOW = SpecialCause.ABOVE_LIMIT, SpecialCause.BELOW_LIMIT
CONCERN = make_signal(Variation.CONCERN_HIGH, ABOVE)
LOW_CONCERN = make_signal(Variation.CONCERN_LOW, BELOW)
IMPROVEMENT = make_signal(Variation.IMPROVEMENT_LOW, BELOW)
NOT_JUDGED = make_signal(Variation.NEUTRAL_HIGH, ABOVE)
AWAITED = Figure(None, Blank.AWAITED)
UP_FROM_50 = "up from 50 a year before: higher than chance alone explains"


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
            {Reason.CONCERN: f"90 in January 2021, {UP_FROM_50}; lower is better."},
            id="concern",
        ),
        pytest.param(
            make_row(figure=9, signal=IMPROVEMENT),
            {
                Reason.IMPROVEMENT: "9 in January 2021, down from 50 a year before: lower than chance alone explains; "
                "lower is better."
            },
            id="improvement",
        ),
        pytest.param(
            make_row(figure=90, signal=NOT_JUDGED, polarity=Polarity.NEUTRAL),
            {Reason.UNUSUAL: f"90 in January 2021, {UP_FROM_50}."},
            id="not judged",
        ),
        pytest.param(
            make_row(figure=90, signal=CONCERN._replace(trial=True, cause=SpecialCause.RUN_ABOVE)),
            {
                Reason.CONCERN: "90 in January 2021, up from 50 a year before: above the average for at least 7 months "
                "running, which is more than chance; lower is better. It rests on fewer than 13 figures."
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
                Reason.CONCERN: f"90 in January 2021, {UP_FROM_50}; lower is better.",
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
    assert item.sentence.startswith("90 in January 2021, up from 50 a year before: higher")


def test_line_in_two_sections_is_found_once_in_the_first():
    row = make_row(signal=CONCERN)
    assert [item.section for item in what_to_look_at(make_report([row], [row]))] == ["section-0"]


def test_nothing_to_look_at():
    assert what_to_look_at(make_report([make_row()], [])) == []


def trend(*values, **fields):
    """A line with these as its latest figures, and 50 a year before, whose signal is the one given."""
    figures = tuple(Figure(None, Blank.AWAITED) if value is None else Figure(value) for value in values)
    return make_row(figures=(Figure(50),) * (13 - len(figures)) + figures, **{"signal": CONCERN, **fields})


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(
            trend(*range(51, 64), year_before_value=51),
            "63 in January 2021, up from 51 a year before, after rising for 12 months running: higher than",
            id="rising as far back as the trend reaches",
        ),
        pytest.param(
            trend(48, 47, 46, 45, 44, 43, signal=LOW_CONCERN),
            "43 in January 2021, down from 50 a year before, after falling for 6 months running: ",
            id="falling for six",
        ),
        pytest.param(
            trend(49, 47, 46, 45, 44, 43, 43, signal=LOW_CONCERN),
            "43 in January 2021, down from 50 a year before: ",
            id="level",
        ),
        pytest.param(
            trend(48, 47, None, 45, 44, 43, signal=LOW_CONCERN),
            "43 in January 2021, down from 50 a year before: ",
            id="a gap",
        ),
        pytest.param(
            trend(40, 50),
            "50 in January 2021, up from 40 in December 2020: ",
            id="as a year before, so beside last month",
        ),
        pytest.param(trend(45), "45 in January 2021: higher than chance", id="the other way than its signal"),
        pytest.param(trend(48, 47, 46, 45, 44, 43), "43 in January 2021: higher than chance", id="a run the other way"),
        pytest.param(
            trend(Fraction(503, 10)), "50.3 in January 2021, up from 50.0 a year before: ", id="printed alike"
        ),
        pytest.param(trend(50, 50, year_before_value=None), "50 in January 2021: higher than", id="level with both"),
        pytest.param(
            trend(*(None,) * 12, 60, year_before_value=None),
            "60 in January 2021: higher than",
            id="nothing before",
        ),
        pytest.param(
            trend(60, breaks=(Break(date(2020, 12, 1), "Counted otherwise."),)),
            "60 in January 2021, up from 50 in December 2020: ",
            id="counted otherwise a year before",
        ),
        pytest.param(
            trend(52, 54, 56, 58, 60, 62, 64, signal=CONCERN._replace(cause=SpecialCause.RISING)),
            "64 in January 2021, up from 50 a year before, after rising for 7 months running, which is more",
            id="a trend",
        ),
        pytest.param(
            trend(60, signal=CONCERN._replace(cause=SpecialCause.RISING)),
            "60 in January 2021, up from 50 a year before: the latest of at least 7 figures that rise one",
            id="a trend that began further back than is shown",
        ),
        pytest.param(
            trend(60, signal=CONCERN._replace(cause=SpecialCause.NEAR_UPPER)),
            "60 in January 2021, up from 50 a year before: two of the latest three months were far above the average, ",
            id="two of three",
        ),
    ],
)
def test_signal_is_told_with_what_was_before(row, expected):
    [sentence] = reasons(row).values()
    assert sentence.startswith(expected)


@pytest.mark.parametrize(
    ("commentary", "expected"),
    [
        ("", "The service gives no explanation."),
        ("Two posts are empty. They are advertised.", "The service says: “Two posts are empty.”"),
        ("Rose by 2.5% to 31%, i.e. a little", "The service says: “Rose by 2.5% to 31%, i.e. a little”"),
        ("A first line\nand a second", "The service says: “A first line”"),
        ("word " * 100, f"The service says: “{('word ' * 100)[:238].strip()} …”"),
        (WITHHELD, WITHHELD),
        (WITHHELD_BESIDE_ROUNDED, WITHHELD_BESIDE_ROUNDED),
        (
            tombstone_text(datetime(2021, 3, 3, tzinfo=UTC), "it named a child"),
            "Withheld on 3 March 2021: it named a child.",
        ),
    ],
)
def test_item_has_the_first_sentence_of_what_the_service_says(commentary, expected):
    [item] = what_to_look_at(make_report([make_row(figure=90, signal=CONCERN, commentary=commentary)]))
    assert item.explanation() == expected


def test_item_names_the_areas_of_focus_that_are_about_it():
    def focus(title, *references, closed_on=None, kind=FocusKind.AREA):
        return Focus(
            kind=kind, title=title, detail="", response="", raised_by="", asked_in=None, owner="", due_on=None,
            opened_on=date(2021, 1, 4), closed_on=closed_on, updates=(), references=references,
        )  # fmt: skip

    focuses = (
        focus("Fewer carers.", "B9", "A1"),
        focus("Elsewhere", "B9"),
        focus("Done", "A1", closed_on=date(2021, 1, 20)),
        focus("Why so many?", "A1", kind=FocusKind.QUESTION),
    )
    [item] = what_to_look_at(replace(make_report([make_row(figure=90, signal=CONCERN)]), areas_of_focus=focuses))
    assert item.focus_texts == ["Area of focus: Fewer carers.", "Question: Why so many?"]
