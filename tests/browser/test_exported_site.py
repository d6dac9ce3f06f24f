"""The public archive as plain files: what the site serves, to the byte, and every link works with the site away."""

import json
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from shutil import copytree
from threading import Thread
from urllib.parse import urljoin, urlsplit
from zipfile import ZipFile, is_zipfile

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import set_script_prefix

from commentary.models import Commentary
from indicators.models import Indicator, User
from scorecard import exported_site
from scorecard.exported_site import ExportError, export_site, path_of
from scorecard.models import Edition, Publication, PublicationKind, Scorecard, WithheldKind
from scorecard.publication.publish import draft_edition, freeze
from scorecard.publication.withholding import Wanted, find, fingerprint_of, withhold
from scorecard.views.about import _html_of
from tests.databases import database_with
from tests.factories import make_indicator, make_officer, make_scorecard, make_user, make_value, publish
from tests.scorecard.publication.test_frozen import make_panel

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]
NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
FEBRUARY = date(2021, 2, 1)
REPORT = "scorecards/panel/2021-01/index.html"


def make_site():
    """The public panel, and what no visitor may read: a scorecard that isn't public, an open month, people."""
    make_panel()
    counted = Indicator.objects.get(reference="A1")
    make_value(counted, FEBRUARY, 7717)
    Commentary.objects.create(indicator=counted, month=FEBRUARY, text="Marker of an open month.")
    make_user("marker.person", email="marker@example.gov.uk")
    hidden = make_indicator("Z9", title="Marker of a private line")
    make_value(hidden, date(2021, 1, 1), 7717)
    publish(make_scorecard(hidden, slug="private", title="Marker of a private scorecard"), date(2021, 1, 1))


class Quiet(SimpleHTTPRequestHandler):
    """Python's own file server, which knows nothing of the site."""

    def log_message(self, *_):
        """Nobody reads it."""


transactional_db = database_with(make_site)


