"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("scorecard.accounts.urls")),
    path("scorecards/<slug:slug>/", views.latest_report, name="latest_report"),
    path("scorecards/<slug:slug>/<str:month_text>/", views.report, name="report"),
    path("scorecards/<slug:slug>/<str:month_text>/report.<str:file_format>", views.download, name="download"),
    path("admin/", admin.site.urls),
]
