"""Each warning: its exact sentence, when it stays silent, and what it rests on. Figures by hand, many as published."""

from datetime import date
from fractions import Fraction
from functools import partial

import pytest

from commentary.warnings import CheckPart, LineCheck, cautions_for
from indicators.calculations.cautions import Caution
from indicators.calculations.change import change
from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.figures import NO_RECORD, Figure, quotient
from indicators.calculations.months import months_ending
from indicators.calculations.signal import signal_of, usual_of
from indicators.calculations.vocabulary import Blank, Polarity, Rating, Unit
from tests.scorecard.report.rows import make_comparator, make_row

TWENTY_PER_CENT = Fraction(20, 100)
STEADY = [98, 102] * 6
COMMENTARY = "Write a commentary, or say why none is needed:"
MONTHS = months_ending(date(2021, 1, 1), 13)
ROW = ("unit", "rating", "allows_negative", "polarity", "comparators", "year_before_value")
SAID = "The service expected this."
CORRECT = "Correct it, or say why it is right:"


def line(figure=100, previous=None, *, earlier=None, **fields):
    """What to warn of: a row that raises no question but those that the test is about. The earlier ones come first."""
    figure = figure if isinstance(figure, Figure) else Figure(figure)
    values = [None] * 12 if earlier is None else list(earlier)
    if previous is not None:
        values[-1] = previous
    row = {name: fields.pop(name) for name in ROW if name in fields}
    is_signed, unit = row.get("allows_negative", False), row.get("unit", Unit.COUNT)
    figures = (*(NO_RECORD if value is None else Figure(value) for value in values), figure)
    judged = {"unit": unit, "rebases": (), "is_signed": is_signed}
    signal = signal_of(figures, MONTHS, polarity=row.get("polarity", Polarity.LOW), target=None, **judged)
    found = usual_of(figures, MONTHS, **judged)
    ceiling = None if unit is not Unit.PERCENTAGE or fields.get("may_exceed_100") else 100
    return {
        "row": make_row(
            figures=figures,
            signal=signal,
            change_month=change(figure.value, previous, Polarity.NEUTRAL, is_signed=is_signed),
            **row,
        ),
        "usual": found and found.within(None if is_signed else 0, ceiling),
        "text": SAID,
        "may_exceed_100": False,
        "is_derived": False,
        **fields,
    }


def check(kind, value, *parts, **fields):
    return LineCheck(
        **{
            "code": "check-7",
            "kind": kind,
            "reference": "LAC1",
            "value": value,
            "before": None,
            "parts": tuple(CheckPart(*part, key=len(part[1]), reporter="Ann") for part in parts),
            "total": None,
            "tolerance": 0,
            "note": "",
            **fields,
        }
    )


def cautions(warned, *checks):
    return cautions_for(checks=checks, **{"from_change": TWENTY_PER_CENT, **warned})


def said(warned, *checks):
    """The codes and sentences of a line's warnings."""
    return [(caution.code, caution.message) for caution in cautions(warned, *checks)]


def about(warned, *checks):
    [caution] = cautions(warned, *checks)
    return caution.about


# Unusual


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (115, "115 is above what is usual: 89 to 114."),
        (140, "140 is above what is usual: 92 to 114."),
        (84, "84 is below what is usual: 88 to 109."),
        (0, "0 is below what is usual: 82 to 103."),
    ],
)
def test_figure_beyond_its_limits_is_asked_about(figure, expected):
    assert said(line(figure, earlier=STEADY, text="")) == [("unusual", f"{expected} Readers will ask why.")]


@pytest.mark.parametrize(
    ("earlier", "figure", "fields", "expected"),
    [
        # Limits without width: all were 500, and the mean of all is 494.
        ([500] * 12, 420, {}, "420 is below what is usual: 500."),
        ([500] * 11 + [490], 420, {}, "420 is below what is usual: 491 to 495."),
        ([3] * 12, Fraction(33, 10), {"unit": Unit.PERCENTAGE}, "3.3% is above what is usual: 3.0%."),
    ],
)
def test_usual_is_what_figures_were(earlier, figure, fields, expected):
    [(_, sentence), *_] = said(line(figure, earlier=earlier, text="", **fields))
    assert sentence == f"{expected} Readers will ask why."


