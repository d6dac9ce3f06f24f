"""Which cells are suppressed: tables worked out by hand, and generated scorecards attacked by a reader."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.calculations.consistency import CheckKind, CheckRole
from indicators.calculations.disclosure import (
    Cell,
    Derivation,
    Nature,
    Quantity,
    Relation,
    Relations,
    Release,
    Why,
    plan_cells,
)
from indicators.calculations.months import add_months
from indicators.calculations.periods import Periods
from indicators.calculations.vocabulary import Frequency, Kind, Unit
from tests.disclosure_attacker import Attacker, reckon

JANUARY, FEBRUARY = date(2021, 1, 1), date(2021, 2, 1)
A, B, C, TOTAL, SHARE = 1, 2, 3, 9, 10
COUNT = Nature(Unit.COUNT, Kind.FIGURE)
SUM = {TOTAL: Derivation((A, B, C))}
SHARE_OF_A = {SHARE: Derivation((A,), (B,))}


def relations_with(derivations=None, checks=()):
    derivations = derivations or {}
    natures = dict.fromkeys((A, B, C, TOTAL), COUNT)
    natures[SHARE] = Nature(Unit.PERCENTAGE, Kind.DERIVED)
    return Relations(natures, derivations, tuple(checks))


def plan_of(figures, relations, *, public=(), suppressed=(), months=(JANUARY,), largest_small=5):
    """The suppressed keys with their reasons, of figures of one month, or of a list of months."""
    quantities = {}
    for key, values in figures.items():
        for month, value in zip(months, values if isinstance(values, list) else [values], strict=True):
            quantities[Cell(key, month)] = value if isinstance(value, Quantity) else Quantity(value)
    edition = {(cell.key, cell.month): cell for cell in quantities}
    cells = {
        name: frozenset(Cell(key, months[0]) for key in keys)
        for name, keys in (("public", public), ("suppressed", suppressed))
    }
    return plan_cells(
        Release(relations, quantities, [edition], frozenset(quantities), **cells, largest_small=largest_small)
    )


def hidden(plan):
    return {cell.key: why for cell, why in plan.hidden.items()}


@pytest.mark.parametrize(
    ("figure", "is_hidden"),
    [(0, False), (1, True), (5, True), (6, False)],
    ids=["nobody is shown", "one", "five", "six"],
)
def test_count_is_suppressed_from_one_to_five(figure, is_hidden):
    assert (A in hidden(plan_of({A: figure}, relations_with()))) is is_hidden


@pytest.mark.parametrize(("largest", "smallest_shown"), [(5, 6), (7, 8), (10, 11)])
def test_what_is_small_is_a_parameter(largest, smallest_shown):
    figures = {A: largest, B: smallest_shown, SHARE: Quantity(Fraction(1000, 11), 110 - largest, 110)}
    assert hidden(plan_of(figures, relations_with(), largest_small=largest)) == {
        A: Why.SMALL_COUNT,
        SHARE: Why.SMALL_COMPLEMENT,
    }
    assert Why.SMALL_COUNT.because(largest) == f"it is a count of 1 to {largest}"


def test_part_is_protected_by_the_smallest_other_part_not_by_the_total():
    plan = plan_of({A: 3, B: 20, C: 30, TOTAL: 53}, relations_with(SUM))
    assert hidden(plan) == {A: Why.SMALL_COUNT, B: Why.PROTECTS}
    assert plan.protects == {Cell(B, JANUARY): Cell(A, JANUARY)}


def test_zero_is_never_suppressed_for_another():
    assert hidden(plan_of({A: 3, B: 0, C: 30, TOTAL: 33}, relations_with(SUM))).keys() == {A, C}


def test_ones_that_leave_only_two_choices_need_the_total_as_well():
    # Each of the parts is 1 or 2, for the others are at least 1.
    plan = plan_of({A: 1, B: 1, C: 2, TOTAL: 4}, relations_with(SUM))
    assert hidden(plan)[TOTAL] is Why.SMALL_COUNT
    five = dict.fromkeys((1, 2, 3, 4, 5, TOTAL), COUNT)
    relations = Relations(five, {TOTAL: Derivation((1, 2, 3, 4, 5))})
    plan = plan_of({1: 1, 2: 1, 3: 1, 4: 1, 5: 2, TOTAL: 6}, relations)
    assert hidden(plan)[TOTAL] is Why.PROTECTS


def test_small_complement_needs_share_and_one_of_its_numbers_suppressed():
    share = Quantity(90, 18, 20)
    assert hidden(plan_of({A: 18, B: 20, SHARE: share}, relations_with(SHARE_OF_A))) == {
        SHARE: Why.SMALL_COMPLEMENT,
        A: Why.PROTECTS,
    }


def test_share_of_a_small_count_is_suppressed():
    share = Quantity(15, 3, 20)
    assert hidden(plan_of({A: 3, B: 20, SHARE: share}, relations_with(SHARE_OF_A))).keys() == {A, SHARE}


def test_stock_and_flow_without_tolerance_need_another_cell():
    check = Relation(A, CheckKind.STOCK, ((CheckRole.INFLOW, B), (CheckRole.OUTFLOW, C)))
    plan = plan_of({A: [100, 92], B: [9, 4], C: [8, 12]}, relations_with(checks=[check]), months=(JANUARY, FEBRUARY))
    assert plan.hidden.keys() == {Cell(B, FEBRUARY), Cell(C, FEBRUARY)}


def test_count_that_public_figures_give_away_is_told():
    plan = plan_of({A: 3, B: 20, C: 30, TOTAL: 53}, relations_with(SUM), public=(B, C, TOTAL))
    assert (hidden(plan), plan.exposed) == ({A: Why.SMALL_COUNT}, [Cell(A, JANUARY)])


def test_public_part_is_not_suppressed_in_vain():
    assert hidden(plan_of({A: 3, B: 20, C: 30, TOTAL: 53}, relations_with(SUM), public=(B,))).keys() == {A, C}


def test_cell_suppressed_elsewhere_stays_suppressed():
    assert hidden(plan_of({A: 30}, relations_with(), suppressed=(A,))) == {A: Why.EARLIER}


def test_figure_suppressed_earlier_stays_protected_after_its_revision():
    # A was 3 and is 8 now, and the total with it; B and C are as they were, so one of them must not be shown now.
    quantities = {Cell(key, JANUARY): Quantity(value) for key, value in {A: 8, B: 20, C: 30, TOTAL: 58}.items()}
    old_a, old_total = Cell(A, JANUARY, 1), Cell(TOTAL, JANUARY, 1)
    current = {(cell.key, JANUARY): cell for cell in quantities}
    quantities |= {old_a: Quantity(3), old_total: Quantity(53)}
    before = current | {(A, JANUARY): old_a, (TOTAL, JANUARY): old_total}
    shown = frozenset(current.values())
    plan = plan_cells(
        Release(
            relations_with(SUM),
            quantities,
            [current, before],
            shown,
            public=frozenset((old_total, Cell(C, JANUARY))),
            suppressed=frozenset((old_a, Cell(B, JANUARY))),
        )
    )
    assert plan.exposed == []
    assert Cell(B, JANUARY) in plan.hidden
    assert {Cell(A, JANUARY), Cell(TOTAL, JANUARY)} & plan.hidden.keys()


SMALL = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 9, 12])
DEFINITIONS = [
    ("9", "sum", ["1", "2", "3"]),
    ("8", "sum", ["2", "3"]),
    ("10", "ratio", 100, ["1"], ["4"]),
    ("1", "limit", "4"),
    ("4", "stock", ["5"], ["6"], 0),
]
RELATIONS = Relations(
    {**dict.fromkeys(range(1, 10), COUNT), SHARE: Nature(Unit.PERCENTAGE, Kind.DERIVED)},
    {9: Derivation((1, 2, 3)), 8: Derivation((2, 3)), SHARE: Derivation((1,), (4,))},
    (
        Relation(1, CheckKind.LIMIT, ((CheckRole.LIMIT, 4),)),
        Relation(4, CheckKind.STOCK, ((CheckRole.INFLOW, 5), (CheckRole.OUTFLOW, 6))),
    ),
)


@st.composite
def scorecards(draw):
    """Three months: parts with two totals that overlap, a stock with its flows, and a share of the stock."""
    found, stock = {}, draw(st.integers(10, 20))
    for place in range(3):
        month = add_months(JANUARY, place)
        one, two, three, into = (draw(SMALL) for _ in range(4))
        out = min(draw(SMALL), stock + into - max(one, 1))
        out = max(out, 0)
        stock = stock + into - out
        one = min(one, stock)
        counts = {1: one, 2: two, 3: three, 4: stock, 5: into, 6: out, 8: two + three, 9: one + two + three}
        found |= {Cell(key, month): Quantity(value) for key, value in counts.items()}
        found[Cell(SHARE, month)] = Quantity(Fraction(100 * one, stock), one, stock)
    return found


def attack(quantities, hidden_cells, definitions=DEFINITIONS):
    """What a reader of all cells that aren't hidden can work out."""
    attacker = Attacker()
    for cell, quantity in quantities.items():
        variable = (str(cell.key), cell.month)
        if cell in hidden_cells:
            if quantity.denominator is None:
                attacker.hide(variable)
            continue
        attacker.learn(variable, quantity.value)
        if quantity.denominator is not None:
            attacker.learn((*variable, "n"), quantity.numerator)
            attacker.learn((*variable, "d"), quantity.denominator)
    reckon(attacker, definitions, sorted({cell.month for cell in quantities}))
    return attacker


