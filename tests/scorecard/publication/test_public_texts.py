"""The page on which an officer decides which texts near hidden counts the public reads, and the preview of the public's
report.
"""

import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from commentary.models import AreaOfFocus, Commentary, Overview
from indicators.models import MonthlyValue
from scorecard.disclosure.texts import WITHHELD
from scorecard.models import EditionState, Publication, PublicText
from scorecard.publication.public_texts import PublicTextsPage
from scorecard.publication.publish import draft_edition, publish_edition
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_derived,
    make_edition,
    make_indicator,
    make_officer,
    make_scorecard,
    make_user,
    make_values,
    publish,
)
from tests.scorecard.returns.returning import page_of, queries_for, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TEXTS, PUBLIC = "/collection/panel/2021-01/public-texts/", "/collection/panel/2021-01/public/"
REPORT = "/scorecards/panel/2021-01/"
ADOPTED, TOTAL_TEXT, SUMMARY, QUIET = "A child was adopted.", "4 fewer than 104.", "All is well.", "We are on leave."


@pytest.fixture
def edition(db):
    """January in review, with one small count, its total, an overview and an area of focus; one line is unrelated."""
    small, large, apart = make_indicator("A1"), make_indicator("B1"), make_indicator("C1", title="Cases elsewhere")
    make_values(small, {DECEMBER: 37, JANUARY: 4})
    make_values(large, {DECEMBER: 63, JANUARY: 96})
    make_values(apart, {DECEMBER: 63, JANUARY: 70})
    total = make_derived("T1", [small, large])
    for indicator, text in ((small, ADOPTED), (total, TOTAL_TEXT), (large, QUIET), (apart, "Only 70.")):
        Commentary.objects.create(indicator=indicator, month=JANUARY, text=text)
    scorecard = make_scorecard(small, large, total, apart, is_public=True, suppresses_small_counts=True)
    scorecard.areas_of_focus.add(AreaOfFocus.objects.create(title="Adoption", response="Soon.", opened_on=DECEMBER))
    overview = Overview.objects.create(title="January", summary=SUMMARY)
    return make_edition(scorecard, state=EditionState.IN_REVIEW, overview=overview)


@pytest.fixture
def at_work(client):
    client.force_login(make_officer())
    return client


def value_of(page, text):
    """What the page sends for the text: which it is, and which decision on it was seen."""
    [found] = [one.value for one in page.texts if one.first.text.text == text]
    return found


def decide(client, edition, text, decision, **typed):
    page = PublicTextsPage.of(edition)
    return client.post(TEXTS, {"text": value_of(page, text), "decision": decision, **typed})


def public(client):
    """What the public reads of each line, and the summary."""
    client.logout()
    report = client.get(f"{REPORT}report.json").json()
    lines = {line["ref"]: line["commentary"] for section in report["sections"] for line in section["rows"]}
    return {**lines, "summary": report["summary"]}


def publish_as_seen(edition):
    officer = make_officer("publisher")
    fingerprint = draft_edition(edition).fingerprint
    return publish_edition(edition=edition, fingerprint=fingerprint, by=officer, now=timezone.now())


def test_every_text_near_a_hidden_figure_waits_in_full_beside_it_the_riskiest_first(at_work, edition):
    page = page_of(at_work.get(TEXTS))
    found = re.findall(r"<blockquote>(.*?)</blockquote>", page, re.DOTALL)
    assert [words_of(text) for text in found][:1] == [TOTAL_TEXT]
    assert {words_of(text) for text in found} == {ADOPTED, TOTAL_TEXT, SUMMARY, QUIET, "Adoption", "Soon."}
    assert re.findall(r"<mark[^>]*>(.*?)</mark>", found[0]) == ["4", "fewer than", "104."]
    beside = words_of(page.split(ADOPTED.split(maxsplit=2)[2])[1].split("<form")[0])
    assert re.search(r"A1 Title of A1 [^B]* Dec 2020 37 Jan 2021 4 \[c\] B1", beside)


