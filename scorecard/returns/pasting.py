"""What rows copied from a spreadsheet say, and for which lines: read before anything is saved.

Pure: no request, no database. A row is placed where its reference or title says; without names by its place in the
column. Whatever is not certain is left over, with the reason.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from indicators.calculations.folding import folded
from indicators.calculations.formatting import counted

from .pasted_columns import Columns, Place, cells_of, is_figure, month_words

MOST_ROWS, MOST_COLUMNS, LONGEST_PASTE = 500, 400, 200_000
# Rows on top that may say what stands below.
MOST_HEADINGS = 5
# A text of this length beside figures is a commentary, or a title that is no line's.
LONG_TEXT = 25
# What may have been meant as a figure.
_TYPO = re.compile(r"[-+(£]*\d")
# Signs of footnotes behind a reference or title.
_FOOTNOTE = re.compile(r"\s*(\[[^\]]*\]|[*†‡§])+\Z")


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
    no row names its line, `has_texts` where texts stand beside figures that are taken.
    """

    rows: list[PastedRow] = field(default_factory=list)
    columns: list[tuple[int, str]] = field(default_factory=list)
    column: int | None = None
    problem: str = ""
    asks_worked_out: bool = False
    is_by_order: bool = False
    has_texts: bool = False

    @property
    def placed(self) -> list[PastedRow]:
        return [row for row in self.rows if row.typed]


def _table_of(text: str) -> list[list[str]]:
    """The cells of all that was pasted; raises ValueError where it is too much, for a part might be another month's."""
    if len(text) > LONGEST_PASTE:
        raise ValueError("This is too much to be read at once: paste only the rows and columns of this return.")
    table = cells_of(text)
    if len(table) > MOST_ROWS:
        raise ValueError(f"These are {counted(len(table), 'row')}: paste at most {MOST_ROWS} at once.")
    if any(len(row) > MOST_COLUMNS for row in table):
        raise ValueError(f"These are more than {MOST_COLUMNS} columns: paste only those of this return.")
    return table


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
    try:
        table = _table_of(text)
    except ValueError as error:
        return Paste(problem=str(error))
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
    taken = Columns(headings, body, [by_key.get(key or 0) for key, _ in found], month, names.columns)
    again = [at for at, row in enumerate(body) if found[at][0] is None and taken.are_headings(row)]
    if again:
        # What stands below them, of another month perhaps, isn't told by the headings on top.
        why = f"Row {top + again[0] + 1} has headings of its own: paste what stands below it by itself."
        found[again[0] :] = [(key, why) for key, _ in found[again[0] :]]
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
    placed = {row.number for row in paste.placed}
    paste.has_texts = any(
        len(cell) >= LONG_TEXT and not names.keys(cell)
        for at, row in enumerate(body, top + 1)
        for place, cell in enumerate(row)
        if at in placed and place not in names.columns
    )
    return paste


def _short(row: Iterable[str]) -> str:
    text = " | ".join(filter(None, row))
    return f"{text[:80]}…" if len(text) > 80 else text


def _loose(text: str) -> str:
    """A name without what people write differently: “CP3 - QL” is “cp3ql”. CP1.1 is not CP11, nor CP2 % CP2."""
    apart = re.sub(r"(?<=\d)[^\w%]+(?=\d)", "\0", folded(_FOOTNOTE.sub("", text)).replace("_", " "))
    return re.sub(r"[^\w%\0]+", "", apart)


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
        # “503 499” may be two figures.
        is_certain = rest and not re.search(r"\d\s+\d", rest)
        is_named = folded(first) in names.references and is_certain and not is_figure(first)
        found.append([first, rest] if is_named else row)
    return found


def _count_headings(table: Sequence[Sequence[str]], names: _Names) -> int:
    """How many rows on top say what stands below: they name no line and have no figure, or they have a month."""
    count = 0
    for row in table[:MOST_HEADINGS]:
        is_named = any(names.keys(row[at]) for at in names.columns if at < len(row))
        filled = [cell for cell in row if cell]
        # Years above months are one row of headings more.
        is_of_years = bool(filled and names.columns) and all(re.fullmatch(r"20\d\d", cell) for cell in filled)
        has_month = is_of_years or any(month_words(cell) for cell in filled)
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
        words = next(
            (
                cell
                for cell in filled
                if not is_figure(cell) and (filled[1:] or month_words(cell) or not _TYPO.match(cell))
            ),
            "",
        )
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
