"""The use of a small rate limit that the portal does not know in advance.

Two hundred pages, four worker processes, sixty calls a minute; takes about four minutes. The
test cloud enforces the limit strictly and keeps a ledger.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import requests
from PIL import Image

from ocrportal.workers.management.commands.serve import CLOUD_WORKER
from tests.fakes.cloud import FakeCloud
from tests.portal import ROOT, Portal

PAGES = 200
CALLS_A_MINUTE = 60
WORKERS = 4
CREDENTIAL = "bench"


def pace() -> list[tuple[str, str, str]]:
    """Rows of the table: what was measured, the figure, and its required value."""
    with FakeCloud() as cloud, tempfile.TemporaryDirectory() as folder:
        cloud.throttle.allow(CALLS_A_MINUTE)
        cloud.faults.latency_seconds = 0.3
        with _portal(Path(folder), cloud) as portal:
            status = _run(portal)
    answered = sorted(call.at for call in cloud.ledger.calls if call.units)
    later = [at for at in answered if at > answered[0] + 60]
    minutes = (later[-1] - answered[0]) / 60 - 1
    return [
        ("200 pages, 60 calls a minute allowed, 4 workers: how the job ended", status, "done"),
        (
            "share of the allowance used after the first minute",
            f"{len(later) / minutes / CALLS_A_MINUTE:.3f}",
            "≥ 0.95",
        ),
        (
            "calls refused as too many",
            f"{100 * cloud.ledger.throttled / len(cloud.ledger.calls):.1f} %",
            "≤ 3 %",
        ),
        ("pages billed twice", str(len(cloud.ledger.billed_twice())), "0"),
        ("units billed for 200 pages", str(cloud.ledger.units), "200"),
    ]


@contextmanager
def _portal(folder: Path, cloud: FakeCloud) -> Iterator[Portal]:
    """A running portal with a credential for the cloud and several cloud workers."""
    portal = Portal(folder, name="cloud_bench")
    portal.environment |= {"WORKER_CHILDREN": "1", "CLOUD_THREADS": "2"}
    portal.environment["INTERNAL_HOSTS"] = "127.0.0.1"
    portal.prepare()
    portal.manage(
        *("credential", "add", "--user", "admin", "--name", CREDENTIAL, "--kind", "aksk"),
        *("--region", "cn-north-4", "--ak", cloud.user.access_key),
        *("--ocr-endpoint", cloud.url, "--iam-endpoint", cloud.url),
        typed=cloud.user.secret_key,
    )
    with ExitStack() as stack:
        portal.start()
        stack.callback(portal.stop)
        for number in range(2, WORKERS + 1):
            command = [f"cloud{number}@%h" if part == "cloud@%h" else part for part in CLOUD_WORKER]
            worker = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "ocrportal", *command],
                cwd=ROOT,
                env=portal.environment,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(worker.wait)
            stack.callback(worker.terminate)
        yield portal


def _run(portal: Portal) -> str:
    """Submit all pages as one job, wait for its end and return its status."""
    token = portal.manage("api_token", "--user", "admin").strip()
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    answer = session.post(
        f"{portal.url}/api/v1/jobs",
        data={"engine": "huawei", "service": "id-card", "credential": CREDENTIAL},
        files=[("files", (f"{number}.png", _picture(number))) for number in range(PAGES)],
        timeout=60,
    )
    answer.raise_for_status()
    url = f"{portal.url}/api/v1/jobs/{answer.json()['id']}"
    while True:
        job = session.get(url, timeout=30).json()
        if job["finished_at"]:
            return str(job["status"])
        time.sleep(1)


def _picture(number: int) -> bytes:
    """A PNG image that differs for each number."""
    image = Image.new("L", (400, 300), 255)
    image.putpixel((number % 400, 0), 0)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
