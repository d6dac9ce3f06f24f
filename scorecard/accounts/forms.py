"""Forms for signing in and for passwords, and the mail with the link to a new one."""

import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import forms as auth
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from indicators.actions import set_own_password
from indicators.models import User
from indicators.models.fields import AddressFormField
from scorecard.display.forms import GovukFormMixin
from scorecard.models import ResetRequest

logger = logging.getLogger(__name__)
NARROW = "govuk-input--width-20"
# Mail is sent in the background, so that how fast a page answers doesn't tell whether anybody was written to: one after
# the other; what is still waiting when the server stops is sent first.
sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


class SignInForm(GovukFormMixin, auth.AuthenticationForm):
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = "Enter your username."
        self.fields["password"].error_messages["required"] = "Enter your password."
        narrow(self.fields.values())


class PasswordResetForm(GovukFormMixin, auth.PasswordResetForm):
    """Where to send the link. Sending takes just as long for an address that nobody has."""

    email = AddressFormField(
        label="E-mail address",
        max_length=254,
        help_text="The one held with your account.",
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter an e-mail address like name@example.gov.uk.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "class": NARROW}),
    )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Send the link, unless one was asked for with the same address within the last minute."""
        if ResetRequest.objects.claim(self.cleaned_data["email"], now=timezone.now()):
            super().save(*args, **kwargs)

    def get_users(self, email: str) -> Iterator[User]:
        """Whoever has the address; or somebody who doesn't exist, whose mail is written but never sent."""
        yield from list(super().get_users(email)) or [User(email=email)]

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        subject = " ".join(render_to_string(subject_template_name, context).split())
        message = EmailMultiAlternatives(
            subject, render_to_string(email_template_name, context), from_email, [to_email]
        )
        if html_email_template_name:
            message.attach_alternative(render_to_string(html_email_template_name, context), "text/html")
        if context["user"].pk is not None:
            send_behind(message)


class NewPasswordForm(GovukFormMixin, auth.SetPasswordForm):
    """A new password, twice, for somebody who came with a link."""

    reason = "Password changed with a link sent by e-mail"
    error_messages = {"password_mismatch": "The new passwords are not the same. Enter both again."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.help_text = "At least 15 characters. Three or four random words make a good one; you can paste it."
        first.error_messages["required"] = "Enter a new password."
        second.label, second.help_text = "New password again", ""
        second.error_messages["required"] = "Enter the new password again."
        narrow(self.fields.values())

    def validate_password_for_user(self, user: Any, password_field_name: str = "") -> None:
        # Beside the field that it is about, not beside its repetition.
        super().validate_password_for_user(user, "new_password1")

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - as Django declares it
        self.user = set_own_password(person=self.user, password=self.cleaned_data["new_password1"], reason=self.reason)
        return self.user


class PasswordChangeForm(NewPasswordForm, auth.PasswordChangeForm):
    """The old password, then a new one."""

    reason = "Password changed"
    error_messages = {
        **NewPasswordForm.error_messages,
        "password_incorrect": "That is not your current password. Enter it again.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Your current password"
        self.fields["old_password"].error_messages["required"] = "Enter your current password."


def is_mail_sent() -> bool:
    """Whether the operator has set up mail."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def send_behind(message: EmailMultiAlternatives) -> None:
    """Send it in the background."""
    sender.submit(_send, message)


def _send(message: EmailMultiAlternatives) -> None:
    """A failure goes to the log, without the message."""
    try:
        message.send()
    except Exception:
        logger.exception("A message could not be sent.")


def narrow(fields: Iterable[forms.Field]) -> None:
    """No wider than what is usually typed."""
    for field in fields:
        field.widget.attrs["class"] = NARROW
