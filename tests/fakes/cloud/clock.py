"""A clock that tests can put forward instead of waiting."""

from __future__ import annotations

import time


class Clock:
    """A monotonic clock with an adjustable offset."""

    def __init__(self) -> None:
        self._leapt = 0.0

    def now(self) -> float:
        """Seconds since an arbitrary start."""
        return time.monotonic() + self._leapt

    def advance(self, seconds: float) -> None:
        """Advance the time of lock-outs, tokens and rate limits by ``seconds``."""
        self._leapt += seconds
