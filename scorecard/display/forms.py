"""The look of the site's forms: GOV.UK patterns, drawn by templates/components/. The administration keeps Django's.

A form derives from `GovukFormMixin`; its page extends form_page.html, or writes `{{ form }}` for all
fields, `{{ form.name.as_field_group }}` for one, and includes components/error_summary.html at its top.
"""

from collections.abc import Collection
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.html import format_html

from indicators.people import NOT_OFFERED, who_can_take
from indicators.working_days import question_about

from .fonts import known_warnings_of

# The first that fits, so subclasses come first.
CLASSES: list[tuple[type[forms.Widget], str]] = [
    (forms.RadioSelect, ""),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.Widget, "govuk-input"),
]
NOT_ON_THE_LIST = {"invalid_choice": "“%(value)s” is not on the list: choose one that is."}
# What a link adds to the address that offers people of other scorecards too, for the rare time that one is meant.
ANYBODY = "anybody"
# Whose class also says that there is an error.
MARKS_ERRORS = ("govuk-textarea", "govuk-select", "govuk-input")


class GovukField(BoundField):
    """A field with the classes of its pattern, in the kind of input that GOV.UK recommends for it.

    Beside a day that people are to keep stands a `question`, when nobody works on it; it stops nothing.
    """

    def __init__(self, form: Any, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        widget: Any = field.widget
        # A page starts at its top, for people who use a screen reader too.
        widget.attrs.pop("autofocus", None)
        if isinstance(widget, forms.CheckboxSelectMultiple):
            widget.template_name = "components/checkboxes.html"
        elif isinstance(widget, forms.RadioSelect):
            widget.template_name = "components/radios.html"
        elif type(widget) is forms.Select:
            widget.template_name = "widgets/select.html"
        elif isinstance(widget, forms.DateInput):
            # The browser's own calendar; it sends and expects 2021-01-31.
            widget.input_type, widget.format = "date", "%Y-%m-%d"
        elif isinstance(widget, forms.NumberInput):
            # As text: the mouse wheel changes a number input by accident, and some screen readers don't know it.
            widget.input_type = "text"
            for limit in ("min", "max", "step"):
                widget.attrs.pop(limit, None)
            has_decimals = isinstance(field, forms.DecimalField | forms.FloatField)
            widget.attrs.setdefault("inputmode", "decimal" if has_decimals else "numeric")

    @property
    def unprintable(self) -> list[str]:
        """What of the text in it the PDF would have empty boxes for, in sentences."""
        text = self.value()
        is_text = isinstance(self.field, forms.CharField) and not isinstance(self.field.widget, forms.PasswordInput)
        return known_warnings_of([("In this text", text)]) if is_text and isinstance(text, str) else []

    @property
    def question(self) -> str:
        if not isinstance(self.field, DueField):
            return ""
        try:
            return question_about(self.field.to_python(self.value()))
        except forms.ValidationError:
            return ""

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        return f"{described or ''} {self.auto_id}_question".strip() if self.question else described

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        pattern = next(css for kind, css in CLASSES if isinstance(widget, kind))
        css = [pattern, widget.attrs.get("class", "")]
        if self.errors and pattern in MARKS_ERRORS:
            css.append(f"{pattern}--error")
        if isinstance(widget, forms.PasswordInput):
            css.append("govuk-password-input__input govuk-js-password-input-input")
        return {**attrs, "class": " ".join(filter(None, css))}


class GovukRenderer(TemplatesSetting):
    """Draws forms with templates/components/."""

    form_template_name = "components/fields.html"
    field_template_name = "components/field.html"
    bound_field_class = GovukField


class GovukFormMixin:
    """Draws the form in the patterns of GOV.UK."""

    default_renderer: Any = GovukRenderer


class DayField(forms.DateField):
    """A day, chosen or typed as 2021-02-11 or 11/02/2021."""

    widget = forms.DateInput(attrs={"class": "govuk-input--width-10"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)


class DueField(DayField):
    """A day by which or on which people are to do something: one on which nobody works is asked about."""


def offer_people(
    field: Any, reports: Collection[int], asked: Any, *, besides: Collection[int | None] = (), but: int = 0
) -> None:
    """Have a field offer and take the people with a part in one of the reports, or by their own wish anybody.

    `asked` is the address's query; a link under the field leads to the one that offers anybody, where there are more.
    `besides` and `but` are keys of people who are offered all the same, and of one who isn't.
    """
    field.queryset = who_can_take(() if ANYBODY in asked else reports, besides).exclude(pk=but)
    field.error_messages = {**field.error_messages, "invalid_choice": NOT_OFFERED}
    if ANYBODY not in asked and others_than(field.queryset, but):
        link = format_html('<a class="govuk-link" href="?{}=yes">Show people of other scorecards too</a>', ANYBODY)
        field.help_text = format_html("{} {}", field.help_text, link) if field.help_text else link


def others_than(people: Any, but: int = 0) -> bool:
    """Whether there is anybody who could be offered and isn't among the people."""
    return who_can_take().exclude(pk__in=people.order_by().values("pk")).exclude(pk=but).exists()
