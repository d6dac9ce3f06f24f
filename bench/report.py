"""Building the report and its page, for a usual and for a huge scorecard."""

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings

from indicators.models import User
from scorecard.models import EditionState, Scorecard
from scorecard.report import assemble_report
from scorecard.roles import PERFORMANCE_OFFICERS

from .baselines import pandas_report, read_floor
from .scorecards import MONTH, make_scorecard
from .timing import medians

# Signals look at 25 months.
CASES = ((64, 25), (64, 120), (6400, 25), (6400, 120))
PLAIN_HTTP = {
    "ALLOWED_HOSTS": ["*"],
    "SECURE_SSL_REDIRECT": False,
    "STORAGES": {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
}


def run() -> None:
    print("Medians in milliseconds. The floor reads the report's monthly values with one SQL statement, no more.")
    print(" lines  months    floor   report   pandas  report/floor  report/pandas")
    built = {}
    for lines, months in CASES:
        call_command("migrate", verbosity=0)
        call_command("flush", interactive=False, verbosity=0)
        # In review: the report is worked out from the data, and read by an officer.
        scorecard = make_scorecard(lines=lines, months=months, state=EditionState.IN_REVIEW)
        built[lines, months] = _report_case(scorecard, lines, months)
        _page_case(scorecard, lines)
    for lines in (64, 6400):
        ratio = built[lines, 120] / built[lines, 25]
        print(f"{lines} lines: with 120 months stored the report takes {ratio:.2f} times what it takes with 25")


def _report_case(scorecard: Scorecard, lines: int, months: int) -> float:
    times = medians(
        {
            "floor": lambda: read_floor(scorecard),
            "report": lambda: assemble_report(scorecard, MONTH),
            "pandas": lambda: pandas_report(scorecard),
        },
        rounds=31 if lines < 1000 else 5,
    )
    floor, report, pandas = times["floor"], times["report"], times["pandas"]
    print(
        f"{lines:>6} {months:>7} {floor * 1000:>8.1f} {report * 1000:>8.1f} {pandas * 1000:>8.1f}"
        f" {report / floor:>13.1f} {report / pandas:>14.2f}"
    )
    return report


def _page_case(scorecard: Scorecard, lines: int) -> None:
    client = Client()
    officer = User.objects.create(username="officer")
    officer.groups.add(Group.objects.get(name=PERFORMANCE_OFFICERS))
    with override_settings(**PLAIN_HTTP):
        client.force_login(officer)
    address = f"/scorecards/{scorecard.slug}/2021-01/"

    def page() -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")

    with override_settings(**PLAIN_HTTP):
        times = medians({"floor": lambda: read_floor(scorecard), "page": page}, rounds=15 if lines < 1000 else 3)
    ratio = times["page"] / times["floor"]
    print(f"{'':15}the page: {times['page'] * 1000:.1f} ms, {ratio:.1f} times the floor")
