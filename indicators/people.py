"""Accounts: who may change whose, which roles they may give, and new ones whose user names nobody has to type."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from .models import User

# Groups that nobody should leave without another active member; other apps add theirs.
NEEDED_GROUPS: set[str] = set()
# Groups that officers put people into; other apps add theirs.
GIVEN_BY_OFFICERS: set[str] = set()
# Groups whose members only read and ask, as far as they have nothing else to do; other apps add theirs.
READERS: set[str] = set()
LONGEST_NAME = 140


def who_can_take(besides: Collection[int | None] = ()) -> QuerySet[User]:
    """Who is offered as owner, reporter, deputy, or to answer a question: active people, but for those who only read.

    `besides` has the keys of people who are offered all the same, since they hold it now.
    """
    mine = {"pk": OuterRef("pk")}
    membership = User.groups.through.objects.filter(user=OuterRef("pk"))
    only_reads = Exists(membership.filter(group__name__in=READERS)) & ~Exists(
        membership.exclude(group__name__in=READERS)
    )
    has_part = Q(owned_indicators__isnull=False) | Q(reported_indicators__isnull=False) | Q(stands_in_for__isnull=False)
    idle = only_reads & ~Exists(User.objects.filter(has_part, **mine))
    return User.objects.filter((Q(is_active=True) & ~Q(idle)) | Q(pk__in=[key for key in besides if key]))


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
