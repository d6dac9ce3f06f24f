"""The steps on what stands beside the figures: comparators, targets, and what can't be right."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms

from indicators.calculations.formatting import counted
from indicators.calculations.vocabulary import (
    Accumulation,
    OnBasis,
    Sense,
)
from indicators.models.fields import FinancialYearFormField
from scorecard.editing.forms import LineField
from scorecard.onboarding.beside import HELD, LEFT_OUT, basis_questions
from scorecard.onboarding.decide import comparator_key
from scorecard.onboarding.understood import correction_key
from scorecard.spreadsheets.figures import read_text
from scorecard.spreadsheets.findings import SheetFinding

from .fields import CHOOSE, NumberField, Row, StepForm, choice

NEW = "new"
_NUMBERS = (("value", "Target"), ("upper", "and"), ("tolerance", "Tolerance"))


class ComparatorsForm(StepForm):
    """Whom the sheet compares with, on which basis, and how its targets are held."""

    step = "comparators"

    def build(self) -> None:
        bases = [(one.value, one.label) for one in OnBasis]
        if self.decided.peers:
            table = self.table(
                "Comparators",
                "A scorecard shows at most five groups. Only what is on the indicator’s own basis is compared with.",
                "In the sheet",
            )
            choices = [*((code, group.name) for code, group in self.decided.groups.items()), (NEW, "A new group")]
            choices.append((LEFT_OUT, "Left out"))
            for key, peer in self.decided.peers.items():
                figures = counted(len(peer.entries), "figure")
                row = Row(peer.name, [f"{figures}, such as {peer.entries[0].text}"])
                now = LEFT_OUT if peer.is_left_out else peer.code or NEW
                row.cells.append(self.add(key, "group", peer.name, choice("Group", choices), now))
                name = LineField(label="Name of a new group", max_length=30)
                row.cells.append(self.add(key, "name", peer.name, name, peer.new_name))
                row.cells.append(self.add(key, "basis", peer.name, choice("Basis", bases), peer.on_basis))
                if not peer.has_years:
                    year = FinancialYearFormField(label="Year")
                    row.cells.append(self.add(key, "year", peer.name, year, peer.year))
                table.rows.append(row)
        self._basis([*bases, (LEFT_OUT, "Left out")])
        self._targets()

    def _basis(self, bases: list[tuple[str, str]]) -> None:
        said = self.understood.said("comparators")
        found = [
            (row, entry, why, comparator_key(row, entry))
            for row in self.decided.taken
            for entry, why in basis_questions(row)
            if entry.text
        ]
        if not found:
            return
        table = self.table("Comparators that look as if they were of something else", "", "Where")
        for row, entry, why, key in found:
            title = f"{row.reference}, {entry.heading}{f', {entry.period.words}' if entry.period else ''}"
            shown = Row(title, [f"{entry.text} ({entry.place})", f"{why}."], is_open=key not in said)
            choices = [CHOOSE, *bases]
            shown.cells.append(self.add(key, "on", title, choice("Basis", choices), said.get(key, "")))
            if f"on|{key}" in self.keys and not any(one.title == title for one in table.rows):
                table.rows.append(shown)

    def _targets(self) -> None:
        targets = sorted(self.decided.targets, key=lambda one: not (one.question and not one.is_said))
        if not targets:
            return
        table = self.table(
            "Targets",
            "For the year that each is of. What misses a target by no more than the tolerance is amber.",
            "Target",
        )
        choices = [CHOOSE, *HELD.items()]
        for one in targets:
            title = f"{one.row.reference}, {one.year}-{(one.year + 1) % 100:02d}"
            is_open = bool(one.question) and not one.is_said
            row = Row(
                title, [one.row.fields["title"][:80], f"{one.text[:60]} ({one.entries[0].place})"], is_open=is_open
            )
            row.problems = [one.question] if is_open else []
            row.cells.append(self.add(one.key, "held", title, choice("Is held", choices), one.held))
            numbers = (one.value, one.upper, one.tolerance or None)
            for (name, label), value in zip(_NUMBERS, numbers, strict=True):
                shown = "" if value is None else str(value)
                row.cells.append(self.add(one.key, name, title, NumberField(label), shown))
            if one.row.fields["accumulation"] != Accumulation.NO:
                shape = forms.BooleanField(label="For the whole year")
                row.cells.append(self.add(one.key, "for_year", title, shape, one.for_year))
            table.rows.append(row)

    def clean(self) -> dict[str, Any]:
        for one in self.decided.targets:
            held, value, upper = (self.said(one.key, name) for name in ("held", "value", "upper"))
            if held in list(Sense) and not value and self.keys[f"value|{one.key}"] not in self.errors:
                self.wrong(one.key, "value", "Write the target.")
            is_range = held == Sense.BETWEEN and value and self.keys[f"upper|{one.key}"] not in self.errors
            if is_range and (not upper or Fraction(upper) <= Fraction(value)):
                self.wrong(one.key, "upper", "Write the upper figure, above the lower one.")
            tolerance = self.said(one.key, "tolerance")
            if tolerance and Fraction(tolerance) < 0:
                self.wrong(one.key, "tolerance", "A tolerance can’t be negative.")
        names: dict[str, str] = {}
        for key, peer in self.decided.peers.items():
            if self.said(key, "group") == NEW:
                name = self.said(key, "name") or ""
                if not name and self.keys[f"name|{key}"] not in self.errors:
                    self.wrong(key, "name", "Write the name of the group.")
                elif any(
                    name.lower() in (one.name.lower(), one.short_name.lower()) for one in self.decided.groups.values()
                ):
                    self.wrong(key, "name", f"{name} is there: choose it.")
                names[name.lower()] = peer.name
        return self.cleaned_data

    def decisions(self) -> dict[str, Any]:
        peers = dict(self.understood.said("peers"))
        for key in self.decided.peers:
            group = self.said(key, "group")
            told: dict[str, Any] = {"group": "" if group == NEW else group}
            if group == NEW:
                told["name"] = self.said(key, "name")
            told["on_basis"] = self.said(key, "basis") or OnBasis.UNKNOWN.value
            if self.said(key, "year") is not None:
                told["year"] = self.said(key, "year")
            changed = any(
                self.cleaned_data.get(self.keys[f"{name}|{key}"]) != self.initial[self.keys[f"{name}|{key}"]]
                for name in ("group", "name", "basis", "year")
                if f"{name}|{key}" in self.keys
            )
            if changed:
                peers[key] = told
        on_basis = dict(self.understood.said("comparators"))
        for key, name in self.keys.items():
            kind, _, of = key.partition("|")
            if kind == "on" and self.cleaned_data.get(name):
                on_basis[of] = self.cleaned_data[name]
        targets = dict(self.understood.said("targets"))
        for one in self.decided.targets:
            names = [
                name for name in ("held", "value", "upper", "tolerance", "for_year") if f"{name}|{one.key}" in self.keys
            ]
            changed = any(
                (self.said(one.key, name) or "") != (self.initial[self.keys[f"{name}|{one.key}"]] or "")
                for name in names
            )
            if self.said(one.key, "held") and (changed or one.question):
                targets[one.key] = {name: self.said(one.key, name) for name in names}
        return {"peers": peers, "comparators": on_basis, "targets": targets}


# The audit


class AuditForm(StepForm):
    """What in the sheet can't be right; of figures the right one can be taken."""

    step = "audit"

    def build(self) -> None:
        self.corrected: dict[str, SheetFinding] = {}
        entries: dict[str, str] = {}
        for one in self.understood.measures:
            measure = one.measure
            for kept in (measure.values, measure.numerators, measure.denominators):
                entries |= {entry.place: correction_key(one, entry) for entry in kept.values()}
            for entry in (*measure.targets, *measure.comparators):
                entries[entry.place] = correction_key(one, entry)
        said = self.understood.said("corrections")
        by_kind: dict[str, list[SheetFinding]] = {}
        for found in self.understood.audit.findings:
            by_kind.setdefault(found.kind, []).append(found)
        for kind, findings in by_kind.items():
            table = self.table(kind[0].upper() + kind[1:], "", "Cell")
            for found in findings:
                right = f"would be {found.right}" if found.right else "what would be right can’t be told"
                row = Row(found.place, [f"{found.measure}: {found.printed}; {right}", f"{found.why}."])
                key = entries.get(found.place, "")
                if key and found.right and read_text(found.right).value is not None:
                    self.corrected[key] = found
                    take = forms.BooleanField(label=f"Take {found.right}")
                    row.cells.append(self.add(key, "right", found.place, take, said.get(key) == "right"))
                table.rows.append(row)

    def decisions(self) -> dict[str, Any]:
        kept = dict(self.understood.said("corrections"))
        for key in self.corrected:
            kept.pop(key, None)
            if self.said(key, "right"):
                kept[key] = "right"
        return {"corrections": kept}
