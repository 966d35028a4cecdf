"""The limit on what a user may have billed per calendar month."""

from __future__ import annotations

from django.db.models import Sum

from ocrportal.accounts.models import User
from ocrportal.usage.models import Call
from ocrportal.usage.periods import this_month


def calls_this_month(user: User) -> int:
    """The units that the cloud has billed for the user's calls since the month began.

    The month is a calendar month in the portal's time zone. Failures are not billed, and
    one call may be billed as several units.
    """
    calls = Call.objects.filter(user=user, day__gte=this_month().first)
    billed: int | None = calls.aggregate(billed=Sum("units"))["billed"]
    return billed or 0


def cap_reached(user: User, running: int = 0) -> bool:
    """True if the user must not start another call this month.

    ``running`` calls count as if they were billed.
    """
    cap = user.calls_per_month
    return cap is not None and calls_this_month(user) + running >= cap
