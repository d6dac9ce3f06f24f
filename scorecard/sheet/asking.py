"""What a return asks about figures that belong together, asked of figures that come another way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from commentary.warnings import OVER_100
from indicators.calculations.cautions import BELONG, Caution
from indicators.models import CrossCheckTerm, MonthlyValue
from indicators.resources.figures import MOST_KEYS, ValueChange
from scorecard.models import Edition
from scorecard.report.reading import read_derivations

from .assemble import read_sheet
from .sheet import Sheet


def ask_what_belongs_together(changes: Sequence[ValueChange]) -> Iterator[tuple[int, Caution]]:
    """Checks between indicators that the changes would no longer pass, and what is worked out above 100%.

    In the editions that are being collected or reviewed, for nobody answers for others' months; what was so before is
    not asked. Each with the place of the first change that it hangs together with. A fixed number of queries for each
    of these editions.
    """
    of_months: dict[date, dict[int, tuple[int, MonthlyValue]]] = defaultdict(dict)
    for place, (_, new) in enumerate(changes):
        of_months[new.month][new.indicator_id] = place, new
    editions = Edition.objects.in_progress().filter(month__in=of_months).select_related("scorecard").order_by("pk")
    told: set[tuple[int, str, str]] = set()
    for edition in editions:
        own = of_months[edition.month]
        stored = read_sheet(edition, {*own, *_checked_with(own)})
        before = {(key, one.code, one.about) for key, one in _asked(stored.sheet())}
        behind = stored.stored.derivations.behind
        amounts = {key: new for key, (_, new) in own.items() if key in stored.indicators}
        for key, one in _asked(stored.sheet(amounts=amounts)):
            if (key, one.code, one.about) in before | told:
                continue
            # On two scorecards it is one question.
            told.add((key, one.code, one.about))
            near = [place for other, (place, _) in own.items() if other in behind([key, *one.quotes])]
            line = stored.indicators[key].reference
            yield min(near or [0]), one._replace(code=BELONG, message=f"{line}, {edition.month:%B %Y}: {one.message}")


def _checked_with(keys: Collection[int]) -> set[int]:
    """The indicators at which a check stands that looks at any of these, or at what is worked out from them."""
    following = read_derivations().following(keys)
    terms = CrossCheckTerm.objects.filter(check_of__is_active=True).order_by()
    if len(following) <= MOST_KEYS:
        terms = terms.filter(indicator__in=following)
    return set(terms.values_list("check_of__indicator", flat=True))


def _asked(sheet: Sheet) -> Iterator[tuple[int, Caution]]:
    for line in (*sheet.lines, *sheet.beside):
        for warning in line.warnings:
            if warning.caution.code == OVER_100 or warning.caution.code.startswith("check-"):
                yield line.key, warning.caution
