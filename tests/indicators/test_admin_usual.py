"""What an officer says is usual, and which indicators came after others, in the administration and by import."""

import pytest
from django.db import IntegrityError, transaction

from indicators.models import FixedBaseline, Indicator, Succession
from tests.factories import JANUARY, make_indicator
from tests.indicators.admin_pages import address, filled_in
from tests.indicators.importing import confirm, preview

pytestmark = pytest.mark.django_db


def save(client, indicator, **fields):
    page = address(Indicator, "change", indicator.pk)
    return client.post(page, {**filled_in(client, page), **fields})


def row_of(prefix, **fields):
    return {f"{prefix}-TOTAL_FORMS": "1", **{f"{prefix}-0-{name}": value for name, value in fields.items()}}


@pytest.mark.sqlite
def test_season_and_baseline_are_said_at_the_indicator_with_their_reasons(admin_client, admin_user):
    indicator = make_indicator("A1")
    fields = row_of("baselines", month="2018-04", periods="12", reason="Before the new team.")
    refused = save(admin_client, indicator, is_seasonal="on", **fields)
    assert "Say why it is seasonal." in refused.content.decode()
    assert not FixedBaseline.objects.exists()
    saved = save(admin_client, indicator, is_seasonal="on", seasonal_reason="Schools close.", **fields)
    assert saved.status_code == 302
    baseline = FixedBaseline.objects.get()
    assert (baseline.periods, baseline.reason) == (12, "Before the new team.")
    assert baseline.history.get().history_user == admin_user
    assert Indicator.objects.get().seasonal_reason == "Schools close."


@pytest.mark.sqlite
def test_what_is_no_baseline_is_told_beside_its_field(admin_client):
    indicator = make_indicator("A1")
    given = {"month": "2018-04", "periods": "12", "reason": "Why."}
    for field, value, told in (
        ("periods", "11", "greater than or equal to 12"),
        ("periods", "999", "less than or equal to 120"),
        ("reason", " ", "This field is required."),
        ("month", "soon", "soon"),
    ):
        response = save(admin_client, indicator, **row_of("baselines", **{**given, field: value}))
        assert (response.status_code, told in response.content.decode()) == (200, True), (field, value)
    assert not FixedBaseline.objects.exists()


def test_former_indicator_is_said_at_the_new_one_and_never_in_a_circle(admin_client):
    old, new = make_indicator("O1"), make_indicator("N1")
    given = {"kind": "replaces", "month": "2021-01", "note": "By case."}
    assert save(admin_client, new, **row_of("formers", former=old.pk, **given)).status_code == 302
    assert Succession.objects.get().former == old
    for indicator, former in ((old, new), (old, old)):
        refused = save(admin_client, indicator, **row_of("formers", former=former.pk, **given))
        told = refused.content.decode()
        assert "round in a circle" in told or "come after itself" in told
    # A longer way round, past the form.
    third = make_indicator("T1")
    Succession.objects.create(indicator=third, former=new, month=JANUARY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Succession.objects.create(indicator=old, former=third, month=JANUARY)
    # What is there can be changed.
    said = Succession.objects.get(indicator=third)
    said.note = "Changed."
    said.save()


def test_successions_are_imported_and_told_apart_from_nonsense(admin_client):
    make_indicator("O1"), make_indicator("N1")
    file = "reference,former,kind,month,note\nN1,o1,,2020-04,By case.\n"
    confirm(admin_client, Succession, preview(admin_client, Succession, file))
    found = Succession.objects.get()
    assert (found.indicator.reference, found.former.reference, found.kind) == ("N1", "O1", "replaces")
    for row, told in (("N1,X9,,2020-04,", "There is no indicator"), ("N1,O1,joins,2020-04,", "is not known")):
        shown = preview(admin_client, Succession, f"reference,former,kind,month,note\n{row}\n")
        assert told in shown.content.decode()
