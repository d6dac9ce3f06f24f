"""The whole attack on disclosure control, as `make attack` runs it; a short form of it is among the tests.

python -m tests.disclosure_attack 1500
"""

import sys
from collections import Counter
from random import Random
from time import perf_counter

from indicators.calculations.disclosure import plan_cells, plan_rounding
from tests.disclosure_chains import (
    CHANGES,
    Keeper,
    make_history,
    make_settings,
    publish_chain,
    too_few_by_figures,
    too_few_by_replaying,
)
from tests.disclosure_rounding import RoundedReader, nearest
from tests.disclosure_rounding import too_few_by_rules as too_few_rounded
from tests.disclosure_solver import Reader, fewest_hidden, too_few_by_rules
from tests.disclosure_tables import SHAPES, place_of

# Where the fewest cells are looked for, which takes long: not in tables of nine numbers.
SMALL_SHAPES = [name for name in SHAPES if name != "rows and columns"]
LARGEST = (5, 7, 10)


def attack_tables(count: int, seed: int) -> Counter[str]:
    """Tables of each shape in turn: what any reader, and one who runs the program, is left too few values of."""
    random, found = Random(seed), Counter[str]()  # noqa: S311 - nothing secret
    for place in range(count):
        name = list(SHAPES)[place % len(SHAPES)]
        shape, largest_small = SHAPES[name], LARGEST[place // len(SHAPES) % 3]
        values = shape.make(random)

        def suppress(world, shape=shape, largest_small=largest_small):
            return frozenset(map(place_of, plan_cells(shape.release(world, largest_small)).hidden))

        plan = plan_cells(shape.release(values, largest_small))
        hidden, table = frozenset(map(place_of, plan.hidden)), shape.table(values)
        found["tables"] += 1
        found["tables with hidden cells"] += bool(hidden)
        found["exposed"] += bool(plan.exposed)
        found["by figures"] += bool(Reader(table, hidden).too_few())
        if too_few := too_few_by_rules(table, hidden, suppress, largest_small):
            found["by rules"] += 1
            sys.stdout.write(f"{name}, 1 to {largest_small}: {values}, hidden {sorted(hidden)}: {too_few}\n")
    return found


def compare_with_fewest(count: int, seed: int) -> Counter[str]:
    """How many cells are suppressed in small tables, and how many would do for a reader who doesn't know the rules."""
    random, found = Random(seed), Counter[str]()  # noqa: S311 - nothing secret
    for place in range(count):
        shape = SHAPES[SMALL_SHAPES[place % len(SMALL_SHAPES)]]
        values = shape.make(random)
        plan = plan_cells(shape.release(values, 5))
        small = frozenset(place_of(cell) for cell, why in plan.hidden.items() if why.is_primary)
        found["hidden"] += len(plan.hidden)
        found["fewest"] += fewest_hidden(shape.table(values), small, shape.with_shares)
    return found


def attack_chains(count: int, seed: int, *, rounds: bool = False) -> Counter[str]:
    """Three editions each, with months added and figures revised between them: what all of them leave too few values
    of, to any reader, and to one who publishes the whole chain anew from every world.
    """
    random, found = Random(seed), Counter[str]()  # noqa: S311 - nothing secret
    for place in range(count):
        name = list(SHAPES)[place % len(SHAPES)]
        shape, largest_small = SHAPES[name], 5 if rounds else LARGEST[place // len(SHAPES) % 3]
        published = publish_chain(shape, make_history(shape, random), largest_small, rounds=rounds)
        found["chains"] += 1
        found["chains with hidden cells"] += bool(published.hidden)
        found["exposed and told"] += bool(published.told)
        by_figures = too_few_by_figures(published, largest_small, rounds=rounds)
        for how, names in (
            ("by figures", by_figures),
            ("by rules", too_few_by_replaying(shape, published, largest_small, rounds=rounds)),
        ):
            found[how] += bool(names)
            if names:
                sys.stdout.write(
                    f"{name}, 1 to {largest_small}, {how}, rounded {rounds}: {dict(published.table.values)},"
                    f" {published.pictures}: {names}\n"
                )
    return found


def attack_changing_chains(count: int, seed: int) -> Counter[str]:
    """The same where what the public reads is changed between the editions: what is small, rounding, hiding switched
    on, lines, a second scorecard. Where one rounds, or the officer was told of a count, by figures only.
    """
    random, found = Random(seed), Counter[str]()  # noqa: S311 - nothing secret
    for place in range(count):
        kind, name = CHANGES[place % len(CHANGES)], list(SHAPES)[(place + place // len(CHANGES)) % len(SHAPES)]
        shape = SHAPES[name]
        settings = make_settings(kind, shape, random)
        published = publish_chain(shape, make_history(shape, random), settings=settings)
        keeper = Keeper(published, settings[-1].largest_small)
        found["chains"] += 1
        found["chains with hidden cells"] += bool(published.hidden)
        found["exposed and told"] += bool(published.told) and kind != "rounding"
        too_few = {"by figures": keeper.too_few()}
        if kind != "rounding" and not published.told:
            too_few["by rules"] = keeper.too_few_by_replaying(shape)
        for how, names in too_few.items():
            found[how] += bool(names)
            if names:
                sys.stdout.write(
                    f"{name}, {kind}, {how}: {[tuple(one) for one in settings]}, {dict(published.table.values)},"
                    f" {published.pictures}: {names}\n"
                )
    return found


def attack_rounded_chains(count: int, seed: int) -> Counter[str]:
    """The same with every count rounded to the nearest 5."""
    return attack_chains(count, seed, rounds=True)


def attack_rounded(count: int, seed: int) -> Counter[str]:
    """The same tables with every count rounded to the nearest 5. Stocks, of which nothing fixes one, are replayed."""
    random, found = Random(seed), Counter[str]()  # noqa: S311 - nothing secret
    for place in range(count):
        name = list(SHAPES)[place % len(SHAPES)]
        shape = SHAPES[name]
        values = shape.make(random)
        totals = frozenset(place for place in values if shape.follows(place[0]))

        def publish(world, shape=shape, totals=totals):
            hidden = frozenset(map(place_of, plan_rounding(shape.release(world, 5)).hidden))
            return {name: nearest(value) for name, value in world.items() if name not in hidden | totals}

        def complete(world):
            left = world[1, 0] + world[2, 1] - world[3, 1]
            return None if left < 0 else {**world, (2, 0): 20, (3, 0): 20, (1, 1): left}

        plan, table = plan_rounding(shape.release(values, 5)), shape.table(values)
        hidden = frozenset(map(place_of, plan.hidden))
        found["tables"] += 1
        found["tables with hidden cells"] += bool(hidden)
        found["exposed"] += bool(plan.exposed)
        too_few = {"by figures": RoundedReader(table, hidden, totals).too_few()}
        if shape.stock:
            too_few["by rules"] = too_few_rounded(table, hidden, complete, publish, [(1, 0), (2, 1), (3, 1)])
        for how, names in too_few.items():
            found[how] += bool(names)
            if names:
                sys.stdout.write(f"{name}, rounded: {values}, hidden {sorted(hidden)}: {names}\n")
    return found


def main() -> None:
    count = int(sys.argv[1])
    attacks = {
        attack_tables: (1, 1),
        attack_rounded: (1, 1),
        attack_chains: (5, 2),
        attack_rounded_chains: (5, 2),
        attack_changing_chains: (5, 4),
        compare_with_fewest: (5, 1),
    }
    for attack, (share, seeds) in attacks.items():
        for seed in range(1, seeds + 1):
            started = perf_counter()
            found = attack(count // share, seed=seed)
            told = ", ".join(f"{what} {number}" for what, number in found.items())
            sys.stdout.write(f"{attack.__name__}, seed {seed}: {told} ({perf_counter() - started:.0f} s)\n")


if __name__ == "__main__":
    main()
