"""One file a model, its QuerySet above it."""

from .edition import Edition
from .reset_request import ResetRequest
from .scorecard import Line, Scorecard, Section

__all__ = ["Edition", "Line", "ResetRequest", "Scorecard", "Section"]