def test_commentary_answers_whether_an_unusual_figure_is_right():
    assert said(line(140, earlier=STEADY)) == []


SLIP = Caution("scale", "1,000 is about ten times what the months around it have: 98 to 102.", "1000")


def test_slip_of_typing_is_asked_whatever_the_commentary_says():
    assert cautions(line(1000, earlier=STEADY, slip=SLIP)) == [SLIP]
    assert [code for code, _ in said(line(1000, earlier=STEADY, text="", slip=SLIP))] == ["scale", "no-commentary"]


@pytest.mark.parametrize(("rating", "codes"), [(Rating.GREEN, []), (Rating.RED, ["no-commentary"])])
def test_share_of_a_count_that_is_asked_the_same_is_only_asked_about_its_target(rating, codes):
    share = line(140, earlier=STEADY, rating=rating, text="", is_told_at_count=True)
    assert [code for code, _ in said(share)] == codes


@pytest.mark.parametrize(
    "usual",
    [
        pytest.param(line(110, earlier=STEADY), id="within the limits"),
        pytest.param(line(NO_RECORD, earlier=STEADY), id="a blank"),
        pytest.param(line(102, earlier=[None] * 8 + [98, 102, 98, 98]), id="too few to tell"),
        pytest.param(line(0, earlier=[0] * 12), id="never any"),
    ],
)
def test_usual_figure_is_not_asked_about(usual):
    assert said(usual) == []


# More than 100%


def test_worked_out_percentage_above_100_is_asked_about():
    over = line(quotient(1207, 1200, 100), unit=Unit.PERCENTAGE, is_derived=True)
    assert said(over) == [("over-100", "More than 100%: 1,207 of 1,200. The part is above the whole.")]


def test_worked_out_percentage_above_100_without_parts_is_asked_about():
    over = line(101, unit=Unit.PERCENTAGE, is_derived=True)
    assert said(over) == [("over-100", "More than 100%. The part is above the whole.")]


@pytest.mark.parametrize(
    "fine",
    [
        pytest.param({"figure": quotient(30, 30, 100)}, id="all of them"),
        pytest.param({"figure": quotient(0, 0, 100)}, id="nothing to measure"),
        pytest.param({"figure": quotient(31, 30, 100), "may_exceed_100": True}, id="more is allowed"),
        pytest.param({"figure": Figure(101), "unit": Unit.RATE_10000}, id="a rate"),
        pytest.param({"figure": quotient(31, 30, 100), "is_derived": False}, id="entered, where it is an error"),
    ],
)
def test_percentage_that_may_be_so_is_not_asked_about(fine):
    assert said(line(**{"unit": Unit.PERCENTAGE, "is_derived": True, **fine})) == []


# The same as last month


@pytest.mark.parametrize("figure", [10, 271, Fraction(21, 2)])
def test_figure_like_last_months_is_asked_about(figure):
    assert said(line(figure, figure)) == [("same", "The same figure as in December 2020. Was it copied?")]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(line(9, 9), id="a small number"),
        pytest.param(line(0, 0), id="none and none"),
        pytest.param(line(271, 270), id="another figure"),
        pytest.param(line(271, None), id="nothing to compare"),
        pytest.param(line(Figure(None, Blank.AWAITED), None), id="two blanks"),
        pytest.param(line(271, 271, is_derived=True), id="worked out"),
    ],
)
def test_figure_unlike_last_months_is_not_asked_about(other):
    assert said(other) == []


# Commentary


def test_red_line_without_commentary_is_asked_for_it():
    [caution] = cautions(line(5, 50, rating=Rating.RED, text=""))
    assert (caution.code, caution.message, caution.ask) == (
        "no-commentary",
        "Off target, and without commentary: readers will ask why.",
        COMMENTARY,
    )


