"""A return in rows: nine lines at once, by keyboard, at human speed; what is wrong is told when it should be."""

import re

import pytest
from playwright.sync_api import expect

from indicators.models import MonthlyValue, User
from tests.databases import database_with
from tests.factories import make_indicator

from . import returns
from .test_returns import COMMENTARY, figure, line

pytestmark = pytest.mark.browser
# Forty words a minute are two hundred keys; and it takes a moment to find each field.
SECONDS_A_KEY, SECONDS_A_FIELD = 60 / (40 * 5), 1.5
WORDS = "Two schools sent in more referrals after training; we expect it to settle by March."


def open_rows():
    """The service with nine lines to enter, beside one that is worked out, whose reporter likes rows."""
    scorecard = returns.open_service()
    people = {"reporter": User.objects.get(username="ann"), "owner": User.objects.get(username="olive")}
    section = scorecard.sections.get()
    section.lines.create(indicator=make_indicator("C6", title="A sixth", **people), position=99)
    User.objects.filter(username="ann").update(compact_returns=True)


transactional_db = database_with(open_rows, scope="function")
NINE = {"C1": "101", "C2": "61", "C3": "99", "C4": "102", "C5": "100", "P1": "41 103", "P2": "40 99", "F1": "100.5"}
NINE["C6"] = "12"


class Typist:
    """Presses keys as a person would, and counts how long that takes."""

    def __init__(self, page):
        self.page, self.keys, self.fields = page, 0, 0

    def press(self, key):
        self.page.keyboard.press(key)
        self.keys += 1

    def write(self, text):
        self.page.keyboard.type(text)
        self.keys, self.fields = self.keys + len(text), self.fields + 1

    @property
    def seconds(self):
        return self.keys * SECONDS_A_KEY + self.fields * SECONDS_A_FIELD


def enter_all(page, commentaries=()):
    """Down the column with Enter; below some of the rows a commentary."""
    typist = Typist(page)
    figure(page, "C1").focus()
    typist.fields += 1
    for reference, numbers in NINE.items():
        expect(figure(page, reference)).to_be_focused()
        for number in numbers.split():
            typist.write(number)
            if number != numbers.split()[-1]:
                typist.press("Enter")
        if reference in commentaries:
            # To what opens the row, into the text, and back to the next figure.
            typist.press("Tab")
            typist.press("Enter")
            expect(line(page, reference).get_by_label(COMMENTARY)).to_be_focused()
            typist.write(WORDS)
            figure(page, reference).focus()
            typist.fields += 1
        typist.press("Enter")
    page.get_by_role("button", name="Send for sign-off").click()
    typist.fields += 1
    return typist.seconds


def test_nine_lines_fit_and_are_entered_at_human_speed(as_person, faults):
    page = as_person("ann")
    bar = page.locator(".return-bar").bounding_box()
    last = line(page, "C6").bounding_box()
    assert last["y"] + last["height"] <= bar["y"]
    assert faults(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})

    seconds = enter_all(page)
    assert seconds <= 90, seconds
    expect(page.locator("[data-progress]")).to_contain_text("10 lines:")
    assert MonthlyValue.objects.filter(month=returns.FEBRUARY).count() == len(NINE)


def test_three_commentaries_are_written_with_them(as_person, faults):
    page = as_person("ann")

    seconds = enter_all(page, ("C1", "C3", "F1"))
    assert seconds <= 240, seconds
    expect(page.get_by_role("heading", name="All sent, and this is how it will look")).to_be_visible()
    expect(page.locator(".board .line").first).to_contain_text(WORDS)
    expect(page.locator(".folded")).to_have_text(re.compile("Sent: 10"))
    assert faults(page) == []
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".told")).to_contain_text("Taken back, to be sent again: C1, C2")
    expect(page.locator("[data-of=open]")).to_contain_text("0 open")


FOCUS_IS_HIDDEN = """() => {
  const [at, box] = [document.activeElement, document.activeElement.getBoundingClientRect()];
  const isOver = (bar) => {
    const over = bar.getBoundingClientRect();
    return !bar.contains(at) && box.bottom > over.top + 1 && box.top < over.bottom - 1;
  };
  const bars = [...document.querySelectorAll('.return-bar, .progress')].filter(
    (bar) => bar.matches('.return-bar') || getComputedStyle(bar).top === '0px',
  );
  return at !== document.body && box.height > 0 && bars.some(isOver);
}"""


