"""The mail that tells somebody what is waiting for them: its words and its links. Sends nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from commentary.sign_off import Standing
from indicators.calculations.formatting import counted
from indicators.calculations.months import month_text
from indicators.mailing import site_url
from indicators.models import User
from scorecard.council.look import held_still
from scorecard.models import ReminderKind
from scorecard.models.withholding import text_checksum
from scorecard.sheet.sheet import SheetLine

from .notices import Notice

# The most pressing first; it gives the mail its subject.
URGENCY = (
    ReminderKind.ASKED,
    ReminderKind.OVERDUE,
    ReminderKind.DUE_SOON,
    ReminderKind.SENT_BACK,
    ReminderKind.OPENED,
    ReminderKind.TO_SIGN_OFF,
)


NOTHING_WITHHELD: Mapping[str, str] = MappingProxyType({})


class MailLine(NamedTuple):
    """A line in a mail, with what is to be said of it: why it was sent back, or that it changed."""

    reference: str
    title: str
    said: str

    @property
    def said_indented(self) -> str:
        return "\n  ".join(self.said.splitlines())


@dataclass(frozen=True, slots=True)
class MailPart:
    """What waits for somebody at one page: in words, line by line, and the page's address."""

    words: str
    edition: str
    lines: Sequence[MailLine]
    action: str
    address: str
    # Why somebody else is told too; empty where the lines are their own.
    why: str = ""

    @property
    def heading(self) -> str:
        return f"{self.words}: {self.edition}"


@held_still()
def compose(
    notices: Sequence[Notice],
    *,
    day: date,
    asked_by: User | None = None,
    withheld: Mapping[str, str] = NOTHING_WITHHELD,
) -> EmailMultiAlternatives:
    """One mail to one person with everything in it that they are to be told on the day.

    `asked_by` is the performance officer who wants it sent, to whom answers go; `withheld` are sentences in the place
    of texts that were taken back, by their checksums. Raises SiteAddressError.
    """
    parts = parts_of(notices, day, withheld)
    first = parts[0]
    subject = first.heading if len(parts) == 1 else f"{first.words}, and more: {first.edition}"
    person = notices[0].person
    context = {"subject": subject, "person": person, "parts": parts, "asked_by": asked_by}
    message = EmailMultiAlternatives(
        subject,
        render_to_string("mail/reminder.txt", context),
        to=[person.email],
        reply_to=[asked_by.email] if asked_by and asked_by.email else None,
        # Keeps out-of-office replies away (RFC 3834).
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("mail/reminder.html", context), "text/html")
    return message


def parts_of(notices: Sequence[Notice], day: date, withheld: Mapping[str, str] = NOTHING_WITHHELD) -> list[MailPart]:
    """What the notices tell, the most pressing first, each line once."""
    # What was sent back is left out where another part lists everything to enter, that among it.
    full = {
        (notice.edition.pk, notice.lines_of.pk)
        for notice in notices
        if notice.kind in (ReminderKind.OPENED, ReminderKind.DUE_SOON, ReminderKind.OVERDUE)
    }
    parts = []
    for notice in sorted(notices, key=lambda one: URGENCY.index(one.kind)):
        if notice.kind is ReminderKind.SENT_BACK and (notice.edition.pk, notice.lines_of.pk) in full:
            continue
        to_enter = [line for line in notice.lines if line.standing.is_with_reporter]
        if to_enter:
            words = _entering_words(notice, len(to_enter), day)
            query = None if notice.is_own else {"for": notice.lines_of.username}
            parts.append(_part(notice, to_enter, words, "Enter {}", "return", withheld, query))
        to_sign_off = [line for line in notice.lines if line.standing.is_with_owner]
        if to_sign_off:
            waits = "waits" if len(to_sign_off) == 1 else "wait"
            whose = "your " if notice.is_own else ""
            words = f"{counted(len(to_sign_off), 'line')}{notice.whose} {waits} for {whose}sign-off"
            parts.append(_part(notice, to_sign_off, words, "Sign {0} off or send {0} back", "sign_off", withheld))
    return parts


def _part(
    notice: Notice,
    lines: list[SheetLine],
    words: str,
    action: str,
    page: str,
    withheld: Mapping[str, str],
    query: dict[str, str] | None = None,
) -> MailPart:
    """What waits on one page, with the page's address; `action` says what to do with “it” or “them”."""

    def readable(text: str) -> str:
        return withheld.get(text_checksum(text), text)

    place = [notice.edition.scorecard.slug, month_text(notice.edition.month)]
    return MailPart(
        words=one_line(words),
        edition=one_line(str(notice.edition)),
        lines=[
            MailLine(
                one_line(line.indicator.reference), one_line(readable(line.indicator.title)), _said_of(line, readable)
            )
            for line in lines
        ],
        action=action.format("it" if len(lines) == 1 else "them"),
        address=f"{site_url()}{reverse(page, args=place, query=query)}",
        why=_why_told(notice),
    )


def _why_told(notice: Notice) -> str:
    person = notice.lines_of
    if notice.is_own or (person.is_active and person.email.strip()):
        return ""
    hindered = "has no e-mail address" if person.is_active else "can’t sign in any more"
    return one_line(f"You are told because {person} {hindered}.")


def _said_of(line: SheetLine, readable: Callable[[str], str]) -> str:
    if line.standing is Standing.SENT_BACK and line.sign_off:
        return f"Sent back: {readable(line.sign_off.note)}"
    return Standing.CHANGED.label if line.standing is Standing.CHANGED else ""


def _entering_words(notice: Notice, count: int, day: date) -> str:
    """What a reporter has to do by when: 4 lines are due on Thursday 11 March."""
    lines, due = f"{counted(count, 'line')}{notice.whose}", notice.edition.due_on
    is_now, was = ("is", "was") if count == 1 else ("are", "were")
    if notice.kind is ReminderKind.SENT_BACK:
        return f"{lines} {was} sent back{' to you' if notice.is_own else ''}"
    if due is None:
        return f"{lines} {is_now} to be sent"
    if notice.kind is ReminderKind.OPENED:
        return f"{lines} can be entered until {due:%A %-d %B}"
    if day > due:
        return f"{lines} {was} due on {due:%A %-d %B}"
    return f"{lines} {is_now} due {'today, ' if day == due else 'on '}{due:%A %-d %B}"


def one_line(text: str) -> str:
    """The text without line breaks or anything else that can't be printed, which a mail's header must not contain."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
