"""A return's pages through Django's client, without JavaScript: entering, sending, conflicts, one line, its history."""

import re
from html import unescape
from urllib.parse import quote

import pytest

from commentary.models import Commentary, SignOff, WarningReason
from commentary.sign_off import Standing
from indicators.calculations.months import add_months
from indicators.models import Deputy, MonthlyValue, User
from scorecard.models import EditionState
from scorecard.returns.saving import obstacles
from scorecard.sheet.sheet import SheetLine
from scorecard.views import returns as views
from tests.factories import DECEMBER, JANUARY, make_derived, make_user, make_value, make_values
from tests.scorecard.returns.returning import (
    enter,
    fields,
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
    text_of,
    value_of,
    without_terms,
    words_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
RETURN = "/returns/panel/2021-01/"
SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture
def edition():
    """Two lines of the lead's and one of somebody else's."""
    other = make_reported("C1", reporter=person("other"), owner=person("chief"))
    return make_collection(make_reported("A1"), make_reported("B1"), other)


@pytest.fixture
def lead(client, edition):
    """The lead's browser."""
    client.force_login(person("lead"))
    return client


def entry(html, line: SheetLine):
    """The part of the page about one line."""
    return re.search(rf'<article[^>]*id="line-{line.key}".*?</article>', html, re.DOTALL)[0]


def beside(html, line, name):
    """What is said beside a field of a line."""
    found = re.search(rf'id="id_line-{line.key}-{name}_error"([^>]*)>(.*?)</p>', html, re.DOTALL)
    return "" if "hidden" in found[1] else unescape(found[2]).strip()


def posted(edition, *, action="save", opened=None, **typed):
    """What a browser sends from the page, as `posted(edition, A1={"figure": "5"})`; other lines as they are shown."""
    lines = opened or {name: line for name, line in lines_of(edition).items() if name != "C1"}
    data = {"action": action}
    for reference, line in lines.items():
        data |= fields(line, **typed.get(reference, {}))
    return data


# Every page of a return


def pages(edition):
    line = line_of(edition)
    return [RETURN, f"{RETURN}lines/{line.key}/history/", "/your-work/"]


@pytest.mark.sqlite
def test_pages_work_for_the_reporter(lead, edition):
    assert [lead.get(page).status_code for page in pages(edition)] == [200] * 3


@pytest.mark.sqlite
@pytest.mark.parametrize(("username", "status"), [("head", 403), ("stranger", 404), ("chief", 403)])
def test_return_is_refused_to_who_reports_nothing(client, edition, username, status):
    client.force_login(person(username))
    assert client.get(RETURN).status_code == status
    assert client.post(RETURN, posted(edition, A1={"figure": "5"})).status_code == status
    assert not MonthlyValue.objects.exists()


@pytest.mark.sqlite
def test_visitors_are_sent_to_sign_in_and_back(client, edition):
    for page in pages(edition):
        assert client.get(page).url == f"/sign-in/?next={quote(page)}"
    assert client.post(RETURN, posted(edition, A1={"figure": "5"})).url.startswith("/sign-in/")
    assert not MonthlyValue.objects.exists()


@pytest.mark.sqlite
@pytest.mark.parametrize("address", ["/returns/panel/2020-12/", "/returns/nope/2021-01/", "/returns/panel/2021-13/"])
def test_unknown_edition_is_not_found(lead, address):
    assert lead.get(address).status_code == 404
    assert lead.post(address).status_code == 404


@pytest.mark.sqlite
@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(lead, method):
    assert getattr(lead, method)(RETURN).status_code == 405


@pytest.mark.sqlite
def test_history_is_seen_by_reporter_owner_and_officer_only(client, edition):
    officer()
    address = f"{RETURN}lines/{line_of(edition).key}/history/"
    for username, status in {"lead": 200, "head": 200, "officer": 200, "other": 403, "stranger": 404}.items():
        client.force_login(person(username))
        assert client.get(address).status_code == status, username


@pytest.mark.sqlite
def test_history_says_who_changed_what(lead, edition):
    enter(edition, A1={"figure": "5"})
    enter(edition, send=True, A1={"figure": "7"})
    words = words_of(page_of(lead.get(f"{RETURN}lines/{line_of(edition).key}/history/")))
    assert "Figure: from “5” to “7”" in words
    assert "Sent for sign-off" in words
    assert words.count("Lead ,") == 3


# What the page shows


@pytest.mark.sqlite
def test_return_shows_the_reporters_own_lines_only(lead, edition):
    found = re.findall(r'class="reference">([^<]*)<', page_of(lead.get(RETURN)))
    assert found == ["A1", "B1"]


@pytest.mark.sqlite
def test_line_shows_its_question_months_and_last_commentary(lead, edition):
    indicator = line_of(edition).indicator
    indicator.definition = "Contacts received by the front door."
    indicator.save()
    make_values(indicator, {DECEMBER: 1507, JANUARY.replace(year=2020): 1420})
    say(indicator, "A quiet month.", DECEMBER)
    words = words_of(entry(page_of(lead.get(RETURN)), line_of(edition)))
    for told in ("Contacts received by the front door.", "Jan 2020 1,420", "Dec 2020 1,507", "A quiet month."):
        assert told in words


@pytest.mark.sqlite
def test_worked_out_line_is_shown_and_never_typed(client):
    source = make_reported("A1")
    edition = make_collection(source, make_derived("D1", [source], reporter=person("lead")))
    make_value(source, JANUARY, 5)
    client.force_login(person("lead"))
    html = entry(page_of(client.get(RETURN)), line_of(edition, "D1"))
    assert "Worked out 5" in words_of(html)
    assert re.findall(r'name="line-\d+-(\w+)"', html) == ["text", "saw_value", "saw_text", "clash"]


@pytest.mark.sqlite
def test_deputy_sees_the_lines_of_both_and_whose_they_are(client, edition):
    Deputy.objects.create(person=person("lead"), deputy=person("other"), starts_on=JANUARY)
    client.force_login(person("other"))
    html = page_of(client.get(RETURN))
    assert re.findall(r'class="reference">([^<]*)<', html) == ["A1", "B1", "C1"]
    assert "Reported by Lead." in words_of(html)


@pytest.mark.sqlite
def test_note_of_the_owner_stands_at_its_line(lead, edition):
    enter(edition, send=True, A1={"figure": "5"})
    sent_back(edition, "A1", note="Is this the whole month?")
    assert "Is this the whole month?" in entry(page_of(lead.get(RETURN)), line_of(edition))


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("query", "expected"),
    [("", ["A1", "B1", "C1"]), ("?for=other", ["C1"]), ("?for=lead", ["A1", "B1"])],
)
def test_officer_sees_everybodys_lines_or_one_persons(client, edition, query, expected):
    client.force_login(officer())
    assert re.findall(r'class="reference">([^<]*)<', page_of(client.get(RETURN + query))) == expected


