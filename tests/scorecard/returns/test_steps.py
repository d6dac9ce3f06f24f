"""The steps of a line: what keeps it from being sent, who may take which, and what undoes them."""

from datetime import UTC, datetime
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from commentary.models import Commentary, SignOff, WarningReason
from commentary.sign_off import Standing
from indicators.calculations.months import months_ending
from indicators.models import Deputy, MonthlyValue, Seen
from scorecard.models import Edition, EditionState
from scorecard.returns.entries import Entry, EntryAmount, save_entries
from scorecard.returns.saving import obstacles, save_reasons, send_lines
from scorecard.sign_off.actions import approve_lines, send_back
from tests.factories import DECEMBER, JANUARY, make_derived, make_scorecard, make_value, make_values, publish
from tests.indicators.admin_pages import address, filled_in
from tests.indicators.importing import import_file
from tests.scorecard.returns.returning import (
    NOW,
    approve,
    as_seen,
    enter,
    enter_at,
    line_of,
    lines_of,
    make_collection,
    make_reported,
    officer,
    person,
    queries_for,
    send,
    sent_back,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LATER = datetime(2021, 2, 9, 15, tzinfo=UTC)
STEADY = dict(zip(months_ending(DECEMBER, 12), [98, 102] * 6, strict=True))
NO_FIGURE = "Enter a figure, or choose why there is none."
NO_NOTE = "Say in the note why there is no figure."
NO_REASON = "Check the figure, or say why it is right all the same."
MISSING = "It is worked out from figures that are still missing."


@pytest.fixture
def edition():
    return make_collection(make_reported("A1"), make_reported("B1"))


@pytest.fixture
def sent(edition):
    enter(edition, send=True, A1={"figure": "5"}, B1={"figure": "6"})
    return edition


def standings(edition):
    return {reference: line.standing.value for reference, line in lines_of(edition).items()}


def saw(edition, *references):
    lines = lines_of(edition)
    return {lines[reference].key: lines[reference].fingerprint for reference in references}


def references(lines):
    return [line.indicator.reference for line in lines]


# What keeps a line from being sent


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param({}, [NO_FIGURE], id="nothing"),
        pytest.param({"text": "Later."}, [NO_FIGURE], id="only a commentary"),
        pytest.param({"figure": "0", "text": "None at all."}, [], id="none is a figure"),
        pytest.param({"figure": "tbc"}, [NO_NOTE], id="no figure, and no word on why"),
        pytest.param({"figure": "tbc", "note": "The school is closed."}, [], id="no figure for a reason"),
        pytest.param({"figure": "150"}, [NO_REASON], id="a warning"),
    ],
)
def test_line_says_what_keeps_it_from_being_sent(edition, typed, expected):
    make_value(line_of(edition).indicator, DECEMBER, 150)
    enter(edition, A1=typed)

    assert obstacles(line_of(edition)) == expected
    assert send(edition, "A1") == ([] if expected else ["A1"])


@pytest.mark.parametrize(
    ("of_source", "expected"),
    [
        pytest.param({}, [MISSING], id="nothing entered"),
        pytest.param({"figure": "5"}, [], id="entered"),
        pytest.param({"figure": "tbc", "note": "Late."}, [], id="awaited"),
        pytest.param({"figure": "[x]", "note": "Nobody counted."}, [], id="not to be had"),
    ],
)
def test_worked_out_line_waits_for_what_it_is_worked_out_from(of_source, expected):
    source = make_reported("A1")
    middle = make_derived("D1", [source])
    edition = make_collection(source, make_derived("D2", [middle], reporter=person("lead")))
    enter(edition, A1=of_source)
    assert obstacles(line_of(edition, "D2")) == expected


def test_worked_out_line_waits_for_a_source_on_no_scorecard():
    source = make_reported("A1")
    edition = make_collection(make_derived("D1", [source], reporter=person("lead")))
    assert obstacles(line_of(edition, "D1")) == [MISSING]
    make_value(source, JANUARY, None, blank="not_available", note="Nobody counted.")
    assert obstacles(line_of(edition, "D1")) == []


# Reasons


@pytest.fixture
def unusual(edition):
    """A1 is unusual, which nobody has explained yet."""
    make_values(line_of(edition).indicator, STEADY)
    enter(edition, A1={"figure": "150"})
    return edition


