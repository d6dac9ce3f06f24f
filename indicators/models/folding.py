"""Looking for names and titles in the database as `folded` compares them, on both databases."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import models
from django.db.backends.signals import connection_created

from indicators.calculations.folding import ALIKE, folded


def _postgresql() -> str:
    """`folded` as PostgreSQL has it, of a column `%s`.

    Capitals are in the table too: with the locale C the database turns no letters but plain ones into small ones.
    """
    alike = {**{letter.upper(): plain for letter, plain in ALIKE.items() if letter != "\u0131"}, **ALIKE}
    alike |= {"ß": "ss", "ẞ": "ss"}
    by_one = {letter: plain for letter, plain in alike.items() if plain and len(plain) == 1}
    # Those without a counterpart are taken out.
    letters = "".join([*by_one, *(letter for letter, plain in alike.items() if plain is None)])
    text = f"translate(%s::text, '{letters}', '{''.join(by_one.values()).replace(chr(39), chr(39) * 2)}')"
    for letter, plain in alike.items():
        if plain and len(plain) > 1:
            text = f"replace({text}, '{letter}', '{plain}')"
    text = f"regexp_replace(normalize({text}, NFKD), '[\\u0300-\\u036f]', '', 'g')"
    return f"btrim(regexp_replace(lower({text}), '\\s+', ' ', 'g'))"


POSTGRESQL = _postgresql()


@models.CharField.register_lookup
@models.TextField.register_lookup
class FoldedLookup(models.Lookup):
    """Whether a column has a text in it, both folded: `name__folded="O'Brien"`."""

    lookup_name = "folded"

    def get_prep_lookup(self) -> str:
        escaped = folded(str(self.rhs)).replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        return f"%{escaped}%"

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [value]

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        return self._contains(compiler, connection, "folded(%s)")

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self._contains(compiler, connection, POSTGRESQL)

    def _contains(self, compiler: Any, connection: Any, template: str) -> Any:
        column, of_column = self.process_lhs(compiler, connection)
        text, of_text = self.process_rhs(compiler, connection)
        return f"{template % column} LIKE {text} ESCAPE '\\'", (*of_column, *of_text)


# The same titles and names stand beside many rows.
@lru_cache(maxsize=4096)
def _folded_or_null(text: Any) -> str | None:
    return None if text is None else folded(str(text))


def teach_sqlite(connection: Any, **kwargs: Any) -> None:
    """Give a new connection to SQLite the function that the lookup calls."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("folded", 1, _folded_or_null, deterministic=True)


connection_created.connect(teach_sqlite, dispatch_uid="teach_sqlite_folding")
