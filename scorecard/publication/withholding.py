"""Taking back what was published: finding every place, hiding it at once, and deciding on it with a second person.

Fast to hide, slow to show again or to erase (docs/adr, number 53). Whoever publishes and whoever withholds take turns:
both lock the editions first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from indicators.calculations.consistency import CheckKind
from indicators.calculations.folding import folded
from indicators.calculations.formatting import counted
from indicators.models import SecurityEventKind, User
from indicators.security_log import record
from scorecard.council.look import said
from scorecard.disclosure import Document, relations_of
from scorecard.disclosure.releases import figures_of
from scorecard.disclosure.wording import numbers_in
from scorecard.models import (
    Audience,
    Edition,
    Publication,
    PublishedDocument,
    PublishedFile,
    Tombstone,
    WithheldKind,
    Withholding,
)
from scorecard.models.withholding import text_checksum
from scorecard.roles import PERFORMANCE_OFFICERS
from scorecard.rules import require

from .document import FrozenReport
from .erasing import erase_beside, erase_in, originals_of, standing_figures, standing_texts
from .reading import read_frozen, redaction_of
from .redaction import exact_text, sources_of

FOUND_MEANWHILE = "Something was published or withheld since you opened this page. Look at the list as it is now."
NOTHING_CHOSEN = "Choose what is to be withheld."
ASK_ANOTHER = "Another performance officer has to decide this: there is one."
SAY_ALONE = "You are the only performance officer. Say that you decide by yourself; it is kept."
SHORTEST = 3
FIGURE_ITSELF, WORKED_OUT_FROM = "The figure", "What it is worked out from"
TIED_TO_IT = (
    "A check between indicators ties it to the figure. Where all the others of the check stay readable, the figure "
    "can be worked out again: withhold one of them as well"
)


class Wanted(NamedTuple):
    """What somebody wants to take back: words, an indicator's figure of a month, a line, or a publication."""

    kind: WithheldKind
    words: str = ""
    indicator: int | None = None
    month: date | None = None
    publication: int | None = None


class Spot(NamedTuple):
    """A document in which something stands. `audience` and `report` say in words which one it is.

    `reason` is why it was published, which readers see beside it.
    """

    document: int
    publication: int
    report: str
    audience: str
    reason: str


@dataclass(frozen=True)
class Finding:
    """One text, figure, line or publication, and all documents that have it. `is_sought` is ticked to begin with."""

    kind: WithheldKind
    shown: str
    where: tuple[str, ...]
    spots: tuple[Spot, ...]
    is_sought: bool = True
    indicator: int | None = None
    month: date | None = None
    figure: str = ""

    @property
    def key(self) -> str:
        """Tells it from the others of a list."""
        told = text_checksum(self.shown)[:20] if self.kind is WithheldKind.TEXT else f"{self.month}-{self.figure}"
        return f"{self.kind}-{self.indicator or ''}-{told}"

    @property
    def amount(self) -> str:
        """Of a figure how much it is, as displayed."""
        return self.shown.rpartition(": ")[2] if self.kind is WithheldKind.FIGURE else ""

    @property
    def reports(self) -> list[tuple[str, str]]:
        """Each report that has it, with the audiences."""
        found: dict[str, list[str]] = {}
        for spot in self.spots:
            found.setdefault(spot.report, []).append(spot.audience)
        return [(report, " and ".join(audiences)) for report, audiences in found.items()]

    def tombstones(self, publication: int | None) -> Iterator[Tombstone]:
        """A tombstone for each of its places, or for those of one publication."""
        for spot in self.spots:
            if publication in (None, spot.publication):
                of_text = self.kind is WithheldKind.TEXT
                common = {
                    "document_id": spot.document,
                    "text": text_checksum(self.shown) if of_text else "",
                    "indicator": self.indicator,
                    "month": self.month,
                    "figure": self.figure,
                }
                yield Tombstone(kind=self.kind, **common)
                if of_text and spot.reason == self.shown:
                    yield Tombstone(kind=WithheldKind.REASON, **common)


