"""The page's drawings made fit for paper: no style sheet reaches into an SVG there; its title is its alternative."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from scorecard.display.drawings import COLOURS

SVG = "{http://www.w3.org/2000/svg}"
# By the class of a drawing.
DRAWN_IN = {
    **{f"icon-{kind}": COLOURS[kind] for kind in ("improvement", "concern", "unusual")},
    "icon-usual": COLOURS["muted"],
    "spark": COLOURS["brand"],
}
THIN = {"spark": "1.5", "icon-usual": "1.6"}
USUAL_WIDTH = "2.2"


def prepare_drawings(document: Element) -> None:
    """Give each SVG its colours and, where no words appear beside it, its alternative text."""
    for svg in document.iter(f"{SVG}svg"):
        kind = next(name for name in svg.get("class", "").split() if name in DRAWN_IN)
        _draw(svg, DRAWN_IN[kind], THIN.get(kind, USUAL_WIDTH))
        if kind == "spark":
            for dot in svg.iter(f"{SVG}circle"):
                dot.set("fill", DRAWN_IN[kind])
            for cut in svg.iter(f"{SVG}path"):
                cut.set("stroke", COLOURS["muted"])
                cut.set("stroke-dasharray", "3 2")
        words = svg.get("aria-label")
        if words:
            SubElement(svg, f"{SVG}title").text = words


def _draw(svg: Element, colour: str, width: str) -> None:
    svg.set("fill", "none")
    svg.set("stroke", colour)
    svg.set("stroke-width", width)
    svg.set("stroke-linecap", "round")
    svg.set("stroke-linejoin", "round")
