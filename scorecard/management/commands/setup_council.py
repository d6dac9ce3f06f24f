"""Begins a new installation: the council's name, its first performance officer, and where to go on."""

import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from indicators.mailing import SiteAddressError, site_url
from scorecard.models import CouncilDetails


class Command(BaseCommand):
    help = "Begin a new installation. Asks on a terminal for what isn't given as an option; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--council", help="the council's full name, as “Exampleshire County Council”")
        parser.add_argument("--officer", help="e-mail address of the first performance officer")
        parser.add_argument("--name", help="the officer's name, as reports have it")

    def handle(self, *args: Any, **options: Any) -> None:
        details = CouncilDetails.present()
        asked = (
            ("council", "The council’s full name", details.council),
            ("officer", "E-mail address of the first performance officer", ""),
            ("name", "Their name, as reports have it (may be left out)", ""),
        )
        said = {name: self._said(options[name], words, known) for name, words, known in asked}
        if not said["council"] or not said["officer"]:
            raise CommandError("Say --council and --officer, or run it on a terminal.")
        try:
            address = site_url() + reverse("setup")
        except SiteAddressError as error:
            raise CommandError(str(error)) from error
        with transaction.atomic():
            if said["council"] != details.council:
                details.council = said["council"]
                try:
                    details.full_clean()
                except ValidationError as error:
                    raise CommandError(f"{said['council']}: {' '.join(error.messages)}") from error
                details.save()
            call_command("add_officer", said["officer"], name=said["name"], stdout=self.stdout)
        self.stdout.write(f"Where to go on, signed in as that officer: {address}")

    def _said(self, given: str | None, words: str, known: str) -> str:
        if given is None and sys.stdin.isatty():
            given = input(f"{words}{f' [{known}]' if known else ''}: ")
        return (given or "").strip() or known
