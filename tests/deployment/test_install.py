"""Putting the scorecard into service: the bundle, scripts/install, the steps of Containerfile, and the restore drill.

All of it runs in clean folders, as on a server, without what this machine's own environment has.
"""

import hashlib
import json
import os
import re
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import tarfile
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow
# A network that refuses everything, as a council's server has it.
NO_NETWORK = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9"),
    "PIP_CONFIG_FILE": os.devnull,
    "NO_PROXY": "",
    "no_proxy": "",
}
ANSWERS = {
    "HOST": "scorecard.council.gov.uk",
    "DATABASE": "sqlite",
    "EMAIL_URL": "smtp+tls://scorecard:a%40b@mail.council.gov.uk:587",
    "OFFICER": "jo.bloggs@council.gov.uk",
    "OFFICER_NAME": "Jo O’Bloggs",
    "PROXY": "nginx",
}
PAGES = (
    "/scorecards/children-and-families/2021-01/",
    "/scorecards/children-and-families/2021-01/report.csv",
    "/scorecards/children-and-families/2021-01/report.json",
)


def clean(**more):
    """The environment of a shell on a server: this one, which may know of a mirror, without the tests' own settings."""
    own = ("DEBUG", "SECRET_KEY", "SITE_URL", "DATABASE_URL", "EMAIL_URL", "ALLOWED_HOSTS", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if name not in own and not name.startswith("DJANGO")}
    # What nobody imports here need not be compiled, and what somebody imports need not be compiled again each time.
    return {**kept, "PYTHON": sys.executable, "PIP_NO_COMPILE": "1", **more}


def run(*command, cwd, status=0, **environment):
    done = subprocess.run(  # noqa: S603 - the commands named here
        [str(word) for word in command],
        cwd=cwd,
        env=clean(**environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == status, f"{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@contextmanager
def serving(folder, command, **environment):
    """A server process, until the end of the block; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [re.sub(r":8000$", f":{port}", word) for word in command]
    with subprocess.Popen(words, cwd=folder, env=clean(**environment)) as server:  # noqa: S603 - the same
        try:
            run(ROOT / "scripts" / "ask_readyz", port, 60, cwd=folder)
            yield port
        finally:
            # As systemd and container engines stop it.
            server.terminate()
            assert server.wait(30) == 0


def pages(port):
    from http.client import HTTPConnection

    for path in PAGES:
        connection = HTTPConnection("127.0.0.1", port)
        connection.request("GET", path, headers={"Host": ANSWERS["HOST"], "X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        assert answer.status == 200, path
        yield answer.read()
        connection.close()


def settings_in(path):
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line and line[0] != "#")


def tree(folder, leaving_out=("var", ".venv", "__pycache__", "etc/scorecard/installed")):
    """Every file below a folder with its mode and what it is."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_mode, path.is_symlink() or path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if not any(part in f"/{path.relative_to(folder)}/" for part in (f"/{name}/" for name in leaving_out))
        and not path.is_dir()
    }


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """What `make bundle` makes, unpacked."""
    folder = tmp_path_factory.mktemp("bundle")
    run("scripts/bundle", folder, cwd=ROOT)
    (packed,) = folder.glob("*.tar.gz")
    told, name = (folder / f"{packed.name}.sha256").read_text().split()
    assert (name, told) == (packed.name, hashlib.sha256(packed.read_bytes()).hexdigest())
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="tar")
    return folder / packed.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def installed(bundle, tmp_path_factory):
    """The folder below which everything was installed, and what was said."""
    root = tmp_path_factory.mktemp("server")
    answers = [f"{name}={value}" for name, value in ANSWERS.items()]
    said = run("scripts/install", "--root", root, *answers, cwd=bundle, **NO_NETWORK)
    return root, said


