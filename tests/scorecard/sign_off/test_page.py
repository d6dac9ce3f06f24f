"""The owner's page through Django's client, without JavaScript: reading, signing off, sending back."""

import re
from datetime import timedelta

import pytest

from commentary.models import Commentary, WarningReason
from commentary.sign_off import Standing
from indicators.models import Deputy, MonthlyValue, Target
from scorecard.models import EditionState, Visit
from tests.factories import DECEMBER, JANUARY, make_value, make_values
from tests.scorecard.returns.returning import (
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
    words_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SIGN_OFF = "/sign-off/panel/2021-01/"
SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture
def edition():
    """The head's A1 and A2 are sent, A3 is not; B1 is another owner's and sent."""
    others = [make_reported("A2"), make_reported("A3"), make_reported("B1", owner=person("chief"))]
    edition = make_collection(make_reported("A1"), *others)
    enter(
        edition,
        send=True,
        A1={"figure": "5", "text": "Fewer."},
        A2={"figure": "6", "text": "Few."},
        B1={"figure": "7", "text": "Few."},
    )
    return edition


@pytest.fixture
def head(client, edition):
    client.force_login(person("head"))
    return client


def references(html):
    return re.findall(r'id="line-\d+".*?class="reference">([^<]*)<', html, re.DOTALL)


def decision(edition, *references, action="approve", **typed):
    """What a browser sends from a line's form, as the page shows it now."""
    lines = lines_of(edition)
    saw = {f"saw-{lines[reference].key}": lines[reference].fingerprint for reference in references}
    return {"action": action, **saw, **typed}


def standings(edition):
    return {reference: line.standing.value for reference, line in lines_of(edition).items()}


# Who may


def test_owner_sees_and_decides_on_their_own_lines_only(head, edition):
    html = page_of(head.get(SIGN_OFF))
    assert references(html) == ["A1", "A2"]
    assert "B1" not in words_of(html)
    assert html.count('value="send_back"') == 2


@pytest.mark.sqlite
@pytest.mark.parametrize(("username", "status"), [("lead", 403), ("stranger", 404)])
def test_page_is_refused_to_who_owns_nothing(client, edition, username, status):
    client.force_login(person(username))
    assert client.get(SIGN_OFF).status_code == status
    assert client.post(SIGN_OFF, decision(edition, "A1")).status_code == status
    assert standings(edition)["A1"] == "sent"


@pytest.mark.sqlite
def test_visitors_are_sent_to_sign_in_and_back(client, edition):
    assert client.get(SIGN_OFF).url == f"/sign-in/?next={SIGN_OFF}"
    assert client.post(SIGN_OFF, decision(edition, "A1")).url.startswith("/sign-in/")
    assert standings(edition)["A1"] == "sent"


@pytest.mark.parametrize("references", [["B1"], ["A1", "B1"]], ids=str)
def test_another_owners_line_is_refused_and_nothing_done(head, edition, references):
    assert head.post(SIGN_OFF, decision(edition, *references)).status_code == 403
    assert {"A1": "sent", "B1": "sent"}.items() <= standings(edition).items()


@pytest.mark.sqlite
@pytest.mark.parametrize("address", ["/sign-off/panel/2020-12/", "/sign-off/nope/2021-01/", "/sign-off/panel/x/"])
def test_unknown_edition_is_not_found(head, address):
    assert head.get(address).status_code == 404


@pytest.mark.sqlite
def test_deputy_signs_off_in_their_own_name(client, edition):
    Deputy.objects.create(person=person("head"), deputy=person("dana"), starts_on=JANUARY)
    client.force_login(person("dana"))
    client.post(SIGN_OFF, decision(edition, "A1"))
    assert line_of(edition).sign_off.decided_by == person("dana")


@pytest.mark.sqlite
def test_officer_who_owns_nothing_sees_everybodys_lines(client, edition):
    client.force_login(officer())
    assert references(page_of(client.get(SIGN_OFF))) == ["A1", "A2", "B1"]
    client.post(SIGN_OFF, decision(edition, "B1"))
    assert standings(edition)["B1"] == "approved"


# What the page shows


@pytest.mark.sqlite
def test_waiting_line_shows_figure_text_and_who_sent_it(head, edition):
    make_value(line_of(edition).indicator, DECEMBER, 1507)
    words = words_of(page_of(head.get(SIGN_OFF)))
    for told in ("3 lines: 2 waiting for you, 0 signed off, 1 not sent yet.", "Dec 2020 1,507", "Jan 2021 5", "Fewer."):
        assert told in words
    assert "by Lead" in words


@pytest.mark.sqlite
def test_warnings_are_shown_with_their_reasons(head, edition):
    line = line_of(edition)
    make_value(line.indicator, DECEMBER, 50)
    line.value.figure = 50
    line.value.save()
    words = words_of(page_of(head.get(SIGN_OFF)))
    assert "The same figure as in December 2020. Was it copied?" in words
    assert "No reason given." in words

    WarningReason.objects.create(
        indicator=line.indicator, month=JANUARY, warning="same", about="50", reason="Checked twice."
    )
    assert "Reason: Checked twice." in words_of(page_of(head.get(SIGN_OFF)))


@pytest.mark.sqlite
def test_note_on_a_figure_is_shown(head, edition):
    enter(edition, send=True, A1={"note": "Two siblings count once."})
    assert "Two siblings count once." in words_of(page_of(head.get(SIGN_OFF)))


def test_what_changed_since_the_last_visit_is_shown(head, edition):
    head.get(SIGN_OFF)
    visit = Visit.objects.get()
    visit.latest_at -= timedelta(hours=1)
    visit.save()
    for model in (MonthlyValue, Commentary):
        model.history.update(history_date=visit.latest_at - timedelta(hours=1))
    assert "Changed since you last looked" not in page_of(head.get(SIGN_OFF))

    enter(edition, send=True, A1={"figure": "8"})

    assert "Changed since you last looked Figure: from “5” to “8”" in words_of(page_of(head.get(SIGN_OFF)))


def test_line_changed_after_sign_off_waits_again(head, edition):
    approve(edition, "A1")
    value = line_of(edition).value
    value.figure = 9
    value.save()
    words = words_of(page_of(head.get(SIGN_OFF)))
    assert "Changed after sign-off" in words
    assert "2 waiting for you" in words


@pytest.mark.sqlite
def test_whatever_people_write_is_escaped(client, edition):
    lead, indicator = person("lead"), line_of(edition).indicator
    lead.name = SCRIPT
    lead.save()
    for name in ("title", "outcome", "reference"):
        setattr(indicator, name, SCRIPT)
    indicator.save()
    make_values(indicator, {DECEMBER: 50})
    enter(edition, **{SCRIPT: {"figure": "50", "note": SCRIPT, "text": SCRIPT}})
    enter(edition, send=True, **{SCRIPT: {"reason_because_same": SCRIPT}})
    assert WarningReason.objects.get().reason == SCRIPT
    client.force_login(person("head"))
    for response in (
        client.get(SIGN_OFF),
        client.post(SIGN_OFF, decision(edition, SCRIPT, action=SCRIPT, note=SCRIPT)),
        client.post(SIGN_OFF, decision(edition, SCRIPT, action="send_back", note=SCRIPT), follow=True),
    ):
        assert "<script>alert" not in page_of(response)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page_of(response)


@pytest.mark.sqlite
def test_lines_come_in_order_of_need_with_last_months_words_and_the_definition(head, edition):
    lines = lines_of(edition)
    for reference, line in lines.items():
        make_values(line.indicator, {DECEMBER: 7 if reference == "A2" else 50})
        line.indicator.polarity, line.indicator.definition = "low", f"How {line.indicator.reference} is counted."
        line.indicator.save()
    say(lines["A1"].indicator, "Said in December.", DECEMBER)
    Target.objects.create(indicator=lines["A1"].indicator, year=2020, value=3)
    enter(edition, send=True, A3={"figure": "49", "text": ""})
    words = words_of(page_of(head.get(SIGN_OFF)))
    # Nobody will ask about 49 after 50, so it may do without a commentary.
    assert "Look at this one A1 Title of A1" in words
    assert words.index("Off target") < words.index("Nothing unusual in the other 2 A2")
    for told in ("Said in December.", "How A1 is counted."):
        assert told in words


@pytest.mark.sqlite
def test_line_that_was_sent_back_and_returned_always_shows_what_changed(head, edition):
    head.post(SIGN_OFF, decision(edition, "A1", "A2", action="send_back", note="Is this all?"))
    text = f"{'Long. ' * 40}There were fewer.{' Long.' * 40}"
    enter(edition, send=True, A1={"figure": "8", "text": text})
    enter(edition, send=True, A1={"text": text.replace("fewer", "more")}, A2={})
    words = words_of(page_of(head.get(SIGN_OFF)))
    back = r"Changed since Head sent it back, [^:]*\d\d:\d\d The note: Is this all\? "
    assert re.search(back + "Figure: from “5” to “8”, Lead, ", words)
    assert re.search(
        "Commentary: from “… [^”]*There were fewer. [^”]* …” to “… [^”]*There were more. [^”]* …”, Lead", words
    )
    assert re.search(back + "Nothing: figure, commentary and reasons are what they were.", words)
    # However often it is looked at.
    assert words_of(page_of(head.get(SIGN_OFF))).count("Changed since Head sent it back") == 2


@pytest.mark.sqlite
def test_next_line_follows_a_decision(head, edition):
    response = head.post(SIGN_OFF, decision(edition, "A1", next="usual"))
    assert response.url == f"{SIGN_OFF}?at=usual#usual"
    html = page_of(head.get(response.url))
    assert html.count("A1 was signed off.") == 1
    assert html.index("A1 was signed off.") < html.index('id="usual"')
    assert head.post(SIGN_OFF, decision(edition, "A2", next="//elsewhere")).url == SIGN_OFF


@pytest.mark.sqlite
def test_lines_to_look_at_beyond_the_first_are_a_row_each_until_it_is_their_turn(head, edition, monkeypatch):
    monkeypatch.setattr("scorecard.sign_off.page.MOST_OPEN", 1)
    for reference in ("A1", "A2"):
        indicator = line_of(edition, reference).indicator
        Target.objects.create(indicator=indicator, year=2020, value=0)
        indicator.polarity = "low"
        indicator.save()
    html = page_of(head.get(SIGN_OFF))
    assert "Look at these 2 A1 Title of A1" in words_of(html)
    assert re.search("And then this one A2 Title of A2 .* Off target", words_of(html))
    assert (
        html.index("And then this one") < html.index('<details class="signed">') < html.index(" A2</span> with a note")
    )
    response = head.post(SIGN_OFF, decision(edition, "A1", next=f"line-{line_of(edition, 'A2').key}"), follow=True)
    assert "And then" not in page_of(response)
    assert re.search("Look at this one .*A1 was signed off. .*A2 Title of A2", words_of(page_of(response)))


# Deciding


def test_signing_off_says_so(head, edition):
    response = head.post(SIGN_OFF, decision(edition, "A1"), follow=True)
    assert response.redirect_chain == [(SIGN_OFF, 302)]
    assert "A1 was signed off." in words_of(page_of(response))
    assert standings(edition) == {"A1": "approved", "A2": "sent", "A3": "to_do", "B1": "sent"}


def test_lines_that_raise_no_question_are_signed_off_together(head, edition):
    html = page_of(head.get(SIGN_OFF))
    assert "Sign off these 2 lines as they stand here" in html
    form = re.search(r'<form class="decide-all".*?</form>', html, re.DOTALL)[0]
    data = dict(re.findall(r'name="(saw-\d+)" value="(\w+)"', form)) | {"action": "approve"}
    assert "A1, A2 were signed off." in words_of(page_of(head.post(SIGN_OFF, data, follow=True)))


def test_line_with_a_question_is_not_among_them(head, edition):
    indicator = line_of(edition).indicator
    make_value(indicator, DECEMBER, 50)
    value = MonthlyValue.objects.get(indicator=indicator, month=JANUARY)
    value.figure = 50
    value.save()
    html = words_of(page_of(head.get(SIGN_OFF)))
    assert "Look at this one A1" in html
    assert "Sign off A2 as it stands here" in html


def test_sending_back_shows_the_note_to_the_reporter(head, edition):
    data = decision(edition, "A1", action="send_back", note="Is this all?")
    assert "A1 was sent back." in words_of(page_of(head.post(SIGN_OFF, data, follow=True)))
    head.force_login(person("lead"))
    assert "Is this all?" in page_of(head.get("/returns/panel/2021-01/"))


@pytest.mark.sqlite
@pytest.mark.parametrize("note", ["", "  \r\n"])
def test_sending_back_without_a_note_is_explained_at_its_line(head, edition, note):
    response = head.post(SIGN_OFF, decision(edition, "A1", action="send_back", note=note))
    line = line_of(edition)
    told = re.search(rf'id="note-{line.key}-error">([^<]*)<', page_of(response))[1]
    assert response.status_code == 422
    assert told == "Say in the note what should be changed, then send the line back."
    assert line.standing is Standing.SENT


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose what to do with one of the lines."),
        ({"action": "approve"}, "Choose what to do with one of the lines."),
        ({"action": "approve", "saw-": "x", "saw-x": "x", "saw-" + "9" * 40: "x"}, "Choose what to do"),
        ({"action": "approve", "saw-999999": "x"}, "Nothing was waiting there any longer."),
    ],
    ids=["nothing", "no line", "nonsense", "unknown line"],
)
def test_nonsense_is_explained(head, edition, data, words):
    assert words in words_of(page_of(head.post(SIGN_OFF, data, follow=True)))


