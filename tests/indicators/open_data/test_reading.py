"""Putting published figures on an indicator's basis, and telling what is left out. Figures worked out by hand."""

from fractions import Fraction

import pytest

from indicators.calculations.vocabulary import Blank, GroupKind
from indicators.open_data import OpenDataError, read_findings

from .files import (
    NEIGHBOUR_CODES,
    authority,
    england,
    neighbours,
    own,
    region,
    small_mapping,
    write_neighbours,
    write_tidy,
)

ENGLAND, REGION, NEIGHBOURS = GroupKind.ENGLAND, GroupKind.REGION, GroupKind.STATISTICAL_NEIGHBOURS
# 12 authorities: the council and one more in its region, and its ten neighbours elsewhere.
COUNTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15]
ROWS = [england(120), region(30), own(24), authority("851", 6, region="E12000008"), *neighbours(COUNTS)]
MEDIAN = ('date = "2021-04"', 'date = "2021-04"\naverage = "median"')


def basis(words):
    return ('basis = "as is"', f'basis = "{words}"')


def read(folder, *replacements, rows=ROWS, more="", years=None):
    mapping = small_mapping(folder, *replacements, more=more)
    write_tidy(folder, *rows)
    write_neighbours(folder)
    return read_findings(mapping, folder, years or mapping.years)


def comparators(folder, *replacements, **options):
    [found] = read(folder, *replacements, **options)
    return {comparator.group: comparator for comparator in found.comparators}


def remarks(folder, *replacements, **options):
    [found] = read(folder, *replacements, **options)
    return list(found.remarks)


def problems(folder, *replacements, **options):
    with pytest.raises(OpenDataError) as error:
        read(folder, *replacements, **options)
    return list(error.value.problems)


# Bases: 120 in England's 12 authorities, 30 in the region's 2, and neighbours with 60 in all.


@pytest.mark.parametrize(
    ("words", "in_england", "in_region", "of_neighbours"),
    [
        ("as is", 120, 30, 6),
        ("per month", 10, Fraction(5, 2), Fraction(1, 2)),
        ("per authority", 10, 15, 6),
        ("per authority per month", Fraction(5, 6), Fraction(5, 4), Fraction(1, 2)),
    ],
)
def test_figure_is_put_on_the_basis(words, in_england, in_region, of_neighbours, tmp_path):
    found = comparators(tmp_path, basis(words))
    assert {group: made.value for group, made in found.items()} == {
        ENGLAND: in_england,
        REGION: in_region,
        NEIGHBOURS: of_neighbours,
    }


@pytest.mark.parametrize(
    ("words", "group", "text"),
    [
        ("as is", ENGLAND, "England, as published (120)"),
        ("per month", REGION, "South East, year's figure (30) / 12 months"),
        ("per authority", ENGLAND, "England total (120) / 12 authorities"),
        ("per authority per month", REGION, "South East total (30) / 2 authorities / 12 months"),
        ("per authority", NEIGHBOURS, "Mean of 10 statistical neighbours (list of April 2021)"),
        ("per month", NEIGHBOURS, "Mean of 10 statistical neighbours (list of April 2021) / 12 months"),
    ],
)
def test_basis_is_told(words, group, text, tmp_path):
    assert comparators(tmp_path, basis(words))[group].basis == text


def test_big_and_broken_numbers_are_told_as_published(tmp_path):
    rows = [england(642980), region("22.6"), *ROWS[2:]]
    found = comparators(tmp_path, rows=rows)
    assert (found[ENGLAND].basis, found[REGION].basis) == (
        "England, as published (642,980)",
        "South East, as published (22.6)",
    )


def test_source_and_files_are_kept(tmp_path):
    found = comparators(tmp_path)
    assert {made.source for made in found.values()} == {"DfE, referrals"}
    assert (found[ENGLAND].files, found[NEIGHBOURS].files) == ("referrals.csv", "referrals.csv and neighbours.csv")


def test_groups_that_are_not_wanted_are_left_out(tmp_path):
    assert set(comparators(tmp_path, ('column = "count"', 'column = "count"\ngroups = ["england"]'))) == {ENGLAND}


# Neighbours


