"""The January 2021 scorecard as a demonstration: reads fixtures/ and adds what is missing.

What is there already is left as it is, so that loading twice changes nothing and nobody's
trial entries are lost.
"""

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import models, transaction
from simple_history.utils import bulk_create_with_history

from commentary.models import AreaOfFocus, Commentary, FocusUpdate, Overview
from indicators.calculations.months import parse_financial_year, parse_month
from indicators.models import (
    Comparator,
    DerivationTerm,
    Indicator,
    MonthlyValue,
    Population,
    PopulationGroup,
    Role,
    Target,
    User,
)

from .models import Edition, Line, Scorecard, Section
from .roles import PERFORMANCE_OFFICERS

SLUG = "children-and-families"
FOLDER = Path("fixtures") / "children_and_families"
REASON = "Demonstration data"

Record = dict[str, str]


@transaction.atomic
def load(password: str | None) -> dict[str, int]:
    """Add the demonstration's missing rows; returns how many were added, by model name.

    New people get `password`; with None they cannot sign in until one is set for them.
    """
    added = {
        "people": _add_people(password),
        "populations": _add_populations(),
        "indicators": _add_indicators(),
        "parts of derived indicators": _add_terms(),
        "monthly values": _add_values(),
        "comparators": _add_comparators(),
        "targets": _add_targets(),
        "commentaries": _add_commentary(),
    }
    added["lines"] = _add_lines(_scorecard())
    return added


def people() -> list[Record]:
    """The demonstration's people: roles, not persons."""
    return list(_records("people.csv"))


