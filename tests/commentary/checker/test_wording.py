"""Texts that don't stand alone, and texts copied from another month."""

from datetime import date

import pytest

from commentary.checker import FindingKind

from .rows import CONTACTS, check

NOVEMBER, DECEMBER = date(2020, 11, 1), date(2020, 12, 1)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("As above.", "As above"),
        ("As above, the fall comes from schools.", "As above"),
        ("See above", "See above"),
        ("As detailed above, schools were closed.", "As detailed above"),
        ("The fall indicated above comes from schools.", "indicated above"),
        ("Please see comments above.", "see comments above"),
        ("As per commentary above.", "As per commentary above"),
        ("Same as above", "Same as above"),
        ("Ditto.", "Ditto"),
        ("The reasons are set out below.", "set out below"),
        ("As last month.", "As last month."),
        ("no update", "no update"),
    ],
)
def test_text_that_does_not_stand_alone_is_found(text, phrase):
    assert [(finding.kind, finding.phrase) for finding in check(text, CONTACTS)] == [(FindingKind.NOT_ALONE, phrase)]


@pytest.mark.parametrize(
    "text",
    [
        "Contacts remain as above average as ever.",
        "The number is above the 12-month average.",
        "Young people aged 16 and above are seen by another team.",
        "As last month, schools were closed for most pupils.",
        "As reported in December, the police now use another form.",
        "The reasons are set out under M3.",
    ],
)
def test_text_that_stands_alone_is_left_alone(text):
    assert check(text, CONTACTS) == ()


def test_text_copied_from_another_month_is_found():
    text = "Schools were closed, so that fewer contacts came from them."
    finding = check(text, CONTACTS, {NOVEMBER: text, DECEMBER: text})[0]
    assert (finding.kind, finding.phrase, finding.fact) == (
        FindingKind.COPIED,
        text,
        "word for word the text for December 2020",
    )
    assert (finding.start, finding.end) == (0, len(text))


@pytest.mark.parametrize(
    "other",
    [
        "  schools were closed , so that fewer contacts came from them!",
        "Schools were closed, so that\nfewer contacts came from them",
    ],
    ids=["marks and capitals", "line break"],
)
def test_text_copied_but_for_its_look_is_found(other):
    text = "Schools were closed, so that fewer contacts came from them."
    assert [finding.kind for finding in check(text, CONTACTS, {DECEMBER: other})] == [FindingKind.COPIED]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        pytest.param(
            "Schools were closed, so that fewer contacts came from them.",
            "Schools were open, so that more contacts came from them.",
            id="other words",
        ),
        pytest.param(
            "Contacts fell by 3% compared with December.", "Contacts fell by 3% compared with November.", id="month"
        ),
        pytest.param("No concerns this month.", "No concerns this month.", id="so short that it can be true twice"),
        pytest.param("", "", id="no text"),
    ],
)
def test_text_of_its_own_is_left_alone(text, other):
    assert check(text, CONTACTS, {DECEMBER: other}) == ()


def test_long_copied_text_is_quoted_in_short():
    text = "Schools were closed for most pupils, which is why fewer contacts came in, " * 3
    finding = check(text, CONTACTS, {DECEMBER: text})[0]
    assert finding.phrase == "Schools were closed for most pupils, which is why fewer …"


def test_copied_text_is_checked_as_well():
    text = "The number of contacts increased in January."
    assert [finding.kind for finding in check(text, CONTACTS, {DECEMBER: text})] == [
        FindingKind.COPIED,
        FindingKind.DIRECTION,
    ]
