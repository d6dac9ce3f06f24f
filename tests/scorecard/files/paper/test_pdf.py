"""PDFs of reports out of the ordinary, and what a PDF may take from outside."""

import gc
import logging
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from indicators.calculations.spc import Assurance
from indicators.calculations.vocabulary import Rating
from scorecard.files.paper import PaperUnavailableError, pdf, to_pdf
from scorecard.files.paper.drawings import DRAWN_IN
from tests.scorecard.report.rows import make_report, make_row, make_signal, make_target

from .conformance import shortcomings
from .reading import board_of, bookmarks, pdf_of, texts

pytestmark = pytest.mark.slow

SENTENCE = "The service looked into every case of the month and found nothing unusual in it. "


def whole_text(report):
    return " ".join(texts(pdf_of(report)))


def test_report_without_lines_says_so():
    reader = pdf_of(make_report())
    text = " ".join(texts(reader))
    assert "This scorecard has no lines yet." in text
    assert "Page 1 of 3" in text
    assert shortcomings(reader) == []


def test_report_of_one_line_breaks_no_rule():
    reader = pdf_of(make_report([make_row("A1")]))
    assert len(board_of(reader, texts(reader))) == 1
    assert shortcomings(reader) == []


def test_same_report_gives_the_same_bytes():
    report = make_report([make_row("A1"), make_row("A2")])
    assert to_pdf(report) == to_pdf(report)


def test_garbage_is_collected_again_after_a_pdf():
    to_pdf(make_report([make_row("A1")]))
    assert gc.isenabled()


def test_garbage_is_collected_again_after_a_pdf_that_failed(monkeypatch):
    monkeypatch.setattr(finders, "find", lambda name: None)
    with pytest.raises(PaperUnavailableError):
        to_pdf(make_report())
    assert gc.isenabled()


def test_commentary_of_three_pages_is_printed_whole():
    commentary = "\n\n".join(f"Paragraph {number}. {SENTENCE * 12}" for number in range(40))
    reader = pdf_of(make_report([make_row("A1"), make_row("A2", commentary=commentary), make_row("A3")]))
    board = board_of(reader, texts(reader))
    text = " ".join(board.values())
    assert len(board) >= 4
    assert [number for number in range(40) if f"Paragraph {number}. {SENTENCE.strip()}" not in text] == []
    assert text.count("nothing") == 40 * 12
    assert ["Paragraph 0." in page for page in board.values() if "A2 Title of A2" in page] == [True]
    assert "A3 Title of A3" in text
    assert shortcomings(reader) == []


def test_section_never_begins_with_a_heading_alone_or_half_a_line_at_the_end_of_a_page():
    # Of different heights, so that pages end at every place.
    rows = [
        make_row(
            f"A{number}", title=f"Title of A{number} {'as long as can be ' * 12}", commentary="Line.\n" * (number % 9)
        )
        for number in range(40)
    ]
    pages = texts(pdf_of(make_report(*([row] for row in rows))))
    for number in range(40):
        [[*_, begun]] = [parts for text in pages if len(parts := text.split(f"Section {number} Indicator")) > 1]
        begun = begun.split(f"Section {number + 1}")[0]
        assert f" A{number} Title" in begun
        assert "What is counted" in begun, number


def test_long_words_in_titles_stay_in_their_column():
    rows = [make_row(f"REF-{number}", title="Unaccompaniedasylumseekingchildrenservic" + " x") for number in range(3)]
    text = whole_text(replace(make_report(rows), title="Y" * 40))
    # Broken over lines, but complete and before the first figure.
    assert "".join(text.split()).count("Unaccompaniedasylumseekingchildrenservicx50") == 3


def test_markup_in_texts_is_printed_as_it_was_typed():
    typed = '<img src="https://example.org/x.png"> <script>alert(1)</script> & <b>bold</b> <br> &nbsp; &lt;'
    report = replace(make_report([make_row("A1", title=typed, commentary=typed)]), summary=typed)
    assert whole_text(report).count(typed) >= 3


def test_control_characters_in_texts_are_left_out():
    pasted = "First\x0csecond\x01third\ufffe"
    reader = pdf_of(replace(make_report([make_row("A1", title=pasted, commentary=pasted)]), title=pasted))
    assert "Commentary. First second third" in " ".join(texts(reader))
    assert reader.metadata.title == "First second third , January 2021"
    assert shortcomings(reader) == []


def test_markup_in_texts_fetches_nothing(monkeypatch):
    asked_for = []
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *args, **kwargs: asked_for.append(args))
    to_pdf(make_report([make_row("A1", commentary='<img src="https://example.org/x.png">')]))
    assert asked_for == []


@pytest.mark.parametrize("address", ["https://example.org/x.png", "file:///etc/hostname", "data:image/png;base64,AA=="])
def test_nothing_from_outside_is_taken(address, caplog):
    with caplog.at_level(logging.ERROR, logger="weasyprint"):
        pdf._document(f'<html lang="en"><body><img src="{address}" alt="x"/></body></html>').write_pdf()
    assert f"A report on paper takes nothing from outside: {address}" in caplog.text


def test_without_pango_it_says_what_to_do(monkeypatch):
    class WithoutPango:
        def find_spec(self, name, path, target=None):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [WithoutPango(), *sys.meta_path])
    with pytest.raises(PaperUnavailableError, match="scripts/system_packages"):
        to_pdf(make_report())


def test_without_its_style_sheet_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr(finders, "find", lambda name: None)
    with pytest.raises(PaperUnavailableError, match="scripts/setup"):
        to_pdf(make_report())


def test_line_of_two_sections_is_shown_and_bookmarked_in_both():
    reader = pdf_of(make_report([make_row("A1")], [make_row("A1")]))
    assert bookmarks(reader)[2:6] == ["Section 0", ["A1 Title of A1"], "Section 1", ["A1 Title of A1"]]


@pytest.mark.parametrize(
    ("rating", "shown"),
    [
        pytest.param(Rating.GREEN, "● Green On target Met for once: what is usual misses it", id="green"),
        pytest.param(Rating.AMBER, "▲ Amber Within tolerance Will keep missing it", id="amber"),
        pytest.param(Rating.RED, "■ Red Off target Will keep missing it", id="red"),
    ],
)
def test_rating_is_told_by_word_and_shape(rating, shown):
    row = make_row("A1", rating=rating, target=make_target(40), signal=make_signal(assurance=Assurance.FAIL))
    text = whole_text(make_report([row]))
    assert shown in text


def test_drawings_have_the_colours_of_the_page():
    css = Path(finders.find("app.css")).read_text(encoding="utf-8")
    page = dict(re.findall(r"\.(icon-\w+|spark){[^}]*?color:(#\w+)", css))
    assert page == DRAWN_IN


def test_what_the_tags_lack_without_completion_is_found(monkeypatch):
    monkeypatch.setattr(pdf, "finish_tags", lambda *args: None)
    found = {line.split(":")[0] for line in shortcomings(pdf_of(make_report([make_row("A1")])))}
    # Structure of lists, figures without alternative, headings without scope, content that no element holds.
    assert found == {"7.1", "7.2", "7.3", "7.5"}
