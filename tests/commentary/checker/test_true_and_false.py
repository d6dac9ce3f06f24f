"""Sentences made from a row's own figures, against every earlier month: true ones are left alone, false ones found."""

import re
from fractions import Fraction

import pytest

from commentary.facts import fact_sentences
from indicators.calculations.formatting import format_number

from .rows import (
    ASSESSMENTS,
    CONFERENCES,
    CONTACTS,
    ENQUIRIES_RATE,
    ENTRIES,
    IN_CARE,
    IN_TIME,
    OPEN_CASES,
    ORDERS,
    ORDERS_MADE,
    check,
)

ROWS = {
    "contacts": (CONTACTS, "The number of contacts"),
    "assessments": (ASSESSMENTS, "The number of single assessments"),
    "in time": (IN_TIME, "The percentage completed in 45 days"),
    "orders": (ORDERS, "The percentage"),
    "in care": (IN_CARE, "The number of looked after children"),
    "entries": (ENTRIES, "The number of new entrants"),
    "conferences": (CONFERENCES, "The number of initial conferences"),
    "rate": (ENQUIRIES_RATE, "The rate of section 47 enquiries"),
    "open cases": (OPEN_CASES, "It"),
    "orders made": (ORDERS_MADE, "The figure"),
}
# {rose} is what happened in truth; the false sentence has its opposite. {now} and {then} are the two figures.
TEMPLATES = [
    "{it} {rose} between {month} and January 2021.",
    "{it} has {risen} since {month}.",
    "{it} is {higher} than in {month}.",
    "{it} is {higher} than {month}.",
    "{it} {rose} from {then} in {month} to {now} in January.",
    "{it} is {up} from {then} in {month}.",
    "Compared with {month}, {it} was {higher}.",
    "{it} {rose} in comparison with {month}.",
    "In {month} {it} was {lower}.",
    "{it} is {now}, {above} the {then} recorded in {month}.",
    "{it} went {up} by {per_cent}% from {month}.",
    "{it} has {risen} by about {per_cent}% since {month}.",
    "{it} is {per_cent}% {higher} than in {month}.",
    "There was {a_rise} of {per_cent}% compared to {month}.",
    "{it} has {risen} by more than {less}% since {month}.",
]
WAYS = ("rose", "risen", "higher", "lower", "up", "above", "a_rise")
UP = dict(zip(WAYS, ("rose", "risen", "higher", "lower", "up", "above", "a rise"), strict=True))
DOWN = dict(zip(WAYS, ("fell", "fallen", "lower", "higher", "down", "below", "a fall"), strict=True))
each_row = pytest.mark.parametrize(("row", "subject"), ROWS.values(), ids=ROWS)
each_template = pytest.mark.parametrize("template", TEMPLATES, ids=[text.split(".")[0] for text in TEMPLATES])


def sentences(template, row, subject, *, true):
    """The template filled in for every earlier month with another figure, as displayed, than the current one."""
    now = row.current_figure.value
    for month in row.months[:-1]:
        then = row.value(month)
        if row.measure.text(then) == row.measure.text(now) or not then:
            continue
        per_cent = abs(Fraction(now - then) / then * 100)
        words = UP if (now > then) is true else DOWN
        text = template.format(
            it=subject,
            month=f"{month:%B %Y}",
            now=row.measure.text(now),
            then=row.measure.text(then),
            per_cent=format_number(per_cent),
            less=format_number(per_cent * Fraction(9, 10)),
            **words,
        )
        yield text[0].upper() + text[1:]


@each_template
@each_row
def test_true_sentence_is_left_alone(template, row, subject):
    found = {text: check(text, row) for text in sentences(template, row, subject, true=True)}
    assert [(text, finding.message) for text, findings in found.items() for finding in findings] == []


@each_template
@each_row
def test_false_sentence_is_found(template, row, subject):
    assert [text for text in sentences(template, row, subject, true=False) if not check(text, row)] == []


@pytest.mark.parametrize(
    "template", ["{it} was {figure} in {month}.", "In {month} {it} was {figure}.", "{month} saw {figure}."]
)
@each_row
def test_figure_of_a_month_is_checked(template, row, subject):
    for month in row.months:
        value = row.value(month)
        right = template.format(it=subject, month=f"{month:%B %Y}", figure=row.measure.text(value))
        wrong = template.format(it=subject, month=f"{month:%B %Y}", figure=row.measure.text(value + 7))
        assert (check(right, row), len(check(wrong, row))) == ((), 1), month


# Numbers of fact sentences, but not "12-month", "9 of 12 months" and "per 10,000".
NUMBER = re.compile(r"(?<![\w,.])(?<!per )(?<!quarter )\d[\d,]*(?![\d,]*(?:-month| of \d| months))(?!\d)")


def with_one_figure_changed(text, own):
    """The text once for each number in it, with that far beyond rounding from what it was, and not the row's `own`."""
    for match in NUMBER.finditer(text):
        number = int(match[0].replace(",", ""))
        other = number + max(3, round(number * 0.3))
        yield f"{text[: match.start()]}{other + (f'{other:,}' == own):,}{text[match.end() :]}"


@each_row
def test_fact_sentence_with_a_changed_figure_is_found(row, subject):
    own = row.measure.text(row.current_figure.value)
    changed = [text for fact in fact_sentences(row) for text in with_one_figure_changed(fact, own)]
    assert len(changed) >= 3
    assert [text for text in changed if not check(text, row)] == []
