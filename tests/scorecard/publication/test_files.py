"""Files of published reports: made once, kept, and handed out with the means to ask whether they have changed."""

import codecs
import io
import zipfile
from datetime import date
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import Indicator, MonthlyValue
from indicators.resources.formats import read_spreadsheet
from scorecard.files.formats import FORMATS
from scorecard.files.paper import PaperUnavailableError
from scorecard.models import Audience, Edition, PublishedDocument, PublishedFile, Scorecard
from scorecard.publication import files
from scorecard.publication.files import checksum_of_file, file_of, kept_formats, make_missing
from scorecard.publication.publish import draft_edition, freeze, publish_edition
from scorecard.publication.reading import publications_for
from tests.factories import (
    JANUARY,
    make_edition,
    make_indicator,
    make_officer,
    make_scorecard,
    make_user,
    make_value,
    publish,
)

pytestmark = pytest.mark.django_db
PAGE = "/scorecards/panel/2021-01/"
FEBRUARY = date(2021, 2, 1)
CHEAP = [suffix for suffix in FORMATS if suffix != "pdf"]


@pytest.fixture
def published():
    """January, published, and its figure changed afterwards."""
    indicator = make_indicator("A1")
    make_value(indicator, JANUARY, 12)
    scorecard = make_scorecard(indicator, is_public=True)
    publish(scorecard)
    value = MonthlyValue.objects.get()
    value.figure = 99
    value.save()
    [found] = publications_for(scorecard, Audience.PANEL)
    return found


@pytest.fixture
def at_desk(client):
    client.force_login(make_user("reader"))
    return client


@pytest.mark.parametrize("suffix", CHEAP)
def test_file_is_made_once_and_kept(published, suffix, monkeypatch):
    made = []
    file_format = FORMATS[suffix]._replace(make=lambda report: made.append(report) or b"content")
    assert file_of(published, file_format) == file_of(published, file_format) == b"content"
    assert len(made) == 1


def test_second_of_two_at_once_is_given_the_first_ones_file(published):
    def while_another_makes_it(report):
        file_of(published, FORMATS["csv"]._replace(make=lambda report: b"first"))
        return b"second"

    slow = FORMATS["csv"]._replace(make=while_another_makes_it)
    assert checksum_of_file(published, slow) == sha256(b"first").hexdigest()
    assert file_of(published, slow) == b"first"


def test_checksum_is_found_without_the_content(published):
    file_of(published, FORMATS["csv"])
    with CaptureQueriesContext(connection) as queries:
        assert checksum_of_file(published, FORMATS["csv"])
    [query] = queries.captured_queries
    assert "content" not in query["sql"]


@pytest.mark.parametrize("suffix", CHEAP)
def test_download_is_the_kept_file_with_its_etag(published, at_desk, suffix):
    answer = at_desk.get(f"{PAGE}report.{suffix}")
    kept = PublishedFile.objects.get(suffix=suffix)
    assert answer.content == bytes(kept.content)
    assert answer["ETag"] == f'"{kept.checksum}"'
    assert answer["Content-Type"] == FORMATS[suffix].content_type
    assert answer["Content-Disposition"] == f'attachment; filename="panel-2021-01.{suffix}"'


def test_whoever_has_the_file_is_told_so_before_it_is_read(published, at_desk):
    etag = at_desk.get(f"{PAGE}report.xlsx")["ETag"]
    with CaptureQueriesContext(connection) as queries:
        answer = at_desk.get(f"{PAGE}report.xlsx", headers={"If-None-Match": etag})
    of_files = [query["sql"] for query in queries.captured_queries if PublishedFile._meta.db_table in query["sql"]]
    assert answer.status_code == 304
    assert len(of_files) == 1
    assert "content" not in of_files[0]


def test_download_holds_what_was_published_not_what_came_after(published, client):
    assert b"12" in client.get(f"{PAGE}report.csv").content
    assert b"99" not in client.get(f"{PAGE}report.csv").content


def test_pdf_that_cannot_be_made_is_explained(published, client, monkeypatch):
    def fail(report):
        raise PaperUnavailableError("run scripts/system_packages")

    monkeypatch.setitem(FORMATS, "pdf", FORMATS["pdf"]._replace(make=fail))
    answer = client.get(f"{PAGE}report.pdf")
    assert answer.status_code == 503
    assert "run scripts/system_packages" in answer.content.decode()


