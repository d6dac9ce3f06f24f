"""The app of facts and arithmetic."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = "Indicators and figures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import triggers  # registers the check of them, too

        pre_migrate.connect(triggers.drop_for_migration, sender=self, dispatch_uid="drop_triggers")
        post_migrate.connect(triggers.create, sender=self, dispatch_uid="create_triggers")
