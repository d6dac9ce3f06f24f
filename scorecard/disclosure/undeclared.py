"""Relations between indicators that hold in the stored figures, though nobody declared them: an officer decides."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.disclosure import Relation, find_relations
from indicators.calculations.exact import Exact
from indicators.calculations.formatting import counted
from indicators.models import CrossCheck, CrossCheckTerm, Indicator

from .queries import relations_of, stored_figures

FOUND = "Found in the figures: it holds in every month that is stored."
_SIGNS = {CheckRole.PART: "+", CheckRole.INFLOW: "+", CheckRole.OUTFLOW: "−"}


class Undeclared(NamedTuple):
    """A relation with what it says, and the references and titles that it has; `code` names it in a form."""

    relation: Relation
    words: str
    lines: tuple[tuple[str, str], ...] = ()

    @property
    def code(self) -> str:
        relation = self.relation
        terms = "-".join(f"{role}{key}" for role, key in relation.terms)
        return f"{relation.kind}-{relation.key}-{relation.months or 0}-{terms}"


def undeclared_relations() -> list[Undeclared]:
    """What holds in every stored month and is neither declared nor declined; in six queries."""
    relations = relations_of(with_declined=True)
    found = find_relations(stored_figures(relations), relations)
    named = Indicator.objects.order_by().values_list("pk", "reference", "title") if found else []
    names = {key: (reference, title) for key, reference, title in named}
    return [_in_words(relation, names) for relation in found]


def _in_words(relation: Relation, names: Mapping[int, tuple[str, str]]) -> Undeclared:
    keys = dict.fromkeys((relation.key, *(key for _, key in relation.terms)))
    references = {key: reference for key, (reference, _) in names.items()}
    return Undeclared(relation, _words(relation, references), tuple(names[key] for key in keys))


def _words(relation: Relation, references: Mapping[int, str]) -> str:
    reference = references[relation.key]
    signed = [f"{_SIGNS[role]} {references[key]}" for role, key in relation.terms]
    sum_of = " ".join(signed).removeprefix("+ ")
    if relation.total is not None:
        return f"{sum_of} = {relation.total}%"
    if relation.kind is CheckKind.STOCK:
        return f"{reference} = {reference} the period before {' '.join(signed)}"
    if relation.is_of_one_month:
        return f"{reference} = {sum_of}"
    span = counted(relation.months, "month") if relation.months else "the year so far"
    return f"{reference} = {sum_of}, {span} added up"


def _decimal(number: Exact) -> Decimal:
    return Decimal(number.numerator) / number.denominator


@transaction.atomic
def decide(undeclared: Undeclared, *, is_known: bool) -> CrossCheck:
    """Keeps whether readers count as knowing the relation. It never warns; who decided, and when, is in its history."""
    relation = undeclared.relation
    check = CrossCheck.objects.create(
        indicator_id=relation.key,
        kind=relation.kind,
        total=None if relation.total is None else _decimal(relation.total),
        tolerance=_decimal(relation.tolerance),
        months=relation.months,
        note=FOUND,
        is_active=False,
        is_known_to_readers=is_known,
    )
    for role, key in relation.terms:
        CrossCheckTerm.objects.create(check_of=check, indicator_id=key, role=role)
    return check
