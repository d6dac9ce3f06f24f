"""Both workbooks against LibreOffice: whether it reads the same figures, and how long it takes over its own PDF."""

import math
import shutil
import subprocess
from pathlib import Path

from django.core.management import call_command
from python_calamine import CalamineWorkbook

from scorecard.files.data_workbook import to_data_xlsx
from scorecard.files.paper import to_pdf
from scorecard.files.workbook import to_xlsx
from scorecard.models import EditionState
from scorecard.report import BoardReport, assemble_report

from .scorecards import MONTH, make_scorecard
from .timing import medians

LINES, MONTHS, ROUNDS = 64, 25, 3
BOOKS = {"report": to_xlsx, "report.data": to_data_xlsx}
LONGEST = 180
NO_OFFICE = (
    "LibreOffice (soffice) is not here: it reads the workbooks back, and makes the PDF that ours is timed against.\n"
    "Debian and Ubuntu, as root: apt-get install --no-install-recommends libreoffice-calc    macOS: brew install "
    "--cask libreoffice"
)

Cells = dict[tuple[str, int, int], object]


def run(folder: Path) -> None:
    office = find_office()
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    report = assemble_report(make_scorecard(lines=LINES, months=MONTHS, state=EditionState.IN_REVIEW), MONTH)
    for name, make in BOOKS.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(make(report))
        print(f"LibreOffice reads {path.name} and writes it again: {_compare(office, path)} cells, all the same")
    _print_times(report, office, folder)


def find_office() -> str:
    """The program's path. Without it: SystemExit that says what to install."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        raise SystemExit(NO_OFFICE)
    return found


def _convert(office: str, path: Path, kind: str) -> Path:
    """The file as LibreOffice writes it in another format, with settings of its own for this run."""
    target = path.parent / "converted"
    settings = f"-env:UserInstallation={(path.parent / 'settings').as_uri()}"
    command = [office, settings, "--headless", "--convert-to", kind, "--outdir", str(target), str(path)]
    # LibreOffice ends with 0 even when it could not convert, so the file itself is looked for.
    made = target / f"{path.stem}.{kind}"
    made.unlink(missing_ok=True)
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)  # noqa: S603
    if not made.is_file():
        raise SystemExit(f"LibreOffice could not convert {path.name}: {done.stderr or done.stdout}")
    return made


def _compare(office: str, path: Path) -> int:
    """How many cells LibreOffice gave back; it stops at the first that differs."""
    ours, theirs = _cells(path), _cells(_convert(office, path, "xlsx"))
    for place in sorted(ours.keys() | theirs.keys()):
        if not _is_same(ours.get(place), theirs.get(place)):
            raise SystemExit(f"{path.name}, {place}: {ours.get(place)!r} came back as {theirs.get(place)!r}")
    return len(ours)


def _cells(path: Path) -> Cells:
    book = CalamineWorkbook.from_path(path)
    return {
        (name, row, column): cell
        for name in book.sheet_names
        for row, cells in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        for column, cell in enumerate(cells)
        if cell != ""
    }


def _is_same(ours: object, theirs: object) -> bool:
    """Numbers to the last digits that LibreOffice writes; text to the letter."""
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-13)
    return ours == theirs


def _print_times(report: BoardReport, office: str, folder: Path) -> None:
    book = folder / "report.xlsx"
    times = medians(
        {
            "LibreOffice, workbook to PDF": lambda: _convert(office, book, "pdf"),
            "our PDF": lambda: to_pdf(report),
            "our workbook": lambda: to_xlsx(report),
            "our data workbook": lambda: to_data_xlsx(report),
        },
        rounds=ROUNDS,
    )
    theirs = times["LibreOffice, workbook to PDF"]
    print(f"Medians of {ROUNDS} rounds in milliseconds, {LINES} lines, and times what LibreOffice takes for its PDF")
    for name, seconds in times.items():
        print(f"{name:<30}{seconds * 1000:>9.0f}{seconds / theirs:>8.2f}")
