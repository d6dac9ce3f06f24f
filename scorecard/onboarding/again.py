"""The same file again, each month: what a new one changes in a scorecard that is there, and saving that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import tablib
from django.db import transaction
from django.utils import timezone

from commentary.models import Commentary
from indicators.calculations.folding import folded
from indicators.calculations.formatting import counted, noun_of
from indicators.calculations.months import financial_year_text, month_text
from indicators.calculations.series import with_sources
from indicators.calculations.vocabulary import Kind, RestsOn, Sense
from indicators.models import (
    ChangedMeanwhileError,
    Comparator,
    DerivationTerm,
    Indicator,
    MonthlyValue,
    SecurityEventKind,
    Target,
    User,
    save_all,
)
from indicators.models.audited import REFUSED, refusal
from indicators.resources import ComparatorResource, MonthlyValueResource, TargetResource
from indicators.resources.base import ImportPlan, ImportRow
from indicators.security_log import record
from scorecard.models import DRAFT_FORMAT, DraftState, Line, Scorecard, SpreadsheetDraft
from scorecard.rules import require

from .added import addition_of, lacking
from .checking import PlanProblem, problems_of, words_for
from .create import (
    PlanRefusedError,
    complete,
    counts_of,
    locked_draft,
    reason_of,
    receipt_of,
    rows_made,
    save_plan,
)
from .plan import Origin, ScorecardPlan

FIGURES = ("reference", "month", "figure", "numerator", "denominator", "blank", "stage")
TARGETS = ("reference", "year", "value")
COMPARATORS = ("reference", "group", "year", "value", "source", "on_basis")
COLUMNS = {"figures": FIGURES, "targets": TARGETS, "comparators": COMPARATORS}
# How many columns tell a row from the others; and what officers call a column that has another name in files.
KEYS = {"figures": 2, "targets": 2, "comparators": 3}
CALLED = {"on_basis": "on the same basis:"}


@dataclass
class Update:
    """What a file changes in a scorecard: figures, targets and comparators as an import would, and new commentary."""

    scorecard: Scorecard
    month: date
    figures: ImportPlan
    targets: ImportPlan
    comparators: ImportPlan
    commentaries: list[Commentary] = field(default_factory=list)
    # Indicators of the scorecard that the file has nothing for, and what of the file changes nothing, with why.
    not_in_file: list[Indicator] = field(default_factory=list)
    left_out: list[tuple[Origin, str]] = field(default_factory=list)
    # By the row of each table, the cells that it comes from.
    origins: Mapping[tuple[str, int], tuple[Origin, ...]] = field(default_factory=dict)
    unchanged: list[tuple[Origin, str]] = field(default_factory=list)
    # What the file has of rows that the scorecard lacks; saved where the officer said so.
    addition: ScorecardPlan | None = None
    adds: bool = False

    @property
    def plans(self) -> dict[str, ImportPlan]:
        """What is imported, by the name of its table."""
        return {"figures": self.figures, "targets": self.targets, "comparators": self.comparators}

    @property
    def digest(self) -> str:
        """Tells whether it would still change exactly what the officer saw."""
        texts = [f"{one.indicator_id} {one.month} {one.text}" for one in self.commentaries]
        if self.addition:
            texts += [f"{one.reference} {one.title}" for one in self.addition.indicators]
        return sha256("\n".join([*(plan.digest for plan in self.plans.values()), *texts]).encode()).hexdigest()

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything to save."""
        return any(plan.changed for plan in self.plans.values()) or bool(self.commentaries) or self.adds

    def place(self, plan: ImportPlan, number: int | str) -> str:
        """Where in the file a row of a table comes from."""
        of = next(name for name, one in self.plans.items() if one is plan)
        return ", ".join(origin.place for origin in self.origins.get((of, int(number or 0)), ()))

    @property
    def problems(self) -> list[PlanProblem]:
        """What can't be saved, each with its cell."""
        found = [
            PlanProblem(self.place(plan, problem.row), problem.column or "The row", problem.message)
            for plan in self.plans.values()
            for problem in plan.problems
        ]
        return found + (problems_of(self.addition) if self.adds and self.addition else [])

    def changes(self) -> Iterator[tuple[str, ImportRow, list[tuple[str, str, str]]]]:
        """Each row that is new or differs: its cells, the row, and column, old and new wherever these differ.

        Of a new row only what a file has, not what stands there where nothing is said.
        """
        for name, plan in self.plans.items():
            for row, differing in plan.changes():
                told = [
                    (CALLED.get(column, column), old, new)
                    for column, old, new in differing
                    if not row.is_new or column in COLUMNS[name][KEYS[name] :]
                ]
                yield self.place(plan, row.number), row, told


