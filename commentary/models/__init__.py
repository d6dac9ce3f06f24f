"""One file a model, its QuerySet above it."""

from .area_of_focus import AreaOfFocus, FocusUpdate
from .commentary import Commentary
from .overview import Overview
from .sign_off import SignOff, WarningReason

__all__ = ["AreaOfFocus", "Commentary", "FocusUpdate", "Overview", "SignOff", "WarningReason"]
