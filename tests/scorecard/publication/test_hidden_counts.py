"""A public scorecard that hides small counts: what the public, the panel and the officer read of it."""

import csv
import io
import json
import re
import zipfile
from datetime import date
from itertools import accumulate

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from commentary.models import Commentary
from indicators.calculations.months import add_months
from indicators.models import Rebase
from scorecard.disclosure import relations_of
from scorecard.disclosure.texts import WITHHELD
from scorecard.models import Audience, PublicationKind, PublicText, PublishedDocument, Scorecard
from scorecard.publication.given_away import public_documents
from scorecard.publication.publish import draft_edition, freeze, freeze_published
from scorecard.roles import PANEL_MEMBERS
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_derived,
    make_edition,
    make_indicator,
    make_officer,
    make_scorecard,
    make_user,
    make_value,
    make_values,
    publish,
)
from tests.scorecard.returns.returning import page_of, person, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]
REPORT = "/scorecards/panel/2021-01/"
NOVEMBER = date(2020, 11, 1)


@pytest.fixture
def panel(db):
    """One count is small in January, the others and the total are not; December is published before, January too."""
    small = make_indicator("A1", reporter=person("lead"), polarity="low")
    large = make_indicator("B1")
    make_values(small, {NOVEMBER: 40, DECEMBER: 37, JANUARY: 4})
    make_values(large, {NOVEMBER: 60, DECEMBER: 63, JANUARY: 96})
    total = make_derived("T1", [small, large])
    rate = make_derived("R1", [small], [total], unit="percentage")
    Commentary.objects.create(indicator=small, month=JANUARY, text="Only 4 were left over from the autumn.")
    scorecard = make_scorecard(small, large, total, rate, is_public=True, suppresses_small_counts=True)
    publish(scorecard, DECEMBER, JANUARY)
    return scorecard


def january(client):
    """Each line's January in the CSV."""
    text = client.get(f"{REPORT}report.csv").content.decode("utf-8-sig")
    return {row["ref"]: row["2021-01"] for row in csv.DictReader(text.splitlines())}


def panel_member():
    member = make_user("councillor")
    member.groups.add(Group.objects.get(name=PANEL_MEMBERS))
    return member


def test_public_reads_neither_the_count_nor_what_gives_it_away(client, panel):
    found = january(client)
    assert (found["A1"], found["R1"]) == ("[c]", "[c]")
    # With the total and the other part it could be worked out.
    assert "[c]" in (found["B1"], found["T1"])


@pytest.mark.parametrize("file", ["", "report.json", "indicators/{key}/", "indicators/{key}/figures.csv"])
def test_public_never_reads_the_commentary_that_names_it(client, panel, file):
    address = REPORT + file.format(key=panel.sections.get().lines.first().indicator_id)
    page = client.get(address).content.decode()
    assert "Only 4 were left" not in page
    assert "withheld in the public report" in page


@pytest.mark.parametrize("username", ["lead", "councillor", "officer"])
def test_panel_and_those_who_work_on_it_read_the_whole_report(client, panel, username):
    people = {"lead": person("lead"), "councillor": panel_member(), "officer": make_officer()}
    client.force_login(people[username])
    assert january(client) == {"A1": "4", "B1": "96", "T1": "100", "R1": "4%"}


def test_whatever_only_the_panel_reads_says_so_and_nothing_else_does(client, panel):
    said = "hidden from the public"
    key = panel.sections.get().lines.first().indicator_id
    pages = [REPORT, f"{REPORT}indicators/{key}/", "/scorecards/panel/compare/?earlier=2020-12&later=2021-01"]
    told = {
        "json": lambda content: said in json.loads(content)["restricted"],
        "xlsx": lambda content: said in str([*sheets_of(content).values()]),
        "data.xlsx": lambda content: said in str([*sheets_of(content).values()]),
        "pdf": lambda content: [said in page.extract_text() for page in PdfReader(io.BytesIO(content)).pages],
    }

    def found(person):
        answers = {suffix: client.get(f"{REPORT}report.{suffix}") for suffix in (*told, "csv")}
        names = {"-panel." in answer["Content-Disposition"] for answer in answers.values()}
        shown = {said in client.get(page).content.decode() for page in pages}
        files = {suffix: look(answers[suffix].content) for suffix, look in told.items()}
        return names, shown, {all(files.pop("pdf"))} | set(files.values())

    assert found("the public") == ({False}, {False}, {False})
    client.force_login(panel_member())
    assert found("the panel") == ({True}, {True}, {True})


