"""Who is offered as owner, reporter, deputy and to answer: those who have a part in it, on every page."""

import json
import re
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commentary.models import AreaOfFocus
from indicators.models import Deputy, Indicator, User
from indicators.people import NOT_OFFERED, who_can_take
from scorecard.models import Line
from scorecard.roles import PANEL_MEMBERS
from tests.factories import JANUARY, make_indicator, make_question, make_scorecard
from tests.indicators.importing import confirm, preview
from tests.scorecard.returns.returning import make_collection, make_reported, officer, page_of, person, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# On the panel's scorecard, on every one, or on none yet.
OFFERED = {"lead", "head", "officer", "new", "both", "dana", "answers", "spare"}
ELSEWHERE = {"owns there", "reports there", "answers there", "stands in there"}


@pytest.fixture
def edition():
    """A councillor, one who also reports, one who stands in, somebody new, somebody who has left; and another
    scorecard, on which others own, report, answer and stand in.
    """
    panel = Group.objects.get(name=PANEL_MEMBERS)
    for name in ("councillor", "both", "dana"):
        person(name).groups.add(panel)
    person("new")
    left = person("gone")
    left.is_active = False
    left.save()
    # On no scorecard, so in none.
    make_indicator("S1", owner=person("spare"))
    Deputy.objects.create(person=person("lead"), deputy=person("dana"), starts_on=JANUARY)
    there = make_indicator("X1", owner=person("owns there"), reporter=person("reports there"))
    other = make_scorecard(there, slug="other", title="Other scorecard")
    make_question(other, "Why there?", asked_by=person("councillor"), owner=person("answers there"))
    Deputy.objects.create(person=person("owns there"), deputy=person("stands in there"), starts_on=JANUARY)
    edition = make_collection(make_reported("A1"), make_reported("B1", reporter=person("both")))
    make_question(edition.scorecard, "Why here?", asked_by=person("councillor"), owner=person("answers"))
    return edition


@pytest.fixture
def question(edition):
    return make_question(edition.scorecard, asked_by=person("councillor"))


@pytest.fixture
def at_work(client, edition):
    user = officer()
    user.is_staff = user.is_superuser = True
    user.save()
    client.force_login(user)
    return client


def names(people):
    return set(people.values_list("username", flat=True))


def test_the_rule_of_who_is_offered(edition):
    here, there = edition.scorecard, Line.objects.get(indicator__reference="X1").section.scorecard
    officer()
    everybody = names(who_can_take())
    assert everybody == OFFERED | ELSEWHERE
    assert names(who_can_take([here.pk])) == OFFERED
    assert names(who_can_take([there.pk])) == ELSEWHERE | {"officer", "new", "spare"}
    assert names(who_can_take([here.pk, there.pk])) == everybody
    # Whoever holds it keeps it, one who has left as well.
    besides = [person("owns there").pk, person("gone").pk, None]
    assert names(who_can_take([here.pk], besides)) == OFFERED | {"owns there", "gone"}
    # Who stood in once has no part in it any more, so they are as new as anybody.
    Deputy.objects.filter(deputy__username="stands in there").update(ends_on=date(2021, 1, 31))
    assert names(who_can_take([here.pk])) == OFFERED | {"stands in there"}
    # A line on two scorecards is a part in both.
    Line.objects.create(section=here.sections.get(), indicator=Indicator.objects.get(reference="X1"), position=9)
    assert names(who_can_take([here.pk])) == everybody - {"answers there"}


def pages(question):
    """The pages that offer people, each with its fields."""
    lead = person("lead")
    return {
        "/collection/panel/2021-01/hand-over/lead/": ["deputy"],
        "/scorecards/panel/edit/": ["owner", "reporter"],
        "/scorecards/panel/edit/new-indicator/": ["owner", "reporter"],
        f"/scorecards/panel/questions/{question.pk}/": ["owner"],
        f"/people/{lead.pk}/": ["deputy"],
        f"/people/{lead.pk}/leave/": ["all"],
    }


