"""Taking back what was published: nothing that is made of it shows it any more, and it comes back as it was."""

import io
import re
from datetime import date
from functools import partial
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.http import HttpResponse, QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commentary.models import AreaOfFocus, Commentary, FocusUpdate
from indicators import triggers
from indicators.models import (
    ChangedMeanwhileError,
    CrossCheck,
    PopulationGroup,
    SecurityEvent,
    User,
)
from indicators.models.cross_check import CrossCheckTerm
from scorecard.files.formats import FORMATS
from scorecard.models import (
    Audience,
    Edition,
    Erasure,
    FrozenError,
    PublicationKind,
    PublicText,
    PublishedDocument,
    PublishedFile,
    Scorecard,
    TextDecision,
    Tombstone,
    WithheldKind,
    Withholding,
)
from scorecard.publication import reading
from scorecard.publication import withholding as acts
from scorecard.publication.document import checksum_of
from scorecard.publication.erasing import RECORDS, text_columns
from scorecard.publication.files import file_of, make_missing
from scorecard.publication.public_texts import PublicTextsPage, decide_on_texts
from scorecard.publication.publish import draft_edition, revise_edition
from scorecard.publication.withholding import Wanted, find, fingerprint_of, withhold
from scorecard.publication.withholding_forms import WithholdForm
from scorecard.roles import PANEL_MEMBERS
from scorecard.sheet.assemble import assemble_sheet
from tests.databases import database_with
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_dated_edition,
    make_user,
)
from tests.scorecard.publication.planted import (
    NAME,
    NAMED,
    NOW,
    QUESTIONS,
    SECRET,
    WORDS,
    figure_wanted,
    indicator,
    make_planted,
    officer,
    revise,
    signed_in,
    take_back,
    unpacked,
    visitor,
)
from tests.scorecard.returns.test_concurrency import alone, together

pytestmark = pytest.mark.django_db
planted = database_with(make_planted)


@pytest.fixture(autouse=True)
def on_the_planted(planted, db):
    """Each test undoes what it changes; what a server keeps of the other tests' withholdings is gone."""
    reading._kept.clear()
    cache.clear()


@pytest.mark.sqlite
def test_panel_reads_nothing_withheld_on_the_questions_pages_nor_in_their_history():
    [asked] = AreaOfFocus.objects.filter(kind="question")
    FocusUpdate.objects.create(area=asked, date=JANUARY, text=f"{NAME} is asked again.")
    make_user("councillor").groups.add(Group.objects.get(name=PANEL_MEMBERS))
    revise("An update.")
    texts = [f"Why {NAME}?", f"More on {NAME}.", f"Because of {NAME}.", f"{NAME} is asked again."]

    def read(who):
        pages = (QUESTIONS, f"{QUESTIONS}{asked.pk}/")
        return "".join(signed_in(who).get(page).content.decode() for page in pages)

    assert all(text in read("councillor") for text in texts)
    take_back(NAMED)
    assert [text for text in texts if text in read("councillor")] == []
    assert "Withheld on 3 March 2021: it named a person." in read("councillor")
    # It is put right by those who may: what it said before stays withheld.
    assert all(text in read("officer") for text in texts)
    asked.response = "Because of the weather."
    asked.save()
    assert "Because of the weather." in read("councillor")
    assert [text for text in texts if text in read("councillor")] == []
    assert f"Because of {NAME}." in read("officer")


@pytest.mark.sqlite
def test_what_would_give_a_withheld_figure_away_is_offered_and_its_reason_does_not_say_it():
    check = CrossCheck.objects.create(indicator=indicator("A3"), kind="parts")
    CrossCheckTerm.objects.create(check_of=check, indicator=indicator("A1"), role="part")
    commentary = Commentary.objects.get(indicator=indicator(), month=JANUARY)
    commentary.text = "There were 7,741 of them."
    commentary.save()
    revise("The commentary is another.")

    found = {one.shown: one.is_sought for one in find(figure_wanted())}
    assert found == {
        "A1, January 2021: 7,741": True,
        "A3, January 2021: 400": False,
        "There were 7,741 of them.": True,
        "Calls rose.": False,
        "Calls rose, Zorbax said.": False,
    }
    findings = find(figure_wanted())
    sent = {"fingerprint": fingerprint_of(findings), "scope": "everywhere", "chosen": [findings[0].key]}
    for reason, is_fine in (
        ("it was given as 7741", False),
        ("7,741 is wrong", False),
        ("it was of the 12 months before", True),
    ):
        form = WithholdForm(QueryDict(urlencode({**sent, "reason": reason}, doseq=True)), findings, here="January")
        assert form.is_valid() is is_fine, form.errors


