"""The January 2021 scorecard as a demonstration: reads fixtures/ and adds what is missing.

What is there already is left as it is, so that loading twice changes nothing and nobody's
trial entries are lost.
"""

from django.db import transaction

from . import board, facts
from .board import SLUG
from .facts import people

__all__ = ["SLUG", "load", "people"]


@transaction.atomic
def load(password: str | None) -> dict[str, int]:
    """Add the demonstration's missing rows; returns how many were added, by model name.

    New people get `password`; with None they cannot sign in until one is set for them.
    """
    added = {
        "people": facts.add_people(password),
        "populations": facts.add_populations(),
        "indicators": facts.add_indicators(),
        "parts of derived indicators": facts.add_terms(),
        "monthly values": facts.add_values(),
        "comparators": facts.add_comparators(),
        "targets": facts.add_targets(),
        "commentaries": board.add_commentary(),
    }
    added["lines"] = board.add_lines(board.scorecard())
    return added
