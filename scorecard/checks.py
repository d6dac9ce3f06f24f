"""What `manage.py check --deploy` looks at, besides Django's own checks."""

from typing import Any

from django.core import checks

from scorecard.collection.mail import SiteAddressError, site_url


@checks.register("reminders", deploy=True)
def links_lead_somewhere(**kwargs: Any) -> list[checks.CheckMessage]:
    """Warns that no reminder can be sent."""
    try:
        site_url()
    except SiteAddressError as error:
        return [checks.Warning(str(error), id="scorecard.W001")]
    return []
