"""Accounts: who is offered for what, who may change whose, which roles they may give, and new ones whose user names
nobody has to type.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from .models import Deputy, User
from .moments import today_in_britain

# Groups that nobody should leave without another active member; other apps add theirs.
NEEDED_GROUPS: set[str] = set()
# Groups that officers put people into; other apps add theirs.
GIVEN_BY_OFFICERS: set[str] = set()
# Groups whose members only read and ask, as far as they have nothing else to do; other apps add theirs.
READERS: set[str] = set()
# The ways from a row to the reports that it has a part in, such as an indicator's to those whose line it is; of a
# person, by what they do. Other apps know of reports, and add them.
REPORTS: dict[type[Model], list[str]] = {}
# Fields that give somebody something to do.
GIVES_A_PART = ("owner", "reporter", "deputy")
NOT_OFFERED = "Choose somebody who is on the list. It has those with a part in the same scorecard, or in none yet."
LONGEST_NAME = 140


def reports_of(row: Model) -> frozenset[int]:
    """The keys of the reports that a row has a part in: none of a new one. One query."""
    return reports_by_row(type(row), [row.pk])[row.pk] if row.pk else frozenset()


def reports_by_row(kind: type[Model], keys: Collection[int]) -> Mapping[int, frozenset[int]]:
    """The same of many rows, by their keys. One query."""
    found: dict[int, frozenset[int]] = dict.fromkeys(keys, frozenset())
    ways = [
        kind._base_manager.filter(pk__in=keys, **{f"{way}__isnull": False}).order_by().values_list("pk", way)
        for way in REPORTS.get(kind, ())
    ]
    for key, report in ways[0].union(*ways[1:]) if ways else ():
        found[key] |= {report}
    return found


def who_can_take(reports: Collection[int] = (), besides: Collection[int | None] = ()) -> QuerySet[User]:
    """Who is offered as owner, reporter, deputy, or to answer a question: active people, but for those who only read,
    and those who have a part in other reports alone.

    `reports` has the keys of those that it is about, of which one is enough; without any, it is about none. A part in a
    report has who owns or reports a line of it, answers for something there, or stands in for such a person. Whoever is
    in a group that does more than read, and superusers, have a part in all; new people have one in none, and are
    offered. `besides` has the keys of people who are offered all the same, since they hold it now.
    """
    mine = {"pk": OuterRef("pk")}
    membership = User.groups.through.objects.filter(user=OuterRef("pk"))
    only_reads = Exists(membership.filter(group__name__in=READERS)) & ~Exists(
        membership.exclude(group__name__in=READERS)
    )
    has_part = Q(owned_indicators__isnull=False) | Q(reported_indicators__isnull=False) | Q(stands_in_for__isnull=False)
    idle = only_reads & ~Exists(User.objects.filter(has_part, **mine))
    offered = Q(is_active=True) & ~Q(idle)
    if reports:
        everywhere = Q(is_superuser=True) | Exists(membership.exclude(group__name__in=READERS))
        offered &= everywhere | _with_a_part({"__in": reports}) | ~_with_a_part({"__isnull": False})
    return User.objects.filter(offered | Q(pk__in=[key for key in besides if key]))


def _with_a_part(which: Mapping[str, Any]) -> Q:
    """Whether somebody, or whom they stand in for now or later, has a part in reports of which the condition holds."""
    ways = [User.objects.filter(**{f"{way}{test}": of for test, of in which.items()}) for way in REPORTS.get(User, ())]
    theirs = Q()
    for way in ways:
        theirs |= Q(pk__in=way.order_by().values("pk"))
    standing_in = Deputy.objects.exclude(ends_on__lt=today_in_britain()).filter(
        person__in=User.objects.filter(theirs).order_by().values("pk")
    )
    return theirs | Q(pk__in=standing_in.order_by().values("deputy")) if ways else Q(pk__in=[])


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
