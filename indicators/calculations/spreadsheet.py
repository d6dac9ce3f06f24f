"""Text that goes into spreadsheets."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutralise(text: str) -> str:
    """The text with an apostrophe in front when a spreadsheet could take it for a formula.

    Text that has apostrophes in front of a formula already gets one more, so that `restore`
    takes away exactly what was added.
    """
    return f"'{text}" if _is_formula(text) else text


def restore(text: str) -> str:
    """What `neutralise` was given."""
    return text[1:] if text.startswith("'") and _is_formula(text) else text


def _is_formula(text: str) -> bool:
    return text.lstrip("'").startswith(FORMULA_STARTS)
