"""The three councils' files with the answers that only a person can give, taken from what is known of each file."""

import json
from decimal import Decimal
from pathlib import Path

from indicators.calculations.exact import exact
from scorecard.onboarding.beside import basis_questions
from scorecard.onboarding.decide import Decided, comparator_key
from scorecard.onboarding.understood import correction_key

SHEETS = Path(__file__).resolve().parents[2] / "data" / "sheets"
FILES = ("ashcombe_childrens_monthly.xlsx", "eskmouth_performance_export.csv", "fenbury_council_plan_quarterly.xlsx")
POLARITIES = {"high": "high", "low": "low", "range": "target", None: "neutral"}
BLANKS = {
    "not_yet": "awaited",
    "not_applicable": "not_applicable",
    "suppressed": "suppressed",
    "unclear": "not_available",
    "not_reported_zero": "not_available",
    "error": "not_applicable",
}


def known(name):
    """What is known of a file: its rows by reference, or by title where there are none."""
    answers = json.loads((SHEETS / f"{name.rpartition('.')[0]}.answers.json").read_text(encoding="utf-8"))
    return {row["ref"] or row["title"]: row for row in answers["rows"]}


def answered(draft):
    """Decisions on all that is asked about the draft's file, as an officer takes them who knows the figures."""
    found, rows = Decided(draft), known(draft.file_name)

    def of(row):
        return rows.get(row.fields["reference"]) or rows[row.fields["title"]]

    decisions = dict(draft.decisions)
    decisions["people"] = {name: {"email": f"{_letters(name)}@example.gov.uk", "name": name} for name in found.people}
    decisions["indicators"] = {
        row.key: {
            name: POLARITIES[of(row)["polarity"] or of(row).get("polarity_to_infer")]
            if name == "polarity"
            else ("to_date" if "to date" in of(row)["title"] or "cumulative" in of(row)["frequency"] else "no")
            for name in row.asked
        }
        for row in found.rows
        if row.asked
    }
    decisions["populations"] = {str(row.parts.people): {"name": "Children"} for row in found.rows if row.parts.people}
    decisions["texts"] = {text: _meaning(text, rows) for text, one in found.understood.texts.items() if one.is_asked}
    decisions["zeros"] = {one.key: "not_available" for one in found.understood.asked_zeros()}
    decisions["periods"] = {one.key: "moved" for one in found.understood.asked_periods()}
    decisions["repeats"] = {one.key: "first" for one in found.understood.asked_repeats()}
    decisions["targets"] = {one.key: {"held": "left_out"} for one in found.targets if one.question}
    decisions["comparators"] = {
        comparator_key(row, entry): "no" for row in found.rows for entry, _ in basis_questions(row)
    }
    # The officer takes the right figures where parts were changed over.
    decisions["corrections"] = {
        correction_key(row.read, entry): "right"
        for row in found.rows
        for parts in (row.measure.numerators, row.measure.denominators)
        for entry in parts.values()
        if (wrong := found.understood.finding_at(entry)) and "changed over" in wrong.kind
    }
    return decisions


def _letters(name):
    return "".join(letter for letter in name.lower() if letter.isalpha())


def _meaning(text, rows):
    for row in rows.values():
        for value in row["values"].values():
            if isinstance(value, dict) and value.get("text") == text:
                return {"as": BLANKS[value["blank"]]}
            if isinstance(value, dict) and "mark" in value and text.startswith(value["value"]):
                return {"as": "provisional" if value["mark"] == "provisional" else "final", "figure": value["value"]}
    raise AssertionError(f"Nothing is known of “{text}”.")


def figure_of(value):
    """A known figure exactly, in the indicator's unit; None where there is none."""
    if isinstance(value, str):
        return exact(Decimal(value))
    if "numerator" in value:
        parts = exact(Decimal(value["numerator"])), exact(Decimal(value["denominator"]))
        # More calls answered in time than there were: the two stand in each other's column.
        return tuple(sorted(parts)) if value == {"numerator": "130", "denominator": "126"} else parts
    return exact(Decimal(value["value"])) if "value" in value else None
