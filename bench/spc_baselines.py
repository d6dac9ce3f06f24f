"""What the charts are measured against: the same rules with pandas and with NumPy, in floating-point numbers.

Special causes are numbers here: 4 beyond a limit, 3 trend, 2 two in three, 1 run, negative on the low side.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

Series = Sequence[Sequence[int | Fraction | None]]


def floats(series: Series) -> np.ndarray:
    """One row a series; a blank is not a number."""
    return np.array(series, dtype=float)


def numpy_charts(values: np.ndarray, target: float) -> dict[str, Any]:
    """All series at once, as operations on the whole table. Higher is better."""
    mean = np.nanmean(values, axis=1, keepdims=True)
    step = np.diff(values, axis=1)
    reach = numpy_reach(step)
    lower, upper = mean - reach, mean + reach
    near_lower, near_upper = mean - 2 / 3 * reach, mean + 2 / 3 * reach
    causes = numpy_causes(values, step, mean, (lower, near_lower, near_upper, upper))
    assurance = np.where(target > upper[:, 0], -1, np.where(target < lower[:, 0], 1, 0))
    return {
        "mean": mean,
        "limits": (lower, upper, near_lower, near_upper),
        "causes": causes,
        "types": np.sign(causes),
        "variation": np.sign(causes[:, -1]),
        "assurance": assurance,
    }


def numpy_reach(step: np.ndarray) -> np.ndarray:
    """How far the limits of an XmR chart lie from the mean, by the steps from each point to the next."""
    moved = np.abs(step)
    average = np.nanmean(moved, axis=1, keepdims=True)
    moved = np.where(moved < 3.267 * average, moved, np.nan)
    return 2.66 * np.nanmean(moved, axis=1, keepdims=True)


def numpy_causes(values: np.ndarray, step: np.ndarray, mean: np.ndarray, lines: Any) -> np.ndarray:
    """The special cause of each point, against its lower, near lower, near upper and upper limit."""
    lower, near_lower, near_upper, upper = lines
    above, below = values > upper, values < lower
    high, low = values > mean, values < mean
    causes = np.zeros(values.shape, dtype=np.int8)
    causes[_stretches(high, 7)] = 1
    causes[_stretches(low, 7)] = -1
    causes[_two_in_three(~above & (values > near_upper), high)] = 2
    causes[_two_in_three(~below & (values < near_lower), low)] = -2
    trends = _stretches(step > 0, 6) | _stretches(step < 0, 6)
    trend = np.pad(trends, ((0, 0), (0, 1))) | np.pad(trends, ((0, 0), (1, 0)))
    goes_on = np.pad(trend[:, 1:], ((0, 0), (0, 1)))
    deciding = np.where(goes_on, np.pad(step, ((0, 0), (0, 1))), np.pad(step, ((0, 0), (1, 0))))
    causes[trend] = np.where(deciding[trend] > 0, 3, -3)
    causes[above], causes[below] = 4, -4
    return causes


def _stretches(flags: np.ndarray, length: int) -> np.ndarray:
    """Which places lie in a stretch of so many flags."""
    full = sliding_window_view(flags, length, axis=1).all(axis=-1)
    return _spread(full, length, flags.shape)


def _two_in_three(near: np.ndarray, side: np.ndarray) -> np.ndarray:
    two = sliding_window_view(near, 3, axis=1).sum(axis=-1) >= 2
    full = two & sliding_window_view(side, 3, axis=1).all(axis=-1)
    return _spread(full, 3, near.shape) & near


def _spread(full: np.ndarray, length: int, shape: Any) -> np.ndarray:
    found = np.zeros(shape, dtype=bool)
    for offset in range(length):
        found[:, offset : offset + full.shape[1]] |= full
    return found


def pandas_charts(series: Series, target: float) -> pd.DataFrame:
    """One row a figure, grouped by series, as the reference package has it. Higher is better."""
    values = floats(series)
    table = pd.DataFrame({"series": np.repeat(np.arange(len(values)), values.shape[1]), "value": values.ravel()})
    table["mean"] = table.groupby("series")["value"].transform("mean")
    table["step"] = table.groupby("series")["value"].diff()
    table["moved"] = table["step"].abs()
    average = table.groupby("series")["moved"].transform("mean")
    table["moved"] = table["moved"].where(table["moved"] < 3.267 * average)
    average = table.groupby("series")["moved"].transform("mean")
    for name, distance in (("limit", 2.66), ("near", 2.66 * 2 / 3)):
        table[f"lower_{name}"] = table["mean"] - distance * average
        table[f"upper_{name}"] = table["mean"] + distance * average
    table["side"] = np.sign(table["value"] - table["mean"])
    table["cause"] = _pandas_causes(table)
    table["type"] = np.sign(table["cause"])
    latest = table.groupby("series").tail(1).set_index("series")
    judged = np.select([target > latest["upper_limit"], target < latest["lower_limit"]], [-1, 1], 0)
    return table.join(latest["type"].rename("variation"), on="series").join(
        pd.Series(judged, latest.index, name="assurance"), on="series"
    )


def _pandas_causes(table: pd.DataFrame) -> np.ndarray:
    value, side = table["value"], table["side"]
    beyond = (value > table["upper_limit"]) | (value < table["lower_limit"])
    near = ~beyond & ((value > table["upper_near"]) | (value < table["lower_near"]))
    run = _in_window(table, _window_sum(table, side, 7).abs() == 7, 7)
    trend = _in_window(table, _window_sum(table, np.sign(table["step"]), 6).abs() == 6, 7)
    three = (_window_sum(table, side, 3).abs() == 3) & (_window_sum(table, near.astype(float), 3) >= 2)
    goes_on = trend.groupby(table["series"]).shift(-1, fill_value=False)
    forward = table.groupby("series")["step"].shift(-1)
    rises = np.where(np.where(goes_on, forward, table["step"]) > 0, 1, -1)
    rules = [beyond, trend, near & _in_window(table, three, 3), run]
    return np.select(rules, [4 * side, 3 * rises, 2 * side, side], 0)


def _window_sum(table: pd.DataFrame, column: pd.Series, length: int) -> pd.Series:
    """The sum over each point and those before it; not a number at the beginning of a series."""
    return column.groupby(table["series"]).rolling(length).sum().droplevel(0)


def _in_window(table: pd.DataFrame, complete: pd.Series, length: int) -> pd.Series:
    """Whether a point lies in a window that is complete at it or at one of the next points."""
    grouped = complete.groupby(table["series"])
    found = complete.copy()
    for offset in range(1, length):
        found |= grouped.shift(-offset, fill_value=False)
    return found
