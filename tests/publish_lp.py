"""A small linear-programming solver for the tests of disclosure: it knows nothing of the code it attacks."""

from __future__ import annotations

import numpy as np

TINY = 1e-7


def maximise(cost: np.ndarray, equal: np.ndarray, right: np.ndarray, low: np.ndarray, high: np.ndarray) -> float | None:
    """The greatest `cost @ x` with `equal @ x == right` and `low <= x <= high`; None where there is no such x.

    Two-phase simplex on x = low + y, with a slack for each finite upper bound; Bland's rule, so that it ends.
    """
    bounded = np.flatnonzero(np.isfinite(high))
    count, rows = len(cost), len(equal) + len(bounded)
    table = np.zeros((rows, count + len(bounded)))
    table[: len(equal), :count] = equal
    table[len(equal) + np.arange(len(bounded)), bounded] = 1
    table[len(equal) + np.arange(len(bounded)), count + np.arange(len(bounded))] = 1
    target = np.concatenate([right - equal @ low, high[bounded] - low[bounded]])
    if np.any(target[len(equal) :] < -TINY):
        return None
    flip = target < 0
    table[flip] *= -1
    target = np.abs(target)
    full = np.hstack([table, np.eye(rows)])
    width = table.shape[1]
    basis = list(range(width, width + rows))
    first = np.concatenate([np.zeros(width), -np.ones(rows)])
    tableau, basis = _simplex(full, target, first, basis)
    if first[basis] @ tableau[:, -1] < -1e-5:
        return None
    full_cost = np.concatenate([cost, np.zeros(len(bounded)), np.full(rows, -1e6)])
    tableau, basis = _simplex(tableau[:, :-1], tableau[:, -1], full_cost, basis)
    if tableau is None:
        return np.inf
    y = np.zeros(full.shape[1])
    y[basis] = tableau[:, -1]
    return float(cost @ (y[:count] + low))


def _simplex(table: np.ndarray, target: np.ndarray, cost: np.ndarray, basis: list[int]):
    tableau = np.hstack([table, target[:, None]]).astype(float)
    for _ in range(20_000):
        gains = cost - cost[basis] @ tableau[:, :-1]
        entering = np.flatnonzero(gains > TINY)
        if not len(entering):
            return tableau, basis
        column = entering[0]
        usable = np.flatnonzero(tableau[:, column] > TINY)
        if not len(usable):
            return None, basis
        ratios = tableau[usable, -1] / tableau[usable, column]
        ties = usable[ratios <= ratios.min() + 1e-12]
        row = min(ties, key=lambda r: basis[r])
        tableau[row] /= tableau[row, column]
        others = np.arange(len(tableau)) != row
        tableau[others] -= np.outer(tableau[others, column], tableau[row])
        basis[row] = int(column)
    raise RuntimeError("the simplex did not end")


def bounds_of(
    index: int, equal: np.ndarray, right: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[float, float] | None:
    """The least and greatest value of one unknown; None where the system has no solution."""
    unit = np.zeros(len(low))
    unit[index] = 1
    top = maximise(unit, equal, right, low, high)
    if top is None:
        return None
    return -maximise(-unit, equal, right, low, high), top
