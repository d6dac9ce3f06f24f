"""A BoardReport as the bytes of a tagged PDF (PDF/UA-1). WeasyPrint is loaded when the first one is made."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from scorecard.report.board import BoardReport

from .drawings import prepare_drawings
from .tagging import finish_tags

if TYPE_CHECKING:
    from weasyprint import HTML

STYLE_SHEET = "paper.css"
# What no font shows and no metadata may hold: control characters, but for tab and ends of lines, and noncharacters.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


class PaperUnavailableError(Exception):
    """No PDF can be made on this machine; the message says what to install."""


def to_pdf(report: BoardReport) -> bytes:
    """The whole report: overview on A4, board on A3, what is counted, and the key.

    The same report gives the same bytes on the same machine: no clock is read, and only the system's fonts are taken
    from outside the project. Raises PaperUnavailableError where Pango or the built style sheet is missing.
    """
    from .content import content_of, targets_of

    content = content_of(report)
    document = _document(UNPRINTABLE.sub(" ", render_to_string("paper/report.html", content)))
    prepare_drawings(document.etree_element)
    targets = {name: UNPRINTABLE.sub(" ", words) for name, words in targets_of(content).items()}
    return document.write_pdf(
        stylesheets=[_style_sheet()],
        pdf_variant="pdf/ua-1",
        finisher=lambda _, pdf: finish_tags(pdf, targets),
    )


def _document(html: str) -> HTML:
    try:
        from weasyprint import HTML
    except OSError as error:  # a library of the system that it opens when it is imported
        raise PaperUnavailableError(
            "PDFs need Pango, which is not on this machine: run scripts/system_packages, or see docs/deploy.md."
        ) from error
    return HTML(string=html, url_fetcher=_fetcher())


def _style_sheet() -> Any:
    from weasyprint import CSS

    path = finders.find(STYLE_SHEET)
    if path is None:
        raise PaperUnavailableError(f"PDFs need the style sheet {STYLE_SHEET}, which is not built: run scripts/setup.")
    return CSS(string=Path(path).read_text(encoding="utf-8"), url_fetcher=_fetcher())


def _fetcher() -> Any:
    """Reads nothing from anywhere: what the document needs is in it."""
    from weasyprint.urls import URLFetcher

    class NothingFromOutside(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> NoReturn:
            raise ValueError(f"A report on paper takes nothing from outside: {url}")

    return NothingFromOutside()
