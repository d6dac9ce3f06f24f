"""Imports comparators, and the other authorities' figures beside them, from national open data."""

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.actions import save_open_data
from indicators.bases import questions_about
from indicators.calculations.months import financial_year_text, parse_financial_year
from indicators.calculations.ranking import standings
from indicators.calculations.vocabulary import Blank, ComparatorGroup, Polarity, Unit
from indicators.models import Comparator, Indicator, User
from indicators.models.audited import REFUSED, refusal
from indicators.open_data import ComparatorMapping, Findings, OpenDataError, load_mapping, read_findings
from indicators.open_data.differences import Difference
from indicators.open_data_changes import OpenDataChanges, compare_with_stored, indicators_of, told_differences


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
        parser.add_argument("--by", metavar="USERNAME", help="who saves, for the history")

    def handle(self, *args: Any, **options: Any) -> None:
        by = _person(options["by"], save=options["save"])
        try:
            mapping = load_mapping(options["mapping"])
            indicators = indicators_of(mapping)
            folder = options["data"] or options["mapping"].parent
            findings = read_findings(mapping, folder, _years(options["year"], mapping))
        except OpenDataError as error:
            raise CommandError("\n".join([*error.problems, "Nothing has been saved."])) from error
        changes = compare_with_stored(findings, indicators)
        self._show(findings, indicators, changes, told_differences(findings, indicators, mapping))
        if by is None:
            self._line("Nothing has been saved. To save this, run the command again with --save --by YOUR-USER-NAME.")
        elif changes.is_empty:
            self._line("There is nothing to save.")
        else:
            _save(changes, by)
            self._line("Saved.")

    def _show(
        self,
        findings: list[Findings],
        indicators: dict[str, Indicator],
        changes: OpenDataChanges,
        differing: list[Difference],
    ) -> None:
        for change in changes.comparators:
            self._line(f"{change.row}: {'new' if change.is_new else 'changes'}")
            for field, old, content in change.fields:
                self._line(f"  {field}: {content}" if change.is_new else f"  {field}: {old} -> {content}")
            if change.by_hand:
                self._line(f"  This replaces what was entered by hand, by {change.by_hand}.")
        new = sum(change.is_new for change in changes.comparators)
        changed = len(changes.comparators) - new
        self._line(f"Comparators: {new} new, {changed} changed, {changes.unchanged} unchanged.")
        new = sum(row.pk is None for row in changes.peers)
        changed = len(changes.peers) - new
        total = sum(len(found.authorities) for found in findings)
        self._line(f"Figures of other authorities: {new} new, {changed} changed, of {total} in the files.")
        self._list("Not on their row’s basis, by this source", [one.text for one in differing if one.is_far])
        self._list(
            "Otherwise than in the report, by more than rounding", [one.text for one in differing if not one.is_far]
        )
        self._list("Left out, and what to beware of", [remark for found in findings for remark in found.remarks])
        asked = questions_about([change.row for change in changes.comparators if isinstance(change.row, Comparator)])
        self._list("Please look at these before you save", [question for question in asked if question])
        self._list("Where the council stands", [line for found in findings for line in _standings(found, indicators)])

    def _list(self, title: str, lines: list[str]) -> None:
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


def _years(texts: list[str] | None, mapping: ComparatorMapping) -> tuple[int, ...]:
    try:
        return tuple(parse_financial_year(text) for text in texts) if texts else mapping.years
    except ValueError as error:
        raise CommandError(f"--year: {error}") from error


def _save(changes: OpenDataChanges, by: User) -> None:
    try:
        save_open_data(changes=changes, by=by)
    except PermissionDenied as error:
        raise CommandError(f"{by} may not add and change comparators. Nothing has been saved.") from error
    except REFUSED as error:
        raise CommandError(f"{refusal(error)} Nothing has been saved; run the command again.") from error


def _standings(found: Findings, indicators: dict[str, Indicator]) -> list[str]:
    peers = [figure.as_peer() for figure in found.authorities if figure.blank is not Blank.NOT_APPLICABLE]
    indicator = indicators[found.reference]
    ranked = standings(peers, Polarity(indicator.polarity))
    caution = "; numbers are not adjusted for size" if indicator.unit == Unit.COUNT else ""
    return [
        f"{found.reference}, {financial_year_text(found.year)}, {ComparatorGroup(group).label}: {standing}{caution}"
        for group, standing in ranked.items()
        if standing is not None
    ]
