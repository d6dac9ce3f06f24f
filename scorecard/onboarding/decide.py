"""What a spreadsheet becomes, by what the program understands of it and what its officer decided."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models.functions import Lower
from django.utils.text import slugify

from commentary.models import Commentary
from indicators.calculations.exact import rounded
from indicators.calculations.formatting import MOST_DECIMALS_STORED, counted
from indicators.calculations.plain_text import plain_text
from indicators.calculations.vocabulary import Blank, Kind, OnBasis, Polarity, Scope, Stage, Unit
from indicators.models import (
    Comparator,
    ComparatorGroup,
    DerivationTerm,
    Indicator,
    MonthlyValue,
    Population,
    PopulationGroup,
    Role,
    Target,
    User,
)
from indicators.moments import today_in_britain
from indicators.people import who_can_take
from scorecard.models import Line, Scorecard, Section, SpreadsheetDraft
from scorecard.models.scorecard import GROUP_FIELDS
from scorecard.spreadsheets.audit import NO_TABLE
from scorecard.spreadsheets.figures import Blank as Written
from scorecard.spreadsheets.figures import SheetFigure
from scorecard.spreadsheets.measures import Entry
from scorecard.spreadsheets.periods import SheetPeriod, without_period

from .beside import LEFT_OUT, PeerFound, TargetFound, basis_questions, peer_of, peers_of, targets_of
from .plan import Origin, ScorecardPlan
from .rows import TAKEN_THERE, IndicatorRow, indicator_rows
from .understood import NOTHING, Understood, understand

NOBODY = "nobody"
_EMPTY = SheetFigure(None, blank=Written.EMPTY)


def plan_of(draft: SpreadsheetDraft) -> ScorecardPlan:
    """The plan of a draft as it stands, in a fixed number of queries. Writes nothing.

    Raises SpreadsheetError where the file can't be read.
    """
    return Decided(draft).plan


@dataclass
class PersonFound:
    """A name in the sheet: what it stands behind, and whom it means as far as that was said or is plain."""

    name: str
    owns: int = 0
    reports: int = 0
    likely: User | None = None
    said: dict[str, Any] = field(default_factory=dict)
    # Another spelling that is probably the same person.
    like: str = ""


class Decided:
    """A draft with what its file becomes: rows of the grid, people, targets, comparators, and the plan."""

    def __init__(self, draft: SpreadsheetDraft) -> None:
        self.draft = draft
        self.understood: Understood = understand(draft)
        self.rows: list[IndicatorRow] = indicator_rows(self.understood)
        self.taken = [row for row in self.rows if row.is_taken]
        self.groups = {group.code: group for group in ComparatorGroup.objects.all()}
        codes = {name.lower(): group.code for group in self.groups.values() for name in (group.name, group.short_name)}
        self.peers: dict[str, PeerFound] = peers_of(self.taken, self.understood, codes)
        self.population_groups = {group.pk: group for group in PopulationGroup.objects.all()}
        references = [row.reference.lower() for row in self.taken]
        self.there = {
            one.reference.lower(): one
            for one in Indicator.objects.annotate(lowered=Lower("reference")).filter(lowered__in=references)
        }
        self.people = self._people()
        self.month = max(
            (
                period.month
                for row in self.taken
                for period, entry in row.measure.values.items()
                if entry.value is not None
            ),
            default=today_in_britain().replace(day=1),
        )
        self.year = self.month.year - (self.month.month < 4)
        self.targets: list[TargetFound] = [
            one for row in self.taken for one in targets_of(row, self.understood, self.year)
        ]
        self.plan = _Planner(self).plan

    def open_in(self, step: str) -> int:
        """How much is still open in a step."""
        return sum(1 for _, of in self.plan.open_points if of == step)

    def _people(self) -> dict[str, PersonFound]:
        found: dict[str, PersonFound] = {}
        said = self.understood.said("people")
        for row in self.taken:
            for role, name in (("owns", row.fields["owner"]), ("reports", row.fields["reporter"])):
                if name:
                    person = found.setdefault(name, PersonFound(name, said=said.get(name, {})))
                    setattr(person, role, getattr(person, role) + 1)
        spelt: dict[str, str] = {}
        for name, one in found.items():
            one.like = spelt.setdefault(_letters(name), name)
        keys = {one.said.get("user") for one in found.values()} - {None}
        accounts = User.objects.filter(is_active=True).only("pk", "name", "username", "email", "job_title")
        self.accounts = {one.pk: one for one in accounts}
        by_name = {_letters(one.name): one for one in self.accounts.values() if one.name}
        named: set[int | None] = set()
        for person in found.values():
            person.likely = by_name.get(_letters(person.name))
            named |= {person.said.get("user"), person.likely.pk if person.likely else None}
            if person.said.get("user") in keys and person.said["user"] not in self.accounts:
                person.said = {}
        # Whom the sheet names is at work there already.
        reports = [self.draft.scorecard_id] if self.draft.scorecard_id else []
        self.offered = who_can_take(reports, named & {*self.accounts})
        return found


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def capital(text: str) -> str:
    """The text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def stored(value: Fraction) -> Decimal:
    """A figure with as many decimals as are kept."""
    return rounded(value, MOST_DECIMALS_STORED)


