"""Brings over what another installation exported."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scorecard.starting.clashes import Arriving, Choices
from scorecard.starting.contents import MoveError
from scorecard.starting.importing import NOT_EMPTY
from scorecard.starting.merging import bring_over
from scorecard.starting.reading import MovedFile


class Command(BaseCommand):
    help = "Bring everything over from a file of export_everything: all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what export_everything wrote")
        parser.add_argument("--merge", action="store_true", help="into an installation that has data already")
        parser.add_argument("--dry-run", action="store_true", help="only say what it would do")
        parser.add_argument("--letters", default="", help="what tells the other council's names that are taken here")
        parser.add_argument(
            "--rename",
            action="append",
            default=[],
            metavar="'WHAT=NAME'",
            help="another name for what is taken, as the list says it: 'indicator reference CIN1=CIN1-X'",
        )
        parser.add_argument(
            "--role",
            action="append",
            default=[],
            metavar="USERNAME",
            help="who gets the role here that they have there",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as opened:
                self._bring_over(MovedFile(opened), options)
        except (MoveError, OSError) as error:
            raise CommandError(str(error)) from error

    def _bring_over(self, file: MovedFile, options: dict[str, Any]) -> None:
        arriving = Arriving(file, Choices(options["letters"]))
        if arriving.is_merge and not options["merge"]:
            raise MoveError(
                f"{NOT_EMPTY} To merge it with what is here: --merge, and --dry-run to see what that would do."
            )
        named = {f"{one.what} {one.name}".lower(): one.place for one in arriving.taken}
        names = {}
        for said in options["rename"]:
            what, _, name = said.rpartition("=")
            if what.lower() not in named:
                raise MoveError(f"“{what}” is no name that is taken here.")
            names[named[what.lower()]] = name
        unknown = set(options["role"]) - {one.username for one in arriving.newcomers}
        if unknown:
            raise MoveError(f"{min(unknown)} is nobody who comes from there with a role.")
        choices = Choices(options["letters"], names, options["role"])
        if options["dry_run"]:
            self._say(Arriving(file, choices))
        outcome = bring_over(file, choices, by=None, is_trial=options["dry_run"])
        if options["dry_run"]:
            self.stdout.write("Nothing was written.")
        else:
            self.stdout.write(f"Brought over from {outcome.source}: {outcome.words}.")
            self.stdout.write("People have no passwords here yet: invite them, or let them ask for a link.")
        for problem in outcome.problems:
            self.stdout.write(problem)
        if outcome.problems and not options["dry_run"]:
            raise CommandError("Everything was brought over as it is, and this isn’t as it was published.")

    def _say(self, arriving: Arriving) -> None:
        self.stdout.write(f"From {arriving.source}, written by version {arriving.file.made_by}.")
        for amount in arriving.amounts:
            self.stdout.write(f"{amount.what}: {amount.there:,}, of which {amount.same:,} here already")
        for same in arriving.same:
            self.stdout.write(f"Used as it is here: {same.what} {same.name}{f', {same.words}' if same.words else ''}")
        for one in arriving.taken:
            wrong = f" ({one.problem})" if one.problem else ""
            self.stdout.write(f"{one.what} {one.name} is that of “{one.holder}” here: becomes {one.chosen}{wrong}")
        for person in arriving.newcomers:
            words = f"{', '.join(person.roles)} there; here only with --role {person.username}"
            self.stdout.write(f"{person.username}: {words}")
        for words in (*arriving.notes, *arriving.refusals):
            self.stdout.write(words)
