"""Building the report and its page, for a usual and for a huge scorecard."""

import sys
import warnings
from collections.abc import Callable

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
from .spc import NUMBERS
from .timing import medians

# Signals look at 25 months.
CASES = ((64, 25), (64, 120), (6400, 25), (6400, 120))
HEADINGS = (
    *("Lines", "Months stored", "Floor", "Report", "pandas", "Page"),
    *("Report / floor", "Report / pandas", "Page / floor"),
)
PLAIN_HTTP = {
    "ALLOWED_HOSTS": ["*"],
    "SECURE_SSL_REDIRECT": False,
    "STORAGES": {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
}


def run() -> None:
    warnings.filterwarnings("ignore", category=RuntimeWarning)  # means of nothing but blanks
    print("Medians in milliseconds. The floor reads the report's monthly values with one SQL statement, no more;")
    print("pandas does the report's arithmetic, signals included; the page is drawn anew, as an officer gets it.")
    print(f"| {' | '.join(HEADINGS)} |\n|{' --- |' * len(HEADINGS)}")
    for lines, months in CASES:
        call_command("migrate", verbosity=0)
        call_command("flush", interactive=False, verbosity=0)
        # In review: the report is worked out from the data, and read by an officer.
        scorecard = make_scorecard(lines=lines, months=months, state=EditionState.IN_REVIEW)
        page = drawn_page(scorecard)
        with override_settings(**PLAIN_HTTP):
            times = medians(
                {
                    "floor": lambda scorecard=scorecard: read_floor(scorecard),
                    "report": lambda scorecard=scorecard: assemble_report(scorecard, MONTH),
                    "pandas": lambda scorecard=scorecard: pandas_report(scorecard),
                    "page": page,
                },
                rounds=15 if lines < 1000 else 5,
            )
        floor, report, pandas, drawn = times.values()
        figures = [f"{lines:,}", str(months), *(f"{seconds * 1000:.1f}" for seconds in times.values())]
        ratios = [f"{report / floor:.1f}", f"{report / pandas:.2f}", f"{drawn / floor:.0f}"]
        print(f"| {' | '.join(figures + ratios)} |")
        print(f"  signals that pandas judges otherwise: {differing(scorecard)} of {lines}", file=sys.stderr)


def drawn_page(scorecard: Scorecard) -> Callable[[], None]:
    """What asks for the report's page as a performance officer, and has it drawn each time."""
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

    return page


def differing(scorecard: Scorecard) -> int:
    """How many lines have another chart or another special cause with pandas: it should be none."""
    theirs = pandas_report(scorecard)[["chart", "cause"]].to_dict("index")
    return sum(
        tuple(theirs[row.indicator].values()) != (row.signal.chart, NUMBERS[row.signal.cause])
        for row in assemble_report(scorecard, MONTH).rows
    )
