"""How long somebody stays signed in, and where they are: limits kept by the server, and a list to sign out from.

django-allauth keeps a row for each session. It holds the address as lock-outs do and the browser's name in words, is
seen once a minute at most, and goes when the session can't be used any more.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from indicators.models import SecurityEventKind, User
from indicators.security_log import record
from scorecard.access import signed_in
from scorecard.requests import GetResponse

BEGAN, SEEN = "signed_in_at", "seen_at"
# Seconds between two notes of when a session was seen: a page asks for several things at once.
NOTED_EACH = 60
# The first that is found in what a browser says of itself: many claim to be others too.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS": "a Mac",
    "Linux": "Linux",
}


def limits(get_response: GetResponse) -> GetResponse:
    """Sign out whoever did nothing for too long, or signed in too long ago.

    What is kept in their browser, drafts for one, stays for when they sign in again.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if SESSION_KEY in request.session:
            _keep_or_end(request)
        return get_response(request)

    return answer


def _keep_or_end(request: HttpRequest) -> None:
    now, session = time.time(), request.session
    # A session of before there were limits has neither, and ends.
    began, seen = session.get(BEGAN, 0), session.get(SEEN, 0)
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES).total_seconds()
    if now - began > settings.SESSION_COOKIE_AGE or now - seen > idle:
        UserSession.objects.filter(session_key=session.session_key).delete()
        logout(request)
    elif now - seen >= NOTED_EACH:
        session[SEEN] = now
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())


@receiver(user_logged_in)
def begin(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """The limits count from here. Rows of sessions that ran out meanwhile, whosever they are, are removed."""
    request.session[BEGAN] = request.session[SEEN] = time.time()
    long_ago = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    UserSession.objects.filter(created_at__lt=long_ago).delete()
    UserSession.objects.create_from_request(request, user=user)


@receiver(pre_save, sender=UserSession)
def name_device(instance: UserSession, **kwargs: Any) -> None:
    """Keep “Firefox on Windows” in place of what tells browsers apart to the last version."""
    told = instance.user_agent
    if " on " not in told:
        browser = next((name for sign, name in BROWSERS.items() if sign in told), "Another browser")
        system = next((name for sign, name in SYSTEMS.items() if sign in told), "another system")
        instance.user_agent = f"{browser} on {system}"


def of_person(request: HttpRequest) -> list[UserSession]:
    """The person's sessions, the latest seen first."""
    found = UserSession.objects.filter(user=signed_in(request)).order_by("-last_seen_at")
    oldest = timezone.now() - timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    return [one for one in found if one.last_seen_at > oldest or one.is_current()]


def end_others(request: HttpRequest) -> None:
    """End all sessions of the person but this one, whose row is made anew where its key has changed."""
    person = signed_in(request)
    others = list(UserSession.objects.filter(user=person).exclude(session_key=request.session.session_key))
    for one in others:
        one.end()
    if others:
        record(SecurityEventKind.SESSIONS_ENDED, person=person, detail=f"others: {len(others)}", request=request)
    UserSession.objects.create_from_request(request)


def end_all(person: User, *, by: User | None = None, request: HttpRequest | None = None) -> None:
    """End all sessions of somebody else; the log says how many."""
    found = list(UserSession.objects.filter(user=person))
    Session.objects.filter(session_key__in=[one.session_key for one in found]).delete()
    UserSession.objects.filter(pk__in=[one.pk for one in found]).delete()
    if found:
        record(SecurityEventKind.SESSIONS_ENDED, person=person, by=by, detail=f"all: {len(found)}", request=request)


@login_required
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Sign out in one place, or everywhere else."""
    person = signed_in(request)
    which = request.POST.get("session", "")
    if which == "others":
        end_others(request)
        messages.success(request, "You are signed out everywhere but here.")
        return redirect("mfa_index")
    found = UserSession.objects.filter(user=person, pk=int(which) if which.isdecimal() and len(which) < 19 else 0)
    for one in found:
        if one.is_current():
            logout(request)
            one.delete()
            return redirect("signed_out")
        one.end()
        record(SecurityEventKind.SESSIONS_ENDED, person=person, detail="others: 1", request=request)
    messages.success(request, "You are signed out there." if found else "That session had ended already.")
    return redirect("mfa_index")
