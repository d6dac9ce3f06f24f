"""Forms for second factors and for showing again who one is: allauth's, in the site's look and words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa import app_settings, signals
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm as AllauthGenerateForm
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature
from django import forms
from django.db import transaction

from indicators.models import SecurityEventKind, User
from indicators.security_log import record
from scorecard.display.forms import GovukFormMixin

from .brakes import check_brakes
from .forms import narrow

WRONG = "That code is not right. Enter the one that the app shows now."
WRONG_PASSWORD = "That is not your password. Enter it again."  # noqa: S105
DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class CodeUsedError(forms.ValidationError):
    """The code was right, but not for the first time."""


class CodeMixin(GovukFormMixin):
    """A code from the app, or one of the recovery codes; each works once, on whichever server it is typed."""

    label, help_text = "Code", "Six digits from your app, or one of your recovery codes."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]  # type: ignore[attr-defined]
        field.label, field.help_text = self.label, self.help_text
        field.widget = forms.TextInput(attrs=DIGITS)
        field.error_messages["required"] = "Enter the code."
        narrow([field])

    def clean_code(self) -> str:
        code = str(super().clean_code())  # type: ignore[misc]
        found = getattr(self, "authenticator", None)
        if found is not None and found.type == Authenticator.Type.TOTP:
            _use_up(found, code)
        return code


def _use_up(authenticator: Authenticator, code: str) -> None:
    """Keep for which time the code was. Raises ValidationError where that or a later one was used before."""
    secret = decrypt(authenticator.data["secret"])
    digits = "".join(filter(str.isdigit, code))
    fitting = (one for one in yield_hotp_counters_from_time() if format_hotp_value(hotp_value(secret, one)) == digits)
    counter = max(fitting, default=int(time.time()) // app_settings.TOTP_PERIOD)
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        if counter <= row.data.get("used", 0):
            raise CodeUsedError("That code was used already. Wait until the app shows the next one.")
        row.data["used"] = counter
        row.save(update_fields=["data"])
    authenticator.data = row.data


class GuardedMixin(CodeMixin):
    """A code that shows who somebody is: wrong ones are told to the security log, and braked."""

    user: User

    def clean_code(self) -> str:
        check_brakes(context.request, self.user)
        try:
            return super().clean_code()
        except CodeUsedError:
            # The library, which found it right, has told nobody.
            self._emit_authentication_failed(self.authenticator)  # type: ignore[attr-defined]
            raise


class AuthenticateForm(GuardedMixin, mfa.AuthenticateForm):
    """The second step of signing in."""


class ReauthenticateForm(GuardedMixin, mfa.ReauthenticateForm):
    """Who has no password shows with a code that it is still them."""


class PasswordAgainForm(GovukFormMixin, account.ReauthenticateForm):
    """The password once more."""

    password = forms.CharField(
        label="Password",
        strip=False,
        error_messages={"required": "Enter your password."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "govuk-input--width-20"}),
    )

    def clean_password(self) -> str:
        try:
            found = str(super().clean_password())
        except forms.ValidationError as error:
            raise forms.ValidationError(WRONG_PASSWORD) from error
        record(SecurityEventKind.CONFIRMED, person=self.user, detail="with the password", request=context.request)
        return found


class AppForm(CodeMixin, totp.ActivateTOTPForm):
    """The first code shows that the app has the key."""

    label, help_text = "Code", "The six digits that the app shows now."


class RemoveAppForm(GovukFormMixin, totp.DeactivateTOTPForm):
    """Nothing to fill in."""


class NewCodesForm(GovukFormMixin, AllauthGenerateForm):
    """Nothing to fill in."""


class PasskeyForm(GovukFormMixin, webauthn.AddWebAuthnForm):
    """What the person calls the passkey; the browser gives the rest."""

    name = forms.CharField(
        label="Name of the passkey",
        required=False,
        max_length=60,
        help_text="By which you tell it from others, for example “Work laptop”.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )

    def clean(self) -> dict[str, Any]:
        with _readable():
            return dict(super().clean())


class PasskeyAtSignInForm(GovukFormMixin, webauthn.AuthenticateWebAuthnForm):
    """Filled in by the browser."""

    def clean_credential(self) -> Authenticator:
        check_brakes(context.request, self.user)
        try:
            with _readable():
                return super().clean_credential()
        except forms.ValidationError:
            signals.authentication_failed.send(
                sender=Authenticator,
                request=context.request,
                user=self.user,
                authenticator=None,
                reauthentication=self.reauthenticated,
            )
            raise


class PasskeyAgainForm(PasskeyAtSignInForm, webauthn.ReauthenticateWebAuthnForm):
    """Filled in by the browser."""


@contextmanager
def _readable() -> Iterator[None]:
    """What no browser sends fails in many ways inside the library; it is refused all the same."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, InvalidSignature) as error:
        raise forms.ValidationError("That passkey can’t be used here. Try again, or use another way.") from error
