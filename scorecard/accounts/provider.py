"""The organisation's own sign-in, an OpenID Connect provider, as an operator writes it into the environment.

OIDC_ISSUER           https://login.microsoftonline.com/TENANT/v2.0: whose tokens are believed; without it this is off
OIDC_CLIENT_ID        what the provider calls this site
OIDC_CLIENT_SECRET    what it proves itself with
OIDC_NAME             what people call it, as on the button “Sign in with …”: your council account
OIDC_SUBJECT_CLAIM    what tells people apart for good: sub; oid with Entra ID where several sites share people
OIDC_SCOPES           what is asked for: openid profile email
OIDC_MATCH_EMAIL      whether an address leads to the account that has it: no, verified, trusted
OIDC_NEW_ACCOUNTS     for whom an account is made at the first sign-in: nobody, groups, everybody
OIDC_GROUPS_CLAIM     where the groups are: groups
OIDC_OFFICER_GROUPS   which of them are Performance officers; empty leaves that role alone
OIDC_PANEL_GROUPS     which of them are Panel members; likewise
OIDC_SIGN_IN_HOSTS    https://sts.example.gov.uk: other places that the way to the sign-in passes through
LOCAL_SIGN_IN         0 lets nobody in with a password
"""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404

from scorecard import environment

NAMES = tuple(re.findall(r"^(OIDC_\w+) ", __doc__, re.MULTILINE))
MATCHES = ("no", "verified", "trusted")
NEW_ACCOUNTS = ("nobody", "groups", "everybody")
# Microsoft's addresses for any tenant at all: whoever has one could say that they are anybody.
ANY_TENANT = ("common", "organizations", "consumers")
ON_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Provider:
    """Whom the site believes who somebody is, and what it makes of what it is told."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str = "your council account"
    subject_claim: str = "sub"
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    match_email: str = "no"
    new_accounts: str = "nobody"
    groups_claim: str = "groups"
    officer_groups: frozenset[str] = frozenset()
    panel_groups: frozenset[str] = frozenset()
    sign_in_hosts: tuple[str, ...] = ()

    @property
    def form_targets(self) -> list[str]:
        """Where the form behind the button may lead: Chromium asks for every stop on the way."""
        parts = urlsplit(self.issuer)
        return [f"{parts.scheme}://{parts.netloc}", *self.sign_in_hosts]


def configured() -> Provider:
    """The provider of the settings. Raises Http404 where single sign-on is off."""
    if settings.SINGLE_SIGN_ON is None:
        raise Http404("Single sign-on is not set up.")
    return settings.SINGLE_SIGN_ON


def from_environment() -> Provider | None:
    """The provider that is set up, None where there is none. Raises ImproperlyConfigured for what can't be meant."""
    for name in sorted(name for name in os.environ if name.startswith("OIDC_") and name not in NAMES):
        near = difflib.get_close_matches(name, NAMES, 1)
        raise ImproperlyConfigured(f"{name} is no setting.{f' Do you mean {near[0]}?' if near else ''}")
    issuer = environment.words("OIDC_ISSUER")
    if not issuer:
        if any(environment.words(name) for name in NAMES):
            raise ImproperlyConfigured("OIDC_ISSUER is missing, but other settings of single sign-on are there.")
        return None
    _check_address("OIDC_ISSUER", issuer)
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
        if not environment.words(name):
            raise ImproperlyConfigured(f"{name} is missing. It is given when the site is registered with the provider.")
    hosts = environment.listed("OIDC_SIGN_IN_HOSTS")
    for host in hosts:
        if not re.fullmatch(r"https://[\w.-]+(:\d+)?", host):
            raise ImproperlyConfigured("OIDC_SIGN_IN_HOSTS is not a list of places as https://sts.example.gov.uk.")
    scopes = environment.words("OIDC_SCOPES", default="openid profile email").split()
    if "openid" not in scopes:
        raise ImproperlyConfigured("OIDC_SCOPES lacks openid, without which the provider says nothing.")
    found = Provider(
        issuer=issuer,
        client_id=environment.words("OIDC_CLIENT_ID"),
        client_secret=environment.words("OIDC_CLIENT_SECRET"),
        name=environment.words("OIDC_NAME", default=Provider.name),
        subject_claim=environment.words("OIDC_SUBJECT_CLAIM", default=Provider.subject_claim),
        scopes=tuple(scopes),
        match_email=environment.one_of("OIDC_MATCH_EMAIL", MATCHES),
        new_accounts=environment.one_of("OIDC_NEW_ACCOUNTS", NEW_ACCOUNTS),
        groups_claim=environment.words("OIDC_GROUPS_CLAIM", default=Provider.groups_claim),
        officer_groups=_groups("OIDC_OFFICER_GROUPS"),
        panel_groups=_groups("OIDC_PANEL_GROUPS"),
        sign_in_hosts=tuple(hosts),
    )
    if found.new_accounts == "groups" and not (found.officer_groups or found.panel_groups):
        raise ImproperlyConfigured("OIDC_NEW_ACCOUNTS is groups: set OIDC_OFFICER_GROUPS or OIDC_PANEL_GROUPS.")
    return found


def is_local_sign_in(provider: Provider | None) -> bool:
    """Whether people sign in with passwords. Raises ImproperlyConfigured where nobody could sign in at all."""
    is_on = environment.flag("LOCAL_SIGN_IN", default=True)
    if not is_on and provider is None:
        raise ImproperlyConfigured("LOCAL_SIGN_IN is off, but OIDC_ISSUER is missing: nobody could sign in.")
    return is_on


def _check_address(name: str, address: str) -> None:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in ON_THIS_MACHINE)
    if not is_safe or not host or parts.query or parts.fragment or parts.username or parts.password:
        raise ImproperlyConfigured(f"{name} is not an address as https://login.example.gov.uk/realm.")
    if "/.well-known/" in parts.path:
        raise ImproperlyConfigured(f"{name} goes up to before /.well-known/openid-configuration, which is looked up.")
    if host == "login.microsoftonline.com" and parts.path.strip("/").split("/")[0].lower() in ANY_TENANT:
        raise ImproperlyConfigured(f"{name} has to name your tenant, as https://login.microsoftonline.com/TENANT/v2.0.")


def _groups(name: str) -> frozenset[str]:
    """Groups with commas between them; with semicolons where a name has commas, as in LDAP."""
    text = environment.words(name)
    return frozenset(filter(None, (part.strip() for part in text.split(";" if ";" in text else ","))))