def test_a_reason_is_kept_with_what_it_was_about_and_who_gave_it(unusual):
    enter(unusual, A1={"reason_because_unusual": "Checked with the school."})

    reason = WarningReason.objects.get()
    assert (reason.warning, reason.about, reason.reason) == ("unusual", "150", "Checked with the school.")
    assert reason.history.get().history_user == person("lead")
    assert send(unusual, "A1") == ["A1"]


def test_a_reason_can_come_together_with_its_figure_and_the_sending(edition):
    make_values(line_of(edition).indicator, STEADY)
    typed = {"figure": "150", "reason_because_unusual": "Checked."}
    done = enter(edition, send=True, A1=typed)
    assert references(done.sent) == ["A1"]


def test_a_reason_for_no_warning_is_not_kept(edition):
    enter(edition, A1={"figure": "5", "reason_because_unusual": "Checked.", "reason_because_nonsense": "What?"})
    assert not WarningReason.objects.exists()


def test_a_reason_that_stays_the_same_is_written_once(unusual):
    enter(unusual, A1={"reason_because_unusual": "Checked."})
    enter(unusual, A1={})
    assert WarningReason.history.count() == 1


def test_a_reason_can_be_reworded(unusual):
    enter(unusual, A1={"reason_because_unusual": "Checked."})
    enter(unusual, A1={"reason_because_unusual": "Checked twice."})
    reason = WarningReason.objects.get()
    assert (reason.reason, reason.version) == ("Checked twice.", 2)


def test_a_reason_for_another_figure_does_not_pass_unseen(unusual):
    enter(unusual, A1={"reason_because_unusual": "Checked."})

    # The field still holds the reason for 150.
    done = enter(unusual, send=True, A1={"figure": "160"})

    assert done.sent == []
    [obstacle] = obstacles(line_of(unusual))
    assert obstacle.startswith("Check the figure; if it is right, write a commentary")
    assert references(enter(unusual, send=True, A1={}).sent) == ["A1"]
    assert WarningReason.objects.get().about == "160"


def test_a_reason_is_only_given_by_who_may_enter_the_line(unusual):
    line = line_of(unusual)
    with pytest.raises(PermissionDenied):
        save_reasons(edition=unusual, lines=[line], reasons={(line.key, "unusual"): "Fine."}, by=person("stranger"))
    assert not WarningReason.objects.exists()


# Sending


def test_only_lines_that_are_ready_are_sent(edition):
    done = enter(edition, send=True, A1={"figure": "5"}, B1={"text": "Later."})
    assert references(done.sent) == ["A1"]
    assert standings(edition) == {"A1": "sent", "B1": "draft"}


def test_sending_keeps_who_when_and_what(edition):
    enter(edition, A1={"figure": "5", "text": "Fewer.", "stage": "provisional"})
    send(edition, "A1")

    sign_off = SignOff.objects.get()
    assert (sign_off.figure, sign_off.text) == ("5 [p]", "Fewer.")
    assert (sign_off.sent_at, sign_off.first_sent_at, sign_off.sent_by) == (NOW, NOW, person("lead"))
    assert sign_off.history.get().history_user == person("lead")


def test_sending_again_keeps_when_it_was_sent_first(sent):
    sent_back(sent, "A1")
    send(sent, "A1", now=LATER)
    sign_off = line_of(sent).sign_off
    assert (sign_off.first_sent_at, sign_off.sent_at, sign_off.note) == (NOW, LATER, "")


@pytest.mark.parametrize("is_approved", [False, True], ids=["sent", "signed off"])
def test_what_is_not_with_its_reporter_is_not_sent_again(sent, is_approved):
    if is_approved:
        approve(sent, "A1")
    before = line_of(sent).sign_off.version
    assert send(sent, "A1") == []
    assert line_of(sent).sign_off.version == before


def test_a_line_that_is_not_due_is_not_sent():
    edition = make_collection(make_reported("A1", frequency="quarterly"))
    assert send(edition, "A1") == []


@pytest.mark.parametrize("username", ["head", "stranger"])
def test_sending_somebody_elses_line_is_refused(edition, username):
    enter(edition, A1={"figure": "5"})
    with pytest.raises(PermissionDenied):
        send(edition, "A1", by=username)
    assert not SignOff.objects.exists()


# Deciding


