"""What no font on this machine can draw, found before it is printed as an empty box.

Pango is asked, as it draws the PDFs: it takes each character from the first font of the style sheet that has it, and
otherwise from any font that fontconfig knows.
"""

from __future__ import annotations

import atexit
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from django.contrib.staticfiles import finders

from indicators.calculations.plain_text import plain_text

STYLE_SHEET = "paper.css"
# What Pango writes in the place of a glyph that no font has: this, and the character's number.
UNKNOWN_GLYPH = 0x10000000
LOST = "\ufffd"
MOST_NAMED = 5
ON_PAPER = "On paper there would be an empty box, or something else: write it otherwise."
# What Pango keeps must not be used by two threads at once.
_ONE_AT_A_TIME = Lock()
# What every font has that a report can be printed with; most texts consist of nothing else.
_EVERYWHERE = re.compile("[\n -~\xa0-\xff‘’“”–—…•€]*")
# The fonts of the text, as they stand in the built style sheet.
_STACK = re.compile(r"font:\s*10pt/1\.4\s+([^;}]+)")


class PaperUnavailableError(Exception):
    """No PDF can be made on this machine; the message says what to install."""


class Unprintable(NamedTuple):
    """A character that can't be printed, or that says that one was lost, and the words for it."""

    character: str
    words: str


def unprintable_in(text: str) -> tuple[Unprintable, ...]:
    """The characters of a text that print as empty boxes, each once; and U+FFFD, which stands for a lost letter.

    Raises PaperUnavailableError where no PDF can be made, so that nobody can tell.
    """
    # Characters that are drawn together stand in one word.
    words = dict.fromkeys(word for word in plain_text(text).split() if not _EVERYWHERE.fullmatch(word))
    if not words:
        return ()
    text = " ".join(words)
    missing = _undrawn(text)
    # Of private use each font has something else, if any has anything: what was meant, none of them knows.
    found = dict.fromkeys(one for one in text if one in missing or one == LOST or unicodedata.category(one) == "Co")
    return tuple(Unprintable(one, _words(one)) for one in found)


def _words(character: str) -> str:
    code = f"U+{ord(character):04X}"
    if character == LOST:
        return f"“{character}” ({code}), which stands for a letter that was lost when the text was copied"
    if unicodedata.category(character) == "Co":
        return f"a symbol ({code}) that only the program it was copied from has"
    name = unicodedata.name(character, "of no name").lower()
    return f"“{character}” ({code}, {name}), which no font here can draw"


def warnings_of(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """For each text with its name that can't be printed whole, the name and what is in it. Raises as above."""
    for name, text in texts:
        if found := unprintable_in(text):
            more = f"; and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
            yield name, f"{'; '.join(one.words for one in found[:MOST_NAMED])}{more}"


def known_warnings_of(texts: Iterable[tuple[str, str]]) -> list[str]:
    """What there is to say of texts, each with its name, in sentences; nothing where no PDF can be made."""
    try:
        return [f"{name}: {told}. {ON_PAPER}" for name, told in warnings_of(texts)]
    except PaperUnavailableError:
        return []


def _undrawn(text: str) -> frozenset[str]:
    """The characters for which Pango finds no glyph."""
    load_weasyprint()
    with _ONE_AT_A_TIME:
        context, description = _drawing()
        from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p

        layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
        pango.pango_layout_set_font_description(layout, description)
        pointer, line = unicode_to_char_p(text)
        pango.pango_layout_set_text(layout, pointer, len(line))
        found, run = set(), pango.pango_layout_get_line_readonly(layout, 0).runs
        while run != ffi.NULL:
            glyphs = run.data.glyphs
            found |= {glyphs.glyphs[place].glyph for place in range(glyphs.num_glyphs)}
            run = run.next
    numbers = (glyph - UNKNOWN_GLYPH for glyph in found if glyph >= UNKNOWN_GLYPH)
    return frozenset(chr(number) for number in numbers if number <= 0x10FFFF)


@cache
def _drawing() -> tuple[Any, Any]:
    """Pango's context and the fonts of the style sheet. They are those of when the server began, as for the PDFs."""
    from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
    from weasyprint.text.fonts import FontConfiguration

    stack = _STACK.search(style_rules())
    if stack is None:
        raise PaperUnavailableError(f"The style sheet {STYLE_SHEET} names no fonts.")
    fonts = FontConfiguration()
    context = ffi.gc(pango.pango_font_map_create_context(fonts.font_map), gobject.g_object_unref)
    description = ffi.gc(pango.pango_font_description_new(), pango.pango_font_description_free)
    pointer, _families = unicode_to_char_p(stack[1].replace('"', "").replace(", ", ","))
    pango.pango_font_description_set_family(description, pointer)
    pango.pango_font_description_set_absolute_size(description, 10 * 1024)
    # Given back before Python unloads the libraries that do so.
    atexit.register(_drawing.cache_clear)
    return context, description


def load_weasyprint() -> None:
    """Import WeasyPrint for the first time. Raises PaperUnavailableError where a library of the system is missing."""
    try:
        import weasyprint  # noqa: F401
    except OSError as error:  # opened when it is imported
        raise PaperUnavailableError(
            "PDFs need Pango, which is not on this machine: run scripts/system_packages, or see docs/deploy.md."
        ) from error


def style_rules() -> str:
    """The built style sheet. Raises PaperUnavailableError where it is missing."""
    path = finders.find(STYLE_SHEET)
    if path is None:
        raise PaperUnavailableError(f"PDFs need the style sheet {STYLE_SHEET}, which is not built: run scripts/setup.")
    return Path(path).read_text(encoding="utf-8")
