"""A scorecard whose public reads every count to the nearest 5: nothing exact is left in anything that it reads."""

import io
import json
import re
import zipfile
from random import Random

import pytest
from django.utils import timezone
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from commentary.models import Commentary
from indicators.calculations.disclosure import to_nearest
from indicators.calculations.months import months_ending
from indicators.models import CrossCheck, MonthlyValue
from indicators.models.cross_check import CrossCheckTerm
from scorecard.models import Audience, PublicationKind, PublishedDocument, Scorecard
from scorecard.publication.document import FrozenReport
from scorecard.publication.publish import draft_edition, freeze
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_derived,
    make_edition,
    make_indicator,
    make_officer,
    make_scorecard,
    make_value,
    make_values,
    publish,
)
from tests.scorecard.publication.test_public_settings import PAGE, said, save
from tests.scorecard.returns.returning import page_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
MONTHS = months_ending(JANUARY, 15)
ROUNDS = {"is_public": True, "suppresses_small_counts": True, "rounds_counts": True}
SAID = "Every count is rounded to the nearest 5"


def within(number, random):
    """Another number that is rounded to the same."""
    near = to_nearest(number)
    return random.choice([one for one in range(max(near - 2, 0), near + 3) if one != number])


def make_board():
    """Counts, their sum, shares and rates, averages of money and days, totals of a year, quarters; and what is said."""
    random = Random(7)  # noqa: S311 - nothing secret
    small, large, year, quarter, total = (
        make_indicator("A1"),
        make_indicator("B1"),
        make_indicator("Y1", accumulation="to_date"),
        make_indicator("Q1", frequency="quarterly"),
        make_indicator("S1"),
    )
    share = make_indicator("P1", kind="ratio", unit="percentage")
    cost = make_indicator("M1", kind="ratio", unit="money")
    typed = make_indicator("P2", unit="percentage")
    so_far = 0
    for month in MONTHS:
        few, many = random.randint(0, 9), random.choice((1461, 1482))
        so_far = (0 if month.month == 4 else so_far) + random.randint(1, 9)
        make_value(small, month, few)
        make_value(large, month, many)
        make_value(total, month, few + many)
        make_value(year, month, so_far)
        make_value(share, month, numerator=random.randint(11, 14), denominator=random.randint(31, 34))
        make_value(cost, month, numerator=random.randint(900, 1999), denominator=random.randint(11, 44))
        make_value(typed, month, random.randint(11, 44))
        if month.month % 3 == 0:
            make_value(quarter, month, random.randint(1, 9))
    check = CrossCheck.objects.create(indicator=total, kind="parts")
    for part in (small, large):
        CrossCheckTerm.objects.create(check_of=check, indicator=part, role="part")
    derived = make_derived("T1", [small, large])
    rate = make_derived("R1", [small], [derived], unit="percentage")
    Commentary.objects.create(indicator=small, month=JANUARY, text="One more than the 3 of last year.")
    lines = small, large, total, year, share, cost, typed, quarter, derived, rate
    return make_scorecard(*lines, **ROUNDS)


@pytest.fixture
def board(db):
    return make_board()


def public_text(edition):
    return draft_edition(edition).texts[Audience.PUBLIC]


def change_within_rounding(random):
    """Every count another one that is rounded to the same; what parts were together, they still are."""
    for value in MonthlyValue.objects.select_related("indicator"):
        if value.indicator.accumulation == "to_date" or value.indicator.reference in ("P2", "S1"):
            continue
        is_of_cases = value.indicator.unit not in ("money", "days")
        for part in ("figure", "numerator", "denominator"):
            number = getattr(value, part)
            if number is not None and (is_of_cases or part == "denominator"):
                setattr(value, part, within(int(number), random))
        # As it was entered at once, without a history.
        MonthlyValue.objects.filter(pk=value.pk).update(
            figure=value.figure, numerator=value.numerator, denominator=value.denominator
        )
    for month in MONTHS:
        parts = MonthlyValue.objects.filter(indicator__reference__in=("A1", "B1"), month=month)
        together = sum(value.figure for value in parts)
        MonthlyValue.objects.filter(indicator__reference="S1", month=month).update(figure=together)


