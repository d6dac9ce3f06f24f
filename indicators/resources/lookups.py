"""Columns that name something which is there already: an indicator, a person, a population group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet

from indicators.models import Indicator

from . import cells
from .columns import Column


class LookupColumn(Column):
    """Something that is there already, by its name. All of them are read at once, when the first is needed."""

    def __init__(
        self,
        name: str,
        attribute: str,
        *,
        of: Callable[[], QuerySet[Any]],
        key: str,
        called: str,
        required: bool = False,
        help: str = "",  # noqa: A002
    ) -> None:
        super().__init__(name, attribute, help=help)
        self.of, self.key, self.called, self.required = of, key, called, required
        self.known: dict[str, Model] | None = None

    def all_known(self) -> dict[str, Model]:
        if self.known is None:
            self.known = {getattr(found, self.key).lower(): found for found in self.of()}
        return self.known

    def read(self, cell: Any) -> Model | None:
        written = cells.text(cell).strip()
        if not written:
            if self.required:
                raise ValueError(f"The {self.called} is empty.")
            return None
        found = self.all_known().get(written.lower())
        if found is None:
            raise ValueError(
                f"There is no {self.called} {cells.quoted(cell)}: correct it here, or add it to the site first."
            )
        return found

    def write(self, value: Model) -> str:
        return getattr(value, self.key)

    def identity(self, value: Model | None) -> Any:
        return None if value is None else value.pk


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
