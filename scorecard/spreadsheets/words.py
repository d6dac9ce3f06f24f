"""What the words of a heading say that its column is for; and the words that councils fill such columns with."""

from __future__ import annotations

import re
from enum import StrEnum


class ColumnRole(StrEnum):
    """What a column is for."""

    REFERENCE = "reference"
    TITLE = "title"
    DEFINITION = "definition"
    SECTION = "section"
    OUTCOME = "outcome"
    OWNER = "owner"
    REPORTER = "reporter"
    POLARITY = "polarity"
    FREQUENCY = "frequency"
    UNIT = "unit"
    PERIOD = "period"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    VALUE = "value"
    PREVIOUS = "previous"
    FIGURES = "figures of a period"
    TARGET = "target"
    COMPARATOR = "comparator"
    STATUS = "status"
    CHANGE = "change"
    ARROW = "arrow"
    AVERAGE = "average"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    BEST = "best"
    TOTAL = "total"
    COMMENTARY = "commentary"
    IGNORED = "ignored"


def _any(*words: str) -> str:
    """A pattern for any of the words, each a pattern itself, as whole words."""
    return rf"\b(?:{'|'.join(words)})\b"


_REGIONS = (
    *("south east", "south west", "north east", "north west", "east midlands", "west midlands", "east of england"),
    *("yorkshire(?: (?:and|&) (?:the )?humber)?", "inner london", "outer london", "london", "wales", "scotland"),
)
_PEERS = (
    *("(?:statistical |nearest |cipfa |near )neighbours?", r"stat\.? neighbours?", "sns?", "nns?", "family group"),
    *("peers?", "peer group", "england", "eng", "national", r"nat\.?", "uk", "gb", "region(?:al)?", "se", *_REGIONS),
    *("shire districts", "unitaries", "unitary authorities", "metropolitan (?:boroughs|districts)", "districts"),
    *("counties", r"most similar \w+", "benchmark", "comparators?", "(?:top|upper|lower) quartile", "sector", "county"),
)
_OF_PEERS = (
    "average",
    r"avg\.?",
    "mean",
    "median",
    "rate",
    "figures?",
    "authorities",
    "value",
    "benchmark",
    "comparator",
)
PEERS = re.compile(
    rf"(?:(?:all|the|our|average of|mean of) )?(?:{'|'.join(_PEERS)})(?: (?:{'|'.join(_OF_PEERS)}))*\Z", re.IGNORECASE
)
_KIND_OF_MEASURE = r"(?:(?:measure|indicator|kpi|pi|performance indicator|metric)s? )?"
# The first that fits counts: what is worked out from figures, then who answers for them, then what they are of.
_ROLES: tuple[tuple[ColumnRole, str], ...] = (
    (
        ColumnRole.COMMENTARY,
        _any(
            "comments?",
            "commentary",
            "narrative",
            "explanation",
            "analysis",
            "what is behind",
            "behind this",
            "remarks?",
        ),
    ),
    (
        ColumnRole.CHANGE,
        _any("change", "variance", "difference", "movement", "% ?chg", "chg", "diff", r"vs\.? (?:last|previous|prior)")
        + r"|[+-]/[+-]",
    ),
    (ColumnRole.ARROW, _any(r"d\.?o\.?t\.?", "direction of travel", "travel", "arrow", "trend")),
    (ColumnRole.STATUS, _any("rag", "status", "b?rag rating", "traffic light", "rated")),
    (ColumnRole.AVERAGE, _any("average", "avg", "avge", "mean")),
    (ColumnRole.MAXIMUM, _any("max", "maximum", "highest", "peak")),
    (ColumnRole.MINIMUM, _any("min", "minimum", "lowest")),
    (ColumnRole.BEST, _any("best")),
    (ColumnRole.NUMERATOR, _any("numerator", "num")),
    (ColumnRole.DENOMINATOR, _any("denominator", "denom", "base", "out of", "cohort")),
    (
        ColumnRole.TARGET,
        _any(
            "targets?",
            "tgt",
            "goal",
            "plan(?:ned)?",
            "trajectory",
            "threshold",
            "ambition",
            "boundar(?:y|ies)",
            "aim for",
        ),
    ),
    (
        ColumnRole.POLARITY,
        _any(
            "polarity", "good is", "good to be", "good performance", "aim to", "better (?:is|if)", "is good", "desired"
        )
        + r"|\bgood\b\W*\Z",
    ),
    (
        ColumnRole.FREQUENCY,
        _any(
            "frequency", "freq", "how often", "period type", "type", "reported", "reporting cycle", "cycle", "collected"
        ),
    ),
    (ColumnRole.UNIT, _any("units?", "unit of measure", "format", "measured in", "uom")),
    (
        ColumnRole.REPORTER,
        _any("reporter", "data (?:provider|source|lead|contact|owner|from|team)", "provider", "supplied by", "source")
        + "|"
        + _any("contact", "inputter"),
    ),
    (
        ColumnRole.OWNER,
        _any("owner", "lead(?: officer| member)?", "accountable", "responsible(?: officer)?", "head(?: of service)?")
        + "|"
        + _any("director", "manager", "holder", "service head", "sponsor", "officer"),
    ),
    (
        ColumnRole.PERIOD,
        r"\A(?:reporting )?(?:period|month|quarter|date|as at|year|latest (?:period|month|quarter)|"
        r"period (?:end|ending)|data (?:to|as at|period|for))\Z",
    ),
    (
        ColumnRole.PREVIOUS,
        _any("previous", "prior", "last (?:period|month|quarter|year)", "same (?:period|month|quarter) last year"),
    ),
    (ColumnRole.TOTAL, _any("total", "ytd", "year to date", "sum", "cumulative", "rolling", "to date")),
    (
        ColumnRole.DEFINITION,
        _any(
            "definition", "how (?:it is )?(?:measured|calculated|worked out)", "calculation", "methodology", "rationale"
        ),
    ),
    (ColumnRole.OUTCOME, _any("outcome", "objective", "aim", "ambition", "so that")),
    (
        ColumnRole.REFERENCE,
        rf"\A{_KIND_OF_MEASURE}(?:refs?|reference|id|code|no|no\.|number|nr|#|ni|ref no|unique id)\.?\Z|\A(?:kpi|pi)\Z",
    ),
    (
        ColumnRole.SECTION,
        _any(
            "directorate",
            "theme",
            "section",
            "priority",
            "service(?: area)?",
            "category",
            "portfolio",
            "pillar",
            "domain",
        )
        + "|"
        + _any("department", "group", "area"),
    ),
    (
        ColumnRole.TITLE,
        _any("measures?", "indicators?", "description", "kpis?", "name", "title", "metrics?", "what we measure")
        + "|"
        + _any("performance", "activity"),
    ),
    (
        ColumnRole.VALUE,
        _any(
            "value",
            "actual",
            "figure",
            "result",
            "outturn",
            "latest",
            "current",
            "score",
            "this (?:month|quarter|period)",
        )
        + "|"
        + _any("reported", "data", "count"),
    ),
)
_COMPILED = tuple((role, re.compile(shape, re.IGNORECASE)) for role, shape in _ROLES)
_TIDY = re.compile(r"[\s_]+")
# A heading that says outright what it is, before rules that look for words in longer ones.
_WHOLE = {
    **dict.fromkeys(("value", "actual", "performance", "result", "outturn", "latest", "current"), ColumnRole.VALUE),
    **dict.fromkeys(("this month", "this quarter", "latest value", "latest figure"), ColumnRole.VALUE),
    "notes": ColumnRole.COMMENTARY, "note": ColumnRole.COMMENTARY, "type": ColumnRole.FREQUENCY,
    "performance measure": ColumnRole.TITLE, "performance indicator": ColumnRole.TITLE, "measure type": ColumnRole.UNIT,
    "data type": ColumnRole.UNIT, "ref": ColumnRole.REFERENCE, "low": ColumnRole.TARGET, "high": ColumnRole.TARGET,
    "good performance": ColumnRole.POLARITY, "action": ColumnRole.COMMENTARY, "actions": ColumnRole.COMMENTARY,
    "service": ColumnRole.SECTION, "team": ColumnRole.REPORTER, "service head": ColumnRole.OWNER,
}  # fmt: skip


