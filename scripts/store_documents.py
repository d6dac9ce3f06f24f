"""Makes the stored documents of the latest format, and its listing, from those of the number before.

Run once, when the number is new and its fields are settled:

    .venv/bin/python scripts/store_documents.py

They are what earlier documents are upgraded to, with something put by hand where those can't have anything.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "data" / "documents"
MEASURE = {"rate_base": 1000, "due_months": [4, 7, 12], "seasonal_reason": "Schools close in August."}
NOT_SEASONAL = "It is called seasonal, but there are fewer than three years of figures for that."
LINKS = [
    {"key": 2, "reference": "M0", "title": "Contacts", "month": "2020-04-01", "kind": "merges", "note": "By case."}
    | {"is_former": True, "has_page": False}
]
TERMS = {"sense": "between", "upper": 40, "shape": "typed", "steps": ["5/2", 20], "upper_steps": [3, 40]}
TERMS |= {"rests_on": "comparator", "group": "england", "is_strict": True}
AIM = {"low": 2, "high": 3, "tolerance": 1, "is_strict": True}


def fill(plain: dict[str, Any]) -> None:
    """What no document of an earlier number can have."""
    row = plain["report"]["sections"][0]["rows"][0]
    row["measure"] |= MEASURE
    row["signal"]["baseline"] = {"month": "2019-04-01", "periods": 12, "reason": "Before the new team."}
    row["signal"]["not_seasonal"] = NOT_SEASONAL
    row["series_links"] = LINKS
    figure = {"value": "1/2", "blank": None, "stage": "provisional", "numerator": 1, "denominator": 2, "note": "Both."}
    row["earlier"] = [{"month": "2019-06-01", "figure": figure}]
    blank = {"value": None, "blank": "awaited", "stage": "final", "numerator": None, "denominator": None, "note": ""}
    row["earlier"].append({"month": "2019-09-01", "figure": blank})
    names = ("to_date", "last_year", "whole_last_year", "before")
    rows = [one for section in plain["report"]["sections"] for one in section["rows"]]
    for one, filled in zip(rows, (figure, blank), strict=False):
        one["totals"] = dict.fromkeys(names, filled)
    first = min(plain["pages"], key=int)
    page = plain["pages"][first]
    page["measure"] |= MEASURE
    page["signal"]["not_seasonal"] = NOT_SEASONAL
    page["points"][0]["baseline"] = "Mean and limits are fixed."
    page["series_links"] = LINKS
    for kept in (*rows, *plain["pages"].values()):
        kept["targets"] = [cell and _of_any_kind(cell) for cell in kept["targets"]]
    for one in rows:
        one |= {name: one[name] and _of_any_kind(one[name]) for name in ("target", "latest_target")}
    page["points"][0] |= {"target_upper": 40, "total": "12"}
    cell = next(one for row in rows for one in row["comparators"] if one)
    cell["next_update"] = "2026-10-01"
    compared = {"relative": "1/4", "movement": "up", "assessment": "better", "suppressed": False}
    page["national"] = [
        cell | {"value": 20, "blank": None, "year": 2019, "note": "By the year.", "comparison": compared},
        cell | {"value": None, "blank": "not_available", "year": None},
    ]
    standing = {"rank": 4, "of": 11, "shared_with": 0, "missing": 0, "best_first": True}
    standing |= {"order": "lowest", "quarter": 2}
    page["ranks"] = [{"group": "england", "year": 2019, "standing": standing}]


def _of_any_kind(cell: dict[str, Any]) -> dict[str, Any]:
    """A target with everything that one can have."""
    return cell | {"terms": cell["terms"] | TERMS, "meaning": {"aim": AIM, "because": "England, 2019-20"}}


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from scorecard.publication.document import FrozenReport, write_document
    from scorecard.publication.format import FORMAT, PAGE, REPORT, upgraded

    target = FOLDER / f"format-{FORMAT}"
    target.mkdir(exist_ok=True)
    for path in sorted(FOLDER.glob(f"format-{FORMAT - 1}/*.json.gz")):
        plain = upgraded(json.loads(gzip.decompress(path.read_bytes())))
        fill(plain)
        frozen = FrozenReport(json.dumps(plain))
        text = write_document(frozen.report, frozen.pages)
        (target / path.name).write_bytes(gzip.compress(text.encode(), mtime=0))
    listing = [*REPORT.listing("report"), *PAGE.listing("pages.#")]
    (FOLDER / f"format-{FORMAT}.txt").write_text("\n".join(listing) + "\n")


if __name__ == "__main__":
    main()
