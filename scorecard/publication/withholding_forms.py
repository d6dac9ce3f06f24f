"""The forms for taking back what was published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from indicators.calculations.folding import folded
from scorecard.disclosure.wording import numbers_in
from scorecard.display.forms import NOT_ON_THE_LIST, GovukFormMixin
from scorecard.editing.forms import LineField, ProseField
from scorecard.models import WithheldKind
from scorecard.report import BoardReport

from .withholding import FOUND_MEANWHILE, NOTHING_CHOSEN, SAY_ALONE, SHORTEST, Finding, Wanted, fingerprint_of


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
        chosen = cleaned.get("chosen", ())
        amounts = [one.amount for one in self.findings if one.key in chosen and one.amount]
        figures = {number for amount in amounts for number in numbers_in(amount)}
        for name in ("reason", "note"):
            if self.sought and self.sought in folded(cleaned.get(name, "")):
                self.add_error(name, "This repeats what is to be withheld: say it without those words.")
            elif not figures.isdisjoint(numbers_in(cleaned.get(name, ""))):
                self.add_error(name, "This has the number that is to be withheld in it: say it without that number.")
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
