"""The officer's pages on the council, and that the whole site follows what is set there at once."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageDraw

from commentary.focus import RaisedBy
from commentary.models import AreaOfFocus
from indicators.models import Comparator, ComparatorGroup, Indicator, User
from scorecard.council.forms import PARTS
from scorecard.council.look import OWN_LOOK, look
from scorecard.exported_site import export_site
from scorecard.files.paper import to_pdf
from scorecard.models import CouncilDetails, GlossaryEntry, Logo, Scorecard
from scorecard.report import assemble_report
from scorecard.views import council
from tests.databases import database_with
from tests.factories import DECEMBER, JANUARY, make_indicator, make_officer, make_scorecard, make_value, publish
from tests.indicators.admin_pages import filled_in
from tests.scorecard.returns.returning import page_of, words_of

pytestmark = pytest.mark.django_db
COUNCIL, REPORT = "/setup/council/", "/scorecards/panel/2021-01/"
SCRIPT = "<script>alert(1)</script>"


def make_site():
    """A public scorecard that is published for December and January, and an officer."""
    indicator = make_indicator("A1", title="Calls received")
    make_value(indicator, DECEMBER, 10)
    make_value(indicator, JANUARY, 20)
    publish(make_scorecard(indicator, is_public=True), DECEMBER, JANUARY)
    make_officer(is_staff=True)


site = database_with(make_site)


@pytest.fixture(autouse=True)
def at_once(site, db, settings):
    """Visitors ask for the version each time."""
    settings.PUBLISHED_PAGES_HOLD_SECONDS = 0


@pytest.fixture
def officer():
    client = Client()
    client.force_login(User.objects.get(username="officer"))
    return client


def picture(colour="navy"):
    image, out = Image.new("RGBA", (400, 160), (255, 255, 255, 0)), BytesIO()
    ImageDraw.Draw(image).ellipse((10, 10, 150, 150), fill=colour)
    image.save(out, "PNG")
    return SimpleUploadedFile("logo.png", out.getvalue(), "image/png")


def saw():
    """What a page's hidden field says that is opened now."""
    found = CouncilDetails.objects.first()
    return f"{found.pk}.{found.version}" if found else ".1"


def change(client, part, **typed):
    return client.post(f"{COUNCIL}{part}/", {"saw": saw(), **typed})


def errors(response):
    assert response.status_code == 422
    return {name: " ".join(told) for name, told in response.context["form"].errors.items()}


# Saving


def test_each_part_is_saved_with_its_author_and_shown(officer):
    typed = {
        "name": {"council": "Hill Council", "council_code": "e06000045", "region": "South East", "region_code": ""},
        "words": {"panel_word": "committee", "service_word": "directorate"},
        "contact": {"email": "figures@example.gov.uk", "phone": "023 8083 3000", "answers_within": "5"},
        "privacy": {"data_protection_officer": "Head of Governance"},
        "statements": {"statement_prepared_on": "2021-01-05"},
        "beginning": {"year_starts": "1", "small_counts": "round", "largest_small_count": "7"},
        "colours": {"colour": "#0B4A5A", "second_colour": "7a0000"},
    }
    for part, values in typed.items():
        response = change(officer, part, **values)
        assert (response.status_code, response.get("Location")) == (302, COUNCIL), part
    details = CouncilDetails.objects.get()
    assert (details.council_code, details.panel_word, details.answers_within) == ("E06000045", "committee", 5)
    assert (details.colour, details.second_colour, details.small_counts) == ("#0b4a5a", "#7a0000", "round")
    assert {one.history_user.username for one in details.history.all()} == {"officer"}
    page = words_of(page_of(officer.get(COUNCIL)))
    for text in ("Hill Council", "E06000045", "committee", "Head of Governance", "January", "1 to 7", "#7a0000"):
        assert text in page


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("part", "field", "typed", "words"),
    [
        ("colours", "colour", "red", "“red” is no colour"),
        ("colours", "colour", "#12", "“#12” is no colour"),
        ("colours", "colour", "#777777", "4.47 to 1 at best, and 4.5 to 1 is needed. The nearest that would do is #76"),
        ("colours", "colour", "x" * 5000, "at most 100 characters"),
        ("colours", "colour", "#0b4a5a;}body{display:none", "is no colour"),
        ("name", "council_code", "Exampleshire", "at most 9 characters"),
        ("name", "council_code", "1234", "A letter and eight digits"),
        ("name", "council", "x" * 201, "at most 200 characters"),
        ("words", "panel_word", SCRIPT, "Only the word or words"),
        ("words", "panel_word", "panel2", "Only the word or words"),
        ("words", "service_word", "x" * 41, "at most 40 characters"),
        ("contact", "email", "somebody", "valid email address"),
        ("contact", "phone", "call us", "Enter a number"),
        ("contact", "answers_within", "-1", "greater than or equal to 1"),
        ("contact", "answers_within", "9" * 30, "less than or equal to 250"),
        ("statements", "statement_prepared_on", "2021-13-01", "valid date"),
        ("statements", "statement_prepared_on", "2999-01-01", "This day has not come yet"),
        ("beginning", "small_counts", "show", "not on the list"),
        ("beginning", "largest_small_count", "6", "not on the list"),
        ("beginning", "year_starts", "13", "not on the list"),
    ],
)  # fmt: skip
def test_bad_input_is_said_beside_its_field_and_nothing_is_saved(officer, part, field, typed, words):
    usual = {"year_starts": "4", "small_counts": "hide", "largest_small_count": "5"} if part == "beginning" else {}
    response = change(officer, part, **{**usual, field: typed})
    assert words in errors(response)[field]
    assert not CouncilDetails.objects.exists()
    assert SCRIPT not in page_of(response)


