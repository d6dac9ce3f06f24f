"""One fact is one entry, a count that only follows is not judged, and lines are counted in three. No database."""

import dataclasses
from fractions import Fraction

import pytest

from indicators.calculations.change import NO_CHANGE_KNOWN, SUPPRESSED_CHANGE, Break, change
from indicators.calculations.figures import Figure, quotient
from indicators.calculations.moves import Move
from indicators.calculations.spc import Chart, SpecialCause, Variation
from indicators.calculations.vocabulary import Assessment, Blank, Polarity, Rating, Unit
from scorecard.disclosure.mask import mask_report
from scorecard.disclosure.plan import Mask
from scorecard.display.tiles import change_tiles
from scorecard.report.board import Derivation
from scorecard.report.one_fact import Kinship, judge_followers, judged_alone
from scorecard.report.what_to_look_at import Reason, Tally, what_to_look_at
from tests.factories import JANUARY
from tests.scorecard.report.rows import make_report, make_row, make_signal, make_target

HIGH, LOW = SpecialCause.ABOVE_LIMIT, SpecialCause.BELOW_LIMIT
WORSE, BETTER = make_signal(Variation.CONCERN_HIGH, HIGH), make_signal(Variation.IMPROVEMENT_HIGH, HIGH)
WORSE_LOW = make_signal(Variation.CONCERN_LOW, LOW)
UP, DOWN = make_signal(Variation.NEUTRAL_HIGH, HIGH), make_signal(Variation.NEUTRAL_LOW, LOW)
USUAL = make_signal()
NONE = make_signal(None, chart=Chart.NONE)
MOVED = make_signal(None, chart=Chart.NONE, move=Move(Variation.CONCERN_HIGH, 12, 0, 3, by_chance=True))
LATE = Figure(None, Blank.AWAITED)

# The keys of lines in these tests are 1 for A, 2 for B and so on; small letters have no line of their own.
KEYS = {name: place for place, name in enumerate("ABCDEFabc", start=1)}


def line(name, signal=USUAL, **fields):
    return make_row(name, indicator=KEYS[name], signal=signal, **fields)


def share(name, signal=USUAL, **fields):
    return line(name, signal, unit=Unit.PERCENTAGE, **fields)


def rate(name, signal=USUAL, **fields):
    return line(name, signal, unit=Unit.RATE_10000, **fields)


def worked_out(name, tops, bottoms=""):
    return Derivation(KEYS[name], tuple(KEYS[one] for one in tops), tuple(KEYS[one] for one in bottoms), not bottoms)


def report_of(*rows, derivations=()):
    rows = {row.indicator: row for row in rows}
    judged = judge_followers(rows, Kinship(rows, derivations))
    return dataclasses.replace(make_report(judged.values()), derivations=derivations)


def entries(*rows, derivations=()):
    items = what_to_look_at(report_of(*rows, derivations=derivations))
    return ["".join(one.row.measure.reference for one in item.lines) for item in items]


SHARE = [worked_out("B", "A", "C")]


