"""Plain data as JSON and back: nothing is lost, and nothing is taken for what it isn't."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.exact import Exact
from indicators.calculations.vocabulary import Blank, Rating
from scorecard.publication.codec import (
    DocumentError,
    day,
    exact,
    flag,
    many,
    maybe,
    moment,
    one_of,
    record,
    text,
    whole,
)


class Mark(NamedTuple):
    value: Exact | None
    blank: Blank | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    heading: str
    month: date
    at: datetime
    rating: Rating
    count: int
    is_final: bool
    marks: tuple[Mark, ...]
    grid: tuple[tuple[Exact, ...], ...]
    parent: Mark | None = None
    colour: str = "grey"


MARK = record(Mark, value=maybe(exact), blank=maybe(one_of(Blank)).or_else(None), note=text.or_else("none"))
SHEET = record(
    Sheet,
    "colour",
    title=text.called("heading"),
    month=day,
    at=moment,
    rating=one_of(Rating),
    count=whole,
    is_final=flag,
    marks=many(MARK),
    grid=many(many(exact)),
    parent=maybe(MARK).or_else(None),
)
numbers = st.integers() | st.fractions()
marks = st.builds(Mark, value=st.none() | numbers, blank=st.none() | st.sampled_from(Blank), note=st.text())
sheets = st.builds(
    Sheet,
    heading=st.text(),
    month=st.dates(),
    at=st.datetimes(timezones=st.just(UTC)),
    rating=st.sampled_from(Rating),
    count=st.integers(),
    is_final=st.booleans(),
    marks=st.lists(marks).map(tuple),
    grid=st.lists(st.lists(numbers).map(tuple)).map(tuple),
    parent=st.none() | marks,
    colour=st.just("grey"),
)
JANUARY = Sheet(
    heading="January",
    month=date(2021, 1, 1),
    at=datetime(2021, 2, 11, 9, 30, tzinfo=UTC),
    rating=Rating.RED,
    count=3,
    is_final=True,
    marks=(Mark(Fraction(2, 3)), Mark(None, Blank.AWAITED)),
    grid=((1, Fraction(1, 2)),),
)
PLAIN = {
    "title": "January",
    "month": "2021-01-01",
    "at": "2021-02-11T09:30:00+00:00",
    "rating": "red",
    "count": 3,
    "is_final": True,
    "marks": [{"value": "2/3", "blank": None, "note": ""}, {"value": None, "blank": "awaited", "note": ""}],
    "grid": [[1, "1/2"]],
    "parent": None,
}


def types_in(value):
    return [type(value), *(types_in(part) for part in value)] if isinstance(value, tuple) else type(value)


@given(sheets)
def test_what_is_read_back_is_what_was_written(sheet):
    read = SHEET.read(json.loads(json.dumps(SHEET.write(sheet))))

    assert read == sheet
    assert types_in(read.grid) == types_in(sheet.grid)
    assert [type(mark) for mark in read.marks] == [Mark] * len(sheet.marks)
    assert type(read.rating) is Rating


def test_plain_data_are_what_anybody_can_read():
    assert SHEET.write(JANUARY) == PLAIN
    assert SHEET.read(PLAIN) == JANUARY


def test_missing_field_means_what_the_record_says():
    older = {name: value for name, value in PLAIN.items() if name != "parent"} | {"marks": [{"value": 1}]}

    read = SHEET.read(older)

    assert (read.parent, read.marks) == (None, (Mark(1, None, "none"),))


def test_field_that_nobody_asks_for_is_no_error():
    assert SHEET.read(PLAIN | {"size": 3, "colour": "red", "marks": [{"value": 1, "size": 3}]}).colour == "grey"


@pytest.mark.parametrize("name", ["title", "marks"])
def test_missing_field_that_is_required_is_refused(name):
    with pytest.raises(DocumentError, match=f"A Sheet lacks {name}."):
        SHEET.read({other: value for other, value in PLAIN.items() if other != name})


def test_class_that_asks_for_more_than_the_document_has_is_told():
    with pytest.raises(DocumentError, match="A Mark can't be made of what the format has of it"):
        record(Mark, note=text).read({"note": ""})


@pytest.mark.parametrize(
    "changes",
    [
        {"title": 1},
        {"title": None},
        {"month": "2021-13-01"},
        {"month": "January"},
        {"month": 202101},
        {"at": "soon"},
        {"rating": "purple"},
        {"rating": None},
        {"count": "3"},
        {"count": True},
        {"count": 3.0},
        {"is_final": 1},
        {"marks": {"value": 1}},
        {"marks": "2/3"},
        {"marks": [[1]]},
        {"marks": [{"value": "two"}]},
        {"marks": [{"value": "1/0"}]},
        {"marks": [{"value": 0.5}]},
        {"marks": [{"value": True}]},
        {"marks": [{"value": 1, "blank": "forgotten"}]},
        {"marks": [{"value": 1, "blank": []}]},
        {"grid": [[None]]},
        {"grid": [1]},
    ],
    ids=str,
)
def test_what_is_not_of_its_kind_is_refused(changes):
    with pytest.raises(DocumentError):
        SHEET.read(PLAIN | changes)


@pytest.mark.parametrize("plain", [None, [], "Sheet", 1], ids=repr)
def test_what_has_no_fields_is_refused(plain):
    with pytest.raises(DocumentError):
        SHEET.read(plain)


@pytest.mark.parametrize(
    ("notation", "value"),
    [
        (text, None),
        (text, 1),
        (whole, "1"),
        (whole, 1.5),
        (flag, 1),
        (exact, 0.5),
        (exact, True),
        (exact, "1/2"),
        (day, "x"),
    ],
    # Without the addresses of its functions, which every process has of its own.
    ids=lambda one: getattr(one, "words", repr(one)),
)
def test_what_would_not_be_read_back_is_not_written(notation, value):
    with pytest.raises(TypeError):
        notation.write(value)


def test_listing_says_what_stands_where():
    assert [*MARK.listing("marks[]")] == [
        "marks[]: record",
        "marks[].value: exact number, or null",
        "marks[].blank: one of not_due, awaited, not_applicable, not_available, suppressed, or null; None where it is"
        " missing",
        "marks[].note: text; 'none' where it is missing",
    ]
