"""The commands verify_editions and freeze_editions."""

import io
from datetime import date
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import triggers
from scorecard.models import Edition, Publication, PublishedDocument, PublishedFile
from scorecard.publication.document import checksum_of
from scorecard.publication.format import FORMAT
from scorecard.publication.publish import combined_checksum
from tests.factories import DECEMBER, JANUARY, make_indicator, make_scorecard, make_value, publish

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]
NAME = "Panel scorecard, January 2021"


@pytest.fixture
def panel():
    indicator = make_indicator("A1", title="Calls received")
    make_value(indicator, DECEMBER, 10)
    make_value(indicator, JANUARY, 20)
    scorecard = make_scorecard(indicator, suppresses_small_counts=True)
    publish(scorecard, DECEMBER, JANUARY)
    return scorecard


def january(model=Publication, **fields):
    path = {Publication: "edition", PublishedDocument: "publication__edition"}[model]
    return model.objects.filter(**{f"{path}__month": JANUARY}, **fields)


def tamper(queryset, **fields):
    """As somebody does who may write to the database and has taken its triggers away."""
    triggers.drop()
    assert queryset.update(**fields)
    triggers.create()


def erase(*querysets):
    for queryset in querysets:
        queryset._raw_delete("default")


def verify(*names):
    """What the command says, and the message that it fails with."""
    out, failure = io.StringIO(), ""
    try:
        call_command("verify_editions", *names, stdout=out)
    except CommandError as error:
        failure = str(error)
    return out.getvalue().splitlines(), failure


@pytest.mark.usefixtures("panel")
def test_what_nobody_touched_is_as_it_was_published():
    assert verify() == (["2 editions are as they were published."], "")


def test_one_scorecard_can_be_looked_at(panel):
    publish(make_scorecard(slug="other", title="Other scorecard"))
    tamper(january(PublishedDocument, publication__edition__scorecard=panel, audience="panel"), body="{}")

    assert verify("other") == (["1 edition is as it was published."], "")
    assert verify("panel")[1] == "1 problem was found."
    assert verify()[1] == "1 problem was found."


def test_unknown_scorecard_is_told(panel):
    assert "There is no scorecard" in verify("nope")[1]


@pytest.mark.usefixtures("panel")
@pytest.mark.parametrize(("audience", "whose"), [("panel", "the panel"), ("public", "the public")])
def test_changed_document_is_named_with_its_audience(audience, whose):
    document = january(PublishedDocument, audience=audience)
    tamper(document, body=document.get().body.replace("Calls received", "Calls answered"))

    told, failure = verify()

    assert told == [f"{NAME}, for {whose}: it was changed: its checksum is another"]
    assert failure == "1 problem was found."


@pytest.mark.usefixtures("panel")
def test_changed_document_with_a_checksum_to_match_does_not_fit_its_publication():
    document = january(PublishedDocument, audience="panel")
    body = document.get().body.replace("Calls received", "Calls answered")
    tamper(document, body=body, checksum=checksum_of(body))

    assert verify()[0] == [f"{NAME}: its documents are not those that were published"]


@pytest.mark.usefixtures("panel")
def test_all_checksums_forged_are_not_those_of_the_history():
    document = january(PublishedDocument, audience="panel")
    body = document.get().body.replace("Calls received", "Calls answered")
    tamper(document, body=body, checksum=checksum_of(body))
    tamper(january(), checksum=combined_checksum(list(january(PublishedDocument).values_list("checksum", flat=True))))

    assert verify()[0] == [f"{NAME}: it is not as the history noted it (checksum)"]


@pytest.mark.usefixtures("panel")
@pytest.mark.parametrize(
    ("field", "value"), [("reason", "Another"), ("published_at", "2020-01-01T00:00Z"), ("edition", None)]
)
def test_changed_publication_is_not_as_the_history_noted_it(field, value):
    if field == "edition":
        value = Edition.objects.create(
            scorecard=Edition.objects.first().scorecard, month="2021-03-01", state="published"
        )
    tamper(january(), **{field: value})

    assert any(f"it is not as the history noted it ({field.replace('_', ' ')})" in told for told in verify()[0])


@pytest.mark.usefixtures("panel")
def test_unreadable_document_is_told():
    document = january(PublishedDocument, audience="panel")
    body = document.get().body.replace(f'"format":{FORMAT}', '"format":99')
    sums = [checksum_of(body), january(PublishedDocument, audience="public").get().checksum]
    tamper(document, body=body, checksum=sums[0])
    tamper(january(), checksum=combined_checksum(sums))
    Publication.history.filter(id=january().get().pk).update(checksum=combined_checksum(sums))

    assert verify()[0] == [
        f"{NAME}, for the panel: it can't be read. "
        f"The document is of no format that this version reads, which are 1 to {FORMAT}."
    ]


