"""Two servers with folders of their own on one PostgreSQL: whichever a request comes to, it finds the same."""

import http.client
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection

from indicators.models import MonthlyValue, User
from scorecard.models import Edition, PublishedFile, Scorecard
from tests.databases import database_with
from tests.factories import JANUARY
from tests.scorecard.cast import make_cast, take_to

pytestmark = [pytest.mark.postgresql, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HOST, JANUARYS = "panel.example.gov.uk", "/scorecards/panel/2021-01/"
ENOUGH = ("scorecard", "indicators", "commentary", "templates", "static", "docs", "manage.py", "gunicorn.conf.py")
HOLD = 1
PASSWORD = "right for both servers"


def make_public_month():
    """January waits to be published, on a scorecard that everybody reads; the officer has a password."""
    edition = make_cast()
    Scorecard.objects.update(is_public=True)
    take_to(edition, "in_review")
    # The servers have the hasher of production.
    User.objects.filter(username="officer").update(password=PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1))


transactional_db = database_with(make_public_month)


class Server:
    """A server in a folder of its own, which can be stopped as if the power went, and started again."""

    def __init__(self, folder, environment):
        self.folder, self.environment = folder, environment
        self.process = None

    def start(self):
        with socket.create_server(("127.0.0.1", 0)) as listener, (self.folder / "log").open("a") as log:
            place = listener.fileno()
            command = [sys.executable, "-m", "gunicorn", "scorecard.wsgi", "--threads", "2", "--no-control-socket"]
            self.process = subprocess.Popen(  # noqa: S603 - only constants
                [*command, "--bind", f"fd://{place}"],
                cwd=self.folder,
                env=self.environment,
                pass_fds=[place],
                start_new_session=True,
                stderr=log,
            )
            self.port = listener.getsockname()[1]

    def lose(self):
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextmanager
def two_servers(tmp_path):
    name = connection.settings_dict["NAME"]
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("DJANGO", "PYTEST"))},
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}",
        "ALLOWED_HOSTS": HOST,
        "TRUST_PROXY": "1",
        "PUBLISHED_PAGES_HOLD_SECONDS": str(HOLD),
        "LOCK_OUT_FAILURES": "4",
        # Second factors and showing again who one is are tried on one server, in accounts/.
        "SECOND_FACTOR_FOR": "none",
        "CONFIRM_AGAIN_MINUTES": "0",
    }
    with ExitStack() as running:
        servers = []
        for one in ("a", "b"):
            folder = tmp_path / one
            folder.mkdir()
            for part in ENOUGH:
                source = settings.BASE_DIR / part
                shutil.copytree(source, folder / part) if source.is_dir() else shutil.copy(source, folder / part)
            collected = tmp_path / "a" / "staticfiles"
            if collected.exists():
                shutil.copytree(collected, folder / "staticfiles")
            else:
                subprocess.run(
                    [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
                    cwd=folder,
                    env=environment,
                    check=True,
                )
            servers.append(Server(folder, environment))
            running.callback(servers[-1].lose)
            servers[-1].start()
        yield servers


class Person:
    """A browser behind a proxy that sends each request to the server it is told."""

    def __init__(self):
        self.cookies = {}

    def ask(self, server, method, address, fields=None, file=None):
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.7",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Referer": f"https://{HOST}/",
        }
        body = None
        if method == "POST":
            fields = {"csrfmiddlewaretoken": self.token, **(fields or {})}
            body, headers["Content-Type"] = urlencode(fields, doseq=True), "application/x-www-form-urlencoded"
            if file:
                body, headers["Content-Type"] = multipart(fields, *file)
        asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        asked.request(method, address, body, headers)
        response = asked.getresponse()
        self.take(response)
        content = response.read()
        asked.close()
        return response, content.decode(errors="replace") if "text/html" in response.headers[
            "Content-Type"
        ] else content

    def take(self, response):
        for header in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == 0:
                    del self.cookies[name]

    def get(self, server, address):
        response, content = self.ask(server, "GET", address)
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', content) if isinstance(content, str) else None
        self.token = found[1] if found else getattr(self, "token", "")
        return response, content

    def post(self, server, address, fields=None, file=None):
        return self.ask(server, "POST", address, fields, file)

    def sign_in(self, form_from, server, password=PASSWORD):
        self.get(form_from, "/sign-in/")
        return self.post(server, "/sign-in/", {"username": "officer", "password": password})[0].status


