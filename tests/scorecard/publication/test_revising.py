"""What a revision marks and lists, and what the next edition says of figures that were published otherwise."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from commentary.models import AreaOfFocus, Commentary, FocusUpdate, Overview
from indicators.calculations.figures import Figure
from indicators.calculations.vocabulary import Blank, Stage
from indicators.models import Comparator, Indicator, MonthlyValue, Rebase, Target
from scorecard.models import Edition, PublicationKind, PublishedDocument, Scorecard, Section
from scorecard.publication.comparing import is_revised
from scorecard.publication.document import FrozenReport
from scorecard.publication.publish import draft_edition, freeze
from scorecard.report.board import RevisionKind
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_derived,
    make_edition,
    make_indicator,
    make_scorecard,
    make_user,
    make_value,
    publish,
)
from tests.scorecard.returns.returning import without_terms

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = datetime(2021, 3, 1, 9, tzinfo=UTC)
FEBRUARY = date(2021, 2, 1)
PAGE = "/scorecards/panel/2021-01/"


@pytest.fixture
def calls():
    """An indicator on a public scorecard that is published for January; December's figure is provisional."""
    indicator = make_indicator("A1", title="Calls received", owner=make_user("owner", name="Ann"))
    make_value(indicator, date(2020, 11, 1), blank="awaited")
    make_value(indicator, DECEMBER, 10, stage="provisional")
    make_value(indicator, JANUARY, 20)
    Target.objects.create(indicator=indicator, year=2020, value=15)
    Comparator.objects.create(indicator=indicator, group="england", year=2019, value=12, on_basis="yes")
    Commentary.objects.create(indicator=indicator, month=JANUARY, text="It rose.")
    scorecard = make_scorecard(indicator, is_public=True, council="Hill Council")
    overview = Overview.objects.create(title="January", summary="All well.")
    publish(scorecard, overview=overview, meeting_date=date(2021, 2, 11))
    return indicator


def january():
    return Edition.objects.get(month=JANUARY)


def change_value(month=JANUARY, **fields):
    value = MonthlyValue.objects.get(month=month)
    for name, to in fields.items():
        setattr(value, name, to)
    value.save()


def change(model, **fields):
    row = model.objects.earliest("pk")
    for name, to in fields.items():
        setattr(row, name, to)
    row.save()


def revise(edition=None, kind=PublicationKind.CORRECTION):
    edition = edition or january()
    return freeze(draft_edition(edition), kind=kind, reason="Counted twice.", by=None, now=NOW)


def report_of(publication):
    return FrozenReport(publication.documents.get().body).report


def page_of(publication, indicator):
    return FrozenReport(publication.documents.get().body).page(indicator.pk)


def told(changes):
    return [(one.reference, one.what, one.before, one.after, one.kind) for one in changes]


def stages(figures):
    return [figure.stage for figure in figures]


# What is listed


def test_first_publication_revises_nothing(calls):
    assert report_of(january().publications.get()).revised == ()


def test_final_figure_that_is_another_is_a_correction(calls):
    change_value(figure=Decimal(21))

    draft = draft_edition(january())

    assert draft.is_new
    assert told(draft.changes) == [("A1", "January 2021", "20", "21", RevisionKind.CORRECTION)]


@pytest.mark.parametrize("stage", ["provisional", "estimated"])
def test_figure_that_was_not_final_yet_is_a_scheduled_revision(calls, stage):
    change_value(stage=stage)
    revise()
    change_value(figure=Decimal(21), stage="final")

    assert told(draft_edition(january()).changes) == [("A1", "January 2021", "20", "21", RevisionKind.SCHEDULED)]


def test_figure_where_there_was_none_is_added_and_not_marked(calls):
    change_value(date(2020, 11, 1), figure=Decimal(7), blank="")

    draft = draft_edition(january())

    assert told(draft.changes) == [("A1", "November 2020", "tbc", "7", RevisionKind.ADDED)]
    (row,) = draft.report.rows
    assert Stage.REVISED not in stages(row.figures)


def test_another_reason_for_a_blank_is_listed(calls):
    change_value(date(2020, 11, 1), blank="not_applicable")

    assert [one[1:] for one in told(draft_edition(january()).changes)] == [
        ("November 2020", "tbc", "[z]", RevisionKind.ADDED)
    ]


