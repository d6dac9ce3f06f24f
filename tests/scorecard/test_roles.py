"""What the performance officers' group may do, and that a migrate gives back nothing that was taken away."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import migrations
from django.test import Client

from scorecard.roles import MANAGED_APPS, PERFORMANCE_OFFICERS, ensure_groups

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]


@pytest.fixture
def officers():
    return Group.objects.get(name=PERFORMANCE_OFFICERS)


def rights_on(group, model):
    return set(group.permissions.filter(content_type__model=model).values_list("codename", flat=True))


def test_a_new_group_has_all_rights_on_the_managed_apps(officers):
    officers.delete()
    Permission.objects.all().delete()

    ensure_groups()

    made = Group.objects.get(name=PERFORMANCE_OFFICERS).permissions.exclude(content_type__app_label="axes")
    assert set(made) == set(Permission.objects.filter(content_type__app_label__in=MANAGED_APPS))
    assert {right.content_type.app_label for right in made} == set(MANAGED_APPS)


def test_officers_can_unlock_but_not_make_up_failed_sign_ins(officers):
    assert rights_on(officers, "accessattempt") == {"view_accessattempt", "delete_accessattempt"}
    assert rights_on(officers, "accesslog") == set()


def test_officers_of_an_earlier_release_can_unlock_too(officers):
    officers.permissions.clear()
    migration = migrations.Migration("0001_initial", "axes")
    migration.operations = [migrations.CreateModel("AccessAttempt", [])]

    ensure_groups(plan=[(migration, False)])

    assert rights_on(officers, "accessattempt") == {"view_accessattempt", "delete_accessattempt"}


def test_what_was_taken_away_stays_away(officers):
    officers.permissions.remove(Permission.objects.get(codename="delete_target"))

    call_command("migrate", verbosity=0)

    assert rights_on(officers, "target") == {"add_target", "change_target", "view_target"}


def test_a_model_of_a_later_release_reaches_the_officers(officers):
    officers.permissions.clear()
    migration = migrations.Migration("0002_targets", "indicators")
    migration.operations = [migrations.CreateModel("Target", []), migrations.RunSQL("")]

    ensure_groups(plan=[(migration, False)])

    assert set(officers.permissions.values_list("content_type__model", flat=True)) == {"target"}
    assert len(rights_on(officers, "target")) == 4


def test_undoing_a_migration_gives_no_rights(officers):
    officers.permissions.clear()
    migration = migrations.Migration("0002_targets", "indicators")
    migration.operations = [migrations.CreateModel("Target", [])]

    ensure_groups(plan=[(migration, True)])

    assert not officers.permissions.exists()


def test_officers_get_no_right_to_change_groups(officers, django_user_model):
    person = django_user_model.objects.create(username="officer", is_staff=True)
    person.groups.add(officers)
    client = Client()
    client.force_login(person)

    assert client.get("/admin/auth/group/").status_code == 403
