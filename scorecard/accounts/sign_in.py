"""Signing in: the page, and the way through allauth's stages that every sign-in takes, whatever it began with."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.auth import logout
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .factors import ConfirmingAdapter
from .forms import SignInForm
from .lockout import client_address


class AccountAdapter(ConfirmingAdapter):
    """What allauth asks the project about accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the page that somebody comes to says who is signed in."""

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return render(request, "registration/inactive.html", {"title": "This account is closed"}, status=403)


class SignInView(auth.LoginView):
    """User name and password. Who is signed in already is signed out when somebody signs in over them."""

    authentication_form = SignInForm
    extra_context = {"title": "Sign in"}

    def form_valid(self, form: Any) -> HttpResponse:
        goes_on_to = self.get_success_url()
        if self.request.user.is_authenticated:
            logout(self.request)
        login = Login(user=form.get_user(), redirect_url=goes_on_to)
        return perform_password_login(self.request, form.cleaned_data, login)