@pytest.mark.sqlite
def test_second_colour_needs_a_main_one_and_has_to_be_readable(officer):
    assert "needs a main one" in errors(change(officer, "colours", second_colour="#0b4a5a"))["colour"]
    told = errors(change(officer, "colours", colour="#0b4a5a", second_colour="#ffd100"))
    assert "1.46 to 1 on white" in told["second_colour"]


def test_what_others_changed_meanwhile_stays(officer):
    change(officer, "name", council="Hill Council")
    opened = saw()
    change(officer, "name", council="Hill Council", region="South East")
    # Another field, from a page that was opened before.
    officer.post(f"{COUNCIL}contact/", {"saw": opened, "phone": "023 8083 3000"})
    details = CouncilDetails.objects.get()
    assert (details.region, details.phone) == ("South East", "023 8083 3000")
    # The same field: both versions are shown, and what is typed stays.
    response = officer.post(f"{COUNCIL}name/", {"saw": opened, "council": "Hill Council", "region": "South West"})
    assert response.status_code == 422
    assert "South East" in words_of(page_of(response))
    assert 'value="South West"' in page_of(response)
    assert CouncilDetails.objects.get().region == "South East"


def test_two_who_begin_at_once_are_told(officer):
    opened = saw()
    change(officer, "name", council="Hill Council")
    assert officer.post(f"{COUNCIL}name/", {"saw": opened, "council": "Vale Council"}).status_code == 422
    assert CouncilDetails.objects.get().council == "Hill Council"


def test_scorecards_follow_that_had_the_former_name(officer):
    same, other = Scorecard.objects.get(), make_scorecard(slug="other", council="Vale Council")
    before = same.council
    other.delete()
    # What all of them say is suggested, and not taken for filled in.
    assert f'value="{before}"' in page_of(officer.get(f"{COUNCIL}name/"))
    assert before not in page_of(officer.get(COUNCIL)).partition("<main")[2]
    other = make_scorecard(slug="other", council="Vale Council")
    change(officer, "name", council=before)
    response = officer.post(f"{COUNCIL}name/", {"saw": saw(), "council": "Hill Council", "council_code": "E06000045"})
    assert response.status_code == 302
    same.refresh_from_db()
    other.refresh_from_db()
    assert (same.council, same.council_code) == ("Hill Council", "E06000045")
    assert (other.council, other.council_code) == ("Vale Council", "E06000045")
    assert same.history.first().history_user.username == "officer"
    # What is published has the name of then.
    assert before in page_of(Client().get(REPORT))


def test_new_scorecards_begin_with_what_was_decided(officer):
    change(officer, "name", council="Hill Council", council_code="E06000045")
    change(officer, "beginning", year_starts="4", small_counts="round", largest_small_count="10")
    made = Scorecard(slug="new", title="New", panel="Board", **CouncilDetails.present().for_new_scorecards)
    made.full_clean()
    made.save()
    assert (made.council, made.rounds_counts, made.suppresses_small_counts, made.largest_small_count) == (
        "Hill Council", True, True, 10,
    )  # fmt: skip


@pytest.mark.sqlite
def test_scorecard_added_in_the_administration_begins_with_it(officer):
    change(officer, "name", council="Hill Council", council_code="E06000045")
    change(officer, "beginning", year_starts="4", small_counts="round", largest_small_count="10")
    add = "/admin/scorecard/scorecard/add/"
    typed = filled_in(officer, add, title="New", slug="new", panel="Board", areas_of_focus=[])
    assert (typed["council"], typed["council_code"]) == ("Hill Council", "E06000045")
    answer = officer.post(add, typed)
    assert answer.status_code == 302, answer.context["errors"]
    made = Scorecard.objects.get(slug="new")
    assert (made.rounds_counts, made.largest_small_count) == (True, 10)


