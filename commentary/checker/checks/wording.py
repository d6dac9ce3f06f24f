"""Wording: texts copied unchanged from another month, and texts that can't be understood by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from ..findings import Finding, FindingKind
from ..reading.references import read_references
from ..reading.tokens import Token, phrases, sentences
from ..words.wording import NOT_ALONE, NOTHING_ELSE

# A shorter text, as "No change this month.", can well be true twice.
FEWEST_WORDS_COPIED = 6
LONGEST_QUOTE = 60
_ELSEWHERE = "what it refers to does not stand in this row"


def check_standing_alone(text: str, region: str) -> Iterator[Finding]:
    """ "As above" and its like: a reader of one row does not know what is above it."""
    if " ".join(_words(text)) in NOTHING_ELSE:
        yield Finding(FindingKind.NOT_ALONE, text.strip(), _ELSEWHERE, 0, len(text))
        return
    for tokens in sentences(text):
        compared = {one.first for one in read_references(tokens, region)}
        for mention, _ in phrases(tokens, dict.fromkeys(NOT_ALONE, True)):
            # "as above average" compares.
            if mention.last + 1 not in compared:
                start, end = tokens[mention.first].start, tokens[mention.last].end
                yield Finding(FindingKind.NOT_ALONE, text[start:end], _ELSEWHERE, start, end)


def check_copied(text: str, other_texts: Mapping[date, str]) -> Iterator[Finding]:
    """The same words in the same order as in another month; the latest such month is named."""
    words = _words(text)
    if len(words) < FEWEST_WORDS_COPIED:
        return
    for month in sorted(other_texts, reverse=True):
        if _words(other_texts[month]) == words:
            quote = text.strip()
            shortened = quote if len(quote) <= LONGEST_QUOTE else f"{quote[:LONGEST_QUOTE].rsplit(' ', 1)[0]} …"
            yield Finding(FindingKind.COPIED, shortened, f"word for word the text for {month:%B %Y}", 0, len(text))
            return


def _words(text: str) -> list[str]:
    return [token.word for tokens in sentences(text) for token in tokens if _is_written(token)]


def _is_written(token: Token) -> bool:
    return token.is_word or token.is_number
