"""The officer's pages of an overview: writing, bad input, and two people at once."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from commentary.models import AreaOfFocus, FocusUpdate, Overview
from indicators.models import Indicator, Target
from scorecard.models import Edition, Scorecard
from tests.factories import JANUARY, make_question, make_scorecard, make_user, make_value
from tests.scorecard.returns.returning import page_of, queries_for, words_of

from .asking import OVERVIEW, SCRIPT, area_fields, beside, colleague, make_open_month, officer, officers, shown, told

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NEW_AREA = f"{OVERVIEW}areas/new/"


@pytest.fixture
def edition():
    return make_open_month()


@pytest.fixture
def at_work(edition):
    return officers()


@pytest.fixture
def area(edition):
    found = AreaOfFocus.objects.create(title="Caseloads", response="Recruiting.", opened_on=JANUARY, position=1)
    edition.scorecard.areas_of_focus.add(found)
    return found


def page_of_area(area):
    return f"{OVERVIEW}areas/{area.pk}/"


def fields_of(area, **typed):
    kept = {"title": area.title, "response": area.response, "opened_on": area.opened_on.isoformat()}
    return area_fields(**{**kept, "indicators": list(area.indicators.values_list("pk", flat=True)), **typed})


# The summary


def test_first_summary_makes_the_overview_of_the_edition(at_work, edition):
    at_work.post(OVERVIEW, {**shown(at_work.get(OVERVIEW)), "summary": "A calm month.\r\n\r\nMore below."})
    edition.refresh_from_db()
    assert (edition.overview.title, edition.overview.summary) == ("February 2021", "A calm month.\n\nMore below.")
    assert edition.overview.history.get().history_user == officer()
    assert edition.history.first().history_user == officer()


def test_summary_of_the_latest_edition_that_has_one_stands_beside(at_work, edition):
    for month, summary in ((JANUARY, "Quiet."), (date(2020, 12, 1), "Busy.")):
        overview = Overview.objects.create(title=str(month), summary=summary)
        january = Edition.objects.filter(month=month).first() or Edition(
            scorecard=edition.scorecard, month=month, state="published"
        )
        january.overview = overview
        january.save()
    words = told(at_work.get(OVERVIEW))
    assert "The summary for January 2021 Quiet." in words
    assert "Busy." not in words


def test_summary_that_is_saved_unchanged_leaves_no_entry(at_work, edition):
    at_work.post(OVERVIEW, {**shown(at_work.get(OVERVIEW)), "summary": "Calm."})
    at_work.post(OVERVIEW, {**shown(at_work.get(OVERVIEW)), "summary": "Calm."})
    assert Overview.history.count() == 1


def test_empty_summary_is_explained(at_work):
    response = at_work.post(OVERVIEW, {"summary": " "})
    assert response.status_code == 422
    assert beside(response, "id_summary") == "Write the summary."


@pytest.mark.parametrize("has_one", [True, False], ids=["there was one", "there was none"])
def test_second_of_two_editors_is_shown_both_summaries_and_chooses(at_work, has_one):
    if has_one:
        at_work.post(OVERVIEW, {**shown(at_work.get(OVERVIEW)), "summary": "Calm."})
    opened = shown(at_work.get(OVERVIEW))
    colleague().post(OVERVIEW, {**opened, "summary": "Theirs."})

    second = at_work.post(OVERVIEW, {**opened, "summary": "Mine."})

    assert second.status_code == 422
    assert "Other saved another version on" in told(second)
    assert "Overall summary Theirs." in told(second)
    assert "Mine.</textarea>" in page_of(second)
    assert Overview.objects.get().summary == "Theirs."

    unsettled = at_work.post(OVERVIEW, {**shown(second), "summary": "Mine."})
    assert beside(unsettled, "id_keep") == "Choose which version to keep."
    assert "Overall summary Theirs." in told(unsettled)

    at_work.post(OVERVIEW, {**shown(second), "summary": "Mine.", "keep": "mine"})
    assert Overview.objects.get().summary == "Mine."


def test_own_earlier_version_is_not_called_somebody_elses(at_work):
    opened = shown(at_work.get(OVERVIEW))
    at_work.post(OVERVIEW, {**opened, "summary": "First."})

    second = at_work.post(OVERVIEW, {**opened, "summary": "Second."})

    assert second.status_code == 422
    assert "You saved another version on" in told(second)
    assert "What you saved before Overall summary First." in told(second)
    assert "Keep what I entered here" in told(second)
    assert "Officer saved" not in told(second)
    at_work.post(OVERVIEW, {**shown(second), "summary": "Second.", "keep": "mine"})
    assert [one.summary for one in Overview.history.all()] == ["Second.", "First."]


def test_form_that_is_sent_twice_is_saved_once(at_work):
    opened = shown(at_work.get(OVERVIEW))
    for _ in range(2):
        assert at_work.post(OVERVIEW, {**opened, "summary": "Once."}).status_code == 302
    assert Overview.history.count() == 1


def test_theirs_stays_where_it_is_chosen(at_work):
    opened = shown(at_work.get(OVERVIEW))
    at_work.post(OVERVIEW, {**opened, "summary": "Theirs."})
    second = at_work.post(OVERVIEW, {**opened, "summary": "Mine."})
    assert at_work.post(OVERVIEW, {**shown(second), "summary": "Mine.", "keep": "theirs"}).status_code == 302
    assert (Overview.objects.get().summary, Overview.history.count()) == ("Theirs.", 1)


def test_choice_is_asked_for_again_when_theirs_changes_once_more(at_work):
    opened = shown(at_work.get(OVERVIEW))
    at_work.post(OVERVIEW, {**opened, "summary": "Theirs."})
    second = at_work.post(OVERVIEW, {**opened, "summary": "Mine."})
    at_work.post(OVERVIEW, {**shown(at_work.get(OVERVIEW)), "summary": "Theirs, again."})

    third = at_work.post(OVERVIEW, {**shown(second), "summary": "Mine.", "keep": "mine"})

    assert third.status_code == 422
    assert "Overall summary Theirs, again." in told(third)
    assert Overview.objects.get().summary == "Theirs, again."


def test_summary_of_a_published_edition_can_be_written_and_the_page_says_what_that_means(at_work):
    page = "/collection/panel/2021-01/overview/"
    assert "what was published stays as it is" in told(at_work.get(page))
    at_work.post(page, {**shown(at_work.get(page)), "summary": "Put right."})
    assert Edition.objects.get(month=JANUARY).overview.summary == "Put right."


# Areas of focus


def test_area_is_added_with_everything_the_report_shows(at_work, edition):
    indicators = list(Indicator.objects.order_by("reference"))
    typed = area_fields(response="More staff.", raised_by="panel", indicators=[one.pk for one in indicators])
    response = at_work.post(NEW_AREA, typed, follow=True)
    assert "The area of focus is added." in told(response)
    area = edition.scorecard.areas_of_focus.get()
    assert (area.title, area.response, area.raised_by, area.position) == ("Long waits", "More staff.", "panel", 1)
    assert list(area.indicators.order_by("reference")) == indicators
    assert {record.history_user for record in area.history.all()} == {officer()}


def test_area_and_update_that_are_sent_again_are_added_once(at_work, area):
    """The answer was lost on its way, or Back and Save: nothing is there twice, and the reader is told the same."""
    update = {"date": "2021-02-03", "text": "Two started."}
    for address, typed in ((NEW_AREA, area_fields()), (f"{page_of_area(area)}updates/new/", update)):
        first, second = (at_work.post(address, typed, follow=True) for _ in range(2))
        assert told(first) == told(second)
    assert AreaOfFocus.objects.filter(title="Long waits").count() == 1
    assert FocusUpdate.objects.count() == 1


def test_area_that_differs_or_comes_later_or_from_somebody_else_is_another(at_work, area, edition):
    at_work.post(NEW_AREA, area_fields())
    at_work.post(NEW_AREA, area_fields(response="Looking into it."))
    colleague().post(NEW_AREA, area_fields())
    AreaOfFocus.history.update(history_date=timezone.now() - timedelta(minutes=11))
    at_work.post(NEW_AREA, area_fields())
    assert edition.scorecard.areas_of_focus.filter(title="Long waits").count() == 4


def test_new_area_comes_behind_the_others_and_is_opened_today(at_work, area):
    html = page_of(at_work.get(NEW_AREA))
    assert "position" not in html
    at_work.post(NEW_AREA, area_fields())
    assert AreaOfFocus.objects.get(title="Long waits").position == 2
    assert f'name="opened_on" value="{timezone.localdate():%Y-%m-%d}"' in html


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"title": ""}, "title", "Say in a title what it is about."),
        ({"title": "x" * 201}, "title", "at most 200 characters"),
        ({"opened_on": ""}, "opened_on", "Enter the day it was opened."),
        ({"opened_on": "soon"}, "opened_on", "Enter a valid date."),
        ({"closed_on": "2020-01-01"}, "closed_on", "It can’t be closed before it was opened."),
        ({"raised_by": "nobody"}, "raised_by", "is not on the list"),
        ({"indicators": ["999999999999999999999"]}, "indicators", "is not on the list"),
        ({"indicators": ["x"]}, "indicators", "is not on the list"),
    ],
    ids=str,
)
def test_what_is_wrong_with_an_area_is_said_beside_its_field(at_work, typed, field, message):
    response = at_work.post(NEW_AREA, area_fields(**typed))
    assert response.status_code == 422
    assert message in beside(response, f"id_{field}")
    assert not AreaOfFocus.objects.exists()


def test_area_by_whose_dates_it_is_not_in_the_edition_is_saved_and_told(at_work, edition):
    later = edition.meeting_date + timedelta(days=1)
    response = at_work.post(NEW_AREA, area_fields(opened_on=later.isoformat()), follow=True)
    assert "but its dates keep it out of this edition" in told(response)
    assert AreaOfFocus.objects.exists()


def test_overview_lists_what_the_report_shows(at_work, edition, area):
    for title, dates in {
        "Later": {"opened_on": edition.meeting_date + timedelta(days=1)},
        "Over": {"opened_on": JANUARY, "closed_on": date(2021, 1, 31)},
        "Just closed": {"opened_on": JANUARY, "closed_on": date(2021, 2, 1)},
    }.items():
        edition.scorecard.areas_of_focus.add(AreaOfFocus.objects.create(title=title, **dates))
    make_question(edition.scorecard, "Why?", asked_in=date(2021, 2, 1), opened_on=timezone.localdate())
    titles = [shown.title for shown in at_work.get(OVERVIEW).context["page"].areas]
    assert titles == ["Just closed", "Caseloads"]


def test_two_people_who_change_different_things_of_an_area_both_keep_them(at_work, area):
    page = page_of_area(area)
    a1 = Indicator.objects.get(reference="A1")
    opened = shown(at_work.get(page))
    at_work.post(page, {**opened, **fields_of(area, response="Ten posts are filled.", indicators=[a1.pk])})

    assert at_work.post(page, {**opened, **fields_of(area, title="Caseloads in two teams")}).status_code == 302

    area.refresh_from_db()
    assert (area.title, area.response) == ("Caseloads in two teams", "Ten posts are filled.")
    assert list(area.indicators.all()) == [a1]


def test_second_of_two_at_the_same_text_and_indicators_is_shown_both_and_loses_nothing(at_work, area):
    page = page_of_area(area)
    a1, b1 = Indicator.objects.order_by("reference")
    opened = shown(at_work.get(page))
    at_work.post(page, {**opened, **fields_of(area, title="New", response="Theirs.", indicators=[a1.pk])})

    second = at_work.post(page, {**opened, **fields_of(area, response="Mine.", indicators=[b1.pk])})

    words = told(second)
    assert "Response Theirs." in words
    assert f"Indicators it is about {a1}" in words
    html = page_of(second)
    assert "Mine.</textarea>" in html
    assert 'name="title" value="New"' in html  # what only the other one changed

    chosen = {**shown(second), **fields_of(area, title="New", response="Mine.", indicators=[b1.pk]), "keep": "mine"}
    assert at_work.post(page, chosen).status_code == 302
    area.refresh_from_db()
    assert (area.title, area.response, list(area.indicators.all())) == ("New", "Mine.", [b1])


def test_area_is_closed_as_of_today_and_opened_again(at_work, area):
    for action, closed_on in (("close", timezone.localdate()), ("reopen", None)):
        area.refresh_from_db()
        at_work.post(f"{page_of_area(area)}close/", {"saw": f"{area.pk}.{area.version}", "action": action})
        area.refresh_from_db()
        assert area.closed_on == closed_on
    assert area.history.first().history_user == officer()


@pytest.mark.parametrize("saw", ["", "x", "1", "9.9", "." * 50, "9" * 40])
def test_area_that_changed_meanwhile_is_not_closed(at_work, area, saw):
    response = at_work.post(f"{page_of_area(area)}close/", {"saw": saw, "action": "close"}, follow=True)
    assert "Somebody else has changed this in the meantime, so nothing was done. Please look again." in told(response)
    area.refresh_from_db()
    assert area.closed_on is None


def test_area_that_is_not_opened_yet_can_not_be_closed_today(at_work, edition, area):
    area.opened_on = edition.meeting_date
    area.save()
    page = f"{page_of_area(area)}close/"
    response = at_work.post(page, {"saw": f"{area.pk}.{area.version}", "action": "close"}, follow=True)
    assert "be closed before it was opened" in told(response)


def test_update_is_added_and_put_right(at_work, area):
    page = f"{page_of_area(area)}updates/"
    at_work.post(f"{page}new/", {"date": "2021-02-03", "text": "Two posts."})
    update = FocusUpdate.objects.get()
    address = f"{page}{update.pk}/"
    at_work.post(address, {**shown(at_work.get(address)), "date": "2021-02-04", "text": "Three posts."})
    update.refresh_from_db()
    assert (update.area, update.date, update.text) == (area, date(2021, 2, 4), "Three posts.")


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"date": ""}, "date", "Enter the day of the update."),
        ({"date": "31/02/2021"}, "date", "Enter a valid date."),
        ({"text": ""}, "text", "Write what has happened since."),
    ],
    ids=str,
)
def test_what_is_wrong_with_an_update_is_said_beside_its_field(at_work, area, typed, field, message):
    response = at_work.post(f"{page_of_area(area)}updates/new/", {"date": "2021-02-03", "text": "Two.", **typed})
    assert response.status_code == 422
    assert message in beside(response, f"id_{field}")


def test_two_at_the_same_update_are_shown_both(at_work, area):
    update = FocusUpdate.objects.create(area=area, date=JANUARY, text="One.")
    page = f"{page_of_area(area)}updates/{update.pk}/"
    opened = shown(at_work.get(page))
    at_work.post(page, {**opened, "date": "2021-01-01", "text": "Theirs."})
    second = at_work.post(page, {**opened, "date": "2021-01-01", "text": "Mine."})
    assert second.status_code == 422
    assert "Update Theirs." in told(second)
    update.refresh_from_db()
    assert update.text == "Theirs."


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "page",
    [
        "/collection/panel/2021-05/overview/",
        "/collection/nothing/2021-02/overview/",
        "/collection/panel/nonsense/overview/",
        f"{OVERVIEW}areas/999999/",
        f"{OVERVIEW}areas/{'9' * 30}/",
        f"{OVERVIEW}areas/{{other}}/",
        f"{OVERVIEW}areas/{{area}}/updates/{'9' * 30}/",
        f"{OVERVIEW}areas/{{area}}/updates/{{update}}/",
    ],
)
def test_what_is_not_there_is_not_found(at_work, area, page):
    other = AreaOfFocus.objects.create(title="Elsewhere", opened_on=JANUARY)
    make_scorecard(slug="other").areas_of_focus.add(other)
    update = FocusUpdate.objects.create(area=other, date=JANUARY, text="One.")
    assert at_work.get(page.format(area=area.pk, other=other.pk, update=update.pk)).status_code == 404


def test_whatever_people_write_is_escaped(at_work, edition, area):
    area.title, area.response, area.detail = SCRIPT, SCRIPT, SCRIPT
    area.save()
    FocusUpdate.objects.create(area=area, date=JANUARY, text=SCRIPT)
    edition.overview = Overview.objects.create(title="x", summary=SCRIPT)
    edition.save()
    for page in (OVERVIEW, page_of_area(area)):
        html = page_of(at_work.get(page))
        assert SCRIPT not in html
        assert "&lt;script&gt;" in html


def test_superuser_can_write_too(client, edition):
    client.force_login(make_user("root", is_superuser=True))
    assert client.post(OVERVIEW, {**shown(client.get(OVERVIEW)), "summary": "Calm."}).status_code == 302


@pytest.mark.sqlite
@pytest.mark.parametrize("page", [OVERVIEW, NEW_AREA])
def test_queries_are_as_many_for_40_areas_as_for_2(page):
    def prepare(count):
        make_open_month()
        scorecard = Scorecard.objects.get()
        for number in range(count):
            area = make_question(scorecard, f"Area {number}", owner=make_user(f"owner{number}"))
            area.updates.create(date=JANUARY, text="Begun.")
            area.indicators.add(Indicator.objects.first())
        return officers()

    def ask(client):
        assert client.get(page).status_code == 200

    assert queries_for(40, prepare, ask) == queries_for(2, prepare, ask)


# Their order, and what to write about


def orders(client, edition, do, **sent):
    saw = re.search(r'name="saw" value="(\w{16})"', page_of(client.get(OVERVIEW)))[1]
    client.post(f"{OVERVIEW}areas/order/", {"saw": saw, "do": do, **sent})
    return "".join(area.title for area in edition.scorecard.areas_of_focus.all())


def test_areas_are_put_in_order_without_numbers(at_work, edition):
    long_ago = {"opened_on": JANUARY.replace(year=2019), "closed_on": JANUARY.replace(year=2020)}
    days = {"A": {"opened_on": JANUARY}, "x": long_ago, "B": {"opened_on": JANUARY}, "C": {"opened_on": JANUARY}}
    made = [AreaOfFocus.objects.create(title=title, **opened) for title, opened in days.items()]
    edition.scorecard.areas_of_focus.set(made)
    first, _, second, third = (area.pk for area in made)
    assert orders(at_work, edition, f"up {third}") == "AxCB"
    assert orders(at_work, edition, f"down {first}") == "CxAB"
    # As it is dragged: to the place of another one, or behind all.
    assert orders(at_work, edition, f"place {second}", before=third) == "BxCA"
    assert orders(at_work, edition, f"place {second}", before="") == "CxAB"
    # What makes no sense changes nothing, and what was seen otherwise is refused.
    for nonsense in ("up", f"burn {first}", "up 999", f"up {third}"):
        assert orders(at_work, edition, nonsense) == "CxAB"
    assert orders(at_work, edition, f"up {second}", saw="0" * 16) == "CxAB"
    assert "changed the order in the meantime" in told(at_work.get(OVERVIEW))
    assert AreaOfFocus.history.filter(history_type="~", history_user=officer()).exists()


def test_overview_is_written_beside_the_months_concerns(at_work, edition):
    indicator = Indicator.objects.order_by("reference").first()
    indicator.polarity = "low"
    indicator.save()
    Target.objects.create(indicator=indicator, year=2020, value=0)
    make_value(indicator, edition.month, 7)
    html = page_of(at_work.get(OVERVIEW))
    # The other one's figure is not in: no concern, and all of them are one line.
    words = words_of(html)
    assert "This month’s concerns (1) Off target." in words
    assert words.index("1 figure is not in yet B1 Title of B1") > words.index("Off target.")
    assert f'href="/scorecards/panel/2021-02/indicators/{indicator.pk}/"' in html
    assert 'data-into="id_summary" data-sentence="Title of A1: 7 in February 2021 misses the target of 0' in html
