"""A reader who wants to know suppressed figures: reads what is published, knows the definitions, and works out bounds.

Shares no code with what it attacks. It knows how figures are displayed (rounded half away from zero), what changes,
averages and maxima are, how indicators hang together, and that 0 is always shown.
"""

import csv
import io
import json
import re
from fractions import Fraction
from math import ceil, floor

PLENTY = 10**6
HALF = Fraction(1, 2)
SHORT = re.compile(r"^-?[\d,]+(\.\d+)?%?$")


class Attacker:
    """Bounds for whole numbers, narrowed by linear constraints until nothing changes any more."""

    def __init__(self):
        self.bounds = {}
        self.constraints = []
        self.hidden = set()
        self.leaks = []

    def hide(self, variable, low=1):
        if variable not in self.bounds:
            self.hidden.add(variable)
            self.bounds[variable] = (Fraction(low), Fraction(PLENTY))

    def learn(self, variable, low, high=None):
        high = low if high is None else high
        before = self.bounds.get(variable, (Fraction(0), Fraction(PLENTY)))
        self.bounds[variable] = (max(before[0], Fraction(low)), min(before[1], Fraction(high)))

    def linear(self, terms, low=None, high=None):
        self.constraints.append(([(v, Fraction(f)) for v, f in terms if f], low, high))

    def work_out(self, rounds=60):
        useful = [
            one
            for one in self.constraints
            if any(v in self.hidden for v, _ in one[0]) and all(v in self.bounds for v, _ in one[0])
        ]
        for _ in range(rounds):
            before = dict(self.bounds)
            for terms, low, high in useful:
                self._narrow(terms, low, high)
            if self.bounds == before:
                break
        return self.bounds

    def _narrow(self, terms, low, high):
        for variable, factor in terms:
            if variable not in self.hidden:
                continue
            others = [(self.bounds[v], f) for v, f in terms if v != variable]
            least = sum(f * (b[0] if f > 0 else b[1]) for b, f in others)
            most = sum(f * (b[1] if f > 0 else b[0]) for b, f in others)
            ends = [None if high is None else (high - least) / factor, None if low is None else (low - most) / factor]
            upper, lower = ends if factor > 0 else reversed(ends)
            mine = self.bounds[variable]
            new_low = mine[0] if lower is None else max(mine[0], lower)
            new_high = mine[1] if upper is None else min(mine[1], upper)
            self.bounds[variable] = (Fraction(ceil(new_low)), Fraction(floor(new_high)))

    def given_away(self):
        """The suppressed numbers that lie between 1 and 5 with fewer than three whole numbers to choose from."""
        self.work_out()
        found = []
        for variable in sorted(self.hidden, key=str):
            low, high = self.bounds[variable]
            if low >= 1 and high <= 5 and high - low + 1 < 3:
                found.append((variable, low, high))
        return found + self.leaks


def shown_number(text):
    """Bounds of the figure behind a displayed one; None for anything else."""
    text = text.split(" [")[0].strip()
    if not SHORT.match(text):
        return None
    bare = text.rstrip("%").replace(",", "")
    half = HALF / 10 ** len(bare.partition(".")[2])
    value = Fraction(bare)
    return value - half, value + half


def read_row(attacker, reference, months, cells, *, average, maximum, change_month, change_year, is_count):
    """A line as displayed: its months with their texts oldest first, and what is worked out from them."""
    for month, text in zip(months, cells, strict=True):
        if text == "[c]":
            attacker.hide((reference, month), low=1 if is_count else 0)
        elif (number := shown_number(text)) is not None:
            attacker.learn((reference, month), *number)
    window = [(reference, month) for month, text in zip(months[-12:], cells[-12:], strict=True) if is_figure(text)]
    if (number := shown_number(average)) is not None and window:
        attacker.linear([(v, 1) for v in window], number[0] * len(window), number[1] * len(window))
    if (number := shown_number(maximum)) is not None:
        for variable in window:
            attacker.linear([(variable, 1)], None, number[1])
    for text, back in ((change_month, 2), (change_year, 13)):
        number = shown_number(text)
        if number is not None and len(months) >= back:
            low, high = (1 + end / 100 for end in number)
            now, then = (reference, months[-1]), (reference, months[-back])
            attacker.linear([(now, 1), (then, -high)], None, 0)
            attacker.linear([(now, 1), (then, -low)], 0, None)


def is_figure(text):
    return text in ("[c]", "[low]", "[high]") or shown_number(text) is not None


