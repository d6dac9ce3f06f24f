"""Pages for signing out and for passwords, where Django's own are not enough."""

from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from indicators.models import User

from .forms import NewPasswordForm, PasswordResetForm, is_mail_sent
from .lockout import unlock


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Confirms it; whoever is still signed in goes to the front page instead."""
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "registration/signed_out.html", {"title": "You have signed out"})


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


class PasswordResetConfirmView(auth.PasswordResetConfirmView):
    """Asks for the new password, if the link still works."""

    title = "Set a new password"
    form_class = NewPasswordForm

    def get_user(self, uidb64: str) -> User | None:
        found = super().get_user(uidb64)
        return found if isinstance(found, User) and found.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        # Whoever can read the person's mail may sign in at once, however many failures there were.
        unlock(form.user)
        return response
