"""From text to sentences of tokens: words, numbers and punctuation marks with their places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

Meaning = TypeVar("Meaning")

_NUMBER = r"[0-9]+(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
# A number with letters on it is a word: 12m, 1st, EH3.
_WORD = r"\d*[^\W\d_]+(?:['’\-][^\W\d_]+)*\d*"
_TOKEN = re.compile(rf"(?:{_NUMBER})(?![^\W_])|{_WORD}|\d+\w*|\S")
_ENDS = {".", "!", "?", "\n"}


class Token(NamedTuple):
    """A word, number or mark, and where it stands in the text."""

    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """In small letters and with straight apostrophes."""
        return self.text.lower().replace("’", "'")

    @property
    def is_number(self) -> bool:
        """Whether it is written in digits alone."""
        return self.text[0] in "0123456789" and self.text[-1] in "0123456789"

    @property
    def is_word(self) -> bool:
        return self.text[-1].isalpha() or self.text[0].isalpha()


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that a sentence mentions, from its first to its last token."""

    first: int
    last: int

    def covers(self, place: int) -> bool:
        return self.first <= place <= self.last


def sentences(text: str) -> list[tuple[Token, ...]]:
    """The tokens of each sentence; a line break ends one too, and a full stop with a capital right behind it."""
    found: list[tuple[Token, ...]] = []
    begun: list[Token] = []
    for line in re.finditer(r"[^\n]+", text):
        for match in _TOKEN.finditer(line[0]):
            token = Token(match[0], line.start() + match.start(), line.start() + match.end())
            begun.append(token)
            if token.text in _ENDS and _ends_sentence(text, token.end):
                found.append(tuple(begun))
                begun = []
        if begun:
            found.append(tuple(begun))
            begun = []
    return found


def _ends_sentence(text: str, end: int) -> bool:
    """Whether what follows begins a sentence: nothing, a capital, or a space and then no small letter."""
    rest = text[end : end + 2]
    if not rest.strip():
        return True
    return rest[0].isupper() or (rest[0].isspace() and not rest[1].islower())


def word_at(tokens: Sequence[Token], place: int) -> str:
    """The word there; empty before the first and after the last token."""
    return tokens[place].word if 0 <= place < len(tokens) else ""


def phrases(tokens: Sequence[Token], table: Mapping[str, Meaning]) -> list[tuple[Mention, Meaning]]:
    """Where phrases of a table stand, the longest at each place, and what they mean; "month's" counts as "month"."""
    known = {tuple(phrase.split()): meaning for phrase, meaning in table.items()}
    longest = max(map(len, known))
    words = [token.word.removesuffix("'s") for token in tokens]
    found = []
    place = 0
    while place < len(words):
        for length in range(min(longest, len(words) - place), 0, -1):
            key = tuple(words[place : place + length])
            if key in known:
                found.append((Mention(place, place + length - 1), known[key]))
                place += length - 1
                break
        place += 1
    return found