def small_ones_given_away(attacker, plan):
    """Left out: complements of shares that can be worked out because they are 0 or more than 5."""
    return [found for found in attacker.given_away() if found[0][0] not in {str(cell.key) for cell in plan.exposed}]


@settings(max_examples=60)
@given(scorecards())
def test_no_reader_works_out_a_small_count_of_a_generated_scorecard(quantities):
    edition = {(cell.key, cell.month): cell for cell in quantities}
    plan = plan_cells(Release(RELATIONS, quantities, [edition], frozenset(quantities)))
    assert plan.exposed == []
    assert small_ones_given_away(attack(quantities, plan.hidden), plan) == []


def test_attacker_finds_a_count_when_only_small_ones_are_suppressed():
    quantities = {Cell(key, JANUARY): Quantity(value) for key, value in {1: 3, 2: 20, 3: 30, 9: 53}.items()}
    found = attack(quantities, {Cell(1, JANUARY)}, DEFINITIONS[:1]).given_away()
    assert found == [(("1", JANUARY), 3, 3)]


@pytest.mark.parametrize(("figure", "is_hidden"), [(-1, True), (-5, True), (-6, False), (6, False), (3, True)])
def test_net_change_is_suppressed_on_both_sides_of_0(figure, is_hidden):
    relations = Relations({A: COUNT._replace(allows_negative=True)}, {})
    assert (A in hidden(plan_of({A: figure}, relations))) is is_hidden


