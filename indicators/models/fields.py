"""Model fields for a month, a financial year and an exact number, with their form fields."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.lookups import Exact

from indicators.calculations.folding import straight
from indicators.calculations.months import (
    EARLIEST_YEAR,
    FIRST_MONTH_OF_FINANCIAL_YEAR,
    LATEST_YEAR,
    financial_year_text,
    month_text,
    parse_year,
    read_month,
    year_text,
)

MONTH_NUMBERS = [(number, f"{date(2000, number, 1):%B}") for number in range(1, 13)]


class ParsedFormField(forms.Field):
    """A text that means something else; another way to write the same is no change."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class MonthFormField(ParsedFormField):
    """Takes a month in every usual spelling, YYYY-MM as a browser's month picker sends it among them."""

    widget = forms.TextInput(attrs={"placeholder": "YYYY-MM", "size": 8})

    def prepare_value(self, value: Any) -> Any:
        return month_text(value) if isinstance(value, date) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            return value.replace(day=1)
        if value in self.empty_values:
            return None
        try:
            return read_month(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error


class AddressFormField(forms.EmailField):
    """An e-mail address, in which the apostrophe that phones type becomes the plain one of addresses."""

    def to_python(self, value: Any) -> Any:
        return straight(super().to_python(value) or "")


class DayOfMonth(models.Func):
    """The day of a date in the database's own SQL.

    Django's `__day` needs a function of its own in SQLite; as part of a table it would keep
    SQLite's own tools from checking and copying the database.
    """

    output_field = models.IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # No space after the commas: Django takes “, ” for the end of a column when it reads a table's definition.
        return self.as_sql(compiler, connection, template="CAST(SUBSTR(%(expressions)s,9,2) AS INTEGER)")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="EXTRACT(DAY FROM %(expressions)s)")


def is_first_day(field: str) -> models.Q:
    """The condition that a date is the first of its month."""
    return models.Q(Exact(DayOfMonth(models.F(field)), 1))


class MonthField(models.DateField):
    """A month, kept as the date of its first day."""

    description = "Month (first day)"

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.pop("widget", None)
        return super().formfield(**{"form_class": MonthFormField, **kwargs})

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        if value is not None and value.day != 1:
            raise ValidationError("A month is kept as the date of its first day.")


class FinancialYearFormField(ParsedFormField):
    """Takes 2019-20 and gives the year it began in; of calendar years, which begin in the month 1, it takes 2020.

    `year_starts` is None where that is only known of another field: both are taken then, and `written` keeps which.
    """

    year_starts: int | None = FIRST_MONTH_OF_FINANCIAL_YEAR
    written = ""
    widget = forms.TextInput(attrs={"placeholder": "2020-21", "size": 8})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        return year_text(value, 1) if self.year_starts == 1 else financial_year_text(value)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        self.written = str(value)
        is_calendar = self.year_starts == 1 or (self.year_starts is None and self.written.strip().isdecimal())
        try:
            return parse_year(self.written, 1 if is_calendar else FIRST_MONTH_OF_FINANCIAL_YEAR)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error


class FinancialYearField(models.PositiveSmallIntegerField):
    """A financial year (April to March), kept as the year in which it begins."""

    description = "Financial year"
    default_validators = [MinValueValidator(EARLIEST_YEAR), MaxValueValidator(LATEST_YEAR)]

    def formfield(self, **kwargs: Any) -> Any:
        # Not IntegerField's formfield: its min_value and max_value are not for text.
        kwargs.pop("widget", None)
        return models.Field.formfield(self, **{"form_class": FinancialYearFormField, **kwargs})


class ExactNumberField(models.DecimalField):
    """An exact figure, numerator or denominator with up to six decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"] = 18
        kwargs["decimal_places"] = 6
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs
