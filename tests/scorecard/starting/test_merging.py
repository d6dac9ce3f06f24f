"""What another installation exported, among the data of one: nothing is joined silently, nothing published changes."""

import io
import re
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commentary.models import Commentary, WarningReason
from indicators.models import CrossCheck, Indicator, Population, PopulationGroup, SecurityEvent, User
from scorecard.models import (
    CouncilDetails,
    Edition,
    Erasure,
    GlossaryEntry,
    PublicText,
    PublishedDocument,
    Scorecard,
    Slug,
    Tombstone,
    Withholding,
)
from scorecard.publication import withholding
from scorecard.publication.public_texts import PublicTextsPage
from scorecard.roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS
from scorecard.starting import clashes, contents, merging, reading
from tests.databases import databases
from tests.demonstration import corporate_loaded, demonstration_loaded
from tests.factories import (
    JANUARY,
    make_edition,
    make_indicator,
    make_officer,
    make_scorecard,
    make_user,
    make_value,
    make_values,
    publish,
)
from tests.scorecard.starting.test_moving import changed, exported, rewritten
from tests.scorecard.starting.test_stored_export import planted_and_taken_back

FEBRUARY = date(2021, 2, 1)
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
@pytest.mark.parametrize(("first", "second"), [("corporate", "children"), ("children", "corporate")])
def test_two_councils_go_on_in_one(councils, client, first, second):
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


def make_other():
    """A small council with somebody in each role and a published report."""
    CouncilDetails.objects.update_or_create(pk=1, defaults={"council": "Southampton City Council"})
    officer = make_officer("performance.officer", email="there@example.org")
    make_user("panel.member", email="panel@example.org").groups.add(Group.objects.get(name=PANEL_MEMBERS))
    lines = [make_indicator(reference, owner=officer) for reference in ("LAC1", "LAC2")]
    for line in lines:
        make_values(line, {JANUARY: 300})
    Population.objects.create(group=PopulationGroup.objects.create(name="Children"), year=2020, people=90)
    publish(make_scorecard(*lines, slug=SLUGS["children"], title="Children"))


@pytest.fixture(scope="module")
def other(django_db_setup, django_db_blocker):
    """What a small council exports."""
    with django_db_blocker.unblock(), databases.fresh():
        make_other()
        return exported().getvalue()


@pytest.fixture
def here(other):
    """An installation in which much has the names that the children's scorecard has elsewhere."""
    officer = make_officer(username="performance.officer", email="here@example.org")
    make_user("sam", email="sam@example.org")
    line = make_indicator("lac1", title="Something else", owner=officer)
    make_scorecard(line, slug=SLUGS["children"], title="Of here")
    Population.objects.create(group=PopulationGroup.objects.create(name="Children"), year=2020, people=17)
    entry = GlossaryEntry.objects.get(short_form="UASC")
    entry.meaning = "something of here"
    entry.save()
    return officer


@pytest.mark.django_db
def test_what_clashes_is_shown_and_decided(other, here, client):
    client.force_login(here)
    address = "/setup/move/preview/"
    sent = client.post("/setup/move/", {"file": SimpleUploadedFile("other.zip", other)})
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
    looked = {name: value for name, value in typed.items() if name != "bring"}
    again = client.post(
        address, looked | {"look": "1", "letters": "AB", of_reference: "LAC1 Other", "roles": ["panel.member"]}
    )
    kept = {field.name: field.value() for field in again.context["form"]}
    assert kept["roles"] == ["panel.member"]
    assert {"LAC1 Other", "performance.officer.ab"} <= {one for one in kept.values() if isinstance(one, str)}
    for forged in ("performance.officer' OR 1", "nobody", here.username + ".sc", "Performance officers"):
        told = client.post(address, typed | {"roles": [forged]})
        assert told.status_code == 422, forged
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
    came = Scorecard.objects.exclude(title="Of here").get()
    assert came.slug == "children-and-families-sc"
    assert client.get("/scorecards/children-and-families-sc/2021-01/").status_code == 200
    assert list(User.objects.filter(groups__name=PERFORMANCE_OFFICERS)) == [here]
    assert User.objects.get(username="panel.member").groups.get().name == PANEL_MEMBERS
    assert not User.objects.get(username="performance.officer.sc").is_staff
    event = SecurityEvent.objects.filter(kind="imported").latest("pk")
    assert event.by == here
    assert opened(other).checksum in event.detail
    call_command("verify_editions")
    assert client.get(address)["Location"] == "/setup/move/"


