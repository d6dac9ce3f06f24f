"""What an imported indicator is worked out from: the stored parts made equal to those in its row."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.core.exceptions import ValidationError

from indicators.models import DerivationTerm, Indicator, Role

from .refusals import REFUSED, refusal

COLUMNS = {Role.NUMERATOR: "numerators", Role.DENOMINATOR: "denominators"}
Sign = Callable[[DerivationTerm], None]


def references(indicator: Indicator, role: Role) -> list[str]:
    """The references of its stored parts on one side of the division."""
    if indicator.pk is None:
        return []
    return [term.source.reference for term in indicator.terms.all() if term.role == role]


def remove_unwanted(indicator: Indicator, *, sign: Sign) -> None:
    """Delete the stored parts that its row doesn't name."""
    for term in indicator.terms.select_related("source", "indicator"):
        wanted = _wanted(indicator, Role(term.role))
        if wanted is not None and term.source.reference.lower() not in wanted:
            sign(term)
            term.delete()


def add_missing(indicator: Indicator, known: Mapping[str, Indicator], *, sign: Sign) -> None:
    """Save the parts that its row names and that aren't stored. Raises ValidationError by column."""
    stored = {(term.source_id, term.role) for term in DerivationTerm.objects.filter(indicator=indicator)}
    for role, column in COLUMNS.items():
        for reference in _wanted(indicator, role) or []:
            source = known[reference]
            if (source.pk, role) in stored:
                continue
            term = DerivationTerm(indicator=indicator, source=source, role=role)
            sign(term)
            try:
                term.full_clean()
                term.save()
            except ValidationError as error:
                raise ValidationError({column: [f"{source.reference}: {text}" for text in error.messages]}) from error
            except REFUSED as error:
                raise ValidationError({column: f"{source.reference}: {refusal(error)}"}) from error


def _wanted(indicator: Indicator, role: Role) -> list[str] | None:
    """The references that its row names, in lower case; None when the file has no such column."""
    named = indicator.__dict__.get(COLUMNS[role])
    return None if named is None else list(dict.fromkeys(reference.lower() for reference in named))
