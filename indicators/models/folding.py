"""How texts are compared when people search: O’Brien is found by O'Brien, and Siân by Sian, on both databases."""

from __future__ import annotations

from typing import Any
from unicodedata import combining, normalize

from django.db import models
from django.db.backends.signals import connection_created

# All that people, keyboards and word processors use for one.
APOSTROPHES = "'’‘ʼʹ′`´"
HYPHENS = "-‐‑‒–—−"
# Letters that Unicode doesn't take apart into a plain one and its mark.
LETTERS = {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "ŧ": "t", "ð": "d"}
LIGATURES = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
ONE_FOR_ONE = {
    **dict.fromkeys(APOSTROPHES[1:], "'"),
    **dict.fromkeys(HYPHENS[1:], "-"),
    **LETTERS,
    **{letter.upper(): plain for letter, plain in LETTERS.items() if letter.upper() != "I"},
}
SEVERAL_FOR_ONE = LIGATURES | {"Æ": "ae", "Œ": "oe", "Þ": "th", "ẞ": "ss"}
IN_PYTHON = str.maketrans(ONE_FOR_ONE | SEVERAL_FOR_ONE)
STRAIGHT = str.maketrans(dict.fromkeys(APOSTROPHES[1:], "'"))


def straight(text: str) -> str:
    """The text with the straight apostrophe for all the others."""
    return text.translate(STRAIGHT)


def folded(text: str) -> str:
    """The text without case, accents, the kinds of apostrophes and hyphens, and more than one space together."""
    if not text.isascii():
        marked = normalize("NFKD", text.translate(IN_PYTHON))
        text = "".join(letter for letter in marked if not combining(letter))
    return " ".join(text.casefold().split())


@models.CharField.register_lookup
@models.TextField.register_lookup
class FoldedLookup(models.Lookup[bool]):
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
        # As `folded` does it. Marks go before case does, so that only plain letters are left to the database's locale.
        plain = f"translate(%s::text, '{_quoted(''.join(ONE_FOR_ONE))}', '{_quoted(''.join(ONE_FOR_ONE.values()))}')"
        for letter, letters in SEVERAL_FOR_ONE.items():
            plain = f"replace({plain}, '{letter}', '{letters}')"
        bare = f"regexp_replace(normalize({plain}, NFKD), '[\\u0300-\\u036f]', '', 'g')"
        return self._contains(compiler, connection, f"btrim(regexp_replace(lower({bare}), '\\s+', ' ', 'g'))")

    def _contains(self, compiler: Any, connection: Any, template: str) -> Any:
        column, of_column = self.process_lhs(compiler, connection)
        text, of_text = self.process_rhs(compiler, connection)
        return f"{template % column} LIKE {text} ESCAPE '\\'", (*of_column, *of_text)


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def teach_sqlite(connection: Any, **kwargs: Any) -> None:
    """Give a new connection to SQLite the function that the lookup calls."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "folded", 1, lambda text: None if text is None else folded(str(text)), deterministic=True
        )


connection_created.connect(teach_sqlite, dispatch_uid="teach_sqlite_folding")