@pytest.mark.django_db
def test_a_file_of_which_a_part_is_here_is_not_said_to_be_here_whole(other):
    with databases.fresh():
        make_scorecard(make_indicator("X1"), title="Third", slug="third")
        merging.bring_over(opened(other), by=None)
        both = exported().getvalue()
    make_indicator("Y1")
    merging.bring_over(opened(other), by=None)
    [refusal] = clashes.Arriving(opened(both)).refusals
    assert refusal.startswith("Part of this was brought over already")
    [refusal] = clashes.Arriving(opened(other)).refusals
    assert refusal.startswith("This was brought over already")


@pytest.mark.django_db
def test_same_address_is_one_person_and_keeps_the_roles_here(other):
    address = "there@example.org"
    here = make_user("another.name", email=address.upper())
    make_indicator("X1")
    arriving = clashes.Arriving(opened(other))
    assert [one.name for one in arriving.same if one.what == "user"] == [str(here)]
    merging.bring_over(opened(other), by=None)
    assert not here.groups.exists()
    assert User.objects.filter(email__iexact=address).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["cut off", "changed", "backup"])
def test_a_broken_file_leaves_nothing(other, part):
    make_indicator("X1")
    whole = other
    bad = {
        "cut off": whole[: len(whole) // 2],
        "changed": changed(
            whole, "rows/indicators.indicator.jsonl", lambda rows: rows.replace(b"Title of", b"Titel of")
        ),
        "backup": b"SQLite format 3\0" + b"x" * 100,
    }[part]
    before = exported().getvalue()
    with pytest.raises(contents.MoveError):
        merging.bring_over(opened(bad), by=None)
    assert exported().getvalue() == before


@pytest.mark.django_db
def test_on_the_command_line(other, tmp_path, capsys):
    make_indicator("LAC1")
    file = tmp_path / "other.zip"
    file.write_bytes(other)
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


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("rows/indicators.indicator.jsonl", b'"reference":', b'"referenze":'),
        ("rows/indicators.indicator.jsonl", b'"reference":"LAC1"', b'"reference":["LAC1"]'),
        ("rows/indicators.user.jsonl", b'"username":', b'"uzername":'),
        ("rows/indicators.comparatorgroup.jsonl", b'"explanation":"', b'"explanation":null,"x":"'),
        ("rows/indicators.population.jsonl", b'"year":2020', b'"year":{}'),
        ("rows/scorecard.glossaryentry.jsonl", b'"meaning":"', b'"meaninq":"'),
        ("rows/scorecard.scorecard.jsonl", b'"title":"Children"', b'"title":{}'),
        ("history/indicators.indicator.jsonl", b'"at":"', b'"at":"x'),
        ("history/indicators.indicator.jsonl", b'"what":', b'"wat":'),
    ],
)
def test_rows_that_lack_what_they_are_compared_by_are_refused(other, client, name, old, new):
    make_indicator("X1")
    client.force_login(make_officer())
    made = rewritten(other, name, lambda part: part.replace(old, new, 2))
    assert made != rewritten(other, name, lambda part: part)
    before = exported().getvalue()
    client.post("/setup/move/", {"file": SimpleUploadedFile("other.zip", made)})
    refused = client.get("/setup/move/preview/", follow=True)
    assert refused.redirect_chain[-1][0] == "/setup/move/"
    assert "can’t be read" in refused.content.decode()
    assert exported().getvalue() == before


@pytest.mark.sqlite
@pytest.mark.django_db
def test_mistakes_of_the_code_are_not_laid_on_the_file(other, monkeypatch):
    make_indicator("X1")
    monkeypatch.setattr(clashes.Arriving, "_compare_years", lambda self: {}["mistake"])
    with pytest.raises(KeyError):
        clashes.Arriving(opened(other))


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_preview_takes_as_many_statements_for_any_number_of_new_names(client):
    counts = []
    for number in (2, 40):
        with databases.fresh():
            for place in range(number):
                make_values(make_indicator(f"A{place}", owner=make_user(f"u{place}", email="")), {JANUARY: 1})
                GlossaryEntry.objects.create(short_form=f"G{place}", meaning="there")
            content = exported().getvalue()
        with databases.fresh():
            for place in range(number):
                make_indicator(f"A{place}", owner=make_user(f"u{place}", email=""))
                GlossaryEntry.objects.create(short_form=f"G{place}", meaning="here")
            client.force_login(make_officer())
            client.post("/setup/move/", {"file": SimpleUploadedFile("other.zip", content)})
            with CaptureQueriesContext(connection) as queries:
                page = client.get("/setup/move/preview/")
            assert len(page.context["arriving"].taken) == 2 * number
            counts.append(len(queries))
    # SQLite takes only so many values in one statement: rows are written by as many at once as fit.
    assert counts[1] - counts[0] <= 2