@pytest.mark.sqlite
@pytest.mark.parametrize("who", ["nobody", SCRIPT, "\x00", ""])
def test_officer_asking_for_nobody_is_no_error(client, edition, who):
    client.force_login(officer())
    assert client.get(RETURN, {"for": who}).status_code == (403 if who else 200)


@pytest.mark.sqlite
def test_reporter_cannot_ask_for_another_reporters_lines(lead):
    assert lead.get(f"{RETURN}?for=other").status_code == 403


@pytest.mark.sqlite
def test_whatever_people_write_is_escaped(client, edition):
    lead = person("lead")
    lead.name = SCRIPT
    lead.save()
    indicator = line_of(edition).indicator
    for name in ("title", "definition", "reference"):
        setattr(indicator, name, SCRIPT)
    indicator.save()
    section = edition.scorecard.sections.get()
    section.title = SCRIPT
    section.save()
    say(indicator, SCRIPT, DECEMBER)
    make_values(indicator, {DECEMBER: 100, JANUARY: 500})
    enter(edition, **{SCRIPT: {"note": SCRIPT, "text": SCRIPT}})
    WarningReason.objects.create(indicator=indicator, month=JANUARY, warning="unusual", about="500", reason=SCRIPT)
    enter(edition, send=True, **{SCRIPT: {}})
    sent_back(edition, SCRIPT, note=SCRIPT)
    client.force_login(person("lead"))
    key = line_of(edition, SCRIPT).key
    for address in (RETURN, f"{RETURN}lines/{key}/history/"):
        html = page_of(client.get(address))
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


# Saving


def test_saving_keeps_figures_and_commentary_and_leads_back(lead, edition):
    response = lead.post(RETURN, posted(edition, A1={"figure": "1,343", "text": "More."}), follow=True)
    assert response.redirect_chain == [(RETURN, 302)]
    assert "Saved." in words_of(page_of(response))
    indicator = line_of(edition).indicator
    assert (value_of(indicator).figure, text_of(indicator)) == (1343, "More.")


