"""What two migrations do with rows that are there: slugs of the history, user names that differ in capitals only."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from scorecard.models import Slug
from tests.factories import make_scorecard, make_user

pytestmark = pytest.mark.django_db
slugs = import_module("scorecard.migrations.0006_former_slugs")
usernames = import_module("indicators.migrations.0006_usernames")
EDITOR = SimpleNamespace(connection=connection)


def rename(scorecard, slug):
    scorecard.slug = slug
    scorecard.save()


def test_slugs_of_the_history_are_kept_for_who_had_them_last():
    one, other, gone = (make_scorecard(slug=slug) for slug in ("one", "other", "gone"))
    rename(one, "one-again")
    gone.delete()
    # As it could be before: what one had is the other's by now, and later a third one's that was given up.
    Slug.objects.all().delete()
    rename(other, "one")
    Slug.objects.all().delete()
    rename(other, "last")
    Slug.objects.all().delete()

    slugs.keep_every_slug(apps, EDITOR)

    expected = {"one-again": one.pk, "one": other.pk, "other": other.pk, "last": other.pk}
    assert dict(Slug.objects.values_list("slug", "scorecard")) == expected


def test_user_names_that_differ_in_capitals_are_named_and_nothing_is_renamed():
    class People:
        """Names as they could be before: the constraint forbids them now."""

        def __getattr__(self, name):
            return lambda *args, **kwargs: self

        def __iter__(self):
            return iter(["lead", "Ann", "ANN", "bob"])

    old = SimpleNamespace(get_model=lambda *names: SimpleNamespace(_base_manager=People()))
    with pytest.raises(ValueError, match="as Ann and ANN do"):
        usernames.refuse_doubles(old, EDITOR)
    make_user("Ann")
    make_user("bob")
    usernames.refuse_doubles(apps, EDITOR)