@pytest.mark.parametrize(
    ("figure", "fields", "expected"),
    [
        pytest.param(106, {"rating": Rating.RED}, "Off target", id="usual and red"),
        # 106 is 33% more than England's 80; a year before 86 were within 10% of it.
        pytest.param(
            106,
            {"comparators": (make_comparator(106, 80),), "year_before_value": 86},
            "A new gap to England",
            id="usual with a new gap",
        ),
    ],
)
def test_red_and_new_gap_ask_for_commentary(figure, fields, expected):
    asked = said(line(figure, earlier=STEADY, text="", **fields))
    assert asked == [("no-commentary", f"{expected}, and without commentary: readers will ask why.")]


@pytest.mark.parametrize(
    ("figure", "fields"),
    [
        pytest.param(140, {}, id="a concern"),
        pytest.param(60, {}, id="an improvement"),
        pytest.param(140, {"polarity": Polarity.NEUTRAL}, id="unusual, not judged"),
        pytest.param(140, {"rating": Rating.RED}, id="a concern that is red"),
        pytest.param(60, {"rating": Rating.RED}, id="an improvement that is red"),
    ],
)
def test_whether_an_unusual_figure_is_right_and_why_is_one_question(figure, fields):
    [caution] = cautions(line(figure, earlier=STEADY, text="", **fields))
    assert caution.code == "unusual"
    assert caution.ask == (
        "Correct it; or if it is right, write a commentary that says why, or say why none is needed:"
    )


RISING = [*range(100, 112), 112]
MOVED_BY_CHANCE = [80, 120, 85, 118, 90, 121, 82, 115, 88, 119, 84, 90]


@pytest.mark.parametrize(
    ("figure", "earlier", "unit"),
    [
        pytest.param(120, MOVED_BY_CHANCE, Unit.COUNT, id="a third more, which is noise"),
        pytest.param(80, [*MOVED_BY_CHANCE[:-1], 120], Unit.COUNT, id="a third fewer, which is noise"),
        pytest.param(60, [40, 62, 45, 58, 41, 60, 44, 61, 43, 59, 42, 40], Unit.PERCENTAGE, id="half as much again"),
    ],
)
def test_move_that_is_noise_asks_for_nothing(figure, earlier, unit):
    assert cautions(line(figure, earlier[-1], earlier=earlier, unit=unit, text="")) == []


def test_move_that_no_chart_can_judge_asks_where_it_is_far_beyond_chance():
    assert said(line(40, 0, text="")) == [
        ("no-commentary", "Far higher than before: worse, and without commentary: readers will ask why.")
    ]


def test_line_that_rises_month_after_month_is_asked_for_commentary():
    asked = said(line(112, earlier=RISING[:-1], text=""))
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("figure", "previous", "unit", "expected"),
    [
        pytest.param(120, 100, Unit.COUNT, "rose by 20%", id="a fifth more"),
        pytest.param(271, 351, Unit.COUNT, "fell by 23%", id="M2 in January 2021"),
        pytest.param(8, 5, Unit.PERCENTAGE, "rose by 60%", id="a small percentage"),
    ],
)
def test_too_few_figures_for_a_signal_ask_about_a_large_move(figure, previous, unit, expected):
    assert said(line(figure, previous, unit=unit, text="")) == [
        ("no-commentary", f"The figure {expected} since December 2020, without commentary."),
    ]


@pytest.mark.parametrize(
    "quiet",
    [
        pytest.param({"figure": 119, "previous": 100}, id="less than a fifth"),
        pytest.param({"figure": 7, "previous": 4}, id="three more"),
        pytest.param({"figure": 4, "previous": 0}, id="from none, which is no percentage"),
        pytest.param({"figure": NO_RECORD, "previous": 40}, id="a blank"),
        pytest.param({"figure": 40, "previous": None}, id="nothing to compare"),
        pytest.param({"figure": 50, "rating": Rating.AMBER}, id="amber"),
        pytest.param({"figure": 500, "previous": 100, "text": SAID}, id="with commentary"),
        pytest.param({"figure": 5, "rating": Rating.RED, "text": SAID}, id="red with commentary"),
    ],
)
def test_line_that_needs_none_is_not_asked_for_commentary(quiet):
    assert said(line(**{"text": "", **quiet})) == []


