"""Faults on demand: error responses and network faults."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from tests.fakes.cloud.refused import Refused
from tests.fakes.cloud.request import Answer

Part = Literal["sign-in", "projects", "ocr"]
Misbehaviour = Literal["reset", "truncate", "html", "empty", "hang"]
_HTML = b"<html><head><title>Sign in to this network</title></head><body>Please wait</body></html>"


class ConnectionCut(Exception):
    """The connection is reset instead of answered."""


@dataclass
class _Fault:
    part: Part
    service: str | None
    times: int
    error: tuple[str, str, int | None] | None = None
    """Code, message and status."""
    kind: Misbehaviour | None = None
    status: int | None = None
    seconds: float = 0.0

    def concerns(self, part: Part, service: str | None) -> bool:
        return self.times > 0 and self.part == part and self.service in (None, service)


class Faults:
    """The planned faults of the next requests, in the order of their planning."""

    def __init__(self) -> None:
        self.latency_seconds = 0.0
        """The delay of every call to an OCR service."""
        self._planned: list[_Fault] = []
        self._closing = threading.Event()
        self._lock = threading.Lock()

    def fail(
        self,
        code: str,
        message: str = "",
        status: int | None = None,
        *,
        times: int = 1,
        service: str | None = None,
        part: Part | None = None,
    ) -> None:
        """The next ``times`` requests are refused with this error.

        Message and status are the catalogue's if left out. The errors of IAM occur
        at the sign-in by default; ``part`` selects another IAM call or the gateway.
        """
        default: Part = "sign-in" if code.startswith("IAM") else "ocr"
        self._plan(_Fault(part or default, service, times, error=(code, message, status)))

    def misbehave(
        self,
        kind: Misbehaviour,
        *,
        times: int = 1,
        service: str | None = None,
        status: int | None = None,
        part: Part = "ocr",
    ) -> None:
        """The next ``times`` requests get an invalid response.

        ``reset`` cuts the connection, ``truncate`` cuts the response in the middle (the call
        is billed), ``html`` is the page of a proxy (``status`` 200), ``empty`` is a response
        without body (502), ``hang`` no response.
        """
        self._plan(_Fault(part, service, times, kind=kind, status=status))

    def slow(
        self, seconds: float, *, times: int = 1, service: str | None = None, part: Part = "ocr"
    ) -> None:
        """The next ``times`` requests are answered after a delay."""
        self._plan(_Fault(part, service, times, seconds=seconds))

    def forget(self) -> None:
        """Remove all planned faults."""
        with self._lock:
            self._planned.clear()

    def close(self) -> None:
        """End all delays."""
        self._closing.set()

    def around(self, part: Part, service: str | None, work: Callable[[], Answer]) -> Answer:
        """The response of ``work``, unless a fault is planned.

        Raises Refused, ConnectionCut, and what ``work`` raises.
        """
        if part == "ocr" and self.latency_seconds:
            self._closing.wait(self.latency_seconds)
        fault = self._take(part, service)
        if fault is None:
            return work()
        if fault.seconds:
            self._closing.wait(fault.seconds)
        if fault.error is not None:
            raise Refused(*fault.error)
        match fault.kind:
            case "hang":
                self._closing.wait()
                raise ConnectionCut
            case "reset":
                raise ConnectionCut
            case "html":
                return Answer(fault.status or 200, _HTML, "text/html; charset=utf-8")
            case "empty":
                return Answer(fault.status or 502, b"")
        answer = work()
        cut = len(answer.body) // 2 if fault.kind == "truncate" else None
        return replace(answer, sent_bytes=cut)

    def _plan(self, fault: _Fault) -> None:
        with self._lock:
            self._planned.append(fault)

    def _take(self, part: Part, service: str | None) -> _Fault | None:
        with self._lock:
            found = next((one for one in self._planned if one.concerns(part, service)), None)
            if found is not None:
                found.times -= 1
            return found
