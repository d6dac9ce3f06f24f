"""A scorecard's new year on one page: what was, what is, what is missing. A few queries, however many lines."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F

from indicators.calculations.formatting import counted
from indicators.calculations.months import EARLIEST_YEAR, LATEST_YEAR, add_months, financial_year, year_text
from indicators.calculations.vocabulary import Polarity
from indicators.models import Comparator, ComparatorGroup, Indicator, Population, PopulationGroup, Succession, Target
from indicators.models.indicator import council_year_starts
from indicators.moments import today_in_britain
from scorecard.models import Line, Scorecard

from .forms import PopulationForm, TargetForm
from .saving import is_plain

# How long after its first month a year is still being prepared.
MONTHS_YOUNG = 3
# Seven fields each: more would be more than the server takes at once (DATA_UPLOAD_MAX_NUMBER_FIELDS).
ROWS_AT_ONCE = 500


class Check(NamedTuple):
    """One thing to do for the year, whether it is done, and where on the page."""

    is_done: bool
    words: str
    anchor: str


class TargetRow(NamedTuple):
    """An indicator with its targets of three years; `form` is None where the new one is no plain figure."""

    indicator: Indicator
    last: str
    this: str
    next: str
    key: int
    form: TargetForm | None
    ends: str
    is_ticked: bool

    @property
    def is_missing(self) -> bool:
        """Whether it has a target this year and none for the next."""
        return bool(self.this) and not self.next and not self.ends


class ComparatorCell(NamedTuple):
    """The latest comparator of a group: its year, and since when a newer one has been due; "" where there is none."""

    latest: str
    due: date | None


def year_to_prepare(scorecard: Scorecard) -> int:
    """The year after that of the latest edition, or that year itself while it is young: targets are often agreed late.
    Without editions it goes by today.
    """
    latest = scorecard.editions.order_by("-month").values_list("month", flat=True).first()
    month = latest or today_in_britain().replace(day=1)
    return financial_year(add_months(month, 12 - MONTHS_YOUNG), council_year_starts())


def year_in(text: str, scorecard: Scorecard) -> int:
    """The year that an address asks for, or the one to prepare."""
    known = text.isascii() and text.isdigit() and len(text) == 4
    return int(text) if known and EARLIEST_YEAR + 2 <= int(text) < LATEST_YEAR else year_to_prepare(scorecard)


def indicators_on(scorecard: Scorecard) -> list[Indicator]:
    """Those that are lines, each once, in the order of the lines."""
    lines = Line.objects.filter(section__scorecard=scorecard).order_by("section__position", "section", "position", "pk")
    return list({line.indicator_id: line.indicator for line in lines.select_related("indicator__population")}.values())


class NewYearPage:
    """What the page shows; `data` is what was sent. Of very many lines it has a part at a time, counted from 1."""

    def __init__(
        self, scorecard: Scorecard, year: int, *, data: Any = None, ticked: Collection[str] = (), part: str = ""
    ) -> None:
        self.ticked = ticked
        self.scorecard, self.year, self.starts = scorecard, year, council_year_starts()
        self.indicators = indicators_on(scorecard)
        self.number_of_parts = max(1, -(-len(self.indicators) // ROWS_AT_ONCE))
        asked = int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 1
        self.part = min(max(asked, 1), self.number_of_parts)
        self.names = [year_text(one, self.starts) for one in (year - 2, year - 1, year)]
        self._targets = self._read_targets()
        self.target_forms = {
            one.pk: TargetForm(data, one, self._targets.get((one.pk, year)), self._targets.get((one.pk, year - 1)))
            for one in self.indicators
            if is_plain(self._targets.get((one.pk, year)))
        }
        groups = {one.population_id: one.population for one in self.indicators if one.population_id}
        self._populations = {
            (row.group_id, row.year): row
            for row in Population.objects.filter(group__in=groups, year__in=(year - 2, year - 1, year))
        }
        self.population_forms = [
            PopulationForm(data, group, self._populations.get((group.pk, year))) for group in groups.values() if group
        ]

    def _read_targets(self) -> dict[tuple[int, int], Target]:
        years = (self.year - 2, self.year - 1, self.year)
        rows = Target.objects.filter(indicator__in=[one.pk for one in self.indicators], year__in=years)
        known = {one.pk: one for one in self.indicators}
        found: dict[tuple[int, int], Target] = {}
        for row in rows.select_related("group"):
            row.indicator = known[row.indicator_id]
            found[row.indicator_id, row.year] = row
        return found

    @property
    def rows(self) -> list[TargetRow]:
        """The lines of this part."""
        return self.all_rows[(self.part - 1) * ROWS_AT_ONCE : self.part * ROWS_AT_ONCE]

    @property
    def parts(self) -> list[tuple[int, str]]:
        """Each part's number and which lines it has, where there is more than one."""
        every = len(self.indicators)
        if self.number_of_parts == 1:
            return []
        starts = range(0, every, ROWS_AT_ONCE)
        return [
            (number, f"{start + 1} to {min(start + ROWS_AT_ONCE, every)}") for number, start in enumerate(starts, 1)
        ]

    @property
    def all_rows(self) -> list[TargetRow]:
        rows = []
        for one in self.indicators:
            targets = [self._targets.get((one.pk, year)) for year in (self.year - 2, self.year - 1, self.year)]
            last, this, new = (target.words if target else "" for target in targets)
            key = targets[2].pk if targets[2] else 0
            rows.append(
                TargetRow(
                    one,
                    last,
                    this,
                    new,
                    key,
                    self.target_forms.get(one.pk),
                    self._end_of(one),
                    str(one.pk) in self.ticked,
                )
            )
        return rows

    def _end_of(self, indicator: Indicator) -> str:
        """Until when it is reported, where that is before the new year."""
        ends = indicator.active_to
        is_before = ends is not None and financial_year(ends, indicator.year_starts) < self.year
        return f"{ends:%B %Y}" if ends and is_before else ""

    @property
    def populations(self) -> list[tuple[PopulationGroup, list[Population | None], PopulationForm]]:
        """Each group with its estimates of last and this year, and the form for the next."""
        return [
            (
                form.group,
                [self._populations.get((form.group.pk, year)) for year in (self.year - 2, self.year - 1)],
                form,
            )
            for form in self.population_forms
        ]

    @property
    def groups(self) -> list[ComparatorGroup]:
        if not hasattr(self, "_groups"):
            found = {one.code: one for one in ComparatorGroup.objects.filter(code__in=self.scorecard.group_codes)}
            self._groups = [found[code] for code in self.scorecard.group_codes if code in found]
        return self._groups

    @property
    def comparators(self) -> list[tuple[Indicator, list[ComparatorCell]]]:
        """The indicators that have comparators in the scorecard's groups, with the latest of each group."""
        if not hasattr(self, "_comparators"):
            self._comparators = self._read_comparators([group.code for group in self.groups])
        return self._comparators

    def _read_comparators(self, codes: Collection[str]) -> list[tuple[Indicator, list[ComparatorCell]]]:
        known = {one.pk: one for one in self.indicators}
        latest: dict[tuple[int, Any], tuple[int, date | None]] = {}
        # One without a year comes first, so that any other takes its place.
        rows = Comparator.objects.filter(indicator__in=known, group__code__in=codes)
        for row in rows.order_by(F("year").asc(nulls_first=True)).only("indicator", "group", "year", "next_update"):
            latest[row.indicator_id, row.group_id] = row.year or 0, row.next_update
        today = today_in_britain()

        def cell(indicator: Indicator, code: str) -> ComparatorCell:
            if (indicator.pk, code) not in latest:
                return ComparatorCell("", None)
            year, due = latest[indicator.pk, code]
            text = year_text(year, indicator.year_starts) if year else "year not known"
            return ComparatorCell(text, due if due and due <= today else None)

        having = {indicator for indicator, _ in latest}
        return [(one, [cell(one, code) for code in codes]) for one in self.indicators if one.pk in having]

    @property
    def successions(self) -> list[Succession]:
        """Which of the indicators came after which, the latest first."""
        if not hasattr(self, "_successions"):
            keys = [one.pk for one in self.indicators]
            rows = Succession.objects.filter(former__in=keys) | Succession.objects.filter(indicator__in=keys)
            self._successions = list(rows.select_related("indicator", "former").order_by("-month", "pk"))
        return self._successions

    @property
    def ended(self) -> list[Indicator]:
        """Those that are reported for the last time before the year is over."""
        return [
            one
            for one in self.indicators
            if one.active_to and financial_year(one.active_to, one.year_starts) <= self.year
        ]

    @property
    def before(self) -> int:
        return self.year - 1

    @property
    def after(self) -> int:
        return self.year + 1

    @property
    def name_after(self) -> str:
        return year_text(self.year + 1, self.starts)

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """What was not saved: of what, where on the page, and why."""
        wrong = [
            (form.indicator.reference, form["value"].id_for_label, problem)
            for form in self.target_forms.values()
            if form.is_bound
            for problem in form.problems
        ]
        return wrong + [
            (str(form.group), form["people"].id_for_label, problem)
            for form in self.population_forms
            if form.is_bound
            for problem in form.problems
        ]

    @property
    def has_errors(self) -> bool:
        return bool(self.problems)

    @property
    def checks(self) -> list[Check]:
        """What there is to do, ticked off as it is done."""
        rows = self.all_rows
        missing = sum(row.is_missing for row in rows)
        tbc = sum(row.next == "TBC" for row in rows)
        never = [row for row in rows if not row.this and not row.next and not row.ends]
        without = sum(row.indicator.polarity != Polarity.NEUTRAL for row in never)
        populations = sum(form.stored is None for form in self.population_forms)
        due = sum(any(cell.due for cell in cells) for _, cells in self.comparators)
        over = sum(bool(row.ends) for row in rows)
        return [
            _check(missing, "Every target of this year has one for the next", "{} of this year has none for the next"),
            _check(tbc, "No target is to be confirmed", "{} to be confirmed"),
            _check(without, "Every indicator that is judged has a target", "{} without any target", "indicator"),
            _check(populations, "Every population has its estimate", "{} without an estimate", "population"),
            _check(due, "No newer comparator is due", "{} with newer comparators due", "indicator", "comparators"),
            _check(over, "Every line goes on", "{} of an indicator that ends before the year", "line", "ends"),
        ]


def _check(left: int, done: str, to_do: str, noun: str = "target", anchor: str = "") -> Check:
    if not left:
        words = done
    else:
        words = to_do.format(counted(left, noun))
        words = words if left == 1 else words.replace(" has none", " have none")
    return Check(not left, words, anchor or {"population": "populations"}.get(noun, "targets"))
