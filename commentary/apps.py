"""The app of words and their workflow."""

from functools import partial
from typing import Any

from django.apps import AppConfig


def _open_of(rows: Any, person: Any) -> Any:
    return rows.filter(owner=person, closed_on=None)


class CommentaryConfig(AppConfig):
    name = "commentary"
    verbose_name = "Commentary and overview"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from indicators.leaving import DUTIES, Duty

        from .focus import FocusKind
        from .models import AreaOfFocus

        questions = AreaOfFocus.objects.questions()
        of_service = AreaOfFocus.objects.filter(kind=FocusKind.AREA)
        for verb, noun, rows in (("is to answer", "question", questions), ("answers for", "area of focus", of_service)):
            DUTIES.append(
                Duty(
                    verb,
                    noun,
                    "owner",
                    partial(_open_of, rows),
                    lambda row: f"“{row.title}”",
                )
            )
