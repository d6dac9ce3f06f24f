"""A frozen report: the board report and the pages of its indicators as one JSON document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

from scorecard.indicator_page import IndicatorPage, PageDesk, Span
from scorecard.indicator_page.facts import DEFAULT_SPAN
from scorecard.report import BoardReport, Row

from .codec import DocumentError, reader_of, to_plain

# Goes up when a document is written in a way that this program could not have read before.
FORMAT = 1


class Pages(NamedTuple):
    """The page of each indicator: for 25 months; and for all months where there are more."""

    usual: tuple[IndicatorPage, ...]
    long: tuple[IndicatorPage, ...]

    @classmethod
    def of(cls, desk: PageDesk) -> Pages:
        """The pages of everything that was read."""
        keys = sorted(desk.keys)
        usual = tuple(desk.page(key) for key in keys)
        everything = (desk.page(key, Span.ALL) for key in keys)
        return cls(usual, tuple(page for page, short in zip(everything, usual, strict=True) if page != short))

    @property
    def longest(self) -> dict[int, IndicatorPage]:
        """Of each indicator the page that shows most months."""
        return {page.key: page for page in (*self.usual, *self.long)}

    def each(self, change: Callable[[IndicatorPage], IndicatorPage]) -> Pages:
        """All of them changed in one way."""
        return Pages(tuple(map(change, self.usual)), tuple(map(change, self.long)))


def write_document(report: BoardReport, pages: Pages) -> str:
    """The document's text, always the same for the same report. A page's line is that of the report: written once."""
    plain = {
        "format": FORMAT,
        "report": to_plain(report),
        "pages": _by_key(pages.usual),
        "long_pages": _by_key(pages.long),
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _by_key(pages: Iterable[IndicatorPage]) -> dict[str, Any]:
    return {str(page.key): to_plain(replace(page, row=None)) for page in pages}


def checksum_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


class Document:
    """A report and its pages, made from a document's text when first asked for. Raises DocumentError."""

    def __init__(self, text: str) -> None:
        try:
            plain = json.loads(text)
        except ValueError as error:
            raise DocumentError("The document is not JSON.") from error
        if not isinstance(plain, dict) or plain.get("format") != FORMAT:
            raise DocumentError(f"The document is not one of format {FORMAT}.")
        self.text = text
        self._plain: dict[str, Any] = plain

    @cached_property
    def report(self) -> BoardReport:
        read: BoardReport = reader_of(BoardReport)(self._plain["report"])
        return read

    @cached_property
    def _rows(self) -> dict[int, Row]:
        return self.report.by_indicator

    @cached_property
    def pages(self) -> Pages:
        """All pages of the document, in the order of their keys."""
        kept = self._plain["pages"], self._plain["long_pages"]
        usual, long = (tuple(self._read(pages[key]) for key in sorted(pages, key=int)) for pages in kept)
        return Pages(usual, long)

    def page(self, key: int, span: Span = DEFAULT_SPAN) -> IndicatorPage | None:
        """An indicator's page, limits resting on the months of the span; None for an indicator that has none."""
        plain = self._plain["long_pages"].get(str(key)) if span is Span.ALL else None
        plain = plain or self._plain["pages"].get(str(key))
        return self._read(plain) if plain else None

    def _read(self, plain: Any) -> IndicatorPage:
        page: IndicatorPage = reader_of(IndicatorPage)(plain)
        return replace(page, row=self._rows.get(page.key))
