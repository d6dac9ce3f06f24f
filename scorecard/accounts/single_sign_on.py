"""Single sign-on with the organisation's accounts: the way to the provider and back, and what its answer has to be.

allauth goes the way (OAuth 2 with PKCE, one state for each sign-in) and signs in. Here its answer is examined as OpenID
Connect Core 3.1.3.7 asks, the signature included, which allauth leaves to TLS. Whatever is wrong leads to a page that
says so, and signs nobody in.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.internal.flows.login import record_authentication
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from indicators.models import SecurityEventKind
from indicators.security_log import record

from .linking import find_or_link, purpose_of
from .provider import Provider, configured
from .refusals import refuse

# Signatures that only the provider can make; with the others a public key, or nothing, would do.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
# By how many seconds the provider's clock may be ahead.
AHEAD = 60
# For how many seconds after a sign-in at the provider it counts as one that was asked for just now.
JUST_NOW = 300
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class OrganisationProvider(OpenIDConnectProvider):
    """The one provider, from the settings."""

    def __init__(self, request: HttpRequest, config: Provider) -> None:
        self.config = config
        app = SocialApp(
            provider=self.id,
            provider_id=config.issuer,
            name=config.name,
            client_id=config.client_id,
            secret=config.client_secret,
            settings={
                "server_url": f"{config.issuer.rstrip('/')}/.well-known/openid-configuration",
                "scope": list(config.scopes),
                "oauth_pkce_enabled": True,
            },
        )
        super().__init__(request, app=app)

    def get_oauth2_adapter(self, request: HttpRequest) -> ProviderDialogue:
        return ProviderDialogue(request, self.app.provider_id)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """What allauth asks the project about single sign-on."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: Any = None) -> OrganisationProvider:
        # Whatever is in the table of providers, which nobody edits.
        return OrganisationProvider(request, configured())

    def list_providers(self, request: HttpRequest) -> list[Any]:
        return [] if settings.SINGLE_SIGN_ON is None else [self.get_provider(request, "")]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """None: allauth's mails are about accounts that people look after themselves."""

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        said = request.GET.get("error", "")
        # Some providers leave the state out when somebody cancels; nobody is signed in, whoever wrote the address.
        if said == "access_denied":
            refuse(request, "cancelled")
        if exception is None:
            refuse(request, "refused" if said and "state" in (extra_context or {}) else "lost", why=said)
        refuse(request, "untrusted" if isinstance(exception, UntrustedError) else "silent", why=exception)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        told = sociallogin.state.get("data") or {}
        if told.get("again"):
            raise ImmediateHttpResponse(self._confirmed(request, sociallogin))
        linked = find_or_link(request, sociallogin, to=told.get("to"), ticket=told.get("ticket", ""))
        for words in linked.told:
            messages.warning(request, words)

    def _confirmed(self, request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
        """Who is signed in has shown anew that they are who they are; the session goes on."""
        if not sociallogin.is_existing or sociallogin.user != request.user:
            refuse(request, "other-person", person=request.user if request.user.is_authenticated else None)
        signed_in_at = sociallogin.claims.get("auth_time", time.time())
        if not isinstance(signed_in_at, int | float) or time.time() - signed_in_at > JUST_NOW:
            refuse(request, "untrusted", person=sociallogin.user, why="It was no new sign-in.")
        record_authentication(request, sociallogin)
        record(SecurityEventKind.CONFIRMED, person=sociallogin.user, detail="by single sign-on", request=request)
        return redirect(sociallogin.state.get("next") or "home")


class UntrustedError(OAuth2Error):
    """The provider's answer is not what it has to be."""


class ProviderDialogue(OpenIDConnectOAuth2Adapter):
    """What is asked of the provider, and what its answers have to be."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Where the provider's parts are.

        Raises UntrustedError where it isn't the provider of the settings, OAuth2Error where parts are missing.
        """
        if not hasattr(self, "_openid_config"):
            found = self._get_json(self.get_provider().server_url)
            if not all(isinstance(found.get(name), str) for name in ENDPOINTS):
                raise OAuth2Error("The provider does not say where its parts are.")
            if found.get("issuer") != self.provider_id:
                raise UntrustedError(f"OIDC_ISSUER is not what the provider calls itself: {found.get('issuer')}")
            self._openid_config = found
        return self._openid_config

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        # Never from the request's host: this is where the provider sends people who have signed in.
        return f"{settings.SITE_URL.rstrip('/')}{reverse('single_sign_on_return')}"

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> Any:
        try:
            found = super().get_access_token_data(*args, **kwargs)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise OAuth2Error("The provider’s answer can’t be read.") from error
        if not isinstance(found, dict):
            raise OAuth2Error("The provider’s answer can’t be read.")
        return found

    def parse_token(self, data: Any) -> SocialToken:
        # It is used at once, and not kept.
        return SocialToken(token=str(data["access_token"]))

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any) -> SocialLogin:
        claims = self._examined(kwargs["response"].get("id_token"), nonce=nonce_for(request.GET["state"]))
        config = self.get_provider().config
        subject = claims.get(config.subject_claim)
        if not isinstance(subject, str) or not subject.strip() or "\x00" in subject:
            raise UntrustedError(f"The token has no {config.subject_claim}.")
        wanted = {"email", "name", config.groups_claim}
        if not wanted <= claims.keys() and "userinfo_endpoint" in self.openid_config:
            claims = self._further(token.token, claims["sub"]) | claims
        uid = subject if len(subject) <= 190 else hashlib.sha256(subject.encode()).hexdigest()
        # Nothing of what was told is kept with the link.
        account = SocialAccount(provider=config.issuer, uid=uid, extra_data={})
        login = SocialLogin(provider=self.get_provider(), account=account)
        login.claims = claims
        return login

    def _examined(self, token: Any, *, nonce: str) -> dict[str, Any]:
        """The claims of an ID token that is the provider's, for this site, for this sign-in and not expired."""
        client_id = configured().client_id
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise UntrustedError(f"The token is signed by {header.get('alg')}.")
            claims: dict[str, Any] = jwt.decode(
                token,
                key=self._key(header),
                algorithms=[header["alg"]],
                issuer=self.provider_id,
                audience=client_id,
                leeway=AHEAD,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except RequestException:
            raise
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise UntrustedError(f"{type(error).__name__}: {error}") from error
        if claims["exp"] <= time.time():
            raise UntrustedError("The token has expired.")
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != client_id:
            raise UntrustedError("The token was made for another site.")
        if claims.get("nonce") != nonce:
            raise UntrustedError("The token belongs to another sign-in.")
        return claims

    def _key(self, header: dict[str, Any]) -> jwt.PyJWK:
        """The provider's key that a token says it is signed with."""
        found = self._get_json(self.openid_config["jwks_uri"]).get("keys")
        keys = [key for key in found if isinstance(key, dict)] if isinstance(found, list) else []
        fitting = [key for key in keys if key.get("kid") == header.get("kid") and key.get("use", "sig") == "sig"]
        fitting = fitting or (keys if "kid" not in header and len(keys) == 1 else [])
        if not fitting or fitting[0].get("alg", header["alg"]) != header["alg"]:
            raise UntrustedError("The token is signed with a key that the provider does not have.")
        return jwt.PyJWK(fitting[0], algorithm=header["alg"])

    def _further(self, access_token: str, subject: str) -> dict[str, Any]:
        """What the provider says besides, when asked, of the same person."""
        headers = {"Authorization": f"Bearer {access_token}"}
        found = self._get_json(self.openid_config["userinfo_endpoint"], headers=headers)
        if found.get("sub") != subject:
            raise UntrustedError("The provider told of somebody else.")
        return found

    def _get_json(self, address: str, **kwargs: Any) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            response = session.get(address, **kwargs)
            response.raise_for_status()
            found = response.json()
        if not isinstance(found, dict):
            raise OAuth2Error("The provider’s answer can’t be read.")
        return found


def nonce_for(state: str) -> str:
    """What a token has to repeat, so that it is of no use in any other sign-in; a state is used once."""
    return salted_hmac("scorecard.single_sign_on.nonce", state, algorithm="sha256").hexdigest()


@never_cache
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Send somebody to the provider to sign in; or to link it, or to show again who they are, if they are signed in."""
    provider = ProviderAdapter(request).get_provider(request, "")
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    data = purpose_of(request)
    state = get_random_string(32)
    about = {"nonce": nonce_for(state)} | ({"prompt": "login", "max_age": "0"} if data.get("again") else {})
    return _answered(
        request,
        partial(
            provider.redirect,
            request,
            process="login",
            next_url=address if is_ours else None,
            data=data,
            state_id=state,
            auth_params=about,
        ),
    )


@never_cache
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Where the provider sends people back to."""
    provider = ProviderAdapter(request).get_provider(request, "")
    view = OAuth2CallbackView.adapter_view(provider.get_oauth2_adapter(request))
    return _answered(request, partial(view, request))


def _answered(request: HttpRequest, ask: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer, or the page that says what is wrong with the provider."""
    try:
        try:
            return ask()
        except (RequestException, OAuth2Error) as error:
            refuse(request, "untrusted" if isinstance(error, UntrustedError) else "silent", why=error)
    except ImmediateHttpResponse as refusal:
        return refusal.response


def lets_form_through(response: HttpResponseBase) -> HttpResponseBase:
    """Let the page's form lead to the provider, where one is set up."""
    if settings.SINGLE_SIGN_ON is not None:
        response._csp_update = {"form-action": settings.SINGLE_SIGN_ON.form_targets}  # type: ignore[attr-defined]
    return response


def wrong_with(config: Provider) -> list[str]:
    """What the provider itself says against the settings, in words; nothing where all is well."""
    request = HttpRequest()
    try:
        found = ProviderDialogue(request, config.issuer).openid_config
    except (RequestException, OAuth2Error) as error:
        return [f"Single sign-on does not work: {error}"]
    parts = urlsplit(found["authorization_endpoint"])
    place = f"{parts.scheme}://{parts.netloc}"
    return [] if place in config.form_targets else [f"OIDC_SIGN_IN_HOSTS lacks {place}, where people sign in."]
