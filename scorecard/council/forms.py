"""The forms of the council's pages: a part of its details each, a comparator group, and an entry of the glossary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Field

from indicators.calculations.vocabulary import GroupKind
from indicators.models import ComparatorGroup
from scorecard.display.forms import NOT_ON_THE_LIST, DayField
from scorecard.editing.forms import EditForm, LineField, ProseField
from scorecard.models import CouncilDetails, GlossaryEntry, Logo, SmallCounts

from .actions import ALSO_AT_SCORECARDS, said_by_all
from .colours import Colours, colours_of, parse_colour, problem_with_main, problem_with_second
from .look import Look
from .pictures import KINDS, Picture, read_picture

NOT_GIVEN = "Not filled in"
HOW_COLOURS_ARE_WRITTEN = (
    "“%s” is no colour: write # and six digits or letters from a to f, as #0b4a5a. Whoever looks after the council’s "
    "website has them."
)


COLOUR_INPUT = forms.TextInput(attrs={"class": "govuk-input--width-10"})


def of_model(model: Any, name: str, kind: Any, **options: Any) -> Any:
    """A field of a form with the words, limits and checks of the model's field."""
    field: Field[Any, Any] = model._meta.get_field(name)
    words = str(field.verbose_name)
    told: dict[str, Any] = {
        "label": words[0].upper() + words[1:],
        "help_text": field.help_text,
        "required": not (field.blank or field.null),
        "validators": field.validators if issubclass(kind, LineField) else [],
    }
    if field.max_length and issubclass(kind, forms.CharField):
        told["max_length"] = field.max_length
    return kind(**{**told, **options})


def _of_details(name: str, kind: Any = LineField, **options: Any) -> Any:
    return of_model(CouncilDetails, name, kind, **options)


class CodeField(LineField):
    """A code of national statistics, in whatever letters it is typed."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).upper()


class PartForm(EditForm):
    """A part of the council's details. `title` and `about` head its page; `blank` is what blanks are told as."""

    title = about = ""
    blank: Mapping[str, str] = {}

    @property
    def told(self) -> list[tuple[str, str]]:
        """What is stored, in words: each field's label and its value."""
        return [(str(self[name].label), self._told(name)) for name in self.merged_names]

    def _told(self, name: str) -> str:
        # Not what the form suggests.
        value = getattr(self.row, name)
        return self._in_words(name, value) if value not in (None, "") else self.blank.get(name, NOT_GIVEN)


class NameForm(PartForm):
    """The council's name and codes, and its region's."""

    title = "Name and region"
    about = (
        "Reports, files and pages have them. Scorecards that had the former name, code or region follow; what is "
        "published stays as it was."
    )

    council = _of_details("council")
    council_code = _of_details("council_code", CodeField)
    region = _of_details("region")
    region_code = _of_details("region_code", CodeField)

    def __init__(self, data: Any, row: CouncilDetails, **kwargs: Any) -> None:
        super().__init__(data, row, **kwargs)
        for name in ALSO_AT_SCORECARDS:
            self.initial[name] = self.initial[name] or said_by_all(name)