def update_of(plan: ScorecardPlan, scorecard: Scorecard, *, by: User, today: date, adds: bool = False) -> Update:
    """Hold what a file says against what is stored. Writes nothing; the same number of queries whatever the file has.

    Indicators are found by their references, else by their titles. What is worked out is never touched. With `adds`
    rows that the scorecard lacks become lines of it.
    """
    stored = _indicators_of(scorecard)
    found = _matched(plan, stored)
    figures, targets = tablib.Dataset(headers=FIGURES), tablib.Dataset(headers=TARGETS)
    origins: dict[tuple[str, int], tuple[Origin, ...]] = {}
    left_out = list(plan.left_out)
    new = {id(one) for one in lacking(plan, found)} if adds else set()
    for value in plan.values:
        if id(value.indicator) in new:
            continue
        one = found.get(id(value.indicator))
        why = _why_not(one, value)
        if one is None or why:
            left_out += [(origin, why) for origin in plan.of(value)]
            continue
        figures.append(_figure_row(one, value))
        # The headings are the first row.
        origins["figures", len(figures) + 1] = plan.of(value)
    for target in plan.targets:
        if id(target.indicator) in new:
            continue
        one = found.get(id(target.indicator))
        is_plain = target.rests_on == RestsOn.FIGURE and target.sense == Sense.DIRECTION and not target.steps
        if one is None or not is_plain:
            why = _why_not(one, None) or "A target of this kind is changed on its own page."
            left_out += [(origin, why) for origin in plan.of(target)]
            continue
        targets.append((one.reference, _year(one, target.year), "TBC" if target.is_tbc else _number(target.value)))
        origins["targets", len(targets) + 1] = plan.of(target)
    comparators = tablib.Dataset(headers=COMPARATORS)
    for comparator, row, why in _comparators(plan, found):
        if why:
            is_added = id(comparator.indicator) in new and comparator.group.pk
            left_out += [] if is_added else [(origin, why) for origin in plan.of(comparator)]
            continue
        comparators.append(row)
        origins["comparators", len(comparators) + 1] = plan.of(comparator)
    update = Update(
        scorecard,
        plan.month,
        MonthlyValueResource().plan(figures, by=by, today=today),
        TargetResource().plan(targets, by=by, today=today),
        ComparatorResource().plan(comparators, by=by, today=today),
        left_out=left_out,
        origins=origins,
        addition=addition_of(plan, scorecard, found) if lacking(plan, found) else None,
        adds=bool(new),
    )
    if update.addition:
        complete(update.addition)
    matched = {one.pk for one in found.values()}
    update.not_in_file = [one for one in stored if one.pk not in matched and one.kind != Kind.DERIVED]
    _add_commentary(update, plan, found)
    changed = {(name, row.number) for name, of in update.plans.items() for row in of.changed}
    update.unchanged = [
        (origin, "As it is stored") for key, cells in origins.items() if key not in changed for origin in cells
    ]
    return update


def _indicators_of(scorecard: Scorecard) -> list[Indicator]:
    """The indicators of its lines, and all that these are worked out from."""
    keys = Line.objects.filter(section__scorecard=scorecard).values_list("indicator", flat=True)
    every = with_sources(keys, DerivationTerm.objects.sources())
    return list(Indicator.objects.filter(pk__in=every).order_by("reference"))


def _matched(plan: ScorecardPlan, stored: Sequence[Indicator]) -> dict[int, Indicator]:
    """The stored indicator of each of the plan's, by the identity of that; those without one are left out."""
    by_key = {one.pk: one for one in stored}
    by_reference = {one.reference.lower(): one for one in stored}
    by_title: dict[str, list[Indicator]] = {}
    for one in stored:
        by_title.setdefault(folded(one.title), []).append(one)
    found: dict[int, Indicator] = {}
    for one in plan.indicators:
        titled = by_title.get(folded(one.title), [])
        match = (
            by_key.get(one.pk) or by_reference.get(one.reference.lower()) or (titled[0] if len(titled) == 1 else None)
        )
        if match is not None and match not in found.values():
            found[id(one)] = match
    return found


