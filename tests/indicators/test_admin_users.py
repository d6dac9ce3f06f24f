"""People in the admin, and who may hand out rights."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from indicators.models import User
from tests.factories import make_user
from tests.indicators.admin_pages import address, filled_in

pytestmark = pytest.mark.django_db


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


def test_a_new_person_can_sign_in(admin_client, client):
    page = address(User, "add")
    password = "a long enough password"
    typed = {
        "username": "mash.lead",
        "name": "Lead of MASH",
        "email": "lead@example.org",
        "usable_password": "true",
        "password1": password,
        "password2": password,
    }

    assert admin_client.post(page, typed).status_code == 302

    assert client.login(username="mash.lead", password=password)
    assert User.objects.get(username="mash.lead").name == "Lead of MASH"


def test_an_officer_cannot_become_a_superuser(officer_client, officer):
    group = Group.objects.create(name="Powerful")
    page = address(User, "change", officer.pk)
    typed = filled_in(officer_client, page, job_title="Officer", is_superuser="on", groups=[group.pk])

    assert officer_client.post(page, typed).status_code == 302

    officer.refresh_from_db()
    assert (officer.job_title, officer.is_superuser, officer.groups.count()) == ("Officer", False, 0)


def test_an_officer_cannot_touch_a_superuser(officer_client, admin_user):
    for page in ["change", "delete"]:
        assert officer_client.post(address(User, page, admin_user.pk), {"post": "yes"}).status_code == 403
    password_page = reverse("admin:auth_user_password_change", args=[admin_user.pk])
    assert officer_client.post(password_page, {}).status_code == 403


def test_a_passwords_hash_is_on_no_history_page(admin_client):
    person = make_user("reporter")
    person.set_password("a long enough password")
    person.save()
    record = person.history.first()

    for page in [address(User, "history", person.pk), address(User, "simple_history", person.pk, record.pk)]:
        assert person.password.rsplit("$", 1)[-1] not in admin_client.get(page).content.decode()
