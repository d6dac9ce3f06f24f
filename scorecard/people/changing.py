"""Changes to people: their details and roles, new ones, many invitations, and somebody who leaves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from indicators.invitations import invite
from indicators.leaving import DUTIES, Duty, hand_on_each
from indicators.models import Deputy, Seen, User
from indicators.moments import today_in_britain
from indicators.people import add_person, groups_given_by, left_empty_by, may_touch
from scorecard.accounts.sessions import end_all
from scorecard.editing.merging import save_over
from scorecard.roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS
from scorecard.rules import require

from .pasted import OFFICER, PANEL, PastedPerson

ROLE_GROUPS = {PANEL: PANEL_MEMBERS, OFFICER: PERFORMANCE_OFFICERS}
ONLY_SUPERUSERS = "Only somebody who decides who may do what, a superuser, makes officers."
NOT_YOURSELF = "You can’t do this to your own account: ask another officer."


class Told(NamedTuple):
    """What became of one of many: of whom, in words, whether it was done, and a link to hand over."""

    who: str
    words: str
    is_done: bool
    link: str = ""


def require_to_touch(by: User, person: User) -> None:
    """Raises PermissionDenied unless somebody may change this account."""
    require(by, "manage_people", person)
    if not may_touch(by, person):
        raise PermissionDenied


def groups_offered_to(officer: User) -> list[Group]:
    """The groups that an officer puts people into; superusers make officers too."""
    found = {group.name: group for group in groups_given_by(officer)}
    if officer.is_superuser:
        found |= {group.name: group for group in Group.objects.filter(name=PERFORMANCE_OFFICERS)}
    return [found[name] for name in sorted(found)]


@transaction.atomic
def save_person(*, person: User, values: Mapping[str, Any], saw: Seen, by: User) -> bool:
    """Change name, job, address and user name. Raises ClashError and ValidationError."""
    require_to_touch(by, person)
    return save_over(User.objects.select_for_update().get(pk=person.pk), values, saw, by=by)


@transaction.atomic
def change_roles(*, person: User, shown: Collection[int], chosen: Collection[int], by: User) -> list[str]:
    """Put a person into groups and take them out; `shown` has those that the page had ticked, so that only what the
    officer changed is changed. Returns what was done, in words.

    Raises ValidationError where nobody would be left in a group that needs somebody, or it is the officer's own role.
    """
    require_to_touch(by, person)
    groups = {group.pk: group for group in groups_offered_to(by)}
    # Two officers who take one another out wait for each other here.
    list(Group.objects.select_for_update().filter(pk__in=groups).order_by("pk").values_list("pk"))
    held = set(person.groups.values_list("pk", flat=True))
    added = [groups[key] for key in chosen if key in groups and key not in shown and key not in held]
    removed = [groups[key] for key in shown if key in groups and key not in chosen and key in held]
    if removed and PERFORMANCE_OFFICERS in {group.name for group in removed}:
        if person.pk == by.pk:
            raise ValidationError({"groups": NOT_YOURSELF})
        staying = set(person.groups.values_list("name", flat=True)) - {group.name for group in removed}
        for name in left_empty_by(person, staying):
            told = f"{person} is the only active member of “{name}”. Put somebody else into it first."
            raise ValidationError({"groups": told})
    person.groups.add(*added)
    person.groups.remove(*removed)
    _keep_staff(person, added=added, removed=removed, by=by)
    return [f"now {group.name}" for group in added] + [f"no longer {group.name}" for group in removed]


def _keep_staff(person: User, *, added: Iterable[Group], removed: Iterable[Group], by: User) -> None:
    """Officers open the administration for what is rare; who is no officer any more has no need to."""
    given, taken = ({group.name for group in groups} for groups in (added, removed))
    is_staff = person.is_staff
    if PERFORMANCE_OFFICERS in given:
        is_staff = True
    elif PERFORMANCE_OFFICERS in taken and not person.is_superuser:
        is_staff = person.groups.exclude(name=PANEL_MEMBERS).exists() or person.user_permissions.exists()
    if is_staff != person.is_staff:
        person.is_staff = is_staff
        person._history_user = by  # type: ignore[attr-defined]
        person.save(update_fields=["is_staff"])


@transaction.atomic
def make_person(*, values: Mapping[str, Any], groups: Collection[int], by: User) -> User:
    """A new account in the groups, of those that the officer may give. Raises ValidationError."""
    require(by, "manage_people")
    given = [group for group in groups_offered_to(by) if group.pk in groups]
    email = values.get("email", "")
    if email and User.objects.filter(email__iexact=email).exists():
        raise ValidationError({"email": "Somebody has this address already."})
    person = add_person(
        name=values.get("name", ""),
        email=email,
        job_title=values.get("job_title", ""),
        username=values.get("username", ""),
        groups=given,
        by=by,
    )
    _keep_staff(person, added=given, removed=(), by=by)
    return person


def add_pasted(people: Iterable[PastedPerson], *, by: User) -> tuple[list[Told], list[PastedPerson], list[User]]:
    """Add each that can be, one by one; what became of each, those that could not be, and who is new."""
    require(by, "manage_people")
    offered = {group.name: group.pk for group in groups_offered_to(by)}
    told: list[Told] = []
    left: list[PastedPerson] = []
    new: list[User] = []
    for one in people:
        group = ROLE_GROUPS.get(one.role)
        problem = one.problem
        if not problem and group and group not in offered:
            problem = ONLY_SUPERUSERS
        if not problem:
            try:
                values = {"name": one.name, "email": one.email}
                person = make_person(values=values, groups=[offered[group]] if group else [], by=by)
            except ValidationError as error:
                problem = " ".join(error.messages)
            else:
                new.append(person)
                told.append(Told(str(person), f"added with the user name {person.username}", is_done=True))
                continue
        left.append(one._replace(problem=problem))
        told.append(Told(one.text, problem, is_done=False))
    return told, left, new


def invite_many(people: Iterable[User], *, by: User) -> list[Told]:
    """Invite people, each in a transaction of its own; what became of each."""
    require(by, "manage_people")
    told: list[Told] = []
    for person in people:
        if not may_touch(by, person):
            told.append(Told(str(person), "You may not change this account.", is_done=False))
            continue
        try:
            link = invite(person=person, by=by)
        except ValidationError as error:
            told.append(Told(str(person), " ".join(error.messages), is_done=False))
        else:
            words = "No e-mail reaches them: hand over this link." if link else f"Invited by e-mail to {person.email}."
            told.append(Told(str(person), words, is_done=True, link=link))
    return told


# Leaving


def rows_of(person: User) -> list[tuple[Duty, list[Any]]]:
    """What the person does, by kind; one query each."""
    found = ((duty, list(duty.rows(person))) for duty in DUTIES)
    return [(duty, rows) for duty, rows in found if rows]


def hindrance(person: User, by: User) -> str:
    """Why a person can't be made to leave, or "": themselves, the last of a group, the last superuser."""
    if person.pk == by.pk:
        return NOT_YOURSELF
    for name in left_empty_by(person):
        return f"{person} is the only active member of “{name}”. Put somebody else into it first."
    is_last = person.is_superuser and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
    return f"{person} is the last superuser. Make another first." if is_last else ""


