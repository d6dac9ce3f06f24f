"""What an officer says is usual, end to end: a season, a fixed baseline, and indicators that came after others."""

import csv
import io
import zipfile
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commentary.facts import fact_sentences
from indicators.calculations.months import months_ending
from indicators.models import FixedBaseline, Indicator, Rebase, Succession
from scorecard.files.csv_and_json import as_data, to_csv
from scorecard.files.open_data import to_tidy
from scorecard.indicator_page import Span, assemble_page
from scorecard.indicator_page.present import PageContext
from scorecard.models import Line, PublishedDocument, Scorecard
from scorecard.publication.document import FrozenReport
from scorecard.report.assemble import assemble_report
from scorecard.report.what_to_look_at import what_to_look_at
from tests.databases import database_with
from tests.factories import JANUARY, make_derived, make_indicator, make_scorecard, make_values, publish

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]

APRIL_2018, APRIL_2020 = date(2018, 4, 1), date(2020, 4, 1)
# Every month is 100 or so, and January half as many more: January 2021 as any January before.
WOBBLE = (0, 3, -2, 4, -4, 1, -3, 2, -1, 3, -2)


def in_season(months):
    return {
        month: 100 + WOBBLE[place % len(WOBBLE)] + (50 if month.month == 1 else 0) for place, month in enumerate(months)
    }


def make_panel():
    months = months_ending(JANUARY, 61)
    seasonal = make_indicator(
        "S1", polarity="low", is_seasonal=True, seasonal_reason="Schools send more after Christmas."
    )
    make_values(seasonal, in_season(months))
    young = make_indicator("S2", polarity="low", is_seasonal=True, seasonal_reason="As S1.")
    make_values(young, in_season(months[-30:]))
    fixed = make_indicator("B1", polarity="low")
    make_values(fixed, {m: (100 if m < APRIL_2020 else 115) + WOBBLE[p % 11] for p, m in enumerate(months)})
    FixedBaseline.objects.create(indicator=fixed, month=APRIL_2018, periods=12, reason="Before the new team.")
    old, gone = make_indicator("O1", active_to=date(2020, 3, 1)), make_indicator("O2", title="Of another panel")
    make_values(old, {m: 7 + p % 3 for p, m in enumerate(months_ending(date(2020, 3, 1), 20))})
    make_values(gone, dict.fromkeys(months_ending(date(2020, 3, 1), 20), 30))
    new = make_indicator("N1", polarity="low")
    make_values(new, {m: 9 + p % 4 for p, m in enumerate(months_ending(JANUARY, 10))})
    rate = make_derived("R1", [fixed])
    make_scorecard(seasonal, young, fixed, old, new, rate, is_public=True, council="Hill Council")
    for former in (old, gone):
        Succession.objects.create(indicator=new, former=former, month=APRIL_2020, kind="merges", note="By case.")


panel = database_with(make_panel)


@pytest.fixture(autouse=True)
def on_the_panel(panel, db):
    """Each test undoes what it changes."""


def get(reference):
    return Indicator.objects.get(reference=reference)


def report():
    return assemble_report(Scorecard.objects.get(), JANUARY)


def row(reference):
    return next(one for one in report().rows if one.measure.reference == reference)


def page(reference, **asked):
    asked = {"readable": [JANUARY], "with_names": False, **asked}
    return assemble_page(Scorecard.objects.get(), JANUARY, get(reference).pk, **asked)


def address(reference, file=""):
    return f"/scorecards/panel/2021-01/indicators/{get(reference).pk}/{file}"


# A season


def test_line_is_judged_against_the_usual_shape_of_the_year_and_says_so():
    assert row("S1").signal.words == "Usual variation"
    assert row("S1").signal.against == "judged against the usual shape of the year"
    assert "within usual variation for the time of the year" in fact_sentences(row("S1"))[0]
    # As it was judged before, such a January is a concern.
    Indicator.objects.filter(reference="S1").update(is_seasonal=False)
    assert row("S1").signal.words == "Concern: higher than usual"


def test_high_january_is_no_concern_and_a_high_december_would_be():
    value = get("S1").values.get(month=date(2020, 12, 1))
    value.figure = 140
    value.save()
    december = assemble_report(Scorecard.objects.get(), date(2020, 12, 1))
    items = {item.row.measure.reference: " ".join(item.reasons.values()) for item in what_to_look_at(december)}
    assert "judged against the usual shape of the year" in items["S1"]
    assert items["S1"].startswith("140 in December 2020, up from ")


