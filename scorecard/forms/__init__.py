"""Forms of the site's own pages: the GOV.UK look of all of them in base.py, then a module for each group of pages."""

from .base import GovukFormMixin
from .report import FilterForm, MonthForm

__all__ = ["FilterForm", "GovukFormMixin", "MonthForm"]
