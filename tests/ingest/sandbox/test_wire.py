import json
import socket
import struct
from pathlib import Path
from typing import Any

import pytest

from ocrportal.ingest.base import PageImage
from ocrportal.ingest.sandbox.wire import ConnectionClosed, pack, receive, send, unpack
from ocrportal.results import Line, PageResult

LINE = Line("文字", ((1.25, 2), (3, 2), (3, 4), (1.25, 4)), 0.99)
PAGE = PageImage(
    b"\0picture", "jpg", 30, 20, 71.99, b"small", PageResult(30, 20, (LINE,), raw={"a": [1]}), 1.5
)


def there_and_back(value: Any) -> Any:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        send(ours, *pack(value))
        return unpack(*receive(theirs, 1000))


@pytest.mark.parametrize(
    "value", [None, True, 3, 2.5, "é", b"", b"\0\xff", [1, [2]], (1, (b"2",)), {"a": {2: b"3"}},
              Path("/a/b"), PAGE, LINE]
)  # fmt: skip
def test_a_value_arrives_as_it_was_sent(value: object) -> None:
    arrived = there_and_back(value)
    assert arrived == value
    assert type(arrived) is type(value)


@pytest.mark.parametrize("value", [object(), len, {1, 2}, 1j, pytest])
def test_other_values_are_not_sent(value: object) -> None:
    with pytest.raises(TypeError):
        pack(value)


@pytest.mark.parametrize(
    "value",
    [
        {"class": ["os", "system"], "fields": {"command": "true"}},
        {"class": ["subprocess", "Popen"], "fields": {"args": "true"}},
        {"class": ["ocrportal.ingest.base", "PageSource"], "fields": {}},
        {"class": ["ocrportal.ingest.base", "PageResult"], "fields": {}},
        {"class": ["ocrportal.ingest.base", "check_page_number"], "fields": {}},
        {"class": ["ocrportal.results", "Line"], "fields": {"no": 1}},
        {"class": ["ocrportal.results", 3], "fields": {}},
        {"class": "ocrportal", "fields": {}},
        {"bytes": 0},
        {"bytes": "0"},
        {"path": 3},
        {"dict": [[1]]},
        {"dict": [[[], 1]]},
        {"something": "else"},
    ],
)
def test_a_response_becomes_plain_values_and_dataclasses_of_the_portal_only(value: object) -> None:
    with pytest.raises(ConnectionClosed):
        unpack({"value": value}, [])


@pytest.mark.parametrize(
    "message",
    [
        struct.pack("!II", 2**32 - 1, 0),
        struct.pack("!II", 2, 1001) + b"{}",
        struct.pack("!II", 2, 0) + b"{}",
        struct.pack("!II", 2, 0) + b"[]",
        struct.pack("!II", 2, 0) + b"\xff\xff",
        struct.pack("!II", 13, 0) + b'{"blobs":"a"}',
        struct.pack("!II", 13, 0) + b'{"blobs":[1]}',
        struct.pack("!II", 16, 0) + b'{"blobs":[1,-1]}',
        struct.pack("!II", 40000, 0) + b"[" * 40000,
        struct.pack("!II", 20, 0) + b"cut off",
        b"",
    ],
)
def test_a_malformed_message_closes_the_connection(message: bytes) -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        with ours:
            ours.sendall(message)
        with pytest.raises(ConnectionClosed):
            receive(theirs, 1000)


def test_a_late_message_raises_a_timeout() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(struct.pack("!II", 20, 0) + json.dumps({}).encode())
        with pytest.raises(TimeoutError):
            receive(theirs, 1000, deadline=0)
