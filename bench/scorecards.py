"""Scorecards of any size, filled with repeatable figures straight through SQL."""

import random
from datetime import date

from commentary.models import Commentary
from indicators.calculations.months import months_ending
from indicators.models import Comparator, DerivationTerm, Indicator, MonthlyValue, Target, User
from scorecard.models import Edition, EditionState, Line, Scorecard, Section

MONTH = date(2021, 1, 1)
LINES_PER_SECTION = 64
# As in a real scorecard: of eight lines four are counts, two are entered as parts, two are derived.
KINDS = ("figure", "figure", "figure", "figure", "ratio", "ratio", "derived", "derived")


def make_scorecard(
    *, lines: int, months: int, reporters: int = 1, state: EditionState = EditionState.PUBLISHED
) -> Scorecard:
    """A scorecard of so many lines, with so many months of figures stored for each, and its edition in this state.

    The lines go round among the reporters.
    """
    chance = random.Random(1)  # noqa: S311 - figures to measure with, not secrets
    scorecard = Scorecard.objects.create(
        slug=f"s{lines}",
        title="Bench",
        council="Council",
        panel="Panel",
        is_public=True,
        group_1="statistical_neighbours",
        group_2="england",
        group_3="region",
    )
    Edition.objects.create(scorecard=scorecard, month=MONTH, state=state, opens_on=MONTH, due_on=MONTH)
    owner = User.objects.create(username="owner", name="Head of service")
    people = [User.objects.create(username=f"reporter{number}", name="Service lead") for number in range(reporters)]
    indicators = Indicator.objects.bulk_create(
        _indicator(place, owner, people[place % reporters]) for place in range(lines)
    )
    _make_lines(scorecard, indicators)
    DerivationTerm.objects.bulk_create(_terms(indicators))
    for start in range(0, lines, 500):
        MonthlyValue.objects.bulk_create(
            _value(indicator, month, chance)
            for indicator in indicators[start : start + 500]
            if indicator.kind != "derived"
            for month in months_ending(MONTH, months)
        )
    Target.objects.bulk_create(
        Target(indicator=indicator, year=year, value=chance.randrange(20, 80), tolerance=5)
        for indicator in indicators
        for year in (2018, 2019, 2020)
    )
    Comparator.objects.bulk_create(
        Comparator(indicator=indicator, group=group, year=2019, value=chance.randrange(20, 80), on_basis="yes")
        for indicator in indicators
        for group in ("statistical_neighbours", "england", "region")
    )
    Commentary.objects.bulk_create(
        Commentary(indicator=indicator, month=MONTH, text="The figure moved as the service expected this month.")
        for indicator in indicators
    )
    return scorecard


def _indicator(place: int, owner: User, reporter: User) -> Indicator:
    kind = KINDS[place % len(KINDS)]
    return Indicator(
        reference=f"R{place}",
        title=f"Number or share of children with service {place}",
        outcome="Children get the help they need when they need it.",
        owner=owner,
        reporter=reporter,
        unit="count" if kind == "figure" else "percentage",
        polarity=("high", "low", "neutral")[place % 3],
        kind=kind,
        scope="national",
    )


def _make_lines(scorecard: Scorecard, indicators: list[Indicator]) -> None:
    for start in range(0, len(indicators), LINES_PER_SECTION):
        section = Section.objects.create(scorecard=scorecard, title=f"Section {start}", position=start)
        Line.objects.bulk_create(
            Line(section=section, indicator=indicator, position=place)
            for place, indicator in enumerate(indicators[start : start + LINES_PER_SECTION])
        )


def _terms(indicators: list[Indicator]) -> list[DerivationTerm]:
    """Each derived line is the line six before it over the one five before it: both are counts."""
    terms = []
    for place, indicator in enumerate(indicators):
        if indicator.kind == "derived":
            terms.append(DerivationTerm(indicator=indicator, source=indicators[place - 6], role="numerator"))
            terms.append(DerivationTerm(indicator=indicator, source=indicators[place - 5], role="denominator"))
    return terms


def _value(indicator: Indicator, month: date, chance: random.Random) -> MonthlyValue:
    if indicator.kind == "figure":
        return MonthlyValue(indicator=indicator, month=month, figure=chance.randrange(1, 2000))
    denominator = chance.randrange(50, 400)
    return MonthlyValue(
        indicator=indicator, month=month, numerator=chance.randrange(0, denominator), denominator=denominator
    )
