"""A commentary that readers will ask for and nobody has written: counted on every page while it can be written."""

import re
from decimal import Decimal

import pytest

from indicators.calculations.months import months_ending
from scorecard.models import EditionState
from scorecard.sheet.assemble import assemble_sheet
from tests.factories import DECEMBER, JANUARY, make_derived, make_values
from tests.scorecard.returns.returning import enter, line_of, lines_of, make_collection, make_reported, officer, person

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
STEADY = dict(zip(months_ending(DECEMBER, 12), [98, 102] * 6, strict=True))
PAGES = {
    "return": ("lead", "/returns/panel/2021-01/", r"<li data-missing( hidden)?>.*?<span data-count>(\d+)<"),
    "sign-off": ("head", "/sign-off/panel/2021-01/", r"Readers will ask about( )<b>(\d+)</b> line"),
    "collection": ("", "/collection/panel/2021-01/", r"<strong>(())?(\d+)</strong> without a commentary"),
}


@pytest.fixture
def edition():
    """B1 leaves its limits; A1 moves by more than a fifth, as it always does."""
    calm, moved = make_reported("A1"), make_reported("B1")
    make_values(calm, {month: value if value == 98 else 132 for month, value in STEADY.items()} | {JANUARY: 98})
    make_values(moved, STEADY | {JANUARY: 140})
    return make_collection(calm, moved)


def counted(client, page):
    who, address, words = PAGES[page]
    client.force_login(person(who) if who else officer())
    found = re.search(words, client.get(address).content.decode(), re.DOTALL)
    return int(found.groups()[-1]) if found else 0


@pytest.mark.parametrize("page", PAGES)
def test_missing_commentary_is_counted_until_it_is_written_or_said_why_not(client, edition, page):
    assert counted(client, page) == 1
    enter(edition, B1={"reason-unusual": "Nothing is known yet."})
    assert line_of(edition, "B1").lacks_commentary is False
    assert counted(client, page) == 0


def test_slip_of_typing_is_asked_beside_a_commentary_until_a_reason_is_given(edition):
    enter(edition, A1={"figure": "980", "text": "Fewer came than in the month before."}, B1={"text": "More came."})
    assert "scale" in {one.code for one in line_of(edition, "A1").open_warnings}
    enter(edition, A1={"reason-scale": "Counted twice."})
    assert line_of(edition, "A1").lacks_commentary is False
    assert {one.code for line in lines_of(edition).values() for one in line.open_warnings} & {
        "scale",
        "unusual",
    } == set()


@pytest.mark.parametrize("page", ["return", "collection"])
def test_commentary_that_can_be_written_no_more_is_not_counted(client, edition, page):
    edition.state = EditionState.PUBLISHED
    edition.save()
    assert counted(client, page) == 0


@pytest.mark.parametrize(("share", "where"), [(140, "A1"), (60, "")], ids=["the same way", "the other way"])
def test_what_a_count_is_asked_is_not_asked_again_of_its_share(share, where):
    """The share of 100 is of a count that leaves its limits upwards."""
    count, whole = make_reported("A1"), make_reported("B1")
    edition = make_collection(
        count, whole, make_derived("C1", [count], [whole], unit="percentage", allows_over_100=True)
    )
    make_values(count, STEADY | {JANUARY: 140})
    make_values(whole, dict.fromkeys(STEADY, 100) | {JANUARY: Decimal(14000) / share})
    lines = lines_of(edition)
    assert lines["C1"].told_at == where
    assert {key for key, line in lines.items() if line.lacks_commentary} >= ({"A1"} if where else {"A1", "C1"})
    assert lines["C1"].lacks_commentary is not bool(where)


@pytest.mark.parametrize("is_alone", [False, True], ids=["the whole return", "its line alone"])
@pytest.mark.parametrize(("first", "where"), [(98, "A1"), (97, "")], ids=["the same", "another in one month"])
def test_share_that_was_entered_is_not_asked_again_what_its_count_is(first, where, is_alone):
    """Of 200 each month, as many are counted in the share as in the count."""
    count, share = make_reported("A1"), make_reported("P1", kind="ratio", unit="percentage")
    edition = make_collection(count, share)
    counted = dict(zip([*months_ending(DECEMBER, 12), JANUARY], [98, 102, 100] * 4 + [140], strict=True))
    make_values(count, {**counted, min(counted): first})
    for month, number in counted.items():
        share.values.create(month=month, numerator=number, denominator=200)
    line = assemble_sheet(edition, [share.pk] if is_alone else None).by_key[share.pk]
    assert line.told_at == where
    assert line.lacks_commentary is not bool(where)


@pytest.mark.parametrize("is_alone", [False, True], ids=["the whole return", "its line alone"])
@pytest.mark.parametrize(("first", "words"), [(98, "Higher than usual"), (97, "Concern: higher than usual")])
def test_count_whose_share_is_entered_is_not_judged_either(first, words, is_alone):
    count, share = make_reported("A1", polarity="low"), make_reported("P1", kind="ratio", unit="percentage")
    edition = make_collection(count, share)
    counted = dict(zip([*months_ending(DECEMBER, 12), JANUARY], [98, 102, 100] * 4 + [140], strict=True))
    make_values(count, counted)
    for month, number in {**counted, min(counted): first}.items():
        share.values.create(month=month, numerator=number, denominator=200)
    assert assemble_sheet(edition, [count.pk] if is_alone else None).by_key[count.pk].row.signal.words == words


def test_count_whose_share_decides_is_asked_with_the_signal_that_is_shown():
    """A slip, which is beyond its limits too: neither better nor worse, for its share is on another line."""
    count, whole = make_reported("A1", polarity="low"), make_reported("B1")
    edition = make_collection(count, whole, make_derived("C1", [count], [whole], unit="percentage"))
    make_values(count, STEADY | {JANUARY: 1400})
    messages = {one.code: one.message for one in line_of(edition).open_warnings}
    assert messages["no-commentary"] == "Higher than usual, and without commentary: readers will ask why."
