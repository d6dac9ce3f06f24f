"""What the tests of the overview and the panel's questions start from, and what a browser reads and sends there."""

import re
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from indicators.models import User
from scorecard.models import Edition
from scorecard.roles import PANEL_MEMBERS
from tests.factories import JANUARY, make_edition, make_scorecard, publish
from tests.scorecard.returns.returning import make_reported, officer, page_of, person, words_of

FEBRUARY, MARCH = date(2021, 2, 1), date(2021, 3, 1)
QUESTIONS = "/scorecards/panel/questions/"
NEW = f"{QUESTIONS}new/"
OVERVIEW = "/collection/panel/2021-02/overview/"
SCRIPT = "<script>alert(1)</script>"


def make_open_month() -> Edition:
    """A scorecard whose January is published and whose February is collected, for a meeting in twenty days."""
    scorecard = make_scorecard(make_reported("A1"), make_reported("B1"), is_public=True)
    publish(scorecard, JANUARY)
    return make_edition(scorecard, FEBRUARY, meeting_date=timezone.localdate() + timedelta(days=20))


def member() -> User:
    """A panel member."""
    found = person("member")
    found.groups.add(Group.objects.get(name=PANEL_MEMBERS))
    return found


def browser_of(somebody: User) -> Client:
    client = Client()
    client.force_login(somebody)
    return client


def officers() -> Client:
    return browser_of(officer())


def colleague() -> Client:
    """Another officer's browser."""
    other = person("other")
    other.groups.set(officer().groups.all())
    return browser_of(other)


def shown(page: HttpResponse, action: str = "") -> dict[str, str]:
    """The version that a page's form, or the one with a button for the action, was opened with."""
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", page_of(page), re.DOTALL)
    wanted = [form for form in forms if 'name="saw"' in form and (not action or f'value="{action}"' in form)]
    found = dict(re.findall(r'<input type="hidden" name="(saw|clash)" value="([^"]*)"', wanted[0]))
    return found | ({"action": action} if action else {})


def beside(response: HttpResponse, name: str) -> str:
    """What is said beside a field."""
    found = re.search(rf'<div id="{name}_error">(.*?)</div>', page_of(response), re.DOTALL)
    return words_of(found[1]).removeprefix("Error: ") if found else ""


def told(response: HttpResponse) -> str:
    return words_of(page_of(response))


def area_fields(**typed: Any) -> dict[str, Any]:
    """What a browser sends for an area of focus."""
    today = timezone.localdate().isoformat()
    return {"title": "Long waits", "response": "", "raised_by": "service", "opened_on": today, **typed}