def offered_in(html, field):
    select = re.search(rf'<select[^>]* name="{field}".*?</select>', html, re.DOTALL)[0]
    people = {str(one.pk): one.username for one in User.objects.all()}
    # Nobody takes over from themselves.
    return {people[key] for key in re.findall(r'value="(\d+)"', select)} | {"lead"}


@pytest.mark.sqlite
def test_only_people_with_a_part_in_it_are_offered(at_work, edition, question):
    lead = person("lead")
    for address, fields in pages(question).items():
        html, with_others = page_of(at_work.get(address)), page_of(at_work.get(f"{address}?anybody=yes"))
        for field in fields:
            assert offered_in(html, field) == OFFERED, (address, field)
            assert offered_in(with_others, field) == OFFERED | ELSEWHERE, (address, field)
        assert "?anybody=yes" in html, address
        assert "?anybody=yes" not in with_others, address
    html = page_of(at_work.get(reverse("admin:indicators_user_change", args=[lead.pk])))
    assert offered_in(html, "successor") == OFFERED
    chosen = {
        "action": "change_owner_or_reporter",
        "_selected_action": [Line.objects.get(indicator__reference="A1").pk],
    }
    html = page_of(at_work.post(reverse("admin:scorecard_line_changelist"), chosen))
    assert {offered_in(html, field) == OFFERED for field in ("owner", "reporter")} == {True}


@pytest.mark.sqlite
def test_no_link_offers_anybody_where_everybody_is_offered(at_work, edition, question):
    Line.objects.exclude(section__scorecard=edition.scorecard).delete()
    AreaOfFocus.objects.filter(owner__username="answers there").delete()
    for address in pages(question):
        assert "anybody" not in page_of(at_work.get(address)), address


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("model", "field", "page"),
    [
        ("indicator", "owner", "indicators_indicator"),
        ("indicator", "reporter", "indicators_indicator"),
        ("deputy", "deputy", "indicators_deputy"),
        ("deputy", "deputy", "indicators_user"),
        ("areaoffocus", "owner", "commentary_areaoffocus"),
    ],
)
def test_the_administration_searches_among_them(at_work, edition, question, model, field, page):
    about = {
        "indicators_indicator": Indicator.objects.get(reference="A1"),
        "indicators_deputy": Deputy.objects.get(deputy__username="dana"),
        "indicators_user": person("lead"),
        "commentary_areaoffocus": question,
    }[page]
    html = page_of(at_work.get(reverse(f"admin:{page}_change", args=[about.pk])))
    # The page's own address for it, as its script asks for it.
    select = next(one for one in re.findall(r"<select[^>]*>", html) if f'data-field-name="{field}"' in one)
    address = re.search(r'data-ajax--url="([^"]+)"', select)[1]
    app = "commentary" if model == "areaoffocus" else "indicators"
    asked = {"app_label": app, "model_name": model, "field_name": field, "term": ""}
    people = {str(one.pk): one.username for one in User.objects.all()}
    for url, expected in ((address, OFFERED), (reverse("admin:autocomplete"), OFFERED | ELSEWHERE)):
        join = "&" if "?" in url else "?"
        query = join + "&".join(f"{name}={value}" for name, value in asked.items())
        assert {people[one["id"]] for one in at_work.get(url + query).json()["results"]} == expected, url
    nonsense = at_work.get(reverse("admin:autocomplete"), {**asked, "about": "indicators.indicator.x9"})
    assert nonsense.status_code == 200


