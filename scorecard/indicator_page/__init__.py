"""One indicator's page: one object that the page, its drawing, the chart's data and the CSV all read."""

from .assemble import PageDesk, assemble_page, read_pages
from .facts import IndicatorPage, Point, Span

__all__ = ["IndicatorPage", "PageDesk", "Point", "Span", "assemble_page", "read_pages"]
