"""Councils' own spreadsheets: what is read from them, what is found wrong, and what is asked."""

import io
import json
import os
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell

from indicators.resources.archive import SpreadsheetError
from scorecard.spreadsheets.audit import as_data, audit_file
from scorecard.spreadsheets.marked import marked_copy
from tests.scorecard.spreadsheets import layouts

ROOT = Path(__file__).resolve().parents[3]
SHEETS = ROOT / "tests" / "data" / "sheets"
COUNCILS = {
    "ashcombe_childrens_monthly": ".xlsx",
    "eskmouth_performance_export": ".csv",
    "fenbury_council_plan_quarterly": ".xlsx",
}
pytestmark = pytest.mark.sqlite


def read(name):
    """A council's file as it was understood, and its answers."""
    data = (SHEETS / f"{name}{COUNCILS[name]}").read_bytes()
    answers = json.loads((SHEETS / f"{name}.answers.json").read_text(encoding="utf-8"))
    return as_data(audit_file(data, name)), answers


def number(value, factor=1):
    """A figure of the answers or of the audit, a quotient times its factor; None for any blank."""
    if isinstance(value, dict):
        if "numerator" in value:
            return Fraction(value["numerator"]) / Fraction(value["denominator"]) * factor
        return number(value.get("value"))
    return None if value is None else Fraction(str(value).replace(",", "").strip("£% "))


def is_same(answer, found, unit):
    """Whether a figure is the answer's, within what fifteen stored digits and the answers' own rounding leave."""
    times = int(answer.get("times", 1)) if isinstance(answer, dict) else 1
    factor = 100 if unit == "percentage" else times
    expected, got = number(answer, factor), number(found, factor)
    if expected is None or got is None:
        return expected is got
    return abs(expected - got) <= Fraction(2, 1000) * max(abs(expected), 1)


def by_name(data):
    return {row["ref"] or row["title"]: row for row in data["rows"]}


@pytest.mark.parametrize("name", COUNCILS)
def test_every_row_and_figure_is_read_as_the_council_means_it(name):
    data, answers = read(name)
    rows = by_name(data)
    assert list(rows) == [row["ref"] or row["title"] for row in answers["rows"]]
    for answer in answers["rows"]:
        row = rows[answer["ref"] or answer["title"]]
        for month, value in answer["values"].items():
            assert is_same(value, row["values"].get(month), answer["unit"]), (answer["title"], month, value)
        known = {*answer["values"], *answer.get("outturns", {}), *answer.get("history", {})}
        assert {month for month, value in row["values"].items() if value is not None} <= known
        for field in ("title", "section", "owner", "reporter", "unit"):
            if answer[field]:
                assert row[field] == answer[field].strip(), (answer["title"], field)
        if answer["polarity"]:
            assert row["polarity"] == answer["polarity"]
        assert answer["frequency"].startswith(row["frequency"])
        assert set(answer["targets"]) <= set(row["targets"])
        assert set(answer["comparators"]) <= set(row["comparators"])


@pytest.mark.parametrize("name", COUNCILS)
def test_every_planted_error_is_found_and_nothing_else(name):
    data, answers = read(name)
    found = {one["cell"] for one in data["findings"]}
    roots = {one["cell"] for one in answers["planted_errors"] if one["root"]}
    others = {one["cell"] for one in answers["planted_errors"]} | {one["cell"] for one in answers["disputable"]}
    assert roots <= found
    assert found <= roots | others


def test_what_would_be_right_is_said():
    data, answers = read("ashcombe_childrens_monthly")
    found = {one["cell"]: one for one in data["findings"]}
    for error in answers["planted_errors"]:
        if error["root"] and error["kind"] != "commentary against the figure":
            assert found[error["cell"]]["right"] == error["right"], error


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("ashcombe_childrens_monthly", ["high or low good", "“-”", "655 (p)", "451 days", "2.1%", "without a % sign",
                                        "S Kirkbride and S. Kirkbride", "0.0%", "<225"]),
        ("eskmouth_performance_export", ["July 2025 twice and no June 2025", "ENV02: is 0.0", "“*”", "to date"]),
        ("fenbury_council_plan_quarterly", ["no reference", "240 pa over three councils", "better than last year",
                                            "10-14", "to date, or by period"]),
    ],
)  # fmt: skip
def test_what_only_a_person_can_say_is_asked(name, asked):
    questions = "\n".join(read(name)[0]["questions"])
    assert [one for one in asked if one not in questions] == []


