"""What the cloud saw: every request, every sign-in, and what is billed."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Call:
    """One request to an OCR service."""

    service: str
    path: str
    at: float = field(default_factory=time.time)
    """Seconds since 1970, like those of a sign-in."""
    caller: str = ""
    """Name of the user who was recognised; empty if none was."""
    enterprise_project_id: str = ""
    sent: str = ""
    """``bytes``, ``url`` or ``options``."""
    picture: str = ""
    """SHA-256 of the picture."""
    options: dict[str, object] = field(default_factory=dict)
    """All of the request's body but the picture's bytes."""
    status: int | None = None
    """None if the connection was cut."""
    code: str = ""
    why: str = ""
    """What exactly was wrong with a request that was refused."""
    units: int = 0
    """Billed."""


@dataclass(frozen=True)
class SignIn:
    """One try to get a token, or one signature that was verified."""

    who: str
    """Name of the user, or the access key."""
    refusal: str
    """Message of the refusal; empty if there was none."""
    at: float = field(default_factory=time.time)


class Ledger:
    """Written by the server, read by tests."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, int | None]] = []
        """Method, path and status of every request to whichever part, in order of the answers."""
        self.calls: list[Call] = []
        self.sign_ins: list[SignIn] = []
        self.signatures: list[SignIn] = []
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()

    @property
    def failed_sign_ins(self) -> list[SignIn]:
        """Passwords that were refused, for whatever reason."""
        return [entry for entry in self.sign_ins if entry.refusal]

    @property
    def refused_signatures(self) -> list[SignIn]:
        return [entry for entry in self.signatures if entry.refusal]

    @property
    def units(self) -> int:
        """All that is billed."""
        return sum(call.units for call in self.calls)

    @property
    def throttled(self) -> int:
        """Calls that were refused as too many."""
        return sum(call.status == 429 for call in self.calls)

    def billed_twice(self) -> list[str]:
        """Pictures that were billed more than once for the same service, by their SHA-256."""
        paid = Counter((call.service, call.picture) for call in self.calls if call.units)
        return [picture for (_, picture), times in paid.items() if times > 1 and picture]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While a call is in work, so that ``most_at_once`` can be known."""
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            yield
        finally:
            with self._lock:
                self._now -= 1
