"""Whose account somebody gets to who has signed in with the organisation, and which roles their groups give them.

A link holds by issuer and subject. An address leads to an account only where the operator says so, because not every
provider vouches for it; a user name never does, since anybody may be given one that somebody had before.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, NamedTuple

from allauth.account.internal.emailkit import valid_email_or_none
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.signals import social_account_removed
from django.contrib.auth.models import Group
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from indicators.calculations.plain_text import plain_line
from indicators.models import User
from indicators.people import free_username
from scorecard.roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS

from .provider import Provider, configured
from .refusals import refuse

logger = logging.getLogger(__name__)
TICKET = "scorecard.linking"
ONE_HOUR = 60 * 60
YES = (True, 1, "1", "true", "True")


class Linked(NamedTuple):
    """Whose account it is, and what they have to be told of their roles."""

    person: User
    told: list[str]


class _RefusedError(Exception):
    """Nothing is kept of what was done for the sign-in so far; the page says why."""

    def __init__(self, reason: str, person: User | None = None) -> None:
        self.reason, self.person = reason, person
        super().__init__(reason)


def purpose_of(request: HttpRequest) -> dict[str, Any]:
    """What a form asks for besides signing in: to show again who one is, to link one's account, or that of a link."""
    purpose = request.POST.get("purpose", "")
    if request.user.is_authenticated and purpose == "again":
        return {"again": True}
    if request.user.is_authenticated and purpose == "link":
        return {"to": request.user.pk}
    invited = _holder_of(purpose)
    return {"to": invited.pk, "ticket": purpose} if invited else {}


def ticket_for(person: User) -> str:
    """Lets somebody who came with the link of a mail link their account, once and within the hour."""
    return signing.dumps([person.pk, _stamp(person)], salt=TICKET)


def _stamp(person: User) -> str:
    """Changes when the person signs in, or their address or password is changed."""
    return salted_hmac(TICKET, f"{person.last_login} {person.email} {person.password}").hexdigest()


def _holder_of(ticket: str) -> User | None:
    try:
        key, stamp = signing.loads(ticket, salt=TICKET, max_age=ONE_HOUR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=key).first()
    return person if person and constant_time_compare(stamp, _stamp(person)) else None


def find_or_link(request: HttpRequest, login: SocialLogin, *, to: int | None, ticket: str) -> Linked:
    """Set the sign-in's person, linked and with the roles of today. Refuses, in words, where there is none.

    `to` is the person whose account is to be linked, who is signed in or came with the link of a mail.
    """
    config = configured()
    try:
        with transaction.atomic():
            if to is not None:
                person = _asked_to_be_linked(request, login, to, ticket)
            elif login.is_existing:
                person = _locked(login.user.pk)
            else:
                person = _by_address(login.claims, config) or _made(login.claims, config)
            if not person.is_active:
                raise _RefusedError("closed", person)
            if login.user is None:
                _link(request, login, person, config)
            login.user = person
            return Linked(person, update_roles(person, groups_told(login.claims, config), config))
    except _RefusedError as error:
        refuse(request, error.reason, person=error.person)
    except (IntegrityError, DataError, ValidationError) as error:
        # Somebody was quicker with the same sign-in or user name.
        refuse(request, "lost", why=type(error).__name__)


def _locked(key: int) -> User:
    return User.objects.select_for_update().get(pk=key)


def _asked_to_be_linked(request: HttpRequest, login: SocialLogin, to: int, ticket: str) -> User:
    asking = _holder_of(ticket) if ticket else request.user
    if asking is None or asking.pk != to:
        raise _RefusedError("lost")
    person = _locked(to)
    if login.is_existing and login.user != person:
        raise _RefusedError("taken", person)
    return person


def _link(request: HttpRequest, login: SocialLogin, person: User, config: Provider) -> None:
    """Link the account, unless it is linked to another subject of the provider already."""
    if SocialAccount.objects.filter(user=person, provider=config.issuer).exists():
        raise _RefusedError("another", person)
    _explain(person, f"Linked with {config.name}")
    login.connect(request, person)


def _address_told(claims: dict[str, Any]) -> str:
    """The address, unless the provider itself says that it may be somebody else's."""
    address = valid_email_or_none(claims.get("email")) if isinstance(claims.get("email"), str) else None
    return "" if not address or claims.get("email_verified", True) not in YES else address


def _with_address(address: str) -> list[User]:
    """Who has the address, in any case; letters that some databases take for each other are told apart."""
    found = User.objects.select_for_update().filter(email__iexact=address) if address else []
    return [person for person in found if person.email.casefold() == address.casefold()]


def _by_address(claims: dict[str, Any], config: Provider) -> User | None:
    """Whose address the provider vouches for, as far as the operator believes it."""
    is_verified = any(claims.get(name) in YES for name in ("email_verified", "xms_edov"))
    if config.match_email == "no" or (config.match_email == "verified" and not is_verified):
        return None
    people = _with_address(_address_told(claims))
    active = [person for person in people if person.is_active]
    if len(active) > 1:
        raise _RefusedError("several")
    return next(iter(active or people), None)