@pytest.mark.parametrize("name", layouts.ALL)
def test_the_same_figures_are_read_from_every_layout(name):
    data = as_data(audit_file(layouts.ALL[name](), "figures"))
    rows = {row["ref"]: row for row in data["rows"]}
    assert sorted(rows) == sorted(layouts.expected())
    for reference, figures in layouts.expected().items():
        found = {month: number(value, 100) for month, value in rows[reference]["values"].items()}
        assert found == {month: Fraction(value) for month, value in figures.items()}
    assert {row["unit"] for row in data["rows"]} == {"percentage", "count", "seconds"}


@pytest.mark.parametrize("make", layouts.WITH_ERRORS)
def test_what_is_wrong_is_found_in_every_layout_and_nothing_else(make):
    data, wrong = make()
    audit = as_data(audit_file(data, "figures"))
    assert {one["cell"] for one in audit["findings"]} == wrong
    for row in audit["rows"]:
        found = {month: number(value) for month, value in row["values"].items() if value is not None}
        assert found.items() <= {month: Fraction(v) for month, v in layouts.expected()[row["ref"]].items()}.items()
    assert len(audit["rows"]) == len(layouts.MEASURES)


def test_a_snapshot_has_its_own_period_and_the_one_before():
    rows = as_data(audit_file(layouts.snapshots()))["rows"]
    assert rows[0]["values"] == {"2025-08": "96.3", "2025-09": "94.7"}
    assert rows[0]["targets"] == {"2025/26": "95"}


# The published scorecard

AS_PRINTED = {
    "dot_arrow": "DoT", "pct_change_prev_month": "% change from Dec-20", "pct_change_prev_year": "% change from Jan-20",
    "avg_12m": "12-mnth avg", "max_12m": "12-mnth max", "comparator_sn": "SN", "comparator_eng": "ENG",
    "comparator_se": "SE", "target_2017-18": "Target 2017-18", "target_2018-19": "Target 2018-19",
    "target_2019-20": "Target 2019-20", "indicator": "Indicator", "ref": "Ref", "section": "Section", "unit": "Unit",
    "2020-08": "Aug-20", "2020-09": "Sep-20", "2020-10": "Oct-20", "2020-11": "Nov-20", "2020-12": "Dec-20",
    "2021-01": "Jan-21",
}  # fmt: skip
# What is wrong in the printed table and can be seen there: reference and column.
WRONG_IN_PRINT = {
    *((ref, "% change from Dec-20") for ref in ("EH1a", "EH1b", "EH1c", "EH14b", "CIN5", "YO2")),
    *((ref, "% change from Dec-20") for ref in ("M6-QL", "CP1-NI", "CP6B-NI", "CP2-NI")),
    *((ref, month) for ref in ("LSCB17a", "YO2") for month in ("Nov-20", "Dec-20", "Jan-21")),
}


def test_what_is_wrong_in_the_published_table_is_found_and_nothing_else():
    printed = (ROOT / "tests/data/published_2021-01.csv").read_text(encoding="utf-8").split("\n", 1)
    headings = ",".join(AS_PRINTED[name] for name in printed[0].split(","))
    findings = audit_file(f"{headings}\n{printed[1]}".encode(), "scorecard").findings
    places = {one.place.partition(", column ")[2] for one in findings if one.measure}
    assert places == {f"{column} ({reference})" for reference, column in WRONG_IN_PRINT}
    # And no line has a target for its own year.
    assert [one.place for one in findings if not one.measure] == ["record 1, column Target 2019-20"]


# Odd cells and broken files


