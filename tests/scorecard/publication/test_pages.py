"""Publishing an edition and revising one that is published, through Django's client."""

import re
from datetime import date

import pytest

from commentary.models import AreaOfFocus, Overview
from indicators.models import Comparator, MonthlyValue, NationalComparator, Target
from scorecard.models import Edition, EditionState, Publication
from tests.factories import DECEMBER, JANUARY, make_edition, make_scorecard, make_value, publish
from tests.scorecard.returns.returning import (
    approve,
    enter,
    make_reported,
    officer,
    page_of,
    person,
    queries_for,
    without_terms,
    words_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PUBLISH = "/collection/panel/2021-01/publish/"
REVISE = "/collection/panel/2021-01/revise/"
REPORT = "/scorecards/panel/2021-01/"
REASON = "A late form was counted twice."
SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture
def at_work(client):
    """An officer's browser."""
    client.force_login(officer())
    return client


@pytest.fixture
def in_review(db):
    """January, in review, of an indicator whose December is published."""
    indicator = make_reported("A1", polarity="low", scope="local")
    make_value(indicator, DECEMBER, 10)
    make_value(indicator, JANUARY, 12)
    scorecard = make_scorecard(indicator)
    publish(scorecard, DECEMBER)
    return make_edition(scorecard, state=EditionState.IN_REVIEW)


@pytest.fixture
def published(db):
    """January, published."""
    indicator = make_reported("A1")
    make_value(indicator, DECEMBER, 10, stage="provisional")
    make_value(indicator, JANUARY, 12)
    publish(make_scorecard(indicator, is_public=True))
    return Edition.objects.get()


def told(response):
    return words_of(page_of(response))


def fingerprint(response):
    return re.search(r'name="fingerprint" value="(.*?)"', page_of(response))[1]


def checks(response):
    """What the checklist says under each heading."""
    found = re.findall(r'<li class="check.*?<h3>(.*?)</h3>(.*?)\n</li>', page_of(response), re.DOTALL)
    return {words_of(title)[2:]: words_of(body) for title, body in found}


def change(figure, month=JANUARY, **fields):
    value = MonthlyValue.objects.get(month=month)
    value.figure = figure
    for name, content in fields.items():
        setattr(value, name, content)
    value.save()


def revise(client, **typed):
    data = {
        "fingerprint": fingerprint(client.get(REVISE)),
        "kind": "correction",
        "reason": REASON,
        "looked": "on",
        **typed,
    }
    return client.post(REVISE, data, follow=True)


# The checklist


def test_checklist_names_what_each_line_lacks(at_work, in_review):
    make_value(line := in_review.scorecard.sections.get().lines.get().indicator, JANUARY.replace(year=2020), 9)
    line.scope = "national"
    line.save()
    Comparator.objects.create(indicator=line, group="england", year=2017, value=3, on_basis="unknown")
    national = {"indicator": line, "value": 3, "source": "DfE", "basis": "As published", "on_basis": "yes"}
    for group, year in (("england", 2016), ("england", 2019), ("region", 2017), ("region", 2021)):
        NationalComparator.objects.create(group=group, year=year, next_update=date(2026, 5, 1), **national)
    assert checks(at_work.get(PUBLISH)) == {
        "Figures": "All figures that are due are there.",
        "Sign-off": "1 to look at A1 Title of A1 : draft",
        "Warnings": "All warnings are explained.",
        "Commentary": "It is written wherever readers will ask. 1 without, which nobody will ask about "
        "A1 Title of A1 : no commentary",
        "Targets": "Nothing new: 1 as in the report before A1 Title of A1 : no target for 2020-21",
        "Comparators": "1 to look at A1 Title of A1 : England: basis not known, out of date (2017-18) "
        "1 as in the report before A1 Title of A1 : Region, beside the report’s: out of date "
        "(2017-18; next figures due May 2026)",
        "Printing": "Every character can be printed.",
        "Overview": "3 to look at There is no overall summary. There is no area of focus. "
        "The date of the meeting is not set.",
        "Revised figures": "No figure differs from what was published.",
    }


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        (None, "1 to look at A1 Title of A1 : nothing was entered"),
        ({"blank": "awaited", "figure": None}, "1 to look at A1 Title of A1 : awaited (tbc)"),
        ({"blank": "not_applicable", "figure": None}, "All figures that are due are there."),
    ],
    ids=["nothing", "awaited", "nothing to measure"],
)
def test_checklist_tells_missing_figures(at_work, in_review, stored, words):
    value = MonthlyValue.objects.get(month=JANUARY)
    value.delete()
    if stored:
        make_value(value.indicator, JANUARY, **stored)
    assert checks(at_work.get(PUBLISH))["Figures"] == words


