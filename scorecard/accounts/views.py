"""Pages for signing out and for passwords, where Django's own are not enough."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.invitations import InvitationTokens
from indicators.mailing import is_mail_sent, site_url
from indicators.models import SecurityEventKind, User
from indicators.security_log import record

from .brakes import tries_links
from .forms import InvitedForm, NewPasswordForm, PasswordChangeForm, PasswordResetForm
from .linking import ticket_for
from .lockout import lock_out_page, unlock
from .sign_in import no_passwords
from .single_sign_on import lets_form_through


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Confirms it; whoever is still signed in goes to the front page instead."""
    if request.user.is_authenticated:
        return redirect("home")
    context = {"title": "You have signed out", "provider": settings.SINGLE_SIGN_ON}
    return render(request, "registration/signed_out.html", context)


class PasswordResetView(auth.PasswordResetView):
    """Asks for the address that the link is sent to; without mail, says who can help."""

    title = "Forgotten your password?"
    form_class = PasswordResetForm
    subject_template_name = "registration/password_reset_subject.txt"
    email_template_name = "registration/password_reset_email.txt"
    html_email_template_name = "registration/password_reset_email.html"
    extra_email_context = {"hours": settings.PASSWORD_RESET_TIMEOUT // 3600}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_mail_sent():
            return render(request, "registration/password_reset_without_mail.html", {"title": self.title})
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        # The host of the request is whatever the browser says.
        self.extra_email_context = {**(self.extra_email_context or {}), "site": site_url()}
        return super().form_valid(form)


class PasswordChangeView(auth.PasswordChangeView):
    """Asks for the old password and a new one; or links the account with the organisation's sign-in."""

    title = "Change your password"
    form_class = PasswordChangeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, User) and not (settings.LOCAL_SIGN_IN and request.user.has_usable_password()):
            return no_passwords(request)
        return lets_form_through(super().dispatch(request, *args, **kwargs))

    def get_form(self, form_class: Any = None) -> Any:
        form: Any = super().get_form(form_class)
        form.request = self.request
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        provider = settings.SINGLE_SIGN_ON
        is_linked = (
            provider and SocialAccount.objects.filter(user=self.request.user.pk, provider=provider.issuer).exists()
        )
        return super().get_context_data(provider=provider, is_linked=is_linked, **kwargs)


class PasswordResetConfirmView(auth.PasswordResetConfirmView):
    """Asks for the new password, if the link still works; or links the account with the organisation's sign-in."""

    title = "Set a new password"
    form_class = NewPasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        now = timezone.now()
        if tries_links(request):
            return lock_out_page(request, now + timedelta(hours=1), now, is_here=False)
        if request.method == "POST" and not settings.LOCAL_SIGN_IN:
            return no_passwords(request)
        response = lets_form_through(super().dispatch(request, *args, **kwargs))
        if not self.validlink and response.status_code == HTTPStatus.OK:
            record(SecurityEventKind.LINK_REFUSED, request=request)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        about: dict[str, Any] = {"provider": settings.SINGLE_SIGN_ON, "has_passwords": settings.LOCAL_SIGN_IN}
        if self.user is not None and settings.SINGLE_SIGN_ON:
            about["purpose"] = ticket_for(self.user)
        if not settings.LOCAL_SIGN_IN:
            about["title"] = "Sign in for the first time"
        return super().get_context_data(**kwargs) | about

    def get_user(self, uidb64: str) -> User | None:
        found = super().get_user(uidb64)
        return found if isinstance(found, User) and found.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        # Whoever can read the person's mail may sign in at once, however many failures there were.
        unlock(form.user)
        # For brakes.remember_devices.
        self.request.signed_in_now = form.user  # type: ignore[attr-defined]
        return response


class InvitationView(PasswordResetConfirmView):
    """Asks somebody who was invited for a password of their own, if the link still works."""

    title = "Choose your password"
    form_class = InvitedForm
    token_generator: Any = InvitationTokens()
