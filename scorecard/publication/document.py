"""A frozen report: the board report and the pages of its indicators as one JSON document."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

from scorecard.indicator_page import IndicatorPage, PageDesk, Span
from scorecard.indicator_page.facts import DEFAULT_SPAN
from scorecard.report import BoardReport, Row

from .codec import DocumentError, Notation
from .format import FORMAT, PAGE, REPORT
from .redaction import NOTHING, Hidden, Passage, Redaction, passages
from .upgrades import upgraded


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
    def all(self) -> tuple[IndicatorPage, ...]:
        return (*self.usual, *self.long)

    @property
    def longest(self) -> dict[int, IndicatorPage]:
        """Of each indicator the page that shows most months."""
        return {page.key: page for page in self.all}

    def each(self, change: Callable[[IndicatorPage], IndicatorPage]) -> Pages:
        """All of them changed in one way."""
        return Pages(tuple(map(change, self.usual)), tuple(map(change, self.long)))


def write_document(report: BoardReport, pages: Pages) -> str:
    """The document's text, always the same for the same report. A page's line is that of the report: written once."""
    return _as_text(
        {
            "format": FORMAT,
            "report": REPORT.write(report),
            "pages": _by_key(pages.usual),
            "long_pages": _by_key(pages.long),
        }
    )


def _by_key(pages: Iterable[IndicatorPage]) -> dict[str, Any]:
    return {str(page.key): PAGE.write(replace(page, row=None)) for page in pages}


def _as_text(plain: Any) -> str:
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def checksum_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def _ways_to_numbers(notation: Notation) -> Any:
    """The steps through a notation that lead to indicators' numbers: None where none does, True at a number."""
    if notation.is_number:
        return True
    found = {step.removeprefix("."): _ways_to_numbers(part) for step, part in notation.parts.items()}
    return {step: way for step, way in found.items() if way} or None


_IN_REPORT, _IN_PAGE = _ways_to_numbers(REPORT), _ways_to_numbers(PAGE)


def renumbered(plain: dict[str, Any], by: int) -> dict[str, Any]:
    """Plain data of today's format with each indicator's number raised by so much. Raises DocumentError."""

    def raised(ways: Any, part: Any) -> Any:
        if part is None:
            return None
        if ways is True:
            return part + by
        if isinstance(part, list):
            return [raised(ways["[]"], one) for one in part]
        return {**part, **{step: raised(way, part[step]) for step, way in ways.items() if step in part}}

    if not by:
        return plain
    try:
        return {
            **plain,
            "report": raised(_IN_REPORT, plain["report"]),
            **{
                name: {str(int(key) + by): raised(_IN_PAGE, page) for key, page in plain[name].items()}
                for name in ("pages", "long_pages")
            },
        }
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DocumentError(f"The document doesn't name indicators as its format asks for: {error!r}.") from error


class FrozenReport:
    """A report and its pages, made from a document's text when first asked for. Raises DocumentError.

    A document of an earlier format is read as if it had been written today, and without what is withheld of it. One
    that another installation published names indicators by its numbers there: here they are higher by `numbers_from`.
    """

    def __init__(self, text: str, redaction: Redaction = NOTHING, *, numbers_from: int = 0) -> None:
        try:
            plain = json.loads(text)
        except ValueError as error:
            raise DocumentError("The document is not JSON.") from error
        self._plain = redaction.in_plain(renumbered(upgraded(plain), numbers_from))
        self._text = text if self._plain is plain else ""
        self._redaction = redaction
        self._numbers_from = numbers_from

    @property
    def text(self) -> str:
        """As it would be written today: tells whether a new document says the same."""
        if self._redaction:
            return write_document(self.report, self.pages)
        return self._text or _as_text(self._plain)

    @property
    def stored_text(self) -> str:
        """The same in its own numbers, as it can take its document's place."""
        return _as_text(renumbered(json.loads(self.text), -self._numbers_from)) if self._numbers_from else self.text

    @property
    def is_withheld(self) -> bool:
        """Whether all of it is."""
        return bool(self._redaction.whole)

    @property
    def tombstones(self) -> Collection[str]:
        """The sentences in place of lines."""
        return self._redaction.lines.values()

    @property
    def passages(self) -> Iterator[Passage]:
        """Every text in it."""
        return passages(self._plain)

    @cached_property
    def report(self) -> BoardReport:
        return self._redaction.in_report(self._whole_report)

    @cached_property
    def _hidden(self) -> Hidden:
        return self._redaction.hidden(self._whole_report)

    @cached_property
    def _whole_report(self) -> BoardReport:
        report: BoardReport = REPORT.read(self._part("report"))
        return report

    @cached_property
    def _rows(self) -> dict[int, Row]:
        return self.report.by_indicator

    @cached_property
    def pages(self) -> Pages:
        """All pages of the document, in the order of their keys; none where all of it is withheld."""
        if self._redaction.whole:
            return Pages((), ())
        kept = self._part("pages"), self._part("long_pages")
        usual, long = (tuple(self._read(pages[key]) for key in sorted(pages, key=int)) for pages in kept)
        return Pages(usual, long)

    def page(self, key: int, span: Span = DEFAULT_SPAN) -> IndicatorPage | None:
        """An indicator's page, limits resting on the months of the span; None for an indicator that has none."""
        if self._redaction.whole:
            return None
        plain = self._part("long_pages").get(str(key)) if span is Span.ALL else None
        plain = plain or self._part("pages").get(str(key))
        return self._read(plain) if plain else None

    def _part(self, name: str) -> dict[str, Any]:
        found = self._plain.get(name)
        if not isinstance(found, dict):
            raise DocumentError(f"The document lacks its {name}.")
        return found

    def _read(self, plain: Any) -> IndicatorPage:
        page: IndicatorPage = PAGE.read(plain)
        if self._redaction:
            page = self._redaction.in_page(page, self._hidden)
        row = self._rows.get(page.key)
        if row is not None and row.target is not None:
            # What it means for the row's figure is the report's: a page that was frozen may say more of last year's.
            own = row.target
            page = replace(page, targets=tuple(own if cell.year == own.year else cell for cell in page.targets))
        return replace(page, row=row)
