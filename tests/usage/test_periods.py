"""Periods are days of the calendar in the portal's time zone."""

import datetime as dt

import pytest
from django.utils import timezone

from ocrportal.usage.periods import Period, last_days, last_month, this_month


@pytest.fixture
def today(monkeypatch):
    """Make it noon of a day in Shanghai."""

    def today(year: int, month: int, day: int) -> None:
        noon = dt.datetime(year, month, day, 4, 0, tzinfo=dt.UTC)
        monkeypatch.setattr(timezone, "now", lambda: noon)

    return today


@pytest.mark.parametrize(
    ("day", "this", "last"),
    [
        ((2026, 3, 5), ("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        ((2026, 1, 31), ("2026-01-01", "2026-01-31"), ("2025-12-01", "2025-12-31")),
        ((2028, 2, 1), ("2028-02-01", "2028-02-29"), ("2028-01-01", "2028-01-31")),
        ((2026, 12, 31), ("2026-12-01", "2026-12-31"), ("2026-11-01", "2026-11-30")),
    ],
)
def test_months_are_whole(today, day, this, last):
    today(*day)
    assert this_month() == Period(*map(dt.date.fromisoformat, this))
    assert last_month() == Period(*map(dt.date.fromisoformat, last))


def test_the_last_days_end_today(today):
    today(2026, 3, 5)
    period = last_days(30)
    assert period == Period(dt.date(2026, 2, 4), dt.date(2026, 3, 5))
    assert period.length == len(period.days) == 30


def test_a_month_begins_with_the_portals_midnight(settings, monkeypatch):
    evening_in_london = dt.datetime(2026, 2, 28, 16, 30, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: evening_in_london)
    assert this_month().first == dt.date(2026, 3, 1)


def test_days_come_in_order_and_both_ends_belong_to_it():
    period = Period(dt.date(2026, 2, 27), dt.date(2026, 3, 1))
    assert [day.day for day in period.days] == [27, 28, 1]
