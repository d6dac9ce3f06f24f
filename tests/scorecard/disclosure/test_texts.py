"""Texts near hidden figures: what is recognised in them, which pass by themselves, and what a person's word does."""

import re
from dataclasses import replace
from datetime import date

import pytest

from indicators.calculations.aims import Meaning
from indicators.calculations.months import add_months
from indicators.calculations.rating import Aim, TargetTerms
from indicators.calculations.row import TargetCell
from indicators.calculations.vocabulary import RestsOn
from scorecard.disclosure import Document, PublicDocument, mask_page, mask_report, plan_disclosure
from scorecard.disclosure.texts import WITHHELD
from scorecard.disclosure.wording import (
    PrintedLine,
    Risk,
    counted_in,
    is_small_number_in,
    marks_of,
    numbers_in,
    repeats,
    risk_of,
    says_how_many,
)
from scorecard.files.csv_and_json import to_csv, to_json
from scorecard.indicator_page.facts import Link
from scorecard.indicator_page.present import to_csv as page_csv
from scorecard.publication.comparing import report_words
from scorecard.publication.document import FrozenReport, Pages, write_document
from scorecard.report.board import Focus, FocusNote
from tests.scorecard.disclosure.generated import BASE, PARTS, RELATIONS, SHARE, TOTAL, document_of, plenty
from tests.scorecard.report.rows import make_comparator

JANUARY, DECEMBER = date(2021, 1, 1), date(2020, 12, 1)
# Said of a line with a hidden figure near it, these never pass by themselves, whatever is or isn't recognised in them.
TELLING = (
    "14 children ceased to be looked after. Of these 1 was adopted and 5 left on SGOs.",
    "3 UASC",
    "1 transfer-in",
    "A child was adopted this month.",
    "No change since January.",
    "As many as in January.",
    "A quarter of them stayed.",
    "That is tripling.",
    "Twins came into care.",
    "Mother and baby came together.",
    "Everybody but Sam was placed.",
    "The Smith family moved away.",
    "It went from bad to worse.",
    "iii of them",
    "• • •",
    "🧒🧒🧒",
    "Drei Kinder.",
    "٣ children",
    "The team is on leave.",
)


@pytest.mark.parametrize(
    "text",
    [
        "There were 3.",
        "Up from (3).",
        "One child left.",
        "Three quarters of them stayed.",
        "Twenty-one of them stayed.",
        "Numbers doubled.",
        "A third of them stayed.",
        "Fewer than 6.",
        "5% of them stayed.",
        "20 of 23 stayed.",
        "It halved.",
        "Only siblings came.",
        "The first since autumn.",
        "3 of them were aged 16.",
        "The 2 16-year-olds left.",
        "On 3 May 2021 we met about 4.",
        "Of these, 3 may return home.",
        "It rose fivefold.",
        "A trio of siblings came.",
        "Contacts came x3.",
    ],
)
def test_text_with_a_number_is_telling(text):
    assert Risk.NUMBER in {mark.risk for mark in marks_of(text)}


def test_text_that_equals_a_figure_with_another_is_telling():
    assert [mark.risk for mark in marks_of("The same as before.")] == [Risk.RELATION]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "On 3 May 2021 we met.",
        "The plan of 2020-21 is being followed.",
        "Young people aged 16 to 17 wait longest.",
        "See CP3-QL for those who wait.",
        "The team is too few to say.",
        "Visits were late because of the snow.",
    ],
    ids=["nothing", "date", "year", "age", "reference", "rule", "words"],
)
def test_text_without_a_number_of_cases_is_not_telling(text):
    assert Risk.NUMBER not in {mark.risk for mark in marks_of(text)}


