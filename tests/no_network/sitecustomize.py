"""Block connections to other machines. Python imports this module if its folder is on PYTHONPATH.

Each attempt is appended to the file named by NETWORK_ATTEMPTS.
"""

import os
import socket
from typing import Any

HERE = ("127.", "::1", "localhost", "0.0.0.0")

_connect = socket.socket.connect
_getaddrinfo = socket.getaddrinfo


def _refuse(target: object) -> None:
    with open(os.environ["NETWORK_ATTEMPTS"], "a", encoding="utf-8") as file:
        file.write(f"{target}\n")
    raise OSError(101, "Network is unreachable")


def _connect_here(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(HERE):
        _refuse(address)
    return _connect(self, address)


def _resolve_here(host: Any, *args: Any, **kwargs: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else host
    if name and not name.startswith(HERE):
        _refuse(name)
    return _getaddrinfo(host, *args, **kwargs)


socket.socket.connect = _connect_here  # type: ignore[method-assign, assignment]  # replaced on purpose
socket.getaddrinfo = _resolve_here
