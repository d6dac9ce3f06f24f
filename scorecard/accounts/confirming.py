"""“Is it still you?”: who signed in a while ago shows it again before what can't be undone, or what gives rights.

What was posted waits in the session meanwhile, and is done as soon as the person has shown it.
"""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, resume_request
from allauth.core.internal.httpkit import serialize_request
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from scorecard.requests import GetResponse

from .single_sign_on import lets_form_through

# Names of addresses, or how they begin: whatever is posted there is asked about.
DANGEROUS = (
    "publish_edition",
    "revise_edition",
    "take_back",
    "withholding",
    "public_settings",
    "revise_waiting",
    "public_texts",
    "take_off_factors",
    "spreadsheet_create",
    "spreadsheet_undo",
    "spreadsheet_first_month",
    "people_",
    "person",
    "moving",
    "admin:indicators_user_",
    "admin:indicators_deputy_",
    "admin:auth_user_",
    "admin:auth_group_",
    "admin:scorecard_scorecard_",
)
# Another way in for an account; signing in there is no danger.
LINKING = "single_sign_on"
# Where people show it.
SHOWING = ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "confirm_elsewhere")
# Of the request; nothing of the browser's cookies is kept beside what was typed.
LEFT_OUT = ("HTTP_COOKIE", "HTTP_AUTHORIZATION")


def is_confirmation_due(request: HttpRequest) -> bool:
    """Whether it is longer than CONFIRM_AGAIN_MINUTES since the person showed who they are, in this session."""
    if not settings.CONFIRM_AGAIN_MINUTES:
        return False
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records), default=0)
    return bool(time.time() - latest > settings.CONFIRM_AGAIN_MINUTES * 60)


class Confirmation:
    """Asks before a dangerous step, whatever view takes it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        # What waits may be the way to the provider.
        return lets_form_through(response) if match and match.url_name in SHOWING else response

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        is_dangerous = request.method == "POST" and (
            name.startswith(DANGEROUS) or (name == LINKING and request.POST.get("purpose") == "link")
        )
        if not is_dangerous or not request.user.is_authenticated or not is_confirmation_due(request):
            return None
        # Files are chosen again: they are not kept without having been looked at.
        if not request.FILES:
            kept = json.loads(serialize_request(request))
            kept["META"] = {key: text for key, text in kept["META"].items() if key not in LEFT_OUT}
            request.session[STATE_SESSION_KEY] = {"request": json.dumps(kept)}
        to = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
        return HttpResponseRedirect(f"{to}?{urlencode({'next': request.path})}")


@never_cache
@login_required
@require_safe
def confirm_elsewhere(request: HttpRequest) -> HttpResponse:
    """To the provider of single sign-on, and back to what waits."""
    if not is_confirmation_due(request):
        return resume_request(request) or redirect("home")
    methods = get_adapter().get_reauthentication_methods(request.user)
    here = next((one for one in methods if one["url"] == request.path), None)
    query = f"?{request.GET.urlencode()}"
    if here is None:
        return redirect(f"{methods[0]['url']}{query}")
    context = {
        "title": "Sign in again to go on",
        "provider": settings.SINGLE_SIGN_ON if "description" in here else None,
        "reauthentication_alternatives": [one | {"url": one["url"] + query} for one in methods if one is not here],
    }
    return render(request, "account/confirm_elsewhere.html", context)
