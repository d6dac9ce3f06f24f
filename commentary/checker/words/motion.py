"""Words for going up and down, for standing higher and lower, and for the highest and lowest."""

from __future__ import annotations

from enum import Enum

from .table import word_list, word_set


class Motion(Enum):
    """Which way a figure is said to have gone; better and worse depend on what the service wants."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    BETTER = "better"
    WORSE = "worse"


def _beside(words: str, others: str) -> tuple[str, ...]:
    """Each of the words with each of the others behind it."""
    return tuple(f"{word} {other}" for word in word_list(words) for other in word_list(others))


_GOING = "go goes going went gone come comes came crept creeping moved moving edged"
_MEASURES = "number numbers percentage proportion rate share"
# Verbs and nouns that say it by themselves.
_SAID = {
    Motion.UP: (
        *word_list(
            "increase increases increased increasing rise rises rose risen rising grow grows grew grown growing"
        ),
        *word_list("growth climb climbs climbed climbing jump jumps jumped surge surged soared upward upwards"),
        *_beside(_GOING, "up"),
        *_beside("higher larger greater", _MEASURES),
    ),
    Motion.DOWN: (
        *word_list(
            "decrease decreases decreased decreasing fall falls fell fallen falling drop drops dropped dropping"
        ),
        *word_list("decline declines declined declining reduce reduces reduced reducing reduction reductions"),
        *word_list("dip dips dipped slump slumped plummeted shrank shrunk shrinking downward downwards"),
        *_beside(_GOING, "down"),
        *_beside("lower smaller", _MEASURES),
    ),
    Motion.SAME: (
        *word_list("unchanged"),
        *("no change", "not changed", "the same as", "remained the same", "remains the same", "stayed the same"),
    ),
    Motion.BETTER: word_list("improve improves improved improving improvement improvements better"),
    Motion.WORSE: word_list(
        "worsen worsens worsened worsening deteriorate deteriorated deteriorating deterioration worse"
    ),
}
MOTIONS = {phrase: motion for motion, said in _SAID.items() for phrase in said}
BASE_FORMS = word_set("increase rise grow climb jump reduce decrease fall drop decline dip improve go come worsen")

# These say it only beside a number or one of the words behind, and not where they make another verb.
UP_AND_DOWN = {"up": 1, "down": -1}
AFTER_UP_AND_DOWN = word_set("by from on since compared again slightly sharply considerably significantly")
PHRASAL = word_set(
    "set step stepped follow followed take taken took pick picked catch back break broken write written make makes "
    "made making"
)

_HIGHER = word_list("more higher greater above larger exceeds exceeded")
_LOWER = word_list("fewer less lower below smaller")
COMPARATIVES = dict.fromkeys(_HIGHER, 1) | dict.fromkeys(_LOWER, -1)
# These need no "than".
STANDS_ALONE = word_set("above below exceeds exceeded")
# These set figures beside others as well as saying that they moved.
JUDGING = word_set("better worse")
COMPARING = JUDGING | {"same"}
# These can end a statement: "was lower in January".
ADJECTIVES = word_set("higher lower")
LINKING = word_set("is are was were remains remained stays stayed")
# These can open one, as an amount of what follows: "Fewer contacts came in".
AMOUNT_WORDS = word_set("more fewer less")

# How many times the earlier figure the later one must be, at least and at most; None: no bound.
MULTIPLES: dict[str, tuple[tuple[int, int] | None, tuple[int, int] | None]] = {
    "more than doubled": ((2, 1), None),
    "more than double": ((2, 1), None),
    "more than twice": ((2, 1), None),
    "doubled": ((7, 4), (5, 2)),
    "more than halved": (None, (1, 2)),
    "halved": ((2, 5), (3, 5)),
    "more than tripled": ((3, 1), None),
    "more than trebled": ((3, 1), None),
    "tripled": ((5, 2), (7, 2)),
    "trebled": ((5, 2), (7, 2)),
}

EXTREMES = {
    "highest": Motion.UP,
    "the most": Motion.UP,
    "maximum": Motion.UP,
    "lowest": Motion.DOWN,
    "the fewest": Motion.DOWN,
    "minimum": Motion.DOWN,
    "best": Motion.BETTER,
    "worst": Motion.WORSE,
}
# Before an extreme these take the claim back: the second highest, close to the highest, one of the lowest.
NOT_QUITE = word_set(
    "second third fourth next near nearly close closer almost among amongst not of towards approaching below under "
    "joint equal equally than from"
)
