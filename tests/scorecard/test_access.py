"""Every address of the project, for everybody, as access.py has it; and no side door to another's line."""

import re
from datetime import timedelta
from functools import cache
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve
from django.utils import timezone

from commentary.models import AreaOfFocus
from indicators.models import ComparatorGroup, CrossCheck, Indicator, User
from scorecard.arranging.saving import read_arrangement
from scorecard.models import Edition, GlossaryEntry, Visit, WithheldKind, Withholding
from scorecard.publication.public_texts import PublicTextsPage
from scorecard.publication.publish import draft_edition
from scorecard.publication.withholding import Wanted, ask_for_erasure, confirm, find, fingerprint_of
from scorecard.roles import PANEL_MEMBERS
from scorecard.sheet.assemble import assemble_sheet
from tests.databases import database_with
from tests.factories import JANUARY, make_value
from tests.scorecard import access
from tests.scorecard.cast import (
    OTHERS_FIGURE,
    PEOPLE,
    ROLES,
    entered_for,
    keep_sessions,
    line_of,
    make_cast,
    send_everything,
    signed_in,
    stored,
    take_to,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]
MODELS = {model._meta.label_lower.replace(".", "/"): model for model in admin.site._registry}
RETURN, COLLECTION = access.PLACES["return"], access.PLACES["collect"]
SIGN_OFF = access.PLACES["sign-off"]


KEYS = ("a1", "area", "noted", "asked", "answered", "someone", "group", "entry", "withheld")


def rows_of(table):
    return [re.split(r"\s+", line) for line in table.strip().splitlines() if not line.startswith("#")]


def a_row_each(table, labels=1):
    """The table as parameters of a test: its labels, and the cells in the order of its columns."""
    return [pytest.param(*row[:labels], row[labels:], id=" ".join(row[:labels])) for row in rows_of(table)]


def told(response, address):
    """An answer as the tables write it."""
    if "Location" not in response:
        return str(response.status_code)
    sign_in = {f"/{page}/?next={quote(address)}": name for page, name in access.SIGN_IN.items()}
    if response["Location"] in sign_in:
        return sign_in[response["Location"]]
    person = f"{address.removesuffix('password/')}change/"
    beside = {person: "person", f"{address}change/": "change", address.replace("process_import", "import"): "import"}
    latest = AreaOfFocus.objects.order_by("pk").last()
    known = keys() | {"new": latest.pk if latest else 0}
    places = {place.format(**known): name for name, place in access.PLACES.items()}
    # Where a step leads on to a place on the page, that is the page.
    location = response["Location"].partition("#")[0]
    return (beside | places).get(location, location)


def keys():
    """What stands in the addresses in braces."""
    area, asked = AreaOfFocus.objects.filter(kind="area").first(), AreaOfFocus.objects.filter(kind="question").first()
    if not area or not asked:
        return dict.fromkeys(KEYS, 1)
    return {
        "a1": Indicator.objects.get(reference="A1").pk,
        "area": area.pk,
        "noted": area.updates.earliest("pk").pk,
        "asked": asked.pk,
        "answered": asked.updates.earliest("pk").pk,
        "someone": asked.owner_id,
        "group": ComparatorGroup.objects.order_by("pk").values_list("pk", flat=True)[0],
        "entry": GlossaryEntry.objects.order_by("pk").values_list("pk", flat=True)[0],
        "withheld": Withholding.objects.latest("pk").pk,
    }