def test_signing_off_keeps_who_when_and_what(sent):
    approve(sent, "A1", now=LATER)

    sign_off = line_of(sent).sign_off
    assert (sign_off.step, sign_off.figure, sign_off.note) == ("approved", "5", "")
    assert (sign_off.decided_at, sign_off.decided_by, sign_off.sent_by) == (LATER, person("head"), person("lead"))
    assert [(one.step, one.history_user.username) for one in sign_off.history.all()] == [
        ("approved", "head"),
        ("sent", "lead"),
    ]
    assert standings(sent) == {"A1": "approved", "B1": "sent"}


def test_sending_back_says_what_to_change(sent):
    sent_back(sent, "A1", note="  Is this the whole month?\n")
    sign_off = line_of(sent).sign_off
    assert (sign_off.step, sign_off.note, sign_off.decided_by) == (
        "sent_back",
        "Is this the whole month?",
        person("head"),
    )


def test_a_signed_off_line_can_be_sent_back(sent):
    approve(sent, "A1")
    sent_back(sent, "A1")
    assert line_of(sent).standing is Standing.SENT_BACK


@pytest.mark.parametrize("note", ["", " \n"])
def test_sending_back_needs_a_note(sent, note):
    with pytest.raises(ValueError, match="Say what should be changed"):
        sent_back(sent, "A1", note=note)
    assert line_of(sent).standing is Standing.SENT


@pytest.mark.parametrize("act", [approve_lines, lambda **given: send_back(note="Why?", **given)], ids=["yes", "no"])
def test_what_changed_since_the_owner_looked_is_left_alone(sent, act):
    seen = saw(sent, "A1", "B1")
    value = MonthlyValue.objects.get(indicator__reference="A1")
    value.figure = 7
    value.save()

    decided = act(edition=sent, saw=seen, by=person("head"), now=LATER)

    assert (references(decided.done), references(decided.changed)) == (["B1"], ["A1"])
    assert standings(sent)["A1"] == "sent"


@pytest.mark.parametrize("act", [approve_lines, lambda **given: send_back(note="Why?", **given)], ids=["yes", "no"])
@pytest.mark.parametrize("username", ["lead", "stranger"])
def test_deciding_on_somebody_elses_line_is_refused(sent, act, username):
    with pytest.raises(PermissionDenied):
        act(edition=sent, saw=saw(sent, "A1"), by=person(username), now=LATER)
    assert standings(sent)["A1"] == "sent"


def test_one_line_of_another_owner_keeps_all_others_from_being_signed_off():
    edition = make_collection(make_reported("A1"), make_reported("B1", owner=person("other")))
    enter(edition, send=True, A1={"figure": "5"}, B1={"figure": "6"})
    with pytest.raises(PermissionDenied):
        approve(edition, "A1", "B1")
    assert standings(edition) == {"A1": "sent", "B1": "sent"}


def test_a_line_that_was_not_sent_cannot_be_decided_on(edition):
    enter(edition, A1={"figure": "5"})
    for act in (approve_lines, lambda **given: send_back(note="Why?", **given)):
        assert act(edition=edition, saw=saw(edition, "A1"), by=person("head"), now=NOW) == ([], [], [])
    assert standings(edition)["A1"] == "draft"


def test_a_deputy_sends_and_signs_off_in_their_own_name(edition):
    for absent in ("lead", "head"):
        Deputy.objects.create(person=person(absent), deputy=person("dana"), starts_on=JANUARY)
    enter(edition, A1={"figure": "5"})
    assert send(edition, "A1", by="dana") == ["A1"]
    approve(edition, "A1", by="dana")
    sign_off = line_of(edition).sign_off
    assert (sign_off.sent_by, sign_off.decided_by) == (person("dana"), person("dana"))


def test_nothing_is_decided_once_the_edition_is_published(sent):
    sent.state = EditionState.PUBLISHED
    sent.save()
    officer()
    for username in ("head", "officer"):
        with pytest.raises(PermissionDenied):
            approve_lines(edition=sent, saw=saw(sent, "A1"), by=person(username), now=LATER)


# An edition that is moved on while somebody acts


def move_on(edition, state):
    """Move the edition on behind the back of whoever has read it."""
    current = Edition.objects.get(pk=edition.pk)
    current.state = state
    current.save()


MOVED_ON = pytest.mark.parametrize("state", [EditionState.IN_REVIEW, EditionState.PUBLISHED])


