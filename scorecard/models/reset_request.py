"""Requests for a link to set a new password: after each, a pause before the next is answered."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.crypto import salted_hmac

from indicators.moments import day_and_time

PAUSE = timedelta(minutes=1)


class ResetRequestQuerySet(models.QuerySet["ResetRequest"]):
    def claim(self, email: str, *, now: datetime) -> bool:
        """Whether to answer a request with this address: not within a minute of another one.

        Whether anybody has the address makes no difference. Requests whose minute is over are deleted.
        """
        self.filter(requested_at__lte=now - PAUSE).delete()
        fingerprint = salted_hmac("scorecard.reset_request", email.casefold()).hexdigest()
        _, is_first = self.get_or_create(fingerprint=fingerprint, defaults={"requested_at": now})
        return is_first


class ResetRequest(models.Model):
    """A request, without the address that it named. Nobody edits it, so it has no history."""

    fingerprint = models.CharField(max_length=40, unique=True)
    requested_at = models.DateTimeField(db_index=True)

    objects = ResetRequestQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return day_and_time(self.requested_at)
