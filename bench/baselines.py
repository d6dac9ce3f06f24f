"""What the report is measured against: the bare rows, and pandas doing the same arithmetic on them."""

from typing import Any

import numpy as np
import pandas as pd
from django.db import connection

from indicators.calculations.months import months_ending
from scorecard.models import Scorecard

from .scorecards import MONTH

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
COMMENTARY = f"SELECT indicator_id, text FROM commentary_commentary WHERE month = %s AND indicator_id IN ({_BEHIND})"


def read_floor(scorecard: Scorecard) -> list[Any]:
    """The monthly values of the report, in one SQL statement; nothing is computed or formatted."""
    months = months_ending(MONTH, 13)
    return _rows(VALUES, [months[0], months[-1], scorecard.pk])


def pandas_report(scorecard: Scorecard) -> pd.DataFrame:
    """The report's rows and figures with pandas: rates, changes, average, maximum, rating, comparisons.

    In floating-point numbers, where the report keeps exact ones.
    """
    wide = _wide(scorecard)
    words = ["reference", "title", "definition", "outcome", "note", "owner", "reporter"]
    lines = _frame(LINES, [scorecard.pk], ["indicator", "unit", "kind", "polarity", *words]).set_index("indicator")
    commentary = _frame(COMMENTARY, [MONTH, scorecard.pk], ["indicator", "commentary"]).set_index("indicator")
    wide = wide.reindex(lines.index)
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
    return _compare(_rate(report, scorecard, now, sign), scorecard, now, sign)


def _wide(scorecard: Scorecard) -> pd.DataFrame:
    columns = ["indicator", "month", "figure", "numerator", "denominator", "blank", "stage", "note"]
    values = pd.DataFrame.from_records(read_floor(scorecard), columns=columns)
    numbers = values[["figure", "numerator", "denominator"]].astype(float)
    values["value"] = numbers["figure"].fillna(100 * numbers["numerator"] / numbers["denominator"])
    wide = values.pivot_table(index="indicator", columns="month", values="value", aggfunc="first", sort=True)
    terms = _frame(TERMS, [scorecard.pk], ["indicator", "source", "role"])
    top = terms[terms["role"] == "numerator"].set_index("indicator")["source"]
    bottom = terms[terms["role"] == "denominator"].set_index("indicator")["source"]
    derived = 100 * wide.loc[top].to_numpy() / wide.loc[bottom.reindex(top.index)].to_numpy()
    return pd.concat([wide, pd.DataFrame(derived, index=top.index, columns=wide.columns)])


def _change(later: pd.Series, earlier: pd.Series) -> pd.Series:
    return (later / earlier - 1).replace([np.inf, -np.inf], np.nan)


def _rate(report: pd.DataFrame, scorecard: Scorecard, now: pd.Series, sign: pd.Series) -> pd.DataFrame:
    targets = _frame(TARGETS, [scorecard.pk], ["indicator", "year", "value", "tolerance", "note"])
    by_year = targets.pivot_table(index="indicator", columns="year", values="value", aggfunc="first")
    current = targets[targets["year"] == 2020].set_index("indicator")[["value", "tolerance"]].astype(float)
    current = current.reindex(report.index)
    miss = (current["value"] - now) * sign
    colours = np.select([sign == 0, miss <= 0, miss <= current["tolerance"]], ["not judged", "green", "amber"], "red")
    return report.assign(rating=colours).join(by_year)


def _compare(report: pd.DataFrame, scorecard: Scorecard, now: pd.Series, sign: pd.Series) -> pd.DataFrame:
    words = ["source", "basis", "on_basis", "note"]
    comparators = _frame(COMPARATORS, [scorecard.pk], ["indicator", "group", "year", "value", *words])
    others = comparators.pivot(index="indicator", columns="group", values=["value", *words]).reindex(report.index)
    for group in others["value"]:
        report[f"against_{group}"] = np.sign(now - others["value"][group].astype(float)) * sign
    return report.join(others.set_axis(["_".join(name) for name in others.columns], axis=1))


def _frame(sql: str, parameters: list[Any], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame.from_records(_rows(sql, parameters), columns=columns)


def _rows(sql: str, parameters: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
