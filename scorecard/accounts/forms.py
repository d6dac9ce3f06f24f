"""Forms for signing in and for passwords, and the mail with the link to a new one."""

from collections.abc import Iterable, Iterator
from typing import Any
from unicodedata import normalize

from allauth.socialaccount.models import SocialAccount
from django import forms
from django.contrib.auth import forms as auth
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.mail import EmailMultiAlternatives
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from indicators.actions import set_own_password
from indicators.mailing import send_behind
from indicators.models import SecurityEventKind, User
from indicators.models.fields import AddressFormField
from indicators.security_log import record
from scorecard.display.forms import GovukFormMixin
from scorecard.models import ResetRequest

from .brakes import confirm_password, may_ask_for_mail
from .lockout import fingerprint_of

NARROW = "govuk-input--width-20"


class SignInForm(GovukFormMixin, auth.AuthenticationForm):
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = "Enter your username."
        self.fields["password"].error_messages["required"] = "Enter your password."
        narrow(self.fields.values())


class PasswordResetForm(GovukFormMixin, auth.PasswordResetForm):
    """Where to send the link, also to people who have no password yet. It takes just as long where nobody has it."""

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
        """Send the link, unless one was asked for with the same address within the last minute, or too many were."""
        email, request = self.cleaned_data["email"], kwargs["request"]
        fingerprint = fingerprint_of(email)
        if not ResetRequest.objects.claim(email, now=timezone.now()) or not may_ask_for_mail(request, fingerprint):
            return
        person = next(self.get_users(email))
        known = person if person.pk else None
        record(SecurityEventKind.RESET_ASKED, person=known, fingerprint=fingerprint, request=request)
        super().save(*args, **kwargs)

    def get_users(self, email: str) -> Iterator[User]:
        """Whoever has the address; or somebody who doesn't exist, whose mail is written but never sent."""
        people = User.objects.filter(email__iexact=email, is_active=True)
        # Whoever signs in through single sign-on alone gets no way past it.
        elsewhere = Exists(SocialAccount.objects.filter(user=OuterRef("pk")))
        people = people.exclude(elsewhere, password__startswith=UNUSABLE_PASSWORD_PREFIX)
        yield from [person for person in people if _same(person.email, email)] or [User(email=email)]

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


class InvitedForm(NewPasswordForm):
    """The first password, or a new one, of somebody whom an officer invited."""

    reason = "Password chosen after an invitation"


class PasswordChangeForm(NewPasswordForm, auth.PasswordChangeForm):
    """The old password, then a new one."""

    request: HttpRequest
    reason = "Password changed"
    error_messages = {
        **NewPasswordForm.error_messages,
        "password_incorrect": "That is not your current password. Enter it again.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Your current password"
        self.fields["old_password"].error_messages["required"] = "Enter your current password."

    def clean_old_password(self) -> str:
        """A wrong one counts as a failed sign-in."""
        typed: str = self.cleaned_data["old_password"]
        if not confirm_password(self.request, typed):
            raise forms.ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return typed


def _same(one: str, other: str) -> bool:
    """Whether two addresses are one to people and mail servers; a database's likeness is another."""
    return normalize("NFKC", one).casefold() == normalize("NFKC", other).casefold()


def narrow(fields: Iterable[forms.Field]) -> None:
    """No wider than what is usually typed."""
    for field in fields:
        field.widget.attrs["class"] = NARROW
