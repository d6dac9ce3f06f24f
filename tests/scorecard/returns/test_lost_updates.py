"""One editor after the other at the same line: what the second has not seen, the second does not overwrite."""

from decimal import Decimal

import pytest

from commentary.models import Commentary
from indicators.models import MonthlyValue, User
from scorecard.returns.assemble import assemble_sheet
from scorecard.returns.entries import Amount, Entry, save_entries
from scorecard.returns.forms import LineForm
from tests.factories import JANUARY, make_edition, make_indicator, make_scorecard, make_user, make_value
from tests.scorecard.cast import entered_for, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    """An edition with one line, which a reporter and their deputy enter."""
    reporter, deputy = make_user("reporter"), make_user("deputy")
    reporter.deputies.create(deputy=deputy, starts_on=JANUARY)
    indicator = make_indicator("A1", reporter=reporter)
    make_value(indicator, JANUARY, 5)
    Commentary.objects.create(indicator=indicator, month=JANUARY, text="As before.")
    return make_edition(make_scorecard(indicator), JANUARY)


def line_of(edition):
    return assemble_sheet(edition).lines[0]


def save(line, username, figure, text, *, saw=None):
    """Save as somebody who saw the line, or what a conflict showed of it."""
    data = entered_for(line, figure=figure, text=text)
    form = LineForm(data, line)
    assert form.is_valid()
    entry = form.entry if saw is None else Entry(form.amount, text, saw.value_now, saw.text_now)
    outcome = save_entries(lines=[line], entries={line.key: entry}, by=User.objects.get(username=username))
    return outcome.conflicts.get(line.key)


def test_choice_about_a_figure_leaves_the_others_commentary_alone(edition):
    line = line_of(edition)
    save(line, "deputy", "6", "Six, for a new team began.")

    conflict = save(line, "reporter", "7", "As before.")
    assert (conflict.amount, conflict.text) == (Amount(figure=Decimal(6)), None)
    save(line, "reporter", "7", "As before.", saw=conflict)

    assert MonthlyValue.objects.get().figure == 7
    assert Commentary.objects.get().text == "Six, for a new team began."


def test_page_that_still_shows_the_old_commentary_does_not_put_it_back(edition):
    line = line_of(edition)
    page = entered_for(line, figure="5", text="As before.")
    save(line, "deputy", "5", "A new team began.")
    address, reporter = f"/returns/panel/2021-01/lines/{line.key}/", signed_in("reporter")

    for figure in ("6", "7"):
        answer = reporter.post(address, {**page, f"line-{line.key}-figure": figure}).json()
        page |= {f"line-{line.key}-{name}": answer[name] for name in ("saw_value", "saw_text")}
    told = reporter.post(address, {**page, f"line-{line.key}-text": "An old team left."}).json()

    assert MonthlyValue.objects.get().figure == 7
    assert Commentary.objects.get().text == "A new team began."
    assert "A new team began." in told["conflict"]
