"""What can't be printed is found before it is: what WeasyPrint draws as an empty box, somebody was told of."""

import logging
import re
from dataclasses import replace

import pytest

from scorecard.display import fonts
from scorecard.display.fonts import PaperUnavailableError, known_warnings_of, unprintable_in
from scorecard.files.paper import to_pdf
from scorecard.publication.checklist import checks_of
from scorecard.publication.publish import freeze_published
from scorecard.sheet.assemble import assemble_sheet
from tests.factories import make_officer
from tests.scorecard.report.rows import make_report, make_row
from tests.scorecard.returns.returning import (
    NOW,
    enter,
    line_of,
    make_collection,
    make_reported,
    page_of,
    person,
    words_of,
)

from .reading import pdf_of, texts

SAMPLES = {
    "Word": "\uf0b7\tOne and \uf0b7 two, \uf0c5 and \ue123",
    "emoji": "😀 ✅ 👍🏽 🙂 ☺ 👨\u200d👩\u200d👧",
    "flag": "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f 🇬🇧",
    "Welsh": "Ŵyl a dŵr, ŷd, Siân, llwybr",
    "accents": "e\u0301 o\u0304\u0323 x\u0308\u0331 q\u030a",
    "Arabic": "مرحبا بالعالم",
    "Chinese": "儿童 and かな",
    "mathematics": "≥ ≤ ± × ÷ ≈ ∑ \U0001d5d5\U0001d5fc",
    "lost": "Si\ufffdn",
    "arrows": "→ ▲ ▼ ● ◐ ✔ ✗ ☑",
    "old": "ᚠ ꙮ 𓀀 𒀀",
    "Hindi": "हिन्दी",
}
EMPTY_BOX = re.compile(r"\(U\+([0-9A-F]{1,6})\)")


def boxes_in(report, caplog):
    """The characters for which WeasyPrint draws an empty box."""
    caplog.clear()
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        to_pdf(report)
    said = (record.getMessage() for record in caplog.records if ".notdef" in record.getMessage())
    return {chr(int(code, 16)) for words in said for code in EMPTY_BOX.findall(words)}


@pytest.mark.slow
def test_nothing_prints_as_an_empty_box_that_was_not_told(caplog):
    report = replace(make_report([make_row("A1", commentary=" ".join(SAMPLES.values()))]), published="Published.")
    told = {one.character for text in SAMPLES.values() for one in unprintable_in(text)}
    boxes = boxes_in(report, caplog)
    # Bullets of Word are no longer stored; from an old report they would be boxes.
    assert boxes - told == set() | (boxes & {"\uf0b7"})
    assert boxes
    # What is told is either a box, or one that a font draws as anything, or stands for what was lost.
    assert told - boxes - {"\uf0c5", "\ue123", "\ufffd"} == set()


@pytest.mark.parametrize("name", ["Welsh", "accents", "Arabic", "arrows"])
def test_what_the_fonts_have_is_printed(name):
    assert unprintable_in(SAMPLES[name]) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a \uf0c5", "a symbol (U+F0C5) that only the program it was copied from has"),
        ("Si\ufffdn", "“\ufffd” (U+FFFD), which stands for a letter that was lost when the text was copied"),
        ("𓀀", "“𓀀” (U+13000, egyptian hieroglyph a001), which no font here can draw"),
    ],
)
def test_character_is_named(text, words):
    assert [one.words for one in unprintable_in(text)] == [words]


def test_many_characters_are_not_all_named():
    text = "".join(chr(0x13000 + number) for number in range(8))
    (words,) = known_warnings_of([("In the note", text)])
    assert words.startswith("In the note: “𓀀”")
    assert "; and 3 more. On paper" in words


@pytest.mark.slow
def test_draft_on_paper_says_what_it_lacks():
    report = make_report([make_row("A1", commentary="Old: 𓀀")])
    # Where a character has no glyph, pypdf reads two bytes for each letter.
    text = " ".join(texts(pdf_of(report))).replace("\x00", "")
    assert "egyptian hieroglyph a001" in " ".join(text.split())
    published = replace(report, published="Published on 1 March 2021.")
    assert "hieroglyph" not in " ".join(texts(pdf_of(published)))


@pytest.mark.django_db
@pytest.mark.sqlite
class TestTold:
    """The people who write and publish are told."""

    @pytest.fixture
    def edition(self):
        edition = make_collection(make_reported("A1", note="Counted 𒀀"))
        enter(edition, A1={"figure": "5", "text": "\uf0b7\tFewer 𓀀"})
        return edition

    def checks(self, edition):
        from scorecard.report import assemble_report

        report = assemble_report(edition.scorecard, edition.month)
        return next(check for check in checks_of(assemble_sheet(edition), report) if check.title == "Printing")

    def test_officer_before_publishing(self, edition):
        assert list(self.checks(edition).found) == [
            ("A1", "Note: “𒀀” (U+12000, cuneiform sign a), which no font here can draw"),
            ("A1", "Commentary: “𓀀” (U+13000, egyptian hieroglyph a001), which no font here can draw"),
        ]

    def test_officer_before_revising(self, edition, client):
        edition.state = "published"
        edition.save()
        freeze_published(edition.scorecard, NOW)
        line = edition.scorecard.sections.get().lines.get().indicator
        line.title = "Calls 𓀀"
        line.save()
        client.force_login(make_officer("priya"))
        told = words_of(page_of(client.get("/collection/panel/2021-01/revise/")))
        assert "A1 Calls 𓀀 : Title: “𓀀” (U+13000, egyptian hieroglyph a001), which no font here can draw" in told

    def test_reporter_beside_the_line(self, edition, client):
        client.force_login(person("lead"))
        assert "In the commentary: “𓀀”" in words_of(page_of(client.get("/returns/panel/2021-01/")))
        assert line_of(edition).text == "• Fewer 𓀀"

    def test_officer_at_the_overview_and_in_the_administration(self, edition, client):
        client.force_login(make_officer("priya", is_staff=True))
        overview = "/collection/panel/2021-01/overview/"
        told = words_of(page_of(client.post(overview, {"summary": "All \uf0b7 well 𓀀"}, follow=True)))
        assert "Overall summary: “𓀀”" in told
        assert "In this text: “𓀀”" in told
        title = {"title": "May 𓀀", "summary": "All well."}
        told = words_of(page_of(client.post("/admin/commentary/overview/add/", title, follow=True)))
        assert "Title: “𓀀”" in told

    def test_where_no_pdf_can_be_made_it_says_so(self, edition, client, monkeypatch):
        def unavailable():
            raise PaperUnavailableError("no Pango")

        monkeypatch.setattr(fonts, "_drawing", unavailable)
        assert list(self.checks(edition).found) == [
            ("", "not checked: this machine can’t make PDFs. Whoever runs the website can install what is missing.")
        ]
        client.force_login(person("lead"))
        assert client.get("/returns/panel/2021-01/").status_code == 200
