"""The app of scorecards, editions and reports; and django-axes under a name that says what it is for."""

from axes.apps import AppConfig as AxesConfig
from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ScorecardConfig(AppConfig):
    name = "scorecard"
    verbose_name = "Scorecards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401 - importing registers the checks
        from .roles import ensure_groups

        post_migrate.connect(ensure_groups, sender=self, dispatch_uid="ensure_groups")


class SignInConfig(AxesConfig):
    """Failed sign-ins, and who is locked out."""

    verbose_name = "Sign-in"
