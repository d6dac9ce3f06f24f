"""What stands at a line, what somebody saw of it, and where that clashes with what they entered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from simple_history.utils import get_history_manager_for_model

from commentary.models import Commentary
from commentary.sign_off import plain_text
from indicators.models import MonthlyValue, Seen, seen

VALUE_FIELDS = ("figure", "numerator", "denominator", "blank", "stage", "note")
# The parts of a line that are changed apart.
FIGURE, TEXT = "figure", "text"
SOMEBODY = "Somebody"


class Amount(NamedTuple):
    """What was entered for a month: a figure, its two parts, or why there is none; nothing at all is empty."""

    figure: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    blank: str = ""
    stage: str = "final"
    note: str = ""

    @property
    def is_empty(self) -> bool:
        return self.figure is None and self.numerator is None and not self.blank


NOTHING = Amount()


class Conflict(NamedTuple):
    """Somebody else's version of a line, saved after this one was opened; nothing of the line was written.

    `amount` and `text` are theirs, None where the two do not clash. The versions are what an editor
    has seen who was shown this.
    """

    who: str
    when: datetime | None
    amount: Amount | None
    text: str | None
    value_now: Seen
    text_now: Seen


def amount_of(value: Any) -> Amount:
    """What is stored, or a version of it in the history, as it would be entered."""
    if value is None:
        return NOTHING
    entered = Amount(**{name: getattr(value, name) for name in VALUE_FIELDS})
    return entered._replace(note=plain_text(entered.note))


def text_of(commentary: Any) -> str:
    """The commentary that is stored, or a version of it in the history."""
    return "" if commentary is None else plain_text(commentary.text)


def versions_seen(model: type[Any], saw: Mapping[int, Seen], stored: Mapping[int, Any]) -> dict[int, Any]:
    """By line, the version that somebody saw of what has changed since, from the history; in one query."""
    outdated = {key: one for key, one in saw.items() if one.key and one != seen(stored.get(key))}
    if not outdated:
        return {}
    history = get_history_manager_for_model(model).filter(id__in={one.key for one in outdated.values()})
    records = {Seen(record.id, record.version): record for record in history}
    return {key: records.get(one) for key, one in outdated.items()}


def conflicts_of(
    clashes: Mapping[int, Collection[str]],
    month: date,
    values: Mapping[int, MonthlyValue],
    texts: Mapping[int, Commentary],
) -> dict[int, Conflict]:
    """The stored versions of lines, where they clash with what somebody entered. `clashes` has the parts by line."""
    figures = _latest_changes(MonthlyValue, [key for key, parts in clashes.items() if FIGURE in parts], month)
    words = _latest_changes(Commentary, [key for key, parts in clashes.items() if FIGURE not in parts], month)
    found = {}
    for key, parts in clashes.items():
        value, text = values.get(key), texts.get(key)
        who, when = (figures | words).get(key, (SOMEBODY, None))
        theirs = amount_of(value) if FIGURE in parts else None, text_of(text) if TEXT in parts else None
        found[key] = Conflict(who, when, *theirs, value_now=seen(value), text_now=seen(text))
    return found


def _latest_changes(model: type[Any], keys: Collection[int], month: date) -> dict[int, tuple[str, datetime]]:
    """By line, who made the latest change to its figure or commentary, and when."""
    if not keys:
        return {}
    records = model.history.filter(indicator_id__in=keys, month=month).select_related("history_user")
    return {
        record.indicator_id: (str(record.history_user or SOMEBODY), record.history_date)
        for record in records.order_by("history_date", "history_id")
    }