def test_month_without_figures_has_no_report_to_read_yet(at_work, in_review):
    read = "Read the report as it would be published"
    assert read in told(at_work.get(PUBLISH))
    MonthlyValue.objects.get(month=JANUARY).delete()
    assert read not in told(at_work.get(PUBLISH))


def test_checklist_tells_warnings_nobody_explained(at_work, in_review):
    change(10)
    assert "A1" in checks(at_work.get(PUBLISH))["Warnings"]


def test_checklist_asks_once_for_the_commentary_that_readers_will_ask_for(at_work, in_review):
    line = in_review.scorecard.sections.get().lines.get().indicator
    line.polarity = "low"
    line.save()
    Target.objects.create(indicator=line, year=2020, value=3)
    found = checks(at_work.get(PUBLISH))
    assert found["Commentary"].startswith("1 to look at A1 Title of A1 : ")
    assert "readers will ask" in found["Commentary"]
    assert "nobody will ask" not in found["Commentary"]
    assert found["Warnings"] == "All warnings are explained."


def test_checklist_tells_figures_that_were_published_otherwise(at_work, in_review):
    change(11, DECEMBER)
    said = checks(at_work.get(PUBLISH))["Revised figures"]
    assert said == "1 to look at A1 Title of A1: December 2020: 10 was published, now 11 (corrected)"


def test_complete_edition_asks_for_nothing_more(at_work, in_review):
    line = in_review.scorecard.sections.get().lines.get().indicator
    Target.objects.create(indicator=line, year=2020, value=20)
    in_review.overview = Overview.objects.create(title="January", summary="A calm month.")
    in_review.meeting_date = in_review.due_on
    in_review.state = EditionState.COLLECTING
    in_review.save()
    area = AreaOfFocus.objects.create(title="Caseloads", opened_on=JANUARY)
    in_review.scorecard.areas_of_focus.add(area)
    enter(in_review, A1={"text": "As planned."}, send=True)
    approve(in_review, "A1")
    in_review.refresh_from_db()
    in_review.state = EditionState.IN_REVIEW
    in_review.save()
    page = at_work.get(PUBLISH)
    assert "to look at" not in told(page)
    assert "I have looked at" not in told(page)
    at_work.post(PUBLISH, {"fingerprint": fingerprint(page)})
    assert Edition.objects.get(month=JANUARY).state == EditionState.PUBLISHED


@pytest.mark.sqlite
def test_checklist_asks_the_same_number_of_queries_for_more_lines(at_work):
    def prepare(count):
        scorecard = make_scorecard(*(make_reported(f"Q{count}{place}") for place in range(count)), slug=f"of-{count}")
        make_edition(scorecard, state=EditionState.IN_REVIEW)
        return f"/collection/of-{count}/2021-01/publish/"

    assert queries_for(2, prepare, at_work.get) == queries_for(40, prepare, at_work.get)


# Publishing


def test_publishing_freezes_what_was_shown(at_work, in_review):
    data = {"fingerprint": fingerprint(at_work.get(PUBLISH)), "looked": "on"}
    response = at_work.post(PUBLISH, data, follow=True)
    assert response.redirect_chain == [(REPORT, 302)]
    assert "January 2021 is published. The report stays as it is now." in told(response)
    stored = Publication.objects.get(edition=in_review)
    assert (stored.number, stored.kind, stored.published_by.username) == (1, "original", "officer")
    assert stored.history.get().history_user.username == "officer"
    change(99)
    assert "99" not in told(at_work.get(REPORT))


def test_publishing_asks_whether_what_is_missing_was_looked_at(at_work, in_review):
    response = at_work.post(PUBLISH, {"fingerprint": fingerprint(at_work.get(PUBLISH))})
    assert response.status_code == 422
    assert "Say that you have looked at what is listed above." in told(response)
    assert not Publication.objects.filter(edition=in_review).exists()


@pytest.mark.parametrize("typed", ["", "x", "9" * 400, SCRIPT])
def test_publishing_what_was_not_shown_is_refused(at_work, in_review, typed):
    response = at_work.post(PUBLISH, {"fingerprint": typed, "looked": "on"})
    assert response.status_code == 422
    assert "Something has changed since you opened this page." in told(response)
    assert not Publication.objects.filter(edition=in_review).exists()


