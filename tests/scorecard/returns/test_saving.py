"""A line is saved with no more than what depends on it, and what comes of it is what the whole sheet would say."""

import random
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commentary.models import SignOff, WarningReason
from indicators.calculations.vocabulary import Kind
from indicators.models import CrossCheck, CrossCheckTerm, Population, PopulationGroup, seen
from scorecard import demonstration
from scorecard.models import Edition, Publication, PublishedDocument, PublishedFile, Scorecard
from scorecard.returns.entries import amount_of
from scorecard.sheet.assemble import assemble_sheet, read_sheet
from scorecard.sheet.components import parts_of, wording_for
from tests.demonstration import while_loaded
from tests.factories import DECEMBER, JANUARY, make_derived, make_user, make_values
from tests.scorecard.returns.returning import (
    NOW,
    enter_at,
    fields,
    line_of,
    lines_of,
    make_collection,
    make_reported,
    officer,
    person,
    say,
    send,
)

# Of the twelve months to January 2021 the one in which the demonstration's checks between indicators don't hold.
AUGUST = date(2020, 8, 1)


def told(line, sheet, reader):
    """All that a page can tell of a line."""
    return {
        "row": line.row,
        "section": line.section,
        "value": line.value and (seen(line.value), amount_of(line.value)),
        "commentary": line.commentary and (seen(line.commentary), line.text),
        "last commentary": line.last_commentary,
        "sign-off": line.sign_off and (seen(line.sign_off), line.sign_off.step),
        "standing": line.standing,
        "warnings": line.warnings,
        "fingerprint": line.fingerprint,
        "due and complete": (line.is_due, line.is_incomplete),
        "feeds": line.feeds,
        "html": parts_of(line, wording_for(reader, sheet), can_enter=True),
    }


def assert_told_the_same(part, whole, readers):
    """The part of a sheet says of each of its lines what the whole sheet says."""
    for reader in readers:
        for line in part.lines:
            assert told(line, part, reader) == told(whole.by_key[line.key], whole, reader)


def typed_for(line, chance):
    """Something to enter for a line: another figure, or none, or other words, and a reason for every warning."""
    reasons = {f"reason_because_{warning.caution.code}": "Checked." for warning in line.warnings}
    if line.is_derived or chance.random() < 0.3:
        return {"text": f"Changed to {chance.randrange(1000)}."}
    name = "numerator" if line.is_ratio else "figure"
    if chance.random() < 0.3:
        return {**dict.fromkeys(["figure", "numerator", "denominator"], ""), "blank": "", "note": ""} | reasons
    entered = getattr(line.value, name, None)
    return {name: str(chance.randrange(1 + int(entered or 50))), **reasons}


def test_what_a_save_tells_is_what_the_whole_sheet_tells(django_db_setup, django_db_blocker):
    chance = random.Random(5)  # noqa: S311 - to try many lines, not for secrets

    def save_lines():
        scorecard = Scorecard.objects.get(slug=demonstration.SLUG)
        # As if August's report had not been published yet: one that was stays so.
        august = Publication.objects.filter(edition__scorecard=scorecard, edition__month=AUGUST)
        for published in (
            PublishedFile.objects.filter(document__publication__in=august),
            PublishedDocument.objects.filter(publication__in=august),
            august,
        ):
            published._raw_delete("default")
        edition, _ = Edition.objects.update_or_create(
            scorecard=scorecard,
            month=AUGUST,
            defaults={"state": "collecting", "opens_on": AUGUST, "due_on": AUGUST},
        )
        readers = [officer(), make_user("stranger")]
        whole = assemble_sheet(edition)
        checked = {"LAC1"}
        chosen = [
            line for place, line in enumerate(whole.lines) if place % 3 == 0 or line.indicator.reference in checked
        ]
        kinds, written = set(), 0
        for line in chosen:
            reference = line.indicator.reference
            before = lines_of(edition)
            assert_told_the_same(assemble_sheet(edition, [line.key]), assemble_sheet(edition), readers[:1])
            done = enter_at(edition, before, "officer", **{reference: typed_for(before[reference], chance)})
            kinds.add(Kind(line.indicator.kind))
            written += len(done.saved)
            now = assemble_sheet(edition)
            assert {one.key for one in done.sheet.lines} == {
                line.key,
                *(one.key for one in now.fed_by(reference)),
            }
            assert_told_the_same(done.sheet, now, readers)
        return kinds, written, len(chosen)

    kinds, written, chosen = while_loaded(django_db_blocker, save_lines)
    assert kinds == set(Kind)
    assert written > chosen / 2


