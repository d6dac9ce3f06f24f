"""Two scorecards of January 2021 as a demonstration, read from fixtures/: children's services, and the whole council.

Each is loaded once, into a database that has nothing of its names, and then belongs to whoever
tries it out: loading again changes nothing, so that nobody's trial entries are lost.
"""

from datetime import date

from django.db import transaction
from django.db.models.functions import Lower

from indicators.models import Indicator, PopulationGroup, User
from indicators.moments import today_in_britain
from scorecard.models import Slug

from . import board, facts
from .facts import Fixtures

__all__ = ["CHILDREN", "CORPORATE", "SLUG", "DemonstrationError", "load"]

CHILDREN, CORPORATE = Fixtures("children_and_families"), Fixtures("corporate")
SLUG = CHILDREN.slug


class DemonstrationError(Exception):
    """The demonstration would get mixed up with what is stored; nothing was added."""


@transaction.atomic
def load(password: str | None, today: date | None = None, *, files: Fixtures = CHILDREN) -> dict[str, int]:
    """Add a demonstration scorecard; returns how many rows of each kind, nothing when it is there.

    The people get `password`; with None they cannot sign in until one is set for them. February 2021 is
    open for collection, due in the days after `today`, so that entering can be tried whenever that is. All dates are
    working days. Raises `DemonstrationError` when other rows have names of the demonstration.
    """
    # Also where its address has become another since.
    if Slug.objects.filter(slug=files.slug).exists():
        return {}
    references = {record["reference"].lower() for record in files.records("indicators.csv")}
    stored = Indicator.objects.annotate(lowered=Lower("reference")).filter(lowered__in=references)
    names = {record["username"] for record in files.records("people.csv")}
    groups = {record["group"] for record in files.records("populations.csv")}
    clashes = [
        *stored.values_list("reference", flat=True),
        *User.objects.filter(username__in=names).values_list("username", flat=True),
        *PopulationGroup.objects.filter(name__in=groups).values_list("name", flat=True),
    ]
    if clashes:
        raise DemonstrationError(
            f"The database has {', '.join(clashes)} already, without the scorecard {files.slug}. "
            "Load the demonstration into an empty database, so that it does not mix with your figures."
        )
    added = {
        "people": facts.add_people(files, password),
        "populations": facts.add_populations(files),
        "indicators": facts.add_indicators(files),
        "parts of derived indicators": facts.add_terms(files),
        "checks between indicators": facts.add_checks(files),
        "monthly values": facts.add_values(files),
        "comparators": facts.add_comparators(files),
        "national comparators": facts.add_national_comparators(files),
        "baselines and successors": facts.add_judgements(files),
        "targets": facts.add_targets(files),
        "commentaries": board.add_commentary(files),
    }
    today = today or today_in_britain()
    scorecard = board.add_scorecard(files, today)
    added["lines"] = board.add_lines(files, scorecard)
    added["editions"] = board.add_editions(files, scorecard, today)
    added["frozen reports"] = board.publish_editions(scorecard)
    return {name: count for name, count in added.items() if count}
