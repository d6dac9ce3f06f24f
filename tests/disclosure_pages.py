"""What the attacker reads of whole pages: a report's table, an indicator's page and the data of its chart.

As little as the attacker itself does it share code with what draws them: it takes HTML and JSON apart.
"""

import json
import re
from fractions import Fraction
from html import unescape

from tests.disclosure_attacker import shown_number

NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS = {name: place for place, name in enumerate(NAMES, 1)}
LINE = re.compile(r'<th scope="row">([A-Z][a-z]{2}) (\d{4})</th>\s*<td class="number figure">(.*?)</td>', re.DOTALL)
PARTS = re.compile(r'</td>\s*<td class="number">([\d,.]+) of ([\d,.]+)</td>')
FIGURE_IN_WORDS = re.compile(r"([A-Z][a-z]{2})[a-z]* (\d{4}): (-?[\d,.]*\d%?)")


def plain(html):
    """Its words, without the tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", str(html)))).strip()


def month_of(name, year):
    return f"{year}-{MONTHS[name[:3]]:02}"


def read_chart(attacker, reference, text):
    """The first line of a chart has the figures, exactly; its words have them as displayed."""
    chart = json.loads(text)
    months = [month_of(*label.split()) for label in chart["labels"]]
    data = chart["datasets"][0]["data"] if chart["datasets"] else []
    for month, number in zip(months, data, strict=False):
        if number is not None:
            attacker.learn((reference, month), Fraction(number).limit_denominator(10**6))
    for words in chart["readouts"]:
        _read_words(attacker, reference, words)
    has_gap = any("suppressed" in words for words in chart["readouts"])
    if has_gap and {"Mean", "Upper limit", "Lower limit"} & {line["label"] for line in chart["datasets"]}:
        attacker.leaks.append((reference, "mean"))


def read_indicator_page(attacker, reference, html):
    """The table of the figures, and what they are made up of."""
    for line in LINE.finditer(html):
        month = month_of(line[1], line[2])
        _learn(attacker, (reference, month), plain(line[3]))
        parts = PARTS.match(html, line.end() - len("</td>"))
        if parts:
            for part, text in zip("nd", parts.groups(), strict=True):
                _learn(attacker, (reference, month, part), text)
    _read_words(attacker, reference, plain(html))


def _read_words(attacker, reference, words):
    for name, year, text in FIGURE_IN_WORDS.findall(words):
        if name in MONTHS:
            _learn(attacker, (reference, month_of(name, year)), text)


def _learn(attacker, variable, text):
    if (number := shown_number(text)) is not None:
        attacker.learn(variable, *number)