def test_line_that_stayed_level_is_not_asked_for_commentary_however_little_asks_for_it():
    still = line(50, 50, unit=Unit.PERCENTAGE, is_derived=True, text="")
    assert cautions({**still, "from_change": 0}) == []


# Checks between indicators

EARLY_HELP = [("EH3a%", 10), ("EH3b%", 27), ("EH3c%", 18), ("EH3d%", 28), ("EH3e%", 16)]
SHARES = [(CheckRole.PART, reference, value) for reference, value in EARLY_HELP]
IN, OUT = (CheckRole.INFLOW, "LAC2", 9), (CheckRole.OUTFLOW, "LAC3", 24)


def test_shares_that_do_not_make_100_are_asked_about():
    asked = check(CheckKind.PARTS, 10, *SHARES, reference="EH3a%", total=100, note="All are of the same assessments.")
    assert said(line(), asked) == [
        (
            "check-7",
            "EH3a% (10) + EH3b% (27) + EH3c% (18) + EH3d% (28) + EH3e% (16) add up to 99, but 100 was expected. "
            "All are of the same assessments.",
        )
    ]


def test_parts_that_do_not_make_the_whole_are_asked_about():
    parts = [(CheckRole.PART, "EH1a", Fraction(235, 2)), (CheckRole.PART, "EH1b", 1197)]
    assert said(line(), check(CheckKind.PARTS, 1300, *parts, reference="EH1")) == [
        ("check-7", "EH1a (117.5) + EH1b (1,197) add up to 1,314.5, but EH1 is 1,300.")
    ]


def test_children_in_care_of_august_2020_are_asked_about():
    asked = check(CheckKind.STOCK, 493, IN, OUT, before=512, tolerance=3, note="Back-dated changes are usual.")
    assert said(line(), asked) == [
        (
            "check-7",
            "Last month’s 512, plus LAC2 (9), less LAC3 (24) gives 497, but LAC1 is 493. Back-dated changes are usual.",
        )
    ]


@pytest.mark.parametrize(
    ("flow", "expected"),
    [(IN, "plus LAC2 (9), less nothing gives 521"), (OUT, "plus nothing, less LAC3 (24) gives 488")],
)
def test_stock_with_one_flow_is_asked_about(flow, expected):
    assert said(line(), check(CheckKind.STOCK, 500, flow, before=512)) == [
        ("check-7", f"Last month’s 512, {expected}, but LAC1 is 500.")
    ]


def test_figure_above_its_limit_is_asked_about():
    asked = check(CheckKind.LIMIT, 272, (CheckRole.LIMIT, "M2", 271), reference="M4")
    assert said(line(), asked) == [("check-7", "M4 is 272, more than M2 (271).")]


@pytest.mark.parametrize(
    "fine",
    [
        pytest.param(check(CheckKind.STOCK, 508, IN, OUT, before=523), id="it adds up"),
        pytest.param(check(CheckKind.STOCK, 494, IN, OUT, before=512, tolerance=3), id="within the tolerance"),
        pytest.param(check(CheckKind.STOCK, 493, IN, OUT), id="no month before"),
        pytest.param(check(CheckKind.STOCK, None, IN, OUT, before=512), id="no figure yet"),
        pytest.param(check(CheckKind.LIMIT, 9, (CheckRole.LIMIT, "M2", None)), id="no limit yet"),
        pytest.param(check(CheckKind.PARTS, 10, *SHARES[:4], (CheckRole.PART, "EH3e%", None)), id="a part is missing"),
    ],
)
def test_figures_that_fit_or_are_missing_are_not_asked_about(fine):
    assert said(line(), fine) == []


# To who may not read the figures of the others


def told(checked, *checks, sees=()):
    """The sentences for a reader who may only see the figures of some indicators, by key."""
    return [caution.told(lambda key: key in sees) for caution in cautions(checked, *checks)]


