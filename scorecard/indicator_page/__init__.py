"""One indicator's page: one object that the page, its drawing, the chart's data and the CSV all read."""

from .assemble import assemble_page
from .facts import IndicatorPage, Point, Span

__all__ = ["IndicatorPage", "Point", "Span", "assemble_page"]
