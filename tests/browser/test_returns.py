"""Entering a return in a real Chromium: as people type, without JavaScript, and when something goes wrong."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from commentary.models import Commentary, SignOff
from indicators.models import MonthlyValue
from scorecard.models import Edition, EditionState
from tests.databases import database_with

from . import returns
from .returns import RETURN

pytestmark = pytest.mark.browser


transactional_db = database_with(returns.open_service, scope="function")


def line(page, reference):
    return page.locator("[data-line]").filter(has=page.locator(f".reference:text-is('{reference}')"))


def figure(page, reference):
    return line(page, reference).locator(".entry-numbers input").first


def stored(reference):
    value = MonthlyValue.objects.filter(indicator__reference=reference, month=returns.FEBRUARY).first()
    return value and value.figure


COMMENTARY = re.compile("^Commentary")


def enter(page, reference, text):
    figure(page, reference).fill(text)
    figure(page, reference).press("Tab")


# While typing


def test_meaning_is_shown_while_typing_and_nothing_saved_yet(as_person):
    page = as_person("ann")
    figure(page, "C1").fill("120")

    expect(line(page, "C1").locator(".entry-facts")).to_contain_text("22%")
    expect(line(page, "C1").locator(".entry-facts")).to_contain_text("Up: worse")
    expect(line(page, "C1").locator(".entry-facts .signal-concern svg")).to_be_visible()
    expect(line(page, "C1").locator(".fact-usual")).to_contain_text("91 to 113")
    # Whether it is right and why is one question.
    expect(line(page, "C1").locator(".asked")).to_contain_text(["120 is above what is usual"])
    assert stored("C1") is None


def test_derived_line_follows_while_its_source_is_typed(as_person):
    page = as_person("ann")
    figure(page, "C1").fill("100")
    figure(page, "C2").fill("50")

    expect(line(page, "D1").locator(".entry-result")).to_contain_text("50%")


def test_line_is_saved_when_left(as_person):
    page = as_person("ann")
    figure(page, "C1").fill("1,101")
    line(page, "C1").get_by_label(COMMENTARY).fill("A busy month.")
    figure(page, "C2").focus()

    expect(line(page, "C1").locator("[data-saved]")).to_contain_text("Saved at")
    expect(line(page, "C1").locator(".standing")).to_contain_text("Draft")
    assert stored("C1") == 1101
    assert Commentary.objects.get(month=returns.FEBRUARY).text == "A busy month."


def test_wrong_input_is_explained_at_its_field_and_not_saved(as_person, axe):
    page = as_person("ann")
    figure(page, "C1").fill("12x")
    expect(line(page, "C1").locator(".entry-result dd")).to_have_text("not a figure yet")
    figure(page, "C1").press("Tab")
    figure(page, "C2").focus()

    expect(line(page, "C1").locator(".govuk-error-message:visible")).to_contain_text("“12x” is not a number")
    expect(figure(page, "C1")).to_have_attribute("aria-invalid", "true")
    expect(line(page, "C1").locator("[data-saved]")).to_contain_text("Not saved")
    assert axe(page) == []
    enter(page, "C1", "12")

    expect(line(page, "C1").locator(".govuk-error-message:visible")).to_have_count(0)
    assert stored("C1") is None or stored("C1") == 12


@pytest.mark.parametrize(("key", "expected"), [("Enter", "C2"), ("ArrowDown", "C2")])
def test_keys_go_down_the_column(as_person, key, expected):
    page = as_person("ann")
    figure(page, "C1").press(key)

    expect(figure(page, expected)).to_be_focused()


def test_enter_goes_from_numerator_to_denominator_to_the_next_line(as_person):
    page = as_person("ann")
    numbers = line(page, "P1").locator(".entry-numbers input")
    numbers.first.press("Enter")
    expect(numbers.nth(1)).to_be_focused()
    numbers.nth(1).press("Enter")
    expect(figure(page, "P2")).to_be_focused()
    figure(page, "P2").press("ArrowUp")
    expect(numbers.first).to_be_focused()


PASTE = """([element, text]) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def paste(page, reference, text):
    figure(page, reference).focus()
    page.evaluate(PASTE, [figure(page, reference).element_handle(), text])


