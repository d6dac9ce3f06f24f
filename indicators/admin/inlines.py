"""Rows that are edited at their parent."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import connection, models
from django.forms import Textarea
from django.http import HttpRequest

from .base import AuditedFields
from .forms import VersionedFormSet


class AuditedInline(AuditedFields):
    """Rows edited at their parent, locked while they are saved."""

    formset: Any = VersionedFormSet
    extra = 1
    show_change_link = True
    list_select_related: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        queryset = super().get_queryset(request).select_related(*self.list_select_related)
        if request.method == "POST" and connection.in_atomic_block:
            return queryset.select_for_update(of=("self",))
        return queryset


class AuditedTabular(AuditedInline, admin.TabularInline):
    """One line a row."""

    line_width = 40
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 2, "cols": 30})}}


class AuditedStacked(AuditedInline, admin.StackedInline):
    """Several lines a row."""
