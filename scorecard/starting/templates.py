"""Templates: a scorecard that begins with the definitions of one of the demonstration's, for any council (ADR 77).

Taken over are sections, lines, what indicators are worked out from, checks between them and the names of population
groups. People, figures, targets, comparators and commentary are not: they are that council's alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower

from indicators.models import ComparatorGroup, DerivationTerm, Indicator, PopulationGroup, User
from indicators.models.indicator import council_year_starts
from scorecard.council.look import said_later
from scorecard.demonstration.facts import Fixtures, Record, check_from, indicator_from, looked_at, terms_in
from scorecard.models import CouncilDetails, DraftState, GlossaryEntry, Line, Scorecard, Section, SpreadsheetDraft
from scorecard.models.scorecard import GROUP_FIELDS
from scorecard.onboarding.create import create
from scorecard.onboarding.details import free_slug
from scorecard.onboarding.plan import Origin, ScorecardPlan
from scorecard.report.board import ShortForm
from scorecard.report.short_forms import occurring
from scorecard.rules import require

# What a line of the demonstration has of its own council: who sees to it, since when, and what is odd in its figures.
OF_THE_DEMONSTRATION = ("owner", "reporter", "note", "active_from", "active_to")
KEPT = ("section", "reference", "title", "definition", "unit", "polarity", "frequency", "kind")


class TemplateLine(NamedTuple):
    """A line of a template; `place` is its number there, from 1."""

    place: int
    record: Record

    @property
    def section(self) -> str:
        return self.record["section"]

    @property
    def reference(self) -> str:
        return self.record["reference"]

    @property
    def parts(self) -> list[str]:
        """The references that it is worked out from."""
        return [reference for _, reference in terms_in(self.record)]


class Template(NamedTuple):
    """A scorecard to begin with: its name in addresses and commands, and what it is called."""

    name: str
    title: str
    told: str
    files: Fixtures
    scorecard_title: str
    panel: str

    @property
    def lines(self) -> Sequence[TemplateLine]:
        """Its lines in order, as any council would say them."""
        return _lines_of(self.files)

    @property
    def sections(self) -> list[str]:
        return list(dict.fromkeys(line.section for line in self.lines))

    def __str__(self) -> str:
        return self.title


CHILDRENS = Template(
    "childrens",
    "Children’s services",
    "Front door, assessments, child protection, children in care and care leavers, early help: what is "
    "reported every month on children and families.",
    Fixtures("children_and_families"),
    "Children and Families scorecard",
    said_later("Children and Families Scrutiny Panel"),
)
CORPORATE = Template(
    "corporate",
    "The whole council",
    "Housing, adults, public health, money and people, schools, environment, customers: a small choice from all "
    "services, with months, quarters, school terms and years.",
    Fixtures("corporate"),
    "Corporate scorecard",
    said_later("Overview and Scrutiny Panel"),
)
TEMPLATES = {template.name: template for template in (CHILDRENS, CORPORATE)}


@cache
def _lines_of(files: Fixtures) -> Sequence[TemplateLine]:
    """The demonstration's lines but those that have ended, in the words that template.csv has for any council."""
    said = {(one["reference"], one["column"]): one["text"] for one in files.records("template.csv")}
    lines: list[TemplateLine] = []
    for record in files.records("indicators.csv"):
        if record.get("active_to"):
            continue
        own = {column: text for (reference, column), text in said.items() if reference == record["reference"]}
        lines.append(TemplateLine(len(lines) + 1, record | own | dict.fromkeys(OF_THE_DEMONSTRATION, "")))
    return tuple(lines)


class Choice(NamedTuple):
    """What of a template an officer takes, and what the scorecard is called.

    `taken` has the reference that each new indicator gets, by the template's; `used` what stands here already and
    becomes a line as it is. An empty slug is made from the title.
    """

    template: Template
    taken: dict[str, str]
    used: dict[str, Indicator]
    title: str
    council: str
    panel: str
    month: date
    slug: str = ""

    @property
    def fingerprint(self) -> str:
        """Tells this choice from another, also where what is here has changed."""
        used = {reference: one.pk for reference, one in self.used.items()}
        told = repr((self.template.name, sorted(self.taken.items()), sorted(used.items()), self[3:]))
        return sha256(told.encode()).hexdigest()

    @property
    def checks_left_out(self) -> list[str]:
        """The template's checks of a line that aren't made, each with the reason."""
        there, told = self.taken | self.used, []
        for record in self.template.files.records("checks.csv"):
            name = record["reference"]
            missing = [one for one in _named_in(record) if one not in there]
            if missing and name in there:
                told.append(f"{name}, which would look at {' and '.join(missing)}")
            elif name in self.used:
                told.append(f"{name}, which is here already and keeps the checks that it has")
        return told


def here_already(references: Iterable[str]) -> dict[str, Indicator]:
    """The stored indicators with one of the references in any case, by the reference in small letters."""
    lowered = {reference.lower() for reference in references}
    found = Indicator.objects.annotate(lowered=Lower("reference")).filter(lowered__in=lowered).select_related("owner")
    return {one.reference.lower(): one for one in found}


def missing_parts(template: Template, taken: Collection[str], used: Collection[str]) -> dict[str, list[str]]:
    """Of each part that isn't taken, which of the lines that are taken would be worked out from it."""
    missing: dict[str, list[str]] = {}
    for line in template.lines:
        if line.reference in taken:
            for part in line.parts:
                if part not in taken and part not in used:
                    missing.setdefault(part, []).append(line.reference)
    return missing


