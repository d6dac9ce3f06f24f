"""Imports of many rows: a fixed number of queries, all or nothing, and nobody overwritten."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.db import DataError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import (
    Comparator,
    DerivationTerm,
    Indicator,
    MonthlyValue,
    PendingUpload,
    Population,
    PopulationGroup,
    Target,
    audited,
)
from indicators.models.row_checks import broken_checks
from indicators.resources import base
from tests.factories import make_indicator, make_user, make_value
from tests.indicators.importing import confirm, preview

JANUARY, DECEMBER = date(2021, 1, 1), date(2020, 12, 1)
HEADINGS = {
    MonthlyValue: "reference,month,figure,note",
    Target: "reference,year,value,note",
    Comparator: "reference,group,year,value,note",
    Population: "group,year,people,note",
    Indicator: "reference,title,unit,kind,polarity,frequency,scope,numerators,note",
}


def rows(model, count, note):
    """A file of so many rows about different things."""
    each = {
        MonthlyValue: lambda n: f"M{n},2021-01,{n + 1},{note}",
        Target: lambda n: f"M{n},2020-21,{n},{note}",
        Comparator: lambda n: f"M{n},england,2019-20,{n},{note}",
        Population: lambda n: f"G{n},2019-20,{n + 1},{note}",
        Indicator: lambda n: f"D{n},Title,count,derived,high,monthly,local,M{n} + M{n + 1},{note}",
    }[model]
    return "\n".join([HEADINGS[model], *map(each, range(count))]) + "\n"


def made(count):
    for number in range(count):
        make_indicator(f"M{number}")
        PopulationGroup.objects.create(name=f"G{number}")


@pytest.mark.django_db
@pytest.mark.parametrize("model", list(HEADINGS))
def test_neither_preview_nor_import_takes_a_query_for_each_row(admin_client, model):
    made(41)

    def queries_of(count):
        found = []
        for note in ("New", "Changed"):
            with CaptureQueriesContext(connection) as of_preview:
                shown = preview(admin_client, model, rows(model, count, f"{note} {count}"))
            with CaptureQueriesContext(connection) as of_import:
                confirm(admin_client, model, shown)
            found.append((len(of_preview), len(of_import)))
        assert model.objects.filter(note=f"Changed {count}").count() == count
        assert model.history.filter(note=f"Changed {count}").count() == count
        DerivationTerm.objects.all().delete()
        model.objects.exclude(note="").delete()
        return found

    queries_of(2)
    # As many as fit into one statement of SQLite, which takes 999 values.
    few, many = queries_of(3), queries_of(25)
    # The list that follows shows more rows, and asks for nothing more.
    assert many == few


@pytest.mark.django_db
def test_unchanged_rows_are_left_alone(admin_client):
    made(3)
    confirm(admin_client, Target, preview(admin_client, Target, rows(Target, 3, "New")))

    shown = preview(admin_client, Target, rows(Target, 3, "New").replace("M1,2020-21,1", "M1,2020-21,9"))
    confirm(admin_client, Target, shown)

    assert [(one.indicator.reference, one.version) for one in Target.objects.order_by("pk")] == [
        ("M0", 1),
        ("M1", 2),
        ("M2", 1),
    ]
    assert Target.history.count() == 4


class KilledError(BaseException):
    """As if the process had been stopped."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [KilledError, DataError, OperationalError])
def test_an_import_that_is_stopped_in_the_middle_leaves_nothing_behind(admin_client, monkeypatch, error):
    indicator = make_indicator("M0")
    make_indicator("M1")
    make_value(indicator, JANUARY, 5)
    shown = preview(admin_client, MonthlyValue, rows(MonthlyValue, 2, "New"))
    keep_history, kinds = audited._keep_history, []

    def stop_at_the_second(rows, kind, *args):
        kinds.append(kind)
        if kind == "~":
            raise error("Stopped.")
        keep_history(rows, kind, *args)

    monkeypatch.setattr(audited, "_keep_history", stop_at_the_second)
    if error is KilledError:
        with pytest.raises(KilledError):
            confirm(admin_client, MonthlyValue, shown)
    else:
        page = confirm(admin_client, MonthlyValue, shown)
        assert "Nothing was imported" in page.content.decode()
    assert kinds[:2] == ["+", "~"]
    assert [value.figure for value in MonthlyValue.objects.all()] == [5]
    assert MonthlyValue.history.count() == 1
    assert PendingUpload.objects.exists() == (error is not DataError)


