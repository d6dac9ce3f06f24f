"""Create: saving what a spreadsheet becomes, all of it or nothing, with a receipt of what became of each cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from indicators.calculations.formatting import counted, noun_of
from indicators.calculations.months import month_text
from indicators.calculations.plain_text import plain_line
from indicators.calculations.vocabulary import Kind
from indicators.models import ChangedMeanwhileError, SecurityEventKind, User, save_all
from indicators.models.audited import REFUSED, refusal
from indicators.resources.base import BROUGHT_OVER_FROM
from indicators.resources.figures import TURNS_AT_LINES
from indicators.security_log import record
from scorecard.models import DRAFT_FORMAT, DraftState, Section, SpreadsheetDraft
from scorecard.rules import require

from .checking import PlanProblem, cautions_of, problems_of, words_for
from .plan import ScorecardPlan


class PlanRefusedError(Exception):
    """Nothing was saved: what is wrong with the plan, each with its cell."""

    def __init__(self, problems: Sequence[PlanProblem]) -> None:
        self.problems = problems
        super().__init__("\n".join(problem.sentence for problem in problems))


def reason_of(draft: SpreadsheetDraft) -> str:
    """What the history says of every row that a file brought."""
    return f"{BROUGHT_OVER_FROM} {draft.file_name}"


def locked_draft(draft: SpreadsheetDraft, version: int, by: User) -> SpreadsheetDraft:
    """The draft as it is stored, which nobody else changes until the transaction ends.

    Raises ChangedMeanwhileError where it is not the version that the officer saw.
    """
    require(by, "manage_collection")
    current = SpreadsheetDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if current.version != version:
        raise ChangedMeanwhileError(current)
    return current


def create(draft: SpreadsheetDraft, plan: ScorecardPlan, *, version: int, by: User, today: date) -> SpreadsheetDraft:
    """Save all that a draft becomes, in one transaction: of two clicks or two officers the second is told.

    Raises ChangedMeanwhileError where the draft is not as it was seen, and PlanRefusedError with what is wrong.
    """
    require(by, "manage_collection")
    wrong = [PlanProblem("", step, sentence) for sentence, step in plan.open_points]
    complete(plan)
    wrong += problems_of(plan)
    if wrong:
        raise PlanRefusedError(wrong)
    try:
        with transaction.atomic():
            current = locked_draft(draft, version, by)
            if current.state != DraftState.OPEN:
                raise ChangedMeanwhileError(current)
            made, counts = list(rows_made(plan)), counts_of(plan)
            save_plan(plan, by=by, reason=reason_of(current), today=today)
            current.state, current.scorecard = DraftState.CREATED, plan.scorecard
            current.receipt = receipt_of(plan, made, counts)
            current._change_reason = "Created"  # type: ignore[attr-defined]
            current.save()
            what = f"{counted(len(plan.indicators), 'indicator')} and {counted(len(plan.values), 'figure')}"
            detail = f"{what} from {current.file_name}"
            record(SecurityEventKind.IMPORTED, by=by, about=plan.scorecard, detail=detail)
    except REFUSED as error:
        if isinstance(error, ChangedMeanwhileError) and isinstance(error.instance, SpreadsheetDraft):
            raise
        raise PlanRefusedError([PlanProblem("", "The file as a whole", refusal(error))]) from error
    return current


def complete(plan: ScorecardPlan) -> None:
    """Give new people what an account has: a user name in its one form, and no password until they choose one."""
    for person in plan.people:
        if person.pk is None:
            person.username = User.normalize_username(person.username)
            person.password = make_password(None)


def save_plan(plan: ScorecardPlan, *, by: User, reason: str, today: date) -> None:
    """Save the plan's rows in their order, in bulk, each with its entry in the history. Needs a transaction."""
    if connection.vendor == "postgresql":
        # Nobody enters, sends or signs off the lines of indicators that are there meanwhile.
        with connection.cursor() as cursor:
            cursor.execute(TURNS_AT_LINES, [[one.pk for one in plan.indicators if one.pk]])
    for person in plan.people:
        if person.pk is None:
            # One by one: each is told to the security log.
            person._history_user, person._change_reason = by, plain_line(reason)
            person.save()
    asked: dict[int, list[str]] = defaultdict(list)
    for value, caution in cautions_of(plan, today):
        asked[id(value)].append(f"Asked: {caution.message} Confirmed.")
    for value in plan.values:
        if told := asked.get(id(value)):
            value._change_reason = "\n".join([reason, *told])  # type: ignore[attr-defined]
    for rows in list(plan.batches()):
        if rows and isinstance(rows[0], Section) and plan.scorecard.pk is None:
            plan.scorecard._history_user, plan.scorecard._change_reason = by, reason
            plan.scorecard.save()
        if rows:
            save_all(rows, by=by, reason=reason)


