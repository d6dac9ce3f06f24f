"""Generated scorecards, three editions each, with texts, totals, shares, rates and revisions: attacked as published."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.calculations.figures import Figure
from indicators.calculations.months import add_months, month_text
from indicators.calculations.vocabulary import Blank, Unit
from scorecard.disclosure.texts import WITHHELD
from scorecard.files.csv_and_json import to_csv, to_json
from scorecard.indicator_page.present import to_csv as page_csv
from tests.disclosure_attacker import Attacker, read_csv, read_json, read_page_csv, reckon
from tests.scorecard.disclosure.editions import publish_with_suppression
from tests.scorecard.disclosure.generated import (
    BASE,
    DEFINITIONS,
    PARTS,
    PEOPLE,
    RATE,
    RELATIONS,
    SHARE,
    TOTAL,
    UNITS,
    document_of,
    figures_from,
    plenty,
)

JANUARY = date(2021, 1, 1)
EDITIONS = [add_months(JANUARY, back) for back in (-2, -1, 0)]
SMALL = st.sampled_from([0, 1, 2, 3, 4, 5, 6, 9, 12])


def publish_each(counts_by_edition):
    """Publishes the editions one after the other; commentary names each part's number."""
    found = []
    for month, counts in zip(EDITIONS, counts_by_edition, strict=True):
        texts = {key: f"There were {counts[key, month]} cases." for key in PARTS}
        found.append(publish_with_suppression(document_of(counts, month, texts), RELATIONS, found))
    return found


def attack(published, counts_by_edition):
    """What a reader of all editions works out.

    The reader is even told which hidden figures were revised: a figure that is another is another unknown.
    """
    together, versions = Attacker(), {}
    for one, counts in zip(published, counts_by_edition, strict=True):
        alone, figures = read_edition(one.document.public), figures_from(counts)

        def name(variable, figures=figures):
            key, month = int(variable[0]), date.fromisoformat(f"{variable[1]}-01")
            known = versions.setdefault((key, month), [])
            figure = figures.get((key, month))
            if figure not in known:
                known.append(figure)
            return (*variable, known.index(figure))

        for variable, bounds in alone.bounds.items():
            if variable in alone.hidden:
                together.hide(name(variable), bounds[0])
            together.learn(name(variable), *bounds)
        for terms, low, high in alone.constraints:
            together.linear([(name(variable), factor) for variable, factor in terms], low, high)
        together.leaks += alone.leaks
    found = together.given_away()
    return found + [one for one in small_ones_shown(together) if one not in found]


def small_ones_shown(attacker):
    """Counts, numerators and complements of 1 to 5 that aren't hidden at all."""
    for variable, (low, high) in attacker.bounds.items():
        reference, *_, version = variable
        is_count = len(variable) == 3 and UNITS[int(reference)] is Unit.COUNT
        if (is_count or "n" in variable) and low >= 1 and high <= 5 and variable not in attacker.hidden:
            yield variable, low, high
        if "n" in variable and UNITS[int(reference)] is Unit.PERCENTAGE:
            below = attacker.bounds[(*variable[:2], "d", version)]
            if 1 <= below[0] - high <= below[1] - low <= 5:
                yield (*variable[:2], "rest", version), below[0] - high, below[1] - low


def read_edition(document):
    attacker = Attacker()
    read_json(attacker, to_json(document.report))
    read_csv(attacker, to_csv(document.report))
    for page in document.pages.values():
        read_page_csv(attacker, page.measure.reference, page_csv(page, page.points))
    months = [month_text(month) for month in document.report.months]
    reckon(attacker, DEFINITIONS, months)
    for month in months:
        rate = attacker.bounds.get((str(RATE), month))
        if rate and (str(RATE), month) not in attacker.hidden:
            attacker.linear([(("2", month), 1)], *(end * PEOPLE / 10_000 for end in rate))
    return attacker


@st.composite
def histories(draw):
    """Counts as they were at each edition: the latest four months small, and at most two figures revised later."""
    counts = plenty(15, JANUARY)
    for back in range(4):
        month = add_months(JANUARY, -back)
        counts |= {(key, month): draw(SMALL) for key in PARTS}
        counts[BASE, month] = counts[1, month] + draw(SMALL) + 1
    found = [counts]
    for _ in EDITIONS[1:]:
        later = dict(found[-1])
        if draw(st.booleans()):
            later[draw(st.sampled_from((2, 3))), add_months(JANUARY, -draw(st.integers(1, 3)))] = draw(SMALL)
        found.append(later)
    return found


@settings(max_examples=12)
@given(histories())
def test_no_reader_of_three_editions_works_out_a_small_count(history):
    published = publish_each(history)
    told = {(str(cell.place[0]), month_text(cell.place[1])) for one in published for cell in one.plan.exposed}
    assert [found for found in attack(published, history) if found[0][:2] not in told] == []


@settings(max_examples=8)
@given(histories())
def test_nothing_is_exposed_while_nothing_is_revised(history):
    assert [one.plan.exposed for one in publish_each([history[0]] * 3)] == [(), (), ()]


