"""What the public reads of a scorecard: deciding it, what that shows, and what has to be revised for it."""

import io
import re
import zipfile
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from commentary.models import AreaOfFocus, Commentary
from indicators.models import CrossCheck, SecurityEvent
from scorecard.models import Line, Publication, PublishedDocument, Scorecard, Section
from scorecard.publication.publish import draft_edition, publish_edition
from scorecard.publication.verifying import find_problems
from scorecard.roles import PANEL_MEMBERS
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
from tests.indicators.admin_pages import address, filled_in
from tests.scorecard.returns.returning import page_of, words_of

pytestmark = pytest.mark.django_db
# What is asked is worked out alike on every database; what is stored, locked and refused runs on both.
ASKED = pytest.mark.sqlite
PAGE = "/scorecards/panel/public/"
WAITING = "/scorecards/panel/public/revisions/"
HIDES = {"suppresses_small_counts": True, "shown_because": "", "is_public": True}
BECAUSE = "The council prints them in its papers."


@pytest.fixture
def small():
    """One indicator with a small count in January, and 6 in December."""
    indicator = make_indicator("A1", title="Children who went missing")
    make_values(indicator, {DECEMBER: 6, JANUARY: 4})
    return indicator


@pytest.fixture
def officer(client):
    person = make_officer()
    client.force_login(person)
    return person


def settings_of(scorecard, **other):
    found = {
        "is_public": "yes" if scorecard.is_public else "no",
        "suppresses_small_counts": "yes" if scorecard.suppresses_small_counts else "no",
        "largest_small_count": str(scorecard.largest_small_count),
        "people_named": scorecard.people_named,
        "version": str(scorecard.version),
        **({"panel_reads_unsuppressed": "on"} if scorecard.panel_reads_unsuppressed else {}),
        **other,
    }
    return {name: value for name, value in found.items() if value}


def save(client, scorecard, answer=None, **other):
    """Post settings; with an answer, also to the question that comes back. The latest response."""
    typed = settings_of(Scorecard.objects.get(pk=scorecard.pk), **other)
    asked = client.post(PAGE, typed)
    found = re.search(r'name="fingerprint" value="(\w+)"', page_of(asked)) if asked.status_code == 200 else None
    if answer is None or found is None:
        return asked
    return client.post(PAGE, {**typed, "fingerprint": found[1], **answer})


def said(response):
    return words_of(page_of(response))


def test_switching_off_asks_with_every_count_and_keeps_who_decided_and_why(client, small, officer):
    scorecard = make_scorecard(small, **HIDES)
    publish(scorecard, JANUARY, date(2021, 2, 1))

    asked = save(client, scorecard, suppresses_small_counts="no")

    assert "1 small count that the public could read" in said(asked)
    assert "A1 Children who went missing: 1 January 2021: 4, in 2 reports, January 2021 to February 2021" in said(asked)
    scorecard.refresh_from_db()
    assert scorecard.suppresses_small_counts

    refused = save(client, scorecard, {"looked": "on"}, suppresses_small_counts="no")
    assert (refused.status_code, "Say why people may read these counts" in said(refused)) == (422, True)
    refused = save(client, scorecard, {"because": BECAUSE}, suppresses_small_counts="no")
    assert (refused.status_code, "Say that you have looked" in said(refused)) == (422, True)

    assert (
        save(client, scorecard, {"looked": "on", "because": BECAUSE}, suppresses_small_counts="no").status_code == 302
    )
    scorecard.refresh_from_db()
    assert (scorecard.shown_because, scorecard.shown_counts, scorecard.shown_by) == (BECAUSE, 1, officer)
    assert (scorecard.history.first().history_user, scorecard.history.first().shown_because) == (officer, BECAUSE)
    page = said(client.get(PAGE))
    assert "It was decided not to hide small counts from the public, by" in page
    assert f"of 1 count in the reports published by then: {BECAUSE}" in page
    assert BECAUSE in said(client.get("/editions/"))
    client.logout()
    assert client.get("/scorecards/panel/2021-01/").status_code == 200


