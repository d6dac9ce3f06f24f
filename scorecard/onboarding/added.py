"""Rows of next month's file that the scorecard lacks, as a plan of their own: indicators and lines to add to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from indicators.calculations.folding import folded
from indicators.models import Indicator
from scorecard.models import Line, Scorecard, Section

from .plan import ScorecardPlan


def lacking(plan: ScorecardPlan, found: Mapping[int, Indicator]) -> list[Indicator]:
    """The new indicators of a plan that could be added to a scorecard: all whose parts are there, or are added too.

    `found` has the stored indicator of each of the plan's by the identity of that. One that is stored already, but is
    no line of the scorecard, is put on it by hand: what its figures mean there, somebody has decided before.
    """
    new = {id(one): one for one in plan.indicators if id(one) not in found and one.pk is None}
    while True:
        known = found.keys() | new.keys()
        without = {id(term.indicator) for term in plan.terms if id(term.source) not in known} & new.keys()
        if not without:
            return list(new.values())
        new = {key: one for key, one in new.items() if key not in without}


def addition_of(plan: ScorecardPlan, scorecard: Scorecard, found: Mapping[int, Indicator]) -> ScorecardPlan:
    """What is saved to add them: everything of the plan that is about them, with lines at the end of their sections.

    Sections are found by their titles, and made where there is none.
    """
    new = lacking(plan, found)
    keys = {id(one) for one in new}

    def of_new(rows: Sequence[Any]) -> list[Any]:
        return [row for row in rows if id(row.indicator) in keys]

    # Copies: the plan still tells which part is which of its rows.
    terms = [copy(term) for term in of_new(plan.terms)]
    for term in terms:
        term.source = found.get(id(term.source), term.source)
    groups = {id(one.population) for one in new}
    users = {id(person) for one in new for person in (one.owner, one.reporter)}
    added = ScorecardPlan(
        scorecard,
        plan.month,
        people=[person for person in plan.people if id(person) in users],
        population_groups=[group for group in plan.population_groups if id(group) in groups],
        populations=[row for row in plan.populations if id(row.group) in groups],
        indicators=new,
        terms=terms,
        values=of_new(plan.values),
        targets=of_new(plan.targets),
        comparators=[row for row in of_new(plan.comparators) if row.group.pk],
        commentaries=of_new(plan.commentaries),
        origins=plan.origins,
    )
    sections = {folded(one.title): one for one in scorecard.sections.order_by("-position")}
    last = max((one.position for one in sections.values()), default=0)
    ends = {
        row.section_id: row.position for row in Line.objects.filter(section__scorecard=scorecard).order_by("position")
    }
    for line in plan.lines:
        if id(line.indicator) not in keys:
            continue
        section = sections.get(folded(line.section.title))
        if section is None:
            last += 1
            section = Section(scorecard=scorecard, title=line.section.title, position=last)
            sections[folded(section.title)] = section
            added.sections.append(section)
        place = max(ends.get(section.pk, 0), *(one.position for one in added.lines), 0) + 1
        added.lines.append(Line(section=section, indicator=line.indicator, position=place))
    return added