def test_saving_nothing_says_so(lead, edition):
    assert "Nothing had changed." in words_of(page_of(lead.post(RETURN, posted(edition), follow=True)))


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"figure": "12x"}, "figure", "“12x” is not a number"),
        ({"figure": "-5"}, "figure", "A figure can’t be negative."),
        ({"figure": "5", "blank": "awaited"}, "figure", "not both"),
        ({"note": "Late."}, "figure", "the note is kept with it"),
        ({"text": "x" * 5001}, "text", "at most 5000 characters"),
        ({"figure": "5", "stage": "guessed"}, "stage", "guessed is not one of the available choices"),
    ],
    ids=str,
)
def test_bad_input_is_explained_beside_its_field_and_nothing_is_lost(lead, edition, typed, field, message):
    everything = {"text": "Typed with care.", "note": "A note.", **typed}
    response = lead.post(RETURN, posted(edition, A1=everything, B1={"figure": "6"}))
    html, line = page_of(response), line_of(edition)

    assert response.status_code == 422
    assert "<title>Error: " in html
    assert message in beside(html, line, field)
    for text in everything.values():
        assert text.replace("\x00", "") in unescape(entry(html, line)).replace("\x00", "")
    assert line.value is None
    # What was right at another line is saved all the same.
    assert value_of(line_of(edition, "B1").indicator).figure == 6


@pytest.mark.sqlite
def test_reason_that_is_too_long_is_explained_beside_its_field(lead, edition):
    make_values(line_of(edition).indicator, {DECEMBER: 100, JANUARY: 500})
    name = "reason_because_no-commentary"
    html = page_of(lead.post(RETURN, posted(edition, A1={name: "y" * 5001})))
    assert "at most 5000 characters" in beside(html, line_of(edition), "reason-no-commentary")
    assert "y" * 5001 in html


@pytest.mark.parametrize(
    "name", ["line-{key}-reason-", "line-{key}-reason-\x00", "line-{key}-nonsense", "line-999-figure", "line--figure"]
)
def test_nonsense_fields_are_no_error(lead, edition, name):
    data = posted(edition, A1={"figure": "5"}) | {name.format(key=line_of(edition).key): SCRIPT}
    assert lead.post(RETURN, data).status_code in (302, 422)


@pytest.mark.parametrize("saw", ["x", "9.9", "999999999999999999.1", "1.999999999999999999", "\x00", "-1.-1"])
def test_nonsense_versions_are_no_error(lead, edition, saw):
    enter(edition, A1={"figure": "5", "text": "Old."})
    data = posted(edition, A1={"figure": "6", "text": "New.", "saw_value": saw, "saw_text": saw})
    assert lead.post(RETURN, data).status_code == 422
    assert value_of(line_of(edition).indicator).figure == 5


@pytest.mark.sqlite
def test_an_empty_form_is_no_error(lead, edition):
    assert lead.post(RETURN).status_code == 302


def test_a_line_of_somebody_else_is_not_written(lead, edition):
    data = posted(edition) | fields(line_of(edition, "C1"), figure="9")
    lead.post(RETURN, data)
    assert value_of(line_of(edition, "C1").indicator) is None


# Sending


def test_sending_sends_what_is_ready_and_says_what_the_rest_lacks(lead, edition):
    response = lead.post(RETURN, posted(edition, action="send", A1={"figure": "5"}), follow=True)
    html = page_of(response)
    assert response.redirect_chain == [(f"{RETURN}?check=1", 302)]
    assert "1 line was sent for sign-off." in words_of(html)
    assert (line_of(edition).standing, line_of(edition, "B1").standing) == (Standing.SENT, Standing.TO_DO)
    assert "Enter a figure, or choose why there is none." in entry(html, line_of(edition, "B1"))
    assert "1 line needs your attention" in words_of(html)


def test_sending_all_lines_says_how_many(lead, edition):
    data = posted(edition, action="send", A1={"figure": "5"}, B1={"figure": "6"})
    html = page_of(lead.post(RETURN, data, follow=True))
    assert "2 lines were sent for sign-off." in words_of(html)
    assert "attention" not in html


def test_a_warning_is_asked_about_and_passes_with_a_reason(lead, edition):
    make_value(line_of(edition).indicator, DECEMBER, 50)
    data = posted(edition, action="send", A1={"figure": "50"}, B1={"figure": "6"})
    html = entry(page_of(lead.post(RETURN, data, follow=True)), line_of(edition))
    assert "The same figure as in December 2020. Was it copied?" in words_of(html)
    assert line_of(edition).standing is Standing.DRAFT

    lead.post(RETURN, posted(edition, action="send", A1={"reason_because_same": "It is: checked twice."}))
    assert line_of(edition).standing is Standing.SENT


