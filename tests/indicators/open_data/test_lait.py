"""Reading LAIT's layout: its years, its dictionary, and all that may be wrong with a file. Worked out by hand."""

import gzip
from datetime import date
from fractions import Fraction

import pytest

from indicators.calculations.formatting import format_number
from indicators.calculations.vocabulary import Blank, GroupKind, OnBasis, Polarity
from indicators.open_data import OpenDataError, load_mapping, read_findings
from indicators.open_data.files import read_csv
from indicators.open_data.lait import read_dictionary
from indicators.open_data.periods import YearType, parse_period

from .files import (
    DICTIONARY_COLUMNS,
    LAIT,
    LAIT_COLUMNS,
    NEIGHBOUR_CODES,
    lait,
    lait_mapping,
    lait_rows,
    write_lait,
    write_tidy,
)

ENGLAND, REGION, NEIGHBOURS = GroupKind.ENGLAND, GroupKind.REGION, GroupKind.STATISTICAL_NEIGHBOURS
JANUARY, APRIL, SEPTEMBER = 1, 4, 9


def read(folder, *rows, mapping=(), more="", years=None, **files):
    write_lait(folder, *rows, **files)
    found = lait_mapping(folder, *mapping, more=more)
    return read_findings(found, folder, years or found.years)


def values(folder, *rows, **options):
    [found] = read(folder, *rows, **options)
    return {one.group: one.value for one in found.comparators}


def problems(folder, *rows, **options):
    with pytest.raises(OpenDataError) as error:
        read(folder, *rows, **options)
    return list(error.value.problems)


# The demonstration's mapping


def test_demonstration_has_60_figures_of_20_rows():
    mapping = load_mapping(LAIT.parent / "lait.toml")
    found = read_findings(mapping, LAIT, mapping.years)
    figures = {
        one.reference: {made.group: made for made in one.comparators} for one in found if len(one.comparators) == 3
    }
    assert len(figures) == 20
    # Neighbours of Southampton by hand: 4,568 referrals a year on average; England's 642,980 / 152 / 12.
    assert figures["M2"][NEIGHBOURS].value == Fraction(4568, 12)
    assert figures["M2"][ENGLAND].value == Fraction(642_980, 152 * 12)
    assert figures["M6-QL"][NEIGHBOURS].value == Fraction(2549, 100)
    assert figures["CP6B"][NEIGHBOURS].value == Fraction(4055, 10)
    assert {group: format_number(one.value) for group, one in figures["LAC2"].items()} == {
        ENGLAND: "17", REGION: "19", NEIGHBOURS: "18",
    }  # fmt: skip
    assert figures["EH3e%"][ENGLAND].basis == "100 - England, as published (83.8)"
    assert figures["CP2"][REGION].basis == (
        "South East, 10_ICPC + 15_ICPC + 20_ICPC + 21_ICPC (1,360 + 7,850 + 1,210 + 1,710) / 19 authorities / 12 months"
    )
    assert figures["CP1-NI"][NEIGHBOURS].basis == "Mean of 10 statistical neighbours (list of April 2021) / 12 months"
    assert figures["YO2"][ENGLAND].basis == "England, as published (1,521), January 2020 to December 2020"
    one = figures["M2"][ENGLAND]
    assert (one.year, one.printed, one.next_update, one.on_basis) == (2019, False, date(2026, 10, 1), OnBasis.YES)
    assert (
        one.source
        == "DfE, Local Authority Interactive Tool, April 2026: Number of referrals to Children's Social Services"
    )


def test_rate_of_england_outside_all_its_authorities_is_told():
    mapping = load_mapping(LAIT.parent / "lait.toml")
    told = [
        text for one in read_findings(mapping, LAIT, mapping.years) for text in one.remarks if "England has" in text
    ]
    assert len(told) == 1
    assert told[0].startswith("YO2, 2019-20: England has 1,521, but all its authorities lie between 64 and 357")


# Years


