"""Any form with the mixin is drawn in the patterns of GOV.UK, and a page can tell its errors."""

import re
from datetime import date
from html import unescape

import pytest
from django import forms
from django.template.loader import render_to_string

from scorecard.display.forms import GovukFormMixin

CHOICES = [("g", "Green"), ("r", "Red & amber")]


def form_with(field, data=None, **options):
    form_class = type("AnyForm", (GovukFormMixin, forms.Form), {"colour": field})
    return form_class(data, **options)


def attributes_of(html, tag):
    """What the first such tag says, as a dictionary; an attribute without a value is True."""
    inside = re.search(rf"<{tag}\b([^>]*)>", html)[1]
    return {name: unescape(value) if equals else True for name, equals, value in re.findall(ATTRIBUTE, inside)}


ATTRIBUTE = r'([\w-]+)(=?)(?:"([^"]*)")?'


@pytest.mark.parametrize(
    ("field", "tag", "expected"),
    [
        pytest.param(forms.CharField(), "input", {"type": "text", "class": "govuk-input"}, id="text"),
        pytest.param(forms.EmailField(), "input", {"type": "email", "class": "govuk-input"}, id="e-mail"),
        pytest.param(
            forms.IntegerField(min_value=0), "input", {"type": "text", "inputmode": "numeric"}, id="whole number"
        ),
        pytest.param(
            forms.DecimalField(decimal_places=2), "input", {"type": "text", "inputmode": "decimal"}, id="number"
        ),
        pytest.param(forms.DateField(), "input", {"type": "date", "class": "govuk-input"}, id="date"),
        pytest.param(
            forms.CharField(widget=forms.Textarea), "textarea", {"class": "govuk-textarea", "rows": "10"}, id="textarea"
        ),
        pytest.param(forms.ChoiceField(choices=CHOICES), "select", {"class": "govuk-select"}, id="select"),
        pytest.param(
            forms.BooleanField(), "input", {"type": "checkbox", "class": "govuk-checkboxes__input"}, id="checkbox"
        ),
        pytest.param(
            forms.CharField(widget=forms.TextInput(attrs={"class": "govuk-input--width-5"})),
            "input",
            {"class": "govuk-input govuk-input--width-5"},
            id="a width of its own",
        ),
    ],
)
def test_field_is_an_input_of_its_pattern_with_its_label(field, tag, expected):
    html = str(form_with(field))

    found = attributes_of(html, tag)
    assert {name: found.get(name) for name in expected} == expected
    assert attributes_of(html, "label")["for"] == found["id"] == "id_colour"
    assert not {"min", "max", "step", "autofocus"} & found.keys()


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect), "radio"),
        (forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple), "checkbox"),
    ],
)
def test_choices_are_a_group_with_a_legend_and_a_label_each(field, kind):
    html = str(form_with(field, initial={"colour": ["r"] if kind == "checkbox" else "r"}))

    inputs = [attributes_of(tag, "input") for tag in re.findall(r"<input[^>]*>", html)]
    assert [(one["type"], one["name"], one["value"], "checked" in one) for one in inputs] == [
        (kind, "colour", "g", False),
        (kind, "colour", "r", True),
    ]
    assert re.search(r"<fieldset.*<legend[^>]*>Colour</legend>.*</fieldset>", html, re.DOTALL)
    labels = re.findall(r'<label[^>]*for="([^"]*)">([^<]*)<', html)
    assert labels == [("id_colour_0", "Green"), ("id_colour_1", "Red &amp; amber")]


def test_date_is_written_as_browsers_expect_it_and_read_as_they_send_it():
    html = str(form_with(forms.DateField(), initial={"colour": date(2021, 1, 31)}))
    sent = form_with(forms.DateField(), {"colour": "2021-01-31"})

    assert attributes_of(html, "input")["value"] == "2021-01-31"
    assert sent.is_valid()
    assert sent.cleaned_data["colour"] == date(2021, 1, 31)


