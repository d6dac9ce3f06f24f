"""Which revised figures follow from a new estimate of a population, and the sentence that stands for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from indicators.calculations.exact import Exact
from indicators.calculations.figures import Figure
from indicators.calculations.formatting import counted, format_number
from indicators.calculations.months import financial_year, financial_year_text
from indicators.calculations.vocabulary import Blank
from scorecard.indicator_page import IndicatorPage
from scorecard.indicator_page.facts import Links
from scorecard.report.board import Revised, RevisionKind

# An indicator and a month.
Place = tuple[int, date]
FiguresByMonth = Mapping[Place, Figure]


class NewEstimate(NamedTuple):
    """The people of a group, as they were reckoned with before and now; before is None where nothing was known."""

    group: str
    before: Exact | None
    now: Exact


class WorkedOutFrom(NamedTuple):
    """What figures are worked out from, by indicator: in the documents that were published, and now."""

    before: Mapping[int, Links]
    now: Mapping[int, Links]

    @classmethod
    def of(cls, before: Iterable[IndicatorPage], now: Iterable[IndicatorPage]) -> WorkedOutFrom:
        """As pages say it; of several of an indicator the last counts."""
        return cls(*({page.key: page.links for page in pages} for pages in (before, now)))


class Estimates:
    """Tells which figures differ for no other reason than a new estimate of a population.

    Either such a rate has the numerator that it had, and another population of the same group, and its value is another
    in just that ratio; or it is worked out from others, of which those that differ do so for this reason. A figure that
    was corrected besides is none of them, nor is one of which a document does not have all that this takes.
    """

    def __init__(self, known: FiguresByMonth, now: FiguresByMonth, sources: WorkedOutFrom) -> None:
        self._known, self._now, self._sources = known, now, sources
        self._found: dict[Place, NewEstimate | None] = {}

    def behind(self, place: Place) -> NewEstimate | None:
        """The estimate that a figure differs for, None where it is the same or differs for another reason."""
        if place not in self._found:
            self._found[place] = None  # what leads back to itself is not explained by itself
            self._found[place] = self._estimate(place)
        return self._found[place]

    def _estimate(self, place: Place) -> NewEstimate | None:
        key, month = place
        before, now = self._known.get(place), self._now.get(place)
        was, links = self._sources.before.get(key), self._sources.now.get(key)
        if before is None or now is None or was is None or links is None or before.value == now.value:
            return None
        parts = _parts(links)
        if now.value is None or parts != _parts(was) or links.population != was.population:
            return None
        if links.population:
            return self._of_rate(links, month, before, now)
        pairs = [(self._known.get((part, month)), self._now.get((part, month)), part) for part in parts]
        if not pairs or not all(one and other for one, other, _ in pairs):
            return None
        estimates = [
            self.behind((part, month)) for one, other, part in pairs if one and other and one.value != other.value
        ]
        return estimates[0] if estimates and all(estimates) else None

    def _of_rate(self, links: Links, month: date, before: Figure, now: Figure) -> NewEstimate | None:
        if now.value is None or now.denominator is None:
            return None
        if before.value is None:
            # Nothing but the population was missing.
            counted = [self._known.get((part.key, month)) for part in links.numerators]
            is_first = before.blank is Blank.NOT_AVAILABLE and all(one and one.value is not None for one in counted)
            return NewEstimate(links.population, None, now.denominator) if is_first else None
        if before.denominator is None or before.numerator != now.numerator:
            return None
        follows = before.denominator != now.denominator and (
            before.value * before.denominator == now.value * now.denominator
        )
        return NewEstimate(links.population, before.denominator, now.denominator) if follows else None

    def year_of(self, estimate: NewEstimate) -> str:
        """Which estimate it is, in words: a mid-year one serves its financial year, and those after it until the next.

        It is of the first year in which figures differ, if earlier ones are known to be as they were.
        """
        rates = {key for key, links in self._sources.now.items() if links.population == estimate.group}
        places = [place for place in self._known.keys() & self._now.keys() if place[0] in rates]
        first = min(financial_year(place[1]) for place in places if self.behind(place) == estimate)
        if any(financial_year(month) < first for _, month in places):
            return f"mid-year population estimate of {first}"
        return f"population estimate for {financial_year_text(first)}"


def _parts(links: Links) -> tuple[int, ...]:
    return tuple(link.key for link in (*links.numerators, *links.denominators))


def entries_of(estimates: Estimates, places: Iterable[Place]) -> Iterator[Revised]:
    """One entry for each new estimate, which stands for those of the figures in the report that follow from it."""
    follow: dict[NewEstimate, list[int]] = defaultdict(list)
    for key, month in places:
        estimate = estimates.behind((key, month))
        if estimate is not None:
            follow[estimate].append(key)
    for estimate, keys in follow.items():
        before = "" if estimate.before is None else format_number(estimate.before, 0)
        now = format_number(estimate.now, 0)
        figures = counted(len(keys), "figure")
        rates = counted(len(set(keys)), "indicator that is a rate", "indicators that are rates")
        words = f"{now} instead of {before}" if before else f"{now}, where none was known"
        yield Revised(
            indicator=None,
            reference="",
            title=estimate.group,
            what=f"New {estimates.year_of(estimate)}: {words}; {figures} of {rates} "
            f"{'follows' if len(keys) == 1 else 'follow'} from it",
            before=before,
            after=now,
            kind=RevisionKind.SCHEDULED if before else RevisionKind.ADDED,
            figures=len(keys),
        )