def role_of(heading: str) -> ColumnRole | None:
    """What a column with that heading is for; None where its words don't tell. Periods are not looked for here."""
    text = _TIDY.sub(" ", heading).strip(" :*").lower()
    if not text:
        return None
    if text in _WHOLE:
        return _WHOLE[text]
    if peer_in(text):
        return ColumnRole.COMPARATOR
    return next((role for role, shape in _COMPILED if shape.search(text)), None)


_YEARS = re.compile(
    r"\(?(?:20)?\d{2}\s*[-/\u2013]\s*(?:20)?\d{2}\)?|\b20\d{2}\b|\b(?:comparators?|benchmark|avg\.?|average)\b",
    re.IGNORECASE,
)


def peer_in(text: str) -> str:
    """Whom a heading or the title of a row compares with, without its year: England; empty where it compares nobody."""
    name = " ".join(_YEARS.sub(" ", text.replace("_", " ")).split()).strip(" -–:()")
    whole = " ".join(text.split()).strip(" -–:()")
    if name and PEERS.match(name):
        return name
    return whole if PEERS.match(whole) else ""


_HIGH = re.compile(
    r"\b(?:high|higher|bigger|big|up|increase|maximise|more|larger|max|above)\b|\u2191|\u25b2", re.IGNORECASE
)
_LOW = re.compile(
    r"\b(?:low|lower|smaller|small|down|decrease|minimise|less|fewer|min|below|reduce)\b|\u2193|\u25bc", re.IGNORECASE
)
_RANGE = re.compile(r"\b(?:range|between|within|stable|maintain)\b", re.IGNORECASE)