def test_account_without_a_part_in_it_reads_what_the_public_reads(client, panel):
    client.force_login(make_user("stranger"))
    assert january(client)["A1"] == "[c]"


def test_panel_reads_what_the_public_reads_if_the_scorecard_says_so(client, panel):
    panel.panel_reads_unsuppressed = False
    panel.save()
    client.force_login(panel_member())
    assert january(client)["A1"] == "[c]"
    client.force_login(make_officer("other"))
    assert january(client)["A1"] == "4"


def test_month_hidden_in_one_edition_is_hidden_in_the_next(client, panel):
    february = date(2021, 2, 1)
    for line in panel.sections.get().lines.filter(indicator__kind="figure"):
        make_value(line.indicator, february, 50)
    publish(panel, february)
    text = client.get("/scorecards/panel/2021-02/report.csv").content.decode("utf-8-sig")
    found = {row["ref"]: row for row in csv.DictReader(text.splitlines())}
    assert (found["A1"]["2021-01"], found["A1"]["change_month"], found["A1"]["average_12m"]) == ("[c]",) * 3


def test_what_was_published_before_anything_was_hidden_is_read_by_the_public_no_more(client):
    indicator = make_indicator("A1")
    make_value(indicator, JANUARY, 4)
    scorecard = make_scorecard(indicator, is_public=True)
    publish(scorecard)
    scorecard.suppresses_small_counts = True
    scorecard.save()
    assert client.get(REPORT).status_code == 404
    client.force_login(panel_member())
    assert client.get(REPORT).status_code == 200


@pytest.mark.parametrize("entered", ["per_period", "to_date"])
def test_total_so_far_of_no_two_editions_gives_a_month_away(client, entered):
    """68 up to December and 71 up to January are 3 in January, so neither that nor any later total is shown."""
    indicator = make_indicator("A1", accumulation=entered)
    months = [add_months(JANUARY, place) for place in range(-9, 2)]
    figures = [7, 8, 9, 7, 6, 8, 7, 9, 7, 3, 10]
    totals = [*accumulate(figures)]
    assert totals[8:] == [68, 71, 81]
    make_values(indicator, dict(zip(months, totals if entered == "to_date" else figures, strict=True)))
    scorecard = make_scorecard(indicator, is_public=True, suppresses_small_counts=True)
    publish(scorecard, *months[8:])
    shown = []
    for month in months[8:]:
        place = f"/scorecards/panel/{month:%Y-%m}/"
        pages = [f"{place}{name}" for name in ("", "report.csv", "report.json", f"indicators/{indicator.pk}/")]
        pages += [f"{place}indicators/{indicator.pk}/{name}" for name in ("figures.csv", "chart.json")]
        texts = [page_of(client.get(page)) for page in pages]
        assert not [text for text in texts if re.search(r"(?<![\d.-])(?:71|81)(?![\d.-])", words_of(text))], month
        [row] = json.loads(texts[2])["sections"][0]["rows"]
        shown.append((row["months"][f"{month:%Y-%m}"]["text"], row["year_to_date"]["text"]))
    assert shown == [("7", "68"), ("[c]", "[c]"), ("10", "[c]")]


def test_public_reports_are_reckoned_with_in_the_order_in_which_they_were_published(panel):
    """Not by month or number: what each hid follows from those that were there before it."""
    edition = panel.editions.get(month=DECEMBER)
    small = panel.sections.get().lines.first().indicator
    Rebase.objects.create(indicator=small, month=DECEMBER, reason="Counted anew.")
    freeze(draft_edition(edition), kind=PublicationKind.CORRECTION, reason="Marked.", by=None, now=timezone.now())
    public = public_documents(relations_of(), []).now
    assert [one.public.report.month for one in public] == [DECEMBER, JANUARY, DECEMBER]


