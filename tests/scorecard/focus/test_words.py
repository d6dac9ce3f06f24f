"""What the pages of questions tell those who may not read small counts: no more than the public is told."""

from datetime import date

import pytest
from django.utils import timezone

from commentary.models import AreaOfFocus, FocusUpdate
from indicators.models import Deputy
from scorecard.disclosure.texts import WITHHELD
from scorecard.focus.words import NOT_CLEARED
from scorecard.models import Edition, EditionState, PublicText, Scorecard, TextDecision, WithheldKind
from scorecard.models.withholding import tombstone_text
from scorecard.publication.public_texts import PublicTextsPage, decide_on_texts
from scorecard.publication.publish import freeze_published
from scorecard.publication.withholding import Wanted, find, fingerprint_of, withhold
from tests.databases import database_with
from tests.factories import DECEMBER, JANUARY, make_edition, make_question, make_scorecard, make_values, publish
from tests.scorecard.returns.returning import NOW, make_reported, officer, page_of, person, queries_for, words_of

from .asking import FEBRUARY, MARCH, QUESTIONS, browser_of, member

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TITLE, DETAIL, RESPONSE = "Why did 3 children leave?", "Of them 1 was adopted.", "Because 2 moved."
FIRST, UPDATE = "Nobody knows of the 4th.", "One came back."
TEXTS = (TITLE, DETAIL, RESPONSE, FIRST, UPDATE)


def save(row, by, **texts):
    """As somebody saves it, so that its history says so."""
    for name, text in texts.items():
        setattr(row, name, text)
    row._history_user = by
    row.save()
    return row


def make_asked():
    """A scorecard that hides small counts from its panel too, a question on it with everything in it, and February."""
    small, large = make_reported("A1"), make_reported("B1", reporter=person("asked"))
    make_values(small, {DECEMBER: 40, JANUARY: 3, FEBRUARY: 41})
    make_values(large, {JANUARY: 400, FEBRUARY: 401})
    settings = {"is_public": True, "suppresses_small_counts": True, "panel_reads_unsuppressed": False}
    scorecard = make_scorecard(small, large, **settings)
    publish(scorecard, JANUARY)
    make_edition(scorecard, FEBRUARY, state=EditionState.IN_REVIEW)
    Deputy.objects.create(person=person("asked"), deputy=person("dana"), starts_on=JANUARY)
    other = person("other")
    other.groups.set(member().groups.all())
    officer()
    question = AreaOfFocus(
        kind="question", raised_by="panel", asked_by=member(), asked_in=JANUARY, opened_on=JANUARY, detail=DETAIL
    )
    save(question, member(), title=TITLE)
    question.indicators.add(small)
    scorecard.areas_of_focus.add(question)
    save(question, officer(), owner=person("asked"))
    save(question, person("asked"), response=RESPONSE)
    update = save(FocusUpdate(area=question, date=date(2021, 2, 3)), person("asked"), text=FIRST)
    save(update, person("dana"), text=UPDATE)


asked = database_with(make_asked)


@pytest.fixture(autouse=True)
def on_the_asked(asked, db):
    pass


def question():
    return AreaOfFocus.objects.questions()[0]


def address():
    return f"{QUESTIONS}{question().pk}/"


def read(who, *pages):
    """All that somebody reads on the pages of questions, with what only stands in their titles."""
    browser = browser_of(person(who))
    pages = pages or (QUESTIONS, address(), "/your-work/")
    return words_of("".join(page_of(browser.get(page)) for page in pages))


def told(who):
    """Which of the texts of the question somebody reads."""
    words = read(who)
    return {text for text in TEXTS if text in words}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("officer", {*TEXTS}),
        # Who is asked, and who stands in for them.
        ("asked", {*TEXTS}),
        ("dana", {*TEXTS}),
        # Their own words only.
        ("member", {TITLE, DETAIL}),
        ("other", set()),
        # Who reports and owns lines.
        ("lead", set()),
        ("head", set()),
    ],
)
@pytest.mark.sqlite
def test_who_is_told_what_before_anything_is_cleared(who, expected):
    assert told(who) == expected
    assert (NOT_CLEARED in read(who)) == (expected != {*TEXTS})


@pytest.mark.sqlite
def test_what_happened_by_whom_and_when_stays_told():
    events = browser_of(person("other")).get(address()).context["page"].events
    day = "3 February 2021"
    assert [(event.who, event.what, event.before, event.after) for event in events] == [
        ("Dana", "Update", f"{day}: {NOT_CLEARED}", f"{day}: {NOT_CLEARED}"),
        ("Asked", "Update", "", f"{day}: {NOT_CLEARED}"),
        ("Asked", "Answer", "nothing", NOT_CLEARED),
        ("Officer", "Who answers", "nobody", "Asked"),
        ("Member", "Question raised", "", NOT_CLEARED),
    ]


@pytest.mark.sqlite
def test_who_wrote_something_reads_it_after_another_is_asked():
    save(question(), officer(), owner=person("head"))
    assert told("asked") == {RESPONSE, FIRST}
    assert told("dana") == {UPDATE}
    assert told("head") == {*TEXTS}


@pytest.mark.sqlite
def test_words_that_an_officer_put_into_a_question_are_not_those_of_who_asked():
    save(question(), officer(), title="Why did 3 of 40 leave?")
    words = read("member")
    assert "3 of 40" not in words
    assert "Why did 3 of 40 leave?" in read("asked")
    assert TITLE in words


@pytest.mark.sqlite
def test_who_asked_reads_what_was_brought_over_without_saying_who_typed_it():
    loaded = make_question(
        Scorecard.objects.get(), "Why?", asked_by=member(), detail="Of them 4.", response="One died.", asked_in=JANUARY
    )
    page = f"{QUESTIONS}{loaded.pk}/"
    words = read("member", page)
    assert [text in words for text in ("Why?", "Of them 4.", "One died.")] == [True, True, False]
    assert "Of them 4." not in read("other", page)


