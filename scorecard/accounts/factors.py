"""Second factors: who needs one, how they are kept, and taking off those that were lost. allauth does the rest."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.signals import pre_social_login
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe

from indicators.mailing import is_mail_sent, send_behind
from indicators.models import User
from scorecard.requests import GetResponse
from scorecard.rules import is_officer

from .sessions import end_all, end_others

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Where somebody can be who has yet to set one up; and, of single pages, who has to leave.
SETTING_UP = ("mfa_", "account_reauthenticate", "single_sign_on", "confirm_elsewhere", "end_session")
BY_PASSWORD = "reauthenticate"  # noqa: S105 - a way of signing in, not a password
LEAVING = ("logout", "signed_out", "login", "account_login", "look_styles", "logo")
NEEDED = "Set up a second factor first: your role needs one. Then you can go on."
# What single sign-on calls signing in with several factors (RFC 8176).
SEVERAL_FACTORS = "mfa"
WITH_FACTOR = "factor_at_provider"


class ConfirmingAdapter(DefaultAccountAdapter):
    """What allauth asks about showing who one is, beyond the password."""

    def get_login_stages(self) -> list[str]:
        ours = f"{FactorStage.__module__}.{FactorStage.__name__}"
        asked = f"{AuthenticateStage.__module__}.{AuthenticateStage.__name__}"
        return [ours if stage == asked else stage for stage in super().get_login_stages()]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How they can show that it is still them, what they signed in with first; never empty for who is signed in.

        Where passwords let nobody in, they show nothing either.
        """
        found = [
            one
            for one in super().get_reauthentication_methods(user)
            if settings.LOCAL_SIGN_IN or one["id"] != BY_PASSWORD
        ]
        if not user.is_authenticated:
            return found
        provider = settings.SINGLE_SIGN_ON
        elsewhere = {"id": "elsewhere", "url": reverse("confirm_elsewhere")}
        if provider is not None and SocialAccount.objects.filter(user=user, provider=provider.issuer).exists():
            elsewhere["description"] = f"Sign in with {provider.name}"
            methods = {record["method"] for record in get_authentication_records(self.request, user)}
            return [elsewhere, *found] if "socialaccount" in methods else [*found, elsewhere]
        return found or [elsewhere]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        from .confirming import is_confirmation_due

        return is_confirmation_due(self.request)


class FactorStage(AuthenticateStage):
    """Asks for the second factor, unless the provider of single sign-on has."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return super()._should_handle(request) and not is_done_at_provider(request, self.login.user)


class FactorAdapter(DefaultMFAAdapter):
    """How secrets are kept, and how they are shown.

    In the database they are encrypted with a key from SECRET_KEY, so that a backup alone makes no codes. One that can't
    be read, because the key is another by now, fits no code: the factor is to be set up anew.
    """

    def encrypt(self, text: str) -> str:
        return self._fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return self._fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def _fernet(self) -> MultiFernet:
        keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        digests = (hashlib.sha256(f"factors {key!s}".encode()) for key in keys)
        return MultiFernet([Fernet(base64.urlsafe_b64encode(one.digest())) for one in digests])

    def build_totp_svg(self, url: str) -> str:
        # Made of digits and fixed words only. White behind it and around it, whatever the page's colours.
        drawn = super().build_totp_svg(url).partition("?>")[2]
        return mark_safe(drawn.replace("<svg ", '<svg class="qr-code" role="img" aria-label="QR code" ', 1))  # noqa: S308

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - as allauth calls it
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"


def has_factor(person: User) -> bool:
    """Whether they have an app or a passkey; recovery codes alone are none."""
    return Authenticator.objects.filter(user=person, type__in=FACTORS).exists()


def needs_factor(person: User) -> bool:
    """Whether their role asks for one."""
    if settings.SECOND_FACTOR_FOR != "officers":
        return bool(settings.SECOND_FACTOR_FOR == "everybody")
    return person.is_staff or person.is_superuser or bool(is_officer(person))


def is_done_at_provider(request: HttpRequest, person: Any) -> bool:
    """Whether they came by single sign-on and, by the setting, showed a second factor there."""
    methods = {record["method"] for record in get_authentication_records(request, person)}
    if "socialaccount" not in methods:
        return False
    return settings.SECOND_FACTOR_AT_PROVIDER == "always" or (
        settings.SECOND_FACTOR_AT_PROVIDER == "claimed" and bool(request.session.get(WITH_FACTOR))
    )


@receiver(pre_social_login)
def note_claim(request: HttpRequest, sociallogin: Any, **kwargs: Any) -> None:
    """Whether the provider says that the person showed several factors to it; in Entra ID an optional claim."""
    asked = (sociallogin.state or {}).get("data") or {}
    if asked.get("again") and sociallogin.user != request.user:
        # Somebody else, who shows nothing for whoever is signed in.
        return
    known = sociallogin.account.extra_data
    claims = getattr(sociallogin, "claims", None) or known.get("id_token") or known
    said = claims.get("amr")
    request.session[WITH_FACTOR] = isinstance(said, list) and SEVERAL_FACTORS in said


class RequiredFactor:
    """Leads whoever needs a second factor and has none to the page for setting it up, whatever they asked for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        person = request.user
        if settings.SECOND_FACTOR_FOR == "none" or not isinstance(person, User) or not needs_factor(person):
            return None
        name = str(request.resolver_match.url_name) if request.resolver_match else ""
        if name.startswith(SETTING_UP) or name in LEAVING or has_factor(person) or is_done_at_provider(request, person):
            return None
        messages.warning(request, NEEDED)
        return redirect("mfa_index")


TOLD = {
    signals.authenticator_added: "A second factor was added to your account: {}.",
    signals.authenticator_removed: "A second factor was removed from your account: {}.",
    signals.authenticator_reset: "New {} were made for your account. The old ones don’t work any more.",
}
NAMES = {
    Authenticator.Type.TOTP: "an app that shows codes",
    Authenticator.Type.WEBAUTHN: "a passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}


@receiver(list(TOLD))
def factors_changed(signal: Any, request: Any, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """The person is told by mail, and signed out everywhere else."""
    if request is not None and request.user == user:
        end_others(request)
    else:
        end_all(user, request=request)
    if user.email and is_mail_sent():
        what = TOLD[signal].format(NAMES[Authenticator.Type(authenticator.type)])
        words = f"{what}\n\nIf you don’t know of this, tell your performance officer at once.\n"
        send_behind(EmailMultiAlternatives("Your sign-in to the scorecard", words, None, [user.email]))


def take_off(*, person: User, request: HttpRequest | None = None) -> int:
    """Take all second factors off somebody who lost theirs. They are signed out, and told by mail.

    Returns how many there were, recovery codes included.
    """
    with transaction.atomic():
        found = list(Authenticator.objects.filter(user=person))
        Authenticator.objects.filter(pk__in=[one.pk for one in found]).delete()
    for one in found:
        signals.authenticator_removed.send(sender=Authenticator, request=request, user=person, authenticator=one)
    return len(found)