@pytest.mark.parametrize(
    ("text", "kind", "first", "last", "filed_under"),
    [
        ("2020", YearType.FINANCIAL, (2019, 4), (2020, 3), 2019),
        ("2020", YearType.ANNUAL, (2019, 4), (2020, 3), 2019),
        ("2020", YearType.CALENDAR, (2020, 1), (2020, 12), 2019),
        ("2020", YearType.ACADEMIC, (2019, 9), (2020, 8), 2019),
        ("2019-20", YearType.FINANCIAL, (2019, 4), (2020, 3), 2019),
        ("2019/20", YearType.ACADEMIC, (2019, 9), (2020, 8), 2019),
        ("2019-2020", YearType.FINANCIAL, (2019, 4), (2020, 3), 2019),
        ("1999-00", YearType.FINANCIAL, (1999, 4), (2000, 3), 1999),
        ("2017-19", YearType.CALENDAR, (2017, 1), (2019, 12), 2018),
        ("2017 - 20", YearType.FINANCIAL, (2017, 4), (2020, 3), 2019),
        ("2020 Q1", YearType.FINANCIAL, (2020, 1), (2020, 3), 2019),
        ("Q4 2020", YearType.CALENDAR, (2020, 10), (2020, 12), 2020),
        ("2020-21 Q1", YearType.FINANCIAL, (2020, 4), (2020, 6), 2020),
        ("2019/20 (Q2)", YearType.ACADEMIC, (2019, 12), (2020, 2), 2019),
        ("March 2020", YearType.FINANCIAL, (2020, 3), (2020, 3), 2019),
        ("2020-03", YearType.CALENDAR, (2020, 3), (2020, 3), 2019),
        ("Autumn 2019", YearType.ACADEMIC, (2019, 9), (2019, 12), 2019),
        ("2019/20 Spring term", YearType.ACADEMIC, (2020, 1), (2020, 3), 2019),
    ],
)  # fmt: skip
def test_each_year_is_read_as_its_own_kind(text, kind, first, last, filed_under):
    period = parse_period(text, kind)
    assert ((period.first.year, period.first.month), (period.last.year, period.last.month)) == (first, last)
    assert period.filed_under == filed_under


@pytest.mark.parametrize(
    ("text", "starts", "year"),
    [("2020", JANUARY, 2020), ("2020", APRIL, 2019), ("2017-19", JANUARY, 2019)],
)
def test_calendar_year_counts_as_the_indicators_own_year_where_that_begins_in_january(text, starts, year):
    assert parse_period(text, YearType.CALENDAR).begins_in(starts) == year
    assert parse_period("2019/20", YearType.ACADEMIC).begins_in(SEPTEMBER) == 2019


@pytest.mark.parametrize("text", ["", "20", "2020 Q5", "2020-19", "2O20", "1066", "latest", "2020-13", "9" * 50, "-"])
def test_year_that_is_none_is_explained(text):
    with pytest.raises(ValueError, match="is not a year"):
        parse_period(text, YearType.FINANCIAL)


def test_period_that_is_no_financial_year_stands_in_the_basis(tmp_path):
    words = "Ref,Referrals,Low,Calendar Year,0,,,"
    [found] = read(tmp_path, *lait_rows(), dictionary=words)
    assert found.comparators[0].basis == "England, as published (120), January 2020 to December 2020"
    assert (found.year, found.in_years_from(JANUARY).year) == (2019, 2020)
    assert {one.year for one in found.in_years_from(JANUARY).authorities} == {2020}


def test_mapping_may_say_which_kind_of_year(tmp_path):
    [found] = read(
        tmp_path, *lait_rows(), mapping=[('measure = "Ref"', 'measure = "Ref"\nyear_type = "academic year"')]
    )
    assert found.comparators[0].basis == "England, as published (120), September 2019 to August 2020"


def test_one_of_several_quarters_has_to_be_named(tmp_path):
    rows = [*lait_rows(year="2019 Q3"), *lait_rows({"970": 7}, year="2019 Q4")]
    assert problems(tmp_path, *rows) == [
        "M2: lait.csv: “Ref” has several periods in one year: July 2019 to September 2019, October 2019 to December "
        '2019. Say which is meant, for example period = "Q4".'
    ]
    named = [('measure = "Ref"', 'measure = "Ref"\nperiod = "Q4"')]
    assert values(tmp_path, *rows, mapping=named)[ENGLAND] == 7
    other = [('measure = "Ref"', 'measure = "Ref"\nperiod = "Q1"')]
    assert problems(tmp_path, *rows, mapping=other) == ["M2: lait.csv: “Ref” has no period “Q1”. It has Q3, Q4."]


