"""Forms for a scorecard's plain details and for a new indicator on it."""

from __future__ import annotations

from typing import Any

from django import forms

from indicators.calculations.vocabulary import Kind
from indicators.models import ComparatorGroup, Indicator
from scorecard.council.look import said_later
from scorecard.display.forms import NOT_ON_THE_LIST, GovukFormMixin, offer_people
from scorecard.editing.forms import EditForm, LineField, RefusableForm
from scorecard.models import CouncilDetails, Scorecard, Section
from scorecard.models.scorecard import GROUP_FIELDS

from .new_rows import made_up_reference

MOST_CHANGE = 1000
# What few indicators need is in a fold.
IN_FOLD = (
    "definition",
    "outcome",
    "decimal_places",
    "rate_base",
    "scope",
    "accumulation",
    "year_starts",
    "due_months",
    "active_from",
    "allows_negative",
    "allows_over_100",
    "note",
)
NOT_THERE = {"invalid_choice": "Choose one that is on the list."}


class NewScorecardForm(RefusableForm):
    """A scorecard by its name; what else there is of it has usual values."""

    title = LineField(
        label="Title",
        max_length=200,
        help_text="As readers see it, for example “Children and Families Scorecard”.",
        error_messages={"required": "Give it a title."},
    )
    council = LineField(label="Council", max_length=200, error_messages={"required": "Say whose it is."})
    panel = LineField(
        label="Who reads it",
        max_length=200,
        help_text=said_later("For example “Children and Families Scrutiny Panel”."),
        error_messages={"required": "Say who reads it."},
    )

    def __init__(self, data: Any) -> None:
        council = CouncilDetails.objects.values_list("council", flat=True).first()
        super().__init__(data, initial={"council": council or ""})


class DetailsForm(EditForm):
    """A scorecard's plain details."""

    title = LineField(label="Title", max_length=200, error_messages={"required": "Give it a title."})
    council = LineField(label="Council", max_length=200, error_messages={"required": "Say whose it is."})
    panel = LineField(label="Who reads it", max_length=200, error_messages={"required": "Say who reads it."})
    region = LineField(label="Name of the region", max_length=100, help_text="As in national statistics: South East.")
    council_code = LineField(
        label="Council’s code",
        max_length=9,
        required=False,
        help_text="As in national statistics, for example E06000045.",
    )
    region_code = LineField(label="Region’s code", max_length=9, required=False, help_text="For example E12000008.")
    commentary_from_change = forms.IntegerField(
        label="Commentary from a change of (%)",
        min_value=0,
        max_value=MOST_CHANGE,
        help_text="Where too few figures are there for a signal. All others need one for a signal, red or a new gap.",
        error_messages={"required": "Enter a number.", "invalid": "Enter a whole number."},
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )
    four_eyes = forms.BooleanField(
        label="Four eyes",
        required=False,
        help_text="Nobody signs off what they entered, but for performance officers, where it is marked.",
    )
    group_1 = forms.ModelChoiceField(ComparatorGroup.objects.none(), label="Compared with, first", required=False)
    group_2 = forms.ModelChoiceField(ComparatorGroup.objects.none(), label="Second", required=False)
    group_3 = forms.ModelChoiceField(ComparatorGroup.objects.none(), label="Third", required=False)
    group_4 = forms.ModelChoiceField(ComparatorGroup.objects.none(), label="Fourth", required=False)
    group_5 = forms.ModelChoiceField(ComparatorGroup.objects.none(), label="Fifth", required=False)

    def __init__(self, data: Any, scorecard: Scorecard) -> None:
        super().__init__(data, scorecard)
        for name in GROUP_FIELDS:
            field: Any = self.fields[name]
            field.queryset, field.empty_label = ComparatorGroup.objects.all(), "Nothing"
            field.error_messages |= NOT_THERE


class NewIndicatorForm(GovukFormMixin, forms.ModelForm):
    """An indicator by the few things that matter; it becomes the last line of a section."""

    section = forms.ModelChoiceField(
        Section.objects.none(),
        label="Section",
        empty_label=None,
        error_messages={**NOT_THERE, "required": "Choose the section."},
    )

    class Meta:
        model = Indicator
        fields = ("title", "reference", "unit", "polarity", "kind", "frequency", "owner", "reporter", *IN_FOLD)
        labels = {
            "title": "Title",
            "polarity": "Which way is good?",
            "kind": "How is it entered?",
            "frequency": "How often is there a figure?",
        }
        help_texts = {
            "reference": "Short, for example CP3-QL. Leave it empty and one is made up.",
            "kind": "One that is worked out from other indicators is made under “Manage”.",
        }

    def __init__(self, data: Any, scorecard: Scorecard, *, asked: Any) -> None:
        super().__init__(data, auto_id="id_%s")
        self.order_fields(["title", "reference", "section"])
        fields: Any = self.fields
        fields["section"].queryset = scorecard.sections.order_by("position", "pk")
        fields["section"].label_from_instance = lambda section: section.title
        fields["reference"].required = False
        fields["kind"].choices = [(kind.value, kind.label) for kind in (Kind.FIGURE, Kind.RATIO)]
        for role in ("owner", "reporter"):
            offer_people(fields[role], [scorecard.pk], asked)
            fields[role].empty_label = "Nobody yet"
        # The same link at both would be one too many.
        fields["reporter"].help_text = Indicator._meta.get_field("reporter").help_text
        for field in fields.values():
            field.error_messages |= (
                {"invalid_choice": NOT_ON_THE_LIST["invalid_choice"]}
                if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField)
                else {}
            )

    def clean_reference(self) -> str:
        reference: str = self.cleaned_data["reference"] or ""
        return reference.strip() or made_up_reference()

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in IN_FOLD]

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name in IN_FOLD]

    @property
    def opens_fold(self) -> bool:
        """Whether something in the fold has to be put right."""
        return any(field.errors for field in self.folded_fields)
