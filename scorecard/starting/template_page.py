"""The page of a template: which of its lines a council takes, under which references, and what is asked about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import QueryDict

from indicators.calculations.months import add_months, month_text
from indicators.calculations.plain_text import plain_line
from indicators.calculations.units import unit_label
from indicators.calculations.vocabulary import Frequency, LabelledEnum, Polarity, Unit
from indicators.models import Indicator
from indicators.models.fields import MonthFormField
from scorecard.arranging.forms import NewScorecardForm
from scorecard.models import Slug
from scorecard.models.scorecard import SLUG_IS_ANOTHERS

from .templates import Choice, Template, TemplateLine, here_already, missing_parts, resting_on

LONGEST_REFERENCE = 30


class Here(LabelledEnum):
    """What becomes of a line whose reference an indicator has that is here already."""

    USE = "use", "Use the one that is here"
    OUT = "out", "Leave this line out"
    OTHER = "other", "Take it under another reference"


class Part(LabelledEnum):
    """What becomes of a part that isn't ticked, and of the lines that are worked out from it."""

    KEEP = "keep", "Tick it again"
    OUT = "out", "Leave those out too"


class TemplateForm(NewScorecardForm):
    """What the scorecard is called, and where it begins."""

    month = MonthFormField(
        label="First month",
        help_text="Of the first report, as 2026-04 or Apr 2026.",
        error_messages={"required": "Say with which month it begins."},
    )
    slug = forms.SlugField(
        label="Name in the address",
        required=False,
        max_length=50,
        help_text="Empty: it is made from the title.",
        error_messages={"invalid": "Only letters without accents, digits, hyphens and underscores."},
    )

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data)
        for name in ("title", "panel"):
            # The template's own words stand in them, which are example enough.
            self.fields[name].help_text = ""

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug and Slug.objects.filter(slug=slug).exists():
            raise forms.ValidationError(SLUG_IS_ANOTHERS)
        return slug


@dataclass
class LineChosen:
    """A line of the template with what was chosen for it; `stored` is the indicator that has its reference here."""

    line: TemplateLine
    is_ticked: bool
    reference: str
    here: str
    stored: Indicator | None = None
    error: str = ""

    @property
    def is_here(self) -> bool:
        """Whether its own reference is taken, so that it is asked about."""
        return self.stored is not None

    @property
    def is_used(self) -> bool:
        return self.is_ticked and self.is_here and self.here == Here.USE

    @property
    def is_made(self) -> bool:
        return self.is_ticked and not (self.is_here and self.here != Here.OTHER)

    @property
    def facts(self) -> str:
        """Its unit, direction and frequency, and what it is worked out from."""
        record = self.line.record
        base = record.get("rate_base")
        told = [
            unit_label(Unit(record["unit"]), int(base) if base else None),
            Polarity(record["polarity"]).label,
            Frequency(record["frequency"]).label,
        ]
        behind = " / ".join(filter(None, (record["numerators"], record["denominators"], record["population"])))
        return " · ".join([*told, behind] if behind else told)


@dataclass(frozen=True)
class SectionChosen:
    """A section of the template and its lines."""

    number: int
    title: str
    lines: list[LineChosen]

    @property
    def ticked(self) -> int:
        return sum(one.is_ticked for one in self.lines)


@dataclass(frozen=True)
class PartAsked:
    """A part that isn't ticked though lines that are ticked are worked out from it."""

    line: TemplateLine
    needed_by: list[str]


