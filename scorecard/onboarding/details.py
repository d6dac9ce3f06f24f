"""The scorecard that a spreadsheet is to become: its title, address and panel, as understood or as its officer says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import slugify

from indicators.calculations.months import month_text, parse_month
from scorecard.council.look import said_later
from scorecard.display.forms import NOT_ON_THE_LIST
from scorecard.editing.forms import LineField, RefusableForm
from scorecard.models import CouncilDetails, DraftState, Scorecard, Slug, SpreadsheetDraft
from scorecard.models.scorecard import SLUG_IS_ANOTHERS

from .decide import plan_of
from .plan import ScorecardPlan

STEP = "scorecard"
LONGEST_SLUG = 50
USUAL_TITLE, USUAL_PANEL = "Performance scorecard", said_later("Scrutiny panel")
A_NEW_ONE = ""
KEPT = ("title", "slug", "council", "panel", "is_public", "month")


def prepared(draft: SpreadsheetDraft) -> ScorecardPlan:
    """The plan of a draft with what its officer said of the scorecard. Raises SpreadsheetError."""
    plan = plan_of(draft)
    said = draft.decisions.get(STEP, {})
    scorecard = plan.scorecard
    if scorecard.pk is not None:
        return plan
    keep_stored(plan)
    for name, value in CouncilDetails.present().for_new_scorecards.items():
        setattr(scorecard, name, getattr(scorecard, name) if value == "" else value)
    for name in KEPT:
        if name in said and name not in ("slug", "month"):
            setattr(scorecard, name, said[name])
    scorecard.panel = scorecard.panel or str(USUAL_PANEL)
    scorecard.council = scorecard.council or _name_of_council(scorecard.title)
    if scorecard.title in ("", scorecard.council):
        scorecard.title = USUAL_TITLE
    scorecard.slug = said.get("slug") or free_slug(said.get("title") or scorecard.slug or scorecard.title)
    if month := said.get("month"):
        plan.month = parse_month(month)
    titles = said.get("sections", {})
    for section in plan.sections:
        section.title = titles.get(section.title, section.title)
    if not scorecard.council:
        plan.open_points.append(("Write the council’s name.", STEP))
    if not plan.lines:
        plan.open_points.append(("Nothing in this file becomes an indicator yet.", "columns"))
    return plan


def keep_stored(plan: ScorecardPlan) -> None:
    """Leave out what an indicator that is there already has for the same month or year: that stays as it is."""
    keys = [one.pk for one in plan.indicators if one.pk is not None]
    if not keys:
        return
    kinds: list[tuple[list[Any], Sequence[str]]] = [
        (plan.values, ("indicator_id", "month")),
        (plan.targets, ("indicator_id", "year")),
        (plan.comparators, ("indicator_id", "group_id", "year")),
        (plan.commentaries, ("indicator_id", "month")),
    ]
    for rows, names in kinds:
        if not rows:
            continue
        there = set(type(rows[0])._default_manager.filter(indicator__in=keys).values_list(*names))
        kept = [row for row in rows if tuple(getattr(row, name) for name in names) not in there]
        staying = {id(row) for row in kept}
        plan.left_out += [
            (origin, f"{row.indicator.reference} has this already, which stays as it is.")
            for row in rows
            if id(row) not in staying
            for origin in plan.of(row)
        ]
        rows[:] = kept


def _name_of_council(title: str) -> str:
    """The name of another scorecard's council, or else as it stands in the title of the sheet."""
    another = Scorecard.objects.only("council").order_by("pk").first()
    if another:
        return another.council
    named = re.match(r"(?:[^,–—:]{1,80}\s)?Council\b", title)
    return named[0].strip() if named else ""


