"""What statistical process control says of a row's latest figure, as plain data with its words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from indicators.calculations.exact import Exact
from indicators.calculations.figures import Figure
from indicators.calculations.moves import Move, large_move
from indicators.calculations.periods import MONTHLY, Periods
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
from indicators.calculations.spc.choice import STANDS_OUT
from indicators.calculations.spc.season import USUALLY_NONE
from indicators.calculations.vocabulary import Blank, LabelledEnum, Polarity, Unit

from .formatting import counted

# Two years and the month they are compared with: long enough for firm limits, short enough to be about today's service.
MONTHS_IN_SIGNAL = 25
# Of an indicator that isn't monthly: as many figures as firm limits need, and the one that they judge.
PERIODS_IN_SIGNAL = 13
# What is known of the shape of a year, without looking too far back: of so many years, and the figure they judge.
YEARS_IN_SEASON = 5

LATEST_IS_BLANK = "There is no latest figure."
NO_LIMITS = "No two figures that differ stand side by side, so there are no limits."
GAP_NOT_KNOWN = "A month since the case before is blank, so the time between cases isn’t known."


class Baseline(NamedTuple):
    """The figures that an officer has fixed mean and limits on: so many from a month on, and why."""

    month: date
    periods: int
    reason: str

    def words(self, last: date, found: int) -> str:
        """What is fixed; of its periods so many are `found`, up to that of `last`."""
        if found < self.periods:
            so_far = f"so far there are {found} of {counted(self.periods, 'period')}"
            return f"Mean and limits are to be fixed on the figures from {self.month:%B %Y}; {so_far}. {self.reason}"
        period = f"from {self.month:%B %Y} to {last:%B %Y} ({counted(found, 'period')})"
        return f"Mean and limits are fixed on the figures {period}. {self.reason}"


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
# Of an XmR chart that is judged against the shape of the year, and of one whose baseline is fixed on so few periods.
_OF_SEASON = Fraction(15, 1000)
_OF_BASELINES = ((24, Fraction(62, 1000)), (36, Fraction(41, 1000)))
_OF_LONG_BASELINE = Fraction(33, 1000)
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
    `is_seasonal` is whether it was judged against the usual shape of the year, and `not_seasonal` says why it was not,
    where the indicator is called seasonal. `baseline` is what mean and limits are fixed on, if anything.
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
    is_seasonal: bool = False
    not_seasonal: str = ""
    baseline: Baseline | None = None

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
        if self.chart is Chart.XMR and self.is_seasonal:
            return _OF_SEASON
        if self.chart is Chart.XMR and (fixed := self.baseline):
            return next((rate for below, rate in _OF_BASELINES if fixed.periods < below), _OF_LONG_BASELINE)
        is_short = 0 < self.figures < SHORT_BELOW
        return Fraction(_FALSE_ALARMS[self.chart][is_short], 1000)

    @property
    def against(self) -> str:
        """What it was judged against, in a few words, where that isn't what is usual; empty otherwise."""
        if self.suppressed or self.variation is None:
            return ""
        said = ["judged against the usual shape of the year"] if self.is_seasonal else []
        if self.baseline and self.chart is not Chart.G:
            said.append(f"judged against a baseline fixed from {self.baseline.month:%B %Y}")
        return " and ".join([*said[:1], *(one.removeprefix("judged ") for one in said[1:])])

    @property
    def in_full(self) -> str:
        """The signal in words, with what it was judged against where that isn't what is usual."""
        return f"{self.words} ({self.against})" if self.against else self.words

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


def season_of(periods: Periods, months: Sequence[date], *, is_seasonal: bool) -> tuple[int, int] | None:
    """The season of figures of these months as `analyse` takes it; None without one, and of yearly figures."""
    return (months[0].month, periods.in_a_year) if is_seasonal and months and periods.in_a_year > 1 else None


def first_judged(current: date, periods: Periods, baselines: Collection[Baseline], *, is_seasonal: bool) -> date:
    """The first month that is looked at to judge the `current` one: further back for a season, and for a baseline."""
    count = MONTHS_IN_SIGNAL if periods.is_monthly else PERIODS_IN_SIGNAL
    if is_seasonal:
        count = max(count, YEARS_IN_SEASON * periods.in_a_year + 1)
    first = periods.previous(current, count - 1)
    begun = [baseline.month for baseline in baselines if baseline.month <= current]
    return min(first, max(begun)) if begun else first


def baselines_begun(
    months: Sequence[date], baselines: Collection[Baseline], periods: Periods
) -> list[tuple[int, Baseline]]:
    """The baselines that begin in these months, oldest first, each with the place of its first figure.

    One that began before the first of the months counts if there is no figure between: quarters lie three months apart.
    """
    found = []
    for baseline in sorted(baselines):
        place = sum(month < baseline.month for month in months)
        if place < len(months) and (place or periods.previous(months[0]) < baseline.month):
            found.append((place, baseline))
    return found


