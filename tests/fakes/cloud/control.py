"""Control requests over HTTP, for a test cloud that runs as a program.

``POST /_control`` with ``{"do": "throttle.allow", "with": {"calls": 60}}`` calls a method of
the running cloud; ``GET /_control`` returns its ledger.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tests.fakes.cloud.request import Answer, Request

if TYPE_CHECKING:
    from tests.fakes.cloud.server import FakeCloud


class Controls:
    """Executes the control requests."""

    PATH = "/_control"

    def __init__(self, cloud: FakeCloud) -> None:
        self._cloud = cloud
        self._orders: dict[str, Callable[..., None]] = {
            "answers.answer_with": cloud.answers.answer_with,
            "clock.advance": cloud.clock.advance,
            "faults.fail": cloud.faults.fail,
            "faults.forget": cloud.faults.forget,
            "faults.misbehave": cloud.faults.misbehave,
            "faults.slow": cloud.faults.slow,
            "iam.change_password": self._change_password,
            "iam.expire_tokens": cloud.iam.expire_tokens,
            "iam.revoke_tokens": cloud.iam.revoke_tokens,
            "latency": self._set_latency,
            "throttle.allow": cloud.throttle.allow,
        }

    def answer(self, request: Request) -> Answer:
        """Execute a request; the status is 400 for an unknown operation."""
        if request.method == "GET":
            return Answer.of_json(200, self._state())
        try:
            order = json.loads(request.body)
            do = self._orders[order["do"]]
            do(**order.get("with", {}))
        except (ValueError, KeyError, TypeError) as error:
            return Answer.of_json(400, {"error": repr(error), "orders": sorted(self._orders)})
        return Answer.of_json(200, {})

    def _change_password(self, password: str) -> None:
        self._cloud.iam.change_password(self._cloud.user, password)

    def _set_latency(self, seconds: float) -> None:
        self._cloud.faults.latency_seconds = seconds

    def _state(self) -> dict[str, Any]:
        ledger = self._cloud.ledger
        return {
            "calls": [asdict(call) for call in list(ledger.calls)],
            "billed_twice": ledger.billed_twice(),
            "failed_sign_ins": len(ledger.failed_sign_ins),
            "refused_signatures": len(ledger.refused_signatures),
            "sign_ins": len(ledger.sign_ins),
            "throttled": ledger.throttled,
            "units": ledger.units,
            "most_at_once": ledger.most_at_once,
        }
