"""Changes to many rows at once, and those that need the row as it is now; the history says who made each, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from indicators.calculations.formatting import counted

from .calculations.cautions import Caution
from .calculations.exact import Exact, decimals_of, exact, rounded
from .calculations.formatting import MOST_DECIMALS_STORED
from .calculations.months import financial_year, year_text
from .calculations.vocabulary import Shape, Unit
from .models import (
    TARGET_NUMBERS,
    TARGET_WORDS,
    ChangedMeanwhileError,
    Comparator,
    Indicator,
    NationalComparator,
    PeerFigure,
    SecurityEventKind,
    Target,
    User,
    save_all,
)
from .models.indicator import council_year_starts
from .open_data_changes import COMPARATOR_FIELDS, NATIONAL_FIELDS, PEER_FIELDS, OpenDataChanges
from .reasons import asked_of, in_history
from .security_log import record

# What has more whole digits can't be kept.
LARGEST_STORED = 10**12


@transaction.atomic
def change_people(
    *, seen: Mapping[int, int], owner: User | None, reporter: User | None, by: User, reason: str
) -> list[Indicator]:
    """Give indicators another owner, reporter or both; None leaves one as it is. Returns those that changed.

    `seen` has the version of each indicator that the person saw. Raises ChangedMeanwhileError, and
    changes nothing, when one of them has another version by now.
    """
    if not by.has_perm("indicators.change_indicator"):
        raise PermissionDenied
    changed = []
    for indicator in Indicator.objects.select_for_update().filter(pk__in=seen).order_by("pk"):
        if indicator.version != seen[indicator.pk]:
            raise ChangedMeanwhileError(indicator)
        before = indicator.owner_id, indicator.reporter_id
        indicator.owner_id = indicator.owner_id if owner is None else owner.pk
        indicator.reporter_id = indicator.reporter_id if reporter is None else reporter.pk
        if (indicator.owner_id, indicator.reporter_id) != before:
            changed.append(indicator)
    save_all(changed, ["owner", "reporter"], by=by, reason=reason)
    for role, person in (("owner", owner), ("reporter", reporter)):
        if person is not None and changed:
            named = ", ".join(indicator.reference for indicator in changed)
            record(SecurityEventKind.ROLES_CHANGED, person=person, by=by, detail=f"{role} of {named}")
    return changed


@transaction.atomic
def set_own_password(*, person: User, password: str, reason: str) -> User:
    """A new password that the person chose; nothing else of the row, which others may have changed meanwhile.

    Returns the row as it is now. The history names the person, even if they weren't signed in.
    """
    row = User.objects.select_for_update().get(pk=person.pk)
    row.set_password(password)
    row._history_user, row._change_reason = row, reason  # type: ignore[attr-defined]
    row.save(update_fields=["password"])
    return row


class PlannedTarget(NamedTuple):
    """A target, what becomes of its figures and, when it isn't copied to the next year, why not.

    `asked` is what there is to ask before it is.
    """

    target: Target
    obstacle: str
    value: Decimal | None
    upper: Decimal | None
    asked: Sequence[Caution] = ()

    @property
    def is_copied(self) -> bool:
        return not self.obstacle

    @property
    def copy(self) -> Target:
        """The new target, not saved yet."""
        kept = {name: getattr(self.target, name) for name in (*TARGET_NUMBERS, *TARGET_WORDS)}
        new = kept | {"value": self.value, "upper": self.upper, "is_tbc": self.target.is_tbc}
        return Target(indicator=self.target.indicator, year=self.target.year + 1, **new)


def plan_targets(*, year: int, indicators: Collection[int] | None = None, percent: Exact = 0) -> list[PlannedTarget]:
    """What copying a financial year's targets to the next would do, for all indicators when None are named.

    `percent` is by how much their figures change, 5 for five per cent more; what comes of it has as many decimals as
    the indicator displays, or as the target had.
    """
    following = set(Target.objects.filter(year=year + 1).values_list("indicator_id", flat=True))
    targets = Target.objects.filter(year=year).select_related("indicator").order_by("indicator__reference")
    if indicators is not None:
        targets = targets.filter(indicator__in=indicators)
    planned = []
    for target in targets:
        ends, starts = target.indicator.active_to, target.indicator.year_starts
        if target.indicator_id in following:
            obstacle = f"It has a target for {year_text(year + 1, starts)}."
        elif ends is not None and financial_year(ends, starts) <= year:
            obstacle = f"It is reported until {ends:%B %Y}."
        else:
            obstacle = _no_change_of(target) if percent else ""
        figures = [_changed(number, target.indicator, percent) for number in (target.value, target.upper)]
        if not obstacle and percent:
            obstacle = _beyond(figures, target.indicator)
        planned.append(PlannedTarget(target, obstacle, figures[0], figures[1]))
    asked = asked_of([(None, plan.copy if plan.is_copied else None) for plan in planned])
    return [plan._replace(asked=asked.get(place, ())) for place, plan in enumerate(planned)]


def _no_change_of(target: Target) -> str:
    return "It is reached by steps: type those of the next year." if target.shape == Shape.TYPED else ""


def _changed(number: Decimal | None, indicator: Indicator, percent: Exact) -> Decimal | None:
    if number is None or not percent:
        return number
    places = max(indicator.decimal_places, decimals_of(exact(number), MOST_DECIMALS_STORED))
    return rounded(exact(number) * Fraction(100 + percent, 100), places)


def _beyond(figures: Sequence[Decimal | None], indicator: Indicator) -> str:
    """Why changed figures are none that the indicator can reach, or be kept; "" where they are."""
    known = [figure for figure in figures if figure is not None]
    if indicator.unit == Unit.PERCENTAGE and not indicator.allows_over_100 and any(one > 100 for one in known):
        return "It would be more than 100%."
    if any(abs(one) >= LARGEST_STORED for one in known):
        return "It would be too large."
    return "The lower figure would no longer be below the upper." if len(known) > 1 and known[0] >= known[1] else ""


@transaction.atomic
def copy_targets_forward(
    *, year: int, indicators: Collection[int] | None = None, percent: Exact = 0, reason: str = "", by: User
) -> list[Target]:
    """Copy a financial year's targets to the next, where there is none yet, their figures changed by a percentage.
    Returns the new ones.

    What it asks, "to be confirmed" and tolerance are copied; the note is not, since it says how that year's
    target came about. An indicator that has ended by then gets none. Nothing existing is touched. Raises
    ValidationError for `reason` where something is asked about one of them and there is none.
    """
    if not by.has_perm("indicators.add_target"):
        raise PermissionDenied
    # Two people who do this at once wait for one another here.
    list(Indicator.objects.select_for_update().filter(targets__year=year).order_by("pk").values_list("pk"))
    planned = [plan for plan in plan_targets(year=year, indicators=indicators, percent=percent) if plan.is_copied]
    asked = [f"{plan.target.indicator.reference}: {one.message}" for plan in planned for one in plan.asked]
    if asked and not reason:
        raise ValidationError({"reason": [*asked, "Say why these are right."]})
    new = [plan.copy for plan in planned]
    copied = f"Copied from {year_text(year, council_year_starts())}"
    for plan, target in zip(planned, new, strict=True):
        target._change_reason = "\n".join([copied, *in_history(plan.asked, reason)])  # type: ignore[attr-defined]
    save_all(new, by=by)
    return new


IMPORTS_OPEN_DATA = tuple(
    f"indicators.{may}_{what}" for what in ("comparator", "peerfigure") for may in ("add", "change")
)


@transaction.atomic
def save_open_data(*, changes: OpenDataChanges, reason: str = "", by: User) -> None:
    """Save what an import of open data changes: all of it or, when somebody else was quicker, nothing.

    Each row goes into the history with its own reason, which names the file and the year. Raises ChangedMeanwhileError
    when a row has another version than the one that `changes` was compared with, ValidationError where something is
    asked about one of them and there is no `reason`.
    """
    if not by.has_perms(IMPORTS_OPEN_DATA):
        raise PermissionDenied
    asked = changes.asked
    if asked and not reason:
        raise ValidationError({"reason": [f"{change.row}: {caution.message}" for change, caution in asked]})
    for change, caution in asked:
        row: Any = change.row
        row._change_reason = "\n".join([row._change_reason, *in_history([caution], reason)])
    for model, fields in ((Comparator, COMPARATOR_FIELDS), (NationalComparator, NATIONAL_FIELDS)):
        rows = [change.row for change in changes.comparators if isinstance(change.row, model)]
        _require_as_read(model, rows)
        save_all(rows, fields, by=by)
    _require_as_read(PeerFigure, changes.peers)
    # The council itself comes last: where it is another authority than before, there are never two of them.
    save_all([row for row in changes.peers if not row.is_own], PEER_FIELDS, by=by)
    save_all([row for row in changes.peers if row.is_own], PEER_FIELDS, by=by)
    comparators, peers = counted(len(changes.comparators), "comparator"), counted(len(changes.peers), "figure")
    record(SecurityEventKind.IMPORTED, by=by, about="open data", detail=f"{comparators}, {peers} of authorities")


def _require_as_read(model: Any, rows: Sequence[Any]) -> None:
    """Lock the stored rows until the transaction ends, and refuse when one has changed since it was read."""
    read = {row.pk: row for row in rows if row.pk is not None}
    stored = dict(model.objects.select_for_update().filter(pk__in=read).order_by("pk").values_list("pk", "version"))
    for pk, row in read.items():
        if stored.get(pk) != row.version:
            raise ChangedMeanwhileError(row)
