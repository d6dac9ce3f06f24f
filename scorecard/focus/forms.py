"""Forms of the overview, its areas of focus and their updates, and of the panel's questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from commentary.focus import FocusKind, RaisedBy
from commentary.models import AreaOfFocus
from indicators.calculations.months import month_text, parse_month
from indicators.models import Indicator, User
from indicators.people import reports_of
from scorecard.council.look import said_later
from scorecard.display.forms import NOT_ON_THE_LIST, DayField, DueField, GovukFormMixin, offer_people
from scorecard.editing.forms import EditForm, LineField, ProseField, RefusableForm
from scorecard.models import Scorecard

LONGEST_TITLE = 200


class SummaryForm(EditForm):
    """The overall summary of an edition."""

    summary = ProseField(
        label="Overall summary",
        rows=14,
        help_text="A blank line begins a new paragraph.",
        error_messages={"required": "Write the summary."},
    )


class AreaForm(EditForm):
    """An area of focus as it stands in the report; of a question its words, answer and indicators too."""

    title = LineField(
        label="Title", max_length=LONGEST_TITLE, error_messages={"required": "Say in a title what it is about."}
    )
    detail = ProseField(label="More about the question", rows=3, required=False)
    response = ProseField(
        label="Response", rows=6, required=False, help_text=said_later("What the service does about it.")
    )
    raised_by = forms.ChoiceField(
        label="Raised by",
        choices=[(one.value, said_later(one.label)) for one in RaisedBy],
        widget=forms.RadioSelect,
        error_messages=NOT_ON_THE_LIST,
    )
    opened_on = DayField(
        label="Opened on",
        help_text="It appears in reports whose meeting is on this day or later.",
        error_messages={"required": "Enter the day it was opened."},
    )
    closed_on = DayField(
        label="Closed on",
        required=False,
        help_text="Leave empty while it is open. The report for that month still shows it.",
    )
    indicators = forms.TypedMultipleChoiceField(
        label="Indicators it is about",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns govuk-checkboxes--small find-by-typing"}),
        error_messages={"invalid_choice": NOT_ON_THE_LIST["invalid_choice"]},
    )

    def __init__(self, data: Any, area: AreaOfFocus | None, scorecard: Scorecard, **kwargs: Any) -> None:
        super().__init__(data, area, **kwargs)
        # Also those that are linked already though they are no longer lines of the scorecard.
        linked = () if area is None else area.indicators.all()
        offered = {one.pk: one for one in linked} | {one.pk: one for one in indicators_of(scorecard)}
        self.fields["indicators"].choices = [(key, str(one)) for key, one in offered.items()]  # type: ignore[attr-defined]
        if area is not None and area.is_question:
            del self.fields["raised_by"]
            self.fields["title"].label = FocusKind(area.kind).label
            self.fields["response"].label, self.fields["response"].help_text = "Answer", ""
            self.fields["opened_on"].label, self.fields["opened_on"].help_text = "Raised on", ""
        else:
            del self.fields["detail"]

    def clean_indicators(self) -> frozenset[int]:
        return frozenset(self.cleaned_data["indicators"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opened, closed = data.get("opened_on"), data.get("closed_on")
        if opened and closed and closed < opened:
            self.add_error("closed_on", "It can’t be closed before it was opened.")
        return data


class UpdateForm(EditForm):
    """What has happened since, on a day."""

    date = DayField(label="Day of the update", error_messages={"required": "Enter the day of the update."})
    text = ProseField(label="Update", rows=4, error_messages={"required": "Write what has happened since."})


class AnswerForm(EditForm):
    """The answer to a question."""

    response = ProseField(label="Answer", rows=6, error_messages={"required": "Write the answer."})


class AssignForm(EditForm):
    """Who answers a question, and by when."""

    owner = forms.ModelChoiceField(
        label="Who answers",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody yet",
    )
    due_on = DueField(label="Answer due on", required=False)

    def __init__(
        self, data: Any, question: AreaOfFocus, suggested: User | None = None, *, asked: Any, **kwargs: Any
    ) -> None:
        initial = {"owner": suggested} if suggested and question.owner_id is None else {}
        super().__init__(data, question, initial=initial, **kwargs)
        people: Any = self.fields["owner"]
        offer_people(people, reports_of(question), asked, besides=[question.owner_id])
        people.label_from_instance = lambda one: f"{one} ({one.job_title})" if one.job_title else str(one)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        due = data.get("due_on")
        if due and not self.errors.get("owner") and not data.get("owner"):
            self.add_error("owner", "Choose who answers by then.")
        if due and due < self.row.opened_on:
            self.add_error("due_on", f"The question was raised on {self.row.opened_on:%-d %B %Y}: choose a later day.")
        return data


class CloseForm(EditForm):
    """The day a question is closed on."""

    closed_on = DayField(label="Closed on", error_messages={"required": "Enter the day it is closed on."})

    def clean_closed_on(self) -> date:
        closed: date = self.cleaned_data["closed_on"]
        if closed < self.row.opened_on:
            raise ValidationError(f"It was raised on {self.row.opened_on:%-d %B %Y}: choose a later day.")
        return closed


class RaiseForm(RefusableForm):
    """A question or recommendation about a published report, or one of its indicators."""

    FIELDS = {"asked_in": "month", "indicators": "indicator"}

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[(kind.value, kind.label) for kind in FocusKind if kind is not FocusKind.AREA],
        initial=FocusKind.QUESTION.value,
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
        error_messages={"required": "Choose what it is.", **NOT_ON_THE_LIST},
    )
    title = LineField(
        label="In one sentence",
        max_length=LONGEST_TITLE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It heads the question in the report, which may be public. Don’t name a child or family.",
        error_messages={"required": "Write your question or recommendation."},
    )
    detail = ProseField(label="More about it", rows=4, required=False, help_text="If one sentence is not enough.")
    month = forms.ChoiceField(
        label="About the report for",
        error_messages={"required": "Choose the month of the report.", **NOT_ON_THE_LIST},
    )
    indicator = forms.ChoiceField(
        label="About",
        required=False,
        widget=forms.Select(attrs={"class": "find-by-typing"}),
        error_messages=NOT_ON_THE_LIST,
    )

    def __init__(
        self, data: Any, scorecard: Scorecard, months: list[date], name_of: Callable[[Indicator], str], *, asked: Any
    ) -> None:
        """`asked` is the address’s query: which month and indicator stand in the fields at first."""
        initial = {"month": asked.get("month", ""), "indicator": asked.get("indicator", "")}
        super().__init__(data, initial=initial)
        known = [(str(indicator.pk), name_of(indicator)) for indicator in indicators_of(scorecard)]
        self.fields["month"].choices = [(month_text(month), f"{month:%B %Y}") for month in months]  # type: ignore[attr-defined]
        self.fields["indicator"].choices = [("", "The whole report"), *known]  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_month(self) -> date:
        return parse_month(self.cleaned_data["month"])

    @property
    def typed(self) -> dict[str, Any]:
        """What is to be asked, by the names of the model's fields."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ("kind", "title", "detail")},
            "asked_in": data["month"],
            "indicators": frozenset({int(data["indicator"])} if data["indicator"] else ()),
        }