def test_text_is_published_only_when_it_was_cleared_or_reworded(at_work, edition):
    assert decide(at_work, edition, TOTAL_TEXT, "reworded", wording="Fewer than before.").status_code == 302
    assert decide(at_work, edition, SUMMARY, "cleared").status_code == 302
    assert decide(at_work, edition, QUIET, "withheld").status_code == 302
    publish_as_seen(edition)
    found = public(at_work)
    assert found == {
        "A1": WITHHELD,
        "B1": WITHHELD,
        "T1": "Fewer than before.",
        "C1": "Only 70.",
        "summary": SUMMARY,
    }
    at_work.force_login(make_officer("reader"))
    [section] = at_work.get(f"{REPORT}report.json").json()["sections"]
    assert [line["commentary"] for line in section["rows"]] == [ADOPTED, QUIET, TOTAL_TEXT, "Only 70."]
    row = PublicText.objects.get(decision="reworded")
    [entry] = row.history.all()
    assert (entry.history_user.username, entry.text, entry.wording) == ("officer", TOTAL_TEXT, "Fewer than before.")


def test_group_is_cleared_with_one_button(at_work, edition):
    page = page_of(at_work.get(TEXTS))
    group = next(form for form in page.split('class="clear-all"')[1:] if "Clear these" in form)
    values = re.findall(r'name="text" value="(.*?)"', group.split("</form>")[0])
    assert len(values) > 1
    answer = at_work.post(TEXTS, {"text": values, "decision": "cleared"}, follow=True)
    assert f"{len(values)} texts decided on" in words_of(page_of(answer))
    assert PublicText.objects.filter(decision="cleared").count() == len(values)


def test_nothing_is_decided_on_what_has_changed_meanwhile(at_work, edition):
    value = value_of(PublicTextsPage.of(edition), ADOPTED)
    typed = {"text": value, "decision": "reworded", "wording": "Another version."}

    # Somebody else decided first.
    decide(at_work, edition, ADOPTED, "withheld")
    refused = at_work.post(TEXTS, typed)
    assert refused.status_code == 422
    assert "Another version." in page_of(refused)
    assert [row.decision for row in PublicText.objects.all()] == ["withheld"]

    # The text is another by now; of several nothing is kept.
    Commentary.objects.filter(text=ADOPTED).update(text="Rewritten.")
    both = [value.replace(".0", ".1"), value_of(PublicTextsPage.of(edition), SUMMARY)]
    refused = at_work.post(TEXTS, {**typed, "text": both, "decision": "cleared"})
    assert refused.status_code == 422
    assert PublicText.objects.count() == 1

    # Another figure near it is hidden by now.
    value = value_of(PublicTextsPage.of(edition), QUIET)
    MonthlyValue.objects.filter(month=DECEMBER, figure=37).update(figure=2)
    assert at_work.post(TEXTS, {"text": value, "decision": "cleared"}).status_code == 422


def test_draft_that_the_officer_saw_is_another_once_a_text_is_cleared(at_work, edition):
    before = draft_edition(edition).fingerprint
    decide(at_work, edition, ADOPTED, "withheld")
    assert draft_edition(edition).fingerprint == before
    decide(at_work, edition, ADOPTED, "cleared")
    assert draft_edition(edition).fingerprint != before


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"text": "nonsense", "decision": "cleared"},
        {"text": f"{'0' * 64}.0", "decision": "cleared"},
        {"text": f"{'0' * 64}.99999999999999999999", "decision": "cleared"},
        {"text": f"{'0' * 64}.٣", "decision": "cleared"},
        {"decision": "cleared"},
        {"text": "OWN", "decision": "nonsense"},
        {"text": "OWN", "decision": "reworded", "wording": "  "},
        {"text": "OWN", "decision": "reworded", "wording": "x" * 10_001},
    ],
)
def test_what_makes_no_sense_is_refused_in_words(at_work, edition, typed):
    if typed.get("text") == "OWN":
        typed = {**typed, "text": value_of(PublicTextsPage.of(edition), ADOPTED)}
    answer = at_work.post(TEXTS, typed)
    assert answer.status_code == 422
    assert "There is a problem" in page_of(answer)
    assert not PublicText.objects.exists()