@pytest.mark.parametrize(
    ("rows", "derivations", "expected"),
    [
        pytest.param([line("A", WORSE), share("B", WORSE)], SHARE, ["BA"], id="a count and its share"),
        pytest.param(
            [line("A", WORSE), line("B", WORSE, unit=Unit.RATE_10000)], [worked_out("B", "A")], ["BA"], id="rate"
        ),
        pytest.param([line("A", UP), share("B", WORSE_LOW)], SHARE, ["BA"], id="the share went the other way"),
        pytest.param([line("A", WORSE), share("B", WORSE)], [], ["A", "B"], id="not worked out from each other"),
        pytest.param(
            [line("A", WORSE), share("B", WORSE)],
            [worked_out("a", "A"), worked_out("B", "a", "C")],
            ["BA"],
            id="a chain over an indicator without a line",
        ),
        pytest.param(
            [line("A", WORSE), line("D", WORSE), share("B", WORSE)],
            [worked_out("D", "A"), worked_out("B", "D", "C")],
            ["BAD"],
            id="a chain of three lines",
        ),
        pytest.param(
            [share("B", WORSE), rate("D", WORSE)],
            [worked_out("B", "a", "C"), worked_out("D", "a")],
            ["BD"],
            id="a count without a line, as a share and as a rate",
        ),
        pytest.param(
            [line("A", UP), line("B", UP), line("D", UP)], [worked_out("D", "AB")], ["DAB"], id="a sum and its parts"
        ),
        pytest.param(
            [line("A", UP), line("B", DOWN), line("D", UP)], [worked_out("D", "AB")], ["DA", "B"], id="a part that fell"
        ),
        pytest.param([line("C", UP), share("B", WORSE_LOW)], SHARE, ["BC"], id="a share that fell with what it is of"),
        pytest.param([line("C", UP), share("B", WORSE)], SHARE, ["B", "C"], id="a share that rose in spite of it"),
        pytest.param(
            [line("A", DOWN), line("C", UP), share("B", WORSE_LOW)], SHARE, ["BA", "C"], id="both moved the share"
        ),
        pytest.param([line("A", WORSE), line("C", UP), share("B")], SHARE, ["AC"], id="a count that follows, and what"),
        pytest.param(
            [line("A", figure=LATE, signal=NONE), share("B", NONE, figure=LATE)],
            SHARE,
            ["AB"],
            id="late with its count",
        ),
        pytest.param(
            [share("B", NONE, figure=LATE), line("C", NONE, figure=LATE)], SHARE, ["CB"], id="late with its denominator"
        ),
        pytest.param([line("A", MOVED), share("B", MOVED)], SHARE, ["BA"], id="large moves"),
        pytest.param([line("A", WORSE), share("B", rating=Rating.RED, target=make_target(5))], SHARE, ["BA"], id="red"),
        pytest.param([share("B", WORSE), line("A", WORSE), line("D", WORSE)], SHARE, ["BA", "D"], id="another line"),
    ],
)
def test_one_fact_is_one_entry(rows, derivations, expected):
    assert entries(*rows, derivations=derivations) == expected


def test_entry_has_the_reason_of_the_line_that_tells_most_and_names_what_else_there_is():
    rows = [
        line("A", UP, figure=90, polarity=Polarity.NEUTRAL),
        share("B", WORSE, figure=55, rating=Rating.RED, target=make_target(40)),
    ]
    [item] = what_to_look_at(report_of(*rows, derivations=SHARE))
    assert (item.first, item.row.measure.reference) == (Reason.CONCERN, "B")
    assert item.sentence == (
        "55% in January 2021, up from 50% a year before: higher than chance alone explains; lower is better."
    )
    assert item.others == "off target and unusual, not judged"
    assert [one.anchor for one in item.lines] == ["section-0-2", "section-0-1"]


def entered(name, *parts, **fields):
    """A line that was entered as numerator and denominator, month by month."""
    return share(name, figures=tuple(quotient(*part, 100) for part in parts), **fields)


def series(name, *numbers, **fields):
    return line(name, figures=tuple(Figure(number) for number in numbers), **fields)


PARTS = [(top, 40 + top % 7) for top in (5, 6, 5, 6, 8, 11, 2, 13, 14, 17, 11, 12, 19)]
TOPS, BOTTOMS = zip(*PARTS, strict=True)


def test_count_that_was_entered_with_a_share_too_is_one_fact_with_it():
    assert entries(series("A", *TOPS, signal=WORSE), entered("B", *PARTS, signal=WORSE)) == ["BA"]
    assert entries(series("C", *BOTTOMS, signal=UP), entered("B", *PARTS, signal=WORSE_LOW)) == ["BC"]


@pytest.mark.parametrize(
    "others",
    [
        pytest.param([series("A", *TOPS[:-1], 18, signal=WORSE)], id="another figure"),
        pytest.param([series("A", *TOPS, signal=WORSE), series("D", *TOPS, signal=WORSE)], id="two that are the same"),
    ],
)
def test_figures_that_are_not_those_of_one_line_join_nothing(others):
    assert "B" in entries(*others, entered("B", *PARTS, signal=WORSE))


