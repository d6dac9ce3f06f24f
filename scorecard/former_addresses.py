"""Addresses with a slug: old ones lead on, and those of a private scorecard are missing to whoever may not find it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.defaults import page_not_found

from indicators.models import User

from .access import readable_scorecards
from .models import Scorecard, Slug
from .returns.page import unsaved_lines
from .rules import may


class FormerAddresses:
    """Middleware that sends whoever asks for a page under a former slug to the same page under the present one.

    Only once a page was not found, so that no other answer waits for it, and only people who may find the scorecard:
    to all others a private one that moved is as missing as one that never was. So is whatever they are refused under a
    slug that they can't find, be there a scorecard or not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        slug = match.kwargs.get("slug") if match else None
        if match is None or slug is None:
            return response
        if response.status_code == 403 and request.user.is_authenticated and not _may_find(slug, request.user):
            response = page_not_found(request, Http404())
            # For the security log.
            response.was_refused = True  # type: ignore[attr-defined]
        if response.status_code != 404:
            return response
        present = present_slug(slug, request.user)
        if present is None:
            return _given_back(request, response) if match.view_name == "return" else response
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


def _given_back(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A page that is missing; with what somebody typed who posted a return there, be there a scorecard or not."""
    if request.method != "POST" or not isinstance(request.user, User):
        return response
    context = {
        "why": "There is no return here, or its lines are not yours to enter.",
        "unsaved": unsaved_lines(request.POST, None, request.user),
    }
    page = render(request, "returns/not_saved.html", context, status=HTTPStatus.NOT_FOUND)
    page.was_refused = getattr(response, "was_refused", False)  # type: ignore[attr-defined]
    return page


def present_slug(slug: str, reader: Any) -> str | None:
    """The slug that the scorecard with this former one has now; None where it has none, or the reader can't find it."""
    found = Slug.objects.select_related("scorecard").filter(slug=slug).first()
    if found is None or found.scorecard.slug == slug:
        return None
    return found.scorecard.slug if _may_find(found.scorecard.slug, reader) else None


def _may_find(slug: str, reader: Any) -> bool:
    """Whether there is a scorecard with this slug that the reader may read, or is asked about."""
    if readable_scorecards(reader).filter(slug=slug).exists():
        return True
    scorecard = Scorecard.objects.filter(slug=slug).first()
    return scorecard is not None and reader.is_authenticated and may(reader, "read_questions", scorecard)