def _made(claims: dict[str, Any], config: Provider) -> User:
    """A new account, where the operator lets one be made; refuses where somebody has the address already."""
    groups = groups_told(claims, config)
    is_in_one = groups is not None and groups & (config.officer_groups | config.panel_groups)
    address = _address_told(claims)
    if _with_address(address):
        raise _RefusedError("address")
    if config.new_accounts == "nobody" or (config.new_accounts == "groups" and not is_in_one):
        raise _RefusedError("unknown")
    names = [claims[key] for key in ("preferred_username", "email", "name") if isinstance(claims.get(key), str)]
    name = claims.get("name")
    person = User(
        username=free_username(next(iter(names), "")),
        name=plain_line(name.replace("\x00", ""))[:150] if isinstance(name, str) else "",
        email=address,
    )
    person.set_unusable_password()
    person.full_clean(exclude=["password"])
    _explain(person, f"Made at the first sign-in with {config.name}")
    person.save()
    return person


def groups_told(claims: dict[str, Any], config: Provider) -> frozenset[str] | None:
    """The groups that somebody is in; None where the provider doesn't say, which is not the same as in none.

    Entra ID names none to whoever is in more than some 200, only where to ask for them (`_claim_names`, `hasgroups`).
    A claim within another is written with a dot, as Keycloak's `realm_access.roles`.
    """
    elsewhere = claims.get("_claim_names")
    if (isinstance(elsewhere, dict) and config.groups_claim in elsewhere) or claims.get("hasgroups") in YES:
        return None
    found: Any = claims.get(config.groups_claim)
    if found is None and "." in config.groups_claim:
        found = claims
        for part in config.groups_claim.split("."):
            found = found.get(part) if isinstance(found, dict) else None
    found = [] if found is None else [found] if isinstance(found, str) else found
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        return None
    return frozenset(found)


def update_roles(person: User, groups: frozenset[str] | None, config: Provider) -> list[str]:
    """Give and take the roles that groups stand for; returns what the person has to be told.

    The only active performance officer stays one, because a misspelt group would leave nobody who could mend it.
    """
    mapped = {PERFORMANCE_OFFICERS: config.officer_groups, PANEL_MEMBERS: config.panel_groups}
    mapped = {role: names for role, names in mapped.items() if names}
    if not mapped:
        return []
    if groups is None:
        logger.error("Single sign-on: no groups were told of %s, whose roles stay (see docs/deploy.md).", person.pk)
        return [f"The answer from {config.name} did not name your groups, so your roles here are as they were."]
    rows = {row.name: row for row in Group.objects.select_for_update().filter(name__in=mapped).order_by("pk")}
    held = set(person.groups.filter(name__in=mapped).values_list("name", flat=True))
    wanted = {role for role, names in mapped.items() if groups & names}
    given, taken = wanted - held, held - wanted
    told = []
    officers = rows[PERFORMANCE_OFFICERS] if PERFORMANCE_OFFICERS in taken else None
    if officers and not officers.user_set.filter(is_active=True).exclude(pk=person.pk).exists():
        taken.remove(PERFORMANCE_OFFICERS)
        logger.error("Single sign-on: %s is in no group of officers, but stays the only one.", person.pk)
        told.append(
            f"By {config.name} you are no performance officer any more. You stay one here, because nobody else is: "
            "somebody else has to become one first."
        )
    if given or taken:
        person.groups.add(*(rows[role] for role in given))
        person.groups.remove(*(rows[role] for role in taken))
        _set_staff(person, is_given=PERFORMANCE_OFFICERS in given, is_taken=PERFORMANCE_OFFICERS in taken)
        said = [f"given {role}" for role in sorted(given)] + [f"taken away {role}" for role in sorted(taken)]
        _explain(person, f"By the groups of {config.name}: {', '.join(said)}")
        person.save()
    return told


def _set_staff(person: User, *, is_given: bool, is_taken: bool) -> None:
    """Officers manage the scorecard; who is none any more does so only with rights that were given otherwise."""
    if is_given:
        person.is_staff = True
    elif is_taken and not person.is_superuser and not person.user_permissions.exists():
        person.is_staff = person.groups.exclude(name=PANEL_MEMBERS).exists()


def unlink(people: Iterable[User], *, by: User, request: HttpRequest) -> int:
    """Undo the links of people, so that the next sign-in has to find them anew; returns of how many."""
    count = 0
    for person in people:
        with transaction.atomic():
            links = list(SocialAccount.objects.filter(user=person))
            if not links:
                continue
            SocialAccount.objects.filter(user=person).delete()
            row = _locked(person.pk)
            _explain(row, "Unlinked from single sign-on", by=by)
            row.save()
        count += 1
        for link in links:
            social_account_removed.send(sender=SocialLogin, request=request, socialaccount=link)
    return count


def _explain(person: User, reason: str, *, by: User | None = None) -> None:
    """What the history says of the save that follows; by nobody where the program does it."""
    person._change_reason, person._history_user = reason, by  # type: ignore[attr-defined]
