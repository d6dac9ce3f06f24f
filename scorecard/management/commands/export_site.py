"""Writes the public archive as plain files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from indicators.calculations.formatting import counted
from scorecard.exported_site import ExportError, export_site


class Command(BaseCommand):
    help = "Write all that a visitor can read to a folder, for any file server; written anew is only what changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a new or empty folder, or one with an earlier archive")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"]
        try:
            told = export_site(folder, timezone.now())
        except (ExportError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{folder}: {counted(told['files'], 'file')}, {told['written']} written, {told['removed']} removed."
        )