@pytest.mark.usefixtures("panel")
def test_document_that_is_missing_is_told():
    erase(january(PublishedDocument, audience="public"))

    assert verify()[0] == [f"{NAME}: its documents are not those that were published"]


@pytest.mark.usefixtures("panel")
def test_publication_that_is_missing_is_told():
    erase(january(PublishedDocument), january())

    assert verify()[0] == [
        f"{NAME}: it has no publication; if it never had one, run manage.py freeze_editions",
        f"{NAME}, publication 1: it was published, and is missing",
    ]


@pytest.mark.usefixtures("panel")
def test_edition_that_is_missing_is_told():
    erase(january(PublishedDocument), january(), Edition.objects.filter(month=JANUARY))

    assert verify()[0] == [f"{NAME}, publication 1: it was published, and is missing"]


@pytest.mark.usefixtures("panel")
def test_gap_among_the_numbers_is_told():
    first = january().get()
    later = {"kind": "correction", "reason": "Wrong.", "published_at": first.published_at, "checksum": "0" * 64}
    Publication.objects.create(edition=first.edition, number=3, **later)

    assert f"{NAME}: publication 2 is missing" in verify()[0]


@pytest.mark.usefixtures("panel")
def test_published_edition_whose_state_was_changed_is_told():
    tamper(Edition.objects.filter(month=JANUARY), state="in_review")

    assert verify()[0] == [f"{NAME}: it was published, but its state says otherwise"]


@pytest.mark.usefixtures("panel")
def test_edition_that_was_given_another_month_is_told():
    tamper(Edition.objects.filter(month=JANUARY), month=date(2021, 3, 1))

    told = "it was published as panel, January 2021, and stands in another place"
    name = NAME.replace("January", "March")
    assert verify()[0] == [f"{name}, for the panel: {told}", f"{name}, for the public: {told}"]


def test_edition_that_was_given_another_scorecard_is_told(panel):
    other = make_scorecard(make_indicator("Z1"), slug="other", title="Another")
    tamper(Edition.objects.filter(month=JANUARY), scorecard=other)

    told = "it was published as panel, January 2021, and stands in another place"
    assert f"Another, January 2021, for the panel: {told}" in verify()[0]


def test_scorecard_that_has_changed_its_slug_is_as_it_was_published(panel):
    panel.slug = "families"
    panel.save()

    assert verify() == (["2 editions are as they were published."], "")


@pytest.mark.usefixtures("panel")
def test_changed_file_is_told():
    document = january(PublishedDocument, audience="panel").get()
    PublishedFile.objects.create(document=document, suffix="pdf", content=b"%PDF", checksum=sha256(b"%PDF").hexdigest())
    assert verify()[1] == ""
    PublishedFile.objects.update(content=b"%PDX")

    assert verify()[0] == [f"{NAME}, for the panel, pdf: it was changed: its checksum is another"]


@pytest.mark.usefixtures("panel")
def test_number_of_queries_does_not_grow_with_editions():
    def queries():
        with CaptureQueriesContext(connection) as captured:
            verify()
        return len(captured)

    few = queries()
    for number in range(5):
        publish(make_scorecard(slug=f"other{number}"), DECEMBER, JANUARY)

    assert queries() == few


# Freezing after an upgrade


def freeze():
    out = io.StringIO()
    call_command("freeze_editions", stdout=out)
    return out.getvalue().splitlines()


def test_editions_published_without_a_report_are_frozen_once(client):
    scorecard = make_scorecard(make_indicator(), is_public=True)
    for month in (JANUARY, DECEMBER):
        Edition.objects.create(scorecard=scorecard, month=month, state="published")
    Edition.objects.create(scorecard=scorecard, month="2021-02-01", state="in_review")
    assert client.get("/scorecards/panel/2021-01/").status_code == 404

    assert freeze() == [
        "Panel scorecard, December 2020: frozen as the data stand now.",
        "Panel scorecard, January 2021: frozen as the data stand now.",
    ]
    assert freeze() == ["Every published edition is frozen already."]
    assert client.get("/scorecards/panel/2021-01/").status_code == 200
    assert verify() == (["2 editions are as they were published."], "")
