"""Lists that stay pages, whatever their address or a ticked row says."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import DataError
from django.forms import Script
from django.http import HttpRequest

from .forms import possible_ids

# What it is mixed into is a ModelAdmin, some of them of packages without types.
Base: Any = object


class SteadyList(Base):
    """Shows the whole list when an address asks for what can't be, as the year 0 or an id of 25 digits."""

    class Media:
        css = {"all": ["admin.css"]}
        js = [Script("admin.js", type="module")]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        # Only here are the address's filters run: an error elsewhere on the page is the program's.
        try:
            return super().get_changelist_instance(request)
        except (ValueError, OverflowError, DataError) as error:
            raise IncorrectLookupParameters(error) from error

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        chosen: Any = request.POST.copy()
        chosen.setlist(ACTION_CHECKBOX_NAME, possible_ids(chosen.getlist(ACTION_CHECKBOX_NAME)))
        request.POST = chosen
        return super().response_action(request, *args, **kwargs)
