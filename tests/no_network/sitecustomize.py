"""Python imports this module at its start if the folder is on PYTHONPATH.

From then on the process reaches this machine alone, and every attempt to reach another
is written to the file that NETWORK_ATTEMPTS names.
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


socket.socket.connect = _connect_here  # type: ignore[method-assign, assignment]  # that is the aim
socket.getaddrinfo = _resolve_here
