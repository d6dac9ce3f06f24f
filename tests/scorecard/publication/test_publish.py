"""Publishing and revising: who may, when, and only what the officer saw."""

from datetime import UTC, datetime
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import ChangedMeanwhileError, MonthlyValue, SecurityEvent
from scorecard.models import EditionState, Publication, PublicationKind, PublishedDocument
from scorecard.publication.document import FrozenReport, checksum_of
from scorecard.publication.publish import combined_checksum, draft_edition, publish_edition, revise_edition
from scorecard.roles import PANEL_MEMBERS
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_edition,
    make_indicator,
    make_officer,
    make_scorecard,
    make_user,
    make_value,
    publish,
)
from tests.scorecard.returns.test_concurrency import alone, together

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 2, 11, 9, tzinfo=UTC)
CORRECTION = PublicationKind.CORRECTION


@pytest.fixture
def edition():
    """In review, with one line."""
    indicator = make_indicator("A1")
    make_value(indicator, DECEMBER, 10)
    make_value(indicator, JANUARY, 20)
    return make_edition(make_scorecard(indicator, is_public=True), state="in_review")


@pytest.fixture
def officer():
    return make_officer()


def fingerprint(edition):
    return draft_edition(edition).fingerprint


def publish_as_seen(edition, by, **fields):
    return publish_edition(edition=edition, **{"fingerprint": fingerprint(edition), "by": by, "now": NOW, **fields})


def revise_as_seen(edition, by, **fields):
    usual = {"fingerprint": fingerprint(edition), "kind": CORRECTION, "reason": "Counted twice.", "by": by, "now": NOW}
    return revise_edition(edition=edition, **(usual | fields))


def change_january(figure):
    value = MonthlyValue.objects.get(month=JANUARY)
    value.figure = figure
    value.save()


def test_edition_is_published_as_it_is(edition, officer):
    publication = publish_as_seen(edition, officer)

    edition.refresh_from_db()
    (document,) = publication.documents.all()
    assert edition.state == EditionState.PUBLISHED
    assert (publication.number, publication.kind, publication.reason) == (1, "original", "")
    assert (publication.published_by, publication.published_at) == (officer, NOW)
    assert document.checksum == checksum_of(document.body)
    assert publication.checksum == combined_checksum([document.checksum])
    (row,) = FrozenReport(document.body).report.rows
    assert [figure.value for figure in row.figures[-2:]] == [10, 20]
    event = SecurityEvent.objects.get(kind="published")
    assert (event.by, event.about) == (officer, f"publication: {publication}")


def test_scorecard_that_hides_small_counts_has_a_document_for_each_audience(edition, officer):
    edition.scorecard.suppresses_small_counts = True
    edition.scorecard.save()

    publication = publish_as_seen(edition, officer)

    assert [document.audience for document in publication.documents.all()] == ["panel", "public"]


@pytest.mark.parametrize("groups", [[], [PANEL_MEMBERS]], ids=["nobody", "panel member"])
def test_nobody_but_an_officer_publishes(edition, groups):
    person = make_user()
    person.groups.set(Group.objects.filter(name__in=groups))
    with pytest.raises(PermissionDenied):
        publish_as_seen(edition, person)
    with pytest.raises(PermissionDenied):
        revise_as_seen(edition, person)
    assert not Publication.objects.exists()


@pytest.mark.parametrize("state", ["collecting", "published"])
def test_edition_that_is_not_in_review_is_not_published(edition, officer, state):
    edition.state = state
    edition.save()

    with pytest.raises(ValidationError, match="by now"):
        publish_as_seen(edition, officer)


@pytest.mark.parametrize("state", ["collecting", "in_review"])
def test_edition_that_is_not_published_is_not_revised(edition, officer, state):
    edition.state = state
    edition.save()

    with pytest.raises(ValidationError, match="nothing to revise"):
        revise_as_seen(edition, officer)


