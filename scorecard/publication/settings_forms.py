"""The forms for what the public reads of a scorecard, and for revising what was published under other settings."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

from django import forms

from indicators.calculations.disclosure import LARGEST_SMALL
from scorecard.council.look import said_later
from scorecard.disclosure import Undeclared, undeclared_relations
from scorecard.display.forms import NOT_ON_THE_LIST, GovukFormMixin
from scorecard.editing.forms import ProseField
from scorecard.models import PeopleNamed, Scorecard

from .forms import ReasonForm
from .reading import to_hide_counts, to_revise
from .settings import SETTINGS, asks_why
from .shown import SAY_WHY, Shown, shown_by_settings, with_settings

YES_OR_NO = ("is_public", "suppresses_small_counts")
HIDING = ("suppresses_small_counts", "rounds_counts", "largest_small_count")
HIDE, ROUND, SHOW = "yes", "round", "no"


class SettingsForm(GovukFormMixin, forms.Form):
    """What the public and the panel read of a scorecard.

    What that shows is listed and asked about before anything is saved: `asks` once there is something to ask.
    """

    is_public = forms.TypedChoiceField(
        label="Who reads the published reports?",
        choices=[
            (
                "no",
                said_later("Panel members, people with lines on the scorecard, and performance officers, signed in"),
            ),
            ("yes", "Everybody, without signing in"),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={**NOT_ON_THE_LIST, "required": "Choose who reads the reports."},
    )
    suppresses_small_counts = forms.ChoiceField(
        label="What do the public’s reports do with small counts?",
        help_text="Where they are hidden, 0 is always shown; where counts are rounded, it stands for 0, 1 or 2. "
        "What the public once read as [c] stays [c].",
        choices=[
            (HIDE, "Hide them as [c], with whatever would give them away"),
            (ROUND, "Round every count to the nearest 5, and work all other figures out from these"),
            (SHOW, "Show them"),
        ],
        widget=forms.RadioSelect,
        error_messages={**NOT_ON_THE_LIST, "required": "Choose whether small counts are hidden or rounded."},
    )
    largest_small_count = forms.TypedChoiceField(
        label="Which counts are small?",
        choices=[(largest, f"1 to {largest}") for largest in LARGEST_SMALL],
        coerce=int,
        error_messages=NOT_ON_THE_LIST,
    )
    panel_reads_unsuppressed = forms.BooleanField(
        label=said_later(
            "The panel, and people with lines on the scorecard, read small counts when they are signed in"
        ),
        required=False,
    )
    people_named = forms.ChoiceField(
        label="Whom do the public’s reports name?",
        help_text=said_later("Signed-in panel members, and people with lines on the scorecard, always read the names."),
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
        if scorecard.rounds_counts:
            as_typed["suppresses_small_counts"] = ROUND
        super().__init__(data, initial={**as_typed, "version": scorecard.version})
        self.scorecard, self.stored = scorecard, stored
        self.shown, self.unread, self.asks, self.needs_reason = Shown(), list[date](), False, False
        self.undeclared: list[Undeclared] = []

    @property
    def settings(self) -> dict[str, Any]:
        how = self.cleaned_data["suppresses_small_counts"]
        told = {**self.cleaned_data, "suppresses_small_counts": how != SHOW, "rounds_counts": how == ROUND}
        return {name: told[name] for name in SETTINGS}

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
        if new.is_public and new.suppresses_small_counts and is_new & {"is_public", *HIDING}:
            self.undeclared = undeclared_relations()
        asked = self.needs_reason or self.unread or self.undeclared or is_new & {"is_public", "people_named"}
        if not asked:
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


class ReviseWaitingForm(ReasonForm):
    """Why editions are revised, all that wait for it; for readers."""

    def __init__(self, data: Any, scorecard: Scorecard) -> None:
        hides = scorecard.suppresses_small_counts
        usual = (
            "Counts are rounded to the nearest 5 for the public from now on."
            if scorecard.rounds_counts and to_hide_counts(scorecard).exists()
            else "Confidential counts are left out for the public from now on."
            if to_hide_counts(scorecard).exists()
            else "What the public can read of the reports is less than before: names are left out."
        )
        super().__init__(data, hides_counts=hides, initial={"reason": usual})
        self.fields["reason"].label = "Why are they revised?"
        self.fields["reason"].help_text = "Readers see this at each of them."
