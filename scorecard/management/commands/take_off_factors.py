"""Take the second factors off somebody who lost theirs, where no officer can: `manage.py take_off_factors USERNAME`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.models import User
from scorecard.accounts.factors import take_off


class Command(BaseCommand):
    help = "Take all second factors off a person who lost theirs; they are signed out, and told by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        person = User.objects.named(username).first()
        if person is None:
            raise CommandError(f"Nobody has the username “{username}”.")
        count = take_off(person=person)
        self.stdout.write(f"{person} had {count or 'no'} second factors." + (" They are taken off." if count else ""))
