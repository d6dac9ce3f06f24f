"""Completes the tags of a PDF where WeasyPrint leaves them short of PDF/UA-1; docs/adr/0021-paper.md lists them.

Works on the finished objects (pydyf), before they are written. Elements of the structure are dictionaries that name
each other by reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# A dictionary of pydyf, with its own `reference` and the names of the PDF specification as keys.
Element = Any


def finish_tags(pdf: Any, targets: Mapping[str, str]) -> None:
    """Complete the tags of the document in place. `targets` says in words where each internal link leads."""
    objects = {thing.reference: thing for thing in pdf.objects}
    root = objects[pdf.catalog["StructTreeRoot"]]
    _drop_decoration(objects)
    reached: dict[Any, Element] = {element.reference: element for element in _walk(root, objects)}
    _leave_out_of_tree(pdf, objects, objects[root["ParentTree"]]["Nums"], reached)
    for element in reached.values():
        _give_scope(element, objects)
        _pair_terms(element, objects)
    _say_where_links_lead(objects, targets)


def _walk(element: Element, objects: Mapping[Any, Any]) -> Iterator[Element]:
    """Every structure element below this one, in reading order."""
    for kid in _kids(element, objects):
        yield kid
        yield from _walk(kid, objects)


def _kids(element: Element, objects: Mapping[Any, Any]) -> list[Element]:
    """The structure elements directly below; not the content and annotations, which are numbers and other objects."""
    found = [objects.get(kid) for kid in element.get("K", ()) if isinstance(kid, bytes)]
    return [kid for kid in found if _is_element(kid)]


def _is_element(thing: Element) -> bool:
    return isinstance(thing, dict) and thing.get("Type") == "/StructElem"


def _drop_decoration(objects: Mapping[Any, Any]) -> None:
    """Take drawings without alternative text out of the tree: their words stand beside them."""
    for thing in objects.values():
        if _is_element(thing) and thing["S"] == "/Figure" and "Alt" not in thing:
            objects[thing["P"]]["K"].remove(thing.reference)


def _leave_out_of_tree(pdf: Any, objects: Mapping[Any, Any], parents: list[Any], reached: Mapping[Any, Any]) -> None:
    """Mark what no element of the tree holds as an artifact: decoration, and the running lines of each page."""
    for place, reference in enumerate(pdf.page_references):
        holders = parents[2 * place + 1]
        left_out = {number for number, holder in enumerate(holders) if holder not in reached}
        _mark_as_artifacts(objects[objects[reference]["Contents"]].stream, left_out)
        holders[:] = [b"null" if number in left_out else holder for number, holder in enumerate(holders)]
    for reference, thing in objects.items():
        if _is_element(thing) and reference not in reached:
            thing.clear()


def _mark_as_artifacts(stream: list[Any], numbers: set[int]) -> None:
    """Content with these numbers becomes an artifact. A tag, its properties and BDC follow each other in the stream."""
    for place, operator in enumerate(stream):
        if operator == b"BDC" and stream[place - 1]["MCID"] in numbers:
            stream[place - 2 : place + 1] = ["/Artifact", b"", b"BMC"]


def _give_scope(group: Element, objects: Mapping[Any, Any]) -> None:
    """Headings say whether they are of a column or a row; rows that continue a line belong to the line's heading."""
    if group["S"] not in ("/THead", "/TBody"):
        return
    scope = "/Column" if group["S"] == "/THead" else "/Row"
    rows = [_kids(row, objects) for row in _kids(group, objects)]
    headings = [cell for row in rows for cell in row if cell["S"] == "/TH"]
    for heading in headings:
        heading["A"]["Scope"] = scope
    if scope == "/Row" and len(headings) == 1:
        for cell in (cell for row in rows if headings[0] not in row for cell in row):
            cell["A"]["Headers"] = type(cell["A"]["Headers"])([headings[0]["ID"]])


def _pair_terms(element: Element, objects: Mapping[Any, Any]) -> None:
    """A term and its explanation, which stand in a block of their own in the list, are one item of it."""
    if element["S"] != "/L":
        return
    for block in (kid for kid in _kids(element, objects) if kid["S"] == "/Div"):
        block["S"] = "/LI"
        for place, part in enumerate(_kids(block, objects)):
            part["S"] = "/LBody" if place else "/Lbl"
            for inner in _kids(part, objects):
                inner["S"] = "/NonStruct"


def _say_where_links_lead(objects: Mapping[Any, Any], targets: Mapping[str, str]) -> None:
    for thing in objects.values():
        if isinstance(thing, dict) and thing.get("Subtype") == "/Link" and "Dest" in thing:
            words = targets[thing["Dest"].string]
            thing["Contents"] = type(thing["Dest"])(words)
