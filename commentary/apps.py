"""The app of words and their workflow."""

from django.apps import AppConfig


class CommentaryConfig(AppConfig):
    name = "commentary"
    verbose_name = "Commentary and overview"
    default_auto_field = "django.db.models.BigAutoField"
