"""The report on paper: one tagged PDF, made from a BoardReport alone."""

from .pdf import PaperUnavailableError, to_pdf

__all__ = ["PaperUnavailableError", "to_pdf"]
