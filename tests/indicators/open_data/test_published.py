"""Comparators from the open data against those of the scorecard that was published in February 2021.

tests/data/dfe/ is an extract of the Department for Education's files. Golden figures are the printed ones of
tests/data/published_2021-01.csv; what the files don't give stands in OTHERWISE with both figures, worked out by hand.
"""

import csv
from pathlib import Path

import pytest

from indicators.calculations.formatting import format_number
from indicators.calculations.vocabulary import GroupKind
from indicators.open_data import load_mapping, read_findings
from indicators.open_data.mapping import Average

from .files import DEMONSTRATION, EXTRACT

PUBLISHED = Path(__file__).resolve().parents[2] / "data" / "published_2021-01.csv"
SN, ENGLAND, REGION = "comparator_sn", "comparator_eng", "comparator_se"
COLUMNS = {
    GroupKind.STATISTICAL_NEIGHBOURS: SN,
    GroupKind.ENGLAND: ENGLAND,
    GroupKind.REGION: REGION,
}
YEAR_TO_MARCH_2020, YEAR_TO_MARCH_2021 = 2019, 2020

REPRODUCED = [
    (reference, group) for reference in ("M2", "M6-QL", "CP6B", "CP5-QL (val)", "CP5-QL") for group in (ENGLAND, REGION)
]
# As printed, and as the files give it: the neighbours of April 2021, and the children looked after a year later.
OTHERWISE = {
    YEAR_TO_MARCH_2020: {
        ("M2", SN): ("368", "381"),
        ("M6-QL", SN): ("27", "25"),
        ("CP6B", SN): ("350", "406"),
        ("CP5-QL (val)", SN): ("9", "10"),
        ("CP5-QL", SN): ("24", "23"),
    },
    YEAR_TO_MARCH_2021: {
        ("LAC1", SN): ("496", "640"),
        ("LAC1", ENGLAND): ("527", "535"),
        ("LAC1", REGION): ("550", "552"),
        ("LAC1-NI", SN): ("89", "101"),
        ("LAC1-NI", ENGLAND): ("67", "69"),
        ("LAC1-NI", REGION): ("53", "54"),
        ("LAC2", SN): ("47", "19"),
        ("LAC2", ENGLAND): ("44", "16"),
        ("LAC2", REGION): ("46", "19"),
    },
}
# Neither another list nor the median gives the printed neighbours' figures (9 comes out once).
OTHER_NEIGHBOURS = {
    ("2021-04", Average.MEDIAN): {"M2": "372", "M6-QL": "25", "CP6B": "391", "CP5-QL (val)": "10", "CP5-QL": "22"},
    ("2025-05", Average.MEAN): {"M2": "424", "M6-QL": "24", "CP6B": "380", "CP5-QL (val)": "9", "CP5-QL": "22"},
    ("2025-05", Average.MEDIAN): {"M2": "355", "M6-QL": "23", "CP6B": "349", "CP5-QL (val)": "8", "CP5-QL": "21"},
}


def published():
    """The printed comparators that are figures, without their per cent signs."""
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return {
            (row["ref"], column): row[column].removesuffix("%")
            for row in csv.DictReader(file)
            for column in COLUMNS.values()
            if row[column].removesuffix("%").isdigit()
        }


def from_the_files(year, mapping=None):
    """Our comparators, rounded as the sheet prints them."""
    found = read_findings(mapping or load_mapping(DEMONSTRATION), EXTRACT, [year])
    return {
        (made.reference, COLUMNS[made.group]): format_number(made.value) for one in found for made in one.comparators
    }


@pytest.mark.parametrize(("reference", "column"), REPRODUCED, ids=lambda part: part)
def test_printed_comparator_is_reproduced(reference, column):
    assert from_the_files(YEAR_TO_MARCH_2020)[reference, column] == published()[reference, column]


@pytest.mark.parametrize("year", OTHERWISE, ids=["2019-20", "2020-21"])
def test_comparators_that_come_out_otherwise_are_known(year):
    ours, printed = from_the_files(year), published()
    differing = {key: (printed[key], figure) for key, figure in ours.items() if figure != printed[key]}
    assert differing == OTHERWISE[year]


def test_every_printed_comparator_is_accounted_for():
    reproduced, otherwise = set(REPRODUCED), {key for known in OTHERWISE.values() for key in known}
    without_a_file = published().keys() - reproduced - otherwise
    assert (len(reproduced), len(otherwise), len(without_a_file)) == (10, 14, 48)
    assert {reference for reference, _ in without_a_file} == {
        "EH3", "EH3a%", "EH3e%", "CP1", "CP1-NI", "CP6B-NI", "CP2", "CP2-NI", "CP4", "CP3-QL (val)", "CP3-QL",
        "LAC3", "LAC12 (%)", "LAC13", "NI147", "YO2",
    }  # fmt: skip


@pytest.mark.parametrize(("choice", "expected"), OTHER_NEIGHBOURS.items(), ids=lambda part: str(part)[:40])
def test_other_neighbours_do_not_give_the_printed_figures_either(choice, expected):
    mapping = load_mapping(DEMONSTRATION)
    month, average = choice
    neighbours = mapping.neighbours._replace(file=f"statistical_neighbours_{month}.csv", average=average)
    ours = from_the_files(YEAR_TO_MARCH_2020, mapping._replace(neighbours=neighbours))
    assert {reference: ours[reference, SN] for reference in expected} == expected


def test_the_sheet_divides_by_152_though_there_were_151():
    counted = load_mapping(DEMONSTRATION)._replace(counts={})
    ours, printed = from_the_files(YEAR_TO_MARCH_2020, counted), published()
    assert [(ours[key], printed[key]) for key in [("M2", ENGLAND), ("CP6B", ENGLAND)]] == [
        ("355", "353"),
        ("341", "339"),
    ]


def test_rereferrals_are_of_the_year_to_march_2020():
    mapping = load_mapping(DEMONSTRATION)
    rereferrals = mapping._replace(entries=tuple(entry for entry in mapping.entries if entry.reference == "M6-QL"))
    the_year_before = from_the_files(YEAR_TO_MARCH_2020 - 1, rereferrals)
    # The region is printed as 26%. The year before gives the printed 27% of the neighbours, but nothing else tells so.
    assert the_year_before == {("M6-QL", SN): "27", ("M6-QL", ENGLAND): "23", ("M6-QL", REGION): "25"}