def values_in(page, *references):
    return [[box.input_value() for box in line(page, one).locator(".entry-numbers input").all()] for one in references]


def test_pasted_rows_are_shown_before_they_are_saved_and_undone(as_person, faults):
    page = as_person("ann")
    enter(page, "C1", "99")
    paste(page, "C3", "1,343\r\ntbc\r\n102\r\n4/31\r\n45\t100\r\n")
    rows = page.locator(".tally tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.first).to_contain_text("C3")
    expect(rows.last).to_contain_text("45 of 100")
    assert stored("C3") is None
    assert faults(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="Save these 5 figures").click()

    expect(page.locator(".return-bar")).to_contain_text("Saved from what you pasted: 5 lines. Undo")
    assert values_in(page, "C1", "C3", "C4", "P2") == [["99"], ["1343"], ["tbc"], ["45", "100"]]
    assert stored("C3") == 1343
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".told")).to_contain_text("Undone")
    assert values_in(page, "C1", "C3", "C4", "P2") == [["99"], [""], [""], ["", ""]]


def test_nine_lines_take_one_page_and_two_requests_a_line(as_person):
    page = as_person("ann")
    requests = []
    page.on("request", lambda request: requests.append(request) if "/static/" not in request.url else None)
    for reference in ("C1", "C2", "C3", "C4", "C5", "F1", "P1", "P2"):
        numbers = line(page, reference).locator(".entry-numbers input")
        for place, text in enumerate(["43", "101"] if numbers.count() == 2 else ["99"]):
            numbers.nth(place).focus()
            page.keyboard.type(text, delay=20)
        line(page, reference).get_by_label(COMMENTARY).focus()
        page.keyboard.type("As expected.", delay=5)
    line(page, "D1").get_by_label(COMMENTARY).focus()
    page.keyboard.type("Follows.", delay=5)
    figure(page, "C1").focus()
    expect(page.locator("[data-saved]:text('Saved at')")).to_have_count(9)
    page.get_by_role("button", name="Send for sign-off").click()
    expect(page.locator(".told")).to_contain_text("sent for sign-off")

    of_lines = [request for request in requests if "/lines/" in request.url]
    pages = [request for request in requests if request.is_navigation_request()]
    assert len(of_lines) <= 2 * 9
    assert len(pages) == 2  # the form that sends, and the page that says so


def test_sentences_follow_the_figure_and_can_be_taken_over(as_person):
    page = as_person("ann")
    figure(page, "C1").fill("102")
    sentence = "102 in February, 4% more than in January and 2% more than a year before; 1% above the 12-month average"
    expect(line(page, "C1").locator(".entry-sentences")).to_contain_text(sentence)
    line(page, "C1").get_by_label(COMMENTARY).fill("Steady.")
    line(page, "C1").get_by_role("button", name="Insert").click()

    expect(line(page, "C1").get_by_label(COMMENTARY)).to_have_value(re.compile(f"^Steady\\. {sentence}"))


def test_commentary_that_contradicts_its_figure_is_asked_about(as_person):
    page = as_person("ann")
    figure(page, "C1").fill("102")
    line(page, "C1").get_by_label(COMMENTARY).fill("The number fell since January.")
    figure(page, "C2").focus()

    expect(line(page, "C1").locator(".asked")).to_contain_text("fell since January")


# When something goes wrong


def test_the_second_of_two_people_is_shown_both_versions_and_chooses(as_person, axe):
    page = as_person("ann")
    MonthlyValue.objects.create(indicator_id=returns.keys()["C1"], month=returns.FEBRUARY, figure=90)
    enter(page, "C1", "95")
    figure(page, "C2").focus()

    clash = line(page, "C1").locator(".clash")
    expect(clash).to_contain_text(re.compile(r"Their figure\s*90"))
    expect(figure(page, "C1")).to_have_value("95")
    assert stored("C1") == 90
    assert axe(page) == []
    clash.get_by_label("Keep what I entered").check()
    figure(page, "C2").focus()

    expect(line(page, "C1").locator("[data-saved]")).to_contain_text("Saved at")
    assert stored("C1") == 95


