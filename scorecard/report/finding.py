"""What readers mean by the words they look for: other forms of a word, and other words for the same.

static/src/js/report/words.js does the same, letter for letter, with the same static/src/find_words.json, so that a page
finds the same lines with and without its script; tests/scorecard/report/test_finding.py asks both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.conf import settings

from indicators.calculations.folding import folded

_TABLE = json.loads((settings.BASE_DIR / "static/src/find_words.json").read_text(encoding="utf-8"))
ENDINGS: list[str] = _TABLE["endings"]
FORMS: Mapping[str, str] = _TABLE["forms"]
ALIKE: list[list[str]] = _TABLE["alike"]
LEAST_STEM = 4  # letters: of "caring" nothing is cut off, since "car" begins too many words
LEAST_MISTYPED = 5  # letters: from a shorter word too many others differ by one
MOST_WORDS_ALIKE = 7  # in one entry of the table, or meaning of a short form


@dataclass(frozen=True)
class LineText:
    """What is looked through of a line: `names` anywhere in a word, `texts` from the beginning of a word."""

    names: str
    texts: str

    @cached_property
    def words(self) -> str:
        """Names and texts as words with single spaces around, those with a hyphen or an apostrophe also as one word."""
        whole = folded(f"{self.names} {self.texts}")
        return f" {_plain(whole)} {_plain(_joined(whole))} "


@dataclass(frozen=True)
class _Term:
    """A word that was typed, or several that have a meaning together."""

    typed: tuple[str, ...]
    alike: tuple[re.Pattern[str], ...]

    def occurs(self, text: LineText) -> bool:
        return any(pattern.search(text.words) for pattern in self.alike) or all(
            word in folded(text.names)
            or any(f" {way}" in text.words for way in (_plain(word), _plain(_joined(word))) if way)
            or re.search(_beginning(word), text.words)
            for word in self.typed
        )


class Search:
    """What was typed. A line is found when each of its words occurs in it, in any order.

    Blank finds every line. `short_forms` are pairs of a short form and its meaning, from the report's glossary. `texts`
    are all lines: a word that is in none of them is read as those that differ from it by a letter.
    """

    def __init__(
        self, typed: str, short_forms: Iterable[tuple[str, str]] = (), texts: Collection[LineText] = ()
    ) -> None:
        groups = [*ALIKE, *([short, meaning] for short, meaning in short_forms)]
        alike: dict[str, list[str]] = {}
        for group in groups:
            for member in group:
                alike.setdefault(_key(member), []).extend(group)
        words = folded(typed).split()
        self.terms: list[_Term] = []
        while words:
            lengths = range(min(MOST_WORDS_ALIKE, len(words)), 0, -1)
            length = next((n for n in lengths if _key(" ".join(words[:n])) in alike), 1)
            run, words = words[:length], words[length:]
            meant = dict.fromkeys(alike.get(_key(" ".join(run)), ()))
            term = _Term(tuple(run), tuple(map(_pattern, meant)))
            if not meant and texts and not any(map(term.occurs, texts)):
                known = " ".join([*(text.words for text in texts), *(folded(one) for group in groups for one in group)])
                near = dict.fromkeys(re.findall(_mistyped(run[0]), f" {known} "))
                meant = dict.fromkeys(other for one in near for other in alike.get(_key(one), [one]))
                term = _Term(term.typed, tuple(map(_pattern, meant)))
            self.terms.append(term)

    def finds(self, text: LineText) -> bool:
        """Whether the line has all that was typed."""
        return all(term.occurs(text) for term in self.terms)


def _plain(text: str) -> str:
    """Words and single spaces, without the possessor's "s"."""
    text = re.sub(r"'s(?![a-z0-9])", "", text)
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text).split())


def _joined(text: str) -> str:
    return text.replace("-", "").replace("'", "")


def _stem(word: str) -> str:
    """The beginning that the forms of a word have in common: of referral, referrals, referred "refer"."""
    if word in FORMS:
        return FORMS[word]
    if len(word) >= LEAST_STEM and re.search(r"[^sui]s$", word) and not re.search(r"[0-9]", word):
        word = word[:-1]
    ending = next((one for one in ENDINGS if word.endswith(one) and len(word) - len(one) >= LEAST_STEM), "")
    word = word.removesuffix(ending)
    return word[:-1] if len(word) > LEAST_STEM and re.search(r"([b-df-hj-np-tv-z])\1$|e$", word) else word


@lru_cache(maxsize=1000)
def _key(phrase: str) -> str:
    return " ".join(map(_stem, _plain(folded(phrase)).split()))


def _beginning(word: str) -> str:
    """Where a typed word occurs in another form, as a pattern."""
    stems = [_stem(one) for one in _plain(word).split()]
    return " " + "[^ ]* ".join(stems) if stems else r"(?!)"


def _mistyped(word: str) -> str:
    """The words for which it can stand with another letter, one too many, one too few or two swapped, but for the first
    letter, in singular or plural, as a pattern.
    """
    word = word.removesuffix("s")
    if len(word) < LEAST_MISTYPED or _plain(word) != word:
        return r"(?!)"
    places = range(1, len(word))
    ways = [
        *(f"{word[:place]}[^ ]?{word[place + 1 :]}" for place in places),
        *(f"{word[:place]}[^ ]{word[place:]}" for place in places),
        *(f"{word[:place]}{word[place + 1]}{word[place]}{word[place + 2 :]}" for place in places[:-1]),
    ]
    return f" ((?:{'|'.join(ways)})s?)(?= )"


@lru_cache(maxsize=1000)
def _pattern(member: str) -> re.Pattern[str]:
    """Where a word or phrase of the table occurs. Short words, such as CP, are whole words, but may have a number."""
    stems = _key(member).split()
    *before, last = [stem if len(stem) < LEAST_STEM else f"{stem}[^ ]*" for stem in stems]
    is_short = len(stems[-1]) < LEAST_STEM or (len(stems) == 1 and member.isupper())
    return re.compile(" " + " ".join([*before, f"{stems[-1]}s?[0-9]*(?= )" if is_short else last]))


@lru_cache(maxsize=1000)
def forms_of(phrase: str) -> str:
    """Where a word or phrase stands in running text in any of its forms, as a pattern for any case: of adoptions also
    adopted. Empty where it has no letter or digit. A short form stands alone, or with the s of a plural.
    """
    words = _plain(folded(phrase)).split()
    is_short_form = sum(letter.isupper() for letter in phrase) > 1 and len(words) == 1
    is_whole = is_short_form or any(len(word) < LEAST_STEM for word in words[-1:])
    stems = [word.removesuffix("s") if is_short_form else _stem(word) for word in words]
    return (
        r"(?<!\w)" + r"\w*[\s-]+".join(map(re.escape, stems)) + (r"s?(?!\w)" if is_whole else r"\w*") if stems else ""
    )
