"""Words that a page's reader may not know, explained where they first stand.

`{% explain short_forms groups %} … {% endexplain %}` makes each such word within it a button that opens what it means:
by touch and by keyboard, without scripts. A word within a link or in a column's heading gets a button behind that.
Paper and browsers that can't open anything have a list at the end instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import chain

from django import template
from django.utils.safestring import SafeString

from indicators.calculations.row import PeerGroup
from indicators.calculations.vocabulary import Blank, Stage
from scorecard.report.board import ShortForm
from scorecard.report.short_forms import Spellings

from .markup import Markup

register = template.Library()

# What the headings of what to look at mean, which the key has too.
LOOKED_AT = (
    ShortForm("Concern", "a signal in the wrong direction"),
    ShortForm(
        "Large move", "no chart can judge the figure, but it has at least doubled or halved, by more than chance does"
    ),
    ShortForm("Off target", "red, so the target is missed by more than its tolerance"),
    ShortForm(
        "New gap to others",
        "more than a quarter worse than a comparator, and a year earlier better, or worse by at most a tenth",
    ),
    ShortForm("Figure overdue", "due this month, but awaited or missing"),
    ShortForm("Improvement", "a signal in the right direction"),
    ShortForm("Unusual, not judged", "a signal where neither direction is the better one"),
)
_BY_CHANCE = "every figure goes up and down by chance; only what is more than that gives a signal"
_LIMIT = "how far chance alone takes the figure, worked out from the months before; beyond it there is more to it"
_USUAL = (
    "the figure goes up and down by chance as it always does: nothing to explain, which doesn’t mean that it is good"
)
_PER = "for so many people of that age or kind, so that a large council can be compared with a small one"
_YEAR = "over the month and the eleven before it, leaving blanks out"
WORDS = (
    *LOOKED_AT,
    ShortForm("chance alone", _BY_CHANCE),
    ShortForm("usual variation", _USUAL),
    ShortForm("Usual variation", _USUAL),
    *(ShortForm(f"{side} limit", _LIMIT) for side in ("upper", "lower", "Upper", "Lower")),
    ShortForm("Limits", _LIMIT),
    ShortForm(
        "Signal",
        "whether the latest figure is more than chance: beyond its usual range, or one of several in a row that all "
        "rise, all fall or all lie on one side of the average",
    ),
    ShortForm("Against target", "green: met; amber: missed within its tolerance; red: missed by more"),
    *(ShortForm(f"per {number}", _PER) for number in ("1,000", "10,000", "100,000")),
    *(ShortForm(f"12-month {kind}", _YEAR) for kind in ("average", "maximum")),
    *(ShortForm(one.shorthand, one.label) for one in (*Stage, *Blank) if one.shorthand),
)

# Where a button can't stand, or would say too much. Of these a link and a column's heading get one behind them.
_QUIET = re.compile(
    r"(?:a|button|caption|label|legend|nav|option|script|select|style|summary|svg|textarea|title)\b|th scope=\"col\""
)
_LEFT_OUT = ("govuk-visually-hidden", 'aria-hidden="true"', 'class="key"', 'class="col-person"')
_BEHIND = ("a", "th")
_TAG = r"<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)\b(?P<rest>[^>]*)>"
_AFTER = re.compile(r"[”’).,;:!?]*")
# Somebody may have come straight to a line of the report: it explains the council's short forms anew.
_LINE = 'class="line"'

_WORD = Markup('<button type="button" class="term" popovertarget="term-{}">{}</button>')
_MARK = Markup(
    '<button type="button" class="term-mark" popovertarget="term-{}"><span aria-hidden="true">?</span>'
    '<span class="govuk-visually-hidden">Meaning of {}</span></button>'
)
_MEANING = Markup('<div popover class="term-meaning" id="term-{}">{}</div>')
_EXPLAINED = Markup("<p><dfn>{}</dfn>: {}.</p>")
_LIST = Markup('<section class="terms"><h2 class="govuk-heading-s">Words on this page</h2>{}</section>')


@register.simple_tag
def looked_at() -> Sequence[ShortForm]:
    """The headings of what to look at, with what they mean."""
    return LOOKED_AT


@register.simple_block_tag
def explain(
    content: str,
    short_forms: Iterable[ShortForm],
    groups: Iterable[PeerGroup] = (),
    *,
    has_key: bool = False,
) -> SafeString:
    """The content, HTML, with its words explained: the product's, the `short_forms` and who belongs to the `groups`.

    With a key, which lists them all, there is no list at its end.
    """
    of_groups = [
        ShortForm(name, f"{group.name}. {group.explanation}".removeprefix(f"{name}. ").removesuffix("."))
        for group in groups
        if group.explanation
        for name in dict.fromkeys((group.name, group.short_name))
    ]
    return _Explaining([*short_forms], [*WORDS, *of_groups]).page(content, has_key=has_key)


class _Explaining:
    """One pass through a page's HTML."""

    def __init__(self, short_forms: Sequence[ShortForm], words: Sequence[ShortForm]) -> None:
        # The council's own words come last, and win.
        self.meanings = {escape(one.short_form): escape(one.meaning) for one in chain(words, short_forms)}
        self.of_council = {self.meanings[escape(one.short_form)] for one in short_forms}
        self.spellings = Spellings(self.meanings)
        self.said: set[str] = set()
        self.opened: dict[tuple[str, ...], int] = {}
        # The tag within which nothing is marked, how many of its name are open, and what was found in it.
        self.quiet, self.depth, self.waiting = "", 0, list[str]()

    def page(self, html: str, *, has_key: bool) -> SafeString:
        pieces: list[str] = []
        done, text_from = 0, 0
        for found in re.finditer(f"{_TAG}|{self.spellings.pattern}", html):
            if found["tag"]:
                before, after = self._tag(found["tag"], found["rest"], is_end=bool(found["end"]))
                text_from = found.end()
                put = f"{before}{found[0]}{after}"
            else:
                put = self._word(found[0], self.spellings.form(found["found"]), html[text_from : found.start()])
            if put != found[0]:
                start, end = found.span()
                if not found["tag"]:
                    # What stands right before and after stays on its line.
                    start = done + len(html[done:start].rstrip("“‘("))
                    end = _AFTER.match(html, end).end()  # type: ignore[union-attr]  # matches nothing, too
                    put = f'<span class="term-run">{html[start : found.start()]}{put}{html[found.end() : end]}</span>'
                pieces += (html[done:start], put)
                done = end
        pieces += (html[done:], self._meanings(has_key=has_key))
        return SafeString("".join(pieces))

    def _word(self, spelt: str, form: str, before: str) -> str:
        """What stands in the place of a word."""
        if (self.quiet and self.quiet not in _BEHIND) or self._is_known(form, before):
            return spelt
        if self.quiet:
            self.waiting.append(form)
            return spelt
        return _WORD(self._place([form]), SafeString(spelt))

    def _tag(self, name: str, rest: str, *, is_end: bool) -> tuple[str, str]:
        """What stands before a tag and after it: a mark before a heading's end, or after a link."""
        if not self.quiet:
            if _LINE in rest:
                self.said -= self.of_council
            if not is_end and (_QUIET.match(f"{name}{rest}") or any(sign in rest for sign in _LEFT_OUT)):
                self.quiet, self.depth = name, 1
            return "", ""
        self.depth += (name == self.quiet) * (-1 if is_end else 1)
        if self.depth:
            return "", ""
        mark = self._mark(self.waiting) if self.waiting else ""
        self.quiet, self.waiting = "", []
        return ("", mark) if name == "a" else (mark, "")

    def _is_known(self, form: str, before: str) -> bool:
        """Whether it was explained already, as “special guardianship order (SGO)” does; it is from now on."""
        meaning = self.meanings[form]
        if meaning in self.said:
            return True
        self.said.add(meaning)
        last = re.escape(meaning.split()[-1])
        return re.search(rf"\b{last}s?[\s,(–-]+\Z", before, re.IGNORECASE) is not None

    def _place(self, forms: Sequence[str]) -> int:
        return self.opened.setdefault(tuple(forms), len(self.opened) + 1)

    def _mark(self, forms: Sequence[str]) -> SafeString:
        return _MARK(self._place(forms), SafeString(" and ".join(forms)))

    def _meanings(self, *, has_key: bool) -> SafeString:
        """What opens, and the list for where nothing does."""
        told = {form: _EXPLAINED(SafeString(form), SafeString(self.meanings[form])) for form in chain(*self.opened)}
        if not told:
            return SafeString("")
        shown = [
            _MEANING(number, SafeString("".join(told[form] for form in forms))) for forms, number in self.opened.items()
        ]
        listed = SafeString("".join(told[form] for form in sorted(told, key=str.casefold)))
        return SafeString("".join(shown) + ("" if has_key else _LIST(listed)))
