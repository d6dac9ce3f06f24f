"""The files that put the scorecard into service: what they run is there, and what they set is believed."""

import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands, load_command_class
from gunicorn.config import Config

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "deploy"
SERVICES = sorted(FOLDER.glob("*.service"))
TIMERS = sorted(FOLDER.glob("*.timer"))
DOCS = (ROOT / "docs" / "deploy.md").read_text()
HARDENED = {
    **dict.fromkeys(
        [
            "NoNewPrivileges",
            "PrivateTmp",
            "PrivateDevices",
            "ProtectHome",
            "ProtectClock",
            "ProtectHostname",
            "ProtectKernelLogs",
            "ProtectKernelModules",
            "ProtectKernelTunables",
            "ProtectControlGroups",
            "LockPersonality",
            "RestrictNamespaces",
            "RestrictRealtime",
            "RestrictSUIDSGID",
        ],
        "yes",
    ),
    "ProtectSystem": "strict",
    "ProtectProc": "invisible",
    "CapabilityBoundingSet": "",
    "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
    "SystemCallArchitectures": "native",
    "SystemCallFilter": "@system-service",
    "UMask": "0077",
}
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
COMPOSE_ENV = dict(
    line.split("=", 1) for line in (FOLDER / "compose.env").read_text().splitlines() if line and line[0] != "#"
)
CONTAINERFILE = (ROOT / "Containerfile").read_text()