FIELDS = {
    "text": forms.CharField(help_text="As on the sign."),
    "textarea": forms.CharField(widget=forms.Textarea, help_text="As on the sign."),
    "select": forms.ChoiceField(choices=CHOICES, help_text="As on the sign."),
    "checkbox": forms.BooleanField(help_text="As on the sign."),
    "password": forms.CharField(widget=forms.PasswordInput, help_text="As on the sign."),
    "radios": forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, help_text="As on the sign."),
    "checkboxes": forms.MultipleChoiceField(
        choices=CHOICES, widget=forms.CheckboxSelectMultiple, help_text="As on the sign."
    ),
}
GROUPS = ("radios", "checkboxes")


@pytest.mark.parametrize("name", FIELDS)
def test_hint_and_error_are_tied_to_the_field(name):
    html = str(form_with(FIELDS[name], {}))

    tag = {"textarea": "textarea", "select": "select"}.get(name, "fieldset" if name in GROUPS else "input")
    assert attributes_of(html, tag)["aria-describedby"] == "id_colour_helptext id_colour_error"
    assert re.search(r'id="id_colour_helptext">As on the sign\.<', html)
    assert re.search(r'<div id="id_colour_error">\s*<p class="govuk-error-message">.*?This field is required\.', html)
    assert "govuk-form-group--error" in html
    assert 'aria-invalid="true"' in html


@pytest.mark.parametrize(
    ("name", "css"),
    [("text", "govuk-input--error"), ("textarea", "govuk-textarea--error"), ("select", "govuk-select--error")],
)
def test_input_shows_its_error(name, css):
    assert css in str(form_with(FIELDS[name], {}))
    assert css not in str(form_with(FIELDS[name]))


@pytest.mark.parametrize("name", FIELDS)
def test_error_summary_leads_to_something_that_can_have_the_focus(name):
    form = form_with(FIELDS[name], {})
    summary = render_to_string("components/error_summary.html", {"form": form})

    target = re.search(r'<a href="#([^"]+)">Colour: This field is required\.</a>', summary)[1]
    assert re.search(rf'<(input|select|textarea)\b[^>]* id="{target}"', str(form))


def test_error_summary_answers_a_question_without_a_colon():
    class Asking(GovukFormMixin, forms.Form):
        kind = forms.CharField(label="What is it?", error_messages={"required": "Choose one."})
        when = forms.CharField(label="Month", error_messages={"required": "Choose one."})

    summary = render_to_string("components/error_summary.html", {"form": Asking({})})
    assert "What is it? Choose one." in summary
    assert "Month: Choose one." in summary


def test_error_summary_does_not_name_a_field_twice():
    field = forms.CharField(error_messages={"required": "Enter a colour."})
    summary = render_to_string("components/error_summary.html", {"form": form_with(field, {})})

    assert '<a href="#id_colour">Enter a colour.</a>' in summary


def test_error_summary_tells_what_is_wrong_with_the_form_or_a_hidden_field():
    form = form_with(forms.IntegerField(widget=forms.HiddenInput), {"colour": "x"})
    form.add_error(None, "Nothing was <chosen>.")
    summary = render_to_string("components/error_summary.html", {"form": form})

    assert "<li>Nothing was &lt;chosen&gt;.</li>" in summary
    assert "<li>Enter a whole number.</li>" in summary
    assert "<a " not in summary


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "' onfocus='alert(1)"])
def test_what_was_typed_stays_text(text):
    html = str(form_with(forms.CharField(max_length=3, label=text, help_text=text), {"colour": text}))

    assert "<script" not in html
    assert attributes_of(html, "input")["value"] == text


@pytest.mark.django_db
@pytest.mark.sqlite
@pytest.mark.parametrize(("data", "title"), [(None, "Paint"), ({}, "Error: Paint")])
def test_page_of_a_form_says_in_its_title_that_there_are_errors(data, title, rf):
    page = render_to_string("form_page.html", {"form": form_with(FIELDS["text"], data), "title": "Paint"}, rf.get("/"))

    assert f"<title>{title}</title>" in page
    assert ("There is a problem" in page) is (data is not None)


def test_a_form_leaves_other_forms_with_the_same_fields_alone():
    field = forms.IntegerField(min_value=0)
    str(form_with(field))

    plain = type("Plain", (forms.Form,), {"colour": field})()
    assert attributes_of(str(plain), "input") == {
        "type": "number", "name": "colour", "min": "0", "required": True, "id": "id_colour"
    }  # fmt: skip
