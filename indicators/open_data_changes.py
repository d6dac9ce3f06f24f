"""What an import of open data would change: its findings beside what is stored.

Only reads. `indicators.actions.save_open_data` saves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models.functions import Lower

from indicators.calculations.cautions import Caution
from indicators.calculations.exact import exact, rounded
from indicators.calculations.formatting import format_number
from indicators.calculations.months import financial_year_text
from indicators.calculations.vocabulary import (
    OPEN_DATA_GROUPS,
    Blank,
    ComparatorPeriod,
    GroupKind,
    OnBasis,
    Scope,
    Unit,
)
from indicators.models import Comparator, ComparatorGroup, Indicator, NationalComparator, PeerFigure
from indicators.moments import day_in_words
from indicators.open_data import ComparatorFigure, ComparatorMapping, Findings, OpenDataError
from indicators.open_data.differences import Difference, Pair, differences
from indicators.reasons import asked_of

# Begins the reason of every imported row in the history, which tells an import from a person's edit.
_IMPORTED = "Comparators from open data"
STORED_DECIMALS = 6
NATIONAL_FIELDS = ("value", "source", "basis", "on_basis", "note", "next_update")
# Whose basis a mapping knows has nothing typed of it.
_TYPED_BY_HAND = ("blank", "published", "period", "rule")
COMPARATOR_FIELDS = (*NATIONAL_FIELDS, *_TYPED_BY_HAND)
PEER_FIELDS = ("name", "value", "blank", "is_own", "is_neighbour", "is_in_region")


# What England's total is the sum of its authorities' in; an average or a share of them is not.
ADDED_UP = (Unit.COUNT, Unit.MONEY, Unit.MONEY_THOUSAND, Unit.MONEY_MILLION)


def _a(unit: Unit) -> str:
    words = unit.label[0].lower() + unit.label[1:]
    return words if unit in (Unit.HOURS, Unit.DAYS, Unit.WEEKS, Unit.MONTHS) else f"a {words}"


def reason_of(files: str, year: int) -> str:
    """Why an imported row is as it is: from which files, for which year."""
    return f"{_IMPORTED}: {files}, {financial_year_text(year)}"


def indicators_of(mapping: ComparatorMapping) -> dict[str, Indicator]:
    """The indicators by the mapping's references. Raises OpenDataError where they are unknown or don't fit."""
    wanted = [entry.reference.lower() for entry in mapping.entries]
    stored = Indicator.objects.annotate(lowered=Lower("reference")).filter(lowered__in=wanted)
    by_reference = {indicator.reference.lower(): indicator for indicator in stored}
    problems: list[str] = []
    found: dict[str, Indicator] = {}
    for entry in mapping.entries:
        indicator = by_reference.get(entry.reference.lower())
        if indicator is None:
            problems.append(f"{mapping.name}: there is no indicator “{entry.reference}”.")
            continue
        found[entry.reference] = indicator
        if indicator.scope == Scope.LOCAL:
            problems.append(f"{mapping.name}: {entry.reference} is a local indicator, which has no comparators.")
        if entry.basis.by_authority and indicator.unit not in ADDED_UP:
            problems.append(
                f"{mapping.name}: {entry.reference} is {_a(Unit(indicator.unit))}, which can't be divided by the "
                "number of authorities. Its basis is “as is” or “per month”."
            )
    known, named = groups_in_open_data(), {group for entry in mapping.entries for group in entry.groups}
    problems += [
        f"{mapping.name}: no comparator group is “{group}” in open data. Say so of one of the groups in the "
        "administration, or leave it out with “groups”."
        for group in OPEN_DATA_GROUPS
        if group in named and group not in known
    ]
    if problems:
        raise OpenDataError(*problems)
    return found


def groups_in_open_data() -> dict[GroupKind, ComparatorGroup]:
    """The council's groups by what they are in open data. One query."""
    return {GroupKind(group.kind): group for group in ComparatorGroup.objects.filter(kind__in=OPEN_DATA_GROUPS)}


