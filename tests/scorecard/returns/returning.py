"""A return in tests: who reports and owns, what a browser sends back from a line, and what becomes of it."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from commentary.models import Commentary
from indicators.models import Indicator, MonthlyValue, User, seen
from scorecard.models import Edition
from scorecard.returns.entries import Entry
from scorecard.returns.forms import LineForm, prefix_of
from scorecard.returns.saving import Submission, send_lines, submit
from scorecard.roles import PERFORMANCE_OFFICERS
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.sheet import SheetLine
from scorecard.sign_off.actions import approve_lines, send_back
from tests.factories import JANUARY, make_edition, make_indicator, make_scorecard, make_user

NOW = datetime(2021, 2, 8, 9, tzinfo=UTC)


def person(username: str) -> User:
    """Whoever has the user name, as if they had just signed in; made when first asked for. “lead” is “Lead”."""
    return User.objects.filter(username=username).first() or make_user(username, name=username.title())


def officer() -> User:
    found = person("officer")
    found.groups.add(Group.objects.get(name=PERFORMANCE_OFFICERS))
    return found


def make_reported(reference: str = "A1", **fields: Any) -> Indicator:
    """An indicator that “lead” reports and “head” owns."""
    return make_indicator(reference, **{"reporter": person("lead"), "owner": person("head"), **fields})


def make_collection(*indicators: Indicator, month: date = JANUARY, **fields: Any) -> Edition:
    """An edition that is being collected, whose lines are the indicators."""
    return make_edition(make_scorecard(*indicators), month, **fields)


def line_of(edition: Edition, reference: str = "A1") -> SheetLine:
    """The line as it is now."""
    return next(line for line in assemble_sheet(edition).lines if line.indicator.reference == reference)


def lines_of(edition: Edition) -> dict[str, SheetLine]:
    return {line.indicator.reference: line for line in assemble_sheet(edition).lines}


def fields(line: SheetLine, **typed: str) -> dict[str, str]:
    """What a browser sends back from the line's fields as the page shows them, with some of them typed anew."""
    form = LineForm(None, line)
    shown = {bound.html_name: bound.field.prepare_value(bound.value()) for bound in form}
    sent = {name: "" if value is None else str(value) for name, value in shown.items()}
    prefix = prefix_of(line.key)
    changed = {f"{prefix}-{name.replace('_because_', '-')}": text for name, text in typed.items()}
    # Line ends are two characters in a form that a browser sends.
    return {name: text.replace("\r\n", "\n").replace("\n", "\r\n") for name, text in (sent | changed).items()}


def enter(edition: Edition, by: str = "lead", *, send: bool = False, **typed: Any) -> Submission:
    """Type into the fields of lines and save, as `enter(edition, A1={"figure": "5"})`."""
    return enter_at(edition, lines_of(edition), by, send=send, **typed)


def enter_at(
    edition: Edition, opened: Mapping[str, SheetLine], by: str, *, send: bool = False, **typed: Any
) -> Submission:
    """Type into the fields of a page that was opened when the lines were `opened`, and save."""
    data: dict[str, str] = {}
    for reference, texts in typed.items():
        data |= fields(opened[reference], **texts)
    keys = [opened[reference].key for reference in typed]
    return submit(edition=edition, keys=keys, data=data, by=person(by), now=NOW, send=send)


def send(edition: Edition, *references: str, by: str = "lead", now: datetime = NOW) -> list[str]:
    """Send the lines; the references of those that were sent."""
    lines = lines_of(edition)
    entries = dict(map(as_seen, [lines[reference] for reference in references]))
    sent = send_lines(edition=edition, entries=entries, by=person(by), now=now).done
    return [line.indicator.reference for line in sent]


def as_seen(line: SheetLine) -> tuple[int, Entry]:
    """A line's key, and the entry of somebody who saw the line and changes nothing."""
    return line.key, Entry(None, None, seen(line.value), seen(line.commentary))


def approve(edition: Edition, *references: str, by: str = "head", now: datetime = NOW) -> None:
    """Sign the lines off as they are now."""
    lines = lines_of(edition)
    saw = {lines[reference].key: lines[reference].fingerprint for reference in references}
    assert not approve_lines(edition=edition, saw=saw, by=person(by), now=now).changed


def sent_back(edition: Edition, reference: str, note: str = "Look again.", by: str = "head") -> None:
    """Send a line back as it is now."""
    line = line_of(edition, reference)
    send_back(edition=edition, saw={line.key: line.fingerprint}, note=note, by=person(by), now=NOW)


def say(indicator: Indicator, text: str, month: date = JANUARY) -> Commentary:
    return Commentary.objects.create(indicator=indicator, month=month, text=text)


def value_of(indicator: Indicator, month: date = JANUARY) -> MonthlyValue | None:
    return MonthlyValue.objects.filter(indicator=indicator, month=month).first()


def text_of(indicator: Indicator, month: date = JANUARY) -> str | None:
    return Commentary.objects.filter(indicator=indicator, month=month).values_list("text", flat=True).first()


def page_of(response: HttpResponse) -> str:
    return response.content.decode()


def without_terms(html: str) -> str:
    """Without the buttons that explain words (tests/scorecard/display/test_terms.py); the words stay."""
    html = re.sub(r'<button[^>]* class="term-mark".*?</button>', "", html)
    return re.sub(r'<span class="term-run">(.*?)<button[^>]*>(.*?)</button>(.*?)</span>', r"\1\2\3", html)


def words_of(html: str) -> str:
    """The text of a page, without its markup and with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", without_terms(html))).split())


def queries_for(lines: int, prepare: Callable[[int], Any], run: Callable[[Any], Any]) -> int:
    """How many queries it takes to run with so many lines, which `prepare` makes. Nothing of it stays."""
    with transaction.atomic():
        prepared = prepare(lines)
        with CaptureQueriesContext(connection) as queries:
            run(prepared)
        transaction.set_rollback(True)
    return len(queries)
