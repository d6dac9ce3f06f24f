"""What a spreadsheet leaves open, as questions that only a person can answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .figures import Blank, said
from .measures import Measure


def questions_about(measures: Sequence[Measure]) -> Iterator[str]:
    """What a person must say before the figures can be used; each kind of question once, with where it arises."""
    unjudged = [measure.name for measure in measures if not measure.polarity or measure.polarity_is_likely]
    if unjudged:
        yield f"Is high or low good, or neither, for {_listed(unjudged)}?"
    if any(not measure.reference for measure in measures):
        yield "Some measures have no reference: are they to be numbered in their order?"
    yield from _cells(measures)
    for measure in measures:
        for target in measure.targets:
            if target.value is None and target.figure.blank is Blank.TEXT:
                yield f"{measure.name}: how is the target “{target.text}” to be held?"
        yield from _basis(measure)
        yield from _meaning(measure)
    people = sorted({name for measure in measures for name in (measure.owner, measure.reporter) if name})
    if people:
        yield f"Which people are {_listed(people)}?"
        yield from _alike(people)


def _cells(measures: Sequence[Measure]) -> Iterator[str]:
    """What the texts among the figures mean: each distinct one once, with how often it occurs."""
    blanks: dict[tuple[Blank, str], list[str]] = {}
    for measure in measures:
        for period, entry in measure.values.items():
            blank = entry.figure.blank
            if blank in (Blank.UNCLEAR, Blank.SUPPRESSED, Blank.TEXT, Blank.ERROR):
                blanks.setdefault((blank, entry.text), []).append(f"{measure.name} {period.words}")
            elif entry.figure.mark and entry.value is not None:
                yield f"{measure.name} {period.words} shows “{entry.text}”: is it {said(entry.value)}?"
    for (_, text), places in blanks.items():
        yield f"What does “{text}” mean, {'once' if len(places) == 1 else f'{len(places)} times'} ({_listed(places)})?"


def _basis(measure: Measure) -> Iterator[str]:
    """Comparators that can't be on the row's own basis: another sign, or far from all of its figures."""
    values = [abs(entry.value) for entry in measure.values.values() if entry.value]
    for peer in measure.comparators:
        if peer.value is None or not values:
            continue
        if peer.figure.has_sign and not measure.is_percentage:
            yield f"{measure.name}: {peer.heading} is {peer.text}, and the figures are no percentages. What is it of?"
        elif peer.value and not min(values) / 5 <= abs(peer.value) <= max(values) * 5:
            yield f"{measure.name}: {peer.heading} is {peer.text}, far from all its figures. Is it on the same basis?"


def _alike(names: Sequence[str]) -> Iterator[str]:
    spelt: dict[str, list[str]] = {}
    for name in names:
        spelt.setdefault(re.sub(r"[^a-z]", "", name.lower()), []).append(name)
    for same in spelt.values():
        if len(same) > 1:
            yield f"Are {' and '.join(same)} one person?"


def _meaning(measure: Measure) -> Iterator[str]:
    """What a measure's own figures are of: per cent or not, of a month or a quarter, by period or to date."""
    values = [entry for entry in measure.values.values() if entry.value is not None]
    if re.search(r"\bper quarter\b|\bquarterly\b", measure.title, re.IGNORECASE) and measure.frequency == "monthly":
        yield f"{measure.name} is said to be per quarter, but has a figure a month: which month is each quarter’s?"
    if measure.is_percentage and values and not any(entry.figure.has_sign for entry in values):
        yield f"{measure.name} is typed without a % sign: is {values[-1].text} per cent?"
    if measure.is_cumulative:
        yield f"{measure.name} counts up within the year: are its figures to be kept to date, or by period?"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
