"""Honest comparisons: the candidates run in turn, so that a slow moment of the machine hits all of them."""

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any


def medians(candidates: Mapping[str, Callable[[], Any]], *, rounds: int) -> dict[str, float]:
    """The median time of each candidate in seconds, after one round that does not count."""
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for turn in range(rounds + 1):
        for name, run in candidates.items():
            gc.collect()
            started = time.perf_counter()
            run()
            if turn:
                times[name].append(time.perf_counter() - started)
    return {name: median(values) for name, values in times.items()}
