"""Saving what several people enter: who changed what, and that nobody overwrites what they have not seen."""

import pytest
from django.core.exceptions import PermissionDenied

from commentary.models import Commentary, SignOff
from commentary.sign_off import Standing
from indicators.calculations.months import add_months
from indicators.models import MonthlyValue, Seen
from scorecard.models import EditionState
from scorecard.returns.entries import Entry, EntryAmount, save_entries
from scorecard.returns.forms import LineForm
from scorecard.returns.saving import submit
from scorecard.rules import may
from tests.factories import JANUARY, make_derived, make_user, make_value
from tests.scorecard.returns.returning import (
    NOW,
    approve,
    enter,
    enter_at,
    fields,
    line_of,
    lines_of,
    make_collection,
    make_reported,
    officer,
    person,
    queries_for,
    say,
    send,
    sent_back,
    value_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BOTH_PARTS = pytest.mark.parametrize("part", ["figure", "text"])
WORDS = {"old": {"figure": "5", "text": "Old."}, "mine": {"figure": "6", "text": "Mine."}}
WORDS |= {"theirs": {"figure": "7", "text": "Theirs."}, "": {"figure": "", "text": ""}}


@pytest.fixture
def edition():
    return make_collection(make_reported("A1"))


def stored(edition):
    """Figure and commentary of the line, as somebody would type them."""
    line = line_of(edition)
    return ("" if line.value is None else line.figure_text, line.text)


def enter_as(edition, opened, by, **typed):
    """Save what somebody typed into a page that they opened earlier. Returns the form and what became of it."""
    done = enter_at(edition, {"A1": opened}, by, A1=typed)
    return done.forms[0], done


def choose(edition, form, keep, by="lead", **typed):
    """Send a form with a conflict again, having chosen which version stays."""
    again = form.beside_theirs()
    data = {**again.data, f"{again.prefix}-keep": keep}
    data |= {f"{again.prefix}-{name}": text for name, text in typed.items()}
    done = submit(edition=edition, keys=[form.line.key], data=data, by=person(by), now=NOW)
    return done.forms[0], done


# Two people at the same line


@pytest.mark.parametrize(
    ("seen", "theirs", "mine", "expected", "is_clash"),
    [
        pytest.param("old", "old", "old", "old", False, id="nobody changed it"),
        pytest.param("old", "old", "mine", "mine", False, id="I changed it"),
        pytest.param("old", "theirs", "old", "theirs", False, id="they changed it"),
        pytest.param("old", "mine", "mine", "mine", False, id="both changed it alike"),
        pytest.param("old", "theirs", "mine", "theirs", True, id="both changed it"),
        pytest.param("old", "", "old", "", False, id="they took it away"),
        pytest.param("old", "", "", "", False, id="both took it away"),
        pytest.param("old", "", "mine", "", True, id="they took it away and I changed it"),
        pytest.param("old", "old", "", "", False, id="I took it away"),
        pytest.param("old", "theirs", "", "theirs", True, id="they changed it and I took it away"),
        pytest.param("", "", "mine", "mine", False, id="I was first"),
        pytest.param("", "theirs", "", "theirs", False, id="they were first"),
        pytest.param("", "mine", "mine", "mine", False, id="both began alike"),
        pytest.param("", "theirs", "mine", "theirs", True, id="both began"),
    ],
)
@BOTH_PARTS
def test_who_changed_what_decides(edition, part, seen, theirs, mine, expected, is_clash):
    enter(edition, A1={part: WORDS[seen][part]})
    opened = line_of(edition)
    enter_as(edition, opened, "lead", **{part: WORDS[theirs][part]})

    form, done = enter_as(edition, opened, "lead", **{part: WORDS[mine][part]})

    assert stored(edition)[part == "text"] == WORDS[expected][part]
    assert (form.conflict is not None, done.is_clean) == (is_clash, not is_clash)


def test_changed_there_and_back_is_no_clash(edition):
    enter(edition, A1={"figure": "5"})
    opened = line_of(edition)
    enter(edition, A1={"figure": "7"})
    enter(edition, A1={"figure": "5"})

    form, _ = enter_as(edition, opened, "lead", figure="5", text="Mine.")

    assert form.conflict is None
    assert stored(edition) == ("5", "Mine.")


def test_taken_away_and_entered_again_is_a_clash(edition):
    enter(edition, A1={"figure": "5"})
    opened = line_of(edition)
    enter(edition, A1={"figure": ""})
    enter(edition, A1={"figure": "7"})

    form, _ = enter_as(edition, opened, "lead", figure="6")

    assert form.conflict.theirs["figure"].figure == 7


def test_who_changed_the_figure_does_not_meet_who_changed_the_commentary(edition):
    enter(edition, A1={"figure": "5", "text": "Old."})
    opened = line_of(edition)
    enter(edition, by="lead", A1={"text": "Theirs."})

    form, _ = enter_as(edition, opened, "lead", figure="6")

    assert form.conflict is None
    assert stored(edition) == ("6", "Theirs.")


def test_note_and_stage_belong_to_the_figure(edition):
    enter(edition, A1={"figure": "5"})
    opened = line_of(edition)
    enter(edition, A1={"figure": "5", "stage": "provisional"})

    form, _ = enter_as(edition, opened, "lead", note="Mine.")

    assert form.conflict.theirs["figure"] == EntryAmount(figure=5, stage="provisional")


# A conflict


def test_conflict_names_who_and_when_and_nothing_of_the_line_is_saved(edition):
    enter(edition, A1={"figure": "5", "text": "Old."})
    opened = line_of(edition)
    officer()
    enter(edition, by="officer", A1={"figure": "7"})

    form, done = enter_as(edition, opened, "lead", figure="6", text="Mine.")

    record = MonthlyValue.history.first()
    assert (form.conflict.who, form.conflict.when) == ("Officer", record.history_date)
    assert form.conflict.theirs == {"figure": EntryAmount(figure=7)}
    assert (form.their_figure, done.saved) == ("7", set())
    assert stored(edition) == ("7", "Old.")


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        ({"figure": "1,464"}, "1,464"),
        ({"figure": "tbc", "note": "Late."}, "Awaited (tbc) (Late.)"),
        ({"figure": "7", "stage": "provisional"}, "7, provisional"),
        ({"figure": ""}, "none"),
    ],
    ids=str,
)
def test_their_figure_is_said_in_words(edition, theirs, words):
    enter(edition, A1={"figure": "5"})
    opened = line_of(edition)
    enter(edition, A1=theirs)

    form, _ = enter_as(edition, opened, "lead", figure="6")

    assert form.their_figure == words