@transaction.atomic
def leave(*, person: User, successor_of: Callable[[str, int], User | None], by: User) -> list[str]:
    """Hand over all that somebody does, close their account and end their sessions; says what they did. Somebody may
    have left before, and left something behind.

    `successor_of` is asked by the kind of duty and the row's key. Raises ValidationError, with a message by field,
    where anything would be left with nobody, and where the person can't be spared.
    """
    require_to_touch(by, person)
    # One leaves at a time, so that two can't leave to one another.
    list(User.objects.select_for_update().filter(is_active=True).order_by("pk").values_list("pk"))
    person = User.objects.get(pk=person.pk)
    if problem := hindrance(person, by):
        raise ValidationError(problem)
    successors: dict[tuple[str, int], User] = {}
    missing: dict[str, str] = {}
    for duty, rows in rows_of(person):
        for row in rows:
            to = successor_of(duty.key, row.pk)
            if to is None or to.pk == person.pk or not to.is_active:
                missing[f"{duty.key}-{row.pk}"] = f"{duty.name(row)}: choose who takes over."
            else:
                successors[duty.key, row.pk] = to
    if missing:
        raise ValidationError(missing)
    told = hand_on_each(person=person, successor_of=lambda duty, row: successors[duty.key, row.pk], by=by)
    _end_standing_in(person, by)
    if person.is_active:
        person.is_active = False
        person._history_user, person._change_reason = by, "Left"  # type: ignore[attr-defined]
        person.save(update_fields=["is_active"])
    end_all(person, by=by)
    return told


def _end_standing_in(person: User, by: User) -> None:
    """Where nobody could take it over, because that is whom they stood in for: it ends today, or never begins."""
    today = today_in_britain()
    for row in Deputy.objects.filter(deputy=person).exclude(ends_on__lt=today):
        row._history_user, row._change_reason = by, f"{person} left"  # type: ignore[attr-defined]
        if row.starts_on > today:
            row.delete()
        else:
            row.ends_on = today
            row.save()
