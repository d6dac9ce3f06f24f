"""The PDF of the demonstration: what the panel is given, read back."""

import csv
from pathlib import Path

import pytest

from .conformance import kids, shortcomings, structure
from .reading import A3_LANDSCAPE, A4_PORTRAIT, bookmarks, heading_of, size

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]

PUBLISHED = Path(__file__).parents[3] / "data" / "published_2021-01.csv"
# The columns whose figures stand in every row, in the order of the board.
FIGURES = (
    *("2020-08", "2020-09", "2020-10", "2020-11", "2020-12", "2021-01"),
    *("pct_change_prev_month", "pct_change_prev_year", "avg_12m", "max_12m"),
    *("comparator_sn", "comparator_eng", "comparator_se"),
)


def test_pdf_breaks_no_rule_of_pdf_ua(reader):
    assert shortcomings(reader) == []


def test_document_says_what_it_is_and_in_which_language(reader):
    root = reader.trailer["/Root"]
    assert reader.metadata.title == "Children and Families scorecard, January 2021"
    assert reader.metadata.author == "Southampton City Council"
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_overview_is_on_a4_in_front_and_the_board_on_a3(reader, board):
    sizes = [size(page) for page in reader.pages]
    first_of_board = sizes.index(A3_LANDSCAPE)
    assert first_of_board > 0
    assert set(sizes[:first_of_board]) == {A4_PORTRAIT}
    assert {size(reader.pages[number - 1]) for number in board} == {A3_LANDSCAPE}


def test_every_page_says_which_of_how_many_it_is(pages):
    assert [n for n, text in enumerate(pages, start=1) if f"Page {n} of {len(pages)}" not in text] == []


def test_every_page_but_the_first_is_headed_with_title_and_month(pages):
    assert all("Children and Families scorecard, January 2021" in text for text in pages)


def test_all_lines_stand_in_the_order_of_the_report(report, board):
    text = " ".join(board.values())
    places = [text.find(heading_of(row)) for row in report.rows]
    assert len(places) == 64
    assert -1 not in places
    assert places == sorted(places)


def test_no_line_is_split_between_pages(report, board):
    split = [row.measure.reference for row in report.rows if not any(is_whole(row, text) for text in board.values())]
    assert split == []


def is_whole(row, text):
    """Whether the page begins and ends the line."""
    start = text.find(heading_of(row))
    return start >= 0 and last_words(row) in text[start:]


def last_words(row):
    """What a line ends with on the board."""
    said = " ".join(row.commentary.split()) or "No commentary for this month."
    return f"{said} Owner: {row.measure.owner}. Reporter: {row.measure.reporter}. What is counted"


def test_headings_are_repeated_on_every_page_of_the_board(board):
    headings = ("Indicator", "Jan 2021", "Desired direction", "Signal", "Against target", "12-month maximum", "England")
    assert len(board) > 3
    assert [heading for text in board.values() for heading in headings if heading not in text] == []


def test_heading_of_a_section_stands_on_the_page_of_its_first_line(report, board):
    # After the running line of the page, which names the section too.
    starts = [(f"{section.title} Indicator", heading_of(section.rows[0])) for section in report.sections]
    together = [any(start in text and line in text for text in board.values()) for start, line in starts]
    assert together == [True] * len(report.sections)


def published():
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return {record["ref"]: record for record in csv.DictReader(file)}


def thousands(cell):
    return f"{int(cell):,}" if cell.isdigit() else cell


@pytest.mark.parametrize("reference", ["M1", "M2", "EH2", "EH3", "CP6B", "LAC1", "LAC9 (val)"])
def test_figures_are_as_published(reference, report, board):
    row = next(row for row in report.rows if row.measure.reference == reference)
    text = next(text for text in board.values() if heading_of(row) in text)
    words = iter(text[text.find(heading_of(row)) + len(heading_of(row)) :].split())
    printed = [thousands(published()[reference][column]) for column in FIGURES]
    # Each is found after the one before it.
    assert [cell for cell in printed if cell not in words] == []


def test_overview_has_all_areas_of_focus_with_response_updates_and_references(pages, report):
    front = " ".join(pages[:6])
    for focus in report.areas_of_focus:
        assert f"{focus.title} Response. {focus.response}" in front
        assert all(f"Update, {note.date.day} February 2021. {note.text}" in front for note in focus.updates)
        assert not focus.references or f"Indicators: {', '.join(focus.references)}." in front


def test_what_to_look_at_leads_to_the_lines(reader, board):
    destinations = reader.named_destinations
    annotations = [note.get_object() for note in reader.pages[0]["/Annots"]]
    assert annotations[0]["/Contents"].startswith("To the figures of LAC9 Percentage of IFA placements")
    [leads_to] = [destinations[annotations[0]["/Dest"]]]
    text = board[reader.get_destination_page_number(leads_to) + 1]
    assert "LAC9 Percentage of IFA placements" in text


def test_outline_has_every_section_and_line(reader, report):
    expected = []
    for section in report.sections:
        expected += [section.title, [heading_of(row) for row in section.rows]]
    outline = bookmarks(reader)
    start = outline.index(report.sections[0].title)
    assert outline[start : start + len(expected)] == expected
    assert [entry for entry in outline[:start] if isinstance(entry, str)] == [
        *("Overview", "What to look at", "At a glance", "Areas of focus")
    ]
    assert outline[start + len(expected) :] == ["What is counted, and notes", "How to read this report"]


def test_each_trend_is_told_in_words(reader):
    told = [element["/Alt"] for element, _ in structure(reader) if element["/S"] == "/Figure"]
    assert "From 1,420 in January 2020 to 1,464 in January 2021" in told[0]
    # Two lines have no figure to draw.
    assert len(told) == 62


def test_cells_name_the_heading_of_their_line(reader):
    tables = [element for element, _ in structure(reader) if element["/S"] == "/Table"]
    # The first of the board, after what to look at and the tallies.
    figures, words = kids(next(kid for table in tables if len(columns(table)) > 20 for kid in kids(table)[1:]))
    heading = kids(figures)[0]["/ID"]
    assert all(heading in cell["/A"]["/Headers"] for cell in kids(figures)[1:])
    assert [list(cell["/A"]["/Headers"]) for cell in kids(words)] == [[heading], [heading]]


def columns(table):
    return kids(kids(kids(table)[0])[0])


def test_definitions_and_notes_stand_after_the_board(pages, report, board):
    after = " ".join(pages[max(board) :])
    m2 = next(row for row in report.rows if row.measure.reference == "M2")
    assert m2.measure.definition in after
    assert "South East: Not adjusted for the size of the child population." in after
    assert "MASH: multi-agency safeguarding hub." in after
