"""What was taken back is in no page, file, mail or kept answer any more, whoever asks; lifted, all is as it was."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from django.utils.http import http_date

from indicators.models import Indicator
from indicators.moments import day_in_words
from scorecard.collection.reminders import remind, send_planned
from scorecard.exported_site import export_site
from scorecard.files.formats import FORMATS
from scorecard.models import PublishedDocument, PublishedFile, Reminder, Scorecard, WithheldKind
from scorecard.publication import reading
from scorecard.publication import withholding as acts
from scorecard.publication.withholding import Wanted
from scorecard.roles import PANEL_MEMBERS
from tests.databases import database_with
from tests.factories import JANUARY, make_dated_edition, make_indicator, make_scorecard, make_sign_off, make_user
from tests.scorecard.publication.planted import (
    NAME,
    NAMED,
    NOW,
    QUESTIONS,
    TOLD,
    addresses,
    crawl,
    figure_wanted,
    indicator,
    make_planted,
    naming,
    officer,
    signed_in,
    take_back,
    unpacked,
    visitor,
    words_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
REPORT = "/scorecards/panel/2021-01/"
DAY = "Withheld on 3 March 2021"
# A member of the panel; who reports another line of the scorecard, and one of another scorecard; and with no part.
OTHERS = ("councillor", "neighbour", "elsewhere", "nobody")
# What the council calls its panel, and its people, are no words of a report's: officers correct them.
CALLED = (f"Panel of {NAME}", f"{NAME} Owner")


def make_readers():
    make_planted()
    people = {name: make_user(name) for name in OTHERS}
    people["councillor"].groups.add(Group.objects.get(name=PANEL_MEMBERS))
    Indicator.objects.filter(reference="A3").update(reporter=people["neighbour"])
    make_scorecard(make_indicator("Z1", reporter=people["elsewhere"]), slug="private", title="Another scorecard")


readers = database_with(make_readers)


@pytest.fixture(autouse=True)
def on_the_planted(readers, db, settings):
    """Each test undoes what it changes; what a server keeps of the other tests' withholdings is gone."""
    settings.PUBLISHED_PAGES_HOLD_SECONDS = 0
    reading._kept.clear()
    cache.clear()


def latest():
    return PublishedDocument.objects.filter(publication__edition__month=JANUARY).latest("publication").publication_id


# What is taken back, and the words by which it would be known again.
KINDS = {
    "text": (lambda: NAMED, (NAME,)),
    "figure": (figure_wanted, TOLD),
    "line": (
        lambda: Wanted(WithheldKind.LINE, indicator=indicator().pk),
        (*TOLD, f"Calls rose, {NAME} said.", f"{NAME} called in December.", f"Counted by {NAME}."),
    ),
    # Of the first publication the second has all but these.
    "publication": (
        lambda: Wanted(WithheldKind.PUBLICATION, publication=latest()),
        ("Calls rose.", f"{NAME} was named."),
    ),
}


def asking_again(responses):
    """With what a browser, or a cache on the way, asks at an address when it has the answer already."""
    for address, response in responses.items():
        if response.get("ETag"):
            yield address, {"HTTP_IF_NONE_MATCH": response["ETag"]}
        yield address, {"HTTP_IF_MODIFIED_SINCE": http_date(timezone.now().timestamp())}


def told_in(responses):
    return {address: without(CALLED, unpacked(response)) for address, response in responses.items()}


def told_to(client):
    return told_in(crawl(client))


def without(names, text):
    for name in names:
        text = text.replace(name, "")
    return text


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_taken_back_is_in_no_output_and_no_kept_answer_and_comes_back_when_it_is_lifted(kind):
    find_it, words = KINDS[kind]
    # Texts are masked for each reader; all else is once for the public and once for the panel.
    others = OTHERS if kind == "text" else OTHERS[:1]
    clients = {"visitor": visitor(), **{name: signed_in(name) for name in ("officer", *others)}}
    first = {who: crawl(clients[who]) for who in ("visitor", "councillor")}
    before = {who: told_in(responses) for who, responses in first.items()}
    for who, pages in before.items():
        assert len(naming(pages, *words)) >= 10, who
        # Every kind of file has it, so that it could be missed there; open data have no commentary.
        files = {address.rpartition("/")[2] for address in naming(pages, *words)}
        assert files >= {f"report.{suffix}" for suffix in FORMATS if (kind, suffix) != ("publication", "tidy.zip")}, who
    held = [(who, *one) for who in before for one in asking_again(first[who])]
    if kind == "text":
        unchanged = [one for one in held if clients[one[0]].get(one[1], **one[2]).status_code == 304]
        assert len(unchanged) > 40

    now = timezone.now()
    made = take_back(find_it(), chosen=lambda one: kind != "figure" or one.kind is WithheldKind.FIGURE, now=now)

    assert not PublishedFile.objects.filter(document__tombstones__withholding=made).exists()
    told = set(naming(before["visitor"], *words)) | set(naming(before["councillor"], *words))
    unchanged = [one for one in held if clients[one[0]].get(one[1], **one[2]).status_code == 304]
    assert [one for one in unchanged if one[1] in told] == []
    for who, client in clients.items():
        pages = told_to(client)
        assert [made.tombstone in pages[f"{REPORT}{file}"] for file in ("", "report.pdf")] == [True, True], who
        # Officers read on the pages of questions what they are to put right.
        still = [one for one in naming(pages, *words) if (who, one) != ("officer", QUESTIONS)]
        assert (who, still) == (who, [])

    if kind == "figure":
        # The line beside it stays as it was published.
        beside = f"{REPORT}indicators/{indicator('A3').pk}/figures.csv"
        assert pages[beside] == before["councillor"][beside]

    acts.lift(key=made.pk, reason="It was a street", by=officer("second"), alone=False, now=now)

    again = told_to(visitor())
    changed = {address for address, text in again.items() if text != before["visitor"][address]}
    assert changed == {"/scorecards/panel/withheld/"}
    assert f"Shown again on {day_in_words(now)}: It was a street." in again["/scorecards/panel/withheld/"]


