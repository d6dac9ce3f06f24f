"""Reminding by mail: reads what is waiting for whom, records what was sent, and hands over the mails."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from functools import partial

from indicators.mailing import SiteAddressError, counted_mail, site_url
from indicators.models import User, save_all
from indicators.moments import day_of
from scorecard.editing.turns import all_or_none
from scorecard.models import Edition, Reminder, ReminderKind, Tombstone
from scorecard.roles import PERFORMANCE_OFFICERS
from scorecard.rules import require
from scorecard.sheet.assemble import assemble_sheet

from .editions import deputies_of
from .mail import compose
from .notices import Notice, PendingLines, notices_for, pending_lines, people_on

log = logging.getLogger(__name__)
# Nobody is reminded twice within a day, unless an officer asks for it; then not twice by one double click.
LATELY, AT_ONCE = timedelta(days=1), timedelta(minutes=1)
BY_ITSELF = "Sent by send_reminders"


class MailOutcome(Enum):
    """What came of a mail; its value says it of a person in a sentence."""

    SENT = "{} was reminded."
    TOLD_ALREADY = "{} was reminded less than a day ago."
    NO_ADDRESS = "{} has no e-mail address."
    INACTIVE = "The account of {} is not active."
    FAILED = "The mail to {} could not be handed over; try again later."

    @property
    def is_skipped(self) -> bool:
        """Whether the person can't be mailed at all."""
        return self in (MailOutcome.NO_ADDRESS, MailOutcome.INACTIVE)

    def say(self, who: object) -> str:
        return self.value.format(who)


def planned(day: date) -> list[Sequence[Notice]]:
    """What is to be told on the day, by person. A fixed number of queries for each edition in progress."""
    editions = Edition.objects.select_related("scorecard").order_by("due_on", "month", "pk")
    sheets = [assemble_sheet(edition) for edition in [*editions.in_progress(), *editions.corrected()]]
    deputies = _recipients({person.pk: person for sheet in sheets for person in people_on(sheet)}.values(), day)
    past: dict[int, list[Reminder]] = defaultdict(list)
    for reminder in Reminder.objects.filter(edition__in=[sheet.edition.pk for sheet in sheets]):
        past[reminder.edition_id].append(reminder)
    found: dict[int, list[Notice]] = defaultdict(list)
    for sheet in sheets:
        for notice in notices_for(sheet, deputies=deputies, past=past[sheet.edition.pk], day=day):
            found[notice.person.pk].append(notice)
    return sorted(found.values(), key=lambda notices: (str(notices[0].person), notices[0].person.pk))


def send_planned(*, day: date, now: datetime) -> Iterator[tuple[User, MailOutcome]]:
    """Mail everybody what they are to be told on the day, one mail each. A failure stops nobody else's mail.

    Tells of each person what came of it. Raises SiteAddressError before anything is sent when links could lead nowhere.
    """
    site_url()
    withheld = Tombstone.objects.sentences()
    for notices in planned(day):
        person = notices[0].person
        yield person, _deliver(person, partial(_untold, notices), withheld, day=day, now=now)


def remind(*, edition: Edition, person: User, by: User, now: datetime, again: bool = False) -> str:
    """Mail somebody, and who stands in for them, what waits for them in an edition; says what came of it.

    Who was reminded within a day is left out, unless they are to be reminded `again`.
    """
    require(by, "manage_collection")
    try:
        site_url()
    except SiteAddressError as error:
        return f"No mail was sent. {error}"
    day = day_of(now)
    waiting = pending_lines(assemble_sheet(edition), person, day)
    if not any(waiting):
        return f"Nothing waits for {person}."
    reached, others = [], []
    for recipient in [person, *deputies_of({person.pk}, day).get(person.pk, ())]:
        find = partial(_asked, edition, recipient, person, waiting, now, AT_ONCE if again else LATELY)
        outcome = _deliver(recipient, find, Tombstone.objects.sentences(), day=day, now=now, by=by)
        name = str(recipient) if recipient == person else f"{recipient} (for {person})"
        if outcome is MailOutcome.SENT:
            reached.append(name)
        else:
            others.append(outcome.say(name))
    told = [f"Reminded {' and '.join(reached)}: {waiting.words}."] if reached else []
    return " ".join([*told, *others])


def _recipients(people: Collection[User], day: date) -> Mapping[int, Sequence[User]]:
    """Who is told besides each person, by the person's key: who stands in; officers where nobody could be reached."""
    told = {key: [*deputies] for key, deputies in deputies_of({person.pk for person in people}, day).items()}
    lost = [one for one in people if all(map(hindrance, (one, *told.get(one.pk, ()))))]
    if lost:
        officers = User.objects.filter(groups__name=PERFORMANCE_OFFICERS, is_active=True).exclude(email="")
        others = list(officers.order_by("pk"))
        for person in lost:
            told[person.pk] = [*told.get(person.pk, ()), *(one for one in others if one != person)]
    return told


def _untold(notices: Sequence[Notice]) -> list[Notice]:
    """Those that have not been told meanwhile, by another run."""
    editions = {notice.edition.pk for notice in notices}
    stored = Reminder.objects.filter(person=notices[0].person, edition__in=editions)
    told = set(stored.values_list("edition", "lines_of", "kind", "occasion"))
    return [
        notice
        for notice in notices
        if (notice.edition.pk, notice.lines_of.pk, notice.kind.value, notice.occasion) not in told
    ]


def _asked(
    edition: Edition, recipient: User, person: User, waiting: PendingLines, now: datetime, apart: timedelta
) -> list[Notice]:
    """What an officer wants told; nothing when the recipient was told less long ago than the times are to be apart."""
    stored = Reminder.objects.filter(edition=edition, person=recipient, lines_of=person)
    if stored.filter(sent_at__gt=now - apart).exists():
        return []
    # Two officers at once ask for the same time, and the constraint lets only one of them.
    occasion = f"time {stored.filter(kind=ReminderKind.ASKED).count() + 1}"
    lines = (*waiting.to_enter, *waiting.to_sign_off)
    return [Notice(recipient, person, edition, ReminderKind.ASKED, occasion, lines)]


def hindrance(person: User) -> MailOutcome | None:
    """Why a person can't be mailed at all, if so."""
    if not person.is_active:
        return MailOutcome.INACTIVE
    return None if person.email.strip() else MailOutcome.NO_ADDRESS


def _deliver(
    person: User,
    find: Callable[[], list[Notice]],
    withheld: Mapping[str, str],
    *,
    day: date,
    now: datetime,
    by: User | None = None,
) -> MailOutcome:
    """Record what somebody is told and hand over the mail, both or neither; `find` returns what is still to be told."""
    problem = hindrance(person)
    if problem:
        return problem

    def run() -> MailOutcome:
        notices = find()
        if not notices:
            return MailOutcome.TOLD_ALREADY
        # Stored first: another run that tells the same waits here, and then finds it told.
        reminders = [
            Reminder(
                edition=notice.edition,
                person=person,
                lines_of=notice.lines_of,
                kind=notice.kind,
                occasion=notice.occasion,
                lines=len(notice.lines),
                address=person.email,
                sent_at=now,
            )
            for notice in notices
        ]
        save_all(reminders, by=by, reason=BY_ITSELF if by is None else f"Asked for by {by}")
        with counted_mail():
            compose(notices, day=day, asked_by=by, withheld=withheld).send()
        return MailOutcome.SENT

    try:
        return all_or_none(run)
    except Exception:
        # Whatever is wrong with one address or the mail server: others get theirs.
        log.exception("A reminder to %s could not be handed over", person.username)
        return MailOutcome.FAILED