# Two people at once


def test_own_earlier_entry_is_not_called_somebody_elses(lead, edition):
    opened = lines_of(edition)
    opened.pop("C1")
    enter(edition, A1={"figure": "1,700", "text": "First."})

    response = lead.post(RETURN, posted(edition, opened=opened, A1={"figure": "1600", "text": "Second."}))

    words = words_of(page_of(response))
    told = (
        "you saved another version too: choose one",
        "You have saved another version of this line",
        "You saved it on",
    )
    for one in (*told, "Figure saved before 1,700", "Commentary saved before First.", "Keep what I saved before"):
        assert one in words
    assert not any(one in words for one in ("Lead saved", "Somebody else", "omebody else saved", "Their figure"))
    assert value_of(line_of(edition).indicator).figure == 1700


def test_entry_that_is_sent_a_second_time_conflicts_with_nothing(lead, edition):
    data = posted(edition, A1={"figure": "1,600", "text": "Once."})
    assert [lead.post(RETURN, data).status_code for _ in range(2)] == [302, 302]
    assert MonthlyValue.history.filter(month=JANUARY).count() == 1


def test_conflict_shows_both_versions_and_both_choices(lead, edition):
    enter(edition, A1={"figure": "5", "text": "Old."})
    opened = lines_of(edition)
    opened.pop("C1")
    officer()
    enter(edition, by="officer", A1={"figure": "1,700", "text": "Theirs."})

    response = lead.post(RETURN, posted(edition, opened=opened, A1={"figure": "1600", "text": "Mine."}))

    html = entry(page_of(response), line_of(edition))
    assert response.status_code == 422
    words = words_of(html)
    for told in ("Officer saved it", "1,700", "Theirs.", "Mine.", "Keep what I entered", "Keep theirs"):
        assert told in words
    assert 'value="1600"' in html
    assert value_of(line_of(edition).indicator).figure == 1700


def sent_again(html, line, **choices):
    """The fields of a line as the page shows them, sent again."""
    part = entry(html, line)
    inputs = re.findall(r'<input(?![^>]*type="radio")[^>]*name="([^"]*)"(?:[^>]*?value="([^"]*)")?', part)
    areas = re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', part, re.DOTALL)
    data = {name: unescape(text) for name, text in [*inputs, *areas]}
    return data | {f"line-{line.key}-{name}": text for name, text in choices.items()}


@pytest.mark.parametrize(("keep", "figure", "text"), [("mine", 6, "Mine."), ("theirs", 7, "Theirs.")])
def test_conflict_is_settled_with_the_fields_that_the_page_shows(lead, edition, keep, figure, text):
    enter(edition, A1={"figure": "5", "text": "Old."})
    opened = lines_of(edition)
    opened.pop("C1")
    enter(edition, A1={"figure": "7", "text": "Theirs."})
    html = page_of(lead.post(RETURN, posted(edition, opened=opened, A1={"figure": "6", "text": "Mine."})))

    undecided = lead.post(RETURN, posted(edition) | sent_again(html, line_of(edition)))
    assert undecided.status_code == 422
    assert "Keep what I entered" in entry(page_of(undecided), line_of(edition))

    data = posted(edition) | sent_again(page_of(undecided), line_of(edition), keep=keep)
    assert lead.post(RETURN, data).status_code == 302
    indicator = line_of(edition).indicator
    assert (value_of(indicator).figure, text_of(indicator)) == (figure, text)


# When the edition takes no entries


def close(edition, **changes):
    for name, value in changes.items():
        setattr(edition, name, value)
    edition.save()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"opens_on": JANUARY.replace(year=2199), "due_on": JANUARY.replace(year=2199)}, "enter from 1 January 2199"),
        ({"state": EditionState.IN_REVIEW}, "only lines that are sent back to you can be changed"),
        ({"state": EditionState.PUBLISHED}, "This edition is published"),
    ],
    ids=["not open yet", "in review", "published"],
)
def test_closed_return_is_shown_says_why_and_takes_nothing(lead, edition, changes, words):
    data = posted(edition, A1={"figure": "5"})
    close(edition, **changes)
    html = page_of(lead.get(RETURN))
    assert words in words_of(html)
    assert 'name="action"' not in html
    assert lead.post(RETURN, data).status_code == 403
    assert value_of(line_of(edition).indicator) is None