def test_whatever_is_rounded_to_the_same_gives_the_same_public_document(board):
    """So nothing in it tells more of any count than its rounding: not by a chart, a signal, a change or an average."""
    edition = make_edition(board, state="in_review")
    before = draft_edition(edition)

    for seed in (1, 2):
        change_within_rounding(Random(seed))  # noqa: S311 - nothing secret
        after = draft_edition(edition)
        assert after.texts[Audience.PUBLIC] == before.texts[Audience.PUBLIC]
        assert after.texts[Audience.PANEL] != before.texts[Audience.PANEL]


@pytest.mark.slow
def test_so_does_the_demonstration(loaded):
    scorecard = Scorecard.objects.get(slug="children-and-families")
    for name, value in {**ROUNDS, "shown_because": ""}.items():
        setattr(scorecard, name, value)
    scorecard.save()
    edition = scorecard.editions.get(month=JANUARY)
    before, random = public_text(edition), Random(1)  # noqa: S311 - nothing secret
    values = list(MonthlyValue.objects.filter(indicator__unit="count", figure__isnull=False))
    for value in values:
        value.figure = within(int(value.figure), random)
    MonthlyValue.objects.bulk_update(values, ["figure"], batch_size=200)
    assert public_text(edition) == before


def test_figures_are_rounded_before_anything_is_worked_out_from_them(board):
    make_edition(board, state="in_review")
    frozen = FrozenReport(public_text(board.editions.get()))
    exact = FrozenReport(draft_edition(board.editions.get()).texts[Audience.PANEL]).report.by_indicator
    assert (frozen.report.rounded_to, {page.rounded_to for page in frozen.pages.all}) == (5, {5})
    rows = {row.measure.reference: row for row in frozen.report.rows}
    for reference in ("A1", "B1", "Q1", "Y1"):
        row = rows[reference]
        for figure, true in zip(row.figures, exact[row.indicator].figures, strict=True):
            assert figure.value == (None if true.value is None else to_nearest(true.value))
    small, large, total, derived, share = (rows[name].figures[-1] for name in ("A1", "B1", "S1", "T1", "P1"))
    assert total.value == derived.value == small.value + large.value
    assert (share.numerator % 5, share.denominator % 5) == (0, 0)
    assert rows["Y1"].totals.to_date.value == sum(one.value for one in rows["Y1"].figures[-10:])
    cost, true = rows["M1"].figures[-1], exact[rows["M1"].indicator].figures[-1]
    assert (cost.numerator, cost.denominator) == (true.numerator, to_nearest(true.denominator))
    assert all(not page.revisions for page in frozen.pages.all)


def test_typed_share_that_hangs_together_with_others_is_hidden(board):
    typed, share = (board.sections.get().lines.get(indicator__reference=name).indicator for name in ("P2", "P1"))
    edition = make_edition(board, state="in_review")
    assert {cell.reference for cell in draft_edition(edition).plan.cells} == set()
    check = CrossCheck.objects.create(indicator=typed, kind="parts", total=100, tolerance=90)
    for part in (typed, share):
        CrossCheckTerm.objects.create(check_of=check, indicator=part, role="part")

    cells = draft_edition(edition).plan.cells

    assert {cell.reference for cell in cells} == {"P2"}
    assert "it was entered without its two numbers, so it can’t be rounded" in cells[0].words


def test_average_of_few_is_hidden_and_text_beside_small_counts_waits_for_an_officer(board):
    cost = MonthlyValue.objects.get(indicator__reference="M1", month=JANUARY)
    cost.denominator = 6
    cost.save()
    edition = make_edition(board, state="in_review")
    plan = draft_edition(edition).plan
    assert [cell.words for cell in plan.cells] == [
        "M1, January 2021: suppressed because it is an average of 1 to 5 cases."
    ]
    assert "One more than the 3 of last year." in [text.text.text for text in plan.texts]
    assert "One more than the 3" not in public_text(edition)


