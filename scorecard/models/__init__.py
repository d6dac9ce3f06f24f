"""One file a model, its QuerySet above it."""

from .edition import Edition
from .scorecard import Line, Scorecard, Section

__all__ = ["Edition", "Line", "Scorecard", "Section"]
