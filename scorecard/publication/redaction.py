"""What is withheld of a document, and the document without it.

A text is told by its checksum, wherever in the document it stands: commentary, a title, the list of changes, a name.
So no field has to be thought of, and one that the format gains later is in it. A figure takes with it what is worked
out from it, as masking does for the public.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from indicators.calculations.figures import Figure
from scorecard.disclosure import Mask, mask_page, mask_report
from scorecard.indicator_page import IndicatorPage
from scorecard.models.withholding import text_checksum
from scorecard.report import BoardReport
from scorecard.report.short_forms import occurring, texts_of

from .codec import Notation
from .format import PAGE, REPORT

Place = tuple[int, date]
# Texts by which the program finds its way, and figures written out.
NOT_PROSE = frozenset(
    {"slug", "anchor", "council_code", "region_code", "published", "kind", "group", "reference", "references", "total"}
)
QUOTED, BRACKETED = re.compile(r"“(.*)”", re.DOTALL), re.compile(r"\((.*)\)$", re.DOTALL)
MOST_LINES = 40
FIGURE_OF_POINT = ("points", "text")
# What of a line goes with it, beside its figures.
OF_A_LINE = frozenset({"commentary", "note", "reason", "rebase", "baseline", "seasonal_reason", "because", "why"})
NAMES = {
    "summary": "Overall summary",
    "why": "Reason for a changed figure",
    "before": "List of changes, as published",
    "after": "List of changes, now",
    "text": "Update",
    "rebase": "Reason to count otherwise",
    "reason": "Reason",
    "raised_by": "Raised by",
    "detail": "Question",
    "response": "Answer",
}


class Passage(NamedTuple):
    """A text of a document, and in words where it stands."""

    text: str
    where: str


def pieces(text: str) -> Iterator[str]:
    """The text, and what in it may be the text of another place.

    Lists of changes put several into one: a figure with its note in brackets, a title in quotes, an update behind its
    date, and the lines of a question one below the other.
    """
    if text:
        yield text
    for found in (QUOTED.search(text), BRACKETED.search(text)):
        if found:
            yield found[1]
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        return
    for first in range(len(lines)):
        yield from lines[first].split(": ", 1)[1:]
        for last in range(first + 1, len(lines) + 1):
            if last - first < len(lines):
                yield "\n".join(lines[first:last])


def exact_text(figure: Figure) -> str:
    """A figure as tombstones keep it, so that a corrected one is told from it."""
    return str(figure.value)


def sources_of(report: BoardReport) -> dict[int, frozenset[int]]:
    """What each derived indicator of the report is worked out from, directly."""
    return {one.indicator: frozenset((*one.numerators, *one.denominators)) for one in report.derivations}


class Hidden(NamedTuple):
    """The figures, and the lines, that are hidden of a report, with the sentence for each."""

    places: Mapping[Place, str]
    lines: Mapping[int, str]


@dataclass(frozen=True)
class Redaction:
    """What is withheld of one document, each with the sentence that takes its place. `whole` is for all of it."""

    texts: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[Place, str] = field(default_factory=dict)
    lines: Mapping[int, str] = field(default_factory=dict)
    whole: str = ""

    def __bool__(self) -> bool:
        return bool(self.texts or self.figures or self.lines or self.whole)

    def in_plain(self, plain: dict[str, Any]) -> dict[str, Any]:
        """Plain data of today's format with each withheld text replaced, and all that a withheld line says."""
        if not self.texts and not self.lines:
            return plain

        # Titles and names stand in a document many times.
        @cache
        def sentence(text: str) -> str:
            return next(filter(None, (self.texts.get(text_checksum(piece)) for piece in pieces(text))), "")

        def change(text: str, place: Where) -> str:
            found = sentence(text)
            line = self.lines.get(place.indicator) if text and place.indicator else None
            return found or (line if line and (place.field in OF_A_LINE or place.is_change) else None) or text

        changed = _mapped(plain, change)
        for section in changed["report"]["sections"]:
            section["rows"] = [
                {**row, "commentary": self.lines[row["indicator"]]} if row["indicator"] in self.lines else row
                for row in section["rows"]
            ]
        return changed

    def in_report(self, report: BoardReport) -> BoardReport:
        """The report without the figures, and what follows from them."""
        if self.whole:
            return replace(
                report, summary=self.whole, areas_of_focus=(), sections=(), revised=(), derivations=(), short_forms=()
            )
        hidden = self.hidden(report).places
        if not hidden:
            return replace(report, short_forms=occurring(report.short_forms, texts_of(report))) if self else report
        masked = mask_report(report, self._mask(hidden))
        # A count whose share is hidden may be judged otherwise; all other lines stay as they were frozen.
        touched = {key for key, _ in hidden}
        touched |= {source for key in touched for source in sources_of(report).get(key, ())}
        before = report.by_indicator
        sections = tuple(
            replace(
                section,
                rows=tuple(row if row.indicator in touched else before[row.indicator] for row in section.rows),
            )
            for section in masked.sections
        )
        months = {(key, f"{month:%B %Y}"): words for (key, month), words in hidden.items()}
        revised = tuple(
            one._replace(before=months[place], after=months[place])
            if (place := (one.indicator or 0, one.what)) in months
            else one
            for one in report.revised
        )
        return replace(masked, sections=sections, revised=revised)

    def in_page(self, page: IndicatorPage, hidden: Hidden) -> IndicatorPage:
        """An indicator's page without what is hidden of the whole report."""
        places = {place: words for place, words in hidden.places.items() if place[0] == page.key}
        line = hidden.lines.get(page.key)
        if line:
            places |= {(page.key, point.month): line for point in page.points}
        return mask_page(page, self._mask(places)) if places else page

    def _mask(self, hidden: Mapping[Place, str]) -> Mask:
        return Mask(
            hidden=frozenset(hidden),
            unsafe_revisions=frozenset(hidden),
            tombstones=hidden,
            because=f"A figure that it rests on is not shown. {next(iter(hidden.values()))}",
            largest_small=0,
        )

    def hidden(self, report: BoardReport) -> Hidden:
        """The figures, those of the lines, and the figures of the same month that are worked out from them."""
        lines = {key: words for source, words in self.lines.items() for key in worked_out_from(source, report)}
        places = {
            (key, month): words
            for (source, month), words in self.figures.items()
            for key in worked_out_from(source, report)
        }
        for row in report.rows if lines else ():
            words = lines.get(row.indicator)
            if words:
                months = (*row.months, *(one.month for one in row.earlier))
                places |= {(row.indicator, month): words for month in months}
        return Hidden(places, lines)


