"""Leases: which worker owns a row of work, and what happens when its process exits.

A worker leases a queued row with one conditional UPDATE. Every later write repeats the condition
that the worker still owns the row, so that a row that was cancelled, deleted or leased by another
worker meanwhile is not changed. A worker that is killed cannot release its rows:
:func:`requeue_stale` does so, immediately if the process ran on this machine and has exited,
otherwise once the lease has expired.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from ocrportal.errors.base import PortalError
from ocrportal.jobs.lease_owner import has_exited, lease_owner
from ocrportal.jobs.models import Leased

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Leased)

MAX_ATTEMPTS = 5
"""Leases of a row after which it fails, because it is likely what makes the workers exit."""


def lease_seconds(time_limit: float | None = None) -> float:
    """The duration of a lease, in seconds: longer than the time limit of its task.

    ``time_limit`` is that limit, by default the one of a page.
    """
    return (time_limit or settings.PAGE_TIME_LIMIT_SECONDS) + 30


def lease_next(queued: QuerySet[Row], *, seconds: float) -> Row | None:
    """Lease the first of the ``queued`` rows for this thread; None if there is none."""
    while (row := queued.first()) is not None:
        leased = lease(row, seconds=seconds)
        if leased is not None:
            return leased
    return None


def lease(row: Row, *, seconds: float) -> Row | None:
    """Lease one row for this thread and return it, loaded again with its ``RELATED`` rows.

    None if it is not queued any more.
    """
    now = timezone.now()
    rows = _rows(row).filter(pk=row.pk)
    if not rows.filter(Q(status=row.QUEUED)).update(
        status=row.LEASED,
        lease_owner=lease_owner(),
        lease_expires_at=now + timedelta(seconds=seconds),
        attempts=F("attempts") + 1,
        updated_at=now,
    ):
        return None
    return rows.select_related(*row.RELATED).first()


def check_attempts(row: Leased) -> None:
    """Raise the row's ``ABANDONED`` error if too many of its leases were not released."""
    if row.attempts > MAX_ATTEMPTS:
        raise row.ABANDONED(attempts=MAX_ATTEMPTS)


def owned_by(row: Leased) -> Q:
    """The condition that the lease under which ``row`` was loaded has not been replaced."""
    return Q(pk=row.pk, lease_owner=row.lease_owner, attempts=row.attempts)


def owned(row: Row) -> QuerySet[Row]:
    """The row while the lease under which it was loaded holds; empty otherwise."""
    return _rows(row).filter(owned_by(row), Q(status=row.LEASED))


def update_owned(row: Leased, **changes: Any) -> bool:
    """Write these fields; False, without a change, if the row is not owned any more.

    The functions below return the same.
    """
    return bool(owned(row).update(updated_at=timezone.now(), **changes))


def renew(row: Leased, *, seconds: float, **changes: Any) -> bool:
    """Extend the lease to ``seconds`` from now."""
    expires = timezone.now() + timedelta(seconds=seconds)
    return update_owned(row, lease_expires_at=expires, **changes)


def release(row: Leased, **changes: Any) -> bool:
    """Return the row to the queue. The attempt does not count, because its worker is alive."""
    return end(row, row.QUEUED, attempts=0, **changes)


def fail(row: Leased, error: PortalError, **changes: Any) -> bool:
    """End the lease with this error."""
    return end(row, "failed", error_code=error.code, error_params=error.params, **changes)


def end(row: Leased, status: str, **changes: Any) -> bool:
    """End the lease with this status."""
    return update_owned(row, status=status, lease_expires_at=None, **changes)


def requeue_stale(model: type[Row]) -> list[Row]:
    """Return the leased rows of exited workers to the queue; those that were returned."""
    leased = model._default_manager.filter(Q(status=model.LEASED))
    requeued = [row for row in expired(leased) if end(row, row.QUEUED)]
    for row in requeued:
        logger.warning(
            "%s %s requeued, was leased by %s", row._meta.model_name, row.pk, row.lease_owner
        )
    return requeued


def expired(rows: QuerySet[Row]) -> list[Row]:
    """Those of the owned ``rows`` whose process has exited or whose lease has expired."""
    now = timezone.now()
    return [
        row
        for row in rows
        if row.lease_expires_at is None or row.lease_expires_at < now or has_exited(row.lease_owner)
    ]


def _rows(row: Row) -> QuerySet[Row]:
    return type(row)._default_manager.all()
