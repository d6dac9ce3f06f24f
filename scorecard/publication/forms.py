"""Forms for publishing an edition, for revising one that is published, and for comparing two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from indicators.calculations.folding import folded
from indicators.calculations.months import month_text
from indicators.moments import day_in_words
from scorecard.disclosure.texts import key_of
from scorecard.disclosure.wording import Piece, marked_pieces, marks_of
from scorecard.display.forms import NOT_ON_THE_LIST, GovukFormMixin
from scorecard.editing.forms import LineField, ProseField
from scorecard.models import PublicationKind, WithheldKind
from scorecard.report import BoardReport
from scorecard.report.board import Revised

from .publish import is_new_estimate
from .reading import Published
from .shown import SAY_WHY
from .withholding import FOUND_MEANWHILE, NOTHING_CHOSEN, SAY_ALONE, SHORTEST, Finding, Wanted, fingerprint_of

CHANGED_MEANWHILE = "Something has changed since you opened this page. Look at it as it is now, and then publish."
KINDS = {
    PublicationKind.SCHEDULED: "Scheduled: figures that were provisional or estimated are final now, or a new "
    "estimate of a population is out",
    PublicationKind.CORRECTION: "Correction: something that was published was wrong",
}


class CompareForm(GovukFormMixin, forms.Form):
    """Two publications to compare: a month stands for the one that holds, with a number for that one."""

    earlier = forms.ChoiceField(label="Earlier report", error_messages=NOT_ON_THE_LIST)
    later = forms.ChoiceField(label="Later report", error_messages=NOT_ON_THE_LIST)

    def __init__(self, data: Any, publications: list[Published]) -> None:
        publications = [one for one in publications if not one.tombstone]
        self.publications = {choice: one for one in publications for choice in _choices(one)}
        holding = [month_text(one.month) for one in publications if not one.is_outdated]
        usual = {"later": holding[0], "earlier": holding[min(1, len(holding) - 1)]} if holding else {}
        given = {name: data[name] for name in ("earlier", "later") if data.get(name)}
        super().__init__({**usual, **given}, auto_id="compare_%s")
        for name in ("earlier", "later"):
            self.fields[name].choices = [  # type: ignore[attr-defined]
                (choice, name_of(one)) for choice, one in self.publications.items() if choice == _choices(one)[0]
            ]

    def chosen(self) -> tuple[Published, Published] | None:
        """The two, in their order in time; None when one of them isn't valid."""
        if not self.is_valid():
            return None
        chosen = [self.publications[self.cleaned_data[name]] for name in ("earlier", "later")]
        earlier, later = sorted(chosen, key=lambda one: (one.month, one.number))
        return earlier, later


def _choices(one: Published) -> list[str]:
    """How it can be asked for; the first is what the list has."""
    numbered = f"{month_text(one.month)}.{one.number}"
    return [numbered] if one.is_outdated else [month_text(one.month), numbered]


def name_of(one: Published) -> str:
    """The month, and which of its publications it is if there are several."""
    month = f"{one.month:%B %Y}"
    if one.latest == 1:
        return month
    which = f"revision of {day_in_words(one.published_at)}" if one.revision else "first publication"
    return f"{month}, {which}" + ("" if not one.is_outdated else " (outdated)")


