"""The form of one line of a return: what was typed, understood as people write it."""

from __future__ import annotations

import re
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from indicators.calculations.cautions import is_counted_whole
from indicators.calculations.formatting import format_number
from indicators.calculations.plain_text import plain_text
from indicators.calculations.units import OF_CASES, kind_of, part_questions, question
from indicators.calculations.vocabulary import Accumulation, Blank, Stage, Unit
from indicators.models import Indicator, seen
from indicators.resources import cells
from scorecard.editing.forms import MergingForm, ProseField, SeenField
from scorecard.editing.merging import Clash
from scorecard.sheet.components import REASON, prefix_of
from scorecard.sheet.history import amount_in_words
from scorecard.sheet.sheet import SheetLine

from .entries import FIGURE, NOTHING, TEXT, Entry, EntryAmount, amount_of
from .shorthands import understood

MOST_CHARACTERS = 5000
HINT = ": write it as 1343 or 19.5, or say “tbc” or “n/a”"
NEGATIVE_HELP = "Put a minus in front of a figure below 0, as in -12."


class TypedNumber(forms.CharField):
    """A figure as people type or paste it in its unit: 1,343, 19%, £1.2m, (12), or a word that says there is none.

    Without a unit it is a plain number, as the denominator is. `is_part` where it is one of two numbers that give the
    figure together.
    """

    # Not “decimal”: the keys that a phone then shows have no minus and no letters, so nobody could type “tbc”.
    widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "spellcheck": "false"})

    def __init__(
        self,
        *,
        unit: Unit | None = None,
        rate_base: int | None = None,
        allows_negative: bool = False,
        is_whole: bool = False,
        is_part: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(required=False, max_length=60, **kwargs)
        self.is_part = is_part
        self.unit, self.rate_base = unit, rate_base
        self.allows_negative = allows_negative
        self.is_whole = is_whole

    def prepare_value(self, value: Any) -> Any:
        return f"{cells.plain(value):f}" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | Blank | None:
        text = super().clean(value)
        said = understood(text)
        if said.problem:
            raise ValidationError(said.problem)
        if said.blank:
            return said.blank
        if self.is_part:
            self._refuse_quotient(said.text)
        try:
            number = cells.figure(said.text, self.unit, self.rate_base, HINT)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if number is None:
            return None
        if number < 0 and not self.allows_negative:
            raise ValidationError("A figure can’t be negative.")
        if self.is_whole and number != number.to_integral_value():
            raise ValidationError("This counts whole things: enter a number without decimals.")
        return number

    def _refuse_quotient(self, text: str) -> None:
        """What the two numbers give together is worked out, so neither is taken for it."""
        if re.search(r"\d\s*%|\d\s*per\s*(cent|\d)", text, re.IGNORECASE):
            raise ValidationError(f"{cells.quoted(text)} is worked out from the two numbers: enter how many instead.")
        if re.fullmatch(r"[\d., ]+\s*(/|of|out of)\s*[\d., ]+", text.strip(), re.IGNORECASE):
            raise ValidationError(f"{cells.quoted(text)} is two numbers: write each in its own field.")


def _prose(**kwargs: Any) -> ProseField:
    return ProseField(required=False, max_length=MOST_CHARACTERS, **kwargs)


class LineForm(MergingForm):
    """What a reporter enters for a line; `entry` and `reasons` once it is valid."""

    text = _prose(label="Commentary", rows=3)
    saw_value = SeenField(required=False)
    saw_text = SeenField(required=False)
    SAW = {FIGURE: "saw_value", TEXT: "saw_text"}
    merged_names = (FIGURE, TEXT)

    def __init__(self, data: Any, line: SheetLine) -> None:
        self.line = line
        self.conflict: Clash | None = None
        initial: dict[str, Any] = {}
        reasons: dict[str, str] = {}
        if data is None:
            reasons = {one.caution.code: one.reason or one.earlier_reason for one in line.warnings}
            initial = {
                **_shown(line),
                "text": line.text,
                "saw_value": seen(line.value),
                "saw_text": seen(line.commentary),
                **{f"{REASON}{code}": reason for code, reason in reasons.items()},
            }
        super().__init__(data, prefix=prefix_of(line.key), initial=initial)
        self.fields.update(_figure_fields(line))
        # The reasons that were typed are those of the warnings shown then; which of them still stand, the sheet tells.
        start = f"{self.prefix}-{REASON}"
        codes = reasons if data is None else [name.removeprefix(start) for name in data if name.startswith(start)]
        for code in sorted(codes):
            self.fields[f"{REASON}{code}"] = _prose()

    def beside_theirs(self) -> LineForm:
        """The same input again, now beside the other person's version, which its author has thereby seen.

        They have not seen what doesn't clash: that they left it alone still counts. The form itself where
        there is no conflict.
        """
        conflict = self.conflict
        if conflict is None:
            return self
        data = self.clash_data(conflict)
        is_new = self.is_valid()
        if is_new:
            # What they chose was about a version before this one.
            data.pop(f"{self.prefix}-keep", None)
        form = LineForm(data, self.line)
        form.conflict = conflict
        if self.is_own_clash:
            form.call_it_own()
        if is_new:
            # Nobody has been asked yet which version should stay.
            form.errors.pop("keep", None)
        return form

    @property
    def their_figure(self) -> str:
        """The other person's figure, in words."""
        amount = self.conflict and self.conflict.theirs.get(FIGURE)
        return "none" if amount is None or amount.is_empty else amount_in_words(amount)

    @property
    def entry(self) -> Entry:
        """What is to be saved; where the other person's version stays, nothing."""
        data = self.cleaned_data
        return Entry(
            None if FIGURE in self.given_up or self.line.is_derived else data["amount"],
            None if TEXT in self.given_up else data["text"],
            data["saw_value"],
            data["saw_text"],
        )

    @property
    def reasons(self) -> dict[tuple[int, str], str]:
        """The reasons typed, by indicator and warning."""
        return {
            (self.line.key, name.removeprefix(REASON)): text
            for name, text in self.cleaned_data.items()
            if name.startswith(REASON) and text
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.line.is_derived and not self.errors.keys() & {"figure", "numerator", "denominator"}:
            data["amount"] = self._amount(data)
        return data

    def _amount(self, data: dict[str, Any]) -> EntryAmount:
        typed = {name: data.get(name) for name in numbers_of(self.line)}
        self._fill_in_whole(typed)
        numbers = {name: value for name, value in typed.items() if isinstance(value, Decimal)}
        words = {str(word) for word in typed.values() if word and isinstance(word, str)}
        stored, chosen = amount_of(self.line.value), data.get("blank") or ""
        if chosen == stored.blank and (numbers or words):
            # The list still says what is stored; what was typed since is the answer.
            chosen = ""
        elif chosen and numbers and all(number == getattr(stored, name) for name, number in numbers.items()):
            # The other way round: the figure still stands in its field, and a reason was chosen since.
            numbers = {}
        reasons = words | {chosen} - {""}
        first = next(iter(typed))
        if numbers and reasons:
            self.add_error(first, "Give a figure or the reason why there is none, not both.")
        elif len(reasons) > 1:
            self.add_error(first, "Give one reason why there is no figure.")
        elif numbers and len(numbers) < len(typed):
            missing = next(name for name in typed if name not in numbers)
            asked = str(self.fields[missing].label)
            self.add_error(missing, f"Enter this number too: {asked[:1].lower()}{asked[1:]}")
        elif not numbers and not reasons:
            if data.get("note"):
                self.add_error(first, "Enter the figure, or choose why there is none; the note is kept with it.")
            return NOTHING
        else:
            self._check_size(numbers)
        stage = data.get("stage") or Stage.FINAL.value
        marks = [understood(str(self.data.get(self.add_prefix(name)) or "")).stage for name in typed]
        if numbers and stage == stored.stage:
            # A mark behind the figure, as in 1343 [p], says it where nothing else was chosen.
            stage = next((mark.value for mark in marks if mark), stage)
        return EntryAmount(**numbers, blank=next(iter(reasons), ""), stage=stage, note=data.get("note", ""))

    def _fill_in_whole(self, typed: dict[str, Any]) -> None:
        """Take the denominator from the line that holds it; one that only stands there as filled in is no entry."""
        if not self.line.is_ratio:
            return
        held, filled = self.line.whole, None
        with suppress(ValueError):
            filled = cells.figure(self.cleaned_data.get("filled"), None)
        stood = [filled]
        if held is not None:
            whole = held.figure
            with suppress(ValueError):
                whole = cells.figure(self.data.get(f"{prefix_of(held.key)}-figure"), None) or whole
            if isinstance(typed["numerator"], Decimal) and typed["denominator"] is None:
                typed["denominator"] = whole
            stood += [whole, held.figure]
        if typed["numerator"] is None and typed["denominator"] in stood and self.line.value is None:
            typed["denominator"] = None

    def _check_total(self, numbers: dict[str, Decimal]) -> None:
        """A total so far can't fall where no figure can be below 0."""
        indicator = self.line.indicator
        if indicator.accumulation != Accumulation.TO_DATE or indicator.allows_negative:
            return
        totals = self.line.row.totals
        if totals is None:
            return
        parts = totals.before._asdict() | {"figure": totals.before.value}
        period = indicator.periods.of(indicator.periods.previous(self.line.month)).said
        for name, number in numbers.items():
            before = parts[name]
            if before is not None and number < before:
                told = f"By the end of {period} there were {format_number(before, 2 if before % 1 else 0)} already"
                self.add_error(name, f"{told}: enter the total so far. If that was wrong, have it corrected first.")

    def _check_size(self, numbers: dict[str, Decimal]) -> None:
        indicator = self.line.indicator
        self._check_total(numbers)
        is_limited = indicator.unit == Unit.PERCENTAGE and not indicator.allows_over_100
        if is_limited and numbers.get("figure", 0) > 100:
            self.add_error("figure", "A percentage can’t be above 100 here.")
        if "numerator" not in numbers:
            return
        numerator, denominator = numbers["numerator"], numbers["denominator"]
        if denominator == 0 and numerator != 0:
            self.add_error("numerator", "Out of none there can only be none: enter 0.")
        elif is_limited and numerator > denominator:
            self.add_error("numerator", "This is more than the number it is a part of.")


def _shown(line: SheetLine) -> dict[str, Any]:
    """What stands in the fields of what is stored; where there is no figure, the word that is printed for it."""
    amount = amount_of(line.value)
    shown = amount._asdict()
    if amount.blank and not line.is_derived:
        shown[numbers_of(line)[0]] = Blank(amount.blank).shorthand
    elif line.is_ratio and amount.is_empty and line.whole:
        shown["denominator"] = line.whole.figure
        shown["filled"] = cells.plain(line.whole.figure) if line.whole.figure is not None else ""
    return shown


def fields_shown(line: SheetLine) -> dict[str, str]:
    """What stands in the fields of the line's form as its page shows it, by their names there."""
    shown = {bound.html_name: bound.field.prepare_value(bound.value()) for bound in LineForm(None, line)}
    return {name: "" if value is None else plain_text(str(value)) for name, value in shown.items()}


def numbers_of(line: SheetLine) -> tuple[str, ...]:
    """The names of the numbers that are entered for a line."""
    if line.is_derived:
        return ()
    return ("numerator", "denominator") if line.is_ratio else ("figure",)


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _figure_fields(line: SheetLine) -> dict[str, forms.Field]:
    """The fields for figures, named after what is asked; none for a line that is worked out."""
    if line.is_derived:
        return {}
    indicator: Indicator = line.indicator
    # The row would tell the same, and is worked out only for those who look at it.
    unit, periods = Unit(indicator.unit), indicator.periods
    when = periods.of(line.month).said
    if indicator.accumulation == Accumulation.TO_DATE:
        when = f"{periods.year_text(periods.year(line.month))} so far, up to the end of {when}"
    elif indicator.accumulation == Accumulation.PER_PERIOD:
        when = f"{when} alone"
    adds_up = indicator.accumulation != Accumulation.NO
    questions = part_questions(unit, when)
    if indicator.numerator_words:
        questions = f"{_capital(indicator.numerator_words)}, {when}", questions[1]
    if indicator.denominator_words:
        questions = questions[0], _capital(indicator.denominator_words)
    asked = dict(zip(("numerator", "denominator"), questions, strict=True))
    # A sum of money or time is in the indicator's unit, any other numerator a plain number.
    in_unit = {"figure": unit, "numerator": None if kind_of(unit) in OF_CASES else unit}
    numbers: dict[str, forms.Field] = {
        name: TypedNumber(
            label=asked.get(name) or question(unit, when, indicator.rate_base, adds_up=adds_up),
            help_text=NEGATIVE_HELP if indicator.allows_negative and name in in_unit else "",
            unit=in_unit.get(name),
            rate_base=indicator.rate_base,
            allows_negative=indicator.allows_negative and name in in_unit,
            is_whole=is_counted_whole(name, unit, indicator.decimal_places),
            is_part=name in asked,
        )
        for name in numbers_of(line)
    }
    if line.is_ratio:
        # What the denominator was filled in with: of one line by itself it isn't known where that came from.
        numbers["filled"] = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    if line.whole and "denominator" in numbers:
        whole = numbers["denominator"]
        whole.help_text = f"The figure of {line.whole.reference}. {whole.help_text}".strip()
        whole.widget.attrs["data-whole"] = line.whole.key
    return numbers | {
        "blank": forms.ChoiceField(
            label="No figure, because it is", required=False, choices=[("", "There is a figure"), *Blank.choices()]
        ),
        "stage": forms.ChoiceField(label="How firm is it?", required=False, choices=Stage.choices()),
        "note": _prose(label="Note", rows=2, help_text="Shown with the figure. Needed where there is none: say why."),
    }
