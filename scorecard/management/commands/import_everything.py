"""Brings over what another installation exported."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scorecard.starting.contents import MoveError
from scorecard.starting.importing import import_everything
from scorecard.starting.reading import MovedFile


class Command(BaseCommand):
    help = "Bring everything over from a file of export_everything, into an empty installation: all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what export_everything wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                outcome = import_everything(MovedFile(file), by=None)
        except (MoveError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Brought over from {outcome.source}: {outcome.words}.")
        self.stdout.write("People have no passwords here yet: invite them, or let them ask for a link.")
        for problem in outcome.problems:
            self.stdout.write(problem)
        if outcome.problems:
            raise CommandError("Everything was brought over as it is, and this isn’t as it was published.")