def test_every_output_says_that_counts_are_rounded_and_has_none_that_are_not(client, board):
    publish(board, JANUARY)
    report = "/scorecards/panel/2021-01/"
    page = page_of(client.get(report))
    indicator = board.sections.get().lines.get(indicator__reference="B1").indicator.pk
    files = {
        "csv": client.get(f"{report}report.csv").content.decode("utf-8-sig"),
        "json": client.get(f"{report}report.json").content.decode(),
        "page": page,
        "indicator": page_of(client.get(f"{report}indicators/{indicator}/")),
        "indicator csv": client.get(f"{report}indicators/{indicator}/figures.csv").content.decode("utf-8-sig"),
    }
    for suffix in ("report.xlsx", "report.data.xlsx"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{report}{suffix}").content))
        files[suffix] = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    tidy = zipfile.ZipFile(io.BytesIO(client.get(f"{report}report.tidy.zip").content))
    files["open data"] = "".join(tidy.read(name).decode() for name in tidy.namelist())
    for name, text in files.items():
        assert "nearest 5" in text, name
        for exact in ("1461", "1482", "1,461", "1,482"):
            assert exact not in text, (name, exact)
    assert json.loads(files["json"])["rounded_to"] == 5
    # What is withheld beside rounded counts tells of no [c], of which there is none.
    assert "tell more of a small count than its rounding does" in page
    assert "could reveal a suppressed figure" not in page
    assert re.search(f"{SAID}.*What to look at", words_of(page))
    assert "A 0 always means none" not in page


@pytest.mark.slow
def test_paper_says_it(client, board):
    publish(board, JANUARY)
    paper = PdfReader(io.BytesIO(client.get("/scorecards/panel/2021-01/report.pdf").content))
    text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert (SAID in text, "1,461" in text or "1,482" in text) == (True, False)


def test_what_the_panel_reads_stays_exact(client, board):
    publish(board, JANUARY)
    client.force_login(make_officer())
    page = words_of(page_of(client.get("/scorecards/panel/2021-01/")))
    assert SAID not in page
    assert "For the panel only" in page


def test_documents_of_another_rule_are_not_the_publics_any_more(client):
    small = make_indicator("A1")
    make_values(small, {DECEMBER: 41, JANUARY: 4})
    scorecard = make_scorecard(small, is_public=True, suppresses_small_counts=True)
    publish(scorecard, JANUARY)
    client.force_login(make_officer())

    assert save(client, scorecard, {"looked": "on"}, suppresses_small_counts="round").status_code == 302

    scorecard.refresh_from_db()
    assert (scorecard.suppresses_small_counts, scorecard.rounds_counts) == (True, True)
    assert "rounded to the nearest 5" in said(client.get(PAGE))
    assert "1 small count of 1 indicator, and all others" in said(client.get(f"{PAGE}revisions/"))
    client.logout()
    assert "is being revised" in said(client.get("/scorecards/panel/"))
    draft = draft_edition(scorecard.editions.get(month=JANUARY))
    # What was hidden stays hidden, so that both editions together tell no more than the first.
    assert [cell.why for cell in draft.plan.cells] == ["earlier"]
    freeze(draft, kind=PublicationKind.SCHEDULED, reason="Rounded.", by=None, now=timezone.now())
    assert PublishedDocument.objects.filter(rounds_counts=True).count() == 1
    assert SAID in said(client.get("/scorecards/panel/2021-01/"))


def test_hiding_again_asks_with_every_count_that_was_rounded(client):
    small = make_indicator("A1")
    make_values(small, {DECEMBER: 41, JANUARY: 4})
    scorecard = make_scorecard(small, **ROUNDS)
    publish(scorecard, JANUARY)
    client.force_login(make_officer())
    asked = save(client, scorecard, suppresses_small_counts="yes")
    assert "1 January 2021: 4, in the report on January 2021" in said(asked)


def test_second_scorecard_that_shows_the_counts_exactly_is_asked_about(board):
    publish(
        make_scorecard(
            *[line.indicator for line in board.sections.get().lines.all()],
            slug="open",
            is_public=True,
            suppresses_small_counts=False,
            shown_because="Printed.",
        ),
        JANUARY,
    )
    shown = draft_edition(make_edition(board, state="in_review")).shown
    assert {count.measure.reference for count in shown.contrary} >= {"A1"}
