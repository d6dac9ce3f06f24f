"""Writes the whole database to one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from scorecard.backups import BackupError, back_up, dated, dated_in


class Command(BaseCommand):
    help = "Write the whole database, as it is at one moment, to one file with its checksum."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that isn't there yet; or a folder, for one with its date")
        parser.add_argument("--keep", type=int, help="of the dated backups in the folder, keep so many, the newest")

    def handle(self, *args: Any, **options: Any) -> None:
        file, keep, now = options["file"], options["keep"], timezone.now()
        is_folder = file.is_dir()
        if keep is not None and (keep < 1 or not is_folder):
            raise CommandError("--keep is for a folder, and 1 or more.")
        target = dated(file, now) if is_folder else file
        try:
            back_up(target, now)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{target}: {target.stat().st_size / 1e6:.1f} MB.")
        for old in dated_in(file)[:-keep] if keep else ():
            old.unlink()
            self.stdout.write(f"{old} was removed.")
