"""Reads tables of a TOML file key by key, collecting in words whatever is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from .files import listed, suggestion

T = TypeVar("T")

_KINDS = {
    str: "a text in quotes",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    dict: "a table",
    list: "a list",
}


class TomlTable:
    """A table of the file. What is wrong goes to `problems`, which the tables of a file share, and reading goes on.

    `where` is how a message names the table. `finish` reports keys that were never read.
    """

    def __init__(self, values: dict[str, Any], where: str, problems: list[str]) -> None:
        self.values, self.where, self.problems = values, where, problems
        self.known: list[str] = []

    def complain(self, message: str) -> None:
        self.problems.append(f"{self.where}: {message}")

    def has(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, *, default: str | None = None, longest: int = 300) -> str:
        """A text of one line. Without a default the key must be there, and not empty."""
        value = self._get(key, str, default)
        if value is None:
            return ""
        value = value.strip()
        if not value and default is None:
            self.complain(f"“{key}” is empty.")
        if len(value) > longest:
            self.complain(f"“{key}” is longer than {longest} characters.")
        if not value.isprintable():
            self.complain(f"“{key}” has line breaks or other characters that can't be printed.")
        return value

    def read(self, key: str, parse: Callable[[str], T], otherwise: T) -> T:
        """A text that `parse` turns into something; it raises ValueError with a message for people."""
        text = self.text(key)
        if not text:
            return otherwise
        try:
            return parse(text)
        except ValueError as error:
            self.complain(f"“{key}”: {error}")
            return otherwise

    def word(self, key: str, words: Sequence[str], *, default: str | None = None) -> str:
        """One of some words."""
        text = self.text(key, default=default)
        if text and text not in words:
            *others, last = [f"“{word}”" for word in words]
            either = f"{', '.join(others)} or {last}" if others else last
            self.complain(f"“{key}” is “{text}”: it must be {either}.{suggestion(text, words)}")
        return text if text in words else words[0]

    def count(self, key: str) -> int | None:
        """A whole number above 0; None when the key isn't there."""
        if key not in self.values:
            self.known.append(key)
            return None
        value = self._get(key, int, None)
        if value is not None and not 0 < value < 10_000:
            self.complain(f"“{key}” is {value}: it must be a whole number above 0 and below 10,000.")
            return None
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._get(key, bool, default)
        return default if value is None else value

    def one_or_more(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """A text, or a list of different ones; empty when it isn't there and needn't be."""
        if not required and key not in self.values:
            self.known.append(key)
            return ()
        if not isinstance(self.values.get(key), list):
            text = self.text(key)
            return (text,) if text else ()
        texts = self.texts(key)
        if len(set(texts)) < len(texts) or not all(texts):
            self.complain(f"“{key}” has a text twice, or an empty one.")
        return tuple(dict.fromkeys(texts))

    def texts(self, key: str, *, default: list[str] | None = None) -> list[str]:
        """A list of texts with at least one in it."""
        values = self._get(key, list, default)
        if values is None:
            return []
        if not values or not all(isinstance(value, str) for value in values):
            self.complain(f"“{key}” must be a list of texts in quotes, with at least one.")
            return []
        return [value.strip() for value in values]

    def pairs(self, key: str) -> dict[str, str]:
        """A table of texts; empty when it isn't there."""
        values = self._get(key, dict, {}) or {}
        wrong = [name for name, value in values.items() if not isinstance(value, str)]
        if wrong:
            self.complain(f"“{key}”: {listed(wrong)} must be a text in quotes.")
        return {name: value for name, value in values.items() if isinstance(value, str)}

    def table(self, key: str) -> TomlTable:
        """A table inside this one. Where it is missing, that is the only complaint."""
        values = self._get(key, dict, None)
        return TomlTable(values or {}, f"{self.where}, [{key}]", self.problems if values is not None else [])

    def named_tables(self, key: str) -> dict[str, TomlTable]:
        """The tables that are written as [key.name], by name."""
        values = self._get(key, dict, None) or {}
        wrong = [name for name, value in values.items() if not isinstance(value, dict)]
        if wrong:
            self.complain(f"“{key}”: write {listed(f'[{key}.{name}]' for name in wrong)} as a table of its own.")
        return {
            name: TomlTable(value, f"{self.where}, [{key}.{name}]", self.problems)
            for name, value in values.items()
            if isinstance(value, dict)
        }

    def tables(self, key: str, *, required: bool) -> list[TomlTable]:
        """The tables that are written with [[key]]."""
        values = self._get(key, list, None if required else [])
        if values is None:
            return []
        if not all(isinstance(value, dict) for value in values) or (required and not values):
            self.complain(f"write each as a table of its own under [[{key}]].")
            return []
        return [
            TomlTable(value, f"{self.where}, [[{key}]] {number}", self.problems)
            for number, value in enumerate(values, start=1)
        ]

    def finish(self) -> None:
        """Report keys that are not known here."""
        for key in self.values:
            if key not in self.known:
                self.complain(
                    f"“{key}” is not known here.{suggestion(key, self.known)} Known are {listed(self.known)}."
                )

    def _get(self, key: str, kind: type[T], default: T | None) -> T | None:
        self.known.append(key)
        if key not in self.values:
            if default is None:
                self.complain(f"“{key}” is missing.")
            return default
        value = self.values[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            found = _KINDS.get(type(value), "a date or time")
            self.complain(f"“{key}” must be {_KINDS[kind]}, not {found}.")
            return default
        return value
