"""Nobody signs off what they entered: what counts as entered, who may all the same, and where that is marked."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from commentary.models import Commentary, SignOff
from commentary.sign_off import Standing
from indicators.models import Deputy, Indicator, MonthlyValue
from scorecard.collection.notices import notices_for
from scorecard.models import EditionState, Scorecard
from scorecard.publication.checklist import checks_of
from scorecard.publication.publish import draft_edition
from scorecard.returns.work import tasks_of
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.history import events_of
from scorecard.sign_off.actions import approve_lines
from tests.factories import DECEMBER, JANUARY, make_derived, make_value
from tests.indicators.importing import import_file
from tests.scorecard.returns.returning import (
    NOW,
    approve,
    enter,
    line_of,
    lines_of,
    make_collection,
    make_reported,
    officer,
    page_of,
    person,
    queries_for,
    say,
    send,
    sent_back,
    value_of,
    words_of,
)

pytestmark = pytest.mark.django_db
SIGN_OFF = "/sign-off/panel/2021-01/"
COLLECTION = "/collection/panel/2021-01/"


@pytest.fixture
def edition():
    """The head owns A1, and reports it in the lead's place; the chief stands in for the head."""
    edition = make_collection(make_reported("A1"))
    Deputy.objects.create(person=person("lead"), deputy=person("head"), starts_on=JANUARY)
    Deputy.objects.create(person=person("head"), deputy=person("chief"), starts_on=JANUARY)
    return edition


def signing(edition, by="head", *references):
    """What comes of somebody signing lines off: the references done, and those left for somebody else."""
    lines = lines_of(edition)
    saw = {lines[reference].key: lines[reference].fingerprint for reference in references or ("A1",)}
    result = approve_lines(edition=edition, saw=saw, by=person(by), now=NOW)
    return [line.indicator.reference for line in result.done], [line.indicator.reference for line in result.own]


def as_admin(row, by, **fields):
    """Change a row as the administration does, in somebody's name."""
    for name, value in fields.items():
        setattr(row, name, value)
    row._history_user = person(by)
    row.save()


def by_head(edition):
    enter(edition, by="head", send=True, A1={"figure": "5", "text": "Fewer."})


def by_lead(edition):
    enter(edition, send=True, A1={"figure": "5", "text": "Fewer."})


def figure_by_head(edition):
    enter(edition, by="head", A1={"figure": "5"})
    enter(edition, send=True, A1={"text": "Fewer."})


def note_by_head(edition):
    enter(edition, A1={"figure": "5", "text": "Fewer."})
    enter(edition, by="head", send=True, A1={"note": "Without the night team."})


def stage_by_head(edition):
    enter(edition, A1={"figure": "5", "text": "Fewer."})
    enter(edition, by="head", send=True, A1={"stage": "provisional"})


def text_by_head(edition):
    enter(edition, by="head", A1={"text": "Fewer."})
    enter(edition, send=True, A1={"figure": "5"})


def word_by_head(edition):
    enter(edition, A1={"figure": "5", "text": "Fewer."})
    enter(edition, by="head", A1={"text": "Far fewer."})
    enter(edition, send=True, A1={"text": "Far fewer, as in May."})


def figure_by_head_then_note_by_lead(edition):
    enter(edition, by="head", A1={"figure": "5", "text": ""})
    enter(edition, send=True, A1={"note": "Counted anew."})


def figure_entered_anew_by_lead(edition):
    enter(edition, by="head", A1={"figure": "5"})
    enter(edition, send=True, A1={"figure": "6"})


def figure_taken_away_and_entered_by_lead(edition):
    enter(edition, by="head", A1={"figure": "5", "text": "Fewer."})
    enter(edition, by="head", A1={"figure": "", "text": ""})
    enter(edition, send=True, A1={"figure": "5", "text": "Fewer."})


def sent_by_head(edition):
    enter(edition, A1={"figure": "5"})
    send(edition, "A1", by="head")


def another_month_by_head(edition):
    as_admin(MonthlyValue(indicator=line_of(edition).indicator, month=DECEMBER), "head", figure=4)
    by_lead(edition)


def in_administration_by_head(edition):
    by_lead(edition)
    as_admin(value_of(line_of(edition).indicator), "head", figure=9)


def text_in_administration_by_head(edition):
    by_lead(edition)
    as_admin(Commentary.objects.get(), "head", text="Far fewer.")


def by_the_program(edition):
    make_value(line_of(edition).indicator, JANUARY, 5)
    say(line_of(edition).indicator, "Fewer.")
    send(edition, "A1")