def free_slug(text: str) -> str:
    """An address made from a title that no other scorecard has or had."""
    wanted = slugify(text)[:LONGEST_SLUG].strip("-") or "scorecard"
    taken = set(Slug.objects.filter(slug__startswith=wanted[: LONGEST_SLUG - 4]).values_list("slug", flat=True))
    if wanted not in taken:
        return wanted
    numbered = (f"{wanted[: LONGEST_SLUG - 4].rstrip('-')}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in numbered if slug not in taken)


def scorecard_with_layout(draft: SpreadsheetDraft) -> Scorecard | None:
    """The scorecard that a file of the same layout became before, which the next file is probably for."""
    if not draft.layout:
        return None
    before = SpreadsheetDraft.objects.filter(
        layout=draft.layout, state=DraftState.CREATED, scorecard__isnull=False
    ).exclude(pk=draft.pk)
    latest = before.select_related("scorecard").only("scorecard").order_by("-sent_at").first()
    return latest.scorecard if latest else None


class ScorecardForm(RefusableForm):
    """What the scorecard is called, where it stands, and who reads it; or which one the file goes to."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    becomes = forms.ChoiceField(
        label="What this file is for",
        required=False,
        widget=forms.RadioSelect,
        error_messages=NOT_ON_THE_LIST,
        help_text="A scorecard that is there gets new months and figures that differ; nothing else below counts then.",
    )
    title = LineField(label="Title", max_length=200)
    slug = forms.SlugField(
        label="Name in the address",
        required=False,
        max_length=LONGEST_SLUG,
        help_text="Small letters, digits and hyphens. Leave it empty, and it is made from the title.",
    )
    council = LineField(label="Council", max_length=200)
    panel = LineField(label="Who it is for", max_length=200, help_text="Whoever reads it: its full name.")
    month = forms.ChoiceField(label="Month of the first report", error_messages=NOT_ON_THE_LIST)
    is_public = forms.BooleanField(
        label="Everybody can read what is published",
        required=False,
        help_text="Small counts stay hidden from the public. Otherwise only people who sign in read it.",
    )

    def __init__(self, data: Any, draft: SpreadsheetDraft, plan: ScorecardPlan) -> None:
        scorecard = plan.scorecard
        self.sections = {f"section_{place}": section.title for place, section in enumerate(plan.sections)}
        initial = {name: getattr(scorecard, name) for name in KEPT if name != "month"} | {
            "month": month_text(plan.month)
        }
        initial |= {"version": draft.version, "becomes": draft.scorecard_id or A_NEW_ONE}
        if scorecard.pk is not None:
            # That is the one that is there, not one that would be made.
            initial["slug"] = ""
        super().__init__(data, initial=initial | self.sections)
        there = list(Scorecard.objects.values_list("pk", "title"))
        becomes: Any = self.fields["becomes"]
        becomes.choices = [(A_NEW_ONE, "A new scorecard"), *((str(key), title) for key, title in there)]
        if not there:
            del self.fields["becomes"]
        months = sorted({value.month for value in plan.values if not value.blank} | {plan.month}, reverse=True)
        month: Any = self.fields["month"]
        month.choices = [(month_text(one), f"{one:%B %Y}") for one in months]
        for place, name in enumerate(self.sections, start=1):
            self.fields[name] = LineField(label=f"Section {place}", max_length=200)

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug and not self.cleaned_data.get("becomes") and Slug.objects.filter(slug=slug).exists():
            raise forms.ValidationError(SLUG_IS_ANOTHERS)
        return slug

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        seen: dict[str, str] = {}
        for name in self.sections:
            title = data.get(name)
            if title and title in seen:
                self.add_error(name, "Another section has this title: choose another.")
            elif title:
                seen[title] = name
        return data

    def decided(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """What is kept of it in the draft: only what the officer changed. `before` is what was kept until now."""
        data = self.cleaned_data
        kept = {name: data[name] for name in KEPT if name in data}
        changed = {name: value for name, value in kept.items() if value != self.initial[name] or name in before}
        if not data.get("slug"):
            changed.pop("slug", None)
        original = {new: old for old, new in before.get("sections", {}).items()}
        titles = {original.get(old, old): data[name] for name, old in self.sections.items()}
        titles = {old: new for old, new in titles.items() if old != new}
        return changed | ({"sections": titles} if titles else {})
