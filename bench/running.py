"""A running portal and a script that uses its API."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import requests
from requests_toolbelt import MultipartEncoder

from bench.scan import scanned_pdf
from bench.speed.engine_loop import PROCESSES
from tests.portal import Portal

MB = 1024 * 1024

Row = tuple[str, str, str]
"""What was measured, the figure, and its required value."""


class Script:
    """A client of the API of a running portal."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self._session = requests.Session()
        token = portal.manage("api_token", "--user", "admin").strip()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def submit(self, path: Path) -> int:
        """Upload one file and return the job's id."""
        answer = self.try_to_submit(path)
        answer.raise_for_status()
        return int(answer.json()["id"])

    def try_to_submit(self, path: Path, **fields: str) -> requests.Response:
        """Upload one file as a stream, with other fields, and return the response."""
        with path.open("rb") as file:
            form = MultipartEncoder({"files": (path.name, file), **fields})
            headers = {"Content-Type": form.content_type}
            return self._session.post(self._url("/jobs"), data=form, headers=headers, timeout=600)

    def cancel(self, job_id: int) -> None:
        """Cancel a job."""
        self._session.post(self._url(f"/jobs/{job_id}/cancel"), timeout=30).raise_for_status()

    def job(self, job_id: int) -> dict[str, Any]:
        """A job with its documents and pages."""
        answer = self._session.get(self._url(f"/jobs/{job_id}"), timeout=30)
        answer.raise_for_status()
        return answer.json()

    def wait(self, job_id: int, pages: int | None = None, *, must_be_done: bool = True) -> None:
        """Wait until the newest job has so many pages done, or has ended.

        Polls as rarely as a screen or two, because polling slows down the work.
        """
        while True:
            newest = self._session.get(self._url("/jobs"), timeout=30).json()["items"][0]
            assert newest["id"] == job_id
            if newest["progress"]["done"] >= (pages or float("inf")):
                return
            if newest["finished_at"]:
                # Failed pages would make the measurement too fast.
                assert newest["status"] == "done" or not must_be_done, newest
                return
            time.sleep(0.5)

    def export(self, job_id: int, key: str) -> bytes:
        """A download."""
        url = self._url(f"/jobs/{job_id}/export")
        answer = self._session.get(url, params={"format": key}, timeout=600)
        answer.raise_for_status()
        return answer.content

    def _url(self, path: str) -> str:
        return f"{self.portal.url}/api/v1{path}"


@contextmanager
def running_portal() -> Iterator[tuple[Portal, Script]]:
    """A portal whose worker has loaded its models, and a client."""
    with tempfile.TemporaryDirectory() as folder:
        portal = Portal(Path(folder), name="bench")
        # As many as the programs it is compared with, independent of the number of cores.
        portal.environment["WORKER_CHILDREN"] = str(PROCESSES)
        portal.prepare()
        portal.start()
        try:
            script = Script(portal)
            recognise(script, scanned_pdf(4, Path(folder) / "warm-up.pdf"))
            yield portal, script
        finally:
            portal.stop()


def recognise(script: Script, path: Path) -> tuple[int, float]:
    """Upload one file and wait for its job; return its id and the seconds since the upload."""
    job_id = script.submit(path)
    uploaded = time.perf_counter()
    script.wait(job_id)
    return job_id, time.perf_counter() - uploaded


@contextmanager
def peaks(portal: Portal) -> Iterator[dict[str, float]]:
    """The largest resident size (MB) of any web or worker process within the context."""
    largest = {"gunicorn": 0.0, "celery": 0.0}
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.25):
            for part in largest:
                for process in portal.processes(part):
                    try:
                        size = process.memory_info().rss / MB
                    except psutil.NoSuchProcess:
                        continue
                    largest[part] = max(largest[part], size)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield largest
    finally:
        ended.set()
        watcher.join()