def test_in_review_a_line_that_was_sent_back_is_entered_and_sent(lead, edition):
    enter(edition, send=True, A1={"figure": "5"})
    sent_back(edition, "A1")
    close(edition, state=EditionState.IN_REVIEW)
    lead.post(RETURN, posted(edition, action="send", A1={"figure": "7"}, B1={"figure": "9"}))
    assert line_of(edition).standing is Standing.SENT
    assert (value_of(line_of(edition).indicator).figure, value_of(line_of(edition, "B1").indicator)) == (7, None)


TYPED = {"figure": "twelve", "blank": "awaited", "note": "Half of it.\nThe rest on Monday.", "text": SCRIPT}


@pytest.mark.parametrize("state", [EditionState.IN_REVIEW, EditionState.PUBLISHED])
def test_what_was_typed_before_collection_closed_is_given_back_and_not_saved(lead, edition, state):
    enter(edition, B1={"figure": "6", "text": "As ever."})
    data = posted(edition, action="send", A1=TYPED)
    close(edition, state=state)

    response = lead.post(RETURN, data)

    html = page_of(response)
    assert response.status_code == 403
    assert "ask your performance officer" in words_of(html)
    given = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html, re.DOTALL))
    assert (given["Figure"], given["No figure, because it is"]) == ("twelve", "Awaited (tbc)")
    assert given["Note"] == "Half of it.<br>The rest on Monday."
    assert unescape(given["Commentary"]) == SCRIPT
    assert SCRIPT not in html
    # What is stored already needs no copying.
    assert re.findall(r'class="reference">([^<]*)<', html) == ["A1"]
    assert (line_of(edition).value, line_of(edition).commentary) == (None, None)


@pytest.mark.parametrize("state", [EditionState.IN_REVIEW, EditionState.PUBLISHED])
def test_what_is_sent_while_the_collection_is_ended_is_given_back(lead, edition, monkeypatch, state):
    data = posted(edition, action="send", A1={"figure": "5", "text": "Fewer."})
    submit = views.submit

    def ended_just_before(**given):
        monkeypatch.setattr(views, "submit", submit)
        close(edition, state=state)
        return submit(**given)

    monkeypatch.setattr(views, "submit", ended_just_before)
    response = lead.post(RETURN, data)

    assert response.status_code == 403
    given = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page_of(response), re.DOTALL))
    assert given["Commentary"] == "Fewer."
    assert (line_of(edition).value, line_of(edition).text) == (None, "")
    assert not SignOff.objects.exists()


def test_line_that_somebody_else_changed_is_shown_and_not_sent(lead, edition):
    enter(edition, A1={"figure": "5"})
    data = posted(edition, action="send")
    enter(edition, by=officer().username, A1={"figure": "6"})

    response = lead.post(RETURN, data, follow=True)

    words = words_of(page_of(response))
    assert "A1 was changed after you opened this page, so was not sent: look again." in words
    assert "Nothing had changed." not in words
    assert 'value="6"' in entry(page_of(response), line_of(edition))
    assert not SignOff.objects.exists()


@pytest.mark.sqlite
def test_a_reason_and_an_emptied_field_are_given_back_too(lead, edition):
    make_value(line_of(edition).indicator, DECEMBER, 50)
    enter(edition, A1={"figure": "50", "text": "Old."})
    data = posted(edition, A1={"text": "", "reason_because_same": "Checked."})
    close(edition, state=EditionState.IN_REVIEW)
    words = words_of(page_of(lead.post(RETURN, data)))
    assert "Reason for a warning Checked." in words
    assert "Commentary (emptied)" in words


@pytest.mark.sqlite
def test_a_refused_form_in_which_nothing_was_typed_has_nothing_to_give_back(lead, edition):
    data = posted(edition)
    close(edition, state=EditionState.IN_REVIEW)
    assert "Nothing that you typed was lost" in words_of(page_of(lead.post(RETURN, data)))


def test_who_lost_a_line_gets_back_what_they_typed_and_nothing_of_the_line(lead, edition):
    data = posted(edition, A1={"figure": "5", "text": "Mine."}, B1={"figure": "6"})
    for reference in ("A1", "B1"):
        indicator = line_of(edition, reference).indicator
        indicator.reporter, indicator.title = person("other"), "Told to nobody"
        indicator.save()
    # The same as what was typed: to leave it out would tell it.
    enter(edition, by="other", A1={"figure": "5", "text": "Theirs."})

    response = lead.post(RETURN, data)

    words = words_of(page_of(response))
    # To somebody who has no part in a private scorecard any more it is missing, but what they typed is not lost.
    assert response.status_code == 404
    assert "A line that is not yours Figure 5 Commentary Mine." in words
    assert "A line that is not yours Figure 6" in words
    assert not re.search("Theirs|Told to nobody|A1|B1", words)


