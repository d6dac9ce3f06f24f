"""Which lines a reader has asked to see, and how many there are of each kind."""

import pytest

from indicators.calculations.spc import Variation
from indicators.calculations.vocabulary import Rating
from scorecard.report import assemble_report
from scorecard.report.filters import Wanted, ordered_lines, owners
from scorecard.report.what_to_look_at import reasons_of, what_to_look_at
from tests.factories import DECEMBER, JANUARY, make_indicator, make_scorecard, make_user, make_values
from tests.scorecard.report.rows import make_report, make_row, make_signal, make_target

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    """One line that got worse, one that got better, one that nobody judges."""
    quality, care = make_user("q", name="Head of quality"), make_user("c", name="Head of care")
    plans = make_indicator("CP1", title="Children with a plan", polarity="low", owner=quality)
    visits = make_indicator("LAC7", title="Children visited", polarity="high", owner=care, reporter=quality)
    contacts = make_indicator("M1", title="Contacts")
    for indicator in (plans, visits, contacts):
        make_values(indicator, {DECEMBER: 50, JANUARY: 60})
    return assemble_report(make_scorecard(plans, visits, contacts), JANUARY)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({}, ["CP1", "LAC7", "M1"], id="everything"),
        pytest.param({"words": "cp1"}, ["CP1"], id="reference in small letters"),
        pytest.param({"words": "CHILDREN"}, ["CP1", "LAC7"], id="title in capitals"),
        pytest.param({"words": "plan children"}, ["CP1"], id="all words in any order"),
        pytest.param({"words": "quality"}, ["CP1", "LAC7"], id="owner or reporter"),
        pytest.param({"words": "  "}, ["CP1", "LAC7", "M1"], id="only spaces"),
        pytest.param({"words": "nothing like it"}, [], id="none"),
        pytest.param({"owner": "Head of care"}, ["LAC7"], id="owner"),
        pytest.param({"assessment": "worse"}, ["CP1"], id="worse"),
        pytest.param({"assessment": "better", "rating": "no_target"}, ["LAC7"], id="better without a target"),
        pytest.param({"rating": "not_judged"}, ["M1"], id="never rated"),
        pytest.param({"section": "another-1"}, [], id="another section"),
    ],
)
def test_wanted_lines(asked, expected, report):
    [section] = report.sections
    wanted = Wanted(**asked)
    assert [row.measure.reference for row in section.rows if wanted.includes(row, section.anchor)] == expected


@pytest.mark.parametrize("typed", ["o'brien", "Sian", "SIÂN O’BRIEN", "obrien’s", "café", "lukasz", "-smith"])
def test_names_and_titles_are_found_as_they_are_typed(typed):
    sian, lukasz = make_user("s", name="Siân O’Brien"), make_user("l", name="Łukasz Nowak–Smith")
    line = make_indicator("A1", title="Cafe run by OBrien's", owner=sian, reporter=lukasz)
    make_values(line, {JANUARY: 5})
    report = assemble_report(make_scorecard(line), JANUARY)
    assert [Wanted(words=typed).includes(row, report.sections[0].anchor) for row in report.rows] == [True]
    assert not Wanted(words="obrian").includes(next(iter(report.rows)), report.sections[0].anchor)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({"signal": "concern"}, ["C"], id="concern"),
        pytest.param({"signal": "improvement"}, ["I"], id="improvement"),
        pytest.param({"signal": "unusual"}, ["N"], id="unusual, not judged"),
        pytest.param({"signal": "usual"}, ["U", "R"], id="usual variation"),
        pytest.param({"signal": "none"}, ["X"], id="could not be examined by a chart"),
        pytest.param({"look": "any"}, ["C", "I", "N", "R"], id="anything to look at"),
        pytest.param({"look": "off_target"}, ["C", "R"], id="also where another reason comes first"),
        pytest.param({"look": "nothing"}, ["U"], id="nothing unusual"),
        pytest.param({"look": "not_examined"}, ["X"], id="could not be examined"),
        pytest.param({"look": "any", "signal": "usual"}, ["R"], id="both"),
    ],
)
def test_lines_by_signal_and_reason(asked, expected):
    wanted, signals = Wanted(**asked), lines_with_signals()
    rows = next(iter(signals.sections)).rows
    found = [row.measure.reference for row in rows if wanted.includes(row, "section-0", reasons_of(row, signals))]
    assert found == expected


def lines_with_signals():
    """A line of each kind of signal: concern and red, improvement, not judged, usual, usual and red, none."""
    target = make_target(40)
    return make_report(
        [
            make_row("C", signal=make_signal(Variation.CONCERN_HIGH), rating=Rating.RED, target=target),
            make_row("I", signal=make_signal(Variation.IMPROVEMENT_LOW)),
            make_row("N", signal=make_signal(Variation.NEUTRAL_LOW)),
            make_row("U"),
            make_row("R", rating=Rating.RED, target=target),
            make_row("X", signal=make_signal(None)),
        ]
    )


def test_lines_to_look_at_come_first_and_keep_their_sections():
    report = make_report(
        [make_row("U"), make_row("I", signal=make_signal(Variation.IMPROVEMENT_LOW))],
        [make_row("C", signal=make_signal(Variation.CONCERN_HIGH)), make_row("V")],
    )
    assert [(section, row.measure.reference) for section, row in ordered_lines(report, what_to_look_at(report))] == [
        ("section-1", "C"),
        ("section-0", "I"),
        ("section-0", "U"),
        ("section-1", "V"),
    ]


def test_wanted_section_is_named_by_its_anchor(report):
    [section] = report.sections
    assert all(Wanted(section=section.anchor).includes(row, section.anchor) for row in section.rows)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, False),
        ({"words": "x"}, True),
        ({"rating": "red"}, True),
        ({"look": "any"}, True),
        ({"signal": "none"}, True),
    ],
)
def test_wanted_is_true_when_something_is_asked_for(asked, expected):
    assert bool(Wanted(**asked)) is expected


def test_owners_are_listed_once_in_order(report):
    assert owners(report) == ["Head of care", "Head of quality"]
