"""The first performance officer, put in place on the command line with a link for their password."""

import re
from io import StringIO

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.management import CommandError, call_command

from indicators.models import User

pytestmark = pytest.mark.django_db


def added(*arguments, **options):
    said = StringIO()
    call_command("add_officer", *arguments, stdout=said, **options)
    return said.getvalue()


def link_in(said):
    return re.search(r"https://scorecard\.example\.gov\.uk(/invitation/\S+)", said)[1]


def test_officer_gets_a_link_that_works_once_and_may_do_everything(client):
    link = link_in(added("jo.bloggs@example.gov.uk", name="Jo Bloggs"))
    officer = User.objects.get(username="jo.bloggs")
    assert (officer.name, officer.is_staff, officer.is_superuser) == ("Jo Bloggs", True, True)
    assert officer.groups.filter(name="Performance officers").exists()
    assert not officer.has_usable_password()
    form = client.get(link, follow=True)
    new = "a long sentence to remember"
    client.post(form.redirect_chain[-1][0], {"new_password1": new, "new_password2": new})
    officer.refresh_from_db()
    assert officer.check_password(new)
    assert not client.get(link, follow=True).context["validlink"]


def test_somebody_who_is_there_is_left_alone_and_gets_a_new_link_only_if_asked():
    added("jo.bloggs@example.gov.uk", name="Jo Bloggs")
    before = User.objects.get()
    assert "is there already" in added("Jo.Bloggs@example.gov.uk", name="Somebody else")
    assert link_in(added("jo.bloggs@example.gov.uk", link=True))
    assert (User.objects.get().name, User.objects.get().version) == (before.name, before.version)


def test_what_cannot_be_is_refused_in_words(settings):
    User.objects.create_user("jo.bloggs", "another@example.gov.uk")
    off = User.objects.create_user("away", "away@example.gov.uk", is_active=False)
    elsewhere = User.objects.create_user("rita", "rita@example.gov.uk")
    SocialAccount.objects.create(user=elsewhere, provider="council", uid="1")
    cases = {
        "jo.bloggs@example.gov.uk": "Somebody else has the user name jo.bloggs",
        "no-address": "valid email",
        "jo bloggs@example.gov.uk": "Use only letters",
        off.email: "switched off",
        elsewhere.email: "sign_in_link rita",
    }
    for email, words in cases.items():
        with pytest.raises(CommandError, match=words):
            added(email, link=True)
    settings.SITE_URL = ""
    with pytest.raises(CommandError, match="SITE_URL is missing"):
        added("new@example.gov.uk")
    assert User.objects.count() == 3
