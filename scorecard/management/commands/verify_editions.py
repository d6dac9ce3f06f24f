"""Says whether every published report is still what was published."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.calculations.formatting import counted
from indicators.one_moment import one_moment
from scorecard.management.arguments import scorecards_called
from scorecard.publication.verifying import editions_of, find_problems, find_withheld


class Command(BaseCommand):
    help = "Work out the checksums of published reports again, and say which was changed or is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scorecard", nargs="?", help="its name in web addresses; otherwise all scorecards")

    def handle(self, *args: Any, **options: Any) -> None:
        scorecards = scorecards_called(options["scorecard"])
        found = 0
        with one_moment():
            for problem in find_problems(scorecards):
                found += 1
                self.stdout.write(problem)
            withheld = list(find_withheld(scorecards))
            editions = len(editions_of(scorecards))
        if found:
            raise CommandError(f"{counted(found, 'problem was', 'problems were')} found.")
        for told in withheld:
            self.stdout.write(told)
        self.stdout.write(counted(editions, "edition is as it was published.", "editions are as they were published."))
