"""Pages for signing out and for passwords, where Django's own are not enough."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.invitations import InvitationTokens
from indicators.mailing import is_mail_sent, site_url
from indicators.models import SecurityEventKind, User
from indicators.security_log import record
from scorecard.access import signed_in
from scorecard.display.forms import GovukFormMixin
from scorecard.rules import require

from .brakes import tries_links
from .factors import has_factor, is_done_at_provider, needs_factor, take_off
from .forms import InvitedForm, NewPasswordForm, PasswordChangeForm, PasswordResetForm
from .linking import ticket_for
from .lockout import lock_out_page, unlock
from .sessions import end_others, of_person
from .sign_in import no_passwords
from .single_sign_on import lets_form_through

# So few recovery codes are left that somebody should make new ones.
FEW = 3


class YourSignInView(IndexView):
    """What somebody signs in with, and where they are signed in."""

    template_name = "account/your_sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        codes = found["authenticators"].get(Authenticator.Type.RECOVERY_CODES)
        person = signed_in(self.request)
        return {
            **found,
            "title": "Your sign-in",
            "sessions": of_person(self.request),
            "codes_left": len(codes.get_unused_codes()) if codes else None,
            "few": FEW,
            "is_needed": needs_factor(person) and not is_done_at_provider(self.request, person),
            "has_factor": has_factor(person),
        }


class TakeOffForm(GovukFormMixin, forms.Form):
    """That the officer knows it is the person who asks."""

    is_certain = forms.BooleanField(
        label="I have made sure that it is this person who asks",
        help_text="In person, or by calling a number that you know: a mail may come from somebody else.",
        error_messages={"required": "Make sure of it first, and say so here."},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_off_factors(request: HttpRequest, key: int) -> HttpResponse:
    """An officer takes lost second factors off somebody who may do no more than they may."""
    officer = signed_in(request)
    require(officer, "take_off_factors")
    person = get_object_or_404(User, pk=key) if key < 2**63 else None
    if person is None:
        raise Http404
    if person == officer or (person.is_superuser and not officer.is_superuser):
        raise PermissionDenied
    form = TakeOffForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        count = take_off(person=person, request=request)
        told = "They were signed out, and can set up a new one when they next sign in." if count else "There were none."
        messages.success(request, f"The second factors of {person} are taken off. {told}")
        return redirect("person", person.pk)
    context = {"title": f"Take the second factors off {person}", "form": form, "has_factor": has_factor(person)}
    return render(request, "account/take_off.html", context, status=422 if form.errors else 200)


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
    """Asks for the old password and a new one, which ends other sessions; or links with the organisation's sign-in."""

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

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        end_others(self.request)
        return response

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
