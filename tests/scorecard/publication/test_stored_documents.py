"""Documents of every format there was are published and read here, for panel and public.

Everything is drawn from those of the first format, which say least, and of the latest, which say most. What one of a
format between says stands word for word in one of the two, so that it is verified, compared and revised only.
"""

import gzip
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client

from scorecard.files.formats import FORMATS
from scorecard.models import Edition, Publication, PublicationKind, PublishedDocument
from scorecard.publication.document import FrozenReport, checksum_of
from scorecard.publication.publish import combined_checksum, draft_edition, revise_edition, without_judgements
from scorecard.publication.upgrades import upgraded
from scorecard.roles import PANEL_MEMBERS
from tests.factories import DECEMBER, JANUARY, make_indicator, make_officer, make_scorecard, make_user, make_value

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]
FORMAT_FOLDERS = sorted((Path(__file__).resolve().parents[2] / "data" / "documents").glob("format-*/"))
SCORECARD = "/scorecards/families/"
AUDIENCES = ("panel", "public")
DATA = [suffix for suffix in FORMATS if suffix != "pdf"]


def body(folder, month, audience):
    [path] = folder.glob(f"{month:%Y-%m}-*-{audience}.json.gz")
    return gzip.decompress(path.read_bytes()).decode()


DRAWN = (FORMAT_FOLDERS[0], FORMAT_FOLDERS[-1])
in_drawn_formats = pytest.mark.parametrize("stored", DRAWN, ids=lambda folder: folder.name, indirect=True)


def sayings(plain, place=()):
    """Everything that a document says, each with its place."""
    if plain and isinstance(plain, dict | list):
        parts = plain.items() if isinstance(plain, dict) else enumerate(plain)
        return {saying for name, part in parts for saying in sayings(part, (*place, name))}
    return {(place, json.dumps(plain))}


@pytest.mark.parametrize("folder", FORMAT_FOLDERS, ids=lambda folder: folder.name)
def test_document_of_another_installation_is_read_with_higher_numbers(folder):
    text = body(folder, JANUARY, "panel")
    own, read = FrozenReport(text), FrozenReport(text, numbers_from=1000)

    def here(place, said):
        *above, name = place
        in_lists = {"numerators", "denominators"} & {*above} and not isinstance(json.loads(said), bool)
        is_number = name in ("indicator", "key", "only_follows") or (in_lists and isinstance(name, int))
        raised = str(int(said) + 1000) if is_number and said != "null" else said
        if above[:1] and above[0] in ("pages", "long_pages"):
            place = (above[0], str(int(place[1]) + 1000), *place[2:])
        return place, raised

    assert sayings(json.loads(read.text)) == {here(*saying) for saying in sayings(json.loads(own.text))}
    assert read.stored_text == own.text
    assert read.report.by_indicator.keys() == {key + 1000 for key in own.report.by_indicator}
    assert [page.key for page in read.pages.usual] == [page.key + 1000 for page in own.pages.usual]


@pytest.fixture(params=FORMAT_FOLDERS, ids=lambda folder: folder.name)
def stored(request):
    """December and January of a scorecard, published as the documents of a format have them."""
    line = make_indicator("M1")
    make_value(line, JANUARY, 1500)
    scorecard = make_scorecard(line, slug="families", is_public=True, suppresses_small_counts=True)
    for month in (DECEMBER, JANUARY):
        edition = Edition.objects.create(scorecard=scorecard, month=month, state="published")
        bodies = {audience: body(request.param, month, audience) for audience in AUDIENCES}
        checksums = {audience: checksum_of(text) for audience, text in bodies.items()}
        publication = Publication.objects.create(
            edition=edition,
            number=1,
            published_at=datetime(2021, 2, 18, 10, tzinfo=UTC),
            checksum=combined_checksum([*checksums.values()]),
        )
        for audience, text in bodies.items():
            PublishedDocument.objects.create(
                publication=publication, audience=audience, body=text, checksum=checksums[audience]
            )
    return request.param


def reader(audience):
    client = Client()
    if audience == "panel":
        member = make_user("councillor")
        member.groups.add(Group.objects.get(name=PANEL_MEMBERS))
        client.force_login(member)
    return client


def verified():
    out = io.StringIO()
    call_command("verify_editions", stdout=out)
    return out.getvalue().strip()


def test_documents_are_verified(stored):
    assert verified() == "2 editions are as they were published."


@pytest.mark.parametrize("folder", FORMAT_FOLDERS[1:-1], ids=lambda folder: folder.name)
@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("month", [DECEMBER, JANUARY], ids=str)
def test_what_a_format_between_says_is_drawn_from_another(folder, month, audience):
    first, between, latest = (
        sayings(upgraded(json.loads(body(of, month, audience)))) for of in (DRAWN[0], folder, DRAWN[1])
    )
    assert between - first - latest == set()


@in_drawn_formats
@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_page_and_file_is_drawn(stored, audience):
    client = reader(audience)
    for month in (DECEMBER, JANUARY):
        frozen = FrozenReport(body(stored, month, audience))
        report, place = frozen.report, f"{SCORECARD}{month:%Y-%m}/"
        page = client.get(place).content.decode()
        # The figures of the latest month are those of the document.
        assert all(row.month_texts[-1] in page for row in report.rows)
        assert all(section.title in page for section in report.sections)
        for suffix in DATA:
            made = client.get(f"{place}report.{suffix}")
            assert (made.status_code, made["Content-Type"]) == (200, FORMATS[suffix].content_type)
        for indicator in frozen.pages.usual:
            for months in ("", "?months=13", "?months=all"):
                for file in ("", "chart.json", "figures.csv"):
                    assert client.get(f"{place}indicators/{indicator.key}/{file}{months}").status_code == 200


@in_drawn_formats
@pytest.mark.parametrize("audience", AUDIENCES)
def test_pdf_is_made(stored, audience):
    assert reader(audience).get(f"{SCORECARD}2021-01/report.pdf").content.startswith(b"%PDF-")


@pytest.mark.parametrize("audience", AUDIENCES)
def test_two_are_compared(stored, audience):
    page = reader(audience).get(f"{SCORECARD}compare/?earlier=2020-12&later=2021-01")
    assert page.status_code == 200
    assert "From December 2020 to January 2021." in page.content.decode()


def test_revision_is_published_beside_them(stored):
    edition = Edition.objects.get(month=date(2021, 1, 1))
    client = reader("public")
    before = client.get(f"{SCORECARD}2021-01/report.csv").content
    revise_edition(
        edition=edition,
        fingerprint=draft_edition(edition).fingerprint,
        kind=PublicationKind.CORRECTION,
        reason="It was counted anew.",
        by=make_officer(),
        now=datetime(2021, 3, 4, 10, tzinfo=UTC),
    )
    assert client.get(f"{SCORECARD}2021-01/publications/1/report.csv").content == before
    assert "1,500" in client.get(f"{SCORECARD}2021-01/report.csv").content.decode()
    for address in ("archive/", "compare/?earlier=2021-01.1&later=2021-01", "2021-01/publications/1/"):
        assert client.get(SCORECARD + address).status_code == 200
    assert verified() == "2 editions are as they were published."


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_a_new_rule_judges_otherwise_is_no_reason_to_revise(audience):
    """Signals, and what is better or worse, follow from the rest; a figure does not."""
    text = body(FORMAT_FOLDERS[-1], JANUARY, audience)
    judged = text.replace('"assessment":"better"', '"assessment":"worse"')
    assert judged != text
    assert without_judgements(judged) == without_judgements(text)
    assert without_judgements(text.replace('"title":"', '"title":"Another ', 1)) != without_judgements(text)