def _records(name: str) -> Iterator[Record]:
    with (settings.BASE_DIR / FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _add(made: list[Any]) -> int:
    """Save new rows of one model, each with its first entry in the history."""
    if made:
        bulk_create_with_history(made, type(made[0]), default_change_reason=REASON)
    return len(made)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _year(text: str) -> int | None:
    return parse_financial_year(text) if text else None


def _by(model: type[models.Model], field: str) -> dict[Any, Any]:
    return {getattr(row, field): row for row in model._default_manager.all()}


def _add_people(password: str | None) -> int:
    known = _by(User, "username")
    made = [record for record in people() if record["username"] not in known]
    # Hashing is slow on purpose: once is enough for a password that everybody can read.
    hashed = make_password(password) if made else ""
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
        if officer:
            user.groups.add(Group.objects.get(name=PERFORMANCE_OFFICERS))
    return len(made)


def _add_populations() -> int:
    groups = _by(PopulationGroup, "name")
    known = set(Population.objects.values_list("group__name", "year"))
    made = []
    for record in _records("populations.csv"):
        name, year = record["group"], int(record["year"][:4])
        if name not in groups:
            groups[name] = PopulationGroup.objects.create(name=name)
        if (name, year) not in known:
            made.append(
                Population(
                    group=groups[name],
                    year=year,
                    people=int(record["people"]),
                    stage=record["stage"],
                    source=record["source"],
                    note=record["note"],
                )
            )
    return _add(made)


def _add_indicators() -> int:
    known, users = _by(Indicator, "reference"), _by(User, "username")
    groups = _by(PopulationGroup, "name")
    plain = ("reference", "title", "definition", "outcome", "unit", "polarity", "kind", "note")
    return _add(
        [
            Indicator(
                **{field: record[field] for field in (*plain, "frequency", "scope")},
                owner=users.get(record["owner"]),
                reporter=users.get(record["reporter"]),
                decimal_places=int(record["decimal_places"]),
                population=groups[record["population"]] if record["population"] else None,
                allows_over_100=record["allows_over_100"] == "yes",
            )
            for record in _records("indicators.csv")
            if record["reference"] not in known
        ]
    )


def _add_terms() -> int:
    indicators = _by(Indicator, "reference")
    known = set(DerivationTerm.objects.values_list("indicator", "source", "role"))
    made = []
    for record in _records("indicators.csv"):
        for role, column in ((Role.NUMERATOR, "numerators"), (Role.DENOMINATOR, "denominators")):
            for reference in filter(None, record[column].split(" + ")):
                indicator, source = indicators[record["reference"]], indicators[reference]
                if (indicator.pk, source.pk, role) not in known:
                    made.append(DerivationTerm(indicator=indicator, source=source, role=role))
    return _add(made)


def _add_values() -> int:
    indicators = _by(Indicator, "reference")
    known = set(MonthlyValue.objects.values_list("indicator__reference", "month"))
    return _add(
        [
            MonthlyValue(
                indicator=indicators[record["reference"]],
                month=parse_month(record["month"]),
                figure=_number(record["figure"]),
                numerator=_number(record["numerator"]),
                denominator=_number(record["denominator"]),
                blank=record["blank"],
                stage=record["stage"],
                note=record["note"],
            )
            for record in _records("values.csv")
            if (record["reference"], parse_month(record["month"])) not in known
        ]
    )


def _add_comparators() -> int:
    indicators = _by(Indicator, "reference")
    known = set(Comparator.objects.values_list("indicator__reference", "group", "year"))
    return _add(
        [
            Comparator(
                indicator=indicators[record["reference"]],
                group=record["group"],
                year=_year(record["year"]),
                value=_number(record["value"]),
                blank=record["blank"],
                source=record["source"],
                basis=record["basis"],
                on_basis=record["on_basis"],
                note=record["note"],
            )
            for record in _records("comparators.csv")
            if (record["reference"], record["group"], _year(record["year"])) not in known
        ]
    )


def _add_targets() -> int:
    indicators = _by(Indicator, "reference")
    known = set(Target.objects.values_list("indicator__reference", "year"))
    return _add(
        [
            Target(
                indicator=indicators[record["reference"]],
                year=parse_financial_year(record["financial_year"]),
                value=_number(record["value"]),
                is_tbc=record["tbc"] == "yes",
                tolerance=_number(record["tolerance"]) or Decimal(0),
                note=record["note"],
            )
            for record in _records("targets.csv")
            if (record["reference"], _year(record["financial_year"])) not in known
        ]
    )


def _add_commentary() -> int:
    indicators = _by(Indicator, "reference")
    known = set(Commentary.objects.values_list("indicator__reference", "month"))
    return _add(
        [
            Commentary(
                indicator=indicators[record["reference"]],
                month=parse_month(record["month"]),
                text=record["text"],
            )
            for record in _records("commentary.csv")
            if (record["reference"], parse_month(record["month"])) not in known
        ]
    )


def _scorecard() -> Scorecard:
    """The demonstration's scorecard, made with its edition and overview when missing."""
    found = Scorecard.objects.filter(slug=SLUG).first()
    if found is not None:
        return found
    scorecard = Scorecard.objects.create(
        slug=SLUG,
        title="Children and Families scorecard",
        council="Southampton City Council",
        panel="Children and Families Scrutiny Panel",
        is_public=True,
    )
    text = (settings.BASE_DIR / FOLDER / "overview.json").read_text(encoding="utf-8")
    _add_edition(scorecard, json.loads(text))
    return scorecard


def _add_edition(scorecard: Scorecard, overview: dict[str, Any]) -> None:
    month = parse_month(overview["month"])
    Edition.objects.create(
        scorecard=scorecard,
        month=month,
        meeting_date=date.fromisoformat(overview["meeting_date"]),
        overview=Overview.objects.create(title=f"{month:%B %Y}", summary=overview["summary"]),
    )
    indicators = _by(Indicator, "reference")
    for position, focus in enumerate(overview["areas_of_focus"], start=1):
        area = AreaOfFocus.objects.create(
            title=focus["title"],
            response=focus["response"],
            position=position,
            opened_on=date.fromisoformat(focus["opened"]),
        )
        area.indicators.set([indicators[reference] for reference in focus["indicators"]])
        scorecard.areas_of_focus.add(area)
        for update in focus["updates"]:
            FocusUpdate.objects.create(area=area, date=date.fromisoformat(update["date"]), text=update["text"])


def _add_lines(scorecard: Scorecard) -> int:
    indicators = _by(Indicator, "reference")
    for record in _records("sections.csv"):
        Section.objects.get_or_create(
            scorecard=scorecard,
            title=record["section"],
            defaults={"position": int(record["position"])},
        )
    sections = {section.title: section for section in scorecard.sections.all()}
    known = set(Line.objects.filter(section__scorecard=scorecard).values_list("indicator", flat=True))
    return _add(
        [
            Line(
                section=sections[record["section"]],
                indicator=indicators[record["reference"]],
                position=int(record["position"]),
            )
            for record in _records("indicators.csv")
            if indicators[record["reference"]].pk not in known
        ]
    )