def test_small_net_change_is_protected_by_another_part():
    signed = COUNT._replace(allows_negative=True)
    relations = Relations(dict.fromkeys((A, B, C, TOTAL), signed), SUM)
    assert hidden(plan_of({A: -3, B: -20, C: 30, TOTAL: 7}, relations)) == {A: Why.SMALL_COUNT, B: Why.PROTECTS}


@pytest.mark.parametrize(
    ("unit", "figure", "expected"),
    [
        # 12 days of 3 people: what is few is the people, not the days.
        (Unit.DAYS, Quantity(4, 12, 3), Why.SMALL_DENOMINATOR),
        (Unit.DAYS, Quantity(Fraction(1, 4), 3, 12), None),
        (Unit.MONEY, Quantity(600, 3000, 5), Why.SMALL_DENOMINATOR),
        (Unit.SCORE, Quantity(Fraction(7, 2), 21, 6), None),
        (Unit.MONEY, Quantity(3), None),
        (Unit.DAYS, Quantity(3), None),
    ],
)
def test_averages_of_few_are_suppressed_and_sums_are_not(unit, figure, expected):
    kind = Kind.RATIO if figure.denominator else Kind.FIGURE
    assert hidden(plan_of({A: figure}, Relations({A: Nature(unit, kind)}, {}))).get(A) is expected