class TemplatePage:
    """What is chosen of a template. `sent` is what the page was sent with; None where it is only opened."""

    answers = tuple((one.value, one.label) for one in Part)
    ways = tuple((one.value, one.label) for one in Here)

    def __init__(self, template: Template, sent: QueryDict | None, today: date) -> None:
        self.template = template
        beginning = {
            "title": template.scorecard_title,
            "panel": str(template.panel),
            "month": month_text(add_months(today.replace(day=1), -1)),
        }
        self.is_sent = sent is not None and sent.get("do") in ("preview", "create")
        # A button that only ticks lines asks nothing about what was typed, and loses none of it.
        self.form = TemplateForm(sent if self.is_sent else None)
        typed = beginning if sent is None else {name: sent.get(name, "") for name in self.form.fields}
        self.form.initial = {**self.form.initial, **typed}
        self.lines = [_chosen(line, sent) for line in template.lines]
        self.problem = ""
        self.stored = here_already(name for one in self.lines for name in (one.reference, one.line.reference))
        for one in self.lines:
            one.stored = self.stored.get(one.line.reference.lower())
        self.asked: list[PartAsked] = []
        if sent is not None:
            self._tick(sent.get("do", ""))
            self._answer(sent)

    @property
    def sections(self) -> list[SectionChosen]:
        return [
            SectionChosen(number, title, [one for one in self.lines if one.line.section == title])
            for number, title in enumerate(self.template.sections, start=1)
        ]

    @property
    def already_here(self) -> list[LineChosen]:
        return [one for one in self.lines if one.is_here]

    @property
    def has_errors(self) -> bool:
        return bool(self.problem or self.asked or self.form.errors or any(one.error for one in self.lines))

    def is_valid(self) -> bool:
        """Whether a scorecard can be made of what was chosen; if not, each message stands where it belongs."""
        taken, used = self._taken(), self._used()
        if not taken and not used:
            self.problem = "Tick at least one line."
        missing = missing_parts(self.template, taken, used)
        by_reference = {line.reference: line for line in self.template.lines}
        self.asked = [PartAsked(by_reference[part], needed) for part, needed in missing.items()]
        seen: dict[str, str] = {}
        for one in self.lines:
            one.error = self._problem_of(one, seen) if one.is_made else ""
        self.form.is_valid()
        return not self.has_errors

    def _problem_of(self, one: LineChosen, seen: dict[str, str]) -> str:
        """What is wrong with the reference that a new indicator would get; empty if nothing is."""
        lowered = one.reference.lower()
        first = seen.setdefault(lowered, one.line.reference)
        if not one.reference:
            return "Write a reference."
        if len(one.reference) > LONGEST_REFERENCE:
            return f"A reference has at most {LONGEST_REFERENCE} letters."
        if lowered in self.stored:
            return f"{self.stored[lowered].reference} is here already: write another reference."
        return f"{one.reference} is that of another line too." if first != one.line.reference else ""

    @property
    def choice(self) -> Choice:
        """What was chosen. Needs a valid page."""
        data = self.form.cleaned_data
        return Choice(
            self.template,
            self._taken(),
            self._used(),
            data["title"],
            data["council"],
            data["panel"],
            data["month"],
            data["slug"],
        )

    @property
    def as_sent(self) -> Iterator[tuple[str, str]]:
        """All that was chosen, as fields that a form sends on unseen."""
        for name in self.form.fields:
            yield name, str(self.form[name].value() or "")
        for one in self.lines:
            place = one.line.place
            if one.is_ticked:
                yield "line", str(place)
            if one.reference != one.line.reference:
                yield f"reference-{place}", one.reference
            if one.is_here:
                yield f"here-{place}", one.here

    def _taken(self) -> dict[str, str]:
        return {one.line.reference: one.reference for one in self.lines if one.is_made}

    def _used(self) -> dict[str, Indicator]:
        return {one.line.reference: one.stored for one in self.lines if one.is_used and one.stored}

    def _tick(self, deed: str) -> None:
        """Tick all lines of a section or none, of the whole template without a number."""
        what, _, number = deed.partition(" ")
        if what not in ("all", "none"):
            return
        for section in self.sections:
            if number in ("", str(section.number)):
                for one in section.lines:
                    one.is_ticked = what == "all"

    def _answer(self, sent: QueryDict) -> None:
        """Do what was answered about parts that weren't ticked."""
        for part, needed in missing_parts(self.template, self._taken(), self._used()).items():
            one = next(chosen for chosen in self.lines if chosen.line.reference == part)
            answer = sent.get(f"part-{one.line.place}")
            if answer == Part.KEEP:
                one.is_ticked, one.here = True, Here.USE if one.here == Here.OUT else one.here
            elif answer == Part.OUT:
                gone = resting_on(self.template, [part]) | set(needed)
                for other in self.lines:
                    other.is_ticked = other.is_ticked and other.line.reference not in gone


def _chosen(line: TemplateLine, sent: QueryDict | None) -> LineChosen:
    place = str(line.place)
    here = sent.get(f"here-{place}", "") if sent else ""
    return LineChosen(
        line,
        is_ticked=sent is None or place in sent.getlist("line"),
        reference=plain_line(sent.get(f"reference-{place}", line.reference)) if sent else line.reference,
        here=here if here in list(Here) else Here.USE,
    )
