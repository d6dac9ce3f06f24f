"""Signing in: the page, and the way through allauth's stages that every sign-in takes, whatever it began with."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import perform_login, perform_password_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth import views as auth
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from indicators.models import User

from .factors import ConfirmingAdapter
from .forms import SignInForm
from .lockout import client_address
from .refusals import ASK
from .single_sign_on import lets_form_through

logger = logging.getLogger(__name__)
LINK = "scorecard.sign_in_link"


class AccountAdapter(ConfirmingAdapter):
    """What allauth asks the project about accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the page that somebody comes to says who is signed in."""

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        context = {"title": "This account is closed", "text": "Nobody can sign in with it.", "advice": ASK}
        return render(request, "registration/refused.html", context, status=403)


class LocalSignIn:
    """Refuses every password where LOCAL_SIGN_IN is off, whichever page it was typed on."""

    def authenticate(self, request: HttpRequest | None, password: str | None = None, **credentials: Any) -> None:
        if not settings.LOCAL_SIGN_IN:
            raise PermissionDenied


def with_passwords(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page about passwords, which says so where there are none."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if settings.LOCAL_SIGN_IN else no_passwords(request)

    return answer


def no_passwords(request: HttpRequest) -> HttpResponse:
    """The page for somebody who has no password, or where nobody has."""
    context = {"title": "You have no password here", "provider": settings.SINGLE_SIGN_ON}
    return render(request, "registration/no_passwords.html", context, status=200 if settings.LOCAL_SIGN_IN else 403)


def link_for(person: User) -> str:
    """The path of a link that signs a person in, once and within ten minutes, whatever else is switched off."""
    return reverse("sign_in_link", args=[signing.dumps([person.pk, _latest(person)], salt=LINK)])


def _latest(person: User) -> str:
    return str(person.last_login)


@never_cache
def sign_in_link(request: HttpRequest, link: str) -> HttpResponse:
    """Signs in whoever has a link of `manage.py sign_in_link`; at the button, because mail programs look ahead."""
    try:
        key, latest = signing.loads(link, salt=LINK, max_age=settings.SIGN_IN_LINK_SECONDS)
    except signing.BadSignature:
        key, latest = None, ""
    person = User.objects.filter(pk=key, is_active=True).first()
    if person is None or _latest(person) != latest:
        return render(request, "registration/sign_in_link.html", {"title": "This link does not work"})
    if request.method != "POST":
        return render(request, "registration/sign_in_link.html", {"title": "Sign in with a link", "person": person})
    logger.warning("%s signed in with a link from the command line.", person.pk)
    logout(request)
    record_authentication(request, person, method="link")
    return perform_login(request, Login(user=person, redirect_url=reverse("start")))


class SignInView(auth.LoginView):
    """The way to the organisation's sign-in, user name and password, or both.

    Who is signed in already is signed out when somebody signs in over them.
    """

    authentication_form = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title="Sign in", provider=settings.SINGLE_SIGN_ON, **kwargs)

    def get_template_names(self) -> list[str]:
        return ["registration/login.html" if settings.LOCAL_SIGN_IN else "registration/login_elsewhere.html"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        handle = super().dispatch
        if request.method == "POST":
            handle = with_passwords(handle)
        return lets_form_through(handle(request, *args, **kwargs))

    def form_valid(self, form: Any) -> HttpResponse:
        goes_on_to = self.get_success_url()
        if self.request.user.is_authenticated:
            logout(self.request)
        login = Login(user=form.get_user(), redirect_url=goes_on_to)
        return perform_password_login(self.request, form.cleaned_data, login)
