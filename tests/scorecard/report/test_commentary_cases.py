"""The checker on cases with known answers: how many contradictions it finds, and how often it is wrong."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from commentary.checker import check
from indicators.calculations.months import parse_month
from scorecard.models import Scorecard
from scorecard.report import assemble_report
from tests.commentary.checker import rows
from tests.databases import databases
from tests.demonstration import corporate_loaded, report_of

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]
CASES_FILE = Path(__file__).parents[2] / "data" / "commentary" / "cases.csv"
with CASES_FILE.open(encoding="utf-8", newline="") as file:
    CASES = [*csv.DictReader(file)]
# What is answered otherwise today, each looked at: an unknown noun, "the third best", "one fewer" of two equal figures,
# a rise too small to be displayed … No consistent text is among them.
MISSED = {
    41,
    101,
    200,
    202,
    210,
    255,
    302,
    326,
    389,
    398,
    408,
    410,
    435,
    439,
    464,
    465,
    482,
    514,
    570,
    574,
    596,
    616,
    620,
    654,
    656,
    662,
    669,
    676,
    690,
    697,
    715,
    726,
    736,
    737,
    738,
    742,
    745,
    755,
    756,
    764,
    774,
    780,
    815,
    818,
    839,
    846,
    851,
    853,
    864,
    879,
    903,
    910,
    912,
    916,
    917,
    932,
    962,
    964,
    974,
    976,
    980,
    1003,
    1004,
    1006,
    1010,
    1020,
    1058,
    1096,
    1099,
    1106,
    1116,
    1125,
    1166,
    1167,
    1178,
    1183,
    1184,
    1188,
    1196,
}


@pytest.fixture(scope="module")
def findings(django_db_setup, django_db_blocker):
    """What is found in each case, by its number."""
    months = {case["month"] for case in CASES} - {"*"}
    reports = [report_of(month, django_db_blocker) for month in months]
    with django_db_blocker.unblock(), databases.fresh(corporate_loaded):
        corporate = Scorecard.objects.get(slug="corporate")
        reports += [assemble_report(corporate, parse_month(month)) for month in ("2020-11", "2021-01")]
    groups = reports[0].groups
    known = {(f"{report.month:%Y-%m}", row.measure.reference): row for report in reports for row in report.rows}
    found = {}
    for case in CASES:
        row = getattr(rows, case["ref"]) if case["month"] == "*" else known[case["month"], case["ref"]]
        found[int(case["number"])] = check(case["commentary"], row, groups=groups)
    return found


def test_contradictions_are_found_and_consistent_texts_left_alone(findings):
    wrong = {
        int(case["number"]): (case["ref"], case["commentary"], [one.message for one in findings[int(case["number"])]])
        for case in CASES
        if bool(findings[int(case["number"])]) is not (case["label"] == "contradiction")
    }
    assert {number: case for number, case in wrong.items() if number not in MISSED} == {}
    assert wrong.keys() == MISSED


def test_enough_is_found_in_each_set(findings):
    of_set = defaultdict(list)
    for case in CASES:
        of_set[case["set"], case["label"]].append(bool(findings[int(case["number"])]))
    shares = {key: sum(answers) / len(answers) for key, answers in of_set.items()}
    assert {key for key, share in shares.items() if key[1] == "contradiction" and share < 0.7} == set()
    assert {key for key, share in shares.items() if key[1] == "consistent" and share > 0.05} == set()