@pytest.mark.parametrize(
    ("amount", "largest", "is_small"),
    [
        ("3", 5, True),
        ("0", 5, False),
        ("6", 5, False),
        ("6", 7, True),
        ("3 of 20", 5, True),
        ("17 of 20", 5, True),
        ("10 of 20", 5, False),
        ("10 of 20", 10, True),
    ],
)
def test_revised_amount_tells_of_few_cases_or_few_others(amount, largest, is_small):
    assert is_small_number_in(amount, largest) is is_small


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("One ICPC was late.", ["ICPC was late"]),
        ("ICPCs held: 4.", ["ICPCs held"]),
        ("Of the conferences, two ended early.", ["Of the conferences ended early"]),
        ("Three came into care; a team of 12 met.", ["a team of met", "came into care"]),
        ("Two days of 3 visits.", ["of visits"]),
        ("One of the care homes was closed.", []),
        ("Four duty desks and 3 social workers are new.", []),
        ("We met twice, on 3 May 2021.", []),
        ("It took 45 working days, 12% or £3 more.", []),
        ("", []),
    ],
)
def test_what_a_number_counts_stands_beside_it(text, counted):
    assert [" ".join(re.findall(r"[^\W\d_]+", words)) for words in counted_in(text)] == counted


def planned(texts, counts=None, cleared=None, **report):
    """The plan for January with one small count, the first part's, and with commentaries by line."""
    counts = counts or {**plenty(15, JANUARY), (1, JANUARY): 3}
    full = document_of(counts, JANUARY, texts)
    full = replace(full, report=replace(full.report, **report))
    return full, plan_disclosure(full.report, full.pages, RELATIONS, [], cleared)


def published(full, plan):
    """All that the public gets, as text."""
    report, pages = mask_report(full.report, plan), [mask_page(page, plan) for page in full.pages.values()]
    return "\n".join((to_json(report), to_csv(report), *(page_csv(page, page.points) for page in pages)))


def commentary(full, plan, key):
    return next(row.commentary for row in mask_report(full.report, plan).rows if row.indicator == key)


@pytest.mark.parametrize("key", [1, TOTAL, SHARE, 2], ids=["hidden line", "total", "share", "another part"])
def test_no_telling_text_passes_near_a_hidden_figure_unless_it_was_cleared(key):
    for text in TELLING:
        full, plan = planned({key: text})
        assert commentary(full, plan, key) == WITHHELD, text
        [doubtful] = plan.texts
    as_it_is = planned({key: text}, cleared={doubtful.key: None})
    assert commentary(*as_it_is, key) == text
    reworded = planned({key: text}, cleared={doubtful.key: "Said otherwise."})
    assert commentary(*reworded, key) == "Said otherwise."
    assert reworded[0].report.by_indicator[key].commentary == text


# What once passed beside [c], and what was once withheld wherever it stood.
EXAMPLES = (
    *TELLING[:8],
    "Only the night team was short.",
    "Nobody from the service could attend.",
    "The grant is 79,000 a year.",
    "Twice we changed the system.",
    "Of 14 social workers 3 are from an agency.",
    "Two posts in the team are vacant.",
)


@pytest.mark.parametrize("text", EXAMPLES)
def test_text_waits_beside_a_hidden_figure_and_passes_by_itself_at_an_unrelated_line(text):
    """By itself it would pass on none of the lines that hang together, in the overview, or as an answer."""
    question = Focus("Why?", text, "panel", (), ("1",), detail="How many?")
    full, plan = planned({1: text, TOTAL: text, SHARE: text, BASE: text}, summary=text, areas_of_focus=(question,))
    assert {commentary(full, plan, key) for key in (1, TOTAL, SHARE)} == {WITHHELD}
    shown = mask_report(full.report, plan)
    assert (shown.summary, shown.areas_of_focus[0].response) == (WITHHELD, WITHHELD)
    assert commentary(full, plan, BASE) == WITHHELD  # The share is of it.

    apart = replace(RELATIONS, derivations={TOTAL: RELATIONS.derivations[TOTAL]})
    full = with_references(full)
    plan = plan_disclosure(full.report, full.pages, apart)
    assert {commentary(full, plan, key) for key in (1, TOTAL)} == {WITHHELD}
    assert commentary(full, plan, BASE) == text