def test_figure_that_was_taken_away_is_a_correction(calls):
    change_value(figure=None, blank="awaited")

    assert told(draft_edition(january()).changes) == [("A1", "January 2021", "20", "tbc", RevisionKind.CORRECTION)]


def test_derived_figure_is_listed_with_its_part(calls):
    total = make_derived("T1", [calls])
    Scorecard.objects.get().sections.get().lines.create(indicator=total, position=1)
    revise()
    change_value(figure=Decimal(21))

    assert [(one[0], *one[1:4]) for one in told(draft_edition(january()).changes)] == [
        ("A1", "January 2021", "20", "21"),
        ("T1", "January 2021", "20", "21"),
    ]


OTHER_CHANGES = {
    "title": (lambda: change(Indicator, title="Calls"), "A1", "Title", "Calls received", "Calls"),
    "definition": (lambda: change(Indicator, definition="All."), "A1", "Definition", "", "All."),
    "owner": (lambda: change(Indicator, owner=None), "A1", "Owner", "Ann", ""),
    "commentary": (lambda: change(Commentary, text="It fell."), "A1", "Commentary", "It rose.", "It fell."),
    "target": (lambda: change(Target, value=18), "A1", "Target 2020-21", "15", "18"),
    "target removed": (lambda: Target.objects.all().delete(), "A1", "Target 2020-21", "15", ""),
    "comparator": (lambda: change(Comparator, value=13), "A1", "England", "12 (2019-20)", "13 (2019-20)"),
    "note": (lambda: change_value(note="By hand."), "A1", "Note on January 2021", "", "By hand."),
    "summary": (lambda: change(Overview, summary="Worse."), "", "Overall summary", "All well.", "Worse."),
    "meeting": (
        lambda: change(Edition, meeting_date=date(2021, 3, 1)), "", "Meeting", "11 February 2021", "1 March 2021",
    ),
    "council": (lambda: change(Scorecard, council="Vale"), "", "Council", "Hill Council", "Vale"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("make_change", "reference", "what", "before", "after"), OTHER_CHANGES.values(), ids=OTHER_CHANGES
)
def test_whatever_else_is_said_otherwise_is_listed(calls, make_change, reference, what, before, after):
    make_change()

    changes = told(draft_edition(january()).changes)

    assert (reference, what, before, after, RevisionKind.CHANGED) in changes


def test_line_that_is_new_or_gone_is_listed(calls):
    Scorecard.objects.get().sections.get().lines.all().delete()
    added = make_indicator("B1")
    make_value(added, JANUARY, 3)
    Scorecard.objects.get().sections.get().lines.create(indicator=added)

    changes = told(draft_edition(january()).changes)

    # One row for each, and not one for all that is said of it.
    assert [change for change in changes if change[0]] == [
        ("A1", "Line", "in the report", "", RevisionKind.CHANGED),
        ("B1", "Line", "", "in the report", RevisionKind.CHANGED),
    ]


def test_area_of_focus_is_listed_with_its_updates(calls):
    area = AreaOfFocus.objects.create(title="Caseloads", opened_on=JANUARY, response="More staff.")
    FocusUpdate.objects.create(area=area, date=JANUARY, text="Recruiting.")
    Scorecard.objects.get().areas_of_focus.add(area)

    assert told(draft_edition(january()).changes) == [
        ("", "Area of focus “Caseloads”", "", "More staff.\n1 January 2021: Recruiting.", RevisionKind.CHANGED)
    ]


def test_new_order_of_sections_is_listed(calls):
    scorecard = Scorecard.objects.get()
    scorecard.sections.create(title="Second", position=1).lines.create(indicator=make_indicator("B1"))
    revise()
    change(Section, position=2)

    assert told(draft_edition(january()).changes) == [
        ("", "Sections", "Front door: A1\nSecond: B1", "Second: B1\nFront door: A1", RevisionKind.CHANGED)
    ]


def test_change_of_counting_is_listed(calls):
    Rebase.objects.create(indicator=calls, month=JANUARY, reason="A new system.")

    assert told(draft_edition(january()).changes) == [
        ("A1", "Counted differently from January 2021 on", "", "A new system.", RevisionKind.CHANGED)
    ]


def test_change_of_no_words_is_said_to_be_of_what_is_worked_out(calls):
    change(Target, tolerance=2)

    draft = draft_edition(january())

    assert draft.is_new
    assert told(draft.changes) == [("", "Worked-out columns", "", "", RevisionKind.CHANGED)]


# What is marked


def test_revised_figure_is_marked_in_report_page_and_files(calls, client):
    change_value(figure=Decimal(21))

    revision = revise()

    (row,) = report_of(revision).rows
    assert stages(row.figures[-2:]) == [Stage.PROVISIONAL, Stage.REVISED]
    assert stages(point.figure for point in page_of(revision, calls).points[-2:]) == [
        Stage.PROVISIONAL,
        Stage.REVISED,
    ]
    html = without_terms(client.get(PAGE).content.decode())
    assert '21 <abbr class="stage" title="Revised">[r]</abbr>' in html
    files = csv.DictReader(
        client.get(f"{PAGE}indicators/{calls.pk}/figures.csv").content.decode("utf-8-sig").splitlines()
    )
    assert [row["stage"] for row in files][-1] == "revised"


def test_mark_stays_in_a_later_revision_that_leaves_the_figure(calls):
    change_value(figure=Decimal(21))
    revise()
    change(Indicator, title="Calls")

    second = revise()

    (row,) = report_of(second).rows
    assert row.figures[-1].stage is Stage.REVISED
    assert [one.what for one in report_of(second).revised] == ["Title"]


def test_figure_that_goes_back_is_revised_again(calls):
    change_value(figure=Decimal(21))
    revise()
    change_value(figure=Decimal(20))

    draft = draft_edition(january())

    assert told(draft.changes) == [("A1", "January 2021", "21", "20", RevisionKind.CORRECTION)]


def test_figure_revised_in_the_next_edition_is_marked_there(calls):
    make_value(calls, FEBRUARY, 30)
    change_value(DECEMBER, figure=Decimal(11), stage="final")
    change_value(JANUARY, figure=Decimal(21))

    report = draft_edition(make_edition(Scorecard.objects.get(), FEBRUARY)).report

    (row,) = report.rows
    assert stages(row.figures[-3:]) == [Stage.REVISED, Stage.REVISED, Stage.FINAL]
    assert [one[1:] for one in told(report.revised)] == [
        ("December 2020", "10", "11", RevisionKind.SCHEDULED),
        ("January 2021", "20", "21", RevisionKind.CORRECTION),
    ]


def test_next_edition_marks_against_the_latest_revision(calls):
    change_value(figure=Decimal(21))
    revise()
    make_value(calls, FEBRUARY, 30)

    report = draft_edition(make_edition(Scorecard.objects.get(), FEBRUARY)).report

    assert report.revised == ()


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (Figure(2), Figure(1), True),
        (Figure(1), Figure(1), False),
        (Figure(1, stage=Stage.FINAL), Figure(1, stage=Stage.PROVISIONAL), False),
        (Figure(1), None, False),
        (Figure(1), Figure(None, Blank.AWAITED), False),
        (Figure(None, Blank.AWAITED), Figure(1), True),
        (Figure(None, Blank.SUPPRESSED), Figure(1), False),
        (Figure(1), Figure(None, Blank.SUPPRESSED), False),
    ],
)
def test_figure_is_revised_when_it_was_published_as_another(now, before, expected):
    assert is_revised(now, before) is expected


# Beside one another


def test_earlier_publication_says_nothing_different(calls, client):
    addresses = [f"{PAGE}publications/1/report.{kind}" for kind in ("csv", "json")]
    before = [client.get(address).content for address in addresses]
    change_value(figure=Decimal(777))

    revise()

    assert [client.get(address).content for address in addresses] == before
    assert b"777" not in before[0] + before[1]
    assert client.get(f"{PAGE}report.csv").content == client.get(f"{PAGE}publications/2/report.csv").content
    assert client.get(f"{PAGE}publications/1/").status_code == 200


def test_publication_that_does_not_exist_is_not_found(calls, client):
    assert [client.get(f"{PAGE}publications/{number}/").status_code for number in (0, 1, 2, 10**30)] == [
        404, 200, 404, 404,
    ]  # fmt: skip


def test_each_audience_has_revisions_of_its_own(calls):
    scorecard = Scorecard.objects.get()
    scorecard.suppresses_small_counts = True
    scorecard.save()

    revise()

    assert PublishedDocument.objects.filter(publication__number=2).count() == 2
