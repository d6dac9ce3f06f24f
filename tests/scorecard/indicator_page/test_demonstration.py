"""Pages of the demonstration, January 2021: what was published, and limits worked out by hand."""

from datetime import date
from fractions import Fraction

import pytest

from indicators.calculations.spc import Chart
from indicators.models import Indicator
from scorecard.demonstration import SLUG
from scorecard.indicator_page import Span, assemble_page
from scorecard.indicator_page.words import verdict
from scorecard.models import Scorecard
from tests.demonstration import while_loaded

JANUARY = date(2021, 1, 1)
REFERENCES = ("M1", "M3", "LAC12 (%)", "FM012", "NI147", "CP2-NI")


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    def read():
        scorecard = Scorecard.objects.get(slug=SLUG)
        keys = Indicator.objects.filter(reference__in=REFERENCES).values_list("reference", "pk")
        return {
            reference: assemble_page(scorecard, JANUARY, key, readable=[JANUARY], with_names=False)
            for reference, key in keys
        }

    return while_loaded(django_db_blocker, read)


@pytest.mark.parametrize(
    ("reference", "text", "parts"),
    [
        ("M1", "1,464", (None, None)),
        ("M3", "19%", (271, 1464)),
        ("LAC12 (%)", "36%", (5, 14)),
        ("CP2-NI", "11", (57, 50_834)),
    ],
)
def test_latest_figure_is_the_published_one(pages, reference, text, parts):
    latest = pages[reference].latest

    assert (latest.month, latest.text) == (JANUARY, text)
    assert (latest.figure.numerator, latest.figure.denominator) == parts


def test_limits_of_contacts_are_those_worked_by_hand(pages):
    """13 months add up to 18,220 and their twelve moving ranges to 1,822, none of them an outlier."""
    lines = pages["M1"].latest.lines

    assert lines.mean == Fraction(18_220, 13)
    assert lines.upper - lines.mean == Fraction(266, 100) * Fraction(1822, 12)
    assert lines.mean - lines.lower == lines.upper - lines.mean


def test_only_april_is_unusual_among_contacts(pages):
    unusual = [(point.month, point.text) for point in pages["M1"].points if point.is_unusual]

    assert unusual == [(date(2020, 4, 1), "980")]


def test_page_says_the_same_as_the_line_of_the_report(pages):
    for page in pages.values():
        assert page.latest.figure == page.row.current_figure


def test_quarterly_indicator_has_its_quarters_and_the_month_of_the_report(pages):
    points = [(point.month, point.text) for point in pages["FM012"].points]

    assert points == [
        (date(2020, 3, 1), "42"),
        (date(2020, 6, 1), "36"),
        (date(2020, 9, 1), "51"),
        (date(2020, 12, 1), "tbc"),
        (date(2021, 1, 1), "[x]"),
    ]


def test_derived_indicator_names_its_parts(pages):
    links = pages["M3"].links

    assert [link.reference for link in links.numerators] == ["M2"]
    assert [link.reference for link in links.denominators] == ["M1"]
    assert "M3" in [link.reference for link in pages["M1"].links.feeds]
    assert pages["CP2-NI"].links.population == "Children aged 0 to 17"


def test_share_of_few_cases_says_which_chart_is_sound(pages):
    page = pages["LAC12 (%)"]

    assert page.signal.choice.chart is Chart.P
    assert any("each one has limits of its own" in sentence for sentence in verdict(page))


def test_all_months_kept_are_the_thirteen_of_the_demonstration(pages):
    assert len(pages["M1"].shown(Span.ALL)) == 13
