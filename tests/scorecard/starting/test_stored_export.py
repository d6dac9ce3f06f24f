"""A file of the export's first format, as it was written in its time; and what was erased, moved."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import call_command

from indicators.models import Indicator, MonthlyValue, User
from scorecard.accounts.forgetting import forget
from scorecard.models import CouncilDetails, Edition, Erasure, Scorecard, WithheldKind, Withholding
from scorecard.publication import withholding as acts
from scorecard.publication.withholding import Wanted
from scorecard.starting import exporting, importing, reading
from tests.databases import databases
from tests.factories import make_user
from tests.scorecard.publication.planted import make_planted, take_back

STORED = Path(__file__).parents[2] / "data" / "exports" / "format_1.zip"


def brought_over(content):
    outcome = importing.import_everything(reading.MovedFile(io.BytesIO(content)), by=None)
    assert outcome.problems == []


@pytest.mark.django_db
def test_a_file_of_the_first_format_is_read_for_good(client):
    """Two indicators and their share, in two published months; its answers were written down by hand.

    Never write the file anew: whoever kept such a file brings it over with the product of their day. A later format
    gets a file beside it.
    """
    brought_over(STORED.read_bytes())
    details = CouncilDetails.present()
    assert (details.council, details.region) == ("Exampleshire County Council", "South West")
    assert {one.username: (one.name, one.email) for one in User.objects.all()} == {
        "olive": ("Olive Officer", "olive@example.org"),
        "lead": ("Lee Lead", "lead@example.org"),
    }
    assert [group.name for group in User.objects.get(username="olive").groups.all()] == ["Performance officers"]
    found = {one.reference: one for one in Indicator.objects.select_related("owner", "reporter")}
    assert {name: (one.title, one.unit, one.kind, one.decimal_places) for name, one in found.items()} == {
        "A1": ("Calls received", "count", "figure", 0),
        "B1": ("Calls answered in time", "count", "figure", 0),
        "C1": ("Share of calls answered in time", "percentage", "derived", 1),
    }
    assert (found["A1"].owner.username, found["A1"].reporter.username) == ("olive", "lead")
    assert [(one.title, one.history_change_reason) for one in found["A1"].history.order_by("version")] == [
        ("Calls", None),
        ("Calls received", "Clearer"),
    ]
    parts = found["C1"].terms.values_list("role", "source__reference")
    assert set(parts) == {("numerator", "B1"), ("denominator", "A1")}
    figures = MonthlyValue.objects.values_list("indicator__reference", "month", "figure")
    december, january = date(2025, 12, 1), date(2026, 1, 1)
    assert set(figures) == {
        ("A1", december, Decimal(40)),
        ("B1", december, Decimal(30)),
        ("A1", january, Decimal(48)),
        ("B1", january, Decimal(42)),
    }
    assert found["C1"].targets.get().value == 80
    scorecard = Scorecard.objects.get()
    assert (scorecard.slug, scorecard.title, scorecard.panel) == ("calls", "Calls scorecard", "Customer Committee")
    assert list(Edition.objects.order_by("month").values_list("month", "state")) == [
        (december, "published"),
        (january, "published"),
    ]
    call_command("verify_editions", stdout=io.StringIO())
    # What was published in January: 42 of 48 is 87.5%, after 30 of 40, 75.0%.
    page = client.get("/scorecards/calls/2026-01/").content.decode()
    assert "87.5%" in page
    assert "75.0%" in page
    assert "More calls were answered in time." in page


def planted_and_taken_back():
    """A line erased, with the certificate; a figure withheld and not confirmed; somebody forgotten."""
    make_planted()
    make_user("leaver", name="Lea Ver", email="lea@example.org", is_active=False)
    officer, second = (User.objects.get(username=name) for name in ("officer", "second"))
    now = datetime(2021, 3, 4, 12, tzinfo=UTC)
    line = take_back(Wanted(WithheldKind.LINE, indicator=Indicator.objects.get(reference="A3").pk))
    acts.confirm(key=line.pk, by=second, alone=False, now=now)
    acts.ask_for_erasure(key=line.pk, legal_reason="Article 17", by=officer, now=now)
    acts.erase(key=line.pk, by=second, alone=False, now=now)
    counted = Indicator.objects.get(reference="A1").pk
    take_back(Wanted(WithheldKind.FIGURE, indicator=counted, month=date(2021, 1, 1)))
    forget(key=User.objects.get(username="leaver").pk, by=officer)


def exported():
    file = io.BytesIO()
    exporting.export(file)
    return file.getvalue()


@pytest.fixture(scope="module")
def taken_back(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), databases.fresh(planted_and_taken_back):
        return exported()


@pytest.mark.django_db
def test_what_was_erased_is_moved_as_erased(taken_back, client):
    with ZipFile(io.BytesIO(taken_back)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Lea Ver" not in everything
    assert b"lea@example.org" not in everything
    brought_over(taken_back)
    assert exported() == taken_back
    call_command("verify_editions", stdout=io.StringIO())
    erased, withheld = Withholding.objects.order_by("withheld_at", "pk")
    assert (erased.erased_at is not None, withheld.erased_at, withheld.confirmed_at) == (True, None, None)
    assert User.objects.filter(username__startswith="former-user-").count() == 1
    page = client.get("/scorecards/panel/2021-01/").content.decode()
    assert "7,741" not in page
    assert Erasure.objects.exists()