def test_open_lines_are_saved_and_the_others_given_back(lead, edition):
    enter(edition, send=True, A1={"figure": "5"}, B1={"figure": "6"})
    data = posted(edition, A1={"figure": "7"}, B1={"figure": "8"})
    sent_back(edition, "A1")
    close(edition, state=EditionState.IN_REVIEW)

    response = lead.post(RETURN, data)

    html = page_of(response)
    assert response.status_code == 422
    assert (value_of(line_of(edition).indicator).figure, value_of(line_of(edition, "B1").indicator).figure) == (7, 6)
    assert "Not saved: 1 line that can’t be changed now" in words_of(html)
    assert "B1 Title of B1 Figure 8" in words_of(html)
    assert "Saved." in words_of(html)


@pytest.mark.parametrize("name", ["line-9-", "line-x-figure", "line-99999999999999999999-figure", "line-0-reason-\x00"])
def test_nonsense_in_a_refused_form_is_no_error(lead, edition, name):
    close(edition, state=EditionState.IN_REVIEW)
    assert lead.post(RETURN, {name: SCRIPT}).status_code == 403


# Officers enter for others


@pytest.mark.parametrize("username", ["other", "ann+one@example.org"])
def test_officer_saves_one_persons_lines_and_stays_with_them(client, edition, username):
    other = person("other")
    other.username = username
    other.save()
    client.force_login(officer())
    data = {"action": "save"} | fields(line_of(edition, "C1"), figure="9")
    response = client.post(f"{RETURN}?for={quote(username, safe='')}", data, follow=True)
    assert response.status_code == 200
    assert re.findall(r'class="reference">([^<]*)<', page_of(response)) == ["C1"]
    assert MonthlyValue.history.get().history_user.username == "officer"


# One line, for the script


def at_line(client, edition, reference="A1", **posted):
    line = line_of(edition, reference)
    return client.post(f"{RETURN}lines/{line.key}/", posted.pop("data", None) or fields(line, **posted))


def previewed(client, edition, **typed):
    line = line_of(edition)
    return client.post(f"{RETURN}lines/{line.key}/", {**fields(line, **typed), "action": "preview"})


def test_preview_works_the_line_out_and_writes_nothing(client):
    source = make_reported("A1")
    edition = make_collection(source, make_derived("D1", [source], reporter=person("lead")))
    make_value(source, DECEMBER, 100)
    client.force_login(person("lead"))
    answer = previewed(client, edition, figure="150").json()
    keys = {reference: str(line.key) for reference, line in lines_of(edition).items()}
    assert set(answer["lines"]) == set(keys.values())
    assert "Shown as 150" in words_of(answer["lines"][keys["A1"]]["facts"])
    assert "Worked out 150" in words_of(answer["lines"][keys["D1"]]["facts"])
    assert "rose by 50%" in words_of(answer["lines"][keys["A1"]]["reasons"])
    assert set(answer) == {"lines", "states"}
    assert not MonthlyValue.history.filter(month=JANUARY).exists()


def test_preview_hides_lines_that_are_none_of_the_readers(client):
    source = make_reported("A1")
    edition = make_collection(source, make_derived("D1", [source], reporter=person("other")))
    client.force_login(person("lead"))
    assert list(previewed(client, edition, figure="5").json()["lines"]) == [str(line_of(edition).key)]


def test_saving_a_line_answers_its_new_versions(lead, edition):
    answer = at_line(lead, edition, figure="5", text="Fewer.").json()
    line = line_of(edition)
    assert (answer["saw_value"], answer["saw_text"]) == (f"{line.value.pk}.1", f"{line.commentary.pk}.1")
    assert re.fullmatch(r"\d\d:\d\d", answer["saved_at"])
    assert "Draft" in answer["lines"][str(line.key)]["standing"]


@pytest.mark.sqlite
@pytest.mark.parametrize("action", ["save", "preview"])
def test_bad_input_at_a_line_is_answered_by_field(lead, edition, action):
    line = line_of(edition)
    data = {**fields(line, figure="12x"), "action": action}
    response = lead.post(f"{RETURN}lines/{line.key}/", data)
    assert response.status_code == 200
    assert list(response.json()["errors"]) == ["figure"]
    assert line_of(edition).value is None


