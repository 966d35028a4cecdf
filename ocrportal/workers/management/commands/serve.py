"""Run the whole portal on this machine: the web server and the three workers."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

WEB = ("-m", "gunicorn", "--config", "gunicorn.conf.py", "ocrportal.wsgi")
CELERY = ("-m", "celery", "--quiet", "-A", "ocrportal", "worker", "--loglevel", "WARNING")
WORKER = (*CELERY, "--queues", "documents,pages")
# Exports are written one after the other in a process without models, so that no page waits for
# a book of a thousand pages, which takes a minute.
EXPORT_WORKER = (
    *(*CELERY, "--queues", "exports", "--hostname", "exports@%h", "--concurrency", "1"),
)
# It waits for responses rather than computes: many threads, and no models loaded.
CLOUD_WORKER = (
    *(*CELERY, "--queues", "cloud", "--hostname", "cloud@%h"),
    *("--pool", "threads", "--concurrency", str(settings.CLOUD_THREADS)),
)

RESTART_PAUSE_SECONDS = 1.0
STOP_SECONDS = 5.0
"""The time to finish a page; an unfinished one is read again after the next start."""
CLOUD_STOP_SECONDS = 60.0
"""The time to finish calls: a call that is killed may be billed, and again after the next start.
Without calls the worker ends at once."""


class Part:
    """One child process that is started again whenever it ends by itself."""

    def __init__(
        self,
        arguments: tuple[str, ...],
        environment: dict[str, str],
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        """``stop_seconds`` is how long it may take to end once it is asked to."""
        self.stop_seconds = stop_seconds
        self._command = (sys.executable, *arguments)
        self._environment = os.environ | environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches this command alone, which stops the parts
        # in order, and the processes a part leaves behind can be ended together.
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and arguments
            self._command,
            cwd=settings.BASE_DIR,
            env=self._environment,
            start_new_session=True,
        )

    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def ask_to_end(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def end_by(self, moment: float) -> None:
        """Wait until ``moment`` (of time.monotonic) and kill what is left by then."""
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(max(moment - time.monotonic(), 0))
            self.kill_remains()

    def kill_remains(self) -> None:
        """End what a part that has ended left running, such as a dead worker's children."""
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._process.wait()


class Command(BaseCommand):
    help = "Run the web server and the workers until Ctrl-C."
    # The checks would import every screen and the API; ``migrate`` and ``check`` run them.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        stopping = threading.Event()

        def stop(signum: int, frame: FrameType | None) -> None:
            stopping.set()

        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)
        parts = [
            Part(WEB, {"HOST": host, "PORT": str(port)}),
            Part(WORKER, {}),
            Part(EXPORT_WORKER, {}),
            Part(CLOUD_WORKER, {}, CLOUD_STOP_SECONDS),
        ]
        for part in parts:
            part.start()
        self.stdout.write(f"OCR Portal: http://{host}:{port}  (Ctrl-C stops it)")
        self.stdout.flush()
        try:
            while not stopping.wait(0.5):
                self._revive(part for part in parts if part.has_ended())
        finally:
            for part in parts:
                part.ask_to_end()
            asked = time.monotonic()
            for part in parts:
                part.end_by(asked + part.stop_seconds)

    def _revive(self, ended: Any) -> None:
        for part in ended:
            part.kill_remains()
            time.sleep(RESTART_PAUSE_SECONDS)
            part.start()
