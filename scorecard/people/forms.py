"""Forms about people: one, many, a deputy, and who takes over from somebody who leaves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from indicators.leaving import Duty
from indicators.models import User
from indicators.models.fields import AddressFormField
from indicators.people import NOT_OFFERED, reports_of
from scorecard.council.look import said_later
from scorecard.display.forms import NOT_ON_THE_LIST, DayField, GovukFormMixin, offer_people
from scorecard.editing.forms import EditForm, LineField, RefusableForm

from .changing import groups_offered_to, rows_of

SHOWN, MOST_PASTED = "shown", 30_000
ROLES = [
    ("", "Anybody"),
    ("officer", "Officers"),
    ("panel", said_later("Panel members")),
    ("owner", "Owners"),
    ("reporter", "Reporters"),
]
STATES = [
    ("", "Can sign in"),
    ("invite", "Not invited yet"),
    ("never", "Never signed in"),
    ("left", "Left"),
    ("all", "All"),
]
FOR_USERNAME = "Leave it empty: it is made of the address or the name. Letters, digits and @ . + - _ ' only."


class FindPeopleForm(GovukFormMixin, forms.Form):
    """Which people to list."""

    q = forms.CharField(label="Name or address", required=False, max_length=200)
    role = forms.ChoiceField(label="Role", choices=ROLES, required=False, error_messages=NOT_ON_THE_LIST)
    state = forms.ChoiceField(label="Who", choices=STATES, required=False, error_messages=NOT_ON_THE_LIST)


class RolesField(forms.TypedMultipleChoiceField):
    """The groups that an officer gives."""

    def __init__(self, officer: User, **kwargs: Any) -> None:
        choices = [(group.pk, group.name) for group in groups_offered_to(officer)]
        super().__init__(
            label="Roles",
            choices=choices,
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": NOT_ON_THE_LIST["invalid_choice"]},
            help_text="Reporters and owners need none: they are chosen at the lines.",
            **kwargs,
        )


class AddPersonForm(RefusableForm):
    """Somebody new."""

    name = LineField(label="Name", max_length=150, required=False, help_text="As reports have it: Jo Bloggs.")
    email = AddressFormField(label="E-mail address", required=False, help_text="The invitation goes there.")
    job_title = LineField(label="Job title", max_length=150, required=False)
    username = LineField(label="User name", max_length=150, required=False, help_text=FOR_USERNAME)
    invites = forms.BooleanField(label="Invite them at once", required=False)

    def __init__(self, data: Any, officer: User) -> None:
        super().__init__(data, initial={"invites": True})
        self.fields["roles"] = RolesField(officer)
        self.order_fields(["name", "email", "job_title", "roles", "invites", "username"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("name") and not data.get("email") and not self.errors:
            self.add_error("name", "Write a name, an e-mail address, or both.")
        return data


class PasteForm(RefusableForm):
    """Many people at once."""

    # Not tidied: tabs are the ends of cells.
    people = forms.CharField(
        label="One person a line",
        max_length=MOST_PASTED,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=said_later(
            "A name, an e-mail address and, if you like, a role: panel member, or nothing for owners and reporters. "
            "From cells of a spreadsheet, or with commas between."
        ),
        error_messages={"required": "Paste the people first."},
    )
    invites = forms.BooleanField(label="Invite them at once", required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial={"invites": True}, auto_id="many_%s")


class PersonForm(EditForm):
    """A person's details."""

    name = LineField(label="Name", max_length=150, required=False, help_text="As reports have it.")
    email = AddressFormField(label="E-mail address", required=False)
    job_title = LineField(label="Job title", max_length=150, required=False)
    username = LineField(
        label="User name",
        max_length=150,
        help_text="Letters, digits and @ . + - _ ' only.",
        error_messages={"required": "Everybody has a user name."},
    )


class RolesForm(RefusableForm):
    """A person's roles; it carries those that were ticked when the page was shown."""

    shown = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, data: Any, person: User, officer: User) -> None:
        super().__init__(data, auto_id="roles_%s")
        field = RolesField(officer)
        self.fields["groups"] = field
        offered = {group.pk for group in groups_offered_to(officer)}
        held = [key for key in person.groups.values_list("pk", flat=True) if key in offered]
        self.initial = {"groups": held, SHOWN: " ".join(map(str, held))}

    def clean_shown(self) -> set[int]:
        return {
            int(one) for one in self.cleaned_data[SHOWN].split() if one.isascii() and one.isdigit() and len(one) < 19
        }


class DeputyForm(RefusableForm):
    """Who stands in for a person, and when."""

    FIELDS = {"ends_on": "until"}

    deputy = forms.ModelChoiceField(
        User.objects.none(),
        label="Who",
        empty_label="Choose somebody",
        error_messages={"required": "Choose somebody."},
    )
    starts_on = DayField(label="From", error_messages={"required": "Enter the first day."})
    until = DayField(label="Until", required=False, help_text="The last day. Empty: until further notice.")

    def __init__(self, data: Any, person: User, *, asked: Any, **kwargs: Any) -> None:
        super().__init__(data, auto_id="deputy_%s", **kwargs)
        offer_people(self.fields["deputy"], reports_of(person), asked, but=person.pk)


class LeaveForm(RefusableForm):
    """Who takes over from somebody: all of it, or line by line."""

    def __init__(self, data: Any, person: User, *, asked: Any) -> None:
        super().__init__(data, auto_id="leave_%s")
        offered = forms.ModelChoiceField(User.objects.none())
        offer_people(offered, reports_of(person), asked, but=person.pk)
        self.people = {str(one.pk): one for one in offered.queryset}  # type: ignore[union-attr]
        choices = [(key, str(one)) for key, one in self.people.items()]
        self.duties = rows_of(person)
        if self.duties:
            self.fields["all"] = self._field("Who takes over", [("", "Choose somebody"), *choices])
            self.fields["all"].help_text = offered.help_text
        for duty, rows in self.duties:
            for row in rows:
                field = self._field(duty.name(row), [("", "As above"), *choices])
                self.fields[f"{duty.key}-{row.pk}"] = field

    @staticmethod
    def _field(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
        told = {"invalid_choice": NOT_OFFERED}
        return forms.ChoiceField(label=label, choices=choices, required=False, error_messages=told)

    @property
    def groups(self) -> list[tuple[Duty, str, list[forms.BoundField]]]:
        """What the person does by kind, each with its words and the fields of its rows."""
        return [
            (duty, duty.sentence(rows), [self[f"{duty.key}-{row.pk}"] for row in rows]) for duty, rows in self.duties
        ]

    def successor_of(self, duty: str, key: int) -> User | None:
        """Who was chosen for a row, or else for all. Needs a valid form."""
        own = self.cleaned_data.get(f"{duty}-{key}") or self.cleaned_data.get("all")
        return self.people.get(own or "")

    def add_refusal(self, error: ValidationError) -> None:
        if hasattr(error, "error_dict") and "all" in self.fields and not self.cleaned_data.get("all"):
            # One message says it: nothing has to be chosen line by line.
            left = len(error.error_dict)
            self.add_error("all", f"Choose who takes over: {left} of what is listed below would be left with nobody.")
        elif hasattr(error, "error_dict"):
            super().add_refusal(error)
        else:
            self.add_error(None, error)
