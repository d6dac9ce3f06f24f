"""What tests read in a PDF: the text of its pages, and which of them are the board's."""

import io
import re
import unicodedata

from pypdf import PdfReader

from scorecard.files.paper import to_pdf

# Points. Of A4 and A3 in millimetres, to the nearest point.
A4_PORTRAIT, A3_LANDSCAPE = (595, 842), (1191, 842)


def pdf_of(report):
    return PdfReader(io.BytesIO(to_pdf(report)))


def texts(reader):
    """The text of each page as plain text; a word broken after its own hyphen is whole again."""
    return [plain(re.sub(r"(?<=\w)-\n", "-", page.extract_text())) for page in reader.pages]


def plain(text):
    """Single spaces, and letters that a font joins apart again."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def size(page):
    return round(page.mediabox.width), round(page.mediabox.height)


def board_of(reader, pages):
    """The text of each page that shows lines with their figures, by its number; `pages` are the texts of all."""
    return {
        number: text
        for number, (page, text) in enumerate(zip(reader.pages, pages, strict=True), start=1)
        if size(page) == A3_LANDSCAPE and "Reference Indicator What is counted Notes" not in text
    }


def bookmarks(reader):
    """The titles of the outline, those below another in a list of their own."""

    def titles(entries):
        return [titles(entry) if isinstance(entry, list) else entry.title for entry in entries]

    return titles(reader.outline)


def heading_of(row):
    return " ".join(f"{row.measure.reference} {row.measure.title}".split())
