"""A new estimate of a population is one scheduled revision in one sentence; what was corrected besides stands apart."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from indicators.calculations.months import add_months
from indicators.calculations.vocabulary import Stage
from indicators.models import MonthlyValue, Population, PopulationGroup
from scorecard.files.formats import FORMATS
from scorecard.models import Edition, EditionState, PublicationKind
from scorecard.publication.checklist import checks_of
from scorecard.publication.document import FrozenReport
from scorecard.publication.publish import draft_edition, publish_edition, revise_edition
from scorecard.report.board import RevisionKind
from scorecard.sheet.assemble import assemble_sheet
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_derived,
    make_edition,
    make_indicator,
    make_scorecard,
    make_values,
    publish,
)
from tests.scorecard.returns.returning import officer, page_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = datetime(2021, 3, 1, 9, tzinfo=UTC)
FEBRUARY = date(2021, 2, 1)
REVISE, COMPARE = "/collection/panel/2021-01/revise/", "/scorecards/panel/compare/"
MONTHS = [add_months(JANUARY, -back) for back in range(13)]
# From April to January are ten months, with a figure of each of the two rates and of their sum.
SENTENCE = (
    "New mid-year population estimate of 2020: 51,000 instead of 50,834; "
    "30 figures of 3 indicators that are rates follow from it"
)


@pytest.fixture
def children():
    """Two rates and their sum, on an estimate of 2019, in the report that is published for January 2021."""
    group = PopulationGroup.objects.create(name="Children aged 0 to 17")
    Population.objects.create(group=group, year=2019, people=50834)
    count, other = make_indicator("A1"), make_indicator("A2")
    make_values(count, {month: 100 + place for place, month in enumerate(MONTHS)})
    make_values(other, {month: 0 if month == DECEMBER else 7 for month in MONTHS})
    rates = [
        make_derived("R1", [count], unit="rate_10000", population=group),
        make_derived("R2", [count, other], unit="rate_100000", population=group),
    ]
    total = make_derived("R3", rates, unit="rate_10000")
    scorecard = make_scorecard(count, other, *rates, total, is_public=True)
    publish(scorecard)
    return group


def draft():
    return draft_edition(Edition.objects.get(month=JANUARY))


def told(changes):
    return [(one.reference or one.title, one.what, one.before, one.after, one.kind) for one in changes]


def estimate(group, people=51000, year=2020, **fields):
    return Population.objects.create(group=group, year=year, people=people, **fields)


def correct(reference, month=JANUARY, figure=500):
    value = MonthlyValue.objects.get(indicator__reference=reference, month=month)
    value.figure = Decimal(figure)
    value.save()


def revise(kind=PublicationKind.SCHEDULED, **fields):
    edition = Edition.objects.get(month=JANUARY)
    given = {"fingerprint": draft().fingerprint, "kind": kind, "reason": "A new estimate.", "by": officer(), "now": NOW}
    return revise_edition(edition=edition, **given, **fields)


def report_of(publication):
    return FrozenReport(publication.documents.get().body).report


def test_new_estimate_is_one_scheduled_revision_in_one_sentence(children):
    estimate(children)
    assert told(draft().changes) == [
        ("Children aged 0 to 17", SENTENCE, "50,834", "51,000", RevisionKind.SCHEDULED),
    ]


def test_figures_that_follow_keep_their_mark(children):
    estimate(children)
    figures = draft().report.by_indicator
    stages = {row.measure.reference: [figure.stage for figure in row.figures] for row in figures.values()}
    assert stages["R1"] == [Stage.FINAL] * 3 + [Stage.REVISED] * 10
    assert stages["A1"] == [Stage.FINAL] * 13


def test_figure_that_was_corrected_besides_is_a_correction_of_its_own(children):
    estimate(children)
    correct("A1")
    (population, *others) = told(draft().changes)
    # January's figures of both rates and of their sum differ for the count too.
    assert "; 27 figures of 3 indicators that are rates follow from it" in population[1]
    assert population[4] is RevisionKind.SCHEDULED
    assert [(one[0], one[1], one[4]) for one in others] == [
        (reference, "January 2021", RevisionKind.CORRECTION) for reference in ("A1", "R1", "R2", "R3")
    ]


@pytest.mark.parametrize("unit", ["rate_10000", "rate_100000", "percentage", "count"])
def test_figures_follow_whatever_they_are_counted_for_every(unit):
    group = PopulationGroup.objects.create(name="Children")
    Population.objects.create(group=group, year=2019, people=3000)
    count = make_indicator("A1")
    make_values(count, {JANUARY: 7})
    publish(make_scorecard(make_derived("R1", [count], unit=unit, population=group)))
    estimate(group, 3001)
    (change,) = draft().changes
    assert change.what.endswith("3,001 instead of 3,000; 1 figure of 1 indicator that is a rate follows from it")


def test_estimate_that_was_changed_is_of_its_own_year(children):
    row = Population.objects.get()
    row.people, row.stage = 50900, "revised"
    row.save()
    (change,) = draft().changes
    # The report looks no further back than January 2020, in that estimate's own year: it may be an earlier one's.
    assert change.what.startswith("New population estimate for 2019-20: 50,900 instead of 50,834; 39 figures of 3 ")


def test_estimate_that_becomes_final_with_its_number_changes_nothing(children):
    row = Population.objects.get()
    row.stage = "final" if row.stage != "final" else "provisional"
    row.save()
    assert not draft().is_new


def test_two_new_estimates_are_two_sentences(children):
    elderly = PopulationGroup.objects.create(name="Everybody")
    Population.objects.create(group=elderly, year=2018, people=250_000)
    count = make_indicator("B1")
    make_values(count, dict.fromkeys(MONTHS, 9))
    rate = make_derived("R9", [count], unit="rate_10000", population=elderly)
    publish(make_scorecard(rate, slug="other"), DECEMBER)
    scorecard = Edition.objects.get(month=JANUARY).scorecard
    scorecard.sections.get().lines.create(indicator=rate, position=9)
    revise(PublicationKind.CORRECTION)
    estimate(children)
    estimate(elderly, 252_000)
    assert [one[0] for one in told(draft().changes)] == ["Children aged 0 to 17", "Everybody"]


def test_rate_that_is_worked_on_others_is_a_correction(children):
    group = PopulationGroup.objects.create(name="Children aged 0 to 25")
    Population.objects.create(group=group, year=2019, people=70000)
    for rate in children.indicators.all():
        rate.population = group
        rate.save()
    assert {one.kind for one in draft().changes} == {RevisionKind.CORRECTION}
    assert len(draft().changes) == 39


def test_denominator_that_is_a_figure_is_no_population():
    top, bottom = make_indicator("A1"), make_indicator("A2")
    make_values(top, {JANUARY: 7})
    make_values(bottom, {JANUARY: 70})
    publish(make_scorecard(top, bottom, make_derived("P1", [top], [bottom], unit="percentage")))
    correct("A2", figure=71)
    assert [(one[0], one[4]) for one in told(draft().changes)] == [
        ("A2", RevisionKind.CORRECTION),
        ("P1", RevisionKind.CORRECTION),
    ]


def test_first_estimate_of_a_population_adds_figures_in_one_sentence():
    group = PopulationGroup.objects.create(name="Children")
    count = make_indicator("A1")
    make_values(count, dict.fromkeys(MONTHS, 9))
    publish(make_scorecard(count, make_derived("R1", [count], unit="rate_10000", population=group)))
    estimate(group)
    (change,) = told(draft().changes)
    assert change == (
        "Children",
        "New mid-year population estimate of 2020: 51,000, where none was known; "
        "10 figures of 1 indicator that is a rate follow from it",
        "",
        "51,000",
        RevisionKind.ADDED,
    )


def test_next_edition_tells_it_in_the_same_sentence(children):
    estimate(children)
    edition = make_edition(Edition.objects.get().scorecard, FEBRUARY, state=EditionState.IN_REVIEW)
    february = draft_edition(edition)
    assert told(february.changes) == [
        ("Children aged 0 to 17", SENTENCE, "50,834", "51,000", RevisionKind.SCHEDULED),
    ]
    checks = {
        check.title: check.found for check in checks_of(assemble_sheet(edition), february.report, february.changes)
    }
    assert checks["Revised figures"] == [
        ("", f"Children aged 0 to 17. {SENTENCE} (scheduled: it was provisional or estimated)")
    ]
    publish_edition(edition=edition, fingerprint=february.fingerprint, by=officer(), now=NOW)
    assert told(report_of(edition.publications.get()).revised) == told(february.changes)


def test_archive_compares_in_one_sentence(children, client):
    estimate(children)
    revise()
    html = words_of(page_of(client.get(COMPARE, {"earlier": "2021-01.1", "later": "2021-01"})))
    assert SENTENCE in html
    assert "30 figures revised" in html
    assert "R1 Title of R1 April 2020" not in html


def test_officer_sees_one_line_and_publishes_it_as_scheduled(children, client):
    estimate(children)
    client.force_login(officer())
    page = client.get(REVISE)
    assert SENTENCE in words_of(page_of(page))
    sent = {"fingerprint": draft().fingerprint, "kind": "scheduled", "reason": "The estimate of June 2020 is out."}
    assert client.post(REVISE, sent).status_code == 302
    (change,) = report_of(Edition.objects.get().publications.get(number=2)).revised
    assert change.kind is RevisionKind.SCHEDULED


def test_population_that_was_mistyped_is_a_correction(children, client):
    row = Population.objects.get()
    row.people = 50843
    row.save()
    client.force_login(officer())
    sent = {"fingerprint": draft().fingerprint, "kind": "correction", "reason": "Two digits were swapped."}

    refused = client.post(REVISE, sent)
    assert refused.status_code == 422
    assert "All that has changed is an estimate of a population" in words_of(page_of(refused))
    odd = client.post(REVISE, sent | {"kind": "scheduled", "population_was_wrong": "on"})
    assert odd.status_code == 422
    assert "A population that was wrong makes this a correction" in words_of(page_of(odd))

    assert client.post(REVISE, sent | {"population_was_wrong": "on"}).status_code == 302
    (change,) = report_of(Edition.objects.get().publications.get(number=2)).revised
    assert change.kind is RevisionKind.CORRECTION
    assert not draft().is_new


def test_box_about_the_population_stands_only_where_one_has_changed(children, client):
    client.force_login(officer())
    correct("A1")
    assert "population_was_wrong" not in page_of(client.get(REVISE))
    estimate(children)
    assert "population_was_wrong" in page_of(client.get(REVISE))


@pytest.mark.parametrize("kind", ["json", "xlsx", "data.xlsx"])
def test_files_tell_it_with_the_name_of_the_group(children, kind):
    estimate(children)
    revise()
    report = report_of(Edition.objects.get().publications.get(number=2))
    content = FORMATS[kind].make(report)
    if kind == "json":
        text = content.decode()
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            text = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    assert "Children aged 0 to 17" in text
    assert SENTENCE in text