def with_references(full):
    """The document with references that are no numbers."""

    def named(one):
        return one._replace(measure=one.measure._replace(reference=f"CP{one.measure.reference}"))

    sections = tuple(replace(one, rows=tuple(map(named, one.rows))) for one in full.report.sections)
    pages = {
        key: replace(page, measure=page.measure._replace(reference=f"CP{key}")) for key, page in full.pages.items()
    }
    return Document(replace(full.report, sections=sections), pages)


def test_reference_that_begins_with_that_of_a_hidden_line_is_another():
    apart = replace(RELATIONS, derivations={})
    for text, passes in (("CP1 is as high as ever.", False), ("CP14 is as high as ever.", True)):
        full = with_references(planned({BASE: text})[0])
        plan = plan_disclosure(full.report, full.pages, apart)
        assert (commentary(full, plan, BASE) == text) is passes


def test_text_beside_another_month_that_is_hidden_waits_as_well():
    counts = {**plenty(15, JANUARY), (1, DECEMBER): 3}
    for text in TELLING:
        assert commentary(*planned({1: text}, counts), 1) == WITHHELD, text


def test_every_text_of_the_overview_waits():
    focus = Focus("Adoption", "We look.", "service", (FocusNote(JANUARY, "Done."),), (), detail="Why?")
    full, plan = planned({}, summary="All is well.", areas_of_focus=(focus,))
    shown = mask_report(full.report, plan)
    [area] = shown.areas_of_focus
    assert {shown.summary, area.title, area.detail, area.response, area.updates[0].text} == {WITHHELD}
    cleared = {text.key: None for text in plan.texts}
    _, plan = planned({}, cleared=cleared, summary="All is well.", areas_of_focus=(focus,))
    assert mask_report(full.report, plan) == replace(shown, summary="All is well.", areas_of_focus=(focus,))


def test_change_of_an_area_is_told_where_several_titles_are_withheld():
    areas = tuple(Focus(WITHHELD, text, "service", (), ()) for text in ("First.", "Second."))
    full, _ = planned({}, areas_of_focus=areas)
    assert report_words(full.report)[f"Area of focus “{WITHHELD}”"] == "First.\nSecond."


UNACCOMPANIED = "Number of new Unaccompanied Asylum Seeking Children (UASC)"
GUARDIANS = "Percentage of Special Guardianship Orders (SGOs) (E43, E44), decided by MASH"


@pytest.mark.parametrize(
    ("title", "text", "passes"),
    [
        ("Kind A", "There were 40.", True),
        ("Kind A", "Kind A: as many as ever.", False),
        (UNACCOMPANIED, "3 UASC", False),
        (UNACCOMPANIED, "One of them is seeking asylum.", False),
        (UNACCOMPANIED, "A child came unaccompanied.", False),
        (UNACCOMPANIED, "Three children came by sea. They were asylum-seekers.", False),
        (GUARDIANS, "Of these 5 left on SGOs.", False),
        (GUARDIANS, "2 special guardianships", False),
        (GUARDIANS, "An SGO was made for one child.", False),
        ("Number of adoptions (E11, E12)", "A child was adopted this month.", False),
        ("Number of adoptions (E11, E12)", "Of those who left 1 was adopted.", False),
        ("Number of transfer-ins", "One transferred in from Hill.", False),
        ("Number of conferences (excludes transfer-ins)", "One transferred in from Hill.", True),
        # What has nothing of the title says nothing of it, whatever it counts.
        (UNACCOMPANIED, "79,000 letters were sent.", True),
        (UNACCOMPANIED, "Two new social workers begin in March, and one team is full.", True),
        (UNACCOMPANIED, "Only 12 children were late, 3 of them by a day.", True),
        (UNACCOMPANIED, "Nobody was late.", True),
        (GUARDIANS, "Four posts at MASH are empty.", True),
        (GUARDIANS, "Which of the 12 months was low is not known.", True),
    ],
)
def test_text_of_an_unrelated_line_passes_unless_it_names_one_with_something_risky(title, text, passes):
    full = document_of({**plenty(15, JANUARY), (1, JANUARY): 3}, JANUARY, {BASE: text})
    row = full.report.by_indicator[1]
    row = row._replace(measure=row.measure._replace(reference="A1", title=title))
    sections = tuple(replace(section, rows=(row, *section.rows[1:])) for section in full.report.sections)
    full = replace(full, report=replace(full.report, sections=sections))
    plan = plan_disclosure(full.report, full.pages, replace(RELATIONS, derivations={}))
    assert (commentary(full, plan, BASE) == text) is passes


