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


def fill(plain: dict[str, Any]) -> None:
    """What no document of an earlier number can have."""
    if plain["report"]["rounded_to"]:
        return
    plain["report"]["rounded_to"] = 5
    for pages in (plain["pages"], plain["long_pages"]):
        for page in pages.values():
            page["rounded_to"] = 5


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from scorecard.publication.document import FrozenReport, write_document
    from scorecard.publication.format import FORMAT, PAGE, REPORT
    from scorecard.publication.upgrades import upgraded

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
