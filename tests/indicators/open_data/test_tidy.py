"""Reading tidy CSV files: which cells are figures, which are blanks, and how what is wrong is told."""

from fractions import Fraction

import pytest

from indicators.calculations.vocabulary import Blank
from indicators.open_data import OpenDataError
from indicators.open_data.files import read_csv
from indicators.open_data.tidy import Level, read_cells, years_in

from .files import TIDY_COLUMNS, authority, england, own, region, write_tidy


def cells_of(folder, *rows, column="count", filters=None, years=(2019,), columns=TIDY_COLUMNS):
    file = read_csv(write_tidy(folder, *rows, columns=columns))
    return read_cells(file, column=column, filters=filters or {}, years=years)


def problem_of(folder, *rows, **options):
    with pytest.raises(OpenDataError) as error:
        cells_of(folder, *rows, **options)
    [problem] = error.value.problems
    return problem


def test_cells_are_of_england_regions_and_authorities(tmp_path):
    rows = cells_of(tmp_path, england(9), region(8), own(7))
    assert [(cell.row, cell.level, cell.code, cell.name, cell.value) for cell in rows] == [
        (2, Level.NATIONAL, "", "England", 9),
        (3, Level.REGIONAL, "E12000008", "South East", 8),
        (4, Level.AUTHORITY, "852", "Southampton", 7),
    ]


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("642980", 642980), ("22.6", Fraction(226, 10)), (" 5 ", 5)])
def test_number_is_exact(text, value, tmp_path):
    [cell] = cells_of(tmp_path, england(text))
    assert (cell.value, cell.blank) == (value, None)


@pytest.mark.parametrize(
    ("text", "blank", "why"),
    [
        ("c", Blank.SUPPRESSED, "“c” (confidential)"),
        ("z", Blank.NOT_APPLICABLE, "“z” (not applicable)"),
        ("x", Blank.NOT_AVAILABLE, "“x” (not available)"),
        ("u", Blank.NOT_AVAILABLE, "“u” (not reliable)"),
        ("low", Blank.NOT_AVAILABLE, "“low” (above 0, but rounds to 0)"),
        ("k", Blank.NOT_AVAILABLE, "“k” (above 0, but rounds to 0)"),
        ("~", Blank.NOT_AVAILABLE, "“~” (above 0, but rounds to 0)"),
        (":", Blank.NOT_AVAILABLE, "“:” (not available)"),
        ("..", Blank.NOT_AVAILABLE, "“..” (no figure)"),
        ("-", Blank.NOT_AVAILABLE, "“-” (no figure)"),
        ("C", Blank.SUPPRESSED, "“C” (confidential)"),
        ("", Blank.NOT_AVAILABLE, "nothing"),
    ],
)
def test_symbol_is_no_number(text, blank, why, tmp_path):
    [cell] = cells_of(tmp_path, england(text))
    assert (cell.value, cell.blank, cell.why) == (None, blank, why)


@pytest.mark.parametrize("text", ["abc", "-5", '"1,234"', "22.6%", "1e5", "٣", "9" * 13, "n"])
def test_cell_that_is_neither_is_explained(text, tmp_path):
    problem = problem_of(tmp_path, england(5), own(text))
    assert problem.startswith("referrals.csv, row 3, column count: “")
    assert "is neither a number such as 1234.5 nor one of the symbols for no figure (c, z, x, u, low, :, k" in problem


def test_other_columns_may_hold_anything(tmp_path):
    [cell] = cells_of(tmp_path, england(5, rate="abc"))
    assert cell.value == 5


@pytest.mark.parametrize(
    ("period", "identifier", "year"), [("2020", "Reporting year", 2019), ("201920", "Financial year", 2019)]
)
def test_year_is_the_one_to_march(period, identifier, year, tmp_path):
    row = england(5, period=period).replace("Reporting year", identifier)
    assert years_in(read_csv(write_tidy(tmp_path, row))) == {year}


@pytest.mark.parametrize(
    ("period", "identifier"),
    [
        ("2020", "Calendar year"),
        ("201920", "Academic year"),
        ("201920", "Reporting year"),
        ("2020", "Financial year"),
        ("201921", "Financial year"),
        ("0000", "Reporting year"),
        ("20", "Reporting year"),
        ("٢٠٢٠", "Reporting year"),
        ("", ""),
    ],
)
def test_year_that_is_not_one_to_march_is_explained(period, identifier, tmp_path):
    problem = problem_of(tmp_path, england(5, period=period).replace("Reporting year", identifier))
    assert problem.startswith("referrals.csv, row 2, column time_period: ")
    assert "is not a year to March" in problem or "is not a financial year" in problem


