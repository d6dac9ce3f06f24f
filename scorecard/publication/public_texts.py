"""The texts near hidden counts: shown to an officer with the figures they stand by, riskiest first, and decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.db import transaction

from indicators.calculations.months import add_months
from indicators.models import ChangedMeanwhileError, User, save_all
from scorecard.disclosure import DisclosurePlan
from scorecard.disclosure.texts import DoubtfulText
from scorecard.disclosure.wording import Piece, Risk, marked_pieces, number_text, numbers_in
from scorecard.display.forms import NOT_ON_THE_LIST
from scorecard.editing.forms import ProseField
from scorecard.models import Edition, PublicText, TextDecision, Tombstone
from scorecard.models.withholding import text_checksum
from scorecard.report import BoardReport
from scorecard.rules import require

from .document import Pages
from .publish import plan_edition

MONTHS_BESIDE = 6
LINES_BESIDE = 4
# In these nothing was recognised that could tell: the first to clear together, but a person does.
LOW = (Risk.PRINTED, Risk.PLAIN)
CHECKSUM_LENGTH = 64
LONGEST_VERSION = 10


class FigureBeside(NamedTuple):
    """A figure near a text, as the panel reads it; and whether the public reads [c]."""

    month: date
    text: str
    is_hidden: bool


class LineBeside(NamedTuple):
    """A line near a text with its latest figures up to the text's month."""

    key: int
    reference: str
    title: str
    figures: tuple[FigureBeside, ...]


@dataclass(frozen=True)
class TextBeside:
    """One text in doubt, in all its places, with what stands near it and what was decided, if anything was."""

    places: tuple[DoubtfulText, ...]
    lines: tuple[LineBeside, ...]
    risk: Risk
    decided: PublicText | None

    @property
    def first(self) -> DoubtfulText:
        return self.places[0]

    @property
    def anchor(self) -> str:
        return f"text-{self.first.key[:12]}"

    @property
    def where(self) -> str:
        """Everywhere it stands."""
        return "; ".join(dict.fromkeys(place.text.where for place in self.places))

    @property
    def value(self) -> str:
        """Which text and which decision on it the page shows, as a form sends it."""
        return f"{self.first.key}.{self.decided.version if self.decided else 0}"

    @property
    def pieces(self) -> list[Piece]:
        return marked_pieces(self.first.text.text, self.first.marks)

    @property
    def shown_lines(self) -> Sequence[LineBeside]:
        return self.lines[:LINES_BESIDE]

    @property
    def further_lines(self) -> Sequence[LineBeside]:
        return self.lines[LINES_BESIDE:]

    @property
    def wording(self) -> str:
        """What rewording starts from."""
        return (self.decided.wording if self.decided else "") or self.first.text.text


class Group(NamedTuple):
    """Texts about one line, of the overview, or all in which nothing was recognised, the riskiest first.

    `next_anchor` and `next_name` are those of the group that comes next, if one does.
    """

    anchor: str
    reference: str
    title: str
    texts: tuple[TextBeside, ...]
    next_anchor: str = ""
    next_name: str = ""


