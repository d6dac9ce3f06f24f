"""The groups that people are put into, and what each may do in the admin."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.migrations import Migration
from django.db.migrations.operations import CreateModel
from django.db.models import Q

PERFORMANCE_OFFICERS = "Performance officers"
# They read published reports that are not public. Reporters and owners need no group: indicators name them.
PANEL_MEMBERS = "Panel members"
MANAGED_APPS = ("indicators", "commentary", "scorecard")
# To see who is locked out, and to unlock them.
UNLOCKING = ("view_accessattempt", "delete_accessattempt")
OFFICERS_MAY = Q(content_type__app_label__in=MANAGED_APPS) | Q(content_type__app_label="axes", codename__in=UNLOCKING)


def ensure_groups(*, using: str = "default", plan: Iterable[tuple[Migration, bool]] = (), **kwargs: Any) -> None:
    """Make the groups that are missing, with all rights on the managed apps and to unlock. Runs after every migrate.

    A group that is there already gets the rights on models which this migrate made, and no others:
    what a superuser took away stays away. Nothing is ever taken away here.
    """
    Group.objects.using(using).get_or_create(name=PANEL_MEMBERS)
    officers, is_new = Group.objects.using(using).get_or_create(name=PERFORMANCE_OFFICERS)
    for label in (*MANAGED_APPS, "axes"):
        # Django makes an app's rights only when that app's turn comes, and some come later than this.
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    made = {
        (migration.app_label, operation.name_lower)
        for migration, is_backwards in plan
        for operation in migration.operations
        if isinstance(operation, CreateModel) and not is_backwards
    }
    officers.permissions.add(
        *(
            right
            for right in Permission.objects.using(using).filter(OFFICERS_MAY)
            if is_new or (right.content_type.app_label, right.content_type.model) in made
        )
    )
