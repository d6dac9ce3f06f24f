"""What is asked about a comparator that is said to be on its indicator's basis, and is far from its figures.

A year's total beside a month's count is some twelve times as high, England's beside one council's a hundred and fifty
times: whoever enters it is asked, and nothing is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.db.models import Max

from indicators.calculations.averages import summarise
from indicators.calculations.exact import Exact, exact
from indicators.calculations.formatting import format_number, format_value
from indicators.calculations.months import months_ending
from indicators.calculations.periods import Periods, read_due_months
from indicators.calculations.series import Recipe, SeriesBook, with_sources
from indicators.calculations.vocabulary import Accumulation, Frequency, OnBasis, Unit
from indicators.models import Comparator, ComparatorGroup, DerivationTerm, Indicator, MonthlyValue, Population, Role

# Others' figures are seldom five times the council's own, or a fifth of them: docs/methods.md.
ODD_TIMES = 5
MONTHS = 12
_VALUE = ("indicator_id", "month", "figure", "numerator", "denominator", "blank", "stage", "note")


def questions_about(comparators: Sequence[Comparator]) -> list[str]:
    """A question for each comparator, in their order; empty where there is nothing to ask.

    Asked is about those said to be on the basis that are five times or more the average of the indicator's latest
    twelve months, or a fifth of it or less. The same number of queries however many there are.
    """
    keys = {one.indicator_id for one in comparators if one.known_basis is OnBasis.YES}
    averages = _averages(keys) if keys else {}
    groups = dict(ComparatorGroup.objects.values_list("code", "name")) if keys else {}
    return [
        _question(one, averages.get(one.indicator_id), groups.get(one.group_id, one.group_id)) for one in comparators
    ]


def _question(comparator: Comparator, average: Exact | None, group: str) -> str:
    if comparator.known_basis is not OnBasis.YES or not comparator.value or not average:
        return ""
    theirs = exact(comparator.value)
    if min(theirs, average) < 0:
        # Between a surplus and a shortfall "so many times" says nothing.
        return ""
    if theirs < ODD_TIMES * average and average < ODD_TIMES * theirs:
        return ""
    indicator = comparator.indicator
    value, own = (format_value(one, Unit(indicator.unit), indicator.decimal_places) for one in (theirs, average))
    times = format_number(Fraction(max(theirs, average)) / min(theirs, average), 1)
    if theirs > average:
        apart = f"is {times} times the average of the last 12 months, {own}"
    else:
        apart = f"the average of the last 12 months, {own}, is {times} times as much"
    return (
        f"{indicator.reference}, {group}: {value} is said to be on the same basis, but {apart}. "
        "Is it for a year and not for a month, for more than one authority, or in another unit? "
        "Then put it on the indicator’s basis, or say that it is not."
    )


def _averages(keys: set[int]) -> Mapping[int, Exact | None]:
    """The average of each indicator's latest twelve months, also of those that are worked out."""
    terms: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for key, source, role in DerivationTerm.objects.order_by("pk").values_list("indicator_id", "source_id", "role"):
        terms[key].append((source, role))
    behind = with_sources(keys, {key: [source for source, _ in parts] for key, parts in terms.items()})
    values = MonthlyValue.objects.filter(indicator__in=behind)
    # A month in which nothing has arrived yet is not the latest one.
    latest = values.filter(blank="").aggregate(latest=Max("month"))["latest"]
    if latest is None:
        return {}
    months = months_ending(latest, MONTHS)
    facts, rate_bases, to_date = {}, {}, []
    for key, unit, frequency, starts, due, population, rate_base, accumulation in Indicator.objects.filter(
        pk__in=behind
    ).values_list(
        *("pk", "unit", "frequency", "year_starts", "due_months", "population_id", "rate_base", "accumulation")
    ):
        facts[key] = Unit(unit), Periods(Frequency(frequency), starts, read_due_months(due)), population
        rate_bases[key] = rate_base
        if accumulation == Accumulation.TO_DATE:
            to_date.append(key)
    book = SeriesBook(
        months=months,
        units={key: (unit, periods) for key, (unit, periods, _) in facts.items()},
        rate_bases=rate_bases,
        values=values.between(months[0], months[-1]).order_by().values_list(*_VALUE),
        recipes={
            key: Recipe(
                numerators=tuple(source for source, role in terms[key] if role == Role.NUMERATOR),
                denominators=tuple(source for source, role in terms[key] if role == Role.DENOMINATOR),
                population=population,
                factor=unit.factor(rate_bases[key]),
            )
            for key, (unit, _, population) in facts.items()
            if key in terms
        },
        populations={
            (group, year): people
            for group, year, people in Population.objects.filter(
                group__in=[population for _, _, population in facts.values() if population]
            ).values_list("group_id", "year", "people")
        },
        to_date=to_date,
    )
    return {key: summarise([figure.value for figure in book.series(key)]).mean for key in keys}