def test_rate_per_another_number_is_worked_out_with_it():
    natures = {A: COUNT, TOTAL: COUNT._replace(kind=Kind.DERIVED, unit=Unit.RATE, rate_base=500)}
    assert natures[TOTAL].factor == 500
    relations = Relations(natures, {TOTAL: Derivation((A,), has_population=True)})
    assert hidden(plan_of({A: 3, TOTAL: Quantity(Fraction(3, 2), 3, 1000)}, relations)).keys() == {A, TOTAL}


def test_tolerance_of_shares_of_one_whole_is_no_ignorance_of_the_reader():
    """Four exact numerators of 305 tell the fifth, 3, whatever tolerance the check has."""
    tops = {1: 32, 2: 81, 3: 56, 4: 133, 5: 3}
    share = Nature(Unit.PERCENTAGE, Kind.RATIO)
    terms = tuple((CheckRole.PART, key) for key in tops)
    check = Relation(1, CheckKind.PARTS, terms, tolerance=2, total=100)
    quantities = {Cell(key, JANUARY): Quantity(Fraction(100 * top, 305), top, 305) for key, top in tops.items()}
    edition = {(cell.key, cell.month): cell for cell in quantities}
    relations = Relations(dict.fromkeys(tops, share), {}, (check,))
    found = plan_cells(Release(relations, quantities, [edition], frozenset(quantities)))
    assert len(found.hidden) >= 2
    assert Cell(5, JANUARY) in found.hidden


def test_month_between_two_totals_of_the_year_is_hidden_with_one_of_these():
    """68 in December and 71 in January tell that January had 3."""
    months = [date(2020, month, 1) for month in range(4, 13)] + [JANUARY]
    own = [8, 8, 8, 8, 8, 7, 7, 7, 7, 3]
    quantities = {Cell(1, month): Quantity(figure) for month, figure in zip(months, own, strict=True)}
    quantities |= {Cell(9, month): Quantity(sum(own[: place + 1])) for place, month in enumerate(months)}
    edition = {(cell.key, cell.month): cell for cell in quantities}
    check = Relation(9, CheckKind.MONTHS, ((CheckRole.PART, 1),))
    relations = Relations(dict.fromkeys((1, 9), Nature(Unit.COUNT, Kind.FIGURE)), {}, (check,))
    found = plan_cells(Release(relations, quantities, [edition], frozenset(quantities)))
    assert (quantities[Cell(9, months[-2])].value, quantities[Cell(9, JANUARY)].value) == (68, 71)
    assert Cell(1, JANUARY) in found.hidden
    assert found.hidden.keys() & {Cell(9, months[-2]), Cell(9, JANUARY)}
    assert not found.exposed


def lacking(figures, check, natures=None, months=(JANUARY,)):
    """What is hidden by key and place among the months, where the check names what no edition has."""
    keys = {check.key, *(key for _, key in check.terms)}
    relations = Relations({**dict.fromkeys(keys, COUNT), **(natures or {})}, {}, (check,))
    found = plan_of(figures, relations, months=months)
    assert not found.exposed
    return {(cell.key, months.index(cell.month)) for cell in found.hidden}


@pytest.mark.parametrize(("others", "is_enough"), [(18, False), (10, True)])
def test_total_leaves_a_hidden_part_three_numbers_though_another_part_is_on_no_scorecard(others, is_enough):
    """A is 2 of 20. Beside 18 it is 1 or 2, whatever C is; beside 10 it can be any small count."""
    check = Relation(TOTAL, CheckKind.PARTS, tuple((CheckRole.PART, key) for key in (A, B, C)))
    found = lacking({A: 2, B: others, TOTAL: 20}, check)
    assert (found == {(A, 0)}) is is_enough
    assert (A, 0) in found
    below_0 = {C: Nature(Unit.COUNT, Kind.FIGURE, allows_negative=True)}
    assert lacking({A: 2, B: others, TOTAL: 20}, check, below_0) == {(A, 0)}


