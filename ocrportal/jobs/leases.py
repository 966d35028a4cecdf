"""Claims: which worker works on a row, and what happens when its process dies.

A claim is the row's ``claimed_by`` and ``attempts`` together with a time until which it
holds. A process that is killed cannot give its claims back; the sweep sees that it is
gone (at once if it ran on this machine, after the time otherwise) and frees them.
"""

from __future__ import annotations

import os
import socket
import threading
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, QuerySet
from django.utils import timezone

from ocrportal.jobs.models.traits import Claimable

Row = TypeVar("Row", bound=Claimable)

MAX_ATTEMPTS = 5
"""A row whose worker died this often is the likely cause, and fails."""


def own_name() -> str:
    """The name under which this thread claims: ``host/space/pid/start/thread``."""
    return f"{_name_of(os.getpid())}/{threading.get_native_id()}"


@cache
def _name_of(pid: int) -> str:
    # Cached by process id: a forked child asks with its own.
    return f"{_host()}/{pid}/{_started(pid)}"


@cache
def _host() -> str:
    # The name space of process ids tells two containers with one host name apart.
    try:
        space = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        space = 0
    return f"{socket.gethostname()}/{space}"


def _started(pid: int) -> str | None:
    """When the process began, in clock ticks since boot; None if there is no such process.

    Only Linux tells; elsewhere it is always ``"-"``, and claims end by time alone.
    """
    if not Path("/proc/self/stat").exists():
        return "-"
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The second field, the command in brackets, may itself hold blanks and brackets.
    fields = stat.rpartition(")")[2].split()
    state, start = fields[0], fields[19]
    return None if state == "Z" else start


def is_gone(name: str) -> bool:
    """True if the process of that thread ran on this machine and has ended."""
    host, pid, start, _thread = name.rsplit("/", 3)
    return host == _host() and _started(int(pid)) != start


def claim(rows: QuerySet[Row], *, seconds: float, **changes: Any) -> bool:
    """Claim the one row of ``rows`` for this thread if it still fits the query.

    One conditional UPDATE that also sets ``changes``; False if another was quicker.
    """
    now = timezone.now()
    return bool(
        rows.update(
            claimed_by=own_name(),
            claimed_until=now + timedelta(seconds=seconds),
            attempts=F("attempts") + 1,
            updated_at=now,
            **changes,
        )
    )


def claim_seconds(limit: float | None = None) -> float:
    """How long a claim holds: longer than a task may run before its process is ended.

    ``limit`` is what the task may take, in seconds; by default that of a page.
    """
    return (limit or settings.PAGE_TIME_LIMIT_SECONDS) + 30


def held(row: Claimable) -> models.Q:
    """The condition that the claim under which ``row`` was loaded still holds."""
    return models.Q(pk=row.pk, claimed_by=row.claimed_by, attempts=row.attempts)


def lapsed(rows: QuerySet[Row]) -> list[Row]:
    """Those of the claimed ``rows`` whose process is gone or whose time is over."""
    now = timezone.now()
    return [
        row
        for row in rows
        if row.claimed_until is None or row.claimed_until < now or is_gone(row.claimed_by)
    ]
