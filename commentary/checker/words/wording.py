"""Phrases that send the reader elsewhere, so that a text can't be understood by itself."""

from __future__ import annotations

from .table import word_list

_SAID = word_list(
    "indicated mentioned noted detailed stated described outlined explained discussed reported given shown"
)
_TEXTS = word_list("comment comments commentary narrative notes explanation")
NOT_ALONE = (
    "as above",
    "as below",
    "as per above",
    "as per the above",
    "as for above",
    "as with above",
    "as with the above",
    "same as above",
    "same as the above",
    "see above",
    "see below",
    "refer to above",
    "set out above",
    "set out below",
    "ditto",
    *(f"{said} {where}" for said in _SAID for where in ("above", "below")),
    *(f"as {said} {where}" for said in (*_SAID, "set out") for where in ("above", "below")),
    *(f"{text} above" for text in _TEXTS),
    *(f"above {text}" for text in _TEXTS),
    *(f"{opener} {text} above" for opener in ("see", "as per", "as", "refer to") for text in _TEXTS),
)
# Nothing but this.
NOTHING_ELSE = frozenset(
    (
        "as last month",
        "as per last month",
        "same as last month",
        "as previous month",
        "as previous",
        "as before",
        "see last month",
        "see previous",
        "see previous month",
        "no update",
        "as last quarter",
    )
)