# Later reports


def drafts():
    return draft_edition(Edition.objects.get(month=JANUARY))


def test_what_is_withheld_is_in_no_later_draft_until_it_is_corrected():
    take_back(NAMED)
    take_back(figure_wanted(), chosen=lambda one: one.kind is WithheldKind.FIGURE)

    draft = drafts()
    assert not draft.is_new
    for text in draft.texts.values():
        assert re.findall(f".{{0,60}}{NAME}.{{0,20}}", text) == []
        assert f'"value":{SECRET}' not in text

    value = indicator().values.get(month=JANUARY)
    value.figure = 12
    value.save()
    commentary = Commentary.objects.get(month=DECEMBER)
    commentary.text = "Somebody called."
    commentary.save()

    draft = drafts()
    assert draft.is_new
    for text in draft.texts.values():
        assert '"value":12' in text
        assert "Somebody called." in text
        assert re.findall(f".{{0,60}}{NAME}.{{0,20}}", text) == []
    assert not [change for change in draft.changes if NAME in f"{change}"]


def test_line_is_in_no_later_draft_until_it_is_shown_again():
    made = take_back(Wanted(WithheldKind.LINE, indicator=indicator().pk))
    value = indicator().values.get(month=JANUARY)
    value.figure = 8852
    value.save()

    draft = drafts()
    for text in draft.texts.values():
        assert made.tombstone in text
        assert '"value":8852' not in text
    assert not [change for change in draft.changes if change.reference == "A1"]

    acts.lift(key=made.pk, reason="A mistake", by=officer("second"), alone=False, now=NOW)
    for text in drafts().texts.values():
        assert '"value":8852' in text


def test_last_months_words_in_a_return_are_without_it():
    Commentary.objects.create(indicator=indicator(), month=date(2021, 2, 1), text=f"{NAME} in February.")
    edition = make_dated_edition(Scorecard.objects.get(), date(2021, 2, 1))
    commentary = Commentary.objects.get(month=JANUARY)
    commentary.text = "Calls rose, Zorbax said."
    commentary.save()

    def words():
        return next(line.last_commentary for line in assemble_sheet(edition).lines if line.key == indicator().pk)

    assert words() == "Calls rose, Zorbax said."
    take_back(NAMED)
    assert words() == "Withheld on 3 March 2021: it named a person."


def test_withheld_here_only_stays_elsewhere():
    publication = PublishedDocument.objects.filter(publication__number=1, publication__edition__month=JANUARY)
    first = publication.first().publication_id
    wanted = Wanted(WithheldKind.TEXT, words="Calls rose, Zorbax")

    take_back(wanted, only_in=first)

    assert "Calls rose, Zorbax" not in visitor().get("/scorecards/panel/2021-01/publications/1/").content.decode()
    # The list of changes of the second publication quotes it.
    assert "Calls rose, Zorbax" in visitor().get("/scorecards/panel/2021-01/").content.decode()


# Who decides


def test_only_officers_withhold_and_another_confirms():
    with pytest.raises(PermissionDenied):
        take_back(NAMED, by=User.objects.get(username="owner"))
    made = take_back(NAMED)
    with pytest.raises(ValidationError, match="Another performance officer"):
        acts.confirm(key=made.pk, by=officer(), alone=True, now=NOW)
    acts.confirm(key=made.pk, by=officer("second"), alone=False, now=NOW)
    with pytest.raises(ValidationError, match="in the meantime"):
        acts.confirm(key=made.pk, by=officer("second"), alone=False, now=NOW)


def test_the_only_officer_decides_after_saying_so():
    second = officer("second")
    second.is_active = False
    second.save()
    made = take_back(NAMED)
    with pytest.raises(ValidationError, match="only performance officer"):
        acts.confirm(key=made.pk, by=officer(), alone=False, now=NOW)
    acts.confirm(key=made.pk, by=officer(), alone=True, now=NOW)
    made.refresh_from_db()
    assert (made.confirmed_by, made.alone) == (officer(), True)


def test_list_that_changed_meanwhile_is_shown_again():
    findings = find(NAMED)
    first = [one.key for one in findings][:1]
    given = {"words": WORDS, "note": "", "now": NOW, "only_in": None, "wanted": NAMED}
    seen = fingerprint_of(findings)
    withhold(chosen=first, fingerprint=seen, by=officer(), **given)
    for chosen, fingerprint, said in ((first, seen, "since you opened"), ([], fingerprint_of(find(NAMED)), "Choose")):
        with pytest.raises(ValidationError, match=said):
            withhold(chosen=chosen, fingerprint=fingerprint, by=officer("second"), **given)


