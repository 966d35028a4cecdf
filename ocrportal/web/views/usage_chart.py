"""Calls over time as the usage screen draws them: one stacked bar a day or a month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from ocrportal.usage.periods import Period
from ocrportal.usage.statistics import Outcomes

MAX_DAYS = 92
"""A longer period has one bar per month: thinner ones would be indistinguishable."""
MAX_DAY_LABELS, MAX_MONTH_LABELS = 7, 4
"""So many stand beside each other on a phone."""
MAX_STEPS = 4
PLOT_HEIGHT = 180
"""Pixels; widths are percent, so that the chart fits its place and texts keep their shape."""
BAR_SHARE = 0.76
"""Of the room that a bar has; the rest parts it from the next."""
MIN_HEIGHT = 1.5
"""Pixels of what is not nothing: one failure among thousands of calls is still seen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day or month. Positions along the chart are in percent, heights in pixels."""

    name: str
    outcomes: Outcomes
    left: float
    width: float
    middle: float
    succeeded_top: float
    succeeded_height: float
    failed_top: float
    failed_height: float
    label: str
    """Below the bar; empty where there is no room for one."""


@dataclass(frozen=True, slots=True)
class Step:
    """A line across the chart at a round number of calls."""

    calls: int
    top: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars before the lines of a scale that begins at 0."""

    bars: tuple[Bar, ...]
    steps: tuple[Step, ...]
    is_monthly: bool
    plot_height: int = PLOT_HEIGHT


def chart_of(period: Period, outcomes: Mapping[dt.date, Outcomes]) -> Chart:
    """The chart of a period; a day that ``outcomes`` lacks had no calls."""
    is_monthly = period.length > MAX_DAYS
    sums = [
        (name, label, sum((outcomes.get(day, _NONE) for day in days), _NONE))
        for name, label, days in _spans(period, is_monthly)
    ]
    most = max(outcomes.succeeded + outcomes.failed for _, _, outcomes in sums)
    step = _round_step(most)
    top = max(-(-most // step), 1) * step
    every = -(-len(sums) // (MAX_MONTH_LABELS if is_monthly else MAX_DAY_LABELS))
    return Chart(
        bars=tuple(
            _bar(name, label if place % every == 0 else "", outcomes, place, len(sums), top)
            for place, (name, label, outcomes) in enumerate(sums)
        ),
        steps=tuple(
            Step(calls, round(PLOT_HEIGHT * (1 - calls / top), 2))
            for calls in range(0, top + 1, step)
        ),
        is_monthly=is_monthly,
    )


_NONE = Outcomes(0, 0)


def _spans(period: Period, is_monthly: bool) -> list[tuple[str, str, list[dt.date]]]:
    """Name, label and days of each bar."""
    if not is_monthly:
        return [(f"{day:%Y-%m-%d}", f"{day:%m-%d}", [day]) for day in period.days]
    months = groupby(period.days, key=lambda day: f"{day:%Y-%m}")
    return [(month, month, list(days)) for month, days in months]


def _round_step(most: int) -> int:
    """1, 2 or 5 times a power of ten, so that at most ``MAX_STEPS`` of it reach ``most``."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power * MAX_STEPS >= most:
                return digit * power
        power *= 10


def _bar(name: str, label: str, outcomes: Outcomes, place: int, bars: int, top: int) -> Bar:
    room = 100 / bars
    succeeded, failed = (_height(calls, top) for calls in (outcomes.succeeded, outcomes.failed))
    return Bar(
        name=name,
        outcomes=outcomes,
        left=round(room * (place + (1 - BAR_SHARE) / 2), 3),
        width=round(room * BAR_SHARE, 3),
        middle=round(room * (place + 0.5), 3),
        succeeded_top=round(PLOT_HEIGHT - succeeded, 2),
        succeeded_height=succeeded,
        failed_top=round(PLOT_HEIGHT - succeeded - failed, 2),
        failed_height=failed,
        label=label,
    )


def _height(calls: int, top: int) -> float:
    return round(max(PLOT_HEIGHT * calls / top, MIN_HEIGHT), 2) if calls else 0.0
