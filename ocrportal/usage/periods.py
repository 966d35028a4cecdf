"""Spans of days in the portal's time zone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included."""

    first: dt.date
    last: dt.date

    @property
    def length(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> list[dt.date]:
        """Every day of it, in order."""
        return [self.first + dt.timedelta(days=number) for number in range(self.length)]


def this_month() -> Period:
    """The calendar month of today, up to its last day."""
    return _month_of(timezone.localdate())


def last_month() -> Period:
    """The calendar month before this one."""
    return _month_of(this_month().first - dt.timedelta(days=1))


def last_days(number: int) -> Period:
    """So many days up to today, which is one of them."""
    today = timezone.localdate()
    return Period(today - dt.timedelta(days=number - 1), today)


def _month_of(day: dt.date) -> Period:
    first = day.replace(day=1)
    in_next_month = first + dt.timedelta(days=31)
    return Period(first, in_next_month.replace(day=1) - dt.timedelta(days=1))
