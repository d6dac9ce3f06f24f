"""Undo this import: taking away all that a file brought, as long as nothing was built on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel

from indicators.calculations.formatting import counted, plural_of
from indicators.models import ChangedMeanwhileError, SecurityEventKind, User, delete_all, save_all
from indicators.models.audited import REFUSED
from indicators.security_log import record
from scorecard.models import DraftState, Edition, Scorecard, Slug, SpreadsheetDraft

from .checking import words_for
from .create import locked_draft

AT_ONCE = 500
MOST_NAMED = 5
# Kept for the program alone: nobody builds anything with it.
BESIDE = (Slug, SpreadsheetDraft)


class StandsOnIt(NamedTuple):
    """Why an import can't be undone: a sentence, and what of."""

    sentence: str
    named: Sequence[str] = ()


class KeptError(Exception):
    """Nothing was undone, because of what was built on the import."""

    def __init__(self, reasons: Sequence[StandsOnIt]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reason.sentence for reason in reasons))


def what_stands_on(draft: SpreadsheetDraft) -> list[StandsOnIt]:
    """All that keeps an import from being undone; empty where it can be. A fixed number of queries for each kind."""
    made = _made(draft)
    return [*_of_rows(draft, made), *_of_scorecard(draft, made), *_beside(made)]


def undo(draft: SpreadsheetDraft, *, version: int, by: User) -> SpreadsheetDraft:
    """Delete what the file brought and bring back what it changed, in one transaction; the history keeps all of it.

    Raises ChangedMeanwhileError where the draft is not as it was seen, and KeptError with what was built on it.
    """
    reason = f"Undone: what {draft.file_name} had brought over"
    try:
        with transaction.atomic():
            current = locked_draft(draft, version, by)
            if current.state != DraftState.CREATED:
                raise ChangedMeanwhileError(current)
            made = _made(current)
            if reasons := what_stands_on(current):
                raise KeptError(reasons)
            _bring_back(current, by, reason)
            was_for = current.scorecard
            is_new = Scorecard in made
            current.state = DraftState.UNDONE
            current.scorecard = None if is_new else was_for
            current._change_reason = "Undone"  # type: ignore[attr-defined]
            current.save()
            for model, rows in reversed(made.items()):
                if model is Scorecard:
                    Slug.objects.filter(scorecard__in=rows).delete()
                delete_all(rows, by=by, reason=reason)
            record(SecurityEventKind.IMPORTED, by=by, about=str(was_for or ""), detail=f"undone: {current.file_name}")
    except REFUSED as error:
        if isinstance(error, ChangedMeanwhileError) and isinstance(error.instance, SpreadsheetDraft):
            raise
        raise KeptError([StandsOnIt("Something was built on it a moment ago. Look again.")]) from error
    return current


def _made(draft: SpreadsheetDraft) -> dict[type[models.Model], list[Any]]:
    """The rows that the import made and that are still there, kind by kind in the order in which they were saved."""
    found: dict[type[models.Model], list[Any]] = {}
    for label, keys in (draft.receipt or {}).get("made", []):
        model: Any = apps.get_model(label)
        names = {field.name for field in model._meta.fields if field.is_relation}
        beside = [name for name in ("indicator", "section", "source", "group") if name in names]
        rows: list[Any] = []
        for start in range(0, len(keys), AT_ONCE):
            some = model._base_manager.filter(pk__in=keys[start : start + AT_ONCE]).order_by("pk")
            rows += some.select_related(*beside) if beside else some
        if rows:
            found[model] = rows
    return found