# Figures, and none


@pytest.mark.parametrize("symbol", ["-", "c", "x", "z", "", ":", "low"])
def test_symbol_is_no_figure(symbol, tmp_path):
    found = values(tmp_path, *lait_rows({"301": symbol, "989": symbol}))
    # Neighbours with 2 to 10; without the region.
    assert found == {ENGLAND: 120, NEIGHBOURS: 6}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18.899999999999999", Fraction(189, 10)),
        ("20.100000000000001", Fraction(201, 10)),
        ("-0.12", Fraction(-12, 100)),
        ("0", 0),
        ("1234.5", Fraction(12345, 10)),
    ],
)
def test_number_is_read_exactly_as_it_was_before_it_became_binary(text, value, tmp_path):
    assert values(tmp_path, *lait_rows({"970": text}))[ENGLAND] == value


@pytest.mark.parametrize("text", ["1,234", "1 234", "1e6", "1E+06", "12%", "about 5", "NaN", "inf", "#N/A", "٣"])
def test_what_is_neither_is_told_with_row_and_column(text, tmp_path):
    [problem] = problems(tmp_path, *lait_rows({"301": text}))
    assert problem.startswith(f"M2: lait.csv, row 5, column Values: “{text}” is neither a number such as 1234.5")


def test_every_row_that_cannot_be_read_is_told_up_to_a_dozen(tmp_path):
    told = problems(tmp_path, *lait_rows(dict.fromkeys([*NEIGHBOUR_CODES, "852", "970", "989"], "many")))
    assert len(told) == 13
    assert told[-1] == "M2: lait.csv: 1 more row like these."


def test_authority_without_any_figure_in_a_year_did_not_exist(tmp_path):
    rows = [*lait_rows({"840": "-", "841": "-"}), lait("841", 5, measure="Other")]
    [found] = read(tmp_path, *rows)
    blanks = {one.code: one.blank for one in found.authorities}
    assert (blanks["840"], blanks["841"]) == (Blank.NOT_APPLICABLE, Blank.NOT_AVAILABLE)
    # 11 with a figure, and one that has one of something else: the council, its neighbours and 841.
    by_authority = [('basis = "as is"', 'basis = "per authority"')]
    assert values(tmp_path, *rows, mapping=by_authority)[ENGLAND] == 10


def test_sum_of_authorities_that_is_no_region_is_passed_over(tmp_path):
    assert values(tmp_path, *lait_rows({"999": "some", "971": 5}))[ENGLAND] == 120


# Sums, differences and shares