def test_what_happens_to_lead_back_ends():
    """A count that is worked out from the very share whose numerators it equals."""
    rows = [series("A", *TOPS, signal=WORSE), entered("B", *PARTS, signal=WORSE)]
    assert entries(*rows, derivations=[worked_out("A", "B")]) == ["AB"]


def test_few_figures_join_nothing():
    """All 0 but one: that two lines have them may be chance."""
    few = [(0, 9)] * 12 + [(5, 9)]
    rows = [series("A", *[0] * 12, 5, signal=WORSE), entered("B", *few, signal=WORSE)]
    assert entries(*rows) == ["A", "B"]


@pytest.mark.parametrize(
    ("count", "of_it", "expected"),
    [
        pytest.param(BETTER, USUAL, Variation.NEUTRAL_HIGH, id="the share is usual"),
        pytest.param(BETTER, WORSE_LOW, Variation.NEUTRAL_HIGH, id="the share fell"),
        pytest.param(BETTER, BETTER, Variation.IMPROVEMENT_HIGH, id="the share rose too"),
        pytest.param(BETTER, UP, Variation.IMPROVEMENT_HIGH, id="the share rose too, and isn't judged"),
        pytest.param(BETTER, NONE, Variation.IMPROVEMENT_HIGH, id="the share could not be examined"),
        pytest.param(BETTER, MOVED, Variation.IMPROVEMENT_HIGH, id="the share moved far"),
        pytest.param(WORSE, USUAL, Variation.NEUTRAL_HIGH, id="worse, and the share is usual"),
        pytest.param(WORSE_LOW, USUAL, Variation.NEUTRAL_LOW, id="lower, and the share is usual"),
    ],
)
def test_count_that_only_follows_is_neither_better_nor_worse(count, of_it, expected):
    rows = list(report_of(line("A", count), share("B", of_it), derivations=SHARE).rows)
    assert rows[0].signal.variation is expected
    is_judged = expected is count.variation
    assert rows[0].signal.only_follows == (None if is_judged else KEYS["B"])
    assert rows[1].signal == of_it


CHANGE_UP, CHANGE_DOWN, CHANGE_LEVEL = (
    change(102, 100, Polarity.HIGH),
    change(98, 100, Polarity.HIGH),
    change(100, 100, Polarity.HIGH),
)


@pytest.mark.parametrize(
    ("of_count", "of_share", "expected"),
    [
        pytest.param(CHANGE_UP, CHANGE_DOWN, Assessment.NOT_JUDGED, id="more, and a smaller share"),
        pytest.param(CHANGE_UP, CHANGE_LEVEL, Assessment.NOT_JUDGED, id="more, and the same share"),
        pytest.param(CHANGE_UP, CHANGE_UP, Assessment.BETTER, id="more, and a larger share"),
        pytest.param(CHANGE_DOWN, CHANGE_UP, Assessment.NOT_JUDGED, id="fewer, and a larger share"),
        pytest.param(CHANGE_DOWN, CHANGE_DOWN, Assessment.WORSE, id="fewer, and a smaller share"),
        pytest.param(CHANGE_UP, NO_CHANGE_KNOWN, Assessment.BETTER, id="the share is not known"),
        pytest.param(CHANGE_UP, SUPPRESSED_CHANGE, Assessment.NOT_JUDGED, id="the share is hidden"),
        pytest.param(CHANGE_LEVEL, CHANGE_UP, Assessment.NO_CHANGE, id="the same, and a larger share"),
    ],
)
@pytest.mark.parametrize("since", ["change_month", "change_year"])
def test_change_of_a_count_is_better_or_worse_only_with_its_share(since, of_count, of_share, expected):
    rows = [line("A", polarity=Polarity.HIGH, **{since: of_count}), share("B", **{since: of_share})]
    [count, of_it] = report_of(*rows, derivations=SHARE).rows
    assert getattr(count, since) == of_count._replace(assessment=expected)
    assert getattr(of_it, since) == of_share
    assert getattr(judged_alone(count), since) == of_count