@pytest.mark.sqlite
def test_publication_that_is_withheld_is_gone_and_says_so():
    take_back(Wanted(WithheldKind.PUBLICATION, publication=latest()))
    for client in (visitor(), signed_in(), signed_in("councillor")):
        for address in addresses():
            if address.startswith(REPORT) and "publications/1/" not in address:
                response = client.get(address)
                assert (response.status_code, address) == (410, address)
                assert b"This report is withheld" in response.content
                assert "no-store" in response["Cache-Control"]
    assert visitor().get("/scorecards/panel/").url == "/scorecards/panel/2020-12/"


def archived(folder):
    """What is in every file of the public archive, made again."""
    export_site(folder, NOW)
    files = (path for path in (folder / "scorecards").rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): without(CALLED, words_in(path.read_bytes())) for path in files}


@pytest.mark.sqlite
def test_public_archive_that_is_made_again_has_nothing_of_it_in_any_file(tmp_path):
    first = archived(tmp_path)
    report = REPORT.lstrip("/")
    for kind, (find_it, words) in KINDS.items():
        has_it = naming(first, *words)
        made_of = {path.rpartition("/")[2] for path in has_it if path.startswith(report)}
        assert made_of >= {"report.pdf", "report.csv", "report.json", "report.xlsx", "report.data.xlsx"}, kind
        made = take_back(find_it(), chosen=lambda one, kind=kind: kind != "figure" or one.kind is WithheldKind.FIGURE)

        files = archived(tmp_path)
        assert (kind, naming(files, *words)) == (kind, [])
        says = {path for path, text in files.items() if made.tombstone in text}
        # Of a whole publication only its page is left, which says so; files would pass for what they aren't.
        left = {"index.html"} if kind == "publication" else {"index.html", "report.pdf", "report.json", "report.xlsx"}
        assert {f"{report}{file}" for file in left} <= says, kind
        assert (f"{report}report.csv" in files) is (kind != "publication")
        acts.lift(key=made.pk, reason="It was a street", by=officer("second"), alone=False, now=NOW)
    again = archived(tmp_path)
    assert {path for path in first | again if first.get(path) != again.get(path)} == {
        "scorecards/panel/withheld/index.html"
    }


MAILS = {
    # What an officer asks for, and what is sent by itself.
    "remind": lambda edition, person: remind(edition=edition, person=person, by=officer(), now=NOW),
    "send_planned": lambda edition, person: list(send_planned(day=NOW.date(), now=NOW)),
}


@pytest.mark.sqlite
@pytest.mark.parametrize("way", MAILS)
@pytest.mark.parametrize("step", ["to enter", "sent_back", "sent"])
def test_mail_has_the_sentence_in_the_place_of_every_text_it_quotes(way, step, settings):
    settings.SITE_URL = "https://scorecard.example.gov.uk"
    edition = make_dated_edition(Scorecard.objects.get(slug="panel"), date(2021, 2, 1))
    lead, head = (make_user(name, email=f"{name}@example.gov.uk") for name in ("lead", "head"))
    line = indicator("A3")
    Indicator.objects.filter(pk=line.pk).update(reporter=lead, owner=head)
    quoted = {f"A3: {NAME} visits": f"A3: {DAY}"}
    if step != "to enter":
        make_sign_off(line, step, edition.month, note=f"Calls rose, {NAME} said." if step == "sent_back" else "")
    if step == "sent_back":
        quoted[f"Sent back: Calls rose, {NAME} said."] = f"Sent back: {DAY}"
    person = head if step == "sent" else lead
    for taken_back in (False, True):
        if taken_back:
            take_back(NAMED)
        mail.outbox.clear()
        Reminder.objects.all().delete()
        MAILS[way](edition, person)
        [sent] = [one for one in mail.outbox if one.to == [person.email]]
        whole = f"{sent.subject}{sent.body}{sent.alternatives}"
        # In the HTML, reference and title are apart.
        assert whole.count(NAME) == (0 if taken_back else 2 * len(quoted))
        for text, sentence in quoted.items():
            assert (text in sent.body, sentence in sent.body) == (not taken_back, taken_back)