def test_unknown_button_is_explained_and_what_was_typed_kept(head, edition):
    response = head.post(SIGN_OFF, decision(edition, "A1", action="burn", note="Typed with care."))
    assert response.status_code == 422
    assert "Choose “Sign off” or “Send back”." in words_of(page_of(response))
    assert "Typed with care." in page_of(response)


@pytest.mark.parametrize("action", ["approve", "send_back"])
def test_line_that_changed_while_the_owner_read_is_left_alone_and_said_so(head, edition, action):
    data = decision(edition, "A1", "A2", action=action, note="Why?")
    enter(edition, A1={"figure": "8"})
    send(edition, "A1")
    words = words_of(page_of(head.post(SIGN_OFF, data, follow=True)))
    assert "A1 was changed while you were reading, so nothing was done there. Please look again." in words
    assert standings(edition)["A1"] == "sent"
    assert standings(edition)["A2"] != "sent"


def test_line_that_was_taken_back_meanwhile_is_said(head, edition):
    data = decision(edition, "A1")
    enter(edition, A1={"figure": "8"})
    assert "Nothing was waiting there any longer." in words_of(page_of(head.post(SIGN_OFF, data, follow=True)))
    assert standings(edition)["A1"] == "draft"


@pytest.mark.parametrize(
    ("state", "status", "standing"),
    [(EditionState.IN_REVIEW, 302, "approved"), (EditionState.PUBLISHED, 403, "sent")],
    ids=str,
)
def test_owners_decide_until_the_edition_is_published(head, edition, state, status, standing):
    edition.state = state
    edition.save()
    assert ('value="approve"' in page_of(head.get(SIGN_OFF))) is (status == 302)
    assert head.post(SIGN_OFF, decision(edition, "A1")).status_code == status
    assert standings(edition)["A1"] == standing


# Queries


@pytest.mark.parametrize(
    "run",
    [
        lambda client, data: client.get(SIGN_OFF),
        lambda client, data: client.post(SIGN_OFF, {**data, "action": "approve"}),
        lambda client, data: client.post(SIGN_OFF, {**data, "action": "send_back", "note": "Why?"}),
    ],
    ids=["page", "sign off", "send back"],
)
def test_queries_are_as_many_for_40_lines_as_for_2(client, run):
    def prepare(count):
        references = [f"A{number}" for number in range(count)]
        edition = make_collection(*(make_reported(reference) for reference in references))
        enter(edition, send=True, **{reference: {"figure": "5", "text": "Fewer."} for reference in references})
        client.force_login(person("head"))
        client.get(SIGN_OFF)
        visit = Visit.objects.get()
        visit.latest_at -= timedelta(hours=1)
        visit.save()
        return decision(edition, *references)

    def ask(data):
        assert run(client, data).status_code in (200, 302)

    assert queries_for(40, prepare, ask) == queries_for(2, prepare, ask)
