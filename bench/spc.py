"""Signals: the XmR charts of a huge scorecard, exact, beside the same rules in floating-point numbers."""

import random
import warnings
from fractions import Fraction

from indicators.calculations.spc import Improvement, SpcResult, analyse

from .spc_baselines import Series, floats, numpy_charts, pandas_charts
from .timing import medians

SERIES, MONTHS, TARGET = 6400, 36, 50
NUMBERS = {
    "none": 0,
    "above_limit": 4,
    "rising": 3,
    "near_upper": 2,
    "run_above": 1,
    "below_limit": -4,
    "falling": -3,
    "near_lower": -2,
    "run_below": -1,
}


def run() -> None:
    warnings.filterwarnings("ignore", message="Mean of empty slice")
    series = make_series()
    values = floats(series)
    times = medians(
        {
            "signals": lambda: charts(series),
            "every point built": lambda: [chart.points for chart in charts(series)],
            "pandas, grouped": lambda: pandas_charts(series, TARGET),
            "NumPy": lambda: numpy_charts(floats(series), TARGET),
            "NumPy, given floats": lambda: numpy_charts(values, TARGET),
        },
        rounds=7,
    )
    print(f"XmR charts of {SERIES} series of {MONTHS} months, medians in milliseconds. The first two are exact.")
    print(f"{'':37}time  signals / this  every point / this")
    for name, seconds in times.items():
        latest, points = times["signals"] / seconds, times["every point built"] / seconds
        print(f"{'':15}{name:<20}{seconds * 1000:>6.0f}{latest:>16.2f}{points:>20.2f}")
    print(f"{'':15}points that the three judge differently: {differing(series)} of {SERIES * MONTHS}")


def charts(series: Series) -> list[SpcResult]:
    """What the latest point of each series says: points and limits are worked out for those who ask for them."""
    return [analyse(values, improvement=Improvement.INCREASE, target=TARGET) for values in series]


def make_series() -> Series:
    """Half counts, half percentages of varying numbers, and some blanks, as in a scorecard."""
    chance = random.Random(1)  # noqa: S311 - figures to measure with, not secrets
    return [[_figure(place, chance) for _ in range(MONTHS)] for place in range(SERIES)]


def _figure(place: int, chance: random.Random) -> int | Fraction | None:
    if chance.random() < 0.02:
        return None
    if place % 2:
        return chance.randrange(1, 2000)
    denominator = chance.randrange(50, 400)
    return Fraction(100 * chance.randrange(denominator), denominator)


def differing(series: Series) -> int:
    exact = [NUMBERS[point.special_cause] for chart in charts(series) for point in chart.points]
    numpy_causes = numpy_charts(floats(series), TARGET)["causes"].ravel()
    pandas_causes = pandas_charts(series, TARGET)["cause"]
    both = zip(exact, numpy_causes, pandas_causes, strict=True)
    return sum(not one == other == third for one, other, third in both)
