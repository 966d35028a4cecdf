"""Turns: all workers together call a service no faster than it, and the admin, allow.

The cloud publishes no figures: what it allows is per user and service, and changes. So a
credential without a rate of its own starts with its number of calls at the same time
alone, and learns the rate from the first refusal that tells one (APIG.0308, ``limit:XX``).

A rate is kept over a sliding minute, so that it holds whichever way the cloud counts its
minutes. Half of a minute's calls may go at once, so that a few pages need not wait; the
rest are spread out, since others may use the same account.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ocrportal.errors import CallCapReached
from ocrportal.usage.caps import cap_reached
from ocrportal.usage.models import Pace, Turn
from ocrportal.usage.suspensions import hold_on

if TYPE_CHECKING:
    from ocrportal.accounts.models import Credential, User

MINUTE = dt.timedelta(seconds=60)
SHARE = 0.97
"""Of the calls allowed a minute: a call may reach the cloud a moment later than it was
counted here, so that the next minute's first and this one's last come closer together."""
SPACING = 0.9
"""Of a minute divided by the calls allowed in it: between two calls that are spread out. No
more, since a call never starts at the very moment at which it may."""
LEARNED_FOR = dt.timedelta(hours=1)
"""What the cloud told of its rate is forgotten after this time, since it changes."""
BUSY_SECONDS = 0.25
"""When to look again for the end of one of the calls under way."""
PAUSE_SECONDS = (2.0, 5.0)
"""Pause after a throttled call, as the provider advises; random, so that workers that were
throttled together do not retry together."""


@dataclass(frozen=True, slots=True)
class Wait:
    """No call may start now; ask again in this many seconds."""

    seconds: float


def start_turn(
    *,
    credential: Credential,
    service: str,
    user: User,
    lasts_seconds: float,
    page_id: int | None = None,
) -> Turn | Wait:
    """Get the right to make one call now, for at most ``lasts_seconds``.

    A held credential is waited for without end (``inf``): only somebody can mend it.
    Raises CallCapReached if ``user`` has no calls left this month.
    """
    pace, _ = Pace.objects.get_or_create(credential=credential, service=service)
    with transaction.atomic():
        # Locked in full, since a credential that is not proven makes one call in all.
        paces = Pace.objects.select_for_update().filter(credential=credential).order_by("pk")
        pace = next(row for row in paces if row.pk == pace.pk)
        # Only now: the call before may have shown what the credential is worth.
        credential.refresh_from_db(fields=["proven_at"])
        now = timezone.now()
        wait = _wait(pace, credential, now)
        # After the turns were looked at: one that ended has left its hold before.
        if hold_on(credential.pk, service) is not None:
            return Wait(float("inf"))
        if wait > 0:
            return Wait(wait)
        _check_cap(user)
        over = Q(ended=True) | Q(ends_by__lt=now)
        Turn.objects.filter(over, pace=pace, started_at__lt=now - MINUTE).delete()
        return Turn.objects.create(
            pace=pace,
            user=user,
            page_id=page_id,
            started_at=now,
            ends_by=now + dt.timedelta(seconds=lasts_seconds),
        )


def end_turn(turn: Turn) -> None:
    """Say that the call is over, so that another may start."""
    Turn.objects.filter(pk=turn.pk).update(ended=True)


def end_turns_for(page_id: int) -> None:
    """Say that nobody calls for this page any more: the process that did is gone."""
    Turn.objects.filter(page_id=page_id, ended=False).update(ended=True)


def give_back(turn: Turn) -> None:
    """Say that no call was made after all."""
    turn.delete()


def learn(turn: Turn, calls_per_minute: int) -> None:
    """Heed that the cloud refused this turn's call for the number of calls.

    ``calls_per_minute`` is how many it said it allows, 0 if it did not say.
    """
    now = timezone.now()
    pause = random.uniform(*PAUSE_SECONDS)  # noqa: S311  # spreads load, guards no secret
    changes: dict[str, object] = {"blocked_until": now + dt.timedelta(seconds=pause)}
    if calls_per_minute:
        changes |= {"calls_per_minute": calls_per_minute, "learned_at": now}
    Pace.objects.filter(pk=turn.pace_id).update(**changes)


def rate_that_slows(credential: Credential, service: str, calls: int) -> int | None:
    """Calls a minute, if that is what so many ``calls`` have to wait for; None if not."""
    pace = Pace.objects.filter(credential=credential, service=service).first()
    now = timezone.now()
    rate = pace and _rate(pace, credential, now)
    if not rate:
        return None
    recent = Turn.objects.filter(pace=pace, started_at__gt=now - MINUTE).count()
    return rate if recent + calls > _at_once(rate) else None


def _wait(pace: Pace, credential: Credential, now: dt.datetime) -> float:
    """Seconds until the next call may start, as far as one can say; 0 for now."""
    under_way = Turn.objects.filter(ended=False, ends_by__gt=now)
    if credential.proven_at is None:
        busy = under_way.filter(pace__credential=credential).exists()
    else:
        busy = under_way.filter(pace=pace).count() >= credential.calls_at_once
    blocked = pace.blocked_until - now if pace.blocked_until else dt.timedelta()
    return max(
        BUSY_SECONDS if busy else 0.0,
        blocked.total_seconds(),
        _wait_for_rate(pace, credential, now),
    )


def _wait_for_rate(pace: Pace, credential: Credential, now: dt.datetime) -> float:
    rate = _rate(pace, credential, now)
    if rate is None:
        return 0.0
    allowed = _allowed(rate)
    recent = Turn.objects.filter(pace=pace, started_at__gt=now - MINUTE).order_by("-started_at")
    starts = list(recent.values_list("started_at", flat=True)[:allowed])
    if len(starts) >= allowed:
        return (starts[-1] + MINUTE - now).total_seconds()
    if len(starts) >= _at_once(rate):
        return (starts[0] + SPACING * MINUTE / rate - now).total_seconds()
    return 0.0


def _allowed(rate: int) -> int:
    return max(int(rate * SHARE), 1)


def _at_once(rate: int) -> int:
    """How many of a minute's calls may go before they are spread out."""
    return _allowed(rate) // 2 + 1


def _rate(pace: Pace, credential: Credential, now: dt.datetime) -> int | None:
    """Calls a minute: the lower of what the admin set and what the cloud told lately."""
    rates = [credential.calls_per_minute]
    if pace.learned_at and pace.learned_at > now - LEARNED_FOR:
        rates.append(pace.calls_per_minute)
    return min((rate for rate in rates if rate), default=None)


def _check_cap(user: User) -> None:
    if user.calls_per_month is None:
        return
    # Locked, so that the last call of the month is given to one worker only.
    get_user_model().objects.select_for_update().get(pk=user.pk)
    in_hand = Turn.objects.filter(user=user, ended=False, ends_by__gt=timezone.now()).count()
    if cap_reached(user, in_hand):
        raise CallCapReached(cap=user.calls_per_month)