def test_session_that_ended_loses_nothing(as_person, complaints, live_server):
    page = as_person("ann")
    Session.objects.all().delete()
    enter(page, "C1", "95")
    figure(page, "C2").focus()
    expect(page.locator("#save-status")).to_contain_text("You have been signed out.")
    address = page.locator("#save-status").get_by_role("link", name="Sign in again").get_attribute("href")
    assert address == f"/sign-in/?next={RETURN.replace('/', '%2F')}"
    page.context.add_cookies([returns.cookie_of("ann", live_server.url)])
    page.goto(RETURN)
    expect(page.get_by_role("alert")).to_contain_text("not saved")
    page.get_by_role("button", name="Put them back").click()

    expect(line(page, "C1").locator("[data-saved]")).to_contain_text("Saved at")
    assert stored("C1") == 95
    assert all("401" in complaint for complaint in complaints)
    complaints.clear()


def test_lost_connection_loses_nothing(as_person, complaints):
    page = as_person("ann")
    page.context.set_offline(True)
    enter(page, "C1", "95")
    figure(page, "C2").focus()
    expect(line(page, "C1").locator("[data-saved]")).to_contain_text("No connection")
    page.context.set_offline(False)

    expect(line(page, "C1").locator("[data-saved]")).to_contain_text("Saved at")
    assert stored("C1") == 95
    assert all("ERR_INTERNET_DISCONNECTED" in complaint for complaint in complaints)
    complaints.clear()


@pytest.fixture
def reopened(as_person, live_server):
    """The return opened again by Ann, who closed it in the middle of two lines when she was signed out already."""
    page = as_person("ann")
    # Neither signed in nor with the form's cookie, so that nothing arrives late either.
    page.context.clear_cookies()
    figure(page, "C1").fill("12x")
    page.wait_for_function("localStorage.length > 0")
    kept = page.evaluate("JSON.stringify(localStorage)")
    figure(page, "C2").fill("77")
    # What is kept is sealed first, which takes its time on a busy machine.
    page.wait_for_function("kept => JSON.stringify(localStorage) !== kept", arg=kept)
    page.close()
    page.context.add_cookies([returns.cookie_of("ann", live_server.url)])
    page = page.context.new_page()
    page.goto(RETURN)
    return page


def test_closed_browser_loses_nothing(reopened, complaints):
    expect(reopened.get_by_role("alert")).to_contain_text("C1, C2")
    reopened.get_by_role("button", name="Put them back").click()

    expect(line(reopened, "C2").locator("[data-saved]")).to_contain_text("Saved at")
    expect(figure(reopened, "C1")).to_have_value("12x")
    expect(line(reopened, "C1").locator(".govuk-error-message:visible")).to_contain_text("“12x” is not a number")
    assert stored("C2") == 77
    complaints.clear()  # of the session that had ended


def test_what_the_browser_kept_can_be_discarded(reopened, complaints):
    reopened.get_by_role("button", name="Discard them").click()
    reopened.reload()

    expect(reopened.locator("#unsent")).to_be_hidden()
    assert values_in(reopened, "C1", "C2") == [[""], [""]]
    complaints.clear()  # of the session that had ended


# Without JavaScript


@pytest.fixture
def plain(browser, browser_context_args, live_server):
    """A page in a browser without JavaScript, with Ann signed in."""
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    context.add_cookies([returns.cookie_of("ann", live_server.url)])
    page = context.new_page()
    page.goto(RETURN)
    yield page
    context.close()


def test_return_is_saved_and_sent_without_javascript(plain):
    figure(plain, "C1").fill("101")
    figure(plain, "C2").fill("61")
    plain.get_by_role("button", name="Save draft").click()
    expect(plain.locator(".told")).to_contain_text("Saved.")
    plain.get_by_role("button", name="Send for sign-off").click()

    expect(plain.locator(".told")).to_contain_text("lines were sent for sign-off")
    expect(plain.locator("#problems")).to_contain_text("C3: Enter a figure, or choose why there is none.")
    assert set(SignOff.objects.values_list("indicator__reference", flat=True)) == {"C1", "C2", "D1"}


