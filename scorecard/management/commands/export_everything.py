"""Writes all that makes up the scorecards to one file, for another installation."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.calculations.formatting import counted
from scorecard.starting.contents import MoveError
from scorecard.starting.exporting import export_to


class Command(BaseCommand):
    help = "Write everything that makes up the scorecards to one file, from which another installation can go on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that isn't there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        target = options["file"]
        try:
            counts = export_to(target)
        except (MoveError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{target}: {counted(sum(counts.values()), 'row')}, {target.stat().st_size / 1e6:.1f} MB.")
