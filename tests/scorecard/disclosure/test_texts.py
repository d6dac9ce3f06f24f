"""Which texts could tell of a suppressed figure: found in figures and in words, rather one too many."""

import pytest

from scorecard.disclosure.texts import is_small_number_in, telling_phrase


@pytest.mark.parametrize(
    "text",
    [
        "There were 3.",
        "Up from (3).",
        "One child left.",
        "Three quarters of them stayed.",
        "Twenty-one of them stayed.",
        "Numbers doubled.",
        "A third of them stayed.",
        "The same as before.",
        "Fewer than 6.",
        "5% of them stayed.",
        "20 of 23 stayed.",
        "It halved.",
        "Only siblings came.",
        "The first since autumn.",
        "3 of them were aged 16.",
        "The 2 16-year-olds left.",
        "On 3 May 2021 we met about 4.",
        "Of these, 3 may return home.",
        "It rose fivefold.",
        "A trio of siblings came.",
        "Contacts came x3.",
    ],
)
def test_text_with_a_number_is_telling(text):
    assert telling_phrase(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "On 3 May 2021 we met.",
        "The plan of 2020-21 is being followed.",
        "Young people aged 16 to 17 wait longest.",
        "See CP3-QL for those who wait.",
        "The team is too few to say.",
        "Visits were late because of the snow.",
    ],
    ids=["nothing", "date", "year", "age", "reference", "rule", "words"],
)
def test_text_without_a_number_of_cases_is_not_telling(text):
    assert telling_phrase(text) == ""


@pytest.mark.parametrize(
    ("amount", "largest", "is_small"),
    [
        ("3", 5, True),
        ("0", 5, False),
        ("6", 5, False),
        ("6", 7, True),
        ("3 of 20", 5, True),
        ("17 of 20", 5, True),
        ("10 of 20", 5, False),
        ("10 of 20", 10, True),
    ],
)
def test_revised_amount_tells_of_few_cases_or_few_others(amount, largest, is_small):
    assert is_small_number_in(amount, largest) is is_small
