"""Puts the first performance officer in place, who puts everybody else in place."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from indicators.invitations import link_for, signs_in_elsewhere
from indicators.mailing import SiteAddressError, site_url
from indicators.models import SecurityEventKind, User
from indicators.security_log import record
from scorecard.roles import PERFORMANCE_OFFICERS


class Command(BaseCommand):
    help = "Add a performance officer who also decides who may do what, and say the link for their password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="their e-mail address; the user name is what stands before the @")
        parser.add_argument("--name", default="", help="as reports have it: Jo Bloggs")
        parser.add_argument("--link", action="store_true", help="somebody who is there gets a new link")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            site_url()
        except SiteAddressError as error:
            raise CommandError(str(error)) from error
        email = options["email"].strip()
        found = User.objects.filter(email__iexact=email).first()
        if found and not options["link"]:
            self.stdout.write(f"{found.username} is there already, and is left as they are. A new link: --link")
            return
        if found and not found.is_active:
            raise CommandError(f"The account {found.username} is switched off.")
        if found and signs_in_elsewhere(found):
            raise CommandError(
                f"{found.username} signs in through single sign-on, and needs no password here. "
                f"A link that signs them in once: manage.py sign_in_link {found.username}"
            )
        person = found or _added(email, options["name"].strip())
        link = link_for(person)
        record(SecurityEventKind.INVITED, person=person, detail="with a link for whoever runs the server")
        self.stdout.write(
            f"{person.username} chooses their password under this link. It works once, within "
            f"{settings.INVITATION_DAYS} days:\n{link}"
        )


@transaction.atomic
def _added(email: str, name: str) -> User:
    username = email.partition("@")[0]
    if User.objects.named(username).exists():
        raise CommandError(f"Somebody else has the user name {username} already.")
    person = User(username=username, email=email, name=name, is_staff=True, is_superuser=True)
    person.set_unusable_password()
    try:
        person.full_clean()
    except ValidationError as error:
        raise CommandError(f"{email}: {' '.join(error.messages)}") from error
    person.save()
    person.groups.add(Group.objects.get(name=PERFORMANCE_OFFICERS))
    return person
