"""The IP addresses and the DNS server of this network namespace."""

from __future__ import annotations

import fcntl
import socket
import struct
import subprocess
import tempfile
from pathlib import Path

# From linux/sockios.h and linux/if.h.
SIOCSIFADDR, SIOCGIFFLAGS, SIOCSIFFLAGS = 0x8916, 0x8913, 0x8914
IFF_UP = 1


def bring_up(numbers: list[str]) -> None:
    """Add these IPv4 addresses to the loopback interface."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(control, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))
        for place, number in enumerate(numbers):
            name = f"lo:{place}".encode()
            address = struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(number))
            fcntl.ioctl(control, SIOCSIFADDR, struct.pack("16s16s", name, address))


def ask_for_names_at(number: str) -> None:
    """Make the name server at this address the only one of the system's resolver."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in (
            ("/etc/resolv.conf", f"nameserver {number}\noptions timeout:20 attempts:1\n"),
            ("/etc/nsswitch.conf", "hosts: dns\n"),
            ("/etc/hosts", ""),
        ):
            ours = Path(folder) / "file"
            ours.write_text(text)
            subprocess.run(["mount", "--bind", ours, path], check=True)
            ours.unlink()
