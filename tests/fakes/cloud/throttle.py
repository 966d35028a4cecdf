"""How many calls a user may make of one service in a minute."""

from __future__ import annotations

from collections import defaultdict, deque

from tests.fakes.cloud.clock import Clock
from tests.fakes.cloud.refused import Refused

MESSAGE = (
    "The throttling threshold has been reached: policy user over ratelimit,"
    "limit:{limit},time:1 minute"
)


class Throttle:
    """A sliding window for each user and service; what is refused does not count."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._allowed: dict[str | None, int] = {}
        self._window_seconds = 60.0
        self._let_through: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def allow(
        self, calls: int, service: str | None = None, *, window_seconds: float = 60.0
    ) -> None:
        """From now on ``calls`` in the window, of one service or of each.

        A shorter window is for tests in a hurry; the refusal speaks of a minute all the same.
        """
        self._allowed[service] = calls
        self._window_seconds = window_seconds

    def pass_one(self, user: str, service: str) -> None:
        """Let a call through; raises Refused if it is one too many."""
        allowed = self._allowed.get(service, self._allowed.get(None))
        if allowed is None:
            return
        now, passed = self._clock.now(), self._let_through[user, service]
        while passed and passed[0] <= now - self._window_seconds:
            passed.popleft()
        if len(passed) >= allowed:
            raise Refused("APIG.0308", MESSAGE.format(limit=allowed))
        passed.append(now)
