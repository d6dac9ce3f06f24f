"""Forms for what others edit too: they carry the version that was seen, and show somebody else's beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from simple_history.utils import get_history_manager_for_model

from indicators.calculations.plain_text import plain_line, plain_text
from indicators.models import Seen, User, seen
from indicators.moments import day_and_time
from scorecard.display.forms import NOT_ON_THE_LIST, GovukFormMixin

from .merging import Clash, ClashError, Edit, clashes_over, values_of

MOST_CHARACTERS = 10_000
MINE, THEIRS = "mine", "theirs"
# Where both versions are the same person's: nobody is told that somebody else was quicker who is themselves.
OWN_CHOICES = [(MINE, "Keep what I entered here"), (THEIRS, "Keep what I saved before")]


class ProseField(forms.CharField):
    """A text of one or more lines."""

    def __init__(self, *, rows: int = 1, max_length: int = MOST_CHARACTERS, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        return plain_text(super().to_python(value) or "")


class LineField(forms.CharField):
    """A text of one line, such as a title."""

    def to_python(self, value: Any) -> str:
        return plain_line(super().to_python(value) or "")


class SeenField(forms.CharField):
    """Which version of a row the page showed."""

    widget = forms.HiddenInput

    def prepare_value(self, value: Any) -> Any:
        return version_text(value) if isinstance(value, Seen) else value

    def to_python(self, value: Any) -> Any:
        key, _, version = str(value or "").partition(".")
        if not all(not text or (text.isascii() and text.isdigit() and len(text) < 19) for text in (key, version)):
            return Seen()
        return Seen(int(key) if key else None, int(version or 0))


def version_text(version: Seen) -> str:
    """A version of a row as forms send it: 12.3 is the third of row 12."""
    return f"{version.key or ''}.{version.version}"


class RefusableForm(GovukFormMixin, forms.Form):
    """What can be refused for what the form itself doesn't know, once it is saved."""

    # The form's fields by the names of the model's, where they differ.
    FIELDS: Mapping[str, str] = {}

    def add_refusal(self, error: ValidationError) -> None:
        """Say beside its field, or for the whole form, why what was sent was refused."""
        for name, messages in error.message_dict.items():
            field = self.FIELDS.get(name, name)
            self.add_error(field if field in self.fields else None, ValidationError(messages))


class MergingForm(RefusableForm):
    """What somebody makes of rows that others edit too.

    It carries which versions were seen. Where somebody else changed the same, the form comes back with everything that
    was typed, `clash_data`, and the question which version should stay.
    """

    keep = forms.ChoiceField(
        label="Which version should be kept?",
        choices=[(MINE, "Keep what I entered"), (THEIRS, "Keep theirs")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which version to keep.", **NOT_ON_THE_LIST},
    )
    # The fields in which the two versions clash, that the page showed.
    clash = forms.CharField(required=False, widget=forms.HiddenInput)
    # The hidden field with the version that was seen, by what it is the version of; for all others it is `saw`.
    SAW: Mapping[str, str] = {}
    # Whether the other version is by the same person, from another window or before they went back.
    is_own_clash = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.clashes:
            del self.fields["keep"]

    @property
    def merged_names(self) -> Sequence[str]:
        """What the form saves, by the names under which it is merged, in the form's order."""
        return [name for name in self.fields if name not in ("keep", "saw", "clash")]

    @property
    def clashes(self) -> list[str]:
        """In what this version and the one beside it clashed when the page was shown; empty when they didn't."""
        shown = str((self.data or {}).get(self.add_prefix("clash"), "")).split()
        return [name for name in self.merged_names if name in shown]

    @property
    def given_up(self) -> list[str]:
        """In what the other person's version is to stay. Needs a valid form."""
        return self.clashes if self.cleaned_data.get("keep") == THEIRS else []

    def call_it_own(self) -> None:
        """Ask in words for somebody who saved both versions."""
        self.is_own_clash = True
        if "keep" in self.fields:
            self.fields["keep"].choices = OWN_CHOICES  # type: ignore[attr-defined]

    def clash_data(self, clash: Clash) -> Any:
        """What was sent, as it comes back beside the other person's version, which its author has thereby seen."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for name, version in clash.now.items():
            data[self.add_prefix(self.SAW.get(name, "saw"))] = version_text(version)
        data[self.add_prefix("clash")] = " ".join(clash.theirs)
        return data


class EditForm(MergingForm):
    """What somebody makes of one row that others edit too; `typed` once it is valid.

    After a clash, `found` has the other person's version.
    """

    saw = SeenField(required=False)
    field_order = ("keep", "saw", "clash")

    def __init__(self, data: Any, row: Any, **kwargs: Any) -> None:
        self.row = row
        self.found: Clash | None = None
        names = [name for name in self.base_fields if name not in ("keep", "saw", "clash")]
        stored = {
            name: sorted(value) if isinstance(value, frozenset) else value
            for name, value in values_of(row, names).items()
        }
        super().__init__(data, initial={**stored, **kwargs.pop("initial", {}), "saw": seen(row)}, **kwargs)

    @property
    def seen_version(self) -> Seen:
        """Which version of the row the page showed. Needs a valid form."""
        version: Seen = self.cleaned_data["saw"]
        return version

    @property
    def typed(self) -> dict[str, Any]:
        """What is to be saved; where the other person's version stays, nothing."""
        return {name: self.cleaned_data[name] for name in self.merged_names if name not in self.given_up}

    @property
    def their_versions(self) -> list[tuple[str, str]]:
        """What the other person has in the fields where the two clash, in words."""
        theirs = self.found.theirs if self.found else {}
        return [(str(self[name].label), self._in_words(name, value)) for name, value in theirs.items()]

    def save_with(self, save: Callable[[dict[str, Any]], Any], *, by: User) -> bool:
        """Whether what was typed is valid and could be saved; if not, the form says why, with the other version."""
        if self.is_valid():
            try:
                save(self.typed)
            except ClashError as error:
                self._show(error.clash, by)
            except ValidationError as error:
                self.add_refusal(error)
            else:
                return True
        if self.clashes and self.found is None:
            edit = Edit(self.row, dict.fromkeys(self.clashes), seen(self.row))
            self.found = clashes_over({self.row.pk: edit}, get_history_manager_for_model(self.row).all())[self.row.pk]
            if self.found.is_by(by):
                self.call_it_own()
        return False

    def _show(self, clash: Clash, reader: User) -> None:
        """Put the other person's version beside what was typed, and take over what only they changed."""
        data = self.clash_data(clash)
        data.pop("keep", None)
        for name, value in clash.merged.items():
            sent = self.fields[name].prepare_value(value)
            if isinstance(value, frozenset):
                data.setlist(name, [str(key) for key in sent])
            else:
                data[name] = sent.isoformat() if isinstance(sent, date) else str("" if sent is None else sent)
        self.data, self.found = data, clash
        self.fields = {"keep": deepcopy(self.base_fields["keep"]), **self.fields}
        when = f" on {day_and_time(clash.when)}" if clash.when else ""
        if clash.is_by(reader):
            self.call_it_own()
            told = f"You saved another version{when}, after you opened this one: perhaps in another window."
        else:
            told = f"{clash.who} saved another version{when}, after you opened this one."
        self.add_error(None, f"{told} Choose below.")

    def _in_words(self, name: str, value: Any) -> str:
        choices = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        if isinstance(value, frozenset):
            return ", ".join(choices.get(str(key), "") for key in sorted(value)) or "none"
        if isinstance(value, date):
            return f"{value:%-d %B %Y}"
        return choices.get(str("" if value is None else value)) or str(value or "nothing")
