"""Forms for signing in and for passwords."""

from typing import Any

from django.contrib.auth import forms as auth

from .base import GovukFormMixin

NARROW = "govuk-input--width-20"


class SignInForm(GovukFormMixin, auth.AuthenticationForm):
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = "Enter your username."
        self.fields["password"].error_messages["required"] = "Enter your password."
        for field in self.fields.values():
            # No wider than what is usually typed.
            field.widget.attrs["class"] = NARROW