def sent_to(question):
    """What is sent by hand to each page that gives somebody something to do, in which field."""
    lead, today = person("lead"), "2021-02-08"
    line = Line.objects.get(indicator__reference="A1")
    return [
        ("/collection/panel/2021-01/hand-over/lead/", "deputy", {}),
        (f"/people/{lead.pk}/", "deputy", {"action": "stand_in", "starts_on": today}),
        (f"/people/{lead.pk}/leave/", "all", {}),
        (f"/people/{lead.pk}/leave/", f"reporter-indicator-{line.indicator_id}", {"all": person("new").pk}),
        ("/scorecards/panel/edit/new-indicator/", "owner", {"title": "New"}),
        ("/scorecards/panel/edit/new-indicator/", "reporter", {"title": "New"}),
        ("/scorecards/panel/edit/", "owner", {"do": "people", "line": line.pk}),
        ("/scorecards/panel/edit/", "reporter", {"do": "people", "line": line.pk}),
        (f"/scorecards/panel/questions/{question.pk}/", "owner", {"action": "assign"}),
    ]


@pytest.mark.sqlite
@pytest.mark.parametrize("who", ["owns there", "councillor", "gone"])
def test_who_is_not_offered_is_refused_beside_the_field(at_work, edition, question, who):
    before = (Deputy.objects.count(), list(Indicator.objects.values_list("owner", "reporter")))
    for address, field, rest in sent_to(question):
        answer = at_work.post(address, {**rest, field: person(who).pk})
        assert answer.status_code == 422, (address, field)
        html = page_of(answer)
        at_field = re.search(rf'<select[^>]* name="{field}"', html).start()
        # The message stands just before its field, in the same group.
        assert NOT_OFFERED in html[at_field - 600 : at_field], (address, field)
    assert (Deputy.objects.count(), list(Indicator.objects.values_list("owner", "reporter"))) == before


@pytest.mark.sqlite
def test_the_one_meant_is_chosen_from_all_and_belongs_to_it_from_then_on(at_work, edition):
    address, stranger = "/scorecards/panel/edit/", person("reports there")
    saw = re.search(r'name="saw" value="(\w+)"', page_of(at_work.get(address)))[1]
    sent = {"do": "people", "saw": saw, "line": Line.objects.get(indicator__reference="A1").pk, "owner": stranger.pk}
    assert at_work.post(f"{address}?anybody=yes", sent).status_code == 302
    assert Indicator.objects.get(reference="A1").owner == stranger
    assert offered_in(page_of(at_work.get(address)), "owner") == OFFERED | {"reports there"}


@pytest.mark.sqlite
def test_the_administration_refuses_others_and_keeps_who_holds_it(at_work, edition):
    indicator = Indicator.objects.get(reference="A1")
    address = reverse("admin:indicators_indicator_change", args=[indicator.pk])
    html = page_of(at_work.get(address))
    sent = dict.fromkeys(re.findall(r'name="([^"]+-(?:TOTAL|INITIAL)_FORMS)"', html), "0")
    sent |= {"reference": "A1", "title": "A1", "unit": "count", "decimal_places": "0", "polarity": "low"}
    sent |= {"kind": "figure", "frequency": "monthly", "year_starts": "4", "scope": "local", "accumulation": "no"}
    sent |= {"owner": person("owns there").pk, "reporter": indicator.reporter_id, "read_version": indicator.version}
    answer = at_work.post(address, sent)
    assert answer.context["adminform"].form.errors == {"owner": [NOT_OFFERED]}

    # Held already, though by now their part is elsewhere alone: nobody is dropped by saving something else.
    Indicator.objects.filter(pk=indicator.pk).update(owner=person("councillor"))
    answer = at_work.post(address, {**sent, "owner": person("councillor").pk, "title": "Anew"})
    assert answer.status_code == 302
    indicator.refresh_from_db()
    assert (indicator.title, indicator.owner.username) == ("Anew", "councillor")

    new = {"person": person("lead").pk, "deputy": person("owns there").pk, "starts_on": "2021-02-08"}
    answer = at_work.post(reverse("admin:indicators_deputy_add"), new)
    assert answer.context["adminform"].form.errors == {"deputy": [NOT_OFFERED]}