@pytest.mark.parametrize("month", [JANUARY, date(2020, 1, 1)], ids=["now", "a year ago"])
def test_what_a_target_means_tells_no_hidden_figure_of_last_year(month):
    target = TargetCell(
        2020,
        TargetTerms(None, rests_on=RestsOn.LAST_YEAR),
        "",
        Meaning(Aim(None, 18731), "last year’s figure, January 2020"),
    )
    full = document_of({**plenty(15, JANUARY), (1, month): 3}, JANUARY)
    row = full.report.by_indicator[1]._replace(target=target, rated_year=2020)
    sections = tuple(replace(section, rows=(row, *section.rows[1:])) for section in full.report.sections)
    full = Document(
        replace(full.report, sections=sections),
        {**full.pages, 1: replace(full.pages[1], row=row, targets=(target,))},
    )
    plan = plan_disclosure(full.report, full.pages, RELATIONS)
    assert "18731" not in published(full, plan)
    assert "18731" not in repr(mask_page(full.pages[1], plan))
    # Pages that were frozen with it are read without.
    written = write_document(mask_report(full.report, plan), Pages(tuple(full.pages.values()), ()))
    assert "18731" in written
    assert "18731" not in repr(FrozenReport(written).pages)
    nothing_hidden = replace(plan, hidden=frozenset())
    assert "18731" in repr(mask_page(full.pages[1], nothing_hidden).targets)


def test_nothing_waits_where_nothing_is_hidden():
    full, plan = planned(dict.fromkeys(PARTS, "3 UASC"), plenty(15, JANUARY), summary="Only 4.")
    assert (plan.texts, plan.wordings) == ((), {})
    assert mask_report(full.report, plan) == full.report


def test_word_of_a_person_holds_for_this_text_beside_these_hidden_figures_only():
    _, plan = planned({1: "Staff of 4 left."})
    cleared = {text.key: None for text in plan.texts}
    same = {**plenty(15, JANUARY), (1, JANUARY): 3}
    assert commentary(*planned({1: "Staff of 4 left."}, same, cleared), 1) == "Staff of 4 left."
    # Another text; another month hidden near it, before it; one of a line that it is tied to.
    assert commentary(*planned({1: "Staff of 3 left."}, same, cleared), 1) == WITHHELD
    for place in ((1, DECEMBER), (1, add_months(JANUARY, -5)), (2, JANUARY), (3, DECEMBER)):
        if place not in {cell for text in plan.texts for cell in text.near}:
            assert commentary(*planned({1: "Staff of 4 left."}, {**same, place: 2}, cleared), 1) == WITHHELD, place


def test_what_was_cleared_stays_cleared_in_the_next_month():
    february = date(2021, 2, 1)
    counts = {**plenty(16, february), (1, JANUARY): 3}
    full = document_of(counts, JANUARY, {1: "Staff of 4 left."})
    cleared = {text.key: None for text in plan_disclosure(full.report, full.pages, RELATIONS).texts}
    for later in (counts, {**counts, (1, february): 2}):
        full = document_of(later, february)
        page = full.pages[1]
        points = tuple(
            replace(point, commentary="Staff of 4 left.") if point.month == JANUARY else point for point in page.points
        )
        pages = {**full.pages, 1: replace(page, points=points)}
        plan = plan_disclosure(full.report, pages, RELATIONS, [], cleared)
        assert [point.commentary for point in mask_page(pages[1], plan).points if point.month == JANUARY] == [
            "Staff of 4 left."
        ]