@pytest.mark.sqlite
def test_mails_have_the_name_and_the_colour(officer):
    change(officer, "name", council="Hill & Vale Council")
    change(officer, "colours", colour="#7a0000")
    context = {
        "by": "Priya",
        "link": "https://x/",
        "site": "https://x",
        "days": 7,
        "person": "A",
        "hours": 1,
        "user": "A",
    }
    context |= {"uid": "x", "token": "y", "parts": []}
    for mail in ("registration/invitation_email", "registration/password_reset_email", "mail/reminder"):
        assert "Hill & Vale Council" in render_to_string(f"{mail}.txt", context)
        html = render_to_string(f"{mail}.html", context)
        assert "Hill &amp; Vale Council" in html
        assert "#0a5d75" not in html


@pytest.mark.sqlite
def test_archive_as_plain_files_has_logo_and_colours(officer, tmp_path):
    change(officer, "logo", logo=picture(), logo_says="")
    change(officer, "colours", colour="#7a0000")
    export_site(tmp_path / "site", datetime(2026, 11, 28, tzinfo=UTC))
    page = (tmp_path / "site/scorecards/panel/2021-01/index.html").read_text()
    own = (tmp_path / "site/index.html").read_text()
    for address in (look().logo.address, look().styles):
        assert f'"{address}"' in page
        assert f'"{address}"' in own
        assert (tmp_path / "site" / address.lstrip("/")).stat().st_size > 100


@pytest.mark.sqlite
def test_page_that_tells_of_a_fault_needs_no_look(monkeypatch):
    def fail(*_, **__):
        raise OperationalError

    monkeypatch.setattr(CouncilDetails.objects.__class__, "filter", fail)
    assert look() == OWN_LOOK
    assert "Something went wrong" in render_to_string("500.html")


@pytest.mark.sqlite
def test_unknown_parts_and_keys_are_not_there(officer):
    for address in ("nothing/", "groups/999/", "glossary/999/"):
        assert officer.get(f"{COUNCIL}{address}").status_code == 404
    assert officer.post(f"{COUNCIL}groups/999/move/", {"way": "up"}).status_code == 404


# The look


def test_logo_is_shown_at_an_address_of_its_own_to_everybody(officer):
    assert "Choose a file" in errors(change(officer, "logo"))["logo"]
    assert change(officer, "logo", logo=picture(), logo_says="Hill & Vale").status_code == 302
    for client, address in (
        (Client(), "/sign-in/"),
        (Client(), REPORT),
        (officer, "/your-work/"),
        (officer, "/nothing/"),
    ):
        page = page_of(client.get(address))
        place = re.search(r'<img class="logo" src="(/look/logo/([0-9a-f]{64})\.png)"', page)
        assert 'alt="Hill &amp; Vale"' in page
    answer = Client().get(place[1])
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "public, max-age=31536000, immutable")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Image.open(BytesIO(answer.content)).size == (400, 160)
    assert officer.get(place[1])["Cache-Control"] == "public, max-age=31536000, immutable"
    # Another picture has another address, and the former one is not handed out any more.
    change(officer, "logo", logo=picture("maroon"), logo_says="Hill & Vale")
    assert Client().get(place[1]).status_code == 404
    assert Logo.objects.count() == 2
    # Its words alone can be changed, and it can be removed.
    change(officer, "logo", logo_says="")
    assert look().logo.says == ""
    assert officer.post(f"{COUNCIL}logo/remove/", {"saw": ".1"}).status_code == 302
    assert look().logo is not None
    officer.post(f"{COUNCIL}logo/remove/", {"saw": saw()})
    assert look().logo is None


def test_kept_picture_never_changes(officer):
    change(officer, "logo", logo=picture(), logo_says="")
    with pytest.raises(IntegrityError, match="another takes its place"), transaction.atomic():
        Logo.objects.update(content=b"another")


