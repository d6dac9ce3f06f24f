"""What another installation exported, among the data of one: nothing is joined silently, nothing published changes."""

import io
import re

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from commentary.models import WarningReason
from indicators.models import CrossCheck, Indicator, Population, PopulationGroup, SecurityEvent, User
from scorecard.models import GlossaryEntry, PublishedDocument, Scorecard, Slug
from scorecard.roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS
from scorecard.starting import clashes, contents, merging, reading
from tests.databases import databases
from tests.demonstration import corporate_loaded, demonstration_loaded
from tests.factories import JANUARY, make_indicator, make_officer, make_scorecard, make_user
from tests.scorecard.starting.test_moving import changed, exported

SLUGS = {"children": "children-and-families", "corporate": "corporate"}


def opened(content):
    return reading.MovedFile(io.BytesIO(content))


def pages_of(slug, client):
    """The main part of a published page, and its table as a file."""
    page = client.get(f"/scorecards/{slug}/2021-01/").content.decode()
    return page[page.index("<main") : page.index("</main>")], client.get(
        f"/scorecards/{slug}/2021-01/report.csv"
    ).content


@pytest.fixture(scope="module")
def councils(django_db_setup, django_db_blocker):
    """Of each of two installations the export, and what an officer of it reads."""
    found = {}
    for name, load in (("children", demonstration_loaded), ("corporate", corporate_loaded)):
        with django_db_blocker.unblock(), databases.fresh(load):
            client = Client()
            client.force_login(make_officer())
            pages = pages_of(SLUGS[name], client)
            User.objects.filter(username="officer").delete()
            check = CrossCheck.objects.first()
            if check is not None:
                words = {"about": "5", "reason": "Counted twice"}
                WarningReason(indicator=check.indicator, month=JANUARY, warning=f"check-{check.pk}", **words).save()
            found[name] = exported().getvalue(), pages
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "second"), [("children", "corporate"), ("corporate", "children")])
def test_two_councils_go_on_in_one(councils, first, second, client):
    merging.bring_over(opened(councils[first][0]), by=None)
    outcome = merging.bring_over(opened(councils[second][0]), by=None)
    assert outcome.problems == []
    assert set(PublishedDocument.objects.values_list("numbers_from", flat=True)) == {0, 1000}
    client.force_login(make_officer())
    for name, (_, (page, table)) in councils.items():
        page_now, table_now = pages_of(SLUGS[name], client)
        assert table_now == table
        if name == second:
            page_now = re.sub(r"(?<=[-/])10(\d\d)(?=[/\"])", lambda found: str(int(found[1])), page_now)
        assert page_now == page
    reason = WarningReason.objects.get()
    assert reason.warning == f"check-{CrossCheck.objects.first().pk}"
    User.objects.filter(username="officer").delete()
    merged = exported().getvalue()
    with databases.fresh():
        merging.bring_over(opened(merged), by=None)
        assert exported().getvalue() == merged
    for name in councils:
        arriving = clashes.Arriving(opened(councils[name][0]))
        assert any("brought over already" in words or "same origin" in words for words in arriving.refusals)
    with pytest.raises(contents.MoveError, match="brought over already"):
        merging.bring_over(opened(councils[second][0]), by=None)


@pytest.fixture
def here(councils):
    """An installation in which much has the names that the children's scorecard has elsewhere."""
    officer = make_officer(username="performance.officer", email="here@example.org")
    make_user("sam", email="sam@example.org")
    line = make_indicator("lac1", title="Something else", owner=officer)
    make_scorecard(line, slug=SLUGS["children"], title="Of here")
    group = opened(councils["children"][0]).rows(contents.shape_of(PopulationGroup))[0]["name"]
    Population.objects.create(group=PopulationGroup.objects.create(name=group), year=2020, people=17)
    entry = GlossaryEntry.objects.get(short_form="UASC")
    entry.meaning = "something of here"
    entry.save()
    return officer