def test_count_that_is_not_judged_has_no_better_change():
    """Whatever its share's change is: that is within usual variation."""
    rows = [line("A", BETTER, change_month=CHANGE_UP), share("B", change_month=CHANGE_UP)]
    [count, of_it] = report_of(*rows, derivations=SHARE).rows
    assert (count.change_month.assessment, of_it.change_month.assessment) == (Assessment.NOT_JUDGED, Assessment.BETTER)
    assert [tile.value for tile in change_tiles(report_of(*rows, derivations=SHARE))] == [1, 0, 0, 1]


def test_change_across_a_change_of_counting_stays_unjudged_without_its_share():
    broken = [Break(JANUARY, "Counted anew.")]
    row = line("A", polarity=Polarity.HIGH, change_month=CHANGE_UP._replace(assessment=Assessment.NOT_JUDGED))
    assert judged_alone(row._replace(breaks=tuple(broken))).change_month.assessment is Assessment.NOT_JUDGED


def test_public_edition_judges_a_change_without_its_hidden_share():
    places = frozenset({(KEYS["B"], JANUARY)})
    plan = Mask(hidden=places, unsafe_revisions=frozenset())
    said = set()
    for of_share in (CHANGE_UP, CHANGE_DOWN, CHANGE_LEVEL, NO_CHANGE_KNOWN):
        report = report_of(
            line("A", polarity=Polarity.HIGH, change_month=CHANGE_UP),
            share("B", change_month=of_share),
            derivations=SHARE,
        )
        said.add(next(mask_report(report, plan).rows).change_month.assessment)
    assert said == {Assessment.NOT_JUDGED}


def test_large_move_of_a_count_that_only_follows_is_not_judged():
    rows = [line("A", MOVED), share("B")]
    [item] = what_to_look_at(report_of(*rows, derivations=SHARE))
    assert item.row.signal.move.variation is Variation.NEUTRAL_HIGH
    assert item.first is Reason.MOVED


def test_one_share_that_moves_the_same_way_is_enough():
    derivations = [*SHARE, worked_out("D", "A")]
    rows = [line("A", BETTER), share("B"), rate("D", BETTER)]
    assert next(iter(report_of(*rows, derivations=derivations).rows)).signal == BETTER


@pytest.mark.parametrize(
    "derivations",
    [
        pytest.param([worked_out("B", "AD", "C")], id="one of several parts"),
        pytest.param([worked_out("B", "D", "A")], id="a denominator"),
    ],
)
def test_what_is_not_the_share_of_a_count_alone_does_not_judge_it(derivations):
    rows = [line("A", BETTER), share("B"), line("D")]
    assert next(iter(report_of(*rows, derivations=derivations).rows)).signal == BETTER


def test_reason_says_why_a_count_is_not_judged():
    rows = [line("A", BETTER, figure=489), share("B", figure=96)]
    [item] = what_to_look_at(report_of(*rows, derivations=SHARE))
    assert item.sentence == (
        "489 in January 2021, up from 50 a year before: higher than chance alone explains. That is neither better nor "
        "worse, because its share, B, 96%, is within usual variation."
    )


def test_hidden_share_judges_no_count_and_its_own_judgement_comes_back_without_it():
    hidden = NONE._replace(suppressed=True)
    rows = {row.indicator: row for row in (line("A", BETTER, polarity=Polarity.HIGH), share("B"))}
    kinship = Kinship(rows, SHARE)
    [followed, _] = judge_followers(rows, kinship).values()
    assert judged_alone(followed).signal == BETTER
    for said in (BETTER, USUAL):
        masked = {1: judged_alone(rows[1]._replace(signal=BETTER)), 2: rows[2]._replace(signal=said)}
        masked[2] = masked[2]._replace(signal=hidden)
        assert judge_followers(masked, kinship)[1].signal.variation is Variation.NEUTRAL_HIGH


def tally(*rows):
    report = make_report(rows)
    return Tally.of(report, what_to_look_at(report))


