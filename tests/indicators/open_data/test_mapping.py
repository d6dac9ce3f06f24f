"""Reading a mapping: what it may say, and how each mistake in it is told."""

from datetime import date

import pytest

from indicators.calculations.basis import HOW_TO, Rule, parse_basis
from indicators.calculations.vocabulary import GroupKind, OnBasis
from indicators.open_data import OpenDataError, load_mapping
from indicators.open_data.mapping import Average

from .files import DEMONSTRATION, MAPPING, small_mapping, write_mapping

ENGLAND, REGION, NEIGHBOURS = GroupKind.ENGLAND, GroupKind.REGION, GroupKind.STATISTICAL_NEIGHBOURS


def problems_of(path):
    with pytest.raises(OpenDataError) as error:
        load_mapping(path)
    return list(error.value.problems)


def test_mapping_is_read(tmp_path):
    mapping = small_mapping(tmp_path)

    assert (mapping.authority, mapping.region, mapping.years) == ("852", "E12000008", (2019,))
    assert mapping.neighbours == ("neighbours.csv", date(2021, 4, 1), Average.MEAN)
    [entry] = mapping.entries
    assert (entry.reference, entry.terms.names, entry.filters, entry.note) == ("M2", ("count",), {}, "")
    assert (entry.file, entry.source.publication) == ("referrals.csv", "DfE, referrals")
    assert (entry.basis, entry.on_basis) == (Rule(), OnBasis.YES)
    assert set(entry.groups) == {ENGLAND, REGION, NEIGHBOURS}


def test_mapping_has_options(tmp_path):
    mapping = small_mapping(
        tmp_path,
        ('date = "2021-04"', 'date = "2021-04"\naverage = "median"'),
        ('on_basis = "yes"', 'on_basis = "no"\nnote = "A note."\ngroups = ["region"]\nfilters = { kind = "all" }'),
        more='[[authorities]]\nyear = "2019-20"\nengland = 152\nregion = 19\nreason = "As printed."\n',
    )

    assert mapping.neighbours.average is Average.MEDIAN
    assert mapping.counts == {
        (2019, ENGLAND): (152, "As printed."),
        (2019, REGION): (19, "As printed."),
    }
    [entry] = mapping.entries
    assert (entry.on_basis, entry.note, entry.groups, entry.filters) == (
        OnBasis.NO,
        "A note.",
        (REGION,),
        {"kind": "all"},
    )


@pytest.mark.parametrize(
    ("word", "by_authority", "by_month"),
    [
        ("as is", False, False),
        ("per month", False, True),
        ("per authority", True, False),
        ("per authority per month", True, True),
    ],
)
def test_basis_says_what_is_divided(word, by_authority, by_month):
    assert (parse_basis(word).by_authority, parse_basis(word).by_month) == (by_authority, by_month)


def test_mapping_of_the_demonstration_is_in_order():
    assert len(load_mapping(DEMONSTRATION).entries) == 8


MISTAKES = {
    "a word in place of a basis": (
        ('basis = "as is"', 'basis = "per authorty"'),
        f"comparators.toml, [[comparator]] 1 (M2): “basis”: “per authorty” is not a basis. {HOW_TO}",
    ),
    "on_basis left out": (
        ('on_basis = "yes"\n', ""),
        "comparators.toml, [[comparator]] 1 (M2): “on_basis” is missing.",
    ),
    "a key that is misspelt": (
        ('column = "count"', 'column = "count"\nfilter = { kind = "all" }'),
        "comparators.toml, [[comparator]] 1 (M2): “filter” is not known here. Did you mean “filters”? Known are "
        "indicator, file, column, minus, share_of, filters, year_type, groups, period, basis, on_basis, note and 1 "
        "more.",
    ),
    "a file that is not listed": (
        ('file = "referrals"\n', 'file = "referals"\n'),
        "comparators.toml, [[comparator]] 1 (M2): “file”: there is no [files.referals]. Did you mean “referrals”? "
        "There are referrals.",
    ),
    "a group that is not one": (
        ('column = "count"', 'column = "count"\ngroups = ["england", "wales"]'),
        "comparators.toml, [[comparator]] 1 (M2): “groups”: wales is not a group; the groups are "
        "statistical_neighbours, england, region.",
    ),
    "groups that are empty": (
        ('column = "count"', 'column = "count"\ngroups = []'),
        "comparators.toml, [[comparator]] 1 (M2): “groups” must be a list of texts in quotes, with at least one.",
    ),
    "a filter that is a number": (
        ('column = "count"', 'column = "count"\nfilters = { kind = 1 }'),
        "comparators.toml, [[comparator]] 1 (M2): “filters”: kind must be a text in quotes.",
    ),
    "filters that are a text": (
        ('column = "count"', 'column = "count"\nfilters = "all"'),
        "comparators.toml, [[comparator]] 1 (M2): “filters” must be a table, not a text in quotes.",
    ),
    "an indicator that is empty": (
        ('indicator = "M2"', 'indicator = " "'),
        "comparators.toml, [[comparator]] 1: “indicator” is empty.",
    ),
    "a text of two lines": (
        ('column = "count"', 'column = "co\\nunt"'),
        "comparators.toml, [[comparator]] 1 (M2): “column” has line breaks or other characters that can't be printed.",
    ),
    "a source that is too long": (
        ('source = "DfE, referrals"', f'source = "{"x" * 301}"'),
        "comparators.toml, [files.referrals]: “source” is longer than 300 characters.",
    ),
    "a code in place of text": (
        ('authority = "852"', "authority = 852"),
        "comparators.toml, [council]: “authority” must be a text in quotes, not a whole number.",
    ),
    "a nine-character code of the council": (
        ('authority = "852"', 'authority = "E06000045"'),
        "comparators.toml, [council]: “authority”: “E06000045” is not the three-digit code of an authority, such as "
        "852.",
    ),
    "a name in place of the region's code": (
        ('region = "E12000008"', 'region = "South East"'),
        "comparators.toml, [council]: “region”: “South East” is not the code of a region, such as E12000008.",
    ),
    "no council": (
        ('[council]\nauthority = "852"\nregion = "E12000008"\n', ""),
        "comparators.toml: “council” is missing.",
    ),
    "a year that is not financial": (
        ('years = ["2019-20"]', 'years = ["2020"]'),
        "comparators.toml: “years”: “2020” is not a financial year: write it as 2019-20.",
    ),
    "years outside a list": (
        ('years = ["2019-20"]', 'years = "2019-20"'),
        "comparators.toml: “years” must be a list, not a text in quotes.",
    ),
    "no years": (('years = ["2019-20"]', ""), "comparators.toml: “years” is missing."),
    "a list's date without a month": (
        ('date = "2021-04"', 'date = "2021"'),
        "comparators.toml, [neighbours]: “date”: “2021” is not a month: write it as YYYY-MM, for example 2021-01.",
    ),
    "a date of TOML's": (
        ('date = "2021-04"', "date = 2021-04-01"),
        "comparators.toml, [neighbours]: “date” must be a text in quotes, not a date or time.",
    ),
    "an average that is not one": (
        ('date = "2021-04"', 'date = "2021-04"\naverage = "mode"'),
        "comparators.toml, [neighbours]: “average” is “mode”: it must be “mean” or “median”.",
    ),
    "a file that is no table": (
        (
            '[files.referrals]\nfile = "referrals.csv"\nsource = "DfE, referrals"',
            '[files]\nreferrals = "referrals.csv"',
        ),
        "comparators.toml: “files”: write [files.referrals] as a table of its own.",
    ),
    "a table that is not known": (
        ("[[comparator]]", "[[comparators]]"),
        "comparators.toml: “comparators” is not known here. Did you mean “comparator”? Known are council, printed, "
        "files, years, neighbours, authorities, comparator.",
    ),
    "one table in place of several": (
        ("[[comparator]]", "[comparator]"),
        "comparators.toml: “comparator” must be a list, not a table.",
    ),
}


