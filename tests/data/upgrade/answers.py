"""What everybody is answered about the reports of the earlier database: by the version that made it, and by this one.

Of a text it is all of it, of a workbook its cells, and of a page and a sheet of words its numbers in their order, for
wording may be mended; of a chart's data all but the colours.
"""

from __future__ import annotations

import io
import json
import re
import warnings
import zipfile
from collections.abc import Callable
from hashlib import sha256
from html import unescape
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from openpyxl import load_workbook

MONTHS = ("2020-11", "2020-12", "2021-01")
VISITOR = ""
ROLES = (VISITOR, "panel.member", "performance.officer")
FILES = ("csv", "json", "xlsx", "data.xlsx", "tidy.zip")
SCORECARD = "/scorecards/families/"
SHEETS_OF_WORDS = ("Cover", "Notes")
# In the order of LINES in make_database.py.
KEYS = range(1, 12)


def addresses() -> list[str]:
    """The pages, files and charts of the published reports, and what compares them."""
    found = [f"{SCORECARD}archive/", f"{SCORECARD}compare/"]
    found += [f"{SCORECARD}compare/?earlier=2020-12.1&later=2020-12", f"{SCORECARD}compare/?earlier=2020-11"]
    for report in [*(f"{SCORECARD}{month}/" for month in MONTHS), f"{SCORECARD}2020-12/publications/1/"]:
        found += [report, *(f"{report}report.{suffix}" for suffix in FILES)]
    for month in MONTHS[1:]:
        for key in KEYS:
            page = f"{SCORECARD}{month}/indicators/{key}/"
            found += [page, f"{page}?months=all", f"{page}chart.json", f"{page}figures.csv?months=all"]
    return found


def answers(
    as_before: Callable[[str, bytes], bytes] = lambda address, content: content,
    words_before: Callable[[Any], Any] = lambda said: said,
) -> dict[str, dict[str, Any]]:
    """By role and address. Most are told by a checksum; January's report in full, so that a difference can be read.

    The two bring an answer back to what it was before (reviewed.py): its content, and what was read from it.
    """
    found: dict[str, dict[str, Any]] = {}
    for role in ROLES:
        client = Client()
        if role:
            client.force_login(get_user_model().objects.get(username=role))
        found[role] = {}
        for address in addresses():
            response = client.get(address)
            if response.status_code != 200:
                found[role][address] = response.status_code
                continue
            said = said_by(address, as_before(address, response.content))
            said = words_before(said) if address.endswith((".xlsx", ".zip")) else said
            in_full = address.startswith(f"{SCORECARD}2021-01/") and "indicators" not in address
            found[role][address] = said if in_full else sha256(json.dumps(said).encode()).hexdigest()
    return found


def said_by(address: str, content: bytes) -> Any:
    """What an answer says, without what its bytes may differ in."""
    path = address.partition("?")[0]
    if path.endswith(".xlsx"):
        with warnings.catch_warnings():
            # It can't read sparklines.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content))
        sheets = {sheet.title: [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()] for sheet in book}
        words = {title: " ".join(map(" ".join, sheets[title])) for title in SHEETS_OF_WORDS if title in sheets}
        return sheets | {title: numbers_in(text) for title, text in words.items()}
    if path.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            return {name: bundle.read(name).decode("utf-8-sig") for name in sorted(bundle.namelist())}
    if path.endswith("/"):
        main = content.decode().partition("<main")[2]
        return numbers_in(unescape(re.sub(r"<[^>]*>", " ", main)))
    if path.endswith("/chart.json"):
        return re.sub(r'"#[0-9a-f]{6}"', '"colour"', content.decode())
    return content.decode("utf-8-sig")


def numbers_in(text: str) -> list[str]:
    """The words of a text that have a digit in them."""
    return re.findall(r"\S*\d\S*", text)
