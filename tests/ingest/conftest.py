"""DNS answers from a table."""

import socket

import pytest


@pytest.fixture
def name_server(monkeypatch):
    """A table of names and their IP addresses; other names are unknown.

    A list of lists has one answer per query; the last one is repeated.
    """
    table: dict[str, list] = {}

    def look_up(host, port, *args, **kwargs):
        answer = table.get(host.rstrip(".").lower())
        if answer is None:
            if host.rstrip(".") != "localhost":
                kwargs["flags"] = socket.AI_NUMERICHOST
            return system(host, port, *args, **kwargs)
        if kwargs.get("flags", 0) & socket.AI_NUMERICHOST:
            raise socket.gaierror(socket.EAI_NONAME, "not an IP address")
        ips = answer
        if isinstance(answer[0], list):
            ips = answer.pop(0) if len(answer) > 1 else answer[0]
        return [found for ip in ips for found in system(ip, port, *args, **kwargs)]

    system = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return table