def rows_made(plan: ScorecardPlan) -> Iterator[list[Any]]:
    """All rows that creating makes, kind by kind, in the order in which they are saved. Asked before they are."""
    yield [person for person in plan.people if person.pk is None]
    *before, sections, lines = plan.batches()
    yield from before
    yield [plan.scorecard] if plan.scorecard.pk is None else []
    yield from (sections, lines)


def receipt_of(plan: ScorecardPlan, made: Sequence[Sequence[Any]], counts: Sequence[tuple[str, int]]) -> dict[str, Any]:
    """What became of each cell, and which rows were made, from a plan that is saved.

    `made` has the models in the order in which they were saved, each with the keys of the rows that began with it;
    `changed` likewise key, version and former contents of rows that were there; `cells` place, text and what it became.
    """
    became: dict[tuple[str, str], list[str]] = {}
    for rows in (
        plan.people, plan.groups, plan.population_groups, plan.populations, plan.indicators, plan.terms, plan.values,
        plan.targets, plan.comparators, plan.commentaries, [plan.scorecard], plan.sections, plan.lines,
    ):  # fmt: skip
        for row in rows:
            for origin in plan.of(row):
                became.setdefault((origin.place, origin.text), []).append(words_for(row))
    cells = [[place, text, "; ".join(dict.fromkeys(words))] for (place, text), words in became.items()]
    cells += [[origin.place, origin.text, f"Left out: {why}"] for origin, why in plan.left_out]
    return {
        "format": DRAFT_FORMAT,
        "at": timezone.now().isoformat(timespec="seconds"),
        "month": month_text(plan.month),
        "made": [[type(rows[0])._meta.label_lower, [row.pk for row in rows]] for rows in made if rows],
        "changed": [],
        "counts": [[words, number] for words, number in counts if number],
        "cells": cells,
    }


def counts_of(plan: ScorecardPlan) -> list[tuple[str, int]]:
    """How many of each kind there will be, in words for people."""
    blank = sum(1 for value in plan.values if value.blank)
    found = (
        ("indicator", "indicators", sum(1 for one in plan.indicators if one.pk is None)),
        ("of them worked out from others", "of them worked out from others", _derived(plan)),
        ("check between indicators", "checks between indicators", len(plan.checks)),
        ("figure", "figures", len(plan.values) - blank),
        ("reason why there is no figure", "reasons why there is no figure", blank),
        ("target", "targets", len(plan.targets)),
        ("comparator", "comparators", len(plan.comparators)),
        ("commentary", "commentaries", len(plan.commentaries)),
        ("person", "people", sum(1 for one in plan.people if one.pk is None)),
        ("population", "populations", len(plan.populations)),
        ("population group without figures", "population groups without figures", _without_figures(plan)),
        ("comparator group", "comparator groups", sum(1 for one in plan.groups if one.pk is None)),
        ("section", "sections", len(plan.sections)),
        ("cell left out, with the reason", "cells left out, each with the reason", len(plan.left_out)),
    )
    return [(noun_of(number, one, many), number) for one, many, number in found]


def _derived(plan: ScorecardPlan) -> int:
    return sum(1 for one in plan.indicators if one.pk is None and one.kind == Kind.DERIVED)


def _without_figures(plan: ScorecardPlan) -> int:
    with_figures = {id(one.group) for one in plan.populations}
    return sum(1 for one in plan.population_groups if one.pk is None and id(one) not in with_figures)