def workbook(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("rows", "cell", "kind", "right"),
    [
        # An average, a maximum and a change that are right once, and wrong once.
        ([["Ref", "Title", "Jan 25", "Feb 25", "Mar 25", "Average"], ["A1", "Cases", 10, 20, 60, 30]], None, "", ""),
        ([["Ref", "Indicator", "Jan 25", "Feb 25", "Mar 25", "Average"], ["A1", "Cases", 10, 20, 60, 40]],
         "Sheet!F2", "average of other periods", "30"),
        ([["Ref", "Indicator", "Jan 25", "Feb 25", "% change on last month"], ["A1", "Cases", 200, 150, "33%"]],
         "Sheet!E2", "change: upside down", "-25%"),
        ([["Ref", "Indicator", "Jan 25", "Feb 25", "% change on last month"], ["A1", "Cases", 0, 4, "400%"]],
         "Sheet!E2", "change from nothing", "n/a"),
        ([["Ref", "Title", "Jan 25", "Feb 25", "Change on last month"], ["A1", "Cases", 200, 150, -50]], None, "", ""),
        ([["Ref", "Indicator", "Q1 2024/25", "Q2 2024/25", "Q3 2024/25", "Q4 2024/25", "2024/25"],
          ["A1", "Visits", 10, 20, 30, 40, 90]], "Sheet!G2", "year doesn’t add up", "100"),
        ([["Ref", "Title", "Jan 25", "Feb 25", "Mar 25", "Apr 25"], ["A1", "Reviews in time (%)", 91, 9200, 93, 90]],
         "Sheet!D2", "figure on another scale", "92"),
        # A 0 among large figures, and one among small ones.
        ([["Ref", "Title", *(f"{name} 25" for name in layouts.NAMES)], ["A1", "Cases", 310, 295, 0, 301, 322, 315]],
         "Sheet!E2", "zero for not reported", "not reported"),
        ([["Ref", "Title", *(f"{name} 25" for name in layouts.NAMES)], ["A1", "Cases", 3, 2, 0, 1, 2, 5]],
         None, "", ""),
        # Half is rounded away from 0, as spreadsheets do.
        ([["Ref", "Title", "Jan 25", "Feb 25", "% change on last month"], ["A1", "Cases", 1000, 1125, "20%"]],
         "Sheet!E2", "change: doesn’t follow from the figures", "13%"),
        ([["Ref", "Title", "Jan 25", "Feb 25", "Comments"], ["A1", "Cases", 30, 55, "No change to report."]],
         None, "", ""),
        ([["Ref", "Indicator", "Good is", "Target", "Jan 25", "RAG"], ["A1", "Sickness days", "Low", 8, 9, "G"]],
         "Sheet!F2", "status against the target", "near"),
    ],
)  # fmt: skip
def test_single_cells(rows, cell, kind, right):
    found = audit_file(workbook(rows)).findings
    if cell is None:
        assert found == []
    else:
        assert [(one.place, one.kind, one.right) for one in found] == [(cell, kind, right)]


def test_a_formula_that_differs_from_its_row_is_found():
    rows = [["Ref", "Indicator", *[f"{name} 25" for name in layouts.NAMES]], ["A1", "Cases", *range(100, 106)]]
    rate = [f"={letter}2/51400*10000" for letter in "CDEFGH"]
    rate[3] = "=F2/50900*10000"
    rows.append(["A2", "Cases per 10,000", *rate])
    data = _with_results(workbook(rows), {"A2": [19.46, 19.65, 19.84, 20.24, 20.23, 20.43]})
    (found,) = audit_file(data).findings
    assert (found.place, found.kind) == ("Sheet!F3", "figure with another formula")
    assert "50,900" in found.why
    assert "51,400" in found.why


def _with_results(data, results):
    """The workbook as Excel saves it: openpyxl writes formulas without results."""
    import re
    import zipfile

    out = io.BytesIO()
    figures = iter(results["A2"])
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(out, "w") as written:
        for name in read.namelist():
            text = read.read(name)
            if name.endswith("sheet1.xml"):
                text = re.sub(rb"</f><v ?/>|</f><v></v>", lambda _: f"</f><v>{next(figures)}</v>".encode(), text)
            written.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    "data", [b"Nothing\nhere\n", workbook([["Dear all"], ["see you on Monday"]]), b"a,b,c\n1,2,3\n"]
)
def test_a_file_without_a_table_is_said_to_have_none(data):
    audit = audit_file(data)
    assert audit.measures == []
    assert "No table of figures was found" in audit.questions[0]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff\xe0", b'{"a": 1}', b"\x00\x01\x02"])
def test_what_is_no_spreadsheet_is_told_all_that_is_read(data):
    with pytest.raises(SpreadsheetError, match=r"\.xlsx, \.xlsm.*\.ods.*CSV"):
        audit_file(data)


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"PK\x03\x04broken", b"%PDF-1.4", b"x" * (6 * 1024 * 1024)])
def test_a_file_of_another_kind_is_refused_in_words(data):
    with pytest.raises(SpreadsheetError):
        audit_file(data)