def request_for(deed, edition):
    """The method, the address and what is posted to do it to the reporter's line, or to the edition."""
    line = line_of("A1", edition)
    month = {"version": edition.version}
    if deed in OWN:
        line = everybody_wrote(edition, four_eyes=deed != "sign_off_marked")
    if deed == "revise":
        line.indicator.title = "Another title"
        line.indicator.save()
    looked = {"looked": "on"}
    if deed in ("publish", "revise"):
        looked["fingerprint"] = draft_edition(edition).fingerprint
    entered = entered_for(line, figure="25")
    decided = {f"saw-{line.key}": line.fingerprint, "note": "Is that right?"}
    today = timezone.localdate()
    return {
        "start": ("GET", "/start/", None),
        "read_report": ("GET", access.PLACES["january"], None),
        "save_return": ("POST", RETURN, entered | {"action": "save"}),
        "send_return": ("POST", RETURN, entered | {"action": "send"}),
        "save_line": ("POST", f"{RETURN}lines/{line.key}/", entered | {"action": "save"}),
        "preview_line": ("POST", f"{RETURN}lines/{line.key}/", entered | {"action": "preview"}),
        "sign_off": ("POST", SIGN_OFF, decided | {"action": "approve"}),
        "send_back": ("POST", SIGN_OFF, decided | {"action": "send_back"}),
        **{deed: ("POST", SIGN_OFF, decided | {"action": action}) for deed, action in OWN.items()},
        "end_collection": ("POST", f"{COLLECTION}move/in_review/", month),
        "collect_again": ("POST", f"{COLLECTION}move/collecting/", month),
        "publish": ("POST", f"{COLLECTION}publish/", looked),
        "revise": ("POST", f"{COLLECTION}revise/", looked | {"kind": "correction", "reason": "It was wrong."}),
        "open_next": ("POST", "/editions/panel/open/", {"month": "2021-02", "opens_on": today, "due_on": today}),
        "hand_over": ("POST", f"{COLLECTION}hand-over/reporter/", {"deputy": User.objects.get(username="owner").pk}),
        **about_the_panel(),
        **about_the_scorecard(edition.scorecard),
        **about_people(),
        **about_texts(deed, edition),
        **about_taking_back(deed),
        "remind": ("POST", f"{COLLECTION}remind/reporter/", {}),
    }[deed]


OWN = {"sign_off_own": "approve", "send_back_own": "send_back", "sign_off_marked": "approve"}


def everybody_wrote(edition, *, four_eyes):
    """The reporter's line with a commentary that everybody has written on, before it was sent."""
    commentary = line_of("A1", edition).commentary
    for name in PEOPLE:
        commentary._history_user = User.objects.get(username=name)
        commentary.text += f" So says the {name}."
        commentary.save()
    edition.scorecard.four_eyes = four_eyes
    edition.scorecard.save()
    return line_of("A1", edition)


def about_the_panel():
    """The same for the overview and the panel's questions."""
    area = AreaOfFocus.objects.get(kind="area")
    asked = AreaOfFocus.objects.get(kind="question")
    noted, answered = area.updates.get(), asked.updates.get()
    overview = Edition.objects.get(month=JANUARY).overview
    areas, question = f"{access.PLACES['overview']}areas/", f"/scorecards/panel/questions/{asked.pk}/"
    described = {"title": "Long waits", "raised_by": "service", "opened_on": "2021-01-04", "position": "3"}
    update = {"date": "2021-01-20", "text": "Two posts are filled."}
    owner = User.objects.get(username="owner").pk
    return {
        "write_summary": ("POST", access.PLACES["overview"], saw(overview) | {"summary": "Better."}),
        "add_area": ("POST", f"{areas}new/", described),
        "edit_area": ("POST", f"{areas}{area.pk}/", saw(area) | described),
        "close_area": ("POST", f"{areas}{area.pk}/close/", saw(area) | {"action": "close"}),
        "update_area": ("POST", f"{areas}{area.pk}/updates/new/", update),
        "edit_update": ("POST", f"{areas}{area.pk}/updates/{noted.pk}/", saw(noted) | update),
        "raise": ("POST", "/scorecards/panel/questions/new/", ASKED),
        "assign": ("POST", question, saw(asked) | {"action": "assign", "owner": owner, "due_on": "2021-02-01"}),
        "answer": ("POST", question, saw(asked) | {"action": "answer", "response": "Because it is counted anew."}),
        "update_answer": ("POST", question, update | {"action": "update"}),
        "put_right": ("POST", f"{question}updates/{answered.pk}/", saw(answered) | update),
        "close_question": ("POST", question, saw(asked) | {"action": "close", "closed_on": "2021-01-30"}),
    }