@pytest.mark.parametrize(("replacement", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_explained(replacement, message, tmp_path):
    assert message in problems_of(write_mapping(tmp_path, replacement))


COUNTS = {
    "no reason": ('year = "2019-20"\nengland = 152', "“reason” is missing."),
    "no number": ('year = "2019-20"\nreason = "So."', "say how many in “england”, in “region”, or both."),
    "no year": ('england = 152\nreason = "So."', "“year” is missing."),
    "0": ('year = "2019-20"\nengland = 0\nreason = "So."', "“england” is 0: it must be a whole number above 0"),
    "a half": ('year = "2019-20"\nengland = 1.5\nreason = "So."', "“england” must be a whole number, not a number."),
    "true": (
        'year = "2019-20"\nengland = true\nreason = "So."',
        "“england” must be a whole number, not true or false.",
    ),
}


@pytest.mark.parametrize(("lines", "message"), COUNTS.values(), ids=COUNTS)
def test_mistake_in_the_number_of_authorities_is_explained(lines, message, tmp_path):
    [problem] = problems_of(write_mapping(tmp_path, more=f"[[authorities]]\n{lines}\n"))
    assert problem.startswith(f"comparators.toml, [[authorities]] 1: {message}")


def test_number_of_authorities_given_twice_is_explained(tmp_path):
    once = '[[authorities]]\nyear = "2019-20"\nengland = 152\nreason = "So."\n'
    assert problems_of(write_mapping(tmp_path, more=once + once)) == [
        "comparators.toml, [[authorities]] 2: “england” is there for 2019-20 already."
    ]


def test_indicator_given_twice_is_explained(tmp_path):
    again = MAPPING[MAPPING.index("[[comparator]]") :].replace("M2", "m2")
    assert problems_of(write_mapping(tmp_path, more=again)) == [
        "comparators.toml: m2 has more than one [[comparator]]."
    ]


def test_all_mistakes_are_told_at_once(tmp_path):
    found = problems_of(write_mapping(tmp_path, ('"852"', '"85"'), ('column = "count"\n', ""), ('"as is"', '"so"')))
    assert len(found) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("years = 2019-20", "is not written as TOML: Expected newline or end of document after a statement (at line 1"),
        ("a = 1\na = 2", "is not written as TOML: Cannot overwrite a value"),
        (f"a = {'9' * 5000}", "is not written as TOML"),
        ("a = " + "[" * 5000, "is not written as TOML"),
    ],
    ids=["unquoted", "twice", "a huge number", "deeply nested"],
)
def test_file_that_is_no_toml_is_explained(text, message, tmp_path):
    path = tmp_path / "comparators.toml"
    path.write_text(text)
    [problem] = problems_of(path)
    assert problem.startswith("The mapping comparators.toml")
    assert message in problem


def test_file_in_another_encoding_is_explained(tmp_path):
    path = tmp_path / "comparators.toml"
    path.write_bytes("# café".encode("latin-1"))
    assert problems_of(path) == ["The mapping comparators.toml is not in UTF-8."]


def test_file_that_is_not_there_is_explained(tmp_path):
    assert problems_of(tmp_path / "no.toml") == [f"The mapping {tmp_path / 'no.toml'} isn't there."]


def test_folder_in_place_of_a_file_is_explained(tmp_path):
    assert problems_of(tmp_path) == [f"Can't read the mapping {tmp_path}: Is a directory."]
