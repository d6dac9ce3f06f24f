"""Words, signs and rules for the members of an enum: each table has all of them, or its gaps stand here.

So what a new kind of blank, rating or unit lacks is found by this test, before a reader finds a page that fails.
"""

import importlib
import pkgutil
from enum import Enum

import pytest

from indicators.calculations.vocabulary import Blank, Rating

PACKAGES = ("indicators", "commentary", "scorecard")
UNRATED = {"NO_TARGET", "TARGET_TBC", "TARGET_UNKNOWN", "NO_FIGURE", "NOT_JUDGED", "SUPPRESSED"}
NEITHER_WAY = {"TARGET", "NEUTRAL"}
# Tables that leave members out on purpose, by name: the members that they leave out.
GAPS = {
    # In the checker groups of comparators have their own names; a new gap is told to England and neighbours only.
    "_NAMES": {"GROUP", "REGION"},
    # Signals and reasons that are not about a gap, a drawing or a cause.
    "_BETTER_WAY": NEITHER_WAY,
    "_CAUSES": {"NONE"},
    "_FRAMES": {"NONE"},
    "_GAP_WORDS": {"USUAL", "NONE"},
    # What is empty is no text, and what any other text means a person says.
    "_LIKELY": {"EMPTY", "TEXT"},
    # No total has one among its parts.
    "_SIGNS": {"LIMIT"},
    "_LATE": {"NOT_APPLICABLE", "SUPPRESSED"},
    "_SENSES": NEITHER_WAY,
    "_WANTED": NEITHER_WAY,
    "_WORSE_BY": NEITHER_WAY,
    "REASON_SIGNS": {"CONCERN", "MOVED_WORSE", "IMPROVEMENT", "MOVED_BETTER", "UNUSUAL", "MOVED"},
    # What isn't rated has no colour.
    "RATING_FILLS": UNRATED,
    "RATING_SIGNS": UNRATED,
    "RATING_TILES": UNRATED,
    # Nobody chooses that a first publication is one.
    "KINDS": {"ORIGINAL"},
}
# Tables of a few members among many, each with its own default.
CHOICES = {"LOOKS", "SELDOM", "_OPPOSITES", "_TRENDS", "_LIKELY", "_NAMES", "_LOOK_OF_ROLE", "_AGAINST", "_SIDES"}


def tables():
    """Every dictionary of a module whose keys are members of one enum: place, name, the table, the enum."""
    seen = set()
    for package in map(importlib.import_module, PACKAGES):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" in found.name:
                continue
            for name, value in vars(importlib.import_module(found.name)).items():
                kinds = {type(key) for key in value} if isinstance(value, dict) and id(value) not in seen else ()
                if len(kinds) == 1 and issubclass(kind := next(iter(kinds)), Enum):
                    seen.add(id(value))
                    yield found.name, name, value, kind


TABLES = [
    pytest.param(name, table, kind, id=f"{module}.{name}")
    for module, name, table, kind in tables()
    if name not in CHOICES
]


@pytest.mark.parametrize(("name", "table", "kind"), TABLES)
def test_table_has_every_member(name, table, kind):
    missing = {member.name for member in kind if member not in table}
    assert missing <= GAPS.get(name, set()), f"{kind.__name__} has members that {name} says nothing of"


def test_tables_are_found():
    assert {kind for _, _, kind in (parameters.values for parameters in TABLES)} >= {Blank, Rating}
    assert len(TABLES) > 30