@pytest.mark.django_db
def test_what_clashes_is_shown_and_decided(councils, here, client):
    client.force_login(here)
    address = "/setup/move/preview/"
    sent = client.post("/setup/move/", {"file": SimpleUploadedFile("other.zip", councils["children"][0])})
    assert sent["Location"] == address
    before = exported().getvalue()
    page = client.get(address)
    words = page.content.decode()
    assert exported().getvalue() == before
    # PostgreSQL doesn't take back how far it has counted in other tests.
    raised = page.context["raised"]
    for part in (
        "LAC1-SC",
        "children-and-families-sc",
        "something of here",
        "performance.officer.sc",
        f"12 there is {raised + 12}",
    ):
        assert part in words, part
    form = page.context["form"]
    typed = {name: form[name].value() for name in form.fields if name != "roles"} | {"bring": "1"}
    of_reference = next(name for name in typed if typed[name] == "LAC1-SC")
    refused = client.post(address, typed | {of_reference: "lac1"})
    assert refused.status_code == 422
    assert "Something here has this name already." in refused.content.decode()
    assert exported().getvalue() == before
    done = client.post(address, typed | {of_reference: "LAC1 Other", "roles": ["panel.member"]})
    assert done.status_code == 302, done.context["form"].errors
    assert done["Location"] == "/setup/"
    indicator = Indicator.objects.get(reference="LAC1 Other")
    assert indicator.pk > raised
    latest = indicator.history.first()
    assert latest.history_user == here
    assert latest.history_change_reason == "Brought over from Southampton City Council, where it was LAC1"
    assert GlossaryEntry.objects.get(short_form="UASC").meaning == "something of here"
    assert PopulationGroup.objects.count() == 2
    assert Slug.objects.get(slug=SLUGS["children"]).scorecard.title == "Of here"
    other = Scorecard.objects.exclude(title="Of here").get()
    assert other.slug == "children-and-families-sc"
    assert client.get("/scorecards/children-and-families-sc/2021-01/").status_code == 200
    assert list(User.objects.filter(groups__name=PERFORMANCE_OFFICERS)) == [here]
    assert User.objects.get(username="panel.member").groups.get().name == PANEL_MEMBERS
    assert not User.objects.get(username="performance.officer.sc").is_staff
    event = SecurityEvent.objects.filter(kind="imported").latest("pk")
    assert event.by == here
    assert opened(councils["children"][0]).checksum in event.detail
    call_command("verify_editions")
    assert client.get(address)["Location"] == "/setup/move/"


@pytest.mark.django_db
def test_same_address_is_one_person_and_keeps_the_roles_here(councils):
    address = opened(councils["children"][0]).rows(contents.shape_of(User))[0]["email"]
    here = make_user("another.name", email=address.upper())
    make_indicator("X1")
    arriving = clashes.Arriving(opened(councils["children"][0]))
    assert [one.name for one in arriving.same if one.what == "user"] == [str(here)]
    merging.bring_over(opened(councils["children"][0]), by=None)
    assert not here.groups.exists()
    assert User.objects.filter(email__iexact=address).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["cut off", "changed", "backup"])
def test_a_broken_file_leaves_nothing(councils, part):
    make_indicator("X1")
    whole = councils["children"][0]
    bad = {
        "cut off": whole[: len(whole) // 2],
        "changed": changed(whole, "rows/indicators.target.jsonl", lambda rows: rows.replace(b"tolera", b"toleru")),
        "backup": b"SQLite format 3\0" + b"x" * 100,
    }[part]
    before = exported().getvalue()
    with pytest.raises(contents.MoveError):
        merging.bring_over(opened(bad), by=None)
    assert exported().getvalue() == before


@pytest.mark.django_db
def test_on_the_command_line(councils, tmp_path, capsys):
    make_indicator("LAC1")
    file = tmp_path / "other.zip"
    file.write_bytes(councils["children"][0])
    with pytest.raises(CommandError, match="--merge"):
        call_command("import_everything", str(file))
    before = exported().getvalue()
    call_command("import_everything", str(file), "--merge", "--dry-run")
    assert "becomes LAC1-SC" in capsys.readouterr().out
    assert exported().getvalue() == before
    call_command(
        *("import_everything", str(file), "--merge", "--role", "performance.officer"),
        *("--rename", "indicator reference LAC1=LAC1-X"),
    )
    assert Indicator.objects.filter(reference="LAC1-X").exists()
    assert Group.objects.get(name=PERFORMANCE_OFFICERS).user_set.get().is_staff
