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
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from scorecard.requests import GetResponse

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
    "admin:indicators_user_",
    "admin:indicators_deputy_",
    "admin:auth_user_",
    "admin:auth_group_",
    "admin:scorecard_scorecard_",
)
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
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        is_dangerous = request.method == "POST" and name.startswith(DANGEROUS)
        if not is_dangerous or not request.user.is_authenticated or not is_confirmation_due(request):
            return None
        # Files are chosen again: they are not kept without having been looked at.
        if not request.FILES:
            kept = json.loads(serialize_request(request))
            kept["META"] = {key: text for key, text in kept["META"].items() if key not in LEFT_OUT}
            request.session[STATE_SESSION_KEY] = {"request": json.dumps(kept)}
        return HttpResponseRedirect(f"{_where_to_show_it(request)}?{urlencode({'next': request.path})}")


def _where_to_show_it(request: HttpRequest) -> str:
    """The password, else the second factor, else the provider of single sign-on."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    return str(methods[0]["url"]) if methods else reverse("confirm_elsewhere")


@never_cache
@login_required
@require_safe
def confirm_elsewhere(request: HttpRequest) -> HttpResponse:
    """For who has neither password nor factor here: to the provider, and back to what waits."""
    if is_confirmation_due(request):
        context = {"title": "Sign in again to go on", "provider": getattr(settings, "SINGLE_SIGN_ON", None)}
        return render(request, "account/confirm_elsewhere.html", context)
    return resume_request(request) or redirect("home")