def clash(edition, **mine):
    """A clash over the figure and, if I typed one, the commentary."""
    enter(edition, A1={"figure": "5", "text": "Old."})
    opened = line_of(edition)
    enter(edition, A1={"figure": "7", "text": "Theirs."})
    form, _ = enter_as(edition, opened, "lead", figure="6", **mine)
    assert form.conflict
    return form


@pytest.mark.parametrize(
    ("mine", "keep", "expected"),
    [
        pytest.param({"text": "Mine."}, "mine", ("6", "Mine."), id="mine"),
        pytest.param({"text": "Mine."}, "theirs", ("7", "Theirs."), id="theirs"),
        pytest.param({}, "mine", ("6", "Theirs."), id="my figure, and the commentary that I never changed"),
        pytest.param({}, "theirs", ("7", "Theirs."), id="their figure, and the commentary that I never changed"),
    ],
)
def test_the_version_chosen_stays(edition, mine, keep, expected):
    form, done = choose(edition, clash(edition, **mine), keep)

    assert stored(edition) == expected
    assert (form.conflict, done.is_clean) == (None, True)


def test_their_figure_and_my_commentary_can_both_stay(edition):
    enter(edition, A1={"figure": "5", "text": "Old."})
    opened = line_of(edition)
    enter(edition, A1={"figure": "7"})
    form, _ = enter_as(edition, opened, "lead", figure="6", text="Mine.")

    choose(edition, form, "theirs")

    assert stored(edition) == ("7", "Mine.")


def test_a_version_that_was_given_up_is_in_the_history(edition):
    choose(edition, clash(edition), "mine")
    assert [record.figure for record in MonthlyValue.history.all()] == [6, 7, 5]


def test_a_third_version_is_shown_before_it_is_overwritten(edition):
    form = clash(edition)
    enter(edition, A1={"figure": "8"})

    again, _ = choose(edition, form, "mine")

    assert again.conflict.theirs["figure"].figure == 8
    assert stored(edition)[0] == "8"
    assert not again.beside_theirs()["keep"].value()