def resting_on(template: Template, references: Iterable[str]) -> set[str]:
    """The lines of a template that are worked out from any of these, at whatever distance."""
    found, ahead = set[str](), set(references)
    while ahead:
        ahead = {line.reference for line in template.lines if ahead & set(line.parts)} - found
        found |= ahead
    return found


def plan_of(choice: Choice) -> ScorecardPlan:
    """The rows that a choice becomes, none of them saved. A fixed number of queries."""
    template, taken = choice.template, choice.taken
    groups = ComparatorGroup.objects.all()[:3]
    scorecard = Scorecard(
        **dict(zip(GROUP_FIELDS, groups, strict=False)),
        **CouncilDetails.present().for_new_scorecards
        | {"title": choice.title, "council": choice.council, "panel": choice.panel},
        slug=choice.slug or free_slug(choice.title),
    )
    plan = ScorecardPlan(scorecard, choice.month)
    populations = {one.name.lower(): one for one in PopulationGroup.objects.all()}
    indicators: dict[str, Indicator] = dict(choice.used)
    year_starts = str(council_year_starts())
    words = _NewNames(taken)
    for line in template.lines:
        reference = line.reference
        if reference not in taken:
            continue
        record = {**line.record, "reference": taken[reference], "definition": words.instead(line.record["definition"])}
        if not record.get("due_months"):
            record["year_starts"] = record.get("year_starts") or year_starts
        population = None
        if name := record["population"]:
            population = populations.setdefault(name.lower(), PopulationGroup(name=name))
            if population not in plan.population_groups and population.pk is None:
                plan.population_groups.append(population)
        indicators[reference] = indicator_from(record, population=population)
        plan.origins[id(indicators[reference])] = (Origin(reference, record["title"]),)
    plan.indicators = [indicators[line.reference] for line in template.lines if line.reference in indicators]
    plan.terms = [
        DerivationTerm(indicator=indicators[line.reference], source=indicators[part], role=role)
        for line in template.lines
        if line.reference in taken
        for role, part in terms_in(line.record)
    ]
    for record in template.files.records("checks.csv"):
        if record["reference"] in taken and all(name in indicators for name in _named_in(record)):
            check, terms = check_from(record, indicators)
            plan.checks.append(check)
            plan.check_terms += terms
    _place(plan, template, indicators)
    return plan


def _place(plan: ScorecardPlan, template: Template, indicators: Mapping[str, Indicator]) -> None:
    """Give the plan its sections and lines; a section of which nothing is taken isn't made."""
    for title in template.sections:
        own = [line for line in template.lines if line.section == title and line.reference in indicators]
        if own:
            section = Section(scorecard=plan.scorecard, title=title, position=len(plan.sections) + 1)
            plan.sections.append(section)
            plan.lines += [
                Line(section=section, indicator=indicators[line.reference], position=position)
                for position, line in enumerate(own, start=1)
            ]


def _named_in(record: Record) -> list[str]:
    return [record["reference"], *(name for _, name in looked_at(record))]


class _NewNames:
    """Puts the new references in place of the template's where a definition names them: “M2 divided by M1”."""

    def __init__(self, taken: Mapping[str, str]) -> None:
        self.new = {old: new for old, new in taken.items() if old != new}
        longest_first = sorted(self.new, key=len, reverse=True)
        any_of_them = "|".join(map(re.escape, longest_first))
        self.pattern = re.compile(rf"(?<![\w-])(?:{any_of_them})(?![\w%-]| \(val\)| \(%\))")

    def instead(self, text: str) -> str:
        return self.pattern.sub(lambda found: self.new[found[0]], text) if self.new else text


def short_forms_in(plan: ScorecardPlan) -> int:
    """How many short forms in the plan's texts the council's glossary explains."""
    glossary = [ShortForm(one.short_form, one.meaning) for one in GlossaryEntry.objects.all()]
    texts = [text for one in plan.indicators for text in (one.title, one.definition, one.outcome)]
    return len(occurring(glossary, texts))


@transaction.atomic
def begin_from_template(choice: Choice, *, by: User, today: date) -> Scorecard:
    """Create the scorecard with all that was chosen, in one transaction, with its entries in the history.

    What was chosen is kept as a table beside the spreadsheets that were sent, so that it can be undone as they can.
    Raises PlanRefusedError with what is wrong; then nothing was saved.
    """
    require(by, "manage_collection")
    draft = SpreadsheetDraft(
        file_name=f"{choice.template.title} (template)",
        content=_table_of(choice).encode(),
        decisions={"template": choice.template.name},
        sent_by=by,
    )
    draft._history_user = by  # type: ignore[attr-defined]
    draft.save()
    plan = plan_of(choice)
    create(draft, plan, version=draft.version, by=by, today=today)
    return plan.scorecard


def scorecards_from(template: Template) -> QuerySet[Scorecard]:
    """The scorecards that were begun from a template, as long as that wasn't undone."""
    return Scorecard.objects.filter(
        spreadsheets__decisions__template=template.name, spreadsheets__state=DraftState.CREATED
    )


def _table_of(choice: Choice) -> str:
    """What is taken, as CSV, with the references that the indicators have here."""
    out = io.StringIO()
    writer = csv.DictWriter(out, KEPT, extrasaction="ignore")
    writer.writeheader()
    for line in choice.template.lines:
        stored = choice.used.get(line.reference)
        reference = stored.reference if stored else choice.taken.get(line.reference)
        if reference:
            writer.writerow({**line.record, "reference": reference})
    return out.getvalue()
