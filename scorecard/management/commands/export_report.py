"""Writes a scorecard's report for one month to a file or to the terminal."""

import os
import stat
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scorecard.management.arguments import month_with_figures, scorecard_called
from scorecard.report import assemble_report
from scorecard.report.formats import FORMATS


class Command(BaseCommand):
    help = "Export a scorecard's report for one month."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scorecard", help="its name in web addresses, as children-and-families")
        parser.add_argument("month", help="as YYYY-MM")
        parser.add_argument("--format", required=True, help=" or ".join(FORMATS))
        parser.add_argument("-o", "--output", metavar="FILE", help="instead of the terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = FORMATS.get(options["format"])
        if wanted is None:
            raise CommandError(f"There is no format “{options['format']}”: use {' or '.join(FORMATS)}.")
        scorecard = scorecard_called(options["scorecard"])
        if not wanted.is_text and not options["output"]:
            raise CommandError(f"A file of the format “{wanted.suffix}” is not text: say where with -o FILE.")
        data = wanted.make(assemble_report(scorecard, month_with_figures(scorecard, options["month"])))
        if options["output"]:
            _write(Path(options["output"]), data)
        else:
            self._print(data.decode())

    def _print(self, text: str) -> None:
        try:
            self.stdout.write(text, ending="")
            self.stdout.flush()
        except OSError as error:
            raise CommandError(f"Can't write the report: {error.strerror}.") from error


def _write(path: Path, data: bytes) -> None:
    """Write the whole file or none of it: a reader never finds half a report."""
    try:
        # A link stays a link to the file; a pipe, or /dev/stdout, is written to and not replaced.
        target = path.resolve()
        if target.exists() and not target.is_file():
            target.write_bytes(data)
        else:
            _replace(target, data)
    except OSError as error:
        raise CommandError(f"Can't write {path}: {error.strerror}.") from error
    except RuntimeError as error:
        raise CommandError(f"Can't write {path}: its links lead round in a circle.") from error


def _replace(path: Path, data: bytes) -> None:
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".report-", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(data)
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