NOTHING = Redaction()


def worked_out_from(source: int, report: BoardReport) -> set[int]:
    """The indicator and all that are worked out from it, one by way of another."""
    parts, found = sources_of(report), {source}
    while True:
        more = {key for key, of in parts.items() if of & found} - found
        if not more:
            return found
        found |= more


def passages(plain: dict[str, Any]) -> Iterator[Passage]:
    """Every text of a document that isn't empty, as plain data of today's format."""
    found: list[Passage] = []

    def note(text: str, place: Where) -> str:
        if text.strip():
            found.append(Passage(text, place.words))
        return text

    _mapped(plain, note)
    yield from found


# Going through a document by its format


class Where(NamedTuple):
    """Where a text stands: the name of its field, and the indicator and month that it is about."""

    field: str = ""
    path: tuple[str, ...] = ()
    indicator: int | None = None
    reference: str = ""
    month: str = ""

    @property
    def is_change(self) -> bool:
        return self.field in ("before", "after")

    @property
    def words(self) -> str:
        name = NAMES.get(self.field, self.field.replace("_", " ").capitalize())
        if "areas_of_focus" in self.path:
            name = f"Areas of focus and questions: {name.lower()}"
        elif "comparators" in self.path or "national" in self.path:
            name = f"Comparator: {name.lower()}"
        elif self.path and "target" in self.path[-1]:
            name = f"Target: {name.lower()}"
        month = f"{date.fromisoformat(self.month):%B %Y}" if self.month else ""
        return ", ".join(part for part in (name, self.reference, month) if part)


Change = Callable[[str, Where], str]
Steps = Mapping[str, Any]
TEXT = "text"


def _steps_of(notation: Notation, path: tuple[str, ...] = ()) -> Any:
    """The ways through a notation that lead to texts: None where none does, TEXT at a text."""
    if notation.words.removesuffix(", or null") == "text" and not notation.parts:
        is_prose = path and path[-1] not in NOT_PROSE and path[-2:] != FIGURE_OF_POINT
        return TEXT if is_prose else None
    steps = {}
    for step, part in notation.parts.items():
        found = _steps_of(part, path if step == "[]" else (*path, step[1:]))
        if found:
            steps[step.removeprefix(".")] = found
    return steps or None


_REPORT, _PAGE = _steps_of(REPORT), _steps_of(PAGE)


def _mapped(plain: dict[str, Any], change: Change) -> dict[str, Any]:
    return {
        **plain,
        "report": _through(_REPORT, plain["report"], change, Where()),
        **{
            name: {key: _through(_PAGE, page, change, Where(indicator=int(key))) for key, page in plain[name].items()}
            for name in ("pages", "long_pages")
        },
    }


def _through(steps: Steps | str, plain: Any, change: Change, where: Where) -> Any:
    if plain is None:
        return None
    if isinstance(plain, str):
        return change(plain, where)
    if isinstance(plain, list):
        inside = steps["[]"] if isinstance(steps, Mapping) else steps
        return [_through(inside, one, change, where) for one in plain]
    inside = where._replace(
        indicator=plain.get("indicator") or where.indicator,
        reference=plain.get("reference") or (plain.get("measure") or {}).get("reference") or where.reference,
        month=plain.get("month") or where.month,
    )
    changed = dict(plain)
    for name, step in _named(steps):
        if name in plain:
            path = (*where.path, where.field) if where.field else where.path
            changed[name] = _through(step, plain[name], change, inside._replace(field=name, path=path))
    return changed


def _named(steps: Steps | str) -> Iterable[tuple[str, Any]]:
    return steps.items() if isinstance(steps, Mapping) else ()
