"""Leading old links on: addresses with a slug that a scorecard no longer has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from .access import readable_scorecards
from .models import Slug
from .rules import may


class FormerAddresses:
    """Middleware that sends whoever asks for a page under a former slug to the same page under the present one.

    Only once a page was not found, so that no other answer waits for it, and only people who may find the scorecard:
    to all others a private one that moved is as missing as one that never was.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code != 404 or match is None or "slug" not in match.kwargs:
            return response
        present = _present_slug(match.kwargs["slug"], request.user)
        if present is None:
            return response
        address = reverse(match.view_name, kwargs={**match.kwargs, "slug": present})
        query = request.META.get("QUERY_STRING", "")
        is_read = request.method in ("GET", "HEAD")
        moved = HttpResponsePermanentRedirect(
            f"{address}?{query}" if query else address,
            # What was sent is sent again: 308 instead of 301.
            preserve_request=not is_read,
        )
        # A browser asks each time, because the scorecard may one day take its former slug again: what it remembered of
        # both moves would lead it in a circle.
        moved["Cache-Control"] = "no-cache, private"
        return moved


def _present_slug(slug: str, reader: Any) -> str | None:
    """The slug that the scorecard with this former one has now; None where it has none, or the reader can't find it."""
    found = Slug.objects.select_related("scorecard").filter(slug=slug).first()
    if found is None or found.scorecard.slug == slug:
        return None
    scorecard = found.scorecard
    may_find = readable_scorecards(reader).filter(pk=scorecard.pk).exists() or (
        reader.is_authenticated and may(reader, "read_questions", scorecard)
    )
    return scorecard.slug if may_find else None
