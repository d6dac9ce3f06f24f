"""Forms for publishing an edition, for revising one that is published, and for comparing two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from indicators.calculations.months import month_text
from indicators.moments import day_in_words
from scorecard.disclosure.texts import key_of
from scorecard.disclosure.wording import Piece, marked_pieces, marks_of
from scorecard.display.forms import NOT_ON_THE_LIST, GovukFormMixin
from scorecard.editing.forms import ProseField
from scorecard.models import PublicationKind
from scorecard.report.board import Revised

from .publish import is_new_estimate
from .reading import Published
from .shown import SAY_WHY

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


class ReasonForm(GovukFormMixin, forms.Form):
    """A revision's reason. Where counts are hidden from the public, its writer says that it tells of none of them."""

    reason = ProseField(
        label="Why is it revised?",
        help_text="Readers see this. Say what was wrong or not yet final, and how it came about.",
        rows=4,
        max_length=2000,
        error_messages={"required": "Say why the report is revised."},
    )
    # Which reason the page showed with its risky words marked.
    marked = forms.CharField(required=False, widget=forms.HiddenInput)
    cleared = forms.BooleanField(
        label="I have read the reason beside what the public will not see: it tells of no hidden figure",
        help_text="The public reads it. That you cleared it is kept with your name.",
        error_messages={"required": "Read the reason beside the hidden figures, and say that it tells of none."},
    )

    def __init__(self, data: Any, *, hides_counts: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.pieces: list[Piece] = []
        if not hides_counts:
            del self.fields["cleared"], self.fields["marked"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
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
            data: dict[str, Any] = {name: self.data.get(name) for name in self.data}
            data["marked"] = checksum
            data.pop("cleared", None)
            self.data = data


class ReviseForm(ReasonForm, PublishForm):
    """Why a published edition is revised, for readers."""

    kind = forms.ChoiceField(
        label="What kind of revision is it?",
        choices=[(kind.value, label) for kind, label in KINDS.items()],
        widget=forms.RadioSelect,
        error_messages={**NOT_ON_THE_LIST, "required": "Choose which kind of revision it is."},
    )
    population_was_wrong = forms.BooleanField(
        required=False,
        label="The population was wrong before, so what follows from it is a correction too",
        help_text="For a slip, such as a mistyped number. A new estimate is not a correction of the one before.",
    )
    field_order = ("fingerprint", "kind", "population_was_wrong", "reason", "cleared", "marked", "shown_because")

    def __init__(
        self,
        data: Any,
        *,
        fingerprint: str,
        changes: Sequence[Revised] = (),
        hides_counts: bool = False,
        shows: bool = False,
        is_complete: bool = True,
    ) -> None:
        super().__init__(data, hides_counts=hides_counts, fingerprint=fingerprint, is_complete=is_complete, shows=shows)
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
        return cleaned
