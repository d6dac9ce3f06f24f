"""What there is to ask about new figures because of reports that are published, or on their way to the panel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from commentary.models import SignOff
from commentary.sign_off import LatestStep, Step
from indicators.calculations.cautions import PUBLISHED, SIGNED, Caution
from indicators.calculations.figures import Figure
from indicators.calculations.formatting import format_figure
from indicators.calculations.vocabulary import Unit
from indicators.models import Indicator, MonthlyValue
from indicators.resources.figures import MOST_KEYS, ValueChange
from scorecard.indicator_page import Span
from scorecard.models import Audience, Edition, Publication, PublishedDocument
from scorecard.report.board import RevisionKind
from scorecard.report.reading import read_derivations

from .codec import DocumentError
from .comparing import UNSETTLED, is_revised
from .reading import read_frozen

Month = tuple[int, date]


def ask_about_changes(changes: Sequence[ValueChange]) -> Iterator[tuple[int, Caution]]:
    """What publishing will call each of the changes, and whose sign-off they undo; with the change's place.

    A fixed number of queries, and one for each scorecard's latest report.
    """
    if not changes:
        return
    derivations = read_derivations()
    keys = {new.indicator_id for _, new in changes}
    # Of each indicator, itself and all that is worked out from it.
    followers = {key: derivations.following([key]) for key in keys}
    references = _references(set[int]().union(*followers.values()))
    yield from _published(changes, followers, references)
    yield from _signed(changes, followers, references)


class Shown(NamedTuple):
    """A figure as the latest published report of a scorecard has it."""

    figure: Figure
    scorecard: str
    of_month: date

    @property
    def report(self) -> str:
        return f"“{self.scorecard}”, {self.of_month:%B %Y}"


def _published(
    changes: Sequence[ValueChange], followers: Mapping[int, set[int]], references: Mapping[int, str]
) -> Iterator[tuple[int, Caution]]:
    shown = figures_published(references)
    for place, (_, new) in enumerate(changes):
        found = shown.get((new.indicator_id, new.month))
        if found is not None:
            derived = followers[new.indicator_id] - {new.indicator_id}
            following = sorted(references[key] for key in derived if (key, new.month) in shown)
            yield from ((place, caution) for caution in _about_published(new, found, following))


def _about_published(new: MonthlyValue, found: Shown, following: Sequence[str]) -> Iterator[Caution]:
    """What the next publication will list, in its words."""
    after, before = new.as_figure(), found.figure
    if is_revised(after, before):
        kind = RevisionKind.SCHEDULED if before.stage in UNSETTLED else RevisionKind.CORRECTION
    elif before.value is None and after.value is not None:
        kind = RevisionKind.ADDED
    else:
        return
    unit, places = Unit(new.indicator.unit), new.indicator.decimal_places
    texts = [format_figure(figure, unit, places) for figure in (before, after)]
    if texts[0] == texts[1]:
        texts = [format_figure(figure, unit, places + 2) for figure in (before, after)]
    message = f"Published as {texts[0]} in {found.report}. Publishing {texts[1]} will be called: “{kind.label}”."
    if following:
        message += f" {', '.join(following)} will change with it."
    yield Caution(PUBLISHED, message, f"{before.value} {kind}")


def figures_published(keys: Collection[int]) -> dict[Month, Shown]:
    """What the latest report of each scorecard has of the indicators, for all their months."""
    latest: dict[int, tuple[int, tuple[str, date]]] = {}
    publications = Publication.objects.order_by("-edition__month", "-number").values_list(
        "pk", "edition__scorecard", "edition__scorecard__title", "edition__month"
    )
    for publication, scorecard, title, month in publications:
        latest.setdefault(scorecard, (publication, (title, month)))
    found: dict[Month, Shown] = {}
    for publication, name in latest.values():
        documents = PublishedDocument.objects.filter(publication=publication, audience=Audience.PANEL)
        try:
            read = [frozen.page(key, Span.ALL) for _, frozen in read_frozen(documents) for key in keys]
        except DocumentError:
            # Nobody can read it; `verify_editions` tells those who look after it.
            continue
        for page in filter(None, read):
            found |= {(page.key, point.month): Shown(point.figure, *name) for point in page.points}
    return found


def _signed(
    changes: Sequence[ValueChange], followers: Mapping[int, set[int]], references: Mapping[int, str]
) -> Iterator[tuple[int, Caution]]:
    open_months = _months_in_progress({new.month for _, new in changes})
    if not open_months:
        return
    signed = _sign_offs(references, open_months)
    for place, (_, new) in enumerate(changes):
        if new.month not in open_months:
            continue
        for key in sorted(followers[new.indicator_id], key=lambda key: key != new.indicator_id):
            sign_off = signed.get((key, new.month))
            if sign_off is None or key not in open_months[new.month]:
                continue
            own = key == new.indicator_id
            latest = LatestStep(Step(sign_off.step), sign_off.figure, sign_off.text)
            if own and latest.is_about(new.as_figure(), sign_off.text):
                continue
            whose = "It" if own else f"{references[key]}, which is worked out from it,"
            if sign_off.step == Step.APPROVED:
                message = f"{whose} is signed off by {sign_off.decided_by}: a new figure goes to its owner again."
            else:
                message = f"{whose} was sent for sign-off by {sign_off.sent_by}, with the figure that was there before."
            yield place, Caution(SIGNED, message, f"{sign_off.pk} {sign_off.version}")


def _months_in_progress(months: Iterable[date]) -> Mapping[date, set[int]]:
    """The indicators with a line in each of the months that are being collected or reviewed."""
    found: dict[date, set[int]] = defaultdict(set)
    editions = Edition.objects.in_progress().filter(month__in=months).order_by()
    for month, indicator in editions.values_list("month", "scorecard__sections__lines__indicator"):
        found[month].add(indicator)
    return found


def _sign_offs(keys: Collection[int], months: Iterable[date]) -> dict[Month, SignOff]:
    taken = SignOff.objects.filter(step__in=[Step.SENT, Step.APPROVED], month__in=list(months)).order_by()
    return {
        (one.indicator_id, one.month): one
        for one in taken.select_related("sent_by", "decided_by")
        if one.indicator_id in keys
    }


def _references(keys: Collection[int]) -> dict[int, str]:
    named = Indicator.objects.order_by().values_list("pk", "reference")
    return dict(named.filter(pk__in=keys) if len(keys) <= MOST_KEYS else named)
