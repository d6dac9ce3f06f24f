"""The people who use the scorecard, and who stands in for whom."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.functional import cached_property

from .audited import Audited, Versioned, keep_history

PASSWORD_CHANGED = "Password changed"  # noqa: S105 - a reason in the history
# What a keyboard writes for apostrophes and dashes of Word's and the web's, for letters that don't come apart into one
# and its accent, and nothing for characters that can't be seen.
_ALIKE = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201b\u2032\u02b9\u02bc\u0060\u00b4\uff07", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
    | {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)


def folded(text: str) -> str:
    """A name as people type it to find it: in lower case, without accents, with plain apostrophes, hyphens and spaces.

    O’Brien and o'brien are the same, and so are Siân and Sian.
    """
    # Before the apostrophes, since an acute accent by itself would come apart into a space and an accent.
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_ALIKE))
    bare = "".join(character for character in apart if not unicodedata.combining(character))
    return " ".join(bare.translate(_ALIKE).split())


class User(Versioned, AbstractUser):
    """A person who signs in. Reporters and owners are users; one person can be both."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("name in reports", max_length=150, blank=True)
    job_title = models.CharField(max_length=150, blank=True)
    history = keep_history(without=["password", "last_login"])

    REQUIRED_FIELDS = ["email"]

    class Meta:
        ordering = ["name", "username"]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def name_in_reports(self) -> str:
        """The name, or else the job title, or nothing: never what they sign in with, since a report can be public."""
        return self.name or self.job_title

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        # Signing in is no edit: it must neither fill the history nor outdate an open form.
        fields = set() if update_fields is None else set(update_fields)
        if fields == {"last_login"}:
            type(self).objects.filter(pk=self.pk).update(last_login=self.last_login)
            return
        is_set_anew = self._password is not None  # type: ignore[attr-defined]
        if fields == {"password"} and not is_set_anew and self.has_usable_password():
            # Django, at a sign-in, stores the password anew because its way of hashing has become stronger. If somebody
            # changed the password meanwhile, the old one must not come back.
            type(self).objects.filter(pk=self.pk, version=self.version).update(password=self.password)
            return
        if is_set_anew and not self._state.adding:
            self._change_reason = getattr(self, "_change_reason", None) or PASSWORD_CHANGED
        super().save(update_fields=update_fields, **kwargs)

    @cached_property
    def acts_for(self) -> frozenset[int]:
        """The keys of themselves and of everybody whom they stand in for today; read once a request."""
        today = timezone.localdate()
        persons = self.stands_in_for.filter(deputies_on(today)).values_list("person_id", flat=True)
        return frozenset((self.pk, *persons))

    def set_unusable_password(self) -> None:
        super().set_unusable_password()
        if not self._state.adding:
            self._change_reason = PASSWORD_CHANGED


def name_in_reports(person: str) -> Combinable:
    """`User.name_in_reports` in a query, of the person behind a relation as "indicator__owner"; "" where nobody is."""
    return Coalesce(NullIf(f"{person}__name", Value("")), f"{person}__job_title", Value(""))


def deputies_on(day: date) -> Q:
    """The condition that a deputy stands in on the day."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class Deputy(Audited):
    """Somebody who stands in for a reporter or owner, on all of their indicators."""

    person = models.ForeignKey(User, models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(User, models.CASCADE, related_name="stands_in_for")
    starts_on = models.DateField("from")
    ends_on = models.DateField("until", null=True, blank=True, help_text="Empty: until further notice.")

    class Meta:
        ordering = ["person", "starts_on"]
        verbose_name_plural = "deputies"
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("deputy")),
                name="deputy_is_somebody_else",
                violation_error_message="Nobody can be their own deputy.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="deputy_ends_after_start",
                violation_error_message="The last day can't be before the first.",
            ),
            models.UniqueConstraint(fields=["person", "deputy", "starts_on"], name="deputy_once_from_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.person}"
