"""The files that put the scorecard into service: what they run is there, and what they set is believed."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from gunicorn.config import Config

FOLDER = Path(settings.BASE_DIR) / "deploy"
SERVICES = sorted(FOLDER.glob("*.service"))
TIMERS = sorted(FOLDER.glob("*.timer"))
DOCS = (Path(settings.BASE_DIR) / "docs" / "deploy.md").read_text()
HARDENED = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes"}


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
    assert service["EnvironmentFile"] == "/etc/scorecard/environment"
    commands = re.findall(r"^Exec\w+=(\S+) (.+)$", path.read_text(), re.MULTILINE)
    for program, arguments in commands:
        name = program.removeprefix("/srv/scorecard/.venv/bin/")
        if name == "python":
            script, command, *rest = arguments.split()
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
    assert re.fullmatch(
        r"([A-Z][a-z]{2}(\.\.[A-Z][a-z]{2})? )?\d\d(\.\.\d\d)?:\d\d:\d\d Europe/London", timer["Timer"]["OnCalendar"]
    )
    assert path.name in DOCS


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_proxy_hands_requests_on_and_limits_uploads(name):
    text = (FOLDER / name).read_text()
    bare = re.sub(r"#.*", "", text)
    assert bare.count("{") == bare.count("}") > 2
    assert "127.0.0.1:8000" in bare
    assert re.search(r"6m\b|6MB", bare)
    if name == "nginx.conf":
        assert all(line.strip().endswith((";", "{", "}", "")) for line in bare.splitlines())
        headers = dict(re.findall(r"proxy_set_header (\S+) (\S+);", bare))
        assert headers == {"Host": "$host", "X-Forwarded-Proto": "https", "X-Forwarded-For": "$remote_addr"}


def test_every_setting_is_in_the_table_and_read():
    """The table for operators, the list at the top of the settings and what is read are the same variables."""
    modules = ("settings.py", "accounts/provider.py")
    module = "\n".join(Path(settings.BASE_DIR, "scorecard", name).read_text() for name in modules)
    read = set(re.findall(r"(?:environment\.\w+|_groups)\(\s*\"([A-Z_]+)\"", module))
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", DOCS, re.MULTILINE))
    listed = set(re.findall(r"^([A-Z_]+) {2,}\S", module, re.MULTILINE))
    assert read == listed
    assert told == read | {"WEB_CONCURRENCY"}
