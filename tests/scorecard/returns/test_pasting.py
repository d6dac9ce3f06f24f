"""Rows from a spreadsheet: for which line each is, and what is left over. Never the wrong line or month."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.periods import Periods
from indicators.calculations.vocabulary import Frequency
from scorecard.returns.pasted_columns import Place
from scorecard.returns.pasting import read_paste

FEBRUARY, MARCH = date(2021, 2, 1), date(2021, 3, 1)
MONTHLY, QUARTERLY = Periods(Frequency.MONTHLY, 4, ()), Periods(Frequency.QUARTERLY, 4, ())
PLACES = [
    Place(1, "C1", "Contacts", 1, MONTHLY),
    Place(2, "C2", "Referrals", 1, MONTHLY),
    Place(3, "C3-QL", "Children’s plans", 1, MONTHLY),
    Place(4, "D1", "Referrals of contacts", 0, MONTHLY),
    Place(5, "P1", "Visited in time", 2, MONTHLY),
    Place(6, "C6", "In care", 1, MONTHLY),
]
NO_COLUMN = "No column is of February 2021"
REFERENCES = {place.key: place.reference for place in PLACES}


def placed(text, month=FEBRUARY, places=PLACES, **told):
    """What is placed, by the reference of its line."""
    return {REFERENCES[row.key]: "/".join(row.typed) for row in read_paste(text, places, month, **told).placed}


def left_over(text, **told):
    return [row.left_over for row in read_paste(text, PLACES, FEBRUARY, **told).rows if row.left_over]


@pytest.mark.parametrize(
    "text",
    [
        "C1\t7\nC6\t9",
        "c1\t7\nc6\t9",
        "C6\t9\nC1\t7",
        "contacts\t7\nIN CARE\t9",
        "C1\tContacts\t7\nC6\tIn care\t9",
        "C1 Contacts\t7\nC6 - In care\t9",
        "C1: 7\nc6 9",
        "Ref\tTitle\tFigure\nC1\tContacts\t7\nC6\tIn care\t9",
        "Ref\tJan 2021\tFeb 2021\nC1\t5\t7\nC6\t6\t9",
        "Ref\tFeb 2021\tJan 2021\nC1\t7\t5\nC6\t9\t6",
        "Ref\tFeb\tJan\nC1\t7\t5\nC6\t9\t6",
        "Ref\tFeb-20\tFeb-21\tTarget\nC1\t5\t7\t10\nC6\t6\t9\t10",
        "Ref\t01/02/2021\t01/03/2021\nC1\t7\t5\nC6\t9\t6",
        "\t2021-02\t2021-03\nC1\t7\t5\nC6\t9\t6",
        "C1\t1\t2\t3\t7\nC6\t2\t3\t4\t9",
        "Ref\tBefore\tNow\tChange\tRAG\nC1\t5\t7\t40%\tgreen\nC6\t6\t9\t50%\tred",
        "C1\t7\tSomething was said about it\nC6\t9\t",
        '"C1"\t"7"\n"C6"\t"9"',
        "\n\nC1\t7\n\nC6\t9\n\n",
        "C1\t7\nOther services\t\nX9\t4\nTotal\t99\nC6\t9",
    ],
)
def test_rows_go_where_they_are_named_and_their_month_is_taken(text):
    assert placed(text) == {"C1": "7", "C6": "9"}


def test_reference_is_found_without_its_dashes_and_spaces():
    assert placed("C1\t7 [p]\nC6\t8 [e]") == {"C1": "7 [p]", "C6": "8 [e]"}
    assert placed("c3 ql\t7\nC3 – QL\t7\nCHILDREN'S PLANS\t7") == {"C3-QL": "7"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("C1\t7\nX9\t4", "No line of this return is called “X9”."),
        ("C1\tReferrals\t7\nC6\tIn care\t1", "“C1” and “Referrals” are two different lines."),
        ("C1\t7\nc1\t8", "Rows 1 and 2 are for the same line, and differ."),
        ("C1\t7\nContacts\t7", "The same again."),
        ("D1\t50%\nC1\t7", "Worked out from other lines, so nothing is entered for it."),
        ("C1\t7\nC2\t", "Nothing stands there: the line stays as it is."),
        ("C1\t7\nP1\t4", "“4” is one number, and two are asked for: write them as 4/31."),
        ("C1\t1\t7\nP1\t4\t31", "“31” is one number, and two are asked for: write them as 4/31."),
        (
            "Ref\tDec 2020\tJan 2021\nC1\t7\t8",
            f"{NO_COLUMN} (they are Dec 2020, Jan 2021): choose one below.",
        ),
        ("Ref\tFeb 2020\nC1\t7", "Its heading, “Feb 2020”, is not of February 2021."),
        ("\t2019-20\t\nRef\tFeb\tMar\nC1\t7\t8", f"{NO_COLUMN} (they are 2019-20 Feb, Mar): choose one below."),
        ("Scorecard of February 2020\nRef\tFeb\nC1\t7", "Its heading, “Feb”, is not of February 2021."),
        (
            "Ref\tFeb 2021\tFeb 2021\nC1\t7\t8",
            f"{NO_COLUMN} (they are Feb 2021, Feb 2021): choose one below.",
        ),
    ],
)
def test_what_is_not_certain_is_left_over_with_its_reason(text, why):
    assert why in left_over(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C1\t7\nP1\t4/31", {"C1": "7", "P1": "4/31"}),
        ("C1\t7\nP1\t4 of 31", {"C1": "7", "P1": "4/31"}),
        ("C1\t7\nP1\t4\t31", {"C1": "7", "P1": "4/31"}),
        ("P1\t4\t31", {"P1": "4/31"}),
        ("P1\ttbc", {"P1": "tbc"}),
        ("P1\t19%", {"P1": "19%"}),
        ("Ref\tNumerator\tDenominator\nP1\t4\t31\nC1\t7\t", {"P1": "4/31", "C1": "7"}),
        ("Ref\tJan 2021\t\tFeb 2021\t\nC1\t1\t\t7\t\nP1\t3\t30\t4\t31", {"C1": "7", "P1": "4/31"}),
    ],
)
def test_two_numbers_are_told_from_two_months(text, expected):
    assert placed(text) == expected


def test_column_can_be_chosen():
    text = "Ref\tDec 2020\tJan 2021\nC1\t7\t8"
    assert placed(text, column=1) == {"C1": "7"}
    assert placed(text, column=2) == {"C1": "8"}
    assert placed("C1\t1\t2\t3", column=2) == {"C1": "2"}
    assert placed("C1\t1\t2\t3", column=77) == {"C1": "3"}


def test_period_of_a_heading_is_that_of_its_line():
    quarter = [place._replace(periods=QUARTERLY) for place in PLACES]
    text = "Ref\tQ3 2020-21\tQ4 2020-21\nC1\t5\t7"
    assert placed(text, MARCH, quarter) == {"C1": "7"}
    assert placed(text, MARCH) == {}


# Of January and December: the two months before
BEFORE = [
    place._replace(before=before)
    for place, before in zip(PLACES, [(508, 499), (23, 11), (14, 12), (None, None), (427, 424), (21, 18)], strict=True)
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("C1\t499\t508\t511\nC2\t11\t23\t20", {"C1": "511", "C2": "20"}, id="oldest first"),
        pytest.param("C1\t511\t508\t499\nC2\t20\t23\t11", {"C1": "511", "C2": "20"}, id="newest first"),
        pytest.param("C1\t499\t508\t511\t490\t67\nC2\t11\t23\t20\t15\t9", {"C1": "511", "C2": "20"}, id="a target"),
        pytest.param("C1\t508\t511\t0.6%\nC2\t23\t20\t-13%", {"C1": "511", "C2": "20"}, id="a change"),
        pytest.param("C1\t508\t508\nC2\t23\t20", {"C1": "508", "C2": "20"}, id="the same again"),
        pytest.param("C1\t499\t508\nC2\t11\t23", {}, id="last month is the last"),
        pytest.param("C1\t511\t508\t488\nC2\t20\t23\t25", {}, id="last month between others"),
        pytest.param("C1\t508", {"C1": "508"}, id="one figure, as last month"),
        pytest.param("P1\t427\t430", {}, id="two months of one number"),
        pytest.param("P1\t430\t511", {"P1": "430/511"}, id="two numbers"),
    ],
)
def test_last_months_figures_tell_which_column_is_this_months(text, expected):
    assert placed(text, places=BEFORE) == expected


def test_column_that_only_last_months_figures_could_be_is_asked_about():
    found = read_paste("C1\t499\t508\nC2\t11\t23", BEFORE, FEBRUARY)
    assert found.problem == (
        "“Column 3” has the figures of the month before: say below which column has those of February 2021."
    )
    assert placed("C1\t499\t508\nC2\t11\t23", places=BEFORE, column=2) == {"C1": "508", "C2": "23"}


@pytest.mark.parametrize(
    "text",
    [
        "Ref\tThis month\tLast month\tSame month last year\nC1\t7\t8\t9",
        "Ref\tCurrent\tPrevious\nC1\t7\t8",
        "Ref\tLast year\tLatest\tPopulation\nC1\t9\t7\t51000",
        "Ref\tFeb 21\tYTD\tLast year\nC1\t7\t8\t9",
        "Ref\tFeb 21 forecast\tFeb 21 actual\nC1\t9\t7",
        "Ref\tFeb 21\nC1\t7\nRef\tJan 21\nC2\t8",
        "C1,7\nC9,8",
        "Ref,Title,Jan 21,Feb 21\nC1,Contacts,8,7",
        'C1,"Contacts, all",7\nC9,"Others, all",8',
        "C1;Contacts;7",
        "C1 503 499\nC1 7",
        "C1  Contacts  7",
        "\t2020\t2021\nRef\tFeb\tFeb\nC1\t8\t7",
        "\t2020\t\t2021\t\nRef\tNov\tDec\tJan\tFeb\nC1\t8\t8\t8\t7",
        "\t2020/21\t\nRef\tJan\tFeb\nC1\t8\t7",
        "Scorecard for February 2021\nRef\tJan\tFeb\nC1\t8\t7",
        '"C1\nContacts"\t7',
        "C1 [1]\t7\nC1.6\t8\nC1 6\t9",
        "C1\t7\nC6\t#N/A\tsee note",
    ],
)
def test_no_other_months_or_lines_figure_is_taken(text):
    assert {key: figure for key, figure in placed(text).items() if key != "C6"} == {"C1": "7"}
    assert placed(text).get("C6") in (None, "#N/A")


def test_headings_further_down_end_what_those_on_top_say():
    assert (
        left_over("Ref\tFeb 21\nC1\t7\nRef\tJan 21\nC2\t8")[1:]
        == ["Row 3 has headings of its own: paste what stands below it by itself."] * 2
    )
    assert placed("Ref\tFeb 21\nC1\t7\nRef\tFeb 21\nC2\t8") == {"C1": "7", "C2": "8"}
    assert placed("1\n01/02/2021\n3") == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ref\tDenominator\tNumerator\nP1\t31\t4", {"P1": "4/31"}),
        ("Ref\tNumerator\tDenominator\tResult\nP1\t4\t31\t13%", {"P1": "4/31"}),
        ("Ref\tFeb 21 num\tFeb 21 den\tFeb 21 %\nP1\t4\t31\t13%\nC1\t7\t\t", {"P1": "4/31", "C1": "7"}),
        ("\tJan 2021\t\tFeb 2021\t\n\tNum\tDen\tNum\tDen\nP1\t3\t30\t4\t31", {"P1": "4/31"}),
        # 4 of 31 are 12.9%.
        ("C1\t7\nP1\t4\t31\t12.9%", {"C1": "7", "P1": "4/31"}),
        ("C1\t7\nP1\t4\t31\t14%", {"C1": "7"}),
        ("Ref\tFeb 21 count\tFeb 21 %\nC1\t7\t12%", {}),
    ],
)
def test_two_numbers_are_found_by_their_headings_or_by_their_share(text, expected):
    assert placed(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C1,1,2,3,7\nC6,2,3,4,9", {"C1": "7", "C6": "9"}),
        ("C1,1,234", {"C1": "1,234"}),
        ("C1,1,234\nC6,20", {"C1": "1,234", "C6": "20"}),
        # Two figures of 1 and 234, or one of 1,234?
        ("C1,1,234\nC6,2,345", {}),
        ("C1,503,499,508", {}),
        ("C1,Contacts,1,234\nC6,In care,2,345", {}),
    ],
)
def test_comma_parts_figures_only_where_it_is_certain(text, expected):
    assert placed(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("C1\t" + "\t".join(["7"] * 400), "These are more than 400 columns"),
        ("C1\t7\n" * 50_000, "This is too much to be read at once"),
    ],
)
def test_what_is_too_long_is_not_cut_off(text, why):
    assert why in read_paste(text, PLACES, FEBRUARY).problem


# Without names


def test_rows_without_names_go_down_the_page_when_each_line_has_one():
    assert placed("1\n2\n3\n50%\n4/31\n6") == {"C1": "1", "C2": "2", "C3-QL": "3", "P1": "4/31", "C6": "6"}
    assert placed("Feb 2021\n1\n2") == {"C1": "1", "C2": "2"}
    assert placed("5\t1\n6\t2") == {"C1": "1", "C2": "2"}
    assert placed("1\n\n3") == {"C1": "1", "C3-QL": "3"}


def test_first_row_is_for_the_line_that_it_was_pasted_at():
    assert placed("1\n2", start=2) == {"C2": "1", "C3-QL": "2"}
    assert placed("4\t31\n6", start=5) == {"P1": "4/31", "C6": "6"}
    assert placed("1\n2", start=99) == {"C1": "1", "C2": "2"}


@pytest.mark.parametrize("text", ["1\n2\n3\n4", "1\n2\n3\n4/31\n6", "1\n2\n3\n50%\n4/31"])
def test_whether_worked_out_lines_have_rows_is_asked_where_it_is_not_certain(text):
    found = read_paste(text, PLACES, FEBRUARY)

    assert found.asks_worked_out
    assert found.placed == []


def test_answer_about_worked_out_lines_counts():
    assert placed("1\n2\n3\n4/31\n6", has_worked_out=False) == {
        "C1": "1",
        "C2": "2",
        "C3-QL": "3",
        "P1": "4/31",
        "C6": "6",
    }
    assert placed("1\n2\n3\n50%\n4/31", has_worked_out=True) == {"C1": "1", "C2": "2", "C3-QL": "3", "P1": "4/31"}


def test_figure_that_was_typed_wrongly_keeps_its_place():
    assert placed("1\n12x\n3") == {"C1": "1", "C2": "12x", "C3-QL": "3"}


def test_more_rows_than_lines_are_left_over():
    assert left_over("1\n2", start=6) == ["No line is left for it."]


@pytest.mark.parametrize(
    "text", ["1\nEarly help\n2", "B1\t7", "B1\t7\nB2\t8", "B1: 7\nB2: 8", "1\tup\n2\tdown", "1\nB9\n2"]
)
def test_text_among_rows_without_names_makes_all_of_them_uncertain(text):
    found = read_paste(text, PLACES, FEBRUARY)

    assert found.placed == []
    assert "it is not certain which row is for which line" in found.problem


def test_references_that_are_numbers_are_not_taken_for_figures():
    places = [Place(key, str(key), f"Line {key}", 1, MONTHLY) for key in (1, 2, 6)]
    assert placed("2\t1\n1\t2\n6\t6", places=places) == {"C2": "1", "C1": "2", "C6": "6"}
    assert placed("2\n1\n6", places=places) == {"C1": "2", "C2": "1", "C6": "6"}


def test_nothing_is_read_from_nothing():
    assert read_paste("", PLACES, FEBRUARY).rows == []
    assert read_paste(" \n\t\n", PLACES, FEBRUARY).rows == []
    assert "at most 500" in read_paste("1\n" * 501, PLACES, FEBRUARY).problem


CELLS = st.one_of(
    st.sampled_from(
        ["C1", "c2", "Contacts", "X9", "Feb 2021", "Jan-21", "12", "4/31", "19%", "tbc", "-", "", "Target", '"']
    ),
    st.text(max_size=12),
)


@given(
    st.lists(st.lists(CELLS, max_size=6), max_size=12),
    st.sampled_from([None, 0, 3, 99]),
    st.sampled_from([None, True, False]),
)
def test_whatever_is_pasted_is_read_and_each_line_gets_one_row(table, column, answer):
    text = "\n".join("\t".join(row) for row in table)
    found = read_paste(text, PLACES, FEBRUARY, column=column, has_worked_out=answer)

    keys = [row.key for row in found.placed]
    assert len(keys) == len(set(keys))
    assert 4 not in keys
    # Rows that name a line are for no other.
    for row in found.placed:
        named = [place.key for place in PLACES if place.reference.lower() in row.said.lower().split()]
        assert named in ([], [row.key])


@pytest.mark.parametrize(("starts", "column"), [(4, "8"), (9, "7")])
@pytest.mark.each_case
def test_the_year_above_a_month_begins_when_the_lines_year_does(starts, column):
    """June 2021 is of 2021-22 in a year from April, and of 2020-21 in one from September."""
    line = Place(1, "C1", "Contacts", 1, Periods(Frequency.MONTHLY, starts, ()))
    text = "\t2020-21\t2021-22\nRef\tJun\tJun\nC1\t7\t8"

    assert placed(text, date(2021, 6, 1), [line]) == {"C1": column}