@pytest.mark.parametrize(
    ("keep", "typed", "field"),
    [
        pytest.param("", {}, "keep", id="without a choice"),
        pytest.param("mine", {"figure": "12x"}, "figure", id="with another mistake"),
    ],
)
def test_a_conflict_stays_in_sight_until_it_is_settled(edition, keep, typed, field):
    form, done = choose(edition, clash(edition), keep, **typed)

    assert not done.is_clean
    assert form.conflict.theirs["figure"] == EntryAmount(figure=7)
    again = form.beside_theirs()
    assert list(again.errors) == [field]
    assert (again["keep"].value() or "") == keep


def test_a_line_whose_conflict_is_settled_can_be_sent(edition):
    enter(edition, A1={"figure": "5"})
    opened = line_of(edition)
    enter(edition, A1={"figure": "7"})
    form, _ = enter_as(edition, opened, "lead", figure="6")
    again = form.beside_theirs()
    chosen = {**again.data, f"{again.prefix}-keep": "theirs"}

    submit(edition=edition, keys=[opened.key], data=chosen, by=person("lead"), now=NOW, send=True)

    assert line_of(edition).standing is Standing.SENT


# What is written


def test_an_entry_that_changes_nothing_writes_nothing(edition):
    enter(edition, A1={"figure": "5", "text": "Old.\nTwo paragraphs.", "note": "Late."})
    before = line_of(edition)

    done = enter(edition, A1={})

    after = line_of(edition)
    assert (
        (after.value.version, after.commentary.version) == (before.value.version, before.commentary.version) == (1, 1)
    )
    assert MonthlyValue.history.count() == Commentary.history.count() == 1
    assert done.saved == set()


def test_a_text_stored_by_another_form_is_not_written_anew(edition):
    say(line_of(edition).indicator, "Old.\r\nTwo paragraphs.\r\n")
    enter(edition, A1={})
    assert Commentary.history.count() == 1


def test_every_change_is_in_the_history_with_who_made_it(edition):
    enter(edition, A1={"figure": "5", "text": "Old."})
    officer()
    enter(edition, by="officer", A1={"figure": "6", "text": "New."})
    enter(edition, A1={"figure": "", "text": ""})

    for model in (MonthlyValue, Commentary):
        records = [(record.history_type, record.history_user.username) for record in model.history.all()]
        assert records == [("-", "lead"), ("~", "officer"), ("+", "lead")]
    assert value_of(line_of(edition).indicator) is None


def test_all_parts_of_an_entry_are_stored():
    edition = make_collection(make_reported("A1", kind="ratio", unit="percentage"))
    enter(edition, A1={"numerator": "4", "denominator": "31", "stage": "revised", "note": "Recounted."})
    value = value_of(line_of(edition).indicator)
    assert (value.numerator, value.denominator, value.stage, value.note) == (4, 31, "revised", "Recounted.")


def test_a_figure_gives_way_to_the_reason_why_there_is_none(edition):
    enter(edition, A1={"figure": "5"})
    enter(edition, A1={"figure": "tbc", "note": "Late."})
    value = value_of(line_of(edition).indicator)
    assert (value.figure, value.blank, value.version) == (None, "awaited", 2)


def test_a_worked_out_line_takes_a_commentary_only():
    source = make_reported("A1")
    edition = make_collection(source, make_derived("D1", [source], reporter=person("lead")))
    make_value(source, JANUARY, 5)
    enter(edition, D1={"text": "As expected."})
    line = line_of(edition, "D1")
    assert (line.value, line.text, line.figure_text) == (None, "As expected.", "5")


# Taken back


@pytest.mark.parametrize("typed", [{"figure": "6"}, {"text": "New."}, {"note": "Recounted."}], ids=str)
@pytest.mark.parametrize("is_approved", [False, True], ids=["sent", "signed off"])
def test_what_was_sent_and_is_changed_is_the_reporters_again(edition, typed, is_approved):
    enter(edition, send=True, A1={"figure": "5", "text": "Old."})
    if is_approved:
        approve(edition, "A1")

    enter(edition, A1=typed)

    assert line_of(edition).standing is Standing.DRAFT
    latest = SignOff.history.first()
    assert (latest.step, latest.history_user.username, latest.version) == ("draft", "lead", 3 if is_approved else 2)
    assert latest.history_change_reason == "Changed after it was sent"


@pytest.mark.parametrize("is_approved", [False, True], ids=["sent", "signed off"])
def test_what_was_sent_and_is_saved_unchanged_stays_sent(edition, is_approved):
    enter(edition, send=True, A1={"figure": "5", "text": "Old."})
    if is_approved:
        approve(edition, "A1")
    before = line_of(edition).standing

    enter(edition, A1={})

    assert line_of(edition).standing is before


