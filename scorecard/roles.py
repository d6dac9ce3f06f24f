"""The groups that people are put into, and what each may do in the admin."""

from typing import Any

from django.contrib.auth.models import Group, Permission

PERFORMANCE_OFFICERS = "Performance officers"
MANAGED_APPS = ("indicators", "commentary", "scorecard")


def ensure_groups(**kwargs: Any) -> None:
    """Make the groups that are missing. Runs after every migrate; never takes rights away."""
    officers, _ = Group.objects.get_or_create(name=PERFORMANCE_OFFICERS)
    officers.permissions.add(*Permission.objects.filter(content_type__app_label__in=MANAGED_APPS))
