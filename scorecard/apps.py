"""The app of scorecards, editions and reports; and django-axes under a name that says what it is for."""

from typing import Any

from axes.apps import AppConfig as AxesConfig
from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class ScorecardConfig(AppConfig):
    name = "scorecard"
    verbose_name = "Scorecards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from commentary.models import AreaOfFocus
        from indicators.models import Deputy, Indicator, User
        from indicators.models.indicator import FIRST_MONTH_OF_COUNCIL
        from indicators.people import REPORTS
        from indicators.reasons import ASKED_OF_ROWS
        from indicators.resources.figures import ALSO_ASKED

        from . import health  # noqa: F401 - its checks
        from .accounts.listeners import listen
        from .models import CouncilDetails
        from .publication.asking import ask_about_changes
        from .publication.reached import ask_what_is_reached
        from .roles import ensure_groups
        from .sheet.asking import ask_what_belongs_together

        for ask in (ask_what_belongs_together, ask_about_changes):
            if ask not in ALSO_ASKED:
                ALSO_ASKED.append(ask)
        ASKED_OF_ROWS[:] = [ask_what_is_reached]
        FIRST_MONTH_OF_COUNCIL[:] = [CouncilDetails.first_month]
        its_lines, answered = "lines__section__scorecard", "scorecards"
        of_person = [
            f"owned_indicators__{its_lines}",
            f"reported_indicators__{its_lines}",
            f"areas_of_focus__{answered}",
        ]
        REPORTS.update(
            {
                Indicator: [its_lines],
                AreaOfFocus: [answered],
                User: of_person,
                Deputy: [f"person__{way}" for way in of_person],
            }
        )

        listen()
        post_migrate.connect(ensure_groups, sender=self, dispatch_uid="ensure_groups")


@checks.register("reminders", deploy=True)
def links_lead_somewhere(**kwargs: Any) -> list[checks.CheckMessage]:
    """`manage.py check --deploy` warns that no reminder can be sent."""
    from indicators.mailing import SiteAddressError, site_url

    try:
        site_url()
    except SiteAddressError as error:
        return [checks.Warning(str(error), id="scorecard.W001")]
    return []


class SignInConfig(AxesConfig):
    """Failed sign-ins, and who is locked out."""

    verbose_name = "Sign-in"