def test_public_reads_the_same_whatever_is_hidden_given_the_same_decisions():
    texts = {1: "3 UASC", 2: "Staff of 4 left.", TOTAL: "There were 90 in January 2021.", SHARE: "A quarter."}
    found = set()
    for small in (1, 3, 5):
        counts = {**plenty(15, JANUARY), (1, JANUARY): small, (3, JANUARY): 43 - small}
        _, plan = planned(texts, counts, summary="All is well.")
        keys = {text.text.where: text.key for text in plan.texts}
        cleared = {keys["Commentary of 2, January 2021"]: None, keys["Overall summary"]: "Read the panel’s papers."}
        full, plan = planned(texts, counts, cleared, summary="All is well.")
        hidden = plan.hidden
        found.add((frozenset(hidden), frozenset(keys.values()), published(full, plan)))
    assert len(found) == 1
    assert "Staff of 4 left." in published(full, plan)
    assert "3 UASC" not in published(full, plan)


def test_figure_that_an_earlier_edition_hid_is_near_its_texts_too():
    small, later = ({**plenty(15, JANUARY), (1, JANUARY): figure} for figure in (3, 25))
    full = document_of(small, JANUARY)
    plan = plan_disclosure(full.report, full.pages, RELATIONS)
    pages = {key: mask_page(page, plan) for key, page in full.pages.items()}
    before = PublicDocument(Document(mask_report(full.report, plan), pages), full)
    full = document_of(later, JANUARY, {1: "It was given as 3 before."})
    plan = plan_disclosure(full.report, full.pages, RELATIONS, [before])
    assert (1, JANUARY) not in plan.hidden
    assert commentary(full, plan, 1) == WITHHELD


LINE = PrintedLine(
    JANUARY,
    "Single assessments finished within 45 days",
    {JANUARY: "1,120", DECEMBER: "98%", date(2020, 10, 1): "12 days", date(2020, 1, 1): "53"},
    "per 10,000",
    {DECEMBER: "-23%", date(2020, 1, 1): "+5%"},
)


@pytest.mark.parametrize(
    "text",
    [
        "1,120 assessments were finished within 45 days.",
        "There were 1120 in January.",
        "The number recorded was 1,120 this month.",
        "In January 2021 there were 1,120, compared with 98% in December 2020.",
        "1,120, up from 98% last month.",
        "It was 53 per 10,000 a year ago and 1,120 in January.",
        "It rose from 12 days in October to 98% in December.",
        "The number rose from 98% to 1,120.",
        "It fell by 23%.",
        "It fell by 23% in January.",
        "There were 1,120, 5% more than a year ago.",
    ],
)
def test_text_that_only_repeats_its_public_row_passes(text):
    assert repeats(text, LINE)


@pytest.mark.parametrize(
    "text",
    [
        *TELLING,
        "",
        "1,121 were finished.",
        "98% in January.",
        "1,120 in November.",
        "1,120, up on November.",
        "1,120, a rise in November.",
        "It fell by 5%.",
        "1,120 after the rise in October.",
        "1,120 and the rise in October.",
        "98%, and it fell in October.",
        "1,120 in January 0000.",
        "1,120 in January 🧒🧒🧒",
        "1,120 in January, , ,",
        "1,120 in January ...",
        "1,120 in January - - -",
        "1,120 in January ½",
        "1,120 in January 9999.",
        "23% of these in January.",
        "1,120, up on last year and 5 less than in November.",
        "1,120, up again.",
        "1,120, and a child was moved.",
        "1,120 were finished, 3 of them late.",
        "1,120 were finished. Sam was one of them.",
        "1,120 were finished. It is a busy time.",
        "1,120.4 in January.",
        "As many as 1,120.",
        "A quarter of the 1,120.",
        "No change from 98% in December.",
        "1,120 per 1,000.",
        "45 in January.",
        "The highest, 1,120.",
    ],
)
def test_text_that_says_anything_else_does_not_pass(text):
    assert not repeats(text, LINE)