def _why_not(one: Indicator | None, value: MonthlyValue | None) -> str:
    """Why a cell changes nothing; empty where it can."""
    if one is None:
        return "No indicator of the scorecard has this reference or title: add it to the scorecard first."
    if one.kind == Kind.DERIVED:
        return f"{one.reference} is worked out from others, so its figures are never brought over."
    if value is not None and not value.blank and (value.figure is None) != (one.kind == Kind.RATIO):
        how = "as numerator and denominator" if one.kind == Kind.RATIO else "as one figure"
        return f"{one.reference} is entered {how}, and the file has it otherwise."
    return ""


def _figure_row(one: Indicator, value: MonthlyValue) -> tuple[str, ...]:
    return (
        one.reference,
        month_text(value.month),
        _number(value.figure),
        _number(value.numerator),
        _number(value.denominator),
        value.blank,
        value.stage,
    )


def _year(one: Indicator, year: int | None) -> str:
    if year is None:
        return ""
    return str(year) if one.year_starts == 1 else financial_year_text(year)


def _comparators(
    plan: ScorecardPlan, found: Mapping[int, Indicator]
) -> Iterator[tuple[Comparator, tuple[str, ...], str]]:
    """Each comparator of the file with its row of an import, or why it changes nothing.

    Of one that is stored already, the source stays; what the officer said of this file's basis holds for its figures.
    """
    rows = Comparator.objects.filter(indicator__in={one.pk for one in found.values()})
    stored = {(row.indicator_id, row.group_id, row.year): row for row in rows}
    for new in plan.comparators:
        one, why = found.get(id(new.indicator)), ""
        before = stored.get((one.pk, new.group_id, new.year)) if one else None
        is_same = before is not None and before.value == new.value
        if one is None:
            why = _why_not(None, None)
        elif new.group.pk is None:
            why = f"The scorecard has no comparator group {new.group}: add it under “Council and look” first."
        elif before is not None and before.published and not is_same:
            why = "This comparator is worked out from a published figure, and is changed on its own page."
        if one is None or why:
            yield new, (), why
            continue
        kept = before if before is not None and is_same else new
        source = before.source if before is not None else new.source
        yield new, (one.reference, new.group.code, _year(one, new.year), _number(kept.value), source, kept.on_basis), ""


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{Decimal(value):f}"


def _add_commentary(update: Update, plan: ScorecardPlan, found: Mapping[int, Indicator]) -> None:
    """Commentary of months that have none yet; what somebody has written since stays."""
    keys = {one.pk for one in found.values()}
    there = set(Commentary.objects.filter(indicator__in=keys).values_list("indicator", "month"))
    for one in plan.commentaries:
        indicator = found.get(id(one.indicator))
        if update.adds and update.addition and one in update.addition.commentaries:
            continue
        why = "" if indicator else _why_not(None, None)
        if indicator and (indicator.pk, one.month) in there:
            why = "There is commentary for this month already, which stays."
        if why or indicator is None:
            update.left_out += [(origin, why) for origin in plan.of(one)]
            continue
        new = Commentary(indicator=indicator, month=one.month, text=one.text)
        new.cells = plan.of(one)  # type: ignore[attr-defined]
        update.commentaries.append(new)


def save_update(
    draft: SpreadsheetDraft, update: Update, *, version: int, reasons: Mapping[str, str], by: User, today: date
) -> SpreadsheetDraft:
    """Save what the file changes, in one transaction, with a receipt.

    `reasons` says by the code of what was asked why it is right. Raises ChangedMeanwhileError where the draft is not as
    it was seen, and PlanRefusedError with what is wrong.
    """
    require(by, "manage_collection")
    if update.problems:
        raise PlanRefusedError(update.problems)
    try:
        with transaction.atomic():
            current = locked_draft(draft, version, by)
            if current.state != DraftState.OPEN:
                raise ChangedMeanwhileError(current)
            before = [_before(plan) for plan in update.plans.values()]
            for plan in update.plans.values():
                plan.save(by=by, file_name=current.file_name, reasons=reasons)
            save_all(update.commentaries, by=by, reason=reason_of(current))
            receipt = _receipt(update, before)
            if update.adds and update.addition:
                _add(update.addition, receipt, by=by, reason=reason_of(current), today=today)
            current.state, current.scorecard = DraftState.CREATED, update.scorecard
            current.receipt = receipt
            current._change_reason = "Brought over"  # type: ignore[attr-defined]
            current.save()
            detail = f"{counted(len(update.figures.changed), 'figure')} from {current.file_name}"
            record(SecurityEventKind.IMPORTED, by=by, about=update.scorecard, detail=detail)
    except REFUSED as error:
        if isinstance(error, ChangedMeanwhileError) and isinstance(error.instance, SpreadsheetDraft):
            raise
        raise PlanRefusedError([PlanProblem("", "The file as a whole", refusal(error))]) from error
    return current


