"""Where an unknown is greatest under linear sums: the two-phase simplex with Bland's rule, which always ends."""

from __future__ import annotations

import numpy as np

TINY = 1e-9
PENALTY = 1e7
FAR = 1e6


def greatest(cost: np.ndarray, sums: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray | None:
    """The x with the greatest `cost @ x`, `sums @ x == 0` and `low <= x <= high`; None where no x fits.

    Infinite bounds count as FAR, more than any count of children here.
    """
    free = low < high
    count = int(free.sum())
    span = np.minimum(high, FAR)[free] - low[free]
    table = np.zeros((len(sums) + count, 2 * count))
    table[: len(sums), :count] = sums[:, free]
    table[len(sums) :, :count] = table[len(sums) :, count:] = np.eye(count)
    target = np.concatenate([-(sums @ low), span])
    table[target < 0] *= -1
    whole = np.hstack([table, np.eye(len(table)), np.abs(target)[:, None]])
    basis = list(range(2 * count, 2 * count + len(table)))
    feasible = np.concatenate([np.zeros(2 * count), -np.ones(len(table))])
    _climb(whole, feasible, basis)
    if feasible[basis] @ whole[:, -1] < -1e-6:
        return None
    _climb(whole, np.concatenate([cost[free], np.zeros(count), np.full(len(table), -PENALTY)]), basis)
    steps = np.zeros(whole.shape[1] - 1)
    steps[basis] = whole[:, -1]
    found = low.astype(float)
    found[free] += steps[:count]
    return found


def _climb(whole: np.ndarray, cost: np.ndarray, basis: list[int]) -> None:
    """Pivot in place until no step gains; every unknown is bounded, so that one is reached."""
    while True:
        gains = cost - cost[basis] @ whole[:, :-1]
        better = np.flatnonzero(gains > 1e-7)
        if not len(better):
            return
        column = better[0]
        rows = np.flatnonzero(whole[:, column] > TINY)
        ratios = whole[rows, -1] / whole[rows, column]
        row = min(rows[ratios <= ratios.min() + TINY], key=lambda r: basis[r])
        whole[row] /= whole[row, column]
        others = np.arange(len(whole)) != row
        whole[others] -= np.outer(whole[others, column], whole[row])
        basis[row] = int(column)
