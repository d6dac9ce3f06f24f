"""An import of many values with their history against plain executemany of the same rows; and a preview by HTTP."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from indicators.calculations.months import add_months, month_text
from indicators.models import Indicator, MonthlyValue, User
from indicators.resources import MonthlyValueResource

from .timing import medians

INDICATORS, MONTHS = 1_000, 100
PREVIEWED, FIRST, TODAY = 3_000, date(2012, 1, 1), date(2021, 2, 8)
ROUNDS = 3
VALUE = """
    INSERT INTO indicators_monthlyvalue (id, version, indicator_id, month, figure, blank, stage, note)
    VALUES (%s, 1, %s, %s, %s, '', 'final', '')
"""
HISTORY = """
    INSERT INTO indicators_historicalmonthlyvalue (id, version, indicator_id, month, figure, blank, stage, note,
        history_date, history_type, history_user_id, history_change_reason)
    VALUES (%s, 1, %s, %s, %s, '', 'final', '', %s, '+', %s, 'Import of values.csv')
"""


def run() -> None:
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    officer = User.objects.create_superuser("officer")
    Indicator.objects.bulk_create(Indicator(reference=f"I{number}", title="A count") for number in range(INDICATORS))
    keys = list(Indicator.objects.order_by("pk").values_list("pk", "reference"))
    table, rows = _table(keys), _rows(keys)

    def import_table() -> None:
        plan = MonthlyValueResource().plan(table, by=officer, today=TODAY)
        plan.save(by=officer, file_name="values.csv")
        if len(plan.changed) != INDICATORS * MONTHS or plan.problems:
            raise SystemExit(f"Not all rows were imported: {plan.problems[:3]}")

    candidates: dict[str, Callable[[], None]] = {
        # Each begins with an empty table; how long that takes is not counted.
        "emptied before": _empty,
        "plain": lambda: _insert(rows, officer),
        "emptied between": _empty,
        "import": import_table,
    }
    times = medians(candidates, rounds=ROUNDS)
    print(f"{INDICATORS * MONTHS:,} values with their history on {connection.vendor}, medians of {ROUNDS} rounds:")
    print(f"plain executemany {times['plain']:.2f} s; imported, from cells to history, {times['import']:.2f} s.")
    print(f"Import / executemany: {times['import'] / times['plain']:.1f}")
    _print_preview(officer, keys)


def _figures(keys: list[tuple[int, str]]) -> Iterator[tuple[int, str, date, int]]:
    for place, (key, reference) in enumerate(keys):
        for number in range(MONTHS):
            yield key, reference, add_months(FIRST, number), 1_000 + (place * 7 + number * 13) % 200


def _table(keys: list[tuple[int, str]]) -> tablib.Dataset:
    """The sheet that an officer would have, as it is read."""
    table = tablib.Dataset(headers=["reference", "month", "figure"])
    for _, reference, month, figure in _figures(keys):
        table.append([reference, month_text(month), str(figure)])
    return table


def _rows(keys: list[tuple[int, str]]) -> list[tuple[int, int, date, int]]:
    return [(number, key, month, figure) for number, (key, _, month, figure) in enumerate(_figures(keys), 1)]


def _insert(values: list[tuple[int, int, date, int]], officer: User) -> None:
    """The floor: both rows of each value, and nothing read, asked, checked or looked up."""
    now = datetime.now(UTC)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(VALUE, values)
        cursor.executemany(HISTORY, [(*value, now, officer.pk) for value in values])


def _empty() -> None:
    MonthlyValue.objects.all()._raw_delete("default")
    MonthlyValue.history.all()._raw_delete("default")


def _print_preview(officer: User, keys: list[tuple[int, str]]) -> None:
    """Of a file as large as the guide allows, with its page: as a browser gets it."""
    months = PREVIEWED // 100
    _empty()
    text = io.StringIO("reference,month,figure\n")
    text.seek(0, io.SEEK_END)
    for _, reference, month, figure in _figures(keys[:100]):
        if month < add_months(FIRST, months):
            text.write(f"{reference},{month_text(month)},{figure}\n")
    content = text.getvalue()
    client = Client()
    client.force_login(officer)
    address = reverse("admin:indicators_monthlyvalue_import")

    def preview() -> None:
        page = client.post(address, {"import_file": SimpleUploadedFile("values.csv", content.encode())}, secure=True)
        if page.status_code != 200 or page.content.count(b"<ins>") < PREVIEWED:
            raise SystemExit("The preview is not what it should be.")

    times = medians({"preview": preview}, rounds=ROUNDS)
    print(f"The preview of {PREVIEWED:,} rows by HTTP, its page included: {times['preview']:.2f} s")