@pytest.mark.django_db
def test_a_row_that_only_the_database_refuses_is_named(admin_client, monkeypatch):
    """Should a rule ever be kept by the database alone, the row is found all the same."""
    made(5)
    shown = preview(admin_client, Target, rows(Target, 5, "New").replace("M3,2020-21,3", "M3,2020-21,-3"))
    assert [problem.row for problem in shown.context["problems"]] == [5]
    monkeypatch.setattr(base, "broken_checks", lambda rows: {})
    monkeypatch.setattr(Target, "clean", lambda target: None)
    shown = preview(admin_client, Target, rows(Target, 5, "New").replace("M3,2020-21,3", "M3,2020-21,-3"))

    again = confirm(admin_client, Target, shown)

    assert [problem.row for problem in again.context["problems"]] == [5]
    assert not Target.objects.exists()
    assert not Target.history.exists()


@pytest.mark.django_db
def test_check_constraints_judge_many_rows_at_once(django_assert_num_queries):
    indicator = make_indicator()
    values = [
        MonthlyValue(indicator=indicator, month=JANUARY, figure=Decimal(5)),
        MonthlyValue(indicator=indicator, month=JANUARY, numerator=Decimal(1), denominator=Decimal("-0.000001")),
        MonthlyValue(indicator=indicator, month=JANUARY, numerator=Decimal(10), denominator=Decimal(9)),
        MonthlyValue(indicator=indicator, month=JANUARY, numerator=Decimal(2), denominator=Decimal(0)),
        MonthlyValue(indicator=indicator, month=date(2021, 1, 2), blank="awaited"),
        MonthlyValue(indicator=indicator, month=JANUARY, blank="perhaps"),
        MonthlyValue(indicator=indicator, month=JANUARY),
    ] * 20

    with django_assert_num_queries(1):
        found = broken_checks(values)

    assert sorted(found) == [place for place in range(140) if place % 7 not in (0, 2)]
    assert found[1].messages == ["A denominator can't be negative."]
    assert found[3].messages == ["With a denominator of 0 the numerator is 0 too."]
    assert not MonthlyValue.objects.exists()


# Two at once


def officer(number):
    client = Client()
    client.force_login(make_user(f"officer{number}", is_staff=True, is_superuser=True))
    return client


def together(*works):
    start = threading.Barrier(len(works))

    def begin(work):
        start.wait(30)
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(begin, work) for work in works]]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_import_overlapping_files_one_is_told():
    """In opposite orders, rows that are there and rows that aren't: neither waits for the other for ever."""
    made(40)
    for number in range(20):
        make_value(Indicator.objects.get(reference=f"M{number}"), JANUARY, 500)
    content = rows(MonthlyValue, 40, "")
    heading, *lines = content.splitlines()
    turned = "\n".join([heading, *(line.replace(",2021-01,", ",2021-01,7") for line in reversed(lines))])
    clients = [officer(number) for number in range(2)]
    shown = [preview(client, MonthlyValue, text) for client, text in zip(clients, (content, turned), strict=True)]

    pages = together(
        *(
            lambda client=client, one=one: confirm(client, MonthlyValue, one)
            for client, one in zip(clients, shown, strict=True)
        )
    )

    told = ["somebody changed these rows" in page.content.decode() for page in pages]
    assert sorted(told) == [False, True]
    winner = told.index(False)
    entries = MonthlyValue.history.exclude(history_change_reason=None)
    assert {entry.history_user.username for entry in entries} == {f"officer{winner}"}
    assert entries.count() == MonthlyValue.objects.count() == 40
    expected = {number: (f"7{number + 1}" if winner else f"{number + 1}") for number in range(40)}
    assert {value.indicator.reference: str(int(value.figure)) for value in MonthlyValue.objects.all()} == {
        f"M{number}": figure for number, figure in expected.items()
    }


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_preview_that_is_confirmed_twice_at_once_counts_once():
    made(5)
    client = officer(0)
    shown = preview(client, MonthlyValue, rows(MonthlyValue, 5, "New"))
    second = Client()
    second.cookies = client.cookies

    pages = [
        page.content.decode()
        for page in together(*(partial(confirm, one, MonthlyValue, shown) for one in (client, second)))
    ]

    assert sorted("Imported: 5 new" in page for page in pages) == [False, True]
    assert MonthlyValue.history.count() == MonthlyValue.objects.count() == 5