def test_quicker_colleagues_are_told_of(officer, monkeypatch):
    """A form's own checks pass, and then the database refuses; or the row is gone."""
    monkeypatch.setattr(GlossaryEntry, "full_clean", lambda *_, **__: None)
    GlossaryEntry.objects.create(short_form="XYZ", meaning="Something")
    again = officer.post(f"{COUNCIL}glossary/new/", {"short_form": "xyz", "meaning": "Other"})
    assert "Not saved" in str(errors(again))
    entry = GlossaryEntry(pk=999, short_form="ABC", meaning="Gone")
    monkeypatch.setattr(council, "get_object_or_404", lambda *_, **__: entry)
    assert "has deleted" in str(errors(officer.post(f"{COUNCIL}glossary/999/", {"short_form": "AB", "meaning": "M"})))
    told = officer.post(f"{COUNCIL}glossary/999/delete/", {"saw": "999.1"}, follow=True)
    assert "has deleted" in words_of(page_of(told))


@pytest.mark.sqlite
def test_svg_with_a_script_is_refused(officer):
    file = SimpleUploadedFile("logo.png", b"<svg><script>alert(1)</script></svg>", "image/png")
    assert "SVG" in errors(change(officer, "logo", logo=file))["logo"]
    assert not Logo.objects.exists()


@pytest.mark.sqlite
def test_colours_are_in_a_style_sheet_of_their_own(officer):
    assert "/look/" not in page_of(Client().get(REPORT))
    change(officer, "colours", colour="#ffd100")
    page = page_of(Client().get(REPORT))
    assert "style=" not in page
    address = re.search(r'<link rel="stylesheet" href="(/look/ffd100/[0-9a-f]{12}\.css)">', page)[1]
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert answer["Cache-Control"].endswith("immutable")
    assert "--band:#ffd100;--on-band:#0b0c0c" in answer.text
    # Rules of another version of the product are answered, and not kept.
    assert "immutable" not in Client().get("/look/ffd100/000000000000.css").get("Cache-Control", "")
    for nothing in ("red", "12", "ffd100-", "ffd100-xyz", "0b4a5a-0a5d75-112233"):
        assert Client().get(f"/look/{nothing}/{'0' * 12}.css").status_code == 404


