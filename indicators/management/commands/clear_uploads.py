"""Removes files whose preview nobody confirmed in time."""

from typing import Any

from django.core.management.base import BaseCommand

from indicators.calculations.formatting import counted
from indicators.models import PendingUpload


class Command(BaseCommand):
    help = "Remove uploaded spreadsheets whose preview nobody confirmed within two hours."

    def handle(self, *args: Any, **options: Any) -> None:
        count = PendingUpload.objects.clear_expired()
        self.stdout.write(f"{counted(count, 'upload')} removed.")