def polarity_in(text: str) -> str:
    """high, low or range as the cell of a column says which figures are wanted; empty where it doesn't tell."""
    if _RANGE.search(text):
        return "range"
    wants = [name for name, shape in (("high", _HIGH), ("low", _LOW)) if shape.search(text)]
    return wants[0] if len(wants) == 1 else ""


_UNWANTED = (
    *("fly-?tip", "complaint", "sick", "absen", "days lost", "re-?referral", "repeat", "missing", "missed", "empty"),
    *("vacan", "homeless", "wait", "overdue", "backlog", "unemploy", "claimant", "accident", "killed", "injur"),
    *("casualt", "arrears", "exclusion", "residual", "emission", "carbon", "temporary accommodation", "b&b"),
    *("out of area", "crime", "offend", r"fines?\b", "error", "below standard", "potholes reported", "turnover"),
    *("agency", "days to", "time to", "days from", "not in", "delayed", r"falls\b", "smok", "obes", r"late\b"),
    *("breach", "upheld", "re-let"),
)
_WANTED = (
    *("recycl", "collected", "satisf", "completed", "up to date", "attend", "achiev", "suitable", "first time"),
    *("delivered", "visitors", "visits", "good or outstanding", "stab", "immunis", "checks", "reviewed", "within"),
    *("in education", "employment", "savings"),
)
# Whatever it is of: complaints answered in time are wanted, though complaints are not.
_DONE_WELL = ("prevented", "in time", "on time", "answered", "resolved", "repaired")
_DONE_WITHIN = "(?:held|decided|completed|made|dealt with|processed|closed) (?:with)?in"


def likely_polarity(title: str) -> str:
    """high or low as measures of that name usually want it, to be confirmed; empty where it suggests none."""
    kinds = (("high", (*_DONE_WELL, _DONE_WITHIN)), ("low", _UNWANTED), ("high", _WANTED))
    return next((wanted for wanted, words in kinds if re.search("|".join(words), title, re.IGNORECASE)), "")


_FREQUENCIES = (
    ("monthly", r"\bmonth"), ("quarterly", r"\bquarter|\bqtr"), ("half-yearly", r"half|six[- ]month|bi-?annual"),
    ("annual", r"annual|year"), ("termly", r"term"), ("weekly", r"week"),
)  # fmt: skip


def frequency_in(text: str) -> str:
    """How often a measure is reported, as a cell says it; in one word; empty where it doesn't tell."""
    words = " ".join(text.split())
    counts = re.fullmatch(r"(3|three) (?:times )?(?:a|per) year", words, re.IGNORECASE)
    if counts:
        return "three a year"
    return next((name for name, shape in _FREQUENCIES if re.search(shape, words, re.IGNORECASE)), "")