def test_each_publication_has_a_file_name_of_its_own_which_it_keeps(published, client):
    edition = Edition.objects.get()
    freeze(draft_edition(edition), kind="correction", reason="It was 99.", by=None, now=timezone.now())
    first = client.get(f"{PAGE}publications/1/report.csv")
    assert first["Content-Disposition"] == 'attachment; filename="panel-2021-01.csv"'
    assert b"12" in first.content
    revised = client.get(f"{PAGE}report.csv")
    assert revised["Content-Disposition"] == 'attachment; filename="panel-2021-01-revision-1.csv"'
    key = Indicator.objects.get().pk
    figures = client.get(f"{PAGE}indicators/{key}/figures.csv")
    assert figures["Content-Disposition"].endswith(f'"panel-2021-01-revision-1-indicator-{key}.csv"')


def test_file_of_a_month_in_progress_is_named_a_draft(client, published):
    make_edition(Scorecard.objects.get(), FEBRUARY, state="in_review")
    make_value(Indicator.objects.get(), FEBRUARY, 3)
    client.force_login(make_officer())

    found = client.get(PAGE.replace("2021-01", "2021-02") + "report.csv")
    assert found["Content-Disposition"] == 'attachment; filename="panel-2021-02-draft.csv"'


def test_files_say_when_and_why_they_were_published(published, client):
    edition = Edition.objects.get()
    freeze(draft_edition(edition), kind="correction", reason="It was 99.", by=None, now=timezone.now())
    assert client.get(f"{PAGE}report.json").json()["published"].endswith("(correction of an error): It was 99.")
    assert client.get(f"{PAGE}publications/1/report.json").json()["published"].startswith("Published on ")


# Made when a report is published


@pytest.fixture
def in_background(settings, monkeypatch):
    """Files are made when a report is published, by threads that are given out here; a PDF in no time."""
    settings.MAKE_FILES_WHEN_PUBLISHED = True
    monkeypatch.setitem(FORMATS, "pdf", FORMATS["pdf"]._replace(make=lambda report: b"%PDF"))
    threads = []
    monkeypatch.setattr(files.Thread, "start", lambda thread: threads.append(thread) or original(thread))
    return threads


original = files.Thread.start


