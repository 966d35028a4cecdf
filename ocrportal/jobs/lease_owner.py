"""Names of threads that own leases, and whether the process behind a name still runs."""

from __future__ import annotations

import os
import socket
import threading
from functools import cache
from pathlib import Path


def lease_owner() -> str:
    """The name of the calling thread: ``host/pid namespace/pid/start time/thread id``."""
    return f"{_process_name(os.getpid())}/{threading.get_native_id()}"


def has_exited(owner: str) -> bool:
    """True if the process of this owner ran on this machine and has exited.

    False for processes of other machines and containers, which cannot be seen from here.
    """
    host, pid, start, _thread = owner.rsplit("/", 3)
    return host == _host() and _start_time(int(pid)) != start


@cache
def _process_name(pid: int) -> str:
    # Cached by process id, because a forked child inherits the cache.
    return f"{_host()}/{pid}/{_start_time(pid)}"


@cache
def _host() -> str:
    # The namespace of process ids distinguishes containers with the same host name.
    try:
        namespace = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        namespace = 0
    return f"{socket.gethostname()}/{namespace}"


def _start_time(pid: int) -> str | None:
    """When the process started, in clock ticks since boot; None if it does not exist.

    The start time distinguishes processes that got the same id one after the other. Systems
    without /proc always return ``"-"``, so that leases there end by time alone.
    """
    if not Path("/proc/self/stat").exists():
        return "-"
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The second field, the command in parentheses, may contain spaces and parentheses.
    fields = stat.rpartition(")")[2].split()
    state, start = fields[0], fields[19]
    return None if state == "Z" else start
