"""What a password may be: long, and not what attackers try first (NIST SP 800-63B-4, 3.1.1.2; ASVS 5.0, 6.2)."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from scorecard.models import CouncilDetails

# Of the product, and of those who use it.
CONTEXT = ("scorecard", "performance", "council", "children", "families")
# zxcvbn takes ever longer for long texts; whatever follows can only make a password better.
LOOKED_AT = 72
# Its highest score: not found in ten thousand million guesses, begun with what people choose most.
STRONG = 4


class CommonPasswordValidator:
    """Refuses what is put together from leaked passwords, names, dates, keyboard patterns and words of the council.

    Which kinds of characters there are plays no part.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        ours = (CouncilDetails.present().council, *(getattr(user, name, "") for name in ("username", "name", "email")))
        known = {*CONTEXT, *(word for text in ours for word in re.split(r"\W+", text.lower()) if len(word) > 2)}
        if zxcvbn(password[:LOOKED_AT], sorted(known))["score"] < STRONG:
            raise ValidationError(
                "This password is easy to guess: it is made of common passwords, names, dates, patterns, or words of "
                "your council or account. Three or four random words make a good one.",
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return "It can’t be made of common passwords, names, dates or patterns."
