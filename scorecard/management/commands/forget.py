"""Takes out what is kept of a person who asks to be forgotten: `manage.py forget USERNAME --by OFFICER`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from indicators.models import User
from indicators.models.audited import REFUSED, refusal
from scorecard.accounts.forgetting import CannotForgetError, forget


class Command(BaseCommand):
    help = "Take name, addresses and sign-in data of a person out of everything; the history keeps a pseudonym."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", help="user name or e-mail address")
        parser.add_argument("--by", metavar="USERNAME", help="the officer who decided it, for history and security log")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, person: str, by: str | None, dry_run: bool, **options: Any) -> None:
        asked = User.objects.named(person)
        found = list(asked or User.objects.filter(email__iexact=person))[:2]
        if len(found) != 1:
            raise CommandError(f"{'Several have' if found else 'Nobody has'} the user name or address “{person}”.")
        decided = self._officer(by)
        if decided is None and not dry_run:
            raise CommandError("Say who decided it with --by and the officer's user name: it goes into the history.")
        try:
            with transaction.atomic():
                told = forget(key=found[0].pk, by=decided)
                transaction.set_rollback(dry_run)
        except CannotForgetError as error:
            raise CommandError("\n".join(["Nothing was changed.", *error.args])) from error
        except REFUSED as error:
            raise CommandError(f"{refusal(error)} Nothing was changed; run the command again.") from error
        self._say("What would be taken out" if dry_run else f"Taken out; the history has {told.pseudonym}", told.done)
        self._say("What is left for you", told.left)
        self.stdout.write(
            "Left in any case: backups, until they are overwritten; the server's log; what was downloaded, printed or"
            " sent; drafts in the person's own browser."
        )

    def _officer(self, by: str | None) -> User | None:
        if by is None:
            return None
        officer = User.objects.named(by).filter(is_active=True).first()
        if officer is None or not officer.has_perm("indicators.change_user"):
            raise CommandError(f"“{by}” is nobody who may change people.")
        return officer

    def _say(self, title: str, lines: list[str]) -> None:
        self.stdout.write(f"{title}:")
        for line in lines or ["nothing"]:
            self.stdout.write(f"  {line}")