# What is there, what is changed, and what the page asks about.
OPENINGS = {
    "made public without hiding": (
        {"is_public": False},
        {"is_public": "yes"},
        "1 small count that the public could read",
    ),
    "made public, hiding what was never hidden": (
        {"is_public": False},
        {"is_public": "yes", "suppresses_small_counts": "yes"},
        "Until they are revised, the public can’t read the reports on January 2021",
    ),
    "the panel reads them": (
        {**HIDES, "panel_reads_unsuppressed": False},
        {"panel_reads_unsuppressed": "on"},
        "1 small count that the panel could read",
    ),
    "hiding off where the panel read nothing, and not public": (
        {**HIDES, "is_public": False, "panel_reads_unsuppressed": False},
        {"suppresses_small_counts": "no"},
        "1 small count that the panel could read",
    ),
    "fewer counts are small": (
        {**HIDES, "largest_small_count": 7},
        {"largest_small_count": "5"},
        "December 2020: 6, in the report on January 2021",
    ),
    "hiding on": (
        {"is_public": True},
        {"suppresses_small_counts": "yes"},
        "Until they are revised, the public can’t read the reports on January 2021",
    ),
    "more counts are small": (
        HIDES,
        {"largest_small_count": "10"},
        "Until they are revised, the public can’t read the reports on January 2021",
    ),
    "names left out": (
        {"is_public": True},
        {"people_named": "nobody"},
        "Until they are revised, the public can’t read the reports on January 2021",
    ),
    "not public any more": (
        {"is_public": True},
        {"is_public": "no"},
        "Nobody can read its reports without signing in any more",
    ),
    "names shown": (
        {**HIDES, "people_named": "nobody"},
        {"people_named": "owners"},
        "No small count in what is published so far becomes readable",
    ),
}


@ASKED
@pytest.mark.parametrize("kind", OPENINGS)
def test_every_setting_asks_before_it_shows_or_takes_anything_down(client, small, officer, kind):
    there, changed, expected = OPENINGS[kind]
    scorecard = make_scorecard(small, **there)
    publish(scorecard)
    asked = save(client, scorecard, **changed)
    assert expected in said(asked)
    assert Scorecard.objects.get().version == scorecard.version
    assert save(client, scorecard, {"looked": "on", "because": BECAUSE}, **changed).status_code == 302
    assert Scorecard.objects.get().version == scorecard.version + 1
    event = SecurityEvent.objects.get(kind="public_settings_changed")
    assert (event.by, event.about) == (officer, f"scorecard: {scorecard}")
    assert all(name.replace("_", " ") in event.detail for name in changed)


@ASKED
@pytest.mark.parametrize(
    ("there", "changed"),
    [
        pytest.param(HIDES, {"panel_reads_unsuppressed": None}, id="the panel reads less"),
        pytest.param({"is_public": False}, {"suppresses_small_counts": "yes"}, id="private"),
    ],
)
def test_what_shows_nothing_is_saved_at_once(client, small, officer, there, changed):
    scorecard = make_scorecard(small, **there)
    publish(scorecard)
    assert save(client, scorecard, **changed).status_code == 302
    assert Scorecard.objects.get().version == scorecard.version + 1


def test_a_figure_that_came_in_the_meantime_is_asked_about_again(client, small, officer):
    scorecard = make_scorecard(small, **HIDES)
    publish(scorecard)
    typed = settings_of(Scorecard.objects.get(), suppresses_small_counts="no")
    asked = page_of(client.post(PAGE, typed))
    answer = {"fingerprint": re.search(r'name="fingerprint" value="(\w+)"', asked)[1], "looked": "on", "because": "So."}
    make_values(small, {date(2021, 2, 1): 3})
    publish(scorecard, date(2021, 2, 1))
    assert "February 2021: 3" in said(client.post(PAGE, {**typed, **answer}))
    assert Scorecard.objects.get().suppresses_small_counts


def test_somebody_elses_change_is_never_overwritten(client, small, officer):
    scorecard = make_scorecard(small, **HIDES)
    typed = settings_of(scorecard, people_named="owners")
    scorecard.title = "Another title"
    scorecard.save()
    refused = client.post(PAGE, typed)
    assert (refused.status_code, "Somebody has changed the scorecard" in said(refused)) == (422, True)


