"""A report is read as of one moment."""

import threading

import pytest
from django.db import IntegrityError, connection

from indicators.models import MonthlyValue
from indicators.one_moment import one_moment
from scorecard.report import assemble_report, reading
from tests.factories import DECEMBER, JANUARY, make_indicator, make_scorecard, make_value

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.each_case]


def elsewhere(work):
    """Do the work in another thread, with a connection of its own, and wait for it."""
    failures = []

    def run():
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again by the waiting thread
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


@pytest.fixture
def value():
    return make_value(make_indicator("A1"), JANUARY, 10)


def test_change_while_a_report_is_read_is_seen_whole_or_not_at_all(value, monkeypatch):
    scorecard = make_scorecard(value.indicator)

    def change_both():
        MonthlyValue.objects.update(figure=99)
        value.indicator.commentaries.create(month=JANUARY, text="Now 99.")

    def read_commentary_late(*args):
        elsewhere(change_both)
        return commentary_of(*args)

    commentary_of = reading.commentary_of
    monkeypatch.setattr(reading, "commentary_of", read_commentary_late)
    row = next(assemble_report(scorecard, JANUARY).rows)

    assert (row.month_texts[-1], row.commentary) == ("10", "")


def test_reading_keeps_nobody_from_writing(value):
    with one_moment():
        list(MonthlyValue.objects.all())
        elsewhere(lambda: MonthlyValue.objects.update(figure=11))
    assert MonthlyValue.objects.get().figure == 11


@pytest.mark.parametrize("is_new", [True, False])
def test_row_and_its_history_are_saved_together_or_not_at_all(value, is_new, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    row = MonthlyValue(indicator=value.indicator, month=DECEMBER, figure=5) if is_new else value
    row.figure = 5
    monkeypatch.setattr(MonthlyValue.history.model, "save", fail)
    with pytest.raises(RuntimeError):
        row.save()

    assert list(MonthlyValue.objects.values_list("figure", flat=True)) == [10]


def test_new_row_never_takes_the_place_of_another(value):
    with pytest.raises(IntegrityError):
        MonthlyValue(pk=value.pk, indicator=value.indicator, month=JANUARY, figure=5).save()
    assert MonthlyValue.objects.get().figure == 10