@pytest.mark.parametrize(
    ("text", "risk", "marked"),
    [
        ("There were 3 in all 20.", Risk.NUMBER, ["3", "all", "20."]),
        ("There were 20.", Risk.PRINTED, ["20."]),
        ("As many as in May.", Risk.RELATION, ["As many as"]),
        ("A child was adopted this month.", Risk.RELATION, ["A child"]),
        ("No change since May.", Risk.RELATION, ["No change"]),
        ("A quarter left.", Risk.RELATION, ["quarter"]),
        ("That is tripling.", Risk.NUMBER, ["tripling"]),
        ("Nobody came.", Risk.NUMBER, ["Nobody"]),
        ("On 3 May 2021 children aged 16 to 17 came in.", Risk.PLAIN, []),
        ("Visits were late because of the snow.", Risk.PLAIN, []),
    ],
)
def test_risky_words_are_marked(text, risk, marked):
    marks = marks_of(text, {"20"})
    assert [text[mark.start : mark.end] for mark in marks] == marked
    assert risk_of(marks) is risk


@pytest.mark.parametrize(
    ("text", "is_telling"),
    [
        ("Of the 14 children 3 stayed", True),
        ("3 UASC", True),
        ("Ten adopted children", True),
        ("One of them left", True),
        ("A pair of brothers", True),
        ("Return of +4 children, 2021", True),
        ("Adoptions (2 of 9)", True),
        ("٣ children", True),
        ("Completed within 11-25 days, or one working day", False),
        ("Rate per 10,000 (0-17 year olds), for every one thousand", False),
        ("Three or more placements, 5+ moves", False),
        ("Pupils at Key Stage 2, level of need, section 47", False),
        ("First time entrants of 10 to 17 years", False),
        ("Councils like this one, 2019/20", False),
    ],
)
def test_number_of_cases_is_told_from_what_is_measured(text, is_telling):
    assert says_how_many(text) is is_telling


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Four of 1,200, a pair of them twins.", {"4", "1200", "2"}),
        ("iii of them, and nobody else.", {"3", "0"}),
        ("On 4 March 2021 both of 16%.", {"2", "16%"}),
        ("Hill v Dale at 5 Elm Street.", {"5"}),
        ("No number.", set()),
    ],
)
def test_numbers_are_compared_in_whatever_way_they_are_written(text, numbers):
    assert numbers_in(text) == numbers


def test_title_definition_outcome_source_and_section_wait_only_where_they_may_say_how_many():
    for told, waits in (("Of the 14 children 3 stayed", True), ("Within 45 days", False)):
        full = document_of({**plenty(15, JANUARY), (1, JANUARY): 3}, JANUARY)
        row, page = full.report.by_indicator[1], full.pages[1]
        names = {"title": f"{told}.", "definition": f"{told}!", "outcome": f"{told};"}
        measure = row.measure._replace(**names)
        source = make_comparator(3, 40, source=f"{told} (source)")
        row = row._replace(measure=measure, comparators=(source,))
        sections = tuple(
            replace(section, title=told, rows=(row, *section.rows[1:])) for section in full.report.sections
        )
        total = full.pages[TOTAL]
        links = total.links._replace(numerators=(Link(1, "1", measure.title),))
        pages = {**full.pages, 1: replace(page, measure=measure, row=row, national=(source,))}
        pages[TOTAL] = replace(total, links=links)
        full = Document(replace(full.report, sections=sections), pages)
        plan = plan_disclosure(full.report, pages, RELATIONS)
        found = {text.place[0] for text in plan.texts}
        assert found == ({"title", "definition", "outcome", "source", "section"} if waits else set())
        shown = [repr(mask_report(full.report, plan)), *(repr(mask_page(one, plan)) for one in pages.values())]
        assert any(told in one for one in shown) is not waits
        cleared = {text.key: f"Reworded {text.place[0]}." for text in plan.texts}
        plan = plan_disclosure(full.report, pages, RELATIONS, [], cleared)
        if waits:
            assert mask_report(full.report, plan).by_indicator[1].measure.title == "Reworded title."
            assert mask_page(pages[TOTAL], plan).links.numerators[0].title == "Reworded title."
            assert mask_page(pages[1], plan).national[0].source == "Reworded source."
