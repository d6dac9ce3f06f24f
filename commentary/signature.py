"""A figure written down exactly, to tell later whether it is still the one that was signed off."""

from __future__ import annotations

from indicators.calculations.figures import Figure


def signature(figure: Figure) -> str:
    """Everything that a reader sees of a figure: 1464, 4/31, awaited; then a stage that is not final, and its note.

    Numerator and denominator count, not only their quotient: 1/2 is another entry than 2/4.
    """
    if figure.numerator is not None:
        value = f"{figure.numerator}/{figure.denominator}"
    else:
        value = str(figure.value) if figure.blank is None else str(figure.blank)
    return " ".join(filter(None, (value, figure.stage.shorthand, figure.note)))
