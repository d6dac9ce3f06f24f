"""Every address of the site."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from . import views
from .forms.accounts import SignInForm

urlpatterns = [
    path("", views.home, name="home"),
    path(
        "sign-in/", LoginView.as_view(authentication_form=SignInForm, extra_context={"title": "Sign in"}), name="login"
    ),
    path("sign-out/", LogoutView.as_view(), name="logout"),
    path("scorecards/<slug:slug>/", views.latest_report, name="latest_report"),
    path("scorecards/<slug:slug>/<str:month_text>/", views.report, name="report"),
    path("scorecards/<slug:slug>/<str:month_text>/report.<str:file_format>", views.download, name="download"),
    path("admin/", admin.site.urls),
]
