"""Many people at the same lines at once: nothing is lost, and nobody is overwritten without being told.

Each works with what the real pages would hand over: what they saw, and what they entered. The database decides who is
first, so each run is another one; what is asserted holds for all of them.
"""

import random
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from hashlib import sha256
from itertools import chain
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from commentary.models import Commentary, SignOff
from commentary.sign_off import Step
from indicators.models import MonthlyValue, Seen, User, seen
from scorecard.collection.editions import move_edition
from scorecard.editing.merging import Clash
from scorecard.editing.turns import on_lines
from scorecard.models import Edition, EditionState
from scorecard.returns import entries
from scorecard.returns.entries import NOTHING, Entry, EntryAmount, amount_of, save_entries
from scorecard.returns.saving import send_lines
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.sheet import SheetLine
from scorecard.sign_off import actions
from scorecard.sign_off.actions import approve_lines, send_back
from tests.factories import JANUARY, make_edition, make_indicator, make_scorecard, make_user, make_value
from tests.scorecard.returns.returning import as_seen, officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.each_case]
EDITORS, ROUNDS = 6, 10
SAVED, TOLD, GONE, REFUSED = "saved", "told", "gone already", "refused"
PARTS: dict[str, type[Any]] = {"figure": MonthlyValue, "text": Commentary}


@dataclass(frozen=True)
class Attempt:
    """What somebody wanted to make of one part of a line: the version they saw, what they entered (None to delete)."""

    key: int
    part: str
    saw: Seen
    content: Any
    outcome: str


def together(works: Iterable[Callable[[], Any]]) -> list[Any]:
    """Do all at once, each in a thread with a connection of its own. Returns and raises what they do."""
    works = list(works)
    start = threading.Barrier(len(works))

    def begin(work):
        start.wait(30)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(alone, partial(begin, work)) for work in works]]


def alone(work: Callable[[], Any]) -> Any:
    """Do something and close the thread's connection."""
    try:
        return work()
    finally:
        connection.close()


def make_return(*, is_started: bool) -> Edition:
    """An edition with three lines, which one person and their deputies report, and one person owns."""
    reporter, owner = make_user("reporter"), make_user("owner")
    indicators = [make_indicator(f"A{place}", reporter=reporter, owner=owner) for place in range(3)]
    edition = make_edition(make_scorecard(*indicators), JANUARY)
    for number in range(EDITORS):
        deputy = make_user(f"editor{number}")
        reporter.deputies.create(deputy=deputy, starts_on=JANUARY)
    if is_started:
        for indicator in indicators:
            make_value(indicator, JANUARY, 5)
            Commentary.objects.create(indicator=indicator, month=JANUARY, text="Steady work.")
    return edition


class Editor:
    """Somebody who enters, deletes and insists, at random."""

    def __init__(self, edition: Edition, number: int) -> None:
        self.edition = edition
        self.person = User.objects.get(username=f"editor{number}")
        self.number = number
        self.chance = random.Random(number)  # noqa: S311 - to try many orders, not for secrets
        self.attempts: list[Attempt] = []

    def work(self) -> list[Attempt]:
        for turn in range(ROUNDS):
            lines = list(assemble_sheet(self.edition).lines)
            self.chance.shuffle(lines)
            saw = {line.key: {"figure": seen(line.value), "text": seen(line.commentary)} for line in lines}
            wanted = {line.key: self.wishes(turn, line.key) for line in lines}
            conflicts = self.save(lines, wanted, saw)
            insists = {key: wanted[key] for key in conflicts if self.chance.random() < 0.7}
            for key, found in conflicts.items():
                saw[key] |= found.now
            self.save(lines, insists, saw)
        return self.attempts

    def wishes(self, turn: int, key: int) -> dict[str, Any]:
        """What to change of a line: a figure and a text that nobody else enters, or one of them deleted."""
        new = {"figure": Decimal(1000 * self.number + 10 * turn + key), "text": f"{self.number}, {turn}, {key}"}
        part = self.chance.choice(["figure", "text"])
        return self.chance.choice([new, {part: new[part]}, {part: new[part]}, {part: None}])

    def save(self, lines, wanted, saw) -> dict[int, Clash]:
        entries = {line.key: self.entry(line, wanted[line.key], saw[line.key]) for line in lines if line.key in wanted}
        outcome = save_entries(edition=self.edition, lines=lines, entries=entries, by=self.person)
        for key, parts in wanted.items():
            became = SAVED if key in outcome.saved else TOLD if key in outcome.conflicts else GONE
            self.attempts += [Attempt(key, part, saw[key][part], made, became) for part, made in parts.items()]
        return outcome.conflicts

    def entry(self, line: SheetLine, wanted: dict[str, Any], saw: dict[str, Seen]) -> Entry:
        amount = amount_of(line.value)
        if "figure" in wanted:
            amount = NOTHING if wanted["figure"] is None else EntryAmount(figure=wanted["figure"])
        text = wanted["text"] or "" if "text" in wanted else line.text
        return Entry(amount, text, saw["figure"], saw["text"])