def one_small_count():
    """Nothing is small but the first part in January."""
    counts = plenty(15, JANUARY)
    return [{**counts, (1, JANUARY): 3}] * 3


def unmask(one, key, *fields):
    """The published report with something of a line put back from what stands behind it."""
    document, full = one.document.public, one.document.full

    def back(row):
        if row.indicator != key:
            return row
        source = next(other for other in full.report.rows if other.indicator == key)
        return row._replace(**{name: getattr(source, name) for name in fields})

    sections = [replace(section, rows=tuple(map(back, section.rows))) for section in document.report.sections]
    public = replace(document, report=replace(document.report, sections=tuple(sections)), pages={})
    return one._replace(document=replace(one.document, public=public))


@pytest.mark.parametrize(
    ("key", "field"),
    [(1, "figures"), (SHARE, "figures"), (1, "change_month"), (1, "summary"), (1, "commentary"), (1, "signal")],
    ids=["count", "percentage", "change", "average", "text", "signal"],
)
def test_attacker_finds_what_was_left_in(key, field):
    history = one_small_count()
    published = publish_each(history)
    assert attack(published, history) == []
    leaking = unmask(published[-1], key, field)
    assert attack([*published[:-1], leaking], history)


def test_attacker_finds_a_part_when_the_others_and_the_total_are_shown():
    history = one_small_count()
    published = publish_each(history)
    leaking = published[-1]
    for key in (2, 3, TOTAL):
        leaking = unmask(leaking, key, "figures")
    assert (("1", "2021-01", 0), 3, 3) in attack([*published[:-1], leaking], history)


def test_attacker_finds_a_count_by_its_rate_on_a_known_population():
    history = [{**plenty(15, JANUARY), (2, JANUARY): 3}] * 3
    published = publish_each(history)
    leaking = unmask(published[-1], RATE, "figures")
    assert (("2", "2021-01", 0), 3, 3) in attack([*published[:-1], leaking], history)


def rows_of(one):
    return {row.indicator: row for row in one.document.public.report.rows}


def test_small_complement_of_a_share_is_hidden_with_one_of_its_numbers():
    counts = {**plenty(15, JANUARY), (1, JANUARY): 18, (BASE, JANUARY): 20}
    rows = rows_of(publish_each([counts] * 3)[-1])
    assert rows[SHARE].current_figure == Figure(None, Blank.SUPPRESSED)
    assert Blank.SUPPRESSED in (rows[1].current_figure.blank, rows[BASE].current_figure.blank)


def test_figure_that_was_small_is_shown_once_it_is_revised_to_a_large_one():
    small = one_small_count()[0]
    later = {**small, (1, JANUARY): 25}
    first = publish_with_suppression(document_of(small, JANUARY), RELATIONS, [])
    revised = publish_with_suppression(document_of(later, JANUARY), RELATIONS, [first])
    assert rows_of(first)[1].current_figure.blank is Blank.SUPPRESSED
    assert rows_of(revised)[1].current_figure.value == 25


def test_figure_that_becomes_small_is_hidden_with_all_that_rests_on_it():
    later = one_small_count()[0]
    first = publish_with_suppression(document_of(plenty(15, JANUARY), JANUARY), RELATIONS, [])
    row = rows_of(publish_with_suppression(document_of(later, JANUARY), RELATIONS, [first]))[1]
    shown = (*row.month_texts[-1:], row.change_month_text, row.change_year_text, row.average_text, row.maximum_text)
    assert shown == ("[c]",) * 5


def test_total_is_hidden_where_the_other_parts_are_public_already():
    # Parts 2 and 3 are public and unchanged; the total is another now, so it can still be hidden.
    later = one_small_count()[0]
    first = publish_with_suppression(document_of(plenty(15, JANUARY), JANUARY), RELATIONS, [])
    second = publish_with_suppression(document_of(later, JANUARY), RELATIONS, [first])
    assert second.plan.exposed == ()
    assert rows_of(second)[TOTAL].current_figure.blank is Blank.SUPPRESSED


def test_text_with_the_number_is_withheld_in_the_report_and_on_the_page():
    public = publish_each(one_small_count())[-1].document.public
    assert {row.indicator: row for row in public.report.rows}[1].commentary == WITHHELD
    assert public.pages[1].points[-1].commentary == WITHHELD


def test_line_without_hidden_cells_is_published_as_it_is():
    published = publish_each([plenty(15, JANUARY)] * 3)[-1]
    assert published.document.public.report == published.document.full.report
    assert published.document.public.pages == published.document.full.pages


def test_share_of_nothing_does_not_show_its_numerator():
    full = document_of({**plenty(15, JANUARY), (1, JANUARY): 3}, JANUARY)
    of_nothing = Figure(None, Blank.NOT_APPLICABLE, numerator=3, denominator=0)
    sections = [
        replace(section, rows=tuple(row._replace(figures=(*row.figures[:-1], of_nothing)) for row in section.rows))
        for section in full.report.sections
    ]
    full = replace(full, report=replace(full.report, sections=tuple(sections)), pages={})
    public = publish_with_suppression(full, RELATIONS, []).document.public
    assert [row.current_figure.numerator for row in public.report.rows] == [None] * 7