# Kept files


def test_file_that_is_being_made_meanwhile_is_not_kept(monkeypatch):
    """The file is made of the document as it was; before it is kept, its text is withheld."""
    [published] = [
        one
        for one in reading.publications_for(Scorecard.objects.get(), Audience.PUBLIC)
        if (one.month, one.is_outdated) == (JANUARY, False)
    ]
    made = []

    def make(report):
        content = FORMATS["csv"].make(report)
        if not made:
            take_back(NAMED)
        made.append(content)
        return content

    content = file_of(published, FORMATS["csv"]._replace(make=make))

    assert NAME.encode() in made[0]
    assert len(made) == 2
    assert NAME.encode() not in content
    assert bytes(PublishedFile.objects.get().content) == content


@pytest.mark.django_db(transaction=True)
def test_withholding_and_revising_at_the_same_time_leave_no_old_content(monkeypatch):
    """Whichever comes second is told, or its report is without it; and no file has it that is made meanwhile."""
    monkeypatch.setitem(FORMATS, "pdf", FORMATS["pdf"]._replace(make=lambda report: report.summary.encode()))
    edition = Edition.objects.get(month=JANUARY)
    value = indicator("A3").values.get(month=JANUARY)
    value.figure = 401
    value.save()
    drafted = draft_edition(edition).fingerprint
    findings = find(NAMED)
    every = [one.key for one in findings]
    published = [one for one in reading.publications_for(edition.scorecard, Audience.PANEL) if one.month == JANUARY]

    def revise_it():
        kind = PublicationKind.CORRECTION
        by = officer()
        revise_edition(edition=edition, fingerprint=drafted, kind=kind, reason="Miscounted.", by=by, now=NOW)

    def withhold_it():
        seen, by = fingerprint_of(findings), officer("second")
        withhold(wanted=NAMED, chosen=every, only_in=None, fingerprint=seen, words=WORDS, note="", by=by, now=NOW)

    def make_files():
        for _ in make_missing(published):
            pass

    outcomes = together([partial(alone, partial(outcome, act)) for act in (revise_it, withhold_it, make_files)])

    assert outcomes[2] == "done"
    if outcomes[1] != "done":
        assert outcomes[:2] == ["done", ValidationError]
        take_back(NAMED)
    assert outcomes[0] in ("done", ChangedMeanwhileError)
    for file in PublishedFile.objects.all():
        assert (NAME in unpacked(HttpResponse(file.content)), str(file)) == (False, str(file))


def outcome(act):
    try:
        act()
    except (ValidationError, ChangedMeanwhileError) as error:
        return type(error)
    return "done"


# The record


def test_withholding_is_kept_by_the_database():
    made = take_back(NAMED)
    stone = made.tombstones.first()
    document = PublishedDocument.objects.first()
    with pytest.raises(ProtectedError):
        made.delete()
    with pytest.raises(FrozenError), transaction.atomic():
        stone.delete()
    others = {"words": "nothing", "withheld_at": timezone.now(), "kind": "line"}
    tries = [
        *(lambda name=name, to=to: Withholding.objects.update(**{name: to}) for name, to in others.items()),
        lambda: Withholding.objects.update(confirmed_by=made.withheld_by, confirmed_at=NOW),
        lambda: Withholding.objects.update(lifted_at=NOW),
        lambda: Withholding.objects.update(erased_at=NOW, erased_by=officer("second")),
        lambda: Tombstone.objects.update(text="0" * 64),
        lambda: Tombstone.objects.update(document=document.pk + 1),
        lambda: PublishedDocument.objects.update(body="{}"),
        lambda: Erasure.objects.create(
            withholding=made, document=document, original_checksum=document.checksum, new_checksum="0" * 64
        ),
        lambda: Erasure.objects.create(
            withholding=made, document=document, original_checksum="1" * 64, new_checksum="0" * 64
        ),
    ]
    refused = []
    for place, attempt in enumerate(tries):
        try:
            with transaction.atomic():
                attempt()
        except IntegrityError:
            refused.append(place)
    assert refused == list(range(len(tries)))


def verify():
    out, failure = io.StringIO(), ""
    try:
        call_command("verify_editions", stdout=out)
    except CommandError as error:
        failure = str(error)
    return out.getvalue(), failure


