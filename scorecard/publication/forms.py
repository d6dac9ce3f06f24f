"""Forms for publishing an edition, and for revising one that is published."""

from __future__ import annotations

from typing import Any

from django import forms

from scorecard.forms import NOT_ON_THE_LIST, GovukFormMixin
from scorecard.models import PublicationKind

CHANGED_MEANWHILE = "Something has changed since you opened this page. Look at it as it is now, and then publish."
KINDS = {
    PublicationKind.SCHEDULED: "Scheduled: figures that were provisional or estimated are final now",
    PublicationKind.CORRECTION: "Correction: something that was published was wrong",
}


class PublishForm(GovukFormMixin, forms.Form):
    """That the officer has seen what is listed. `fingerprint` is that of the draft they were shown."""

    fingerprint = forms.CharField(required=False, widget=forms.HiddenInput)
    looked = forms.BooleanField(
        label="I have looked at what is listed above, and publish all the same",
        error_messages={"required": "Say that you have looked at what is listed above."},
    )

    def __init__(self, data: Any, *, fingerprint: str, is_complete: bool = False) -> None:
        super().__init__(data)
        self.now = fingerprint
        if is_complete:
            del self.fields["looked"]

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
    reason = forms.CharField(
        label="Why is it revised?",
        help_text="Readers see this. Say what was wrong or not yet final, and how it came about.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": "Say why the report is revised."},
    )
    field_order = ["fingerprint", "kind", "reason"]

    def __init__(self, data: Any, *, fingerprint: str) -> None:
        super().__init__(data, fingerprint=fingerprint, is_complete=True)
