"""Accounts: who may change whose, which roles they may give, and new ones whose user names nobody has to type."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from .models import User

# Groups that nobody should leave without another active member; other apps add theirs.
NEEDED_GROUPS: set[str] = set()
# Groups that officers put people into; other apps add theirs.
GIVEN_BY_OFFICERS: set[str] = set()
LONGEST_NAME = 140


def rights_of(person: User) -> QuerySet[Permission]:
    """Read from the database, since Django gives an inactive person no rights."""
    return Permission.objects.filter(Q(user=person) | Q(group__user=person))


def may_touch(by: User, person: User) -> bool:
    """Whether somebody may change a person's account, who must not be able to do more than they may.

    Whoever has another's link or address can sign in as them, so nobody may who would gain rights that way.
    """
    if by.is_superuser:
        return True
    return not person.is_superuser and not rights_of(person).exclude(pk__in=rights_of(by)).exists()


def groups_given_by(person: User) -> QuerySet[Group]:
    """Those that officers give, but for any with a right that the person lacks."""
    groups = Group.objects.filter(name__in=GIVEN_BY_OFFICERS)
    if person.is_superuser:
        return groups
    more = Permission.objects.exclude(pk__in=rights_of(person)).values("pk")
    return groups.exclude(permissions__in=more)


def left_empty_by(person: User, staying_in: Collection[str] = ()) -> list[str]:
    """The groups that would have no other active member if an active person left them; `staying_in` has those that
    they stay in.
    """
    if not person.is_active:
        return []
    left = Group.objects.filter(user=person, name__in=NEEDED_GROUPS).exclude(name__in=staying_in)
    others = User.objects.filter(is_active=True).exclude(pk=person.pk)
    return list(left.exclude(user__in=others).order_by("name").values_list("name", flat=True))


def free_username(told: str) -> str:
    """A user name like what was told that nobody has: somebody who has that very name is somebody else."""
    base = re.sub(r"[^\w.@+'-]+", ".", User.normalize_username(told)).strip(".")[:LONGEST_NAME] or "person"
    number = 1
    while User.objects.named(base if number == 1 else f"{base}-{number}").exists():
        number += 1
    return base if number == 1 else f"{base}-{number}"


def add_person(
    *, name: str, email: str, by: User, job_title: str = "", username: str = "", groups: Collection[Group] = ()
) -> User:
    """An account without a password, which the person chooses; a user name is made of the address or the name.

    Raises PermissionDenied, and ValidationError where the values make no account.
    """
    if not by.has_perm("indicators.add_user"):
        raise PermissionDenied
    told = (email.partition("@")[0] or name).lower()
    person = User(name=name, email=email, job_title=job_title, username=username or free_username(told))
    person.set_unusable_password()
    person.full_clean(exclude=["password"])
    person._history_user = by  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            person.save()
            person.groups.add(*groups)
    except IntegrityError as error:
        raise ValidationError({"username": "Somebody has this user name already."}) from error
    return person
