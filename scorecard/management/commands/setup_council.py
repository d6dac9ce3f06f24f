"""Begins a new installation: the council's name, its first performance officer, and where to go on."""

import sys
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from indicators.calculations.formatting import counted
from indicators.calculations.months import add_months, parse_month
from indicators.mailing import SiteAddressError, site_url
from indicators.models import User
from indicators.moments import today_in_britain
from scorecard.models import CouncilDetails
from scorecard.onboarding.create import PlanRefusedError
from scorecard.starting.templates import (
    TEMPLATES,
    Choice,
    Template,
    begin_from_template,
    here_already,
    missing_parts,
    scorecards_from,
)


class Command(BaseCommand):
    help = "Begin a new installation. Asks on a terminal for what isn't given as an option; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--council", help="the council's full name, as “Exampleshire County Council”")
        parser.add_argument("--officer", help="e-mail address of the first performance officer")
        parser.add_argument("--name", help="the officer's name, as reports have it")
        parser.add_argument(
            "--template", help=f"begin a scorecard with the definitions of one: {' or '.join(TEMPLATES)}"
        )
        parser.add_argument(
            "--leave-out", default="", help="references of it that the council doesn't report: M8-QL,FM011"
        )
        parser.add_argument(
            "--first-month", default="", help="of that scorecard, as 2026-04; without it the last month"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        details = CouncilDetails.present()
        asked = (
            ("council", "The council’s full name", details.council),
            ("officer", "E-mail address of the first performance officer", ""),
            ("name", "Their name, as reports have it (may be left out)", ""),
        )
        given = {name: self._said(options[name], words, known) for name, words, known in asked}
        if not given["council"] or not given["officer"]:
            raise CommandError("Say --council and --officer, or run it on a terminal.")
        try:
            address = site_url() + reverse("setup")
        except SiteAddressError as error:
            raise CommandError(str(error)) from error
        line_up = self._checked(options)
        with transaction.atomic():
            if given["council"] != details.council:
                details.council = given["council"]
                try:
                    details.full_clean()
                except ValidationError as error:
                    raise CommandError(f"{given['council']}: {' '.join(error.messages)}") from error
                details.save()
            call_command("add_officer", given["officer"], name=given["name"], stdout=self.stdout)
            if line_up:
                self._begin(*line_up, council=given["council"], officer=given["officer"])
        self.stdout.write(f"Where to go on, signed in as that officer: {address}")

    def _checked(self, options: dict[str, Any]) -> tuple[Template, set[str], date] | None:
        """The template, which of its references are left out, and the first month; None without one."""
        left_out = {one.strip().lower() for one in options["leave_out"].split(",")} - {""}
        if not options["template"]:
            if left_out or options["first_month"]:
                raise CommandError("--leave-out and --first-month are of a scorecard from a template: say --template.")
            return None
        template = TEMPLATES.get(options["template"])
        if template is None:
            raise CommandError(f"“{options['template']}” is no template: {' or '.join(TEMPLATES)}.")
        unknown = left_out - {line.reference.lower() for line in template.lines}
        if unknown:
            raise CommandError(f"{template.title} has no line {', '.join(sorted(unknown)).upper()}.")
        taken = {line.reference for line in template.lines if line.reference.lower() not in left_out}
        if not taken:
            raise CommandError("Nothing is left of the template.")
        for part, needed in missing_parts(template, taken, ()).items():
            verb, them = ("is", "it") if len(needed) == 1 else ("are", "them")
            named = ", ".join(needed)
            raise CommandError(f"{named} {verb} worked out from {part}: leave {them} out too, or keep {part}.")
        try:
            month = parse_month(options["first_month"]) if options["first_month"] else None
        except ValueError as error:
            raise CommandError(str(error)) from error
        return template, taken, month or add_months(today_in_britain().replace(day=1), -1)

    def _begin(self, template: Template, taken: set[str], month: date, *, council: str, officer: str) -> None:
        begun = scorecards_from(template).first()
        if begun:
            self.stdout.write(f"{begun}, from the template, is there already, and is left as it is.")
            return
        here = here_already(taken)
        if here:
            named = ", ".join(sorted(one.reference for one in here.values()))
            raise CommandError(
                f"Nothing was made: {named} {'is' if len(here) == 1 else 'are'} here already. The page "
                f"{reverse('template', args=[template.name])} asks what becomes of each."
            )
        choice = Choice(
            template, {name: name for name in taken}, {}, template.scorecard_title, council, str(template.panel), month
        )
        by = User.objects.get(email__iexact=officer)
        try:
            scorecard = begin_from_template(choice, by=by, today=today_in_britain())
        except (PlanRefusedError, PermissionDenied) as error:
            raise CommandError(f"Nothing was made. {error}") from error
        lines = counted(len(taken), "line")
        self.stdout.write(f"{scorecard} is there, with {lines}. Its first month is {month:%B %Y}.")

    def _said(self, given: str | None, words: str, known: str) -> str:
        if given is None and sys.stdin.isatty():
            given = input(f"{words}{f' [{known}]' if known else ''}: ")
        return (given or "").strip() or known