def test_lines_are_counted_in_three():
    found = tally(line("A", WORSE), line("B"), line("C"), line("D", NONE), line("E", MOVED))
    assert (found.look, found.usual, found.not_examined) == (2, 2, 1)
    assert (found.examined, found.signals) == (3, 1)
    assert found.sentences == [
        "Nothing unusual in 2 others.",
        "1 indicator could not be examined (no latest figure, or too few figures or cases).",
        "Of 3 indicators that could be examined, 1 has a signal. By chance alone, with nothing really changed, fewer "
        "than 1 of 3 would have one.",
    ]


def test_line_in_two_sections_is_counted_once():
    report = make_report([line("A", WORSE), line("B")], [line("B"), line("D", NONE)])
    found = Tally.of(report, what_to_look_at(report))
    assert (found.look, found.usual, found.not_examined) == (1, 1, 1)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([line("A")], ["Nothing unusual in the only indicator."], id="one"),
        pytest.param([line("A"), line("B")], ["Nothing unusual in any of the 2 indicators."], id="all usual"),
        pytest.param([line("A", WORSE), line("B")], ["Nothing unusual in the other 1."], id="all examined"),
        pytest.param(
            [line("A"), line("B", NONE._replace(suppressed=True))],
            [
                "Nothing unusual in the 1 indicator that could be examined.",
                "1 indicator could not be examined (confidential figures).",
            ],
            id="confidential",
        ),
    ],
)
def test_three_counts_in_words(rows, expected):
    assert tally(*rows).sentences[:-1] == expected


def test_nothing_examined_says_nothing_of_chance():
    assert tally(line("A", NONE), line("B", NONE)).sentences == [
        "2 indicators could not be examined (no latest figure, or too few figures or cases)."
    ]


def test_chance_is_that_of_each_chart_and_length():
    rows = [line("A", make_signal(figures=count)) for count in (25,)]
    assert tally(*rows).by_chance == Fraction(18, 1000)
    many = [make_row(f"R{place}", signal=make_signal(figures=25)) for place in range(58)]
    assert "about 1 of 58 would have one" in tally(*many).chance_text
    assert tally(line("A", make_signal(chart=Chart.P, figures=7))).by_chance == Fraction(1, 1000)


def test_share_that_waits_stands_under_its_count():
    assert entries(line("A", WORSE), share("B", NONE, figure=LATE), derivations=SHARE) == ["AB"]


def test_public_edition_says_the_same_of_a_count_whatever_its_hidden_share_says():
    places = frozenset({(KEYS["B"], JANUARY)})
    plan = Mask(hidden=places, unsafe_revisions=frozenset())
    said = {
        next(iter(mask_report(report_of(line("A", BETTER), share("B", of_it), derivations=SHARE), plan).rows)).signal
        for of_it in (BETTER, USUAL, WORSE_LOW, NONE)
    }
    [public] = said
    assert (public.variation, public.only_follows) == (Variation.NEUTRAL_HIGH, KEYS["B"])
    [item] = what_to_look_at(mask_report(report_of(line("A", BETTER), share("B", USUAL), derivations=SHARE), plan))
    assert item.sentence.endswith("That is neither better nor worse, because its share, B, isn’t shown.")


def test_what_a_count_is_the_numerator_of_is_told_by_public_months_alone():
    """Whether the hidden numerator of a share is the count too, is nothing that the public may learn from it."""
    november = JANUARY.replace(year=2020, month=11)
    plan = Mask(hidden=frozenset({(KEYS["B"], november)}), unsafe_revisions=frozenset())
    count = series("A", *TOPS, signal=WORSE, polarity=Polarity.LOW)
    said = set()
    for top in (TOPS[10], TOPS[10] - 1):
        parts = [*PARTS[:10], (top, BOTTOMS[10]), *PARTS[11:]]
        masked = mask_report(report_of(count, entered("B", *parts, signal=USUAL)), plan)
        said.add((repr(masked), tuple(item.anchor for item in what_to_look_at(masked))))
    [(public, _)] = said
    assert f"only_follows={KEYS['B']}" in public
    # In the other months it isn't the count.
    other = report_of(count, entered("B", *PARTS[:9], (3, 40), *PARTS[10:], signal=USUAL))
    assert "only_follows=None" in repr(mask_report(other, plan).by_indicator[KEYS["A"]])
