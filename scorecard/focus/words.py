"""The texts of the panel's questions, as somebody may read them.

A question and its answer are typed before anybody has decided what the public may read. Where small counts are hidden
from somebody, these pages tell them no more than the public's reports do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property, partial
from typing import NamedTuple

from commentary.models import AreaOfFocus, FocusUpdate
from indicators.models import Indicator, User
from scorecard.disclosure.texts import WITHHELD, WITHHELD_BESIDE_ROUNDED
from scorecard.models import Audience, PublicText, PublishedDocument, Scorecard, TextDecision, Tombstone
from scorecard.models.withholding import text_checksum
from scorecard.publication.reading import publications_for, read_frozen
from scorecard.rules import may

NOT_CLEARED = "This text is not cleared for the public yet."
# What stands in documents about questions is little, and read again and again.
DOCUMENTS_KEPT = 1000

Tell = Callable[[str], str]


class Published(NamedTuple):
    """A text of a question in a public report: when that was raised, about which month, and the text."""

    opened_on: date | None
    asked_in: date | None
    text: str


class Version(NamedTuple):
    """What a question said at some time, and who made it say so."""

    title: str
    detail: str
    response: str
    by: int | None


class Words:
    """The texts of some questions, each asked on a scorecard, for one reader.

    In place of what was taken back everybody but officers reads why, also who wrote it. Where a scorecard hides small
    counts from the reader, of the rest they read what they wrote themselves, what was decided for the public, and what
    stands in a public report; and all of a question that they, or somebody they stand in for, answer.

    The number of queries doesn't grow with the questions; it does with scorecards whose public reports are looked into.
    """

    def __init__(self, reader: User, asked: Iterable[tuple[Scorecard, AreaOfFocus]]) -> None:
        self._reader = reader
        self._left_out = {} if may(reader, "withhold") else Tombstone.objects.sentences()
        hides: dict[int, bool] = {}
        self._masked: dict[int, tuple[Scorecard, AreaOfFocus]] = {}
        self._published: dict[int, frozenset[Published]] = {}
        for scorecard, question in asked:
            if scorecard.pk not in hides:
                reads_all = not scorecard.suppresses_small_counts or may(reader, "read_small_counts", scorecard)
                hides[scorecard.pk] = not reads_all
            if hides[scorecard.pk] and not may(reader, "answer_question", question):
                self._masked[question.pk] = scorecard, question

    def told(self, question: AreaOfFocus, text: str) -> str:
        """A text that the question has or had, or what the reader reads in its place."""
        taken_back = self._left_out.get(text_checksum(text))
        if taken_back or not text or question.pk not in self._masked or text in self._own[question.pk]:
            return taken_back or text
        scorecard, _ = self._masked[question.pk]
        decided = self._decided_on(scorecard, question, text)
        if decided is None:
            known = Published(question.opened_on, question.asked_in, text) in self._published_for(scorecard)
            return text if known else NOT_CLEARED
        if decided.decision == TextDecision.WITHHELD:
            return WITHHELD_BESIDE_ROUNDED if scorecard.rounds_counts else WITHHELD
        wording = decided.wording or text
        return self._left_out.get(text_checksum(wording), wording)

    def of(self, question: AreaOfFocus) -> Tell:
        """What tells any text of the question."""
        return partial(self.told, question)

    def name_of(self, indicator: Indicator) -> str:
        """An indicator by its reference and title."""
        title = self._left_out.get(text_checksum(indicator.title), indicator.title)
        return f"{indicator.reference} {title}"

    @cached_property
    def _versions(self) -> Mapping[int, list[Version]]:
        """Everything that the masked questions ever said, the oldest first."""
        found: dict[int, list[Version]] = defaultdict(list)
        history = AreaOfFocus.history.filter(id__in=self._masked).order_by("history_date", "history_id")
        for key, *said in history.values_list("id", "title", "detail", "response", "history_user"):
            found[key].append(Version(*said))
        return found

    @cached_property
    def _own(self) -> Mapping[int, set[str]]:
        """By question, the texts that the reader typed: each in an entry of the history that the one before lacks.

        The first is of who asked, where nobody is named: it was brought over, or loaded.
        """
        own: dict[int, set[str]] = defaultdict(set)
        for key, versions in self._versions.items():
            _, question = self._masked[key]
            before: tuple[str, ...] = ()
            for version in versions:
                if version.by == self._reader.pk:
                    own[key].update({version.title, version.detail, version.response} - {*before})
                elif version.by is None and not before and question.asked_by_id == self._reader.pk:
                    own[key].update((version.title, version.detail))
                before = version[:3]
        updates = FocusUpdate.history.filter(area_id__in=self._masked).order_by("history_date", "history_id")
        latest: dict[int, str] = {}
        for update, key, text, by in updates.values_list("id", "area_id", "text", "history_user"):
            if by == self._reader.pk and text != latest.get(update):
                own[key].add(text)
            latest[update] = text
        return own

    @cached_property
    def _decisions(self) -> Mapping[tuple[int, str], list[PublicText]]:
        """Every decision on a text of these scorecards, by scorecard and text, the latest first."""
        found: dict[tuple[int, str], list[PublicText]] = defaultdict(list)
        scorecards = {scorecard.pk for scorecard, _ in self._masked.values()}
        for decided in PublicText.objects.filter(scorecard__in=scorecards):
            found[decided.scorecard_id, decided.text].append(decided)
        return found

    def _decided_on(self, scorecard: Scorecard, question: AreaOfFocus, text: str) -> PublicText | None:
        """The latest decision on the text as one of this question's: “No.” can be the answer to more than one."""
        titles = {version.title for version in self._versions[question.pk]}
        for decided in self._decisions.get((scorecard.pk, text), ()):
            if decided.where.startswith(question.get_kind_display()) and (
                (text in titles and ", title" in decided.where)
                or any(f"“{title}”" in decided.where for title in titles)
            ):
                return decided
        return None

    def _published_for(self, scorecard: Scorecard) -> frozenset[Published]:
        if scorecard.pk not in self._published:
            self._published[scorecard.pk] = published_words(scorecard)
        return self._published[scorecard.pk]


def tell_titles(reader: User, asked: Iterable[tuple[Scorecard, AreaOfFocus]]) -> Words:
    """Give each question, as `told`, its title as the reader may read it."""
    listed = list(asked)
    words = Words(reader, listed)
    for _, question in listed:
        question.told = words.told(question, question.title)  # type: ignore[attr-defined]
    return words


_kept: dict[tuple[int, str, int], frozenset[Published]] = {}


def published_words(scorecard: Scorecard) -> frozenset[Published]:
    """The texts of questions in everything that the public may read of a scorecard, in at most four queries and one
    more for each document with something withheld. What a document says is kept until something in it is withheld.
    """
    published = [one for one in publications_for(scorecard, Audience.PUBLIC) if not one.tombstone]
    keys = {one.document: (one.document, one.checksum, one.withheld) for one in published}
    missing = [document for document, key in keys.items() if key not in _kept]
    if len(_kept) > DOCUMENTS_KEPT:
        _kept.clear()
    found = {key: _kept[key] for key in keys.values() if key in _kept}
    if missing:
        for document, frozen in read_frozen(PublishedDocument.objects.filter(pk__in=missing), unreadable=[]):
            found[keys[document.pk]] = _kept[keys[document.pk]] = frozenset(
                Published(focus.opened_on, focus.asked_in, text)
                for focus in frozen.report.areas_of_focus
                if focus.is_question
                for text in (focus.title, focus.detail, focus.response, *(update.text for update in focus.updates))
            )
    return frozenset().union(*found.values())
