"""Run the whole portal on this machine: the web server and the three workers."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from importlib import import_module
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from gunicorn.app import wsgiapp

from ocrportal.celery import app

# The arguments of gunicorn, and those of ``celery -A ocrportal``.
WEB = ("--config", "gunicorn.conf.py", "ocrportal.wsgi")
_QUIET_WORKER = ("--quiet", "worker", "--loglevel", "WARNING")
WORKER = (*_QUIET_WORKER, "--queues", "documents,pages")
# Exports are written one after the other in a process without models, so that no page waits for
# a book of a thousand pages, which takes a minute.
EXPORT_WORKER = (
    *(*_QUIET_WORKER, "--queues", "exports", "--hostname", "exports@%h", "--concurrency", "1"),
)
# It waits for responses rather than computes: many threads, and no models loaded.
CLOUD_WORKER = (
    *(*_QUIET_WORKER, "--queues", "cloud", "--hostname", "cloud@%h"),
    *("--pool", "threads", "--concurrency", str(settings.CLOUD_THREADS)),
)

SHARED_MODULES = (
    "gunicorn.arbiter",
    "gunicorn.workers.gthread",
    "celery.bin.celery",
    "celery.apps.worker",
    "celery.worker.consumer",
    "celery.concurrency.prefork",
    "celery.concurrency.thread",
    "ocrportal.workers.tasks",
    settings.ROOT_URLCONF,
)
"""What the parts need at their start, loaded once for all of them. None starts a thread, which
would not survive the fork, and none loads models."""

RESTART_PAUSE_SECONDS = 1.0
STOP_SECONDS = 5.0
"""The time to finish a page; an unfinished one is read again after the next start."""
CLOUD_STOP_SECONDS = 60.0
"""The time to finish calls: a call that is killed may be billed, and again after the next start.
Without calls the worker ends at once."""
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_fork = multiprocessing.get_context("fork")


def _serve_web(host: str, port: int) -> None:
    os.environ |= {"HOST": host, "PORT": str(port)}
    sys.argv = ["gunicorn", *WEB]
    wsgiapp.run(prog="gunicorn")


def _work(arguments: tuple[str, ...]) -> None:
    sys.argv = ["celery", *arguments]
    sys.exit(app.worker_main(list(arguments)))


class Part:
    """One child process that is started again whenever it ends by itself.

    It is forked from this process and so shares the memory of all modules loaded before.
    """

    def __init__(self, run: Callable[[], None], stop_seconds: float = STOP_SECONDS) -> None:
        """``run`` is called in the child.

        ``stop_seconds`` is how long it may take to end once it is asked to.
        """
        self.stop_seconds = stop_seconds
        self._run = run
        self._process: multiprocessing.process.BaseProcess | None = None

    def start(self) -> None:
        self._process = _fork.Process(target=self._run_alone)
        # A signal that arrives before the child has handlers of its own must wait for them.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)

    def _run_alone(self) -> None:
        # A session of its own: Ctrl-C reaches this command alone, which stops the parts
        # in order, and the processes a part leaves behind can be ended together.
        os.setsid()
        for stop_signal in STOP_SIGNALS:
            signal.signal(stop_signal, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        os.chdir(settings.BASE_DIR)
        self._run()

    def has_ended(self) -> bool:
        return self._process is None or not self._process.is_alive()

    def ask_to_end(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def end_by(self, moment: float) -> None:
        """Wait until ``moment`` (of time.monotonic) and kill what is left by then."""
        if self._process is not None:
            self._process.join(max(moment - time.monotonic(), 0))
            self.kill_remains()

    def kill_remains(self) -> None:
        """End what a part that has ended left running, such as a dead worker's children."""
        if self._process is None or self._process.pid is None:
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._process.join()


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

        for stop_signal in STOP_SIGNALS:
            signal.signal(stop_signal, stop)
        for module in SHARED_MODULES:
            import_module(module)
        # Collecting garbage would write into the shared memory, and so copy it.
        gc.freeze()
        parts = [
            Part(partial(_serve_web, host, port)),
            Part(partial(_work, WORKER)),
            Part(partial(_work, EXPORT_WORKER)),
            Part(partial(_work, CLOUD_WORKER), CLOUD_STOP_SECONDS),
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