def test_withheld_and_erased_verify_and_tampered_ones_do_not():
    made = take_back(NAMED)
    said, failure = verify()
    assert not failure
    assert "Withheld on 3 March 2021: it named a person. Sealed, not confirmed yet." in said

    acts.confirm(key=made.pk, by=officer("second"), alone=False, now=NOW)
    acts.ask_for_erasure(key=made.pk, legal_reason="Article 17", by=officer(), now=NOW)
    with pytest.raises(ValidationError, match="Correct the data first"):
        acts.erase(key=made.pk, by=officer("second"), alone=False, now=NOW)
    correct_everything()
    with pytest.raises(ValidationError, match="Another performance officer"):
        acts.erase(key=made.pk, by=officer(), alone=False, now=NOW)
    originals = dict(PublishedDocument.objects.values_list("pk", "checksum"))
    acts.erase(key=made.pk, by=officer("second"), alone=False, now=NOW)

    for document in PublishedDocument.objects.all():
        assert NAME not in document.body
        [erasure] = document.erasures.all()
        assert (erasure.original_checksum, erasure.new_checksum) == (originals[document.pk], document.checksum)
    assert not Commentary.history.filter(text__contains=NAME).exists()
    made.refresh_from_db()
    assert "Left" in made.certificate
    assert not made.tombstones.exclude(kind="reason").exclude(text="").exists()
    said, failure = verify()
    assert not failure
    assert "Erased on 3 March 2021." in said
    assert NAME not in visitor().get("/scorecards/panel/2021-01/publications/1/").content.decode()
    with pytest.raises(ValidationError, match="erased"):
        acts.lift(key=made.pk, reason="No", by=officer("second"), alone=False, now=NOW)

    document = PublishedDocument.objects.first()
    body = document.body.replace("Hill", "Dale")
    triggers.drop()
    PublishedDocument.objects.filter(pk=document.pk).update(body=body, checksum=checksum_of(body))
    Tombstone.objects.filter(pk=made.tombstones.first().pk)._raw_delete("default")
    triggers.create()
    said, failure = verify()
    assert "its erasures don’t lead to what is stored" in said
    assert "places were withheld" in said
    assert failure == "2 problems were found."


def test_decisions_on_texts_keep_nothing_of_what_is_erased():
    """A text, its public versions and where it stands: nobody can correct these, so erasing takes them out."""
    by, edition = officer(), Edition.objects.get(month=JANUARY)
    value = indicator().values.get(month=JANUARY)
    value.figure = 3
    value.save()
    commentary = Commentary.objects.get(month=JANUARY)
    commentary.text = f"{NAME} called."
    commentary.save()

    def reword(wording):
        for text in PublicTextsPage.of(edition).texts:
            seen = {text.first.key: text.decided.version if text.decided else 0}
            decide_on_texts(edition=edition, seen=seen, decision=TextDecision.REWORDED, wording=wording, by=by, now=NOW)

    reword(f"{NAME}, never published.")
    reword(f"In other words, {NAME}.")
    revise("Corrected.")
    assert "In other words" in visitor().get("/scorecards/panel/2021-01/").content.decode()
    made = take_back(NAMED)

    # Neither is the sentence in its place asked about, nor is a public version of it published again.
    page = PublicTextsPage.of(edition)
    assert not [text for text in page.texts if NAME in text.wording or made.tombstone == text.first.text.text]
    for text in drafts().texts.values():
        assert NAME not in text
        assert made.tombstone in text

    acts.confirm(key=made.pk, by=officer("second"), alone=False, now=NOW)
    acts.ask_for_erasure(key=made.pk, legal_reason="Article 17", by=by, now=NOW)
    correct_everything()
    keys = {key for table in (PublicText.objects, PublicText.history) for key in table.values_list("key", flat=True)}
    acts.erase(key=made.pk, by=officer("second"), alone=False, now=NOW)

    for table in (PublicText.objects, PublicText.history):
        kept = [" ".join(row) for row in table.values_list("where", "text", "wording")]
        assert [row for row in kept if NAME in row] == []
        assert keys.isdisjoint(table.filter(text=made.tombstone).values_list("key", flat=True))
    assert verify()[1] == ""