def test_publishing_after_a_figure_was_changed_shows_it_first(at_work, in_review):
    data = {"fingerprint": fingerprint(at_work.get(PUBLISH)), "looked": "on"}
    change(77)
    again = at_work.post(PUBLISH, data)
    assert "Something has changed since you opened this page." in told(again)
    at_work.post(PUBLISH, {"fingerprint": fingerprint(again), "looked": "on"})
    assert "77" in told(at_work.get(REPORT))


@pytest.mark.parametrize("state", ["collecting", "published"])
def test_only_an_edition_in_review_is_published(at_work, in_review, state):
    Edition.objects.filter(pk=in_review.pk).update(state=state)
    response = at_work.post(PUBLISH, {"fingerprint": "x"}, follow=True)
    assert f"is {state}: only an edition in review can be published." in told(response)
    assert not Publication.objects.filter(edition=in_review).exists()


# Revising


def test_revision_stands_beside_the_original(at_work, published):
    change(4815)
    response = revise(at_work)
    assert response.redirect_chain == [(REPORT, 302)]
    page = told(response)
    assert f"(correction of an error). {REASON}" in page
    assert "January 2021 12 4,815 Corrected" in page
    outdated = told(at_work.get(f"{REPORT}publications/1/"))
    assert "Outdated." in outdated
    assert "4,815" not in outdated
    assert [(one.number, one.kind) for one in Publication.objects.all()] == [(1, "original"), (2, "correction")]


def test_revised_figure_carries_its_mark(at_work, published):
    change(15)
    revise(at_work)
    html = without_terms(page_of(at_work.get(REPORT)))
    assert re.search(r'15 <abbr class="stage" title="Revised">\[r\]</abbr>', html)
    assert html.count("[r]</abbr>") == 1


def test_what_was_provisional_is_a_scheduled_revision(at_work, published):
    change(11, DECEMBER, stage="final")
    assert "December 2020 10 11 Scheduled: it was provisional or estimated" in told(at_work.get(REVISE))


def test_changed_words_are_listed_from_what_to_what(at_work, published):
    indicator = MonthlyValue.objects.first().indicator
    indicator.title = "Another title"
    indicator.save()
    assert "Title Title of A1 Another title Changed" in told(at_work.get(REVISE))


def test_difference_too_small_to_show_is_shown_with_more_decimals(at_work, published):
    change("12.25")
    assert "January 2021 12.0 12.3 Corrected" in told(at_work.get(REVISE))


def test_nothing_to_revise_is_said_and_refused(at_work, published):
    assert "Nothing differs from what is published." in told(at_work.get(REVISE))
    response = at_work.post(REVISE, {"fingerprint": "x", "kind": "correction", "reason": REASON})
    assert response.status_code == 422
    assert Publication.objects.count() == 1


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"kind": ""}, "Choose which kind of revision it is."),
        ({"kind": "original"}, "“original” is not on the list: choose one that is."),
        ({"kind": SCRIPT}, "is not on the list"),
        ({"reason": ""}, "Say why the report is revised."),
        ({"reason": "  "}, "Say why the report is revised."),
        ({"reason": "x" * 2001}, "at most 2000 characters"),
        ({"fingerprint": "x"}, "Something has changed since you opened this page."),
    ],
    ids=lambda typed: str(typed)[:40],
)
def test_bad_input_is_explained_and_nothing_lost(at_work, published, typed, words):
    change(15)
    response = revise(at_work, **typed)
    assert response.status_code == 422
    assert words in told(response)
    if "reason" not in typed:
        assert REASON in told(response)
    assert Publication.objects.count() == 1


def test_words_of_a_revision_are_escaped(at_work, published):
    change(15)
    assert "<script>alert" not in page_of(revise(at_work, reason=SCRIPT))


@pytest.mark.sqlite
@pytest.mark.parametrize("address", [PUBLISH, REVISE])
@pytest.mark.parametrize("username", ["lead", "head", "stranger"])
def test_others_may_neither_publish_nor_revise(client, published, address, username):
    client.force_login(person(username))
    assert client.get(address).status_code == client.post(address, {}).status_code == 403


def test_live_month_says_that_it_is_not_published(at_work, in_review):
    assert "Not published: this is the report as the data stand now." in told(at_work.get(REPORT))


def test_policy_is_linked_and_readable(client, published):
    assert 'href="/revisions-policy/"' in page_of(client.get(REPORT))
    policy = told(client.get("/revisions-policy/"))
    assert "Scheduled revisions" in policy
    assert "Corrections" in policy
