"""Bringing a file over as an officer decided, into an empty installation or among the data of one (ADR 78)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from indicators.models import ComparatorGroup, Indicator, PopulationGroup, User, save_all
from scorecard.models import Scorecard

from .clashes import AS_SUGGESTED, BROUGHT_OVER, NAMED, Arriving, Choices
from .contents import Model, MoveError, frozen
from .importing import Arrival, Outcome, all_or_nothing, told
from .reading import MovedFile

CHANGED_MEANWHILE = "What stands here has changed since you looked at the file. Nothing was brought over; look again."
# What can be another here than it was there.
FIELDS: dict[Model, tuple[str, ...]] = {
    Scorecard: ("slug", "title", "position", "numbers_from"),
    Indicator: ("reference",),
    PopulationGroup: ("name",),
    ComparatorGroup: ("name", "short_name", "code", "kind"),
    User: ("username", "is_staff"),
}


def bring_over(
    file: MovedFile,
    choices: Choices = AS_SUGGESTED,
    *,
    by: User | None,
    shown: str = "",
    is_trial: bool = False,
) -> Outcome:
    """Bring everything over, as the choices say where there are data already; `by` is None for the operator.

    `shown` is the fingerprint of what the officer was shown: where it is something else by now, nothing is done. As a
    trial everything is taken back. Raises MoveError, and writes nothing, where the file can't be taken.
    """
    with all_or_nothing():
        arriving = Arriving(file, choices)
        if shown and shown != arriving.fingerprint:
            raise MoveError(CHANGED_MEANWHILE)
        if arriving.problems:
            raise MoveError(" ".join(arriving.problems))
        arrival = Arrival(file, arriving.rows, fit=arriving.fit if arriving.is_merge else None)
        if not arriving.is_merge:
            arrival.make_room()
        arrival.write(is_trial=is_trial)
        if arriving.is_merge:
            _give_roles(arriving, arrival)
            _note_changes(arriving, arrival, by)
        outcome = told(file, arrival.counts, by=by, source=arriving.source)
        if is_trial:
            transaction.set_rollback(True)
    return outcome


def _give_roles(arriving: Arriving, arrival: Arrival) -> None:
    """One by one, so that the security log has each."""
    for newcomer in arriving.newcomers:
        if newcomer.username in arriving.choices.roles:
            person = User.objects.get(pk=arrival.numbers[User][(newcomer.username,)])
            person.groups.add(*Group.objects.filter(name__in=newcomer.roles))


def _note_changes(arriving: Arriving, arrival: Arrival, by: User | None) -> None:
    """In the history of whatever is not as it was there: what it is here, and whence it came."""
    for model, fields in FIELDS.items():
        names = [name for of, name in NAMED if of is model]
        reasons: dict[int, str] = {}
        for key, record in arriving.keyed(model):
            changes = arriving.changes[model].get(key, {})
            differing = [name for name in fields if name in changes and changes[name] != record.get(name)]
            if not differing and (model is not Scorecard or key in arriving.here[model]):
                continue
            was = next((record[name] for name in names if name in differing), "")
            reason = f"{BROUGHT_OVER} {arriving.source}" + (f", where it was {was}" if was else "")
            reasons[arrival.numbers[model][frozen(key)]] = reason
        rows: list[Any] = list(model._base_manager.filter(pk__in=reasons).order_by("pk"))
        for row in rows:
            row._change_reason = reasons[row.pk]
        if rows:
            save_all(rows, fields, by=by)
