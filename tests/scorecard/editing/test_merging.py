"""What becomes of an edit, given what is stored and the version that its editor saw."""

import pytest

from commentary.models import AreaOfFocus
from indicators.models import Seen, User, seen
from scorecard.editing.merging import ClashError, Edit, merge, save_over
from tests.factories import JANUARY, make_indicator, make_user

pytestmark = pytest.mark.django_db
AT_FIRST = {"title": "Vacancies", "response": "We recruit."}


@pytest.fixture
def area():
    return AreaOfFocus.objects.create(opened_on=JANUARY, **AT_FIRST)


def changed(area, **values):
    """The row after somebody else changed it."""
    row = AreaOfFocus.objects.get(pk=area.pk)
    row._history_user = User.objects.filter(username="other").first() or make_user("other", name="Other")
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def merged(row, typed, saw):
    return merge({row.pk: Edit(row, typed, saw)}, AreaOfFocus.history.all())[row.pk]


@pytest.mark.parametrize(
    ("theirs", "typed", "changes", "clash"),
    [
        pytest.param({}, AT_FIRST, {}, None, id="nobody changed anything"),
        pytest.param({}, {"title": "Mine"}, {"title": "Mine"}, None, id="I changed it"),
        pytest.param({"title": "Theirs"}, AT_FIRST, {}, None, id="they changed it"),
        pytest.param({"title": "Theirs"}, {"response": "Mine"}, {"response": "Mine"}, None, id="apart"),
        pytest.param({"title": "Same"}, {"title": "Same"}, {}, None, id="both alike"),
        pytest.param({"title": "Theirs"}, {"title": "Mine"}, {}, {"title": "Theirs"}, id="both, in one field"),
        pytest.param(
            {"title": "Theirs"},
            {"title": "Mine", "response": "Mine"},
            {},
            {"title": "Theirs"},
            id="in one of two: nothing is written",
        ),
    ],
)
def test_what_was_changed_apart_is_merged(area, theirs, typed, changes, clash):
    saw = seen(area)
    row = changed(area, **theirs) if theirs else area

    found = merged(row, typed, saw)

    assert (found.changes, found.clash and found.clash.theirs) == (changes, clash)


def test_what_was_changed_and_changed_back_clashes_with_nobody(area):
    saw = seen(area)
    changed(area, title="Theirs")
    row = changed(area, title=AT_FIRST["title"])

    assert merged(row, {"title": "Mine"}, saw).changes == {"title": "Mine"}


def test_clash_says_who_and_has_what_only_they_changed(area):
    saw = seen(area)
    row = changed(area, title="Theirs", response="Theirs too")

    clash = merged(row, {"title": "Mine", "response": AT_FIRST["response"]}, saw).clash

    assert (clash.who, clash.when) == ("Other", AreaOfFocus.history.first().history_date)
    assert (clash.theirs, clash.merged) == ({"title": "Theirs"}, {"response": "Theirs too"})
    assert clash.now == dict.fromkeys(["title", "response"], seen(row))


def test_clash_names_whoever_changed_these_fields_and_not_who_saved_last(area):
    saw = seen(area)
    changed(area, title="Theirs")
    row = AreaOfFocus.objects.get()
    row._history_user = me = make_user("me", name="Myself")
    row.response = "Mine, apart"
    row.save()

    clash = merged(row, {"title": "Mine"}, saw).clash

    assert (clash.who, clash.is_by(me)) == ("Other", False)
    assert clash.when == AreaOfFocus.history.get(history_user__username="other").history_date


def test_clash_with_an_own_version_is_told_as_such(area):
    saw, row = seen(area), changed(area, title="First")
    me = User.objects.get(username="other")

    clash = merged(row, {"title": "Second"}, saw).clash

    assert clash.is_by(me)
    assert not clash.is_by(make_user("somebody"))


def test_of_two_clashes_the_one_with_another_person_is_named(area):
    saw, row = seen(area), changed(area, title="First")
    mine = merged(row, {"title": "Second"}, saw).clash
    theirs = mine._replace(author=make_user("somebody", name="Some Body"), theirs={"text": "Theirs"})
    me = User.objects.get(username="other")

    for both in (mine.beside(theirs, me), theirs.beside(mine, me)):
        assert (both.who, both.theirs) == ("Some Body", {"title": "First", "text": "Theirs"})


@pytest.mark.parametrize("saw", [Seen(), Seen(None, 9), Seen(999, 1)], ids=str)
def test_version_that_the_history_does_not_know_clashes_with_all_that_is_stored(area, saw):
    found = merged(area, {"title": "Mine", "response": AT_FIRST["response"]}, saw)
    assert found.clash.theirs == {"title": AT_FIRST["title"]}


def test_history_is_read_only_for_what_is_outdated(area, django_assert_num_queries):
    row = changed(area, title="Theirs")
    with django_assert_num_queries(0):
        merged(row, {"title": "Mine"}, seen(row))
    with django_assert_num_queries(1):
        merged(row, {"title": "Mine"}, seen(area))


def test_links_to_many_rows_are_merged_as_one_field(area):
    mine, theirs = make_indicator("A1"), make_indicator("A2")
    saw = seen(area)
    area.indicators.set([theirs])
    row = changed(area, title="Theirs")
    boss = make_user("boss")

    assert save_over(row, {"indicators": frozenset({theirs.pk}), "response": "Mine"}, saw, by=boss)
    with pytest.raises(ClashError):
        save_over(row, {"indicators": frozenset({mine.pk})}, Seen(area.pk, 99), by=boss)

    assert list(row.indicators.all()) == [theirs]
