"""The pages between a spreadsheet and its preview: each step read, answered, refused, kept."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import User
from scorecard.models import SpreadsheetDraft
from scorecard.onboarding.decide import Decided, plan_of
from scorecard.onboarding.steps import STEPS
from scorecard.roles import PANEL_MEMBERS
from tests.factories import make_indicator, make_officer, make_scorecard, make_user

SHEETS = Path(__file__).resolve().parents[3] / "tests" / "data" / "sheets"
ASHCOMBE = "ashcombe_childrens_monthly.xlsx"
ESKMOUTH = "eskmouth_performance_export.csv"
FENBURY = "fenbury_council_plan_quarterly.xlsx"
COUNCILS = (ASHCOMBE, ESKMOUTH, FENBURY)
pytestmark = pytest.mark.django_db


class Fields(HTMLParser):
    """What a browser would send of a page's form."""

    def __init__(self, page):
        super().__init__()
        self.sent, self.labels, self._select, self._area, self._label = {}, {}, None, None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        of = dict(attrs)
        name = of.get("name")
        if tag == "input" and name and (of.get("type") != "checkbox" or "checked" in of):
            self.sent[name] = of.get("value") or ("on" if of.get("type") == "checkbox" else "")
        elif tag == "select":
            self._select, self.sent[name] = name, self.sent.get(name, "")
        elif tag == "option" and self._select and "selected" in of:
            self.sent[self._select] = of["value"]
        elif tag == "textarea":
            self._area, self.sent[name] = name, ""

    def handle_endtag(self, tag):
        if tag in ("select", "textarea"):
            self._select = self._area = None

    def handle_data(self, data):
        if self._area:
            self.sent[self._area] += data


@pytest.fixture
def officer(client):
    person = make_officer()
    client.force_login(person)
    return person


def send(client, name, content=None):
    content = (SHEETS / name).read_bytes() if content is None else content
    return client.post("/setup/spreadsheets/", {"file": SimpleUploadedFile(name, content)})


def address(step, draft=None):
    return f"/setup/spreadsheets/{(draft or SpreadsheetDraft.objects.first()).pk}/{step}/"