def test_median_of_an_even_number_is_between_the_middle_two(tmp_path):
    made = comparators(tmp_path, MEDIAN)[NEIGHBOURS]
    assert (made.value, made.basis) == (
        Fraction(11, 2),
        "Median of 10 statistical neighbours (list of April 2021)",
    )


def test_neighbour_without_a_figure_is_left_out_and_told(tmp_path):
    rows = [*ROWS[:4], *neighbours([*COUNTS[:9], "c"])]
    made = comparators(tmp_path, rows=rows)[NEIGHBOURS]
    assert made.value == 5
    assert made.basis == "Mean of 9 of 10 statistical neighbours (list of April 2021)"
    assert remarks(tmp_path, rows=rows) == [
        "M2, 2019-20: statistical neighbour authority 310 left out: row 15 has “c” (confidential)."
    ]


def test_neighbour_that_is_not_in_the_file_is_left_out_and_told(tmp_path):
    assert remarks(tmp_path, rows=ROWS[:-1]) == [
        "M2, 2019-20: statistical neighbour authority 310 left out: the file doesn't list it."
    ]


def test_zero_of_a_neighbour_counts(tmp_path):
    rows = [*ROWS[:4], *neighbours([*COUNTS[:9], 0])]
    assert comparators(tmp_path, rows=rows)[NEIGHBOURS].value == Fraction(45, 10)


def test_no_neighbour_with_a_figure_gives_no_comparator(tmp_path):
    rows = [*ROWS[:4], *neighbours("x")]
    assert NEIGHBOURS not in comparators(tmp_path, rows=rows)
    assert remarks(tmp_path, rows=rows)[-1] == (
        "M2, 2019-20: no statistical neighbour has a figure, so there is none for them."
    )


# England and the region


@pytest.mark.parametrize("text", ["c", "z", "x", "low", ":", ""])
def test_symbol_gives_no_comparator_and_is_told(text, tmp_path):
    rows = [england(text), *ROWS[1:]]
    assert set(comparators(tmp_path, rows=rows)) == {REGION, NEIGHBOURS}
    [told] = remarks(tmp_path, rows=rows)
    assert told.startswith("M2, 2019-20: England left out: row 2 of referrals.csv has ")


def test_england_that_is_not_in_the_file_is_told(tmp_path):
    assert remarks(tmp_path, rows=ROWS[1:]) == ["M2, 2019-20: England left out: referrals.csv has no row for it."]


def test_region_that_is_not_known_is_explained(tmp_path):
    rows = [england(1), region(2, "E12000001", "North East"), *ROWS[2:]]
    assert problems(tmp_path, rows=rows) == [
        "M2: referrals.csv has no region E12000008 for 2019-20. It has E12000001 (North East)."
    ]


def test_council_that_is_not_known_is_explained(tmp_path):
    assert problems(tmp_path, rows=[*ROWS[:2], *ROWS[3:]]) == ["M2: referrals.csv has no authority 852 for 2019-20."]


# Numbers of authorities

STATED = '[[authorities]]\nyear = "2019-20"\nengland = 24\nreason = "As printed."\n'


def test_stated_number_of_authorities_is_used_and_told(tmp_path):
    made = comparators(tmp_path, basis("per authority"), more=STATED)
    assert (made[ENGLAND].value, made[ENGLAND].basis, made[ENGLAND].note) == (
        5,
        "England total (120) / 24 authorities",
        "As printed.",
    )
    assert (made[REGION].value, made[REGION].note) == (15, "")
    assert remarks(tmp_path, basis("per authority"), more=STATED) == [
        "M2, 2019-20: England: 24 authorities as stated, though the file lists 12."
    ]


def test_stated_number_that_agrees_with_the_file_needs_no_words(tmp_path):
    stated = STATED.replace("24", "12")
    assert comparators(tmp_path, basis("per authority"), more=stated)[ENGLAND].note == ""
    assert remarks(tmp_path, basis("per authority"), more=stated) == []


def test_stated_number_of_another_year_is_not_used(tmp_path):
    stated = STATED.replace("2019-20", "2020-21")
    assert comparators(tmp_path, basis("per authority"), more=stated)[ENGLAND].value == 10


