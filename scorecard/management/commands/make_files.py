"""Makes the files of published reports that are not there yet."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.calculations.formatting import counted
from scorecard.management.arguments import scorecards_called
from scorecard.publication.files import make_missing, publications_of


class Command(BaseCommand):
    help = "Make the files of published reports that are missing, PDFs last. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scorecard", nargs="?", help="its name in web addresses; otherwise all scorecards")

    def handle(self, *args: Any, **options: Any) -> None:
        scorecards = scorecards_called(options["scorecard"])
        problems = []
        for published, file_format, problem in make_missing(publications_of(scorecards)):
            problems.append(problem)
            self.stdout.write(f"{published}, {file_format.label}: {problem or 'made.'}")
        failed = sum(map(bool, problems))
        if failed:
            raise CommandError(f"{counted(failed, 'file')} could not be made.")
        if not problems:
            self.stdout.write("Every file is there already.")