def fields_of(client, step):
    page = client.get(address(step))
    assert page.status_code == 200
    sent = Fields(page.content.decode()).sent
    return {name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"}


def answer_all(client, step):
    """Answers what is open in a step as its page suggests, and otherwise in the plainest way."""
    sent = fields_of(client, step)
    for name, value in sent.items():
        kind = name.partition("_")[0]
        if value:
            continue
        if kind == "polarity":
            sent[name] = "neutral"
        elif kind == "who":
            sent[name] = "nobody"
        elif kind == "as":
            sent[name] = "not_available"
        elif kind == "on":
            sent[name] = "no"
        elif kind == "held":
            sent[name] = "left_out"
        elif kind == "repeats":
            sent[name] = "first"
        elif kind == "name" and step == "indicators":
            sent[name] = "Children aged 0 to 17"
    return client.post(address(step), sent)


@pytest.mark.parametrize("name", COUNCILS)
def test_saving_what_is_suggested_changes_nothing_that_was_understood(client, officer, name):
    assert send(client, name).status_code == 302
    before = plan_of(SpreadsheetDraft.objects.get())
    for step in STEPS:
        answered = client.post(address(step), fields_of(client, step))
        assert answered.status_code == 302, (step, answered.context["form"].errors)
    after = plan_of(SpreadsheetDraft.objects.get())
    assert [str(one) for one in after.indicators] == [str(one) for one in before.indicators]
    figures = [{(str(one), one.figure, one.blank) for one in plan.values} for plan in (before, after)]
    # Of two figures of one period the later is suggested where a comment says that it was revised.
    assert {one[0] for one in figures[0] ^ figures[1]} <= {"ENV04, June 2025"}


@pytest.mark.parametrize("name", COUNCILS)
def test_once_all_is_answered_nothing_is_open(client, officer, name):
    send(client, name)
    for step in STEPS:
        answered = answer_all(client, step)
        assert answered.status_code == 302, (step, answered.context["form"].wrong_cells)
    left = plan_of(SpreadsheetDraft.objects.get()).open_points
    assert [one for one in left if one[1] != "audit"] == []


def test_a_right_figure_is_taken_where_that_is_said(client, officer):
    send(client, ESKMOUTH)
    sent = fields_of(client, "audit")
    page = client.get(address("audit")).content.decode()
    taken = dict.fromkeys(re.findall(r'name="(right_[0-9a-f]+)"', page), "on")
    assert client.post(address("audit"), sent | taken).status_code == 302
    values = plan_of(SpreadsheetDraft.objects.get()).values
    august = next(one for one in values if str(one) == "HWY01, August 2025")
    assert august.numerator < august.denominator


@pytest.mark.parametrize("is_next_months", [False, True], ids=["new", "of a scorecard"])
def test_people_are_offered_whom_the_sheet_names_or_who_can_take_part(client, officer, is_next_months):
    make_scorecard(make_indicator("X1", owner=make_user("elsewhere")), slug="other")
    send(client, ASHCOMBE)
    if is_next_months:
        here = make_scorecard(make_indicator("H1", owner=make_user("here")), slug="here")
        SpreadsheetDraft.objects.update(scorecard=here)
    people = Decided(SpreadsheetDraft.objects.get()).people
    first, second, *_ = people
    panel = Group.objects.get(name=PANEL_MEMBERS)
    for username, fields in (("named", {"name": first}), ("councillor", {"email": "jo@example.org"})):
        make_user(username, **fields).groups.add(panel)
    make_user("new")
    page = client.get(address("people"))
    keys, html = page.context["form"].keys, page.content.decode()
    offered = {one.username for one in User.objects.all() if f'value="user {one.pk}"' in html}
    assert offered == {officer.username, "named", "new"} | ({"here"} if is_next_months else {"elsewhere"})

    sent = {keys[f"who|{second}"]: "new", keys[f"email|{second}"]: "JO@example.org"}
    refused = client.post(address("people"), fields_of(client, "people") | sent)
    assert refused.status_code == 422
    assert "councillor has this address: who is not offered here, so leave it open." in refused.content.decode()


@pytest.mark.parametrize("step", ["", *(f"{name}/" for name in STEPS), "discard/", "audit.csv", "audit.xlsx"])
def test_only_officers_see_what_was_sent(client, step):
    draft = SpreadsheetDraft.objects.create(
        file_name=ASHCOMBE, content=(SHEETS / ASHCOMBE).read_bytes(), sent_by=make_officer()
    )
    assert client.get(f"/setup/spreadsheets/{draft.pk}/{step}").status_code == 302
    client.force_login(make_user("reporter"))
    assert client.get(f"/setup/spreadsheets/{draft.pk}/{step}").status_code == 403


def test_two_officers_never_overwrite_each_other(client, officer):
    send(client, ASHCOMBE)
    sent = fields_of(client, "texts")
    mine = next(name for name in sent if name.startswith("as_"))
    client.post(address("people"), answer := fields_of(client, "people") | {"stay": "1"})
    assert answer
    people = fields_of(client, "people")
    who = next(name for name in people if name.startswith("who_"))
    client.post(address("people"), people | {who: "nobody"})
    late = client.post(address("texts"), sent | {mine: "suppressed"})
    assert late.status_code == 422
    assert "in the meantime" in late.content.decode()
    again = {k: v for k, v in Fields(late.content.decode()).sent.items() if k != "csrfmiddlewaretoken"}
    assert again[mine] == "suppressed"
    assert client.post(address("texts"), again).status_code == 302


@pytest.mark.parametrize(
    ("step", "field", "typed", "told"),
    [
        ("columns", "period_", "someday", "is no period"),
        ("texts", "figure_", "many", "is no figure"),
        ("indicators", "reference_", "", "Write the reference"),
        ("indicators", "decimal_", "9", "less than or equal to 4"),
        ("indicators", "unit_", "furlongs", "not on the list"),
        ("comparators", "tolerance_", "-1", "negative"),
        ("comparators", "value_", "soon", "is no figure"),
        ("sheet", "headings_", "five", "numbers of at most four rows"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_nothing_else_is_lost(client, officer, step, field, typed, told):
    send(client, ASHCOMBE)
    sent = fields_of(client, step)
    name = next(one for one in sent if one.startswith(field))
    other = next((one for one in sent if one.startswith("title_")), None)
    changed = sent | {name: typed} | ({other: "Another title"} if other else {})
    answered = client.post(address(step), changed)
    page = answered.content.decode()
    assert answered.status_code == 422
    assert told in page
    assert other is None or Fields(page).sent[other].strip() == "Another title"
    assert SpreadsheetDraft.objects.get().decisions == {"format": 1}


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.docx", b"PK\x03\x04nothing", "damaged"),
        ("a.pdf", b"%PDF-1.7\n1 0 obj", "PDF"),
        ("empty.csv", b"", "empty"),
        ("big.csv", b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_words(client, officer, name, content, told):
    answered = send(client, name, content)
    assert answered.status_code == 422
    assert told in answered.content.decode()
    assert not SpreadsheetDraft.objects.exists()


def test_a_file_without_a_table_says_so(client, officer):
    send(client, "words.csv", b"Dear all,\nplease find attached\n")
    assert "No table of figures was found" in client.get(address("sheet")).content.decode()
    for step in STEPS:
        assert client.get(address(step)).status_code == 200


def test_next_months_file_takes_the_decisions_over(client, officer):
    send(client, ASHCOMBE)
    for step in STEPS:
        answer_all(client, step)
    answered = SpreadsheetDraft.objects.get().decisions
    send(client, ASHCOMBE)
    later = SpreadsheetDraft.objects.first()
    assert later.decisions["people"] == answered["people"]
    assert Decided(later).open_in("people") == 0


def test_pages_take_the_same_number_of_queries_however_many_rows(client, officer):
    counts = []
    for rows in (2, 40):
        lines = [f"A{row};Measure {row};Owner {row};{row};tbc;<{row + 1}" for row in range(rows)]
        content = "\n".join(["Ref;Measure;Owner;Apr-25;May-25;Target 2025/26", *lines])
        send(client, f"{rows}.csv", content.encode())
        taken = []
        for step in STEPS:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address(step)).status_code == 200
            taken.append(len(queries))
        counts.append(taken)
    assert counts[0] == counts[1]


def test_a_draft_is_discarded_as_one(client, officer):
    send(client, ASHCOMBE)
    draft = SpreadsheetDraft.objects.get()
    where = address("discard", draft)
    assert client.get(where).status_code == 200
    client.post(where, {"version": "99"})
    assert SpreadsheetDraft.objects.exists()
    assert client.post(where, {"version": draft.version}).status_code == 302
    assert not SpreadsheetDraft.objects.exists()
