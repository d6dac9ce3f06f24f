"""Models that belong together share a file; each QuerySet stands above its model."""

from .area_of_focus import AreaOfFocus, FocusUpdate
from .commentary import Commentary, Overview
from .sign_off import SignOff, WarningReason

__all__ = ["AreaOfFocus", "Commentary", "FocusUpdate", "Overview", "SignOff", "WarningReason"]
