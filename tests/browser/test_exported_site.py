"""The public archive as plain files: what the site serves, to the byte, and every link works with the site away."""

import json
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from shutil import copytree
from threading import Thread
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from commentary.models import Commentary
from indicators.models import Indicator
from scorecard import exported_site
from scorecard.exported_site import ExportError, export_site, path_of
from scorecard.models import Scorecard
from tests.databases import database_with
from tests.factories import make_indicator, make_scorecard, make_user, make_value, publish
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
