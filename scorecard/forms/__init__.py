"""Forms of the site's own pages: the GOV.UK look of all of them in base.py, then a module for each group of pages."""

from .base import NOT_ON_THE_LIST, GovukFormMixin
from .report import FilterForm, MonthForm

__all__ = ["NOT_ON_THE_LIST", "FilterForm", "GovukFormMixin", "MonthForm"]