@pytest.fixture(scope="module")
def archive(transactional_db, tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive") / "site"
    export_site(folder, NOW)
    return folder


def files_of(folder):
    return json.loads((folder / "manifest.json").read_text())["files"]


def test_every_file_is_what_a_visitor_is_answered(archive):
    client, wrong = Client(), []
    for file in files_of(archive):
        body = (archive / file["path"]).read_bytes()
        assert sha256(body).hexdigest() == file["sha256"]
        if not file["is_of_the_archive"] and body != client.get(file["address"], secure=True).getvalue():
            wrong.append(file["path"])
        for marker in (b"Marker of", b"7717", b"marker.person", b"marker@", b'name="csrfmiddlewaretoken"'):
            assert marker not in body or file["path"].startswith("static/"), file["path"]
    assert wrong == []
    own = {file["path"] for file in files_of(archive) if file["is_of_the_archive"]}
    assert own == {f"{path}index.html" for path in ("", "scorecards/panel/", "sign-in/", "password-reset/")}
    stored = {str(one.relative_to(archive)) for one in archive.rglob("*") if one.is_file()}
    assert stored == {file["path"] for file in files_of(archive)} | {"manifest.json", ".lock"}
    report = "scorecards/panel/2021-01/"
    key = Indicator.objects.get(reference="A1").pk
    assert stored >= {
        "index.html",
        "scorecards/panel/index.html",
        "scorecards/panel/archive/index.html",
        "scorecards/panel/compare/index.html",
        "privacy/index.html",
        *(f"{report}report.{ending}" for ending in ("pdf", "xlsx", "data.xlsx", "csv", "json", "tidy.zip")),
        f"{report}publications/1/index.html",
        f"{report}indicators/{key}/index.html",
        f"{report}indicators/{key}/chart.json",
        f"{report}indicators/{key}/figures.csv",
        f"{report}indicators/{key}/figures.months-all.csv",
        "static/app.js",
    }


def test_second_export_writes_what_changed_and_removes_what_is_gone(archive, tmp_path, monkeypatch):
    archive = copytree(archive, tmp_path / "site")
    before = {one: one.stat().st_mtime_ns for one in archive.rglob("*.html")}
    assert export_site(archive, NOW)["written"] == 0
    assert {one: one.stat().st_mtime_ns for one in archive.rglob("*.html")} == before

    (archive / REPORT).write_text("tampered with")
    told = export_site(archive, NOW)
    assert (told["written"], told["removed"]) == (1, 0)

    # A walk that fails leaves everything as it was.
    with monkeypatch.context() as patched:
        patched.setattr(exported_site._Walk, "_file", lambda *_: (_ for _ in ()).throw(ExportError("The site fails.")))
        with pytest.raises(ExportError):
            export_site(archive, NOW)
    assert set(archive.rglob("*.html")) == set(before)

    (archive / "kept.txt").write_text("Somebody's own file.")
    scorecard = Scorecard.objects.get(slug="panel")
    scorecard.is_public = False
    scorecard.save()
    assert export_site(archive, NOW)["removed"] > 20
    assert not (archive / "scorecards").exists()
    assert (archive / "privacy/index.html").exists()
    assert (archive / "kept.txt").exists()


def take_back(wanted):
    findings = find(wanted)
    every = [one.key for one in findings]
    rest = {"only_in": None, "fingerprint": fingerprint_of(findings), "words": "it named a person", "note": ""}
    withhold(wanted=wanted, chosen=every, by=User.objects.get(username="officer"), now=NOW, **rest)


def contents(folder):
    """All that the folder has, with what is packed into workbooks and archives."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()
            if is_zipfile(path):
                with ZipFile(path) as packed:
                    yield from ((path, packed.read(name)) for name in packed.namelist())


def test_what_is_withheld_or_revised_is_gone_after_the_next_export(archive, tmp_path):
    """A text, then a revision beside what was published first, then the whole of it: a page that says so, no files."""
    archive, client = copytree(archive, tmp_path / "site"), Client()
    Scorecard.objects.filter(slug="panel").update(is_public=True)
    make_officer()
    export_site(archive, NOW)
    revised = archive / "scorecards/panel/2021-01/publications/2/index.html"
    assert any(b"It rose." in body for _, body in contents(archive))
    take_back(Wanted(WithheldKind.TEXT, words="It rose."))
    told = export_site(archive, NOW)
    assert told["written"] > 5
    assert [path for path, body in contents(archive) if b"It rose." in body] == []
    assert "it named a person" in (archive / REPORT).read_text()
    assert not revised.exists()

    Commentary.objects.filter(month=date(2021, 1, 1)).update(text="It rose to 20.")
    edition = Edition.objects.get(scorecard__slug="panel", month=date(2021, 1, 1))
    freeze(draft_edition(edition), kind=PublicationKind.CORRECTION, reason="A word was missing.", by=None, now=NOW)
    export_site(archive, NOW)
    assert "A word was missing." in revised.read_text()
    assert "It rose to 20." in (archive / REPORT).read_text()

    first = Publication.objects.get(edition=edition, number=1)
    take_back(Wanted(WithheldKind.PUBLICATION, publication=first.pk))
    data = archive / "scorecards/panel/2021-01/publications/1/report.csv"
    assert data.exists()
    assert export_site(archive, NOW)["removed"]
    assert not data.exists()
    gone = [file for file in files_of(archive) if file["status"] == 410]
    assert {file["path"] for file in gone} == {"scorecards/panel/2021-01/publications/1/index.html"}
    assert "it named a person" in (archive / gone[0]["path"]).read_text()
    assert {file["status"] for file in files_of(archive)} == {200, 302, 410}
    for file in files_of(archive):
        body = (archive / file["path"]).read_bytes()
        assert file["is_of_the_archive"] or body == client.get(file["address"], secure=True).getvalue(), file["path"]
    assert export_site(archive, NOW)["written"] == 0


def test_below_a_path_of_its_host(transactional_db, settings, tmp_path):
    Scorecard.objects.filter(slug="panel").update(is_public=True)
    settings.FORCE_SCRIPT_NAME, settings.STATIC_URL = "/scorecard", "/scorecard/static/"
    set_script_prefix("/scorecard/")
    _html_of.cache_clear()
    try:
        export_site(tmp_path / "site", NOW)
    finally:
        set_script_prefix("/")
        _html_of.cache_clear()
    paths = {file["path"] for file in files_of(tmp_path / "site")}
    assert [path for path in paths if not path.startswith("scorecard/")] == []
    assert paths >= {f"scorecard/{REPORT}", "scorecard/index.html", "scorecard/static/app.css"}
    served = {f"/{path}".removesuffix("index.html") for path in paths}
    for path in paths:
        if path.endswith(".html"):
            links = exported_site._Links((tmp_path / "site" / path).read_text()).found
            led = {
                urlsplit(urljoin(f"/{path}".removesuffix("index.html"), link)).path
                for link in links
                if not urlsplit(link).netloc
            }
            assert {one for one in led if ":" not in one} <= served, path


def test_folder_with_something_else_is_refused(transactional_db, tmp_path):
    (tmp_path / "letter.txt").write_text("Mine.")
    with pytest.raises(CommandError, match="something else than an archive"):
        call_command("export_site", str(tmp_path))
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(CommandError, match="can't be read"):
        call_command("export_site", str(tmp_path))
    assert {one.name for one in tmp_path.iterdir()} - {".lock"} == {"letter.txt", "manifest.json"}


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/", "index.html"),
        ("/scorecards/panel/2021-01/", "scorecards/panel/2021-01/index.html"),
        ("/scorecard/static/app.css", "scorecard/static/app.css"),
        ("/x/figures.csv?months=all", "x/figures.months-all.csv"),
        ("/x/caf%C3%A9/", "x/café/index.html"),
    ],
)
def test_path_of_an_address(address, path):
    assert path_of(address) == path
    with pytest.raises(ExportError, match="leads out of the folder"):
        path_of(f"/%2e%2e{address}")


def test_every_link_works_from_a_plain_file_server(archive, page):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=archive))
    Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_port}"
    asked, answered = set(), {}
    page.on("request", lambda request: asked.add(request.url))
    page.on("response", lambda response: answered.setdefault(response.url, response.status))
    waiting, seen = [f"{root}/"], set()
    try:
        while waiting:
            address = waiting.pop()
            if urlsplit(address).path in seen:
                continue
            seen.add(urlsplit(address).path)
            if address.endswith("/"):
                page.goto(address, wait_until="networkidle" if "/indicators/" in address else "load")
                links = page.eval_on_selector_all("[href], form", "all => all.map(one => one.href || one.action)")
                waiting += [link.split("#")[0] for link in links if link.startswith(root)]
            else:
                answered[address] = page.request.get(address).status
        # Chosen lines are found without the server, as the link of a tile asks for them.
        page.goto(f"{root}/scorecards/panel/2021-01/?words=a2#lines")
        assert page.locator(".line:not([hidden])").count() == 1
    finally:
        server.shutdown()
        server.server_close()
    assert {address: status for address, status in answered.items() if status not in (200, 304)} == {}
    assert [address for address in asked if not address.startswith(root)] == []
    assert any("chart.json" in address for address in asked)
