"""Reading lists of statistical neighbours, in the forms of 2021 and 2025."""

import pytest

from indicators.open_data import OpenDataError
from indicators.open_data.files import read_csv, read_neighbours

from .files import EXTRACT, NEIGHBOUR_CODES, write_neighbours


def problem_of(path, authority="852"):
    with pytest.raises(OpenDataError) as error:
        read_neighbours(read_csv(path), authority)
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("2021-04", ("851", "373", "874", "879", "831", "801", "331", "861", "810", "355")),
        ("2025-05", ("331", "831", "851", "373", "312", "355", "874", "383", "350", "320")),
    ],
)
def test_neighbours_of_southampton(name, codes):
    found = read_neighbours(read_csv(EXTRACT / f"statistical_neighbours_{name}.csv"), "852")
    assert found.codes == codes
    assert found.name("851") == "Portsmouth"
    assert found.name("999") == "authority 999"


def test_authority_below_the_end_of_the_list_of_2021_is_found():
    assert len(read_neighbours(read_csv(EXTRACT / "statistical_neighbours_2021-04.csv"), "836").codes) == 10


def test_authority_that_is_missing_is_explained(tmp_path):
    assert problem_of(write_neighbours(tmp_path), "851") == "neighbours.csv has no row for the authority 851."


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "neighbours.csv, row 2, column SN_1: “” is not the three-digit code of an authority."),
        ("Derby", "neighbours.csv, row 2, column SN_1: “Derby” is not the three-digit code of an authority."),
        ("852", "neighbours.csv, row 2: 852 is listed as its own neighbour."),
        ("302", "neighbours.csv, row 2: 302 is listed as a neighbour twice."),
    ],
)
def test_neighbour_that_cannot_be_is_explained(code, message, tmp_path):
    assert problem_of(write_neighbours(tmp_path, code, *NEIGHBOUR_CODES[1:])) == message


def test_authority_listed_twice_is_explained(tmp_path):
    path = write_neighbours(tmp_path)
    path.write_text(path.read_text() + path.read_text().splitlines()[1])
    assert problem_of(path) == "neighbours.csv, rows 2 and 3: both are for 852."


def test_row_that_ends_too_early_is_explained(tmp_path):
    path = write_neighbours(tmp_path)
    path.write_text(path.read_text().replace(",310,Close", ""))
    assert "row 2, column SN_10: “” is not the three-digit code" in problem_of(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("SN_4,", "Fourth,", "neighbours.csv lacks columns for neighbour 4: they are called SN1 or SN_1."),
        (
            "old_la_code",
            "code",
            "neighbours.csv is not a list of neighbours: it has no column “old_la_code” or “LA num”.",
        ),
        ("la_name", "name", "neighbours.csv is not a list of neighbours: it has no column “la_name” or “LA Name”."),
    ],
)
def test_file_that_is_no_list_is_explained(old, new, message, tmp_path):
    path = write_neighbours(tmp_path)
    path.write_text(path.read_text().replace(old, new, 1))
    assert problem_of(path) == message