@MOVED_ON
def test_what_was_read_before_the_edition_was_moved_on_takes_no_entry(unusual, state):
    line = line_of(unusual)
    move_on(unusual, state)
    with pytest.raises(PermissionDenied):
        save_entries(edition=unusual, lines=[line], entries={line.key: entry_of(7)}, by=person("lead"))
    assert line_of(unusual).value.figure == 150


@MOVED_ON
def test_what_was_read_before_the_edition_was_moved_on_takes_no_reason(unusual, state):
    line = line_of(unusual)
    move_on(unusual, state)
    with pytest.raises(PermissionDenied):
        save_reasons(edition=unusual, lines=[line], reasons={(line.key, "unusual"): "Fine."}, by=person("lead"))
    assert not WarningReason.objects.exists()


@MOVED_ON
def test_what_was_read_before_the_edition_was_moved_on_is_not_sent(edition, state):
    enter(edition, A1={"figure": "5"})
    entries = dict([as_seen(line_of(edition))])
    move_on(edition, state)
    with pytest.raises(PermissionDenied):
        send_lines(edition=edition, entries=entries, by=person("lead"), now=NOW)
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("act", [approve_lines, partial(send_back, note="Why?")], ids=["sign off", "send back"])
def test_what_was_read_before_the_edition_was_published_is_not_decided_on(sent, act):
    saw_then = saw(sent, "A1")
    move_on(sent, EditionState.PUBLISHED)
    with pytest.raises(PermissionDenied):
        act(edition=sent, saw=saw_then, by=person("head"), now=NOW)
    assert SignOff.history.filter(indicator__reference="A1").count() == 1


def test_line_that_was_sent_again_meanwhile_takes_no_entry_in_review(sent):
    sent_back(sent, "A1")
    sent.state = EditionState.IN_REVIEW
    sent.save()
    line = line_of(sent)
    send(sent, "A1")
    with pytest.raises(PermissionDenied):
        save_entries(edition=sent, lines=[line], entries={line.key: entry_of(7)}, by=person("lead"))
    assert standings(sent)["A1"] == "sent"


def entry_of(figure):
    return Entry(EntryAmount(figure=figure), None, Seen(), Seen())


# Sending what somebody else changed


@pytest.mark.parametrize("theirs", [{"figure": "6"}, {"text": "Fewer."}], ids=["figure", "text"])
def test_line_is_not_sent_with_what_its_sender_has_not_seen(edition, theirs):
    enter(edition, A1={"figure": "5"})
    opened = line_of(edition)
    enter(edition, by=officer().username, A1=theirs)

    done = enter_at(edition, {"A1": opened}, "lead", send=True, A1={})

    assert (done.sent, references(done.unseen)) == ([], ["A1"])
    assert standings(edition)["A1"] == "draft"


def test_line_is_sent_with_what_its_sender_entered_just_the_same(edition):
    opened = line_of(edition)
    enter(edition, by=officer().username, A1={"figure": "5", "text": "Fewer."})

    done = enter_at(edition, {"A1": opened}, "lead", send=True, A1={"figure": "5", "text": "Fewer."})

    assert (references(done.sent), done.unseen) == (["A1"], [])


def test_line_that_somebody_else_changed_does_not_keep_others_from_being_sent(edition):
    enter(edition, A1={"figure": "5"}, B1={"figure": "6"})
    opened = lines_of(edition)
    enter(edition, by=officer().username, A1={"figure": "7"})

    done = enter_at(edition, opened, "lead", send=True, A1={}, B1={})

    assert (references(done.sent), references(done.unseen)) == (["B1"], ["A1"])


# A change after sign-off


def test_a_figure_changed_on_the_page_is_explained_sent_and_signed_off_anew(sent):
    approve(sent, "A1")
    enter(sent, A1={"figure": "7"})
    line = line_of(sent)
    assert line.standing is Standing.DRAFT
    assert [(one.code, one.message) for one in line.open_warnings] == [
        ("signed", "Head signed off another figure. Why does it change?")
    ]
    assert send(sent, "A1") == []
    enter(sent, A1={"reason-signed": "One was counted twice."})
    send(sent, "A1")
    approve(sent, "A1")
    assert (line_of(sent).standing, line_of(sent).sign_off.figure) == (Standing.APPROVED, "7")