def test_authority_that_is_not_applicable_is_not_counted(tmp_path):
    rows = [*ROWS, authority("942", "z"), authority("943", "c")]
    assert comparators(tmp_path, basis("per authority"), rows=rows)[ENGLAND].value == Fraction(120, 13)


def test_authorities_that_cannot_be_counted_are_explained(tmp_path):
    assert problems(tmp_path, basis("per authority"), rows=ROWS[:2]) == [
        "M2: referrals.csv lists no authorities to count for 2019-20: state how many there were under [[authorities]]."
    ]


def test_file_without_authorities_gives_england_and_the_region(tmp_path):
    assert set(comparators(tmp_path, rows=ROWS[:2])) == {ENGLAND, REGION}
    assert remarks(tmp_path, rows=ROWS[:2]) == [
        "M2, 2019-20: referrals.csv has no single authorities, so there is no figure for statistical neighbours."
    ]


def test_authorities_of_both_halves_are_in_london(tmp_path):
    rows = [
        england(120),
        region(30, "E12000007", "London"),
        own(1).replace("E12000008", "E13000001"),
        authority("320", 1, region="E13000002"),
        *neighbours(1),
    ]
    made = comparators(tmp_path, ("E12000008", "E12000007"), basis("per authority"), rows=rows)
    assert made[REGION].value == 15


# Single authorities


def test_every_authority_is_kept_on_the_basis(tmp_path):
    [found] = read(tmp_path, basis("per authority per month"))
    kept = {figure.code: figure for figure in found.authorities}
    assert len(kept) == 12
    assert kept["852"][4:] == (2, None, True, False, True)
    assert kept["851"][4:] == (Fraction(1, 2), None, False, False, True)
    assert kept["310"][4:] == (Fraction(5, 4), None, False, True, False)


def test_authority_without_a_figure_is_kept_without_and_told(tmp_path):
    rows = [*ROWS, authority("942", "c", "Cumberland"), authority("943", "z")]
    [found] = read(tmp_path, rows=rows)
    assert [figure[4:6] for figure in found.authorities[-2:]] == [
        (None, Blank.SUPPRESSED),
        (None, Blank.NOT_APPLICABLE),
    ]
    assert found.remarks == ("M2, 2019-20: authorities without a figure: Cumberland (row 16 has “c” (confidential)).",)


# Years and files


def test_each_year_has_its_findings(tmp_path):
    later = [row.replace("2020,", "2021,", 1) for row in ROWS]
    found = read(tmp_path, rows=[*ROWS, *later], years=[2020, 2019])
    assert [(one.year, len(one.comparators), len(one.authorities)) for one in found] == [(2019, 3, 12), (2020, 3, 12)]


def test_year_that_a_file_lacks_is_told(tmp_path):
    _, found = read(tmp_path, years=[2019, 2020])
    assert found.comparators == ()
    assert found.remarks == ("M2, 2020-21: referrals.csv doesn't have this year. It has 2019-20.",)


def test_year_that_no_file_has_is_explained(tmp_path):
    assert problems(tmp_path, years=[2091]) == ["No file has a figure for 2091-92."]


def test_everything_that_is_wrong_is_told_at_once(tmp_path):
    more = '[files.plans]\nfile = "plans.csv"\nsource = "DfE"\n' + "".join(
        f'[[comparator]]\nindicator = "{reference}"\nfile = "{file}"\ncolumn = "x"\nbasis = "as is"\non_basis = "no"\n'
        for reference, file in [("A", "plans"), ("B", "plans"), ("C", "referrals")]
    )
    mapping = small_mapping(tmp_path, more=more)
    write_tidy(tmp_path, *ROWS)
    write_neighbours(tmp_path, own="851")

    with pytest.raises(OpenDataError) as error:
        read_findings(mapping, tmp_path, mapping.years)

    missing, own_row, column = error.value.problems
    assert missing == f"The file {tmp_path / 'plans.csv'} isn't there."
    assert own_row == "neighbours.csv has no row for the authority 852."
    assert column.startswith("C: referrals.csv has no column “x”.")


def test_neighbours_are_those_of_the_list(tmp_path):
    [found] = read(tmp_path)
    assert {figure.code for figure in found.authorities if figure.is_neighbour} == set(NEIGHBOUR_CODES)
