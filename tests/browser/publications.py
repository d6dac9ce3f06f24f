"""A service that has published, revised and hidden: what the browser tests of published reports start from."""

from django.utils import timezone

from commentary.models import Commentary
from indicators.calculations.months import add_months
from indicators.models import MonthlyValue
from scorecard.models import Edition, EditionState, Line, PublicationKind, Scorecard
from scorecard.publication.publish import draft_edition, freeze
from tests.factories import make_edition, make_indicator, make_value, publish

from . import returns

FEBRUARY, JANUARY, DECEMBER, NOVEMBER = (add_months(returns.FEBRUARY, -back) for back in range(4))
REASON = "A form that came in late was left out, by the service and by its partner, as the audit found."


def make_published() -> Scorecard:
    """Families, whose small counts are hidden: November published before they were, December, January with a
    revision and something more to revise, and February in review.
    """
    scorecard = returns.make_service()
    returns.make_officer()
    small = make_indicator("S1", title="Children missing", polarity="low")
    Line.objects.create(section=scorecard.sections.get(), indicator=small, position=20)
    for back in range(12):
        make_value(small, add_months(FEBRUARY, -back), (2, 7, 3, 12)[back % 4])
    Commentary.objects.create(indicator=small, month=FEBRUARY, text="2 children were missing.")
    scorecard.is_public = True
    scorecard.panel = "Panel-without-a-space-" * 9  # has to break at every width
    publish(scorecard, NOVEMBER)
    scorecard.suppresses_small_counts = True
    scorecard.save()
    publish(scorecard, DECEMBER, JANUARY)
    change("C1", 131)
    draft = draft_edition(Edition.objects.get(month=JANUARY))
    freeze(draft, kind=PublicationKind.CORRECTION, reason=REASON, by=None, now=timezone.now())
    change("C2", 20)
    make_edition(scorecard, FEBRUARY, state=EditionState.IN_REVIEW)
    return scorecard


def change(reference: str, figure: int) -> None:
    """Correct January's figure of an indicator."""
    value = MonthlyValue.objects.get(indicator__reference=reference, month=JANUARY)
    value.figure = figure
    value.save()
