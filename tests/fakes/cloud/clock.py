"""A clock that tests can put forward instead of waiting."""

from __future__ import annotations

import time


class Clock:
    """Seconds that pass as always, and by leaps when asked."""

    def __init__(self) -> None:
        self._leapt = 0.0

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic() + self._leapt

    def advance(self, seconds: float) -> None:
        """For lock-outs, tokens and the allowance of calls, this much time has passed."""
        self._leapt += seconds