def assert_all_is_kept(key: int, part: str, attempts: Sequence[Attempt], at_first: Sequence[Any]) -> None:
    """Each version of a part follows from an attempt of somebody who saw the one before, and the latest is in place.

    `at_first` are the entries of the history before anybody began.
    """
    records = list(PARTS[part].history.filter(indicator_id=key).order_by("history_id"))
    saved = {(made.content, made.content is None and made.saw): made for made in attempts if made.outcome == SAVED}
    in_place = Seen(at_first[-1].id, at_first[-1].version) if at_first else Seen()
    for record in records[len(at_first) :]:
        is_deleted = record.history_type == "-"
        version = Seen(record.id, record.version)
        attempt = saved.pop((None, version) if is_deleted else (content_of(record), False))
        assert attempt.saw == in_place, f"{content_of(record)} took the place of {in_place}, seen by nobody"
        in_place = Seen() if is_deleted else version
    assert list(saved.values()) == []
    assert seen(PARTS[part].objects.filter(indicator=key).first()) == in_place


def content_of(record: Any) -> Any:
    return record.figure if hasattr(record, "figure") else record.text


@pytest.mark.parametrize("is_started", [False, True], ids=["nothing entered yet", "figures and texts are there"])
def test_every_version_is_kept_and_none_overwritten_unseen(is_started):
    edition = make_return(is_started=is_started)
    keys = [line.key for line in assemble_sheet(edition).lines]
    before = {
        (key, part): list(model.history.filter(indicator_id=key)) for key in keys for part, model in PARTS.items()
    }

    attempts = list(chain(*together(Editor(edition, number).work for number in range(EDITORS))))

    for (key, part), at_first in before.items():
        own = [attempt for attempt in attempts if (attempt.key, attempt.part) == (key, part)]
        assert_all_is_kept(key, part, own, at_first)
    assert {attempt.outcome for attempt in attempts} >= {SAVED, TOLD}


