"""Names are found however they are typed."""

import pytest

from indicators.models.user import folded


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Siobhán O’Brien", "siobhan o'brien"),
        ("O\u00b4Brien", "O`Brien"),
        ("Siân", "Sia\u0302n"),
        ("Anne–Marie Smith", "anne-marie  smith"),
        ("Zoë\u00a0Müller", " zoe muller "),
        ("Łukasz Søren", "lukasz soren"),
        ("Weiß", "WEISS"),
        ("Nic\u200bola", "Nicola"),
        ("İpek", "ipek"),
    ],
)
def test_names_that_differ_in_spelling_only_are_the_same(stored, typed):
    assert folded(stored) == folded(typed)


@pytest.mark.parametrize(("one", "other"), [("Ann", "Anne"), ("O'Brien", "OBrien"), ("Jo Ann", "Joann")])
def test_different_names_stay_different(one, other):
    assert folded(one) != folded(other)