MINE = CheckPart(CheckRole.PART, "LAC1", 50, 1, "Me")
ANNS, BENS = CheckPart(CheckRole.PART, "B1", 31, 2, "Ann"), CheckPart(CheckRole.PART, "C1", 9, 3, "Ben")
NOBODYS = BENS._replace(reporter="")
CAME, LEFT = ANNS._replace(role=CheckRole.INFLOW), BENS._replace(role=CheckRole.OUTFLOW)


def with_parts(kind, value, *parts, **fields):
    return check(kind, value, **fields)._replace(parts=parts)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param(
            with_parts(CheckKind.LIMIT, 50, ANNS._replace(role=CheckRole.LIMIT)),
            "LAC1 is 50, more than B1 (ask Ann).",
            id="a limit",
        ),
        pytest.param(
            with_parts(CheckKind.PARTS, 50, ANNS, NOBODYS),
            "B1 (ask Ann) + C1 (which nobody reports) don’t add up to LAC1 (50).",
            id="parts of a whole",
        ),
        pytest.param(
            with_parts(CheckKind.PARTS, 50, MINE, ANNS, total=100, note="All are shares."),
            "LAC1 (50) + B1 (ask Ann) don’t add up to 100. All are shares.",
            id="parts of a fixed total",
        ),
        pytest.param(
            with_parts(CheckKind.STOCK, 50, CAME, LEFT, before=40),
            "Last month’s 40, plus B1 (ask Ann), less C1 (ask Ben) doesn’t give LAC1 (50).",
            id="a stock",
        ),
    ],
)
def test_check_is_put_without_the_figures_that_its_reader_may_not_see(asked, expected):
    assert told(line(), asked, sees=[MINE.key]) == [expected]


def test_check_is_put_without_any_figure_when_one_of_them_may_not_be_seen():
    asked = with_parts(CheckKind.PARTS, 50, ANNS, BENS)
    assert told(line(), asked, sees=[ANNS.key]) == ["B1 (ask Ann) + C1 (ask Ben) don’t add up to LAC1 (50)."]


def test_check_is_put_in_full_to_who_may_see_all_of_its_figures():
    asked = with_parts(CheckKind.PARTS, 50, MINE, ANNS, BENS, total=100)
    assert told(line(), asked, sees=(2, 3)) == ["LAC1 (50) + B1 (31) + C1 (9) add up to 90, but 100 was expected."]


@pytest.mark.parametrize(("sees", "counts"), [((4,), ""), ((4, 5), ": 31 of 30")])
def test_more_than_all_is_counted_out_only_to_who_may_see_both_parts(sees, counts):
    over = line(quotient(31, 30, 100), unit=Unit.PERCENTAGE, is_derived=True, sources=frozenset({4, 5}))
    assert told(over, sees=sees) == [f"More than 100%{counts}. The part is above the whole."]


def test_a_quarterly_stock_follows_from_the_quarter_before():
    asked = check(CheckKind.STOCK, 500, IN, before=512, period_before="Last quarter")
    assert said(line(), asked) == [
        ("check-7", "Last quarter’s 512, plus LAC2 (9), less nothing gives 521, but LAC1 is 500.")
    ]


# Together


def test_a_lines_own_warnings_come_before_those_of_its_checks():
    above = check(CheckKind.LIMIT, 140, (CheckRole.LIMIT, "M2", 100))
    asked = line(140, 140, earlier=STEADY, rating=Rating.RED, text="")
    assert [code for code, _ in said(asked, above)] == ["unusual", "same", "check-7"]


def test_a_blank_is_only_asked_about_by_its_checks():
    blank = line(Figure(None, Blank.AWAITED), 50, earlier=STEADY, text="", is_derived=True, unit=Unit.PERCENTAGE)
    assert said(blank) == []


def test_every_other_warning_asks_to_correct_the_figure():
    above = check(CheckKind.LIMIT, 140, (CheckRole.LIMIT, "M2", 100))
    assert {caution.ask for caution in cautions(line(140, 140, earlier=STEADY), above)} == {CORRECT}


# What a reason holds for