def decisions_in(scorecard):
    """What an officer is shown of February, and what was decided on each text there."""
    page = PublicTextsPage.of(Edition.objects.get(scorecard=scorecard, month=FEBRUARY))
    return {text.first.text.text: text.decided and text.decided.decision for text in page.texts}


def taken_back_and_cleared():
    """A line erased, a figure withheld, and a decision on every text near a hidden count."""
    planted_and_taken_back()
    counted = Indicator.objects.get(reference="A1")
    make_value(counted, FEBRUARY, 3)
    Commentary.objects.create(indicator=counted, month=FEBRUARY, text="Fewer families called than ever.")
    edition = make_edition(Scorecard.objects.get(), FEBRUARY)
    by = User.objects.get(username="officer")
    texts = PublicTextsPage.of(edition).texts
    # Some are told by the number of an indicator.
    assert any(text.first.text.about == {counted.pk} for text in texts)
    for text in texts:
        PublicText.objects.create(
            scorecard=edition.scorecard,
            key=text.first.key,
            where=text.where,
            month=FEBRUARY,
            text=text.first.text.text,
            decision="cleared",
            decided_by=by,
            decided_at=timezone.now(),
        )


@pytest.fixture(scope="module")
def taken_back(django_db_setup, django_db_blocker):
    """What an installation exports in which much was taken back; what was decided there, and the certificates."""
    with django_db_blocker.unblock(), databases.fresh(taken_back_and_cleared):
        certificates = list(Erasure.objects.values_list("original_checksum", "new_checksum"))
        assert certificates
        decided = decisions_in(Scorecard.objects.get())
        assert decided
        assert set(decided.values()) == {"cleared"}
        table = Client().get("/scorecards/panel/2021-01/report.csv").content
        return exported().getvalue(), certificates, decided, table


@pytest.mark.django_db
@pytest.mark.parametrize("times", [1, 2])
def test_what_was_taken_back_stays_so_in_a_merge_and_in_a_merge_of_that(taken_back, times, client):
    content, certificates, decided, table = taken_back
    if times == 2:
        with databases.fresh():
            make_scorecard(make_indicator("A1", title="Between"), title="Between", slug="between")
            merging.bring_over(opened(content), by=None)
            content = exported().getvalue()
    publish(make_scorecard(make_indicator("A1", title="Of here"), slug="panel", title="Of here"))
    before = Indicator.objects.get().pk
    assert merging.bring_over(opened(content), by=None).problems == []
    call_command("verify_editions")
    merged = Scorecard.objects.filter(public_texts__isnull=False).distinct().get()
    assert merged.numbers_from >= 1000 * times
    counted = Indicator.objects.get(title="Calls")
    assert counted.pk > max(before, 1000 * times)
    stones = set(Tombstone.objects.filter(indicator__isnull=False).values_list("indicator", flat=True))
    assert counted.pk in stones
    assert stones <= set(Indicator.objects.exclude(title__in=("Of here", "Between")).values_list("pk", flat=True))
    assert list(Erasure.objects.values_list("original_checksum", "new_checksum")) == certificates
    assert decisions_in(merged) == decided
    address = f"/scorecards/{merged.slug}/2021-01/"
    page = client.get(address).content.decode()
    assert "Withheld on" in page
    assert "7,741" not in page
    assert client.get(f"{address}report.csv").content == table
    with pytest.raises(contents.MoveError, match="brought over already"):
        merging.bring_over(opened(content), by=None)
    # What was only withheld comes back as it was, in the documents of the other installation.
    [figure] = Withholding.objects.filter(kind="figure")
    withholding.lift(key=figure.pk, reason="It was right", by=make_officer("lifter"), alone=True, now=timezone.now())
    assert "7,741" in client.get(address).content.decode()
