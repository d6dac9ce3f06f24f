"""How a row's history is told to people."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

from simple_history.template_utils import HistoricalRecordContextHelper

from indicators.calculations.months import financial_year_text
from indicators.models.fields import FinancialYearField, MonthField
from indicators.resources.cells import plain


class HistoryWords(HistoricalRecordContextHelper):
    """Leaves out of the history page what says nothing to people, or is nobody's business."""

    def context_for_delta_changes(self, delta: Any) -> Any:
        told = [change for change in delta.changes if change.field not in ("version", "password")]
        return super().context_for_delta_changes(dataclasses.replace(delta, changes=told))

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        field = self.model._meta.get_field(change.field)
        if value is not None and isinstance(field, MonthField):
            return f"{value:%B %Y}"
        if value is not None and isinstance(field, FinancialYearField):
            return financial_year_text(value)
        return plain(value) if isinstance(value, Decimal) else super().prepare_delta_change_value(change, value)