QUESTIONS = {
    "unusual": lambda figure: line(figure, earlier=STEADY, text=""),
    "same": lambda figure: line(figure, figure),
    "red without commentary": lambda figure: line(figure, rating=Rating.RED, text=""),
    "moved without commentary": lambda figure: line(figure, 100, text=""),
    "over 100": lambda figure: line(quotient(figure, 100, 100), unit=Unit.PERCENTAGE, is_derived=True),
}


@pytest.mark.parametrize("asked", QUESTIONS.values(), ids=QUESTIONS)
def test_a_reason_is_asked_for_again_when_the_figure_changes_and_only_then(asked):
    assert about(asked(140)) == about(asked(140))
    assert about(asked(140)) != about(asked(141))


STOCK = partial(check, CheckKind.STOCK, before=512)
PARTS = partial(check, CheckKind.PARTS)
LIMIT = partial(check, CheckKind.LIMIT)
TO_LIMIT, TO_PART = (CheckRole.LIMIT, "M2", 271), (CheckRole.PART, "EH1a", 117)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(STOCK(493, IN, OUT), STOCK(492, IN, OUT), id="the stock"),
        pytest.param(STOCK(493, IN, OUT), STOCK(493, IN, OUT, before=513), id="last month's stock"),
        pytest.param(STOCK(493, IN, OUT), STOCK(493, (*IN[:2], 10), (*OUT[:2], 25)), id="both flows alike"),
        pytest.param(PARTS(120, TO_PART), PARTS(121, TO_PART), id="the whole"),
        pytest.param(PARTS(120, TO_PART), PARTS(120, (*TO_PART[:2], 116)), id="a part"),
        pytest.param(PARTS(10, *SHARES, total=100), PARTS(10, *SHARES, total=101), id="a fixed total"),
        pytest.param(LIMIT(272, TO_LIMIT), LIMIT(273, TO_LIMIT), id="the figure"),
        pytest.param(LIMIT(272, TO_LIMIT), LIMIT(272, (*TO_LIMIT[:2], 270)), id="the limit"),
    ],
)
def test_a_reason_for_a_check_is_asked_for_again_when_one_of_its_figures_changes(one, other):
    assert about(line(), one) != about(line(), other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(STOCK(493, IN, OUT), STOCK(493, IN, OUT, note="As usual.", tolerance=1), id="note or tolerance"),
        pytest.param(PARTS(120, TO_PART), PARTS(120, TO_PART, before=7), id="last month's whole"),
        pytest.param(PARTS(9, TO_PART, total=100), PARTS(8, TO_PART, total=100), id="a figure beside a fixed total"),
        pytest.param(LIMIT(272, TO_LIMIT), LIMIT(272, TO_LIMIT, before=7), id="last month's figure"),
    ],
)
def test_a_reason_for_a_check_holds_while_its_figures_stay(one, other):
    assert about(line(), one) == about(line(), other)


# Figures below 0


@pytest.mark.parametrize(
    ("figure", "previous", "told"),
    [
        (-12, 5, [("no-commentary", "The figure fell by £17k since December 2020, without commentary.")]),
        (-5, -6, []),
        (-5, -10, [("no-commentary", "The figure rose by £5k since December 2020, without commentary.")]),
        (0, 0, []),
    ],
)
def test_a_large_move_of_what_can_be_negative_asks_for_words(figure, previous, told):
    warned = line(figure, previous, text="", unit=Unit.MONEY_THOUSAND, allows_negative=True)
    assert said(warned) == told


def test_what_can_be_negative_is_usual_below_0():
    # Mean -14 / 13, average moving range 56 / 12: -1.08 -/+ 12.41.
    earlier = [2, -2] * 6
    warned = line(-14, earlier=earlier, unit=Unit.MONEY_THOUSAND, allows_negative=True, text="")
    assert said(warned) == [("unusual", "-£14k is below what is usual: -£13k to £11k. Readers will ask why.")]
    assert said(line(-10, earlier=earlier, unit=Unit.MONEY_THOUSAND, allows_negative=True)) == []