class ComparatorChange(NamedTuple):
    """A comparator with its new contents. `by_hand` says who entered what it would replace, if a person did.

    `fields` are those that change: name, old and new content, in words; `stored` is the row as it was, if it was.
    """

    row: Comparator | NationalComparator
    fields: tuple[tuple[str, str, str], ...]
    by_hand: str
    stored: Comparator | NationalComparator | None = None

    @property
    def is_new(self) -> bool:
        return self.row.pk is None


class OpenDataChanges(NamedTuple):
    """Everything that saving would do. The rows carry their new contents, and the version that was read."""

    comparators: tuple[ComparatorChange, ...]
    unchanged: int
    peers: tuple[PeerFigure, ...]

    @property
    def is_empty(self) -> bool:
        return not self.comparators and not self.peers

    @property
    def asked(self) -> list[tuple[ComparatorChange, Caution]]:
        """The comparators that ask for a reason, as some reports are published with them; with what is asked."""
        found = asked_of([(change.stored, change.row) for change in self.comparators])
        return [(self.comparators[place], caution) for place, cautions in found.items() for caution in cautions]


def compare_with_stored(findings: Sequence[Findings], indicators: Mapping[str, Indicator]) -> OpenDataChanges:
    """What saving the findings would change; the same number of queries however many there are."""
    made = [comparator for found in findings for comparator in found.comparators]
    changed = [change for change in changed_comparators(made, indicators) if change.fields]
    return OpenDataChanges(tuple(changed), len(made) - len(changed), tuple(changed_peers(findings, indicators)))


def changed_comparators(
    made: Sequence[ComparatorFigure], indicators: Mapping[str, Indicator]
) -> list[ComparatorChange]:
    """Each comparator beside the stored one of its group and year; without `fields` where nothing differs.

    Those that the report doesn't print are national comparators, which are kept apart.
    """
    rows: dict[tuple[bool, int, str, int], Comparator | NationalComparator] = {}
    edited: dict[int, str] = {}
    groups = groups_in_open_data()
    for printed, model in ((True, Comparator), (False, NationalComparator)):
        of_model = [one for one in made if one.printed is printed]
        if not of_model:
            continue
        keys, years = {indicators[one.reference].pk for one in of_model}, {one.year for one in of_model}
        stored: list[Any] = list(model._default_manager.filter(indicator__in=keys, year__in=years))
        rows |= {(printed, row.indicator_id, row.group_id, row.year): row for row in stored}
        if printed:
            edited = _edited_by_hand(stored)
    changes = []
    for one in made:
        indicator, group = indicators[one.reference], groups[one.group]
        row = rows.get((one.printed, indicator.pk, group.code, one.year))
        if row is None:
            row = (Comparator if one.printed else NationalComparator)(year=one.year)
        before = None if row.pk is None else copy(row)
        row.indicator, row.group = indicator, group
        row._change_reason = reason_of(one.files, one.year)  # type: ignore[union-attr]
        by_hand = edited.get(row.pk, "") if one.printed else ""
        changes.append(ComparatorChange(row, _fill_in(row, one), by_hand, before))
    return changes


