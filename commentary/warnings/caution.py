"""A warning: what is asked about a line, in words for who may read the figures behind it and for who may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Caution(NamedTuple):
    """A warning: its code, a sentence, and what it rests on. The same one, whoever reads it.

    A reason that was given holds as long as `about` stays the same. `ask` says what to do. `quotes` are the other
    indicators whose figures stand in `message`; `guarded` says it without those figures, and without a sum or a
    difference that they could be worked out from.
    """

    code: str
    message: str
    about: str
    ask: str = "Correct it, or say why it is right:"
    quotes: frozenset[int] = frozenset()
    guarded: str = ""

    def told(self, may_see: Callable[[int], bool]) -> str:
        """The sentence for somebody; `may_see` says whether they may read the figure of an indicator."""
        return self.message if all(may_see(indicator) for indicator in self.quotes) else self.guarded
