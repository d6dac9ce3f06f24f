"""What somebody may find: scorecards, months and editions, asked for by what stands in an address."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from indicators.calculations.months import parse_month
from indicators.models import User

from .models import Edition, Scorecard
from .publication.reading import Published, audience_of, publications_for
from .rules import is_panel_member, may, require

NO_SCORECARD = "There is no scorecard at this address."
NO_EDITION = "There is no edition at this address."


def signed_in(request: HttpRequest) -> User:
    """Who asks. Views that use it are for signed-in people only."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def month_of(text: str) -> date | None:
    """The month written in an address; None when it is not one."""
    try:
        return parse_month(text)
    except ValueError:
        return None


def readable_scorecards(reader: Any) -> QuerySet[Scorecard]:
    """Scorecards whose published reports somebody may read, signed in or not."""
    if may(reader, "read_unpublished") or is_panel_member(reader):
        return Scorecard.objects.all()
    if not isinstance(reader, User):
        return Scorecard.objects.filter(is_public=True)
    return Scorecard.objects.filter(is_public=True) | Scorecard.objects.of_people(reader.acts_for)


def scorecards_for(request: HttpRequest) -> list[Scorecard]:
    """The scorecards that whoever asks may read, in the council's order. Read once for a request.

    The header of a page whose view asked for them offers them all (`header`).
    """
    if not hasattr(request, "scorecards"):
        request.scorecards = list(readable_scorecards(request.user))  # type: ignore[attr-defined]
    return request.scorecards  # type: ignore[attr-defined]


def header(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the ways to scorecards in a page's header, where its view looked for them."""
    return {"scorecards_offered": getattr(request, "scorecards", [])}


class Readable(NamedTuple):
    """What somebody may read of a scorecard: its months, newest first, and all publications of the published ones.

    A month that is not published is read as the data stand now, by officers only.
    """

    months: list[date]
    publications: list[Published]

    def find(self, month: date, number: int | None = None) -> Published | None:
        """A month's publication of a number, or the one that holds; None where there is none."""
        of_month = (one for one in self.publications if one.month == month)
        return next((one for one in of_month if number in (None, one.number)), None)


def readable(scorecard: Scorecard, reader: Any) -> Readable:
    """What somebody may read of a scorecard that they may find."""
    publications = publications_for(scorecard, audience_of(scorecard, reader))
    months = {one.month for one in publications}
    if may(reader, "read_unpublished"):
        months.update(scorecard.months_with_figures())
    return Readable(sorted(months, reverse=True), publications)


def edition_at(slug: str, month_text: str) -> Edition:
    """The edition at an address, with its scorecard. Raises Http404."""
    month = month_of(month_text)
    if month is not None:
        found = Edition.objects.select_related("scorecard").filter(scorecard__slug=slug, month=month).first()
        if found is not None:
            return found
    raise Http404(NO_EDITION)


def officer_only(request: HttpRequest) -> User:
    """The performance officer who asks. Raises PermissionDenied for everybody else."""
    person = signed_in(request)
    require(person, "manage_collection")
    return person