@pytest.fixture
def worked_out(db):
    """Lines with all that can hang on one: A1 is checked with B1, D1 is a rate of it, and E1 follows from D1."""
    group = PopulationGroup.objects.create(name="Children")
    Population.objects.create(group=group, year=2020, people=50_000)
    a, b = make_reported("A1"), make_reported("B1", reporter=make_user("other"))
    rate = make_derived("D1", [a], population=group, unit="rate_10000", owner=person("head"))
    total = make_derived("E1", [rate, b], owner=person("head"), unit="rate_10000")
    check = CrossCheck.objects.create(indicator=a, kind="limit")
    CrossCheckTerm.objects.create(check_of=check, indicator=b, role="limit")
    make_values(a, {DECEMBER: 50, JANUARY: 90})
    make_values(b, {DECEMBER: 50, JANUARY: 80})
    return make_collection(a, b, rate, total)


@pytest.mark.parametrize("is_sent", [False, True], ids=["not sent", "sent"])
@pytest.mark.parametrize("with_reason", [False, True], ids=["no reason", "reason"])
@pytest.mark.parametrize("entered", [{}, {"figure": "95"}, {"figure": "95", "text": "More."}])
def test_line_is_saved_in_26_queries_at_most(client, worked_out, entered, with_reason, is_sent):
    reporter = person("lead")
    indicator = line_of(worked_out).indicator
    say(indicator, "Quiet.", DECEMBER)
    say(indicator, "Quiet as well.")
    code = f"check-{CrossCheck.objects.get().pk}"
    typed = dict(entered, **({f"reason_because_{code}": "Counted twice."} if with_reason else {}))
    if is_sent:
        SignOff.objects.create(
            indicator=indicator, month=JANUARY, step="sent", sent_by=reporter, sent_at=NOW, first_sent_at=NOW
        )
    line = line_of(worked_out)
    client.force_login(reporter)

    with CaptureQueriesContext(connection) as queries:
        answer = client.post(f"/returns/panel/2021-01/lines/{line.key}/", fields(line, **typed)).json()

    assert "saved_at" in answer
    assert "B1" in str(answer["lines"])
    now = line_of(worked_out)
    assert now.value.figure == int(entered.get("figure", 90))
    assert now.text == entered.get("text", "Quiet as well.")
    assert [row.reason for row in WarningReason.objects.all()] == ["Counted twice."] * with_reason
    assert not is_sent or now.sign_off.step == ("draft" if entered else "sent")
    assert len(queries) <= 26


def test_part_of_a_sheet_has_the_line_and_what_follows_from_it(worked_out):
    part = assemble_sheet(worked_out, [line_of(worked_out).key])

    assert [line.indicator.reference for line in part.lines] == ["A1", "D1", "E1"]
    assert [line.indicator.reference for line in part.beside] == ["B1"]
    assert_told_the_same(part, assemble_sheet(worked_out), [person("lead"), officer()])


@pytest.mark.parametrize("typed", [{"figure": "", "text": ""}, {"figure": "6"}, {"text": "More."}])
def test_what_was_sent_and_then_changed_is_the_reporters_again(db, typed):
    indicator = make_reported("A1")
    edition = make_collection(indicator, make_derived("D1", [indicator], owner=person("head")))
    make_values(indicator, {JANUARY: 5})
    say(indicator, "Quiet.")
    assert send(edition, "A1") == ["A1"]

    done = enter_at(edition, lines_of(edition), "lead", A1=typed)

    assert SignOff.objects.get().step == "draft"
    assert done.sheet.by_key[indicator.pk].sign_off.step == "draft"
    assert_told_the_same(done.sheet, assemble_sheet(edition), [person("lead")])


def test_queries_of_reading_a_part_do_not_grow_with_what_follows(worked_out, django_assert_max_num_queries):
    key = line_of(worked_out).key
    with django_assert_max_num_queries(20) as few:
        read_sheet(worked_out, [key])
    section = worked_out.scorecard.sections.get()
    for number in range(10):
        more = make_derived(f"F{number}", [line_of(worked_out).indicator])
        section.lines.create(indicator=more, position=9)
    with django_assert_max_num_queries(len(few)):
        assert len(read_sheet(worked_out, [key]).sheet().lines) == 13
