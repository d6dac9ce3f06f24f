"""Pieces of HTML that are filled in thousands of times: as safe as `format_html`, at a fifth of its cost."""

from __future__ import annotations

import html
from functools import lru_cache

from django.utils.safestring import SafeString

# Most texts on a page stand there many times: names of people, months, words for what was worked out.
escape = lru_cache(maxsize=4096)(html.escape)


def as_html(value: object) -> str:
    """The value as it may stand in HTML: escaped, unless it is a SafeString."""
    return value if type(value) is SafeString else escape(str(value))


class Markup:
    """HTML with a place for each `{}`.

    Whatever is put in is escaped, in attributes too, unless it is a SafeString. A number of values other than that of
    the places raises TypeError.
    """

    __slots__ = ("_format",)

    def __init__(self, template: str) -> None:
        self._format = template.replace("%", "%%").replace("{}", "%s")

    def __call__(self, *values: object) -> SafeString:
        return SafeString(
            self._format % tuple([value if type(value) is SafeString else escape(str(value)) for value in values])
        )


def lines_of(text: str) -> SafeString:
    """A text of several lines as HTML, with a <br> where each but the last ends."""
    escaped = escape(text)
    if "\n" in escaped or "\r" in escaped:
        escaped = escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "<br>")
    return SafeString(escaped)
