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
from scorecard.publication.codec import DocumentError, reader_of, to_plain


class Mark(NamedTuple):
    value: Exact | None
    blank: Blank | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    month: date
    at: datetime
    rating: Rating
    count: int
    is_final: bool
    marks: tuple[Mark, ...]
    grid: tuple[tuple[Exact, ...], ...]
    parent: Mark | None = None


numbers = st.integers() | st.fractions()
marks = st.builds(Mark, value=st.none() | numbers, blank=st.none() | st.sampled_from(Blank), note=st.text())
sheets = st.builds(
    Sheet,
    title=st.text(),
    month=st.dates(),
    at=st.datetimes(timezones=st.just(UTC)),
    rating=st.sampled_from(Rating),
    count=st.integers(),
    is_final=st.booleans(),
    marks=st.lists(marks).map(tuple),
    grid=st.lists(st.lists(numbers).map(tuple)).map(tuple),
    parent=st.none() | marks,
)
PLAIN = to_plain(
    Sheet(
        title="January",
        month=date(2021, 1, 1),
        at=datetime(2021, 2, 11, 9, 30, tzinfo=UTC),
        rating=Rating.RED,
        count=3,
        is_final=True,
        marks=(Mark(Fraction(2, 3)), Mark(None, Blank.AWAITED)),
        grid=((1, Fraction(1, 2)),),
    )
)


def types_in(value):
    return [type(value), *(types_in(part) for part in value)] if isinstance(value, tuple) else type(value)


@given(sheets)
def test_what_is_read_back_is_what_was_written(sheet):
    read = reader_of(Sheet)(json.loads(json.dumps(to_plain(sheet))))

    assert read == sheet
    assert types_in(read.grid) == types_in(sheet.grid)
    assert [type(mark) for mark in read.marks] == [Mark] * len(sheet.marks)
    assert type(read.rating) is Rating


def test_plain_data_are_what_anybody_can_read():
    assert PLAIN == {
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


def test_field_that_an_older_document_lacks_takes_its_default():
    older = {name: value for name, value in PLAIN.items() if name != "parent"} | {"marks": [{"value": 1}]}

    read = reader_of(Sheet)(older)

    assert (read.parent, read.marks) == (None, (Mark(1),))


@pytest.mark.parametrize("name", ["title", "marks"])
def test_missing_field_without_a_default_is_refused(name):
    with pytest.raises(DocumentError, match=f"A Sheet lacks {name}."):
        reader_of(Sheet)({other: value for other, value in PLAIN.items() if other != name})


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": "red"},
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
        {"marks": [{"value": 1, "colour": "red"}]},
        {"grid": [[None]]},
        {"grid": [1]},
    ],
    ids=str,
)
def test_what_is_not_of_its_type_is_refused(changes):
    with pytest.raises(DocumentError):
        reader_of(Sheet)(PLAIN | changes)


@pytest.mark.parametrize("plain", [None, [], "Sheet", 1], ids=repr)
def test_what_has_no_fields_is_refused(plain):
    with pytest.raises(DocumentError):
        reader_of(Sheet)(plain)


@pytest.mark.parametrize("value", [0.5, {"a": 1}, object()], ids=["float", "dict", "object"])
def test_what_has_no_exact_text_is_not_written(value):
    with pytest.raises(TypeError):
        to_plain(value)


@pytest.mark.parametrize("kind", [float, int | str, dict[str, int]], ids=str)
def test_type_that_can_not_be_told_apart_is_refused(kind):
    with pytest.raises(TypeError):
        reader_of(kind)