def test_bundle_is_whole_and_has_nothing_private(bundle):
    listed = dict(line.split("  ", 1)[::-1] for line in (bundle / "SHA256SUMS").read_text().splitlines())
    found = {
        f"./{path.relative_to(bundle)}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in bundle.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert found == listed
    assert {"./static/built/app.css", "./scripts/install", "./wheelhouse/PLATFORM"} <= found.keys()
    for private in ("./.git", "./var", "./tests", "./.venv", "./.env", "./node_modules", "./dist"):
        assert not any(name == private or name.startswith(f"{private}/") for name in found), private


def test_install_makes_all_there_is_to_make_without_a_network(installed):
    root, said = installed
    environment = root / "etc/scorecard/environment"
    written = settings_in(environment)
    assert len(written.pop("SECRET_KEY")) >= 50
    assert written == {
        "ALLOWED_HOSTS": "scorecard.council.gov.uk",
        "SITE_URL": "https://scorecard.council.gov.uk",
        "TRUST_PROXY": "1",
        "WEB_CONCURRENCY": "1",
        "EMAIL_URL": ANSWERS["EMAIL_URL"],
        "DEFAULT_FROM_EMAIL": "scorecard@scorecard.council.gov.uk",
    }
    modes = {environment: 0o640, root / "var/backups/scorecard": 0o700, root / "srv/scorecard/var": 0o750}
    assert {path: stat.S_IMODE(path.stat().st_mode) for path in modes} == modes
    units = {path.name for path in (root / "etc/systemd/system").iterdir()}
    assert units == {path.name for path in (ROOT / "deploy").glob("scorecard*")}
    assert re.search(r"https://scorecard\.council\.gov\.uk/invitation/\S+", said)
    assert '"status": "fine"' in said
    # What would change the machine is only named.
    assert "left out: systemctl restart scorecard.service" in said
    proxy = (root / "etc/nginx/sites-available/scorecard").read_text()
    assert "server_name scorecard.council.gov.uk;" in proxy
    assert "example" not in proxy


def test_install_again_changes_nothing_and_a_newer_version_is_put_in_after_a_backup(bundle, installed):
    root, _ = installed
    before, place = tree(root), root / "srv/scorecard"
    said = run("scripts/install", "--root", root, "SITE_URL=https://other.example", cwd=bundle, **NO_NETWORK)
    assert tree(root) == before
    assert "left out: systemctl start scorecard.service" in said
    settings = settings_in(root / "etc/scorecard/environment")

    (bundle / "scorecard/of_the_newer_version.py").write_text("")
    (place / "scorecard/left_over.py").write_text("")
    said = run("scripts/install", "--root", root, cwd=bundle, **NO_NETWORK)
    assert settings_in(root / "etc/scorecard/environment") == settings
    assert (place / "scorecard/of_the_newer_version.py").exists()
    assert not (place / "scorecard/left_over.py").exists()
    (backup,) = (root / "var/backups/scorecard").glob("before-upgrade-*.zip")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert re.search(r"Backing up.*Preparing.*restart.*\"status\": \"fine\".*Verifying", said, re.DOTALL)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"HOST": "https://scorecard.council.gov.uk/"}, "HOST is the site’s name"),
        ({"HOST": "*"}, "HOST is the site’s name"),
        ({"SITE_URL": "http://scorecard.council.gov.uk"}, "SITE_URL is https://"),
        ({"DATABASE": "mysql://a:b@c/d"}, "DATABASE is local, sqlite"),
        ({"DATABASE": "postgres://a:b$c@d/e"}, "%24"),
        ({"EMAIL_URL": "mail.council.gov.uk"}, "EMAIL_URL is smtp+tls://"),
        ({"PROXY": "apache"}, "PROXY is nginx, caddy or none"),
        ({"OFFICER": "Jo Bloggs"}, "blank"),
        ({"DEFAULT_FROM_EMAIL": "nobody"}, "DEFAULT_FROM_EMAIL is an e-mail address"),
        ({"COLOUR": "red"}, 'doesn’t know "COLOUR"'),
        ({"HOST": None}, "HOST is missing, and there is nobody to ask"),
    ],
)
def test_answer_that_cannot_be_meant_is_refused_before_anything_is_done(tmp_path, answers, words):
    given = {name: value for name, value in {**ANSWERS, **answers}.items() if value is not None}
    file = tmp_path / "answers"
    file.write_text("# Nothing\r\n" + "\r\n".join(f"{name}={value}" for name, value in given.items()), newline="")
    said = run("scripts/install", "--root", tmp_path / "root", "--answers", file, cwd=ROOT, status=1)
    assert words in said
    assert not list((tmp_path / "root").iterdir())


def test_person_at_a_terminal_is_asked_until_the_answer_can_be_meant(tmp_path):
    person, terminal = os.openpty()
    typed = ["https://scorecard.council.gov.uk", "scorecard.council.gov.uk", "", "mysql", "sqlite", "\x04"]
    os.write(person, "\n".join(typed).encode())
    with subprocess.Popen(  # noqa: S603 - the same
        [ROOT / "scripts/install", "--root", tmp_path / "root"],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=clean(),
        start_new_session=True,
    ) as asking:
        said, _ = asking.communicate(timeout=60)
    os.close(terminal)
    os.close(person)
    assert asking.returncode == 1
    asked = [
        "site’s name, as",
        "HOST is the site’s name",
        "[https://scorecard.council.gov.uk]",
        "DATABASE is local",
        "Mail server",
    ]
    assert re.search(".*".join(map(re.escape, asked)), said, re.DOTALL), said
    assert "There was no answer." in said


