"""An indicator's figures as CSV."""

from __future__ import annotations

from collections.abc import Sequence

from indicators.calculations.exact import Exact, rounded
from indicators.calculations.formatting import neutralise
from indicators.calculations.months import month_text
from scorecard.files.csv_and_json import csv_text

from .facts import IndicatorPage, Point

DECIMALS = 12
HEADER = (
    "month",
    "figure",
    "value",
    "numerator",
    "denominator",
    "stage",
    "note",
    "mean",
    "lower_limit",
    "upper_limit",
    "signal",
    "reason",
    "target",
    "commentary",
)


def to_csv(page: IndicatorPage, points: Sequence[Point]) -> str:
    """One line a point, oldest first. Text that a spreadsheet could run is neutralised."""
    return csv_text([HEADER, *(_record(page, point) for point in points)])


def _record(page: IndicatorPage, point: Point) -> list[str]:
    figure = point.figure
    is_judged = figure.value is not None and point.lines.mean is not None
    return [
        month_text(point.month),
        point.text,
        number(figure.value),
        number(figure.numerator),
        number(figure.denominator),
        "" if figure.blank else figure.stage.label.lower(),
        neutralise(figure.note),
        *(number(line) for line in point.lines),
        point.kind.label if is_judged else "",
        point.cause.label if is_judged and point.is_unusual else "",
        number(point.target),
        neutralise(point.commentary),
    ]


def number(value: Exact | None) -> str:
    """The number as a decimal: exact where it ends within twelve decimals, which whole numbers and tenths do.

    Never as 5/14, which a spreadsheet takes for a date; numerator and denominator have their own columns.
    """
    if value is None:
        return ""
    text = f"{rounded(value, DECIMALS):f}"
    return text.rstrip("0").rstrip(".")