def about_the_scorecard(scorecard):
    """The same for its sections and lines, its details, and what is added."""
    section, edit = scorecard.sections.get(), access.PLACES["edit"]
    year, line, last = (
        f"{edit.replace('edit', 'new-year')}",
        Indicator.objects.get(reference="A1"),
        {"last_month": "2021-03"},
    )
    cell = f"target-{line.pk}"
    version = read_arrangement(scorecard).fingerprint
    board = {"title": "Another board", "council": "Hill", "panel": "The board"}
    details = {"region": "North", "commentary_from_change": "10"}
    indicator = {"title": "New", "section": section.pk, "unit": "count", "polarity": "low", "kind": "figure"}
    indicator |= {"frequency": "monthly", "decimal_places": "0", "scope": "local", "accumulation": "no"}
    indicator["year_starts"] = "4"
    return {
        "arrange": ("POST", edit, {"saw": version, "do": "add_section", "new_section": "Yard"}),
        "rename_board": ("POST", f"{edit}details/", saw(scorecard) | board | details),
        "new_indicator": ("POST", f"{edit}new-indicator/", indicator),
        "new_scorecard": ("POST", "/setup/scorecards/new/", board),
        "fill_year": ("POST", year, {f"{cell}-saw": "", f"{cell}-value": "7", f"{cell}-sense": "direction"}),
        "copy_targets": ("POST", year, {"action": "copy"}),
        "end_indicator": ("POST", year, {"action": "end", "ending": f"{line.pk}.{line.version}"} | last),
    }


def about_people():
    """The same for whoever owns the reporter's line, and somebody new."""
    person = User.objects.get(username="owner")
    to, page = User.objects.get(username="other_owner").pk, f"/people/{person.pk}/"
    details = saw(person) | {"name": "Another name", "username": "owner"}
    panel = Group.objects.get(name=PANEL_MEMBERS).pk
    return {
        "add_people": ("POST", "/people/add/", {"which": "many", "people": "Jo, jo@example.org"}),
        "invite_people": ("POST", "/people/invite/", {"person": person.pk}),
        "save_person": ("POST", page, details | {"action": "save"}),
        "give_role": ("POST", page, {"action": "roles", "shown": "", "groups": panel}),
        "stand_in": ("POST", page, {"action": "stand_in", "deputy": to, "starts_on": "2021-01-01"}),
        "leave": ("POST", f"{page}leave/", {"all": to}),
    }


DECISIONS = {"clear": "cleared", "reword": "reworded", "keep_withheld": "withheld"}


def about_texts(deed, edition):
    """The same for the commentary of the reporter's line, whose figure is to be hidden."""
    if deed not in DECISIONS:
        return {}
    edition.scorecard.suppresses_small_counts = True
    edition.scorecard.save()
    value = Indicator.objects.get(reference="A1").values.get(month=JANUARY)
    value.figure = 3
    value.save()
    [found] = [one for one in PublicTextsPage.of(edition).texts if one.first.text.text == "It doubled."]
    wording = {"wording": "It rose."} if deed == "reword" else {}
    return {deed: ("POST", access.PLACES["texts"], {"text": found.value, "decision": DECISIONS[deed], **wording})}


def about_taking_back(deed):
    """The same for a title of December's report, and for what the second officer has taken back of it."""
    wanted = Wanted(WithheldKind.TEXT, words="Title of A1")
    findings = find(wanted)
    taken = {"kind": "text", "sought": wanted.words, "fingerprint": fingerprint_of(findings), "scope": "everywhere"}
    if deed in ("ask_erasure", "erase"):
        step = {"key": keys()["withheld"], "now": timezone.now()}
        second = User.objects.get(username="second")
        confirm(by=User.objects.get(username="officer"), alone=False, **step)
        if deed == "erase":
            ask_for_erasure(legal_reason="Article 17", by=second, **step)
            indicator = Indicator.objects.get(reference="B1")
            indicator.title = "Another title"
            indicator.save()
    here = access.PLACES["withheld"].format(**keys())
    return {
        "withhold": (
            "POST",
            "/scorecards/panel/2020-12/publications/1/take-back/",
            {**taken, "chosen": [one.key for one in findings], "reason": "it named a person"},
        ),
        "confirm": ("POST", here, {"confirm": "1"}),
        "show_again": ("POST", here, {"lift": "1", "lift-reason": "It was a street"}),
        "ask_erasure": ("POST", here, {"ask": "1", "ask-reason": "Article 17"}),
        "erase": ("POST", here, {"erase": "1"}),
    }