class QuestionsForm(GovukFormMixin, forms.Form):
    """Which questions to show. Every value can stand in a link."""

    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[("", "Open"), ("closed", "Closed"), ("all", "All")],
        error_messages=NOT_ON_THE_LIST,
    )
    owner = forms.ChoiceField(label="Who answers", required=False, error_messages=NOT_ON_THE_LIST)
    indicator = forms.ChoiceField(label="Indicator", required=False, error_messages=NOT_ON_THE_LIST)

    def __init__(
        self,
        data: Any,
        questions: Iterable[AreaOfFocus],
        indicators: Iterable[Indicator],
        name_of: Callable[[Indicator], str],
    ) -> None:
        super().__init__(data, auto_id="filter_%s")
        owners = sorted({(str(question.owner), question.owner.username) for question in questions if question.owner})
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", "Anybody"),
            ("nobody", "Nobody yet"),
            *((f"@{username}", name) for name, username in owners),
        ]
        self.fields["indicator"].choices = [  # type: ignore[attr-defined]
            ("", "Any or none"),
            *((str(indicator.pk), name_of(indicator)) for indicator in indicators),
        ]

    def wants(self, question: AreaOfFocus) -> bool:
        """Whether a question is among those asked for; what is not on the list asks for nothing."""
        self.is_valid()
        show, owner, key = (self.cleaned_data.get(name, "") for name in ("show", "owner", "indicator"))
        if show != "all" and (question.closed_on is not None) != (show == "closed"):
            return False
        if owner and owner != (f"@{question.owner.username}" if question.owner else "nobody"):
            return False
        return not key or key in {str(indicator.pk) for indicator in question.indicators.all()}


def indicators_of(scorecard: Scorecard) -> list[Indicator]:
    """The indicators of the scorecard's lines in their order, each once."""
    lines = Indicator.objects.filter(lines__section__scorecard=scorecard)
    ordered = lines.order_by("lines__section__position", "lines__section", "lines__position", "lines__pk")
    return list({indicator.pk: indicator for indicator in ordered}.values())
