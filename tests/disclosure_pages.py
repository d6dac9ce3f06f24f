"""What the attacker reads of whole pages and files: tables, drawings, the data of charts, sheets, reports compared.

As little as the attacker itself does it share code with what draws them: it takes HTML and JSON apart.
"""

import csv
import io
import json
import re
import zipfile
from fractions import Fraction
from html import unescape
from itertools import pairwise

from pypdf import PdfReader
from python_calamine import CalamineWorkbook

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


# The report's page

REPORT_LINE = re.compile(r'<span class="reference">([^<]*)</span>\s*<span class="title">(.*?)</tbody>', re.DOTALL)
MONTH_CELL = re.compile(
    r'<td role="cell" class="col-month[^"]*" data-label="([A-Z][a-z]{2}) (\d{4})">(.*?)</td>', re.DOTALL
)
SPARK = re.compile(r'<svg class="spark" [^>]*aria-label="([^"]*)">(.*?)</svg>', re.DOTALL)
WORDS_OF_TREND = re.compile(r"(?:From|to|lowest|highest) (\S+) in ([A-Z][a-z]+) (\d{4})")
PLACES = re.compile(r"(-?[\d.]+),(-?[\d.]+)")
SPARK_LEFT, SPARK_STEP, SPARK_TOP, SPARK_BOTTOM = 4, 100 / 12, 4, 26


def read_report_page(attacker, html, latest):
    """The month cells of the table, and the small drawings; `latest` is the month they lead up to."""
    for reference, line in REPORT_LINE.findall(html):
        for name, year, cell in MONTH_CELL.findall(line):
            _learn(attacker, (unescape(reference), month_of(name, year)), plain(cell))
    read_sparks(attacker, html, latest)


def read_sparks(attacker, html, latest):
    """The small drawings of 13 months alone."""
    for reference, line in REPORT_LINE.findall(html):
        for words, drawing in SPARK.findall(line):
            read_spark(attacker, unescape(reference), words, drawing, latest)


def read_spark(attacker, reference, words, drawing, latest):
    """A drawing without numbers: its words have the lowest and the highest, and the others lie between them."""
    ends = []
    for text, name, year in WORDS_OF_TREND.findall(words):
        _learn(attacker, (reference, month_of(name, year)), text)
        if (number := shown_number(text)) is not None:
            ends.append(number)
    if not ends:
        return
    low, high = min(ends), max(ends)
    for x, y in _points_of(drawing):
        # A pixel is given to a tenth; at either end of it the highest and the lowest are as far off as they may be.
        share = (SPARK_BOTTOM - Fraction(y)) / (SPARK_BOTTOM - SPARK_TOP)
        slack = Fraction(1, 20) / (SPARK_BOTTOM - SPARK_TOP)
        span = high[1] - low[0]
        month = months_before(latest, 12 - round((float(x) - SPARK_LEFT) / SPARK_STEP))
        if high[0] > low[1]:
            at_least = low[0] + (share - slack) * (high[0] - low[1])
            attacker.learn((reference, month), max(low[0], at_least), low[1] + (share + slack) * span)


def _points_of(drawing):
    yield from PLACES.findall(" ".join(re.findall(r'points="([^"]*)"', drawing)))
    yield from re.findall(r'<circle[^>]* cx="([\d.]+)" cy="([\d.]+)"', drawing)


def months_before(month, back):
    place = int(month[:4]) * 12 + int(month[5:]) - 1 - back
    return f"{place // 12}-{place % 12 + 1:02}"


# An indicator's drawing


TICK = re.compile(r'<text class="tick" x="([\d.]+)" y="([\d.]+)" text-anchor="(end|middle)">([^<]*)</text>')
FIGURES = re.compile(r'<polyline class="figures" points="([^"]*)"')
DOT = re.compile(r'<circle class="point" cx="([\d.]+)" cy="([\d.]+)"')
SHAPE = re.compile(r'<polygon class="point [^"]*" points="([^"]*)"')


def read_drawing(attacker, reference, html):
    """The chart as it is drawn: where its points lie beside the numbers and months at its axes."""
    for svg in re.findall(r'<svg class="chart-svg".*?</svg>', html, re.DOTALL):
        ticks = TICK.findall(svg)
        scale = [(Fraction(y) - 4, Fraction(text.replace(",", ""))) for _, y, side, text in ticks if side == "end"]
        names = [(float(x), text.split()) for x, _, side, text in ticks if side == "middle"]
        if len(scale) < 2:
            continue
        (top, least), (bottom, most) = scale[0], scale[-1]
        per_pixel = (most - least) / (bottom - top)
        (end, (name, year)) = max(names)
        latest = month_of(name, f"20{year}")
        others = sorted(x for x, _ in names)
        points = PLACES.findall(" ".join(FIGURES.findall(svg))) + DOT.findall(svg)
        points += [_middle(PLACES.findall(shape)) for shape in SHAPE.findall(svg)]
        places = sorted({float(x) for x, _ in points} | set(others))
        step = min((b - a for a, b in pairwise(places) if b - a > 1), default=1)
        for x, y in points:
            value, slack = least + (Fraction(y) - top) * per_pixel, abs(per_pixel) / 5
            month = months_before(latest, round((end - float(x)) / step))
            attacker.learn((reference, month), value - slack, value + slack)


