"""The demonstration's people, indicators and figures, and how its files are read."""

import csv
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

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
    FixedBaseline,
    Indicator,
    MonthlyValue,
    Population,
    PopulationGroup,
    Role,
    Succession,
    Target,
    User,
    save_all,
)
from indicators.open_data import load_mapping
from indicators.open_data_plan import plan_import
from scorecard.roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS

FOLDER = Path("fixtures")
REASON = "Demonstration data"

Record = dict[str, str]


class Fixtures(NamedTuple):
    """The files of one demonstration scorecard; `folder` is where they are in fixtures/.

    Columns that its indicators have no use for may be missing; what a cell would say is then the model's default.
    """

    folder: str

    @property
    def slug(self) -> str:
        """The scorecard's name in addresses."""
        return self.folder.replace("_", "-")

    @property
    def path(self) -> Path:
        return Path(settings.BASE_DIR) / FOLDER / self.folder

    def records(self, name: str) -> Iterator[Record]:
        """The lines of one of its tables; none where it has no such table."""
        if (self.path / name).exists():
            with (self.path / name).open(encoding="utf-8", newline="") as file:
                yield from csv.DictReader(file)

    def contents(self, name: str) -> Any:
        """What one of its JSON files says."""
        return json.loads((self.path / name).read_text(encoding="utf-8"))


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


def add_people(files: Fixtures, password: str | None) -> int:
    # Hashing is slow on purpose: once is enough for a password that everybody can read.
    hashed = make_password(password)
    made = list(files.records("people.csv"))
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


def add_populations(files: Fixtures) -> int:
    rows = list(files.records("populations.csv"))
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


OF_SOME_INDICATORS = ("due_months", "accumulation", "seasonal_reason", "numerator_words", "denominator_words")


def indicator_from(record: Record, **relations: Any) -> Indicator:
    """The indicator that a line of indicators.csv describes, not saved; whom and what it points at is given."""
    plain = ("reference", "title", "definition", "outcome", "unit", "polarity", "kind", "note", "frequency", "scope")
    numbers = ("year_starts", "rate_base")
    return Indicator(
        **{field: record[field] for field in (*plain, *OF_SOME_INDICATORS) if record.get(field)},
        **{field: int(record[field]) for field in numbers if record.get(field)},
        **{field: parse_month(record[field]) for field in ("active_from", "active_to") if record.get(field)},
        decimal_places=int(record["decimal_places"]),
        allows_over_100=record["allows_over_100"] == "yes",
        allows_negative=record.get("allows_negative") == "yes",
        is_seasonal=bool(record.get("seasonal_reason")),
        **relations,
    )


def add_indicators(files: Fixtures) -> int:
    users = by(User, "username")
    groups = by(PopulationGroup, "name")
    return add(
        [
            indicator_from(
                record,
                owner=users.get(record["owner"]),
                reporter=users.get(record["reporter"]),
                population=groups[record["population"]] if record["population"] else None,
            )
            for record in files.records("indicators.csv")
        ]
    )


def terms_in(record: Record) -> Iterator[tuple[Role, str]]:
    """What a derived indicator is worked out from: each part's side and reference."""
    for role, column in ((Role.NUMERATOR, "numerators"), (Role.DENOMINATOR, "denominators")):
        yield from ((role, reference) for reference in filter(None, record[column].split(" + ")))


def add_terms(files: Fixtures) -> int:
    indicators = by(Indicator, "reference")
    return add(
        [
            DerivationTerm(indicator=indicators[record["reference"]], source=indicators[reference], role=role)
            for record in files.records("indicators.csv")
            for role, reference in terms_in(record)
        ]
    )


CHECK_COLUMNS = (
    ("parts", CheckRole.PART),
    ("inflows", CheckRole.INFLOW),
    ("outflows", CheckRole.OUTFLOW),
    ("limits", CheckRole.LIMIT),
)


def check_from(record: Record, indicators: Mapping[str, Indicator]) -> tuple[CrossCheck, list[CrossCheckTerm]]:
    """The check that a line of checks.csv describes, not saved, with what it looks at."""
    check = CrossCheck(
        indicator=indicators[record["reference"]],
        kind=record["kind"],
        total=number(record["total"]),
        tolerance=number(record["tolerance"]) or Decimal(0),
        note=record["note"],
    )
    terms = [CrossCheckTerm(check_of=check, indicator=indicators[name], role=role) for role, name in looked_at(record)]
    return check, terms


def looked_at(record: Record) -> Iterator[tuple[CheckRole, str]]:
    """What a check looks at beside its indicator: each one's part in it, and its reference."""
    for column, role in CHECK_COLUMNS:
        yield from ((role, reference) for reference in filter(None, record[column].split(" + ")))


def add_checks(files: Fixtures) -> int:
    indicators = by(Indicator, "reference")
    made = [check_from(record, indicators) for record in files.records("checks.csv")]
    add([check for check, _ in made])
    add([term for _, terms in made for term in terms])
    return len(made)


def add_values(files: Fixtures) -> int:
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
            for record in files.records("values.csv")
        ]
    )


def add_comparators(files: Fixtures) -> int:
    indicators = by(Indicator, "reference")
    return add(
        [
            Comparator(
                indicator=indicators[record["reference"]],
                group_id=record["group"],
                year=parse_financial_year(record["year"]) if record["year"] else None,
                value=number(record["value"]),
                **{name: record.get(name, "") for name in ("published", "period", "rule")},
                blank=record["blank"],
                source=record["source"],
                basis=record["basis"],
                on_basis=record["on_basis"],
                note=record["note"],
            )
            for record in files.records("comparators.csv")
        ]
    )


def add_national_comparators(files: Fixtures) -> int:
    """What national statistics have beside the published comparators, and the other authorities' figures behind it."""
    mapping = files.path / "lait.toml"
    if not mapping.exists():
        return 0
    changes = plan_import(load_mapping(mapping), files.path / "lait").changes
    made = [change.row for change in changes.comparators]
    for rows in (made, changes.peers):
        save_all(rows, by=None)
    return len(made)


def add_judgements(files: Fixtures) -> int:
    """The baselines that charts are fixed on, and which indicators came after others."""
    indicators = by(Indicator, "reference")
    baselines = [
        FixedBaseline(
            indicator=indicators[record["reference"]],
            month=parse_month(record["month"]),
            periods=int(record["periods"]),
            reason=record["reason"],
        )
        for record in files.records("baselines.csv")
    ]
    successions = [
        Succession(
            indicator=indicators[record["reference"]],
            former=indicators[record["former"]],
            month=parse_month(record["month"]),
            kind=record["kind"],
            note=record["note"],
        )
        for record in files.records("successions.csv")
    ]
    return add(baselines) + add(successions)


OF_SOME_TARGETS = ("sense", "shape", "steps", "rests_on", "group")


def add_targets(files: Fixtures) -> int:
    indicators = by(Indicator, "reference")
    return add(
        [
            Target(
                indicator=indicators[record["reference"]],
                year=parse_financial_year(record["financial_year"]),
                value=number(record["value"]),
                upper=number(record.get("upper", "")),
                is_tbc=record["tbc"] == "yes",
                tolerance=number(record["tolerance"]) or Decimal(0),
                **{field: record[field] for field in OF_SOME_TARGETS if record.get(field)},
                is_strict=record.get("is_strict") == "yes",
                note=record["note"],
            )
            for record in files.records("targets.csv")
        ]
    )