ASKED = {"kind": "question", "title": "Why did it double?", "month": "2020-12"}


def saw(row):
    return {"saw": f"{row.pk}.{row.version}"}


def answers(method, address, data=None, roles=ROLES):
    """What each of the roles is told, with a + where something was saved; what one saves the next does not find."""
    found, before = [], stored()
    for role in roles:
        client = signed_in(role)
        with transaction.atomic():
            response = client.generic(method, address) if data is None else client.post(address, data)
            was_saved = stored() != before
            answer = told(response, address)
            transaction.set_rollback(True)
        found.append(answer + ("+" if was_saved else ""))
    return found


def everything_sent():
    make_cast()
    send_everything()
    keep_sessions()


cast = database_with(everything_sent)


@pytest.fixture
def edition(cast, db):
    return Edition.objects.get(month=JANUARY)


# The tables


@pytest.mark.parametrize(("address", "expected"), a_row_each(access.GET))
def test_page_opens_for_whom_it_may(edition, address, expected):
    assert answers("GET", address.format(**keys())) == expected


@pytest.mark.parametrize(("address", "expected"), a_row_each(access.POST))
def test_page_takes_posts_from_nobody(edition, address, expected):
    assert answers("POST", address.format(**keys())) == expected


@pytest.mark.parametrize(("deed", "state", "expected"), a_row_each(access.DEEDS, labels=2))
def test_deed_is_done_for_whom_it_may(edition, deed, state, expected):
    take_to(edition, state)

    assert answers(*request_for(deed, edition)) == expected


@pytest.mark.parametrize("deed", sorted({deed for deed, *_ in rows_of(access.DEEDS)} - {"start", "read_report"}))
def test_deed_is_not_done_without_the_token_of_its_form(edition, deed):
    _, address, data = request_for(deed, edition)
    client, before = Client(enforce_csrf_checks=True), stored()
    client.force_login(User.objects.get(username="officer"))

    assert client.post(address, data).status_code == 403
    assert stored() == before


@cache
def admin_table():
    """The cells of every address of the admin, with the pages of each model."""
    rows = {address: cells for address, *cells in rows_of(access.ADMIN)}
    cells = {}
    for name in MODELS:
        for page, expected in rows.items():
            address = page.replace("{model}", f"/admin/{name}/")
            # Not every model can be imported; what has no page of its own is taken for a row.
            is_page = page.endswith("{row}/") or not resolve(address).route.endswith("<path:object_id>/")
            if is_page and address not in rows:
                cells[address] = expected
    return cells | {page: expected for page, expected in rows.items() if "{model}" not in page}


def of_model(address):
    """The part of an address that names the model."""
    return "/".join(address.split("/")[2:4])


@pytest.mark.parametrize("name", sorted({of_model(address) for address in admin_table()}))
@pytest.mark.usefixtures("edition")
def test_admin_opens_for_officers_only(name):
    model = MODELS.get(name)
    row = {"row": model._base_manager.first().pk} if model else {}
    entry = {"entry": model.history.filter(id=row["row"]).first().pk} if hasattr(model, "history") else {}
    pages = {page.format(**row, **entry): cells for page, cells in admin_table().items() if of_model(page) == name}
    others, officer, before = [signed_in(role) for role in ROLES[:-1]], signed_in("officer"), stored()

    for address, cells in pages.items():
        kept_out, got, posted = cells
        found = {told(person.get(address), address) for person in others}
        # Posting is refused where reading is, in one place: a visitor and one who may read most are enough.
        found |= {told(person.post(address, {"post": "yes"}), address) for person in (others[0], others[-1])}
        assert (address, found) == (address, {kept_out})
        assert (address, told(officer.get(address), address)) == (address, got)
        assert (address, told(officer.post(address), address)) == (address, posted)
    assert stored() == before