_STATUSES = {
    "good": r"g|green|on target|good|met|achieved|above target|on track|better|b|blue|exceeded",
    "near": r"a|amber|within tolerance|acceptable|near(?:ly)?|slightly (?:below|off)(?: target)?|close|at risk|yellow",
    "bad": r"r|red|off target|poor|not met|missed|below target|worse|off track",
}  # fmt: skip
_STATUS = {name: re.compile(rf"(?:{shape})\Z", re.IGNORECASE) for name, shape in _STATUSES.items()}


def status_in(text: str) -> str:
    """good, near or bad, as a status is written in words or letters; empty for anything else."""
    words = " ".join(text.split()).strip()
    return next((name for name, shape in _STATUS.items() if shape.match(words)), "")


TOTAL_OF_SECTION = re.compile(r"(?:sub-?)?totals? (?P<section>.+)\Z", re.IGNORECASE)
TOTAL_ROW = re.compile(
    r"(?:grand |sub-?|sub |overall )?(?:totals?|averages?|mean|overall)(?: (?:for|of|all)\b.*)?\Z", re.IGNORECASE
)
NOTES = re.compile(r"(?:notes?|key|glossary|sources?|footnotes?|definitions)\b", re.IGNORECASE)
PART_ROW = re.compile(
    r"(?P<numerator>numerator|number(?= in time))|(?P<denominator>denominator|out of|cohort)", re.IGNORECASE
)
TARGET_ROW = re.compile(
    r"(?:the |monthly |our )?(?:target|plan|trajectory|goal)s?(?: \(?\d{4}[-/]\d{2,4}\)?)?\Z", re.IGNORECASE
)

_UNITS = (
    ("per", re.compile(r"\b(?:per|/)\s*(?P<base>\d{1,3}(?:,?\d{3})+|\d{2,})\b(?! working)", re.IGNORECASE)),
    ("£000", re.compile(r"£\s*(?:000s?|k\b|thousands?)", re.IGNORECASE)),
    ("£m", re.compile(r"£\s*(?:m\b|millions?)", re.IGNORECASE)),
    ("percentage", re.compile(r"%|\bper ?cent(?:age)?\b|\bproportion\b|\bpct\b", re.IGNORECASE)),
    ("£", re.compile(r"£|\bpounds\b|\bcost of\b", re.IGNORECASE)),
    ("tCO2e", re.compile(r"\btco2e?\b|tonnes of (?:co2|carbon)", re.IGNORECASE)),
    ("kg", re.compile(r"\bkgs?\b|kilograms?", re.IGNORECASE)),
    ("tonnes", re.compile(r"\btonnes?\b", re.IGNORECASE)),
    ("seconds", re.compile(r"\bsec(?:ond)?s?\b", re.IGNORECASE)),
    ("minutes", re.compile(r"\bmin(?:ute)?s?\b", re.IGNORECASE)),
    ("hours", re.compile(r"\bhours?\b|\bhrs\b", re.IGNORECASE)),
    ("days", re.compile(r"\bdays\b", re.IGNORECASE)),
    ("weeks", re.compile(r"\bweeks\b", re.IGNORECASE)),
    ("thousand", re.compile(r"\(?\b(?:000s?|thousands?|'000)\b\)?", re.IGNORECASE)),
    ("count", re.compile(r"\bnumber\b|\bcount\b|\bno\.|\bnumeric\b|\binteger\b", re.IGNORECASE)),
)  # fmt: skip
# “within 45 days”, “in 20 working days”, “for 2 years”: how long, not what is counted.
_TIME_LIMIT = re.compile(
    r"\b(?:within|in|under|over|for|than|to|every|after|of|last|up to|at least)\s+(?:the )?(?:\d+|\w+)\s+"
    r"(?:working |calendar |or more )?(?:days?|hours?|weeks?|months?|minutes?|seconds?)\b|"
    r"\b\d+\s*(?:working )?[- ]?(?:day|hour|week|minute)s?\b|\bdays? of\b",
    re.IGNORECASE,
)  # fmt: skip


def unit_in(text: str) -> str:
    """The unit that a title or the cell of a unit column names, as per 10,000, days or £000; empty where none."""
    words = _TIME_LIMIT.sub(" ", text)
    for name, shape in _UNITS:
        if found := shape.search(words):
            return f"per {int(found['base'].replace(',', '')):,}" if name == "per" else name
    return ""
