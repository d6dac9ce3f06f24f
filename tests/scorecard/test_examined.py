"""What no chart could examine, from stored figures to every output: said as such, and never as nothing unusual."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from commentary.facts import fact_sentences
from indicators.calculations.months import months_ending
from indicators.models import Indicator
from scorecard.files.paper.content import content_of
from scorecard.report import assemble_report
from scorecard.report.what_to_look_at import Reason, Tally, what_to_look_at
from scorecard.sheet.assemble import assemble_sheet
from tests.demonstration import report_of
from tests.factories import JANUARY, make_derived, make_edition, make_indicator, make_scorecard, make_values
from tests.scorecard.test_views import PAGE, lines_of, publish, shown, text_of

pytestmark = pytest.mark.django_db
YEAR = months_ending(JANUARY, 13)
USUAL = (10, 12, 11, 10, 12, 11, 12, 10, 11, 12, 10, 11, 11)


def make_line(reference, numbers, **fields):
    indicator = make_indicator(reference, **{"polarity": "low", **fields})
    make_values(indicator, dict(zip(YEAR, numbers, strict=True)))
    return indicator


@pytest.fixture
def examples():
    """0 in twelve months and then 40; 30 of 30 and then 3; 3 and then 40; always 5; never anything; as usual."""
    whole = make_line("D1", [30] * 13, polarity="neutral")
    part = make_line("N1", [30] * 12 + [3], polarity="neutral")
    return make_scorecard(
        make_line("Z1", [0] * 12 + [40]),
        make_derived("S1", [part], [whole], unit="percentage", polarity="high"),
        make_line("LAC14", [2, 1, 0, 0, 0, 0, 1, 0, 0, 1, 3, 3, 40], polarity="neutral"),
        make_line("A1", [5] * 13),
        make_indicator("B1"),
        make_line("U1", USUAL),
        is_public=True,
    )


@pytest.fixture
def published(examples):
    return publish(examples, JANUARY)


BEFORE = "the 12 months with a figure before it, which"
RARE = " By chance alone that happens less than once in 1,000 times."
SAID = {
    "Z1": f"No chart can judge it, but 40 in January 2021 is far above {BEFORE} all had 0; lower is better.{RARE}",
    "S1": f"No chart can judge it, but 10% in January 2021 is far below {BEFORE} all had 100%; higher is better.{RARE}",
    "LAC14": f"No chart can judge it, but 40 in January 2021 is far above {BEFORE} had 0 to 3.{RARE}",
}
COUNTS = (
    "Nothing unusual in 1 other.",
    "1 indicator could not be examined (no latest figure, or too few figures or cases).",
    "Of 1 indicator that could be examined, none have a signal. By chance alone, with nothing really changed, fewer "
    "than 1 of 1 would have one.",
)
LOOK = {
    "Z1": "Large move for the worse",
    "S1": "Large move for the worse",
    "LAC14": "Large move, not judged",
    "A1": "Could not be examined",
    "B1": "Figure overdue",
    "U1": "Nothing unusual",
}


@pytest.mark.usefixtures("published")
def test_page_says_what_could_not_be_examined(client):
    text = text_of(client.get(PAGE))
    first = text.split("At a glance")[0]
    assert [text.count(sentence) for sentence in SAID.values()] == [1, 1, 1]
    assert first.index("Large move for the worse Z1") < first.index("Figure overdue B1")
    for sentence in COUNTS:
        assert sentence.rstrip(".") in first
    assert "Nothing unusual in the other" not in text
    assert shown(client.get(PAGE, {"look": "not_examined"})) == ["A1"]
    assert shown(client.get(PAGE, {"look": "moved_worse"})) == ["Z1", "S1"]
    assert shown(client.get(PAGE, {"look": "nothing"})) == ["U1"]
    assert shown(client.get(PAGE, {"signal": "none"})) == ["Z1", "S1", "LAC14", "A1", "B1"]
    assert list(lines_of(client.get(PAGE, {"order": "look"})))[:4] == ["Z1", "S1", "B1", "LAC14"]


@pytest.mark.filterwarnings("ignore:Sparkline Group extension")
@pytest.mark.usefixtures("published")
def test_files_say_what_could_not_be_examined(client):
    def file(suffix):
        return client.get(f"{PAGE}report.{suffix}").content

    rows = list(csv.DictReader(io.StringIO(file("csv").decode("utf-8-sig"))))
    assert {row["ref"]: row["what_to_look_at"] for row in rows} == LOOK
    assert rows[0]["signal"] == "Could not be examined, but far higher than before: worse"

    data = json.loads(file("json"))
    assert {key: data["tally"][key] for key in ("look", "usual", "not_examined", "examined", "signals")} == {
        "look": 4,
        "usual": 1,
        "not_examined": 1,
        "examined": 1,
        "signals": 0,
    }
    assert data["tally"]["text"] == list(COUNTS)
    told = {item["ref"]: item["reasons"][0]["text"] for item in data["what_to_look_at"]}
    assert {ref: told[ref] for ref in SAID} == SAID
    assert data["sections"][0]["rows"][0]["signal"]["move"] == "concern_high"

    for suffix, sheet in (("xlsx", "Overview"), ("data.xlsx", "Cover")):
        book = load_workbook(io.BytesIO(file(suffix)))
        words = "\n".join(str(cell.value) for row in book[sheet] for cell in row)
        assert COUNTS[1] in words
        assert COUNTS[2] in words
    lines = load_workbook(io.BytesIO(file("xlsx")))["Scorecard"]
    place = [cell.value for cell in lines[4]].index("What to look at")
    assert [row[place].value for row in lines.iter_rows(min_row=5)] == list(LOOK.values())


def test_paper_counts_as_the_page_does(examples):
    content = content_of(assemble_report(examples, JANUARY))
    assert content["tally"].sentences == list(COUNTS)
    assert [item.sentence for item, *_ in content["look"] if item.row.measure.reference in SAID] == list(SAID.values())


@pytest.mark.usefixtures("published")
def test_page_of_the_indicator_says_so_too(client):
    text = text_of(client.get(f"{PAGE}indicators/{Indicator.objects.get(reference='Z1').pk}/"))
    assert "No limits are drawn, and no figure is called unusual. More than a quarter of the figures are 0" in text
    assert SAID["Z1"].split("; ")[0] in text


def test_return_and_sign_off_say_that_it_moved_far(examples):
    edition = make_edition(examples, JANUARY)
    lines = {line.indicator.reference: line for line in assemble_sheet(edition).lines}
    facts = {reference: " ".join(fact_sentences(line.row)) for reference, line in lines.items()}
    assert "far higher than before, though no chart can judge it" in facts["Z1"]
    assert "far lower than before, though no chart can judge it" in facts["S1"]
    assert "no chart" not in facts["U1"]


def test_count_and_share_are_one_entry_and_a_count_that_follows_is_not_judged(client):
    """488 of 508 after some 461 of 480: more children, and no larger a share of them."""
    of = make_line("LAC1", [480, 482, 479, 481, 480, 482, 481, 479, 480, 481, 482, 480, 508])
    part = make_line("N1", [455, 466, 458, 464, 457, 466, 460, 463, 456, 465, 459, 462, 488], polarity="high")
    share = make_derived("S1", [part], [of], unit="percentage", polarity="high")
    late, late_of = make_indicator("N2"), make_indicator("D2")
    waiting = make_derived("S2", [late], [late_of], unit="percentage")
    publish(make_scorecard(part, of, share, waiting, late, is_public=True), JANUARY)

    data = client.get(f"{PAGE}report.json").json()
    page = text_of(client.get(PAGE))

    found = [
        (item["ref"], item["reasons"][0]["reason"], [one["ref"] for one in item["with"]])
        for item in data["what_to_look_at"]
    ]
    assert found == [("LAC1", "concern", ["N1"]), ("N2", "overdue", ["S2"])]
    signals = {row["ref"]: row["signal"] for row in data["sections"][0]["rows"]}
    assert (signals["N1"]["variation"], signals["N1"]["judged"]) == ("neutral_high", False)
    assert signals["S1"]["variation"] == "common_cause"
    assert "with N1" in page
    of_part = text_of(client.get(f"{PAGE}indicators/{part.pk}/"))
    assert "Higher than usual. It is called neither better nor worse: S1 has it as a share or rate" in of_part
    assert "Improvement" not in of_part.split("How to read")[0]


def test_demonstration_tells_one_fact_once(django_db_blocker):
    report = report_of("2021-01", django_db_blocker)
    items = what_to_look_at(report)

    entries = [[line.row.measure.reference for line in item.lines] for item in items]
    assert ["LAC9", "LAC9 (val)"] in entries
    assert ["CP5-QL", "CP5-QL (val)"] in entries
    assert len(entries) == 14
    first = {item.row.measure.reference: item.first for item in items}
    assert (first["LAC10-QL"], first["LAC11-QL"], first["M6-QL (val)"]) == (Reason.UNUSUAL,) * 3
    tally = Tally.of(report, items)
    assert (tally.look, tally.usual, tally.not_examined, tally.examined, tally.signals) == (16, 43, 5, 57, 13)
    assert tally.look + tally.usual + tally.not_examined == 64
    assert "about 1 of 57" in tally.chance_text