def test_a_figure_changed_in_the_administration_waits_for_its_owner_again(sent, admin_client):
    approve(sent, "A1")
    page = address(MonthlyValue, "change", line_of(sent).value.pk)
    asked = admin_client.post(page, filled_in(admin_client, page, figure="7"))
    assert "a new figure goes to its owner again" in asked.content.decode()
    assert line_of(sent).standing is Standing.APPROVED
    form = asked.context["adminform"].form
    answered = {bound.html_name: bound.value() or "" for bound in form} | {"answer": "One was counted twice."}
    admin_client.post(page, answered)
    line = line_of(sent)
    assert line.standing is Standing.CHANGED
    assert line.open_warnings == []
    assert line.value.history.first().history_change_reason.endswith("Reason: One was counted twice.")


def test_a_word_changed_after_sign_off_asks_for_no_reason(sent):
    approve(sent, "A1")
    enter(sent, A1={"text": "New."})
    assert line_of(sent).open_warnings == []


def test_a_figure_that_another_scorecard_has_published_asks_for_a_reason(edition):
    line = line_of(edition)
    make_value(line.indicator, JANUARY, 5)
    publish(make_scorecard(line.indicator, slug="other", title="Other scorecard"))
    assert line_of(edition).open_warnings == []
    enter(edition, A1={"figure": "6"})
    [asked] = line_of(edition).open_warnings
    assert (asked.code, asked.message) == (
        "published",
        "Another scorecard’s report has published it as 5. Why does it change?",
    )
    enter(edition, A1={"figure": "5"})
    assert line_of(edition).open_warnings == []


def test_a_commentary_changed_in_the_administration_waits_for_its_owner_again(edition, admin_client):
    enter(edition, send=True, A1={"figure": "5", "text": "Fewer.\nAs planned."})
    approve(edition, "A1")
    page = address(Commentary, "change", line_of(edition).commentary.pk)
    admin_client.post(page, filled_in(admin_client, page, text="Fewer.\r\nAs planned."))
    assert line_of(edition).standing is Standing.APPROVED
    admin_client.post(page, filled_in(admin_client, page, text="More."))
    assert line_of(edition).standing is Standing.CHANGED


def test_a_figure_changed_by_an_import_waits_for_its_owner_again(sent, admin_client):
    approve(sent, "A1")
    import_file(admin_client, MonthlyValue, "reference,month,figure\nA1,2021-01,7\n")
    assert line_of(sent).standing is Standing.CHANGED


def test_a_worked_out_line_waits_for_its_owner_again_when_a_source_changes():
    source = make_reported("A1")
    edition = make_collection(source, make_derived("D1", [source], reporter=person("lead"), owner=person("head")))
    enter(edition, A1={"figure": "5"})
    enter(edition, send=True, A1={}, D1={})
    approve(edition, "A1", "D1")

    enter(edition, A1={"figure": "7"})

    assert standings(edition) == {"A1": "draft", "D1": "changed"}
    approve(edition, "D1")
    assert line_of(edition, "D1").standing is Standing.APPROVED


def test_a_figure_that_is_put_back_is_signed_off_still(sent, admin_client):
    approve(sent, "A1")
    for figure in (7, 5):
        value = MonthlyValue.objects.get(indicator__reference="A1")
        value.figure = figure
        value.save()
    assert line_of(sent).standing is Standing.APPROVED


# Queries


def test_queries_of_each_step_are_as_many_for_40_lines_as_for_2():
    def prepare(count):
        edition = make_collection(*(make_reported(f"A{number}") for number in range(count)))
        for line in lines_of(edition).values():
            make_value(line.indicator, JANUARY, 5)
        return edition, lines_of(edition), person("lead"), person("head")

    def run(prepared):
        edition, lines, lead, head = prepared
        entries = dict(map(as_seen, lines.values()))
        seen = {line.key: line.fingerprint for line in lines.values()}
        assert len(send_lines(edition=edition, entries=entries, by=lead, now=NOW).done) == len(lines)
        assert len(approve_lines(edition=edition, saw=seen, by=head, now=NOW).done) == len(lines)
        assert len(send_back(edition=edition, saw=seen, note="Why?", by=head, now=NOW).done) == len(lines)

    assert queries_for(40, prepare, run) == queries_for(2, prepare, run)