@pytest.mark.sqlite
def test_many_lines_at_once_go_to_whoever_can_take_each_of_them(at_work, edition):
    both = Indicator.objects.filter(reference__in=["A1", "X1"]).order_by("reference")
    address = reverse("admin:indicators_indicator_changelist")
    chosen = {"action": "change_owner_or_reporter", "_selected_action": [one.pk for one in both]}
    assert offered_in(page_of(at_work.post(address, chosen)), "owner") - {"lead"} == {"officer", "new", "spare"}
    seen = json.dumps({one.pk: one.version for one in both})
    sent = {**chosen, "select_across": "1", "apply": "1", "seen": seen, "owner": person("head").pk}
    answer = at_work.post(address, sent)
    assert answer.context["form"].errors == {"owner": [NOT_OFFERED]}
    # The page still has what was chosen, and not the whole list.
    assert list(answer.context["indicators"]) == list(both)


@pytest.mark.sqlite
def test_an_import_asks_whether_others_are_meant_and_names_what_is_on_no_scorecard(at_work, edition):
    """A file is asked about as everywhere: whoever wrote it can mean people who have no part there yet."""
    rows = ["A1,owns there,lead,", "B1,head,councillor,", "X1,owns there,reports there,Kept"]
    shown = preview(at_work, Indicator, "\n".join(["reference,owner,reporter,note", *rows]))
    [question] = shown.context["questions"].questions
    assert [(row.number, caution.message) for row, caution in question.found] == [
        (2, "Owns There has no part in a scorecard that has A1. Is that meant?"),
        (3, "Councillor has no part in a scorecard that has B1. Is that meant?"),
    ]
    assert "on no scorecard" not in words_of(page_of(confirm(at_work, Indicator, shown)))
    assert Indicator.objects.get(reference="A1").owner == person("owns there")

    heading = "reference,title,unit,decimal_places,polarity,kind,frequency,scope,owner,reporter"
    rows = [f"N{number},New,count,0,low,figure,monthly,local,owns there,head" for number in range(1, 13)]
    for file, words, query in (
        (rows[:1], "N1 is on no scorecard, so nobody is asked for it", "?find=N1"),
        (rows, "N1, N10, N11, N12, N2, N3, N4, N5, N6, N7 and 2 more are on no scorecard, so nobody is asked for", ""),
    ):
        Indicator.objects.filter(reference__startswith="N").delete()
        page = page_of(confirm(at_work, Indicator, preview(at_work, Indicator, "\n".join([heading, *file]))))
        assert words in words_of(page)
        assert f'href="/scorecards/panel/edit/{query}#find"' in page


@pytest.mark.sqlite
def test_as_many_queries_however_many_people(at_work, edition, question):
    def queries():
        counted = []
        for address in pages(question):
            with CaptureQueriesContext(
                connection,
            ) as found:
                assert at_work.get(address).status_code == 200
            counted.append(len(found))
        return counted

    queries()
    before = queries()
    other = Line.objects.get(indicator__reference="X1").section
    for number in range(12):
        person(f"new {number}")
        line = Line(section=other, indicator=make_indicator(f"Y{number}", owner=person(f"there {number}")))
        line.save()
    assert queries() == before


@pytest.mark.sqlite
def test_new_indicator_says_that_it_is_on_no_scorecard_and_offers_sections(at_work):
    address = reverse("admin:indicators_indicator_add")
    html = page_of(at_work.get(address))
    sent = dict.fromkeys(re.findall(r'name="([^"]+-(?:TOTAL|INITIAL)_FORMS)"', html), "0")
    sent |= {"reference": "N1", "title": "New", "unit": "count", "decimal_places": "0", "polarity": "low"}
    sent |= {"kind": "figure", "frequency": "monthly", "year_starts": "4", "scope": "local", "accumulation": "no"}
    answer = page_of(at_work.post(address, sent, follow=True))
    assert "N1 is on no scorecard, so nobody is asked for it and no reader sees it." in words_of(answer)
    assert 'href="/scorecards/panel/edit/?find=N1#find"' in answer
