"""The steps on what the rows become: indicators, and the people in them."""

from __future__ import annotations

from typing import Any

from django import forms

from indicators.calculations.formatting import counted
from indicators.calculations.vocabulary import (
    Accumulation,
    Frequency,
    Kind,
    Polarity,
    Unit,
)
from indicators.models.fields import AddressFormField
from scorecard.editing.forms import LineField
from scorecard.onboarding.decide import NOBODY
from scorecard.onboarding.rows import TAKEN_NEW, TAKEN_NOT, TAKEN_THERE, IndicatorRow

from .fields import CHOOSE, Row, StepForm, choice

NEW, POST = "new", "post"


class IndicatorsForm(StepForm):
    """The grid of indicators, problems first, and the populations behind their formulas."""

    step = "indicators"

    def build(self) -> None:
        self._populations()
        asked = {row.key for row in self.decided.rows if self._problems(row)}
        waiting = self.table(
            "To answer", "Each of these rows has something that only a person can say.", "In the sheet"
        )
        others = self.table(
            "All others" if asked else "Indicators", "As understood; change what isn’t right.", "In the sheet"
        )
        for row in self.decided.rows:
            (waiting if row.key in asked else others).rows.append(self._row(row))
        self.tables = [table for table in self.tables if table.rows]

    def _problems(self, row: IndicatorRow) -> list[str]:
        if not row.is_taken:
            return []
        return [
            words for words, step in self.decided.plan.open_points if step == "indicators" and self._is_of(words, row)
        ]

    def _is_of(self, words: str, row: IndicatorRow) -> bool:
        there = self.decided.there.get(row.reference.lower())
        starts = (f"{row.reference}: ", f"{row.reference} is ", f"{row.reference}, ", f"“{row.fields['title']}” ")
        return words.startswith(starts) or (there is not None and f" {there.reference} already" in words)

    def _populations(self) -> None:
        groups = [(str(key), group.name) for key, group in self.decided.population_groups.items()]
        found = dict.fromkeys(row.parts.people for row in self.decided.taken if row.parts.people)
        if not found:
            return
        table = self.table(
            "Populations", "The formulas of these rates divide by a number of people. Who are they?", "Population"
        )
        said = self.understood.said("populations")
        for people in found:
            key = str(people)
            told = said.get(key, {})
            of = [row.reference for row in self.decided.taken if row.parts.people == people]
            row = Row(counted(people, "person"), [", ".join(of)], is_open=not told)
            choices = [(NEW, "A new group"), *groups]
            row.cells.append(self.add(key, "group", key, choice("Group", choices), str(told.get("group", NEW))))
            name = LineField(label="Name of a new group", max_length=100)
            row.cells.append(self.add(key, "name", key, name, told.get("name", "")))
            table.rows.append(row)

    def _row(self, row: IndicatorRow) -> Row:
        fields, of = row.fields, row.reference
        figures = [entry.text for entry in row.measure.values.values() if entry.text]
        details = [
            row.measure.title,
            f"{row.measure.sheet.name} row {row.measure.row}",
            f"Latest: {', '.join(figures[-3:])}",
        ]
        problems = self._problems(row)
        shown = Row(of, [text for text in details if text], is_open=bool(problems), problems=problems)
        taken = [(TAKEN_NEW, "Taken"), (TAKEN_NOT, "Not taken")]
        if there := self.decided.there.get(row.reference.lower()):
            taken.append((TAKEN_THERE, f"Figures of {there.reference}, which is there"))
        kinds = [(Kind.FIGURE.value, "A figure")]
        if row.measure.numerators:
            kinds.append((Kind.RATIO.value, "Numerator and denominator"))
        if row.parts:
            kinds.append((Kind.DERIVED.value, f"Worked out from {self._of(row)}"))
        frequencies = [(one.value, one.label) for one in Frequency]
        made: dict[str, forms.Field] = {
            "taken": choice("Taken", taken),
            "reference": LineField(label="Reference", max_length=30),
            "title": LineField(label="Title", max_length=300),
            "section": LineField(label="Section", max_length=200),
            "polarity": choice("Direction", [CHOOSE, *((one.value, one.label) for one in Polarity)]),
            "unit": choice("Unit", [(one.value, one.label) for one in Unit]),
            "rate_base": forms.IntegerField(label="Rate per", min_value=1, max_value=10**9),
            "decimal_places": forms.IntegerField(label="Decimals", min_value=0, max_value=4),
            "frequency": choice("How often", frequencies),
            "accumulation": choice("Adds up over the year", _ADDS_UP),
            "kind": choice("Kind", kinds),
            "owner": LineField(label="Owner", max_length=150),
            "reporter": LineField(label="Reporter", max_length=150),
            "definition": forms.CharField(label="Definition", max_length=5000, widget=forms.Textarea),
        }
        made["title"].widget = forms.Textarea()
        for name, one in made.items():
            shown.cells.append(self.add(row.key, name, of, one, fields[name]))
        return shown

    def _of(self, row: IndicatorRow) -> str:
        by_key = {one.key: one.reference for one in self.decided.rows}
        above = " + ".join(by_key[key] for key in row.parts.numerators)
        below = " + ".join(by_key[key] for key in row.parts.denominators)
        return f"{above} and {below or counted(row.parts.people, 'person')}" if below or row.parts.people else above

    def clean(self) -> dict[str, Any]:
        names = {group.name.lower() for group in self.decided.population_groups.values()}
        for key in [key.partition("|")[2] for key in self.keys if key.startswith("group|")]:
            name = self.said(key, "name") or ""
            if self.said(key, "group") == NEW and name.lower() in names:
                self.wrong(key, "name", f"{name} is there: choose it.")
        seen: dict[str, str] = {}
        for row in self.decided.rows:
            if self.said(row.key, "taken") == TAKEN_NOT:
                continue
            for name in ("reference", "title", "section"):
                field_name = self.keys[f"{name}|{row.key}"]
                if not self.cleaned_data.get(field_name) and field_name not in self.errors:
                    self.wrong(row.key, name, f"Write the {name}.")
            reference = (self.said(row.key, "reference") or "").lower()
            if reference and reference in seen:
                self.wrong(row.key, "reference", f"{seen[reference]} has this reference already.")
            seen[reference] = str(self.said(row.key, "title"))
            base, is_rate = self.keys[f"rate_base|{row.key}"], self.said(row.key, "unit") == Unit.RATE
            if is_rate and not self.cleaned_data.get(base) and base not in self.errors:
                self.wrong(row.key, "rate_base", "Say what it is a rate per, for example 1000000.")
        return self.cleaned_data

    def decisions(self) -> dict[str, Any]:
        kept = dict(self.understood.said("indicators"))
        for row in self.decided.rows:
            told: dict[str, Any] = {}
            for name, guess in row.guessed.items():
                value = self.said(row.key, name)
                value = "" if value is None and name != "rate_base" else value
                if value == "" and name in _ALWAYS_CHOSEN:
                    continue
                if value != guess or name in row.asked_first:
                    told[name] = value
            kept.pop(row.key, None)
            if told:
                kept[row.key] = told
        populations = dict(self.understood.said("populations"))
        for key in [key.partition("|")[2] for key in self.keys if key.startswith("group|")]:
            group, name = self.said(key, "group"), self.said(key, "name")
            if group and group != NEW:
                populations[key] = {"group": int(group)}
            elif name:
                populations[key] = {"name": name}
        return {"indicators": kept, "populations": populations}


