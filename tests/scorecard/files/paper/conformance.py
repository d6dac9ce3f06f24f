"""What a PDF lacks by the rules of PDF/UA-1 (ISO 14289-1) that a machine can check; numbers are the standard's clauses.

Written from the standard and knowing nothing of how the file was made.
"""

from collections import Counter
from itertools import pairwise
from xml.etree import ElementTree

from pypdf.generic import ArrayObject, ContentStream, DictionaryObject

SHOWN = {b"Tj", b"TJ", b"'", b'"', b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"Do", b"sh", b"EI"}
# Where a structure element of some kind must stand, and what may stand in it.
CHILDREN = {
    "/L": {"/LI", "/L", "/Caption"},
    "/LI": {"/Lbl", "/LBody"},
    "/Table": {"/THead", "/TBody", "/TFoot", "/TR", "/Caption"},
    "/THead": {"/TR"},
    "/TBody": {"/TR"},
    "/TR": {"/TH", "/TD"},
}
PARENTS = {"/LI": {"/L"}, "/LBody": {"/LI"}, "/Lbl": {"/LI"}, "/TR": {"/Table", "/THead", "/TBody"}, "/TD": {"/TR"}}
STANDARD = {
    *("/Document", "/Part", "/Art", "/Sect", "/Div", "/BlockQuote", "/Caption", "/P", "/L", "/LI", "/Lbl", "/LBody"),
    *("/Table", "/TR", "/TH", "/TD", "/THead", "/TBody", "/TFoot", "/Span", "/Link", "/Figure", "/NonStruct"),
    *("/H1", "/H2", "/H3", "/H4", "/H5", "/H6"),
}


def shortcomings(reader):
    """Each rule that the document breaks, in words; empty when none is."""
    elements = list(structure(reader))
    return [
        *_document(reader),
        *_relations(elements),
        *_tables(elements),
        *_alternatives(elements),
        *_headings(elements),
        *_contents(reader, elements),
        *_links(reader, elements),
        *_fonts(reader),
    ]


def structure(reader):
    """Every structure element in reading order, with the kind of its parent."""
    return _below(reader.trailer["/Root"]["/StructTreeRoot"], None)


def kids(element):
    """What stands directly in an element: elements, numbers of content, references to annotations."""
    found = element.get("/K", ArrayObject())
    found = found if isinstance(found, ArrayObject) else [found]
    return [kid.get_object() for kid in found]


def elements_in(element):
    return [kid for kid in kids(element) if isinstance(kid, DictionaryObject) and "/S" in kid]


def _below(element, parent):
    for kid in elements_in(element):
        yield kid, parent
        yield from _below(kid, kid["/S"])


def _document(reader):
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    ElementTree.fromstring(metadata)  # noqa: S314 - our own file; an error where it is not well-formed
    rules = {
        "5: the metadata name PDF/UA-1": 'pdfuaid:part="1"' in metadata or "<pdfuaid:part>1<" in metadata,
        "7.1: the metadata have a title": "<dc:title>" in metadata and reader.metadata.title,
        "7.1: the title is displayed": root["/ViewerPreferences"].get("/DisplayDocTitle") is True
        or str(root["/ViewerPreferences"].get("/DisplayDocTitle")) == "True",
        "7.1: the document is marked": str(root["/MarkInfo"].get("/Marked")) == "True",
        "7.1: no suspects": str(root["/MarkInfo"].get("/Suspects", False)) == "False",
        "7.2: the document has a language": bool(root.get("/Lang")),
    }
    return [rule for rule, is_kept in rules.items() if not is_kept]


def _relations(elements):
    for element, parent in elements:
        kind = element["/S"]
        if kind not in STANDARD:
            yield f"7.1: {kind} is no standard kind"
        if kind in PARENTS and parent not in PARENTS[kind]:
            yield f"7.2: {kind} stands in {parent}"
        wrong = {kid["/S"] for kid in elements_in(element)} - CHILDREN.get(kind, STANDARD)
        if wrong:
            yield f"7.2: {kind} holds {wrong}"


