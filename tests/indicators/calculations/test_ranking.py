"""Where an authority stands among others. All by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.ranking import Order, Peer, Position, compare_authority, rank, standings
from indicators.calculations.vocabulary import GroupKind, Polarity

OTHERS = [10, 20, 30]


@pytest.mark.parametrize(
    ("own", "polarity", "expected"),
    [
        (25, Polarity.HIGH, 2),
        (25, Polarity.LOW, 3),
        (25, Polarity.NEUTRAL, 2),
        (25, Polarity.TARGET, 2),
        (40, Polarity.HIGH, 1),
        (40, Polarity.LOW, 4),
        (0, Polarity.LOW, 1),
        (Fraction(1, 3), Polarity.HIGH, 4),
    ],
)
def test_polarity_decides_which_end_is_first(own, polarity, expected):
    standing = rank(own, OTHERS, polarity)
    assert (standing.rank, standing.of) == (expected, 4)


@pytest.mark.parametrize(
    ("polarity", "target", "best_first"),
    [
        (Polarity.HIGH, None, True),
        (Polarity.LOW, None, True),
        (Polarity.TARGET, 15, True),
        (Polarity.TARGET, None, False),
        (Polarity.NEUTRAL, None, False),
        (Polarity.NEUTRAL, 15, False),
    ],
)
def test_best_is_first_only_where_it_is_known_what_is_best(polarity, target, best_first):
    assert rank(25, OTHERS, polarity, target).best_first is best_first


@pytest.mark.parametrize(("own", "expected"), [(20, 1), (12, 2), (40, 4)])
def test_close_to_target_ranks_by_distance(own, expected):
    # Distances of the others from 21: 11, 1 and 9.
    assert rank(own, OTHERS, Polarity.TARGET, 21).rank == expected


def test_ties_share_the_better_rank_and_leave_the_next_free():
    figures = [30, 20, 20, 10]
    ranks = [rank(figure, [*figures[:at], *figures[at + 1 :]], Polarity.HIGH) for at, figure in enumerate(figures)]
    assert [(standing.rank, standing.shared_with) for standing in ranks] == [(1, 0), (2, 1), (2, 1), (4, 0)]


def test_equal_distances_on_both_sides_of_a_target_are_a_tie():
    assert rank(19, [21, 30], Polarity.TARGET, 20) == Position(1, 3, 1, 0, True, Order.NEAREST, 1)


def test_missing_figures_are_left_out_and_counted():
    assert rank(25, [None, 30, None], Polarity.HIGH) == Position(2, 2, 0, 2, True, Order.HIGHEST, 4)


def test_zero_is_a_figure():
    assert rank(5, [0, 0], Polarity.LOW) == Position(3, 3, 0, 0, True, Order.LOWEST, 4)


@pytest.mark.parametrize(("own", "others"), [(None, OTHERS), (5, []), (5, [None])], ids=["own", "nobody", "no figures"])
def test_without_figures_there_is_no_standing(own, others):
    assert rank(own, others, Polarity.HIGH) is None


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Position(1, 11, 0, 0, True, Order.LOWEST, None), "lowest of 11"),
        (Position(4, 11, 0, 0, True, Order.LOWEST, 2), "4th lowest of 11, in the second best quarter"),
        (Position(2, 11, 0, 0, True, Order.HIGHEST, 1), "2nd highest of 11, in the best quarter"),
        (Position(3, 11, 1, 0, False, Order.HIGHEST, 1), "joint 3rd highest of 11, in the highest quarter"),
        (Position(8, 11, 0, 0, False, Order.HIGHEST, 3), "8th highest of 11, in the second lowest quarter"),
        (
            Position(11, 150, 0, 1, True, Order.NEAREST, 1),
            "11th nearest to the target of 150, in the best quarter; 1 without a figure left out",
        ),
        (Position(11, 11, 0, 0, True, Order.LOWEST, 4), "highest of 11, in the worst quarter"),
        (Position(9, 11, 2, 0, True, Order.HIGHEST, None), "joint lowest of 11"),
        (Position(2, 2, 0, 0, True, Order.NEAREST, None), "furthest from the target of 2"),
        (Position(112, 151, 0, 0, True, Order.HIGHEST, 4), "112th highest of 151, in the worst quarter"),
        (
            Position(121, 151, 2, 3, True, Order.HIGHEST, 3),
            "joint 121st highest of 151, in the second worst quarter; 3 without a figure left out",
        ),
        # 62 of 150 are 100%: they can't all be in a quarter, so it isn't said that the joint best is in the second.
        (Position(1, 150, 61, 0, True, Order.HIGHEST, 2), "joint highest of 150, with the same figure as 61 others"),
        (Position(1, 3, 1, 0, True, Order.HIGHEST, 1), "joint highest of 3, with the same figure as 1 other"),
    ],
    ids=str,
)
def test_standing_in_words(standing, words):
    assert str(standing) == words


def test_standings_are_among_neighbours_the_region_and_england():
    peers = [
        Peer(20, is_own=True, is_in_region=True),
        Peer(10, is_neighbour=True),
        Peer(30, is_neighbour=True, is_in_region=True),
        Peer(40, is_in_region=True),
        Peer(50),
    ]
    found = standings(peers, Polarity.HIGH)
    assert {group: (standing.rank, standing.of) for group, standing in found.items()} == {
        GroupKind.STATISTICAL_NEIGHBOURS: (2, 3),
        GroupKind.REGION: (3, 3),
        GroupKind.ENGLAND: (4, 5),
    }


def test_standings_without_the_own_authority_are_none():
    assert set(standings([Peer(10), Peer(20)], Polarity.HIGH).values()) == {None}


@given(st.lists(st.integers(0, 50) | st.none(), min_size=1), st.integers(0, 50))
def test_rank_is_the_place_in_the_sorted_list(others, own):
    standing = rank(own, others, Polarity.LOW)
    known = [value for value in others if value is not None]
    if not known:
        assert standing is None
        return
    everybody = sorted([*known, own])
    assert everybody.index(own) == standing.rank - 1
    assert everybody[standing.rank - 1 : standing.rank + standing.shared_with] == [own] * (standing.shared_with + 1)
    assert (standing.of, standing.missing) == (len(everybody), len(others) - len(known))


# Quarters, by the quartiles of R's quantile() and Excel's QUARTILE.INC: those of 1, 2, 3, 4, 5 are 2, 3 and 4, those of
# 10, 20, 30, 40 are 17.5, 25 and 32.5.
@pytest.mark.parametrize(
    ("figures", "polarity", "expected"),
    [
        ([1, 2, 3, 4, 5], Polarity.LOW, [1, 1, 2, 3, 4]),
        ([1, 2, 3, 4, 5], Polarity.HIGH, [4, 4, 3, 2, 1]),
        ([1, 2, 3, 4, 5], Polarity.NEUTRAL, [4, 4, 3, 2, 1]),
        ([10, 20, 30, 40], Polarity.LOW, [1, 2, 3, 4]),
        ([10, 20, 30, 40], Polarity.HIGH, [4, 3, 2, 1]),
        ([Fraction(1, 3), Fraction(1, 2)], Polarity.LOW, [1, 4]),
        ([7, 7, 7, 7], Polarity.LOW, [1, 1, 1, 1]),
        ([7, 7, 7, 7], Polarity.HIGH, [4, 4, 4, 4]),
    ],
)
def test_quarters_as_the_department_bands_them(figures, polarity, expected):
    found = [rank(figure, [*figures[:at], *figures[at + 1 :]], polarity) for at, figure in enumerate(figures)]
    assert [position.quarter for position in found] == expected
    bands = ["" if polarity is Polarity.NEUTRAL else "ABCD"[quarter - 1] for quarter in expected]
    assert [position.band for position in found] == bands


def test_an_authority_is_compared_by_its_rows():
    rows = [
        ("852", 2020, 12.5),
        ("301", 2020, 10),
        ("302", 2020, 11.3),
        ("303", 2020, None),
        ("304", 2020, 40),
        ("305", 2020, float("nan")),
        ("301", 2019, 99),
    ]
    found = compare_authority(
        rows, authority="852", year=2020, neighbours={"301", "302", "303"}, region={"852", "304"}, polarity=Polarity.LOW
    )
    # (10 + 11.3) / 2, exactly.
    assert (found.own, found.mean, found.known) == (Fraction(25, 2), Fraction(1065, 100), 2)
    assert {group: str(position) for group, position in found.positions.items()} == {
        GroupKind.STATISTICAL_NEIGHBOURS: "highest of 3, in the worst quarter; 1 without a figure left out",
        GroupKind.REGION: "lowest of 2, in the best quarter",
        GroupKind.ENGLAND: "3rd lowest of 4, in the second worst quarter; 2 without a figure left out",
    }


def test_an_authority_without_a_figure_has_no_position_but_neighbours():
    rows = [("852", 2020, None), ("301", 2020, 10), ("302", 2020, 20)]
    found = compare_authority(rows, authority="852", year=2020, neighbours=["301", "302"], polarity=Polarity.HIGH)
    assert (found.own, found.mean, found.median, found.known) == (None, 15, 15, 2)
    assert set(found.positions.values()) == {None}