def test_figure_line_and_publication_can_be_erased():
    publication = PublishedDocument.objects.filter(publication__number=1, publication__edition__month=JANUARY)
    value = indicator().values.get(month=JANUARY)
    for wanted in (
        figure_wanted(),
        Wanted(WithheldKind.LINE, indicator=indicator("A3").pk),
        Wanted(WithheldKind.PUBLICATION, publication=publication.first().publication_id),
    ):
        made = take_back(wanted, chosen=lambda one: one.is_sought)
        page = signed_in("second").get(f"/scorecards/panel/withheld/{made.pk}/").content.decode()
        assert ("A1, January 2021: 7741" in page) == (wanted.kind is WithheldKind.FIGURE)
        acts.confirm(key=made.pk, by=officer("second"), alone=False, now=NOW)
        acts.ask_for_erasure(key=made.pk, legal_reason="Article 17", by=officer(), now=NOW)
        if wanted.kind is WithheldKind.FIGURE:
            with pytest.raises(ValidationError, match="the figure of A1"):
                acts.erase(key=made.pk, by=officer("second"), alone=False, now=NOW)
            value.figure = 12
            value.save()
        acts.erase(key=made.pk, by=officer("second"), alone=False, now=NOW)
        assert verify()[1] == ""
        page = signed_in("second").get(f"/scorecards/panel/withheld/{made.pk}/").content.decode()
        assert "Certificate of erasure" in page
        told = SecurityEvent.objects.filter(about__startswith=f"withholding {made.pk}:").order_by("pk")
        assert [event.kind for event in told] == ["withheld", "withheld", "erased", "erased"]
    for document in PublishedDocument.objects.all():
        assert not re.search(r'(numerator|value)":("?)7741', document.body)
        assert "15482" not in document.body
    assert '"sections":[]' in publication.first().body
    assert visitor().get("/scorecards/panel/2021-01/publications/1/").status_code == 410
    assert "Zorbax visits" in visitor().get("/scorecards/panel/2021-01/").content.decode()


def test_queries_of_a_page_do_not_grow_with_what_is_withheld():
    def queries():
        reading._kept.clear()
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert visitor().get("/scorecards/panel/2021-01/").status_code == 200
        return len(asked)

    none = queries()
    for place, found in enumerate(find(NAMED)[:3]):
        take_back(NAMED, chosen=lambda one, key=found.key: one.key == key)
        # What is withheld of the publications, and of the document that is read.
        assert (place, queries()) == (place, none + 2)


def correct_everything():
    """Somebody takes the name out of all data, as an officer is asked to."""
    for model, column in text_columns():
        for row in () if model in RECORDS else model.objects.filter(**{f"{column.name}__contains": NAME}):
            setattr(row, column.name, getattr(row, column.name).replace(NAME, "Somebody"))
            row.save()
    for row in PopulationGroup.objects.filter(name__contains=NAME):
        row.name = "Children"
        row.save()


# Pages


def test_from_the_report_to_the_tombstone_in_three_pages():
    client = signed_in()
    html = client.get("/scorecards/panel/2021-01/").content.decode()
    at = "/scorecards/panel/2021-01/publications/2/take-back/"
    assert at in html
    assert "take-back" not in visitor().get("/scorecards/panel/2021-01/").content.decode()
    for who, status in ((visitor(), 302), (signed_in("owner"), 403)):
        assert who.get(at).status_code == status
    assert client.post(at, {"kind": "text", "sought": "zo"}).status_code == 422
    assert client.post(at, {"kind": "figure"}).status_code == 422
    assert "Nothing published" in client.post(at, {"kind": "text", "sought": "Qwerty"}).content.decode()

    found = client.post(at, {"kind": "text", "sought": "ZORBAX said"}).content.decode()
    assert "Calls rose, Zorbax said." in found
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found))
    chosen = re.findall(r'name="chosen" value="([^"]*)"', found)
    sent = {"kind": "text", "sought": "ZORBAX said", "fingerprint": fields["fingerprint"], "chosen": chosen}
    for wrong in (
        {},
        {"reason": "Zorbax said it"},
        {"reason": WORDS, "fingerprint": "old"},
        {"reason": WORDS, "chosen": []},
    ):
        refused = client.post(at, {**sent, "scope": "everywhere", **wrong})
        assert (refused.status_code, wrong) == (422, wrong)
    assert not Withholding.objects.exists()

    told = client.post(at, {**sent, "scope": "everywhere", "reason": WORDS}, follow=True)
    assert "It is withheld from now on" in told.content.decode()
    page = told.redirect_chain[-1][0]
    assert "The next step is for another performance officer." in told.content.decode()
    other = signed_in("second")
    assert "Calls rose, Zorbax said." in other.get(page).content.decode()
    for step, said in (
        ({"confirm": "1"}, "You have confirmed"),
        ({"ask": "1", "ask-reason": "Article 17"}, "can erase it now"),
        ({"lift": "1", "lift-reason": "It was a street"}, "It can be read again"),
    ):
        assert said in other.post(page, step, follow=True).content.decode()
    assert "decided in the meantime" in other.post(page, {"lift": "1"}, follow=True).content.decode()
    assert "Calls rose, Zorbax said." in visitor().get("/scorecards/panel/2021-01/publications/1/").content.decode()
    assert visitor().get(page).status_code == 302
    assert signed_in("owner").get(page).status_code == 403