def routes_of(resolver, before=""):
    """Every address of the project, as the patterns have it."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern).removeprefix("^" if before else "")
        if isinstance(pattern, URLResolver):
            yield from routes_of(pattern, route)
        else:
            yield route


def test_every_address_is_written_down():
    pages = [address for table in (access.GET, access.POST) for address, *_ in rows_of(table)]
    written = {resolve(page.partition("?")[0].format(**dict.fromkeys(KEYS, 1))).route for page in pages}
    written |= {resolve(page.format(row=1, entry=1)).route for page in admin_table()}

    assert set(routes_of(get_resolver())) - written == set()


# By a side door


@pytest.mark.parametrize("page", ["the return", "the line"])
def test_reporter_cannot_enter_anothers_line_among_their_own(edition, page):
    mine, theirs = line_of("A1", edition), line_of("B1", edition)
    data = entered_for(mine, figure="25") | entered_for(theirs, figure="26", text="Mine now.")

    signed_in("reporter").post({"the return": RETURN, "the line": f"{RETURN}lines/{mine.key}/"}[page], data)

    assert mine.indicator.values.latest("month").figure == 25
    assert theirs.indicator.values.latest("month").version == 1
    assert not theirs.indicator.commentaries.exists()


@pytest.mark.parametrize("action", ["approve", "send_back"])
def test_owner_cannot_decide_on_anothers_line_among_their_own(edition, action):
    lines = assemble_sheet(edition).lines
    before = stored()
    data = {f"saw-{line.key}": line.fingerprint for line in lines} | {"action": action, "note": "No."}

    assert signed_in("owner").post(SIGN_OFF, data).status_code == 403
    assert stored() == before


def test_who_reports_one_line_and_owns_another_acts_on_each_in_its_own_way(edition):
    mine, owned = line_of("A1", edition), line_of("B1", edition)
    owned.indicator.owner = mine.indicator.reporter
    owned.indicator.save()
    person, before = signed_in("reporter"), stored()

    signed = person.post(SIGN_OFF, {f"saw-{mine.key}": mine.fingerprint, "action": "approve"})
    entered = person.post(f"{RETURN}lines/{owned.key}/", entered_for(owned, figure="26"))

    assert (signed.status_code, entered.status_code) == (403, 403)
    assert stored() == before


@pytest.mark.parametrize(
    ("role", "theirs"), [("owner", ["A1"]), ("other_owner", ["B1", "D1"]), ("officer", ["A1", "B1", "D1"])]
)
@pytest.mark.parametrize("state", ["collecting", "in_review", "published"])
def test_owner_finds_buttons_at_their_own_lines_only(edition, role, theirs, state):
    take_to(edition, state)
    page = signed_in(role).get(SIGN_OFF).content.decode()

    keys = {int(key) for key in re.findall(r'name="saw-(\d+)"', page)}
    buttons = re.findall(r'<button[^>]*value="approve">', page)
    expected = set() if state == "published" else {line_of(reference, edition).key for reference in theirs}
    assert (keys, bool(buttons)) == (expected, state != "published")


MINE, THEIRS = 9_999_999, 7_654_321
BOTH = {MINE + THEIRS, MINE - THEIRS}
# The figure of the other, and what somebody could work it out from who knows their own or a published one.
FROM_MINE, FROM_THEIRS = ({figure - before, figure, figure + before} for figure, before in ((MINE, 30), (THEIRS, 10)))
KEPT_FROM = {
    "visitor": FROM_MINE | FROM_THEIRS | BOTH,
    "panel_member": FROM_MINE | FROM_THEIRS | BOTH,
    "reporter": FROM_THEIRS | BOTH,
    "deputy": FROM_THEIRS | BOTH,
    "owner": FROM_THEIRS | BOTH,
    "other_reporter": FROM_MINE | BOTH,
    "other_owner": FROM_MINE | BOTH,
}


@pytest.fixture
def crossing(edition):
    """Lines with checks of every kind that warn of the other's figure, changed since their owners looked last."""
    mine, theirs, share = (line_of(reference, edition).indicator for reference in ("A1", "B1", "D1"))
    for person in ("owner", "other_owner"):
        Visit.objects.create(
            edition=edition, person=User.objects.get(username=person), latest_at=timezone.now() - timedelta(days=1)
        )
    mine.values.filter(month=JANUARY).delete()
    make_value(mine, JANUARY, MINE)
    share.unit = "percentage"
    share.save()
    for one, other in ((mine, theirs), (theirs, mine)):
        for kind, role in (("limit", "limit"), ("parts", "part"), ("stock", "inflow"), ("stock", "outflow")):
            CrossCheck.objects.create(indicator=one, kind=kind).terms.create(indicator=other, role=role)
        shares = CrossCheck.objects.create(indicator=one, kind="parts", total=100)
        for part in (one, other):
            shares.terms.create(indicator=part, role="part")
    return edition


