"""The colours of static/src/palette.json, for what Python draws: charts, the PDF's drawings and Excel's fills."""

from __future__ import annotations

import json

from django.conf import settings

from indicators.calculations.vocabulary import Rating

COLOURS: dict[str, str] = json.loads((settings.BASE_DIR / "static/src/palette.json").read_text(encoding="utf-8"))
# Behind black text in workbooks, in Excel's notation; what is not rated has none.
RATING_FILLS = {
    Rating.GREEN: COLOURS["good-fill"].upper(),
    Rating.AMBER: COLOURS["amber-fill"].upper(),
    Rating.RED: COLOURS["bad-fill"].upper(),
}
