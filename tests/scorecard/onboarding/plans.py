"""Plans for tests, as a spreadsheet of so many indicators and months would make them."""

from datetime import date
from decimal import Decimal

from commentary.models import Commentary
from indicators.calculations.months import add_months
from indicators.models import (
    Comparator,
    ComparatorGroup,
    DerivationTerm,
    Indicator,
    MonthlyValue,
    Population,
    PopulationGroup,
    Target,
    User,
)
from scorecard.models import Line, Scorecard, Section, SpreadsheetDraft
from scorecard.onboarding.plan import Origin, ScorecardPlan

MONTH = date(2026, 3, 1)


def make_draft(by, name="scorecard.xlsx", **fields):
    """A spreadsheet that was sent and is being prepared."""
    return SpreadsheetDraft.objects.create(file_name=name, content=b"anything", sent_by=by, **fields)


def make_plan(indicators=6, months=14, month=MONTH, title="Corporate scorecard", slug="corporate"):
    """Indicators in two sections with a figure a month, one that is worked out, a rate, targets and all else."""
    plan = ScorecardPlan(Scorecard(slug=slug, title=title, council="Fenbury", panel="Scrutiny panel"), month)
    people = [User(username=name, name=name.title(), email=f"{name}@fenbury.gov.uk") for name in ("amy", "ben")]
    plan.people += people
    family = ComparatorGroup(code="family", name="Family group", short_name="Family", position=9)
    plan.groups.append(family)
    plan.scorecard.group_1 = family
    children = PopulationGroup(name="Children")
    plan.population_groups.append(children)
    plan.populations.append(Population(group=children, year=2025, people=50_000))
    sections = [Section(scorecard=plan.scorecard, title=name, position=place) for place, name in enumerate("AB")]
    plan.sections += sections
    for number in range(indicators):
        unit = "percentage" if number % 3 == 1 else "count"
        owner, reporter = people
        one = Indicator(
            reference=f"I{number}",
            title=f"Measure {number}",
            unit=unit,
            polarity="high",
            decimal_places=1 if unit == "percentage" else 0,
            owner=owner,
            reporter=reporter,
        )
        plan.indicators.append(one)
        plan.origins[id(one)] = (Origin(f"Sheet1!B{number + 2}", one.title),)
        for place in range(months):
            figure = Decimal(40 + (number * 7 + place * 13) % 23)
            value = MonthlyValue(indicator=one, month=add_months(month, place - months + 1), figure=figure)
            plan.values.append(value)
            plan.origins[id(value)] = (Origin(f"Sheet1!R{number + 2}C{place + 3}", str(figure)),)
        target = Target(indicator=one, year=2025, value=Decimal(50))
        plan.targets.append(target)
        plan.origins[id(target)] = (Origin(f"Sheet1!ZZ{number + 2}", "50"),)
        plan.comparators.append(Comparator(indicator=one, group=family, year=2024, value=Decimal(45)))
        plan.commentaries.append(Commentary(indicator=one, month=month, text="It rose as expected."))
    rate = Indicator(reference="RATE", title="Per 10,000", unit="rate_10000", kind="derived", population=children)
    total = Indicator(reference="TOTAL", title="Together", unit="count", kind="derived")
    plan.indicators += [rate, total]
    plan.terms += [
        DerivationTerm(indicator=rate, source=plan.indicators[0], role="numerator"),
        DerivationTerm(indicator=total, source=plan.indicators[0], role="numerator"),
        DerivationTerm(indicator=total, source=plan.indicators[2], role="numerator"),
    ]
    for place, one in enumerate(plan.indicators):
        plan.lines.append(Line(section=sections[place % 2], indicator=one, position=place))
    plan.left_out.append((Origin("Sheet1!A99", "Source: council"), "It is a note, not a figure."))
    return plan
