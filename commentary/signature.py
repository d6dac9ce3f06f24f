"""Figures and texts written down exactly, to tell later whether they are still those that were signed off."""

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
    return " ".join(filter(None, (value, figure.stage.shorthand, plain_text(figure.note))))


def plain_text(text: str) -> str:
    """A text with each line end as one character, and nothing around it.

    A browser sends a form's line ends as two characters and a script's as one; the text is the same.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
