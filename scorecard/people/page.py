"""The list of people: what each does, and how far they have come with signing in. No query for each."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from indicators.calculations.plain_text import plain_line
from indicators.models import Deputy, Indicator, SecurityEvent, SecurityEventKind, User
from indicators.models.user import deputies_on
from indicators.moments import day_in_words
from scorecard.accounts.factors import FACTORS
from scorecard.council.look import said
from scorecard.roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS

ON_A_PAGE = 50


def people_with_what_they_do(today: date) -> QuerySet[User]:
    """Everybody, with counts and standing as the list has them."""

    def count_of(role: str) -> Coalesce:
        counted = Indicator.objects.filter(**{role: OuterRef("pk")}).order_by().values(role).annotate(n=Count("pk"))
        return Coalesce(Subquery(counted.values("n")), 0)

    invited = SecurityEvent.objects.filter(kind=SecurityEventKind.INVITED, person=OuterRef("pk")).order_by()
    standing_in = Deputy.objects.filter(deputies_on(today)).select_related("deputy").order_by("starts_on")
    member = User.groups.through.objects.filter(user=OuterRef("pk"))
    return User.objects.annotate(
        reports=count_of("reporter"),
        owns=count_of("owner"),
        invited_at=Subquery(invited.values("person").annotate(latest=Max("at")).values("latest")),
        has_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)),
        is_linked=Exists(SocialAccount.objects.filter(user=OuterRef("pk"))),
        is_officer=Exists(member.filter(group__name=PERFORMANCE_OFFICERS)),
        is_panel_member=Exists(member.filter(group__name=PANEL_MEMBERS)),
    ).prefetch_related(Prefetch("deputies", standing_in, to_attr="deputies_now"))


def find_people(asked: dict[str, Any], today: date) -> QuerySet[User]:
    """Those who fit what was asked for, in the order of their names."""
    people = people_with_what_they_do(today)
    for word in plain_line(asked.get("q") or "").split():
        people = people.filter(
            Q(name__folded=word) | Q(username__folded=word) | Q(email__folded=word) | Q(job_title__folded=word)
        )
    roles = {
        "officer": Q(is_officer=True) | Q(is_superuser=True),
        "panel": Q(is_panel_member=True),
        "owner": Q(owns__gt=0),
        "reporter": Q(reports__gt=0),
    }
    states = {
        "": Q(is_active=True),
        "invite": NOT_INVITED,
        "never": Q(is_active=True, last_login=None),
        "left": Q(is_active=False),
        "all": Q(),
    }
    return people.filter(roles.get(asked.get("role") or "", Q()), states.get(asked.get("state") or "", Q()))


# An unusable password begins with this sign.
NOT_INVITED = Q(is_active=True, invited_at=None, is_linked=False, last_login=None, password__startswith="!")  # noqa: S106


def not_invited(today: date) -> QuerySet[User]:
    """Who can't sign in yet and has no invitation."""
    return people_with_what_they_do(today).filter(NOT_INVITED)


class PersonRow(NamedTuple):
    """A person as the list shows them."""

    person: Any

    @property
    def roles(self) -> list[str]:
        one = self.person
        found = {
            "Superuser": one.is_superuser,
            "Officer": one.is_officer,
            said("Panel member"): one.is_panel_member,
            "Owner": one.owns,
            "Reporter": one.reports,
        }
        return [name for name, holds in found.items() if holds]

    @property
    def standing(self) -> str:
        """How far they have come with signing in, in words."""
        one = self.person
        if not one.is_active:
            return "Left"
        if one.last_login:
            return f"Signed in on {day_in_words(one.last_login)}"
        if one.is_linked:
            return "Signs in through single sign-on"
        invited: datetime | None = one.invited_at
        if invited:
            return f"Invited on {day_in_words(invited)}"
        return "Has a password, never signed in" if one.has_usable_password() else "Not invited yet"

    @property
    def needs_invitation(self) -> bool:
        return self.standing == "Not invited yet"

    @property
    def lacks_factor(self) -> bool:
        """Whether an officer has no second factor."""
        return bool((self.person.is_officer or self.person.is_superuser) and not self.person.has_factor)