def read_json(attacker, text):
    """The report as JSON: exact figures, with numerators and denominators."""
    report = json.loads(text)
    for section in report["sections"]:
        for row in section["rows"]:
            months = list(row["months"])
            cells = [cell["text"] for cell in row["months"].values()]
            read_row(
                attacker,
                row["ref"],
                months,
                cells,
                average=row["average_12m"]["text"],
                maximum=row["maximum_12m"]["text"],
                change_month=row["change_month"]["text"],
                change_year=row["change_year"]["text"],
                is_count=row["unit"] == "count",
            )
            for month, cell in row["months"].items():
                for part, name in (("value", None), ("numerator", "n"), ("denominator", "d")):
                    if cell[part] is not None:
                        variable = (row["ref"], month) if name is None else (row["ref"], month, name)
                        attacker.learn(variable, Fraction(cell[part]))
            _read_exact(attacker, row, months, cells)
            _read_marks(attacker, row, months, cells)


def _read_exact(attacker, row, months, cells):
    """Average and changes as JSON has them, without rounding."""
    window = [(row["ref"], month) for month, text in zip(months[-12:], cells[-12:], strict=True) if is_figure(text)]
    mean = row["average_12m"]["value"]
    if mean is not None:
        attacker.linear([(v, 1) for v in window], *[Fraction(mean) * len(window)] * 2)
    for name in ("change_month", "change_year"):
        if row[name]["value"] is not None:
            now, then = (row["ref"], row[name]["to"]), (row["ref"], row[name]["from"])
            attacker.linear([(now, 1), (then, -1 - Fraction(row[name]["value"]))], 0, 0)


def _read_marks(attacker, row, months, cells):
    """What tells of a suppressed figure without a number."""
    hidden = [month for month, text in zip(months, cells, strict=True) if text == "[c]"]
    if not hidden:
        return
    if row["signal"]["variation"] is not None or row["signal"]["rule"] is not None:
        attacker.leaks.append((row["ref"], "signal"))
    if hidden[-1] == months[-1] and row["rag"] in ("red", "amber", "green"):
        attacker.leaks.append((row["ref"], "rating"))
    if re.search(
        r"\b(?:\d{1,3}%?|one|two|three|four|five|single|couple)\b(?! (?:January|February))", row["commentary"]
    ):
        attacker.leaks.append((row["ref"], "text"))


def read_csv(attacker, text):
    """The report as CSV: the six months shown."""
    for record in csv.DictReader(io.StringIO(text)):
        for name, cell in record.items():
            if re.match(r"\d{4}-\d{2}$", name) and (number := shown_number(cell)) is not None:
                attacker.learn((record["ref"], name), *number)


def read_page_csv(attacker, reference, text):
    """An indicator's page as CSV: all its months, exact; mean and limits tell of every figure that they rest on."""
    records = list(csv.DictReader(io.StringIO(text)))
    for record in records:
        variable = (reference, record["month"])
        for part, name in (("value", None), ("numerator", "n"), ("denominator", "d")):
            if record[part] and "." not in record[part]:
                attacker.learn(variable if name is None else (*variable, name), Fraction(record[part]))
    if any(record["figure"] == "[c]" for record in records) and any(record["mean"] for record in records):
        attacker.leaks.append((reference, "mean"))


def read_cells(attacker, reference, months, texts):
    """A line of the page's HTML: the text of its month cells."""
    for month, text in zip(months, texts, strict=True):
        if (number := shown_number(re.sub(r"<[^>]+>", "", str(text)))) is not None:
            attacker.learn((reference, month), *number)


def reckon(attacker, definitions, months):
    """What the definitions say: ratios of other indicators, sums, stocks and limits, for each month."""
    for reference, kind, *parts in definitions:
        for place, month in enumerate(months):
            mine = (reference, month)
            if kind == "ratio":
                _reckon_ratio(attacker, mine, month, *parts)
            elif kind == "sum":
                attacker.linear([(mine, 1), *(((one, month), -1) for one in parts[0])], 0, 0)
            elif kind == "limit":
                attacker.linear([((parts[0], month), 1), (mine, -1)], 0, None)
            elif kind == "stock" and place:
                tops = [((one, month), -1) for one in parts[0]] + [((one, month), 1) for one in parts[1]]
                terms = [(mine, 1), ((reference, months[place - 1]), -1), *tops]
                attacker.linear(terms, -parts[2], parts[2])


def _reckon_ratio(attacker, mine, month, factor, tops, bottoms):
    tops, bottoms = [((one, month), 1) for one in tops], [((one, month), 1) for one in bottoms]
    for part, terms in (("n", tops), ("d", bottoms)):
        known = attacker.bounds.get((*mine, part))
        if known and terms:
            attacker.linear(terms, *known)
    figure = attacker.bounds.get(mine)
    if figure and mine not in attacker.hidden and bottoms:
        low, high = figure
        attacker.linear([*((v, factor) for v, _ in tops), *((v, -high) for v, _ in bottoms)], None, 0)
        attacker.linear([*((v, factor) for v, _ in tops), *((v, -low) for v, _ in bottoms)], 0, None)
    if bottoms:
        attacker.hide((*mine, "rest"), low=0)
        attacker.linear([((*mine, "rest"), 1), *tops, *((v, -1) for v, _ in bottoms)], 0, 0)
