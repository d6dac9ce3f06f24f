"""What the history of a row says in words."""

import pytest

from commentary.models import Overview
from scorecard.editing.history import changes_in, differing, records_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def save(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def told(**how):
    events = changes_in(records_in(Overview.history.all()), "Summary", lambda record: record.summary, **how)
    return [(event.before, event.after) for event in events]


def test_each_change_is_told_from_what_to_what():
    row = save(Overview(title="January", summary="One."))
    save(row, summary="Two.")
    assert told() == [("nothing", "One."), ("One.", "Two.")]


def test_entry_that_says_the_same_is_no_change():
    row = save(Overview(title="January", summary="One."))
    save(row, title="February")
    assert told(at_first="") == [("", "One.")]


def test_row_that_was_deleted_says_nothing_and_one_made_after_it_begins_anew():
    save(Overview(title="January", summary="One.")).delete()
    save(Overview(title="January", summary="Two."))
    assert told() == [("nothing", "One."), ("One.", "nothing"), ("nothing", "Two.")]


def test_event_names_who_and_why():
    row = Overview(title="January", summary="One.")
    row._history_user, row._change_reason = make_user("boss", name="Boss"), "By request"
    save(row)
    save(Overview(title="February", summary="Two."))

    by_boss, by_nobody = changes_in(records_in(Overview.history.all()), "Summary", lambda record: record.summary)

    assert (by_boss.who, by_boss.why) == ("Boss", "By request")
    assert (by_nobody.who, by_nobody.why) == ("The system", "")


LONG = "word " * 60


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("5", "8", ("5", "8")),
        ("nothing", "Fewer.", ("nothing", "Fewer.")),
        (f"{LONG}up {LONG}", f"{LONG}down {LONG}", ("… word word word word word word word word up word", "down")),
        (f"{LONG}end", f"{LONG}end, and more", ("word end", "word end, and more")),
        (f"Begin {LONG}", f"Began {LONG}", ("Begin word", "Began word")),
        (LONG, "", ("word", "")),
        ("", LONG, ("", "word")),
    ],
)
def test_longer_texts_are_told_where_they_differ(before, after, told):
    for text, whole, part in zip(differing(before, after), (before, after), told, strict=True):
        assert part in text
        assert all(piece.strip() in whole for piece in text.split("…"))
    first, second = differing(before, after)
    assert first != second
    if before and after:
        assert len(first) < 200
