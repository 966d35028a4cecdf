"""A request and its response."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """What the client sent."""

    method: str
    target: str
    """Path and query as they were sent."""
    headers: Mapping[str, str]
    """As they were sent."""
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def header(self, name: str) -> str:
        """The value of a header, its name in any case; empty if it was not sent."""
        values = (value for sent, value in self.headers.items() if sent.lower() == name.lower())
        return next(values, "")


@dataclass(frozen=True)
class Answer:
    """What the server sends back."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    sent_bytes: int | None = None
    """The number of bytes of the body that are sent before the connection is cut; None for all."""

    @classmethod
    def of_json(cls, status: int, content: Any, headers: dict[str, str] | None = None) -> Answer:
        body = json.dumps(content, ensure_ascii=False).encode()
        return cls(status, body, headers=headers or {})
