"""Taking out what is kept of a person who asks for it, so that the history still tells one from another.

The account stays under a pseudonym and is closed for good: `indicators/triggers.py` keeps it so (docs/adr, number 67).
What people wrote in their own words, and what was published, is listed and not touched: that is for people to judge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Q

from indicators.calculations.formatting import counted
from indicators.leaving import duties_of
from indicators.models import Deputy, SecurityEvent, SecurityEventKind, User
from indicators.security_log import record
from scorecard.models import PublishedDocument, PublishedFile, Reminder, WithheldKind
from scorecard.publication.withholding import Wanted, find, others_who_decide
from scorecard.roles import PERFORMANCE_OFFICERS

REASON = "Forgotten at their own request"
# Of the rows that would go with an account these stay: who could act for whom, and who changed what, by keys alone.
STAYS = (Deputy, LogEntry)
SIGN_INS = (AccessAttempt, AccessLog, AccessFailureLog)
# Tables whose texts are not searched for names, each with the reason. Of what is deleted or renamed, nothing is left.
NOT_SEARCHED: dict[type[models.Model] | str, str] = {
    PublishedDocument: "published, and looked through as readers have it",
    PublishedFile: "made of the document, and made anew when something is taken back",
    "scorecard.resetrequest": "has a fingerprint for a minute",
    "scorecard.slug": "part of an address",
    "scorecard.erasure": "checksums",
    "scorecard.tombstone": "checksums and figures",
    "account.emailconfirmation": "a key, which goes with the address",
    "socialaccount.socialapp": "settings",
    "socialaccount.socialtoken": "goes with the account at the provider",
    "auth.permission": "words of the program",
    "contenttypes.contenttype": "words of the program",
    "sessions.session": "sealed; the person's own are ended",
}
MOST_NAMED = 5


class CannotForgetError(Exception):
    """The person still does something, or is needed; `args` has a sentence for each."""


@dataclass
class Account:
    """What was done about a person, and what was left for others to do, a sentence for each."""

    pseudonym: str
    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def note(self, what: str, number: int) -> None:
        if number:
            self.done.append(f"{what}: {number}")


def pseudonym_of(person: User) -> tuple[str, str]:
    """The name and the user name that stay. Nobody chooses the key, so that they say nothing about the person."""
    return f"Former user {person.pk}", f"former-user-{person.pk}"


def forget(*, key: int, by: User | None) -> Account:
    """Take out of everything what is kept of a person; in one transaction, and safe to repeat.

    `by` decided it, None for the operator. Raises CannotForgetError, and changes nothing, while the person has
    something to do, is the last who decides, or somebody else has their pseudonym.
    """
    with transaction.atomic():
        # Nobody can give them a task meanwhile: a new reference to a locked row waits.
        person = User.objects.select_for_update().get(pk=key)
        if reasons := hindrances(person, by):
            raise CannotForgetError(*reasons)
        name, _ = pseudonym_of(person)
        told = Account(name)
        names = _names_of(person)
        told.left += _published(names)
        _end_sessions(person, told)
        _delete_what_goes_with_the_account(person, names, told)
        _close(person, by, told)
        _rename_in_history(person, told)
        _rename_in_records(person, names, told)
        told.left += _named_in_texts(names)
        record(
            SecurityEventKind.FORGOTTEN,
            person=person,
            by=by,
            detail=f"{counted(len(told.done), 'kind of data', 'kinds of data')} taken out",
        )
    return told


def hindrances(person: User, by: User | None = None) -> list[str]:
    """Why the person can't be forgotten yet, a sentence for each; empty where nothing stands against it."""
    _, username = pseudonym_of(person)
    found = [f"{person} {duty}. Hand it over first." for duty in duties_of(person)]
    decides = person.is_superuser or person.groups.filter(name=PERFORMANCE_OFFICERS).exists()
    if decides and person.is_active and not others_who_decide(person).exists():
        found.append(f"{person} is the last performance officer. Put another in place first.")
    elif person.is_superuser and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk):
        found.append(f"{person} is the last superuser. Make another first.")
    if by is not None and by.pk == person.pk:
        found.append("Nobody decides it for themselves: name another with --by.")
    if User.objects.named(username).exclude(pk=person.pk).exists():
        found.append(f"Somebody else has the user name {username}: give them another first.")
    return found


def _names_of(person: User) -> list[str]:
    """Names, user names and addresses that the account has or had, the longest first; none that is its pseudonym."""
    rows = [person, *person.history.all()]
    found = {text for row in rows for text in (row.name, row.username, row.email) if len(text) > 1}
    return sorted(found - set(pseudonym_of(person)), key=len, reverse=True)


def _published(names: Iterable[str]) -> Iterator[str]:
    """Which publications print a name and haven't had it taken back."""
    for name in names:
        spots = {spot for finding in find(Wanted(WithheldKind.TEXT, words=name)) for spot in finding.spots}
        for spot in sorted(spots, key=lambda one: (one.report, one.audience)):
            yield f"{spot.report}, for {spot.audience}, prints “{name}”. Take it back on the page of the publication."


def _end_sessions(person: User, told: Account) -> None:
    keys = [one.pk for one in Session.objects.iterator() if one.get_decoded().get(SESSION_KEY) == str(person.pk)]
    told.note("Sessions ended", Session.objects.filter(pk__in=keys).delete()[0])


