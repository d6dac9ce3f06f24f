"""The export_report command."""

import csv
import errno
import io
import json
import os
import stat
import zipfile
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from commentary.models import Commentary
from indicators.calculations.formatting import format_change, format_value
from indicators.calculations.vocabulary import Unit
from indicators.models import Indicator, User
from scorecard import demonstration
from scorecard.models import Scorecard
from tests.factories import DECEMBER, JANUARY, make_derived, make_indicator, make_scorecard, make_user, make_values

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def scorecard():
    """Two lines: a count, and a percentage worked out from it."""
    part, whole = make_indicator("M2"), make_indicator("M1")
    make_values(part, {DECEMBER: 351, JANUARY: 271})
    make_values(whole, {DECEMBER: 1507, JANUARY: 1464})
    share = make_derived("M3", [part], [whole], unit="percentage")
    return make_scorecard(whole, share, title="Front door")


def export(*arguments, slug="panel", month="2021-01", kind="csv"):
    out = io.StringIO()
    call_command("export_report", slug, month, *arguments, format=kind, stdout=out)
    return out.getvalue()


def read_csv(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_to_the_terminal(scorecard):
    first, second = read_csv(export())
    assert (first["ref"], first["2020-12"], first["2021-01"], first["change_month"]) == ("M1", "1,507", "1,464", "-3%")
    assert (second["ref"], second["2021-01"], second["change_month"]) == ("M3", "19%", "-21%")


def test_csv_says_blanks_in_shorthand(scorecard):
    assert read_csv(export())[0]["2020-11"] == "[x]"


def test_json_has_exact_values_and_texts(scorecard):
    row = json.loads(export(kind="json"))["sections"][0]["rows"][1]
    assert row["months"]["2021-01"]["value"] == str(Fraction(27100, 1464))
    assert row["months"]["2021-01"]["text"] == "19%"
    assert (row["change_month"]["movement"], row["change_month"]["assessment"]) == ("down", "not_judged")


def test_json_of_a_blank_has_no_value(scorecard):
    figure = json.loads(export(kind="json"))["sections"][0]["rows"][0]["months"]["2020-11"]
    assert (figure["value"], figure["text"], figure["blank"]) == (None, "[x]", "not_available")


def test_json_exact_values_agree_with_their_texts(loaded):
    places = dict(
        Scorecard.objects.values_list(
            "sections__lines__indicator__reference", "sections__lines__indicator__decimal_places"
        )
    )
    report = json.loads(export(slug=demonstration.SLUG, kind="json"))
    for row in (row for section in report["sections"] for row in section["rows"]):
        shown = [*row["months"].values(), row["average_12m"], row["maximum_12m"], *row["comparators"].values()]
        for cell in (cell for cell in shown if cell["value"] is not None):
            assert format_value(Fraction(cell["value"]), Unit(row["unit"]), places[row["ref"]]) == cell["text"]
        for cell in (row["change_month"], row["change_year"]):
            assert format_change(Fraction(cell["value"]) if cell["value"] else None) == cell["text"]


def test_json_and_csv_say_the_same(loaded):
    table = {row["ref"]: row for row in read_csv(export(slug=demonstration.SLUG))}
    report = json.loads(export(slug=demonstration.SLUG, kind="json"))
    rows = [row for section in report["sections"] for row in section["rows"]]
    assert [row["ref"] for row in rows] == list(table)
    for row in rows:
        months = {month: cell["text"] for month, cell in list(row["months"].items())[-6:]}
        assert {month: table[row["ref"]][month] for month in months} == months
        for column in ("change_month", "change_year", "average_12m", "maximum_12m"):
            assert table[row["ref"]][column] == row[column]["text"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_neutralises_formulas_in_every_text(start):
    text = f'{start}HYPERLINK("https://example.org")'
    indicator = make_indicator(
        text[:30], title=text, owner=make_user("o", name=text), reporter=make_user("r", name=text)
    )
    make_values(indicator, {JANUARY: 1})
    indicator.commentaries.create(month=JANUARY, text=text)
    make_scorecard(indicator)
    # As they could be stored before texts had one form.
    Indicator.objects.update(reference=text[:30], title=text)
    User.objects.update(name=text)
    Commentary.objects.update(text=text)
    [row] = read_csv(export())
    assert row["title"] == row["owner"] == row["reporter"] == row["commentary"] == f"'{text}"
    assert row["ref"] == f"'{text[:30]}"


# To a file


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_file_holds_what_the_terminal_shows(kind, scorecard, tmp_path):
    assert export("-o", str(tmp_path / "report"), kind=kind) == ""
    assert (tmp_path / "report").read_bytes().decode("utf-8-sig") == export(kind=kind)
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_file_is_utf_8_whatever_the_locale(scorecard, tmp_path):
    Scorecard.objects.update(title="Children’s scorecard – Tŷ")
    export("-o", str(tmp_path / "report"), kind="json")
    assert "Children’s scorecard – Tŷ" in (tmp_path / "report").read_bytes().decode("utf-8")


def test_file_that_exists_is_replaced_and_keeps_its_rights(scorecard, tmp_path):
    path = tmp_path / "report.csv"
    path.write_text("old " * 10_000)
    path.chmod(0o640)
    export("-o", str(path))
    assert path.read_text("utf-8-sig") == export()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_file_that_is_new_has_the_rights_of_any_new_file(scorecard, tmp_path):
    (tmp_path / "plain").touch()
    export("-o", str(tmp_path / "report.csv"))
    assert (tmp_path / "report.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_link_stays_a_link(scorecard, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "report.csv")
    export("-o", str(tmp_path / "link"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "report.csv").read_text("utf-8-sig") == export()


def test_pipe_is_written_to_not_replaced(scorecard, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    export("-o", str(tmp_path / "pipe"))
    assert os.read(reader, 100_000).decode("utf-8-sig") == export()
    assert (tmp_path / "pipe").is_fifo()
    os.close(reader)


# Mistakes


@pytest.mark.parametrize(
    ("month", "message"),
    [
        ("2021-13", "“2021-13” is not a month: write it as 2021-01 or January 2021."),
        ("x", "“x” is not a month: write it as 2021-01 or January 2021."),
        ("2021-02", "Front door has no figures for 2021-02. Months with figures: 2020-12, 2021-01."),
    ],
)
def test_wrong_month_is_explained(month, message, scorecard, tmp_path):
    with pytest.raises(CommandError) as error:
        export("-o", str(tmp_path / "report"), month=month)
    assert str(error.value) == message
    assert not list(tmp_path.iterdir())


def test_month_of_a_scorecard_without_figures_is_explained():
    make_scorecard(title="Empty")
    with pytest.raises(CommandError, match=r"^Empty has no figures for 2021-01. Months with figures: none yet.$"):
        export()


def test_wrong_format_is_explained(scorecard):
    with pytest.raises(CommandError, match=r"^There is no format “xml”: use pdf or xlsx or .*or tidy\.$"):
        export(kind="xml")


def test_unknown_scorecard_is_explained(scorecard):
    with pytest.raises(CommandError, match=r"^There is no scorecard “adults”. There are: panel.$"):
        export(slug="adults")


def test_unknown_scorecard_without_any_is_explained():
    with pytest.raises(CommandError, match=r"There are: none yet."):
        export()


def test_missing_folder_is_explained(scorecard, tmp_path):
    with pytest.raises(CommandError, match=r"^Can't write .*/missing/report: No such file or directory.$"):
        export("-o", str(tmp_path / "missing" / "report"))
    assert not list(tmp_path.iterdir())


def test_folder_instead_of_a_file_is_explained(scorecard, tmp_path):
    with pytest.raises(CommandError, match=r"^Can't write .*: Is a directory.$"):
        export("-o", str(tmp_path))
    assert not list(tmp_path.iterdir())
    assert not list(tmp_path.parent.glob(f".{tmp_path.name}.*"))


def test_full_disk_leaves_the_old_file_and_nothing_else(scorecard, tmp_path, monkeypatch):
    def fail(self, target):
        raise OSError(28, "No space left on device")

    (tmp_path / "report").write_text("old")
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(CommandError, match="No space left on device"):
        export("-o", str(tmp_path / "report"))
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"report": "old"}


def test_wrong_month_leaves_the_old_file(scorecard, tmp_path):
    (tmp_path / "report").write_text("old")
    with pytest.raises(CommandError):
        export("-o", str(tmp_path / "report"), month="2019-01")
    assert (tmp_path / "report").read_text() == "old"


def test_month_of_a_scorecard_with_only_derived_lines_is_known():
    source = make_indicator("M2")
    make_values(source, {JANUARY: 8})
    make_scorecard(make_derived("D", [source]), title="Only derived")
    assert Scorecard.objects.get().months_with_figures() == [date(2021, 1, 1)]


@pytest.mark.usefixtures("scorecard")
def test_link_that_leads_to_itself_is_explained(tmp_path):
    path = tmp_path / "report.csv"
    path.symlink_to(path)
    with pytest.raises(CommandError, match="links lead round in a circle"):
        call_command("export_report", "panel", "2021-01", format="csv", output=str(path))


@pytest.mark.usefixtures("scorecard")
def test_terminal_that_takes_nothing_is_explained():
    class FullDisk(io.StringIO):
        def flush(self):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(CommandError, match="Can't write the report: No space left on device"):
        call_command("export_report", "panel", "2021-01", format="csv", stdout=FullDisk())


@pytest.mark.usefixtures("scorecard")
@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("xlsx", "xl/workbook.xml"),
        ("data", "xl/tables/table1.xml"),
        ("tidy", "panel.meta.csv"),
        ("tidy.zip", "panel.csv"),
    ],
)
def test_file_of_parts_is_written_to_a_file(kind, part, tmp_path):
    export("-o", str(tmp_path / "report"), kind=kind)
    with zipfile.ZipFile(tmp_path / "report") as archive:
        assert part in archive.namelist()


@pytest.mark.usefixtures("scorecard")
def test_workbook_is_not_written_to_the_terminal():
    with pytest.raises(CommandError, match="say where with -o FILE"):
        export(kind="xlsx")
