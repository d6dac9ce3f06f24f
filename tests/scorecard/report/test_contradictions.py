"""What stands together about one line never denies itself: generated rows, every pair of statements that would."""

import random
import re
from fractions import Fraction
from functools import cache

import pytest

from commentary.facts import fact_sentences
from indicators.calculations.change import change
from indicators.calculations.figures import Figure
from indicators.calculations.months import add_months, months_ending
from indicators.calculations.noteworthy import latest_run, once
from indicators.calculations.rating import TargetTerms, rate
from indicators.calculations.row import TargetCell
from indicators.calculations.signal import SignalKind, signal_of
from indicators.calculations.spc import Assurance
from indicators.calculations.vocabulary import Polarity, Rating, Unit
from scorecard.display import cells
from scorecard.publication.comparing import Turn, compare_reports
from scorecard.report.what_to_look_at import what_to_look_at
from tests.scorecard.report.rows import JANUARY, make_report, make_row

DECEMBER = add_months(JANUARY, -1)


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", str(html))).strip()


def series(seed):
    """Figures of 26 months: steady, in steps, rising or falling, with a latest one that may leave them."""
    chance = random.Random(seed)  # noqa: S311
    middle, width = chance.choice([(28, 1), (60, 4), (500, 30), (8, 3)])
    drift = chance.choice([0, 0, Fraction(width, 8), -Fraction(width, 8)])
    found = [max(0, middle + drift * place + Fraction(chance.randint(-10, 10), 10) * width) for place in range(26)]
    found[-1] = max(0, found[-1] + chance.choice([0, 0, Fraction(3, 10), -Fraction(3, 10), 5 * width, -5 * width]))
    return found, chance


def row_at(values, month, polarity, unit, target):
    """The line as a report for the month has it, of the figures up to then."""
    months, figures = months_ending(month, len(values)), [Figure(value) for value in values]
    signal = signal_of(figures, months, unit=unit, polarity=polarity, target=target.value, rebases=())
    cell = TargetCell(2020, target, "")
    return make_row(
        month=month,
        unit=unit,
        polarity=polarity,
        figures=tuple(figures[-13:]),
        signal=signal,
        target=cell,
        targets=(None, None, cell),
        rating=rate(values[-1], target, polarity),
        change_month=change(values[-1], values[-2], polarity),
        change_year=change(values[-1], values[-13], polarity),
        year_before_value=values[-13],
    )


def two_reports(seed):
    values, chance = series(seed)
    polarity, unit = chance.choice([Polarity.HIGH, Polarity.LOW]), chance.choice([Unit.COUNT, Unit.PERCENTAGE])
    if unit is Unit.PERCENTAGE:
        values = [min(value, Fraction(100)) for value in values]
    goals = [max(values), min(values), sum(values) / len(values)]
    before, after = (TargetTerms(Fraction(round(chance.choice(goals))), chance.choice([0, 1])) for _ in range(2))
    earlier = row_at(values[:-1], DECEMBER, polarity, unit, before)
    return earlier, row_at(values[1:], JANUARY, polarity, unit, after)


@cache
def rows():
    return [two_reports(seed) for seed in range(600)]


@cache
def said_of_all():
    return [statements(before, after) for before, after in rows()]


def statements(before, after):
    """All that is said of the line: its row in the report, the sentences, what to look at, the comparison."""
    [item] = what_to_look_at(make_report([after])) or [None]
    compared = compare_reports(make_report([before], month=DECEMBER), make_report([after]))
    lines = (*compared.changed, *compared.noise, *compared.same)
    return {
        "rating": text_of(cells.rating_cell(after)),
        "month": text_of(cells.change_cell(after, after.change_month, after.change_month_text, after.previous_month)),
        "year": text_of(cells.change_cell(after, after.change_year, after.change_year_text, after.year_before)),
        "signal": text_of(cells.signal_cell(after)),
        "facts": " ".join(fact_sentences(after)),
        "look": f"{item.sentence} {item.others}" if item else "",
        "turns": "; ".join(lines[0].labels),
        "moved": text_of(cells.moved_cell(lines[0].change)),
    }


