"""Exponential smoothing of monthly counts, with what it foresaw at each month of the past.

The state-space form with additive errors (Hyndman, Koehler, Ord and Snyder 2008, "Forecasting with exponential
smoothing", chapters 2 and 6): level alone, damped trend, or level and season. The parameters with the smallest squares
of errors are sought on a grid, and the form by the lowest AICc. States and squares known at a month rest on the
months before it alone, so that one pass over a series gives the forecast that would have been made at each of them.
An optimiser (statsmodels) fitted anew for each month takes 70 times as long and misses by as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

AHEAD, SEASON = 6, 12
# The states start from the first two years: their means give level and trend, their mean months the season.
START = 2 * SEASON
_LEVELS = (0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99)
# The trend's share of the level's parameter, and its damping; the season's share of what the level leaves.
_TRENDS, _DAMPINGS = (0.0, 0.05, 0.1, 0.2, 0.4), (0.8, 0.9, 0.95, 0.98)
_SEASONS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)
# The likelihood of a series that a form follows to the letter has no bound: squares stop here.
_FEWEST_SQUARES = 1e-12


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the model: what it has beside a level, and how many parameters and starting states that takes."""

    name: str
    parameters: int
    states: int
    has_trend: bool = False
    has_season: bool = False

    def grid(self) -> np.ndarray:
        """The parameters tried, a column each; rows: level, trend, damping, season."""
        tried = [
            (level, level * trend, damping, (1 - level) * season)
            for level in _LEVELS
            for trend in (_TRENDS if self.has_trend else (0.0,))
            for damping in (_DAMPINGS if self.has_trend else (0.0,))
            for season in (_SEASONS if self.has_season else (0.0,))
        ]
        return np.array(tried).T


FORMS = (
    Form("level", 1, 1),
    Form("damped trend", 3, 2, has_trend=True),
    Form("level and season", 2, SEASON, has_season=True),
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one form foresees after some months: its AICc and six expected values.

    `deviation` is the standard deviation of an error one month ahead, `spread` how many of these each month ahead has.
    """

    form: str
    aicc: float
    values: np.ndarray
    deviation: float
    spread: np.ndarray


def outlooks(values: Sequence[float]) -> list[Outlook]:
    """The best form's outlook after the first 24 months, after 25, and so on to all of them.

    Raises:
        ValueError: there are fewer than 24 months.
    """
    if len(values) < START:
        raise ValueError(f"exponential smoothing with a season needs {START} months")
    series = np.asarray(values, dtype=float)
    each = zip(*(_one_form(series, form) for form in FORMS), strict=True)
    return [min(found, key=lambda outlook: outlook.aicc) for found in each]


def _one_form(series: np.ndarray, form: Form) -> list[Outlook]:
    grid = form.grid()
    level_by, trend_by, damping, season_by = grid
    level, trend, season = (np.repeat(s[..., None], grid.shape[1], axis=-1) for s in starting_states(series, form))
    squares = np.zeros(grid.shape[1])
    found = []
    for months in range(len(series) + 1):
        if months >= START:
            best = int(squares.argmin())
            states = (level[best], trend[best], np.roll(season[:, best], -months))
            found.append(_outlook(form, grid[:, best], states, float(squares[best]), months))
        if months < len(series):
            now = months % SEASON
            level = level + damping * trend
            error = series[months] - level - season[now]
            level += level_by * error
            trend = damping * trend + trend_by * error
            season[now] += season_by * error
            squares += error**2
    return found


def starting_states(series: np.ndarray, form: Form) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Level and trend before the first month, and the season of the first twelve, from the first two years."""
    first, second = series[:SEASON].mean(), series[SEASON:START].mean()
    slope = (second - first) / SEASON
    level = first - slope * (SEASON + 1) / 2 if form.has_trend else first
    line = first + slope * (np.arange(START) - (SEASON - 1) / 2)
    season = (series[:START] - line).reshape(2, SEASON).mean(axis=0) if form.has_season else np.zeros(SEASON)
    return np.asarray(level), np.asarray(slope if form.has_trend else 0.0), season


def _outlook(form: Form, parameters: np.ndarray, states: tuple, squares: float, months: int) -> Outlook:
    """Six months from these states; errors spread by what each moves of later months (the book's table 6.1)."""
    level_by, trend_by, damping, _ = parameters
    level, trend, season = states
    damped = np.cumsum(np.cumprod(np.full(AHEAD, damping)))
    moved = level_by + trend_by * damped[:-1]
    spread = np.sqrt(1 + np.concatenate([[0.0], np.cumsum(moved**2)]))
    fitted = form.parameters + form.states
    values = level + trend * damped + season[:AHEAD]
    return Outlook(form.name, _aicc(squares, fitted + 1, months), values, (squares / (months - fitted)) ** 0.5, spread)


def _aicc(squares: float, parameters: int, months: int) -> float:
    """Akaike's criterion for short series; starting states and the deviation count as parameters."""
    misfit = months * log(max(squares / months, _FEWEST_SQUARES))
    return misfit + 2 * parameters + 2 * parameters * (parameters + 1) / (months - parameters - 1)
