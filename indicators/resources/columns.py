"""The columns of the spreadsheets: each reads a cell into a model's field and writes it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet
from import_export.fields import Field

from indicators.calculations.folding import folded
from indicators.calculations.months import (
    financial_year_text,
    month_text,
    parse_year,
    year_text,
)
from indicators.calculations.periods import Periods, read_due_months
from indicators.calculations.vocabulary import LabelledEnum
from indicators.calculations.written_periods import read_period
from indicators.models import ComparatorGroup, Indicator
from indicators.models.indicator import council_year_starts

from . import cells

# What stands in front of sums below a table.
TOTALS = frozenset({"total", "totals", "grand total", "sub-total", "subtotal", "sum", "average", "overall"})


class FileColumn(Field):
    """A text. Subclasses read and write other kinds."""

    def __init__(self, name: str, attribute: str | None = None, *, help: str = "") -> None:  # noqa: A002
        super().__init__(attribute=attribute or name, column_name=name)
        self.help = help

    def read(self, cell: Any) -> Any:
        return cells.text(cell)

    def write(self, value: Any) -> Any:
        return value

    def identity(self, value: Any) -> Any:
        """What two rows about the same thing have in common."""
        return value.lower() if isinstance(value, str) else value

    def read_beside(self, cell: Any, values: Sequence[Any]) -> Any:
        """The same for the key columns, where it depends on what was read of those before it."""
        return self.read(cell)

    def depends_on(self, values: Sequence[Any]) -> Any:
        """What of them it depends on, so that equal cells are read once; None where on nothing."""
        return None

    def clean(self, row: Any, **kwargs: Any) -> Any:
        return self.read(row[self.column_name])

    def export(self, instance: Model, **kwargs: Any) -> Any:
        value = self.get_value(instance)
        return "" if value is None else self.write(value)


class TextColumn(FileColumn):
    """A text in which a different kind of line break, or a character that Excel can't hold, is no change."""

    def save(self, instance: Model, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:  # noqa: FBT001, FBT002
        written = self.clean(row)
        if _shown(written) != _shown(self.get_value(instance) or ""):
            setattr(instance, self.attribute, written)


class Spellings:
    """How names that are there are written, found as people type them.

    One in other capitals is the same; so is one that is alike but for accents, apostrophes, hyphens and spaces, if only
    one is.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.exact: dict[str, str] = {}
        self.alike: dict[str, set[str]] = {}
        for name in names:
            self.exact[name.lower()] = name
            self.alike.setdefault(folded(name), set()).add(name)

    def find(self, written: str) -> str | None:
        alike = self.alike.get(folded(written), ())
        return self.exact.get(written.lower()) or (next(iter(alike)) if len(alike) == 1 else None)


class ReferenceColumn(FileColumn):
    """An indicator's own reference. CP2 and cp2 are the same; the spelling that is stored stays."""

    stored: Spellings | None = None

    def read(self, cell: Any) -> str:
        found = cells.text(cell).strip()
        if not found:
            raise ValueError("The reference is empty.")
        if self.stored is None:
            self.stored = Spellings(Indicator.objects.order_by().values_list("reference", flat=True))
        return self.stored.find(found) or found

    def save(self, instance: Model, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:  # noqa: FBT001, FBT002
        if instance.pk is None:
            super().save(instance, row, is_m2m, **kwargs)


class WordColumn(FileColumn):
    """One of a list of words, or its label. Empty is the default, where there is one."""

    def __init__(
        self,
        name: str,
        attribute: str,
        words: type[LabelledEnum],
        *,
        default: str | None = None,
        help: str = "",  # noqa: A002
    ) -> None:
        super().__init__(name, attribute, help=f"{help} One of: {', '.join(words)}.".lstrip())
        self.words, self.default_word = words, default

    def read(self, cell: Any) -> str:
        written = folded(cells.text(cell))
        if not written and self.default_word is not None:
            return self.default_word
        for word in self.words:
            if written in (word.value, word.value.replace("_", " "), folded(word.label)):
                return word.value
        problem = f"{cells.quoted(cell)} is not known" if written else "It is empty"
        raise ValueError(f"{problem}: write one of {', '.join(self.words)}.")


class NumberColumn(FileColumn):
    """An exact figure. `hint` follows “… is not a number”."""

    def __init__(
        self, name: str, attribute: str, *, hint: str = "", default: Decimal | None = None, **kwargs: Any
    ) -> None:
        super().__init__(name, attribute, **kwargs)
        self.hint, self.default_number = hint, default

    def read(self, cell: Any) -> Decimal | None:
        found = cells.number(cell, self.hint)
        return self.default_number if found is None else found

    def write(self, value: Decimal) -> Any:
        return cells.plain(Decimal(value))


class FigureColumn(NumberColumn):
    """A figure as people write it in its indicator's unit, which only the whole row tells: here it is read without."""

    def read(self, cell: Any) -> Decimal | None:
        found = cells.amount(cell, self.hint).number
        return self.default_number if found is None else found


class WholeNumberColumn(FileColumn):
    """A whole number."""

    def __init__(self, name: str, attribute: str | None = None, *, default: int | None = None, **kwargs: Any) -> None:
        super().__init__(name, attribute, **kwargs)
        self.default_number = default

    def read(self, cell: Any) -> int | None:
        found = cells.whole_number(cell)
        return self.default_number if found is None else found


class YesNoColumn(FileColumn):
    """Yes or no."""

    def read(self, cell: Any) -> bool:
        return cells.yes_or_no(cell)

    def write(self, value: Any) -> str:
        return "yes" if value else "no"


class MonthColumn(FileColumn):
    """A month."""

    def __init__(self, name: str, *, required: bool = False, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.required = required

    def read(self, cell: Any) -> date | None:
        found = cells.month(cell)
        if found is None and self.required:
            raise ValueError("The month is empty.")
        return found

    def write(self, value: date) -> str:
        return month_text(value)


class PeriodColumn(MonthColumn):
    """The month of a figure, or the period that it is of. Behind the column of its indicator."""

    def depends_on(self, values: Sequence[Any]) -> Periods | None:
        return values[0].periods if values else None

    def read_beside(self, cell: Any, values: Sequence[Any]) -> date | None:
        periods = self.depends_on(values)
        written = cells.text(cell).strip()
        if periods is None or periods.is_monthly or not written or cells.is_date(cell):
            return self.read(cell)
        return read_period(written, periods)


class YearColumn(MonthColumn):
    """A financial year."""

    def read(self, cell: Any) -> Any:
        found = cells.year(cell)
        if found is None and self.required:
            raise ValueError("The financial year is empty.")
        return found

    def write(self, value: Any) -> str:
        return financial_year_text(value)


def _shown(value: str) -> str:
    flat = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in flat if character in "\n\t" or character >= " ")


class OwnYearColumn(YearColumn):
    """A year of the row's indicator, whose column stands before: 2019-20, or 2020 where its years begin in January."""

    def depends_on(self, values: Sequence[Any]) -> int | None:
        return values[0].year_starts if values else None

    def read_beside(self, cell: Any, values: Sequence[Any]) -> Any:
        written = cells.text(cell).strip()
        if self.depends_on(values) != 1 or not written or cells.is_date(cell):
            return self.read(cell)
        return parse_year(written, 1)

    def export(self, instance: Any, **kwargs: Any) -> Any:
        if instance.year is not None and instance.indicator.year_starts == 1:
            return year_text(instance.year, 1)
        return super().export(instance, **kwargs)


class DueMonthsColumn(FileColumn):
    """The months in which figures are due, by their numbers or names."""

    def read(self, cell: Any) -> str:
        return ",".join(map(str, read_due_months(cells.text(cell))))

    def write(self, value: str) -> str:
        return value.replace(",", ", ")


class MonthOfYearColumn(FileColumn):
    """The month in which an indicator's years begin, by its number or name; empty is that of the council's years."""

    usual: int | None = None

    def read(self, cell: Any) -> int:
        found = read_due_months(cells.text(cell))
        if not found:
            self.usual = council_year_starts() if self.usual is None else self.usual
            return self.usual
        if len(found) > 1:
            raise ValueError(f"{cells.quoted(cell)} are several months: a year begins in one.")
        return found[0]

    def write(self, value: int) -> str:
        return f"{date(2000, value, 1):%B}"


class LookupColumn(FileColumn):
    """Something that is there already, by its name. All of its kind are read at once, when the first is needed.

    It is found by `key`, or by that or one of `also` as people type it, without accents for example, if only one is.
    """

    def __init__(
        self,
        name: str,
        attribute: str,
        *,
        of: Callable[[], QuerySet[Any]],
        key: str,
        called: str,
        also: Sequence[str] = (),
        required: bool = False,
        help: str = "",  # noqa: A002
    ) -> None:
        super().__init__(name, attribute, help=help)
        self.of, self.key, self.called, self.required = of, key, called, required
        self.names = (key, *also)
        self.known: dict[str, Model] = {}
        self.alike: dict[str, list[Model]] | None = None

    def read(self, cell: Any) -> Model | None:
        written = cells.text(cell).strip()
        if not written:
            if self.required:
                raise ValueError(f"The {self.called} is empty.")
            return None
        if self.alike is None:
            self.alike = self._read_all()
        if exact := self.known.get(written.lower()):
            return exact
        # A list of staff has “O’Brien, Siân”.
        last, comma, first = written.partition(",")
        found = self.alike.get(folded(written)) or self.alike.get(folded(f"{first} {last}") if comma else "") or []
        if len(found) > 1:
            keys = ", ".join(sorted(getattr(row, self.key) for row in found))
            raise ValueError(f"{cells.quoted(cell)} may be any of {keys}: write which.")
        if not found:
            told = "correct it here, or add it to the site first"
            told = "delete this row if it has totals" if folded(written) in TOTALS else told
            raise ValueError(f"There is no {self.called} {cells.quoted(cell)}: {told}.")
        return found[0]

    def _read_all(self) -> dict[str, list[Model]]:
        alike: dict[str, list[Model]] = {}
        for row in self.of():
            self.known[getattr(row, self.key).lower()] = row
            for spelling in {folded(getattr(row, name)) for name in self.names} - {""}:
                alike.setdefault(spelling, []).append(row)
        return alike

    def write(self, value: Model) -> str:
        return getattr(value, self.key)

    def identity(self, value: Model | None) -> Any:
        return None if value is None else value.pk


def group_column(name: str, *, required: bool = False, help: str = "") -> LookupColumn:  # noqa: A002
    """A comparator group by its code, its name or its short name."""
    return LookupColumn(
        name,
        "group",
        of=ComparatorGroup.objects.all,
        key="code",
        also=("name", "short_name"),
        called="comparator group",
        required=required,
        help=f"The group’s code, name or short name. {help}".strip(),
    )


def reference_column() -> LookupColumn:
    """The indicator that a row is about."""
    return LookupColumn(
        "reference",
        "indicator",
        of=Indicator.objects.all,
        key="reference",
        called="indicator",
        required=True,
        help="The indicator's reference.",
    )
