"""A council's own sheet, read and made a scorecard of, against openpyxl that only reads the same file."""

import io
from datetime import date

from django.core.management import call_command
from django.db import connection, transaction
from openpyxl import Workbook, load_workbook

from indicators.calculations.months import add_months
from indicators.models import MonthlyValue, User
from scorecard.models import DraftState, SpreadsheetDraft
from scorecard.onboarding.create import create
from scorecard.onboarding.decide import plan_of
from scorecard.onboarding.details import prepared
from scorecard.spreadsheets.audit import audit_file

from .timing import medians

INDICATORS, MONTHS, FIRST, TODAY = 100, 60, date(2016, 4, 1), date(2021, 4, 20)
ROUNDS = 3


def run() -> None:
    call_command("migrate", verbosity=0)
    if connection.vendor == "postgresql":
        # On SQLite it is new, and its security log lets nothing be deleted.
        call_command("flush", interactive=False, verbosity=0)
    officer = User.objects.create_superuser("officer")
    content = _sheet()
    draft = SpreadsheetDraft.objects.create(file_name="scorecard.xlsx", content=content, sent_by=officer)
    asked = {place.partition(":")[0] for place, step in plan_of(draft).open_points if step == "indicators"}
    draft.decisions |= {
        "indicators": {name.lower(): {"polarity": "high"} for name in asked},
        "scorecard": {"council": "Bench Council", "slug": "bench"},
    }
    draft.save()

    def read_alone() -> None:
        book = load_workbook(io.BytesIO(content), data_only=True)
        sum(1 for row in book.active.iter_rows(values_only=True) for cell in row if cell is not None)

    def create_and_forget() -> None:
        with transaction.atomic():
            plan = prepared(draft)
            made = create(draft, plan, version=draft.version, by=officer, today=TODAY)
            if made.state != DraftState.CREATED or MonthlyValue.objects.count() != INDICATORS * MONTHS:
                raise SystemExit("Not everything was created.")
            transaction.set_rollback(True)

    times = medians(
        {
            "openpyxl": read_alone,
            "reading": lambda: audit_file(content, "scorecard.xlsx"),
            "creating": create_and_forget,
        },
        rounds=ROUNDS,
    )
    print(f"A sheet of {INDICATORS} indicators x {MONTHS} months on {connection.vendor}, medians of {ROUNDS} rounds:")
    print(f"openpyxl only reading it {times['openpyxl']:.2f} s; read and audited {times['reading']:.2f} s;")
    print(f"planned, checked and created with its history, once it is read, {times['creating']:.2f} s.")
    print(f"Reading / openpyxl: {times['reading'] / times['openpyxl']:.1f}")
    print(f"Creating / openpyxl: {times['creating'] / times['openpyxl']:.1f}")


def _sheet() -> bytes:
    """One heading row with references, titles and months, and a row for each indicator."""
    book = Workbook()
    sheet = book.active
    sheet.append(["Ref", "Indicator", *(f"{add_months(FIRST, number):%b-%y}" for number in range(MONTHS))])
    for place in range(INDICATORS):
        figures = (1_000 + (place * 7 + number * 13) % 200 for number in range(MONTHS))
        sheet.append([f"I{place}", f"Number of things of kind {place}", *figures])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
