"""What the report is measured against: the bare rows, and pandas and NumPy doing the same arithmetic on them."""

from typing import Any

import numpy as np
import pandas as pd
from django.db import connection

from indicators.calculations.months import months_ending
from scorecard.models import Scorecard

from .scorecards import MONTH
from .spc_baselines import numpy_causes, numpy_reach

MONTHS_IN_SIGNAL = 25

_BEHIND = """
    SELECT line.indicator_id FROM scorecard_line line
    JOIN scorecard_section section ON section.id = line.section_id WHERE section.scorecard_id = %s
"""
VALUES = f"""
    SELECT indicator_id, month, figure, numerator, denominator, blank, stage, note FROM indicators_monthlyvalue
    WHERE month BETWEEN %s AND %s AND indicator_id IN ({_BEHIND})
"""
LINES = f"""
    SELECT i.id, i.unit, i.kind, i.polarity, i.reference, i.title, i.definition, i.outcome, i.note, o.name, r.name
    FROM indicators_indicator i
    JOIN indicators_user o ON o.id = i.owner_id JOIN indicators_user r ON r.id = i.reporter_id
    WHERE i.id IN ({_BEHIND})
"""
TERMS = f"SELECT indicator_id, source_id, role FROM indicators_derivationterm WHERE indicator_id IN ({_BEHIND})"
TARGETS = f"SELECT indicator_id, year, value, tolerance, note FROM indicators_target WHERE indicator_id IN ({_BEHIND})"
COMPARATORS = f"""
    SELECT indicator_id, "group", year, value, source, basis, on_basis, note FROM indicators_comparator
    WHERE indicator_id IN ({_BEHIND})
"""
REBASES = f"SELECT indicator_id, month FROM indicators_rebase WHERE month <= %s AND indicator_id IN ({_BEHIND})"
COMMENTARY = f"SELECT indicator_id, text FROM commentary_commentary WHERE month = %s AND indicator_id IN ({_BEHIND})"


def read_floor(scorecard: Scorecard) -> list[Any]:
    """The monthly values of the report, in one SQL statement; nothing is computed or formatted."""
    months = months_ending(MONTH, 13)
    return _rows(VALUES, [months[0], months[-1], scorecard.pk])


def pandas_report(scorecard: Scorecard) -> pd.DataFrame:
    """The report's rows and figures with pandas: rates, changes, average, maximum, rating, comparisons, signals.

    In floating-point numbers, where the report keeps exact ones.
    """
    tables = _tables(scorecard)
    words = ["reference", "title", "definition", "outcome", "note", "owner", "reporter"]
    lines = _frame(LINES, [scorecard.pk], ["indicator", "unit", "kind", "polarity", *words]).set_index("indicator")
    commentary = _frame(COMMENTARY, [MONTH, scorecard.pk], ["indicator", "commentary"]).set_index("indicator")
    wide, tops, bottoms = (table.reindex(lines.index) for table in tables)
    now, before, year_before = wide.iloc[:, -1], wide.iloc[:, -2], wide.iloc[:, -13]
    report = lines.assign(
        change_month=_change(now, before),
        change_year=_change(now, year_before),
        average=wide.iloc[:, -12:].mean(axis=1),
        maximum=wide.iloc[:, -12:].max(axis=1),
        months=wide.iloc[:, -12:].count(axis=1),
        commentary=commentary["commentary"],
    )
    sign = lines["polarity"].map({"high": 1, "low": -1, "neutral": 0})
    for change in ("change_month", "change_year"):
        level = report[change].abs() < 0.005
        report[f"{change}_assessment"] = np.where(level, 0, np.sign(report[change]) * sign)
    report = _compare(_rate(report, scorecard, now, sign), scorecard, now, sign)
    earlier = _before_rebase(scorecard, wide)
    parts = [np.where(earlier, np.nan, table.to_numpy(dtype=float)) for table in (wide, tops, bottoms)]
    target = report["target"].to_numpy(dtype=float)
    return report.assign(**signals(*parts, (lines["unit"] == "percentage").to_numpy(), sign.to_numpy(), target))


