"""The demonstration's people, indicators and figures, and how its files are read."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import models

from indicators.calculations.consistency import CheckRole
from indicators.calculations.months import parse_financial_year, parse_month
from indicators.models import (
    Comparator,
    CrossCheck,
    CrossCheckTerm,
    DerivationTerm,
    Indicator,
    MonthlyValue,
    Population,
    PopulationGroup,
    Role,
    Target,
    User,
    save_all,
)
from indicators.open_data import load_mapping
from indicators.open_data_plan import plan_import
from scorecard.roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS

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


def by(model: type[models.Model], field: str) -> dict[Any, Any]:
    """All rows of a model by one of their fields."""
    return {getattr(row, field): row for row in model._default_manager.all()}


def people() -> list[Record]:
    """The demonstration's people: roles, not persons."""
    return list(records("people.csv"))


def add_people(password: str | None) -> int:
    # Hashing is slow on purpose: once is enough for a password that everybody can read.
    hashed = make_password(password)
    made = people()
    for record in made:
        officer = record["role"] == "officer"
        user = User(
            username=record["username"],
            name=record["name"],
            job_title=record["job_title"],
            email=record["email"],
            is_staff=officer,
            password=hashed,
        )
        user.save()
        group = {"officer": PERFORMANCE_OFFICERS, "panel": PANEL_MEMBERS}.get(record["role"])
        if group:
            user.groups.add(Group.objects.get(name=group))
    return len(made)


def add_populations() -> int:
    rows = list(records("populations.csv"))
    groups = {name: PopulationGroup.objects.create(name=name) for name in sorted({row["group"] for row in rows})}
    return add(
        [
            Population(
                group=groups[row["group"]],
                year=int(row["year"][:4]),
                people=int(row["people"]),
                stage=row["stage"],
                source=row["source"],
                note=row["note"],
            )
            for row in rows
        ]
    )


def add_indicators() -> int:
    users = by(User, "username")
    groups = by(PopulationGroup, "name")
    plain = ("reference", "title", "definition", "outcome", "unit", "polarity", "kind", "note")
    return add(
        [
            Indicator(
                **{field: record[field] for field in (*plain, "frequency", "scope")},
                owner=users.get(record["owner"]),
                reporter=users.get(record["reporter"]),
                decimal_places=int(record["decimal_places"]),
                population=groups[record["population"]] if record["population"] else None,
                allows_over_100=record["allows_over_100"] == "yes",
            )
            for record in records("indicators.csv")
        ]
    )


def add_terms() -> int:
    indicators = by(Indicator, "reference")
    made = []
    for record in records("indicators.csv"):
        for role, column in ((Role.NUMERATOR, "numerators"), (Role.DENOMINATOR, "denominators")):
            for reference in filter(None, record[column].split(" + ")):
                indicator, source = indicators[record["reference"]], indicators[reference]
                made.append(DerivationTerm(indicator=indicator, source=source, role=role))
    return add(made)


CHECK_COLUMNS = (
    ("parts", CheckRole.PART),
    ("inflows", CheckRole.INFLOW),
    ("outflows", CheckRole.OUTFLOW),
    ("limits", CheckRole.LIMIT),
)


def add_checks() -> int:
    indicators = by(Indicator, "reference")
    made: list[CrossCheck] = []
    terms: list[CrossCheckTerm] = []
    for record in records("checks.csv"):
        check = CrossCheck(
            indicator=indicators[record["reference"]],
            kind=record["kind"],
            total=number(record["total"]),
            tolerance=number(record["tolerance"]) or Decimal(0),
            note=record["note"],
        )
        made.append(check)
        for column, role in CHECK_COLUMNS:
            references = filter(None, record[column].split(" + "))
            terms += [CrossCheckTerm(check_of=check, indicator=indicators[name], role=role) for name in references]
    add(made)
    for term in terms:
        term.check_of_id = term.check_of.pk
    add(terms)
    return len(made)


def add_values() -> int:
    indicators = by(Indicator, "reference")
    return add(
        [
            MonthlyValue(
                indicator=indicators[record["reference"]],
                month=parse_month(record["month"]),
                figure=number(record["figure"]),
                numerator=number(record["numerator"]),
                denominator=number(record["denominator"]),
                blank=record["blank"],
                stage=record["stage"],
                note=record["note"],
            )
            for record in records("values.csv")
        ]
    )


def add_comparators() -> int:
    indicators = by(Indicator, "reference")
    return add(
        [
            Comparator(
                indicator=indicators[record["reference"]],
                group=record["group"],
                year=parse_financial_year(record["year"]) if record["year"] else None,
                value=number(record["value"]),
                blank=record["blank"],
                source=record["source"],
                basis=record["basis"],
                on_basis=record["on_basis"],
                note=record["note"],
            )
            for record in records("comparators.csv")
        ]
    )


def add_national_comparators() -> int:
    """What national statistics have beside the published comparators, and the other authorities' figures behind it."""
    folder = settings.BASE_DIR / FOLDER
    changes = plan_import(load_mapping(folder / "lait.toml"), folder / "lait").changes
    made = [change.row for change in changes.comparators]
    for rows in (made, changes.peers):
        save_all(rows, by=None)
    return len(made)


def add_targets() -> int:
    indicators = by(Indicator, "reference")
    return add(
        [
            Target(
                indicator=indicators[record["reference"]],
                year=parse_financial_year(record["financial_year"]),
                value=number(record["value"]),
                is_tbc=record["tbc"] == "yes",
                tolerance=number(record["tolerance"]) or Decimal(0),
                note=record["note"],
            )
            for record in records("targets.csv")
        ]
    )
