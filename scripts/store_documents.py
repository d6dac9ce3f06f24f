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

TERMS = {
    "value": 24,
    "tolerance": 2,
    "sense": "between",
    "upper": 36,
    "shape": "typed",
    "rests_on": "figure",
    "steps": [6, 12, 18, 24],
    "upper_steps": [9, 18, 27, 36],
    "group": "england",
    "is_strict": True,
}
AIM = {"low": 18, "high": 27, "tolerance": 2, "is_strict": True}


def fill(plain: dict[str, Any]) -> None:
    """What no document of an earlier number can have."""
    row = plain["report"]["sections"][0]["rows"][0]
    row["measure"] |= MEASURE
    figure = {"value": 20, "blank": "awaited", "stage": "final", "numerator": 20, "denominator": 1, "note": "So far."}
    row["totals"] = dict.fromkeys(("to_date", "last_year", "whole_last_year", "before"), figure)
    row["earlier"] = [{"month": "2019-09-01", "figure": figure}]
    target = {"year": 2020, "terms": TERMS, "note": "As agreed.", "meaning": {"aim": AIM, "because": "the step"}}
    row |= {"target": target, "latest_target": target, "targets": [target, *row["targets"][1:]]}
    first = min(plain["pages"], key=int)
    plain["pages"][first]["measure"] |= MEASURE
    plain["pages"][first]["targets"] = [target]
    plain["pages"][first]["points"][-1] |= {"target": 18, "target_upper": 27, "total": "20"}


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
