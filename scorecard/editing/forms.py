"""A form for a row that others edit too: what was typed, and somebody else's version beside it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localtime

from commentary.sign_off import plain_text
from indicators.models import seen
from scorecard.display.forms import NOT_ON_THE_LIST, GovukFormMixin
from scorecard.returns.forms import MINE, THEIRS, SeenField

from .merging import Clash, ClashError, clash_over, values_of

MOST_CHARACTERS = 10_000


class ProseField(forms.CharField):
    """A text of several lines."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_CHARACTERS, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        return plain_text(super().to_python(value) or "")


class EditForm(GovukFormMixin, forms.Form):
    """What somebody makes of a row that others edit too; `typed` once it is valid.

    It carries which version they saw. Where somebody else changed the same, `found` has their version,
    and the form comes back with everything that was typed and the question which one should stay.
    """

    keep = forms.ChoiceField(
        label="Which version should stay?",
        choices=[(MINE, "Keep what I entered"), (THEIRS, "Keep theirs")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which version should stay.", **NOT_ON_THE_LIST},
    )
    saw = SeenField(required=False)
    # The fields in which the two versions clash, that the page showed.
    clash = forms.CharField(required=False, widget=forms.HiddenInput)
    OWN = ("keep", "saw", "clash")

    def __init__(self, data: Any, row: Any, **kwargs: Any) -> None:
        self.row = row
        self.found: Clash | None = None
        initial = {**self._values_of(row), **kwargs.pop("initial", {}), "saw": seen(row)}
        super().__init__(data, initial=initial, **kwargs)
        if not self.clashes:
            del self.fields["keep"]

    def _values_of(self, row: Any) -> dict[str, Any]:
        """What stands in the fields at first."""
        names = [name for name in self.base_fields if name not in self.OWN]
        values = {} if row is None else values_of(row, names)
        return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items()}

    @property
    def clashes(self) -> list[str]:
        shown = str((self.data or {}).get("clash", "")).split()
        return [name for name in self.fields if name in shown and name not in self.OWN]

    @property
    def typed(self) -> dict[str, Any]:
        """What is to be saved; where the other person's version stays, nothing."""
        given_up = self.clashes if self.cleaned_data.get("keep") == THEIRS else ()
        return {name: self.cleaned_data[name] for name in self.fields if name not in self.OWN and name not in given_up}

    @property
    def their_versions(self) -> list[tuple[str, str]]:
        """What the other person has in the fields where the two clash, in words."""
        theirs = self.found.theirs if self.found else {}
        return [(str(self[name].label), self._in_words(name, value)) for name, value in theirs.items()]

    def save_with(self, save: Callable[[dict[str, Any]], Any]) -> bool:
        """Whether what was typed is valid and could be saved; if not, the form says why, with the other version."""
        if self.is_valid():
            try:
                save(self.typed)
            except ClashError as error:
                self._show(error.clash)
            except ValidationError as error:
                self._add_refusal(error)
            else:
                return True
        if self.clashes and self.found is None:
            self.found = clash_over(self.row, self.clashes)
        return False

    def _show(self, clash: Clash) -> None:
        """Put the other person's version beside what was typed; its reader has then seen it."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["saw"], data["clash"] = self.fields["saw"].prepare_value(clash.now), " ".join(clash.theirs)
        data.pop("keep", None)
        for name, value in clash.merged.items():
            sent = self.fields[name].prepare_value(value)
            data.setlist(name, [str(one) for one in sent] if isinstance(value, frozenset) else [self._as_sent(sent)])
        self.data, self.found = data, clash
        self.fields = {"keep": deepcopy(self.base_fields["keep"]), **self.fields}
        when = f" on {localtime(clash.when):%-d %B %Y at %H:%M}" if clash.when else ""
        self.add_error(None, f"{clash.who} saved another version{when}, after you opened this one. Choose below.")

    def _as_sent(self, value: Any) -> str:
        return value.isoformat() if isinstance(value, date) else str("" if value is None else value)

    def _in_words(self, name: str, value: Any) -> str:
        choices = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        if isinstance(value, frozenset):
            return ", ".join(choices.get(str(key), "") for key in sorted(value)) or "none"
        if isinstance(value, date):
            return f"{value:%-d %B %Y}"
        return choices.get(str("" if value is None else value)) or str(value or "nothing")

    def _add_refusal(self, error: ValidationError) -> None:
        """Say beside its field, or for the whole form, why it was refused."""
        for name, messages in error.message_dict.items():
            self.add_error(name if name in self.fields else None, ValidationError(messages))
