"""A number with its noun is said by `counted`: nobody reads “1 indicators”."""

import ast
import re
from pathlib import Path

import pytest

from indicators.calculations.formatting import counted, noun_of, plural_of

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [
    path
    for folder in ("indicators", "commentary", "scorecard")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
# Behind what is no number: a name, a file, a person.
VERBS = {
    *("as", "asks", "chooses", "counts", "does", "explains", "gives", "goes", "has", "hides", "holds", "is", "its"),
    *("lacks", "leads", "leaves", "less", "lies", "lists", "makes", "minus", "misses", "names", "needs", "says"),
    *("shows", "signs", "stands", "takes", "this", "was", "works"),
}
# Numbers that are never 1, and why.
NEVER_ONE = {
    "times": "“1.0 times” is said so",
    "parts; at most": "it is more than there may be",
    "characters.": "the limit of a field",
    "letters.": "the limit of a field",
    "neighbours (list of": "“1 of 10 statistical neighbours”",
    "pixels": "the size of a picture",
    "figures are estimated": "“1 of its 6 figures are estimated”",
    "months before it": "1 has words of its own",
    "figures in a row": "asked from four on",
    "findings.csv": "the name of a file",
}


@pytest.mark.parametrize(
    ("number", "words", "expected"),
    [
        (1, ["line"], "1 line"),
        (0, ["line"], "0 lines"),
        (2000, ["line"], "2,000 lines"),
        (1, ["line was", "lines were"], "1 line was"),
        (2, ["line was", "lines were"], "2 lines were"),
        (2, ["person"], "2 people"),
        (2, ["commentary"], "2 commentaries"),
        (2, ["new line"], "2 new lines"),
    ],
)
@pytest.mark.each_case
def test_number_with_its_noun(number, words, expected):
    assert counted(number, *words) == expected
    assert expected.endswith(noun_of(number, *words))


@pytest.mark.parametrize(
    ("word", "expected"), [("board", "boards"), ("body", "bodies"), ("day", "days"), ("branch", "branches")]
)
@pytest.mark.each_case
def test_several_of_a_thing(word, expected):
    assert plural_of(word) == expected


def fixed_plurals(source):
    """What a source prints with a plural whatever the number, or puts an “s” to by itself."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            yield from (
                words
                for number, behind in zip(node.values, node.values[1:], strict=False)
                if isinstance(number, ast.FormattedValue) and not is_constant(number.value)
                if isinstance(behind, ast.Constant) and (words := noun_first(behind.value))
            )
        if isinstance(node, ast.IfExp) and chooses_by_one(node.test):
            both = [one.value if isinstance(one, ast.Constant) else "" for one in (node.body, node.orelse)]
            if "s" in both or (isinstance(node.orelse, ast.JoinedStr) and str(both[0]).startswith(("1 ", "one "))):
                yield ast.unparse(node)


def noun_first(text):
    """The text, where it begins with a noun in the plural."""
    found = re.match(r" (?:(?:new|other|more|of its) )?([a-z]+)\b", text)
    word = found[1] if found else ""
    is_plural = word == "people" or (word.endswith("s") and not word.endswith("ss") and word not in VERBS)
    return text.strip() if is_plural else ""


def is_constant(node):
    """Whether it is a limit or a setting, as MOST_ROWS or settings.DAYS: these are what they are."""
    if isinstance(node, ast.BinOp):
        return is_constant(node.left)
    if isinstance(node, ast.Call):
        # Its noun stands behind it already.
        return isinstance(node.func, ast.Name) and node.func.id == "counted"
    return (isinstance(node, ast.Attribute) and node.attr.isupper()) or (
        isinstance(node, ast.Name) and node.id.isupper()
    )


def chooses_by_one(test):
    return isinstance(test, ast.Compare) and any(
        isinstance(one, ast.Constant) and one.value == 1 for one in test.comparators
    )


def is_excused(words):
    return any(words.startswith(never) for never in NEVER_ONE)


def test_no_source_has_a_fixed_plural():
    found = {
        f"{path.relative_to(ROOT)}: {words}"
        for path in SOURCES
        for words in fixed_plurals(path.read_text(encoding="utf-8"))
        if not is_excused(words)
    }

    assert found == set()


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ('f"{number} indicators"', True),
        ('f"{len(rows)} new rows changed"', True),
        ('f"{number} people"', True),
        ("""f"{number} row{'' if number == 1 else 's'}\"""", True),
        ('"1 line" if number == 1 else f"{number} lines"', True),
        ('f"{MOST_ROWS} rows"', False),
        ('f"{name} shows it"', False),
        ("""f"{counted(number, 'row')} read\"""", False),
    ],
)
@pytest.mark.each_case
def test_kind_is_found(source, is_found):
    assert bool([*fixed_plurals(source)]) is is_found


# Of templates: what is said of a number only where it is more than one, a limit, or a number of a whole.
IN_TEMPLATES = {
    "templates/components/publication.html": "more than one",
    "templates/sign_off/sign_off.html": "more than one",
    "templates/returns/paste.html": "more than one",
    "templates/starting/setup.html": "the steps of setting up are always as many",
    "templates/returns/work.html": "the same",
    "templates/onboarding/update.html": "what a file changes",
}
NOUNS = (
    "cells|changes|columns|comparators|counts|figures|files|indicators|lines|months|people|places|publications|questions"
    "|reports|rows|steps|targets|texts|values"
)


def test_no_template_has_a_fixed_plural():
    found = {
        f"{path.relative_to(ROOT)}: {words[0]}"
        for path in TEMPLATES
        if path.suffix in (".html", ".txt") and str(path.relative_to(ROOT)) not in IN_TEMPLATES
        for words in re.finditer(rf"\}}\}}(?:</b>)? (?:new |more )?(?:{NOUNS})\b", path.read_text(encoding="utf-8"))
    }

    assert found == set()
