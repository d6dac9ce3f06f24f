"""The colours that carry meaning, from palette.json: read by Python here, by the front end when it is built."""

from __future__ import annotations

import json
from pathlib import Path

from indicators.calculations.vocabulary import Rating

COLOURS: dict[str, str] = json.loads(Path(__file__).with_name("palette.json").read_text(encoding="utf-8"))
# Behind black text in workbooks; what is not rated has none. Excel's own notation is in capitals.
RATING_FILLS = {rating: COLOURS[f"fill-{rating.value}"].upper() for rating in (Rating.GREEN, Rating.AMBER, Rating.RED)}
