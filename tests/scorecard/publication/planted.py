"""A public scorecard with a name in every kind of text and a figure that is secret, and every output of it."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from functools import cache

from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from commentary.models import AreaOfFocus, Commentary, FocusUpdate, Overview
from indicators.models import Comparator, Indicator, Population, PopulationGroup, Rebase, Target, User
from scorecard.files.formats import FORMATS
from scorecard.models import Edition, PublicationKind, WithheldKind
from scorecard.publication.publish import draft_edition, freeze
from scorecard.publication.withholding import Wanted, find, fingerprint_of, withhold
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_derived,
    make_indicator,
    make_officer,
    make_question,
    make_scorecard,
    make_user,
    make_value,
    publish,
)

NAME, QUESTIONS, ALL = "Zorbax", "/scorecards/panel/questions/", "?months=all"
# The figure, and what is worked out from it: a rate, the average of its months.
SECRET, TOLD = 7741, ("7741", "7,741", "15482", "15,482", "1942.5", "1,942.5", "1942", "1,942", "77,310", "77310")
NOW = datetime(2021, 3, 3, 12, tzinfo=UTC)
WORDS = "it named a person"


def make_planted():
    """A public scorecard that hides small counts, with the name in every kind of text, and a figure that is secret."""
    make_officer()
    make_officer("second", name="Sam Second")
    owner = make_user("owner", name=f"{NAME} Owner")
    others = {"polarity": "low", "scope": "national"}
    counted = make_indicator(
        "A1", title="Calls", owner=owner, definition=f"Of {NAME}.", outcome=f"{NAME} out.", **others
    )
    other = make_indicator("A3", title=f"{NAME} visits", note=f"Note of {NAME}.", **others)
    for month, figure in ((date(2018, 1, 1), 8), (date(2020, 11, 1), 11), (DECEMBER, 10), (JANUARY, SECRET)):
        make_value(counted, month, figure, note=f"Counted by {NAME}." if month == JANUARY else "")
    for month, figure in ((DECEMBER, 300), (JANUARY, 400)):
        make_value(other, month, figure)
    group = PopulationGroup.objects.create(name=f"Children of {NAME}")
    Population.objects.create(group=group, year=2020, people=5000)
    rate = make_derived("A2", [counted], unit="rate_10000", population=group)
    scorecard = make_scorecard(
        counted, rate, other, is_public=True, suppresses_small_counts=True, council="Hill", panel=f"Panel of {NAME}"
    )
    Target.objects.create(indicator=counted, year=2020, value=15, note=f"Agreed by {NAME}.")
    Comparator.objects.create(
        indicator=counted,
        group="england",
        year=2019,
        value=12,
        on_basis="yes",
        note=f"{NAME} says.",
        source=f"S {NAME}",
    )
    Rebase.objects.create(indicator=counted, month=DECEMBER, reason=f"System of {NAME}.")
    Commentary.objects.create(indicator=counted, month=DECEMBER, text=f"{NAME} called in December.")
    Commentary.objects.create(indicator=counted, month=JANUARY, text=f"Calls rose, {NAME} said.")
    area = AreaOfFocus.objects.create(title=f"Case {NAME}", opened_on=DECEMBER, response=f"{NAME} is seen.")
    area.indicators.add(counted)
    FocusUpdate.objects.create(area=area, date=DECEMBER, text=f"Recruiting {NAME}.")
    scorecard.areas_of_focus.add(area)
    make_question(scorecard, f"Why {NAME}?", detail=f"More on {NAME}.", response=f"Because of {NAME}.", owner=owner)
    publish(scorecard, DECEMBER, overview=Overview.objects.create(title="December", summary=f"Well, {NAME}."))
    publish(scorecard, JANUARY, overview=Overview.objects.create(title="January", summary=f"All well, {NAME}."))
    # What was wrong is corrected and revised: the list of changes quotes it.
    commentary = Commentary.objects.get(month=JANUARY)
    commentary.text = "Calls rose."
    commentary.save()
    revise(f"{NAME} was named.")


def revise(reason):
    edition = Edition.objects.get(month=JANUARY)
    kind = PublicationKind.CORRECTION
    return freeze(draft_edition(edition), kind=kind, reason=reason, by=None, now=timezone.now())


def officer(name="officer"):
    return User.objects.get(username=name)


def indicator(reference="A1"):
    return Indicator.objects.get(reference=reference)


def take_back(wanted, *, only_in=None, by=None, chosen=None, now=NOW):
    findings = find(wanted)
    assert findings
    return withhold(
        wanted=wanted,
        chosen=[one.key for one in findings if chosen is None or chosen(one)],
        only_in=only_in,
        fingerprint=fingerprint_of(findings),
        words=WORDS,
        note="",
        by=by or officer(),
        now=now,
    )


NAMED = Wanted(WithheldKind.TEXT, words=NAME.lower())


def figure_wanted():
    return Wanted(WithheldKind.FIGURE, indicator=indicator().pk, month=JANUARY)


# Every output


def addresses():
    """Every page and file of the reports, and what lists and compares them."""
    keys = [indicator(reference).pk for reference in ("A1", "A2", "A3")]
    pages = ["", *(f"indicators/{key}/{file}" for key in keys for file in ("", "chart.json", "figures.csv", ALL))]
    # Drawing PDFs and workbooks takes long: those of one report are enough.
    quick = ["report.csv", "report.json"]
    found = [f"/scorecards/panel/2021-01/{page}" for page in [*pages, *(f"report.{suffix}" for suffix in FORMATS)]]
    found += [f"/scorecards/panel/2020-12/{page}" for page in [*pages, *quick]]
    found += [f"/scorecards/panel/2021-01/publications/{number}/{file}" for number in (1, 2) for file in ("", *quick)]
    compared = [("2020-12", "2021-01"), ("2021-01.1", "2021-01"), ("2020-12", "2021-01.1")]
    found += [f"/scorecards/panel/compare/?earlier={one}&later={two}" for one, two in compared]
    return [*found, "/scorecards/panel/archive/", "/scorecards/panel/withheld/", QUESTIONS, "/your-work/"]


def crawl(client):
    """The answer at every address."""
    return {address: client.get(address) for address in addresses()}


def unpacked(response):
    """An answer's words: of a workbook or archive all that is in it, of a PDF what is printed."""
    return words_in(response.content)


@cache
def words_in(content):
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if content[:4] == b"%PDF":
        return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    return content.decode("utf-8", "replace")


def visitor():
    return Client()


def signed_in(name="officer"):
    client = Client()
    client.force_login(officer(name))
    return client


def naming(pages, *words):
    """The addresses whose answers have one of the words, each by itself and not as a part of a longer number."""

    def alone(word):
        return rf"(?<![\w.]){re.escape(word)}(?!\w|\.\d{r'|,[0-9]{3}(?![0-9])' if ',' in word else ''})"

    pattern = re.compile("|".join(map(alone, words)))
    return sorted(address for address, text in pages.items() if pattern.search(text))