class Owner:
    """Somebody who signs off or sends back whatever they are shown, at random."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.person = User.objects.get(username="owner")
        self.chance = random.Random("owner")  # noqa: S311 - to try many orders, not for secrets
        self.decided: list[tuple[int, str, str]] = []

    def work(self) -> list[tuple[int, str, str]]:
        """The line, the step and the fingerprint of what was shown, for each decision that was taken."""
        for _ in range(3 * ROUNDS):
            saw = {line.key: line.fingerprint for line in assemble_sheet(self.edition).lines}
            told = {"edition": self.edition, "saw": saw, "by": self.person, "now": timezone.now()}
            if self.chance.random() < 0.8:
                done, step = approve_lines(**told).done, Step.APPROVED
            else:
                done, step = send_back(**told, note="Please look again.").done, Step.SENT_BACK
            self.decided += [(line.key, step.value, saw[line.key]) for line in done]
        return self.decided


def send_often(edition: Edition, turns: int = 3 * ROUNDS) -> list[tuple[int, str, str]]:
    """Send everything again and again; the line, the step and the fingerprint of what was seen, for each sent."""
    reporter, sent = User.objects.get(username="reporter"), []
    for _ in range(turns):
        lines = assemble_sheet(edition).lines
        saw = {line.key: line.fingerprint for line in lines}
        done = send_lines(edition=edition, entries=dict(map(as_seen, lines)), by=reporter, now=timezone.now()).done
        sent += [(line.key, Step.SENT.value, saw[line.key]) for line in done]
    return sent


def test_sign_off_never_stands_for_what_its_sender_or_owner_did_not_see():
    edition = make_return(is_started=True)
    editors = [Editor(edition, number) for number in range(3)]
    at_first = send_often(edition, 1)

    *_, decided, sent = together(
        [*(editor.work for editor in editors), Owner(edition).work, lambda: send_often(edition)]
    )

    history = SignOff.history.exclude(step=Step.DRAFT)
    assert sorted(map(_step_of, history)) == sorted(at_first + decided + sent)
    for line in assemble_sheet(edition).lines:
        signed = line.sign_off
        versions = SignOff.history.filter(id=signed.pk).order_by("history_id").values_list("version", flat=True)
        assert list(versions) == list(range(1, signed.version + 1))
        if signed.step in (Step.SENT, Step.APPROVED):
            assert _step_of(signed)[2] == line.fingerprint, "what was changed was not taken back"


@pytest.mark.postgresql
@pytest.mark.parametrize("step", ["sent", "approved"])
def test_change_waits_for_a_step_under_way_and_then_takes_it_back(monkeypatch, step):
    edition = make_return(is_started=True)
    line = assemble_sheet(edition).lines[0]
    reporter = {"edition": edition, "by": User.objects.get(username="reporter"), "now": timezone.now()}
    owner = reporter | {"by": User.objects.get(username="owner")}
    if step == "approved":
        send_lines(entries=dict([as_seen(line)]), **reporter)
    saw = {line.key: {"figure": seen(line.value), "text": seen(line.commentary)}}
    changes = []

    def read_and_let_another_write(edition, keys):
        sheet = assemble_sheet(edition, keys)
        changes.append(others.submit(alone, lambda: Editor(edition, 0).save([line], {line.key: {"figure": 6}}, saw)))
        while not (changes[0].done() or somebody_waits_for_us()):
            pass
        return sheet

    with ThreadPoolExecutor(1) as others:
        monkeypatch.setattr(actions, "assemble_sheet", read_and_let_another_write)
        if step == "approved":
            approve_lines(saw={line.key: line.fingerprint}, **owner)
        else:
            send_lines(entries=dict([as_seen(line)]), **reporter)

    assert changes[0].result() == {}
    assert list(SignOff.history.order_by("history_id").values_list("step", flat=True))[-2:] == [step, "draft"]


class Officer:
    """Somebody who ends the collection and opens it again, and looks whether anything is written in between."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.person = officer()

    def work(self) -> list[bool]:
        """Whether nothing was written while the collection was ended, for each time."""
        return [self.is_quiet_when_ended() for _ in range(ROUNDS)]

    def is_quiet_when_ended(self) -> bool:
        self.move(EditionState.IN_REVIEW)
        at_first = written()
        # As long as a few saves take.
        for _ in range(3):
            assemble_sheet(self.edition)
        is_quiet = written() == at_first
        self.move(EditionState.COLLECTING)
        return is_quiet

    def move(self, to: EditionState) -> None:
        version = Edition.objects.get(pk=self.edition.pk).version
        move_edition(edition=self.edition, to=to, version=version, by=self.person)


def written() -> list[int]:
    """How much the history has of figures, commentaries and sign-offs."""
    return [model.history.count() for model in (MonthlyValue, Commentary, SignOff)]