@pytest.mark.parametrize(("missing", "first", "hidden"), [(NOVEMBER, 54, DECEMBER), (None, 4, date(2020, 10, 1))])
def test_few_of_several_months_together_are_hidden_with_the_totals_of_the_year(client, missing, first, hidden):
    """54 in October and 57 in December are 3 of two months; 4 are all of the months that nobody stored."""
    indicator = make_indicator("A1", accumulation="to_date")
    totals = {date(2020, 10, 1): first, NOVEMBER: first + 20, DECEMBER: first + 3 if missing else first + 40}
    make_values(indicator, {month: total for month, total in {**totals, JANUARY: 97}.items() if month != missing})
    scorecard = make_scorecard(indicator, is_public=True, suppresses_small_counts=True)
    publish(scorecard, DECEMBER, JANUARY)
    for month in (DECEMBER, JANUARY):
        place = f"/scorecards/panel/{month:%Y-%m}/"
        [row] = client.get(f"{place}report.json").json()["sections"][0]["rows"]
        shown = (row["months"][f"{hidden:%Y-%m}"]["text"], row["year_to_date"]["text"])
        assert (shown, "together" in str(row)) == (("[c]", "[c]"), False)
        files = ["report.csv", "", *(f"indicators/{indicator.pk}/{name}" for name in ("", "figures.csv", "chart.json"))]
        for text in (words_of(page_of(client.get(place + file))) for file in files):
            assert not re.search(r"2020 together|(?<![\d.-])(?:44|57|97)(?![\d.-])", text)
    client.force_login(make_officer())
    make_edition(scorecard, date(2021, 2, 1), state="in_review")
    page = words_of(page_of(client.get("/collection/panel/2021-02/publish/")))
    assert f"1 month ({hidden:%b %Y}): with the periods before, which have no figure, it had 1 to 5 cases" in page


def test_officer_sees_what_is_hidden_and_why_before_publishing(client, panel):
    february = date(2021, 2, 1)
    for line in panel.sections.get().lines.filter(indicator__kind="figure"):
        make_value(line.indicator, february, 5)
    make_edition(panel, february, state="in_review")
    client.force_login(make_officer())
    page = words_of(page_of(client.get("/collection/panel/2021-02/publish/")))
    # By line, with every month and the reason.
    assert "A1 Title of A1: 2 months (Jan 2021, Feb 2021): it is a count of 1 to 5" in page
    assert "1 text withheld until you decide: has a number that the public row doesn’t print" in page


def test_reason_of_a_revision_is_shown_with_risky_words_marked_and_cleared(client, panel):
    value = panel.sections.get().lines.first().indicator.values.get(month=JANUARY)
    value.figure = 3
    value.save()
    client.force_login(make_officer())
    address = "/collection/panel/2021-01/revise/"
    shown = page_of(client.get(address))
    typed = {"fingerprint": hidden_field(shown, "fingerprint"), "kind": "correction", "looked": "on"}
    reason = "It was three, not four, and counted twice."

    assert client.post(address, {**typed, "reason": reason}).status_code == 422
    asked = client.post(address, {**typed, "reason": reason, "cleared": "on"})
    assert asked.status_code == 422
    assert re.findall("<mark[^>]*>(.*?)</mark>", page_of(asked)) == ["three", "four", "twice"]
    # Another reason than the one whose words were marked is asked about again.
    again = {**typed, "marked": hidden_field(page_of(asked), "marked"), "cleared": "on"}
    assert client.post(address, {**again, "reason": "It was two."}).status_code == 422
    assert client.post(address, {**again, "reason": reason}).status_code == 302
    kept = PublicText.objects.get()
    assert (kept.text, kept.decision, kept.decided_by.username) == (reason, "cleared", "officer")
    client.logout()
    assert january(client)["A1"] == "[c]"