def test_database_keeps_one_decision_a_text_with_words_only_where_it_is_reworded(edition):
    plain = {"scorecard": edition.scorecard, "where": "Here", "month": JANUARY, "text": "x", "key": "k"}
    plain |= {"decided_by": make_user(), "decided_at": timezone.now()}
    PublicText.objects.create(**plain, decision="cleared")
    for wrong in (
        {"decision": "withheld"},
        {"key": "l", "decision": "reworded"},
        {"key": "l", "decision": "cleared", "wording": "x"},
        {"key": "l", "decision": "nonsense"},
        {"key": "", "decision": "cleared"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PublicText.objects.create(**{**plain, **wrong})


def test_only_officers_decide_and_preview(client, edition):
    line = edition.scorecard.sections.get().lines.first().indicator_id
    addresses = [TEXTS, PUBLIC, *(f"{PUBLIC}indicators/{line}/{file}" for file in ("", "chart.json", "figures.csv"))]
    assert {client.get(address).status_code for address in addresses} == {302}
    client.force_login(make_user("stranger"))
    assert {client.get(address).status_code for address in addresses} == {403}
    assert client.post(TEXTS, {"decision": "cleared"}).status_code == 403


def test_preview_reads_as_the_public_will_and_is_never_kept(at_work, edition):
    decide(at_work, edition, TOTAL_TEXT, "reworded", wording="Fewer than before.")
    line = edition.scorecard.sections.get().lines.first().indicator_id
    answers = [at_work.get(f"{PUBLIC}{file}") for file in ("", f"indicators/{line}/", f"indicators/{line}/chart.json")]
    assert {answer["Cache-Control"] for answer in answers} == {"private, no-store"}
    report, indicator, chart = map(page_of, answers)
    for text in (report, indicator):
        assert "As the public will read it." in text
        assert WITHHELD in text
        assert ADOPTED not in text
        assert f'"{REPORT}' not in text
    assert "Fewer than before." in report
    assert TOTAL_TEXT not in report
    assert "37" in chart
    assert "[c]" in report
    assert not Publication.objects.exists()
    seen = draft_edition(edition).texts["public"]
    publish_as_seen(edition)
    assert Publication.objects.get().documents.get(audience="public").body == seen
    at_work.logout()
    published = page_of(at_work.get(REPORT))
    board = re.compile(r'<section class="report-board".*?</section>', re.DOTALL)
    assert board.search(published)[0] == board.search(report.replace(PUBLIC, REPORT))[0]


def test_text_that_is_cleared_later_is_read_with_a_revision(at_work, edition):
    publish_as_seen(edition)
    assert "Nothing differs" in words_of(page_of(at_work.get("/collection/panel/2021-01/revise/")))
    decide(at_work, edition, ADOPTED, "cleared")
    page = page_of(at_work.get("/collection/panel/2021-01/revise/"))
    told = words_of(page)
    assert "only what the public reads does" in told
    assert "What differs for the public (1)" in told
    typed = {"kind": "correction", "reason": "The commentary was looked through.", "cleared": "on"}
    typed["fingerprint"] = re.search(r'name="fingerprint" value="(.*?)"', page)[1]
    assert public(at_work)["A1"] == WITHHELD
    at_work.force_login(make_officer("third"))
    assert at_work.post("/collection/panel/2021-01/revise/", typed).status_code == 302
    assert public(at_work)["A1"] == ADOPTED


def test_what_was_cleared_in_one_month_stays_cleared_in_the_next(at_work, edition):
    decide(at_work, edition, ADOPTED, "cleared")
    publish_as_seen(edition)
    line = edition.scorecard.sections.get().lines.first().indicator
    february = JANUARY.replace(month=2)
    make_values(line, {february: 50})
    publish(edition.scorecard, february)
    at_work.logout()
    assert ADOPTED in page_of(at_work.get(f"/scorecards/panel/2021-02/indicators/{line.pk}/"))


def test_page_takes_as_many_queries_for_many_texts(at_work, edition):
    def with_areas(count):
        for place in range(count):
            area = AreaOfFocus.objects.create(title=f"Area {place}", response="Soon.", opened_on=DECEMBER)
            edition.scorecard.areas_of_focus.add(area)
        decide(at_work, edition, f"Area {count - 1}", "cleared")

    few, many = (queries_for(count, with_areas, lambda _: at_work.get(TEXTS)) for count in (1, 8))
    assert few == many


def test_scorecard_that_hides_nothing_has_nothing_to_decide(at_work):
    indicator = make_indicator()
    make_values(indicator, {JANUARY: 3})
    make_edition(make_scorecard(indicator), state=EditionState.IN_REVIEW)
    assert "hides no small counts" in page_of(at_work.get(TEXTS))
    assert at_work.post(TEXTS, {"text": f"{'0' * 64}.0", "decision": "cleared"}).status_code == 422
    assert at_work.get(PUBLIC).status_code == 200