def test_page_says_why_and_its_limits_follow_the_year():
    shown = page("S1")
    told = " ".join(PageContext(shown, "panel", Span.TWO_YEARS, "25").verdict)
    assert "usual shape of the year, worked out from the other years. Schools send more after Christmas." in told
    by_month = {point.month: point for point in shown.points}
    assert by_month[JANUARY].lines.mean > 140
    assert by_month[date(2020, 12, 1)].lines.upper < 120
    assert by_month[date(2020, 1, 1)].kind == "common_cause"


def test_too_few_years_are_told_and_judged_without():
    assert not row("S2").signal.is_seasonal
    assert "fewer than three years" in row("S2").signal.not_seasonal
    assert any("fewer than three years" in one for one in PageContext(page("S2"), "panel", Span.ALL, "all").verdict)


def test_quarters_have_a_season_too():
    quarterly = make_indicator("Q1", frequency="quarterly", is_seasonal=True, seasonal_reason="Terms.")
    quarters = [month for month in months_ending(date(2020, 12, 1), 60) if month.month % 3 == 0]
    make_values(quarterly, {m: 100 + p % 3 + (40 if m.month == 9 else 0) for p, m in enumerate(quarters)})
    Line.objects.create(section=Scorecard.objects.get().sections.get(), indicator=quarterly)
    assert row("Q1").signal.is_seasonal
    assert page("Q1").signal.is_seasonal


# A baseline


def test_fixed_baseline_judges_what_came_later():
    signal = row("B1").signal
    assert signal.words == "Concern: higher than usual"
    assert signal.against == "judged against a baseline fixed from April 2018"
    # Without it the mean has followed the rise.
    FixedBaseline.objects.all().delete()
    assert row("B1").signal.baseline is None


def test_page_marks_the_baseline_in_drawing_chart_table_and_file(client):
    publish(Scorecard.objects.get(), JANUARY)
    said = "Mean and limits are fixed on the figures from April 2018 to March 2019 (12 periods). Before the new team."
    html = client.get(address("B1") + "?months=all").content.decode()
    assert 'class="baseline"' in html
    assert html.count(said) >= 3
    chart = client.get(address("B1", "chart.json") + "?months=all").json()
    first, last = chart["baselines"][0]
    assert (chart["labels"][first], chart["labels"][last]) == ("Apr 2018", "Mar 2019")
    lines = list(csv.DictReader(io.StringIO(client.get(address("B1", "figures.csv") + "?months=all").content.decode())))
    assert [line["baseline"] for line in lines].count("part of the baseline") == 11
    # The usual 25 months begin within it, and the caption still says what limits rest on.
    assert said in client.get(address("B1")).content.decode()


def test_later_rebase_ends_the_baseline():
    Rebase.objects.create(indicator=get("B1"), month=APRIL_2020, reason="A new system.")
    assert row("B1").signal.baseline is None
    assert row("B1").signal.words == "Usual variation"
    told = PageContext(page("B1"), "panel", Span.TWO_YEARS, "25").verdict
    assert not any("fixed on" in sentence for sentence in told)


def test_baseline_that_is_not_complete_yet_says_how_far_it_is():
    FixedBaseline.objects.update(month=APRIL_2020)
    told = " ".join(PageContext(page("B1"), "panel", Span.TWO_YEARS, "25").verdict)
    assert "so far there are 10 of 12 periods" in told


def test_files_say_what_a_figure_was_judged_against():
    rows = {one["ref"]: one for one in as_data(report())["sections"][0]["rows"]}
    assert rows["S1"]["signal"]["seasonal"] is True
    assert rows["S2"]["signal"]["not_seasonal_because"].startswith("It is called seasonal")
    assert rows["B1"]["signal"]["baseline"] == {"from": "2018-04", "periods": 12, "reason": "Before the new team."}
    lines = {line["ref"]: line for line in csv.DictReader(io.StringIO(to_csv(report())))}
    assert lines["S1"]["signal"] == "Usual variation (judged against the usual shape of the year)"


# Successors


def test_both_pages_say_it_and_link_only_what_the_scorecard_has(client):
    publish(Scorecard.objects.get(), JANUARY)
    new, old = (client.get(address(reference)).content.decode() for reference in ("N1", "O1"))
    assert f'<a class="govuk-link" href="{address("O1")}">O1 Title of O1</a>' in new
    assert "O2 Of another panel from April 2020." in new
    assert address("O2") not in new
    assert client.get(address("O2")).status_code == 404
    assert "<dt>Merged, with others, into</dt>" in old
    assert address("N1") in old


