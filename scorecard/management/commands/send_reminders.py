"""Mails everybody what is due, was sent back or waits for their sign-off; for cron or a systemd timer."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from indicators.mailing import SiteAddressError, site_url
from indicators.moments import today_in_britain
from scorecard.collection.mail import parts_of
from scorecard.collection.reminders import MailOutcome, hindrance, planned, send_planned


class Command(BaseCommand):
    help = "Mail reporters and owners what waits for them. Safe to repeat: nothing is told twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say who would be told what")
        parser.add_argument("--date", metavar="YYYY-MM-DD", help="as if it were this day, instead of today")

    def handle(self, *args: Any, **options: Any) -> None:
        day = _day(options["date"])
        try:
            site_url()
        except SiteAddressError as error:
            raise CommandError(str(error)) from error
        if not options["dry_run"]:
            self._send(day)
            return
        for notices in planned(day):
            person = notices[0].person
            problem = hindrance(person)
            told = "; ".join(part.heading for part in parts_of(notices, day))
            self.stdout.write(problem.say(person) if problem else f"{person}: {told}")
        self.stdout.write("Nothing was sent: this was a dry run.")

    def _send(self, day: date) -> None:
        deliveries = list(send_planned(day=day, now=timezone.now()))
        counts = Counter(outcome for _, outcome in deliveries)
        skipped = [outcome.say(person) for person, outcome in deliveries if outcome.is_skipped]
        failed = [str(person) for person, outcome in deliveries if outcome is MailOutcome.FAILED]
        for sentence in skipped:
            self.stdout.write(sentence)
        self.stdout.write(f"Sent: {counts[MailOutcome.SENT]}. Skipped: {len(skipped)}. Failed: {len(failed)}.")
        if failed:
            raise CommandError(
                f"No mail could be handed over for {', '.join(failed)}. The log says why; the next run tries again."
            )


def _day(text: str | None) -> date:
    if text is None:
        return today_in_britain()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is not a day: write it as 2021-03-11.") from error