def decide(text, decision, wording="", now=NOW, month=FEBRUARY):
    edition = Edition.objects.get(month=month)
    [found] = [one for one in PublicTextsPage.of(edition).texts if one.first.text.text == text]
    seen = {found.first.key: found.decided.version if found.decided else 0}
    decide_on_texts(edition=edition, seen=seen, decision=decision, wording=wording, by=officer(), now=now)


def test_readers_are_told_what_was_decided_for_the_public_the_latest_first():
    decide(TITLE, TextDecision.CLEARED)
    decide(DETAIL, TextDecision.WITHHELD)
    decide(RESPONSE, TextDecision.REWORDED, "Because some moved.")
    decide(UPDATE, TextDecision.CLEARED)
    words = read("other")
    assert told("other") == {TITLE, UPDATE}
    assert [text in words for text in (WITHHELD, "Because some moved.", NOT_CLEARED)] == [True, True, True]
    assert told("member") == {TITLE, DETAIL, UPDATE}
    assert told("asked") == {*TEXTS}
    assert TITLE in read("other", QUESTIONS)

    decide(TITLE, TextDecision.WITHHELD, now=timezone.now())
    assert told("other") == {UPDATE}


@pytest.mark.sqlite
def test_same_words_are_not_cleared_for_another_question():
    decide(RESPONSE, TextDecision.CLEARED)
    others = make_question(
        Scorecard.objects.get(), "How many?", asked_in=JANUARY, opened_on=FEBRUARY, response=RESPONSE
    )
    assert RESPONSE in read("other", address())
    assert RESPONSE not in read("other", f"{QUESTIONS}{others.pk}/")


def test_what_nobody_decided_on_is_told_once_a_public_report_has_it():
    for text in (TITLE, RESPONSE):
        decide(text, TextDecision.CLEARED)
    edition = Edition.objects.get(month=FEBRUARY)
    edition.state = EditionState.PUBLISHED
    edition.save()
    freeze_published(edition.scorecard, NOW)
    # As it is with what passes by itself.
    PublicText.objects.all().delete()
    others = make_question(edition.scorecard, "How many?", asked_in=JANUARY, opened_on=FEBRUARY, response=RESPONSE)

    assert told("other") == {TITLE, RESPONSE}
    assert told("member") == {TITLE, DETAIL, RESPONSE}
    # Of another question it says something else.
    assert RESPONSE not in read("other", f"{QUESTIONS}{others.pk}/")

    take_back(RESPONSE, only_in=edition.publications.get().pk)
    assert told("other") == {TITLE}


@pytest.mark.parametrize("changed", [{"panel_reads_unsuppressed": True}, {"suppresses_small_counts": False}])
@pytest.mark.sqlite
def test_where_nothing_is_hidden_from_somebody_they_are_told_everything(changed):
    Scorecard.objects.update(**changed, shown_because="So the test says.")
    assert [told(who) for who in ("member", "other", "lead")] == [{*TEXTS}] * 3


def take_back(words, only_in=None):
    wanted = Wanted(WithheldKind.TEXT, words=words)
    findings = find(wanted)
    every = [one.key for one in findings]
    given = {"words": "it named a person", "note": "", "by": officer(), "now": NOW, "only_in": only_in}
    withhold(wanted=wanted, chosen=every, fingerprint=fingerprint_of(findings), **given)


TAKEN_BACK = tombstone_text(NOW, "it named a person")


@pytest.mark.sqlite
def test_title_that_was_taken_back_is_told_on_no_page_of_a_question_nor_in_your_work():
    publish(Scorecard.objects.get(), MARCH)
    asked_again = question()
    save(asked_again, officer(), response="")
    take_back(TITLE)
    update = asked_again.updates.get()
    correcting = f"{address()}updates/{update.pk}/"
    for who, pages in (
        ("asked", (QUESTIONS, address(), "/your-work/", correcting)),
        ("dana", ("/your-work/", correcting)),
        ("member", (QUESTIONS, address(), "/your-work/")),
    ):
        for page in pages:
            words = read(who, page)
            assert (TITLE in words, TAKEN_BACK in words, page) == (False, True, page)
    assert TITLE in read("officer", QUESTIONS)


@pytest.mark.sqlite
def test_title_of_an_indicator_that_was_taken_back_is_offered_nowhere():
    indicator = question().indicators.get()
    indicator.title = "Calls to Zorbax"
    indicator.save()
    publish(Scorecard.objects.get(), MARCH)
    pages = (QUESTIONS, address(), f"{QUESTIONS}new/")
    assert [read("member", page).count("Zorbax") for page in pages] == [1, 1, 1]
    take_back("Zorbax")
    assert [read("member", page).count("Zorbax") for page in pages] == [0, 0, 0]
    assert [read("member", page).count(f"A1 {TAKEN_BACK}") for page in pages] == [1, 1, 1]


@pytest.mark.parametrize("page", [QUESTIONS, "/your-work/"])
@pytest.mark.sqlite
def test_queries_are_as_many_for_40_questions_as_for_2(page):
    def prepare(count):
        # Counted from the same number of documents that were read before.
        for number in range(count):
            asked = make_question(Scorecard.objects.get(), f"Question {number}", asked_by=person("other"))
            asked.indicators.add(question().indicators.get())
        browser = browser_of(person("other"))
        browser.get(page)
        return browser

    def ask(browser):
        assert browser.get(page).status_code == 200

    assert queries_for(40, prepare, ask) == queries_for(2, prepare, ask)