TERMS = {
    "sum": ('measure = ["Ref", "Other"]', "as is", 125, "England, Ref + Other (120 + 5)"),
    "difference": (
        'measure = "Ref"\nminus = "Other"', "/ 12", Fraction(115, 12), "England, Ref - Other (120 - 5) / 12",
    ),
    "share": (
        'measure = "Other"\nshare_of = ["Ref", "Other"]', "x 100", 4,
        "England, Other / (Ref + Other) (5 / (120 + 5)) × 100",
    ),
    "others": ('measure = "Other"', "100 minus", 95, "100 - England, as published (5)"),
    "thousands": ('measure = "Other"', "× 1000", 5000, "England, as published (5) × 1,000"),
    "weeks": ('measure = "Ref"', "/ 52 weeks", Fraction(120, 52), "England, as published (120) / 52 weeks"),
    "authorities": (
        'measure = "Ref"', "/ authorities / 12 months", Fraction(120, 11 * 12),
        "England total (120) / 11 authorities / 12 months",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TERMS)
def test_figure_is_put_together_and_told(name, tmp_path):
    measures, basis, value, words = TERMS[name]
    rows = [*lait_rows(), *lait_rows({"970": 5}, measure="Other")]
    dictionary = "Ref,Referrals,Low,Financial Year,0,45931,46296,-\nOther,Others,-,Financial Year,0,45931,46419,-"
    mapping = [('measure = "Ref"', measures), ('basis = "as is"', f'basis = "{basis}"')]
    [found] = read(tmp_path, *rows, mapping=mapping, dictionary=dictionary)
    one = found.comparators[0]
    assert (one.value, one.basis) == (value, words)


def test_part_that_is_missing_leaves_the_whole_out(tmp_path):
    rows = [*lait_rows(), *lait_rows({"970": "c", "301": "-", "989": 1}, measure="Other")]
    dictionary = "Ref,Referrals,Low,Financial Year,0,,,\nOther,Others,-,Financial Year,0,,,"
    mapping = [('measure = "Ref"', 'measure = ["Ref", "Other"]')]
    [found] = read(tmp_path, *rows, mapping=mapping, dictionary=dictionary)
    # 2 + 2 to 10 + 10 on average.
    assert {one.group: one.value for one in found.comparators} == {REGION: 31, NEIGHBOURS: 12}
    assert "M2, 2019-20: England left out: row 15 of lait.csv has “c” (confidential)." in found.remarks


@pytest.mark.parametrize("text", ["per fortnight", "authorities", "x authorities", "/ 12 /", "100", "/ 1e3", "12"])
def test_basis_that_is_none_is_explained(text, tmp_path):
    [problem] = problems(tmp_path, *lait_rows(), mapping=[('basis = "as is"', f'basis = "{text}"')])
    assert f"“{text}” is not a basis. Write “as is”" in problem


# Files that are not as they should be


def test_everything_wrong_with_a_layout_is_explained(tmp_path):
    without = LAIT_COLUMNS.replace("LA Number", "Number")
    [problem] = problems(tmp_path, *lait_rows(), columns=without)
    assert problem.startswith("lait.csv has no column “LA Number”. Did you mean “Number”?")
    [problem] = problems(tmp_path, *lait_rows(), columns=LAIT_COLUMNS.replace("Data item", "Values"))
    assert problem == "lait.csv, row 1: the column “Values” is there twice."
    [problem] = problems(tmp_path, "Ref,A title,2020")
    assert problem == "lait.csv, row 2: 3 cells, but row 1 names 7 columns."


def test_layouts_are_not_mixed_up(tmp_path):
    [problem] = problems(tmp_path, *lait_rows(), mapping=[('measure = "Ref"', 'column = "Values"')])
    assert problem.startswith("M2: lait.csv is in the layout of LAIT: name a “measure” in place of a column.")
    write_lait(tmp_path)
    write_tidy(tmp_path, name="lait.csv")
    with pytest.raises(OpenDataError) as error:
        read_findings(lait_mapping(tmp_path), tmp_path, [2019])
    assert str(error.value).startswith("M2: lait.csv is not in the layout of LAIT, which has a column “Short Desc”")


def test_measure_that_the_file_has_not_is_explained(tmp_path):
    [problem] = problems(tmp_path, *lait_rows(), mapping=[('measure = "Ref"', 'measure = "Reff"')])
    assert problem == "M2: lait.csv has no measure “Reff”. Did you mean “Ref”? It has Ref." or (
        problem == "M2: The data dictionary doesn't have the measure “Reff”. Did you mean “Ref”?"
    )
    [problem] = problems(tmp_path, *lait_rows(), dictionary="Other,Others,-,Annual,0,,,")
    assert problem == "M2: The data dictionary doesn't have the measure “Ref”."


def test_row_that_is_there_twice_is_explained(tmp_path):
    assert problems(tmp_path, *lait_rows(), lait("301", 1)) == [
        "M2: lait.csv, rows 5 and 15: both are “Ref” of Authority 301 in 2020. Remove one of them."
    ]


@pytest.mark.parametrize("code", ["E06000045", "85", "", "8.52"])
def test_number_that_is_no_authoritys_is_explained(code, tmp_path):
    row = lait("852", 1).replace("852.0", code)
    assert problems(tmp_path, *lait_rows(), row) == [
        f"M2: lait.csv, row 15, column LA Number: “{code}” is not the three-digit number of an authority, such as 852."
    ]


def test_region_that_is_none_is_explained(tmp_path):
    [problem] = problems(tmp_path, *lait_rows(), lait("840", 1, place="Sussex"))
    assert problem.startswith(
        "M2: lait.csv, row 15, column Region: Authority 840 is in “Sussex”, which is not a region."
    )


def test_council_that_the_file_does_not_have_is_explained(tmp_path):
    rows = [row for row in lait_rows() if "Southampton" not in row]
    assert problems(tmp_path, *rows) == ["M2: lait.csv has no authority 852 for 2019-20."]


def test_year_that_the_file_has_not_becomes_a_remark(tmp_path):
    found = read(tmp_path, *lait_rows(), years=[2019, 2021])
    assert found[1].remarks == ("M2, 2021-22: lait.csv doesn't have this year. It has 2019-20.",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Ref,é".encode("latin-1"), "lait.csv is not in UTF-8: save it as “CSV UTF-8 (comma delimited)”."),
        (b"PK\x03\x04...", "lait.csv is not a CSV file but an Excel workbook: save it as “CSV UTF-8”."),
        (b"", "lait.csv has no names of columns in its first row."),
        (b'Short Desc,"Values\nx', "lait.csv is not a proper CSV file: unexpected end of data."),
    ],
)
def test_content_that_is_no_csv_is_explained(content, message, tmp_path):
    mapping = write_lait(tmp_path, *lait_rows())
    (tmp_path / "lait.csv").write_bytes(content)
    with pytest.raises(OpenDataError) as error:
        read_findings(mapping, tmp_path, [2019])
    assert str(error.value) == message


