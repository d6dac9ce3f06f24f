"""Freezes the reports of editions that were published before reports were frozen; after an upgrade."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from scorecard.models import Scorecard
from scorecard.publication.publish import freeze_published


class Command(BaseCommand):
    help = "Freeze published editions that have no publication yet, as the data stand now. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        frozen = 0
        for scorecard in Scorecard.objects.order_by("title", "pk"):
            for publication in freeze_published(scorecard, timezone.now()):
                frozen += 1
                self.stdout.write(f"{publication}: frozen as the data stand now.")
        if frozen and settings.MAKE_FILES_WHEN_PUBLISHED:
            call_command("make_files", stdout=self.stdout, stderr=self.stderr)
        if not frozen:
            self.stdout.write("Every published edition is frozen already.")
