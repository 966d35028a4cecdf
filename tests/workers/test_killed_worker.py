"""A worker that is killed in the middle of a job costs no page, and the web knows nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from PIL import Image

from tests.fakes.cloud import FakeCloud
from tests.portal import Portal

PAGES = 40
READERS = "celeryd: celery@"
"""What only the worker for pages that are read here has in its title."""
ASKERS = "celeryd: cloud@"
"""The same of the worker that asks the cloud."""
WRITERS = "celeryd: exports@"
"""The same of the worker that writes files."""


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    portal = Portal(tmp_path, name="killed")
    portal.environment["INTERNAL_HOSTS"] = "127.0.0.1"
    portal.prepare()
    portal.start()
    yield portal
    portal.stop()


@pytest.fixture
def many_pages(tmp_path: Path, samples: Path) -> Path:
    """A TIFF file of 40 small pages."""
    path = tmp_path / "many pages.tif"
    with Image.open(samples / "page_en.tif") as page:
        page.save(path, save_all=True, append_images=[page] * (PAGES - 1))
    return path


def test_three_kills_during_forty_pages_lose_none_and_double_none(portal, many_pages):
    session = portal.sign_in()
    job_id = portal.upload(session, many_pages)

    def pages_done() -> int:
        return portal.ask(f"Page.objects.filter(job={job_id}, status='done').count()")

    def readers() -> list[psutil.Process]:
        found: list[psutil.Process] = portal.wait_for(lambda: portal.processes(READERS), 60)
        return found

    # First the worker with all its children, then its parent alone, then one child.
    portal.wait_for(lambda: pages_done() >= 3, 60)
    os.killpg(readers()[0].pid, signal.SIGKILL)
    portal.wait_for(lambda: pages_done() >= 12, 60)
    readers()[0].kill()
    # The children of the killed parent may have ended their pages meanwhile.
    portal.wait_for(lambda: pages_done() >= 21 and len(portal.processes(READERS)) > 1, 60)
    portal.processes(READERS)[-1].kill()

    portal.wait_for(lambda: pages_done() == PAGES, 120)

    job = portal.ask(f"Job.objects.values('status', 'pages_done', 'pages_failed').get(pk={job_id})")
    assert job == {"status": "done", "pages_done": PAGES, "pages_failed": 0}
    assert portal.ask("Result.objects.count()") == PAGES
    assert portal.ask("Page.objects.filter(result__isnull=False).count()") == PAGES
    numbers = portal.ask("list(Page.objects.order_by('number').values_list('number', flat=True))")
    assert numbers == list(range(1, PAGES + 1))


def test_a_long_export_whose_worker_is_killed_is_written_all_the_same(portal, samples):
    session = portal.sign_in()
    job_id = portal.upload(session, samples / "page_en.tif")
    portal.wait_for(lambda: portal.ask(f"Job.objects.get(pk={job_id}).status") == "done", 60)
    portal.ask(  # 1,500 pages more of the same: not written before the kill
        "[Page.objects.create(job=p.job, document=p.document, number=n, status='done', "
        "image=p.image.name, result=Result.objects.create(page=p, data=p.result.data)).pk "
        "for p in [Page.objects.get()] for n in range(2, 1502)][:1]"
    )
    token = portal.manage("api_token", "--user", "admin").strip()
    script = {"Authorization": f"Bearer {token}"}
    asked = requests.post(
        f"{portal.url}/api/v1/jobs/{job_id}/exports",
        headers=script,
        data={"format": "docx"},
        timeout=30,
    )
    address = f"{portal.url}/api/v1/exports/{asked.json()['id']}"

    def job_state() -> dict[str, Any]:
        answer: dict[str, Any] = requests.get(address, headers=script, timeout=30).json()
        return answer

    portal.wait_for(lambda: job_state()["progress"]["done"], 60)
    portal.processes(WRITERS)[-1].kill()

    portal.wait_for(lambda: job_state()["status"] == "done", 120)
    assert portal.ask("Export.objects.get().attempts") == 2
    kept = list((portal.folder / "var/media").rglob("exports/*/*"))
    assert [path.name for path in kept] == ["2.docx"]
    assert requests.get(f"{address}/file", headers=script, timeout=30).content[:2] == b"PK"


def test_a_killed_web_server_comes_back_and_the_job_went_on(portal, samples):
    session = portal.sign_in()
    job_id = portal.upload(session, samples / "page_en.tif")

    os.killpg(portal.processes("gunicorn")[0].pid, signal.SIGKILL)
    portal.wait_for(lambda: portal.ask(f"Job.objects.get(pk={job_id}).status") == "done", 60)
    portal.wait_for(portal.is_ready, 30)

    assert session.get(f"{portal.url}/jobs/{job_id}/", timeout=10).ok


def test_ctrl_c_leaves_no_process_behind(portal):
    parts = ("gunicorn", READERS, WRITERS, ASKERS)
    portal.wait_for(lambda: all(map(portal.processes, parts)), 30)
    processes = [process for part in parts for process in portal.processes(part)]
    assert len(processes) >= 5  # the web server has children

    portal.stop()

    assert [process for process in processes if lives(process)] == []


def ask_cloud(portal: Portal, cloud: FakeCloud, *pages: Path) -> int:
    """Submit a job for the cloud; its id."""
    portal.manage(
        *("credential", "add", "--user", "admin", "--name", "office", "--kind", "aksk"),
        *("--region", "cn-north-4", "--ak", cloud.user.access_key),
        *("--ocr-endpoint", cloud.url, "--iam-endpoint", cloud.url),
        typed=cloud.user.secret_key,
    )
    token = portal.manage("api_token", "--user", "admin").strip()
    answer = requests.post(
        f"{portal.url}/api/v1/jobs",
        headers={"Authorization": f"Bearer {token}"},
        data={"engine": "huawei", "credential": "office", "service": "id-card"},
        files=[("files", (page.name, page.read_bytes())) for page in pages],
        timeout=60,
    )
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_ctrl_c_waits_for_a_call_that_will_be_billed(portal, cloud, samples):
    cloud.faults.latency_seconds = 7.0  # longer than a page that is read here gets
    job_id = ask_cloud(portal, cloud, samples / "page_en.tif")
    portal.wait_for(lambda: cloud.ledger.most_at_once, 60)

    portal.stop()

    assert portal.ask(f"Job.objects.get(pk={job_id}).status") == "done"
    assert cloud.ledger.units == 1


def test_pages_of_a_killed_cloud_worker_are_asked_about_again(portal, cloud, samples):
    cloud.faults.latency_seconds = 3.0
    job_id = ask_cloud(portal, cloud, samples / "page_en.tif", samples / "page_zh.png")
    portal.wait_for(lambda: cloud.ledger.most_at_once, 60)

    portal.processes(ASKERS)[0].kill()
    cloud.faults.latency_seconds = 0.0

    portal.wait_for(lambda: portal.ask(f"Job.objects.get(pk={job_id}).status") == "done", 90)


def lives(process: psutil.Process) -> bool:
    """Whether a process still does anything: an ended one may wait for its new parent."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
