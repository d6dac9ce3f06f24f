"""Means, ranks and quarters of every authority in every measure and year, against pandas doing them independently."""

import csv
import gzip
from collections import defaultdict

import pandas as pd
import pytest

from indicators.calculations.exact import exact
from indicators.calculations.ranking import compare_authority
from indicators.calculations.vocabulary import GroupKind, Polarity

from .files import LAIT

POLARITY = {"High": Polarity.HIGH, "Low": Polarity.LOW}
NEIGHBOURS, ENGLAND = GroupKind.STATISTICAL_NEIGHBOURS, GroupKind.ENGLAND
KEYS = ["measure", "year", "authority"]


def tables():
    """The file's figures of single authorities, the neighbours of each, and the polarity of each measure."""
    figures = pd.read_csv(LAIT / "measures.csv.gz", dtype=str, keep_default_na=False)
    figures = figures.rename(columns={"Short Desc": "measure", "Years": "year"})
    figures["authority"] = figures["LA Number"].astype(float).astype(int)
    figures["value"] = pd.to_numeric(figures["Values"], errors="coerce")
    figures = figures[figures["authority"] < 970][[*KEYS, "value"]]
    wide = pd.read_csv(LAIT / "statistical_neighbours_2021-04.csv", encoding="utf-8-sig")
    near = wide.melt("LA num", [f"SN{number}" for number in range(1, 11)], value_name="neighbour")
    near = near.dropna()[["LA num", "neighbour"]].astype(int).rename(columns={"LA num": "authority"})
    words = pd.read_csv(LAIT / "data_dictionary.csv", keep_default_na=False)
    return figures, near, words.set_index("Measure_short")["Polarity"].to_dict()


def by_pandas(figures, near, polarity):
    """What each authority gets, by pandas' own ranks, means and quantiles, in floating-point numbers."""
    figures = figures.assign(sign=figures["measure"].map(polarity).map({"Low": 1}).fillna(-1))
    found = figures.set_index(KEYS)
    in_order = figures["value"] * figures["sign"]
    everywhere = in_order.groupby([figures["measure"], figures["year"]])
    found["rank"] = everywhere.rank(method="min").to_numpy()
    found["of"] = everywhere.transform("count").to_numpy()

    theirs = figures.rename(columns={"authority": "neighbour"})[["measure", "year", "neighbour", "value", "sign"]]
    pairs = near.merge(theirs, on="neighbour")
    found["mean"] = pairs.groupby(KEYS)["value"].mean()
    themselves = figures.assign(neighbour=figures["authority"])[[*KEYS, "neighbour", "value", "sign"]]
    circle = pd.concat([pairs, themselves[themselves["authority"].isin(near["authority"])]], ignore_index=True)
    circle["rank"] = (circle["value"] * circle["sign"]).groupby([circle[key] for key in KEYS]).rank(method="min")
    own = circle[circle["authority"] == circle["neighbour"]].set_index(KEYS)
    found["rank_near"] = own["rank"]
    found["of_near"] = circle.groupby(KEYS)["value"].count()

    for name, values, keys in (("", figures, KEYS[:2]), ("_near", circle, KEYS)):
        bounds = values.groupby(keys)["value"].quantile([0.25, 0.5, 0.75]).unstack().round(9)
        joined = found[["value", "sign"]].join(bounds, on=keys)
        # The number of quartiles that the figure is above: 0 for the lowest quarter.
        above = sum((joined["value"].round(9) > joined[part]).astype(int) for part in (0.25, 0.5, 0.75))
        found[f"quarter{name}"] = (above + 1).where(joined["sign"] == 1, 4 - above)
    return found


@pytest.mark.slow
def test_every_authority_measure_and_year_is_as_pandas_has_it():
    figures, near, polarity = tables()
    expected = by_pandas(figures, near, polarity)
    neighbours = near.groupby("authority")["neighbour"].apply(lambda codes: {str(code) for code in codes}).to_dict()
    # The file read anew, without pandas.
    rows = defaultdict(list)
    with gzip.open(LAIT / "measures.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code, text = row["LA Number"].removesuffix(".0"), row["Values"]
            if int(code) < 970:
                value = None if text == "-" else exact(float(text))
                rows[row["Short Desc"], row["Years"]].append((code, row["Years"], value))
    compared = 0
    for (measure, year, authority), theirs in zip(expected.index, expected.itertuples(), strict=True):
        if authority not in neighbours:
            continue
        ours = compare_authority(
            rows[measure, year],
            authority=str(authority),
            year=year,
            neighbours=neighbours[authority],
            polarity=POLARITY.get(polarity[measure], Polarity.NEUTRAL),
        )
        where = measure, year, authority
        assert (ours.mean is None) == pd.isna(theirs.mean), where
        if ours.mean is not None:
            assert float(ours.mean) == pytest.approx(theirs.mean, abs=1e-9), where
        for group, rank, of, quarter in (
            (ENGLAND, theirs.rank, theirs.of, theirs.quarter),
            (NEIGHBOURS, theirs.rank_near, theirs.of_near, theirs.quarter_near),
        ):
            position = ours.positions[group]
            if pd.isna(theirs.value) or of < 2:
                assert position is None, where
            else:
                assert (position.rank, position.of, position.quarter) == (rank, of, quarter), (where, group)
                compared += 1
    assert compared > 24_000
