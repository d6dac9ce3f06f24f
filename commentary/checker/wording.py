"""Wording: texts copied unchanged from another month, and texts that can't be understood by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from . import words
from .findings import Finding, FindingKind
from .text import Phrases, Token, sentences

# A shorter text, as "No change this month.", can well be true twice.
FEWEST_WORDS_COPIED = 6
LONGEST_QUOTE = 60
_ELSEWHERE = "what it refers to does not stand in this row"
NOT_ALONE = Phrases(dict.fromkeys(words.NOT_ALONE, True))
_COMPARED = Phrases(dict.fromkeys((*words.REFERENCES, *words.GROUP_NAMES), True))


def check_standing_alone(text: str, read: Sequence[Sequence[Token]]) -> Iterator[Finding]:
    """ "As above" and its like: a reader of one row does not know what is above it."""
    if " ".join(_words(read)) in words.NOTHING_ELSE:
        yield Finding(FindingKind.NOT_ALONE, text.strip(), _ELSEWHERE, 0, len(text))
        return
    for tokens in read:
        for place, token in enumerate(tokens):
            found = NOT_ALONE.at(tokens, place)
            # "as above average" compares.
            if found and not (found[0] + 1 < len(tokens) and _COMPARED.at(tokens, found[0] + 1)):
                start, end = token.start, tokens[found[0]].end
                yield Finding(FindingKind.NOT_ALONE, text[start:end], _ELSEWHERE, start, end)


def check_copied(text: str, read: Sequence[Sequence[Token]], other_texts: Mapping[date, str]) -> Iterator[Finding]:
    """The same words in the same order as in another month; the latest such month is named."""
    words_here = _words(read)
    if len(words_here) < FEWEST_WORDS_COPIED:
        return
    for month in sorted(other_texts, reverse=True):
        if _words(sentences(other_texts[month])) == words_here:
            quote = text.strip()
            shortened = quote if len(quote) <= LONGEST_QUOTE else f"{quote[:LONGEST_QUOTE].rsplit(' ', 1)[0]} …"
            yield Finding(FindingKind.COPIED, shortened, f"word for word the text for {month:%B %Y}", 0, len(text))
            return


def _words(read: Sequence[Sequence[Token]]) -> list[str]:
    return [token.word for tokens in read for token in tokens if token.is_word or token.is_number]