def test_series_are_shown_together_and_never_joined(client):
    publish(Scorecard.objects.get(), JANUARY)
    usual = client.get(address("N1")).content.decode()
    assert "Show the series before it too" in usual
    assert "(before)" not in usual
    together = client.get(address("N1") + "?with=before").content.decode()
    assert '<th scope="col" class="number">O1 (before)</th>' in together
    assert "O2 (before)" not in together
    assert "Mar 2020" in together
    chart = client.get(address("N1", "chart.json") + "?with=before").json()
    lines = {line["label"]: dict(zip(chart["labels"], line["data"], strict=True)) for line in chart["datasets"]}
    assert (lines["O1 (before)"]["Mar 2020"], lines["O1 (before)"]["Apr 2020"]) == (8, None)
    assert (lines["N1"]["Mar 2020"], lines["N1"]["Apr 2020"]) == (None, 9)
    file = client.get(address("N1", "figures.csv") + "?with=before").content.decode("utf-8-sig")
    assert {line["month"]: line["O1 (before)"] for line in csv.DictReader(io.StringIO(file))}["2020-03"] == "8"
    # Mean and limits are of its own figures alone.
    alone, both = page("N1"), page("N1", with_formers=True)
    assert [point.lines for point in alone.points] == [point.lines for point in both.points]


def test_what_was_published_stays(client):
    publish(Scorecard.objects.get(), JANUARY)
    before = [client.get(address(reference) + "?with=before").content for reference in ("N1", "O1", "S1", "B1")]
    Succession.objects.all().delete()
    FixedBaseline.objects.all().delete()
    Indicator.objects.filter(reference="S1").update(is_seasonal=False)
    assert [client.get(address(name) + "?with=before").content for name in ("N1", "O1", "S1", "B1")] == before


def test_it_is_not_told_before_its_month():
    Succession.objects.update(month=date(2021, 2, 1))
    assert row("N1").series_links == ()
    assert page("O1") is None


def test_json_and_tidy_data_tell_of_successors():
    rows = {one["ref"]: one for one in as_data(report())["sections"][0]["rows"]}
    assert [(one["ref"], one["kind"], one["from"]) for one in rows["N1"]["series_links"]] == [
        ("O1", "merges", "2020-04"),
        ("O2", "merges", "2020-04"),
    ]
    with zipfile.ZipFile(io.BytesIO(to_tidy(report()))) as archive:
        data = list(csv.DictReader(io.StringIO(archive.read("panel.csv").decode("utf-8-sig"))))
    told = {line["reference"]: line["succession"] for line in data}
    assert told["N1"].startswith("Merges, with others, O1 Title of O1 from April 2020.")
    assert told["S1"] == "No other indicator"


def test_queries_do_not_grow_with_formers_or_baselines():
    def count(ask):
        with CaptureQueriesContext(connection) as queries:
            ask()
        return len(queries)

    def asked():
        return count(report), count(lambda: page("N1", with_formers=True))

    few = asked()
    for number in range(5):
        former = make_indicator(f"X{number}", active_to=date(2020, 3, 1))
        make_values(former, dict.fromkeys(months_ending(date(2020, 3, 1), 3), 5))
        Line.objects.create(section=Scorecard.objects.get().sections.get(), indicator=former, position=9)
        Succession.objects.create(indicator=get("N1"), former=former, month=APRIL_2020, kind="merges")
        FixedBaseline.objects.create(
            indicator=get("B1"), month=date(2019, 6 + number, 1), periods=12, reason="Another view."
        )
    assert asked() == few


def test_published_documents_read_back_as_they_were():
    publish(Scorecard.objects.get(), JANUARY)
    frozen = FrozenReport(PublishedDocument.objects.get(audience="panel").body)
    assert frozen.report.by_indicator[get("B1").pk].signal == row("B1").signal
    assert frozen.report.by_indicator[get("N1").pk].series_links == row("N1").series_links
    assert frozen.page(get("S1").pk).points == page("S1").points
    assert frozen.page(get("N1").pk).formers == page("N1").formers


def test_nothing_is_foretold_of_a_target_by_a_baseline_that_was_left():
    get("B1").targets.create(year=2020, value=110)

    assert (row("B1").signal.kind, row("B1").signal.assurance) == ("concern", None)
    assert page("B1").signal.verdict.assurance is None
    # Nor by one figure that is back within its limits, after all that weren't.
    latest = get("B1").values.get(month=JANUARY)
    latest.figure = 98
    latest.save()
    assert (row("B1").signal.kind, row("B1").signal.assurance) == ("usual", None)
    assert page("B1").signal.verdict.assurance is None
    assert (
        "Mean and limits rest on a fixed baseline of fewer than 13 figures, so they are on trial."
        in PageContext(page("B1"), "panel", Span.ALL, "all").verdict
    )
