"""Makes a link that signs somebody in, for when the organisation's sign-in is down or nobody gets in by it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.models import User
from scorecard.accounts.sign_in import link_for


class Command(BaseCommand):
    help = "Make a link that signs a person in, once and within ten minutes, even where LOCAL_SIGN_IN is off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the person's user name")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.named(options["username"]).first()
        if person is None or not person.is_active:
            raise CommandError(f"Nobody active has the user name {options['username']}.")
        if not settings.SITE_URL:
            raise CommandError("SITE_URL is missing, so it is not known where the link has to lead.")
        self.stdout.write(f"{settings.SITE_URL.rstrip('/')}{link_for(person)}")