def _tables(elements):
    for table in (element for element, _ in elements if element["/S"] == "/Table"):
        cells = [cell for cell, _ in _below(table, "/Table") if cell["/S"] in ("/TH", "/TD")]
        headings = {cell["/ID"] for cell in cells if cell["/S"] == "/TH"}
        for cell in cells:
            attributes = cell.get("/A", {})
            if cell["/S"] == "/TH" and attributes.get("/Scope") not in ("/Row", "/Column"):
                yield "7.5: a heading without scope"
            if not set(attributes.get("/Headers", ())) <= headings:
                yield "7.5: a cell names a heading that is not in its table"
        widths = Counter(
            sum(cell.get("/A", {}).get("/ColSpan", 1) for cell in elements_in(row))
            for row, _ in _below(table, "/Table")
            if row["/S"] == "/TR"
        )
        if len(widths) != 1:
            yield f"7.5: rows of different width, {dict(widths)}"


def _alternatives(elements):
    for figure in (element for element, _ in elements if element["/S"] == "/Figure"):
        if not figure.get("/Alt"):
            yield "7.3: a figure without alternative text"
        if "/BBox" not in figure.get("/A", {}):
            yield "7.3: a figure without its place"


def _headings(elements):
    levels = [int(element["/S"][2:]) for element, _ in elements if element["/S"][:2] == "/H"]
    if levels[:1] != [1]:
        yield "7.4.2: the first heading is not of level 1"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"7.4.2: heading {after} follows heading {before}"


def _contents(reader, elements):
    """Everything shown is in the tree or an artifact, never both; the parent tree leads from content to its element."""
    numbers = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    in_tree = {element.indirect_reference.idnum for element, _ in elements}
    parents = {numbers[place]: numbers[place + 1].get_object() for place in range(0, len(numbers), 2)}
    for page in reader.pages:
        if page.get("/Tabs") != "/S":
            yield "7.18.3: a page whose tab order is not that of the structure"
        found = _marked(page, reader)
        holders = parents[page["/StructParents"]]
        for number in found.pop("numbers"):
            holder = holders[number] if number < len(holders) else None
            if getattr(holder, "idnum", None) not in in_tree or number not in kids(holder.get_object()):
                yield f"7.1: content {number} is held by no element"
        yield from (f"7.1: {count} × {what}" for what, count in found.items() if count)


def _marked(page, reader):
    open_marks, numbers = [], []
    found = Counter()
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in (b"BMC", b"BDC"):
            kind = "artifact" if operands[0] == "/Artifact" else "content"
            if open_marks and "artifact" in (kind, *open_marks):
                found["an artifact within content, or content within an artifact"] += 1
            open_marks.append(kind)
            if kind == "content":
                numbers.append(operands[1]["/MCID"])
        elif operator == b"EMC":
            open_marks.pop()
        elif operator in SHOWN and not open_marks:
            found["shown, but neither content nor artifact"] += 1
    return {"numbers": numbers, **found}


def _links(reader, elements):
    held = {
        kid.raw_get("/Obj").idnum
        for element, _ in elements
        if element["/S"] == "/Link"
        for kid in kids(element)
        if isinstance(kid, DictionaryObject) and kid.get("/Type") == "/OBJR"
    }
    for page in reader.pages:
        for annotation in page.get("/Annots", ()):
            if not annotation.get_object().get("/Contents"):
                yield "7.18.5: a link that does not say where it leads"
            if annotation.idnum not in held:
                yield "7.18.5: a link outside the structure"


def _fonts(reader):
    for page in reader.pages:
        for font in (font.get_object() for font in page["/Resources"]["/Font"].get_object().values()):
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            if not set(inner["/FontDescriptor"].get_object()) & {"/FontFile", "/FontFile2", "/FontFile3"}:
                yield f"7.21.4: {font['/BaseFont']} is not embedded"
            if "/ToUnicode" not in font:
                yield f"7.21.7: {font['/BaseFont']} does not say which characters it shows"