def test_conflict_at_a_line_is_answered_as_the_line_with_both_versions(lead, edition):
    opened = line_of(edition)
    enter(edition, by=officer().username, A1={"figure": "7"})
    answer = at_line(lead, edition, data=fields(opened, figure="6")).json()
    assert "Somebody else saved this line first" in answer["conflict"]
    assert 'value="6"' in answer["conflict"]

    chosen = sent_again(answer["conflict"], line_of(edition), keep="mine")
    settled = at_line(lead, edition, data=chosen).json()
    assert "Somebody else saved this line first" not in settled["settled"]
    assert value_of(line_of(edition).indicator).figure == 6


@pytest.mark.sqlite
def test_line_tells_the_script_of_visitors_to_sign_in(client, edition):
    response = at_line(client, edition, figure="5")
    assert (response.status_code, response.json()) == (401, {"sign_in": "/sign-in/"})


@pytest.mark.sqlite
@pytest.mark.parametrize("username", ["head", "other", "stranger"])
@pytest.mark.parametrize("action", ["save", "preview"])
def test_line_is_refused_to_who_may_not_enter_it(client, edition, username, action):
    client.force_login(person(username))
    line = line_of(edition)
    data = {**fields(line, figure="5"), "action": action}
    refused = 404 if username == "stranger" else 403
    assert client.post(f"{RETURN}lines/{line.key}/", data).status_code == refused
    assert line_of(edition).value is None


@pytest.mark.parametrize("key", ["0", "999999", "9" * 40, "x", "-1"])
def test_unknown_line_is_not_found(lead, key):
    assert lead.post(f"{RETURN}lines/{key}/").status_code == 404
    assert lead.get(f"{RETURN}lines/{key}/history/").status_code == 404


@pytest.mark.sqlite
def test_line_is_only_posted_to(lead, edition):
    assert lead.get(f"{RETURN}lines/{line_of(edition).key}/").status_code == 405


@pytest.mark.parametrize("data", [{}, {"action": "preview"}, {"action": SCRIPT}, {"\x00": "\x00"}], ids=str)
def test_nonsense_at_a_line_is_no_error(lead, edition, data):
    response = lead.post(f"{RETURN}lines/{line_of(edition).key}/", data)
    assert response.status_code == 200


# Where people land


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("username", "expected"),
    [("lead", RETURN), ("head", "/"), ("officer", "/collection/panel/2021-01/"), ("stranger", "/")],
)
def test_people_land_at_what_waits_for_them(client, edition, username, expected):
    officer()
    SignOff.objects.all().delete()
    client.force_login(person(username))
    assert client.get("/start/").url == ("/your-work/" if username == "head" else expected)


@pytest.mark.sqlite
def test_work_lists_what_waits_with_its_due_date(lead, edition):
    words = words_of(page_of(lead.get("/your-work/")))
    assert "Your return: Panel scorecard, January 2021" in words
    assert "2 of 2 lines to enter." in words


@pytest.mark.sqlite
def test_work_without_any_says_so(client, db):
    client.force_login(make_user("stranger"))
    assert "Nothing is being collected that you enter or sign off." in words_of(page_of(client.get("/your-work/")))


# Queries


def entered(count):
    """A collection of so many lines with last month's figures and words, and what a browser sends for them."""
    edition = make_collection(*(make_reported(f"A{number}") for number in range(count)))
    for line in lines_of(edition).values():
        make_value(line.indicator, DECEMBER, 50)
        say(line.indicator, "Before.", DECEMBER)
    return {"action": "send"} | {
        name: text
        for line in lines_of(edition).values()
        for name, text in fields(line, figure="50", text="Now.", reason_because_same="Checked.").items()
    }


@pytest.mark.parametrize(
    "run",
    [
        lambda client, data: client.get(f"{RETURN}?check=1"),
        lambda client, data: client.post(RETURN, {**data, "action": "save"}),
        lambda client, data: client.post(RETURN, data),
    ],
    ids=["page", "save", "send"],
)
def test_queries_are_as_many_for_40_lines_as_for_2(client, run):
    def prepare(count):
        data = entered(count)
        client.force_login(person("lead"))
        return data

    def ask(data):
        assert run(client, data).status_code in (200, 302)

    assert queries_for(40, prepare, ask) == queries_for(2, prepare, ask)


