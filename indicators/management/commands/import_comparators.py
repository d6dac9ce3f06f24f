"""Imports comparators, and the other authorities' figures beside them, from national open data."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.actions import save_open_data
from indicators.calculations.months import financial_year_text, parse_financial_year
from indicators.calculations.plain_text import plain_line
from indicators.models import User
from indicators.models.audited import REFUSED, refusal
from indicators.open_data import OpenDataError, load_mapping
from indicators.open_data_changes import OpenDataChanges
from indicators.open_data_plan import CouncilPlace, OpenDataPlan, plan_import


class Command(BaseCommand):
    help = (
        "Import comparators from open data. Shows what would change; saves only with --save. "
        "The mapping is described in docs/guide-performance-officer.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("mapping", type=Path, help="the TOML file that says which figures are wanted")
        parser.add_argument("--data", type=Path, metavar="FOLDER", help="where the files are; else beside the mapping")
        parser.add_argument(
            "--year", action="append", metavar="YEAR", help="such as 2019-20, instead of the mapping's years"
        )
        parser.add_argument("--save", action="store_true", help="save what has been shown; needs --by")
        parser.add_argument("--reason", default="", help="why it is right, where published reports are reached")
        parser.add_argument("--by", metavar="USERNAME", help="who saves, for the history")

    def handle(self, *args: Any, **options: Any) -> None:
        by = _person(options["by"], save=options["save"])
        try:
            mapping = load_mapping(options["mapping"])
            folder = options["data"] or options["mapping"].parent
            plan = plan_import(mapping, folder, _years(options["year"]))
        except OpenDataError as error:
            raise CommandError("\n".join([*error.problems, "Nothing has been saved."])) from error
        self._show(plan)
        if by is None:
            self._line("Nothing has been saved. To save this, run the command again with --save --by YOUR-USER-NAME.")
        elif plan.changes.is_empty:
            self._line("There is nothing to save.")
        else:
            _save(plan.changes, by, options["reason"])
            self._line("Saved.")

    def _show(self, plan: OpenDataPlan) -> None:
        changes = plan.changes
        for change in changes.comparators:
            self._line(f"{change.row}: {'new' if change.is_new else 'changes'}")
            for field, old, content in change.fields:
                self._line(f"  {field}: {content}" if change.is_new else f"  {field}: {old} -> {content}")
            if change.by_hand:
                self._line(f"  This replaces what was entered by hand, by {change.by_hand}.")
        new = plan.new_comparators
        changed = len(changes.comparators) - new
        self._line(f"Comparators: {new} new, {changed} changed, {changes.unchanged} unchanged.")
        changed = len(changes.peers) - plan.new_peers
        told = f"{plan.new_peers} new, {changed} changed, of {plan.authorities} in the files"
        self._line(f"Figures of other authorities: {told}.")
        differing = plan.differences
        self._list("Not on their row’s basis, by this source", [one.text for one in differing if one.is_far])
        self._list(
            "Otherwise than in the report, by more than rounding", [one.text for one in differing if not one.is_far]
        )
        self._list("Left out, and what to beware of", plan.remarks)
        self._list("Please look at these before you save", plan.questions)
        asked = [f"{change.row}: {caution.message}" for change, caution in plan.asked]
        self._list("In what is published or signed off: say why with --reason", asked)
        self._list("Where the council stands", [_place(place) for place in plan.places])

    def _list(self, title: str, lines: Sequence[str]) -> None:
        if lines:
            self._line(f"{title}:")
        for line in lines:
            self._line(f"  {line}")

    def _line(self, text: str) -> None:
        self.stdout.write(text)


def _person(username: str | None, *, save: bool) -> User | None:
    """Who saves; None when nothing is to be saved."""
    if not save:
        return None
    if not username:
        raise CommandError("Say who saves with --by and your user name: it goes into the history.")
    person = User.objects.named(username).filter(is_active=True).first()
    if person is None:
        raise CommandError(f"There is no active user “{username}”.")
    return person


def _years(texts: list[str] | None) -> tuple[int, ...]:
    """The years asked for; none for those of the mapping."""
    try:
        return tuple(parse_financial_year(text) for text in texts or ())
    except ValueError as error:
        raise CommandError(f"--year: {error}") from error


def _save(changes: OpenDataChanges, by: User, reason: str) -> None:
    try:
        save_open_data(changes=changes, reason=plain_line(reason), by=by)
    except ValidationError as error:
        raise CommandError("Say why these are right with --reason. Nothing has been saved.") from error
    except PermissionDenied as error:
        raise CommandError(f"{by} may not add and change comparators. Nothing has been saved.") from error
    except REFUSED as error:
        raise CommandError(f"{refusal(error)} Nothing has been saved; run the command again.") from error


def _place(place: CouncilPlace) -> str:
    return f"{place.reference}, {financial_year_text(place.year)}, {place.group.label}: {place.text}"
