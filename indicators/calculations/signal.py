"""What statistical process control says of a row's latest figure, as plain data with its words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from indicators.calculations.exact import Exact
from indicators.calculations.figures import Figure
from indicators.calculations.moves import Move, large_move
from indicators.calculations.rating import Aim
from indicators.calculations.spc import (
    Assurance,
    Chart,
    Improvement,
    SpecialCause,
    Variation,
    examine,
    rebase_places,
)
from indicators.calculations.vocabulary import Blank, LabelledEnum, Polarity, Unit

# Two years and the month they are compared with: long enough for firm limits, short enough to be about today's service.
MONTHS_IN_SIGNAL = 25
# Of an indicator that isn't monthly: as many figures as firm limits need, and the one that they judge.
PERIODS_IN_SIGNAL = 13

LATEST_IS_BLANK = "There is no latest figure."
NO_LIMITS = "No two figures that differ stand side by side, so there are no limits."
GAP_NOT_KNOWN = "A month since the case before is blank, so the time between cases isn’t known."


class SignalKind(LabelledEnum):
    """What a reader can ask for: signals without their direction."""

    CONCERN = "concern", "Concern"
    IMPROVEMENT = "improvement", "Improvement"
    UNUSUAL = "unusual", "Unusual, not judged"
    USUAL = "usual", "Usual variation"
    NONE = "none", "Could not be examined"


KINDS = {
    Variation.COMMON_CAUSE: SignalKind.USUAL,
    Variation.IMPROVEMENT_HIGH: SignalKind.IMPROVEMENT,
    Variation.IMPROVEMENT_LOW: SignalKind.IMPROVEMENT,
    Variation.CONCERN_HIGH: SignalKind.CONCERN,
    Variation.CONCERN_LOW: SignalKind.CONCERN,
    Variation.NEUTRAL_HIGH: SignalKind.UNUSUAL,
    Variation.NEUTRAL_LOW: SignalKind.UNUSUAL,
}
# In 1,000 stable lines, so many have a signal in a month by chance: of some length, and of fewer figures than these. As
# simulated: docs/methods.md.
SHORT_BELOW = 9
_FALSE_ALARMS = {Chart.XMR: (18, 12), Chart.C: (20, 2), Chart.P: (8, 1), Chart.G: (65, 40), Chart.NONE: (0, 0)}
_GAP_WORDS = {
    SignalKind.CONCERN: "Concern: longer than usual without a case",
    SignalKind.IMPROVEMENT: "Improvement: longer than usual without a case",
    SignalKind.UNUSUAL: "Longer than usual without a case",
}


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
        return SignalKind.NONE if self.variation is None else KINDS[self.variation]

    @property
    def latest(self) -> Variation | None:
        """What is said of the latest figure, by a chart or without one; None where nothing is."""
        return self.move.variation if self.move else self.variation

    @property
    def told(self) -> SignalKind:
        """The kind of what is said of the latest figure, by a chart or without one."""
        return SignalKind.NONE if self.latest is None else KINDS[self.latest]

    @property
    def is_high(self) -> bool | None:
        """Whether the figure is unusually high, or low; None where it is neither. Of rare cases a long time is low."""
        if self.latest is None or self.latest is Variation.COMMON_CAUSE:
            return None
        return self.latest.is_high is not (self.chart is Chart.G and self.move is None)

    @property
    def false_alarm(self) -> Fraction:
        """How likely chance alone makes a signal of a line's month whose service never changes; 0 without a chart."""
        if self.variation is None:
            return Fraction(0)
        is_short = 0 < self.figures < SHORT_BELOW
        return Fraction(_FALSE_ALARMS[self.chart][is_short], 1000)

    @property
    def words(self) -> str:
        """The signal in a few words, the same for everybody who shows it."""
        if self.suppressed:
            return Blank.SUPPRESSED.shorthand
        if self.variation is None:
            return f"{self.kind.label}, but {self.move.words}" if self.move else self.kind.label
        if self.kind is SignalKind.USUAL:
            return "Usual variation"
        return _GAP_WORDS[self.kind] if self.chart is Chart.G else self.variation.label


def signal_of(
    figures: Sequence[Figure],
    months: Sequence[date],
    *,
    unit: Unit,
    polarity: Polarity,
    target: Exact | Aim | None,
    rebases: Collection[date],
    is_signed: bool = False,
) -> Signal:
    """The signal of the latest of the figures, one a month, quarter, term … in order, in the unit; `is_signed` where
    they can be negative.

    A latest figure that is blank has none. Estimated figures count. `target` is that of the
    latest figure's financial year.
    """
    if not figures or figures[-1].value is None:
        return _no_signal(Chart.NONE, LATEST_IS_BLANK)
    improvement = Improvement.of(polarity)
    rebase_at = rebase_places(months, rebases) if rebases else ()
    since = figures[rebase_at[-1] :] if rebase_at else figures
    count = sum(figure.value is not None for figure in since)
    target = None if polarity is Polarity.NEUTRAL else target
    choice, found = examine(
        figures, unit, improvement=improvement, target=target, rebase_at=rebase_at, is_signed=is_signed
    )
    because = choice.because
    if found is not None:
        latest = found.groups[-1]
        # Of the points only a gap between cases can be blank, for a latest figure is there.
        if latest.values and latest.values[-1] is None:
            because = GAP_NOT_KNOWN
        # Runs and trends need no limits; that nothing is unusual can't be told without.
        elif found.cause is not SpecialCause.NONE or found.has_limits:
            return Signal(
                variation=found.variation,
                assurance=found.assurance if found.has_limits else None,
                trial=found.trial,
                has_limits=found.has_limits,
                chart=choice.chart,
                because=because,
                cause=found.cause,
                figures=count,
            )
        else:
            because = NO_LIMITS
    move = large_move(since, unit, improvement, is_signed=is_signed)
    return _no_signal(choice.chart, because)._replace(figures=count, move=move)


def _no_signal(chart: Chart, because: str) -> Signal:
    return Signal(None, None, trial=False, has_limits=False, chart=chart, because=because, cause=SpecialCause.NONE)
