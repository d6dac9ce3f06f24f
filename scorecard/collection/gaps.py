"""What would keep an edition from being collected: lines that nobody can see to, and days on which nobody works."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.urls import reverse

from commentary.models import AreaOfFocus
from indicators.calculations.formatting import counted
from indicators.models import Indicator, User
from indicators.working_days import question_about
from scorecard.models import Edition

VERBS = {"reporter": "reports", "owner": "owns"}


class Link(NamedTuple):
    """Where something is put right, and the words that lead there."""

    address: str
    words: str


class Gap(NamedTuple):
    """Something to put right, in a sentence, and where that is done."""

    sentence: str
    links: Sequence[Link]


def gaps_of(
    indicators: Iterable[Indicator], deputies: Mapping[int, Sequence[User]], hand_over: Callable[[User], str]
) -> list[Gap]:
    """Lines without an active reporter or owner, and people whom no reminder reaches, in the order of the lines.

    The indicators come with their people. `deputies` are those who stand in today, by the key of whom they stand in
    for; `hand_over` gives the address where a person's lines are handed over.
    """
    lines = list({indicator.pk: indicator for indicator in indicators}.values())
    gaps = []
    for role, verb in VERBS.items():
        without = [line for line in lines if getattr(line, f"{role}_id") is None]
        if without:
            gaps.append(Gap(f"Nobody {verb} {_named(without)}.", [*map(_indicator_link, without)]))
    people = {person.pk: person for line in lines for person in (line.reporter, line.owner) if person}
    for person in people.values():
        theirs = [*_of(person, lines)]
        standing_in = deputies.get(person.pk, ())
        active = [deputy for deputy in standing_in if deputy.is_active]
        over = Link(hand_over(person), f"Hand over the lines of {person}")
        if not person.is_active:
            helped = f" {_and(active)} can see to them as deputy." if active else ""
            gaps.append(Gap(f"{person} {' and '.join(theirs)}, but can’t sign in any more.{helped}", [over]))
        gaps += [
            Gap(f"{deputy} stands in for {person}, but can’t sign in any more.", [over])
            for deputy in standing_in
            if not deputy.is_active and not active
        ]
        if person.is_active and not person.email.strip():
            admin = Link(reverse("person", args=[person.pk]), f"Give {person} an address")
            gaps.append(Gap(f"No reminder reaches {person}, who {' and '.join(theirs)}: no e-mail address.", [admin]))
    return gaps


def gaps_in_questions(questions: Iterable[AreaOfFocus], address: Callable[[AreaOfFocus], str]) -> list[Gap]:
    """Open questions of the panel whose answer is due from somebody who can't sign in. They come with their owners."""
    return [
        Gap(
            f"{question.owner} is to answer “{question.title}”, but can’t sign in any more.",
            [Link(address(question), "Choose who answers")],
        )
        for question in questions
        if question.owner is not None and not question.owner.is_active
    ]


def _of(person: User, lines: Sequence[Indicator]) -> Iterator[str]:
    for role, verb in VERBS.items():
        theirs = [line for line in lines if getattr(line, f"{role}_id") == person.pk]
        if theirs:
            yield f"{verb} {_named(theirs)}"


def _named(lines: Sequence[Indicator]) -> str:
    return f"{counted(len(lines), 'line')}: {', '.join(line.reference for line in lines)}"


def _and(people: Sequence[User]) -> str:
    return " and ".join(map(str, people))


def _indicator_link(indicator: Indicator) -> Link:
    return Link(reverse("admin:indicators_indicator_change", args=[indicator.pk]), f"Choose for {indicator.reference}")


def questions_about_dates(edition: Edition) -> list[str]:
    """What to ask about the edition's dates on which nobody works, each with its name."""
    names = (("Opening date", edition.opens_on), ("Due date", edition.due_on), ("Meeting", edition.meeting_date))
    return [f"{name}: {question}" for name, day in names if (question := question_about(day))]