def read_by(role, edition):
    """Every page that somebody can open, and all that answers when they try to enter their own line."""
    client = signed_in(role)
    read = [client.get(address.format(**keys())) for address, *_ in rows_of(access.GET)]
    reference, figure = ("B1", THEIRS) if role.startswith("other") else ("A1", MINE)
    if role in ("visitor", "panel_member"):
        # What they type themselves is given back to them.
        figure = 5
    line = line_of(reference, edition)
    for action in ("preview", "save", "send"):
        entered = entered_for(line, figure=figure, text=action) | {"action": action}
        read += [client.post(page, entered) for page in (f"{RETURN}lines/{line.key}/", RETURN)]
        read.append(client.get(access.PLACES["checked"]))
    decided = {f"saw-{line.key}": "another", "action": "approve"}
    return [response.content.decode() for response in [*read, client.post(SIGN_OFF, decided), client.get(SIGN_OFF)]]


# What tells them of another's figure says whom to ask.
WHOM_TO_ASK = dict.fromkeys(("reporter", "deputy", "owner"), "(ask The other_reporter)")
WHOM_TO_ASK["other_reporter"] = "(ask The reporter)"


@pytest.mark.parametrize("role", KEPT_FROM)
def test_nobody_else_ever_reads_an_unpublished_figure_but_whom_to_ask_for_it(crossing, role):
    kept = "|".join(f"{figure:,}".replace(",", ",?") for figure in KEPT_FROM[role])
    pages = read_by(role, crossing)

    assert [found for page in pages for found in re.findall(kept, page)] == []
    assert WHOM_TO_ASK.get(role, "") in " ".join(pages)


def test_reason_for_a_check_counts_for_everybody_however_it_is_put_to_them(crossing):
    line = line_of("A1", crossing)
    codes = [warning.caution.code for warning in line.warnings]
    reasons = {f"line-{line.key}-reason-{code}": "It is right." for code in codes}
    signed_in("reporter").post(RETURN, entered_for(line, figure=MINE) | reasons | {"action": "save"})

    assert len(codes) > 4
    for role, page in (("owner", SIGN_OFF), ("officer", RETURN), ("deputy", RETURN)):
        html = signed_in(role).get(page).content.decode()
        about = re.search(rf'<article[^>]*id="line-{line.key}".*?</article>', html, re.DOTALL)[0]
        assert (about.count('class="asked"'), about.count("asked-settled")) == (0, len(codes)), role


def test_those_who_may_do_read_it(edition):
    for role, page in [("other_reporter", RETURN), ("other_owner", SIGN_OFF), ("officer", access.PLACES["january"])]:
        assert OTHERS_FIGURE in signed_in(role).get(page).content.decode(), role


def test_who_may_see_the_others_line_is_warned_with_its_figure(crossing):
    page = signed_in("officer").get(RETURN).content.decode()

    assert "A1 is 9,999,999, more than B1 (7,654,321)." in page