def signal_of(
    figures: Sequence[Figure],
    months: Sequence[date],
    *,
    unit: Unit,
    polarity: Polarity,
    target: Exact | Aim | None,
    rebases: Collection[date],
    is_signed: bool = False,
    season: tuple[int, int] | None = None,
    baselines: Collection[Baseline] = (),
    periods: Periods = MONTHLY,
) -> Signal:
    """The signal of the latest of the figures, one a month, quarter, term … in order, in the unit; `is_signed` where
    they can be negative.

    A latest figure that is blank has none. Estimated figures count. `target` is that of the
    latest figure's financial year. `season` is as `analyse` takes it; `baselines` are those of the indicator up to
    the latest month.
    """
    if not figures or figures[-1].value is None:
        return _no_signal(Chart.NONE, LATEST_IS_BLANK)
    improvement = Improvement.of(polarity)
    rebase_at, begun = _begun(months, rebases, baselines, periods)
    start = max([*rebase_at, *(place for place, _ in begun)], default=0)
    since = figures[start:] if start else figures
    # A rebase that came later ends it.
    baseline = begun[-1][1] if begun and begun[-1][0] == start else None
    count = sum(figure.value is not None for figure in since)
    choice, found = examine(
        figures,
        unit,
        improvement=improvement,
        target=None if polarity is Polarity.NEUTRAL else target,
        rebase_at=rebase_at,
        is_signed=is_signed,
        season=season,
        fixed={place: one.periods for place, one in begun},
    )
    because = choice.because
    if found is not None:
        latest, is_unusual = found.groups[-1], found.cause is not SpecialCause.NONE
        # Of the points only a gap between cases can be blank, for a latest figure is there; or one that the season
        # says nothing about.
        if latest.values and latest.values[-1] is None:
            because = USUALLY_NONE if found.is_seasonal else GAP_NOT_KNOWN
        # Runs and trends need no limits; that nothing is unusual can't be told without.
        elif is_unusual or found.has_limits:
            return Signal(
                variation=found.variation,
                # Where the figures have left their baseline, its limits say nothing of what they will be.
                assurance=found.assurance if found.has_limits and not (baseline and found.is_unusual_lately) else None,
                trial=found.trial,
                has_limits=found.has_limits,
                chart=choice.chart,
                because=because,
                cause=found.cause,
                figures=count,
                is_seasonal=found.is_seasonal,
                not_seasonal=found.not_seasonal_because,
                baseline=baseline,
            )
        else:
            because = NO_LIMITS
    move = large_move(since, unit, improvement, is_signed=is_signed)
    return _no_signal(choice.chart, because)._replace(figures=count, move=move, baseline=baseline)


class Usual(NamedTuple):
    """What is usual for a line: the limits by which its signal judges the latest figure, in the indicator's unit.

    Like those of a chart they aren't cut off where no figure can be. `side` is 1 where the figure lies above them, -1
    where it lies below, else 0.
    """

    low: Exact | None
    high: Exact | None
    side: int
    is_seasonal: bool = False

    def within(self, floor: Exact | None, ceiling: Exact | None) -> Usual:
        """The limits as far as there can be figures; None stands for no such end."""
        low = self.low if floor is None or self.low is None else max(self.low, floor)
        high = self.high if ceiling is None or self.high is None else min(self.high, ceiling)
        return self._replace(low=low, high=high)

    def text(self, value: Exact | None, apart: Callable[[Exact | None, Exact | None], tuple[str, str]]) -> str:
        """The limits in words, as "89 to 111"; with a decimal more where one would print like the value.

        Where both print alike it is one, as "90". `apart` displays two values so that they look different, where they
        are.
        """
        season = " at this time of the year" if self.is_seasonal else ""
        ends = dict.fromkeys(apart(end, value)[0] for end in (self.low, self.high))
        return f"{' to '.join(ends)}{season}"


def usual_of(
    figures: Sequence[Figure],
    months: Sequence[date],
    *,
    unit: Unit,
    rebases: Collection[date],
    is_signed: bool = False,
    season: tuple[int, int] | None = None,
    baselines: Collection[Baseline] = (),
    periods: Periods = MONTHLY,
) -> Usual | None:
    """The limits that `signal_of` judges the latest of the same figures by; None where it is judged by none.

    Where limits have no width it is judged by what all figures before it were. A chart of the time between rare cases
    says nothing of how high a figure usually is.
    """
    if not figures or figures[-1].value is None:
        return None
    rebase_at, begun = _begun(months, rebases, baselines, periods)
    fixed = {place: one.periods for place, one in begun}
    choice, found = examine(
        figures,
        unit,
        improvement=Improvement.NEUTRAL,
        rebase_at=rebase_at,
        is_signed=is_signed,
        season=season,
        fixed=fixed,
    )
    if found is None or not found.has_limits or choice.chart is Chart.G:
        return None
    limits = found.groups[-1].in_full()[1][-1]
    if limits.lower_limit is None and limits.upper_limit is None:
        return None
    low, high = limits.lower_limit, limits.upper_limit
    if choice is STANDS_OUT:
        start = max([*rebase_at, *(place for place, _ in begun)], default=0)
        before = [figure.value for figure in figures[start:-1] if figure.value is not None]
        low, high = min(before), max(before)
    return Usual(low, high, _SIDES.get(found.cause, 0), is_seasonal=found.is_seasonal)


_SIDES = {SpecialCause.ABOVE_LIMIT: 1, SpecialCause.BELOW_LIMIT: -1}


def _begun(
    months: Sequence[date], rebases: Collection[date], baselines: Collection[Baseline], periods: Periods
) -> tuple[Sequence[int], list[tuple[int, Baseline]]]:
    """The places from which mean and limits begin afresh, and those with the baselines that begin there."""
    rebase_at = rebase_places(months, rebases) if rebases else ()
    return rebase_at, baselines_begun(months, baselines, periods) if baselines else []


def _no_signal(chart: Chart, because: str) -> Signal:
    return Signal(None, None, trial=False, has_limits=False, chart=chart, because=because, cause=SpecialCause.NONE)
