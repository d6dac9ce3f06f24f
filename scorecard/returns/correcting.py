"""Correcting a line of a published edition: an officer enters it, its owner signs it off, a revision publishes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django import forms
from django.db import transaction

from commentary.sign_off import Standing
from indicators.calculations.cautions import PUBLISHED, SIGNED
from indicators.models import User
from scorecard.display.forms import GovukFormMixin
from scorecard.editing.forms import ProseField
from scorecard.models import Edition

from .saving import Submission, submit

CORRECTING = "correct_line"


class CorrectionForm(GovukFormMixin, forms.Form):
    """Why a line is corrected."""

    why = ProseField(
        label="Why is it corrected?",
        rows=2,
        max_length=1000,
        help_text="Kept in its history with your name.",
        error_messages={"required": "Say why it is corrected."},
    )


def correct_line(
    *, edition: Edition, key: int, data: Mapping[str, str], why: str, by: User, now: datetime
) -> Submission:
    """Save what came in for a line of a published edition and send it to its owner: both, or nothing.

    Why it is corrected is also the reason for another figure than was signed off or published.

    Nothing is kept where it isn't ready to be sent, or says what was there already, unless its owner sent it back.
    Raises PermissionDenied, and NoSuchLineError, as `submit` does.
    """
    answered = {f"line-{key}-reason-{code}": why for code in (SIGNED, PUBLISHED)}
    data = answered | {name: text for name, text in data.items() if text or name not in answered}
    with transaction.atomic():
        done = submit(edition=edition, keys=[key], data=data, by=by, now=now, send=True, right=CORRECTING, reason=why)
        was_sent_back = done.forms[0].line.standing is Standing.SENT_BACK
        if not done.saved and not was_sent_back:
            done.sent = []
        if not done.sent:
            transaction.set_rollback(True)
    return done