def _middle(corners):
    """A shape lies about its point: half-way between its corners from left to right."""
    xs, ys = [float(x) for x, _ in corners], [Fraction(y) for _, y in corners]
    # A triangle reaches 7 above its point and 5 below; the others as far above as below.
    return (min(xs) + max(xs)) / 2, min(ys) + 7 if len(corners) == 3 else (min(ys) + max(ys)) / 2


# Two reports compared

COMPARED = re.compile(
    r'<th scope="row"><span class="reference">([^<]*)</span>.*?</th>\s*<td class="number"[^>]*>(.*?)</td>\s*'
    r'<td class="number"[^>]*>(.*?)</td>\s*<td data-label="Change">(.*?)</td>',
    re.DOTALL,
)
REVISED = re.compile(
    r'<th scope="row"><span class="reference">([^<]*)</span>[^<]*</th>\s*'
    r'<td data-label="What">([A-Z][a-z]+) (\d{4})</td>\s*'
    r'<td data-label="As published" class="words">(.*?)</td>\s*<td data-label="Now" class="words">(.*?)</td>',
    re.DOTALL,
)
PERCENTAGE = re.compile(r"[+−-]?[\d,.]+%")


def read_comparison(attacker, html, earlier, later):
    """Both reports' latest figures, the change from one to the other, and what was revised."""
    for reference, before, after, moved in COMPARED.findall(html):
        variables = [(unescape(reference), month) for month in (earlier, later)]
        for variable, cell in zip(variables, (before, after), strict=True):
            _learn(attacker, variable, plain(cell))
        found = PERCENTAGE.search(plain(moved))
        number = shown_number(found[0].replace("−", "-").lstrip("+")) if found else None
        if number is not None and earlier != later:
            low, high = (1 + end / 100 for end in number)
            attacker.linear([(variables[1], 1), (variables[0], -high)], None, 0)
            attacker.linear([(variables[1], 1), (variables[0], -low)], 0, None)
    for reference, name, year, _, now in REVISED.findall(html):
        _learn(attacker, (unescape(reference), month_of(name, year)), plain(now))


# Files


def read_tidy(attacker, bundle):
    """Open data: one row a month, with numerator and denominator."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        [name] = [name for name in archive.namelist() if not name.endswith("meta.csv")]
        for row in csv.DictReader(archive.read(name).decode().splitlines()):
            month = month_of(row["time_identifier"], row["time_period"])
            for column, text in row.items():
                part = {"numerator": ("n",), "denominator": ("d",)}.get(column, ())
                if part or column.startswith("figure_"):
                    _learn(attacker, (row["reference"], month, *part), text)


def read_workbook(attacker, content):
    """Every sheet with a reference in each row: months side by side, or one below the other."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        heads = next((row for row in rows if {"Ref", "ref", "Reference"} & set(map(str, row))), None)
        if heads is None:
            continue
        at = next(place for place, head in enumerate(heads) if head in ("Ref", "ref", "Reference"))
        for row in rows[rows.index(heads) + 1 :]:
            line = dict(zip(map(str, heads), row, strict=False))
            for head, cell in line.items():
                if re.fullmatch(r"\d{4}-\d{2}", head):
                    _learn_cell(attacker, (row[at], head), cell)
            if "Month" in line and "Figure" in line:
                month = month_of(*line["Month"].split())
                _learn_cell(attacker, (row[at], month), line["Figure"])


def _learn_cell(attacker, variable, cell):
    """A number in a sheet is exact. Of a percentage the attacker takes what can be a count: shares are below 1."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and float(cell).is_integer():
        attacker.learn(variable, Fraction(cell))
    elif isinstance(cell, str):
        _learn(attacker, variable, cell)


def read_paper(attacker, content, month):
    """The paper's text, in which the six months of a line stand after its reference and title."""
    for page in PdfReader(io.BytesIO(content)).pages:
        for reference, figures in ON_PAPER.findall(page.extract_text()):
            for back, text in enumerate(reversed(figures.split())):
                _learn(attacker, (reference, months_before(month, back)), text)


ON_PAPER = re.compile(r"^(\w+) Title of \w+((?: (?:\[\w+\]|[\d,.]+%?)){6}) ", re.MULTILINE)
