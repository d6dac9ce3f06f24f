"""A server that dies in the middle of Create leaves nothing of it, and the draft to create it from."""

import os
import signal
import subprocess
import sys
import threading
from datetime import date

import pytest
from django.db import connection

from indicators.models import ChangedMeanwhileError, User
from scorecard.models import DraftState, Scorecard, SpreadsheetDraft
from scorecard.onboarding.create import PlanRefusedError, create
from tests.conftest import ROOT
from tests.databases import database_with
from tests.factories import make_officer
from tests.scorecard.cast import stored
from tests.scorecard.onboarding.plans import make_draft, make_plan

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("transactional_db"), pytest.mark.each_case]
TODAY = date(2026, 4, 20)
# Says so when the rows of the kind are saved, and goes on to the next no more.
PROCESS = """
import os, sys, time
from datetime import date
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = os.environ["DATABASE_OF_TEST"]
from indicators.models import User
from scorecard.models import SpreadsheetDraft
from scorecard.onboarding import create as creating
from tests.scorecard.onboarding.plans import make_plan
save_all = creating.save_all
def save_until_then(rows, **how):
    save_all(rows, **how)
    if type(rows[0]).__name__ == sys.argv[1]:
        print("saved", flush=True)
        time.sleep(60)
creating.save_all = save_until_then
officer = User.objects.get(username="officer")
creating.create(SpreadsheetDraft.objects.get(), make_plan(), version=1, by=officer, today=date(2026, 4, 20))
"""


def a_draft():
    make_draft(make_officer())


transactional_db = database_with(a_draft, scope="function")


@pytest.mark.parametrize("kind", ["MonthlyValue", "Line"])
def test_all_or_nothing_when_the_process_is_killed(kind):
    before = stored()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_OF_TEST": str(connection.settings_dict["NAME"]),
    }
    with subprocess.Popen(  # noqa: S603 - only constants
        [sys.executable, "-c", PROCESS, kind],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    ) as process:
        try:
            assert process.stdout.readline() == "saved\n"
        finally:
            os.killpg(process.pid, signal.SIGKILL)

    connection.close()
    assert stored() == before
    draft = SpreadsheetDraft.objects.get()
    made = create(draft, make_plan(), version=1, by=User.objects.get(username="officer"), today=TODAY)
    assert (made.state, Scorecard.objects.count()) == (DraftState.CREATED, 1)


def test_two_officers_at_once_create_it_once():
    outcomes, both = [], threading.Barrier(2)

    def click():
        try:
            draft, officer = SpreadsheetDraft.objects.get(), User.objects.get(username="officer")
            both.wait()
            create(draft, make_plan(), version=1, by=officer, today=TODAY)
            outcomes.append("created")
        except (ChangedMeanwhileError, PlanRefusedError) as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count("created") == 1
    assert Scorecard.objects.count() == 1
