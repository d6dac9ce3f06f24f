"""From text to sentences of tokens: words, numbers and punctuation marks with their places; and phrases in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Generic, NamedTuple, TypeVar

from . import words

Meaning = TypeVar("Meaning")

_NUMBER = r"[0-9]+(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
# A number with letters on it is a word: 12m, 1st, EH3.
_WORD = r"\d*[^\W\d_]+(?:['’\-][^\W\d_]+)*\d*"
# With its minus sign where that begins a word, and a sum of money whole: -3, £1.2m, -£12k, 12k.
_SIGN = r"(?<![^\s(])[-−]"
_MONEY = rf"(?:{_SIGN})?(?:£ ?[-−]?(?:{_NUMBER})(?:bn|[km])?|(?:{_NUMBER})k)(?![^\W_])"
_TOKEN = re.compile(rf"{_MONEY}|(?:{_SIGN})?(?:{_NUMBER})(?![^\W_])|{_WORD}|\d+\w*|\S", re.IGNORECASE)
_ENDS = {".", "!", "?", "\n"}
# A longer one, in words and marks, is read in pieces: nobody writes it, and reading it whole would take long.
LONGEST_SENTENCE = 200
_SUFFIXES = words.word_list("ations ation ments ment ions ion ings ing ies ied als al ed es s e y")
_SHORTEST_STEM = 4


class Token(NamedTuple):
    """A word, number or mark, and where it stands in the text. `word` is in small letters, without a genitive."""

    text: str
    start: int
    end: int
    word: str

    @property
    def is_number(self) -> bool:
        """Whether it is written in digits alone."""
        return self.text[0] in "0123456789" and self.text[-1] in "0123456789"

    @property
    def is_genitive(self) -> bool:
        return self.text[-2:].lower() in {"'s", "’s", "s'", "s’"}

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
            word = match[0].lower().replace("’", "'").removesuffix("'s").replace("−", "-").replace(" ", "")
            token = Token(match[0], line.start() + match.start(), line.start() + match.end(), word)
            begun.append(token)
            if len(begun) == LONGEST_SENTENCE or (token.text in _ENDS and _ends_sentence(text, token.end)):
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


class Line:
    """A sentence's words with a space between them, for patterns, and where each begins."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.line = " ".join(token.word for token in tokens)
        self.starts = [0, *accumulate(len(token.word) + 1 for token in tokens)][:-1]

    def span(self, match: re.Match[str]) -> tuple[int, int]:
        """The first and last token of a match that begins and ends with one."""
        return self.starts.index(match.start()), self.place_before(match.end())

    def place_before(self, end: int) -> int:
        """The token that ends there."""
        return bisect_left(self.starts, end) - 1

    def word(self, place: int) -> str:
        """The word there; empty before the first and after the last token."""
        return self.tokens[place].word if 0 <= place < len(self.tokens) else ""

    def words(self, first: int, last: int) -> list[str]:
        """The words from one place to another, both included."""
        return [token.word for token in self.tokens[max(first, 0) : max(last + 1, 0)]]


class Phrases(Generic[Meaning]):
    """A table of phrases with their meanings, to be found in sentences, the longest first."""

    def __init__(self, table: Mapping[str, Meaning]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Meaning]]] = {}
        for phrase, meaning in table.items():
            said = tuple(phrase.replace("'s", "").split())
            self._by_first.setdefault(said[0], []).append((said, meaning))
        for several in self._by_first.values():
            several.sort(key=lambda one: -len(one[0]))

    def at(self, tokens: Sequence[Token], place: int) -> tuple[int, Meaning] | None:
        """The last token of the longest phrase that begins there, and what it means."""
        for said, meaning in self._by_first.get(tokens[place].word, ()):
            behind = place + len(said)
            if len(said) == 1 or tuple(token.word for token in tokens[place:behind]) == said:
                return behind - 1, meaning
        return None


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """The word without its endings, so that "enquiries" and "enquiry" are one."""
    word = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    if word in words.IRREGULAR:
        return words.IRREGULAR[word]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM - (suffix == "s"):
            word = word.removesuffix(suffix)
            break
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM else word


def stems(named: Iterable[str]) -> frozenset[str]:
    """The stems of words, abbreviations written out, with those of other words for the same thing."""
    found = {stem(part) for word in named for part in _written_out(word).split()}
    for group in words.SYNONYMS:
        if found & group:
            found |= group
    return frozenset(found)


def _written_out(word: str) -> str:
    return words.ABBREVIATIONS.get(word) or words.ABBREVIATIONS.get(word.removesuffix("s"), word)
