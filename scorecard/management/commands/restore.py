"""Makes the database again from a backup."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scorecard.backups import BackupError, restore


class Command(BaseCommand):
    help = "Make the database again from a backup: into an empty one, of this version or an earlier one."
    # Its checks would look for what is only going to be there.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what manage.py backup wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(options["file"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored from {manifest.made_at}, version {manifest.version}.")
