"""What happened that matters for security: rows that nobody changes, and nobody deletes before their time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from indicators.moments import day_and_time


class SecurityEventKind(models.TextChoices):
    """What happened, in words."""

    SIGNED_IN = "signed_in", "Signed in"
    SIGN_IN_FAILED = "sign_in_failed", "Sign-in failed"
    LOCKED_OUT = "locked_out", "Locked out after failures"
    SIGNED_OUT = "signed_out", "Signed out"
    SESSIONS_ENDED = "sessions_ended", "Sessions ended"
    CONFIRMED = "confirmed", "Confirmed who they are"
    CONFIRMATION_FAILED = "confirmation_failed", "Could not confirm who they are"
    FACTOR_ADDED = "factor_added", "Second factor added"
    FACTOR_REMOVED = "factor_removed", "Second factor removed"
    FACTOR_RESET = "factor_reset", "Recovery codes made anew"
    PASSWORD_CHANGED = "password_changed", "Password changed"
    RESET_ASKED = "reset_asked", "Link for a new password asked for"
    LINK_REFUSED = "link_refused", "Link for a password refused"
    INVITED = "invited", "Invited"
    ACCOUNT_MADE = "account_made", "Account made"
    ACCOUNT_CHANGED = "account_changed", "Account changed"
    ROLES_CHANGED = "roles_changed", "Roles changed"
    UNLOCKED = "unlocked", "Unlocked"
    FORGOTTEN = "forgotten", "Person forgotten"
    DRAFT_READ = "draft_read", "Unpublished report opened"
    DOWNLOADED = "downloaded", "Unpublished data downloaded"
    IMPORTED = "imported", "Data imported"
    PUBLISHED = "published", "Report published"
    REVISED = "revised", "Report revised"
    WITHHELD = "withheld", "Withheld"
    SHOWN_AGAIN = "shown_again", "Shown again"
    ERASED = "erased", "Erased"
    PUBLIC_SETTINGS_CHANGED = "public_settings_changed", "What the public reads changed"
    REFUSED = "refused", "Refused"


class SecurityEvent(models.Model):
    """Something that happened: when, to whom or on whose account, by whom, from where.

    People are named by their keys alone, so that a row says who it was for as long as the person is known, and
    afterwards still tells one from another. No column has a password, a token, or a name that nobody has. Triggers
    refuse every change, and to delete a row before `kept_until` has passed.
    """

    at = models.DateTimeField(default=timezone.now)
    kept_until = models.DateField()
    # Not one of a list to the database: another kind of event is no other table.
    kind = models.CharField(max_length=30)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    address = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    # Of a user name or an e-mail address that nobody has.
    fingerprint = models.CharField(max_length=40, blank=True)
    about = models.CharField(max_length=300, blank=True)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["at"], name="security_event_at"),
            models.Index(fields=["kept_until"], name="security_event_kept_until"),
            models.Index(fields=["kind", "at"], name="security_event_kind"),
            models.Index(fields=["person", "at"], name="security_event_person"),
            models.Index(fields=["by", "at"], name="security_event_by"),
            models.Index(fields=["address", "at"], name="security_event_address"),
            models.Index(fields=["fingerprint", "at"], name="security_event_fingerprint"),
        ]

    def __str__(self) -> str:
        return f"{self.words}, {day_and_time(self.at)}"

    @property
    def words(self) -> str:
        """What happened; a kind that another version wrote stands as it is stored."""
        return str(SecurityEventKind(self.kind).label) if self.kind in SecurityEventKind else self.kind

    @property
    def whom(self) -> str:
        """The person it happened to; a name that was tried and that nobody has, by its fingerprint."""
        return _named(self.person_id, self.person) or (f"unknown {self.fingerprint}" if self.fingerprint else "")

    @property
    def by_whom(self) -> str:
        """Who did it; empty for a visitor and for what the server did."""
        return _named(self.by_id, self.by)


def _named(key: int | None, person: models.Model | None) -> str:
    return "" if key is None else str(person or f"person {key}, who is no longer here")