def publish_january():
    """As an officer does; what follows the commit has been started when this returns."""
    indicator = make_indicator("A1")
    make_value(indicator, JANUARY, 4)
    scorecard = make_scorecard(indicator, is_public=True, suppresses_small_counts=True)
    edition = make_edition(scorecard, state="in_review")
    fingerprint = draft_edition(edition).fingerprint
    return publish_edition(edition=edition, fingerprint=fingerprint, by=make_officer(), now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_publishing_makes_every_file_of_both_audiences_behind_it(in_background, client):
    publication = publish_january()
    [thread] = in_background
    thread.join(60)

    made = PublishedFile.objects.filter(document__publication=publication)
    assert sorted(made.values_list("document__audience", "suffix")) == sorted(
        (audience, suffix) for audience in ("panel", "public") for suffix in FORMATS
    )
    assert b"[c]" in client.get(f"{PAGE}report.csv").content


@pytest.mark.django_db(transaction=True)
def test_what_is_not_published_after_all_makes_no_files(in_background):
    with transaction.atomic():
        publish_january()
        transaction.set_rollback(True)
    assert in_background == []


def test_file_that_fails_keeps_no_other_from_being_made(published, monkeypatch, caplog):
    def fail(report):
        raise PaperUnavailableError("no Pango")

    def break_down(report):
        raise ZeroDivisionError

    monkeypatch.setitem(FORMATS, "pdf", FORMATS["pdf"]._replace(make=fail))
    monkeypatch.setitem(FORMATS, "xlsx", FORMATS["xlsx"]._replace(make=break_down))

    told = {file_format.suffix: problem for _, file_format, problem in make_missing([published])}

    assert told == dict.fromkeys(FORMATS, "") | {"pdf": "no Pango", "xlsx": "ZeroDivisionError"}
    assert [file_format.suffix for file_format in kept_formats(published)] == ["data.xlsx", "csv", "json", "tidy.zip"]
    assert "Excel of panel, January 2021, for the panel can't be made." in caplog.text


def make_files(*arguments):
    out = StringIO()
    call_command("make_files", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_command_makes_what_is_missing_once(published, monkeypatch):
    monkeypatch.setitem(FORMATS, "pdf", FORMATS["pdf"]._replace(make=lambda report: b"%PDF"))
    csv = file_of(published, FORMATS["csv"])
    assert make_files() == [
        f"panel, January 2021, for the panel, {label}: made."
        for label in ("Excel", "Excel data", "JSON", "Open data", "PDF")
    ]
    assert make_files("panel") == ["Every file is there already."]
    assert file_of(published, FORMATS["csv"]) == csv


def test_editions_that_are_frozen_after_an_upgrade_get_their_files_at_once(settings, monkeypatch):
    settings.MAKE_FILES_WHEN_PUBLISHED = True
    monkeypatch.setattr(files, "FORMATS", {"csv": FORMATS["csv"]})
    Edition.objects.create(scorecard=make_scorecard(make_indicator("A1")), month=JANUARY, state="published")
    out = StringIO()
    call_command("freeze_editions", stdout=out)
    assert out.getvalue().splitlines() == [
        "Panel scorecard, January 2021: frozen as the data stand now.",
        "panel, January 2021, for the panel, CSV: made.",
    ]
    assert PublishedFile.objects.get().suffix == "csv"


def test_command_says_what_could_not_be_made(published, monkeypatch):
    def fail(report):
        raise PaperUnavailableError("no Pango")

    monkeypatch.setitem(FORMATS, "pdf", FORMATS["pdf"]._replace(make=fail))
    with pytest.raises(CommandError, match=r"^1 file could not be made\.$"):
        make_files()


# export_report


def exported(path: Path, *arguments, kind="csv"):
    call_command("export_report", "panel", "2021-01", *arguments, format=kind, output=str(path))
    return path.read_bytes()


def test_command_writes_what_was_published(published, tmp_path):
    assert exported(tmp_path / "report", kind="xlsx") == file_of(published, FORMATS["xlsx"])


def test_command_writes_the_data_as_they_stand_when_asked_to(published, tmp_path):
    assert b"99" in exported(tmp_path / "report", "--live")


def test_command_says_which_publications_there_are(published, tmp_path):
    with pytest.raises(CommandError, match=r"no such publication of January 2021; there is: 1\.$"):
        exported(tmp_path / "report", "--publication", "2")


def test_command_never_gives_the_public_what_is_not_published(published, tmp_path):
    scorecard = Scorecard.objects.get()
    scorecard.suppresses_small_counts = True
    scorecard.save()
    with pytest.raises(CommandError, match=r"there is: none\.$"):
        exported(tmp_path / "report", "--public")


def test_command_writes_no_workbook_to_a_terminal(published):
    with pytest.raises(CommandError, match="is not text: say where with -o FILE"):
        call_command("export_report", "panel", "2021-01", format="xlsx", stdout=StringIO())


def test_command_says_why_there_is_no_pdf(published, tmp_path, monkeypatch):
    from scorecard.management.commands import export_report

    def fail(report):
        raise PaperUnavailableError("run scripts/system_packages")

    monkeypatch.setitem(export_report._NAMED, "pdf", FORMATS["pdf"]._replace(make=fail))
    with pytest.raises(CommandError, match="run scripts/system_packages"):
        exported(tmp_path / "report", kind="pdf")


# Excel


@pytest.mark.parametrize(
    ("file", "has_mark"), [("report.csv", True), ("indicators/{key}/figures.csv", True), ("report.json", False)]
)
def test_file_for_excel_says_that_it_is_utf_8(client, has_mark, file):
    indicator = make_indicator("A1", title="Cost in £ – per child’s day")
    make_value(indicator, JANUARY, 12, note="£5 more")
    publish(make_scorecard(indicator, is_public=True))

    for _ in range(2):
        content = client.get(PAGE + file.format(key=indicator.pk)).content

    assert content.startswith(codecs.BOM_UTF8) is has_mark
    assert content.count(codecs.BOM_UTF8) == has_mark
    assert "£" in content.decode()
    if has_mark:
        # As this project's own imports read it.
        assert "\ufeff" not in "".join(read_spreadsheet(content).headers)


def test_open_data_are_for_programs_and_have_no_mark(client):
    indicator = make_indicator("A1", title="Cost in £")
    make_value(indicator, JANUARY, 12)
    publish(make_scorecard(indicator, is_public=True))

    with zipfile.ZipFile(io.BytesIO(client.get(f"{PAGE}report.tidy.zip").content)) as bundle:
        assert not any(codecs.BOM_UTF8 in bundle.read(name) for name in bundle.namelist())


def test_file_that_was_published_without_the_mark_stays_as_it_is(client):
    indicator = make_indicator("A1")
    make_value(indicator, JANUARY, 12)
    publish(make_scorecard(indicator, is_public=True))
    document = PublishedDocument.objects.get(audience="panel")
    PublishedFile.objects.create(document=document, suffix="csv", content=b"ref\n", checksum="0" * 64)

    assert client.get(f"{PAGE}report.csv").content == b"ref\n"
