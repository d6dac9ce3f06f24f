"""Forms for publishing an edition, for revising one that is published, and for comparing two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from indicators.calculations.disclosure import LARGEST_SMALL
from indicators.calculations.months import month_text
from indicators.moments import day_in_words
from scorecard.disclosure.texts import telling_phrase
from scorecard.display.forms import NOT_ON_THE_LIST, GovukFormMixin
from scorecard.editing.forms import ProseField
from scorecard.models import PeopleNamed, PublicationKind, Scorecard
from scorecard.report.board import Revised

from .publish import is_new_estimate
from .reading import Published, to_revise
from .settings import SETTINGS, asks_why
from .shown import SAY_WHY, Shown, shown_by_settings, with_settings

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
    field_order = ["fingerprint", "kind", "population_was_wrong", "reason", "shown_because"]

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
        self.hides_counts = hides_counts
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

    def clean_reason(self) -> str:
        return reason_for_public(self.cleaned_data["reason"], hides_counts=self.hides_counts)


def reason_for_public(reason: str, *, hides_counts: bool) -> str:
    """A revision's reason as readers may have it. Raises ValidationError for one that could tell of a hidden count."""
    phrase = telling_phrase(reason) if hides_counts else ""
    if phrase:
        raise ValidationError(f"The public reads this, and small counts are hidden from it: leave “{phrase}” out.")
    return reason


class SettingsForm(GovukFormMixin, forms.Form):
    """What the public and the panel read of a scorecard.

    What that shows is listed and asked about before anything is saved: `asks` once there is something to ask.
    """

    is_public = forms.TypedChoiceField(
        label="Who reads the published reports?",
        choices=[
            ("no", "Panel members, people with lines on the scorecard, and performance officers, signed in"),
            ("yes", "Everybody, without signing in"),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={**NOT_ON_THE_LIST, "required": "Choose who reads the reports."},
    )
    suppresses_small_counts = forms.TypedChoiceField(
        label="What do the public’s reports do with small counts?",
        help_text="0 is always shown.",
        choices=[("yes", "Hide them as [c], with whatever would give them away"), ("no", "Show them")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={**NOT_ON_THE_LIST, "required": "Choose whether small counts are hidden."},
    )
    largest_small_count = forms.TypedChoiceField(
        label="Which counts are small?",
        choices=[(largest, f"1 to {largest}") for largest in LARGEST_SMALL],
        coerce=int,
        error_messages=NOT_ON_THE_LIST,
    )
    panel_reads_unsuppressed = forms.BooleanField(
        label="The panel, and people with lines on the scorecard, read small counts when they are signed in",
        required=False,
    )
    people_named = forms.ChoiceField(
        label="Whom do the public’s reports name?",
        help_text="Signed-in panel members, and people with lines on the scorecard, always read the names.",
        choices=PeopleNamed.choices,
        widget=forms.RadioSelect,
        error_messages={**NOT_ON_THE_LIST, "required": "Choose whom the public’s reports name."},
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)
    fingerprint = forms.CharField(required=False, widget=forms.HiddenInput)
    looked = forms.BooleanField(
        label="I have looked at what is listed here",
        required=False,
    )
    because = ProseField(
        label="Why?",
        help_text="Kept with your name, and shown on this page to performance officers.",
        required=False,
        rows=3,
        max_length=2000,
    )

    def __init__(self, data: Any, scorecard: Scorecard) -> None:
        stored = {name: getattr(scorecard, name) for name in SETTINGS}
        as_typed = {name: ("yes" if value else "no") if name in YES_OR_NO else value for name, value in stored.items()}
        super().__init__(data, initial={**as_typed, "version": scorecard.version})
        self.scorecard, self.stored = scorecard, stored
        self.shown, self.unread, self.asks, self.needs_reason = Shown(), list[date](), False, False

    @property
    def settings(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SETTINGS}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("version") != str(self.scorecard.version):
            self.add_error(
                None, "Somebody has changed the scorecard since you opened this page. Look at it as it is now."
            )
        if not self.errors and self.settings != self.stored:
            self._ask(cleaned)
        return cleaned

    def _ask(self, cleaned: dict[str, Any]) -> None:
        """Work out what the settings do, and what the officer has still to say to that."""
        new = with_settings(self.scorecard, self.settings)
        self.shown = shown_by_settings(self.scorecard, new)
        self.unread = [edition.month for edition in to_revise(new)] if new.is_public else []
        self.needs_reason = asks_why(self.scorecard, new, self.shown)
        is_new = {name for name in SETTINGS if self.settings[name] != self.stored[name]}
        if not (self.needs_reason or self.unread or is_new & {"is_public", "people_named"}):
            return
        was_shown = cleaned.get("fingerprint") == self.question
        if was_shown and not cleaned.get("looked"):
            self.add_error("looked", "Say that you have looked at what is listed here.")
        if was_shown and self.needs_reason and not cleaned.get("because"):
            self.add_error("because", SAY_WHY)
        self.asks = not was_shown or bool(self.errors)

    @property
    def question(self) -> str:
        """What was asked about which settings, so that an answer is to nothing else."""
        said = f"{self.shown.fingerprint} {self.unread} {self.settings}"
        return sha256(said.encode()).hexdigest()[:16]


YES_OR_NO = ("is_public", "suppresses_small_counts")


class ReviseWaitingForm(GovukFormMixin, forms.Form):
    """Why editions are revised, all that wait for it; for readers."""

    reason = ProseField(
        label="Why are they revised?",
        help_text="Readers see this at each of them.",
        rows=3,
        max_length=2000,
        error_messages={"required": "Say why the reports are revised."},
    )

    def __init__(self, data: Any, scorecard: Scorecard) -> None:
        usual = (
            "What the public can read of the reports is less than before: small counts are hidden, or names left out."
        )
        if scorecard.suppresses_small_counts:
            usual = "Small counts are hidden from the public, so that nobody can be recognised."
        super().__init__(data, initial={"reason": usual})
        self.hides_counts = scorecard.suppresses_small_counts

    def clean_reason(self) -> str:
        return reason_for_public(self.cleaned_data["reason"], hides_counts=self.hides_counts)
