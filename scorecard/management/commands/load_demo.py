"""Loads the January 2021 demonstration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from scorecard import demonstration

PASSWORD = "try-the-scorecard"  # noqa: S105 - only ever set when DEBUG is on


class Command(BaseCommand):
    help = "Load the January 2021 Children and Families scorecard. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            added = demonstration.load(PASSWORD if settings.DEBUG else None)
        except demonstration.DemonstrationError as error:
            raise CommandError(str(error)) from error
        new = [f"{count} {what}" for what, count in added.items()]
        self.stdout.write("Added " + ", ".join(new) + "." if new else "Everything was there already.")
        if settings.DEBUG:
            self.stdout.write(f"Sign in as any of these with the password {PASSWORD} (unless you changed it):")
            for person in demonstration.people():
                self.stdout.write(f"  {person['username']:<26} {person['role']}")
        else:
            self.stdout.write("The demonstration's people have no passwords: set them in the admin.")