def test_rows_are_pasted_without_javascript(plain):
    plain.get_by_role("link", name="Paste from a spreadsheet").click()
    plain.get_by_label("Copy the rows").fill("Ref\tJan 2021\tFeb 2021\nc5\t1\t17\nD1\t\t50%\nshare 1\t\t4/31")
    plain.get_by_role("button", name="Show what it says").click()
    expect(plain.locator(".left-over")).to_have_count(2)
    plain.get_by_role("button", name="Save these 2 figures").click()

    assert values_in(plain, "C5", "P1", "C1") == [["17"], ["4", "31"], [""]]
    plain.get_by_role("button", name="Undo").click()
    assert values_in(plain, "C5", "P1") == [[""], ["", ""]]


def test_errors_are_explained_and_the_rest_saved_without_javascript(plain):
    figure(plain, "C1").fill("twelve")
    figure(plain, "C2").fill("61")
    plain.get_by_role("button", name="Save draft").click()

    expect(plain).to_have_title(re.compile("^Error: "))
    expect(line(plain, "C1").locator(".govuk-error-message:visible")).to_contain_text("“twelve” is not a number")
    expect(figure(plain, "C1")).to_have_value("twelve")
    assert stored("C2") == 61


def test_both_versions_are_shown_without_javascript(plain):
    MonthlyValue.objects.create(indicator_id=returns.keys()["C1"], month=returns.FEBRUARY, figure=90)
    figure(plain, "C1").fill("95")
    plain.get_by_role("button", name="Save draft").click()
    expect(line(plain, "C1").locator(".clash")).to_contain_text(re.compile(r"Their figure\s*90"))
    plain.get_by_role("button", name="Save draft").click()
    expect(line(plain, "C1").locator(".clash")).to_contain_text("Choose which version to keep.")
    line(plain, "C1").get_by_label("Keep theirs").check()
    plain.get_by_role("button", name="Save draft").click()

    expect(figure(plain, "C1")).to_have_value("90")
    assert stored("C1") == 90


def end_collection():
    edition = Edition.objects.get(month=returns.FEBRUARY)
    edition.state = EditionState.IN_REVIEW
    edition.save()


def test_collection_that_closed_meanwhile_loses_nothing_without_javascript(plain):
    figure(plain, "C1").fill("101")
    line(plain, "C1").get_by_label("Commentary").fill("More referrals from schools.")
    end_collection()
    plain.get_by_role("button", name="Send for sign-off").click()

    expect(plain.get_by_role("heading", level=1)).to_have_text("Nothing was saved")
    expect(plain.locator(".unsaved")).to_have_count(1)
    expect(plain.locator(".unsaved")).to_contain_text(re.compile(r"C1.*101.*More referrals from schools\.", re.DOTALL))
    assert not MonthlyValue.objects.filter(month=returns.FEBRUARY).exists()


def test_what_is_given_back_when_collection_has_closed_is_accessible(as_person, axe, complaints):
    page = as_person("ann", width=390)
    figure(page, "C1").fill("95")
    end_collection()
    page.get_by_role("button", name="Send for sign-off").click()

    expect(page.locator(".unsaved")).to_contain_text("95")
    assert axe(page) == []
    complaints.clear()  # of the answers with 403


def test_collection_that_closed_meanwhile_loses_nothing(as_person, axe, complaints):
    page = as_person("ann")
    end_collection()
    enter(page, "C1", "95")
    figure(page, "C2").focus()
    page.get_by_role("link", name="Load the page again").click()

    expect(page.locator(".unsaved")).to_contain_text(re.compile(r"C1.*95", re.DOTALL))
    assert axe(page) == []
    page.get_by_role("button", name="Discard it").click()
    page.reload()
    expect(page.locator(".unsaved")).to_have_count(0)
    assert all("403" in complaint for complaint in complaints)
    complaints.clear()