def test_what_the_officer_did_not_see_is_not_published(edition, officer):
    seen = fingerprint(edition)
    change_january(21)

    with pytest.raises(ChangedMeanwhileError):
        publish_as_seen(edition, officer, fingerprint=seen)

    edition.refresh_from_db()
    assert edition.state == EditionState.IN_REVIEW
    assert not PublishedDocument.objects.exists()


def test_what_the_officer_did_not_see_is_no_revision(edition, officer):
    publish_as_seen(edition, officer)
    change_january(21)
    seen = fingerprint(edition)
    change_january(22)

    with pytest.raises(ChangedMeanwhileError):
        revise_as_seen(edition, officer, fingerprint=seen)


def test_drafting_writes_nothing(edition):
    draft = draft_edition(edition)

    assert (draft.number, draft.is_new, draft.changes) == (1, True, ())
    assert not Publication.objects.exists()


def test_revision_is_numbered_on_with_its_kind_and_reason(edition, officer):
    publish_as_seen(edition, officer)
    change_january(21)

    revision = revise_as_seen(edition, officer, kind=PublicationKind.SCHEDULED, reason="Final figures.")

    assert (revision.number, revision.kind, revision.reason) == (2, "scheduled", "Final figures.")
    assert str(revision) == "Panel scorecard, January 2021, revision 1"


def test_nothing_differs_so_nothing_is_revised(edition, officer):
    publish_as_seen(edition, officer)

    assert not draft_edition(edition).is_new
    with pytest.raises(ValidationError, match="Nothing differs"):
        revise_as_seen(edition, officer)


def test_revision_without_a_reason_is_refused(edition, officer):
    publish_as_seen(edition, officer)
    change_january(21)

    with pytest.raises(ValidationError, match="a revision needs a reason"):
        revise_as_seen(edition, officer, reason="")
    assert Publication.objects.count() == 1


def test_publication_is_in_the_history_by_whom_it_was_made(edition, officer):
    publication = publish_as_seen(edition, officer)

    (entry,) = publication.history.all()
    assert (entry.history_type, entry.published_by, entry.checksum) == ("+", officer, publication.checksum)


def test_drafting_takes_as_many_queries_for_40_lines_as_for_2():
    def queries_with(count, slug):
        indicators = [make_indicator(f"{slug}{number}") for number in range(count)]
        for indicator in indicators:
            make_value(indicator, JANUARY, 5)
        scorecard = make_scorecard(*indicators, slug=slug)
        publish(scorecard, DECEMBER)
        edition = make_edition(scorecard)
        with CaptureQueriesContext(connection) as queries:
            draft_edition(edition)
        return len(queries)

    assert queries_with(2, "few") == queries_with(40, "many")


# Two at once


def outcome(act):
    try:
        act()
    except (ValidationError, ChangedMeanwhileError) as error:
        return type(error)
    return "published"


@pytest.mark.django_db(transaction=True)
def test_two_officers_publish_once(edition):
    officers = [make_officer("one"), make_officer("two")]
    acts = [partial(publish_as_seen, edition, officer) for officer in officers]

    outcomes = together([partial(alone, partial(outcome, act)) for act in acts])

    assert sorted(map(str, outcomes)) == sorted(map(str, ("published", ValidationError)))
    assert Publication.objects.get().number == 1
    assert PublishedDocument.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_officers_revise_once(edition):
    officers = [make_officer("one"), make_officer("two")]
    publish_as_seen(edition, officers[0])
    change_january(21)
    seen = fingerprint(edition)
    acts = [partial(revise_as_seen, edition, officer, fingerprint=seen) for officer in officers]

    outcomes = together([partial(alone, partial(outcome, act)) for act in acts])

    assert sorted(map(str, outcomes)) == sorted(map(str, ("published", ChangedMeanwhileError)))
    assert list(Publication.objects.values_list("number", flat=True)) == [1, 2]
