"""What rows copied from a spreadsheet say, and for which lines: read before anything is saved.

Pure: no request, no database. A row is placed where its reference or title says; without names by its place in the
column. Whatever is not certain is left over, with the reason.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from indicators.calculations.folding import folded
from indicators.calculations.formatting import counted
from indicators.calculations.months import NUMBER_OF_MONTH
from indicators.calculations.periods import Periods
from indicators.calculations.written_periods import read_period
from indicators.resources import cells

from .shorthands import understood

MOST_ROWS, MOST_COLUMNS, LONGEST_PASTE = 500, 60, 200_000
# Rows on top that may say what stands below.
MOST_HEADINGS = 5
_PAIR = re.compile(r"\s*(?:/|\bof\b|\bout of\b)\s*", re.IGNORECASE)
_BESIDE_MONTH = re.compile(
    r"\b(actuals?|figures?|values?|outturn|performance|results?|numbers?|totals?|month|numerator|count|how many)\b",
    re.IGNORECASE,
)
# What may have been meant as a figure.
_TYPO = re.compile(r"[-+(£]*\d")
_NUMERATOR = re.compile(r"num(erator)?|how many|count|part", re.IGNORECASE)
_DENOMINATOR = re.compile(r"den(om(inator)?)?|(out )?of( how many| all)?\b.*|whole|cohort|total", re.IGNORECASE)
# Columns that stand behind the figures in many sheets, and are none.
_NO_FIGURES = re.compile(
    r".*\b(targets?|rag|change|difference|trend|direction|dot|average|mean|max(imum)?|ytd|year to date|england|"
    r"neighbours?|national|region(al)?|benchmark|comparators?|comments?|commentary|notes?|variance|tolerance)\b.*",
    re.IGNORECASE | re.DOTALL,
)


class Place(NamedTuple):
    """A line as far as pasting is concerned; `numbers` is how many are entered for it: none where it is worked out."""

    key: int
    reference: str
    title: str
    numbers: int
    periods: Periods


class PastedRow(NamedTuple):
    """A row of what was pasted: where it goes and with which figures, or why it is left over.

    `number` counts from 1, as the person sees the rows; `said` is what it says in the chosen column, or altogether.
    """

    number: int
    said: str
    key: int | None = None
    typed: tuple[str, ...] = ()
    left_over: str = ""


@dataclass
class Paste:
    """What was pasted, row by row. `problem` says why nothing of it can be placed.

    `columns` are those to choose from, by their place, `column` the one taken; None where headings say which.
    `asks_worked_out` where it is not certain whether the rows of worked-out lines are among them, `is_by_order` where
    no row names its line.
    """

    rows: list[PastedRow] = field(default_factory=list)
    columns: list[tuple[int, str]] = field(default_factory=list)
    column: int | None = None
    problem: str = ""
    asks_worked_out: bool = False
    is_by_order: bool = False

    @property
    def placed(self) -> list[PastedRow]:
        return [row for row in self.rows if row.typed]


def cells_of(text: str) -> list[list[str]]:
    """The cells of what a spreadsheet copies, row by row; also of rows typed as “CP3 120”, which have no tabs."""
    text = text[:LONGEST_PASTE].replace("\r\n", "\n").replace("\r", "\n")
    # Spreadsheets put quotation marks around cells of several lines.
    quoting: Any = csv.QUOTE_MINIMAL if text.count('"') % 2 == 0 else csv.QUOTE_NONE
    try:
        rows = list(csv.reader(text.split("\n"), delimiter="\t", quoting=quoting))
    except csv.Error:
        rows = [line.split("\t") for line in text.split("\n")]
    table = [[" ".join(cell.split()) for cell in row[:MOST_COLUMNS]] for row in rows]
    while table and not any(table[-1]):
        table.pop()
    while table and not any(table[0]):
        table.pop(0)
    return table


def is_figure(cell: str) -> bool:
    """Whether it is a number in any unit, two that belong together, or a word that says there is none."""
    if understood(cell).blank is not None:
        return True
    try:
        return all(cells.amount(part).number is not None for part in _parts(cell))
    except ValueError:
        return False


def _parts(cell: str) -> list[str]:
    """4/31 and “4 of 31” are numerator and denominator; n/a is one word."""
    parts = _PAIR.split(cell, maxsplit=1)
    is_pair = len(parts) == 2 and all(re.search(r"\d", part) for part in parts)
    return parts if is_pair else [cell]


def read_paste(
    text: str,
    places: Sequence[Place],
    month: date,
    *,
    start: int | None = None,
    column: int | None = None,
    has_worked_out: bool | None = None,
) -> Paste:
    """Where each row goes. `places` are the lines in the order of the page.

    Without names the first row is for the line `start`, or the first. `column` is the place of the chosen one, and
    `has_worked_out` says whether worked-out lines have rows among those without names; None where nobody said.
    """
    table = cells_of(text)
    if len(table) > MOST_ROWS:
        return Paste(problem=f"These are {counted(len(table), 'row')}: paste at most {MOST_ROWS} at once.")
    names = _Names(places, table)
    if not names.columns:
        table = _apart_from_references(table, names)
        names = _Names(places, table)
    top = _count_headings(table, names)
    headings, body = table[:top], table[top:]
    if not body:
        return Paste(problem="There are no figures in it." if table else "")
    paste = Paste(is_by_order=not names.columns)
    found = (
        _by_name(body, names)
        if names.columns
        else _by_order(paste, body, places, start=start, has_worked_out=has_worked_out)
    )
    by_key = {place.key: place for place in places}
    taken = _Columns(headings, body, found, by_key, month, names.columns)
    paste.columns, paste.column = taken.choices, taken.choose(column)
    paste.problem = paste.problem or taken.problem
    rows = [PastedRow(at, _short(row), left_over="A heading.") for at, row in enumerate(headings, 1)]
    for at, (row, (key, why)) in enumerate(zip(body, found, strict=True), top + 1):
        place = by_key.get(key or 0)
        if why or place is None or paste.problem:
            rows.append(PastedRow(at, _short(row), key, left_over=why or paste.problem or "No line is left for it."))
            continue
        typed, said = taken.figures(row, place)
        if place.numbers and typed and not why:
            rows.append(PastedRow(at, " / ".join(typed), key, typed))
        else:
            rows.append(PastedRow(at, " / ".join(typed) or _short(row), key, left_over=said))
    paste.rows = _without_doubles(rows)
    return paste


def _short(row: Iterable[str]) -> str:
    text = " | ".join(filter(None, row))
    return f"{text[:80]}…" if len(text) > 80 else text


def _loose(text: str) -> str:
    """A name without what people write differently: “CP3 - QL” is “cp3ql”."""
    return re.sub(r"[\W_]+", "", folded(text))


class _Names:
    """Which cells name a line, and in which columns they stand."""

    def __init__(self, places: Sequence[Place], table: Sequence[Sequence[str]]) -> None:
        exact: dict[str, set[int]] = defaultdict(set)
        loose: dict[str, set[int]] = defaultdict(set)
        for place in places:
            spellings = (place.reference, place.title, f"{place.reference} {place.title}")
            for spelling in spellings:
                exact[folded(spelling)].add(place.key)
                loose[_loose(spelling)].add(place.key)
        # 12 must not be taken for the reference 1.2.
        self._names = {name: keys for name, keys in loose.items() if name and not name.isdigit()} | exact
        self.references = {folded(place.reference): place.reference for place in places}
        width = max(map(len, table), default=0)
        columns = [[row[at] for row in table if at < len(row)] for at in range(width)]
        self.columns = [at for at, column in enumerate(columns) if self._is_of_names(column, is_last=at + 1 == width)]

    def _is_of_names(self, column: Sequence[str], *, is_last: bool) -> bool:
        named = [cell for cell in column if cell and self.keys(cell)]
        words = [cell for cell in named if not is_figure(cell)]
        if words:
            return True
        # References that are numbers look like figures: only where every row has another one, before the figures.
        filled = [cell for cell in column if is_figure(cell)]
        return not is_last and 1 < len(named) == len(filled) == len(set(named))

    def keys(self, cell: str) -> set[int]:
        """The lines that a cell names: several where they have one title, none where it names none."""
        return self._names.get(folded(cell)) or self._names.get(_loose(cell)) or set()


def _apart_from_references(table: list[list[str]], names: _Names) -> list[list[str]]:
    """Rows typed as text, such as “CP3: 120”, as two cells; as they are where none begins with a reference."""
    if any(len(row) != 1 for row in table if any(row)):
        return table
    found = []
    for row in table:
        text = row[0] if row else ""
        first, _, rest = re.sub(r"\s*[:;,=|]\s*|\s+", "\t", text, count=1).partition("\t")
        is_named = folded(first) in names.references and rest and not is_figure(first)
        found.append([first, rest] if is_named else row)
    return found


def _count_headings(table: Sequence[Sequence[str]], names: _Names) -> int:
    """How many rows on top say what stands below: they name no line and have no figure, or they have a month."""
    count = 0
    for row in table[:MOST_HEADINGS]:
        is_named = any(names.keys(row[at]) for at in names.columns if at < len(row))
        filled = [cell for cell in row if cell]
        has_month = any(_month_words(cell) for cell in filled)
        if is_named or (filled and not has_month and any(map(is_figure, filled))):
            break
        if not filled and not count:
            break
        # A text where a figure should be is told of as such, unless it stands on top of figures.
        below = (cell for later in table[count + 1 :] for cell in later)
        if not has_month and not names.columns and not any(map(is_figure, below)):
            break
        if not has_month and any(re.search(r"\d", cell) for cell in filled) and len(filled) == 1:
            break
        count += 1
    return count


def _month_words(cell: str) -> str:
    """The part of a heading that may be a month or a period; empty where there is none."""
    words = " ".join(_BESIDE_MONTH.sub(" ", cell).split()).strip(" -:()")
    if words.isdigit() or not re.search(r"\d|[a-z]{3}", words, re.IGNORECASE):
        return ""
    lowered = words.lower()
    is_period = re.fullmatch(r"(q|h|quarter |half )\s*[1-4]\b.*\d{4}.*|(autumn|spring|summer)\b.*\d{4}.*", lowered)
    has_name = any(word in NUMBER_OF_MONTH for word in re.findall(r"[a-z]+", lowered))
    is_numeric = re.fullmatch(r"\d{4}[-/.]\d{2}|\d{1,2}[-/.]\d{4}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", lowered)
    return words if is_period or has_name or is_numeric else ""


def _is_of(heading: str, month: date, periods: Periods) -> bool:
    """Whether a heading is of the period that is entered in the month."""
    words = _month_words(heading)
    if words.lower() in NUMBER_OF_MONTH:
        return NUMBER_OF_MONTH[words.lower()] == month.month
    with suppress(ValueError):
        return read_period(words, periods) == month
    return False


# For each row the key of its line, and why it is left over.
_Found = list[tuple[int | None, str]]


def _by_name(body: Sequence[Sequence[str]], names: _Names) -> _Found:
    found: _Found = []
    for row in body:
        said = [row[at] for at in names.columns if at < len(row) and row[at]]
        meant = [keys for cell in said if (keys := names.keys(cell))]
        both = set.intersection(*meant) if meant else set()
        if len(both) == 1:
            found.append((next(iter(both)), ""))
        elif len(meant) > 1 and not both:
            found.append((None, f"“{said[0]}” and “{said[1]}” are two different lines."))
        elif both:
            found.append((None, f"Several lines are called “{said[0]}”: write the reference beside it."))
        elif not any(row):
            found.append((None, "Empty."))
        else:
            called = next((cell for cell in (*said, *row) if cell), "")
            found.append((None, f"No line of this return is called “{called[:60]}”."))
    return found


def _by_order(
    paste: Paste,
    body: Sequence[Sequence[str]],
    places: Sequence[Place],
    *,
    start: int | None,
    has_worked_out: bool | None,
) -> _Found:
    """Row by row down the page, if it is certain which lines have a row."""
    first = next((at for at, place in enumerate(places) if place.key == start), 0)
    every = places[first:]
    entered = [place for place in every if place.numbers]
    for row in body:
        filled = [cell for cell in row if cell]
        # 12x by itself is a figure that was typed wrongly, B9 or a comment is none.
        words = next((cell for cell in filled if not is_figure(cell) and (filled[1:] or not _TYPO.match(cell))), "")
        if words:
            paste.problem = (
                f"“{words[:60]}” is neither a figure nor the name of a line here, so it is not certain which row is "
                "for which line. Paste the references beside the figures, or leave that row out."
            )
            return [(None, "") for _ in body]
    lines: Sequence[Place] = every
    if any(not place.numbers for place in every[: len(body)]):
        # As many rows as there are lines: fewer may be the first few lines, or all but the worked-out ones.
        if has_worked_out is None and len(body) == len(every):
            has_worked_out = True
        if has_worked_out is None:
            paste.asks_worked_out = True
            paste.problem = "Say first whether lines that are worked out have a row of their own."
            return [(None, "") for _ in body]
        lines = every if has_worked_out else entered
    keys: list[int | None] = [place.key for place in lines[: len(body)]]
    return [(key, "" if key else "No line is left for it.") for key in keys + [None] * (len(body) - len(keys))]


class _Columns:
    """In which columns the month's figures stand."""

    def __init__(
        self,
        headings: Sequence[Sequence[str]],
        body: Sequence[Sequence[str]],
        found: _Found,
        by_key: Mapping[int, Place],
        month: date,
        names: Sequence[int],
    ) -> None:
        self._month, self.problem = month, ""
        self._chosen: int | None = None
        self._headings = headings
        places = [by_key.get(key or 0) for key, _ in found]
        rows = [(row, place) for row, place in zip(body, places, strict=True) if place or not any(places)]
        width = max((len(row) for row, _ in rows), default=0)
        self._figures: list[int] = []
        for at in range(width):
            filled = [row[at] for row, _ in rows if at < len(row) and row[at]]
            if at not in names and filled and 2 * sum(map(is_figure, filled)) >= len(filled):
                self._figures.append(at)
        self._with_month = [
            at for at in self._figures if any(_month_words(row[at]) for row in headings if at < len(row))
        ]
        # Where only lines with two numbers have one more column, it is their second number.
        single = [row for row, place in rows if place is None or place.numbers == 1]
        pairs = [row for row, place in rows if place is not None and place.numbers == 2]
        last_single = max((at for row in single for at in self._figures if at < len(row) and row[at]), default=-1)
        last_pair = max((at for row in pairs for at in self._figures if at < len(row) and row[at]), default=-1)
        self._last_single = last_single
        self._has_pairs = bool(pairs) and (
            (last_pair > last_single >= 0 and last_pair == last_single + 1)
            or (not single and len(self._figures) == 2 and not self._with_month)
        )
        self._pair_start = last_single if single else (self._figures[0] if self._figures else 0)

    @property
    def choices(self) -> list[tuple[int, str]]:
        """The columns with figures, each by its heading or its place."""
        return [(at, self._heading(at) or f"Column {at + 1}") for at in self._figures]

    def _heading(self, at: int) -> str:
        return " ".join(row[at] for row in self._headings if at < len(row) and row[at])

    def choose(self, wanted: int | None) -> int | None:
        """The column taken for lines with one number; None where the headings say it for each."""
        if wanted is not None and wanted in self._figures:
            self._chosen = wanted
        elif self._with_month:
            return None
        else:
            usable = [at for at in self._figures if not _NO_FIGURES.fullmatch(self._heading(at))]
            usable = [at for at in usable if self._last_single < 0 or at <= self._last_single] or usable
            self._chosen = usable[-1] if usable else None
            if self._chosen is None:
                self.problem = "There is no column with figures in it."
        return self._chosen

    def figures(self, row: Sequence[str], place: Place) -> tuple[tuple[str, ...], str]:
        """What a row says for its line, and why that is nothing."""
        at = self._column_for(place)
        if at is None:
            told = ", ".join(self._heading(one) for one in self._with_month)
            return (), f"No column is of {self._month:%B %Y} (they are {told}): choose one above."
        cell = row[at] if at < len(row) else ""
        if not place.numbers:
            return ((cell,) if cell else ()), "Worked out from other lines, so nothing is entered for it."
        if place.numbers == 1 or len(parts := _parts(cell)) == 2:
            typed = (cell,) if place.numbers == 1 else tuple(parts)
            return (typed, "") if cell else ((), "Nothing stands there: the line stays as it is.")
        beside = self._second(at, row)
        if not cell and not beside:
            return (), "Nothing stands there: the line stays as it is."
        if beside and cell and not self._is_word(cell):
            return (cell, beside), ""
        if self._is_word(cell) or "%" in cell:
            return (cell,), ""
        return (), f"“{cell}” is one number, and two are asked for: write them as 4/31."

    def _is_word(self, cell: str) -> bool:
        return understood(cell).blank is not None

    def _column_for(self, place: Place) -> int | None:
        if self._chosen is not None:
            return self._pair_start if place.numbers == 2 and self._has_pairs else self._chosen
        fitting = [
            at
            for at in self._with_month
            if any(_is_of(row[at], self._month, place.periods) for row in self._headings if at < len(row))
        ]
        # Of two columns of one month, say a first and a final one, nobody knows which is meant.
        return fitting[0] if len(fitting) == 1 else self._numerator(fitting)

    def _numerator(self, fitting: Sequence[int]) -> int | None:
        named = [at for at in fitting if any(_NUMERATOR.search(row[at]) for row in self._headings if at < len(row))]
        return named[0] if len(named) == 1 else None

    def _second(self, at: int, row: Sequence[str]) -> str:
        """The second number, right of the first, where the table shows that it is one."""
        right = at + 1
        if right >= len(row) or right not in self._figures:
            return ""
        heading = self._heading(right).strip()
        bare = _BESIDE_MONTH.sub("", heading) if _DENOMINATOR.search(heading) else heading
        is_denominator = bool(heading) and bool(_DENOMINATOR.search(bare)) and right not in self._with_month
        is_unheaded = not heading and bool(self._with_month)
        return row[right] if self._has_pairs or is_denominator or is_unheaded else ""


def _without_doubles(rows: Sequence[PastedRow]) -> list[PastedRow]:
    """Of rows for one line that say different things none is taken; of equal ones the first."""
    said = Counter(row.key for row in rows if row.typed)
    first: dict[int | None, PastedRow] = {}
    differing = set()
    for row in rows:
        if row.typed and said[row.key] > 1 and first.setdefault(row.key, row).typed != row.typed:
            differing.add(row.key)
    found = []
    for row in rows:
        why = ""
        if row.typed and row.key in differing:
            numbers = " and ".join(str(one.number) for one in rows if one.typed and one.key == row.key)
            why = f"Rows {numbers} are for the same line, and differ."
        elif row.typed and row.key in first and first[row.key] is not row:
            why = "The same again."
        found.append(row._replace(typed=(), left_over=why) if why else row)
    return found