def test_what_was_sent_back_stays_so_until_it_is_sent_again(edition):
    enter(edition, send=True, A1={"figure": "5"})
    sent_back(edition, "A1")
    enter(edition, A1={"figure": "6"})
    assert line_of(edition).standing is Standing.SENT_BACK
    send(edition, "A1")
    assert line_of(edition).standing is Standing.SENT


def test_a_clash_takes_nothing_back(edition):
    enter(edition, A1={"figure": "5"})
    opened = line_of(edition)
    enter(edition, send=True, A1={"figure": "7"})

    enter_as(edition, opened, "lead", figure="6")

    assert line_of(edition).standing is Standing.SENT


# Who may


def may_enter(edition, username):
    line = line_of(edition)
    entry = Entry(EntryAmount(figure=9), "", Seen(), Seen())
    try:
        save_entries(edition=edition, lines=[line], entries={line.key: entry}, by=person(username))
    except PermissionDenied:
        assert value_of(line.indicator) is None
        return False
    return True


@pytest.mark.parametrize(
    ("username", "expected"), [("lead", True), ("head", False), ("officer", True), ("stranger", False)]
)
def test_only_the_reporter_and_officers_enter_a_line(edition, username, expected):
    officer()
    assert may_enter(edition, username) is expected


@pytest.mark.parametrize(
    ("state", "step", "lead", "by_officer"),
    [
        (EditionState.COLLECTING, "approved", True, True),
        (EditionState.IN_REVIEW, "sent", False, True),
        (EditionState.IN_REVIEW, "sent_back", True, True),
        (EditionState.PUBLISHED, "sent_back", False, False),
    ],
)
@pytest.mark.parametrize("username", ["lead", "officer"])
def test_a_line_takes_entries_as_long_as_its_edition_does(edition, state, step, lead, by_officer, username):
    officer()
    decided = {"decided_at": NOW, "decided_by": person("head"), "note": "Look again."}
    sending = {"sent_at": NOW, "first_sent_at": NOW, "sent_by": person("lead")}
    SignOff.objects.create(indicator=line_of(edition).indicator, month=JANUARY, step=step, **sending, **decided)
    edition.state = state
    edition.save()
    assert may_enter(edition, username) is {"lead": lead, "officer": by_officer}[username]


@pytest.mark.parametrize(
    ("state", "expected"),
    [(EditionState.COLLECTING, True), (EditionState.IN_REVIEW, True), (EditionState.PUBLISHED, False)],
)
@pytest.mark.parametrize("right", ["enter_line", "sign_off_line"])
def test_superusers_change_no_line_of_a_published_edition(edition, state, expected, right):
    edition.state = state
    edition.save()
    assert may(make_user("root", is_superuser=True), right, line_of(edition)) is expected


def test_one_line_of_somebody_else_keeps_all_others_out():
    edition = make_collection(make_reported("A1"), make_reported("B1", reporter=person("other")))
    with pytest.raises(PermissionDenied):
        enter(edition, A1={"figure": "5"}, B1={"figure": "5"})
    assert not MonthlyValue.objects.exists()


def test_an_entry_without_its_line_is_refused(edition):
    entry = Entry(EntryAmount(figure=9), "", Seen(), Seen())
    with pytest.raises(PermissionDenied):
        save_entries(edition=edition, lines=[], entries={line_of(edition).key: entry}, by=person("lead"))


# Queries


def reported(count):
    """A collection of so many lines, half of them with a figure and a commentary already, as the page shows it."""
    indicators = [make_reported(f"A{number}") for number in range(count)]
    for indicator in indicators[::2]:
        make_value(indicator, JANUARY, 5)
        say(indicator, "Old.")
    return make_collection(*indicators)


def test_queries_of_saving_are_as_many_for_40_lines_as_for_2():
    def prepare(count):
        edition = reported(count)
        person("lead")
        return edition, lines_of(edition)

    def save(prepared):
        edition, lines = prepared
        typed = {reference: {"figure": "6", "text": "New."} for reference in lines}
        assert len(enter_at(edition, lines, "lead", **typed).saved) == len(lines)

    assert queries_for(40, prepare, save) == queries_for(2, prepare, save)


