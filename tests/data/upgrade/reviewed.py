"""What later versions say otherwise of the earlier database, each reviewed: an answer of today as it was before.

Only what is named here may differ; whatever else does makes tests/scorecard/test_upgrade.py fail.
"""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from scorecard.files.csv_and_json import csv_text

# Columns that were added at the end.
ADDED_COLUMNS = {
    "report.csv": ("warnings", "breaks", "period", "figure"),
    "figures.csv": ("break", "period", "baseline", "target_upper", "year_to_date"),
    # Within the archive of open data.
    "families.csv": ("period",),
}
# A line of its own, where a workbook says how to read it.
ADDED_LINE = "[b]: counted differently from then on. It follows the first such figure"
# A target has all the decimals that it was set with. In a workbook and as a chart's number it always had.
TARGET = (r"\b54\.5\b(?![%\d])", "55")
# Pages of which only a checksum was kept. M2, LAC1 and YO2 have comparators whose basis isn't known: no line is drawn
# for these, and the axis may be shorter. Limits of M8-QL that are less than 100% and round to it are [high].
# Beside a figure that isn't the month's own stands its period, which has a number.
PAGES = re.compile(
    r"/indicators/(?:(?:2|8|10)/chart\.json|(?:2|5|8|10)/(?:\?months=all)?)$|/compare/\?earlier=2020-11$"
)
# Patterns and what stood there, with the reason.
WORDS = (
    # A comparator whose basis nobody knows is not compared, and both it and the page say so.
    (r"basis not known, out of date \(2016-17\)", "out of date (2016-17), basis not stated"),
    (r"basis not known, year not stated", "year and basis not stated"),
    (r'"basis not known",\s*"year not stated"', '"year and basis not stated"'),
    (
        r'"basis not known",(\s*)"out of date \(2016-17\)"',
        r'"out of date (2016-17)",\1"basis not stated"',
    ),
    (r"\d+ indicators? ha(?:s|ve) comparators of which nobody has said", ""),
    # 100% that is not all has a mark of its own, which the key and the workbooks explain.
    (r"\[high\]: less than 100%, but rounds to it\. 100% always means all\.", ""),
    # A change of counting is marked.
    (r"Worked out afresh from here \[b\]", "Worked out afresh from here"),
    # Changes of counting have their place in the JSON.
    (r',\n *"(?:across_break|first_after_break)": (?:true|false)', ""),
    (r'\n *"breaks": \[\],', ""),
    # A chart tells which of its points a baseline is fixed on, and what its axis counts.
    (r'"baselines": \[\], |, "baselines": \[\]', ""),
    (r'"unit": "[^"]*", |, "unit": "[^"]*"', ""),
    # The foot of a page says which version drew it.
    (r' *<p class="footer-version">Version [^<]*</p>\n', ""),
    # Where small counts are hidden, key and files say which are small.
    (r'\n *"hides_up_to": \d+,', ""),
    (r"a count of 1 to 5, or a figure that would give one away", ""),
    # Where a target lies between two figures there is a band; how a comparator was published stands beside it.
    (r'"bands": \[\], |, "bands": \[\]', ""),
    (r'\n *"published": null,', ""),
    # Open data say which period a figure is of.
    (r"period,Filter,Period of the figure,[^\n]*\n", ""),
)


def as_before(address: str, content: bytes) -> bytes:
    """The content of a page or a text file without what was added and reworded."""
    file = address.partition("?")[0].rpartition("/")[2]
    if file.endswith((".xlsx", ".zip")):
        return content
    text = content.decode()
    if file in ADDED_COLUMNS:
        text = _without(ADDED_COLUMNS[file], text)
    if file != "figures.csv":
        text = re.sub(TARGET[0] if file != "chart.json" else f"(?<=Target ){TARGET[0]}", TARGET[1], text)
    return words_before(text).encode()


def words_before(said: Any) -> Any:
    """The same of a text, or of all texts in lists and dicts, as the cells of a workbook are read."""
    if isinstance(said, dict):
        return {name: words_before(_without(ADDED_COLUMNS.get(name, ()), one)) for name, one in said.items()}
    if isinstance(said, list):
        return [words_before(one) for one in said if not (one and str(one[0]).startswith(ADDED_LINE))]
    for pattern, before in WORDS:
        said = re.sub(pattern, before, said)
    return said


def _without(columns: tuple[str, ...], text: Any) -> Any:
    if not columns:
        return text
    rows = [*csv.reader(io.StringIO(text, newline=""))]
    kept = [place for place, name in enumerate(rows[0]) if name not in columns]
    return csv_text([[row[place] for place in kept] for row in rows])
