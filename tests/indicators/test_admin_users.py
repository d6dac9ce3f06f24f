"""People in the admin, and who may hand out rights."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from indicators.models import User
from tests.factories import make_user
from tests.indicators.admin_pages import address, filled_in

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


@pytest.fixture
def officer():
    person = make_user("officer", is_staff=True)
    names = ["view_user", "change_user", "add_user", "delete_user"]
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    return person


@pytest.fixture
def officer_client(officer):
    client = Client()
    client.force_login(officer)
    return client


def test_a_new_person_chooses_the_password(admin_client, mailoutbox):
    page = address(User, "add")
    typed = {
        "username": "mash.lead",
        "name": "Lead of MASH",
        "email": "lead@example.org",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "password": PASSWORD,
    }

    assert admin_client.post(page, typed).status_code == 302

    person = User.objects.get(username="mash.lead")
    assert (person.name, person.has_usable_password()) == ("Lead of MASH", False)


def test_an_officer_cannot_become_a_superuser(officer_client, officer):
    group = Group.objects.create(name="Powerful")
    page = address(User, "change", officer.pk)
    typed = filled_in(officer_client, page, job_title="Officer", is_superuser="on", groups=[group.pk])

    assert officer_client.post(page, typed).status_code == 302

    officer.refresh_from_db()
    assert (officer.job_title, officer.is_superuser, officer.groups.count()) == ("Officer", False, 0)


def test_an_officer_cannot_touch_a_superuser(officer_client, admin_user):
    assert officer_client.post(address(User, "change", admin_user.pk), {}).status_code == 403
    password_page = reverse("admin:auth_user_password_change", args=[admin_user.pk])
    assert officer_client.post(password_page, {}).status_code == 403


@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("through_group", [True, False])
def test_an_officer_cannot_touch_who_may_do_more(officer_client, is_active, through_group):
    right = Permission.objects.get(codename="change_group")
    person = make_user("security", is_staff=True, is_active=is_active)
    if through_group:
        group = Group.objects.create(name="Security")
        group.permissions.add(right)
        person.groups.add(group)
    else:
        person.user_permissions.add(right)

    for page in [address(User, "change", person.pk), reverse("admin:auth_user_password_change", args=[person.pk])]:
        assert officer_client.post(page, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 403


@pytest.mark.parametrize(
    "typed",
    [
        {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD, "set-password": "1"},
        {"usable_password": "false", "password1": "", "password2": "", "unset-password": "1"},
    ],
    ids=["new", "none"],
)
def test_nobody_sets_or_takes_away_anothers_password(officer_client, admin_client, typed):
    person = make_user("reporter")
    person.set_password("quite another password")
    person.save()

    for client in (officer_client, admin_client):
        client.post(reverse("admin:auth_user_password_change", args=[person.pk]), typed)
        page = address(User, "change", person.pk)
        client.post(page, filled_in(client, page, job_title="Lead", password=PASSWORD, **typed))

    person.refresh_from_db()
    assert (person.job_title, person.check_password("quite another password")) == ("Lead", True)


def test_a_new_person_did_not_change_the_password():
    person = User(username="reporter")
    person.set_password(PASSWORD)
    person.save()

    assert person.history.get().history_change_reason is None


def test_nobody_deletes_people(admin_client, officer_client):
    person = make_user("reporter")
    for client in [admin_client, officer_client]:
        assert client.post(address(User, "delete", person.pk), {"post": "yes"}).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": [person.pk], "post": "yes"}
        client.post(address(User, "changelist"), chosen)

    assert User.objects.filter(pk=person.pk).exists()


def test_whom_the_history_names_cannot_be_deleted_at_all(admin_client, admin_user):
    page = address(User, "add")
    typed = {"username": "reporter"}
    assert admin_client.post(page, typed).status_code == 302

    with pytest.raises(ProtectedError):
        admin_user.delete()

    assert User.objects.get(username="reporter").history.get().history_user == admin_user


def test_a_groups_rights_are_logged_as_given_and_taken(admin_client):
    kept, given, taken = Permission.objects.filter(codename__in=["add_user", "change_user", "view_user"]).order_by("pk")
    group = Group.objects.create(name="Readers")
    group.permissions.set([kept, taken])
    page = reverse("admin:auth_group_change", args=[group.pk])

    admin_client.post(page, {"name": "Readers", "permissions": [kept.pk, given.pk]})

    logged = LogEntry.objects.get().get_change_message()
    assert logged == f"Name: Readers; Given: {given}; Taken away: {taken}"
    assert logged in admin_client.get(reverse("admin:auth_group_history", args=[group.pk])).content.decode()


def test_only_a_superuser_changes_groups_and_nobody_deletes_one(admin_client, officer_client, officer):
    officer.user_permissions.add(*Permission.objects.filter(content_type__model="group"))
    group = Group.objects.create(name="Readers")

    page = reverse("admin:auth_group_change", args=[group.pk])
    assert officer_client.post(page, {"name": "Mine"}).status_code == 403
    assert officer_client.get(reverse("admin:auth_group_add")).status_code == 403
    for client in [admin_client, officer_client]:
        assert client.post(reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"}).status_code == 403


def test_a_passwords_hash_is_on_no_history_page(admin_client):
    person = make_user("reporter")
    person.set_password(PASSWORD)
    person.save()
    record = person.history.first()

    for page in [address(User, "history", person.pk), address(User, "simple_history", person.pk, record.pk)]:
        assert person.password.rsplit("$", 1)[-1] not in admin_client.get(page).content.decode()
