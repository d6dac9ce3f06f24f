"""Three councils' own files, from upload to a published edition whose figures are those that the files have."""

from fractions import Fraction

import pytest

from indicators.calculations.months import financial_year
from indicators.calculations.vocabulary import Accumulation
from scorecard.indicator_page import Span
from scorecard.models import Audience, Edition, PublishedDocument, Scorecard, SpreadsheetDraft
from scorecard.publication.document import FrozenReport
from tests.factories import make_officer
from tests.scorecard.cast import signed_in
from tests.scorecard.onboarding.councils import FILES, SHEETS, answered, figure_of, known

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.sqlite]

# What is worked out from other rows follows from them, also where the file prints another figure.
WORKED_OUT = [("CP3", "2025-09")]


@pytest.mark.parametrize("name", FILES)
def test_file_becomes_a_published_edition_with_its_figures(name):
    officer = make_officer()
    content = (SHEETS / name).read_bytes()
    draft = SpreadsheetDraft.objects.create(file_name=name, content=content, sent_by=officer)
    draft.decisions |= answered(draft)
    draft.save()
    client, address = signed_in("officer"), f"/setup/spreadsheets/{draft.pk}/"

    if client.get(f"{address}preview/").context["open_points"]:
        # Nothing in the file says whose it is.
        form = client.get(f"{address}scorecard/").context["form"]
        client.post(f"{address}scorecard/", form.initial | {"council": "Fenbury Council", "slug": ""})
        draft.refresh_from_db()
    preview = client.get(f"{address}preview/")
    assert (preview.context["open_points"], preview.context["problems"]) == ([], [])
    created = client.post(f"{address}create/", {"version": draft.version, "looked": "on"}, follow=True)
    assert created.status_code == 200, created.context["problems"]
    dates = {"opens_on": "2025-10-06", "due_on": "2025-10-10", "meeting_date": ""}
    opened = client.post(f"{address}first-month/", dates | {"before": "0"})
    assert opened.status_code == 200
    [edition] = Edition.objects.all()
    place = f"/collection/{edition.scorecard.slug}/{edition.month:%Y-%m}/"
    client.post(f"{place}move/in_review/", {"version": edition.version})
    page = client.get(f"{place}publish/")
    data = {"fingerprint": page.context["draft"].fingerprint, "looked": "on"}
    assert client.post(f"{place}publish/", data).status_code == 302

    report = FrozenReport(PublishedDocument.objects.get(audience=Audience.PANEL).body)
    differing = figures_that_differ(report, known(name))
    assert [one for one in differing if one[:2] not in WORKED_OUT] == []
    assert Scorecard.objects.get().council


def figures_that_differ(report, rows):
    """Known figures that the published report has otherwise, or not at all."""
    by_name = {}
    for row in report.report.rows:
        page = report.page(row.indicator, Span.ALL)
        figures = {f"{point.month:%Y-%m}": point.figure.value for point in page.points}
        if row.measure.accumulation is Accumulation.TO_DATE:
            # What each period had by itself adds up to what the file has.
            figures = dict(to_date(page.points))
        by_name[row.measure.reference] = by_name[row.measure.title] = figures
    found = []
    for name, row in rows.items():
        for month, value in row["values"].items():
            right, there = figure_of(value), by_name.get(name, {}).get(month)
            if isinstance(right, tuple):
                # Per cent, per 1,000 …: what is known is only what is divided by what.
                of = Fraction(*right) if right[1] else None
                right = next((of * 10**power for power in range(6) if of and there == of * 10**power), of)
            if right != there and not is_rounded(there, right):
                found.append((name, month, right, there))
    return found


def is_rounded(there, right):
    """Whether a figure is another to as many decimals as a cell kept: six and more, or one in a text file."""
    if there is None or right is None:
        return False
    return abs(there - right) <= Fraction(1, 10**5) or (
        (10 * there).denominator == 1 and abs(there - right) <= Fraction(1, 20)
    )


def to_date(points):
    """The totals so far of a year from April, period by period."""
    totals = {}
    for point in points:
        if point.figure.value is not None:
            year = financial_year(point.month)
            totals[year] = totals.get(year, 0) + point.figure.value
            yield f"{point.month:%Y-%m}", totals[year]