def fingerprint_of(findings: Sequence[Finding]) -> str:
    """Tells whether a list is still the one that somebody was shown."""
    told = [(one.key, one.shown, [spot.document for spot in one.spots]) for one in findings]
    return sha256(repr(told).encode()).hexdigest()[:16]


# Finding


def find(wanted: Wanted) -> list[Finding]:
    """Everything published, for any audience of any scorecard, that is what is wanted and isn't withheld yet."""
    if wanted.kind is WithheldKind.TEXT:
        sought = folded(wanted.words)
        return _find_texts(lambda text: len(sought) >= SHORTEST and sought in folded(text))
    if wanted.kind is WithheldKind.FIGURE and wanted.indicator and wanted.month:
        return _find_figures(wanted.indicator, wanted.month)
    if wanted.kind is WithheldKind.LINE and wanted.indicator:
        return _find_line(wanted.indicator)
    if wanted.kind is WithheldKind.PUBLICATION and wanted.publication:
        # Without reading it: also one that this version can't read.
        documents = PublishedDocument.objects.filter(publication=wanted.publication).defer("body").order_by("audience")
        documents = documents.select_related("publication__edition__scorecard")
        spots = tuple(_spot_of(document) for document in documents if not redaction_of(document.pk).whole)
        if spots:
            return [Finding(WithheldKind.PUBLICATION, spots[0].report, ("Everything in it",), spots)]
    return []


def _documents() -> Iterator[tuple[PublishedDocument, FrozenReport]]:
    """Every published document that isn't withheld, as it may be read, one at a time, the latest month first.

    What can't be read is not looked through; it can still be withheld as a whole.
    """
    documents = PublishedDocument.objects.select_related("publication__edition__scorecard")
    documents = documents.order_by("-publication__edition__month", "-publication__number", "audience")
    for document, frozen in read_frozen(documents, unreadable=[]):
        if not frozen.is_withheld:
            yield document, frozen


def _spot_of(document: PublishedDocument) -> Spot:
    publication = document.publication
    audience = said(Audience(document.audience).label.lower())
    return Spot(document.pk, publication.pk, str(publication), audience, publication.reason)


def _find_texts(is_sought: Any, *, ticked: bool = True) -> list[Finding]:
    found: dict[str, dict[str, None]] = {}
    spots: dict[str, dict[Spot, None]] = {}
    known: dict[str, bool] = {}
    for document, frozen in _documents():
        spot = _spot_of(document)
        reason = document.publication.reason
        texts = [(one.text, one.where) for one in frozen.passages]
        for text, where in [*texts, *([(reason, "Reason of the revision")] if reason else [])]:
            if text not in known:
                known[text] = is_sought(text)
            if known[text]:
                found.setdefault(text, {})[where] = None
                spots.setdefault(text, {})[spot] = None
    return [
        Finding(WithheldKind.TEXT, text, tuple(wheres), tuple(spots[text]), is_sought=ticked)
        for text, wheres in found.items()
    ]


def _find_figures(indicator: int, month: date) -> list[Finding]:
    """The figure as it was published, and those it can be worked out from; then, not ticked, those that a check ties to
    it, and the words about it, ticked where they repeat it.
    """
    shown: dict[tuple[int, str], str] = {}
    spots: dict[tuple[int, str], dict[Spot, None]] = {}
    comments: set[str] = set()
    behind: set[int] = set()
    tied = _tied_by_checks(indicator)
    for document, frozen in _documents():
        report = frozen.report
        parts, keys = sources_of(report), [indicator]
        for key in keys:
            keys += [source for source in sorted(parts.get(key, ())) if source not in keys]
        behind.update(keys)
        measures = {row.indicator: row.measure for row in report.rows}
        pages = frozen.pages.longest
        measures |= {page.key: page.measure for page in pages.values()}
        figures = figures_of(Document(report, pages))
        for key in dict.fromkeys((*keys, *tied)):
            figure = figures.get((key, month))
            if figure is not None and figure.value is not None:
                place = key, exact_text(figure)
                shown[place] = f"{measures[key].reference}, {month:%B %Y}: {measures[key].figure_text(figure)}"
                spots.setdefault(place, {})[_spot_of(document)] = None
        page = pages.get(indicator)
        comments |= {point.commentary for point in page.points if point.month == month} if page else set()
    named = [
        Finding(
            WithheldKind.FIGURE,
            shown[place],
            (FIGURE_ITSELF if place[0] == indicator else WORKED_OUT_FROM if place[0] in behind else TIED_TO_IT,),
            tuple(of),
            is_sought=place[0] in behind,
            indicator=place[0],
            month=month,
            figure=place[1],
        )
        for place, of in sorted(spots.items(), key=lambda one: (one[0][0] != indicator, one[0][0] not in behind))
    ]
    comments.discard("")
    if not any(one.indicator == indicator for one in named):
        return []
    said = {number for one in named if one.indicator == indicator for number in numbers_in(one.amount)}
    about = _find_texts(lambda text: text in comments, ticked=False) if comments else []
    return [*named, *(replace(one, is_sought=not said.isdisjoint(numbers_in(one.shown))) for one in about)]


