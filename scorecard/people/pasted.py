"""People as somebody pastes them: a line each, with a name, an e-mail address and perhaps a role. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from indicators.calculations.folding import folded
from indicators.calculations.plain_text import plain_line

MOST_ROWS = 200
ADDRESS = re.compile(r"[^\s<>;,@]+@[^\s<>;,@]+")
# As mail programs copy people: Jo Bloggs <jo@example.gov.uk>.
IN_BRACKETS = re.compile(r"\A\s*\"?(?P<name>[^\"<]*?)\"?\s*<(?P<email>[^<>]*)>\s*(?P<rest>.*)\Z")
PANEL, OFFICER = "panel", "officer"
# Roles as people write them, beside the council's own word for a member of the panel. Reporters and owners are chosen
# at lines, and are in no group.
ROLES = {
    **dict.fromkeys(("panel", "councillor", "cllr", "member", "committee"), PANEL),
    **dict.fromkeys((f"{word} member" for word in ("panel", "committee")), PANEL),
    **dict.fromkeys(("officer", "performance officer", "performance", "admin", "administrator"), OFFICER),
    **dict.fromkeys(("", "reporter", "owner", "reporter and owner", "owner and reporter", "lead", "none"), ""),
}
# A first line that names the columns.
HEADINGS = {"name", "email", "e-mail", "e-mail address", "email address", "mail", "role", "roles"}


class PastedPerson(NamedTuple):
    """A line as it was pasted, what it says, and what is wrong with it; "" where nothing is."""

    text: str
    name: str = ""
    email: str = ""
    role: str = ""
    problem: str = ""


def read_people(text: str, member: str = f"{PANEL} member") -> list[PastedPerson]:
    """The people of a pasted text, from cells of a spreadsheet or with commas or semicolons between.

    Blank lines are left out, and so is a line of headings. `member` is what the council calls one of its panel. Never
    raises: what can't be read says why.
    """
    found: list[PastedPerson] = []
    seen: set[str] = set()
    for line in _lines(text):
        person = _read(line, member)
        if not person.problem and person.email:
            address = person.email.lower()
            if address in seen:
                person = person._replace(problem="This address stands above already.")
            seen.add(address)
        found.append(person)
    return found


def _lines(text: str) -> Iterator[str]:
    rows = [row for row in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if row.strip(" \t,;\ufeff")]
    for number, row in enumerate(rows):
        words = {folded(cell) for cell in _cells(row) if cell}
        if number == 0 and words and words <= HEADINGS:
            continue
        yield row


def _cells(row: str) -> list[str]:
    bracketed = IN_BRACKETS.match(row)
    if bracketed:
        rest = bracketed["rest"].strip(" \t,;")
        return [plain_line(bracketed["name"]), plain_line(bracketed["email"]), plain_line(rest)]
    between = next((sign for sign in "\t;," if sign in row), ",")
    try:
        cells = next(csv.reader([row], delimiter=between), [])
    except csv.Error:
        cells = row.split(between)
    return [plain_line(cell) for cell in cells]


def _read(row: str, member: str) -> PastedPerson:
    cells = [cell for cell in _cells(row) if cell]
    text = plain_line(row.replace("\t", "; "))
    emails = [cell for cell in cells if ADDRESS.fullmatch(cell)]
    if len(emails) > 1:
        return PastedPerson(text, problem="Two addresses stand in this line: write one person a line.")
    others = [cell for cell in cells if cell not in emails]
    known = {folded(member): PANEL, **ROLES}
    roles = [cell for cell in others[1:] if folded(cell) in known]
    names = [cell for cell in others if cell not in roles]
    email = emails[0] if emails else ""
    role = known[folded(roles[0])] if roles else ""
    if not email and any("@" in cell for cell in names):
        return PastedPerson(text, problem="This is no e-mail address.")
    if not names:
        return PastedPerson(text, "", email, role, "" if email else "Write a name, an e-mail address, or both.")
    if len(names) == 1:
        return PastedPerson(text, names[0][:150], email, role)
    if len(names) == 2 and emails and "\t" not in row and cells.index(emails[0]) > cells.index(names[1]):
        # Surname first, as address books have it: Bloggs, Jo, jo@example.gov.uk.
        return PastedPerson(text, f"{names[1]} {names[0]}"[:150], email, role)
    unknown = names[1]
    return PastedPerson(
        text,
        names[0][:150],
        email,
        role,
        f"“{unknown[:40]}” is no role that is known: write {member}, officer, owner or reporter, or leave it out.",
    )
