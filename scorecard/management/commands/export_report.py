"""Writes a scorecard's report for one month to a file or to the terminal."""

import os
import stat
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError, CommandParser

from scorecard.files.formats import FORMATS
from scorecard.files.paper import PaperUnavailableError
from scorecard.management.arguments import month_with_figures, scorecard_called
from scorecard.models import Audience, Scorecard
from scorecard.publication.codec import DocumentError
from scorecard.publication.files import file_of
from scorecard.publication.reading import Published, audience_of, publications_for
from scorecard.report import assemble_report

_NAMED = {made.name: made for made in FORMATS.values()}


class Command(BaseCommand):
    help = "Export a scorecard's report for one month."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scorecard", help="its name in web addresses, as children-and-families")
        parser.add_argument("month", help="as 2021-01 or Jan-21")
        parser.add_argument("--format", required=True, help=" or ".join(_NAMED))
        parser.add_argument("--live", action="store_true", help="as the data stand now, also if the month is published")
        parser.add_argument("--publication", type=int, metavar="N", help="1 for the first; else the one that holds")
        parser.add_argument("--public", action="store_true", help="as the public reads it, small counts hidden")
        parser.add_argument("-o", "--output", metavar="FILE", help="instead of the terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = _NAMED.get(options["format"]) or FORMATS.get(options["format"])
        if wanted is None:
            raise CommandError(f"There is no format “{options['format']}”: use {' or '.join(_NAMED)}.")
        scorecard = scorecard_called(options["scorecard"])
        if not wanted.is_text and not options["output"]:
            raise CommandError(f"A file of the format “{wanted.suffix}” is not text: say where with -o FILE.")
        month = month_with_figures(scorecard, options["month"])
        published = self._published(scorecard, month, options)
        try:
            data = file_of(published, wanted) if published else wanted.make(assemble_report(scorecard, month))
        except (PaperUnavailableError, DocumentError) as error:
            raise CommandError(str(error)) from error
        if options["output"]:
            _write(Path(options["output"]), data)
        else:
            try:
                # The mark is for Excel, which reads files.
                self.stdout.write(data.decode("utf-8-sig"), ending="")
                self.stdout.flush()
            except OSError as error:
                raise CommandError(f"Can't write the report: {error.strerror}.") from error

    def _published(self, scorecard: Scorecard, month: date, options: dict[str, Any]) -> Published | None:
        """What was published; None for a month that isn't, and with --live any: as the data stand now."""
        number, public = options["publication"], options["public"]
        if options["live"]:
            if number or public:
                raise CommandError("--live is not what was published: leave out --publication and --public.")
            return None
        audience = audience_of(scorecard, AnonymousUser()) if public else Audience.PANEL
        of_month = [one for one in publications_for(scorecard, audience) if one.month == month]
        found = next((one for one in of_month if number in (None, one.number)), None)
        if found is None and (number or public):
            numbers = ", ".join(str(one.number) for one in of_month) or "none"
            raise CommandError(f"There is no such publication of {month:%B %Y}; there is: {numbers}.")
        return found


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
    if path.exists():
        mode = stat.S_IMODE(path.stat().st_mode)
    else:
        # The only way to read the mask is to set another.
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
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
