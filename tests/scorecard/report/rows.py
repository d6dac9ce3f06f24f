"""Rows and reports as plain data, without a database: a test names only what it is about."""

from datetime import date
from zlib import crc32

from indicators.calculations.averages import Summary
from indicators.calculations.change import NO_CHANGE_KNOWN, compare
from indicators.calculations.figures import Figure
from indicators.calculations.measure import Measure
from indicators.calculations.months import financial_year, months_ending
from indicators.calculations.rating import TargetTerms
from indicators.calculations.row import ComparatorCell, PeerGroup, Row, TargetCell
from indicators.calculations.signal import Signal
from indicators.calculations.spc import Chart, SpecialCause, Variation
from indicators.calculations.vocabulary import Frequency, GroupKind, OnBasis, Polarity, Rating, Scope, Unit
from scorecard.report.board import BoardReport, ReportSection
from tests.factories import JANUARY

SN = PeerGroup(
    "statistical_neighbours",
    "Statistical neighbours",
    "SN",
    "statistical neighbours",
    GroupKind.STATISTICAL_NEIGHBOURS,
    "The ten councils most like this one.",
)
ENGLAND = PeerGroup("england", "England", "England", "England", GroupKind.ENGLAND)
REGION = PeerGroup("region", "South East", "Region", "the South East region", GroupKind.REGION)
CORE_CITIES = PeerGroup("core_cities", "Core cities", "Core", "the core cities", explanation="Eleven large cities.")
GROUPS = (SN, ENGLAND, REGION)


def make_signal(variation=Variation.COMMON_CAUSE, cause=SpecialCause.ABOVE_LIMIT, **fields):
    plain = {"assurance": None, "trial": False, "has_limits": True, "chart": Chart.XMR, "because": "It varies."}
    return Signal(variation=variation, cause=cause, **{**plain, **fields})


def make_measure(reference="A1", **fields):
    words = dict.fromkeys(("definition", "outcome", "owner", "reporter", "note"), "")
    kinds = {
        "unit": Unit.COUNT,
        "decimal_places": 0,
        "polarity": Polarity.LOW,
        "frequency": Frequency.MONTHLY,
        "scope": Scope.NATIONAL,
    }
    return Measure(**{"reference": reference, "title": f"Title of {reference}", **words, **kinds, **fields})


def make_comparator(ours, value, *, polarity=Polarity.LOW, target=None, **fields):
    """England's figure of 2019-20, on the basis of a row whose figure is `ours`."""
    on_basis = fields.get("on_basis", OnBasis.YES)
    plain = {
        "group": ENGLAND,
        "blank": None,
        "year": 2019,
        "source": "",
        "basis": "",
        "on_basis": on_basis,
        "note": "",
        "is_stale": False,
    }
    comparison = compare(ours, value, polarity, on_basis, target)
    return ComparatorCell(**{**plain, **fields}, value=value, comparison=comparison)


def make_target(value, tolerance=0, year=2020):
    return TargetCell(year, TargetTerms(value, tolerance), "")


def make_row(reference="A1", figure=50, *, month=JANUARY, **fields):
    """A line whose latest figure is the one given; a Figure gives a blank."""
    latest = figure if isinstance(figure, Figure) else Figure(figure)
    measure = {name: fields.pop(name) for name in [*fields] if name in Measure._fields}
    plain = {
        "indicator": crc32(reference.encode()),
        "months": months_ending(month, 13),
        "figures": (Figure(50),) * 12 + (latest,),
        "current": 12,
        "change_month": NO_CHANGE_KNOWN,
        "change_year": NO_CHANGE_KNOWN,
        "summary": Summary(50, 50, 12, 12),
        "comparators": (None, None, None),
        "targets": (None, None, None),
        "latest_target": None,
        "target": None,
        "rating": Rating.NO_TARGET,
        "rated_year": financial_year(month),
        "commentary": "",
        "signal": make_signal(),
        "year_before_value": 50,
    }
    return Row(measure=make_measure(reference, **measure), **{**plain, **fields})


def make_report(*sections, month=JANUARY):
    """A report whose sections have these rows."""
    return BoardReport(
        slug="panel",
        title="Panel scorecard",
        council="Hill Council",
        panel="Families Panel",
        region="South East",
        groups=GROUPS,
        month=month,
        meeting_date=date(2021, 2, 11),
        summary="",
        areas_of_focus=(),
        months=months_ending(month, 13),
        target_years=(2018, 2019, 2020),
        financial_year=financial_year(month),
        sections=tuple(
            ReportSection(f"section-{place}", f"Section {place}", tuple(rows)) for place, rows in enumerate(sections)
        ),
    )