# What is never emptied: where nothing was sent, it stays as it was understood.
_ALWAYS_CHOSEN = ("polarity", "unit", "kind", "frequency", "taken", "accumulation", "decimal_places")
_ADDS_UP = (
    (Accumulation.NO.value, "No"),
    (Accumulation.PER_PERIOD.value, "Yes, entered by period"),
    (Accumulation.TO_DATE.value, "Yes, entered to date"),
)


# People


class PeopleForm(StepForm):
    """Whom each name of the sheet means."""

    step = "people"

    def build(self) -> None:
        people = self.decided.people
        accounts = sorted(self.decided.offered, key=lambda one: str(one).lower())
        if not people:
            return
        table = self.table("Names in the sheet", "", "Name")
        for name, person in sorted(people.items(), key=lambda one: bool(one[1].said)):
            others = [(f"as {other}", f"The same as {other}") for other in people if other != name]
            choices = [
                CHOOSE, (NEW, "A new account"), (POST, "A new account for a post or team"),
                *((f"user {one.pk}", f"{one} ({one.username})") for one in accounts), *others,
                (NOBODY, "Nobody: leave it open"),
            ]  # fmt: skip
            roles = [
                f"{'owns' if role == 'owns' else 'reports'} {count}"
                for role, count in (("owns", person.owns), ("reports", person.reports))
                if count
            ]
            row = Row(name, [", ".join(roles)], is_open=not person.said)
            if person.like and person.like != name:
                row.problems.append(f"Are {person.like} and {name} one person?")
            row.cells.append(self.add(name, "who", name, choice("Is", choices), self._who(name)))
            said = person.said
            row.cells.append(
                self.add(name, "name", name, LineField(label="Name in reports", max_length=150), said.get("name", name))
            )
            address = AddressFormField(label="E-mail of a new account")
            row.cells.append(self.add(name, "email", name, address, said.get("email", "")))
            table.rows.append(row)

    def _who(self, name: str) -> str:
        person = self.decided.people[name]
        said = person.said
        if "user" in said:
            return f"user {said['user']}"
        if "as" in said:
            return f"as {said['as']}"
        if NOBODY in said:
            return NOBODY
        if "email" in said:
            return POST if said.get("post") else NEW
        if person.likely:
            return f"user {person.likely.pk}"
        return f"as {person.like}" if person.like and person.like != name else ""

    def clean(self) -> dict[str, Any]:
        by_address = {one.email.lower(): one for one in self.decided.accounts.values() if one.email}
        offered = {one.pk for one in self.decided.offered}
        seen: dict[str, str] = {}
        for name in self.decided.people:
            who = self.said(name, "who")
            email = (self.said(name, "email") or "").lower()
            if who in (NEW, POST) and self.keys[f"email|{name}"] not in self.errors:
                if not email:
                    self.wrong(name, "email", f"To which address is {name} invited?")
                elif email in by_address:
                    there = by_address[email]
                    todo = "choose that account" if there.pk in offered else "who is not offered here, so leave it open"
                    self.wrong(name, "email", f"{there} has this address: {todo}.")
                elif email in seen:
                    self.wrong(name, "email", f"{seen[email]} has this address: choose “The same as {seen[email]}”.")
                seen[email] = name
            if who and who.startswith("as ") and (self.said(who[3:], "who") or "").startswith("as "):
                self.wrong(name, "who", f"{who[3:]} is the same as another: choose that one.")
        return self.cleaned_data

    def decisions(self) -> dict[str, Any]:
        kept = dict(self.understood.said("people"))
        for name in self.decided.people:
            who = self.said(name, "who") or ""
            if who == NOBODY:
                kept[name] = {NOBODY: True}
            elif who.startswith("user "):
                kept[name] = {"user": int(who[5:])}
            elif who.startswith("as "):
                kept[name] = {"as": who[3:]}
            elif who in (NEW, POST):
                kept[name] = {"name": self.said(name, "name") or name, "email": self.said(name, "email")}
                if who == POST:
                    kept[name]["post"] = True
            else:
                kept.pop(name, None)
        return {"people": kept}