@pytest.mark.parametrize(("tops", "is_enough"), [((10, 8, 1), False), ((7, 6, 1), True)])
def test_shares_of_one_whole_leave_three_numbers_though_one_of_them_is_on_no_scorecard(tops, is_enough):
    """Of 20 cases 18 leave 1 or 2 for the third share, whatever the fourth has; 13 leave any small count."""
    check = Relation(1, CheckKind.PARTS, tuple((CheckRole.PART, key) for key in (1, 2, 3, 4)), total=100)
    figures = {key: Quantity(Fraction(100 * top, 20), top, 20) for key, top in enumerate(tops, start=1)}
    found = lacking(figures, check, dict.fromkeys((1, 2, 3, 4), Nature(Unit.PERCENTAGE, Kind.RATIO)))
    assert (found == {(3, 0)}) is is_enough
    assert (3, 0) in found


def test_month_between_two_totals_of_the_year_is_hidden_though_the_months_before_have_no_figure():
    """66 and 70 are 4 in December, also where nobody stored what there was from April to October."""
    months = [date(2020, 11, 1), date(2020, 12, 1), JANUARY]
    check = Relation(TOTAL, CheckKind.MONTHS, ((CheckRole.PART, A),))
    found = lacking({A: [12, 4, 14], TOTAL: [66, 70, 84]}, check, months=months)
    assert (A, 1) in found
    assert found & {(TOTAL, 0), (TOTAL, 1)}
    # What falls out differs between totals of three months, which tell nothing then.
    rolling = check._replace(months=3)
    assert lacking({A: [12, 4], TOTAL: [29, 25]}, rolling, months=months[:2]) == {(A, 1)}


@pytest.mark.parametrize(("before", "is_enough"), [(40, False), (35, True)])
def test_total_of_months_leaves_three_numbers_though_months_before_have_no_figure(before, is_enough):
    """Of 42 in three months 40 leave 1 or 2 for the third, whatever the first had; 35 leave any small count."""
    check = Relation(TOTAL, CheckKind.MONTHS, ((CheckRole.PART, A),), months=3)
    months = (date(2020, 12, 1), JANUARY)
    found = lacking({A: [before, 2], TOTAL: [60, 42]}, check, months=months)
    assert (found == {(A, 1)}) is is_enough
    assert (A, 1) in found


QUARTERLY = Nature(Unit.COUNT, Kind.FIGURE, Periods(Frequency.QUARTERLY))


def plan_of_quarter(own, quarters, relations):
    """The plan for three months of line 1 and, in the month in which it is due, a quarter's figure of each other."""
    months = [add_months(date(2021, 3, 1), -back) for back in (2, 1, 0)]
    quantities = {Cell(1, month): Quantity(figure) for month, figure in zip(months, own, strict=True)}
    quantities |= {Cell(key, months[-1]): Quantity(figure) for key, figure in quarters.items()}
    edition = {(cell.key, cell.month): cell for cell in quantities}
    return plan_cells(Release(relations, quantities, [edition], frozenset(quantities))), months


@pytest.mark.parametrize("own", [(20, 3, 31), (2, 40, 31), (20, 40, 5)])
def test_hidden_month_is_not_left_over_from_its_quarter_and_the_other_months(own):
    check = Relation(9, CheckKind.MONTHS, ((CheckRole.PART, 1),), months=3)
    found, months = plan_of_quarter(own, {9: sum(own)}, Relations({1: COUNT, 9: QUARTERLY}, {}, (check,)))
    assert len(found.hidden.keys() & {Cell(9, months[-1]), *(Cell(1, month) for month in months)}) > 1
    assert not found.exposed


def test_derived_quarter_is_tied_to_its_monthly_parts_in_the_month_in_which_it_is_due():
    """It is worked out from what its parts have in that month only, so that other months need no protection by it."""
    natures = {1: COUNT, 2: QUARTERLY, 9: Nature(Unit.COUNT, Kind.DERIVED, Periods(Frequency.QUARTERLY))}
    relations = Relations(natures, {9: Derivation((1, 2))})
    found, months = plan_of_quarter((20, 30, 3), {2: 40, 9: 43}, relations)
    assert Cell(1, months[-1]) in found.hidden
    assert found.hidden.keys() & {Cell(2, months[-1]), Cell(9, months[-1])}
    found, months = plan_of_quarter((20, 3, 30), {2: 40, 9: 70}, relations)
    assert found.hidden.keys() == {Cell(1, months[1])}