class LogoForm(PartForm):
    """The logo, and what it says."""

    title = "Logo"
    about = (
        "It stands beside the council’s name at the head of every page and on the front of the PDF, on white. It is "
        "made as small as pages need it, and whatever else is in the file is left out."
    )
    blank = {"logo": "None", "logo_says": "No more than the name beside it"}

    logo = forms.FileField(
        label="Picture",
        help_text=f"{KINDS} of up to 5 MB, best some 800 pixels wide, with a transparent or white ground.",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    logo_says = _of_details("logo_says")

    def clean_logo(self) -> Picture | Logo:
        given = self.cleaned_data["logo"]
        if isinstance(given, UploadedFile):
            return read_picture(given)
        if not isinstance(given, Logo):
            raise ValidationError(f"Choose a file. {KINDS}.")
        return given


class ColoursForm(PartForm):
    """The two colours."""

    title = "Colours"
    about = (
        "Pages and the PDF follow at once; nothing has to be built or installed. Colours that mean something, those of "
        "ratings, signals and charts, stay as they are."
    )
    blank = {"colour": "The product’s own", "second_colour": "Made from the main one"}

    colour = _of_details(
        "colour",
        help_text="Behind the council’s name and on buttons: as #0b4a5a. Text on it is white or black, whichever can "
        "be read. Blank for the product’s own.",
        validators=[],
        max_length=100,
        widget=COLOUR_INPUT,
    )
    second_colour = _of_details(
        "second_colour",
        help_text="Of links and headings. Blank to have it made from the main one.",
        validators=[],
        max_length=100,
        widget=COLOUR_INPUT,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("colour", "second_colour"):
            text = cleaned.get(name, "")
            cleaned[name] = parse_colour(text) if text else ""
            if cleaned[name] is None:
                self.add_error(name, HOW_COLOURS_ARE_WRITTEN % text[:30])
        main, second = cleaned.get("colour"), cleaned.get("second_colour")
        if main and (problem := problem_with_main(main)):
            self.add_error("colour", problem)
        elif main and second and (problem := problem_with_second(second, main)):
            self.add_error("second_colour", problem)
        elif second and main == "":
            self.add_error("colour", "A second colour needs a main one.")
        return cleaned

    @property
    def shown(self) -> Colours | None:
        """What would be drawn with what was typed, or is with what is stored; None for the product's own."""
        typed = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        main, second = (parse_colour(typed.get(name) or "") for name in ("colour", "second_colour"))
        return colours_of(main, second or "") if main else None


def _word(name: str, usual: str) -> Any:
    return _of_details(name, widget=forms.TextInput(attrs={"list": f"{usual}_words", "class": "govuk-input--width-20"}))


class WordsForm(PartForm):
    """What the product calls those whom reports are made for and by."""

    title = "Words"
    about = (
        "In the singular and in small letters. Pages, mails and files use them, with the article and the plural that "
        "go with them. Blank for “panel” and “service”."
    )
    blank = {"panel_word": "panel", "service_word": "service"}
    OFFERED = {
        "panel_words": ("panel", "committee", "board", "commission", "forum"),
        "service_words": ("service", "directorate", "department", "division"),
    }

    panel_word = _word("panel_word", "panel")
    service_word = _word("service_word", "service")

    @property
    def as_pages_say(self) -> list[str]:
        """The words as pages have them."""
        words = {usual: self.initial[f"{usual}_word"] for usual in ("panel", "service")}
        said = Look(words={usual: word for usual, word in words.items() if word}).said
        return [
            said(text)
            for text in ("The panel’s questions", "A panel member", "What the service does about it", "The services")
        ]


class ContactForm(PartForm):
    """How readers reach the council."""

    title = "Contact"
    about = "On the page “Contact”, and wherever a page says whom to ask."

    email = _of_details("email", forms.EmailField)
    phone = _of_details("phone")
    address = _of_details("address", ProseField, rows=4, max_length=1000)
    answers_within = _of_details("answers_within", forms.IntegerField, min_value=1, max_value=250, validators=[])


class PrivacyForm(PartForm):
    """The council's part of the privacy notice."""

    title = "Privacy notice"
    about = "On the page “Privacy”, beside what the product keeps of people by itself."

    data_protection_officer = _of_details("data_protection_officer")
    data_protection_email = _of_details("data_protection_email", forms.EmailField)
    keeps_accounts = _of_details("keeps_accounts", ProseField, rows=3)
    more_on_privacy = _of_details("more_on_privacy", ProseField, rows=6)


class StatementForm(PartForm):
    """The council's part of the accessibility statement, and of the practice of releasing reports."""

    title = "Statements"
    about = "On the pages “Accessibility” and “How reports are released”."

    not_accessible = _of_details("not_accessible", ProseField, rows=4)
    statement_prepared_on = _of_details("statement_prepared_on", DayField)
    statement_reviewed_on = _of_details("statement_reviewed_on", DayField)
    early_access = _of_details("early_access", ProseField, rows=4)


class BeginningForm(PartForm):
    """What new indicators and scorecards begin with."""

    title = "Year and new scorecards"
    about = "New indicators and scorecards begin with this. Those that are there keep what they have."

    year_starts = _of_details(
        "year_starts",
        forms.TypedChoiceField,
        choices=CouncilDetails._meta.get_field("year_starts").choices,
        coerce=int,
        required=True,
        error_messages=NOT_ON_THE_LIST,
    )
    small_counts = _of_details(
        "small_counts",
        forms.ChoiceField,
        choices=SmallCounts.choices(),
        widget=forms.RadioSelect,
        required=True,
        error_messages=NOT_ON_THE_LIST,
    )
    largest_small_count = _of_details(
        "largest_small_count",
        forms.TypedChoiceField,
        choices=CouncilDetails._meta.get_field("largest_small_count").choices,
        coerce=int,
        required=True,
        error_messages=NOT_ON_THE_LIST,
    )


def _of_group(name: str, kind: Any = LineField, **options: Any) -> Any:
    return of_model(ComparatorGroup, name, kind, **options)


class GroupForm(EditForm):
    """A comparator group, new or there already."""

    name = _of_group("name")
    short_name = _of_group("short_name")
    in_sentence = _of_group("in_sentence")
    explanation = _of_group(
        "explanation", ProseField, rows=3, label="Who belongs to it", help_text="In a sentence, for the key of reports."
    )
    kind = _of_group(
        "kind",
        forms.ChoiceField,
        choices=GroupKind.choices(),
        initial=GroupKind.OTHER.value,
        label="What national statistics have of it",
        help_text="Its figures then come with open data. Figures of another group are typed, or imported from a file.",
        required=True,
        error_messages=NOT_ON_THE_LIST,
    )


class EntryForm(EditForm):
    """An entry of the glossary, new or there already."""

    short_form = of_model(GlossaryEntry, "short_form", LineField)
    meaning = of_model(GlossaryEntry, "meaning", LineField)


# By what stands in their addresses, in the order of the page.
PARTS: dict[str, type[PartForm]] = {
    "name": NameForm,
    "logo": LogoForm,
    "colours": ColoursForm,
    "words": WordsForm,
    "contact": ContactForm,
    "privacy": PrivacyForm,
    "statements": StatementForm,
    "beginning": BeginningForm,
}
