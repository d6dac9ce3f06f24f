"""Writes a scorecard's report for one month to a file or to the terminal."""

import os
import stat
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.calculations.months import month_text, parse_month
from scorecard.models import Scorecard
from scorecard.report import assemble_report
from scorecard.report.export import FORMATS


class Command(BaseCommand):
    help = "Export a scorecard's report for one month."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scorecard", help="its name in web addresses, as children-and-families")
        parser.add_argument("month", help="as YYYY-MM")
        parser.add_argument("--format", required=True, help=" or ".join(FORMATS))
        parser.add_argument("-o", "--output", metavar="FILE", help="instead of the terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        make_text = FORMATS.get(options["format"])
        if make_text is None:
            raise CommandError(f"There is no format “{options['format']}”: use {' or '.join(FORMATS)}.")
        scorecard = _scorecard(options["scorecard"])
        text = make_text(assemble_report(scorecard, _month(scorecard, options["month"])))
        if options["output"]:
            _write(Path(options["output"]), text)
        else:
            self._print(text)

    def _print(self, text: str) -> None:
        try:
            self.stdout.write(text, ending="")
            self.stdout.flush()
        except OSError as error:
            raise CommandError(f"Can't write the report: {error.strerror}.") from error


def _scorecard(slug: str) -> Scorecard:
    found = Scorecard.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Scorecard.objects.values_list("slug", flat=True)) or "none yet"
        raise CommandError(f"There is no scorecard “{slug}”. There are: {known}.")
    return found


def _month(scorecard: Scorecard, text: str) -> date:
    try:
        month = parse_month(text)
    except ValueError as error:
        raise CommandError(str(error)) from error
    months = scorecard.months_with_figures()
    if month not in months:
        known = ", ".join(month_text(known) for known in reversed(months)) or "none yet"
        raise CommandError(f"{scorecard} has no figures for {text}. Months with figures: {known}.")
    return month


def _write(path: Path, text: str) -> None:
    """Write the whole file or none of it: a reader never finds half a report."""
    try:
        # A link stays a link to the file; a pipe, or /dev/stdout, is written to and not replaced.
        target = path.resolve()
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8", newline="")
        else:
            _replace(target, text)
    except OSError as error:
        raise CommandError(f"Can't write {path}: {error.strerror}.") from error
    except RuntimeError as error:
        raise CommandError(f"Can't write {path}: its links lead round in a circle.") from error


def _replace(path: Path, text: str) -> None:
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask()
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=path.parent, prefix=".report-", delete=False
    ) as file:
        temporary = Path(file.name)
        try:
            file.write(text)
            file.close()
            temporary.chmod(mode)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
