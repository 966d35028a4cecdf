"""The record of every request, every sign-in, and the billed units."""

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
    """The name of the authenticated user, or an empty string."""
    enterprise_project_id: str = ""
    sent: str = ""
    """``bytes``, ``url`` or ``options``."""
    picture: str = ""
    """SHA-256 of the picture."""
    options: dict[str, object] = field(default_factory=dict)
    """The body of the request without the bytes of the image."""
    status: int | None = None
    """None if the connection was cut."""
    code: str = ""
    why: str = ""
    """The exact reason of a refusal."""
    units: int = 0
    """The number of billed units."""


@dataclass(frozen=True)
class SignIn:
    """One attempt to get a token, or one verified signature."""

    who: str
    """Name of the user, or the access key."""
    refusal: str
    """Message of the refusal; empty if there was none."""
    at: float = field(default_factory=time.time)


class Ledger:
    """Written by the server, read by tests."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, int | None]] = []
        """Method, path and status of every request, in the order of the responses."""
        self.calls: list[Call] = []
        self.sign_ins: list[SignIn] = []
        self.signatures: list[SignIn] = []
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()

    @property
    def failed_sign_ins(self) -> list[SignIn]:
        """The refused sign-ins."""
        return [entry for entry in self.sign_ins if entry.refusal]

    @property
    def refused_signatures(self) -> list[SignIn]:
        return [entry for entry in self.signatures if entry.refusal]

    @property
    def units(self) -> int:
        """The total of billed units."""
        return sum(call.units for call in self.calls)

    @property
    def throttled(self) -> int:
        """The number of calls refused by the rate limit."""
        return sum(call.status == 429 for call in self.calls)

    def billed_twice(self) -> list[str]:
        """The SHA-256 of images that were billed more than once for the same service."""
        paid = Counter((call.service, call.picture) for call in self.calls if call.units)
        return [picture for (_, picture), times in paid.items() if times > 1 and picture]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Count a call as running within the context, for ``most_at_once``."""
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            yield
        finally:
            with self._lock:
                self._now -= 1
