"""The key of a report explains the short forms that occur in it, and no others."""

import pytest

from scorecard.models import GlossaryEntry
from scorecard.report.assemble import assemble_report
from scorecard.report.board import ShortForm
from scorecard.report.short_forms import occurring
from tests.factories import JANUARY, make_indicator, make_scorecard

GLOSSARY = [ShortForm(form, form.lower()) for form in ("UASC", "CP", "CP plan", "ICPC", "S47", "CiN", "A&E", "NEET")]


def test_words_in_which_a_short_form_occurs():
    cases = {
        "": [],
        "Number of UASC": ["UASC"],
        "UASCs, and the UASC’s placement": ["UASC"],
        "UASCOR and xUASC": [],
        "ICPC within 15 days": ["ICPC"],
        "On a CP\nplan": ["CP plan"],
        "CP plans, and CP": ["CP", "CP plan"],
        "s47 and S47s": ["S47"],
        "CIN": ["CiN"],
        "cin, a neat and neet word": [],
        "CP/ICPC (A&E)": ["A&E", "CP", "ICPC"],
        "non-NEET": ["NEET"],
    }
    for text, expected in cases.items():
        assert [one.short_form for one in occurring(GLOSSARY, [text])] == expected, text
    assert occurring([], ["UASC"]) == ()


@pytest.mark.django_db
def test_the_report_has_those_of_its_own_texts(admin_client):
    scorecard = make_scorecard(make_indicator("A1", title="UASCs in care", definition="Not S470."))

    assert assemble_report(scorecard, JANUARY).short_forms == (
        ShortForm("UASC", "unaccompanied asylum-seeking children"),
    )

    entry = GlossaryEntry.objects.get(short_form="UASC")
    page = f"/admin/scorecard/glossaryentry/{entry.pk}/change/"
    assert admin_client.get(page).status_code == 200
    assert entry.history.count() == 1
    GlossaryEntry.objects.all().delete()
    assert assemble_report(scorecard, JANUARY).short_forms == ()