def test_only_the_years_asked_for_are_read(tmp_path):
    rows = cells_of(tmp_path, england(5), england(6, period=2021), england("rubbish", period=2022), years=(2019, 2020))
    assert [(cell.year, cell.value) for cell in rows] == [(2019, 5), (2020, 6)]


@pytest.mark.parametrize(
    "row",
    [
        england(5).replace("E92000001", "K02000001"),
        england(5).replace("National", "School"),
        authority("x", 5, "Not available"),
    ],
    ids=["another country", "another level", "an unknown authority"],
)
def test_place_that_is_not_needed_is_passed_over(row, tmp_path):
    assert cells_of(tmp_path, row) == []


# Filters


def test_filter_chooses_rows(tmp_path):
    [cell] = cells_of(tmp_path, england(5), england(6, kind="starting"), filters={"kind": "starting"})
    assert (cell.row, cell.value) == (3, 6)


def test_two_rows_for_a_place_and_year_are_explained(tmp_path):
    assert problem_of(tmp_path, england(5), england(6, kind="starting", rate=2)) == (
        "referrals.csv, rows 2 and 3: both are England, 2019-20. Add a filter that chooses one; they differ in kind."
    )


def test_the_same_row_twice_is_explained(tmp_path):
    assert problem_of(tmp_path, own(5), own(5)) == (
        "referrals.csv, rows 2 and 3: both are Southampton, 2019-20. Remove one of them."
    )


def test_filter_that_matches_nothing_is_explained(tmp_path):
    assert problem_of(tmp_path, england(5), england(6, kind="starting"), filters={"kind": "begun"}) == (
        "referrals.csv has no row with “begun” in the column kind. It has “all”, “starting”."
    )


@pytest.mark.parametrize(
    ("options", "column"), [({"column": "cuont"}, "cuont"), ({"filters": {"kinds": "a"}}, "kinds")]
)
def test_column_that_is_missing_is_explained(options, column, tmp_path):
    problem = problem_of(tmp_path, england(5), **options)
    assert problem.startswith(f"referrals.csv has no column “{column}”. Did you mean “")
    assert "Its columns are time_period, time_identifier" in problem


# The file itself


@pytest.mark.parametrize("column", TIDY_COLUMNS.split(",")[:8])
def test_file_that_is_not_tidy_is_explained(column, tmp_path):
    problem = problem_of(tmp_path, england(5), columns=TIDY_COLUMNS.replace(column, "other", 1))
    assert f"referrals.csv has no column “{column}”" in problem


def test_column_that_is_there_twice_is_explained(tmp_path):
    problem = problem_of(tmp_path, england(5), columns=TIDY_COLUMNS.replace("rate", "count"))
    assert problem == "referrals.csv, row 1: the column “count” is there twice."


def test_row_of_another_length_is_explained(tmp_path):
    assert problem_of(tmp_path, england(5), own(5) + ",7") == (
        "referrals.csv, row 3: 12 cells, but row 1 names 11 columns."
    )


def test_empty_rows_count_as_rows_but_are_passed_over(tmp_path):
    [cell] = cells_of(tmp_path, "", ",,,", england(5))
    assert cell.row == 4


def test_mark_at_the_start_of_the_file_is_no_part_of_a_name(tmp_path):
    path = write_tidy(tmp_path, england(5))
    path.write_text(path.read_text(), encoding="utf-8-sig")
    assert read_csv(path).columns[0] == "time_period"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "figures.csv has no names of columns in its first row."),
        (b"\na,b\n", "figures.csv has no names of columns in its first row."),
        (b"a,caf\xe9\n", "figures.csv is not in UTF-8: save it as “CSV UTF-8 (comma delimited)”."),
        (b'a,b\n"x"y,2\n', "figures.csv is not a proper CSV file: ',' expected after '\"'."),
    ],
    ids=["empty", "an empty first row", "another encoding", "a stray quotation mark"],
)
def test_file_that_is_no_csv_is_explained(content, message, tmp_path):
    path = tmp_path / "figures.csv"
    path.write_bytes(content)
    with pytest.raises(OpenDataError) as error:
        read_csv(path)
    assert str(error.value) == message


def test_file_that_is_not_there_is_explained(tmp_path):
    with pytest.raises(OpenDataError, match=r"^The file .*/no.csv isn't there.$"):
        read_csv(tmp_path / "no.csv")


def test_folder_in_place_of_a_file_is_explained(tmp_path):
    with pytest.raises(OpenDataError, match=r"^Can't read the file .*: Is a directory.$"):
        read_csv(tmp_path)
