"""What is wrong with a mapping or a file, told to the person who uses it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MOST_NAMED = 12


class OpenDataError(Exception):
    """Something has to be mended first; `problems` names each mistake in one sentence or two."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def listed(names: Iterable[str]) -> str:
    """The names with commas, cut short when there are very many."""
    known = list(dict.fromkeys(names))
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return ", ".join(known[:MOST_NAMED]) + more


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """“ Did you mean …?” when a known name is much like the wrong one, else nothing."""
    found = get_close_matches(wrong, list(known), n=1)
    return f" Did you mean “{found[0]}”?" if found else ""
