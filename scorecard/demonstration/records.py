"""Reads the files of the demonstration, and saves new rows with their first entry in the history."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models

from indicators.calculations.months import parse_financial_year
from indicators.models import save_all

FOLDER = Path("fixtures") / "children_and_families"
REASON = "Demonstration data"

Record = dict[str, str]


def records(name: str) -> Iterator[Record]:
    """The lines of one of the demonstration's files."""
    with (settings.BASE_DIR / FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def add(made: list[Any]) -> int:
    """Save new rows of one model, each with its first entry in the history."""
    save_all(made, by=None, reason=REASON)
    return len(made)


def number(text: str) -> Decimal | None:
    """The number in a cell; None when it is empty."""
    return Decimal(text) if text else None


def year(text: str) -> int | None:
    """The financial year in a cell; None when it is empty."""
    return parse_financial_year(text) if text else None


def by(model: type[models.Model], field: str) -> dict[Any, Any]:
    """All rows of a model by one of their fields."""
    return {getattr(row, field): row for row in model._default_manager.all()}