def _tied_by_checks(indicator: int) -> list[int]:
    """The lines whose figures of the same month a check makes add up with the indicator's, in their order."""
    groups = [
        {check.key, *(key for _, key in check.terms)}
        for check in relations_of().checks
        if check.kind is not CheckKind.LIMIT
    ]
    return sorted(set().union(*(group for group in groups if indicator in group)) - {indicator})


def _find_line(indicator: int) -> list[Finding]:
    spots: dict[Spot, None] = {}
    title = ""
    for document, frozen in _documents():
        row = frozen.report.by_indicator.get(indicator)
        if row is not None and row.commentary not in frozen.tombstones:
            title = title or f"{row.measure.reference} {row.measure.title}"
            spots[_spot_of(document)] = None
    if not spots:
        return []
    where = ("All figures and words of the line",)
    return [Finding(WithheldKind.LINE, title, where, tuple(spots), indicator=indicator)]


# Withholding, and deciding on it


@transaction.atomic
def withhold(
    *,
    wanted: Wanted,
    chosen: Collection[str],
    only_in: int | None,
    fingerprint: str,
    words: str,
    note: str,
    by: User,
    now: datetime,
) -> Withholding:
    """Hide what was chosen of a list at once, wherever it stands or `only_in` one publication.

    Raises ValidationError when the list is another by now, or nothing of it was chosen.
    """
    require(by, "withhold")
    _take_turn()
    findings = find(wanted)
    if fingerprint_of(findings) != fingerprint:
        raise ValidationError(FOUND_MEANWHILE)
    stones = [stone for one in findings if one.key in chosen for stone in one.tombstones(only_in)]
    if not stones:
        raise ValidationError(NOTHING_CHOSEN)
    withholding = Withholding(
        kind=wanted.kind,
        words=words,
        note=note,
        everywhere=only_in is None and wanted.kind is not WithheldKind.PUBLICATION,
        places=len(stones),
        withheld_by=by,
        withheld_at=now,
        changed_at=now,
    )
    withholding.full_clean()
    withholding.save()
    for stone in stones:
        stone.withholding = withholding
    Tombstone.objects.bulk_create(stones)
    _forget_files(withholding)
    record(
        SecurityEventKind.WITHHELD,
        by=by,
        about=_without_words(withholding),
        detail=f"in {counted(len(stones), 'place')}",
    )
    return withholding


@transaction.atomic
def confirm(*, key: int, by: User, alone: bool, now: datetime) -> Withholding:
    """Say as a second person that it is right to withhold it. Raises ValidationError."""
    current = _current(key, by)
    if current.confirmed_at or current.lifted_at:
        raise ValidationError("This was decided in the meantime.")
    current.alone = _decides_alone(current.withheld_by, by, alone=alone)
    current.confirmed_by, current.confirmed_at = by, now
    current.save()
    record(SecurityEventKind.WITHHELD, by=by, about=_without_words(current), detail="confirmed by a second person")
    return current