@pytest.mark.parametrize(
    ("story", "is_own"),
    [
        (by_head, True),
        (by_lead, False),
        (figure_by_head, True),
        (note_by_head, True),
        (stage_by_head, True),
        (text_by_head, True),
        (word_by_head, True),
        (figure_by_head_then_note_by_lead, True),
        (figure_entered_anew_by_lead, False),
        (figure_taken_away_and_entered_by_lead, False),
        (sent_by_head, False),
        (another_month_by_head, False),
        (in_administration_by_head, True),
        (text_in_administration_by_head, True),
        (by_the_program, False),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_what_counts_as_entered(edition, story, is_own):
    story(edition)
    assert signing(edition) == (([], ["A1"]) if is_own else (["A1"], []))
    assert line_of(edition).is_signed_off_by_who_entered_it is False
    assert (line_of(edition).standing is Standing.APPROVED) is not is_own


@pytest.fixture
def derived():
    """The head owns D1, which is worked out from A1 and from Z9, which is on no scorecard."""
    a1, z9 = make_reported("A1", owner=person("chief")), make_reported("Z9")
    return make_collection(a1, make_derived("D1", [a1, z9], owner=person("head"), reporter=person("lead")))


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (("head", "lead"), ("the figure of A1",)),
        (("lead", "head"), ("a figure that it is worked out from",)),
        (("lead", "lead"), None),
    ],
    ids=str,
)
def test_derived_line_is_entered_by_who_entered_its_parts(derived, who, words):
    z9 = Indicator.objects.get(reference="Z9")
    for indicator, by in zip((line_of(derived).indicator, z9), who, strict=True):
        as_admin(MonthlyValue(indicator=indicator, month=JANUARY), by, figure=4)
    send(derived, "D1")
    assert line_of(derived, "D1").entered_by.get(person("head").pk) == words
    assert signing(derived, "head", "D1") == ((["D1"], []) if words is None else ([], ["D1"]))


def test_somebody_else_signs_off_a_deputy_or_an_officer(edition):
    by_head(edition)
    assert signing(edition) == ([], ["A1"])
    assert signing(edition, "chief") == (["A1"], [])
    assert not line_of(edition).is_signed_off_by_who_entered_it


def test_deputy_who_entered_it_does_not_sign_it_off_but_the_owner_does(edition):
    Deputy.objects.create(person=person("lead"), deputy=person("chief"), starts_on=JANUARY)
    enter(edition, by="chief", send=True, A1={"figure": "5"})
    assert signing(edition, "chief") == ([], ["A1"])
    assert signing(edition, "head") == (["A1"], [])


def test_own_line_can_be_sent_back(edition):
    by_head(edition)
    sent_back(edition, "A1")
    assert line_of(edition).standing is Standing.SENT_BACK


def four_eyes_off(edition):
    edition.scorecard.four_eyes = False
    edition.scorecard.save()


def signed_off_by_who_entered_it(edition, by):
    if by == "officer":
        officer()
    else:
        four_eyes_off(edition)
    enter(edition, by=by, send=True, A1={"figure": "5"})
    assert signing(edition, by) == (["A1"], [])


@pytest.mark.sqlite
@pytest.mark.parametrize("by", ["head", "officer"])
def test_where_it_is_allowed_it_is_marked_everywhere(edition, client, by):
    signed_off_by_who_entered_it(edition, by)
    edition.state = EditionState.IN_REVIEW
    edition.save()
    officer()
    client.force_login(person("officer"))
    line = line_of(edition)

    assert line.is_signed_off_by_who_entered_it
    assert "Signed off by who entered it" in words_of(page_of(client.get(SIGN_OFF)))
    board = words_of(page_of(client.get(COLLECTION)))
    assert "1 signed off by who entered it" in board
    assert "Signed off by who entered it" in board
    assert events_of(line)[0].what == "Signed off by who entered it"
    checks = {check.title: check for check in checks_of(assemble_sheet(edition), draft_edition(edition).report)}
    assert checks["Sign-off"].found == [("A1", "signed off by who entered it")]
    assert "signed off by who entered it" in words_of(page_of(client.get(f"{COLLECTION}publish/")))


def test_officer_who_did_not_enter_it_leaves_no_mark(edition):
    officer()
    by_lead(edition)
    assert signing(edition, "officer") == (["A1"], [])
    assert not SignOff.objects.get().entered_by_signer


@pytest.mark.parametrize("again", ["sent back", "changed", "signed off by another"])
def test_mark_goes_with_the_sign_off(edition, again):
    signed_off_by_who_entered_it(edition, "officer")
    if again == "sent back":
        sent_back(edition, "A1")
    else:
        enter(edition, by="lead", send=True, A1={"figure": "7"})
    if again == "signed off by another":
        approve(edition, "A1")
    assert not SignOff.objects.get().entered_by_signer


