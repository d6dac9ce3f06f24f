# ruff: noqa: E402 - Django is set up before anything of the program is imported
"""Makes the database of an earlier version that tests/scorecard/test_upgrade.py upgrades. README.md says how to run it.

It is run on the code of that version, once for each database, and never on newer code. Everything in it is given:
figures, days and people, so that both databases answer the same.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path.cwd()))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from answers import answers
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test.utils import setup_test_environment

from commentary.models import AreaOfFocus, Commentary, FocusUpdate, Overview, WarningReason
from indicators.models import (
    Comparator,
    CrossCheck,
    Indicator,
    MonthlyValue,
    PeerFigure,
    Rebase,
    Target,
    User,
)
from scorecard.demonstration import facts
from scorecard.demonstration.records import records
from scorecard.models import Edition, EditionState, Line, PublicationKind, PublishedDocument, Scorecard, Section
from scorecard.publication.drafting import draft_edition
from scorecard.publication.publish import publish_edition, revise_edition
from scorecard.returns.assemble import assemble_sheet
from scorecard.returns.entries import Entry
from scorecard.returns.steps import approve_lines, send_lines

LINES = {
    "Front door": ("M1", "M2", "M3", "M2-NI", "M8-QL", "M4"),
    "Protection and care": ("CP2b", "LAC1", "LAC2", "YO2", "FM011"),
}
REFERENCES = {reference for references in LINES.values() for reference in references}
NOVEMBER, DECEMBER, JANUARY, FEBRUARY = date(2020, 11, 1), date(2020, 12, 1), date(2021, 1, 1), date(2021, 2, 1)


class Clock:
    """The day that the program takes for today."""

    now = datetime(2020, 11, 2, 9, tzinfo=UTC)

    def read(self) -> datetime:
        return self.now

    def move(self, *moment: int) -> datetime:
        self.now = datetime(*moment, tzinfo=UTC)
        return self.now


clock = Clock()


def chosen(name: str) -> list[dict[str, str]]:
    """The demonstration's records, of the chosen indicators only."""
    return [record for record in records(name) if record.get("reference", "M1") in REFERENCES]


def indicator(reference: str) -> Indicator:
    return Indicator.objects.get(reference=reference)


def person(username: str) -> User:
    return User.objects.get(username=username)


