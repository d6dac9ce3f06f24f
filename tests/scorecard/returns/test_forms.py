"""What people type and paste into a line, how it is understood, and what they are told when it is not."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commentary.sign_off import Standing
from indicators.calculations.cautions import Caution
from indicators.calculations.vocabulary import Blank, Stage
from indicators.models import Indicator, MonthlyValue, Seen
from scorecard.models import Edition
from scorecard.returns.entries import NOTHING, EntryAmount
from scorecard.returns.forms import LineForm, SeenField, TypedNumber
from scorecard.sheet.sheet import LineWarning, SheetLine
from tests.factories import JANUARY
from tests.scorecard.returns.returning import fields

NOT_A_NUMBER = " is not a number: write it as 1343 or 19.5, or say “tbc” or “n/a”."
NEGATIVE = "A figure can’t be negative."
WHOLE = "This counts whole things: enter a number without decimals."
NO_PER_CENT = "This is not a percentage: leave the % sign out."
ABOVE_100 = "A percentage can’t be above 100 here."
NOT_BOTH = "Give a figure or the reason why there is none, not both."
ONE_REASON = "Give one reason why there is no figure."
TOO = "Enter this number too: {}"
NOT_THE_SHARE = "“4%” is worked out from the two numbers: enter how many instead."
ABOVE_WHOLE = "This is more than the number it is a part of."
OF_NONE = "Out of none there can only be none: enter 0."


def line(value=None, warnings=(), **indicator):
    """A line as a form needs it, without a database."""
    return SheetLine(
        edition=Edition(month=JANUARY),
        section="",
        work_out=None,
        indicator=Indicator(pk=7, reference="A1", **indicator),
        value=value,
        commentary=None,
        last_commentary="",
        sign_off=None,
        standing=Standing.TO_DO,
        is_due=True,
        ask=lambda: warnings,
        feeds=(),
    )


def form(of=None, **typed):
    return LineForm(fields(of or line(), **typed), of or line())


def errors(of, **typed):
    """What is said beside which field."""
    return {name: " ".join(told) for name, told in form(of, **typed).errors.items()}


def amount(of, **typed):
    filled = form(of, **typed)
    assert filled.is_valid(), filled.errors
    return filled.entry.amount


COUNT = line()
PERCENTAGE = line(unit="percentage")
OVER_100 = line(unit="percentage", allows_over_100=True)
RATE = line(unit="rate_10000")
RATIO = line(unit="percentage", kind="ratio")
RATIO_OVER_100 = line(unit="percentage", kind="ratio", allows_over_100=True)
RATIO_PER_10000 = line(unit="rate_10000", kind="ratio")


# One figure


@pytest.mark.parametrize(
    ("of", "typed", "expected"),
    [
        pytest.param(COUNT, "1343", 1343, id="a count"),
        pytest.param(COUNT, "1,343", 1343, id="thousands"),
        pytest.param(COUNT, "1,234,567", 1234567, id="millions"),
        pytest.param(COUNT, "  1343\t", 1343, id="blanks around it"),
        pytest.param(COUNT, "1343.00", 1343, id="decimals that are none"),
        pytest.param(COUNT, "007", 7, id="leading zeros"),
        pytest.param(COUNT, "0", 0, id="none is a figure"),
        pytest.param(COUNT, "-0", 0, id="minus nothing"),
        pytest.param(COUNT, "999999999999", 999_999_999_999, id="twelve digits"),
        pytest.param(line(decimal_places=1), "1.5", "1.5", id="a count in halves"),
        pytest.param(PERCENTAGE, "19%", 19, id="per cent"),
        pytest.param(PERCENTAGE, " 19 %", 19, id="per cent with blanks"),
        pytest.param(PERCENTAGE, "19", 19, id="per cent without the sign"),
        pytest.param(PERCENTAGE, "93.6", "93.6", id="decimals of a percentage"),
        pytest.param(PERCENTAGE, ".5", "0.5", id="half a per cent"),
        pytest.param(PERCENTAGE, "100%", 100, id="all of them"),
        pytest.param(OVER_100, "104%", 104, id="more than all where allowed"),
        pytest.param(RATE, "112.4", "112.4", id="a rate above 100"),
        pytest.param(COUNT, "12 345", "12345", id="a blank for thousands"),
        pytest.param(PERCENTAGE, "35.7142857142857", "35.714286", id="as many decimals as Excel copies"),
    ],
)
def test_figure_is_understood(of, typed, expected):
    assert amount(of, figure=typed) == EntryAmount(figure=Decimal(expected))


@pytest.mark.parametrize(
    ("of", "typed", "message"),
    [
        pytest.param(COUNT, "12x", f"“12x”{NOT_A_NUMBER}", id="letters"),
        pytest.param(
            COUNT,
            "1e5",
            "“1e5” is not a number: write all its digits, which Excel shows in the format Number.",
            id="an exponent",
        ),
        pytest.param(COUNT, "12 34", f"“12 34”{NOT_A_NUMBER}", id="a blank in the wrong place"),
        pytest.param(
            COUNT,
            "12,34",
            "“12,34” is not a number: write a decimal point, as in 12.34.",
            id="a comma in the wrong place",
        ),
        pytest.param(COUNT, "4/31", f"“4/31”{NOT_A_NUMBER}", id="a fraction"),
        pytest.param(COUNT, "१२", f"“१२”{NOT_A_NUMBER}", id="other digits"),
        pytest.param(COUNT, "NaN", f"“NaN”{NOT_A_NUMBER}", id="not a number indeed"),
        pytest.param(COUNT, "Infinity", f"“Infinity”{NOT_A_NUMBER}", id="infinity"),
        pytest.param(COUNT, "=1+1", f"“=1+1”{NOT_A_NUMBER}", id="a formula"),
        pytest.param(COUNT, "%", f"“%”{NOT_A_NUMBER}", id="only the sign"),
        pytest.param(COUNT, "-5", NEGATIVE, id="negative"),
        pytest.param(COUNT, "−5", NEGATIVE, id="negative with a true minus"),
        pytest.param(COUNT, "1.5", WHOLE, id="half a child"),
        pytest.param(COUNT, "19%", NO_PER_CENT, id="per cent of a count"),
        pytest.param(RATE, "19%", NO_PER_CENT, id="per cent of a rate"),
        pytest.param(PERCENTAGE, "101%", ABOVE_100, id="above 100"),
        pytest.param(PERCENTAGE, "100.000001", ABOVE_100, id="just above 100"),
        pytest.param(
            PERCENTAGE,
            "0.0000001",
            "“0.0000001” is too small: a figure has at most 6 decimals.",
            id="less than what is kept",
        ),
        pytest.param(
            COUNT, "1234567890123", "“1234567890123” is too big: a figure has at most 12 digits.", id="13 digits"
        ),
        pytest.param(
            COUNT, "9" * 5000, "Ensure this value has at most 60 characters (it has 5000).", id="a very long one"
        ),
        pytest.param(COUNT, "5\x00", "Null characters are not allowed.", id="NUL"),
    ],
)
def test_figure_that_is_none_is_explained_beside_its_field(of, typed, message):
    assert errors(of, figure=typed) == {"figure": message}


@pytest.mark.parametrize("typed", ["", " ", "\t"])
def test_nothing_typed_is_no_amount(typed):
    assert amount(COUNT, figure=typed) == NOTHING


@given(st.decimals(0, 999_999_999_999, places=6))
def test_any_figure_comes_back_from_the_field_that_shows_it(number):
    field = TypedNumber()
    assert field.clean(field.prepare_value(number)) == number


# Words for no figure


@pytest.mark.parametrize(
    ("typed", "blank"),
    [
        ("tbc", "awaited"),
        ("TBC", "awaited"),
        (" tba ", "awaited"),
        ("Awaited", "awaited"),
        ("n/a", "not_applicable"),
        ("N/A", "not_applicable"),
        ("na", "not_applicable"),
        ("[z]", "not_applicable"),
        ("not applicable", "not_applicable"),
        ("[x]", "not_available"),
        ("not available", "not_available"),
        ("[c]", "suppressed"),
        ("not due", "not_due"),
        ("Not yet due", "not_due"),
        ("to be confirmed", "awaited"),
        ("-", "not_available"),
        ("–", "not_available"),
        ("*", "suppressed"),
        ("#DIV/0!", "not_applicable"),
    ],
)
def test_word_for_no_figure_is_understood(typed, blank):
    assert amount(COUNT, figure=typed) == EntryAmount(blank=blank)
    assert amount(RATIO, numerator=typed) == EntryAmount(blank=blank)
    assert amount(RATIO, denominator=typed) == EntryAmount(blank=blank)


def test_whatever_is_printed_in_place_of_a_figure_can_be_typed():
    assert [amount(COUNT, figure=blank.shorthand).blank for blank in Blank] == list(Blank)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage.shorthand])
def test_mark_behind_a_figure_says_how_firm_it_is(stage):
    assert amount(COUNT, figure=f"1,343 {stage.shorthand}") == EntryAmount(figure=Decimal(1343), stage=stage)


def test_mark_is_no_figure_by_itself():
    assert "rounds to 0: enter the figure itself" in errors(PERCENTAGE, figure="[low]")["figure"]
    assert "rounds to it: enter the figure itself" in errors(PERCENTAGE, figure="[high]")["figure"]
    assert "enter the figure too" in errors(COUNT, figure="[p]")["figure"]


def test_figure_typed_over_a_stored_word_is_the_answer():
    stored = line(MonthlyValue(pk=3, blank="awaited", note="From the police."))
    assert fields(stored)["line-7-figure"] == "tbc"
    assert amount(stored, figure="5") == EntryAmount(figure=Decimal(5), note="From the police.")
    assert amount(stored, figure="[x]").blank == "not_available"
    assert amount(stored).blank == "awaited"


def test_reason_chosen_over_a_stored_figure_is_the_answer():
    stored = line(MonthlyValue(pk=3, figure=Decimal(5)))
    assert amount(stored, blank="awaited") == EntryAmount(blank="awaited")
    assert errors(stored, figure="6", blank="awaited") == {"figure": NOT_BOTH}


def test_two_numbers_in_one_field_are_told_apart():
    assert errors(RATIO, numerator="4/31") == {"numerator": "“4/31” is two numbers: write each in its own field."}


@pytest.mark.parametrize("typed", ["none", "nil", "?", "tbc 5"])
def test_unknown_word_is_no_figure(typed):
    assert errors(COUNT, figure=typed) == {"figure": f"“{typed}”{NOT_A_NUMBER}"}


@pytest.mark.parametrize(
    ("of", "typed"),
    [
        pytest.param(COUNT, {"blank": "awaited"}, id="chosen"),
        pytest.param(COUNT, {"figure": "tbc", "blank": "awaited"}, id="typed and chosen alike"),
        pytest.param(RATIO, {"blank": "awaited"}, id="of two numbers"),
        pytest.param(RATIO, {"numerator": "tbc", "denominator": "tba"}, id="the same in both"),
    ],
)
def test_reason_for_no_figure_is_understood(of, typed):
    assert amount(of, **typed) == EntryAmount(blank="awaited")


def test_reason_keeps_its_note_and_stage():
    typed = {"blank": "awaited", "note": " The school\r\nhas not answered. ", "stage": "provisional"}
    assert amount(COUNT, **typed) == EntryAmount(
        blank="awaited", note="The school\nhas not answered.", stage="provisional"
    )


@pytest.mark.parametrize(
    ("of", "typed", "expected"),
    [
        pytest.param(COUNT, {"figure": "5", "blank": "awaited"}, {"figure": NOT_BOTH}, id="figure and reason"),
        pytest.param(COUNT, {"figure": "0", "blank": "not_available"}, {"figure": NOT_BOTH}, id="none and reason"),
        pytest.param(RATIO, {"numerator": "4", "denominator": "tbc"}, {"numerator": NOT_BOTH}, id="number and word"),
        pytest.param(
            RATIO,
            {"numerator": "4", "denominator": "31", "blank": "awaited"},
            {"numerator": NOT_BOTH},
            id="numbers and reason",
        ),
        pytest.param(COUNT, {"figure": "n/a", "blank": "awaited"}, {"figure": ONE_REASON}, id="two reasons"),
        pytest.param(RATIO, {"numerator": "tbc", "denominator": "n/a"}, {"numerator": ONE_REASON}, id="two words"),
    ],
)
def test_contradiction_is_explained(of, typed, expected):
    assert errors(of, **typed) == expected


# Two numbers


@pytest.mark.parametrize(
    ("of", "numerator", "denominator"),
    [
        pytest.param(RATIO, "4", "31", id="a part"),
        pytest.param(RATIO, "1,200", "1,464", id="thousands"),
        pytest.param(RATIO, "31", "31", id="all of them"),
        pytest.param(RATIO, "0", "31", id="none of them"),
        pytest.param(RATIO, "0", "0", id="none of none"),
        pytest.param(RATIO_OVER_100, "32", "31", id="more than all where allowed"),
        pytest.param(RATIO_PER_10000, "57", "5", id="a rate"),
    ],
)
def test_two_numbers_are_understood(of, numerator, denominator):
    expected = EntryAmount(
        numerator=Decimal(numerator.replace(",", "")), denominator=Decimal(denominator.replace(",", ""))
    )
    assert amount(of, numerator=numerator, denominator=denominator) == expected


@pytest.mark.parametrize(
    ("of", "numerator", "denominator", "expected"),
    [
        pytest.param(RATIO, "4", "", {"denominator": TOO.format("out of how many?")}, id="no denominator"),
        pytest.param(RATIO, "", "31", {"numerator": TOO.format("how many in January 2021?")}, id="no numerator"),
        pytest.param(RATIO, "32", "31", {"numerator": ABOVE_WHOLE}, id="more than all"),
        pytest.param(RATIO, "5", "0", {"numerator": OF_NONE}, id="some of none"),
        pytest.param(RATIO_OVER_100, "5", "0", {"numerator": OF_NONE}, id="some of none where more is allowed"),
        pytest.param(RATIO_PER_10000, "5", "0", {"numerator": OF_NONE}, id="a rate of none"),
        pytest.param(RATIO, "4%", "31", {"numerator": NOT_THE_SHARE}, id="a percentage as one of them"),
        pytest.param(RATIO, "1.5", "31", {"numerator": WHOLE}, id="half a child"),
        pytest.param(
            RATIO, "x", "-1", {"numerator": f"“x”{NOT_A_NUMBER}", "denominator": NEGATIVE}, id="both are none"
        ),
    ],
)
def test_two_numbers_that_do_not_go_together_are_explained(of, numerator, denominator, expected):
    assert errors(of, numerator=numerator, denominator=denominator) == expected


# The other fields


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param(
            {"note": "Late."},
            {"figure": "Enter the figure, or choose why there is none; the note is kept with it."},
            id="a note without a figure",
        ),
        pytest.param(
            {"text": "x" * 5001},
            {"text": "Ensure this value has at most 5000 characters (it has 5001)."},
            id="a commentary that is too long",
        ),
        pytest.param(
            {"figure": "5", "stage": "guessed"},
            {"stage": "Select a valid choice. guessed is not one of the available choices."},
            id="an unknown stage",
        ),
        pytest.param(
            {"blank": "forgotten"},
            {"blank": "Select a valid choice. forgotten is not one of the available choices."},
            id="an unknown reason",
        ),
        pytest.param(
            {"reason_because_unusual": "x" * 5001},
            {"reason-unusual": "Ensure this value has at most 5000 characters (it has 5001)."},
            id="a reason that is too long",
        ),
    ],
)
def test_other_input_is_explained_beside_its_field(typed, expected):
    assert errors(COUNT, **typed) == expected


def test_lines_of_a_long_commentary_count_once_each():
    text = "\n".join(["x" * 49] * 100)
    assert len(text) == 4999
    assert form(text=text).is_valid()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["script", "form", "old"])
def test_line_ends_are_the_same_from_every_browser(end):
    filled = LineForm({**fields(line()), "line-7-text": f"{end}Fewer.{end}{end}As planned. {end}"}, line())
    assert filled.is_valid()
    assert filled.entry.text == "Fewer.\n\nAs planned."


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"figure": Decimal("1343.000000")}, id="a count"),
        pytest.param({"figure": Decimal("0.000000")}, id="none"),
        pytest.param({"blank": "awaited", "note": "Late.\r\nVery.", "stage": "estimated"}, id="a reason with its note"),
        pytest.param(None, id="nothing"),
    ],
)
def test_fields_sent_back_as_they_were_shown_are_what_is_stored(value):
    stored = None if value is None else MonthlyValue(pk=5, version=3, month=JANUARY, **value)
    filled = form(line(stored))
    assert filled.is_valid(), filled.errors
    expected = NOTHING if value is None else EntryAmount(**value)._replace(note=value.get("note", "").replace("\r", ""))
    assert filled.entry.amount == expected
    assert filled.entry.saw_value == (Seen() if value is None else Seen(5, 3))


def test_worked_out_line_has_only_a_commentary():
    filled = form(line(kind="derived"), text="As expected.")
    assert filled.is_valid()
    assert (filled.entry.amount, filled.entry.text) == (None, "As expected.")
    assert not {"figure", "numerator", "blank", "stage", "note"} & set(filled.fields)


@pytest.mark.parametrize(
    ("unit", "question"),
    [
        ("count", "How many in January 2021?"),
        ("percentage", "What percentage in January 2021?"),
        ("rate_10000", "How many for every 10,000 in January 2021?"),
        ("rate_100000", "How many for every 100,000 in January 2021?"),
    ],
)
def test_figure_is_asked_for_in_words(unit, question):
    assert form(line(unit=unit))["figure"].label == question


def test_two_numbers_are_asked_for_in_words():
    asked = form(RATIO)
    assert (asked["numerator"].label, asked["denominator"].label) == ("How many in January 2021?", "Out of how many?")


def test_reasons_are_those_that_were_typed():
    warned = line(warnings=(LineWarning(Caution("unusual", "", "")), LineWarning(Caution("same", "", ""))))
    filled = form(warned, reason_because_same="Counted twice.", reason_because_unusual=" ")
    assert filled.is_valid()
    assert filled.reasons == {(7, "same"): "Counted twice."}


# Versions


@pytest.mark.parametrize(
    "sent", ["", "x", "5", ".", "5.x", "-5.1", "5.-1", "5.1.1", "१.२", "5 .1", "9" * 30 + ".1", "5." + "9" * 30, "\x00"]
)
def test_version_that_is_none_counts_as_not_seen(sent):
    assert SeenField(required=False).to_python(sent) in (Seen(), Seen(5, 0))


@pytest.mark.parametrize("seen", [Seen(), Seen(5, 3), Seen(10**17, 1)])
def test_version_comes_back_from_its_field(seen):
    field = SeenField(required=False)
    assert field.clean(field.prepare_value(seen)) == seen


# Units and figures below 0


VARIANCE = line(unit="money_thousand", allows_negative=True)
DAYS = line(unit="days")
MEAN_DAYS = line(unit="days", kind="ratio")
SIGNED_RATIO = line(unit="percentage", kind="ratio", allows_negative=True)


@pytest.mark.parametrize(
    ("of", "typed", "kept"),
    [
        (VARIANCE, {"figure": "(£1.2m)"}, {"figure": Decimal(-1200)}),
        (VARIANCE, {"figure": "\u221212"}, {"figure": Decimal(-12)}),
        (DAYS, {"figure": "12.5 days"}, {"figure": Decimal("12.5")}),
        (
            MEAN_DAYS,
            {"numerator": "36 days", "denominator": "3"},
            {"numerator": Decimal(36), "denominator": Decimal(3)},
        ),
        (SIGNED_RATIO, {"numerator": "-2", "denominator": "8"}, {"numerator": Decimal(-2), "denominator": Decimal(8)}),
    ],
)
def test_figures_are_understood_in_their_unit(of, typed, kept):
    assert amount(of, **typed) == EntryAmount(**kept)


@pytest.mark.parametrize(
    ("of", "typed", "field", "message"),
    [
        (DAYS, {"figure": "-3"}, "figure", NEGATIVE),
        (DAYS, {"figure": "(3 days)"}, "figure", NEGATIVE),
        (DAYS, {"figure": "2 weeks"}, "figure", "the figures are in days"),
        (DAYS, {"figure": "\u00a33"}, "figure", "is money"),
        (VARIANCE, {"figure": "\u00a312"}, "figure", "could be pounds or thousands of pounds"),
        (VARIANCE, {"figure": "12%"}, "figure", NO_PER_CENT),
        (SIGNED_RATIO, {"numerator": "2", "denominator": "-8"}, "denominator", NEGATIVE),
        (RATIO, {"numerator": "-2", "denominator": "8"}, "numerator", NEGATIVE),
    ],
)
def test_figures_that_are_not_in_their_unit_are_explained(of, typed, field, message):
    told = errors(of, **typed)
    assert [*told] == [field]
    assert message in told[field]
