"""A BoardReport as the bytes of a tagged PDF (PDF/UA-1). WeasyPrint is loaded when the first one is made."""

from __future__ import annotations

import gc
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from django.template.loader import render_to_string
from django.utils.html import strip_tags

from scorecard.council.look import OWN_LOOK, Look
from scorecard.display.drawings import COLOURS
from scorecard.display.fonts import load_weasyprint, style_rules, unprintable_in
from scorecard.report.board import BoardReport

from .drawings import SVG, prepare_drawings
from .tagging import finish_tags

if TYPE_CHECKING:
    from weasyprint import HTML

# What no font shows and no metadata may hold: control characters, but for tab and ends of lines, and noncharacters.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
# Elements that HTML leaves open.
EMPTY_ELEMENTS = re.compile("<((?:br|meta)(?: [^<>]*)?)>")
# Where the template has the logo.
LOGO = "logo:council"
# What the council's colours take the place of, by their names in the palette.
IN_PLACE_OF = {"line": "brand", "link": "link", "tint": "brand-tint", "pale": "brand-pale"}
# Classes of spans that look on paper like what is about them.
PLAIN = {None, "direction", "change"}


def to_pdf(report: BoardReport, look: Look = OWN_LOOK) -> bytes:
    """The whole report: overview on A4, board on A3, what is counted, and the key, in the council's look.

    The same report gives the same bytes on the same machine: no clock is read, and only the system's fonts are taken
    from outside the project. Raises PaperUnavailableError where Pango or the built style sheet is missing.
    """
    from .content import content_of, targets_of

    content = content_of(report, look)
    targets = {name: UNPRINTABLE.sub(" ", words) for name, words in targets_of(content).items()}
    page = render_to_string("paper/report.html", content)
    # In a draft, what would be an empty box; its officer can still do something about it.
    if not report.published and (found := unprintable_in(unescape(strip_tags(page)))):
        page = render_to_string("paper/report.html", {**content, "unprintable": found})
    with _no_search_for_garbage():
        document = _document(UNPRINTABLE.sub(" ", page), look)
        unwrap_plain_spans(document.etree_element)
        prepare_drawings(document.etree_element)
        return document.write_pdf(
            stylesheets=[_style_sheet(look)],
            pdf_variant="pdf/ua-1",
            finisher=lambda _, pdf: _finish(pdf, targets),
        )


def _finish(pdf: Any, targets: Mapping[str, str]) -> None:
    """Complete the tags, and compress the pages: WeasyPrint's level takes four times as long for 4% less."""
    finish_tags(pdf, targets)
    for thing in pdf.objects:
        if getattr(thing, "compress", False):
            thing.compress = False
            plain = thing.data.partition(b"\nstream\n")[2].removesuffix(b"\nendstream")
            thing.stream, thing.extra["Filter"] = [zlib.compress(plain)], "/FlateDecode"


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Spares the search for garbage, a quarter of the time: nearly all that WeasyPrint makes is in use to the end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _document(html: str, look: Look = OWN_LOOK) -> HTML:
    """The page, read as XML: the HTML parser, which is written in Python, takes thirty times as long.

    Entities and elements left open are those of our own templates; what people typed is escaped.
    """
    load_weasyprint()
    from weasyprint import HTML

    class Page(HTML):
        def _ua_stylesheets(self, *_: Any) -> list[Any]:
            return []  # paper.scss says what each element is

    document = Page(string="<html></html>", url_fetcher=_fetcher(look))
    xml = EMPTY_ELEMENTS.sub(r"<\1/>", html).replace("&nbsp;", "\xa0").replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ')
    read = ElementTree.fromstring(xml)  # noqa: S314 - our own page
    document.etree_element.attrib.update(read.attrib)
    document.etree_element[:] = read[:]
    return document


def unwrap_plain_spans(element: ElementTree.Element) -> None:
    """Put what plain spans hold in their place: each costs boxes of its own, and cuts the text about it into pieces."""
    children, element[:] = element[:], []
    for child in children:
        unwrap_plain_spans(child)
        if child.tag == "span" and child.get("class") in PLAIN:
            _append_text(element, child.text)
            element.extend(child)
            # An arrow stands apart from its figure, but a minus sign doesn't; the page does that with a margin.
            is_sign = child.get("aria-hidden") and child.text != "-"
            is_close = is_sign and not (child.tail or "-")[0].isspace()
            _append_text(element, f"\xa0{child.tail or ''}" if is_close else child.tail)
        else:
            element.append(child)


def _append_text(element: ElementTree.Element, text: str | None) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + (text or "")
    else:
        element.text = (element.text or "") + (text or "")


def _style_sheet(look: Look) -> Any:
    """The built rules; the council's colours stand where the palette's did, each of which occurs for one thing only."""
    from weasyprint import CSS

    rules = style_rules()
    if look.colours:
        theirs = {COLOURS[place]: getattr(look.colours, name) for name, place in IN_PLACE_OF.items()}
        rules = re.sub("|".join(theirs), lambda found: theirs[found[0]], rules)
    return CSS(string=rules, url_fetcher=_fetcher(look))


def _fetcher(look: Look) -> Any:
    """Reads nothing from anywhere: what the document needs is in it, but for the logo."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class NothingFromOutside(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if look.logo and url == LOGO:
                return URLFetcherResponse(url, look.logo.content, {"Content-Type": "image/png"})
            raise ValueError(f"A report on paper takes nothing from outside: {url}")

    return NothingFromOutside()