def test_compressed_file_is_read_by_its_plain_name(tmp_path):
    mapping = write_lait(tmp_path, *lait_rows())
    plain = tmp_path / "lait.csv"
    (tmp_path / "lait.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    assert len(read_findings(mapping, tmp_path, [2019])[0].comparators) == 3
    (tmp_path / "lait.csv.gz").write_bytes(b"not compressed")
    with pytest.raises(OpenDataError, match="is not compressed with gzip"):
        read_findings(mapping, tmp_path, [2019])


# The dictionary


def dictionary(folder, *rows, columns=DICTIONARY_COLUMNS):
    path = folder / "dictionary.csv"
    path.write_text("\n".join([columns, *rows, ""]), encoding="utf-8")
    return read_dictionary(read_csv(path))


def test_dictionary_says_what_a_measure_is(tmp_path):
    facts = dictionary(tmp_path, "Ref,Referrals,Low,Calendar Year,1.0,45931,46296,Counted once.")["Ref"]
    assert facts == (
        "Referrals", Polarity.LOW, YearType.CALENDAR, 1, date(2025, 10, 1), date(2026, 10, 1), "Counted once.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("46296", date(2026, 10, 1)),
        ("46296.0", date(2026, 10, 1)),
        ("2026-05-21", date(2026, 5, 21)),
        ("21/05/2026", date(2026, 5, 21)),
        ("May 2026", date(2026, 5, 1)),
        ("TBC", None),
        ("", None),
        ("31/02/2026", None),
        ("Discontinued", None),
    ],
)
def test_day_of_the_next_update_is_read_however_it_is_written(text, day, tmp_path):
    assert dictionary(tmp_path, f"Ref,Referrals,-,Annual,,,{text},")["Ref"].next_update == day


def test_measure_under_two_topics_has_to_be_the_same(tmp_path):
    row = "Ref,Referrals,Low,Annual,0,45931,46296,-"
    assert dictionary(tmp_path, row, row).keys() == {"Ref"}
    with pytest.raises(OpenDataError, match="rows 2 and 3: both are “Ref”, and say different things"):
        dictionary(tmp_path, row, row.replace("Low", "High"))


def test_dictionary_of_another_layout_is_explained(tmp_path):
    with pytest.raises(OpenDataError, match=r"dictionary\.csv has no column “Measure_short”"):
        dictionary(tmp_path, "Ref,1", columns="Name,Next")