# What would contradict itself: in which statements a reader finds one, and in which the other.
PAIRS = [
    ("rating", r"Green", "rating", r"Will keep missing"),
    ("rating", r"Amber|Red", "rating", r"Will keep meeting"),
    ("rating", r"Green", "facts", r"Misses the target"),
    ("rating", r"Red", "facts", r"On target"),
    ("turns", r"\bconcern$|concern;|red\b|amber\b", "turns", r"\bBetter\b"),
    ("turns", r"improvement|Turned green", "turns", r"\bWorse\b"),
    ("turns", r"concern", "moved", r"better"),
    ("turns", r"improvement", "moved", r"worse"),
    ("turns", r"Turned red|Turned amber", "moved", r"better"),
    ("turns", r"Turned green", "moved", r"worse"),
    ("turns", r"No real change", "moved", r"better|worse"),
    ("turns", r"New concern(?!, though)", "rating", r"Green"),
    ("turns", r"New improvement(?!, though)", "rating", r"Red|Amber"),
    ("signal", r"^Concern", "turns", r"improvement|Usual again"),
    ("signal", r"^Usual", "facts", r"than usual variation"),
    ("signal", r"^Concern|^Improvement", "facts", r"within usual variation"),
    ("look", r"rising for", "look", r"falling for|far below"),
    ("look", r"\bup from", "look", r"(?<!still )(below the average|lower than chance)"),
    ("look", r"\bdown from", "look", r"(?<!still )(above the average|higher than chance)"),
    ("look", r"misses the target", "look", r"improvement(?! that falls short)"),
    ("facts", r"level with December|little changed from [^;]* December", "facts", r"the (highest|lowest) of"),
    ("month", r"^→|Level", "month", r"better|worse"),
]


@pytest.mark.parametrize(("one", "says", "other", "denies"), PAIRS)
def test_no_two_statements_contradict_each_other(one, says, other, denies):
    for seed, said in enumerate(said_of_all()):
        both = re.search(says, said[one]) and re.search(denies, said[other])
        assert not both, (seed, said[one], said[other])


def test_every_kind_of_statement_occurs_so_that_none_is_tried_in_vain():
    told = {name: " | ".join(said[name] for said in said_of_all()) for name in said_of_all()[0]}
    for name, words in {
        "rating": [
            "Green",
            "Amber",
            "Red",
            "Met for once",
            "Missed for once",
            "Will keep meeting",
            "Will keep missing",
        ],
        "turns": [
            "New concern",
            "though on target",
            "though off target",
            "Turned red",
            "Turned green",
            "No real change",
        ],
        "signal": ["Concern", "Improvement", "Usual variation"],
        "look": ["misses the target", "more than chance", "falls short"],
    }.items():
        for one in words:
            assert one in told[name], (name, one)


def test_figures_that_print_alike_are_shown_apart_where_one_is_better():
    alike = 0
    for (_, after), said in zip(rows(), said_of_all(), strict=True):
        now, before = after.figures[-1].value, after.figures[-2].value
        if after.measure.text(now) == after.measure.text(before) and re.search("better|worse", said["month"]):
            alike += 1
            shown = after.measure.texts_apart(before, now)
            assert shown[0] != shown[1]
            assert f"from {shown[0]} to {shown[1]}" in said["month"]
    assert alike


@pytest.mark.parametrize("rating", Rating)
@pytest.mark.parametrize("assurance", [None, *Assurance])
def test_exception_is_said_only_where_the_figure_denies_what_is_usual(assurance, rating):
    is_met, is_missed = rating is Rating.GREEN, rating in (Rating.AMBER, Rating.RED)
    expected = (assurance is Assurance.FAIL and is_met) or (assurance is Assurance.PASS and is_missed)
    assert bool(once(assurance, rating)) is expected


def test_only_what_is_usual_in_both_reports_is_noise():
    found = dict.fromkeys(Turn, 0)
    for before, after in rows():
        compared = compare_reports(make_report([before], month=DECEMBER), make_report([after]))
        for line in compared.noise:
            found[line.first] += 1
            assert {before.signal.kind, after.signal.kind} == {SignalKind.USUAL}
            assert before.rating is after.rating
    assert {turn for turn, count in found.items() if count} == {Turn.WORSE, Turn.BETTER}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([], None),
        ([5], None),
        ([5] * 9, None),
        ([1, 2, 3, 4, 5, 6], None),
        ([1, 2, 3, 4, 5, 6, 7], (0, 6, True, False)),
        ([9, 1, 2, 3, 4, 5, 6, 7], (1, 6, True, False)),
        ([7, 6, 5, 4, 3, 2, 1], (0, 6, False, False)),
        # LAC16 in January 2021: two months stayed as they were.
        ([172, 168, 168, 167, 166, 165, 163, 161, 161, 160, 159, 153, 152], (0, 12, False, True)),
        ([8, 7, 6, 5, 4, 3, 2, 2], None),
        ([8, 7, 6, None, 4, 3, 2, 1], None),
        # A level step before the first move is no part of it.
        ([7, 7, 6, 5, 4, 3, 2, 1], (1, 6, False, False)),
    ],
)
def test_run_that_the_latest_figure_ends(values, found):
    assert latest_run(values) == found