class PublishForm(GovukFormMixin, forms.Form):
    """That the officer has seen what is listed. `fingerprint` is that of the draft they were shown."""

    fingerprint = forms.CharField(required=False, widget=forms.HiddenInput)
    looked = forms.BooleanField(
        label="I have looked at what is listed above, and publish all the same",
        error_messages={"required": "Say that you have looked at what is listed above."},
    )
    shown_because = ProseField(
        label="Why may people read these counts?",
        help_text="Kept with your name for the record. Readers don’t see it.",
        rows=3,
        max_length=2000,
        error_messages={"required": SAY_WHY},
    )

    def __init__(self, data: Any, *, fingerprint: str, is_complete: bool = False, shows: bool = False) -> None:
        super().__init__(data)
        self.now = fingerprint
        if is_complete:
            del self.fields["looked"]
        if not shows:
            del self.fields["shown_because"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("fingerprint") != self.now:
            self.add_error(None, CHANGED_MEANWHILE)
        return cleaned


class ReviseForm(PublishForm):
    """Why a published edition is revised, for readers."""

    kind = forms.ChoiceField(
        label="What kind of revision is it?",
        choices=[(kind.value, label) for kind, label in KINDS.items()],
        widget=forms.RadioSelect,
        error_messages={**NOT_ON_THE_LIST, "required": "Choose which kind of revision it is."},
    )
    reason = ProseField(
        label="Why is it revised?",
        help_text="Readers see this. Say what was wrong or not yet final, and how it came about.",
        rows=4,
        max_length=2000,
        error_messages={"required": "Say why the report is revised."},
    )
    population_was_wrong = forms.BooleanField(
        required=False,
        label="The population was wrong before, so what follows from it is a correction too",
        help_text="For a slip, such as a mistyped number. A new estimate is not a correction of the one before.",
    )
    # Which reason the page showed with its risky words marked.
    marked = forms.CharField(required=False, widget=forms.HiddenInput)
    cleared = forms.BooleanField(
        label="I have read the reason beside what the public will not see: it tells of no hidden figure",
        help_text="The public reads it. That you cleared it is kept with your name.",
        error_messages={"required": "Read the reason beside the hidden figures, and say that it tells of none."},
    )
    field_order = ["fingerprint", "kind", "population_was_wrong", "reason", "cleared", "marked", "shown_because"]

    def __init__(
        self,
        data: Any,
        *,
        fingerprint: str,
        changes: Sequence[Revised] = (),
        hides_counts: bool = False,
        shows: bool = False,
    ) -> None:
        super().__init__(data, fingerprint=fingerprint, is_complete=True, shows=shows)
        self.pieces: list[Piece] = []
        if not hides_counts:
            del self.fields["cleared"], self.fields["marked"]
        estimates = [change for change in changes if is_new_estimate(change)]
        self.has_only_estimates = bool(estimates) and len(estimates) == len(changes)
        if not estimates:
            del self.fields["population_was_wrong"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind, was_wrong = cleaned.get("kind"), cleaned.get("population_was_wrong")
        if was_wrong and kind == PublicationKind.SCHEDULED:
            self.add_error("population_was_wrong", "A population that was wrong makes this a correction: choose that.")
        if self.has_only_estimates and kind == PublicationKind.CORRECTION and not was_wrong:
            self.add_error(
                "kind", "All that has changed is an estimate of a population: scheduled, unless it was wrong before."
            )
        if "cleared" in self.fields and cleaned.get("reason"):
            self._show_marked(cleaned["reason"])
        return cleaned

    def _show_marked(self, reason: str) -> None:
        """Ask once more for a reason with risky words in it, which are marked then: this very one, or another."""
        marks = marks_of(reason)
        checksum = key_of("reason", reason, ())
        if marks and self.cleaned_data.get("marked") != checksum:
            self.pieces = marked_pieces(reason, marks)
            self.add_error("cleared", "Look at the words that are marked below, and say again that they tell of none.")
            data: Any = self.data.copy()
            data["marked"] = checksum
            data.pop("cleared", None)
            self.data = data


class TakeBackForm(GovukFormMixin, forms.Form):
    """What somebody wants to take back, starting from a report: `report` is None where it can't be read."""

    kind = forms.ChoiceField(
        label="What should be taken back?",
        choices=[
            (WithheldKind.TEXT, "Words, such as a name: all texts that have them are found"),
            (WithheldKind.FIGURE, "A figure of one month, and what is worked out from it"),
            (WithheldKind.LINE, "A whole line"),
            (WithheldKind.PUBLICATION, "This whole publication"),
        ],
        widget=forms.RadioSelect,
        error_messages={**NOT_ON_THE_LIST, "required": "Choose what should be taken back."},
    )
    sought = ProseField(
        required=False,
        rows=2,
        max_length=2000,
        label="Which words?",
        help_text="A few of them are enough. Capital letters and accents make no difference.",
    )
    line = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, error_messages=NOT_ON_THE_LIST)
    month = forms.TypedChoiceField(
        required=False, coerce=date.fromisoformat, empty_value=None, error_messages=NOT_ON_THE_LIST
    )

    def __init__(self, data: Any, report: BoardReport | None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        rows = report.by_indicator.values() if report else ()
        self.fields["line"].label = "Which line? (for a figure or a line)"
        self.fields["month"].label = "Of which month? (for a figure)"
        lines: list[tuple[str, str]] = [
            (str(row.indicator), f"{row.measure.reference} {row.measure.title}") for row in rows
        ]
        months = [(month.isoformat(), f"{month:%B %Y}") for month in reversed(report.months)] if report else []
        self.fields["line"].choices = [("", "Choose a line"), *lines]  # type: ignore[attr-defined]
        self.fields["month"].choices = [("", "Choose a month"), *months]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kind = cleaned.get("kind")
        if kind == WithheldKind.TEXT and len(folded(cleaned.get("sought", ""))) < SHORTEST:
            self.add_error("sought", f"Type at least {SHORTEST} characters of the words.")
        if kind in (WithheldKind.FIGURE, WithheldKind.LINE) and "line" in cleaned and not cleaned["line"]:
            self.add_error("line", "Choose the line.")
        if kind == WithheldKind.FIGURE and "month" in cleaned and not cleaned["month"]:
            self.add_error("month", "Choose the month.")
        return cleaned

    def wanted(self, publication: int) -> Wanted:
        """What to look for. Needs a valid form."""
        of = self.cleaned_data
        return Wanted(WithheldKind(of["kind"]), of["sought"], of["line"], of["month"], publication)


class WithholdForm(GovukFormMixin, forms.Form):
    """Which of what was found is withheld, and why."""

    EVERYWHERE, HERE = "everywhere", "here"

    fingerprint = forms.CharField(required=False, widget=forms.HiddenInput)
    chosen = forms.MultipleChoiceField(
        label="What is withheld?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={**NOT_ON_THE_LIST, "required": NOTHING_CHOSEN},
    )
    scope = forms.ChoiceField(label="Where?", widget=forms.RadioSelect, initial=EVERYWHERE)
    reason = LineField(
        max_length=200,
        label="Why is it withheld?",
        help_text="Readers see this after “Withheld on” and the date, for example “it named a person”. "
        "Don’t repeat what is withheld.",
        error_messages={"required": "Say why it is withheld."},
    )
    note = ProseField(
        required=False,
        rows=3,
        max_length=2000,
        label="Note for performance officers (optional)",
        help_text="Kept for good. Don’t repeat what is withheld here either.",
    )

    def __init__(self, data: Any, findings: Sequence[Finding], here: str, sought: str = "") -> None:
        super().__init__(
            data,
            initial={"fingerprint": fingerprint_of(findings), "chosen": [one.key for one in findings if one.is_sought]},
        )
        self.now = fingerprint_of(findings)
        self.findings = findings
        self.sought = folded(sought)
        self.fields["chosen"].choices = [(one.key, one.shown) for one in findings]  # type: ignore[attr-defined]
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            (self.EVERYWHERE, "Wherever it was published, and in later reports while the data say it"),
            (self.HERE, f"Only in {here}"),
        ]
        if all(one.kind is WithheldKind.PUBLICATION for one in findings):
            del self.fields["scope"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("fingerprint") != self.now:
            self.add_error(None, FOUND_MEANWHILE)
        for name in ("reason", "note"):
            if self.sought and self.sought in folded(cleaned.get(name, "")):
                self.add_error(name, "This repeats what is to be withheld: say it without those words.")
        return cleaned

    @property
    def options(self) -> list[tuple[Any, Finding]]:
        """Each box with what it stands for."""
        return list(zip(self["chosen"], self.findings, strict=True))


class DecideForm(GovukFormMixin, forms.Form):
    """One step of a withholding. `alone` is asked of whoever took the first one, where there is nobody else."""

    reason = LineField(max_length=200)
    alone = forms.BooleanField(
        label="I am the only performance officer, and decide this by myself",
        error_messages={"required": SAY_ALONE},
    )

    def __init__(self, data: Any, *, label: str = "", help_text: str = "", is_alone: bool = False, prefix: str) -> None:
        super().__init__(data, prefix=prefix)
        if label:
            self.fields["reason"].label, self.fields["reason"].help_text = label, help_text
            self.fields["reason"].error_messages["required"] = "Say why."
        else:
            del self.fields["reason"]
        if not is_alone:
            del self.fields["alone"]