def change(row: Any, reason: str | None = None, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row._history_user = person("performance.officer")
    row._change_reason = reason
    row.save()


def value(reference: str, month: date) -> MonthlyValue:
    return MonthlyValue.objects.get(indicator__reference=reference, month=month)


def add_facts() -> None:
    with mock.patch.object(facts, "records", chosen):
        facts.add_people(None)
        facts.add_populations()
        facts.add_indicators()
        facts.add_terms()
        facts.add_values()
        facts.add_comparators()
        facts.add_targets()
    # Longer than the 25 months that limits rest on.
    for back in range(30):
        month = date(2019 - back // 12, 12 - back % 12, 1)
        MonthlyValue.objects.create(indicator=indicator("M1"), month=month, figure=1400 + (back * 37) % 210)
        MonthlyValue.objects.create(indicator=indicator("M4"), month=month, figure=1 if back % 9 == 4 else 0)
    # Rare cases for a g-chart, and small counts that hardly vary for a c-chart.
    for reference, figures in (("M4", "1001000010010"), ("CP2b", "2132221122331")):
        for figure, row in zip(
            figures, indicator(reference).values.filter(month__year__gte=2020).order_by("month"), strict=True
        ):
            change(row, figure=int(figure))
    change(indicator("M2-NI"), polarity="target")
    change(
        value("CP2b", date(2020, 9, 1)), figure=None, blank="not_applicable", note="Nobody moved.\nNothing to count."
    )
    change(value("LAC2", date(2020, 9, 1)), figure=None, blank="suppressed", note="Kept back by the service.")
    change(value("FM011", DECEMBER), figure=23, note="As the programme’s own report has it.")
    change(value("FM011", JANUARY), blank="not_due", note="")
    change(value("M2", DECEMBER), stage="provisional")
    change(value("LAC1", NOVEMBER), stage="revised")
    for reference, goal, tolerance in (("M8-QL", 96, 3), ("LAC1", 460, 10), ("M2-NI", Decimal("54.5"), 5)):
        Target.objects.create(
            indicator=indicator(reference), year=2020, value=goal, tolerance=tolerance, note="Agreed in May & June."
        )
    Target.objects.create(indicator=indicator("LAC2"), year=2020, is_tbc=True)
    change(Comparator.objects.get(indicator__reference="LAC1", group="region"), year=2016, note="As <printed> then.")
    Rebase.objects.create(indicator=indicator("M1"), month=date(2020, 4, 1), reason="The schools closed.")
    Rebase.objects.create(indicator=indicator("LAC1"), month=date(2020, 7, 1), reason="A new way of counting.")
    for place, (code, peer) in enumerate((("852", 94), ("851", 70), ("870", 79), ("850", None), ("846", 99))):
        PeerFigure.objects.create(
            indicator=indicator("LAC1"),
            year=2019,
            authority=code,
            name=f"Authority {code}",
            value=peer,
            blank="" if peer else "not_available",
            is_own=code == "852",
            is_neighbour=place in (1, 2, 3),
            is_in_region=place in (0, 1, 4),
        )
    check = CrossCheck.objects.create(indicator=indicator("M2"), kind="limit", note="Referrals are contacts first.")
    check.terms.create(indicator=indicator("M1"), role="limit")


def add_scorecard() -> Scorecard:
    scorecard = Scorecard.objects.create(
        slug="families",
        title="Children and Families scorecard",
        council="Southampton City Council",
        panel="Children and Families Scrutiny Panel",
        region="South East",
        council_code="E06000045",
        region_code="E12000008",
        is_public=True,
        suppresses_small_counts=True,
    )
    for position, (title, references) in enumerate(LINES.items()):
        section = Section.objects.create(scorecard=scorecard, title=title, position=position)
        for place, reference in enumerate(references):
            Line.objects.create(section=section, indicator=indicator(reference), position=place)
    area = AreaOfFocus.objects.create(
        title="Agency workers", response="Twelve posts are filled.", position=1, opened_on=date(2020, 10, 8)
    )
    area.indicators.set([indicator("LAC1"), indicator("LAC2")])
    scorecard.areas_of_focus.add(area)
    closed = AreaOfFocus.objects.create(title="Waiting times", position=3, opened_on=date(2020, 9, 1))
    scorecard.areas_of_focus.add(closed)
    FocusUpdate.objects.create(area=area, date=date(2020, 11, 20), text="Recruiting goes on.\nTwo teams are whole.")
    return scorecard


def add_words(month: date) -> None:
    for reference in ("M1", "M2", "LAC1"):
        Commentary.objects.create(
            indicator=indicator(reference),
            month=month,
            text=f"What the service says for {month:%B %Y}:\n\n- “quoted” & <marked>\n- a second line",
        )
    Commentary.objects.create(indicator=indicator("CP2b"), month=month, text="Only 3 children moved in with a plan.")


def edition_of(scorecard: Scorecard, month: date, meeting: date, summary: str) -> Edition:
    overview = Overview.objects.create(title=f"{month:%B %Y}", summary=summary) if summary else None
    return Edition.objects.create(
        scorecard=scorecard, month=month, state=EditionState.IN_REVIEW, meeting_date=meeting, overview=overview
    )


def publish(edition: Edition, now: datetime) -> None:
    fingerprint = draft_edition(edition).fingerprint
    publish_edition(edition=edition, fingerprint=fingerprint, by=person("performance.officer"), now=now)


def revise(edition: Edition, kind: PublicationKind, reason: str, now: datetime) -> None:
    edition.refresh_from_db()
    revise_edition(
        edition=edition,
        fingerprint=draft_edition(edition).fingerprint,
        kind=kind,
        reason=reason,
        by=person("performance.officer"),
        now=now,
    )


def ask_and_answer(scorecard: Scorecard) -> None:
    clock.move(2021, 1, 14, 18)
    question = AreaOfFocus.objects.create(
        kind="question",
        title="Why are more children in care?",
        detail="The panel asked at its meeting.",
        raised_by="panel",
        asked_by=person("panel.member"),
        asked_in=DECEMBER,
        owner=person("head.of.social.care"),
        due_on=date(2021, 2, 4),
        position=2,
        opened_on=date(2021, 1, 14),
    )
    question.indicators.set([indicator("LAC1")])
    scorecard.areas_of_focus.add(question)
    clock.move(2021, 1, 28, 11)
    change(AreaOfFocus.objects.get(title="Waiting times"), closed_on=date(2021, 1, 20))
    change(question, response="Fewer leave care; as many come into it as before.")
    FocusUpdate.objects.create(area=question, date=date(2021, 2, 1), text="A second look is planned.")


def sign_a_line_off(scorecard: Scorecard) -> None:
    """February is collected: the line of looked after children is explained, sent and signed off."""
    edition = Edition.objects.create(
        scorecard=scorecard,
        month=FEBRUARY,
        state=EditionState.COLLECTING,
        opens_on=date(2021, 3, 1),
        due_on=date(2021, 3, 11),
        meeting_date=date(2021, 3, 25),
    )
    add_words(FEBRUARY)
    for reference, figure in (("LAC1", 505), ("M1", 1502)):
        MonthlyValue.objects.create(indicator=indicator(reference), month=FEBRUARY, figure=figure)
    now = clock.move(2021, 3, 3, 10)

    def line() -> Any:
        return next(one for one in assemble_sheet(edition).lines if one.indicator.reference == "LAC1")

    for caution in line().open_warnings:
        WarningReason.objects.create(
            indicator=indicator("LAC1"),
            month=FEBRUARY,
            warning=caution.code,
            about=caution.about,
            reason="Counted twice over, and it is right.",
        )
    found = line()
    seen = Entry(None, None, (found.value.pk, found.value.version), (found.commentary.pk, found.commentary.version))
    reporter, owner = found.indicator.reporter, found.indicator.owner
    assert send_lines(edition=edition, entries={found.key: seen}, by=reporter, now=now).done
    found = line()
    assert approve_lines(edition=edition, saw={found.key: found.fingerprint}, by=owner, now=now).done


def fill() -> None:
    add_facts()
    scorecard = add_scorecard()
    add_words(NOVEMBER)
    publish(edition_of(scorecard, NOVEMBER, date(2020, 12, 10), ""), clock.move(2020, 12, 3, 10))
    clock.move(2020, 12, 20, 10)
    # Before December is published, and so marked in it.
    change(value("M1", NOVEMBER), figure=1790)
    add_words(DECEMBER)
    december = edition_of(scorecard, DECEMBER, date(2021, 1, 14), "Contacts fell.\n\nMore children are in care.")
    publish(december, clock.move(2021, 1, 7, 10))
    ask_and_answer(scorecard)
    add_words(JANUARY)
    publish(edition_of(scorecard, JANUARY, date(2021, 2, 11), "All is well & steady."), clock.move(2021, 2, 4, 10))
    clock.move(2021, 2, 9, 10)
    change(value("M2", DECEMBER), figure=356, stage="final")
    change(value("LAC1", DECEMBER), "Two children were counted twice.", figure=497)
    reason = "Referrals of the last week came in late, as the service had said."
    revise(december, PublicationKind.SCHEDULED, reason, clock.move(2021, 2, 18, 10))
    clock.move(2021, 2, 25, 9)
    # Left for whoever revises January.
    change(value("M8-QL", JANUARY), numerator=265, denominator=271)
    sign_a_line_off(scorecard)


def write_out(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    documents = {
        f"{row.publication.edition.month:%Y-%m}-{row.publication.number}-{row.audience}.json": row.body
        for row in PublishedDocument.objects.select_related("publication__edition")
    }
    said = json.dumps(answers(), ensure_ascii=False, sort_keys=True, indent=0)
    Session.objects.all().delete()
    # Files are made and kept when they are asked for: they are made anew from the documents after the upgrade.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM scorecard_publishedfile")
    for name, text in {**documents, "answers.json": said}.items():
        (folder / f"{name}.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("PRAGMA journal_mode=DELETE")
        stored, name = Path(settings.DATABASES["default"]["NAME"]).read_bytes(), "database.sqlite3"
    else:
        place = connection.settings_dict
        command = ["pg_dump", "--no-owner", "--no-privileges", "--no-comments", "--inserts", "--rows-per-insert=500"]
        where = ["--host", place["HOST"], "--username", place["USER"], place["NAME"]]
        dumped = subprocess.run([*command, *where], check=True, capture_output=True, text=True).stdout  # noqa: S603
        # What psql alone understands, and the versions that it happened to be made with.
        lines = [
            line for line in dumped.split("\n") if not line.startswith(("\\restrict", "\\unrestrict", "-- Dumped"))
        ]
        stored, name = "\n".join(lines).encode(), "database.sql"
    (folder / f"{name}.gz").write_bytes(gzip.compress(stored, mtime=0))


def main() -> None:
    folder = Path(sys.argv[1])
    setup_test_environment()
    with mock.patch("django.utils.timezone.now", clock.read):
        call_command("migrate", verbosity=0)
        fill()
    write_out(folder)


if __name__ == "__main__":
    main()