def _tables(scorecard: Scorecard) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Figures, numerators and denominators: a row for each indicator, a column for each month of a signal."""
    months = months_ending(MONTH, MONTHS_IN_SIGNAL)
    columns = ["indicator", "month", "figure", "numerator", "denominator", "blank", "stage", "note"]
    stored = pd.DataFrame.from_records(_rows(VALUES, [months[0], months[-1], scorecard.pk]), columns=columns)
    numbers = ["figure", "numerator", "denominator"]
    stored[numbers] = stored[numbers].astype(float)
    wide = stored.set_index(["indicator", "month"])[numbers].unstack()
    tops, bottoms = wide["numerator"], wide["denominator"]
    figures = wide["figure"].fillna(100 * tops / bottoms)
    terms = _frame(TERMS, [scorecard.pk], ["indicator", "source", "role"])
    of_role = {role: part.set_index("indicator")["source"] for role, part in terms.groupby("role")}
    derived = of_role["numerator"].index
    top, bottom = figures.loc[of_role["numerator"]], figures.loc[of_role["denominator"].reindex(derived)]
    top.index = bottom.index = derived
    return tuple(pd.concat(pair) for pair in ((figures, 100 * top / bottom), (tops, top), (bottoms, bottom)))


def _change(later: pd.Series, earlier: pd.Series) -> pd.Series:
    return (later / earlier - 1).replace([np.inf, -np.inf], np.nan)


def _rate(report: pd.DataFrame, scorecard: Scorecard, now: pd.Series, sign: pd.Series) -> pd.DataFrame:
    targets = _frame(TARGETS, [scorecard.pk], ["indicator", "year", "value", "tolerance", "note"])
    by_year = targets.pivot_table(index="indicator", columns="year", values="value", aggfunc="first")
    current = targets[targets["year"] == 2020].set_index("indicator")[["value", "tolerance"]].astype(float)
    current = current.reindex(report.index)
    miss = (current["value"] - now) * sign
    colours = np.select([sign == 0, miss <= 0, miss <= current["tolerance"]], ["not judged", "green", "amber"], "red")
    return report.assign(rating=colours, target=current["value"]).join(by_year)


def _compare(report: pd.DataFrame, scorecard: Scorecard, now: pd.Series, sign: pd.Series) -> pd.DataFrame:
    words = ["source", "basis", "on_basis", "note"]
    comparators = _frame(COMPARATORS, [scorecard.pk], ["indicator", "group", "year", "value", *words])
    others = comparators.pivot(index="indicator", columns="group", values=["value", *words]).reindex(report.index)
    for group in others["value"]:
        report[f"against_{group}"] = np.sign(now - others["value"][group].astype(float)) * sign
    return report.join(others.set_axis(["_".join(name) for name in others.columns], axis=1))


def _before_rebase(scorecard: Scorecard, wide: pd.DataFrame) -> np.ndarray:
    """Which figures lie before their line's latest rebase."""
    rebases = _frame(REBASES, [MONTH, scorecard.pk], ["indicator", "month"]).groupby("indicator")["month"].max()
    latest = pd.to_datetime(rebases.reindex(wide.index)).to_numpy(dtype="datetime64[M]")
    return pd.to_datetime(wide.columns).to_numpy(dtype="datetime64[M]") < latest[:, None]