def _add(added: ScorecardPlan, receipt: dict[str, Any], *, by: User, reason: str, today: date) -> None:
    """Save rows as new lines, and put what was made of them into the receipt of all else."""
    made = list(rows_made(added))
    counts = [(words, number) for words, number in counts_of(added) if number]
    save_plan(added, by=by, reason=reason, today=today)
    own = receipt_of(added, made, counts)
    # Kind by kind in the order in which rows point at each other, for it is undone the other way round.
    keys = {label: list(of_kind) for label, of_kind in own["made"]}
    for label, of_kind in receipt["made"]:
        keys.setdefault(label, []).extend(of_kind)
    receipt["made"] = [[label, of_kind] for label, of_kind in keys.items()]
    receipt["cells"] += own["cells"]
    receipt["counts"] = [[f"{words} of new lines", number] for words, number in counts] + receipt["counts"]


BEFORE: dict[type[Any], Sequence[str]] = {
    MonthlyValue: ("figure", "numerator", "denominator", "blank", "stage"),
    Target: ("value", "is_tbc"),
    Comparator: ("value", "on_basis"),
}


def _before(plan: ImportPlan) -> dict[int, dict[str, Any]]:
    """What stored rows had before, by their keys."""
    return {
        row.stored.pk: {
            name: str(value) if isinstance(value := getattr(row.stored, name), Decimal) else value
            for name in BEFORE[type(row.stored)]
        }
        for row in plan.changed
        if row.stored is not None
    }


def _receipt(update: Update, before: Sequence[Mapping[int, dict[str, Any]]]) -> dict[str, Any]:
    made: list[list[Any]] = []
    changed: list[list[Any]] = []
    for plan, model, former in zip(update.plans.values(), BEFORE, before, strict=True):
        made.append([model._meta.label_lower, [row.instance.pk for row in plan.changed if row.is_new]])
        entries = [
            [row.instance.pk, row.instance.version, former[row.instance.pk]] for row in plan.changed if row.stored
        ]
        changed.append([model._meta.label_lower, entries])
    made.append([Commentary._meta.label_lower, [one.pk for one in update.commentaries]])
    cells = [
        [origin.place, origin.text, f"{words_for(row.instance)}: {_told(differing, row)}"]
        for of, plan in update.plans.items()
        for row, differing in plan.changes()
        for origin in update.origins.get((of, row.number), ())
    ]
    cells += [
        [origin.place, origin.text, words_for(one)]
        for one in update.commentaries
        for origin in getattr(one, "cells", ())
    ]
    cells += [[origin.place, origin.text, why] for origin, why in update.unchanged]
    cells += [[origin.place, origin.text, f"Left out: {why}"] for origin, why in update.left_out]
    return {
        "format": DRAFT_FORMAT,
        "at": timezone.now().isoformat(timespec="seconds"),
        "month": month_text(update.month),
        "made": [entry for entry in made if entry[1]],
        "changed": [entry for entry in changed if entry[1]],
        "counts": [[words, number] for words, number in counts_of_update(update) if number],
        "cells": cells,
    }


def _told(differing: Sequence[tuple[str, str, str]], row: ImportRow) -> str:
    if row.is_new:
        return "new"
    return "; ".join(f"{column} was {old or 'empty'}, is {new or 'empty'}" for column, old, new in differing)


def counts_of_update(update: Update) -> list[tuple[str, int]]:
    """How much of each kind is new or differs, in words."""
    found: list[tuple[str, str, int]] = []
    for name, plan in update.plans.items():
        one, new = name.removesuffix("s"), sum(row.is_new for row in plan.changed)
        found.append((f"new {one}", f"new {name}", new))
        found.append((f"{one} that differs", f"{name} that differ", len(plan.changed) - new))
    found += [
        ("new commentary", "new commentaries", len(update.commentaries)),
        ("cell as it is stored", "cells as they are stored", len(update.unchanged)),
        ("cell left out, with the reason", "cells left out, each with the reason", len(update.left_out)),
        (
            "indicator that the file has nothing for",
            "indicators that the file has nothing for",
            len(update.not_in_file),
        ),
    ]
    return [(noun_of(number, one, many), number) for one, many, number in found]