def test_one_lines_queries_do_not_grow_with_the_others(client):
    def prepare(count):
        edition = make_collection(*(make_reported(f"A{number}") for number in range(count)))
        client.force_login(person("lead"))
        line = line_of(edition, "A0")
        return f"{RETURN}lines/{line.key}/", fields(line, figure="5")

    def save(prepared):
        assert "saved_at" in client.post(*prepared).json()

    assert queries_for(40, prepare, save) == queries_for(2, prepare, save)


def test_sending_a_whole_return_takes_one_request(client):
    data = entered(9)
    client.force_login(person("lead"))
    client.post(RETURN, data)
    assert SignOff.objects.filter(step="sent").count() == Commentary.objects.filter(month=JANUARY).count() == 9


# How far a return is


def test_progress_counts_what_is_done_to_answer_and_open(client):
    edition = make_collection(*(make_reported(f"A{place}") for place in range(1, 5)))
    enter(edition, A1={"figure": "5"}, A2={"figure": "tbc"}, A3={"figure": "6"})
    send(edition, "A3")
    client.force_login(person("lead"))
    said = words_of(page_of(client.get("/returns/panel/2021-01/")))

    assert "4 lines: 2 done 0 done 1 to answer 0 to answer A2 1 open 0 open A4" in said


def test_view_is_remembered_without_a_trace_in_the_history(client):
    edition = make_collection(make_reported("A1"))
    client.force_login(person("lead"))
    before = User.history.count()
    client.post("/returns/panel/2021-01/", {**fields(line_of(edition), figure="5"), "action": "rows"})

    assert 'class="entry entry-row' in page_of(client.get("/returns/panel/2021-01/"))
    assert value_of(line_of(edition).indicator).figure == 5
    assert User.history.count() == before


def test_what_is_missing_is_named(client):
    edition = make_collection(make_reported("A1"))
    make_value(line_of(edition).indicator, DECEMBER, 100)
    enter(edition, A1={"figure": "150"})

    assert obstacles(line_of(edition)) == ["Write a commentary, or say why none is needed."]


@pytest.mark.sqlite
def test_end_page_has_the_lines_as_the_report_has_them(client, edition):
    """Row by row and heading by heading what an officer reads in the report of the month; only the links differ."""
    for reference in ("A1", "B1", "C1"):
        make_value(line_of(edition, reference).indicator, DECEMBER, 6)
    say(line_of(edition, "A1").indicator, "As expected.")
    client.force_login(person("lead"))
    page = page_of(
        client.post(RETURN, posted(edition, action="send", A1={"figure": "7"}, B1={"figure": "8"}), follow=True)
    )
    assert "All sent, and this is how it will look" in page
    client.force_login(officer())
    # The report explains words where they first stand.
    report = without_terms(page_of(client.get("/scorecards/panel/2021-01/")))

    def drawn(html, part):
        found = re.findall(rf"<{part}\b.*?</{part}>", html.split('class="board')[1].split("</table>")[0], re.DOTALL)
        return [re.sub(r' (href|data-look)="[^"]*"', "", one) for one in found]

    assert drawn(page, "thead") == drawn(report, "thead")
    assert drawn(page, "tbody") == drawn(report, "tbody")[:2]
    assert f'href="#line-{line_of(edition).key}"' in page


@pytest.mark.sqlite
def test_denominator_that_another_line_holds_is_filled_in_and_is_no_entry_by_itself(client):
    """Also where the script saves one line alone, of which nobody then knows what it was filled in from."""
    count, share = make_reported("A1"), make_reported("P1", kind="ratio", unit="percentage", title="Seen")
    edition = make_collection(count, share)
    client.force_login(person("lead"))
    for back, figure in enumerate((50, 48, 51, 47), start=1):
        make_value(count, add_months(JANUARY, -back), figure)
        make_value(share, add_months(JANUARY, -back), numerator=40, denominator=figure)
    address = f"/returns/{edition.scorecard.slug}/2021-01/"
    enter(edition, A1={"figure": "52"})
    html = entry(page_of(client.get(address)), line_of(edition, "P1"))
    assert re.search(r'name="line-\d+-denominator" value="52"', html)
    assert "The figure of A1." in html

    shown = fields(line_of(edition, "P1"))
    one = f"{address}lines/{share.pk}/"
    assert "errors" not in client.post(one, {**shown, "action": "save"}).json()
    assert value_of(share) is None
    assert "errors" in client.post(one, {**shown, f"line-{share.pk}-denominator": "60", "action": "save"}).json()
    client.post(one, {**shown, f"line-{share.pk}-numerator": "45", "action": "save"})
    assert (value_of(share).numerator, value_of(share).denominator) == (45, 52)