@dataclass(frozen=True)
class PublicTextsPage:
    """All texts of an edition that wait for a decision, and those that were decided.

    `at` is the group that was asked for, or the key of the text that something was typed for.
    """

    edition: Edition
    report: BoardReport
    pages: Pages
    plan: DisclosurePlan | None
    at: str = ""

    @classmethod
    def of(cls, edition: Edition, at: str = "") -> PublicTextsPage:
        """The page as the data stand now."""
        return cls(edition, *plan_edition(edition), at)

    @cached_property
    def texts(self) -> list[TextBeside]:
        """Each text once, the riskiest first."""
        by_key: dict[str, list[DoubtfulText]] = {}
        for text in self.plan.texts if self.plan else ():
            by_key.setdefault(text.key, []).append(text)
        decided = {row.key: row for row in self.edition.scorecard.public_texts.select_related("decided_by")}
        sentences = Tombstone.objects.sentences()
        for row in decided.values():
            row.wording = sentences.get(text_checksum(row.wording), row.wording)
        order = [*Risk]
        found = [
            TextBeside(tuple(places), self._lines(places), self._risk(places[0]), decided.get(key))
            for key, places in by_key.items()
        ]
        return sorted(found, key=lambda text: order.index(text.risk))

    @property
    def keys(self) -> set[str]:
        return {text.first.key for text in self.texts}

    @cached_property
    def waiting(self) -> list[TextBeside]:
        return [text for text in self.texts if text.decided is None]

    @cached_property
    def groups(self) -> list[Group]:
        """What waits by line, that with the riskiest text first; at the end all that nothing was recognised in."""
        groups = self._grouped(text for text in self.waiting if text.risk not in LOW)
        low = tuple(text for text in self.waiting if text.risk in LOW)
        if low:
            groups.append(Group("low", "", "Nothing risky was recognised in these", low))
        for place, after in enumerate(groups[1:]):
            groups[place] = groups[place]._replace(next_anchor=after.anchor, next_name=after.reference or after.title)
        return groups

    @property
    def opened(self) -> str:
        """The anchor of the group that is shown unfolded: the one asked for while it is there, or the first."""
        asked = [
            group.anchor
            for group in self.groups
            if self.at == group.anchor or any(text.first.key == self.at for text in group.texts)
        ]
        return next(iter(asked), self.groups[0].anchor if self.groups else "")

    @property
    def number_decided(self) -> int:
        return len(self.texts) - len(self.waiting)

    @cached_property
    def decided(self) -> list[tuple[TextDecision, list[TextBeside]]]:
        """What was decided, by what the public reads."""
        found: dict[TextDecision, list[TextBeside]] = {decision: [] for decision in TextDecision}
        for text in self.texts:
            if text.decided:
                found[TextDecision(text.decided.decision)].append(text)
        return [(decision, texts) for decision, texts in found.items() if texts]

    def _grouped(self, texts: Iterable[TextBeside]) -> list[Group]:
        found: dict[str, list[TextBeside]] = {}
        names: dict[str, tuple[str, str]] = {}
        for text in texts:
            place = text.first.place
            if text.first.text.is_of_overview or place[0] == "section":
                anchor, name = "overview", ("", "Overview, sections, areas of focus and questions")
            else:
                anchor, name = f"of-{place[1]}", self._name_of(place[1])
            names[anchor] = name
            found.setdefault(anchor, []).append(text)
        return [Group(anchor, *names[anchor], tuple(of_it)) for anchor, of_it in found.items()]

    @cached_property
    def _measures(self) -> dict[Any, Any]:
        measures: dict[Any, Any] = {page.key: page.measure for page in self.pages.usual}
        return measures | {key: row.measure for key, row in self.report.by_indicator.items()}

    def _name_of(self, key: Any) -> tuple[str, str]:
        measure = self._measures.get(key)
        return (measure.reference, measure.title) if measure else ("", "A line that is gone")

    @cached_property
    def _series(self) -> Mapping[int, Mapping[date, str]]:
        """Every figure of every line as the panel reads it."""
        found: dict[int, dict[date, str]] = {
            key: {point.month: point.text for point in page.points} for key, page in self.pages.longest.items()
        }
        for key, row in self.report.by_indicator.items():
            texts = {month: row.text_at(place) for place, month in enumerate(row.months)}
            found[key] = {**found.get(key, {}), **texts}
        return found

    def _lines(self, places: Sequence[DoubtfulText]) -> tuple[LineBeside, ...]:
        """The lines that a text is about, and those that have hidden figures near it in the latest months."""
        month = places[0].text.month or self.report.month
        about = list(dict.fromkeys(key for place in places for key in sorted(place.text.about)))
        latest: dict[int, date] = {}
        for key, hidden in places[0].near:
            latest[key] = max(latest.get(key, hidden), hidden)
        others = sorted(latest.keys() - set(about), key=lambda key: (-latest[key].toordinal(), key))
        lines = [self._line(key, month) for key in (*about, *others) if key in self._series]
        return tuple(line for line in lines if line.key in about or any(one.is_hidden for one in line.figures))

    def _line(self, key: int, month: date) -> LineBeside:
        hidden = self.plan.hidden if self.plan else frozenset()
        shown = [one for one in sorted(self._series[key].items()) if one[0] <= month][-MONTHS_BESIDE:]
        figures = tuple(FigureBeside(when, text, (key, when) in hidden) for when, text in shown)
        return LineBeside(key, *self._name_of(key), figures)

    def _risk(self, text: DoubtfulText) -> Risk:
        """Its risk: the highest where it has a number that is hidden near it in its month or the one before."""
        month = text.text.month or self.report.month
        late = (month, add_months(month, -1))
        hidden = {number_text(self._series.get(key, {}).get(when, "")) for key, when in text.near if when in late}
        return Risk.NAMES if (numbers_in(text.text.text) & hidden) - {""} else text.risk


class TextForm(forms.Form):
    """A decision on texts of the page: `text` has each, with the version of the decision that was shown."""

    decision = forms.ChoiceField(choices=TextDecision.choices, error_messages=NOT_ON_THE_LIST)
    wording = ProseField(required=False, label="What the public reads in its place")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        texts: Any = self.data
        cleaned["seen"] = seen = dict(filter(None, map(_seen, texts.getlist("text"))))
        if not seen:
            self.add_error(None, "Choose which text it is about.")
        if cleaned.get("decision") != TextDecision.REWORDED:
            cleaned["wording"] = ""
        elif len(seen) > 1:
            self.add_error(None, "Reword one text at a time.")
        elif not cleaned.get("wording") and "wording" not in self.errors:
            self.add_error("wording", "Write what the public is to read.")
        return cleaned


def _seen(text: str) -> tuple[str, int] | None:
    key, _, version = text.partition(".")
    is_number = version.isascii() and version.isdigit() and len(version) < LONGEST_VERSION
    return (key, int(version)) if len(key) == CHECKSUM_LENGTH and is_number else None


@transaction.atomic
def decide_on_texts(
    *, edition: Edition, seen: Mapping[str, int], decision: TextDecision, wording: str, by: User, now: datetime
) -> int:
    """Keep what an officer decided on texts, by their keys with the version of the decision that they saw (0: none).

    Raises ChangedMeanwhileError, with nothing kept, when one of the texts, what is hidden near it or the decision on it
    is another by now. How many were decided is returned.
    """
    require(by, "manage_collection")
    # Of two officers the second waits, and is told what the first decided.
    current = Edition.objects.select_for_update(of=("self",)).select_related("scorecard").get(pk=edition.pk)
    page = PublicTextsPage.of(current)
    there_are = {text.first.key: text for text in page.texts}
    changed: list[PublicText] = []
    for key, version in seen.items():
        text = there_are.get(key)
        if text is None or version != (text.decided.version if text.decided else 0):
            raise ChangedMeanwhileError(text.decided if text and text.decided else current)
        row = text.decided or PublicText(scorecard=current.scorecard, key=key)
        row.where, row.text, row.month = text.where, text.first.text.text, current.month
        row.decision, row.wording, row.decided_by, row.decided_at = decision, wording, by, now
        row.clean_fields()
        changed.append(row)
    save_all(changed, ["where", "text", "month", "decision", "wording", "decided_by", "decided_at"], by=by)
    return len(changed)
