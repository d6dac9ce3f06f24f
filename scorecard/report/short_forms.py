"""Which short forms of the glossary a report's key explains: those that occur in its texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .board import BoardReport, ShortForm


class Spellings:
    """How texts spell words of a glossary.

    A short form is a word of its own, perhaps with a plural's or possessor's "s": "UASCs", "IFA’s", "CSE/CCE". It is
    written as in the glossary or in capitals; with a digit in it ("S47"), in any case. Within a longer short form of
    the glossary it does not count: "CP plan" says nothing of "CP". `pattern` finds none where there are no words; its
    group `found` is one without that "s".
    """

    def __init__(self, forms: Iterable[str]) -> None:
        self._spelt = {spelling: form for form in forms for spelling in _spellings(form)}
        longest_first = sorted(self._spelt, key=len, reverse=True)
        any_of_them = "|".join(re.escape(spelling).replace(r"\ ", r"\s+") for spelling in longest_first) or "(?!)"
        self.pattern = rf"(?<!\w)(?P<found>{any_of_them})(?:(?:'|’|&#x27;)?s)?(?!\w)"

    def form(self, found: str) -> str:
        """As the glossary has it."""
        return self._spelt[" ".join(found.split())]


def occurring(glossary: Iterable[ShortForm], texts: Iterable[str]) -> tuple[ShortForm, ...]:
    """Those of the glossary that occur in the texts, in the order of the alphabet; none without texts."""
    forms = {one.short_form: one for one in glossary}
    spellings = Spellings(forms)
    pattern = re.compile(spellings.pattern)
    found = {spellings.form(match["found"]) for text in texts for match in pattern.finditer(text)}
    return tuple(forms[form] for form in sorted(found, key=lambda form: (form.casefold(), form)))


def _spellings(form: str) -> set[str]:
    others = {form.lower()} if any(character.isdigit() for character in form) else set()
    return {form, form.upper(), *others}


def texts_of(report: BoardReport) -> Iterator[str]:
    """What a report says in words of its own: titles, definitions, outcomes, notes, commentaries, the overview, and who
    it compares with.
    """
    yield from (report.title, report.summary)
    for focus in report.areas_of_focus:
        yield from (focus.title, focus.detail, focus.response, *(update.text for update in focus.updates))
    yield from (section.title for section in report.sections)
    for group in report.groups:
        yield from (group.name, group.explanation)
    for row in report.rows:
        measure = row.measure
        yield from (measure.title, measure.definition, measure.outcome, measure.note, row.commentary)
        yield from (figure.note for figure in row.figures)
        yield from (cell.note for cell in (*row.comparators, *row.targets) if cell)
        yield from (one.reason for one in row.breaks)
