"""The format of published documents: everything that stands in one, written down once, and apart from how it is made.

A field's name here is its name in every document there is. When a class of today calls it otherwise, say so here:
`rated_year=whole.called("target_year")`. An indicator's number is a `number`, not only `whole`: where a document was
published by another installation, it is read as a higher one. A field that a class has gained stays out
(`record(Row, "colour", …)`, with a default in the class) until it has to be published too. Then it gets a place here
with what it means where it is missing (`text.or_else("")`), and the format the next number.

The next number: FORMAT goes up; what makes a document of the number before into one of the new goes into upgrades.py;
tests/data/documents/ gets a folder with stored documents of the new number, and a new listing.
"""

from __future__ import annotations

from typing import Any

from commentary.focus import FocusKind
from indicators.calculations import row
from indicators.calculations.aims import Meaning
from indicators.calculations.averages import Summary
from indicators.calculations.basis import Published
from indicators.calculations.change import Break, Change
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

from .codec import day, exact, flag, many, maybe, moment, number, one_of, record, text, whole

FORMAT = 6

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
_COMPARATOR: dict[str, Any] = {
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