def test_kept_pages_follow_at_once(officer):
    visitor = Client()
    first = visitor.get(REPORT)
    again = visitor.get(REPORT, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    before = page_of(officer.get(REPORT))
    change(officer, "words", panel_word="committee")
    change(officer, "colours", colour="#7a0000")
    assert visitor.get(REPORT, headers={"if-none-match": first["ETag"]}).status_code == 200
    assert "/look/7a0000/" in page_of(visitor.get(REPORT))
    assert "/look/7a0000/" in page_of(officer.get(REPORT))
    assert "/look/" not in before
    for page in ("archive/", "withheld/", "2021-01/indicators/{key}/"):
        address = f"/scorecards/panel/{page.format(key=Indicator.objects.get().pk)}"
        assert "/look/7a0000/" in page_of(visitor.get(address))


@pytest.mark.sqlite
def test_words_reach_pages_and_files(officer):
    change(officer, "words", panel_word="executive", service_word="directorate")
    scorecard = Scorecard.objects.get()
    raised = AreaOfFocus.objects.create(title="Waits", opened_on=JANUARY, raised_by=RaisedBy.PANEL)
    scorecard.areas_of_focus.add(raised)
    assert "The executive’s questions" in page_of(officer.get("/scorecards/panel/questions/"))
    assert "So that the executive is told" in page_of(Client().get("/privacy/"))
    assert "directorates report to their scrutiny executive" in page_of(Client().get("/sign-in/"))
    assert "Executive members, people with lines" in page_of(officer.get("/scorecards/panel/public/"))
    assert "A report that the executive was given" in page_of(Client().get("/revisions-policy/"))
    for address in ("/scorecards/panel/questions/", "/privacy/", "/revisions-policy/", "/scorecards/panel/public/"):
        # But for the name of the scorecard's own panel.
        text = (
            words_of(page_of(officer.get(address)).partition("<main")[2])
            .replace(scorecard.panel, "")
            .replace(scorecard.title, "")
        )
        assert not re.search(r"\bpanel", text, re.IGNORECASE)
    assert assemble_report(scorecard, JANUARY).areas_of_focus[0].raised_by == "The executive"


@pytest.mark.sqlite
def test_paper_has_logo_and_colours_and_is_the_same_without(officer):
    report = assemble_report(Scorecard.objects.get(), JANUARY)
    plain = to_pdf(report)
    assert to_pdf(report, look()) == plain
    change(officer, "logo", logo=picture(), logo_says="")
    change(officer, "colours", colour="#7a0000")
    drawn = to_pdf(report, look())
    assert b"/Subtype /Image" in drawn
    assert b"/Subtype /Image" not in plain
    assert b"Logo of" in drawn or len(drawn) > len(plain)


@pytest.mark.sqlite
def test_look_is_read_once_for_a_page(officer):
    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(address).status_code == 200
        return captured

    read = [query["sql"] for query in queries("/scorecards/panel/questions/") if "logo" in query["sql"]]
    assert len(read) == 1

    def many(number):
        for place in range(number):
            GlossaryEntry.objects.create(short_form=f"X{place}{number}", meaning="Something")
            words = {"name": f"Group {place} of {number}", "short_name": f"G{place} of {number}"}
            ComparatorGroup.objects.create(code=f"g{place}_{number}", position=place, **words)
        return [len(queries(f"{COUNCIL}{page}")) for page in ("", "groups/", "glossary/")]

    assert many(2) == many(40)


# Groups and the glossary


def test_groups_are_added_explained_ordered_and_deleted(officer):
    typed = {"name": "Core cities!", "short_name": "Core", "in_sentence": "the core cities", "kind": "other"}
    assert officer.post(f"{COUNCIL}groups/new/", typed).status_code == 302
    group = ComparatorGroup.objects.get(name="Core cities!")
    assert group.code == "core_cities"
    assert list(ComparatorGroup.objects.all())[-1] == group
    # A name that makes the same code gets another; the same name is told beside the field.
    assert (
        officer.post(f"{COUNCIL}groups/new/", {**typed, "name": "Core, cities", "short_name": "C"}).status_code == 302
    )
    assert ComparatorGroup.objects.get(name="Core, cities").code == "core_cities_2"
    again = errors(officer.post(f"{COUNCIL}groups/new/", typed))
    assert "Another group has this name." in str(again)
    for _ in range(9):
        officer.post(f"{COUNCIL}groups/{group.pk}/move/", {"way": "up"})
    assert ComparatorGroup.objects.first() == group
    officer.post(f"{COUNCIL}groups/{group.pk}/move/", {"way": "down"})
    assert list(ComparatorGroup.objects.all())[1] == group
    group.refresh_from_db()
    typed = {**typed, "saw": f"{group.pk}.{group.version}", "explanation": "Eleven large cities."}
    assert officer.post(f"{COUNCIL}groups/{group.pk}/", typed).status_code == 302
    assert "Eleven large cities." in page_of(officer.get(f"{COUNCIL}groups/"))
    # As it was seen, and while nothing is of it.
    officer.post(f"{COUNCIL}groups/{group.pk}/delete/", {"saw": f"{group.pk}.1"})
    assert ComparatorGroup.objects.filter(pk=group.pk).exists()
    group.refresh_from_db()
    comparator = Comparator.objects.create(indicator=Indicator.objects.get(), group=group, year=2020, value=1)
    told = officer.post(f"{COUNCIL}groups/{group.pk}/delete/", {"saw": f"{group.pk}.{group.version}"}, follow=True)
    assert "can’t be deleted: there are comparators of it" in words_of(page_of(told))
    comparator.delete()
    officer.post(f"{COUNCIL}groups/{group.pk}/delete/", {"saw": f"{group.pk}.{group.version}"})
    assert not ComparatorGroup.objects.filter(pk=group.pk).exists()
    assert ComparatorGroup.history.filter(id=group.pk).first().history_user.username == "officer"


def test_glossary_is_kept_on_a_page(officer):
    assert officer.post(f"{COUNCIL}glossary/new/", {"short_form": "XYZ", "meaning": "Something"}).status_code == 302
    entry = GlossaryEntry.objects.get(short_form="XYZ")
    assert "already" in str(errors(officer.post(f"{COUNCIL}glossary/new/", {"short_form": "xyz", "meaning": "Other"})))
    assert "Begin with a letter" in str(
        errors(officer.post(f"{COUNCIL}glossary/new/", {"short_form": "-", "meaning": "M"}))
    )
    typed = {"saw": f"{entry.pk}.1", "short_form": "XYZ", "meaning": SCRIPT}
    assert officer.post(f"{COUNCIL}glossary/{entry.pk}/", typed).status_code == 302
    assert SCRIPT not in page_of(officer.get(f"{COUNCIL}glossary/"))
    officer.post(f"{COUNCIL}glossary/{entry.pk}/delete/", {"saw": f"{entry.pk}.2"})
    assert not GlossaryEntry.objects.filter(short_form="XYZ").exists()


@pytest.mark.sqlite
def test_every_part_has_words_and_is_all_of_the_details():
    assert all(form.title and form.about for form in PARTS.values())
    edited = {name for form in PARTS.values() for name in form.base_fields} - {"keep", "clash", "saw"}
    stored = {field.name for field in CouncilDetails._meta.fields} - {"id", "version", "saved_at"}
    assert edited == stored