def test_plain_reason_is_cleared_at_once(client, panel):
    Commentary.objects.update(text="Rewritten.")
    client.force_login(make_officer())
    address = "/collection/panel/2021-01/revise/"
    typed = {
        "fingerprint": hidden_field(page_of(client.get(address)), "fingerprint"),
        "kind": "correction",
        "looked": "on",
    }
    reason = {"reason": "A form that came late was left out."}
    assert client.post(address, {**typed, **reason}).status_code == 422
    assert client.post(address, {**typed, **reason, "cleared": "on"}).status_code == 302


def hidden_field(page, name):
    return re.search(rf'name="{name}" value="(.*?)"', page)[1]


def test_scorecard_that_hides_nothing_has_one_document(db):
    publish(make_scorecard())
    assert [one.audience for one in PublishedDocument.objects.all()] == [Audience.PANEL]


def test_freezing_again_changes_nothing(panel):
    assert freeze_published(Scorecard.objects.get(), panel.editions.first().publications.get().published_at) == []


@pytest.mark.parametrize("suffix", ["xlsx", "data.xlsx"])
def test_workbooks_of_the_public_hold_no_hidden_figure(client, panel, suffix):
    found = {cell for cells in cells_of(client, suffix).values() for row in cells for cell in row}
    shown = january(client)
    hidden = {4, 0.04} | ({96} if shown["B1"] == "[c]" else {100})
    assert not hidden & found
    assert "[c]" in found
    client.force_login(panel_member())
    whole = {cell for cells in cells_of(client, suffix).values() for row in cells for cell in row}
    assert {4, 96, 100} <= whole


def cells_of(client, suffix):
    return sheets_of(client.get(f"{REPORT}report.{suffix}").content)


def sheets_of(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_tidy_data_of_the_public_hold_no_hidden_figure(client, panel):
    content = io.BytesIO(client.get(f"{REPORT}report.tidy.zip").content)
    with zipfile.ZipFile(content) as bundle:
        [name] = [name for name in bundle.namelist() if not name.endswith("meta.csv")]
        rows = [*csv.DictReader(bundle.read(name).decode("utf-8-sig").splitlines())]
    now = {"time_period": "2021", "time_identifier": "January", "reference": "A1"}
    of_january = [row for row in rows if now.items() <= row.items()]
    assert [("c" in row.values(), "4" in row.values()) for row in of_january] == [(True, False)]


def test_pdf_of_the_public_holds_no_hidden_figure(client, panel):
    pages = PdfReader(io.BytesIO(client.get(f"{REPORT}report.pdf").content)).pages
    text = " ".join(page.extract_text() for page in pages)
    line = re.search(r"A1 Title of A1(.*?)B1 Title of B1", text, re.DOTALL)[1]
    assert "[c]" in line
    assert not re.search(r"\b4\b", line)
    assert "Only 4 were left" not in text


def test_reason_of_a_change_of_counting_is_withheld_where_it_could_tell(panel, client):
    small = panel.sections.get().lines.first().indicator
    Rebase.objects.create(indicator=small, month=DECEMBER, reason="From then on 4 are left out.")
    edition = panel.editions.get(month=JANUARY)
    freeze(draft_edition(edition), kind=PublicationKind.CORRECTION, reason="Marked.", by=None, now=timezone.now())

    [section] = client.get(f"{REPORT}report.json").json()["sections"]
    lines = {line["ref"]: line for line in section["rows"]}
    # One of a part is one of the total and of the rate, and is withheld there too.
    assert {ref: [one["reason"] for one in line["breaks"]] for ref, line in lines.items()} == {
        **{ref: [WITHHELD] for ref in ("A1", "T1", "R1")},
        "B1": [],
    }
    # What is hidden is not marked either.
    compared = [line[name] for line in lines.values() for name in ("change_month", "average_12m", "maximum_12m")]
    assert "[c]" in {one["text"] for one in compared}
    assert not any(one["across_break"] for one in compared if one["text"] == "[c]")
    for page in (REPORT, f"{REPORT}report.csv", f"{REPORT}indicators/{small.pk}/", "/scorecards/panel/2021-01/"):
        assert "4 are left out" not in client.get(page).content.decode()
