"""Whatever is sent, by whomever, to whichever address: an answer in words, nothing foreign, no markup, no way outside.

`make fuzz` asks ten times as much, on both databases; FUZZ_SEED=… asks something else.
"""

import os

import pytest

from commentary.models import Commentary, Overview
from indicators.models import Indicator
from scorecard.models import Edition, Scorecard
from tests.databases import database_with
from tests.factories import DECEMBER, JANUARY, make_edition, make_indicator, make_scorecard, make_value, publish
from tests.scorecard.cast import OTHERS_FIGURE, make_cast, send_everything
from tests.scorecard.fuzz import Fuzzer, names_in_the_source, wrong_with

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "0"))
# `make fuzz` asks on both databases; in `make test` every address once for everybody is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.slow, *([] if REQUESTS else [pytest.mark.sqlite])]
PARTS = 4
SEED = int(os.environ.get("FUZZ_SEED", "2021"))
FIGURE = (OTHERS_FIGURE, OTHERS_FIGURE.replace(",", ""))
# A scorecard that visitors can't read, and what only officers write there.
PRIVATE, UNPUBLISHED, SUMMARY = "Kabeljau", "Heilbutt", "Seezunge"
BELOW = (*FIGURE, UNPUBLISHED, SUMMARY)
KEPT_FROM = {
    "visitor": (*BELOW, PRIVATE),
    "panel_member": BELOW,
    "reporter": BELOW,
    "deputy": BELOW,
    "owner": BELOW,
    "other_reporter": (UNPUBLISHED, SUMMARY),
    "other_owner": (UNPUBLISHED, SUMMARY),
}


def make_planted():
    make_cast()
    send_everything()
    Overview.objects.update(summary=f"So {SUMMARY} said.")
    secret = make_indicator("S1", title=f"Calls of {PRIVATE}")
    make_value(secret, DECEMBER, 5)
    scorecard = make_scorecard(secret, slug="secret", title=f"{PRIVATE} scorecard")
    publish(scorecard, DECEMBER)
    make_value(secret, JANUARY, 6)
    Commentary.objects.create(indicator=secret, month=JANUARY, text=f"{UNPUBLISHED} wrote it.")
    make_edition(scorecard, JANUARY)
    assert {Scorecard.objects.count(), Edition.objects.filter(month=JANUARY).count()} == {2}
    assert Indicator.objects.filter(title__contains=PRIVATE).exists()


planted = database_with(make_planted)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_request_is_an_error_or_tells_what_it_must_not(planted, part):
    fuzzer, wrong, answered = Fuzzer(SEED, part, PARTS), {}, 0
    for case in fuzzer.cases(REQUESTS):
        status, text, response = fuzzer.ask(case)
        answered += status < 400
        problem = wrong_with(case, status, text, response, KEPT_FROM)
        if problem:
            wrong[str(case)] = problem
    assert not wrong, "\n".join(f"{problem}: {case}" for case, problem in wrong.items())
    # It tries what is behind the doors too, not only the doors.
    assert answered > 40


def test_every_parameter_that_a_view_looks_for_is_among_what_is_tried():
    assert {"month", "months", "q", "next", "saw", "preview", "fingerprint", "action", "for"} <= {
        *names_in_the_source()
    }