def _fill_in(row: Comparator | NationalComparator, made: ComparatorFigure) -> tuple[tuple[str, str, str], ...]:
    """Put the new contents into the row; returns what differs from the old ones."""
    new = {
        "value": rounded(made.value, STORED_DECIMALS),
        **dict.fromkeys(_TYPED_BY_HAND, ""),
        "source": made.source,
        "basis": made.basis,
        "on_basis": str(made.on_basis),
        "note": made.note,
        "next_update": made.next_update,
    }
    told = []
    for field, content in new.items():
        if field in _TYPED_BY_HAND and not made.printed:
            continue
        old = getattr(row, field)
        if old != content:
            label = "figure" if field == "value" else str(row._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
            told.append((label, _words(field, old), _words(field, content)))
            setattr(row, field, content)
    return tuple(told)


def told_differences(
    findings: Sequence[Findings], indicators: Mapping[str, Indicator], mapping: ComparatorMapping
) -> list[Difference]:
    """Where the report's comparators aren't what the source gives, in words; see `open_data.differences`.

    Looked at are those of the same year; else that of no year, or the latest. One query.
    """
    stored: dict[tuple[int, str], dict[int | None, Comparator]] = defaultdict(dict)
    rows = Comparator.objects.filter(indicator__in=indicators.values(), value__isnull=False).select_related("group")
    for one in rows.order_by("year"):
        stored[one.indicator_id, one.group.kind][one.year] = one
    pairs = []
    for found in findings:
        indicator = indicators[found.reference]
        listed = [one for one in found.authorities if one.blank is not Blank.NOT_APPLICABLE]
        for made in found.comparators:
            by_year = stored[indicator.pk, made.group]
            row = by_year.get(made.year) or by_year.get(None) or next(reversed(by_year.values()), None)
            if row is None or row.value is None:
                continue
            counted = {
                GroupKind.ENGLAND: len(listed),
                GroupKind.REGION: sum(peer.is_in_region for peer in listed),
            }
            group = GroupKind(made.group)
            stated = mapping.counts.get((made.year, group))
            pairs.append(
                Pair(
                    reference=made.reference,
                    group=group,
                    printed=exact(row.value),
                    found=made.value,
                    unit=Unit(indicator.unit),
                    decimal_places=indicator.decimal_places,
                    is_same_year=row.year in (None, made.year),
                    authorities=stated[0] if stated else counted.get(group),
                )
            )
    return differences(pairs)


def _words(field: str, content: Any) -> str:
    if content in (None, ""):
        return "nothing"
    if isinstance(content, Decimal):
        decimals = -int(content.normalize().as_tuple().exponent)
        return format_number(exact(content), max(decimals, 0))
    if isinstance(content, date):
        return f"{content:%B %Y}"
    if field == "on_basis":
        return OnBasis(content).label
    if field == "period":
        return ComparatorPeriod(content).label
    return Blank(content).label if field == "blank" else f"“{content}”"


def _edited_by_hand(rows: Sequence[Comparator]) -> dict[int, str]:
    """For rows whose latest version a person wrote: who, when and why."""
    history = Comparator.history.filter(id__in=[row.pk for row in rows])
    latest = {entry.id: entry for entry in history.select_related("history_user").order_by("history_id")}
    told = {}
    for pk, entry in latest.items():
        if not (entry.history_change_reason or "").startswith(_IMPORTED):
            why = f" ({entry.history_change_reason})" if entry.history_change_reason else ""
            told[pk] = f"{entry.history_user or 'somebody'} on {day_in_words(entry.history_date)}{why}"
    return told


def changed_peers(findings: Sequence[Findings], indicators: Mapping[str, Indicator]) -> list[PeerFigure]:
    """The rows that are new or differ, with their new contents.

    An authority that is no longer in its file keeps its row as not applicable, so that it isn't ranked.
    """
    findings = [found for found in findings if found.authorities]
    stored: dict[tuple[int, int], dict[str, PeerFigure]] = defaultdict(dict)
    for row in PeerFigure.objects.filter(
        indicator__in=[indicators[found.reference] for found in findings], year__in={found.year for found in findings}
    ):
        stored[row.indicator_id, row.year][row.authority] = row
    changed = []
    for found in findings:
        indicator = indicators[found.reference]
        rows = stored[indicator.pk, found.year]
        contents: dict[str, dict[str, Any]] = {
            figure.code: {
                "name": figure.name,
                "value": None if figure.value is None else rounded(figure.value, STORED_DECIMALS),
                "blank": figure.blank or "",
                "is_own": figure.is_own,
                "is_neighbour": figure.is_neighbour,
                "is_in_region": figure.is_in_region,
            }
            for figure in found.authorities
        }
        for code in sorted(rows.keys() - contents.keys()):
            contents[code] = {"value": None, "blank": Blank.NOT_APPLICABLE, "is_own": False}
        for code, new in contents.items():
            row = rows.get(code) or PeerFigure(indicator=indicator, year=found.year, authority=code)
            differs = any(getattr(row, field) != content for field, content in new.items())
            if differs or row.pk is None:
                for field, content in new.items():
                    setattr(row, field, content)
                row._change_reason = reason_of(found.file, found.year)  # type: ignore[attr-defined]
                changed.append(row)
    return changed
