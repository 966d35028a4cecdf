"""Readers that behave as if a hostile file had exploited them."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ocrportal.errors.ingest import DamagedFile, PasswordNeeded, PictureTooLarge
from ocrportal.ingest.base import PageImage

PAGE = PageImage(b"a picture", "png", 30, 20, 72.5, b"a small one")


def eat_memory() -> None:
    kept = []
    while True:
        kept.append(b"\1" * 2**20)


def abort_when_memory_is_refused() -> None:
    """Abort as libraries do that do not handle a failed allocation."""
    try:
        eat_memory()
    except MemoryError:
        os.abort()


def loop() -> None:
    while True:
        pass


def sleep() -> None:
    time.sleep(60)


def meet(folder: Path, count: int) -> int:
    """Return once ``count`` processes have called this at the same time."""
    (folder / str(os.getpid())).touch()
    while len(list(folder.iterdir())) < count:
        time.sleep(0.01)
    return len(list(folder.iterdir()))


def crash() -> None:
    ctypes.string_at(0)


def leave() -> None:
    os._exit(0)


def be_damaged() -> None:
    raise DamagedFile


def be_too_large() -> None:
    raise PictureTooLarge(megapixels=200, limit=150)


def be_locked() -> None:
    raise PasswordNeeded


def be_a_bug() -> None:
    raise ZeroDivisionError(PAGE.data)


def end_from_outside() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def send_garbage() -> None:
    _work_socket().sendall(b"\0" * 64)


def announce_more_than_fits() -> None:
    _work_socket().sendall(b"\xff" * 64)


def _work_socket() -> socket.socket:
    for number in range(64):
        try:
            end = socket.socket(fileno=os.dup(number))
        except OSError:
            continue
        if end.type == socket.SOCK_STREAM:
            return end
    raise AssertionError


def start_a_process_and_loop(pid_file: Path) -> None:
    pid_file.write_text(str(subprocess.Popen([sys.executable, "-c", "input()"]).pid))
    loop()


def print_everywhere() -> None:
    print("on stdout", flush=True)
    print("on stderr", file=sys.stderr, flush=True)


def own_process() -> int:
    return os.getpid()


def open_files() -> list[str]:
    # One of them belongs to the listing itself and is closed by now.
    links = [Path(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")]
    return [os.readlink(link) for link in links if link.is_symlink()]


def environment() -> dict[str, str]:
    return dict(os.environ)


def write_a_file(path: Path, size: int) -> int:
    return path.write_bytes(bytes(size))


def missing(path: Path) -> bytes:
    return path.read_bytes()


def what_cannot_be_sent() -> object:
    return object()


@dataclass
class BadPages:
    """Three pages; reading the second one calls ``act``."""

    act: Callable[[], None]
    page_count: int = 3

    def read_page(self, number: int) -> PageImage:
        if number == 2:
            self.act()
        return PAGE


def open_badly(act: Callable[[], None]) -> BadPages:
    act()
    return BadPages(act)
