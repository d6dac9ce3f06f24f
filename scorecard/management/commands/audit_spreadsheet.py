"""Says what in a council's own spreadsheet can't be right; needs no setting-up and no database."""

import io
import json
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.calculations.formatting import counted
from indicators.resources.archive import SpreadsheetError
from scorecard.spreadsheets.audit import Audit, as_data, audit_file
from scorecard.spreadsheets.marked import marked_copy


class Command(BaseCommand):
    help = (
        "Read a council's spreadsheet of figures (.xlsx, .xlsm, .ods or .csv) in whatever layout it has, and list the "
        "cells that can't be right and the questions that only a person can answer. Nothing is stored. "
        "Exit status 0: read, whatever was found; 1: could not be read, and the message says why."
    )
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the spreadsheet")
        parser.add_argument("--format", default="text", help="text or json (text)")
        parser.add_argument(
            "--marked",
            metavar="FILE",
            help="also write a copy as an Excel workbook, with a comment at each cell that was found",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        if options["format"] not in ("text", "json"):
            raise CommandError(f"There is no format “{options['format']}”: use text or json.")
        try:
            data = path.read_bytes()
            audit = audit_file(data, path.stem)
            if options["marked"]:
                self._write(Path(options["marked"]), path, marked_copy(data, audit))
        except OSError as error:
            raise CommandError(f"Can't read {path}: {error.strerror}.") from error
        except SpreadsheetError as error:
            raise CommandError(f"Can't read {path}: {error}") from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_data(audit), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_as_text(audit))

    def _write(self, place: Path, read: Path, copy: bytes) -> None:
        if place.suffix.lower() != ".xlsx":
            raise CommandError(f"The marked copy is an Excel workbook: give it a name like {read.stem}-marked.xlsx.")
        if place.exists() and place.samefile(read):
            raise CommandError("The marked copy would take the place of the file itself: give it another name.")
        try:
            place.write_bytes(copy)
        except OSError as error:
            raise CommandError(f"Can't write {place}: {error.strerror}.") from error


def _as_text(audit: Audit) -> str:
    out = io.StringIO()
    figures = sum(entry.value is not None for measure in audit.measures for entry in measure.values.values())
    out.write(f"{counted(len(audit.measures), 'measure')} with {counted(figures, 'figure')} read.\n")
    if audit.measures:
        out.write(
            f"\n{counted(len(audit.findings), 'cell')} can't be right:\n"
            if audit.findings
            else "\nNothing wrong was found.\n"
        )
    for one in audit.findings:
        right = f" -> {one.right}" if one.right else ""
        out.write(f"\n{one.place}  {one.kind}\n  {one.printed[:80]}{right}\n")
        out.write(_wrapped([one.why]))
    if audit.questions:
        out.write(f"\nOnly a person can say:\n{_wrapped(audit.questions, '- ')}")
    return out.getvalue().rstrip()


def _wrapped(texts: Iterable[str], mark: str = "") -> str:
    lines = (
        textwrap.fill(text, 110, initial_indent=f"  {mark}", subsequent_indent="  " + " " * len(mark)) for text in texts
    )
    return "".join(f"{line}\n" for line in lines)
