"""Reminders: which mails were sent to whom about an edition, and on what occasion."""

from django.db import models
from django.db.models import Q

from indicators.calculations.vocabulary import LabelledEnum
from indicators.models import Audited, User

from .edition import Edition


class ReminderKind(LabelledEnum):
    """What a reminder is about."""

    OPENED = "opened", "Opened for collection"
    DUE_SOON = "due_soon", "Due soon"
    OVERDUE = "overdue", "Overdue"
    SENT_BACK = "sent_back", "Sent back to you"
    TO_SIGN_OFF = "to_sign_off", "Waiting for your sign-off"
    ASKED = "asked", "Asked for by a performance officer"


class Reminder(Audited):
    """One thing that one person was reminded of. `occasion` tells when the same kind is due again.

    `lines_of` is whose lines it was about: the person's own, or those of somebody whom they stood in for.
    The unique constraint is what makes sending repeatable: the same occasion is never mailed twice.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="reminders")
    person = models.ForeignKey(User, models.PROTECT, related_name="reminders")
    lines_of = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="whose lines")
    kind = models.CharField(max_length=12, choices=ReminderKind.choices)
    occasion = models.CharField(max_length=60)
    lines = models.PositiveIntegerField("number of lines")
    address = models.EmailField("sent to")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "person", "lines_of", "kind", "occasion"], name="reminder_once_per_occasion"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(ReminderKind)), name="reminder_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {ReminderKind(self.kind).label.lower()}, {self.edition}"
