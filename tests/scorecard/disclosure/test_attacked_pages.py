"""Three editions published one after the other, and every public page and file of them read by the attacker."""

import pytest

from commentary.models import Commentary
from indicators.calculations.months import add_months, month_text
from scorecard.publication import publish as publishing
from tests.disclosure_attacker import Attacker, read_csv, read_json, read_page_csv, reckon
from tests.disclosure_pages import read_chart, read_indicator_page
from tests.factories import JANUARY, make_derived, make_indicator, make_scorecard, make_values, publish

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]
MONTHS = [add_months(JANUARY, -2), add_months(JANUARY, -1), JANUARY]
SMALL = {MONTHS[0]: 2, MONTHS[1]: 14, MONTHS[2]: 4}
WANTED = {("A1", "2020-11"), ("A1", "2021-01")}
DEFINITIONS = [("T1", "sum", ["A1", "B1", "C1"]), ("R1", "ratio", 100, ["A1"], ["T1"])]


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


def read_everything(client, scorecard):
    """All that a visitor is given of the three editions, wanting to know two counts."""
    attacker = Attacker()
    for month in WANTED:
        attacker.hide(month)
    lines = [line.indicator for line in scorecard.sections.get().lines.all()]
    for month in map(month_text, MONTHS):
        address = f"/scorecards/panel/{month}/"
        read_json(attacker, text_at(client, f"{address}report.json"))
        read_csv(attacker, text_at(client, f"{address}report.csv"))
        for line in lines:
            page = f"{address}indicators/{line.pk}/"
            for span in ("", "?months=all"):
                read_indicator_page(attacker, line.reference, text_at(client, page + span))
                read_chart(attacker, line.reference, text_at(client, f"{page}chart.json{span}"))
                read_page_csv(attacker, line.reference, text_at(client, f"{page}figures.csv{span}"))
    reckon(attacker, DEFINITIONS, [month_text(add_months(JANUARY, -back)) for back in range(15)][::-1])
    return attacker


def text_at(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


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
    assert given_away(read_everything(client, scorecard)) >= WANTED


@pytest.mark.parametrize("read", ["page", "chart"])
def test_attacker_finds_the_figure_in_each_of_the_pages(client, monkeypatch, read):
    monkeypatch.setattr(publishing, "mask_page", lambda page, plan: page)
    scorecard = make_panel()
    publish(scorecard, *MONTHS)
    attacker, line = Attacker(), scorecard.sections.get().lines.first().indicator
    attacker.hide(("A1", "2021-01"))
    address = f"/scorecards/panel/2021-01/indicators/{line.pk}/"
    if read == "page":
        read_indicator_page(attacker, "A1", text_at(client, address))
    else:
        read_chart(attacker, "A1", text_at(client, f"{address}chart.json"))
    attacker.work_out()
    assert [round(bound) for bound in attacker.bounds["A1", "2021-01"]] == [4, 4]


def test_attacker_reads_a_report_that_was_left_as_it_is(client, monkeypatch):
    monkeypatch.setattr(publishing, "mask_report", lambda report, plan: report)
    scorecard = make_panel()
    publish(scorecard, *MONTHS)
    assert given_away(read_everything(client, scorecard)) >= WANTED
