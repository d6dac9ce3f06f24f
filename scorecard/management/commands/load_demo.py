"""Loads the demonstration: two scorecards of January 2021."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from scorecard import demonstration

PASSWORD = "try-the-scorecard"  # noqa: S105 - only ever set when DEBUG is on


class Command(BaseCommand):
    help = "Load the January 2021 scorecards of children's services and of the whole council. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        added: Counter[str] = Counter()
        for files in (demonstration.CHILDREN, demonstration.CORPORATE):
            try:
                added.update(demonstration.load(PASSWORD if settings.DEBUG else None, files=files))
            except demonstration.DemonstrationError as error:
                if files is demonstration.CHILDREN:
                    raise CommandError(str(error)) from error
                # Somebody has been at work here since an earlier version, and goes on with what there is.
                self.stdout.write(str(error))
        new = [f"{count} {what}" for what, count in added.items()]
        self.stdout.write("Added " + ", ".join(new) + "." if new else "Everything was there already.")
        if settings.DEBUG:
            self.stdout.write(f"Sign in as any of these with the password {PASSWORD} (unless you changed it):")
            for files in (demonstration.CHILDREN, demonstration.CORPORATE):
                for person in files.records("people.csv"):
                    self.stdout.write(f"  {person['username']:<26} {person['role']}")
        else:
            self.stdout.write("The demonstration's people have no passwords: set them in the admin.")
