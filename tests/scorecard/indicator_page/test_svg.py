"""The drawing of an indicator's page, and the round numbers of its axis."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commentary.models import FocusKind
from indicators.models import Target
from scorecard.indicator_page import assemble_page
from scorecard.indicator_page.chart import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    axis_ticks,
    chart_svg,
    extras,
    marked_places,
    marks_of,
    target_bands,
)
from scorecard.report.board import Focus, FocusNote
from tests.factories import JANUARY, make_indicator, make_scorecard, make_value, make_values


def drawn(figures, **fields):
    indicator = make_indicator(**{"polarity": "low", **fields})
    scorecard = make_scorecard(indicator)
    make_values(
        indicator, {date(2020, place + 1, 1): figure for place, figure in enumerate(figures) if figure is not None}
    )
    Target.objects.create(indicator=indicator, year=2020, value=9)
    page = assemble_page(scorecard, JANUARY, indicator.pk, readable=[], with_names=False)
    return page, chart_svg(page, page.points)


def of_class(svg, name):
    return [part for part in ET.fromstring(svg).iter() if name in part.get("class", "").split()]  # noqa: S314


@pytest.mark.django_db
def test_drawing_says_what_it_shows():
    _, svg = drawn([10, 12, 11, 13])

    title, description = list(ET.fromstring(svg))[:2]  # noqa: S314
    assert title.text == "A1: January 2020 to January 2021"
    assert description.text.startswith("From 10 in January 2020 to 13 in April 2020. No point is marked as unusual.")


@pytest.mark.django_db
def test_blank_breaks_the_line_and_has_no_point():
    _, svg = drawn([10, 12, None, 11, 13])

    assert len(of_class(svg, "figures")) == 2
    assert len(of_class(svg, "point")) == 4


@pytest.mark.django_db
def test_target_is_drawn_from_april_only():
    _, svg = drawn([10, 12, 11, 13])

    assert len(of_class(svg, "target")) == 10


@pytest.mark.django_db
def test_unusual_point_has_a_shape_of_its_own():
    _, svg = drawn([10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 10, 60])

    assert [part.tag for part in of_class(svg, "point-concern")] == ["polygon"]


@pytest.mark.django_db
def test_nothing_is_drawn_without_figures():
    assert drawn([])[1] == ""


@pytest.mark.django_db
def test_everything_lies_within_the_drawing():
    _, svg = drawn([10, 0, 5000, 13, 1])

    for line in of_class(svg, "figures") + of_class(svg, "mean") + of_class(svg, "limit"):
        for pair in line.get("points").split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= WIDTH
            assert TOP <= y <= HEIGHT - BOTTOM


@pytest.mark.django_db
def test_drawing_escapes_what_people_wrote():
    indicator = make_indicator("<b>")
    make_value(indicator, JANUARY, 1)
    page = assemble_page(make_scorecard(indicator), JANUARY, indicator.pk, readable=[], with_names=False)

    assert "<b>" not in chart_svg(page, page.points)


@pytest.mark.parametrize(
    ("numbers", "ticks"),
    [
        ([980, 1805], [800, 1000, 1200, 1400, 1600, 1800, 2000]),
        ([-4, 3], [0, 1, 2, 3]),
        ([5], [4, 4.5, 5, 5.5, 6]),
        ([0], [0, 0.2, 0.4, 0.6, 0.8, 1]),
    ],
    ids=["thousands", "never below 0", "one figure", "only 0"],
)
def test_axis_has_round_numbers(numbers, ticks):
    assert axis_ticks(numbers) == ticks


@given(st.lists(st.floats(0, 1e9).map(lambda number: round(number, 3)), min_size=1))
def test_axis_holds_every_figure(numbers):
    assume(max(numbers) - min(numbers) > 0.01 or max(numbers) == min(numbers))
    ticks = axis_ticks(numbers)

    assert ticks[0] <= min(numbers)
    assert ticks[-1] >= max(numbers)
    assert 2 <= len(ticks) <= 9


@pytest.mark.django_db
def test_change_of_counting_cuts_the_line():
    page, _ = drawn([10, 12, 11, 13])
    points = [replace(point, rebase="New system." if point.month == date(2020, 3, 1) else "") for point in page.points]
    svg = chart_svg(page, points)
    assert [len(part.get("points").split()) for part in of_class(svg, "figures")] == [2, 2]
    assert len(of_class(svg, "point")) == 4


@pytest.mark.django_db
def test_target_between_two_figures_is_a_band():
    page, _ = drawn([10, 12, 11, 13])
    ranged = [replace(point, target=9, target_upper=12) for point in page.points]
    ranged[:3] = page.points[:3]
    ranged[8:] = [replace(point, target=8) for point in ranged[8:]]

    assert target_bands(page.points) == []
    assert target_bands(ranged) == [(3, 7, 9, 12), (8, 12, 8, 12)]
    assert extras(page, ranged)["bands"] == [(3, 7, 9.0, 12.0), (8, 12, 8.0, 12.0)]
    first, second = of_class(chart_svg(page, ranged), "band")
    assert float(first.get("width")) == pytest.approx(5 / 13 * (WIDTH - LEFT - RIGHT), rel=0.05)
    assert float(second.get("height")) > float(first.get("height")) > 0


def focus(opened_on, *updates, kind=FocusKind.AREA, closed_on=None):
    notes = tuple(FocusNote(day, text) for day, text in updates)
    return Focus("Fewer carers", "", "", notes, ("A1",), kind, opened_on=opened_on, closed_on=closed_on)


@pytest.mark.django_db
def test_what_was_done_and_asked_is_marked_where_it_was():
    page, _ = drawn([10, 12, 11, 13])
    focuses = [
        focus(date(2019, 12, 31), (date(2020, 3, 31), "Two  homes\nopened."), closed_on=date(2020, 3, 31)),
        focus(date(2021, 2, 16), kind=FocusKind.QUESTION),
        focus(None),
    ]
    marks = marks_of(page, page.points, focuses)

    assert [tuple(mark) for mark in marks] == [
        (1, 2, date(2020, 3, 31), "Closed: Fewer carers"),
        (2, 2, date(2020, 3, 31), "Update to “Fewer carers”: Two homes opened."),
        (3, 12.5, date(2021, 2, 16), "Question: Fewer carers"),
    ]
    assert extras(page, page.points, marks)["marks"] == marked_places(marks) == [(2, "1–2"), (12.5, "3")]
    svg = chart_svg(page, page.points, marks)
    march, latest = (part for part in of_class(svg, "mark") if part.tag.endswith("line"))
    points = {part.get("cx") for part in of_class(svg, "point")}
    assert march.get("x1") in points
    assert float(latest.get("x1")) == WIDTH - RIGHT
    assert "Mark 3, 16 February 2021: Question: Fewer carers" in svg


@pytest.mark.django_db
def test_mark_of_a_longer_period_stands_at_its_figure():
    page, _ = drawn([None, None, 11, None, None, 13], frequency="quarterly")
    [first, second] = marks_of(page, page.points[:2], [focus(date(2020, 1, 1)), focus(date(2020, 6, 30))])
    assert (first.place, second.place) == (0, 1)
