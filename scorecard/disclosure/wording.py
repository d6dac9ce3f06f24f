"""What a text says by its wording: the words in it that could tell a hidden figure, and texts that only repeat.

Nothing in here clears a text of anything but its own line's public figures: a list of words is never complete.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from commentary.checker.words import (
    BOUNDS,
    BOUNDS_BEHIND,
    FRACTIONS,
    NEED_REFERENCE,
    NUMBER_WORDS,
    ORDINALS,
    SENSES,
    word_set,
)
from indicators.calculations.months import add_months
from indicators.calculations.plain_text import plain_line
from indicators.calculations.vocabulary import LabelledEnum

NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# With a capital in any case: in “3 may return” the number counts.
_MONTHS = f"(?-i:{'|'.join(NAMES)}|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)"
_DAYS = (
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTHS}\b(?:\s+\d{{4}})?"
    rf"|\b{_MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?,\s*\d{{4}}\b"
    r"|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{4}-\d{2}(?:-\d{2})?\b"
)
# Dates, years and ages say nothing of a figure.
_HARMLESS = re.compile(
    rf"{_DAYS}"
    r"|\b(?:19|20)\d{2}(?:[/–-]\d{2,4})?\b(?![.,%]\d|%)"
    r"|\bage[ds]?\s+\d{1,2}(?:\s*(?:to|and|–|-)\s*\d{1,2})?\+?"
    r"|\b\d{1,2}(?:\s*(?:to|–|-)\s*\d{1,2})?[ -]year[ -]olds?\b",
    re.IGNORECASE,
)
_TOO_FEW = re.compile(r"\btoo few\b", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\w-])(?:[£+-]|x(?=\d))?\d[\d,.]*%?\w*")
_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_UP_TO_TWELVE = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
# Without the V of “Hill v Dale”.
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
# Number words, rough and relative ones, and those that set a figure equal to another.
_TELLING = frozenset((*NUMBER_WORDS, *_ROMAN)) | word_set(
    "couple pair few handful several single singleton sole lone only once twice thrice double doubled doubling twofold "
    "treble trebled trebling triple tripled tripling threefold half halved halving both dozen twin twins triplet "
    "triplets another none nobody zero first second third fourth fifth sixth thirds unchanged same equal equals "
    "equalled quadruple quadrupled quadrupling trio quartet identical matched matches level static"
)
# What else sets one figure beside another, or makes it move; in a text it is marked.
_RELATIVE = (
    *(phrase for phrase in SENSES if phrase not in NEED_REFERENCE),
    *BOUNDS,
    *BOUNDS_BEHIND,
    *FRACTIONS,
    *ORDINALS,
    *(f"{name}s" for name in (*FRACTIONS, *ORDINALS)),
    *word_set(
        "up down as_many_as as_few_as as_much_as no_change changed change changes majority minority most nearly_all "
        "all every everybody everyone each neither either rest remainder remaining others average usual unusual "
        "normal typical record any nothing no neither without again also further additional extra last repeat "
        "percentage_points more_than less_than fewer than times multiple many lots large small tiny low high"
    ),
)
_ONE = "child|young person|baby|boy|girl|infant|sibling|brother|sister|family|person|adult|carer|pupil|parent|mother"
_ONE += "|father|case|referral|adoption|order|transfer|plan|placement|application|conference|death|incident"
_ONE += "|man|woman|student|household|tenant|resident|victim|employee|claimant|patient"
_SINGULAR = re.compile(rf"\b(?:an?|the|this|that|one|his|her)\s+(?:[\w’'-]+\s+){{0,2}}?(?:{_ONE})\b", re.IGNORECASE)
_LONGEST_FIRST = sorted(set(_RELATIVE), key=lambda phrase: (-len(phrase), phrase))
_RELATION = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _LONGEST_FIRST))})(?!\w)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


# What titles and definitions say with numbers that count nobody: what is measured, not what it was.
_TIME = (
    r"(?:(?:working|calendar|school|full|consecutive)\s+)?"
    r"(?:minutes?|hours?|days?|weeks?|fortnights?|months?|quarters?|terms?|years?)\b"
)
_MEASURING = re.compile(
    rf"\b(?:per|(?:for|in|of|out of)? ?every)\s+(?:[\d,.]+|[a-z]+ (?:hundred|thousand|million))(?!\w)"
    rf"|(?<![\w.])(?:[\d,.]+(?:\s*(?:to|–|-)\s*\d+)?|[a-z-]+)[ -]{_TIME}"
    r"|(?<![\w.])(?:\d+|[a-z-]+)(?:\+|\s+(?:or|and)\s+(?:more|less|fewer|over|under|above|below|later)\b)"
    r"|\b(?:key stages?|stages?|levels?|tiers?|sections?|parts?|grades?|bands?|groups?|category|phases?|attainment)\s+"
    r"(?:\d+|[a-z]+)(?:(?:\s*(?:,|to|and|or|–|-)\s*)\d+)*"
    rf"|\bone\b(?!\s+(?:of|was|is|has|had|came|left|(?:[\w’'-]+\s+){{0,2}}(?:{_ONE}))\b)"
    r"|(?<![\w.,])0(?![\w.,]*\d)",
    re.IGNORECASE,
)
_COUNTED_TIME = re.compile(
    rf"(?<![\w.])(?:[\d,.]+(?:\s*(?:to|–|-)\s*\d+)?|{'|'.join(NUMBER_WORDS)})[ -]{_TIME}", re.IGNORECASE
)
# What small numbers are called, with what they stand for.
IN_FIGURES = {
    **{word: str(number) for number, word in enumerate(_UP_TO_TWELVE)},
    **_ROMAN,
    **dict.fromkeys(("single", "singleton", "sole", "lone", "once"), "1"),
    **dict.fromkeys(("couple", "pair", "both", "twin", "twins", "twice", "double"), "2"),
    **dict.fromkeys(("trio", "triplet", "triplets", "thrice"), "3"),
    "quartet": "4",
    "dozen": "12",
    **dict.fromkeys(("nobody", "none"), "0"),
}
_OF_MANY = frozenset(NUMBER_WORDS) | word_set("couple pair few handful dozen twin twins triplets trio quartet")


class Risk(LabelledEnum):
    """What of a text could tell a hidden figure, the riskiest first."""

    NAMES = "names", "Has a number that is hidden near it"
    NUMBER = "number", "Has a number that the public row doesn’t print"
    RELATION = "relation", "Compares, or speaks of one case"
    PRINTED = "printed", "Has no numbers but those that the public row prints"
    PLAIN = "plain", "Has no number, comparison or movement that was recognised"


class Mark(NamedTuple):
    """A risky piece of a text, by its place in it."""

    start: int
    end: int
    risk: Risk


class Piece(NamedTuple):
    """A part of a text; `why` says what is risky about it, and is empty where nothing is."""

    text: str
    why: str = ""


def marked_pieces(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """A text in pieces, the risky ones with their reason."""
    found, done = [], 0
    for mark in marks:
        found += [Piece(text[done : mark.start]), Piece(text[mark.start : mark.end], mark.risk.label)]
        done = mark.end
    return [piece for piece in (*found, Piece(text[done:])) if piece.text]


def sentences_of(text: str) -> list[str]:
    """A text's sentences, without the space between."""
    return [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where the numbers stand, in figures or words, that are no date, year, age or reference."""
    # What is left out leaves as much space behind, so that places stay what they are.
    rest = _TOO_FEW.sub(_space, _HARMLESS.sub(_space, text))
    for match in _DIGITS.finditer(rest):
        yield match.start(), match.end()
    for match in _WORDS.finditer(rest):
        word = match[0].lower()
        if word in _TELLING or any(part.removesuffix("fold") in NUMBER_WORDS for part in word.split("-")):
            yield match.span()


def numbers_in(text: str) -> set[str]:
    """The numbers of a text as they are compared, also those in words: of “four of 1,200” 4 and 1200."""
    said = (text[start:end].lower() for start, end in _numbers(text))
    return {IN_FIGURES.get(number, number_text(number)) for number in said}


def says_how_many(text: str) -> bool:
    """Whether a title, definition or source has a number that may be one of cases, and is none of what is measured."""
    rest = _MEASURING.sub(_space, _HARMLESS.sub(_space, text))
    words = (rest[start:end].lower() for start, end in _numbers(rest))
    return any(word.lstrip("+-x")[:1].isdecimal() or not _OF_MANY.isdisjoint(word.split("-")) for word in words)


# The words that a number counts end before one of these, or before a sign.
_ENDS = "was|were|is|are|had|has|have|of|to|in|on|for|by|with|without|from|and|or|who|that|which|at|as|since"
_WHAT_COUNTS = re.compile(rf"(?:\s+of\s+(?:the|our|their|these|its))?(?:\s+(?!(?:{_ENDS})\b)[\w’'-]+){{0,4}}")
_OF_STAFF = re.compile(
    r"\b(?:staff|teams?|workers?|managers?|officers?|chairs?|posts?|vacanc(?:y|ies)|desks?|hubs?|panels?|homes?|schools?"
    r"|sessions?|courses?|workshops?|trainings?|trainers?|meetings?|audits?|inspections?|letters?|calls?|reports?"
    r"|rooms?|aims?|parts?|polic(?:y|ies)|systems?|shifts?|practitioners?|mentors?|councils?|authorities|departments?"
    r"|services?|reasons?)\b",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"\s+\w+s\b")
_BEFORE = re.compile(r"(?:[\w’'-]+[\s,:–(]+){0,4}$")
_AFTER = re.compile(r"(?:[\s]+[\w’'-]+){0,5}")


def counted_in(text: str) -> Iterator[str]:
    """What stands beside each whole number of cases, a few words before and behind: of “One ICPC was late.” all.

    None where it counts time, staff or what they work with: “two days”, “four duty desks”.
    """
    for sentence in sentences_of(text):
        rest = _COUNTED_TIME.sub(_space, _HARMLESS.sub(_space, sentence))
        for start, end in _numbers(rest):
            word = rest[start:end].lower().rstrip(".,")
            # Single assessments are a kind of assessments, however many.
            is_none = word in ("once", "twice", "thrice") or (word == "single" and _PLURAL.match(rest, end))
            number = "" if is_none else IN_FIGURES.get(word, word)
            is_whole = number.isdecimal() or not _OF_MANY.isdisjoint(number.split("-"))
            what = _WHAT_COUNTS.match(rest, end)
            if is_whole and not (what and _OF_STAFF.search(what[0])):
                before, behind = _BEFORE.search(rest, 0, start), _AFTER.match(rest, end)
                yield f"{before[0] if before else ''}; {behind[0] if behind else ''}"


def _space(match: re.Match[str]) -> str:
    return " " * len(match[0])


def marks_of(text: str, printed: Collection[str] = ()) -> list[Mark]:
    """The risky pieces of a text in their order, none within another. `printed` are numbers that the public reads."""
    found = [Mark(start, end, _risk_of(text[start:end], printed)) for start, end in _numbers(text)]
    rest = _TOO_FEW.sub(_space, _HARMLESS.sub(_space, text))
    found += [Mark(*match.span(), Risk.RELATION) for match in (*_RELATION.finditer(rest), *_SINGULAR.finditer(rest))]
    kept: list[Mark] = []
    order = [*Risk]
    for mark in sorted(found, key=lambda mark: (mark.start, order.index(mark.risk), -mark.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def _risk_of(phrase: str, printed: Collection[str]) -> Risk:
    return Risk.PRINTED if number_text(phrase) in printed else Risk.NUMBER


def number_text(phrase: str) -> str:
    """A number as it is compared: "1,464." is "1464", "12 days" is "12"."""
    first, *_ = phrase.split() or [""]
    return first.rstrip(".,").replace(",", "")


def risk_of(marks: Iterable[Mark]) -> Risk:
    """The risk of a text with these marks."""
    order = [*Risk]
    return min((mark.risk for mark in marks), key=order.index, default=Risk.PLAIN)


# A text that only repeats its public row

# All words that it may have beside those of the row's title. No word of these counts, compares or names anybody.
_NEUTRAL = word_set(
    "the this that these those it its they there their we our in on at by for from of to with within during and or was "
    "were is are be been has have had did month period end figure figures number numbers total count rate share "
    "percentage proportion recorded reported stood came made completed finished held received begun which who compared "
    "against cent children council service"
)
# Which move from one of two public months to the other; what it was before these isn't said.
_MOVING = word_set(
    "rose fell up down increased decreased went more fewer higher lower less greater than rise fall increase decrease "
    "reduction"
)
_MONTH = re.compile(rf"\b({_MONTHS})\b(?:\s+(\d{{4}}))?")
# Anything but words, numbers and single points and commas: three dots or three of a picture are a number too.
_SIGNS = re.compile(r"[^\w\s.,:;()£%'’/-]|[.,:;()/-]\s*[.,:;()/-]|_")
_COMPARED = re.compile(r"(?:\d\S*(?:\s+\w+)?\s+in|\bfrom|\bthan(?:\s+in)?|\bwith|\bagainst)\s+$")
_MONTH_BEFORE = re.compile(r"\b(?:last month|the (?:previous|last) month|the month before)\b", re.IGNORECASE)
_YEAR_BEFORE = re.compile(r"\b(?:last year|a year (?:before|ago|earlier)|the year before)\b", re.IGNORECASE)
_NUMBER = re.compile(r"£?[+-]?\d[\d,]*(?:\.\d+)?(?:%|[a-z]+)?", re.IGNORECASE)
MONTHS_IN_YEAR = 12


class PrintedLine(NamedTuple):
    """A public row as a text beside it is read: what it prints for each month that isn't hidden, and its title.

    `month` is the one that the text is about; `per` is what the unit is per, in words. `changes` are those that the row
    prints, by the month from which each is; of the row's own month, and for texts about that only.
    """

    month: date
    title: str
    printed: Mapping[date, str]
    per: str = ""
    changes: Mapping[date, str] = {}


def repeats(text: str, line: PrintedLine) -> bool:
    """Whether a text says nothing but what its public row prints: month by month, with no word that could say more.

    Every word has to be known, so that what isn't understood is never taken for harmless.
    """
    sentences = sentences_of(text)
    has_signs = any(_SIGNS.search(plain_line(sentence)) for sentence in sentences)
    return bool(sentences) and not has_signs and all(_sentence_repeats(sentence, line) for sentence in sentences)


def _month_named(match: re.Match[str], seen_from: date) -> date:
    """The month that a text names; without a year the latest up to the one that the text is about."""
    number = next(place for place, name in enumerate(NAMES, 1) if name.startswith(match[1][:3]))
    year = int(match[2]) if match[2] else seen_from.year - (number > seen_from.month)
    return date(max(year, 1), number, 1)


def _sentence_repeats(sentence: str, line: PrintedLine) -> bool:
    named: set[date] = set()

    def take_month(match: re.Match[str]) -> str:
        named.add(_month_named(match, line.month))
        return " "

    rest = plain_line(sentence)
    for phrase in re.findall(r"\d[\d,]*\s+\w+", line.title):
        rest = re.sub(rf"\b{re.escape(phrase)}\b", " ", rest, flags=re.IGNORECASE)
    if line.per:
        rest = re.sub(rf"\b{re.escape(line.per)}\b", " ", rest, flags=re.IGNORECASE)
    # A month's own figure, or what it is compared with: not that something moved in it, from another that isn't said.
    others = [match for match in _MONTH.finditer(rest) if _month_named(match, line.month) != line.month]
    is_compared = all(_COMPARED.search(rest[: match.start()]) for match in others)
    rest = _MONTH.sub(take_month, rest)
    for pattern, back in ((_MONTH_BEFORE, 1), (_YEAR_BEFORE, MONTHS_IN_YEAR)):
        if pattern.search(rest):
            named.add(add_months(line.month, -back))
            rest = pattern.sub(" ", rest)
    words = {word.lower() for word in _WORDS.findall(_NUMBER.sub(" ", rest))}
    is_moving = bool(words & _MOVING)
    if is_moving and not named - {line.month}:
        # What moved without another month, moved since the one before.
        named.add(add_months(line.month, -1))
    is_now = "this month" in rest.lower() or not named or named == {add_months(line.month, -1)}
    if not all(month in line.printed for month in (*named, *([line.month] if is_now else ()))):
        return False
    said = [line.printed[month] for month in {*named, line.month} if month in line.printed]
    if is_moving:
        # From which month to which has to be clear, and both are public.
        if line.month not in line.printed or not is_compared:
            return False
        said += [line.changes[month].lstrip("+-") for month in named if month in line.changes]
        words = words - _MOVING - {"than"}
    numbers = {number_text(number) for number in _NUMBER.findall(rest)}
    own = {word.lower() for word in _WORDS.findall(" ".join((line.title, *said)))} - _TELLING - _MOVING
    return bool(numbers) and numbers <= set(map(number_text, said)) and words <= _NEUTRAL | own


def is_small_number_in(text: str, largest_small: int) -> bool:
    """Whether a revised amount such as “3” or “17 of 20” tells of 1 to `largest_small` cases."""
    numbers = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)]
    gaps = [abs(later - earlier) for earlier, later in pairwise(numbers)]
    return any(1 <= number <= largest_small for number in [*numbers, *gaps])
