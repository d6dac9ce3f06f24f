"""Deletes rows of the security log that have been kept for their time."""

from typing import Any

from django.core.management.base import BaseCommand

from indicators.calculations.formatting import counted
from indicators.security_log import delete_old_events


class Command(BaseCommand):
    help = "Delete rows of the security log that are older than SECURITY_LOG_DAYS said when they were written."

    def handle(self, *args: Any, **options: Any) -> None:
        count = delete_old_events()
        self.stdout.write(f"{counted(count, 'row')} of the security log deleted.")
