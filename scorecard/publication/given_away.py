"""What the public has, as disclosure control reckons with it; and what a report that hides nothing would add to it:
which figures that other public scorecards hide could be worked out then, and which of their texts it prints.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby, zip_longest
from typing import NamedTuple

from django.db.models import QuerySet

from indicators.calculations.disclosure import Relations
from indicators.calculations.figures import Figure
from indicators.calculations.measure import Measure
from scorecard.disclosure import (
    Document,
    PublicDocument,
    exposed_places,
    figures_then,
    relations_of,
    sizes_taken_for_small,
)
from scorecard.disclosure.releases import figures_of
from scorecard.disclosure.texts import Place, texts_of
from scorecard.models import Audience, PublishedDocument, Scorecard

from .document import FrozenReport
from .reading import documents_for, read_frozen


class PublicDocuments(NamedTuple):
    """What the public can read of any scorecard, or could if it were public, with what stands behind it.

    `ever` has also what it could read once, in the order of publication; empty where that is nothing more.
    """

    now: list[PublicDocument]
    ever: list[PublicDocument]


def public_documents(relations: Relations, lines: Collection[int]) -> PublicDocuments:
    """All public documents.

    Each has with it what was stored when it was published of `lines` that it lacks, and of those of other documents.
    """
    found: list[tuple[PublicDocument, datetime, bool]] = []
    for one in _publications():
        public, is_open = one.documents.get(Audience.PUBLIC), one.is_public and not one.hides
        if public and public.hides_up_to and not is_open:
            panel = _read(one.documents[Audience.PANEL])
            both = PublicDocument(
                *(_read(public), panel, public.hides_up_to),
                scorecard=one.scorecard,
                rounds_counts=public.rounds_counts,
            )
            # What hides fewer counts than its scorecard does now, or hides where that rounds, is not public any more.
            is_now = one.hides and public.hides_up_to >= one.largest_small and public.rounds_counts == one.rounds
            found.append((both, one.published_at, is_now))
        if one.was_open:
            # What was published before the scorecard hid anything, the public can't read any more, but it could.
            whole = PublicDocument(_read(one.documents[Audience.PANEL]), scorecard=one.scorecard)
            found.append((whole, one.published_at, is_open))
    ever = _with_stored(relations, lines, [(one, published_at) for one, published_at, _ in found])
    now = [one for one, (_, _, is_public) in zip(ever, found, strict=True) if is_public]
    return PublicDocuments(now, ever if len(ever) > len(now) else [])


def _with_stored(
    relations: Relations, lines: Collection[int], documents: Sequence[tuple[PublicDocument, datetime]]
) -> list[PublicDocument]:
    """The documents with what was stored, when each was published, of lines that it lacks; in a query, or none."""
    known = set(lines).union(*(one.public.pages for one, _ in documents))
    lacking = set[int]().union(*(known - one.public.pages.keys() for one, _ in documents))
    then = figures_then(relations, lacking, [published_at for _, published_at in documents])
    return [replace(one, stored=then.get(published_at, {})) for one, published_at in documents]


def published_before_rounding() -> tuple[list[PublicDocument], list[Document]]:
    """What the public has, or had, of any scorecard: rounded, with what stands behind it; and otherwise."""
    rounded: list[PublicDocument] = []
    others: list[Document] = []
    for one in _publications():
        public = one.documents.get(Audience.PUBLIC)
        if public and public.hides_up_to:
            if public.rounds_counts:
                rounded.append(PublicDocument(_read(public), _read(one.documents[Audience.PANEL])))
            else:
                others.append(_read(public))
        elif one.was_open:
            others.append(_read(one.documents[Audience.PANEL]))
    return rounded, others


class _Publication(NamedTuple):
    """A publication's documents; what its scorecard does now, and whether it was read by everybody as it is."""

    documents: Mapping[str, PublishedDocument]
    scorecard: int
    published_at: datetime
    is_public: bool
    hides: bool
    rounds: bool
    largest_small: int
    was_open: bool


def _publications() -> Iterator[_Publication]:
    """Every publication in its order, a few documents at a time in memory; in two queries."""
    opened: dict[int, list[tuple[datetime, bool]]] = {}
    history = Scorecard.history.order_by("history_date", "history_id")
    for key, since, is_public, hides in history.values_list(
        "id", "history_date", "is_public", "suppresses_small_counts"
    ).iterator():
        opened.setdefault(key, []).append((since, is_public and not hides))
    documents = PublishedDocument.objects.select_related("publication__edition__scorecard")
    ordered = documents.order_by("publication__published_at", "publication_id", "audience").iterator(10)
    for publication, found in groupby(ordered, key=lambda one: one.publication):
        scorecard = publication.edition.scorecard
        times = opened.get(scorecard.pk, [])
        ends = [since for since, _ in times[1:]]
        was_open = (scorecard.is_public and not scorecard.suppresses_small_counts) or any(
            is_open and (end is None or end > publication.published_at)
            for (_, is_open), end in zip_longest(times, ends)
        )
        yield _Publication(
            {one.audience: one for one in found},
            scorecard.pk,
            publication.published_at,
            scorecard.is_public,
            scorecard.suppresses_small_counts,
            scorecard.rounds_counts,
            scorecard.largest_small_count,
            was_open,
        )


def _read(document: PublishedDocument) -> Document:
    return for_audit(FrozenReport(document.body, numbers_from=document.numbers_from))


def for_audit(document: FrozenReport) -> Document:
    """As disclosure control takes a report."""
    return Document(document.report, document.pages.longest)


class GivenAway(NamedTuple):
    """A figure that a public scorecard hides, and that could be worked out; `title` is the scorecard's."""

    title: str
    place: Place
    measure: Measure
    figure: Figure


def figures_given_away(scorecard: Scorecard, ours: Iterable[tuple[Document, datetime]]) -> Iterator[GivenAway]:
    """What other public scorecards hide and have protected, and would be left fewer than three values of by `ours`.

    `ours` are documents of the scorecard that hide nothing, with the time of which their figures are. The latest report
    of the others has all their months.
    """
    others = [
        (other, document)
        for other in others_that_hide(scorecard).filter(rounds_counts=False)
        if (document := _latest(other)) is not None
    ]
    if not others:
        return
    relations, sizes = relations_of(), sizes_taken_for_small()
    added = [(PublicDocument(document), at) for document, at in ours]
    public = public_documents(relations, {key for one, _ in added for key in one.public.pages}).now
    lines = {key for one in public for key in one.public.pages}.union(*(one.pages for _, one in others))
    with_ours = [*public, *_with_stored(relations, lines, added)]
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
