"""The most that a user may have billed in a calendar month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Sum

from ocrportal.usage.models import Call
from ocrportal.usage.periods import this_month

if TYPE_CHECKING:
    from ocrportal.accounts.models import User


def calls_this_month(user: User) -> int:
    """The units that the cloud bills for the user's calls since the month began.

    The month is a calendar month in the portal's time zone. Failures are not billed, and
    one call may be billed as several units.
    """
    calls = Call.objects.filter(user=user, day__gte=this_month().first)
    billed: int | None = calls.aggregate(billed=Sum("units"))["billed"]
    return billed or 0


def cap_reached(user: User, in_hand: int = 0) -> bool:
    """True if the user must not start another call this month.

    ``in_hand`` is the number of calls under way, which count as if they were billed.
    """
    cap = user.calls_per_month
    return cap is not None and calls_this_month(user) + in_hand >= cap
