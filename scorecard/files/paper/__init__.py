"""The report on paper: one tagged PDF, made from a BoardReport alone."""

from scorecard.display.fonts import PaperUnavailableError

from .pdf import to_pdf

__all__ = ["PaperUnavailableError", "to_pdf"]
