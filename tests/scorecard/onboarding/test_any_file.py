"""Whatever file is sent: a clear message or a clean import, never an error of the program and never a part of it."""

import io
import os
import random
import zipfile

import pytest
from django.db import transaction

from indicators.resources import SpreadsheetError
from scorecard.models import Scorecard, SpreadsheetDraft
from scorecard.onboarding.create import PlanRefusedError, create
from scorecard.onboarding.details import prepared
from scorecard.onboarding.undo import undo
from tests.factories import make_officer
from tests.scorecard.cast import stored
from tests.scorecard.onboarding.councils import FILES, SHEETS
from tests.scorecard.onboarding.plans import MONTH

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.sqlite]
# By hand more are tried: FILES_TO_TRY=2000.
NUMBER = int(os.environ.get("FILES_TO_TRY", "150"))
ODD = (
    *(
        "",
        "-",
        "n/a",
        "tbc",
        "#DIV/0!",
        "<5",
        "655 (p)",
        "≥95%",
        "1e400",
        "99999999999999999999",
        "-12",
        "1,234",
        "12%",
    ),
    *(
        "=1+1",
        "=HYPERLINK(1)",
        "31/02/2025",
        "Feb-30",
        "NaN",
        "inf",
        "▲",
        "Ünï",
        "x" * 400,
        "0.0000000001",
        "1.2.3",
        "٣",
    ),
    *("TRUE", "£1.2m", "10-14", "\u202e", "101%", "  ", "'", '"', "<b>", "Local", "better than last year", "2025-26"),
)
HEADINGS = (
    "Ref",
    "Indicator",
    "Owner",
    "Reporter",
    "Unit",
    "Polarity",
    "Target 2025/26",
    "England",
    "Commentary",
    "Year",
)
TITLES = ("Contacts", "% in time", "Rate per 10,000", "Days", "Cost (£000)", "Visits (cumulative)", "Total", "Contacts")
SCORECARD = {"council": "Fenbury", "title": "Tried", "slug": "tried"}


def generated(chance):
    """A table like a council's, with what no table should have; as CSV in some encoding."""
    months = [f"{month}-{year}" for year in (24, 25) for month in ("Jan", "Feb", "Mar", "Apr", "Sept", "Q1", "13")]
    columns = chance.sample(HEADINGS, chance.randint(1, len(HEADINGS)))
    columns += chance.choices(months, k=chance.randint(0, 14))
    lines = [columns] if chance.random() < 0.9 else []
    for number in range(chance.randint(0, 12)):
        cells = [_cell(chance, heading, number) for heading in columns]
        lines.append(cells[: chance.randint(1, len(cells))] if chance.random() < 0.1 else cells)
    separator = chance.choice(",;\t")
    text = "\n".join(separator.join(_quoted(cell, separator) for cell in line) for line in lines)
    return "made.csv", text.encode(chance.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"]), "replace")


def _quoted(cell, separator):
    return f'"{cell}"' if separator in cell and '"' not in cell else cell


def _cell(chance, heading, number):
    if chance.random() < 0.08:
        return chance.choice(ODD)
    if heading in ("Ref", "Indicator"):
        return f"A{number}" if heading == "Ref" else chance.choice(TITLES)
    return str(chance.randint(0, 120)) if heading not in HEADINGS[2:6] else chance.choice(["A. Lee", "high", "%", ""])


def mutated(chance):
    """One of the councils' files with some of it changed, cut off or doubled."""
    name = chance.choice(FILES)
    content = bytearray((SHEETS / name).read_bytes())
    if name.endswith("xlsx") and chance.random() < 0.5:
        return name, _with_other_part(chance, bytes(content))
    for _ in range(chance.randint(1, 20)):
        at = chance.randrange(len(content))
        how = chance.random()
        if how < 0.6:
            content[at] = chance.randrange(256)
        elif how < 0.8:
            del content[at : at + chance.randint(1, 200)]
        else:
            content[at:at] = content[at : at + chance.randint(1, 200)]
    return name, bytes(content[: chance.randrange(len(content))] if chance.random() < 0.2 else content)


def _with_other_part(chance, content):
    """The workbook with letters of one of its parts changed, so that the archive itself is whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as other:
        chosen = chance.choice([one for one in book.namelist() if one.endswith(".xml")])
        for one in book.namelist():
            part = bytearray(book.read(one))
            for _ in range(chance.randint(1, 8) if one == chosen else 0):
                part[chance.randrange(len(part))] = ord(chance.choice("0123456789<>&\"'abcXYZ=/ -"))
            other.writestr(one, bytes(part))
    return out.getvalue()


def test_file_is_refused_in_words_or_brought_over_whole():
    officer, chance = make_officer(), random.Random(2021)  # noqa: S311 - the same files in every run
    outcomes = {"created": 0, "refused": 0, "unreadable": 0}
    for number in range(NUMBER):
        name, content = (mutated if number % 10 == 0 else generated)(chance)
        with transaction.atomic():
            outcome = tried(name, content, officer, number)
            transaction.set_rollback(True)
        outcomes[outcome] += 1

    assert outcomes["created"] > NUMBER // 10
    assert min(outcomes.values()) > 0, outcomes


def tried(name, content, officer, number):
    draft = SpreadsheetDraft.objects.create(
        file_name=name, content=content, sent_by=officer, decisions={"scorecard": SCORECARD}
    )
    before = stored()
    try:
        plan = prepared(draft)
        # As if every question had been answered as the program guesses.
        plan.open_points = [point for point in plan.open_points if not plan.lines]
        made = create(draft, plan, version=1, by=officer, today=MONTH)
    except (SpreadsheetError, PlanRefusedError) as error:
        told, outcome = str(error), "refused" if isinstance(error, PlanRefusedError) else "unreadable"
    else:
        told, outcome = "", "created"
    if told:
        assert stored() == before, (number, name, told)
        return outcome
    assert outcome == "created", (number, name)
    assert Scorecard.objects.get().sections.exists(), (number, name)
    undo(made, version=made.version, by=officer)
    return "created"