@transaction.atomic
def lift(*, key: int, reason: str, by: User, alone: bool, now: datetime) -> Withholding:
    """Show again what was withheld by mistake. Raises ValidationError."""
    current = _current(key, by)
    if current.lifted_at or current.erased_at:
        raise ValidationError(
            "What is erased can’t be shown again." if current.erased_at else "This is lifted already."
        )
    current.alone = _decides_alone(current.withheld_by, by, alone=alone) or current.alone
    current.lifted_by, current.lifted_at, current.lifting_reason = by, now, reason
    current.changed_at = now
    current.full_clean()
    current.save()
    _forget_files(current)
    record(SecurityEventKind.SHOWN_AGAIN, by=by, about=_without_words(current))
    return current


@transaction.atomic
def ask_for_erasure(*, key: int, legal_reason: str, by: User, now: datetime) -> Withholding:
    """Ask that the original be erased, for a reason in law. Raises ValidationError."""
    current = _current(key, by)
    if current.confirmed_at is None or current.lifted_at or current.erased_at:
        raise ValidationError("Only what is withheld, and confirmed, can be erased.")
    current.erasure_asked_by, current.erasure_asked_at, current.legal_reason = by, now, legal_reason
    current.full_clean()
    current.save()
    record(SecurityEventKind.ERASED, by=by, about=_without_words(current), detail="asked for")
    return current


@transaction.atomic
def erase(*, key: int, by: User, alone: bool, now: datetime) -> Withholding:
    """Erase the originals for good, as another person asked; what can't be erased is named in the certificate.

    Raises ValidationError, and erases nothing, while the data still say it.
    """
    current = _current(key, by)
    asked_by = current.erasure_asked_by
    if asked_by is None or current.lifted_at or current.erased_at:
        raise ValidationError("Nobody has asked for this to be erased, or it is decided already.")
    current.alone = _decides_alone(asked_by, by, alone=alone) or current.alone
    stones = list(current.tombstones.select_related("withholding", "document"))
    texts = originals_of(stones)
    standing = dict.fromkeys([*standing_texts(texts), *standing_figures(stones)])
    if standing:
        raise ValidationError([f"Correct the data first. It still stands in: {place}." for place in standing])
    current.erased_by, current.erased_at, current.changed_at = by, now, now
    current.certificate = "\n".join(erase_beside(texts, current))
    current.save()
    for document in PublishedDocument.objects.filter(tombstones__withholding=current).distinct().order_by("pk"):
        erase_in(document, [stone for stone in stones if stone.document_id == document.pk], current)
    Tombstone.objects.filter(withholding=current).exclude(kind=WithheldKind.REASON).update(text="", figure="")
    _forget_files(current)
    record(SecurityEventKind.ERASED, by=by, about=_without_words(current), detail="done")
    return current


def _without_words(withholding: Withholding) -> str:
    """What the security log says of it: never what was withheld, since it may be erased."""
    return f"withholding {withholding.pk}: {withholding.get_kind_display().lower()}"


def others_who_decide(person: User) -> models.QuerySet[User]:
    """Who else can be the second person: other performance officers and superusers who can sign in."""
    officers = User.objects.filter(Q(groups__name=PERFORMANCE_OFFICERS) | Q(is_superuser=True), is_active=True)
    return officers.exclude(pk=person.pk).distinct()


def _decides_alone(first: User, second: User, *, alone: bool) -> bool:
    """Whether the same person decides twice, which they may where there is nobody else and they say so."""
    if first != second:
        return False
    if others_who_decide(second).exists():
        raise ValidationError(ASK_ANOTHER)
    if not alone:
        raise ValidationError(SAY_ALONE)
    return True


def _take_turn() -> None:
    """After this nobody publishes, and nothing is withheld or lifted, until the end of the transaction."""
    published = Publication.objects.order_by().values("edition")
    list(Edition.objects.select_for_update().filter(pk__in=published).order_by("pk").values_list("pk"))


def _current(key: int, by: User) -> Withholding:
    require(by, "withhold")
    _take_turn()
    return (
        Withholding.objects.select_for_update(of=("self",))
        .select_related("withheld_by", "erasure_asked_by")
        .get(pk=key)
    )


def _forget_files(withholding: Withholding) -> None:
    """Remove the kept files of its documents; whoever is making one sees that it is out of date, or is waited for."""
    keys = list(withholding.tombstones.order_by().values_list("document", flat=True).distinct())
    list(PublishedDocument.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    PublishedFile.objects.filter(document__in=keys).delete()
