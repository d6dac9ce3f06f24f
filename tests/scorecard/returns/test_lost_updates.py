"""One editor after the other at the same line: what the second has not seen, the second does not overwrite."""

import re

import pytest

from commentary.models import Commentary
from indicators.models import MonthlyValue
from scorecard.sheet.assemble import assemble_sheet
from tests.factories import JANUARY, make_edition, make_indicator, make_scorecard, make_user, make_value
from tests.scorecard.cast import entered_for, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]


@pytest.fixture
def edition():
    """An edition with one line, which a reporter and their deputy enter."""
    reporter, deputy = make_user("reporter"), make_user("deputy")
    reporter.deputies.create(deputy=deputy, starts_on=JANUARY)
    indicator = make_indicator("A1", reporter=reporter)
    make_value(indicator, JANUARY, 5)
    Commentary.objects.create(indicator=indicator, month=JANUARY, text="As before.")
    return make_edition(make_scorecard(indicator), JANUARY)


class Page:
    """A line as it stands on somebody's page, which the page's script saves."""

    def __init__(self, edition, role):
        line = assemble_sheet(edition).lines[0]
        self.client, self.prefix = signed_in(role), f"line-{line.key}-"
        self.address = f"/returns/panel/2021-01/lines/{line.key}/"
        self.fields = entered_for(line, figure="5")

    def save(self, **typed):
        """Type something and save; the answer's versions go into the page, as the script does it."""
        self.fields |= {self.prefix + name: value for name, value in typed.items()}
        answer = self.client.post(self.address, self.fields).json()
        if "conflict" in answer:
            hidden = re.findall(r'<input type="hidden" name="(line-[^"]*)" value="([^"]*)"', answer["conflict"])
            self.fields |= dict(hidden)
        for name in {"saw_value", "saw_text"} & answer.keys():
            self.fields[self.prefix + name] = answer[name]
        return answer


def stored():
    return MonthlyValue.objects.get().figure, Commentary.objects.get().text


def test_choice_about_a_figure_leaves_the_others_commentary_alone(edition):
    mine, theirs = Page(edition, "reporter"), Page(edition, "deputy")
    theirs.save(figure="6", text="A new team began.")

    told = mine.save(figure="7")
    mine.save(keep="mine")

    assert "Their figure" in told["conflict"]
    assert "Their commentary" not in told["conflict"]
    assert stored() == (7, "A new team began.")


def test_page_that_still_shows_the_old_commentary_does_not_put_it_back(edition):
    mine, theirs = Page(edition, "reporter"), Page(edition, "deputy")
    theirs.save(text="A new team began.")

    mine.save(figure="6")
    mine.save(figure="7")

    assert stored() == (7, "A new team began.")


def test_commentary_that_the_page_does_not_show_is_told_of_before_it_is_overwritten(edition):
    mine, theirs = Page(edition, "reporter"), Page(edition, "deputy")
    theirs.save(text="A new team began.")

    mine.save(figure="6")
    told = mine.save(text="An old team left.")

    assert "A new team began." in told["conflict"]
    assert stored() == (6, "A new team began.")
