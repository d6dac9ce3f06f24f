"""The app of words and their workflow."""

from django.apps import AppConfig


class CommentaryConfig(AppConfig):
    name = "commentary"
    verbose_name = "Commentary and overview"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from indicators.leaving import DUTIES, Duty

        from .models import AreaOfFocus

        DUTIES.append(
            Duty(
                "is to answer",
                "question",
                "owner",
                lambda person: AreaOfFocus.objects.questions().filter(owner=person, closed_on=None),
                lambda question: f"“{question.title}”",
            )
        )
