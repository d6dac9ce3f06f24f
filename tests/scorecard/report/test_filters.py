"""Which lines a reader has asked to see, and how many there are of each kind."""

import pytest

from scorecard.report import assemble_report
from scorecard.report.filters import Wanted, count_assessments, count_ratings, owners
from tests.factories import DECEMBER, JANUARY, make_indicator, make_scorecard, make_user, make_values

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


def test_wanted_section_is_named_by_its_anchor(report):
    [section] = report.sections
    assert all(Wanted(section=section.anchor).includes(row, section.anchor) for row in section.rows)


@pytest.mark.parametrize(("asked", "expected"), [({}, False), ({"words": "x"}, True), ({"rating": "red"}, True)])
def test_wanted_is_true_when_something_is_asked_for(asked, expected):
    assert bool(Wanted(**asked)) is expected


def test_owners_are_listed_once_in_order(report):
    assert owners(report) == ["Head of care", "Head of quality"]


def test_lines_are_counted_by_assessment(report):
    assert count_assessments(report) == {"better": 1, "worse": 1, "not_judged": 1}


def test_lines_are_counted_by_rating(report):
    assert count_ratings(report) == {"no_target": 2, "not_judged": 1}
