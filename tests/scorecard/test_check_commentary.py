"""The check_commentary command."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from commentary.models import Commentary
from scorecard.management.commands.check_commentary import Command
from tests.factories import DECEMBER, JANUARY, make_indicator, make_scorecard, make_values

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

WRONG = "The number of contacts increased in January."
RIGHT = "The number of contacts fell in January."


@pytest.fixture
def contacts():
    """The indicator of a scorecard with one line: contacts fell from December to January."""
    indicator = make_indicator("M1", title="Number of contacts received")
    make_values(indicator, {DECEMBER: 1507, JANUARY: 1464})
    make_scorecard(indicator, title="Front door")
    return indicator


def run(*arguments, slug="panel", month="2021-01", kind="text"):
    out = io.StringIO()
    call_command("check_commentary", slug, month, *arguments, format=kind, stdout=out)
    return out.getvalue()


def data(*arguments):
    return json.loads(run(*arguments, kind="json"))


def write(folder, text, name="texts.csv", encoding="utf-8"):
    path = folder / name
    path.write_text(text, encoding=encoding)
    return f"--file={path}"


def test_finding_in_the_stored_text_is_told(contacts):
    Commentary.objects.create(indicator=contacts, month=JANUARY, text=WRONG)
    assert run() == (
        "M1: the figure went another way\n"
        "  “increased in January”: 1,507 in December 2020 and 1,464 in January 2021, which is 43 fewer (3%).\n\n"
        "Front door, January 2021: 1 commentary checked, 1 finding in 1.\n"
    )


def test_text_without_a_finding_is_counted(contacts):
    Commentary.objects.create(indicator=contacts, month=JANUARY, text=RIGHT)
    assert run() == "Front door, January 2021: 1 commentary checked, nothing found.\n"


def test_scorecard_without_commentary_is_told(contacts):
    assert run() == "Front door, January 2021: 0 commentaries checked, nothing found.\n"


def test_json_has_reference_phrase_kind_fact_and_place(contacts):
    Commentary.objects.create(indicator=contacts, month=JANUARY, text=WRONG)
    assert data() == {
        "scorecard": "panel",
        "month": "2021-01",
        "checked": ["M1"],
        "findings": [
            {
                "ref": "M1",
                "phrase": "increased in January",
                "kind": "direction",
                "fact": "1,507 in December 2020 and 1,464 in January 2021, which is 43 fewer (3%)",
                "message": (
                    "“increased in January”: 1,507 in December 2020 and 1,464 in January 2021, which is 43 fewer (3%)."
                ),
                "start": WRONG.index("increased"),
                "end": WRONG.index("."),
            }
        ],
    }


def test_file_is_checked_instead_of_the_stored_text(contacts, tmp_path):
    Commentary.objects.create(indicator=contacts, month=JANUARY, text=RIGHT)
    found = data(write(tmp_path, f"ref,outcome,commentary\nM1,Ignored,{WRONG}\n"))
    assert [(one["ref"], one["kind"]) for one in found["findings"]] == [("M1", "direction")]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(f"ref,commentary\nM1,{WRONG}\n", "utf-8-sig", id="with the mark that Excel writes"),
        pytest.param(f"Ref;Commentary\nM1;{WRONG}\n", "utf-8", id="semicolons and capitals"),
        pytest.param(f'commentary,ref\n"’{WRONG}",M1\n', "cp1252", id="Windows"),
    ],
)
def test_file_is_read_as_spreadsheets_write_it(text, encoding, contacts, tmp_path):
    assert len(data(write(tmp_path, text, encoding=encoding))["findings"]) == 1


def test_row_of_the_file_without_a_text_is_passed_over(contacts, tmp_path):
    assert data(write(tmp_path, "ref,commentary\nM1,\n"))["checked"] == []


def test_text_copied_from_another_month_is_found(contacts):
    for month in (DECEMBER, JANUARY):
        Commentary.objects.create(indicator=contacts, month=month, text="Schools were closed to most pupils.")
    assert [(one["kind"], one["fact"]) for one in data()["findings"]] == [
        ("copied", "word for word the text for December 2020")
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ref,text\nM1,It fell.\n", r"The column “commentary” is missing\. Row 1 .* it has “ref” and “text”\."),
        ("a,b\n1,2\n", r"The column “ref” is missing\. The column “commentary” is missing\."),
        ("", r"The file is empty: its first row must have the names of the columns\.$"),
        (
            "ref,commentary\nM1,It fell.\nX9,It rose.\n",
            r"^Row 3 of .*: there is no “X9” on the report for January 2021\.$",
        ),
        ("ref,commentary\nM1,It fell.\nM1,It rose.\n", r"^Row 3 of .*: “M1” has a text already, further up\.$"),
    ],
    ids=["one column missing", "both columns missing", "empty", "unknown reference", "reference twice"],
)
def test_wrong_file_is_explained(text, message, contacts, tmp_path):
    with pytest.raises(CommandError, match=message):
        run(write(tmp_path, text))


def test_file_that_is_no_spreadsheet_is_explained(contacts, tmp_path):
    path = tmp_path / "texts.csv"
    path.write_bytes(b"\x00\x01\x02")
    with pytest.raises(
        CommandError, match=r"^Can't read .*: This is neither an Excel file \(\.xlsx\) nor a CSV file\.$"
    ):
        run(f"--file={path}")


def test_missing_file_is_explained(contacts, tmp_path):
    with pytest.raises(CommandError, match=r"^Can't read .*missing\.csv: No such file or directory\.$"):
        run(f"--file={tmp_path / 'missing.csv'}")


def test_unknown_scorecard_is_explained(contacts):
    with pytest.raises(CommandError, match=r"^There is no scorecard “adults”\. There are: panel\.$"):
        run(slug="adults")


@pytest.mark.parametrize(
    ("month", "message"),
    [
        ("2021-02", r"^Front door has no figures for 2021-02\. Months with figures: 2020-12, 2021-01\.$"),
        ("January", r"^“January” has no year: write it as January 2021 or 2021-01\.$"),
    ],
)
def test_wrong_month_is_explained(month, message, contacts):
    with pytest.raises(CommandError, match=message):
        run(month=month)


def test_wrong_format_is_explained(contacts):
    with pytest.raises(CommandError, match=r"^There is no format “xml”: use text or json\.$"):
        run(kind="xml")


def test_number_of_queries_does_not_grow_with_rows(django_assert_max_num_queries):
    indicators = [make_indicator(f"A{number}") for number in range(40)]
    for indicator in indicators:
        make_values(indicator, {JANUARY: 5})
        Commentary.objects.create(indicator=indicator, month=JANUARY, text="Five, as expected.")
    make_scorecard(*indicators)
    with django_assert_max_num_queries(20):
        run()


def test_help_says_the_exit_status():
    text = " ".join(Command().create_parser("manage.py", "check_commentary").format_help().split())
    assert "Exit status 0: checked, whatever was found; 1: could not be checked" in text