def _delete_what_goes_with_the_account(person: User, names: Iterable[str], told: Account) -> None:
    """What would be deleted with the account: second factors, accounts elsewhere, devices, addresses, files, visits."""
    for relation in User._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        if (
            getattr(relation, "on_delete", None) is models.CASCADE
            and model not in STAYS
            and not model._meta.auto_created
        ):
            rows = model._base_manager.filter(**{relation.field.name: person})  # type: ignore[union-attr]
            told.note(f"{str(model._meta.verbose_name_plural).capitalize()} deleted", rows.delete()[0])
    tried = Q(pk__in=[])
    for name in names:
        tried |= Q(username__iexact=name)
    for attempts in SIGN_INS:
        told.note(
            f"{attempts._meta.verbose_name_plural} deleted".capitalize(), attempts.objects.filter(tried).delete()[0]
        )


def _close(person: User, by: User | None, told: Account) -> None:
    name, username = pseudonym_of(person)
    if (person.username, person.name, person.email, person.is_active) == (username, name, "", False):
        return
    person.groups.clear()
    person.user_permissions.clear()
    person.name, person.username, person.email, person.job_title = name, username, "", ""
    person.is_active = person.is_staff = person.is_superuser = False
    person.last_login = None
    person.set_unusable_password()
    person._history_user, person._change_reason = by, REASON  # type: ignore[attr-defined]
    person.save()
    told.done.append("The account: name, job title, user name, e-mail address, password, rights; closed for good")


def _rename_in_history(person: User, told: Account) -> None:
    """Earlier versions of the account, and addresses to which reminders went."""
    name, username = pseudonym_of(person)
    kept: dict[str, Any] = {"name": name, "username": username, "email": "", "job_title": ""}
    told.note("Earlier versions of the account", person.history.exclude(**kept).update(**kept))
    for table in (Reminder.objects, Reminder.history):
        sent = table.filter(person_id=person.pk).exclude(address="")
        told.note(
            f"{str(table.model._meta.verbose_name_plural).capitalize()} without their address", sent.update(address="")
        )


def _rename_in_records(person: User, names: list[str], told: Account) -> None:
    """Texts that the program wrote with a name in them: reasons in histories, and Django's list of recent actions.

    A name that others have as well, or of one word that may be any, stays where it can't be told whom it means.
    """
    own = Q(content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk))
    entries = LogEntry.objects.filter(own).exclude(object_repr__in=pseudonym_of(person))
    number = entries.update(object_repr=pseudonym_of(person)[0])
    others = set(User.objects.exclude(pk=person.pk).filter(name__in=names).values_list("name", flat=True))
    sure = [name for name in names if name not in others]
    if sure:
        histories = [model for model in apps.get_models() if hasattr(model, "history_change_reason")]
        columns = [(LogEntry, "object_repr"), (LogEntry, "change_message")]
        for model, column in [*columns, *((history, "history_change_reason") for history in histories)]:
            number += _rename(model, column, sure, pseudonym_of(person)[0])
    told.note("Reasons in the history and entries of recent actions under the pseudonym", number)


def _rename(model: Any, column: str, names: list[str], pseudonym: str) -> int:
    number = 0
    is_of_people = Q(content_type__in=ContentType.objects.get_for_models(User, Deputy, Reminder).values())
    for key, text in _rows_with(model, column, names):
        certain = "Handed on" in text or (model is LogEntry and LogEntry.objects.filter(is_of_people, pk=key).exists())
        meant = [name for name in names if certain or re.search(r"[\s@]", name)]
        new = _pattern(meant).sub(pseudonym, text) if meant else text
        if new != text:
            number += model._base_manager.filter(pk=key).update(**{column: new})
    return number


def _named_in_texts(names: list[str]) -> Iterator[str]:
    """Where people, or earlier versions of what they wrote, name the person in their own words."""
    for model, columns in searched_columns():
        rows = {key for column in columns for key, _ in _rows_with(model, column, names)}
        if not rows:
            continue
        some = ", ".join(str(one) for one in model._base_manager.filter(pk__in=sorted(rows)[:MOST_NAMED]))
        kind = str(model._meta.verbose_name).capitalize()
        more = f" and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
        until = ", until it has been kept for its time" if model is SecurityEvent else ""
        yield f"{kind}, in words of people{until}: {some}{more}"


def searched_columns() -> Iterator[tuple[Any, list[str]]]:
    """Every table with columns that can hold a name, but for those of NOT_SEARCHED."""
    for model in apps.get_models():
        if model in NOT_SEARCHED or model._meta.label_lower in NOT_SEARCHED:
            continue
        columns = [
            one.name
            for one in model._meta.concrete_fields
            if isinstance(one, models.CharField | models.TextField | models.JSONField) and not one.choices
        ]
        if columns:
            yield model, columns


def _rows_with(model: Any, column: str, names: Iterable[str]) -> Iterator[tuple[Any, str]]:
    likely = Q(pk__in=[])
    for name in names:
        for form in _forms(name):
            likely |= Q(**{f"{column}__icontains": form})
    pattern = _pattern(names)
    for key, text in model._base_manager.filter(likely).order_by("pk").values_list("pk", column):
        if pattern.search(str(text)):
            yield key, str(text)


def _forms(name: str) -> set[str]:
    """The name with either apostrophe, and as JSON writes it."""
    forms = {name, name.replace("’", "'"), name.replace("'", "’")}
    return forms | {json.dumps(form)[1:-1] for form in forms}


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Any of the names as a whole word, however its letters are typed."""
    forms = sorted({form for name in names for form in _forms(name)}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)", re.IGNORECASE)
