"""The admin of indicators and figures, for a performance officer."""

from django.contrib import admin

from . import figures, indicator, users

__all__ = ["figures", "indicator", "users"]

admin.site.site_header = "Council performance scorecard"
admin.site.site_title = "Council performance scorecard"
admin.site.index_title = "What would you like to look after?"
admin.site.empty_value_display = "–"
# Beside every page it would have a door to everything that is stored, of which an officer needs a few.
admin.site.enable_nav_sidebar = False
