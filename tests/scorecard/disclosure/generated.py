"""Small scorecards as plain data, edition after edition, for tests of disclosure control that need no database."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from indicators.calculations.averages import summarise
from indicators.calculations.change import change
from indicators.calculations.disclosure import Derivation, Nature, Relations
from indicators.calculations.figures import Figure
from indicators.calculations.formatting import format_figure
from indicators.calculations.months import add_months, months_ending
from indicators.calculations.spc import Chart, ChartChoice, PointType, SpecialCause
from indicators.calculations.vocabulary import Kind, Polarity, Unit
from scorecard.disclosure import Document
from scorecard.indicator_page import IndicatorPage, Point
from scorecard.indicator_page.facts import Lines, Links, SoundChart
from tests.scorecard.report.rows import make_report, make_row

PARTS, BASE, TOTAL, SHARE, RATE = (1, 2, 3), 4, 9, 10, 11
PEOPLE = 8000
UNITS = {**dict.fromkeys((*PARTS, BASE, TOTAL), Unit.COUNT), SHARE: Unit.PERCENTAGE, RATE: Unit.RATE_10000}
PLACES = {SHARE: 1, RATE: 1}
RELATIONS = Relations(
    {key: Nature(unit, Kind.DERIVED if key in (TOTAL, SHARE, RATE) else Kind.FIGURE) for key, unit in UNITS.items()},
    {TOTAL: Derivation(PARTS), SHARE: Derivation((1,), (BASE,)), RATE: Derivation((2,), has_population=True)},
)
# As the attacker knows them.
DEFINITIONS = [("9", "sum", ["1", "2", "3"]), ("10", "ratio", 100, ["1"], ["4"]), ("11", "ratio", 10_000, ["2"], [])]

Counts = Mapping[tuple[int, date], int]


def figures_from(counts: Counts) -> dict[tuple[int, date], Figure]:
    """The counts entered, and what is worked out from them."""
    found = {place: Figure(value) for place, value in counts.items()}
    for month in {month for _, month in counts}:
        one, two, three, base = (counts[key, month] for key in (*PARTS, BASE))
        found[TOTAL, month] = Figure(one + two + three)
        found[SHARE, month] = Figure(Fraction(100 * one, base), numerator=one, denominator=base)
        found[RATE, month] = Figure(Fraction(10_000 * two, PEOPLE), numerator=two, denominator=PEOPLE)
    return found


def document_of(counts: Counts, month: date, texts: Mapping[int, str] | None = None) -> Document:
    """The report of a month, with the page of each line."""
    figures = figures_from(counts)
    rows = {key: _row(key, month, figures, (texts or {}).get(key, "")) for key in UNITS}
    return Document(make_report(rows.values(), month=month), {key: _page(row, month) for key, row in rows.items()})


def _row(key, month, figures, commentary):
    months = months_ending(month, 13)
    series = tuple(figures[key, one] for one in months)
    now, before, year_before = series[-1].value, series[-2].value, series[0].value
    return make_row(
        str(key),
        month=month,
        indicator=key,
        title=f"Kind {chr(ord('A') + key - 1)}",
        unit=UNITS[key],
        decimal_places=PLACES.get(key, 0),
        figures=series,
        change_month=change(now, before, Polarity.LOW),
        change_year=change(now, year_before, Polarity.LOW),
        summary=summarise([figure.value for figure in series[-12:]]),
        year_before_value=year_before,
        commentary=commentary,
    )


def _page(row, month):
    plain = {"lines": Lines(), "cause": SpecialCause.NONE, "kind": PointType.COMMON_CAUSE, "target": None, "rebase": ""}
    points = tuple(
        Point(
            month=when,
            figure=figure,
            text=format_figure(figure, row.measure.unit, row.measure.decimal_places),
            commentary=row.commentary if when == month else "",
            **plain,
        )
        for when, figure in zip(row.months, row.figures, strict=True)
    )
    return IndicatorPage(
        key=row.indicator,
        month=month,
        measure=row.measure,
        kind="",
        row=row,
        points=points,
        signal=SoundChart(ChartChoice(Chart.NONE, ""), None),
        targets=(),
        links=Links((), (), "", ()),
        ranks=(),
        national=(),
        revisions=(),
        council="Hill Council",
    )


def plenty(months: int, until: date) -> dict[tuple[int, date], int]:
    """Counts of which none is small."""
    usual = {1: 20, 2: 30, 3: 40, BASE: 80}
    return {(key, add_months(until, -back)): value for key, value in usual.items() for back in range(months)}
