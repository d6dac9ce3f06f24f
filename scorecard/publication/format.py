"""The format of published documents: everything that stands in one, written down once, and apart from how it is made.

A field's name here is its name in every document there is. When a class of today calls it otherwise, say so here:
`rated_year=whole.called("target_year")`. An indicator's number is a `number`, not only `whole`: where a document was
published by another installation, it is read as a higher one. A field that a class has gained stays out
(`record(Row, "colour", …)`, with a default in the class) until it has to be published too. Then it gets a place here
with what it means where it is missing (`text.or_else("")`), and the format the next number.

The next number: FORMAT goes up; what makes a document of the number before into one of the new goes into UPGRADES;
tests/data/documents/ gets a folder with stored documents of the new number, and a new listing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from commentary.focus import FocusKind
from indicators.calculations import row
from indicators.calculations.aims import Meaning
from indicators.calculations.averages import Summary
from indicators.calculations.basis import Published
from indicators.calculations.change import NO_CHANGE_KNOWN, Break, Change
from indicators.calculations.figures import Figure
from indicators.calculations.measure import Measure
from indicators.calculations.moves import Move
from indicators.calculations.ranking import Order, Position
from indicators.calculations.rating import Aim, TargetTerms
from indicators.calculations.signal import Baseline, Signal
from indicators.calculations.spc import (
    Assurance,
    Chart,
    ChartChoice,
    Improvement,
    PointType,
    SpecialCause,
    Variation,
)
from indicators.calculations.totals import RunningTotals
from indicators.calculations.vocabulary import (
    Accumulation,
    Assessment,
    Blank,
    ComparatorPeriod,
    Frequency,
    GroupKind,
    Movement,
    OnBasis,
    Polarity,
    Rating,
    RestsOn,
    Scope,
    Sense,
    Shape,
    Stage,
    SuccessionKind,
    Unit,
)
from scorecard.indicator_page import facts as page
from scorecard.report import board

from .codec import DocumentError, day, exact, flag, many, maybe, moment, number, one_of, record, text, whole

FORMAT = 6

Plain = dict[str, Any]

# What a page and a line share

MEASURE = record(
    Measure,
    reference=text,
    title=text,
    definition=text,
    outcome=text,
    owner=text,
    reporter=text,
    unit=one_of(Unit),
    decimal_places=whole,
    polarity=one_of(Polarity),
    frequency=one_of(Frequency),
    scope=one_of(Scope),
    note=text,
    rate_base=maybe(whole),
    allows_negative=flag,
    year_starts=whole,
    due_months=many(whole),
    accumulation=one_of(Accumulation),
    is_seasonal=flag,
    seasonal_reason=text,
)
FIGURE = record(
    Figure,
    value=maybe(exact),
    blank=maybe(one_of(Blank)).or_else(None),
    stage=one_of(Stage).or_else(Stage.FINAL),
    numerator=maybe(exact).or_else(None),
    denominator=maybe(exact).or_else(None),
    note=text.or_else(""),
)
AIM = record(
    Aim,
    low=maybe(exact),
    high=maybe(exact),
    tolerance=exact,
    is_strict=flag,
)
TARGET = record(
    row.TargetCell,
    year=whole,
    terms=record(
        TargetTerms,
        value=maybe(exact),
        tolerance=exact.or_else(0),
        sense=one_of(Sense),
        upper=maybe(exact),
        shape=one_of(Shape),
        steps=many(exact),
        upper_steps=many(exact),
        rests_on=one_of(RestsOn),
        group=text,
        is_strict=flag,
        group_name=text,
    ),
    note=text,
    meaning=maybe(record(Meaning, aim=maybe(AIM), because=text)),
)
MOVE = record(
    Move,
    variation=one_of(Variation),
    figures=whole,
    lowest=exact,
    highest=exact,
    by_chance=flag,
)

# The report

CHANGE = record(
    Change,
    relative=maybe(exact),
    movement=maybe(one_of(Movement)),
    assessment=one_of(Assessment),
    suppressed=flag.or_else(missing=False),
)
GROUP = record(
    row.PeerGroup,
    code=text,
    name=text,
    short_name=text,
    said=text,
    kind=one_of(GroupKind),
    explanation=text,
)
_COMPARATOR: Plain = {
    "group": GROUP,
    "value": maybe(exact),
    "blank": maybe(one_of(Blank)),
    "year": maybe(whole),
    "source": text,
    "basis": text,
    "on_basis": one_of(OnBasis),
    "note": text,
    "is_stale": flag,
    "comparison": CHANGE,
    "year_starts": whole,
    "next_update": maybe(day),
}
COMPARATOR = record(
    row.ComparatorCell,
    **_COMPARATOR,
    published=record(Published, parts=text, period=maybe(one_of(ComparatorPeriod)), rule=text),
)
# A mapping's, whose basis says how it was put there.
NATIONAL = record(row.ComparatorCell, "published", **_COMPARATOR)
SERIES_LINK = record(
    row.SeriesLink,
    key=number,
    reference=text,
    title=text,
    month=day,
    kind=one_of(SuccessionKind),
    note=text,
    is_former=flag,
    has_page=flag,
)
ROW = record(
    row.Row,
    indicator=number,
    measure=MEASURE,
    months=many(day),
    figures=many(FIGURE),
    current=whole,
    change_month=CHANGE,
    change_year=CHANGE,
    summary=record(
        Summary,
        mean=maybe(exact),
        maximum=maybe(exact),
        months=whole,
        window=whole,
        suppressed=flag.or_else(missing=False),
    ),
    comparators=many(maybe(COMPARATOR)),
    targets=many(maybe(TARGET)),
    latest_target=maybe(TARGET),
    target=maybe(TARGET),
    rating=one_of(Rating),
    rated_year=whole,
    commentary=text,
    signal=record(
        Signal,
        variation=maybe(one_of(Variation)),
        assurance=maybe(one_of(Assurance)),
        trial=flag,
        has_limits=flag,
        chart=one_of(Chart),
        because=text,
        cause=one_of(SpecialCause),
        suppressed=flag.or_else(missing=False),
        figures=whole,
        move=maybe(MOVE),
        only_follows=maybe(number),
        is_seasonal=flag,
        not_seasonal=text,
        baseline=maybe(record(Baseline, month=day, periods=whole, reason=text)),
    ),
    year_before_value=maybe(exact),
    breaks=many(record(Break, month=day, reason=text)),
    earlier=many(record(row.PeriodFigure, month=day, figure=FIGURE)),
    series_links=many(SERIES_LINK),
    totals=maybe(record(RunningTotals, to_date=FIGURE, last_year=FIGURE, whole_last_year=FIGURE, before=FIGURE)),
)
FOCUS = record(
    board.Focus,
    title=text,
    response=text,
    raised_by=text,
    updates=many(record(board.FocusNote, date=day, text=text)),
    references=many(text),
    kind=one_of(FocusKind).or_else(FocusKind.AREA),
    detail=text.or_else(""),
    owner=text.or_else(""),
    due_on=maybe(day).or_else(None),
    opened_on=maybe(day).or_else(None),
    asked_in=maybe(day).or_else(None),
    closed_on=maybe(day).or_else(None),
)
REPORT = record(
    board.BoardReport,
    "restricted",
    "hides_up_to",
    slug=text,
    title=text,
    council=text,
    panel=text,
    region=text,
    month=day,
    meeting_date=maybe(day),
    summary=text,
    areas_of_focus=many(FOCUS),
    months=many(day),
    target_years=many(whole),
    financial_year=whole,
    sections=many(record(board.ReportSection, anchor=text, title=text, rows=many(ROW))),
    revised=many(
        record(
            board.Revised,
            "figures",
            indicator=maybe(number),
            reference=text,
            title=text,
            what=text,
            before=text,
            after=text,
            kind=one_of(board.RevisionKind),
        )
    ).or_else(()),
    # Always empty: it is known from the publication.
    published=text.or_else(""),
    council_code=text.or_else(""),
    region_code=text.or_else(""),
    derivations=many(
        record(
            board.Derivation,
            indicator=number,
            numerators=many(number),
            denominators=many(number),
            has_population=flag,
        )
    ),
    short_forms=many(record(board.ShortForm, short_form=text, meaning=text)),
    groups=many(GROUP),
    year_starts=whole,
    rounded_to=whole,
)

# An indicator's page

POINT = record(
    page.Point,
    month=day,
    figure=FIGURE,
    text=text,
    lines=record(
        page.Lines,
        mean=maybe(exact).or_else(None),
        lower=maybe(exact).or_else(None),
        upper=maybe(exact).or_else(None),
    ),
    cause=one_of(SpecialCause),
    kind=one_of(PointType),
    target=maybe(exact),
    commentary=text,
    rebase=text,
    baseline=text,
    is_fixed_on=flag,
    target_upper=maybe(exact),
    total=text,
)
VERDICT = record(
    page.Verdict,
    variation=one_of(Variation),
    assurance=maybe(one_of(Assurance)),
    trial=flag,
    has_limits=flag,
    improvement=one_of(Improvement),
    gap=maybe(exact),
    longest_usual_gap=maybe(exact),
)
LINK = record(page.Link, key=number, reference=text, title=text)
PAGE = record(
    page.IndicatorPage,
    # Read from the pages of the same document.
    "beside",
    key=number,
    month=day,
    measure=MEASURE,
    kind=text,
    # Always null: it is the report's.
    row=maybe(text).or_else(None),
    points=many(POINT),
    signal=record(
        page.SoundChart,
        choice=record(ChartChoice, chart=one_of(Chart), because=text),
        verdict=maybe(VERDICT),
        move=maybe(MOVE),
        is_seasonal=flag,
        not_seasonal=text,
    ),
    targets=many(TARGET),
    links=record(
        page.Links,
        numerators=many(LINK),
        denominators=many(LINK),
        population=text,
        feeds=many(LINK),
    ),
    ranks=many(
        record(
            page.Rank,
            group=GROUP,
            year=whole,
            standing=record(
                Position,
                rank=whole,
                of=whole,
                shared_with=whole,
                missing=whole,
                best_first=flag,
                order=one_of(Order),
                quarter=maybe(whole),
            ),
        )
    ),
    national=many(NATIONAL),
    revisions=many(
        record(
            page.Revision,
            at=moment,
            reference=text,
            month=day,
            before=text,
            after=text,
            who=text,
            why=text,
        )
    ),
    council=text,
    series_links=many(SERIES_LINK),
    rounded_to=whole,
)


# Documents of earlier numbers


def _with_verdicts(plain: Plain) -> Plain:
    """From 1 to 2: a page had all groups and points of its chart. What readers need of it is a verdict."""
    return {
        **plain,
        **{
            pages: {key: {**one, "signal": _with_verdict(one["signal"])} for key, one in plain[pages].items()}
            for pages in ("pages", "long_pages")
        },
    }


def _with_verdict(signal: Plain) -> Plain:
    chart = signal["result"]
    if chart is None:
        return {"choice": signal["choice"], "verdict": None}
    verdict = {name: chart[name] for name in ("variation", "assurance", "trial", "improvement")}
    latest = chart["groups"][-1] if chart["groups"] else {"values": [], "limits": []}
    verdict["has_limits"] = any(limits["upper_limit"] is not None for limits in latest["limits"])
    is_gap = signal["choice"]["chart"] == "g" and latest["values"]
    verdict["gap"] = latest["values"][-1] if is_gap else None
    verdict["longest_usual_gap"] = latest["limits"][-1]["upper_limit"] if is_gap else None
    return {"choice": signal["choice"], "verdict": verdict}


def _with_derivations(plain: Plain) -> Plain:
    """From 2 to 3: what a line is worked out from, and how many figures its signal rests on, stood on its page only.

    What is far from the figures before it, what only follows its denominators, and across which changes of counting
    figures were compared, was not told yet.
    """
    pages = plain["pages"]
    return {
        **plain,
        "report": {
            **plain["report"],
            "sections": [
                {**section, "rows": [_with_figures(row, pages) for row in section["rows"]]}
                for section in plain["report"]["sections"]
            ],
            "derivations": [
                {
                    "indicator": page["key"],
                    "numerators": [link["key"] for link in page["links"]["numerators"]],
                    "denominators": [link["key"] for link in page["links"]["denominators"]],
                    "has_population": bool(page["links"]["population"]),
                }
                for key, page in sorted(pages.items(), key=lambda one: int(one[0]))
                if page["links"]["numerators"]
            ],
        },
        **{
            name: {key: {**one, "signal": {**one["signal"], "move": None}} for key, one in plain[name].items()}
            for name in ("pages", "long_pages")
        },
    }


def _with_figures(row: Plain, pages: Plain) -> Plain:
    signal = {**row["signal"], "figures": 0, "move": None, "only_follows": None}
    page = pages.get(str(row["indicator"]))
    # What is suppressed isn't counted either.
    if page is not None and not signal.get("suppressed"):
        points = page["points"]
        start = max((place for place, point in enumerate(points) if point["rebase"]), default=0)
        signal["figures"] = sum(point["figure"]["value"] is not None for point in points[start:])
    return {**row, "signal": signal, "breaks": [], "comparators": [*map(_compared, row["comparators"])]}


def _compared(cell: Plain | None) -> Plain | None:
    """A comparator of unknown basis was still compared; it is not any more."""
    if cell is None or cell["on_basis"] != OnBasis.UNKNOWN:
        return cell
    return {**cell, "comparison": CHANGE.write(NO_CHANGE_KNOWN)}


_MEASURE_OF_BEFORE: Plain = {
    "rate_base": None,
    "allows_negative": False,
    "year_starts": 4,
    "due_months": [],
    "accumulation": Accumulation.NO.value,
    "is_seasonal": False,
    "seasonal_reason": "",
}


_TARGET_OF_BEFORE: Plain = {
    "sense": Sense.DIRECTION.value,
    "upper": None,
    "shape": Shape.EVERY_PERIOD.value,
    "steps": [],
    "upper_steps": [],
    "rests_on": RestsOn.FIGURE.value,
    "group": "",
    "is_strict": False,
}
# Every report's key had them all, whether they occurred or not.
_SHORT_FORMS_OF_BEFORE = {
    "CiN": "child in need",
    "CSE": "child sexual exploitation",
    "EHA and EHP": "early help assessment and plan",
    "IFA": "independent fostering agency",
    "ICPC and RCPC": "initial and review child protection conference",
    "MASH": "multi-agency safeguarding hub",
    "NEET": "not in education, employment or training",
    "S47": "enquiry under section 47 of the Children Act 1989",
    "SGO": "special guardianship order",
    "UASC": "unaccompanied asylum-seeking children",
}
_SEASON_OF_BEFORE: Plain = {"is_seasonal": False, "not_seasonal": ""}


def _with_any_measure(plain: Plain) -> Plain:
    """From 3 to 4: figures were counts, percentages or rates of a month or a quarter, in years from April.

    A target was one figure for every period. No baseline was fixed, nothing was judged by its season, nothing was added
    up over the year, and no indicator came after another.
    """

    def target(cell: Plain | None) -> Plain | None:
        return cell and {**cell, "terms": {**cell["terms"], **_TARGET_OF_BEFORE}, "meaning": None}

    def measured(one: Plain) -> Plain:
        signal = {**one["signal"], **_SEASON_OF_BEFORE}
        return {
            **one,
            "measure": {**one["measure"], **_MEASURE_OF_BEFORE},
            "signal": signal,
            "series_links": [],
            "targets": [*map(target, one["targets"])],
        }

    def line(row: Plain) -> Plain:
        found = measured(row)
        return {
            **found,
            "signal": {**found["signal"], "baseline": None},
            "comparators": [cell and {**cell, "year_starts": 4, "next_update": None} for cell in row["comparators"]],
            "latest_target": target(row["latest_target"]),
            "target": target(row["target"]),
            # Figures from before its 13 months stand on the line's own page.
            "earlier": [],
            "totals": None,
        }

    def page(one: Plain) -> Plain:
        return {
            **measured(one),
            "points": [
                {**point, "baseline": "", "is_fixed_on": False, "target_upper": None, "total": ""}
                for point in one["points"]
            ],
            "ranks": [{**rank, "standing": _ordered(rank["standing"], one["measure"])} for rank in one["ranks"]],
            "national": [],
        }

    return {
        **plain,
        "report": {
            **plain["report"],
            "sections": [{**section, "rows": [*map(line, section["rows"])]} for section in plain["report"]["sections"]],
            "short_forms": [
                {"short_form": form, "meaning": meaning} for form, meaning in _SHORT_FORMS_OF_BEFORE.items()
            ],
        },
        **{name: {key: page(one) for key, one in plain[name].items()} for name in ("pages", "long_pages")},
    }


def _ordered(standing: Plain, measure: Plain) -> Plain:
    """A rank that said only whether the best came first; which quarter it was in was not kept."""
    order = {Polarity.LOW.value: Order.LOWEST, Polarity.TARGET.value: Order.NEAREST}.get(measure["polarity"])
    return {**standing, "order": (order if order and standing["best_first"] else Order.HIGHEST).value, "quarter": None}


_PUBLISHED_OF_BEFORE: Plain = {"parts": "", "period": None, "rule": ""}


def _groups_of_before(region: str) -> dict[str, Plain]:
    """The three that every report had, by their codes; the last had the report's own name for its region."""
    neighbours = "The ten councils most like this one, as the Department for Education lists them."
    region = region or "Region"
    said = "the region" if region == "Region" else f"the {region} region"
    return {
        kind.value: {
            "code": kind.value,
            "name": name,
            "short_name": short_name,
            "said": said,
            "kind": kind.value,
            "explanation": explanation,
        }
        for kind, name, short_name, said, explanation in (
            (
                GroupKind.STATISTICAL_NEIGHBOURS,
                "Statistical neighbours",
                "SN",
                "statistical neighbours",
                neighbours,
            ),
            (GroupKind.ENGLAND, "England", "England", "England", ""),
            (GroupKind.REGION, region, "Region", said, ""),
        )
    }