def mutated(chance, data):
    """A copy of the file with some of its cells changed, cut off, doubled or moved."""
    odd = [
        None, "", " ", 0, -1, 1e300, 0.5, "tbc", "<5", "*", "n/a", "Q5 2025/26", "2025/26", "Apr",
        "Apr-25", "31/02/2021",
        "=1/0", "=A1+", "=SUM(A1:XFD1048576)", True, "9" * 400, "x" * 500, "Ref", "Target", "England", "Total", "Notes",
        "12-month average", "% change on last month", "½", "1,2,3", "£1.2m", "(12)", "+9.4 pp", "▲", "1e5", "Infinity",
        "NaN", "0/0", "per 0", "Q1", "2199/00", "1989-12", "\n\n", "£000", "R",
    ]  # fmt: skip
    if not data.startswith(b"PK"):
        cut = chance.randrange(len(data))
        return data[:cut] + str(chance.choice(odd)).encode() + data[cut + chance.randrange(40) :]
    book = load_workbook(io.BytesIO(data))
    for _ in range(chance.randint(1, 40)):
        sheet = chance.choice(book.worksheets)
        row, column = chance.randint(1, sheet.max_row + 1), chance.randint(1, sheet.max_column + 1)
        kind = chance.randrange(10)
        if kind == 0:
            sheet.insert_rows(row)
        elif kind == 1:
            sheet.delete_cols(column)
        elif kind == 2:
            sheet.delete_rows(row)
        elif not isinstance(sheet.cell(row, column), MergedCell):
            sheet.cell(row, column).value = chance.choice(odd)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()[: None if chance.random() < 0.9 else chance.randrange(2000)]


def attack(rounds, seed=1):
    """How many of so many changed files were read, and how many refused in words; anything else is raised."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    files = [make() for name, make in layouts.ALL.items() if name != "OpenDocument"]
    read = refused = 0
    for _ in range(rounds):
        data = mutated(chance, chance.choice(files))
        try:
            audit = audit_file(data)
            json.dumps(as_data(audit))
            marked_copy(data, audit)
            read += 1
        except SpreadsheetError:
            refused += 1
    return read, refused


@pytest.mark.slow
def test_no_changed_file_is_anything_but_read_or_refused_in_words():
    read, refused = attack(80)
    assert read > 30
    assert refused > 2


# The command


def run(*arguments, **options):
    out = io.StringIO()
    call_command("audit_spreadsheet", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def test_the_command_lists_cells_and_questions():
    told = run(SHEETS / "ashcombe_childrens_monthly.xlsx")
    assert told.startswith("27 measures with 344 figures read.")
    assert "Scorecard Sep25!S22  change: upside down\n  -16% -> 19%\n" in told
    assert "Only a person can say:" in told


def test_the_command_needs_no_settings_and_no_database():
    command = [sys.executable, "manage.py", "audit_spreadsheet", str(SHEETS / "eskmouth_performance_export.csv")]
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    done = subprocess.run(  # noqa: S603 - the project's own command
        [*command, "--format", "json"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["rows"]) == 16


def test_the_marked_copy_has_a_comment_at_every_cell(tmp_path):
    copy = tmp_path / "marked.xlsx"
    run(SHEETS / "fenbury_council_plan_quarterly.xlsx", marked=str(copy))
    book = load_workbook(copy)
    assert "upside down" in book["3 Homes & health"]["M12"].comment.text
    comments = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
    assert len(comments) == book["What was found"].max_row - 1 - len(
        read("fenbury_council_plan_quarterly")[0]["questions"]
    )


def test_a_text_file_is_marked_in_a_workbook_without_formulas(tmp_path):
    copy, file = tmp_path / "marked.xlsx", tmp_path / "figures.csv"
    file.write_text("Ref,Indicator,Jan 25,Feb 25,% change on last month,Comments\nA1,Cases,200,150,33%,=1+1\n")
    run(file, marked=str(copy))
    sheet = load_workbook(copy)["figures"]
    assert sheet["E2"].comment
    assert not str(sheet["F2"].value).startswith("=")


@pytest.mark.parametrize(
    ("arguments", "options", "told"),
    [
        (["nowhere.xlsx"], {}, "Can't read nowhere.xlsx"),
        (["README.md"], {"format": "yaml"}, "There is no format “yaml”"),
        ([SHEETS / "eskmouth_performance_export.csv"], {"marked": "copy.csv"}, "give it a name like"),
    ],
)
def test_the_command_says_what_is_wrong_with_its_arguments(arguments, options, told):
    with pytest.raises(CommandError, match=told):
        run(*arguments, **options)