def test_database_knows_no_mark_without_a_sign_off(edition):
    by_lead(edition)
    with pytest.raises(IntegrityError, match="sign_off_own_if_signed_off"), transaction.atomic():
        SignOff.objects.update(entered_by_signer=True)


def test_new_and_old_scorecards_ask_for_four_eyes(edition):
    assert Scorecard().four_eyes
    assert Scorecard.objects.get().four_eyes


# The page


@pytest.mark.sqlite
def test_page_says_so_beforehand(edition, client):
    by_head(edition)
    client.force_login(person("head"))
    html = page_of(client.get(SIGN_OFF))
    assert "You entered its figure and its commentary yourself." in words_of(html)
    assert "So somebody else signs it off: a deputy of the owner, or a performance officer." in words_of(html)
    assert 'value="approve"' not in html
    assert 'value="send_back"' in html


@pytest.mark.sqlite
def test_page_says_beforehand_that_it_is_marked(edition, client):
    four_eyes_off(edition)
    by_head(edition)
    client.force_login(person("head"))
    html = page_of(client.get(SIGN_OFF))
    assert "You can sign it off; it is then marked" in words_of(html)
    assert 'value="approve"' in html


def test_signing_off_all_leaves_own_lines_and_says_why(client):
    edition = make_collection(*(make_reported(reference) for reference in ("A1", "A2", "A3")))
    Deputy.objects.create(person=person("lead"), deputy=person("head"), starts_on=JANUARY)
    said = {"text": "As planned."}
    enter(edition, send=True, A1={"figure": "5", **said}, A2={"figure": "6", **said})
    enter(edition, by="head", send=True, A3={"figure": "7", **said})
    client.force_login(person("head"))
    html = page_of(client.get(SIGN_OFF))
    assert "You entered 1 of the waiting lines yourself, so somebody else signs it off" in words_of(html)
    assert "Sign off these 2 lines as they stand here" in words_of(html)
    saw = {f"saw-{line.key}": line.fingerprint for line in lines_of(edition).values()}
    told = words_of(page_of(client.post(SIGN_OFF, {"action": "approve", **saw}, follow=True)))
    assert "A1, A2 were signed off." in told
    assert "Not signed off, because you entered it yourself: A3." in told
    assert {line.indicator.reference: line.standing.value for line in assemble_sheet(edition).lines} == {
        "A1": "approved",
        "A2": "approved",
        "A3": "sent",
    }


@pytest.mark.sqlite
def test_collection_board_says_what_waits_for_somebody_else(edition, client):
    by_head(edition)
    officer()
    client.force_login(person("officer"))
    assert "Entered by the owner: somebody else signs it off" in words_of(page_of(client.get(COLLECTION)))
    four_eyes_off(edition)
    assert "Entered by the owner" not in words_of(page_of(client.get(COLLECTION)))


def test_who_entered_is_asked_once_for_all_lines():
    def prepare(lines):
        edition = make_collection(*(make_reported(f"A{number}") for number in range(lines)))
        enter(edition, send=True, **{f"A{number}": {"figure": "5"} for number in range(lines)})
        return edition

    def show(edition):
        return [line.is_left_by_its_owner for line in assemble_sheet(edition).lines]

    assert queries_for(1, prepare, show) == queries_for(4, prepare, show)


def test_nobody_is_reminded_of_what_they_cannot_sign_off(edition):
    by_head(edition)
    sheet = assemble_sheet(edition)
    told = notices_for(sheet, deputies={person("head").pk: [person("chief")]}, past=[], day=timezone.localdate())
    assert [notice.person.username for notice in told if notice.kind == "to_sign_off"] == ["chief"]
    assert [task.waiting for task in tasks_of(person("head"), timezone.localdate()) if task.title == "Sign-off"] == [0]
    assert [task.waiting for task in tasks_of(person("chief"), timezone.localdate()) if task.title == "Sign-off"] == [1]


def test_import_counts_as_entering_by_who_imported(edition, client):
    by_lead(edition)
    importer = officer()
    importer.is_staff = True
    importer.save()
    client.force_login(importer)
    import_file(client, MonthlyValue, "reference,month,figure\nA1,2021-01,8\n")
    send(edition, "A1")
    assert line_of(edition).entered_by[importer.pk] == ("its figure",)
    assert line_of(edition).entered_by[person("lead").pk] == ("its commentary",)