def instructions():
    """Those of Containerfile, with lines that go on put together."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Containerfile").read_text(), flags=re.MULTILINE)
    return [line.split(None, 1) for line in re.sub(r"\\\n\s*", " ", text).splitlines() if line.strip()]


def is_sent(path):
    """Whether .dockerignore leaves a file to the builder: it lets nothing through but what it names."""
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert rules[0] == "*"
    named = [rule[1:] for rule in rules if rule[0] == "!"]
    return "__pycache__" not in path.parts and any(path.is_relative_to(one) for one in named)


def copy(line, place, stages):
    """What a COPY line copies: from this project as far as it is sent, or from an earlier stage."""
    *sources, target = line.split()
    origin = stages[sources.pop(0).removeprefix("--from=")] if line.startswith("--from=") else ROOT

    def left_out(folder, names):
        return [name for name in names if not is_sent(Path(folder, name).relative_to(ROOT))]

    for source in sources:
        path, into = origin / source.lstrip("/"), place / target
        if target.endswith("/"):
            into /= path.name
        assert path.exists(), f"COPY {source}: nothing is there"
        assert origin != ROOT or is_sent(path.relative_to(ROOT)), f"COPY {source}: .dockerignore keeps it back"
        into.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            shutil.copy(path, into)
        else:
            shutil.copytree(path, into, symlinks=True, ignore=left_out if origin == ROOT else None)


# How Containerfile installs the packages of a file.
PACKAGES = re.compile(
    r"python -m venv --without-pip \.venv && pip --python \.venv/bin/python install"
    r" --no-cache-dir --require-hashes --only-binary :all: -r (requirements/\w+\.txt)"
)


def built(folder, environments):
    """Do what Containerfile says below a folder, but for what only a container can have: its system and its user.

    `environments` names the environments that have the packages of each file already. Return where the last stage
    works, and its environment and command.
    """
    stages, variables = {}, {}
    for number, (word, rest) in enumerate(instructions()):
        if word == "FROM":
            stage, variables = folder / str(number), {}
            stages[rest.partition(" AS ")[2]] = stage
        elif word == "WORKDIR":
            place = stage / rest.lstrip("/")
            place.mkdir(parents=True)
        elif word == "ENV":
            for name, value in re.findall(r"(\w+)=(\S+)", rest):
                variables[name] = value.replace("/srv/", f"{stage}/srv/").replace("$PATH", os.environ["PATH"])
        elif word == "COPY":
            copy(rest, place, stages)
        elif word == "RUN" and (packages := PACKAGES.fullmatch(rest)):
            assert (place / packages[1]).read_text() == (ROOT / packages[1]).read_text()
            (place / ".venv").symlink_to(environments[packages[1]])
        elif word == "RUN" and "apt-get" not in rest:
            run("bash", "-ec", rest, cwd=place, **variables)
    return place, variables, json.loads(dict(instructions())["CMD"])


def test_container_is_built_writes_nothing_and_restores_the_backup_of_a_server(tmp_path, installed):
    """The restore drill: a server's backup, restored by a container's code into a new database, reads the same."""
    root, _ = installed
    server, python = root / "srv/scorecard", root / "srv/scorecard/.venv/bin/python"
    environments = {"requirements/base.txt": server / ".venv", "requirements/frontend.txt": ROOT / ".venv"}
    place, variables, command = built(tmp_path / "image", environments)
    assert not (place / "var").exists()
    image = tree(place, leaving_out=("__pycache__",))

    settings = settings_in(root / "etc/scorecard/environment")
    run(python, "manage.py", "load_demo", cwd=server, **settings)
    run(python, "manage.py", "backup", tmp_path / "backup.zip", cwd=server, **settings)
    with serving(server, [str(python), "-m", "gunicorn", *command[1:]], **settings) as port:
        read = list(pages(port))

    database = f"sqlite:///{tmp_path / 'restored.sqlite3'}"
    restored = {**settings, **variables, "DATABASE_URL": database, "HOME": str(tmp_path)}
    said = run(place / ".venv/bin/python", "manage.py", "restore", tmp_path / "backup.zip", cwd=place, **restored)
    assert "as they were published" in said
    with serving(place, [str(place / ".venv/bin" / command[0]), *command[1:]], **restored) as port:
        assert list(pages(port)) == read, "A page of the restored database is another."
    assert tree(place, leaving_out=("__pycache__",)) == image


def test_steps_that_only_a_container_can_take_are_the_usual_ones():
    left_out = [rest for word, rest in instructions() if word == "RUN" and "apt-get" in rest]
    (only,) = left_out
    named = set(shlex.split(only))
    in_install = re.search(r"wanted=\((.+?)\)", (ROOT / "scripts/install").read_text())[1].split()
    for_paper = {package for package in in_install if package.startswith(("lib", "fonts"))}
    assert for_paper <= named
    assert len(for_paper) == 5
