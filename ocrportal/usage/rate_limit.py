"""Rate limits: all workers together call a service no faster than allowed.

The cloud publishes no figures: the limit depends on user and service, and changes. So a
credential without a configured rate starts with its limit of concurrent calls alone, and
adopts the rate that the first throttled call states (APIG.0308, ``limit:XX``).

A rate applies to a sliding minute, so that it holds however the cloud counts its minutes.
Half of a minute's calls may start at once, so that a few pages need not wait; the rest are
spaced out, because other programs may use the same account.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ocrportal.accounts.models import Credential, User
from ocrportal.accounts.suspensions import suspension_of
from ocrportal.errors.engine import CallCapReached
from ocrportal.usage.caps import cap_reached
from ocrportal.usage.models import CallSlot, RateLimit

MINUTE = dt.timedelta(seconds=60)
SHARE = 0.97
"""Of the calls allowed per minute: a call may reach the cloud a moment after it was counted
here, so that the last call of one minute and the first of the next are closer together."""
SPACING = 0.9
"""Time between two spaced calls, as a share of a minute divided by the allowed calls. Less
than 1, because a call never starts exactly when it may."""
RATE_VALID_FOR = dt.timedelta(hours=1)
"""A rate that the cloud stated expires after this time, since it changes."""
BUSY_SECONDS = 0.25
"""How long to wait before checking again for the end of a running call."""
PAUSE_SECONDS = (2.0, 5.0)
"""Pause after a throttled call, as the provider advises; random, so that workers that were
throttled together do not retry together."""


@dataclass(frozen=True, slots=True)
class Wait:
    """No call may start now; ask again in this many seconds."""

    seconds: float


def acquire_slot(
    *,
    credential: Credential,
    service: str,
    user: User,
    lasts_seconds: float,
    page_id: int | None = None,
) -> CallSlot | Wait:
    """Acquire the right to make one call now, for at most ``lasts_seconds``.

    While calls with the credential are suspended, the wait is infinite (``inf``). Raises
    CallCapReached if ``user`` has no calls left this month.
    """
    limit, _ = RateLimit.objects.get_or_create(credential=credential, service=service)
    with transaction.atomic():
        # All rows are locked, since an unverified credential makes one call in total.
        limits = RateLimit.objects.select_for_update().filter(credential=credential).order_by("pk")
        limit = next(row for row in limits if row.pk == limit.pk)
        # Read under the lock: the previous call may have verified the credential.
        credential.refresh_from_db(fields=["verified_at"])
        now = timezone.now()
        wait = _wait(limit, credential, now)
        # Checked after the slots: a call that ended has stored its suspension before.
        if suspension_of(credential.pk, service) is not None:
            return Wait(float("inf"))
        if wait > 0:
            return Wait(wait)
        _check_cap(user)
        over = Q(ended=True) | Q(ends_by__lt=now)
        CallSlot.objects.filter(over, rate_limit=limit, started_at__lt=now - MINUTE).delete()
        return CallSlot.objects.create(
            rate_limit=limit,
            user=user,
            page_id=page_id,
            started_at=now,
            ends_by=now + dt.timedelta(seconds=lasts_seconds),
        )


def end_call(slot: CallSlot) -> None:
    """Mark the call as over, so that another may start."""
    CallSlot.objects.filter(pk=slot.pk).update(ended=True)


def end_calls_for(page_id: int) -> None:
    """Mark all calls for this page as over: the process that made them has exited."""
    CallSlot.objects.filter(page_id=page_id, ended=False).update(ended=True)


def release(slot: CallSlot) -> None:
    """Delete a slot for which no call was made; it does not count."""
    slot.delete()


def record_throttle(slot: CallSlot, calls_per_minute: int) -> None:
    """Record that the cloud throttled this slot's call.

    ``calls_per_minute`` is the limit that it stated, 0 if it stated none.
    """
    now = timezone.now()
    pause = random.uniform(*PAUSE_SECONDS)  # noqa: S311  # spreads load, guards no secret
    changes: dict[str, object] = {"blocked_until": now + dt.timedelta(seconds=pause)}
    if calls_per_minute:
        changes |= {"calls_per_minute": calls_per_minute, "stated_at": now}
    RateLimit.objects.filter(pk=slot.rate_limit_id).update(**changes)


def limiting_rate(credential: Credential, service: str, calls: int) -> int | None:
    """Calls per minute if that rate makes ``calls`` more calls wait; None otherwise."""
    limit = RateLimit.objects.filter(credential=credential, service=service).first()
    now = timezone.now()
    rate = limit and _rate(limit, credential, now)
    if not rate:
        return None
    recent = CallSlot.objects.filter(rate_limit=limit, started_at__gt=now - MINUTE).count()
    return rate if recent + calls > _at_once(rate) else None


def _wait(limit: RateLimit, credential: Credential, now: dt.datetime) -> float:
    """Estimated seconds until the next call may start; 0 if it may start now."""
    running = CallSlot.objects.filter(ended=False, ends_by__gt=now)
    if credential.verified_at is None:
        busy = running.filter(rate_limit__credential=credential).exists()
    else:
        busy = running.filter(rate_limit=limit).count() >= credential.calls_at_once
    blocked = limit.blocked_until - now if limit.blocked_until else dt.timedelta()
    return max(
        BUSY_SECONDS if busy else 0.0,
        blocked.total_seconds(),
        _wait_for_rate(limit, credential, now),
    )


def _wait_for_rate(limit: RateLimit, credential: Credential, now: dt.datetime) -> float:
    rate = _rate(limit, credential, now)
    if rate is None:
        return 0.0
    allowed = _allowed(rate)
    slots = CallSlot.objects.filter(rate_limit=limit, started_at__gt=now - MINUTE)
    recent = slots.order_by("-started_at")
    starts = list(recent.values_list("started_at", flat=True)[:allowed])
    if len(starts) >= allowed:
        return (starts[-1] + MINUTE - now).total_seconds()
    if len(starts) >= _at_once(rate):
        return (starts[0] + SPACING * MINUTE / rate - now).total_seconds()
    return 0.0


def _allowed(rate: int) -> int:
    return max(int(rate * SHARE), 1)


def _at_once(rate: int) -> int:
    """How many of a minute's calls may start before they are spaced out."""
    return _allowed(rate) // 2 + 1


def _rate(limit: RateLimit, credential: Credential, now: dt.datetime) -> int | None:
    """Calls per minute: the lower of the configured rate and the one the cloud stated lately."""
    rates = [credential.calls_per_minute]
    if limit.stated_at and limit.stated_at > now - RATE_VALID_FOR:
        rates.append(limit.calls_per_minute)
    return min((rate for rate in rates if rate), default=None)


def _check_cap(user: User) -> None:
    if user.calls_per_month is None:
        return
    # Locked, so that only one worker starts the last call of the month.
    User.objects.select_for_update().get(pk=user.pk)
    slots = CallSlot.objects.filter(user=user, ended=False, ends_by__gt=timezone.now())
    if cap_reached(user, running=slots.count()):
        raise CallCapReached(cap=user.calls_per_month)
