"""Bars stand on one line, one above the other, within the drawing."""

import datetime as dt
from itertools import pairwise

import pytest

from ocrportal.usage.periods import Period
from ocrportal.usage.statistics import Outcomes
from ocrportal.web.views.usage_chart import MIN_HEIGHT, PLOT_HEIGHT, chart_of

FIRST = dt.date(2026, 3, 1)
WEEK = Period(FIRST, dt.date(2026, 3, 7))


def test_every_day_has_a_bar_whether_there_were_calls_or_not():
    chart = chart_of(WEEK, {FIRST: Outcomes(3, 1)})
    assert [bar.name for bar in chart.bars] == [f"2026-03-0{day}" for day in range(1, 8)]
    assert [bar.outcomes for bar in chart.bars] == [Outcomes(3, 1)] + [Outcomes(0, 0)] * 6


def test_failures_stand_on_the_successes_and_heights_are_in_proportion():
    bar = chart_of(WEEK, {FIRST: Outcomes(30, 10)}).bars[0]
    assert bar.succeeded_height == pytest.approx(3 * bar.failed_height)
    assert bar.succeeded_top + bar.succeeded_height == PLOT_HEIGHT
    assert bar.failed_top + bar.failed_height == pytest.approx(bar.succeeded_top)
    assert bar.failed_top >= 0


def test_one_failure_among_thousands_is_still_seen():
    bar = chart_of(WEEK, {FIRST: Outcomes(100_000, 1)}).bars[0]
    assert bar.failed_height == MIN_HEIGHT


def test_what_did_not_happen_has_no_height():
    bar = chart_of(WEEK, {FIRST: Outcomes(5, 0)}).bars[0]
    assert bar.failed_height == 0


@pytest.mark.parametrize(
    ("most", "steps"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 2, 4, 6]),
        (9, [0, 5, 10]),
        (123, [0, 50, 100, 150]),
        (40_000, [0, 10_000, 20_000, 30_000, 40_000]),
    ],
)
def test_the_scale_has_a_few_round_steps_and_room_for_the_highest_bar(most, steps):
    chart = chart_of(WEEK, {FIRST: Outcomes(most, 0)})
    assert [step.calls for step in chart.steps] == steps
    assert (chart.steps[0].top, chart.steps[-1].top) == (PLOT_HEIGHT, 0)


def test_bars_fill_the_width_in_order_without_touching():
    chart = chart_of(WEEK, {})
    ends = [(bar.left, bar.left + bar.width) for bar in chart.bars]
    assert ends[0][0] > 0
    assert ends[-1][1] < 100
    assert all(end < start for (_, end), (start, _) in pairwise(ends))


@pytest.mark.parametrize("days", [1, 7, 8, 31, 92, 93, 366, 1096])
def test_labels_have_room_on_a_phone(days):
    characters = 300 // 6  # the chart's pixels there, and those of a character
    chart = chart_of(Period(FIRST, FIRST + dt.timedelta(days=days - 1)), {})
    labels = [bar.label for bar in chart.bars if bar.label]
    assert len("  ".join(labels)) <= characters
    assert chart.bars[0].label


def test_a_long_period_has_a_bar_a_month():
    period = Period(dt.date(2025, 12, 15), dt.date(2026, 4, 2))
    outcomes = {
        dt.date(2025, 12, 31): Outcomes(1, 0),
        dt.date(2026, 1, 1): Outcomes(2, 0),
        dt.date(2026, 1, 31): Outcomes(0, 3),
    }
    chart = chart_of(period, outcomes)
    assert chart.is_monthly
    assert [(bar.name, bar.outcomes) for bar in chart.bars] == [
        ("2025-12", Outcomes(1, 0)),
        ("2026-01", Outcomes(2, 3)),
        ("2026-02", Outcomes(0, 0)),
        ("2026-03", Outcomes(0, 0)),
        ("2026-04", Outcomes(0, 0)),
    ]
