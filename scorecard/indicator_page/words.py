"""What an indicator's page says in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from indicators.calculations.exact import Exact
from indicators.calculations.formatting import BREAK, format_number
from indicators.calculations.noteworthy import Run, latest_run, once
from indicators.calculations.periods import Periods
from indicators.calculations.spc import FEWEST_FIGURES, Chart, Improvement, Variation
from indicators.calculations.vocabulary import Polarity, Rating

from .facts import IndicatorPage, Point, Verdict

POLARITY = {
    Polarity.HIGH: "Higher is better: a rise is called better and a fall worse.",
    Polarity.LOW: "Lower is better: a fall is called better and a rise worse.",
    Polarity.TARGET: "The closer to the target, the better: the distance to it decides what is better or worse.",
    Polarity.NEUTRAL: "Neither way is better: the figure is shown, and never judged.",
}


def readout(page: IndicatorPage, point: Point) -> str:
    """A point in words: month, figure, whether it is unusual and why, then the commentary."""
    figure = point.figure
    said = point.text if figure.blank is None else f"no figure ({figure.blank.label.lower()})"
    beside = [f"{one.name}: {one.points[point.month][1]}." for one in page.beside if point.month in one.points]
    firm = "" if figure.blank or not figure.stage.shorthand else f", {figure.stage.label.lower()}"
    parts = [f"{page.name_of(point)}: {said}{firm}.", usual_or_not(page, point), *beside]
    if point.target is not None:
        upper = "" if point.target_upper is None else f" to {page.measure.target_text(point.target_upper)}"
        parts.append(f"Target {page.measure.target_text(point.target)}{upper}.")
    if point.total:
        parts.append(f"The year so far: {point.total}.")
    if point.rebase:
        parts.append(f"Worked out afresh from here {BREAK}: {point.rebase}")
    if point.baseline:
        parts.append(point.baseline)
    if point.commentary:
        parts.append(f"Commentary: {point.commentary}")
    return " ".join(part for part in parts if part)


def run_of(page: IndicatorPage) -> tuple[Run, Sequence[Point]] | None:
    """How long the figures up to the latest have gone one way, and the points of that, none counted otherwise."""
    start = max((place for place, point in enumerate(page.points) if point.rebase), default=0)
    points = page.points[start:]
    run = latest_run([point.figure.value for point in points])
    return (run, points[run.start :]) if run else None


def _running(page: IndicatorPage) -> list[str]:
    """The run by its name, and that the mean tells nothing beside it."""
    found = run_of(page)
    if found is None:
        return []
    run, points = found
    way, periods = ("Up" if run.is_up else "Down"), page.measure.periods
    level = " or level" if run.has_ties else ""
    first, last = page.measure.texts_apart(points[0].figure.value, points[-1].figure.value)
    since = periods.of(points[0].month).short
    said = f"{way}{level} for {run.steps} {periods.nouns} running, from {first} in {since} to {last}."
    if not any(point.is_unusual for point in points[:-1]):
        return [said]
    sides = ("below", "above") if run.is_up else ("above", "below")
    return [
        said,
        f"That the first lie {sides[0]} the mean and the latest {sides[1]} it is this one trend, not two findings.",
    ]


def usual_or_not(page: IndicatorPage, point: Point) -> str:
    """Whether the point is more than usual variation; empty where the chart says nothing about it.

    Of a run only the latest is judged: those before lie to the mean as they do because of the run.
    """
    if point.figure.value is None or point.lines.mean is None or not page.signal.has_lines:
        return ""
    found = run_of(page) if point.is_unusual and point.month != page.latest.month else None
    if found and point.month >= found[1][0].month:
        run, points = found
        return f"Part of the {'rise' if run.is_up else 'fall'} since {page.measure.periods.of(points[0].month).said}."
    season = " for the time of the year" if page.signal.is_seasonal else ""
    if point.is_unusual:
        return f"{point.kind.label}{season}: {point.cause.label[0].lower()}{point.cause.label[1:]}."
    return f"Usual variation{season}." if point.lines.upper is not None and not page.has_too_few else ""


def published_otherwise(page: IndicatorPage, before: Mapping[date, IndicatorPage]) -> list[str]:
    """Where the page calls a month otherwise than its own report did, both; `before` are the pages of such reports.

    What was published stays, though later figures move the limits that a month lies beside today.
    """
    found = []
    for point in page.points:
        then = before.get(point.month)
        if then is None or then.latest.month != point.month or then.latest.kind is point.kind:
            continue
        was, now = usual_or_not(then, then.latest), usual_or_not(page, point)
        if was and now:
            found.append(
                f"{page.name_of(point)} was published as “{was.removesuffix('.')}”; "
                f"by the limits of today it is “{now.removesuffix('.')}”."
            )
    return found


def verdict(page: IndicatorPage) -> list[str]:
    """What the chart says of the latest figure, on what it rests, and where another chart than usual is used."""
    return [*_of_the_latest(page), *about_season(page), *fixed_on(page)]


def about_season(page: IndicatorPage) -> list[str]:
    """That each figure is judged against the usual shape of the year and why, or why it is not."""
    measure, signal = page.measure, page.signal
    if not measure.is_seasonal:
        return []
    reason = f" {measure.seasonal_reason}" if measure.seasonal_reason else ""
    if signal.is_seasonal:
        return [f"Each figure is judged against the usual shape of the year, worked out from the other years.{reason}"]
    if signal.not_seasonal:
        return [f"{signal.not_seasonal}{reason}"]
    return [f"It is called seasonal, but no chart could be drawn.{reason}"]


def fixed_on(page: IndicatorPage) -> list[str]:
    """What mean and limits of the latest figures are fixed on, if anything; a rebase that came later ends that."""
    start = max((place for place, point in enumerate(page.points) if point.rebase or point.baseline), default=0)
    said = page.points[start].baseline
    if not said:
        return []
    if page.signal.choice.chart is Chart.G:
        return [f"{said} A chart of the time between cases has none."]
    return [said]


def _of_the_latest(page: IndicatorPage) -> list[str]:
    signal = page.signal
    if signal.verdict is None:
        return [
            f"No limits are drawn, and no figure is called unusual. {signal.choice.because}",
            *_move(page),
            *_follows(page),
        ]
    if signal.choice.chart is Chart.G:
        periods = page.measure.periods
        said = [f"{signal.choice.because} No limits are drawn for single {periods.nouns}."]
        said += _gaps(signal.verdict, periods)
        return [*said, *_follows(page)]
    has_limits, is_usual = signal.verdict.has_limits, signal.verdict.variation is Variation.COMMON_CAUSE
    found = []
    if page.points[-1].figure.value is None:
        found.append(f"The latest {page.measure.periods.noun} has no figure to judge.")
    elif is_usual and page.has_too_few:
        found.append(f"With fewer than {FEWEST_FIGURES} figures none can be called usual or unusual.")
    elif has_limits or not is_usual:
        found.append(f"{signal.verdict.variation.label}.")
    found += [*_running(page), *_move(page), *_follows(page)]
    if not has_limits:
        found.append("There are no limits yet, because no two figures that differ stand side by side.")
    elif signal.verdict.trial:
        few = "a fixed baseline of fewer than 13 figures" if fixed_on(page) else "fewer than 13 figures"
        found.append(f"Mean and limits rest on {few}, so they are on trial.")
    if signal.verdict.assurance is not None and has_limits:
        rating = page.row.rating if page.row else Rating.NO_TARGET
        found.append(f"{once(signal.verdict.assurance, rating) or signal.verdict.assurance.label}.")
    if signal.choice.chart is not Chart.XMR:
        found.append(f"{signal.choice.because} This is a {signal.choice.chart.label}.")
    return found


def _move(page: IndicatorPage) -> list[str]:
    """That the latest figure is far from those before, where no chart can judge it."""
    move, latest = page.signal.move, page.points[-1]
    if move is None:
        return []
    periods = page.measure.periods
    beside = move.beside_those_before(page.measure.text, periods.noun)
    return [f"No chart can judge it, but {latest.text} {periods.of(latest.month).phrase} is {beside}."]


def _follows(page: IndicatorPage) -> list[str]:
    """Why an unusual count is neither better nor worse."""
    follows = page.row.signal.only_follows if page.row else None
    if follows is None:
        return []
    name = next((link.reference for link in page.links.feeds if link.key == follows), "another line")
    return [f"It is called neither better nor worse: {name} has it as a share or rate, and didn’t move the same way."]


def _gaps(verdict: Verdict, periods: Periods) -> list[str]:
    """How long ago the latest case is, and how long would be unusual."""
    if verdict.gap is None or verdict.longest_usual_gap is None:
        return []
    length = verdict.gap.numerator
    apart = f"1 {periods.noun}" if length == 1 else f"{length} {periods.nouns}"
    usual = format_number(verdict.longest_usual_gap, 1)
    said = f"The latest gap between cases is {apart}; more than {usual} would be unusual."
    if verdict.variation.value == "common_cause":
        return [said]
    meaning = {Improvement.INCREASE: "Improvement", Improvement.DECREASE: "Concern"}.get(verdict.improvement, "Unusual")
    return [said.replace("would be", "is"), f"{meaning}: longer without a case than usual."]


def resting_on(page: IndicatorPage) -> str:
    """The caption under the chart: the latest mean and limits, and what they are worked out from."""
    lines, latest_value = page.points[-1].lines, page.latest.figure.value

    def text(line: Exact | None) -> str:
        return page.measure.texts_apart(line, latest_value)[0]

    if lines.mean is None:
        return ""
    has_limits = lines.lower is not None and lines.upper is not None
    limits = f", limits {text(lines.lower)} and {text(lines.upper)}" if has_limits else ""
    since = max([point.month for point in page.points if point.rebase], default=page.points[0].month)
    if fixed_on(page):
        return f"Mean {text(lines.mean)}{limits}. {fixed_on(page)[0]}"
    from_then = page.measure.periods.of(since).said
    if page.signal.is_seasonal:
        latest = page.measure.periods.of(page.points[-1].month)
        of_year = f"{latest.due:%B}" if page.measure.periods.is_monthly else f"this {page.measure.periods.noun}"
        return (
            f"Usual in {of_year}: mean {text(lines.mean)}{limits}, worked out from the figures since {from_then} with "
            "the shape of the year taken out."
        )
    return f"Mean {text(lines.mean)}{limits}, worked out from the figures since {from_then}."
