"""Work counted in calls of functions, which is the same on every machine."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable


def calls(work: Callable[[], object]) -> int:
    """How many functions are called while ``work`` runs."""
    count: Counter[str] = Counter()
    sys.setprofile(lambda frame, event, argument: count.update((event,)))
    try:
        work()
    finally:
        sys.setprofile(None)
    return count["call"] + count["c_call"]
