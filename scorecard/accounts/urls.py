"""The addresses for signing in and out and for passwords."""

from django.contrib.auth import views as auth
from django.urls import path
from django.views.generic import RedirectView

from . import views
from .forms import PasswordChangeForm, SignInForm

password_reset = views.PasswordResetView.as_view()

urlpatterns = [
    path(
        "sign-in/",
        auth.LoginView.as_view(authentication_form=SignInForm, extra_context={"title": "Sign in"}),
        name="login",
    ),
    path("sign-out/", auth.LogoutView.as_view(), name="logout"),
    path("signed-out/", views.signed_out, name="signed_out"),
    path("password-reset/", password_reset, name="password_reset"),
    # The administration's own sign-in page links to this name.
    path("password-reset/", password_reset, name="admin_password_reset"),
    path(
        "password-reset/sent/",
        auth.PasswordResetDoneView.as_view(title="Check your e-mail"),
        name="password_reset_done",
    ),
    path(
        "password-reset/done/",
        auth.PasswordResetCompleteView.as_view(title="Your new password is set"),
        name="password_reset_complete",
    ),
    path("password-reset/<uidb64>/<token>/", views.PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
    path(
        "password-change/",
        auth.PasswordChangeView.as_view(form_class=PasswordChangeForm, title="Change your password"),
        name="password_change",
    ),
    path(
        "password-change/done/",
        auth.PasswordChangeDoneView.as_view(title="Your password is changed"),
        name="password_change_done",
    ),
    # There is one page for this, also for those who come from the administration.
    path("admin/password_change/", RedirectView.as_view(pattern_name="password_change")),
]
