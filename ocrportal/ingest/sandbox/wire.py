"""The messages between a worker and the processes that read users' files for it.

A request is pickled, since the worker is trusted. A response is not, since a hostile file may
control the process that sends it: a response is JSON and raw bytes, which can only become plain
values, paths and dataclasses of the portal.
"""

from __future__ import annotations

import dataclasses
import json
import socket
import struct
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

READY = b"ready"
"""What the fork server sends once it has imported the readers."""
FORK = struct.Struct("!Q")
"""The request for a process: its memory limit in bytes. Its two sockets are attached."""
EXITED = struct.Struct("!iQ")
"""How a process exited: its status from ``waitpid`` and its peak memory in bytes."""

_HEAD = struct.Struct("!II")
"""The lengths of the JSON and of the raw bytes that follow."""
_MAX_JSON = 64 * 2**20


class ConnectionClosed(Exception):
    """The other side has closed the connection or has sent a malformed message."""


def send(
    connection: socket.socket, answer: dict[str, Any], blobs: Sequence[bytes | memoryview] = ()
) -> None:
    """Send one message: JSON values, and the bytes that JSON cannot hold."""
    head = json.dumps({**answer, "blobs": [len(blob) for blob in blobs]}).encode()
    connection.sendall(_HEAD.pack(len(head), sum(len(blob) for blob in blobs)) + head)
    for blob in blobs:
        connection.sendall(blob)


def receive(
    connection: socket.socket, max_bytes: int, deadline: float | None = None
) -> tuple[dict[str, Any], list[memoryview]]:
    """Return the next message, with at most ``max_bytes`` of raw bytes.

    Raises ConnectionClosed, and TimeoutError at ``deadline`` (``time.monotonic``).
    """
    json_length, blob_length = _HEAD.unpack(_read(connection, _HEAD.size, deadline))
    if json_length > _MAX_JSON or blob_length > max_bytes:
        raise ConnectionClosed
    try:
        answer = json.loads(bytes(_read(connection, json_length, deadline)))
        lengths = [int(length) for length in answer.pop("blobs")]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ConnectionClosed from error
    if min(lengths, default=0) < 0 or sum(lengths) != blob_length:
        raise ConnectionClosed
    rest = _read(connection, blob_length, deadline)
    blobs = []
    for length in lengths:
        blobs.append(rest[:length])
        rest = rest[length:]
    return answer, blobs


def _read(connection: socket.socket, length: int, deadline: float | None) -> memoryview:
    data = memoryview(bytearray(length))
    filled = 0
    while filled < length:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            connection.settimeout(left)
        try:
            received = connection.recv_into(data[filled:])
        except ConnectionError as error:
            raise ConnectionClosed from error
        if not received:
            raise ConnectionClosed
        filled += received
    return data


def pack(value: Any) -> tuple[dict[str, Any], list[bytes | memoryview]]:
    """Return a value as the parts of a message; TypeError for types that have no form in it."""
    blobs: list[bytes | memoryview] = []
    return {"value": _packed(value, blobs)}, blobs


def _packed(value: Any, blobs: list[bytes | memoryview]) -> Any:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case bytes():
            blobs.append(value)
            return {"bytes": len(blobs) - 1}
        case Path():
            return {"path": str(value)}
        case list():
            return [_packed(entry, blobs) for entry in value]
        case tuple():
            return {"tuple": [_packed(entry, blobs) for entry in value]}
        case dict():
            return {"dict": [[_packed(part, blobs) for part in item] for item in value.items()]}
    if not dataclasses.is_dataclass(value):
        raise TypeError(f"{type(value).__name__} cannot be sent")
    kind = type(value)
    content = {
        entry.name: _packed(getattr(value, entry.name), blobs)
        for entry in dataclasses.fields(value)
    }
    return {"class": [kind.__module__, kind.__name__], "fields": content}


def unpack(answer: dict[str, Any], blobs: Sequence[memoryview]) -> Any:
    """Return the value of a message; ConnectionClosed if the message is malformed."""
    try:
        return _unpacked(answer["value"], blobs)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise ConnectionClosed from error


def _unpacked(value: Any, blobs: Sequence[memoryview]) -> Any:
    match value:
        case list():
            return [_unpacked(entry, blobs) for entry in value]
        case {"bytes": number}:
            return bytes(blobs[number])
        case {"path": text}:
            return Path(text)
        case {"tuple": entries}:
            return tuple(_unpacked(entry, blobs) for entry in entries)
        case {"dict": items}:
            return dict(_unpacked(item, blobs) for item in items)
        case {"class": [module, name], "fields": content}:
            return _dataclass(module, name)(
                **{entry: _unpacked(part, blobs) for entry, part in content.items()}
            )
        case dict():
            raise TypeError
    return value


def _dataclass(module: str, name: str) -> Any:
    """A dataclass of the portal that is already imported; no module is imported here."""
    kind = getattr(sys.modules[module], name)
    ours = module.startswith("ocrportal.") and kind.__module__ == module
    if not (ours and isinstance(kind, type) and dataclasses.is_dataclass(kind)):
        raise TypeError
    return kind