def test_queries_of_saving_what_others_changed_are_as_many_for_40_lines_as_for_2():
    def prepare(count):
        edition = reported(count)
        person("lead")
        opened = lines_of(edition)
        enter(edition, **{reference: {"figure": "7"} for reference in opened})
        return edition, opened

    def save(prepared):
        edition, opened = prepared
        typed = {name: {"figure": "6"} if place % 2 else {"text": "New."} for place, name in enumerate(opened)}
        done = enter_at(edition, opened, "lead", **typed)
        assert len(done.saved) == len([form for form in done.forms if form.conflict]) == len(opened) / 2

    assert queries_for(40, prepare, save) == queries_for(2, prepare, save)


# Texts in one form

PASTED, FORM = "\uf0b7\tFewer\xa0calls.\u2028", "• Fewer calls."


def test_pasted_text_is_stored_in_one_form_and_pasting_it_again_changes_nothing(edition):
    enter(edition, A1={"figure": "5", "text": PASTED, "note": "Cafe\u0301"})
    assert stored(edition) == ("5", FORM)
    assert value_of(line_of(edition).indicator).note == "Café"
    opened = line_of(edition)
    assert enter(edition, A1={"text": PASTED, "note": "Cafe\u0301\u200b"}).saved == set()
    _, done = enter_as(edition, opened, "lead", text=f"{PASTED} ")
    assert done.saved == set()


def test_text_of_before_there_was_a_form_counts_as_the_same(edition):
    enter(edition, send=True, A1={"figure": "5", "text": FORM})
    approve(edition, "A1")
    shown = line_of(edition).fingerprint
    Commentary.objects.update(text=PASTED)
    line = line_of(edition)
    assert (line.text, line.fingerprint, line.standing) == (FORM, shown, Standing.APPROVED)
    assert enter(edition, A1={"text": FORM}).saved == set()
    assert Commentary.objects.get().text == PASTED


# Numbers that belong together


@pytest.fixture
def visits():
    """A share whose denominator has been the figure of another line for half a year, before a month to collect."""
    care = make_reported("C1", title="In care")
    words = {"numerator_words": "children visited in time", "denominator_words": "of all children in care"}
    share = make_reported("P1", kind="ratio", unit="percentage", **words)
    for back in range(1, 7):
        make_value(care, add_months(JANUARY, -back), 90 + back)
        make_value(share, add_months(JANUARY, -back), numerator=50 + back, denominator=90 + back)
    return make_collection(care, share)


def test_two_numbers_are_asked_for_in_their_own_words_beside_those_of_the_month_before(visits):
    form = LineForm(None, line_of(visits, "P1"))

    assert form["numerator"].label == "Children visited in time, January 2021"
    assert form["denominator"].label == "Of all children in care"
    assert line_of(visits, "P1").pair_before == "Dec 2020: 51 of 91"


def test_denominator_that_another_line_holds_is_filled_in(visits):
    assert line_of(visits, "P1").whole.reference == "C1"
    enter(visits, C1={"figure": "120"})
    assert fields(line_of(visits, "P1"))[f"line-{line_of(visits, 'P1').key}-denominator"] == "120"
    enter(visits, C1={}, P1={"numerator": "60", "denominator": ""})

    assert value_of(line_of(visits, "P1").indicator).denominator == 120


def test_denominator_is_taken_from_a_figure_that_is_entered_with_it(visits):
    enter(visits, C1={"figure": "130"}, P1={"numerator": "60"})

    assert value_of(line_of(visits, "P1").indicator).denominator == 130


def test_denominator_that_was_only_filled_in_is_no_entry(visits):
    enter(visits, C1={"figure": "120"})
    outcome = enter(visits, C1={}, P1={})

    assert outcome.is_clean
    assert value_of(line_of(visits, "P1").indicator) is None


@pytest.mark.parametrize("change", ["another_reporter", "one_month_differs", "always_the_same"])
def test_denominator_is_not_taken_from_a_line_that_only_looks_alike(visits, change):
    care = line_of(visits, "C1").indicator
    if change == "another_reporter":
        care.reporter = person("other")
        care.save()
    elif change == "one_month_differs":
        MonthlyValue.objects.filter(indicator=care, month=add_months(JANUARY, -2)).update(figure=7)
    else:
        MonthlyValue.objects.filter(month__lt=JANUARY, indicator=care).update(figure=100)
        MonthlyValue.objects.filter(month__lt=JANUARY, indicator__reference="P1").update(denominator=100)

    assert line_of(visits, "P1").whole is None
