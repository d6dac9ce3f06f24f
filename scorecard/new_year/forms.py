"""The cells of a new year: a target for each indicator, a population for each group; and what ends."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from indicators.calculations.cautions import Caution
from indicators.calculations.vocabulary import Sense, Stage
from indicators.models import Indicator, Population, PopulationGroup, Target, seen
from indicators.models.fields import MonthFormField
from scorecard.display.forms import NOT_ON_THE_LIST, GovukFormMixin
from scorecard.editing.forms import ProseField, RefusableForm, SeenField, version_text

TBC = ("tbc", "t.b.c.", "to be confirmed")
# What people write around a figure, which says nothing that the indicator's unit doesn't.
AROUND = str.maketrans("", "", ",%£ \u00a0")
MOST_PERCENT = 1000
NUMBER = {"invalid": "Write a figure, as 94 or 12.5.", "max_digits": "This figure is too long to be kept."}


class FigureField(forms.DecimalField):
    """A figure as people write it: 1,234.5 or 94% or £12."""

    def __init__(self, **kwargs: Any) -> None:
        errors = {**NUMBER, "max_decimal_places": "At most 6 decimals.", "max_whole_digits": NUMBER["max_digits"]}
        super().__init__(max_digits=18, decimal_places=6, required=False, error_messages=errors, **kwargs)
        self.widget.attrs["autocomplete"] = "off"

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        return super().to_python(value.translate(AROUND) if isinstance(value, str) else value)


def plain(number: Decimal | None) -> str:
    """A stored figure as it is typed: 94, not 94.000000."""
    return "" if number is None else f"{number.normalize():f}"


class CellForm(GovukFormMixin, forms.Form):
    """What stands in a row of a grid; it carries the version of what is stored.

    A row that was not sent, because its line came after the page was opened, stays as it is: it is not bound.
    """

    saw = SeenField(required=False)
    stored: Any
    # Whether it was not saved for want of a reason.
    asks_why = False

    def __init__(self, data: Any, prefix: str, **kwargs: Any) -> None:
        was_sent = data is not None and f"{prefix}-saw" in data
        super().__init__(data if was_sent else None, prefix=prefix, auto_id="id_%s", **kwargs)

    @property
    def is_typed(self) -> bool:
        """Whether it says something else than what is stored. Of a bound form; invalid input is typed."""
        if not self.is_bound:
            return False
        return not self.is_valid() or self.values != self.stored_values

    def ask_why(self, cautions: Sequence[Caution]) -> None:
        self.asks_why = True
        self.add_error(None, [f"{caution.message} Say above why it is right." for caution in cautions])

    @property
    def values(self) -> dict[str, Any]:
        raise NotImplementedError

    @property
    def stored_values(self) -> dict[str, Any]:
        raise NotImplementedError

    @property
    def problems(self) -> list[str]:
        """What is wrong with the row, each said once."""
        return list(dict.fromkeys(str(message) for messages in self.errors.values() for message in messages))


class TargetForm(CellForm):
    """The target of one indicator for the new year. Empty is none; the rest begins as it is this year."""

    value = FigureField(label="Target")
    upper = FigureField(label="and")
    is_tbc = forms.BooleanField(label="To be confirmed", required=False)
    sense = forms.ChoiceField(label="Should be", choices=Sense.choices(), error_messages=NOT_ON_THE_LIST)
    tolerance = FigureField(label="Tolerance")

    def __init__(self, data: Any, indicator: Indicator, stored: Target | None, before: Target | None) -> None:
        self.indicator, self.stored, self.before = indicator, stored, before
        start = stored or before
        initial = {
            "value": plain(stored.value) if stored else "",
            "upper": plain(stored.upper) if stored else "",
            "is_tbc": bool(stored and stored.is_tbc),
            "sense": start.sense if start else Sense.DIRECTION,
            "tolerance": plain(start.tolerance) if start and start.tolerance else "",
            "saw": seen(stored),
        }
        super().__init__(data, f"target-{indicator.pk}", initial=initial)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed = str(self.data.get(self.add_prefix("value"), "")).strip().lower()
        if typed in TBC and "value" in self.errors:
            # Typed where the figure stands, it means the same as the tick.
            del self.errors["value"]
            data["value"], data["is_tbc"] = None, True
        return data

    @property
    def more_words(self) -> str:
        """What the fold has, in short."""
        sense, tolerance = str(self["sense"].value() or ""), self["tolerance"].value()
        shown = Sense(sense).label.lower() if sense in list(Sense) and sense != Sense.DIRECTION else "sense"
        return f"{shown}, tolerance {tolerance}" if tolerance else f"{shown}, tolerance"

    @property
    def shows_more(self) -> bool:
        """Whether the fold is open: a target between two figures, or something to put right in it."""
        is_wrong = self.is_bound and any(name in self.errors for name in ("sense", "upper", "tolerance"))
        return is_wrong or self["sense"].value() == Sense.BETWEEN

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data["value"] is None and data["upper"] is None and not data["is_tbc"]:
            return {}
        return {
            "value": data["value"],
            "upper": data["upper"],
            "is_tbc": data["is_tbc"],
            "sense": data["sense"],
            "tolerance": data["tolerance"] or Decimal(0),
        }

    @property
    def stored_values(self) -> dict[str, Any]:
        names = ("value", "upper", "is_tbc", "sense", "tolerance")
        return {name: getattr(self.stored, name) for name in names} if self.stored else {}


class PopulationForm(CellForm):
    """The estimate of a group for the new year. Empty is none."""

    people = forms.CharField(label="People", required=False, max_length=20)
    stage = forms.ChoiceField(label="Stage", choices=Stage.choices(), error_messages=NOT_ON_THE_LIST)
    source = forms.CharField(label="Source", required=False, max_length=300)

    def __init__(self, data: Any, group: PopulationGroup, stored: Population | None) -> None:
        self.group, self.stored = group, stored
        initial = {
            "people": str(stored.people) if stored else "",
            "stage": stored.stage if stored else Stage.PROVISIONAL,
            "source": stored.source if stored else "",
            "saw": seen(stored),
        }
        super().__init__(data, f"population-{group.pk}", initial=initial)

    def clean_people(self) -> int | None:
        typed = self.cleaned_data["people"].translate(AROUND)
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit()) or not 0 < int(typed) < 2**31:
            raise ValidationError("Write how many people, as 51,234.")
        return int(typed)

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {name: data[name] for name in ("people", "stage", "source")} if data["people"] is not None else {}

    @property
    def stored_values(self) -> dict[str, Any]:
        return {name: getattr(self.stored, name) for name in ("people", "stage", "source")} if self.stored else {}


class ReasonForm(GovukFormMixin, forms.Form):
    """Why all is right that reaches what is published or signed off. It is asked where something does."""

    reason = ProseField(
        label="Why these changes are right", rows=2, max_length=1000, required=False, help_text="Kept in the history."
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="id_%s")

    def ask(self, *messages: str) -> None:
        self.add_error("reason", list(messages))

    @property
    def is_asked(self) -> bool:
        """Whether the page shows it: it was asked for, or given already beside what else was wrong."""
        return bool(self.errors or self.given)

    @property
    def given(self) -> str:
        return str(self.cleaned_data.get("reason", "")) if self.is_bound and self.is_valid() else ""


class CopyForm(GovukFormMixin, forms.Form):
    """By how much targets change that are copied."""

    percent = FigureField(
        label="Changed by (%)", help_text="Leave it empty to copy as they are; -2 for two per cent less."
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="id_%s")
        self.fields["percent"].widget.attrs["class"] = "govuk-input--width-4"

    def clean_percent(self) -> Decimal:
        percent = self.cleaned_data["percent"] or Decimal(0)
        if not -100 < percent <= MOST_PERCENT:
            raise ValidationError(f"Write a percentage from -99 to {MOST_PERCENT}.")
        return percent


class EndForm(RefusableForm):
    """An indicator that is reported for the last time, and what comes after it."""

    FIELDS = {"active_to": "last_month", "former": "successor", "month": "last_month"}

    ending = forms.ChoiceField(
        label="Which indicator ends", error_messages={**NOT_ON_THE_LIST, "required": "Choose the indicator."}
    )
    last_month = MonthFormField(
        label="Last month reported",
        help_text="As 2021-03 or Mar 2021.",
        error_messages={"required": "Enter the month."},
    )
    successor = forms.ModelChoiceField(
        Indicator.objects.none(),
        label="Replaced by",
        required=False,
        empty_label="Nothing",
        error_messages={"invalid_choice": "Choose one that is on the list."},
    )
    note = ProseField(label="What is counted otherwise", rows=2, required=False, help_text="Readers of both are told.")

    def __init__(self, data: Any, indicators: list[Indicator]) -> None:
        super().__init__(data, auto_id="id_%s")
        self.indicators = {version_text(seen(one)): one for one in indicators}
        ending: Any = self.fields["ending"]
        ending.choices = [("", "Choose one"), *((key, str(one)) for key, one in self.indicators.items())]
        successor: Any = self.fields["successor"]
        successor.queryset = Indicator.objects.order_by("reference")
