"""The tiles of a report: every line is counted in one of each kind."""

from indicators.calculations.change import Change
from indicators.calculations.vocabulary import Assessment, Frequency, Movement, Rating
from scorecard.display.tiles import change_tiles, change_title, rating_tiles
from tests.scorecard.report.rows import make_report, make_row

REPORT = make_report(
    [
        make_row("A1", rating=Rating.RED, change_month=Change(1, Movement.UP, Assessment.WORSE)),
        make_row("A2", rating=Rating.RED, change_month=Change(1, Movement.UP, Assessment.BETTER)),
        make_row("A3", rating=Rating.NOT_JUDGED, change_month=Change(1, Movement.UP, Assessment.BETTER)),
    ]
)


def test_lines_are_counted_by_assessment():
    assert [(tile.label, tile.value, tile.query) for tile in change_tiles(REPORT)] == [
        ("Better", 2, "assessment=better"),
        ("Worse", 1, "assessment=worse"),
        ("No real change", 0, "assessment=no_change"),
        ("Not judged, or nothing to compare", 0, "assessment=not_judged"),
    ]


def test_lines_are_counted_by_rating_and_colours_stand_there_without_any():
    assert [(tile.label, tile.value, tile.query) for tile in rating_tiles(REPORT)] == [
        ("Red: off target", 2, "rating=red"),
        ("Amber: within tolerance", 0, "rating=amber"),
        ("Green: on target", 0, "rating=green"),
        ("Not judged", 1, "rating=not_judged"),
    ]


def test_title_says_since_when_lines_have_changed():
    monthly, quarterly, termly, _, yearly = Frequency
    cases = {
        (monthly,): "Since last month",
        (): "Since last month",
        (quarterly, monthly): "Since last month or quarter",
        (yearly,): "Since last year",
        (termly, yearly, quarterly): "Since last quarter, term or year",
        tuple(Frequency): "Since last month, quarter, term, half-year or year",
    }
    reports = {case: make_report([make_row(f"A{one}", frequency=one) for one in case]) for case in cases}
    assert {case: change_title(report) for case, report in reports.items()} == cases