@pytest.mark.parametrize("is_compact", [True, False])
def test_focus_is_never_behind_the_bar(as_person, is_compact):
    User.objects.filter(username="ann").update(compact_returns=is_compact)
    for width in (1440, 390):
        page = as_person("ann", width=width)
        hidden = []
        for stop in range(70):
            page.keyboard.press("Tab")
            if page.evaluate(FOCUS_IS_HIDDEN):
                hidden.append((stop, page.evaluate("document.activeElement.outerHTML.slice(0, 80)")))
        assert hidden == [], width


def test_error_comes_when_the_field_is_left_and_goes_with_what_it_is_about(as_person):
    page = as_person("ann")
    error = line(page, "C1").locator(".govuk-error-message:visible")
    figure(page, "C1").fill("12x")
    with page.expect_response(re.compile("/lines/")):
        pass
    expect(error).to_have_count(0)
    figure(page, "C2").focus()
    expect(error).to_contain_text("“12x” is not a number")
    figure(page, "C1").fill("12")
    expect(error).to_have_count(0)
    figure(page, "C2").focus()
    expect(line(page, "C1").locator("[data-saved]")).to_contain_text("Saved at")
    figure(page, "C1").fill("12x")
    figure(page, "C2").focus()
    expect(error).to_have_count(1)
    figure(page, "C1").fill("12")
    figure(page, "C2").focus()
    expect(error).to_have_count(0)
    expect(line(page, "C1").locator("[data-saved]")).to_have_text("")


def test_word_says_what_it_will_be_printed_as_and_progress_follows_though_nobody_leaves_it(page, as_person):
    page.clock.install()
    as_person("ann")
    figure(page, "C1").fill("n/a")

    expect(line(page, "C1").locator(".entry-result")).to_contain_text("[z] Not applicable: nothing to measure")
    # Before that nothing is saved.
    expect(page.locator("[data-of=open]")).to_contain_text("10 open")
    page.clock.fast_forward(15_000)
    expect(page.locator("[data-of=open]")).to_contain_text("9 open")
    expect(page.locator("[data-of=ask] a")).to_have_text(["1 to answer", "C1"])


def test_view_is_remembered_and_saves_what_was_typed(as_person, browser, browser_context_args, live_server):
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    context.add_cookies([returns.cookie_of("ann", live_server.url)])
    plain = context.new_page()
    plain.goto(returns.RETURN)
    figure(plain, "C1").fill("101")
    # On a phone what was typed stays in the form from line to line.
    plain.set_viewport_size({"width": 390, "height": 844})
    plain.get_by_role("link", name="Next: C2").click()
    expect(plain.locator(".entry:visible .reference")).to_have_text("C2")
    plain.set_viewport_size({"width": 1440, "height": 900})
    plain.get_by_role("button", name="Show lines as cards").click()
    expect(plain.locator(".entry-row")).to_have_count(0)
    expect(figure(plain, "C1")).to_have_value("101")
    plain.goto(returns.RETURN)
    expect(plain.get_by_role("button", name="Show lines as rows")).to_have_count(1)
    context.close()


def test_phone_shows_one_line_at_a_time_and_undoes_figure_by_figure(as_person, faults):
    User.objects.filter(username="ann").update(compact_returns=False)
    page = as_person("ann", width=390)
    shown = page.locator(".entry:visible")
    expect(shown).to_have_count(1)
    figure(page, "C1").fill("tbc")
    page.get_by_role("link", name="Next: C2").click()
    expect(shown.locator(".reference")).to_have_text("C2")
    bar, box = page.locator(".return-bar").bounding_box(), shown.bounding_box()
    assert box["height"] > 0.6 * 900
    assert page.locator(".progress").bounding_box()["height"] < box["y"] < 60
    figure(page, "C2").fill("61")
    # To the next figure to enter, and the one before that.
    page.keyboard.press("Enter")
    expect(figure(page, "C3")).to_be_focused()
    undone = page.locator(".return-bar p:visible").last
    expect(undone).to_have_text("Saved: C2: 61 instead of nothing. Undo")
    page.get_by_role("button", name="Undo").click()
    expect(figure(page, "C2")).to_be_focused()
    expect(undone).to_have_text("Saved: C1: tbc instead of nothing. Undo")
    page.get_by_role("link", name="the line before").click()
    expect(figure(page, "C1")).to_have_value("tbc")
    page.get_by_role("link", name="All lines").click()
    expect(shown).to_have_count(10)
    page.locator("[data-of=open] a").first.click()
    expect(shown.locator(".reference")).to_have_text("C2")
    assert bar["y"] + bar["height"] <= 900
    assert faults(page) == []
    stored = MonthlyValue.objects.filter(month=returns.FEBRUARY)
    assert list(stored.values_list("indicator__reference", "blank")) == [("C1", "awaited")]