def _with_groups(plain: Plain) -> Plain:
    """From 4 to 5: every report had the same three comparator groups, of which only the region had a name.

    Of a comparator only its figure on the row's basis was kept, and how it came there in words. The years of all
    headings began in April.
    """
    groups = _groups_of_before(plain["report"]["region"])
    said = {"": "", **{code: group["said"] for code, group in groups.items()}}

    def comparator(cell: Plain | None) -> Plain | None:
        return cell and {**cell, "group": groups[cell["group"]], "published": _PUBLISHED_OF_BEFORE}

    def target(cell: Plain | None) -> Plain | None:
        return cell and {**cell, "terms": {**cell["terms"], "group_name": said[cell["terms"]["group"]]}}

    def line(row: Plain) -> Plain:
        return {
            **row,
            "comparators": [*map(comparator, row["comparators"])],
            "targets": [*map(target, row["targets"])],
            "latest_target": target(row["latest_target"]),
            "target": target(row["target"]),
        }

    def page(one: Plain) -> Plain:
        found = {name: value for name, value in one.items() if name != "region"}
        return {
            **found,
            "targets": [*map(target, one["targets"])],
            "ranks": [{**rank, "group": groups[rank["group"]]} for rank in one["ranks"]],
            "national": [{**cell, "group": groups[cell["group"]]} for cell in one["national"]],
        }

    return {
        **plain,
        "report": {
            **plain["report"],
            "sections": [{**section, "rows": [*map(line, section["rows"])]} for section in plain["report"]["sections"]],
            "groups": [*groups.values()],
            "year_starts": 4,
        },
        **{name: {key: page(one) for key, one in plain[name].items()} for name in ("pages", "long_pages")},
    }