class _Planner:
    """Makes the plan of what was decided, kind by kind."""

    def __init__(self, decided: Decided) -> None:
        self.of = decided
        self.understood = decided.understood
        self.plan = ScorecardPlan(self._scorecard(), decided.month)
        self.indicators: dict[str, Indicator] = {}
        self.users: dict[str, User | None] = {}
        self.populations: dict[int, PopulationGroup] = {}
        if not self.understood.measures:
            self.ask(NO_TABLE, "sheet")
        self._make_people()
        self._make_indicators()
        self._make_terms()
        for row in decided.taken:
            self._make_values(row)
            self._make_commentary(row)
        self._ask_about_cells()
        self._make_targets()
        self._make_comparators()
        self._leave_out()

    def ask(self, sentence: str, step: str) -> None:
        self.plan.open_points.append((sentence, step))

    def come_from(self, row: Any, entries: Iterable[Entry]) -> None:
        self.plan.origins[id(row)] = tuple(Origin(one.place, one.text) for one in entries)

    def leave_out(self, entry: Entry, why: str) -> None:
        if entry.text:
            self.plan.left_out.append((Origin(entry.place, entry.text), why))

    def _scorecard(self) -> Scorecard:
        if self.of.draft.scorecard_id:
            return Scorecard.objects.get(pk=self.of.draft.scorecard_id)
        tables = self.understood.audit.tables
        above = [cell.text for table in tables[:1] for cell in table.above if cell.text]
        name = without_period(self.of.draft.file_name.rsplit(".", 1)[0].replace("_", " "))
        title = without_period(above[0] if above and len(tables) == 1 else name)[:200]
        return Scorecard(title=title, slug=slugify(title)[:50].strip("-"))

    # People

    def _make_people(self) -> None:
        made: dict[str, User] = {}
        usernames = {one.username.lower() for one in self.of.accounts.values()}
        addresses = {one.email.lower(): one for one in self.of.accounts.values() if one.email}
        for name, person in self.of.people.items():
            said = person.said
            if said.get("as") in self.of.people:
                continue
            if NOBODY in said:
                self.users[name] = None
            elif "user" in said:
                self.users[name] = self.of.accounts[said["user"]]
            elif "email" in said:
                email = said["email"].lower()
                user = addresses.get(email) or made.get(email)
                if user is None:
                    username = email
                    while username in usernames:
                        username += "1"
                    usernames.add(username)
                    user = User(
                        username=username[:150],
                        name=said.get("name", name) if not said.get("post") else "",
                        job_title=said.get("name", name) if said.get("post") else "",
                        email=said["email"],
                    )
                    user.set_unusable_password()
                    made[email] = user
                    self.plan.people.append(user)
                self.users[name] = user
            else:
                self.users[name] = None
                self.ask(f"Who is {name}?", "people")
        for name, person in self.of.people.items():
            if person.said.get("as") in self.of.people:
                self.users[name] = self.users.get(person.said["as"])

    # Indicators

    def _make_indicators(self) -> None:
        sections: dict[str, Section] = {}
        seen: dict[str, IndicatorRow] = {}
        for row in self.of.taken:
            fields, reference = row.fields, row.reference
            if not reference:
                self.ask(f"“{fields['title']}” has no reference.", "indicators")
            elif reference.lower() in seen:
                self.ask(f"{reference} is the reference of two rows: choose another for one of them.", "indicators")
            seen[reference.lower()] = row
            there = self.of.there.get(reference.lower())
            if there is not None and fields["taken"] != TAKEN_THERE and not self.of.draft.scorecard_id:
                words = f"There is an indicator {there.reference} already, “{there.title}”: is this row the same?"
                self.ask(words, "indicators")
            indicator = there or self._new(row)
            self.indicators[row.key] = indicator
            self.plan.indicators.append(indicator)
            name = row.measure.titles or [
                Entry(_EMPTY, row.measure.title, row.measure.sheet.place(row.measure.row, 0), None)
            ]
            self.come_from(indicator, name[:1])
            section = sections.get(fields["section"])
            if section is None:
                section = Section(scorecard=self.plan.scorecard, title=fields["section"], position=len(sections) + 1)
                sections[fields["section"]] = section
                self.plan.sections.append(section)
            self.plan.lines.append(Line(section=section, indicator=indicator, position=len(self.plan.lines) + 1))
            for name_of in sorted(row.asked):
                words = {"polarity": "is high or low good, or neither?"}.get(
                    name_of, "are its figures kept to date within the year, or by period?"
                )
                self.ask(f"{reference}: {words}", "indicators")

    def _new(self, row: IndicatorRow) -> Indicator:
        fields, measure = row.fields, row.measure
        figures = [one.value for one in (*measure.values.values(), *measure.targets) if one.value is not None]
        has_peers = any(one.value is not None for one in measure.comparators)
        return Indicator(
            reference=row.reference,
            title=fields["title"],
            definition=fields["definition"],
            owner=self.users.get(fields["owner"]),
            reporter=self.users.get(fields["reporter"]),
            unit=fields["unit"],
            rate_base=fields["rate_base"] if fields["unit"] == Unit.RATE else None,
            decimal_places=fields["decimal_places"],
            polarity=fields["polarity"] or Polarity.NEUTRAL,
            kind=fields["kind"],
            frequency=fields["frequency"],
            accumulation=fields["accumulation"],
            scope=Scope.NATIONAL if has_peers else Scope.LOCAL,
            allows_negative=any(value < 0 for value in figures),
        )

    def _make_terms(self) -> None:
        for row in self.of.taken:
            indicator = self.indicators[row.key]
            if row.fields["kind"] != Kind.DERIVED or indicator.pk is not None:
                continue
            missing = [key for key in (*row.parts.numerators, *row.parts.denominators) if key not in self.indicators]
            if missing or not row.parts:
                what = f"{', '.join(missing).upper()}, which is not taken" if missing else "nothing that was found here"
                self.ask(
                    f"{row.reference} is worked out from {what}: take that too, or enter its figures.", "indicators"
                )
                continue
            for role, keys in ((Role.NUMERATOR, row.parts.numerators), (Role.DENOMINATOR, row.parts.denominators)):
                for key in keys:
                    self.plan.terms.append(DerivationTerm(indicator=indicator, source=self.indicators[key], role=role))
            if row.parts.people:
                indicator.population = self._population(row, row.parts.people)

    def _population(self, row: IndicatorRow, people: int) -> PopulationGroup:
        said = self.understood.said("populations").get(str(people), {})
        if people in self.populations:
            return self.populations[people]
        group = self.of.population_groups.get(said.get("group", 0))
        if group is None:
            group = PopulationGroup(name=said.get("name") or f"Population of {people:,}")
            self.plan.population_groups.append(group)
            years = sorted({int(period.year[:4]) for period in row.measure.values})
            for year in years[:1]:
                self.plan.populations.append(Population(group=group, year=year, people=people))
        if not said:
            self.ask(
                f"The formulas of {row.reference} divide by {counted(people, 'person')}: who are they?", "indicators"
            )
        self.populations[people] = group
        return group

    # Figures and words

    def _make_values(self, row: IndicatorRow) -> None:
        indicator, measure = self.indicators[row.key], row.measure
        for period, entry in sorted(measure.values.items()):
            if row.fields["kind"] == Kind.DERIVED:
                self.leave_out(entry, f"{row.reference} is worked out from other indicators.")
                continue
            value = self._value(row, indicator, period, entry)
            if value is not None:
                self.plan.values.append(value)
        for entry in measure.outturns.values():
            self.leave_out(entry, "A whole year’s figure: this indicator has one for each of its periods.")
        for entry in measure.printed:
            self.leave_out(entry, "Worked out in the sheet: the report works it out itself.")

    def _value(self, row: IndicatorRow, indicator: Indicator, period: SheetPeriod, entry: Entry) -> MonthlyValue | None:
        entry = self._chosen(row, period, entry)
        if entry.figure.blank is Written.EMPTY:
            return None
        value = MonthlyValue(indicator=indicator, month=period.month)
        self.come_from(value, [entry])
        if entry.figure.blank is Written.NOT_REPORTED_ZERO:
            value.blank = self.understood.said("zeros").get(row.read.cell(period)) or Blank.NOT_AVAILABLE
            return value
        meaning = self.understood.meaning_of(entry) if entry.cell and not entry.cell.is_number else None
        means = meaning.of if meaning else ""
        if means == NOTHING:
            self.leave_out(entry, "It was said to be no figure.")
            return None
        if means in list(Blank) or entry.value is None:
            value.blank = means if means in list(Blank) else Blank.NOT_AVAILABLE
            return value
        value.stage = means if means in list(Stage) else Stage.FINAL
        self._give_figure(row, period, entry, value)
        return value

    def _chosen(self, row: IndicatorRow, period: SheetPeriod, entry: Entry) -> Entry:
        """Of two figures that the file has for one period the one that counts."""
        again = next((one for one in row.measure.repeated if one.period == period and one.text != entry.text), None)
        if again is None:
            return entry
        chosen = self.understood.said("repeats").get(row.read.cell(period))
        if chosen is None:
            words = f"{row.reference} has {period.words} twice, {entry.text} and {again.text}: which counts?"
            self.ask(words, "texts")
        self.leave_out(entry if chosen == "last" else again, "The other of two figures of one period was chosen.")
        return again if chosen == "last" else entry

    def _give_figure(self, row: IndicatorRow, period: SheetPeriod, entry: Entry, value: MonthlyValue) -> None:
        """Its figure, or numerator and denominator; what a percentage can't be is asked about."""
        top, bottom = row.measure.numerators.get(period), row.measure.denominators.get(period)
        if row.fields["kind"] == Kind.RATIO and top and bottom and top.value is not None and bottom.value is not None:
            above, below = (self.figure(row, one) for one in (top, bottom))
            value.numerator, value.denominator = stored(above), stored(below)
            self.come_from(value, [entry, top, bottom])
            where, words, is_too_high = top, f"{top.text} of {bottom.text}", above > below
        else:
            value.figure = stored(self.figure(row, entry))
            where, words, is_too_high = entry, entry.text, value.figure > 100
        if is_too_high and row.fields["unit"] == Unit.PERCENTAGE:
            step = "audit" if self.understood.finding_at(where) else "indicators"
            self.ask(f"{row.reference}, {period.words}: {words} is above 100 per cent.", step)

    def figure(self, row: IndicatorRow, entry: Entry) -> Fraction:
        """The entry's figure, or the right one where that was taken."""
        corrected = self.understood.correction(row.read, entry)
        return (entry.value or Fraction(0)) if corrected is None else corrected

    def _make_commentary(self, row: IndicatorRow) -> None:
        by_month: dict[date, list[Entry]] = {}
        for entry in row.measure.comments:
            by_month.setdefault(entry.period.month if entry.period else self.plan.month, []).append(entry)
        for month, entries in by_month.items():
            text = plain_text("\n\n".join(dict.fromkeys(one.cell.shown if one.cell else one.text for one in entries)))
            if text.strip():
                commentary = Commentary(indicator=self.indicators[row.key], month=month, text=text)
                self.come_from(commentary, entries)
                self.plan.commentaries.append(commentary)

    def _ask_about_cells(self) -> None:
        for text in self.understood.texts.values():
            if text.said is None and text.is_asked:
                self.ask(f"What does “{text.text}” mean ({text.places[0]})?", "texts")
        for one in self.understood.asked_zeros():
            if one.key not in self.understood.said("zeros"):
                self.ask(f"Is {one.entry.text} at {one.entry.place} a real nought? {capital(one.why)}.", "texts")
        for one in self.understood.asked_periods():
            if one.key not in self.understood.said("periods"):
                self.ask(f"{one.why}. Which is it?", "texts")

    # Targets and comparators

    def _make_targets(self) -> None:
        for one in self.of.targets:
            if one.held == LEFT_OUT:
                for entry in one.entries:
                    self.leave_out(entry, "This target was left out.")
                continue
            if one.question and not one.is_said:
                self.ask(one.question, "comparators")
                continue
            terms = one.terms()
            for name in ("value", "upper", "tolerance"):
                if terms.get(name) is not None:
                    terms[name] = stored(Fraction(terms[name]))
            target = Target(indicator=self.indicators[one.row.key], year=one.year, **terms)
            self.come_from(target, one.entries)
            self.plan.targets.append(target)

    def _make_comparators(self) -> None:
        groups: dict[str, ComparatorGroup] = {}
        for peer in self.of.peers.values():
            if peer.is_left_out:
                continue
            group = self.of.groups.get(peer.code) if peer.code else None
            if group is None:
                group = next((one for one in groups.values() if one.name.lower() == peer.new_name.lower()), None)
            if group is None:
                group = self._new_group(peer)
            groups[peer.key] = group
        shown = list({one.code: one for one in groups.values()}.values())
        if len(shown) > len(GROUP_FIELDS):
            names = ", ".join(str(one) for one in shown)
            self.ask(
                f"A scorecard shows {len(GROUP_FIELDS)} comparator groups at most: leave some out of {names}.",
                "comparators",
            )
        elif self.plan.scorecard.pk is None:
            for name, group in zip(GROUP_FIELDS, shown, strict=False):
                setattr(self.plan.scorecard, name, group)
        self.plan.groups += shown
        for row in self.of.taken:
            self._compare(row, groups)

    def _new_group(self, peer: PeerFound) -> ComparatorGroup:
        name = (peer.new_name or peer.name)[:100]
        code = base = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:28] or "group"
        number = 1
        while code in self.of.groups or any(one.code == code for one in self.plan.groups):
            number += 1
            code = f"{base[:26]}_{number}"
        return ComparatorGroup(code=code, name=name, short_name=name[:30])

    def _compare(self, row: IndicatorRow, groups: dict[str, ComparatorGroup]) -> None:
        said = self.understood.said("comparators")
        asked = {id(entry): why for entry, why in basis_questions(row)}
        made: dict[tuple[str, int | None], Comparator] = {}
        for entry in row.measure.comparators:
            name = peer_of(entry).lower()
            peer, group = self.of.peers.get(name), groups.get(name)
            if not entry.text:
                continue
            if peer is None or group is None:
                self.leave_out(entry, "This comparator was left out.")
                continue
            if entry.value is None:
                self.leave_out(entry, "No figure to compare with.")
                continue
            year = int(entry.period.year[:4]) if entry.period else peer.year
            told = said.get(comparator_key(row, entry), "")
            if id(entry) in asked and not told:
                self.ask(
                    f"{row.reference}: {entry.heading} is {entry.text}. {asked[id(entry)]}. Is it on the same basis?",
                    "comparators",
                )
            if told == LEFT_OUT or (group.code, year) in made:
                why = "This comparator was left out." if told else "There is another figure of this group and year."
                self.leave_out(entry, why)
                continue
            comparator = Comparator(
                indicator=self.indicators[row.key],
                group=group,
                year=year,
                value=stored(self.figure(row, entry)),
                on_basis=told or peer.on_basis or OnBasis.UNKNOWN,
            )
            self.come_from(comparator, [entry])
            made[group.code, year] = comparator
        self.plan.comparators += made.values()

    def _leave_out(self) -> None:
        """What becomes nothing: rows that aren't taken, and notes."""
        for row in self.of.rows:
            if not row.is_taken:
                for entry in row.measure.values.values():
                    self.leave_out(entry, f"“{row.fields['title']}” is not taken.")
        for table in self.understood.audit.tables:
            for cell in (*table.above, *table.notes):
                place = table.sheet.place(cell.row, cell.column)
                self.plan.left_out.append((Origin(place, cell.text), "It stands above or below the table."))


def comparator_key(row: IndicatorRow, entry: Entry) -> str:
    """What a decision on one comparator is kept by."""
    return f"{row.key}|{peer_of(entry).lower()}|{entry.period.year if entry.period else ''}"
