"""Settings as an operator writes them into the environment, read by a Python of their own."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

BACKENDS = "django.core.mail.backends."


def settings_with(*names, **environment):
    program = (
        "import json; from scorecard import settings; "
        f"print(json.dumps([getattr(settings, name, None) for name in {names!r}], default=str))"
    )
    unset = ("EMAIL_URL", "DEFAULT_FROM_EMAIL", "TRUST_PROXY", "LOCK_OUT_FAILURES", "LOCK_OUT_MINUTES")
    rest = {name: value for name, value in os.environ.items() if name not in unset}
    run = subprocess.run(  # noqa: S603 - this Python, with the tests' own arguments
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env={**rest, "DEBUG": "0", "SECRET_KEY": "x" * 50, "DATABASE_URL": "sqlite://:memory:", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


@pytest.mark.parametrize(
    ("environment", "backend"),
    [
        pytest.param({}, "dummy.EmailBackend", id="server without mail"),
        pytest.param({"EMAIL_URL": ""}, "dummy.EmailBackend", id="left empty"),
        pytest.param({"DEBUG": "1"}, "console.EmailBackend", id="developer"),
        pytest.param({"EMAIL_URL": "smtp://mail.example.gov.uk"}, "smtp.EmailBackend", id="server with mail"),
    ],
)
def test_mail_goes_where_the_environment_says(environment, backend):
    assert settings_with("EMAIL_BACKEND", **environment) == [BACKENDS + backend]


def test_mail_server_is_read_from_one_address():
    names = ["EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS"]

    found = settings_with(*names, EMAIL_URL="smtp+tls://me%40example.gov.uk:p%2Fw@mail.example.gov.uk:587")

    assert found == ["mail.example.gov.uk", 587, "me@example.gov.uk", "p/w", True]


def test_lock_out_is_what_the_environment_says():
    names = ["AXES_FAILURE_LIMIT", "AXES_COOLOFF_TIME", "TRUST_PROXY"]

    assert settings_with(*names) == [5, "0:15:00", False]
    changed = settings_with(*names, LOCK_OUT_FAILURES="3", LOCK_OUT_MINUTES="60", TRUST_PROXY="1")
    assert changed == [3, "1:00:00", True]


@pytest.mark.parametrize(("below", "names"), [("", ["", "/static/"]), ("/panel/", ["/panel", "/panel/static/"])])
def test_place_of_the_site_on_its_host_is_what_the_environment_says(below, names):
    assert settings_with("FORCE_SCRIPT_NAME", "STATIC_URL", SCRIPT_NAME=below) == names
