"""Three editions published one after the other, and every public page and file of them read by the attacker."""

import pytest

from commentary.models import Commentary
from indicators.calculations.months import add_months, month_text
from scorecard.publication import publish as publishing
from tests.disclosure_attacker import Attacker, read_csv, read_json, read_page_csv, reckon
from tests.disclosure_pages import (
    read_chart,
    read_comparison,
    read_drawing,
    read_indicator_page,
    read_paper,
    read_report_page,
    read_sparks,
    read_tidy,
    read_workbook,
)
from tests.factories import JANUARY, make_derived, make_indicator, make_scorecard, make_values, publish

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]
PANEL = "/scorecards/panel/"
MONTHS = [add_months(JANUARY, -2), add_months(JANUARY, -1), JANUARY]
SMALL = {MONTHS[0]: 2, MONTHS[1]: 14, MONTHS[2]: 4}
WANTED = {("A1", "2020-11"), ("A1", "2021-01")}
DEFINITIONS = [("T1", "sum", ["A1", "B1", "C1"]), ("R1", "ratio", 100, ["A1"], ["T1"])]


@pytest.fixture
def client(client):
    client.answers = {}
    return client


def make_panel():
    """One part is small in two of three months; total and share are worked out from all."""
    months = [add_months(JANUARY, -back) for back in range(15)]
    parts = [make_indicator(name) for name in ("A1", "B1", "C1")]
    for part, usual in zip(parts, (21, 33, 46), strict=True):
        make_values(part, {month: usual + place for place, month in enumerate(months)} | (SMALL if usual == 21 else {}))
    Commentary.objects.create(indicator=parts[0], month=JANUARY, text="January 2021 ended with 4 of them.")
    total = make_derived("T1", parts)
    share = make_derived("R1", [parts[0]], [total], unit="percentage", decimal_places=1)
    return make_scorecard(*parts, total, share, is_public=True, suppresses_small_counts=True)


def of_report(read, file):
    """Reads a report's page or file with its month."""
    return lambda attacker, client, month, _: read(attacker, *content_of(client, f"{PANEL}{month}/{file}", month))


def of_lines(read, file):
    """Reads the page of each line, or a file beside it, for the usual months and for all."""

    def read_each(attacker, client, month, lines):
        for line in lines:
            for span in ("", "?months=all"):
                address = f"{PANEL}{month}/indicators/{line.pk}/{file}{span}"
                read(attacker, line.reference, content_of(client, address, month)[0])

    return read_each


def compared(attacker, client, month, _):
    """The report beside each of the others."""
    for other in map(month_text, MONTHS):
        earlier, later = sorted((other, month))
        address = f"{PANEL}compare/?earlier={earlier}&later={later}"
        read_comparison(attacker, content_of(client, address, month)[0], earlier, later)


def on_paper(attacker, client, month, _):
    """The latest PDF, which has the months of all: each takes a second."""
    if month == month_text(MONTHS[-1]):
        read_paper(attacker, *content_of(client, f"{PANEL}{month}/report.pdf", month))


def without_month(read):
    return lambda attacker, content, month: read(attacker, content)


# Everything that a visitor is given, by what it is.
OUTPUTS = {
    "JSON": of_report(without_month(read_json), "report.json"),
    "CSV": of_report(without_month(read_csv), "report.csv"),
    "report's page": of_report(read_report_page, ""),
    "small drawings": of_report(read_sparks, ""),
    "workbook": of_report(without_month(read_workbook), "report.xlsx"),
    "data workbook": of_report(without_month(read_workbook), "report.data.xlsx"),
    "open data": of_report(without_month(read_tidy), "report.tidy.zip"),
    "indicator's page": of_lines(read_indicator_page, ""),
    "indicator's drawing": of_lines(read_drawing, ""),
    "chart's data": of_lines(read_chart, "chart.json"),
    "indicator's CSV": of_lines(read_page_csv, "figures.csv"),
    "comparison": compared,
    "paper": on_paper,
}


def read_everything(client, scorecard, outputs=OUTPUTS):
    """All that a visitor is given of the three editions, or some of it, wanting to know two counts."""
    attacker = Attacker()
    for wanted in WANTED:
        attacker.hide(wanted)
    lines = [line.indicator for line in scorecard.sections.get().lines.all()]
    for month in map(month_text, MONTHS):
        for output in outputs:
            OUTPUTS[output](attacker, client, month, lines)
    reckon(attacker, DEFINITIONS, [month_text(add_months(JANUARY, -back)) for back in range(15)][::-1])
    return attacker


def content_of(client, address, month):
    """What is answered, as text where it is one, and the month it is about. A test asks for each address once."""
    if address not in client.answers:
        response = client.get(address)
        assert response.status_code == 200, address
        is_text = response["Content-Type"].startswith(("text/", "application/json"))
        client.answers[address] = response.content.decode("utf-8-sig") if is_text else response.content
    return client.answers[address], month


def given_away(attacker):
    return {found[0] for found in attacker.given_away()}


def test_no_page_or_file_gives_a_small_count_away(client):
    scorecard = make_panel()
    publish(scorecard, *MONTHS)
    attacker = read_everything(client, scorecard)
    assert attacker.given_away() == []
    assert ("A1", "2020-12") not in attacker.hidden


def test_attacker_reads_pages_that_were_left_as_they_are(client, monkeypatch):
    monkeypatch.setattr(publishing, "mask_page", lambda page, plan: page)
    scorecard = make_panel()
    publish(scorecard, *MONTHS)
    assert given_away(read_everything(client, scorecard, ["indicator's page", "chart's data"])) >= WANTED


def test_attacker_finds_what_is_left_in_each_output_alone(client, monkeypatch):
    """Three editions whose public documents hide nothing, though the scorecard hides small counts."""
    monkeypatch.setattr(publishing, "mask_page", lambda page, plan: page)
    monkeypatch.setattr(publishing, "mask_report", lambda report, plan: report)
    scorecard = make_panel()
    publish(scorecard, *MONTHS)
    found = {}
    for output in OUTPUTS:
        attacker = read_everything(client, scorecard, [output])
        attacker.work_out()
        found[output] = [tuple(map(round, attacker.bounds[wanted])) for wanted in sorted(WANTED)]
    assert found == {output: [(2, 2), (4, 4)] for output in OUTPUTS}


def test_attacker_reads_a_report_that_was_left_as_it_is(client, monkeypatch):
    monkeypatch.setattr(publishing, "mask_report", lambda report, plan: report)
    scorecard = make_panel()
    publish(scorecard, *MONTHS)
    assert given_away(read_everything(client, scorecard, ["JSON", "comparison"])) >= WANTED
