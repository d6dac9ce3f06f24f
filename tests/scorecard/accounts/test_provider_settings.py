"""The settings of single sign-on: what they mean, and that what can't be meant is refused in words."""

import os
import re

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from scorecard.accounts.provider import Provider, from_environment, is_local_sign_in

RIGHT = {"OIDC_ISSUER": "https://login.example/realm", "OIDC_CLIENT_ID": "scorecard", "OIDC_CLIENT_SECRET": "p4ss"}


@pytest.fixture
def environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("OIDC_")] + ["LOCAL_SIGN_IN"]:
        monkeypatch.delenv(name, raising=False)

    def with_settings(found):
        for name, value in found.items():
            monkeypatch.setenv(name, value)

    return with_settings


def test_nothing_set_is_off(environment):
    assert from_environment() is None
    assert is_local_sign_in(None)
    assert (settings.SINGLE_SIGN_ON, settings.LOCAL_SIGN_IN) == (None, True)


def test_every_setting_is_read(environment):
    environment(
        RIGHT
        | {
            "OIDC_NAME": "your Sampleshire account",
            "OIDC_SUBJECT_CLAIM": "oid",
            "OIDC_SCOPES": "openid email groups",
            "OIDC_MATCH_EMAIL": "Verified",
            "OIDC_NEW_ACCOUNTS": "groups",
            "OIDC_GROUPS_CLAIM": "roles",
            "OIDC_OFFICER_GROUPS": "a, b,",
            "OIDC_PANEL_GROUPS": "CN=Panel,OU=Groups; CN=Others",
            "OIDC_SIGN_IN_HOSTS": "https://sts.example",
            "LOCAL_SIGN_IN": "0",
        }
    )
    assert from_environment() == Provider(
        "https://login.example/realm",
        "scorecard",
        "p4ss",
        name="your Sampleshire account",
        subject_claim="oid",
        scopes=("openid", "email", "groups"),
        match_email="verified",
        new_accounts="groups",
        groups_claim="roles",
        officer_groups=frozenset({"a", "b"}),
        panel_groups=frozenset({"CN=Panel,OU=Groups", "CN=Others"}),
        sign_in_hosts=("https://sts.example",),
    )
    assert from_environment().form_targets == ["https://login.example", "https://sts.example"]
    assert not is_local_sign_in(from_environment())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"OIDC_ISSUER": ""}, "OIDC_ISSUER is missing"),
        ({"OIDC_CLIENT_ID": " "}, "OIDC_CLIENT_ID is missing"),
        ({"OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET is missing"),
        ({"OIDC_CLIENTID": "x"}, "OIDC_CLIENTID is no setting. Do you mean OIDC_CLIENT_ID?"),
        ({"OIDC_SERVER_URL": "x"}, "OIDC_SERVER_URL is no setting"),
        ({"OIDC_ISSUER": "login.example"}, "OIDC_ISSUER is not an address"),
        ({"OIDC_ISSUER": "http://login.example"}, "OIDC_ISSUER is not an address"),
        ({"OIDC_ISSUER": "https://me:p4ss@login.example"}, "OIDC_ISSUER is not an address"),
        ({"OIDC_ISSUER": "https://login.example/?a=b"}, "OIDC_ISSUER is not an address"),
        ({"OIDC_ISSUER": "https://[login"}, "OIDC_ISSUER is not an address"),
        ({"OIDC_ISSUER": "https://x.example/.well-known/openid-configuration"}, "goes up to before /.well-known"),
        ({"OIDC_ISSUER": "https://login.microsoftonline.com/common/v2.0"}, "has to name your tenant"),
        ({"OIDC_ISSUER": "https://login.microsoftonline.com/Organizations/v2.0"}, "has to name your tenant"),
        ({"OIDC_MATCH_EMAIL": "yes"}, "OIDC_MATCH_EMAIL is none of no, verified, trusted"),
        ({"OIDC_NEW_ACCOUNTS": "1"}, "OIDC_NEW_ACCOUNTS is none of nobody, groups, everybody"),
        ({"OIDC_NEW_ACCOUNTS": "groups"}, "set OIDC_OFFICER_GROUPS or OIDC_PANEL_GROUPS"),
        ({"OIDC_SCOPES": "profile"}, "OIDC_SCOPES lacks openid"),
        ({"OIDC_SIGN_IN_HOSTS": "https://sts.example/path"}, "OIDC_SIGN_IN_HOSTS is not a list of places"),
        ({"OIDC_SIGN_IN_HOSTS": "https://sts.example; script-src *"}, "OIDC_SIGN_IN_HOSTS is not a list of places"),
        ({"LOCAL_SIGN_IN": "of"}, "LOCAL_SIGN_IN is neither yes nor no"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(environment, changed, said):
    environment(RIGHT | changed)

    with pytest.raises(ImproperlyConfigured, match=re.escape(said)) as refusal:
        is_local_sign_in(from_environment())
    assert "p4ss" not in str(refusal.value)


def test_nobody_is_locked_out_by_a_single_setting(environment):
    environment({"LOCAL_SIGN_IN": "0"})

    with pytest.raises(ImproperlyConfigured, match="nobody could sign in"):
        is_local_sign_in(from_environment())
