"""Reminders by mail (stub while it is being built)."""

from __future__ import annotations

from datetime import datetime

from indicators.models import User
from scorecard.models import Edition


def remind(*, edition: Edition, person: User, by: User, now: datetime) -> str:
    return "Reminded"