def multipart(fields, name, content):
    boundary = "x" * 30
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}' for key, value in fields.items()
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="import_file"; filename="{name}"\r\n\r\n{content}'
    )
    return "\r\n".join([*parts, f"--{boundary}--\r\n"]).encode(), f"multipart/form-data; boundary={boundary}"


def hidden(name, page):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]


def test_two_servers_are_one_site(transactional_db, tmp_path):
    with two_servers(tmp_path) as (a, b):
        officer, visitor = Person(), Person()

        # Style sheets have the same name and bytes on both.
        style = re.search(r'href="(/static/app[^"]+css)"', visitor.get(a, "/contact/")[1])[1]
        assert visitor.get(a, style)[1] == visitor.get(b, style)[1] != b""

        # The form from one server, sent to the other; the session of one is the other's.
        assert officer.sign_in(b, a) == 302
        assert officer.get(b, "/editions/")[0].status == 200

        # Between preview and confirmation a file waits where both find it.
        there = "/admin/indicators/monthlyvalue/"
        officer.get(a, f"{there}import/")
        file = ("figures.csv", "reference,month,figure\nA1,2021-01,4321\n")
        preview = officer.post(a, f"{there}import/", {"format": "0"}, file)[1]
        answers = dict.fromkeys(re.findall(r'name="(question-[^"]+)"', preview), "It is right.")
        shutil.rmtree(tmp_path / "a" / "var", ignore_errors=True)
        confirmed, _ = officer.post(b, f"{there}process_import/", {"preview": hidden("preview", preview), **answers})
        assert confirmed.status == 302
        assert MonthlyValue.objects.get(indicator__reference="A1", month=JANUARY).figure == 4321

        # Seen on one, published on the other; which is lost in that moment, with the files it was to make.
        page = officer.get(a, "/collection/panel/2021-01/publish/")[1]
        agreed = {"looked": "on", "fingerprint": hidden("fingerprint", page)}
        published, _ = officer.post(b, "/collection/panel/2021-01/publish/", agreed)
        b.lose()
        assert (published.status, published.headers["Location"]) == (302, JANUARYS)
        assert Edition.objects.get(month=JANUARY).state == "published"
        response, read = visitor.get(a, JANUARYS)
        assert response.status == 200
        assert "4,321" in read
        paper = visitor.get(a, f"{JANUARYS}report.pdf")[1]
        assert paper.startswith(b"%PDF")
        b.start()
        assert visitor.get(b, f"{JANUARYS}report.pdf")[1] == paper
        assert PublishedFile.objects.filter(suffix="pdf").count() >= 1

        # The same page with the same ETag, which either of them takes for unchanged.
        first, second = visitor.get(a, JANUARYS), visitor.get(b, JANUARYS)
        assert (first[1], first[0].headers["ETag"]) == (second[1], second[0].headers["ETag"])
        assert "4,321" in officer.get(b, JANUARYS)[1]

        # Withheld on one: gone at once on the other for who is signed in, for visitors within the time it is held.
        back = f"{JANUARYS}publications/1/take-back/"
        officer.get(a, back)
        places = officer.post(a, back, {"kind": "text", "sought": "doubled"})[1]
        chosen = re.findall(r'name="chosen"[^>]*value="([^"]*)"', places)
        sent = {"kind": "text", "sought": "doubled", "chosen": chosen, "fingerprint": hidden("fingerprint", places)}
        sent |= {"scope": "everywhere", "reason": "it named a person", "note": "A person asked."}
        assert "It doubled." in read
        withheld, _ = officer.post(a, back, sent)
        assert withheld.status == 302
        assert "It doubled." not in officer.get(b, JANUARYS)[1]
        time.sleep(HOLD + 0.1)
        assert "It doubled." not in visitor.get(b, JANUARYS)[1]
        assert "It doubled." not in visitor.get(b, f"{JANUARYS}report.csv")[1].decode()

        # Signed out of one is signed out of both; failures on either count together.
        officer.get(a, "/editions/")
        officer.post(a, "/sign-out/")
        assert officer.get(b, "/editions/")[0].status == 302
        assert [Person().sign_in(one, one, "wrong") for one in (a, b, a, b)] == [200, 200, 200, 429]
        assert Person().sign_in(a, a) == 429
