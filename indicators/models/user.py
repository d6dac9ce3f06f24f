"""The people who use the scorecard, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.functional import cached_property

from indicators.calculations.folding import OTHER_APOSTROPHES, folded, straight
from indicators.moments import today_in_britain

from .audited import Audited, Versioned, keep_history

__all__ = ["Deputy", "PeopleManager", "User", "folded", "name_in_reports"]

PASSWORD_CHANGED = "Password changed"  # noqa: S105 - a reason in the history


class PeopleManager(UserManager["User"]):
    """People, found by their user name however its letters and apostrophes are typed."""

    use_in_migrations = False

    def named(self, username: str) -> models.QuerySet[User]:
        """Who has the user name, whatever the case of its letters: one person or nobody."""
        typed = Lower(Value(User.normalize_username(username)))
        return self.annotate(lowered=Lower("username")).filter(lowered=typed)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.named(username or "").get()


class User(Versioned, AbstractUser):
    """A person who signs in. Reporters and owners are users; one person can be both."""

    username = models.CharField(
        max_length=150,
        unique=True,
        help_text="Letters, digits and @ . + - _ ' only; it may be an e-mail address. Capitals make no difference.",
        validators=[RegexValidator(rf"^[\w.@+'{OTHER_APOSTROPHES}-]+\Z", "Use only letters, digits and @ . + - _ '")],
        error_messages={"unique": "Somebody has this user name already."},
    )
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("name in reports", max_length=150, blank=True)
    job_title = models.CharField(max_length=150, blank=True)
    compact_returns = models.BooleanField("returns in rows", default=False, db_default=False, editable=False)
    # How somebody likes to see a page is no edit.
    history = keep_history(without=["password", "last_login", "compact_returns"])

    objects: ClassVar[PeopleManager] = PeopleManager()

    REQUIRED_FIELDS = ["email"]
    KEPT_AS_TYPED = ("username", "password")

    class Meta:
        ordering = ["name", "username"]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_name_once_whatever_case",
                violation_error_message="Somebody has this user name already, perhaps with other capitals.",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def name_in_reports(self) -> str:
        """The name, or else the job title, or nothing: never what they sign in with, since a report can be public."""
        return self.name or self.job_title

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """The user name as it is kept: whichever apostrophe was typed, the straight one."""
        # A form whose user name is refused still asks with None.
        normal = super().normalize_username(username)
        return straight(normal) if isinstance(normal, str) else normal

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """As usual; the only constraint here is about the user name, and said beside it."""
        try:
            super().validate_constraints(exclude)
        except ValidationError as error:
            raise ValidationError({"username": error.messages}) from error

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
        self.username = self.normalize_username(self.username)
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
        today = today_in_britain()
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
