"""Importing: a file is previewed, then imported whole or not at all, and never over somebody else's change."""

import csv
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from indicators.models import Comparator, MonthlyValue
from tests.factories import make_indicator, make_user, make_value
from tests.indicators.importing import confirm, file_problem, import_file, preview, problems

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "children_and_families"
JANUARY = date(2021, 1, 1)


@pytest.fixture
def contacts():
    return make_indicator("M1")


def test_one_wrong_row_keeps_all_others_out(admin_client, contacts):
    content = "reference,month,figure\nM1,2021-01,5\nM1,2020-12,tbc\nM1,2020-11,n/a\n"

    assert [problem[0] for problem in problems(admin_client, MonthlyValue, content)] == [3, 4]
    assert not MonthlyValue.objects.exists()


def test_a_preview_tells_old_and_new_and_saves_nothing(admin_client, contacts):
    value = make_value(contacts, JANUARY, 5)

    response = preview(admin_client, MonthlyValue, "reference,month,figure\nM1,2021-01,6\nM1,2020-12,7\n")

    page = response.content.decode()
    assert "<del>5</del> → " in page
    assert "<ins>6</ins>" in page
    value.refresh_from_db()
    assert value.figure == 5
    assert MonthlyValue.objects.count() == 1


def test_the_same_file_twice_changes_nothing(admin_client, contacts):
    content = "reference,month,figure,stage,note\nM1,2021-01,1343,provisional,Late\nM1,2020-12,7,,\n"
    import_file(admin_client, MonthlyValue, content)

    response = preview(admin_client, MonthlyValue, content)

    assert "changes nothing: 2 rows are already the same here" in response.content.decode()
    assert not response.context["preview"]
    assert MonthlyValue.history.count() == 2


def test_an_import_is_in_the_history(admin_client, admin_user, contacts):
    import_file(admin_client, MonthlyValue, "reference,month,figure\nM1,2021-01,5\n", f"{'x' * 120}.csv")

    record = MonthlyValue.history.get()

    assert record.history_user == admin_user
    assert record.history_change_reason.startswith("Import of xxx")


def test_a_figure_answers_an_awaited_one(admin_client, contacts):
    make_value(contacts, JANUARY, blank="awaited")

    import_file(admin_client, MonthlyValue, "reference,month,figure\nM1,2021-01,5\n")

    assert (contacts.values.get().figure, contacts.values.get().blank) == (5, "")


def test_a_change_between_preview_and_confirmation_is_shown_first(admin_client, contacts):
    value = make_value(contacts, JANUARY, 5)
    shown = preview(admin_client, MonthlyValue, "reference,month,figure\nM1,2021-01,6\n")
    value.figure = 55
    value.save()

    again = confirm(admin_client, MonthlyValue, shown)

    value.refresh_from_db()
    assert value.figure == 55
    assert "somebody changed these rows after you saw the preview" in again.content.decode()
    assert "<del>55</del>" in again.content.decode()
    confirm(admin_client, MonthlyValue, again)
    value.refresh_from_db()
    assert value.figure == 6


def test_a_confirmation_without_its_preview_is_explained(admin_client, contacts):
    shown = preview(admin_client, MonthlyValue, "reference,month,figure\nM1,2021-01,6\n")
    confirm(admin_client, MonthlyValue, shown)

    for signed in (shown.context["preview"], "", "nonsense"):
        response = admin_client.post("/admin/indicators/monthlyvalue/process_import/", {"preview": signed}, follow=True)
        assert "choose the file once more" in response.content.decode()


def test_a_file_that_is_too_big_is_not_even_read(admin_client, contacts, monkeypatch):
    monkeypatch.setattr("indicators.resources.base.read_spreadsheet", None)

    assert "larger than 5 MB" in file_problem(admin_client, MonthlyValue, b"x" * (5 * 1024 * 1024 + 1))


def test_nobody_confirms_somebody_elses_preview(admin_client, contacts):
    other = Client()
    other.force_login(make_user("other", is_staff=True, is_superuser=True))
    shown = preview(admin_client, MonthlyValue, "reference,month,figure\nM1,2021-01,6\n")

    assert "choose the file once more" in confirm(other, MonthlyValue, shown).content.decode()
    assert not MonthlyValue.objects.exists()


def test_staff_without_permission_neither_import_nor_export(contacts):
    client = Client()
    client.force_login(make_user("staff", is_staff=True))

    assert preview(client, MonthlyValue, "reference,month,figure\nM1,2021-01,6\n").status_code == 403
    assert client.post("/admin/indicators/monthlyvalue/process_import/", {"preview": "x"}).status_code == 403
    assert client.get("/admin/indicators/monthlyvalue/export/").status_code == 403


def test_unchanged_rows_take_no_queries_of_their_own(admin_client, django_assert_max_num_queries):
    for number in range(40):
        make_value(make_indicator(f"M{number}"), JANUARY, number)

    def look_at(count):
        rows = "".join(f"M{number},2021-01,{number}\n" for number in range(count))
        preview(admin_client, MonthlyValue, f"reference,month,figure\n{rows}")

    def without_savepoints(captured):
        return len([query for query in captured if "SAVEPOINT" not in query["sql"]])

    with django_assert_max_num_queries(500) as few:
        look_at(2)
    with django_assert_max_num_queries(500) as many:
        look_at(40)
    assert without_savepoints(many.captured_queries) == without_savepoints(few.captured_queries)


@pytest.mark.slow
@pytest.mark.sqlite
def test_the_demonstrations_figures_can_be_imported(admin_client):
    with (FIXTURES / "indicators.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            kind = "figure" if row["kind"] == "derived" else row["kind"]
            make_indicator(
                row["reference"], unit=row["unit"], kind=kind, allows_over_100=row["allows_over_100"] == "yes"
            )

    import_file(admin_client, MonthlyValue, (FIXTURES / "values.csv").read_bytes())
    import_file(admin_client, Comparator, (FIXTURES / "comparators.csv").read_bytes())

    assert MonthlyValue.objects.count() == 650
    assert Comparator.objects.exists()
