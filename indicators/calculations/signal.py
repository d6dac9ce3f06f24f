"""What statistical process control says of a row's latest figure, as plain data with its words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from indicators.calculations.exact import Exact
from indicators.calculations.figures import Figure
from indicators.calculations.spc import (
    Assurance,
    Chart,
    Improvement,
    SpecialCause,
    Variation,
    draw_chart,
    rebase_places,
)
from indicators.calculations.vocabulary import Blank, LabelledEnum, Polarity, Unit

# Two years and the month they are compared with: long enough for firm limits, short enough to be about today's service.
MONTHS_IN_SIGNAL = 25

LATEST_IS_BLANK = "There is no latest figure."
GAP_NOT_KNOWN = "A month since the case before is blank, so the time between cases isn’t known."
NO_LIMITS = "There are not yet two figures side by side that differ, so there are no limits."


class SignalKind(LabelledEnum):
    """What a reader can ask for: signals without their direction."""

    CONCERN = "concern", "Concern"
    IMPROVEMENT = "improvement", "Improvement"
    UNUSUAL = "unusual", "Unusual, not judged"
    USUAL = "usual", "Usual variation"
    NONE = "none", "No signal"


_KINDS = {
    Variation.COMMON_CAUSE: SignalKind.USUAL,
    Variation.IMPROVEMENT_HIGH: SignalKind.IMPROVEMENT,
    Variation.IMPROVEMENT_LOW: SignalKind.IMPROVEMENT,
    Variation.CONCERN_HIGH: SignalKind.CONCERN,
    Variation.CONCERN_LOW: SignalKind.CONCERN,
    Variation.NEUTRAL_HIGH: SignalKind.UNUSUAL,
    Variation.NEUTRAL_LOW: SignalKind.UNUSUAL,
}
_GAP_WORDS = {
    SignalKind.CONCERN: "Concern: longer than usual without a case",
    SignalKind.IMPROVEMENT: "Improvement: longer than usual without a case",
    SignalKind.UNUSUAL: "Longer than usual without a case",
}


class Move(NamedTuple):
    """A latest figure far from those before it, where no chart can judge it.

    `variation` says which way it moved and what that means; it is never common cause. `figures` is how many figures
    were before it, which lay from `lowest` to `highest`, in the indicator's unit. `by_chance` is whether its parts are
    known, so that chance alone was reckoned with; otherwise the distance alone was looked at.
    """

    variation: Variation
    figures: int
    lowest: Exact
    highest: Exact
    by_chance: bool


class Signal(NamedTuple):
    """Whether the latest figure is more than usual variation.

    `variation` is None where nothing can be said, and `because` then says why, otherwise why this
    chart. `assurance` is None without a target, without limits, and where neither way is better.
    `trial` limits rest on fewer than 13 figures. A `suppressed` one says nothing. `figures` is how many figures were
    looked at, the latest included: those since the latest rebase; 0 where it isn't known.
    `move` is only there where no chart can judge. `only_follows` is the indicator that is worked out from this count
    and shows that it is neither better nor worse; None where there is none.
    """

    variation: Variation | None
    assurance: Assurance | None
    trial: bool
    has_limits: bool
    chart: Chart
    because: str
    cause: SpecialCause
    suppressed: bool = False
    figures: int = 0
    move: Move | None = None
    only_follows: int | None = None

    @property
    def kind(self) -> SignalKind:
        return SignalKind.NONE if self.variation is None else _KINDS[self.variation]

    @property
    def words(self) -> str:
        """The signal in a few words, the same for everybody who shows it."""
        if self.suppressed:
            return Blank.SUPPRESSED.shorthand
        if self.variation is None:
            return "No signal"
        if self.kind is SignalKind.USUAL:
            return "Usual variation"
        return _GAP_WORDS[self.kind] if self.chart is Chart.G else self.variation.label


def signal_of(
    figures: Sequence[Figure],
    months: Sequence[date],
    *,
    unit: Unit,
    polarity: Polarity,
    target: Exact | None,
    rebases: Collection[date],
) -> Signal:
    """The signal of the latest of the figures, one a month or quarter in order, in the unit.

    A latest figure that is blank has none. Estimated figures count. `target` is that of the
    latest figure's financial year.
    """
    if not figures or figures[-1].value is None:
        return _no_signal(Chart.NONE, LATEST_IS_BLANK)
    choice, found = draw_chart(
        figures,
        unit,
        improvement=Improvement.of(polarity),
        target=target,
        rebase_at=rebase_places(months, rebases) if rebases else (),
    )
    if found is None:
        return _no_signal(choice.chart, choice.because)
    # Of the points only a gap between cases can be blank, for a latest figure is there.
    latest = found.groups[-1].values
    if latest and latest[-1] is None:
        return _no_signal(choice.chart, GAP_NOT_KNOWN)
    has_limits = found.has_limits
    # Runs and trends need no limits; that nothing is unusual can't be told without.
    if found.cause is SpecialCause.NONE and not has_limits:
        return _no_signal(choice.chart, NO_LIMITS)
    return Signal(
        variation=found.variation,
        assurance=found.assurance if has_limits else None,
        trial=found.trial,
        has_limits=has_limits,
        chart=choice.chart,
        because=choice.because,
        cause=found.cause,
    )


def _no_signal(chart: Chart, because: str) -> Signal:
    return Signal(None, None, trial=False, has_limits=False, chart=chart, because=because, cause=SpecialCause.NONE)
