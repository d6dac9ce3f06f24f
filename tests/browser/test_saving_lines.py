"""The script that saves lines: what it takes as changed, and what it does where somebody else was quicker."""

from datetime import date

import pytest
from playwright.sync_api import expect

from indicators.models import Indicator, MonthlyValue
from scorecard import demonstration

pytestmark = pytest.mark.browser
FEBRUARY = date(2021, 2, 1)
RETURN = f"/returns/{demonstration.SLUG}/2021-02/"


@pytest.fixture
def lines(page, transactional_db):
    """The MASH lead's return, with nothing entered yet."""
    for value in MonthlyValue.objects.filter(month=FEBRUARY):
        value.delete()
    page.goto(f"/sign-in/?next={RETURN}")
    page.get_by_label("Username").fill("mash.lead")
    page.get_by_label("Password", exact=True).fill("right")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{RETURN}")
    return lambda reference: page.locator("article.entry", has_text=reference).first


@pytest.mark.parametrize(
    ("choice", "figure"), [("Keep what I entered", 1400), ("Keep theirs", 1500)], ids=["mine", "theirs"]
)
def test_the_version_chosen_is_saved_when_the_line_is_left(page, lines, choice, figure):
    contacts = lines("M1")
    MonthlyValue.objects.create(indicator=Indicator.objects.get(reference="M1"), month=FEBRUARY, figure=1500)
    contacts.get_by_label("How many in February 2021?").fill("1400")
    lines("M2").get_by_label("How many in February 2021?").focus()
    expect(contacts).to_contain_text("Somebody else saved this line first")
    expect(contacts).to_contain_text("1,500")

    # Leaving without a choice neither saves nor holds anybody back.
    lines("M2").get_by_label("Commentary").focus()
    expect(contacts).to_contain_text("Not saved")
    expect(lines("M2").get_by_label("Commentary")).to_be_focused()
    contacts.get_by_label(choice).check()
    lines("M2").get_by_label("How many in February 2021?").focus()

    expect(contacts).to_contain_text("Saved at")
    expect(contacts).not_to_contain_text("Somebody else saved this line first")
    assert MonthlyValue.objects.get(indicator__reference="M1", month=FEBRUARY).figure == figure
    page.reload()
    expect(page.locator("#unsent")).to_be_hidden()


def test_a_figure_of_one_digit_is_saved_when_the_line_is_left(lines):
    lines("M1").get_by_label("How many in February 2021?").press("5")
    lines("M2").get_by_label("How many in February 2021?").focus()

    expect(lines("M1")).to_contain_text("Saved at")
    assert MonthlyValue.objects.get(indicator__reference="M1", month=FEBRUARY).figure == 5
