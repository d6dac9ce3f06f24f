"""The mail that tells somebody what waits for them: its words and its links. Sends nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from commentary.sign_off import Standing
from indicators.calculations.months import month_text
from indicators.models import User
from scorecard.models import Edition, ReminderKind
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
NO_SITE_URL = (
    "SITE_URL is missing: set it to the address that people open the scorecard at, as "
    "https://scorecard.example.gov.uk, so that reminders can lead there."
)
BAD_SITE_URL = "SITE_URL is “{}”: it has to be http:// or https:// and the site’s name, without a path behind it."


class SiteAddressError(Exception):
    """The setting SITE_URL is missing or no address; says so in a sentence."""


class ToldLine(NamedTuple):
    """A line in a mail, with what is to be said of it: why it was sent back, or that it changed."""

    reference: str
    title: str
    said: str

    @property
    def said_indented(self) -> str:
        return "\n  ".join(self.said.splitlines())


@dataclass(frozen=True, slots=True)
class Part:
    """What waits for somebody at one page: in words, line by line, and the page's address."""

    words: str
    edition: str
    lines: Sequence[ToldLine]
    action: str
    address: str

    @property
    def heading(self) -> str:
        return f"{self.words}: {self.edition}"


def compose(notices: Sequence[Notice], *, day: date, asked_by: User | None = None) -> EmailMultiAlternatives:
    """One mail to one person with everything in it that they are to be told on the day.

    `asked_by` is the performance officer who wants it sent, to whom answers go. Raises SiteAddressError.
    """
    parts = parts_of(notices, day)
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


def parts_of(notices: Sequence[Notice], day: date) -> list[Part]:
    """What the notices tell, the most pressing first, each line once."""
    ordered = sorted(_without_repeats(notices), key=lambda notice: URGENCY.index(notice.kind))
    return [part for notice in ordered for part in _parts(notice, day)]


def _without_repeats(notices: Sequence[Notice]) -> Iterable[Notice]:
    """Without what was sent back where another part lists everything to enter, that among it."""
    full = {
        (notice.edition.pk, notice.lines_of.pk)
        for notice in notices
        if notice.kind in (ReminderKind.OPENED, ReminderKind.DUE_SOON, ReminderKind.OVERDUE)
    }
    for notice in notices:
        if notice.kind is not ReminderKind.SENT_BACK or (notice.edition.pk, notice.lines_of.pk) not in full:
            yield notice


def _parts(notice: Notice, day: date) -> Iterable[Part]:
    to_enter = [line for line in notice.lines if line.standing.is_with_reporter]
    to_sign_off = [line for line in notice.lines if line.standing.is_with_owner]
    for lines, words, action, page in (
        (to_enter, entering_words, "Enter {}", "return"),
        (to_sign_off, sign_off_words, "Sign {0} off or send {0} back", "sign_off"),
    ):
        if lines:
            yield Part(
                words=one_line(words(notice, len(lines), day)),
                edition=one_line(str(notice.edition)),
                lines=[_told(line) for line in lines],
                action=action.format("it" if len(lines) == 1 else "them"),
                address=_address(page, notice),
            )


def _told(line: SheetLine) -> ToldLine:
    said = ""
    if line.standing is Standing.SENT_BACK and line.sign_off:
        said = f"Sent back: {line.sign_off.note}"
    elif line.standing is Standing.CHANGED:
        said = Standing.CHANGED.label
    return ToldLine(one_line(line.indicator.reference), one_line(line.indicator.title), said)


def entering_words(notice: Notice, count: int, day: date) -> str:
    """What a reporter has to do by when: 4 lines are due on Thursday 11 March."""
    lines, due = _lines_of(notice, count), notice.edition.due_on
    if notice.kind is ReminderKind.SENT_BACK:
        return f"{lines} {_was(count)} sent back{' to you' if _is_own(notice) else ''}"
    if due is None:
        return f"{lines} {_is(count)} to be sent"
    if notice.kind is ReminderKind.OPENED:
        return f"{lines} can be entered until {_day(due)}"
    if day > due:
        return f"{lines} {_was(count)} due on {_day(due)}"
    return f"{lines} {_is(count)} due {'today, ' if day == due else 'on '}{_day(due)}"


def sign_off_words(notice: Notice, count: int, day: date) -> str:
    """What an owner has to do: 2 lines wait for your sign-off."""
    waits = "waits" if count == 1 else "wait"
    return f"{_lines_of(notice, count)} {waits} for {'your ' if _is_own(notice) else ''}sign-off"


def count_lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def _lines_of(notice: Notice, count: int) -> str:
    whose = "" if _is_own(notice) else f" of {notice.lines_of}"
    return f"{count_lines(count)}{whose}"


def _is_own(notice: Notice) -> bool:
    return notice.person.pk == notice.lines_of.pk


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _day(day: date) -> str:
    return f"{day:%A %-d %B}"


def _address(page: str, notice: Notice) -> str:
    edition: Edition = notice.edition
    path = reverse(page, args=[edition.scorecard.slug, month_text(edition.month)])
    whose = urlencode({"for": notice.lines_of.username}) if page == "return" and not _is_own(notice) else ""
    return f"{site_url()}{path}{'?' if whose else ''}{whose}"


def site_url() -> str:
    """The site's address without a slash at its end. Raises SiteAddressError."""
    address = settings.SITE_URL.rstrip("/")
    if not address:
        raise SiteAddressError(NO_SITE_URL)
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query or parts.fragment:
        raise SiteAddressError(BAD_SITE_URL.format(settings.SITE_URL))
    return address


def one_line(text: str) -> str:
    """The text without line breaks and what else can't be printed: neither may stand in a mail's head."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