def _not_rounded(plain: Plain) -> Plain:
    """From 5 to 6: no count was rounded."""
    return {
        **plain,
        "report": {**plain["report"], "rounded_to": 0},
        **{
            name: {key: {**one, "rounded_to": 0} for key, one in plain[name].items()}
            for name in ("pages", "long_pages")
        },
    }


# By number: what makes a document of it into one of the next number.
UPGRADES: Mapping[int, Callable[[Plain], Plain]] = {
    1: _with_verdicts,
    2: _with_derivations,
    3: _with_any_measure,
    4: _with_groups,
    5: _not_rounded,
}


def upgraded(plain: Any) -> Plain:
    """A document of any number there was as one of this FORMAT. Raises DocumentError."""
    number = plain.get("format") if isinstance(plain, dict) else None
    if type(number) is not int or not 1 <= number <= FORMAT:
        raise DocumentError(f"The document is of no format that this version reads, which are 1 to {FORMAT}.")
    for step in range(number, FORMAT):
        try:
            plain = {**UPGRADES[step](plain), "format": step + 1}
        except (AttributeError, IndexError, KeyError, TypeError) as error:
            raise DocumentError(f"The document is not what format {step} asks for: {error!r}.") from error
    return plain  # type: ignore[no-any-return]  # a dict, as asked above