def unit(path):
    parser = ConfigParser(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str
    parser.read_string(path.read_text())
    return parser


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_service_runs_what_there_is_as_a_user_that_may_do_little(path):
    service = unit(path)["Service"]
    assert service["User"] == "scorecard"
    assert service.items() >= HARDENED.items()
    assert path.name == "scorecard-watch.service" or service["EnvironmentFile"] == "/etc/scorecard/environment"
    commands = re.findall(r"^ExecStart\w*=(\S+) (.+)$", path.read_text(), re.MULTILINE)
    for program, arguments in commands:
        name = program.removeprefix("/srv/scorecard/.venv/bin/")
        if name == "python":
            script, command, *rest = arguments.split()
            if script == "scripts/ask_readyz":
                assert (ROOT / script).exists()
                continue
            assert script == "manage.py"
            # Ends the program when it can't be read.
            load_command_class(get_commands()[command], command).create_parser("manage.py", command).parse_args(rest)
        else:
            assert name == "gunicorn"
            parsed = Config().parser().parse_args(arguments.split())
            assert parsed.args == ["scorecard.wsgi"]
            assert parsed.workers is None
    assert commands


@pytest.mark.parametrize("path", TIMERS, ids=lambda path: path.name)
def test_timer_has_a_service_and_is_told_of(path):
    timer = unit(path)
    assert path.with_suffix(".service") in SERVICES
    assert timer["Install"]["WantedBy"] == "timers.target"
    when = timer["Timer"]["OnCalendar"]
    # Of what has a time of day, it is the council's.
    assert when.startswith("*:") or when.endswith(" Europe/London")
    assert (timer["Timer"].get("Persistent") == "yes") == (path.stem not in ("scorecard-reminders", "scorecard-watch"))
    assert path.stem in DOCS


def program(name):
    """A program that scripts/system_packages has seen to."""
    # Debian keeps servers' programs where only root's path leads.
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    assert found, f"{name} is missing: run scripts/system_packages"
    return found


def said_by(*command):
    done = subprocess.run(  # noqa: S603 - the programs named here
        command, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def units(tmp_path):
    """The units, for a project that is here."""
    for path in (*SERVICES, *TIMERS):
        text = path.read_text().replace("/srv/scorecard/.venv/bin/", f"{Path(sys.executable).parent}/")
        (tmp_path / path.name).write_text(text.replace("/srv/scorecard", str(ROOT)))
    return sorted(str(path) for path in tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.linux
def test_systemd_understands_the_units_and_finds_little_that_they_may_do(units):
    systemd = program("systemd-analyze")
    assert not said_by(systemd, "verify", "--man=no", *units).strip()
    for unit in units:
        if unit.endswith(".service"):
            said_by(systemd, "security", "--offline=true", "--threshold=20", unit)


@pytest.mark.slow
def test_nginx_understands_its_settings(tmp_path):
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    said_by(
        *(program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=scorecard"),
        *("-keyout", str(key), "-out", str(certificate)),
    )
    # It tries the ports, and only root may have these.
    site = re.sub(r"listen (80|443)", r"listen 5\g<1>5", (FOLDER / "nginx.conf").read_text())
    site = site.replace("/etc/ssl/certs/scorecard.pem", str(certificate)).replace(
        "/etc/ssl/private/scorecard.key", str(key)
    )
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {site} }}")
    said_by(program("nginx"), "-t", "-q", "-p", str(tmp_path), "-c", str(whole))


@pytest.mark.slow
def test_caddy_understands_its_settings():
    said_by(program("caddy"), "validate", "--adapter", "caddyfile", "--config", str(FOLDER / "Caddyfile"))


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_proxy_hands_requests_on_and_limits_uploads(name):
    bare = re.sub(r"#.*", "", (FOLDER / name).read_text())
    assert "127.0.0.1:8000" in bare
    assert re.search(r"6m\b|6MB", bare)
    assert "/readyz" in bare
    if name == "nginx.conf":
        headers = dict(re.findall(r"proxy_set_header (\S+) (\S+);", bare))
        assert headers == {
            "Host": "$host",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "$remote_addr",
            "X-Request-ID": "$request_id",
        }
        assert re.search(r"location = /metrics \{\s*return 404;", bare)
    else:
        assert "respond /metrics 404" in bare
        assert "header_up X-Request-ID {http.request.uuid}" in bare


@pytest.mark.slow
@pytest.mark.parametrize("name", ["install", "bundle", "setup", "system_packages"])
def test_shell_finds_no_mistake_in_what_servers_run(name):
    said_by(
        program("shellcheck"),
        "--severity=warning",
        "--external-sources",
        "--source-path=SCRIPTDIR",
        str(ROOT / "scripts" / name),
    )


def test_containerfile_is_as_its_checker_wants_it():
    hadolint = Path(sys.executable).with_name("hadolint")
    said_by(str(hadolint), str(ROOT / "Containerfile"))


def test_container_is_pinned_runs_as_nobody_and_has_no_secret():
    (base,) = re.findall(r"^ARG PYTHON=(\S+)$", CONTAINERFILE, re.MULTILINE)
    assert re.fullmatch(r"\S+:\d+\.\d+\.\d+-slim-\w+", base)
    stages = re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)
    assert stages == ["${PYTHON}"] * len(stages)
    last = CONTAINERFILE.rpartition("\nFROM ")[2]
    user = re.findall(r"^USER (\d+):\d+$", last, re.MULTILINE)[-1]
    assert int(user) > 1000
    assert f"--uid {user}" in last
    # As root nothing happens after that.
    assert not re.search(r"^(RUN|COPY|ADD)", last.partition("\nUSER ")[2], re.MULTILINE)
    assert "ask_readyz" in re.findall(r"^HEALTHCHECK .*$", last, re.MULTILINE)[0]
    set_here = dict(re.findall(r"^(?:ENV|ARG) (\w+)=(\S+)", CONTAINERFILE, re.MULTILINE))
    assert not set_here.keys() & (read_settings() | {"POSTGRES_PASSWORD"})
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert "*" in ignored
    for private in (".git", "var", "tests", ".env", ".venv", "node_modules", "static/built"):
        assert f"!{private}" not in ignored


def test_compose_gives_each_container_little_and_begins_in_order():
    services = COMPOSE["services"]
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert ("build" in service and service["build"]["dockerfile"] == "Containerfile") or re.search(
            r":v?\d+\.\d+", service["image"]
        ), name
        assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", ())), name
        assert service.get("depends_on", {}).keys() <= services.keys(), name
        for source, _, options in (volume.partition(":") for volume in service.get("volumes", ())):
            if source.startswith("."):
                assert (ROOT / source).exists()
                # Where SELinux is on, a container can't read what is not marked as its own.
                assert options.endswith(":ro,Z")
            else:
                assert source in COMPOSE["volumes"]
    ours = {name: service for name, service in services.items() if "build" in service}
    assert ours.keys() == {"app", "migrate", "demonstration"}
    assert services["app"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert services["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    for name, service in ours.items():
        assert service["env_file"] == [".env"]
        if "command" in service:
            python, script, command, *rest = service["command"]
            assert (python, script) == ("python", "manage.py"), name
            load_command_class(get_commands()[command], command).create_parser("manage.py", command).parse_args(rest)


def test_compose_sets_what_is_read_and_keeps_secrets_in_a_file_of_its_own():
    read = read_settings() | {"WEB_CONCURRENCY"}
    assert COMPOSE["services"]["app"]["environment"].keys() | COMPOSE_ENV.keys() <= read | {"POSTGRES_PASSWORD"}
    assert {name for name, value in COMPOSE_ENV.items() if not value} == {"SECRET_KEY", "POSTGRES_PASSWORD"}
    for service in COMPOSE["services"].values():
        for name, value in service.get("environment", {}).items():
            if secret := re.search(r"://\w+:(.+)@", value) or ("PASSWORD" in name and re.fullmatch("(.*)", value)):
                assert secret[1].startswith("${"), name
    assert "/.env" in (ROOT / ".gitignore").read_text().split()


def read_settings():
    module = Path(ROOT, "scorecard", "settings.py").read_text()
    return set(re.findall(r"environment\.\w+\(\s*\"([A-Z_]+)\"", module))
