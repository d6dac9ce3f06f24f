"""What the public has, as disclosure control reckons with it; and what a report that hides nothing would add to it:
which figures that other public scorecards hide could be worked out then, and which of their texts it prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from indicators.calculations.figures import Figure
from indicators.calculations.measure import Measure
from scorecard.disclosure import (
    Document,
    PublicDocument,
    exposed_places,
    relations_of,
    sizes_taken_for_small,
)
from scorecard.disclosure.plan import Place, figures_of
from scorecard.disclosure.texts import texts_of
from scorecard.models import Audience, PublishedDocument, Scorecard

from .document import FrozenReport
from .reading import documents_for, read_frozen


def public_documents() -> list[PublicDocument]:
    """All that the public can read of any scorecard, or could if it were public, with what stands behind it."""
    found: dict[int, dict[Audience, FrozenReport]] = {}
    hides: dict[int, bool] = {}
    scorecard = "publication__edition__scorecard"
    stored = PublishedDocument.objects.filter(
        Q(**{f"{scorecard}__is_public": True}) | Q(**{f"{scorecard}__suppresses_small_counts": True})
    )
    # A public one that hides fewer counts than its scorecard does now, or only names, is not for the public.
    stored = stored.exclude(audience=Audience.PUBLIC, hides_up_to__lt=F(f"{scorecard}__largest_small_count"))
    # A rounded figure is none that anything adds up with.
    stored = stored.exclude(audience=Audience.PUBLIC, rounds_counts=True)
    for publication, is_hiding, audience, body in (
        stored.order_by("publication")
        .values_list("publication", f"{scorecard}__suppresses_small_counts", "audience", "body")
        .iterator(10)
    ):
        found.setdefault(publication, {})[Audience(audience)] = FrozenReport(body)
        hides[publication] = is_hiding
    public = []
    for publication, documents in found.items():
        panel = for_audit(documents[Audience.PANEL])
        if not hides[publication]:
            public.append(PublicDocument(panel))
        elif Audience.PUBLIC in documents:
            # What was published before the scorecard hid anything, the public can't read any more.
            public.append(PublicDocument(for_audit(documents[Audience.PUBLIC]), panel))
    return public


def published_before_rounding() -> tuple[list[PublicDocument], list[Document]]:
    """What the public has, or had, of any scorecard: rounded, with what stands behind it; and with counts hidden."""
    rounded: list[PublicDocument] = []
    hiding: list[Document] = []
    stored = PublishedDocument.objects.filter(audience=Audience.PUBLIC, hides_up_to__gt=0).order_by("publication")
    for publication, rounds, body in stored.values_list("publication", "rounds_counts", "body").iterator(10):
        public = for_audit(FrozenReport(body))
        if not rounds:
            hiding.append(public)
            continue
        panel = PublishedDocument.objects.get(publication=publication, audience=Audience.PANEL)
        rounded.append(PublicDocument(public, for_audit(FrozenReport(panel.body))))
    return rounded, hiding


def for_audit(document: FrozenReport) -> Document:
    """As disclosure control takes a report."""
    return Document(document.report, document.pages.longest)


class GivenAway(NamedTuple):
    """A figure that a public scorecard hides, and that could be worked out; `title` is the scorecard's."""

    title: str
    place: Place
    measure: Measure
    figure: Figure


def figures_given_away(scorecard: Scorecard, ours: Iterable[Document]) -> Iterator[GivenAway]:
    """What other public scorecards hide and have protected, and would be left fewer than three values of by `ours`.

    `ours` are documents of the scorecard that hide nothing. The latest report of the others has all their months.
    """
    others = [
        (other, document)
        for other in others_that_hide(scorecard).filter(rounds_counts=False)
        if (document := _latest(other)) is not None
    ]
    if not others:
        return
    relations, public, sizes = relations_of(), public_documents(), sizes_taken_for_small()
    with_ours = [*public, *map(PublicDocument, ours)]
    for other, document in others:
        figures = figures_of(document)
        measures = {page.key: page.measure for page in document.pages.values()}
        measures |= {row.indicator: row.measure for row in document.report.rows}
        before, after = (
            exposed_places(document, relations, published, other.largest_small_count, sizes)
            for published in (public, with_ours)
        )
        for place in sorted(after - before):
            if place in figures:
                yield GivenAway(other.title, place, measures[place[0]], figures[place])


def others_that_hide(scorecard: Scorecard) -> QuerySet[Scorecard]:
    """The other scorecards that the public reads, and that hide or round counts."""
    hiding = Scorecard.objects.filter(is_public=True, suppresses_small_counts=True)
    return hiding.exclude(pk=scorecard.pk).order_by("pk")


def _latest(scorecard: Scorecard) -> Document | None:
    """The whole of the latest report whose public side hides something."""
    public = documents_for(scorecard, Audience.PUBLIC).order_by("-publication__edition__month", "-publication__number")
    latest = public.values("publication")[:1]
    documents = PublishedDocument.objects.filter(publication__in=latest, audience=Audience.PANEL)
    return next((for_audit(frozen) for _, frozen in read_frozen(documents) if not frozen.is_withheld), None)


def texts_withheld(scorecards: Iterable[Scorecard]) -> dict[str, str]:
    """The texts that the panel's reports of the scorecards have and the public's have not; and whose they are."""
    found: dict[str, str] = {}
    for scorecard in scorecards:
        hiding = PublishedDocument.objects.filter(audience=Audience.PUBLIC, hides_up_to__gt=0)
        publications = hiding.filter(publication__edition__scorecard=scorecard).values("publication")
        both: dict[int, dict[str, frozenset[str]]] = {}
        for one, frozen in read_frozen(PublishedDocument.objects.filter(publication__in=publications)):
            texts = {} if frozen.is_withheld else texts_in(for_audit(frozen))
            both.setdefault(one.publication_id, {})[one.audience] = frozenset(texts)
        for of in both.values():
            found |= dict.fromkeys(of[Audience.PANEL] - of[Audience.PUBLIC], scorecard.title)
    return found


def texts_in(document: Document) -> dict[str, str]:
    """Every text of a document, with where it stands."""
    texts = texts_of(document.report, document.pages)
    return {text.text: text.where for text in reversed([*texts]) if text.text.strip()}
