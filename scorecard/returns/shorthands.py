"""What people write in place of a figure, or beside it: every shorthand that the product prints, and usual words."""

from __future__ import annotations

import re
from typing import NamedTuple

from indicators.calculations.folding import folded
from indicators.calculations.formatting import BREAK, NOT_CALCULABLE, ROUNDS_TO_ALL, ROUNDS_TO_ZERO
from indicators.calculations.vocabulary import Blank, Stage

# Beside these, each reason answers to its own name, to what is printed for it and to its label.
_OTHER_WORDS = {
    Blank.AWAITED: ("tba", "tbd", "to be confirmed", "to be advised", "to follow", "pending", "awaiting", "tbc."),
    Blank.NOT_APPLICABLE: (NOT_CALCULABLE, "na", "n.a.", "n.a", "nothing to measure", "#div/0!"),
    # What reports have in a cell without anything; none at all is a 0, which people who mean it can write.
    Blank.NOT_AVAILABLE: ("-", "--", "none available", "no data", "unavailable", "missing"),
    Blank.SUPPRESSED: ("*", "confidential", "suppressed", "supp"),
    Blank.NOT_DUE: ("not due yet", "notdue"),
}


def _spellings(blank: Blank) -> set[str]:
    label, _, beside = blank.label.partition("(")
    own = {blank.value.replace("_", " "), blank.shorthand, *label.split(":"), beside.rstrip(")"), *_OTHER_WORDS[blank]}
    return {" ".join(word.lower().split()) for word in own if word.strip()}


_BLANKS = {word: blank for blank in Blank for word in _spellings(blank)}
_STAGES = {stage.shorthand: stage for stage in Stage if stage.shorthand}
_BEHIND = re.compile(r"(?P<figure>.*\d.*?)\s*(?P<mark>\[(?:[a-z]|note|note \d+)\])\Z", re.IGNORECASE | re.DOTALL)


class Understood(NamedTuple):
    """A text without its shorthands: why there is no figure, or the figure with how firm it is, if that was said.

    `problem` tells what is meant by a shorthand that stands for a figure without saying which.
    """

    text: str
    blank: Blank | None = None
    stage: Stage | None = None
    problem: str = ""


def understood(text: str) -> Understood:
    """What a typed text says: tbc, n/a, - and [x] are reasons, “1,343 [p]” is a provisional 1,343."""
    written = folded(text).strip()
    if blank := _BLANKS.get(written) or _BLANKS.get(written.rstrip(".")):
        return Understood("", blank)
    if written in (ROUNDS_TO_ZERO, ROUNDS_TO_ALL):
        means = "a figure above 0 that rounds to 0" if written == ROUNDS_TO_ZERO else "one below 100% that rounds to it"
        return Understood(
            text, problem=f"“{written}” is printed for {means}: enter the figure itself, and it will be printed so."
        )
    behind = _BEHIND.match(text.strip())
    if behind and (stage := _STAGES.get(behind["mark"].lower())):
        return Understood(behind["figure"], stage=stage)
    if behind and behind["mark"].lower() in (BREAK, "[note]"):
        return Understood(behind["figure"])
    if written in _STAGES or written == BREAK:
        return Understood(
            text, problem=f"“{written}” stands behind a figure: enter the figure too, as in 1343 {written}."
        )
    return Understood(text)