def enter_and_send(edition: Edition, number: int) -> list[tuple[str, int, Decimal]]:
    """Enter new figures and send them, again and again; what was saved and what was refused."""
    editor, found = Editor(edition, number), []
    for turn in range(3 * ROUNDS):
        lines = assemble_sheet(Edition.objects.select_related("scorecard").get(pk=edition.pk)).lines
        figures = {line.key: Decimal(1000 * (number + 1) + 10 * turn + place) for place, line in enumerate(lines)}
        entries = {
            line.key: Entry(EntryAmount(figure=figures[line.key]), None, seen(line.value), seen(line.commentary))
            for line in lines
        }
        try:
            saved = save_entries(edition=edition, lines=lines, entries=entries, by=editor.person).saved
        except PermissionDenied:
            found += [(REFUSED, key, figure) for key, figure in figures.items()]
            continue
        found += [(SAVED, key, figures[key]) for key in saved]
        with suppress(PermissionDenied):
            send_lines(edition=edition, entries=entries, by=editor.person, now=timezone.now())
    return found


def test_nothing_is_entered_or_sent_after_the_collection_ended():
    edition = make_return(is_started=False)

    quiet, *entered = together([Officer(edition).work, *(partial(enter_and_send, edition, who) for who in range(4))])

    assert quiet == [True] * ROUNDS
    by_outcome = {outcome: set() for outcome in (SAVED, REFUSED)}
    for outcome, key, figure in chain(*entered):
        by_outcome[outcome].add((key, figure))
    assert by_outcome[SAVED] == set(MonthlyValue.history.values_list("indicator_id", "figure"))
    assert by_outcome[REFUSED]


@pytest.mark.postgresql
@pytest.mark.parametrize("to", ["in_review", "published"])
def test_entry_waits_for_a_move_under_way_and_is_then_refused(to):
    edition = make_return(is_started=True)
    line = assemble_sheet(edition).lines[0]
    saw = {line.key: {"figure": seen(line.value), "text": seen(line.commentary)}}

    with ThreadPoolExecutor(1) as others:
        with transaction.atomic():
            current = Edition.objects.select_for_update().get(pk=edition.pk)
            current.state = to
            current.save()
            save = partial(Editor(edition, 0).save, [line], {line.key: {"figure": 6}}, saw)
            saving = others.submit(alone, save)
            while not (saving.done() or somebody_waits_for_us()):
                pass
        with pytest.raises(PermissionDenied):
            saving.result()

    assert MonthlyValue.objects.get(indicator=line.key).figure == 5


@pytest.mark.postgresql
@pytest.mark.parametrize("figure", [6, None], ids=["another figure", "no figure any more"])
def test_what_is_changed_elsewhere_while_a_line_is_saved_is_not_overwritten(monkeypatch, figure):
    edition = make_return(is_started=True)
    line = assemble_sheet(edition).lines[0]
    saw = {line.key: {"figure": seen(line.value), "text": seen(line.commentary)}}
    merged = entries.merge

    def administer():
        value = MonthlyValue.objects.get(indicator=line.key)
        value.figure = 7
        value.save()

    def merge_and_let_another_write(*args, **kwargs):
        monkeypatch.setattr(entries, "merge", merged)
        others.submit(alone, administer).result(30)
        return merged(*args, **kwargs)

    with ThreadPoolExecutor(1) as others:
        monkeypatch.setattr(entries, "merge", merge_and_let_another_write)
        conflicts = Editor(edition, 0).save([line], {line.key: {"figure": figure}}, saw)

    assert conflicts[line.key].theirs["figure"].figure == 7
    assert MonthlyValue.objects.get(indicator=line.key).figure == 7


@pytest.mark.postgresql
def test_people_at_different_lines_of_an_edition_do_not_wait_for_each_other():
    edition = make_return(is_started=True)
    first, second = assemble_sheet(edition).lines[:2]
    saw = {second.key: {"figure": seen(second.value), "text": seen(second.commentary)}}

    def save_another_line(_):
        return others.submit(alone, lambda: Editor(edition, 0).save([second], {second.key: {"figure": 6}}, saw)).result(
            30
        )

    with ThreadPoolExecutor(1) as others:
        assert on_lines(edition, [first.key], save_another_line) == {}


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0] > 0


def _step_of(record: Any) -> tuple[int, str, str]:
    """The line, the step, and the fingerprint of the figure and text it was taken on."""
    mark = sha256(f"{record.figure}\n{record.text}".encode()).hexdigest()[:16]
    return record.indicator_id, record.step, mark
