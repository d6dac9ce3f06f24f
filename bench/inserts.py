"""The floor under a save: a value and its history row, two statements in a transaction with nothing around them."""

from datetime import UTC, datetime
from itertools import count

from django.db import connection

from indicators.calculations.months import add_months
from indicators.models import Indicator

from .scorecards import MONTH

VALUE = """
    INSERT INTO indicators_monthlyvalue (version, indicator_id, month, figure, blank, stage, note)
    VALUES (1, %s, %s, %s, '', 'final', '') RETURNING id
"""
HISTORY = """
    INSERT INTO indicators_historicalmonthlyvalue (id, version, indicator_id, month, figure, blank, stage, note,
        history_date, history_type, history_user_id)
    VALUES (%s, 1, %s, %s, %s, '', 'final', '', %s, '+', %s)
"""


class Inserter:
    """Somebody with a connection of their own who adds values to an indicator, one for each month to come."""

    def __init__(self, indicator: Indicator) -> None:
        self.indicator = indicator
        self.connection = connection.Database.connect(**connection.get_connection_params())
        self.numbers = count(1)

    def insert(self) -> None:
        number = next(self.numbers)
        value = (self.indicator.pk, add_months(MONTH, number), number)
        with self.connection.transaction():
            (key,) = self.connection.execute(VALUE, value).fetchone()
            self.connection.execute(HISTORY, (key, *value, datetime.now(UTC), self.indicator.reporter_id))
