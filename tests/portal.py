"""The product started by `manage.py serve`, for tests that need a running portal.

It has a separate data folder, database and queue, on the database server and broker of the tests
(DATABASE_URL, CELERY_BROKER_URL), so that tests that run inside a transaction do not see its rows.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
import requests

ROOT = Path(__file__).parent.parent
ADMIN_PASSWORD = "a portal for the office"
READY_SECONDS = 90


class Portal:
    """A running portal; made by the fixture ``portal``."""

    def __init__(self, folder: Path, name: str) -> None:
        """``folder`` receives its data; ``name`` is part of the name of its database."""
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "portal.log"
        self.environment = os.environ | {
            "DATA_DIR": str(folder / "var"),
            "OCRPORTAL_ADMIN_PASSWORD": ADMIN_PASSWORD,
            "SWEEP_SECONDS": "1",
        }
        if database := os.environ.get("DATABASE_URL"):
            self.environment["DATABASE_URL"] = _own_database(database, f"portal_{name}")
        if broker := os.environ.get("CELERY_BROKER_URL"):
            self.environment["CELERY_BROKER_URL"] = _own_broker(broker)
        self._process: subprocess.Popen[bytes] | None = None

    def manage(self, *arguments: str, typed: str = "") -> str:
        """Run a management command with ``typed`` as its input and return its output."""
        run = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    def ask(self, expression: str) -> Any:
        """The value of a Python expression in the shell of this portal, as JSON data."""
        code = (
            "import json; from django.db.models import *; from ocrportal.accounts.models import *; "
            "from ocrportal.jobs.models import *; from ocrportal.usage.models import *; "
            f"print(json.dumps({expression}, default=str))"
        )
        return json.loads(self.manage("shell", "--no-imports", "-c", code))

    def prepare(self) -> None:
        """Migrate, collect static files and create the first administrator, as `make run` does."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        self.manage("create_first_admin")

    def start(self) -> None:
        """Start web and worker, and wait until the web server is ready."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.wait_for(self.is_ready, READY_SECONDS)

    def is_ready(self) -> bool:
        """Whether the web server answers and reports that it is ready."""
        try:
            return requests.get(f"{self.url}/readyz", timeout=2).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def wait_for(self, condition: Callable[[], Any], seconds: float) -> Any:
        """The condition's first true value; fails with the portal's log after ``seconds``."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            assert self._process is None or self._process.poll() is None, self.log.read_text()
            if value := condition():
                return value
            time.sleep(0.1)
        raise AssertionError(
            f"condition not met after {seconds} s:\n{self.log.read_text()[-4000:]}"
        )

    def stop(self) -> None:
        """Stop the portal as Ctrl-C does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(30)
            self._process = None

    def processes(self, part: str = "") -> list[psutil.Process]:
        """The processes of the parts with ``part`` in their titles, parents before children.

        gunicorn titles itself "gunicorn: master …" and celery "[celeryd: NAME@HOST: …"; a part
        that has just been started has no title yet.
        """
        assert self._process is not None
        return [
            process
            for parent in psutil.Process(self._process.pid).children()
            if _is_part(parent, part)
            for process in (parent, *parent.children(recursive=True))
        ]

    def sign_in(self, user: str = "admin", password: str = ADMIN_PASSWORD) -> requests.Session:
        """A session that is signed in."""
        session = requests.Session()
        page = session.get(f"{self.url}/login/", timeout=10)
        answer = session.post(
            page.url,
            data={
                "username": user,
                "password": password,
                "csrfmiddlewaretoken": form_token(page.text),
            },
            timeout=10,
        )
        assert "sessionid" in session.cookies, answer.text
        return session

    def upload(self, session: requests.Session, *files: Path) -> int:
        """Upload files as one job, as the form does without JavaScript, and return the job's id."""
        token = form_token(session.get(f"{self.url}/", timeout=10).text)
        answer = session.post(
            f"{self.url}/jobs/",
            data={"csrfmiddlewaretoken": token},
            files=[("files", (file.name, file.read_bytes())) for file in files],
            timeout=60,
        )
        assert answer.ok, self.log.read_text()[-4000:]
        return int(urlsplit(answer.url).path.strip("/").split("/")[-1])


def _is_part(process: psutil.Process, part: str) -> bool:
    """Whether a process runs, and has ``part`` in its title."""
    try:
        is_running = process.status() != psutil.STATUS_ZOMBIE
        return is_running and part in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False


def form_token(html: str) -> str:
    """The token of the first form on a page."""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
    assert found, html
    return found[1]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _process_number() -> int:
    """The number of this pytest-xdist process, from 0."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def _own_database(url: str, name: str) -> str:
    """A new, empty PostgreSQL database beside the one of the tests."""
    name = f"{name}_{_process_number()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _own_broker(url: str) -> str:
    """The URL of Redis database 15 minus the number of this process.

    Messages that an earlier run left there are harmless.
    """
    return urlunsplit(urlsplit(url)._replace(path=f"/{15 - _process_number()}"))
