"""How texts are compared when people look for something: O’Brien is O'Brien, and Siân is Sian, on both databases."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import models
from django.db.backends.signals import connection_created

OTHER_APOSTROPHES = "\u2018\u2019\u201b\u2032\u02b9\u02bc\u0060\u00b4\uff07"
# What a keyboard writes for apostrophes and dashes of Word's and the web's, for letters that don't come apart into one
# and its accent, and nothing for characters that can't be seen.
_ALIKE: dict[str, str | None] = {
    **dict.fromkeys(OTHER_APOSTROPHES, "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "\u0131": "i",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"),
}
_TABLE = str.maketrans(_ALIKE)
_STRAIGHT = str.maketrans(dict.fromkeys(OTHER_APOSTROPHES, "'"))


def straight(text: str) -> str:
    """The text with the plain apostrophe for all the others."""
    return text.translate(_STRAIGHT)


def folded(text: str) -> str:
    """A name as people type it to find it: in lower case, without accents, with plain apostrophes, hyphens and spaces.

    O’Brien and o'brien are the same, and so are Siân and Sian.
    """
    if text.isascii():
        return " ".join(text.casefold().replace("`", "'").split())
    # Before the apostrophes, since an acute accent by itself would come apart into a space and an accent.
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_TABLE))
    bare = "".join(character for character in apart if not unicodedata.combining(character))
    return " ".join(bare.translate(_TABLE).split())


def _postgresql() -> str:
    """`folded` as PostgreSQL has it, of a column `%s`.

    Capitals are in the table too: with the locale C the database turns no letters but plain ones into small ones.
    """
    alike = {**{letter.upper(): plain for letter, plain in _ALIKE.items() if letter != "\u0131"}, **_ALIKE}
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


def teach_sqlite(connection: Any, **kwargs: Any) -> None:
    """Give a new connection to SQLite the function that the lookup calls."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "folded", 1, lambda text: None if text is None else folded(str(text)), deterministic=True
        )


connection_created.connect(teach_sqlite, dispatch_uid="teach_sqlite_folding")