@ASKED
@pytest.mark.parametrize("name", ["is_public", "suppresses_small_counts", "largest_small_count", "people_named"])
@pytest.mark.parametrize("typed", ["", "x" * 300, "\x00", "99999999999999999999"])
def test_bad_input_is_told_beside_its_field(client, small, officer, name, typed):
    scorecard = make_scorecard(small, **HIDES)
    assert client.post(PAGE, {**settings_of(scorecard), name: typed}).status_code == 422
    assert Scorecard.objects.get().version == scorecard.version


@ASKED
def test_only_performance_officers_decide(client, small):
    scorecard = make_scorecard(small, **HIDES)
    for page in (PAGE, WAITING):
        assert client.get(page).status_code == 302
        client.force_login(make_user(f"somebody{len(page)}"))
        assert client.get(page).status_code == 403
        assert client.post(page, settings_of(scorecard)).status_code == 403
        client.logout()


def test_database_keeps_that_small_counts_are_shown_for_a_reason(small):
    scorecard = make_scorecard(small, **HIDES)
    publish(scorecard)
    for wrong in (
        lambda: Scorecard.objects.update(suppresses_small_counts=False),
        lambda: Scorecard.objects.update(people_named="anybody"),
        lambda: Scorecard.objects.create(slug="other", is_public=True, suppresses_small_counts=False),
        lambda: Publication(edition=scorecard.editions.get(), number=2, shown_counts=3, **REVISED).save(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
    scorecard.suppresses_small_counts = False
    with pytest.raises(ValidationError, match="hides small counts, or says why"):
        scorecard.full_clean()


REVISED = {"kind": "correction", "reason": "So.", "published_at": "2021-02-01T09:00Z", "checksum": "0" * 64}


# A second public scorecard


def test_second_scorecard_that_shows_what_the_first_hides_is_refused_until_decided(client, small, officer):
    publish(make_scorecard(small, slug="first", title="First scorecard", **HIDES))
    second = make_scorecard(small, is_public=True)
    edition = make_edition(second, state="in_review")

    page = client.get("/collection/panel/2021-01/publish/")
    assert "January 2021: 4, in the report on January 2021; “First scorecard” hides it" in said(page)
    with pytest.raises(ValidationError, match="Say why"):
        publish_edition(
            edition=edition, fingerprint=draft_edition(edition).fingerprint, by=officer, now="2021-02-01T09:00Z"
        )
    typed = {"fingerprint": re.search(r'name="fingerprint" value="(\w+)"', page_of(page))[1], "looked": "on"}
    refused = client.post("/collection/panel/2021-01/publish/", typed)
    assert (refused.status_code, "Say why people may read these counts" in said(refused)) == (422, True)
    assert client.post("/collection/panel/2021-01/publish/", {**typed, "shown_because": BECAUSE}).status_code == 302
    publication = Publication.objects.get(edition=edition)
    assert (publication.shown_because, publication.shown_counts, publication.published_by) == (BECAUSE, 1, officer)


@ASKED
def test_contradiction_that_nobody_decided_is_found_with_both_scorecards_and_the_count(small):
    first = make_scorecard(small, slug="first", title="First scorecard", **HIDES)
    second = make_scorecard(small, title="Second scorecard", is_public=True)
    publish(first)
    assert [*find_problems([first, second])] == []
    # Not by the pages, which ask.
    publish(second)
    told = [
        "A1, January 2021: 4 is shown by “Second scorecard” and hidden by “First scorecard”, and nobody decided that"
    ]
    for scorecards in ([first, second], [first], [second]):
        assert [*find_problems(scorecards)] == told
    Scorecard.objects.filter(pk=second.pk).update(shown_counts=1)
    assert [*find_problems([first, second])] == []


@ASKED
def test_scorecard_that_would_hide_what_another_shows_is_refused_until_decided(client, small, officer):
    publish(make_scorecard(small, slug="first", title="First scorecard", is_public=True))
    scorecard = make_scorecard(small, **HIDES)
    publish(scorecard, DECEMBER)
    make_edition(scorecard, state="in_review")
    contrary = "1 small count that would be hidden here, while another public scorecard shows them"
    assert contrary in said(client.get("/collection/panel/2021-01/publish/"))
    publish_all = {"shown_because": BECAUSE, "looked": "on"}
    page = page_of(client.get("/collection/panel/2021-01/publish/"))
    typed = {"fingerprint": re.search(r'name="fingerprint" value="(\w+)"', page)[1], **publish_all}
    assert client.post("/collection/panel/2021-01/publish/", typed).status_code == 302
    # Once decided, not again.
    make_edition(scorecard, date(2021, 2, 1), state="in_review")
    assert contrary not in said(client.get("/collection/panel/2021-02/publish/"))


@ASKED
@pytest.mark.parametrize(
    ("there", "changed", "expected"),
    [
        ({"is_public": True}, {"suppresses_small_counts": "yes"}, "“First scorecard” shows it"),
        ({**HIDES, "is_public": False}, {"is_public": "yes"}, "“First scorecard” shows it"),
    ],
)
def test_hiding_what_another_scorecard_shows_is_asked_about(client, small, officer, there, changed, expected):
    publish(make_scorecard(small, slug="first", title="First scorecard", is_public=True))
    scorecard = make_scorecard(small, **there)
    publish(scorecard)
    assert expected in said(save(client, scorecard, **changed))


@ASKED
def test_making_public_what_another_hides_is_asked_about(client, small, officer):
    publish(make_scorecard(small, slug="first", title="First scorecard", **HIDES))
    scorecard = make_scorecard(small, is_public=False)
    publish(scorecard)
    assert "“First scorecard” hides it" in said(save(client, scorecard, is_public="yes"))


@ASKED
def test_making_public_what_tells_a_hidden_count_by_figures_that_were_revised_since_is_asked_about(client, officer):
    """21 and 25 of the year so far were published for some people only, and 4 in January is hidden elsewhere; that
    December is 26 by now makes it no other.
    """
    part, total = (make_indicator(reference, year_starts=12) for reference in ("N1", "Y1"))
    make_values(part, {DECEMBER: 21, JANUARY: 4})
    make_values(total, {DECEMBER: 21, JANUARY: 25})
    CrossCheck.objects.create(indicator=total, kind="months").terms.create(indicator=part, role="part")
    scorecard = make_scorecard(total, is_public=False)
    publish(scorecard)
    revised = (part, DECEMBER, 26), (total, DECEMBER, 26), (total, JANUARY, 30)
    for indicator, month, figure in revised:
        value = indicator.values.get(month=month)
        value.figure = figure
        value.save()
    publish(make_scorecard(part, slug="first", title="First scorecard", **HIDES))
    assert "January 2021: 4; “First scorecard” hides it" in said(save(client, scorecard, is_public="yes"))


@pytest.fixture
def parts(small):
    """What A1 adds up with, as is declared: D1 and the total T1, neither of which is small."""
    other, whole = make_indicator("D1", title="Children who came back"), make_indicator("T1", title="All of them")
    make_values(other, {DECEMBER: 31, JANUARY: 40})
    make_values(whole, {DECEMBER: 37, JANUARY: 44})
    check = CrossCheck.objects.create(indicator=whole, kind="parts")
    for part in (small, other):
        check.terms.create(indicator=part, role="part")
    return other, whole


def asked_of(edition):
    """The lists that the officer is asked about when the edition is published."""
    return {
        heading: [one.words for _, _, many in groups for one in many]
        for heading, groups in draft_edition(edition).shown.lists
    }


WORKED_OUT = {
    "1 hidden figure that the public could work out with this report and others": [
        "January 2021: 4; “First scorecard” hides it"
    ]
}


def test_count_that_another_hides_is_asked_about_where_it_can_be_worked_out(client, small, parts, officer):
    publish(make_scorecard(small, slug="first", title="First scorecard", **HIDES))
    second = make_scorecard(*parts, is_public=True)
    edition = make_edition(second, state="in_review")
    assert asked_of(edition) == WORKED_OUT
    page = client.get("/collection/panel/2021-01/publish/")
    assert "A1 Children who went missing: 1 January 2021: 4; “First scorecard” hides it" in said(page)
    with pytest.raises(ValidationError, match="Say why"):
        publish_edition(
            edition=edition, fingerprint=draft_edition(edition).fingerprint, by=officer, now="2021-02-01T09:00Z"
        )


@ASKED
@pytest.mark.parametrize("which", [0, 1], ids=["the other part", "the total"])
def test_what_leaves_the_hidden_count_unknown_is_not_asked_about(small, parts, which):
    publish(make_scorecard(small, slug="first", title="First scorecard", **HIDES))
    second = make_scorecard(parts[which], is_public=True)
    assert asked_of(make_edition(second, state="in_review")) == {}


@ASKED
@pytest.mark.parametrize("way", ["a line at a time", "another month", "made public", "hiding switched off"])
def test_hidden_count_is_asked_about_however_it_comes_to_be_worked_out(client, small, parts, officer, way):
    publish(make_scorecard(small, slug="first", title="First scorecard", **HIDES))
    if way == "a line at a time":
        second = make_scorecard(parts[0], is_public=True)
        publish(second)
        second.sections.get().lines.create(indicator=parts[1])
        assert asked_of(second.editions.get()) == WORKED_OUT
    elif way == "another month":
        # The next month's report shows January too, on its pages and in its six months.
        second = make_scorecard(*parts, is_public=True)
        assert WORKED_OUT.items() <= asked_of(make_edition(second, date(2021, 2, 1))).items()
    else:
        there = {"is_public": False} if way == "made public" else {**HIDES, "people_named": "everybody"}
        changed = {"is_public": "yes"} if way == "made public" else {"suppresses_small_counts": "no"}
        publish(make_scorecard(*parts, **there))
        asked = said(save(client, Scorecard.objects.get(slug="panel"), **changed))
        assert "1 hidden figure that the public could work out with this report and others" in asked


@ASKED
def test_text_that_another_withholds_is_asked_about(client, small, parts, officer):
    """It stands at a line whose figure is no secret: of 44, the 4 are."""
    text = "Of these, four went missing and have not come back."
    Commentary.objects.create(indicator=parts[1], month=JANUARY, text=text)
    publish(make_scorecard(small, parts[1], slug="first", title="First scorecard", **HIDES))
    second = make_scorecard(parts[1], is_public=True)
    lists = asked_of(make_edition(second, state="in_review"))
    told = lists["1 text that the public could read, withheld beside hidden figures so far"]
    assert told == [f"Commentary of T1, January 2021: “{text}”"]
    page = said(client.get("/collection/panel/2021-01/publish/"))
    assert f"Withheld by “First scorecard”: 1 {told[0]}" in page


@ASKED
def test_texts_that_are_withheld_are_listed_before_hiding_is_switched_off(client, small, officer):
    Commentary.objects.create(indicator=small, month=JANUARY, text="Four of them, all from one home.")
    scorecard = make_scorecard(small, **HIDES)
    publish(scorecard)
    asked = said(save(client, scorecard, suppresses_small_counts="no"))
    assert "1 text that the public could read, withheld beside hidden figures so far" in asked
    assert "Four of them, all from one home." in asked


@ASKED
def test_count_that_another_rounds_is_asked_about_however_large_it_is(small, parts):
    publish(make_scorecard(parts[0], slug="first", title="First scorecard", rounds_counts=True, **HIDES))
    second = make_scorecard(parts[0], is_public=True)
    [told] = asked_of(make_edition(second, state="in_review")).values()
    assert "January 2021: 40, in the report on January 2021; “First scorecard” shows it rounded" in told


@ASKED
def test_pages_of_what_stands_beside_take_as_many_queries_with_40_lines(small, parts, officer):
    publish(make_scorecard(small, slug="first", title="First scorecard", **HIDES))
    edition = make_edition(make_scorecard(*parts, is_public=True), state="in_review")
    section, found = edition.scorecard.sections.get(), []
    for number in (2, 40):
        while section.lines.count() < number:
            line = make_indicator(f"L{section.lines.count()}")
            make_values(line, {JANUARY: 50})
            section.lines.create(indicator=line)
        draft = draft_edition(edition)
        with CaptureQueriesContext(connection) as captured:
            assert draft.shown
        found.append(len(captured))
    assert found[0] == found[1]


@ASKED
def test_line_that_is_added_to_a_public_scorecard_is_asked_about_when_it_is_published(client, small, officer):
    scorecard = make_scorecard(make_indicator("B1"), is_public=True)
    publish(scorecard, DECEMBER)
    scorecard.sections.get().lines.create(indicator=small)
    make_edition(scorecard, state="in_review")
    assert "1 small count that the public could read" in said(client.get("/collection/panel/2021-01/publish/"))
    # So is a revision of what is published already.
    assert "small count that the public could read" not in said(client.get("/collection/panel/2020-12/revise/"))
    make_values(small, {date(2020, 11, 1): 2})
    assert "November 2020: 2" in said(client.get("/collection/panel/2020-12/revise/"))


# Published before


def test_hiding_takes_nothing_down_in_silence_and_prepares_the_revisions(client, small, officer):
    scorecard = make_scorecard(small, is_public=True)
    publish(scorecard, DECEMBER, JANUARY)
    answered = save(client, scorecard, {"looked": "on"}, suppresses_small_counts="yes")
    assert (answered.status_code, answered["Location"]) == (302, WAITING)
    page = said(client.get(WAITING))
    assert "December 2020 no small count Look at it and publish it" in page
    assert "January 2021 1 small count of 1 indicator, and whatever would give them away" in page

    client.logout()
    told = "The reports on January 2021, December 2020 are being revised. They were published with small counts, or"
    assert told in said(client.get("/scorecards/panel/"))
    assert told in said(client.get("/scorecards/panel/archive/"))
    month = client.get("/scorecards/panel/2021-01/")
    assert (month.status_code, "The report on January 2021 is being revised" in said(month)) == (404, True)
    assert "No report has been published yet" not in said(client.get("/scorecards/panel/"))

    client.force_login(officer)
    refused = client.post(WAITING, {"reason": "Four of them."})
    assert (refused.status_code, "say that it tells of none" in said(refused)) == (422, True)
    refused = client.post(WAITING, {"reason": "Four of them.", "cleared": "on"})
    assert (refused.status_code, "Look at the words that are marked" in said(refused)) == (422, True)
    assert client.post(WAITING, {"reason": "Counts are left out.", "cleared": "on"}).status_code == 302
    assert [one.number for one in Publication.objects.order_by("edition__month", "number")] == [1, 2, 1, 2]
    assert "nothing has to be revised" in said(client.get(WAITING))
    client.logout()
    report = page_of(client.get("/scorecards/panel/2021-01/"))
    assert "[c]" in report
    assert "Counts are left out." in report
    assert "being revised" not in said(client.get("/scorecards/panel/archive/"))


@ASKED
def test_counts_are_hidden_although_names_only_were_left_out_before(client, small, officer):
    scorecard = make_scorecard(small, is_public=True, people_named="nobody")
    publish(scorecard)
    assert {one.audience: one.hides_up_to for one in PublishedDocument.objects.all()} == {"panel": 5, "public": 0}
    save(client, scorecard, {"looked": "on"}, suppresses_small_counts="yes")
    client.logout()
    assert client.get("/scorecards/panel/2021-01/").status_code == 404


@pytest.mark.parametrize("there", [{"largest_small_count": 5}, {"suppresses_small_counts": False}])
def test_what_the_public_could_read_before_is_reckoned_with_when_more_is_hidden(client, officer, there):
    """B1 is hidden now. Whoever kept what it was must not be shown A1, which was hidden before, beside the total."""
    parts = [make_indicator(name) for name in ("A1", "B1", "C1")]
    for part, figure in zip(parts, (30, 8, 3), strict=True):
        make_values(part, {JANUARY: figure, DECEMBER: 60})
    total = make_derived("T1", parts, unit="count")
    scorecard = make_scorecard(*parts, total, **HIDES, people_named="everybody")
    if there == {"suppresses_small_counts": False}:
        # Of the last part nothing was published then.
        scorecard.sections.get().lines.filter(indicator__in=[parts[2], total]).delete()
        Scorecard.objects.filter(pk=scorecard.pk).update(**there, shown_because=BECAUSE)
        scorecard.refresh_from_db()
        scorecard.save()
        publish(scorecard)
        for place, indicator in enumerate((parts[2], total)):
            scorecard.sections.get().lines.create(indicator=indicator, position=3 + place)
    else:
        publish(scorecard)
    scorecard.suppresses_small_counts, scorecard.largest_small_count = True, 10
    scorecard.save()
    plan = draft_edition(scorecard.editions.get()).plan
    hidden = {cell.reference for cell in plan.cells if cell.place[1] == JANUARY}
    assert {"B1", "C1"} < hidden
    assert [cell.reference for cell in plan.exposed] == []
    # B1 and, where nothing was hidden, A1 are known: then the total must be hidden.
    assert hidden - {"B1", "C1"} >= ({"T1"} if there == {"suppresses_small_counts": False} else {"A1"})


# Names


@pytest.fixture
def named(client):
    """A public scorecard that names nobody, with people wherever a report can name them."""
    owner, reporter = make_user("boss", name="Olive Owner"), make_user("lead", name="Rory Reporter")
    indicator = make_indicator("A1", owner=owner, reporter=reporter)
    make_values(indicator, {DECEMBER: 60, JANUARY: 64})
    scorecard = make_scorecard(indicator, **HIDES, people_named="nobody")
    area = AreaOfFocus.objects.create(title="Waits", response="R", owner=owner, opened_on=date(2021, 1, 4))
    scorecard.areas_of_focus.add(area)
    publish(scorecard, DECEMBER, JANUARY)
    return scorecard


def everything_in(client, scorecard):
    key = scorecard.sections.get().lines.get().indicator_id
    report = "/scorecards/panel/2021-01/"
    pages = [report, f"{report}?q=Rory", f"{report}indicators/{key}/", "/scorecards/panel/archive/"]
    pages += [f"{report}indicators/{key}/{name}" for name in ("chart.json", "figures.csv")]
    pages += ["/scorecards/panel/compare/?earlier=2020-12&later=2021-01"]
    found = {page: client.get(page).content.decode() for page in pages}
    found |= {suffix: client.get(f"{report}report.{suffix}").content.decode() for suffix in ("csv", "json")}
    for suffix in ("xlsx", "data.xlsx"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{report}report.{suffix}").content))
        found[suffix] = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    with zipfile.ZipFile(io.BytesIO(client.get(f"{report}report.tidy.zip").content)) as bundle:
        found["tidy"] = "".join(bundle.read(name).decode() for name in bundle.namelist())
    return {where for where, text in found.items() for name in ("Olive Owner", "Rory Reporter") if name in text}


@ASKED
def test_public_reads_no_names_anywhere_and_the_panel_does(client, named):
    assert everything_in(client, named) - {"/scorecards/panel/2021-01/?q=Rory"} == set()
    member = make_user("councillor")
    member.groups.add(Group.objects.get(name=PANEL_MEMBERS))
    client.force_login(member)
    assert {"/scorecards/panel/2021-01/", "csv", "json", "xlsx", "data.xlsx"} <= everything_in(client, named)


@ASKED
@pytest.mark.parametrize(
    ("people", "expected"),
    [("nobody", (False, False)), ("owners", (True, False)), ("everybody", (True, True))],
)
def test_public_reads_the_names_that_the_scorecard_says(client, people, expected):
    owner, reporter = make_user("boss", name="Olive Owner"), make_user("lead", name="Rory Reporter")
    scorecard = make_scorecard(make_indicator("A1", owner=owner, reporter=reporter), **HIDES, people_named=people)
    publish(scorecard)
    text = client.get("/scorecards/panel/2021-01/report.json").content.decode()
    assert ("Olive Owner" in text, "Rory Reporter" in text) == expected


@ASKED
def test_leaving_names_out_is_told_without_naming_them(client, officer):
    indicator = make_indicator("A1", reporter=make_user("lead", name="Rory Reporter"))
    scorecard = make_scorecard(indicator, is_public=True)
    publish(scorecard)
    save(client, scorecard, {"looked": "on"}, people_named="nobody")
    client.logout()
    assert "published with names of staff that are now left out" in said(client.get("/scorecards/panel/"))
    client.force_login(officer)
    assert "January 2021 names only" in said(client.get(WAITING))
    assert client.post(WAITING, {"reason": "Names are left out."}).status_code == 302
    client.logout()
    assert "Rory" not in page_of(client.get("/scorecards/panel/2021-01/"))
    # The first publication stays the panel's, and nobody else is led to it.
    first = client.get("/scorecards/panel/2021-01/publications/1/")
    assert (first.status_code, "There is no report" in said(first)) == (404, False)
    assert "Read the report on January 2021 as it is now" in said(first)
    assert "Compare with the first" not in said(client.get("/scorecards/panel/archive/"))


@ASKED
def test_names_left_out_where_counts_are_hidden_already_are_no_counts(client, small, officer):
    scorecard = make_scorecard(small, **HIDES, people_named="everybody")
    publish(scorecard, DECEMBER)
    save(client, scorecard, {"looked": "on"}, people_named="nobody")
    with CaptureQueriesContext(connection) as one:
        page = said(client.get(WAITING))
    assert "December 2020 names only" in page
    assert "names are left out" in page
    scorecard.refresh_from_db()
    publish(scorecard, JANUARY)
    save(client, scorecard, {"looked": "on"}, largest_small_count="7")
    with CaptureQueriesContext(connection) as two:
        page = said(client.get(WAITING))
    assert "December 2020 1 small count of 1 indicator" in page
    assert "January 2021 2 small counts of 1 indicator" in page
    assert len(two) == len(one)


@ASKED
def test_new_scorecard_hides_small_counts_and_names_nobody():
    made = Scorecard()
    assert (made.is_public, made.suppresses_small_counts, made.people_named) == (False, True, "nobody")


@ASKED
def test_administration_says_which_lines_bring_small_counts_into_reports_that_hide_none(admin_client, small):
    whole = make_indicator("B1", title="All of them")
    make_values(whole, {JANUARY: 5000})
    share = make_derived("B2", [small], [whole], unit="percentage", title="Share of them")
    board = make_scorecard(is_public=True)
    cases = {(small, True): True, (whole, True): False, (share, True): True, (small, False): False}
    for (indicator, is_public), is_told in cases.items():
        Line.objects.all().delete()
        Scorecard.objects.update(is_public=is_public)
        page, section = address(Line, "add"), board.sections.get()
        added = filled_in(admin_client, page, section=section.pk, indicator=indicator.pk)
        told = admin_client.post(page, added, follow=True).content.decode()
        assert (f"“{indicator}” has small counts for " in told) is is_told, indicator
        assert Line.objects.count() == 1


@ASKED
@pytest.mark.parametrize("way", ["line added", "line's indicator", "section moved", "line moved"])
def test_small_counts_are_told_however_they_come_to_a_scorecard(admin_client, small, way):
    board = make_scorecard(is_public=True)
    front = board.sections.get()
    if way.endswith("moved"):
        source = make_scorecard(small, slug="other", title="Another").sections.get()
    else:
        source = front
        Line.objects.create(section=front, indicator=make_indicator("B1"))
    page, changes = {
        "line added": (address(Section, "change", front.pk), {"lines-1-indicator": small.pk, "lines-1-position": 1}),
        "line's indicator": (address(Section, "change", front.pk), {"lines-0-indicator": small.pk}),
        "section moved": (address(Section, "change", source.pk), {"scorecard": board.pk, "title": "Moved"}),
        "line moved": (address(Line, "change", source.lines.first().pk), {"section": front.pk}),
    }[way]

    told = admin_client.post(page, filled_in(admin_client, page, **changes), follow=True).content.decode()

    assert told.count("has small counts for January 2021. The Panel scorecard hides none") == 1
    assert f'href="{PAGE}"' in told
