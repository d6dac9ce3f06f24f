"""What somebody reads whom single sign-on could not sign in: what happened, and what to do."""

from __future__ import annotations

import logging
from typing import NamedTuple, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from django.dispatch import Signal
from django.http import HttpRequest
from django.shortcuts import render

from indicators.models import User

from .provider import configured

logger = logging.getLogger(__name__)
# Sent with request, person (None where nobody is known) and reason, a key of REFUSALS.
sign_in_refused = Signal()


class Refusal(NamedTuple):
    """What somebody reads who could not be signed in; {name} is what the provider is called. And the page's status."""

    status: int
    title: str
    text: str
    advice: str


AGAIN = "Try again. If it happens again, tell whoever looks after the scorecard’s server: the log there says more."
ASK = "Ask your performance officer."
REFUSALS = {
    "cancelled": Refusal(403, "You did not sign in", "Signing in with {name} was stopped before it was finished.", ""),
    "lost": Refusal(
        400,
        "This sign-in can’t be finished",
        "It was begun more than ten minutes ago, in another browser, or it was finished already.",
        "Begin anew.",
    ),
    "silent": Refusal(502, "Signing in does not work just now", "There was no proper answer from {name}.", AGAIN),
    "refused": Refusal(403, "You could not be signed in", "The answer from {name} was that you can’t sign in.", AGAIN),
    "untrusted": Refusal(
        403, "You could not be signed in", "The answer from {name} does not hold: it may be old or forged.", AGAIN
    ),
    "unknown": Refusal(
        403,
        "You have no account here yet",
        "You signed in with {name}, but the scorecard has no account that belongs to it.",
        "Ask your performance officer to invite you, or to enter your e-mail address with the account that you have.",
    ),
    "another": Refusal(
        403,
        "Your account is linked to another sign-in",
        "The account here belongs to somebody whom {name} takes for another person than you.",
        "Ask your performance officer, who can unlink it if that was you before.",
    ),
    "address": Refusal(
        403,
        "An account here has your e-mail address",
        "It is not linked with {name}, and an address alone does not show that it is yours.",
        "Sign in with your username and password, and link it on the page for your password. If you have no password, "
        "ask your performance officer to invite you.",
    ),
    "several": Refusal(403, "It is not clear who you are", "Several accounts here have your e-mail address.", ASK),
    "closed": Refusal(403, "This account is closed", "Nobody can sign in with it.", f"{ASK} They may open it again."),
    "taken": Refusal(
        403, "This sign-in belongs to somebody else", "Another account here is linked to what you signed in with.", ASK
    ),
    "other-person": Refusal(
        403, "You signed in as somebody else", "Nothing was done, because you are signed in here as another person.", ""
    ),
}


def refuse(request: HttpRequest, reason: str, *, person: User | None = None, why: object = "") -> NoReturn:
    """End the sign-in with the page about the reason. `why` is for the log, which never has tokens."""
    logger.warning("Single sign-on failed: %s. %s", reason, "" if "eyJ" in str(why) else str(why)[:300])
    sign_in_refused.send(sender=refuse, request=request, person=person, reason=reason)
    words = REFUSALS[reason]
    name = configured().name
    context = {"title": words.title, "text": words.text.format(name=name), "advice": words.advice}
    raise ImmediateHttpResponse(render(request, "registration/refused.html", context, status=words.status))
