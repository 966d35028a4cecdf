"""The rate limit of calls per user and service."""

from __future__ import annotations

from collections import defaultdict, deque

from tests.fakes.cloud.clock import Clock
from tests.fakes.cloud.refused import Refused

MESSAGE = (
    "The throttling threshold has been reached: policy user over ratelimit,"
    "limit:{limit},time:1 minute"
)


class Throttle:
    """A sliding window for each user and service; refused calls do not count."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._allowed: dict[str | None, int] = {}
        self._window_seconds = 60.0
        self._let_through: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def allow(
        self, calls: int, service: str | None = None, *, window_seconds: float = 60.0
    ) -> None:
        """Allow ``calls`` in the window, for one service or for each.

        A shorter window makes tests faster; the error message always names a minute.
        """
        self._allowed[service] = calls
        self._window_seconds = window_seconds

    def pass_one(self, user: str, service: str) -> None:
        """Count a call; raises Refused if it exceeds the limit."""
        allowed = self._allowed.get(service, self._allowed.get(None))
        if allowed is None:
            return
        now, passed = self._clock.now(), self._let_through[user, service]
        while passed and passed[0] <= now - self._window_seconds:
            passed.popleft()
        if len(passed) >= allowed:
            raise Refused("APIG.0308", MESSAGE.format(limit=allowed))
        passed.append(now)