def _of_rows(draft: SpreadsheetDraft, made: dict[type[models.Model], list[Any]]) -> Iterator[StandsOnIt]:
    """Rows that were changed or deleted since."""
    receipt = draft.receipt or {}
    for label, keys in receipt.get("made", []):
        model: Any = apps.get_model(label)
        rows = made.get(model, [])
        changed = [] if model is User else [row for row in rows if row.version != 1]
        name = str(model._meta.verbose_name)
        if changed:
            yield StandsOnIt(f"{_many(len(changed), name)} changed since", _named(changed))
        if len(rows) < len(keys):
            yield StandsOnIt(f"{_many(len(keys) - len(rows), name)} deleted since")
    for label, entries in receipt.get("changed", []):
        model = apps.get_model(label)
        versions = {key: version for key, version, _ in entries}
        now = dict(model._base_manager.filter(pk__in=list(versions)).values_list("pk", "version"))
        other = sum(1 for key, version in versions.items() if now.get(key) != version)
        if other:
            yield StandsOnIt(f"{_many(other, str(model._meta.verbose_name))} that it changed changed again since")
    signed_in = [person for person in made.get(User, []) if person.last_login is not None]
    if signed_in:
        count = counted(len(signed_in), "person has", "people have")
        yield StandsOnIt(f"{count} signed in with the accounts that it made", _named(signed_in))


def _of_scorecard(draft: SpreadsheetDraft, made: dict[type[models.Model], list[Any]]) -> Iterator[StandsOnIt]:
    """Editions that were opened or published of its scorecard; of one that was there, those with its new figures."""
    scorecard = draft.scorecard
    if scorecard is None:
        return
    editions = Edition.objects.filter(scorecard=scorecard)
    if Scorecard not in made:
        # Those that were opened or published before say nothing about what this file brought to other months.
        since = (draft.receipt or {}).get("at", "")
        editions = editions.filter(publications__published_at__gte=since) if since else editions
    found = list(editions.distinct().order_by("month"))
    if found:
        names = [f"{edition.month:%B %Y}, {edition.get_state_display().lower()}" for edition in found]
        yield StandsOnIt(f"{_many(len(found), 'edition')} opened or published", names[:MOST_NAMED])


def _beside(made: dict[type[models.Model], list[Any]]) -> Iterator[StandsOnIt]:
    """Rows that were not made by the import and point at what was."""
    ours = {model: {row.pk for row in rows} for model, rows in made.items()}
    others: dict[type[models.Model], set[Any]] = defaultdict(set)
    for model, rows in made.items():
        for relation in model._meta.get_fields(include_hidden=True):
            if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
                continue
            other: Any = relation.related_model
            if other in BESIDE or relation.on_delete is models.DO_NOTHING:
                continue
            pointed_at = [getattr(row, relation.field.target_field.attname) for row in rows]
            for start in range(0, len(rows), AT_ONCE):
                wanted = {f"{relation.field.name}__in": pointed_at[start : start + AT_ONCE]}
                found = other._base_manager.filter(**wanted).order_by().values_list("pk", flat=True)
                others[other].update(set(found) - ours.get(other, set()))
    for model, keys in others.items():
        if keys:
            named = list(model._base_manager.filter(pk__in=sorted(keys)[:MOST_NAMED]))
            words = _many(len(keys), str(model._meta.verbose_name))
            yield StandsOnIt(f"{words} added to what it brought", _named(named, len(keys)))


def _bring_back(draft: SpreadsheetDraft, by: User, reason: str) -> None:
    """Put what the import changed back as it was."""
    for label, entries in (draft.receipt or {}).get("changed", []):
        model: Any = apps.get_model(label)
        stored = model._base_manager.in_bulk([key for key, _, _ in entries])
        names: list[str] = []
        for key, _, before in entries:
            names = list(before)
            for name, value in before.items():
                setattr(stored[key], name, model._meta.get_field(name).to_python(value))
        save_all([stored[key] for key, _, _ in entries], names, by=by, reason=reason)


def _many(number: int, words: str) -> str:
    return counted(number, f"{words} was", f"of its {plural_of(words)} were")


def _named(rows: Sequence[Any], number: int = 0) -> list[str]:
    named = [words_for(row) for row in rows[:MOST_NAMED]]
    more = (number or len(rows)) - len(named)
    return [*named, f"and {more} more"] if more > 0 else named