def signals(
    values: np.ndarray,
    tops: np.ndarray,
    bottoms: np.ndarray,
    is_share: np.ndarray,
    sign: np.ndarray,
    target: np.ndarray,
) -> dict[str, np.ndarray]:
    """The chart that is sound for each row, and what it says of the row's latest figure.

    Causes are numbers as in `spc_baselines`. Where a p-chart is sound each month has limits of its own.
    """
    step = np.diff(values, axis=1)
    figures = np.count_nonzero(~np.isnan(values), axis=1)
    chart = _sound_charts(values, tops, bottoms, np.abs(step), is_share, figures)
    is_p, is_c, is_g = ((chart == name)[:, None] for name in "pcg")
    mean = np.where(is_p, 100 * _row(np.nansum, tops) / _row(np.nansum, bottoms), _row(np.nanmean, values))
    deviation = np.sqrt(np.where(is_p, mean * (100 - mean) / bottoms, mean))
    reach = np.where(is_p | is_c, 3 * deviation, numpy_reach(step))
    lowest, highest = np.where(is_p | is_c, 0, -np.inf), np.where(is_p, 100, np.inf)
    lines = [np.clip(mean + part * reach, lowest, highest) for part in (-1, -2 / 3, 2 / 3, 1)]
    cause = numpy_causes(values, np.where(is_p, np.nan, step), mean, lines)[:, -1]
    for place in np.flatnonzero(is_g):
        cause[place] = 4 * _is_long_gap(values[place])
    has_limits = np.where(is_g[:, 0], np.count_nonzero(values > 0, axis=1) > 1, ~np.isnan(reach[:, -1]))
    # What rests on too little: few figures without a signal, limits without width, few gaps between cases.
    before = values[:, :-1]
    is_within = (values[:, -1] >= np.nanmin(before, axis=1)) & (values[:, -1] <= np.nanmax(before, axis=1))
    is_flat = (chart == "xmr") & (reach[:, -1] == 0) & is_within
    is_few = ((figures < 6) & (cause == 0)) | (is_g[:, 0] & (np.count_nonzero(values > 0, axis=1) < 4))
    chart = np.where(is_flat | is_few, "none", chart)
    is_none = (chart == "none") | np.isnan(values[:, -1]) | (~has_limits & (cause == 0))
    improves = np.where(is_g[:, 0], -sign, sign)
    beside = np.where(target > lines[3][:, -1], -1, np.where(target < lines[0][:, -1], 1, 0)) * sign
    is_judged = has_limits & ~is_none & ~np.isnan(target) & (sign != 0) & ~is_g[:, 0]
    return {
        "chart": np.where(np.isnan(values[:, -1]), "none", chart),
        "cause": np.where(is_none, 0, cause),
        "variation": np.where(is_none, np.nan, np.where(improves == 0, 2, improves) * np.sign(cause)),
        "assurance": np.where(is_judged, beside, np.nan),
        "trial": ~is_none & (figures < 13),
    }


def _sound_charts(
    values: np.ndarray,
    tops: np.ndarray,
    bottoms: np.ndarray,
    moved: np.ndarray,
    is_share: np.ndarray,
    figures: np.ndarray,
) -> np.ndarray:
    """The chart that is sound for each row, by the thresholds of docs/methods.md."""
    least, most = np.nanmin(values, axis=1), np.nanmax(values, axis=1)
    at_an_end = (values == 0) | (is_share[:, None] & (values == 100))
    is_rare = np.count_nonzero(at_an_end, axis=1) > figures / 4
    average = _row(np.nanmean, bottoms)
    is_uneven = np.any(np.abs(bottoms - average) > average / 4, axis=1) & (average[:, 0] < 1000)
    are_parts = ~np.any(tops > bottoms, axis=1) & (np.count_nonzero(bottoms > 0, axis=1) >= figures)
    is_small = _row(np.nanmean, values)[:, 0] < 5
    is_chunky = ~is_share & is_small & (np.nanmean(moved, axis=1) < 3 / 3.267) & ~np.any(values % 1 > 0, axis=1)
    rules = [(figures < 2) | (least == most), is_rare & is_share, is_rare & (most <= 1), is_rare]
    rules += [is_share & are_parts & is_uneven, is_chunky]
    return np.select(rules, ["none", "none", "g", "none", "p", "c"], "xmr")


def _row(total: Any, table: np.ndarray) -> np.ndarray:
    return total(table, axis=1, keepdims=True)


def _is_long_gap(counts: np.ndarray) -> bool:
    """Whether more months have passed since the latest case than chance explains (g-chart)."""
    cases = np.flatnonzero(counts > 0)
    if len(cases) < 2 or cases[-1] == len(counts) - 1:
        return False
    mean = np.mean(np.diff(cases) - 1)
    return bool(len(counts) - 1 - cases[-1] > mean + 3 * np.sqrt(mean * (mean + 1)))


def _frame(sql: str, parameters: list[Any], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame.from_records(_rows(sql, parameters), columns=columns)


def _rows(sql: str, parameters: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
